/* variance_pairs.c - the realisations that shares of variance are estimated from: each of a sample, another, and the first with one group of
 * draws after the other of the second. By points, so the last group, scatter, is among them. */
#include "variance_pairs.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "analog.h"
#include "taking.h"
#include "uxosim/portable_math.h"
#include "uxosim/stats.h"

/* Partners come from the far end of the realisations, which no run reaches. */
static uint32_t partner_of(uint32_t pair)
{
    return UINT32_MAX - pair;
}

/* What is counted of each pair: the first, the second, and the first with a group of the second. */
enum { RUN_FIRST, RUN_SECOND, RUN_MIXED, RUNS = RUN_MIXED + UXO_GROUP_COUNT, RUN_INDEPENDENT = RUNS, ALL_RUNS };

/* A row of outcome->pairs: accidents expected of the duds, double[RUNS][columns], where there are people, then duds, uint32_t[ALL_RUNS][columns]. */
typedef struct variance_run {
    const uxo_scenario *scenario;
    const uxo_kernels *kernels;
    uint32_t pairs, columns;
    size_t accident_bytes, row_bytes;
    char *row;
    bool with_accidents;
} variance_run;

static size_t accident_bytes(const uxo_outcome *outcome)
{
    return outcome->accident_chance != NULL ? (size_t)RUNS * outcome->columns * sizeof(double) : 0;
}

size_t uxo_variance_row_bytes(const uxo_outcome *outcome)
{
    const size_t counts = (size_t)ALL_RUNS * outcome->columns * sizeof(uint32_t);
    return accident_bytes(outcome) + (counts + 7) / 8 * 8; /* rows begin at whole doubles */
}

static variance_run run_of(const uxo_scenario *scenario, const uxo_kernels *kernels, const uxo_outcome *outcome)
{
    return (variance_run){.scenario = scenario,
                          .kernels = kernels,
                          .pairs = outcome->pairs.count,
                          .columns = outcome->columns,
                          .accident_bytes = accident_bytes(outcome),
                          .row_bytes = uxo_variance_row_bytes(outcome),
                          .row = outcome->pairs.row,
                          .with_accidents = accident_bytes(outcome) > 0};
}

static double *accidents_of(const variance_run *self, uint32_t kind, uint32_t pair)
{
    double *const row = (double *)(void *)(self->row + pair * self->row_bytes);
    return self->with_accidents ? row + (size_t)kind * self->columns : NULL;
}

static uint32_t *row_of(const variance_run *self, uint32_t kind, uint32_t pair)
{
    uint32_t *const row = (uint32_t *)(void *)(self->row + pair * self->row_bytes + self->accident_bytes);
    return row + (size_t)kind * self->columns;
}

/* Draws that come after the duds leave them as they are. */
static bool is_of_duds(uint32_t group)
{
    return group != UXO_GROUP_EXPOSURE && group != UXO_GROUP_DETONATION;
}

static uxo_status out_of_memory(const uxo_outcome *outcome, uxo_report *report)
{
    return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for shares of variance of %u rows",
                    outcome->columns + 1);
}

static void count_pair(const variance_run *self, uxo_worker *worker, double *campaign, uint32_t pair)
{
    for (uint32_t kind = 0; kind < RUNS; kind++) {
        const uxo_draw_source from = kind == RUN_FIRST ? uxo_draw_from(pair)
                                     : kind == RUN_SECOND
                                         ? uxo_draw_from(partner_of(pair))
                                         : (uxo_draw_source){pair, partner_of(pair), UINT32_C(1) << (kind - RUN_MIXED)};
        if (kind < RUN_MIXED || is_of_duds(kind - RUN_MIXED) || self->with_accidents) {
            uxo_analog_count(worker, self->scenario, self->kernels, from, row_of(self, kind, pair),
                             accidents_of(self, kind, pair));
        } else {
            memcpy(row_of(self, kind, pair), row_of(self, RUN_FIRST, pair), self->columns * sizeof(uint32_t));
        }
    }
    uxo_analog_count_independent(worker, self->scenario, self->kernels, pair, campaign,
                                 row_of(self, RUN_INDEPENDENT, pair));
}

