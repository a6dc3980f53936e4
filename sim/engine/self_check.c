/* self_check.c - what every run verifies of itself before its result gets its name. */
#include <math.h>
#include <stdio.h>

#include "uxosim/engine.h"
#include "uxosim/expectation.h"

/* Below this the mean of totals is not near enough to normal for a z-score to mean anything. */
enum { MIN_REALISATIONS = 100 };
/* -log of half the false-alarm rate of the test of duds given the draws, 1e-9 a run. */
static const double BERNSTEIN_LEVEL = 21.416413017506358;
/* Above this the distance of the total from its closed form is worth a warning. */
static const double NOTABLE_Z = 5.0;

typedef struct sums {
    uint64_t rows;    /* over realisations and all columns */
    uint64_t on_grid; /* without "outside the grid" */
    uint64_t cells;
    uint64_t strikes;
} sums;

static sums add_up(const uxo_scenario *scenario, const uxo_outcome *outcome)
{
    sums found = {0, 0, 0, 0};
    const uint32_t outside_grid = outcome->columns - 1;
    for (size_t r = 0; r < outcome->realisations; r++) {
        for (uint32_t c = 0; c < outcome->columns; c++) {
            const uint32_t count = outcome->dud_count[r * outcome->columns + c];
            found.rows += count;
            found.on_grid += c == outside_grid ? 0 : count;
        }
    }
    for (size_t t = 0; t < outcome->tile_count; t++) {
        for (size_t c = 0; outcome->tile[t] != NULL && c < UXO_TILE_CELLS; c++) {
            found.cells += outcome->tile[t]->sum[c];
        }
    }
    for (size_t i = 0; i < (size_t)scenario->strikes.count * outcome->columns; i++) {
        found.strikes += outcome->strike_duds[i];
    }
    return found;
}

/* Duds against what was to be expected given every draw but the last: a sum of independent trials, whatever the distributions above
 * them, so that Bernstein's inequality bounds it for any number of trials. Sums in the order of realisations. */
typedef struct given {
    double difference, bound, z;
} given;

static given duds_given_draws(const uxo_outcome *outcome)
{
    double mean = 0.0, variance = 0.0;
    for (size_t r = 0; r < outcome->realisations; r++) {
        mean += outcome->given_mean[r];
        variance += outcome->given_variance[r];
    }
    const double third = BERNSTEIN_LEVEL / 3.0;
    given found = {.difference = fabs((double)outcome->total_duds - mean)};
    /* Sums of doubles round: 1e-9 of the whole is allowed beside the inequality. */
    found.bound = variance > 0.0 ? third + sqrt(third * third + 2.0 * BERNSTEIN_LEVEL * variance) : 0.0;
    found.bound += 1e-9 * mean;
    found.z = variance > 0.0 ? found.difference / sqrt(variance) : 0.0;
    return found;
}

/* z of the mean total against its closed form, by the spread of the sample; NaN when that cannot be had. Rare strikes and heavy tails
 * are skewed, so a large value is a reason to look, not a defect by itself. */
static double total_z(const uxo_scenario *scenario, const uxo_outcome *outcome)
{
    const double n = (double)outcome->realisations;
    const double mean = (double)outcome->total_duds / n;
    double squares = 0.0;
    for (size_t r = 0; r < outcome->realisations; r++) {
        double total = 0.0;
        for (uint32_t c = 0; c < outcome->columns; c++) {
            total += (double)outcome->dud_count[r * outcome->columns + c];
        }
        squares += (total - mean) * (total - mean);
    }
    const double error = sqrt(squares / (n - 1.0) / n);
    return outcome->realisations >= MIN_REALISATIONS && error > 0.0 ? (mean - uxo_expected_total(scenario)) / error
                                                                    : NAN;
}

uxo_status uxo_engine_self_check(const uxo_scenario *scenario, uxo_outcome *outcome, uxo_report *report)
{
    const sums found = add_up(scenario, outcome);
    const bool exact =
        found.rows == outcome->total_duds && found.strikes == outcome->total_duds &&
                       (outcome->sample_count != NULL || found.cells == found.on_grid);
    const given trials = duds_given_draws(outcome);
    const bool near = trials.difference <= trials.bound;
    const double z = total_z(scenario, outcome);
    char total[96] = "";
    if (!isnan(z)) {
        snprintf(total, sizeof total, "; total against closed form |z| = %.2f", fabs(z));
    }
    snprintf(outcome->self_check, sizeof outcome->self_check,
             "rows, cells and strikes %s the %llu duds simulated; duds given the draws |z| = %.2f%s%s",
             exact ? "add up to" : "DO NOT ADD UP TO", (unsigned long long)outcome->total_duds, trials.z,
             near ? "" : " IS OUT OF BOUNDS", total);
    if (!exact || !near) {
        return uxo_fail(report, UXO_ERR_SELFCHECK, NULL, "self-check failed: %s; nothing was written",
                        outcome->self_check);
    }
    if (fabs(z) > NOTABLE_Z) {
        uxo_report_add(report, UXO_WARNING, NULL,
                       "the mean total of %.4g duds is %.1f standard errors from its closed form, %.4g: where strikes "
                       "are rare or tails "
                       "heavy this needs more realisations",
                       (double)outcome->total_duds / (double)outcome->realisations, fabs(z),
                       uxo_expected_total(scenario));
    }
    return UXO_OK;
}
