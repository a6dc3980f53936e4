/* variance_pairs.c - the realisations that shares of variance are estimated from: each of a sample, another, and the first with one group of
 * draws after the other of the second. By points, so the last group, scatter, is among them. */
#include "variance_pairs.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "analog.h"
#include "uxosim/stats.h"

/* Partners come from the far end of the realisations, which no run reaches. */
static uint32_t partner_of(uint32_t pair)
{
    return UINT32_MAX - pair;
}

/* What is counted of each pair: the first, the second, and the first with a group of the second. */
enum { RUN_FIRST, RUN_SECOND, RUN_MIXED, RUNS = RUN_MIXED + UXO_GROUP_COUNT, RUN_INDEPENDENT = RUNS, ALL_RUNS };

typedef struct variance_run {
    const uxo_scenario *scenario;
    const uxo_kernels *kernels;
    const volatile sig_atomic_t *stop;
    uint32_t pairs, columns;
    uint32_t *count; /* [ALL_RUNS][pairs][columns] */
} variance_run;

static uint32_t *row_of(const variance_run *self, uint32_t kind, uint32_t pair)
{
    return self->count + ((size_t)kind * self->pairs + pair) * self->columns;
}

/* Draws that come after the duds leave them as they are. */
static bool is_of_duds(uint32_t group)
{
    return group != UXO_GROUP_EXPOSURE && group != UXO_GROUP_DETONATION;
}

static void count_pair(const variance_run *self, uxo_worker *worker, double *campaign, uint32_t pair)
{
    for (uint32_t kind = 0; kind < RUNS; kind++) {
        const uxo_draw_source from = kind == RUN_FIRST ? uxo_draw_from(pair)
                                     : kind == RUN_SECOND
                                         ? uxo_draw_from(partner_of(pair))
                                         : (uxo_draw_source){pair, partner_of(pair), UINT32_C(1) << (kind - RUN_MIXED)};
        if (kind < RUN_MIXED || is_of_duds(kind - RUN_MIXED)) {
            uxo_analog_count(worker, self->scenario, self->kernels, from, row_of(self, kind, pair));
        } else {
            memcpy(row_of(self, kind, pair), row_of(self, RUN_FIRST, pair), self->columns * sizeof *self->count);
        }
    }
    uxo_analog_count_independent(worker, self->scenario, self->kernels, pair, campaign,
                                 row_of(self, RUN_INDEPENDENT, pair));
}

static bool count_pairs(const variance_run *self, int threads)
{
    bool failed = false;
#pragma omp parallel num_threads(threads)
    {
        uxo_worker worker;
        double *const campaign = calloc(self->scenario->campaign_count + (size_t)1, sizeof *campaign);
        const bool ready = uxo_worker_init(&worker, self->scenario) && campaign != NULL;
        if (!ready) {
#pragma omp atomic write
            failed = true;
        }
#pragma omp for schedule(dynamic, 1)
        for (uint32_t pair = 0; pair < self->pairs; pair++) {
            if (ready && !uxo_is_stopped(self->stop)) {
                count_pair(self, &worker, campaign, pair);
            }
        }
        uxo_worker_free(&worker);
        free(campaign);
    }
    return !failed;
}

/* Duds of one row of the district table in one kind of run; the last row is the total. */
static void take_row(const variance_run *self, uint32_t kind, uint32_t row, double *values)
{
    for (uint32_t pair = 0; pair < self->pairs; pair++) {
        const uint32_t *const counts = row_of(self, kind, pair);
        values[pair] = row < self->columns ? (double)counts[row] : 0.0;
        for (uint32_t c = 0; row == self->columns && c < self->columns; c++) {
            values[pair] += (double)counts[c];
        }
    }
}