uxo_status uxo_variance_count(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *outcome,
                              uint32_t *done, uint32_t end, uxo_report *report)
{
    const variance_run self = run_of(scenario, uxo_kernels_select(options->kernel), outcome);
    uxo_taking taking = {options, *done, *done, end};
    bool failed = false;
#pragma omp parallel num_threads(uxo_ordered_threads(options->threads))
    {
        uxo_worker worker;
        uint32_t pair;
        double *const campaign = calloc(scenario->campaign_count + (size_t)1, sizeof *campaign);
        const bool ready = uxo_worker_init(&worker, scenario) && campaign != NULL;
        if (!ready) {
#pragma omp atomic write
            failed = true;
        }
        while (ready && uxo_take(&taking, &pair)) {
            count_pair(&self, &worker, campaign, pair);
        }
        uxo_worker_free(&worker);
        free(campaign);
    }
    *done = uxo_taken(&taking);
    return failed ? out_of_memory(outcome, report) : UXO_OK;
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

/* The logarithm of the accidents expected of them. */
static double log_accidents(const double *accidents, uint32_t columns, uint32_t row)
{
    double sum = row < columns ? accidents[row] : 0.0;
    for (uint32_t c = 0; row == columns && c < columns; c++) {
        sum += accidents[c];
    }
    return uxo_log(fmax(sum, UXO_LEAST_ACCIDENTS));
}

static void take_accidents(const variance_run *self, uint32_t kind, uint32_t row, double *values)
{
    for (uint32_t pair = 0; pair < self->pairs; pair++) {
        values[pair] = log_accidents(accidents_of(self, kind, pair), self->columns, row);
    }
}

typedef void take_values(const variance_run *self, uint32_t kind, uint32_t row, double *values);

/* values: room for three of each pair */
static void share_row(const variance_run *self, take_values *take, uint32_t row, double *values, uint32_t rows,
                      uxo_variance_share *out)
{
    double *const first = values, *const second = values + self->pairs, *const mixed = second + self->pairs;
    take(self, RUN_FIRST, row, first);
    take(self, RUN_SECOND, row, second);
    for (uint32_t group = 0; group < UXO_GROUP_COUNT; group++) {
        take(self, RUN_MIXED + group, row, mixed);
        out[(size_t)group * rows + row] = uxo_variance_share_of(first, second, mixed, self->pairs);
    }
}

static bool find_shares(const variance_run *self, const uxo_scenario *scenario, uxo_variance *out)
{
    double *const values = malloc(3 * (size_t)self->pairs * sizeof *values);
    uxo_weighted *const scratch = malloc((size_t)self->pairs * sizeof *scratch);
    const bool complete = values != NULL && scratch != NULL;
    for (uint32_t row = 0; complete && row < out->rows; row++) {
        share_row(self, take_row, row, values, out->rows, out->duds);
        if (self->with_accidents) {
            share_row(self, take_accidents, row, values, out->rows, out->log_accidents);
        }
        uxo_summary summary;
        take_row(self, RUN_INDEPENDENT, row, values);
        uxo_stats_summarise(values, NULL, self->pairs, scenario->quantile, scratch, &summary);
        out->independent_sd[row] = summary.sd;
        for (int q = 0; q < 3; q++) {
            out->independent_quantile[q][row] = summary.quantile[q];
        }
    }
    free(values);
    free(scratch);
    return complete;
}

static bool variance_init(uxo_variance *self, uint32_t pairs, uint32_t rows, bool with_accidents)
{
    const size_t shares = (size_t)UXO_GROUP_COUNT * rows;
    *self = (uxo_variance){.pairs = pairs, .rows = rows};
    self->duds = calloc(shares, sizeof *self->duds);
    self->log_accidents = with_accidents ? calloc(shares, sizeof *self->log_accidents) : NULL;
    self->independent_sd = calloc(rows, sizeof *self->independent_sd);
    bool complete =
        self->duds != NULL && self->independent_sd != NULL && (!with_accidents || self->log_accidents != NULL);
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

uint32_t uxo_variance_pairs(const uxo_scenario *scenario, const uxo_outcome *outcome)
{
    const uint32_t affordable = outcome->realisations / realisations_a_pair(scenario->estimator);
    const uint32_t pairs = scenario->variance_realisations != UXO_VARIANCE_AUTO ? scenario->variance_realisations
                           : affordable < MOST_PAIRS                            ? affordable
                                                                                : MOST_PAIRS;
    return pairs < FEWEST_PAIRS ? 0 : pairs;
}

uxo_status uxo_variance_make_room(uxo_outcome *outcome, uint32_t pairs, uxo_report *report)
{
    outcome->pairs = (uxo_pair_rows){pairs, calloc(pairs + (size_t)1, uxo_variance_row_bytes(outcome))};
    return outcome->pairs.row != NULL ? UXO_OK : out_of_memory(outcome, report);
}

/* Shares of single campaign quantities in `total`, of all realisations of the run; NULL: out of memory. */
static uxo_variance_item *items_of(const uxo_scenario *scenario, const uxo_outcome *outcome, const double *total)
{
    const size_t items = scenario->campaign_count;
    uxo_variance_item *const share = calloc(items + 1, sizeof *share);
    bool complete = share != NULL;
    for (size_t k = 0; complete && k < items; k++) {
        complete = uxo_variance_item_share(outcome->campaign + k, items, total, outcome->realisations, &share[k]);
    }
    if (!complete) {
        free(share);
        return NULL;
    }
    return share;
}

static bool find_items(const uxo_scenario *scenario, uxo_outcome *outcome)
{
    const uint32_t columns = outcome->columns;
    double *const total = calloc(outcome->realisations, sizeof *total);
    if (total == NULL) {
        return false;
    }
    for (size_t i = 0; i < (size_t)outcome->realisations * columns; i++) {
        total[i / columns] += (double)outcome->dud_count[i];
    }
    outcome->variance.item = items_of(scenario, outcome, total);
    for (uint32_t r = 0; outcome->accident_chance != NULL && r < outcome->realisations; r++) {
        total[r] = log_accidents(outcome->accident_chance + (size_t)r * columns, columns, columns);
    }
    if (outcome->accident_chance != NULL) {
        outcome->variance.item_accidents = items_of(scenario, outcome, total);
    }
    free(total);
    return outcome->variance.item != NULL &&
           (outcome->accident_chance == NULL || outcome->variance.item_accidents != NULL);
}

uxo_status uxo_variance_find(const uxo_scenario *scenario, uxo_outcome *outcome, uxo_report *report)
{
    const variance_run self = run_of(scenario, NULL, outcome);
    if (self.pairs == 0) {
        return UXO_OK;
    }
    const bool complete = variance_init(&outcome->variance, self.pairs, self.columns + 1, self.with_accidents) &&
                          find_shares(&self, scenario, &outcome->variance) && find_items(scenario, outcome);
    return complete ? UXO_OK : out_of_memory(outcome, report);
}
