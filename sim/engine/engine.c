/* engine.c - a run from the first realisation to what follows from all of them. Not here: the loops (points.c, stages.c). */
#include "uxosim/engine.h"

#include <stdlib.h>

#include "expected.h"
#include "outcome.h"
#include "stages.h"
#include "variance_pairs.h"
#include "work_state.h"

/* Counts that the integer tallies cannot hold are refused, not wrapped round. */
static uxo_status check_range(const uxo_scenario *scenario, uxo_report *report)
{
    double largest = 0.0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const uxo_strike *const strike = &scenario->strikes.item[i];
        double load = 0.0;
        for (uint32_t j = 0; j < strike->mixture.count; j++) {
            const double high =
                uxo_quantity_high(&scenario->catalogue.item[strike->mixture.munition[j]].submunitions_per_carrier);
            load = high > load ? high : load;
        }
        largest += uxo_quantity_high(&strike->carriers) * load;
    }
    if (largest > 4e9) {
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        "the strikes may drop up to %.3g submunitions in one realisation; at most 4e9 can be counted",
                        largest);
    }
    return UXO_OK;
}

static uxo_status check_largest(const uxo_outcome *outcome, uxo_report *report)
{
    const double largest = (double)outcome->largest_count;
    if (largest * largest * (double)outcome->realisations > 9e18) {
        return uxo_fail(
            report, UXO_ERR_DATA, NULL,
            "up to %.3g duds in one cell over %u realisations are more than the exact tallies hold; use smaller "
            "cells or fewer realisations",
            largest, outcome->realisations);
    }
    return UXO_OK;
}

/* Accidents per affected hectare of each realisation; 0 where nothing is affected. */
static double *accidents_per_ha(const uxo_outcome *outcome)
{
    const size_t items = (size_t)outcome->realisations * outcome->columns;
    double *const ratio = malloc((items + 1) * sizeof *ratio);
    for (size_t i = 0; ratio != NULL && i < items; i++) {
        ratio[i] = outcome->affected_ha[i] > 0.0 ? outcome->accident_expectation[i] / outcome->affected_ha[i] : 0.0;
    }
    return ratio;
}

static bool rank_by(uxo_outcome *outcome, uxo_ranking_criterion criterion, const double *value, uint32_t districts)
{
    return value != NULL && uxo_ranking_make(&outcome->ranking[criterion], value, outcome->columns,
                                             outcome->realisations, districts, NULL);
}

static uxo_status rank_districts(const uxo_scenario *scenario, uxo_outcome *outcome, uxo_report *report)
{
    const uint32_t districts = scenario->districts.count;
    bool complete =
        outcome->conditional == NULL || rank_by(outcome, UXO_RANKED_BY_DUDS, outcome->conditional, districts);
    if (complete && outcome->accident_expectation != NULL) {
        double *const ratio = accidents_per_ha(outcome);
        complete = rank_by(outcome, UXO_RANKED_BY_ACCIDENTS, outcome->accident_expectation, districts) &&
                   rank_by(outcome, UXO_RANKED_BY_ACCIDENTS_PER_HA, ratio, districts);
        free(ratio);
    }
    return complete ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for ranks");
}

/* What follows from all realisations. */
static uxo_status conclude(const uxo_scenario *scenario, uxo_outcome *outcome, uxo_report *report)
{
    UXO_TRY(uxo_variance_find(scenario, outcome, report));
    UXO_TRY(rank_districts(scenario, outcome, report));
    if (scenario->estimator == UXO_ESTIMATOR_EXPECTED_VALUE) {
        uxo_expected_share(outcome);
        return UXO_OK;
    }
    UXO_TRY(check_largest(outcome, report));
    return uxo_outcome_rank_cells(outcome, report);
}

uxo_status uxo_engine_run(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *out,
                          uxo_report *report)
{
    const bool is_part = options->store != NULL && options->store->is_part;
    uxo_points points;
    UXO_TRY(uxo_outcome_init(out, scenario, report));
    UXO_TRY(check_range(scenario, report));
    uxo_status status = uxo_points_init(&points, scenario, options, out, report);
    if (status == UXO_OK) {
        out->kernel = points.kernels->name;
        out->threads = points.threads;
        status = uxo_stages_run(&points, report);
    }
    uxo_points_free(&points);
    if (status == UXO_OK && !is_part) {
        status = conclude(scenario, out, report);
    }
    out->seconds = uxo_points_seconds(&points);
    return status;
}

uxo_status uxo_engine_keep(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *outcome,
                           uxo_report *report)
{
    const bool wanted = options->store != NULL && !options->store->complete && !outcome->is_kept;
    return wanted && outcome->realisations > 0 ? uxo_work_save(scenario, options, outcome, report) : UXO_OK;
}