static bool find_shares(const variance_run *self, const uxo_scenario *scenario, uxo_variance *out)
{
    double *const values = malloc(3 * (size_t)self->pairs * sizeof *values);
    uxo_weighted *const scratch = malloc((size_t)self->pairs * sizeof *scratch);
    double *const first = values, *const second = values + self->pairs, *const mixed = second + self->pairs;
    const bool complete = values != NULL && scratch != NULL;
    for (uint32_t row = 0; complete && row < out->rows; row++) {
        take_row(self, RUN_FIRST, row, first);
        take_row(self, RUN_SECOND, row, second);
        for (uint32_t group = 0; group < UXO_GROUP_COUNT; group++) {
            take_row(self, RUN_MIXED + group, row, mixed);
            out->duds[(size_t)group * out->rows + row] = uxo_variance_share_of(first, second, mixed, self->pairs);
        }
        uxo_summary summary;
        take_row(self, RUN_INDEPENDENT, row, first);
        uxo_stats_summarise(first, NULL, self->pairs, scenario->quantile, scratch, &summary);
        out->independent_sd[row] = summary.sd;
        for (int q = 0; q < 3; q++) {
            out->independent_quantile[q][row] = summary.quantile[q];
        }
    }
    free(values);
    free(scratch);
    return complete;
}

static bool variance_init(uxo_variance *self, uint32_t pairs, uint32_t rows)
{
    *self = (uxo_variance){.pairs = pairs, .rows = rows};
    self->duds = calloc((size_t)UXO_GROUP_COUNT * rows, sizeof *self->duds);
    self->independent_sd = calloc(rows, sizeof *self->independent_sd);
    bool complete = self->duds != NULL && self->independent_sd != NULL;
    for (int q = 0; q < 3; q++) {
        self->independent_quantile[q] = calloc(rows, sizeof *self->independent_quantile[q]);
        complete = complete && self->independent_quantile[q] != NULL;
    }
    return complete;
}

/* Fewer than three have no error. */
enum { FEWEST_PAIRS = 3, MOST_PAIRS = 500 };

/* Realisations for each pair, at least: maps by `expected-value` take several times as long as the nine realisations of points that a pair
 * does, those of `analog` do not. */
static uint32_t realisations_a_pair(uxo_estimator estimator)
{
    return estimator == UXO_ESTIMATOR_ANALOG ? 80 : 4;
}

static uint32_t pairs_of(const uxo_scenario *scenario, const uxo_outcome *outcome)
{
    const uint32_t affordable = outcome->realisations / realisations_a_pair(scenario->estimator);
    return scenario->variance_realisations != UXO_VARIANCE_AUTO ? scenario->variance_realisations
           : affordable < MOST_PAIRS                            ? affordable
                                                                : MOST_PAIRS;
}

/* Shares of single campaign quantities in the total, from all realisations of the run. */
static bool find_items(const uxo_scenario *scenario, uxo_outcome *outcome)
{
    const size_t items = scenario->campaign_count;
    double *const total = calloc(outcome->realisations, sizeof *total);
    outcome->variance.item = calloc(items + 1, sizeof *outcome->variance.item);
    bool complete = total != NULL && outcome->variance.item != NULL;
    for (size_t i = 0; complete && i < (size_t)outcome->realisations * outcome->columns; i++) {
        total[i / outcome->columns] += (double)outcome->dud_count[i];
    }
    for (size_t k = 0; complete && k < items; k++) {
        complete = uxo_variance_item_share(outcome->campaign + k, items, total, outcome->realisations,
                                           &outcome->variance.item[k]);
    }
    free(total);
    return complete;
}

uxo_status uxo_variance_find(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *outcome,
                             uxo_report *report)
{
    const uint32_t pairs = pairs_of(scenario, outcome);
    if (pairs < FEWEST_PAIRS) {
        return UXO_OK;
    }
    variance_run self = {.scenario = scenario,
                         .kernels = uxo_kernels_select(options->kernel),
                         .stop = options->stop,
                         .pairs = pairs,
                         .columns = outcome->columns};
    self.count = calloc((size_t)ALL_RUNS * pairs * outcome->columns, sizeof *self.count);
    const bool complete = self.count != NULL && variance_init(&outcome->variance, pairs, outcome->columns + 1) &&
                          count_pairs(&self, uxo_ordered_threads(options->threads)) &&
                          (uxo_is_stopped(options->stop) ||
                           (find_shares(&self, scenario, &outcome->variance) && find_items(scenario, outcome)));
    free(self.count);
    if (!complete) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for shares of variance of %u rows",
                        outcome->columns + 1);
    }
    return uxo_is_stopped(options->stop) ? UXO_ERR_INTERRUPTED : UXO_OK;
}
