/* engine.c - a run from the first realisation to the last tally: threads, blocks of realisations, interruption,
 * progress.
 *
 * Realisations of a block are shared out among threads, then tiles are. Tallies are integers, so neither the number of
 * threads nor the size of a block can be seen in the result. Not here: what one realisation does (analog.c).
 */
#include "uxosim/engine.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analog.h"
#include "expected.h"
#include "outcome.h"
#include "until.h"
#include "uxosim/expectation.h"
#include "variance_pairs.h"

/* Points that each thread may put into its buckets in one block, about: 4 bytes each, so that they stay in a cache. ASSUMED: 1 to 8 million
 * take the same time on the machine at hand; does not affect results. */
static const double POINTS_PER_BLOCK = 2e6;
enum { MAX_REALISATIONS_PER_BLOCK = 4096 };

typedef struct run {
    const uxo_scenario *scenario;
    const uxo_engine_options *options;
    uxo_outcome *outcome;
    uxo_worker *workers;
    uxo_recent recent;
    uint32_t stamp; /* of the next realisation, see uxo_recent */
    int threads;
    const uxo_kernels *kernels;
    double started;
    double last_progress;
} run;

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static bool must_stop(const run *self)
{
    return uxo_is_stopped(self->options->stop);
}

static uint32_t block_size(const uxo_scenario *scenario, int threads)
{
    const double duds = uxo_expected_total(scenario) + 1.0;
    double size = POINTS_PER_BLOCK * (double)threads / duds;
    size = size < (double)threads ? (double)threads : size;
    size = size > (double)MAX_REALISATIONS_PER_BLOCK ? (double)MAX_REALISATIONS_PER_BLOCK : size;
    return (uint32_t)size;
}

/* Realisations first .. first + count - 1 into points. Called by every thread of a team. */
static void realise_block(run *self, uint32_t first, uint32_t count)
{
#pragma omp for schedule(dynamic, 1)
    for (uint32_t i = 0; i < count; i++) {
        if (!must_stop(self)) {
            uxo_analog_realise(&self->workers[omp_get_thread_num()], self->scenario, self->kernels, first + i,
                               self->stamp + i, self->outcome);
        }
    }
}

/* Points of the block into tallies; a tile belongs to one thread. */
static void tally_block(run *self, bool *out_of_memory)
{
    uxo_outcome *const outcome = self->outcome;
#pragma omp for schedule(dynamic, 4)
    for (size_t tile = 0; tile < outcome->tile_count; tile++) {
        if (!uxo_analog_tally(&self->workers[omp_get_thread_num()], self->workers, self->threads, tile, &self->recent,
                              &outcome->tile[tile])) {
#pragma omp atomic write
            *out_of_memory = true;
        }
    }
}

/* Everything that is not yet in the tallies; stamps may be given anew then. */
static void flush_recent(run *self)
{
    uxo_outcome *const outcome = self->outcome;
#pragma omp parallel for num_threads(self->threads) schedule(dynamic, 16)
    for (size_t tile = 0; tile < outcome->tile_count; tile++) {
        uxo_recent_flush(&self->recent, tile, outcome->tile[tile]);
    }
    self->stamp = 1;
}

/* `all`: realisations of this stage. */
static void report_progress(run *self, uint32_t done, uint32_t all)
{
    const uxo_engine_options *const options = self->options;
    const double now = seconds_now();
    if (options->progress == NULL || (done < all && now - self->last_progress < 0.1)) {
        return;
    }
    uxo_progress_state state = {.unit = "realisations", .done = done, .all = all, .seconds = now - self->started};
    for (int w = 0; w < self->threads; w++) {
        state.duds += self->workers[w].total_duds;
    }
    self->last_progress = now;
    options->progress(&state, options->progress_user);
}

/* Realisations begin .. realisations - 1. */
static uxo_status run_blocks(run *self, uint32_t begin, uint32_t realisations, uxo_report *report)
{
    const uint32_t size = block_size(self->scenario, self->threads);
    for (uint32_t first = begin; first < realisations && !must_stop(self); first += size) {
        const uint32_t count = realisations - first < size ? realisations - first : size;
        bool out_of_memory = false;
        if (self->stamp + count > UXO_STAMPS) {
            flush_recent(self);
        }
#pragma omp parallel num_threads(self->threads)
        {
            realise_block(self, first, count);
            if (self->outcome->sample_count == NULL) {
                tally_block(self, &out_of_memory);
            }
#pragma omp for schedule(static)
            for (int w = 0; w < self->threads; w++) {
                uxo_buckets_clear(&self->workers[w].buckets, self->outcome->tile_count + 1);
            }
        }
        for (int w = 0; w < self->threads; w++) {
            out_of_memory = out_of_memory || self->workers[w].buckets.out_of_memory;
        }
        if (out_of_memory) {
            return uxo_fail(report, UXO_ERR_MEMORY, NULL,
                            "out of memory while tallying; a coarser grid or fewer strikes would fit");
        }
        self->stamp += count;
        report_progress(self, first + count, realisations);
    }
    flush_recent(self);
    return must_stop(self) ? UXO_ERR_INTERRUPTED : UXO_OK;
}

/* What the threads kept apart, added up: integers, so in any order. */
static void gather_workers(const run *self)
{
    uxo_outcome *const outcome = self->outcome;
    const size_t strikes = self->scenario->strikes.count;
    for (int w = 0; w < self->threads; w++) {
        const uxo_worker *const worker = &self->workers[w];
        for (size_t i = 0; i < strikes * outcome->columns; i++) {
            outcome->strike_duds[i] += worker->strike_duds[i];
        }
        for (size_t i = 0; i < strikes; i++) {
            outcome->strike_carriers[i] += worker->strike_carriers[i];
        }
        outcome->intact_carriers += worker->intact_carriers;
        outcome->intact_submunitions += worker->intact_submunitions;
        outcome->total_duds += worker->total_duds;
        if (worker->largest_count > outcome->largest_count) {
            outcome->largest_count = worker->largest_count;
        }
    }
}

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

static void warn_of_until(const uxo_scenario *scenario, const uxo_until_errors *errors, uint32_t most,
                          uxo_report *report)
{
    if (!errors->reached) {
        uxo_report_add(report, UXO_WARNING, NULL,
                       "run.until: a relative error of %g was not reached with max_realisations, %u: districts %.2g, "
                       "dud density %.2g, dud probability %.2g",
                       scenario->until.relative_error, most, errors->district, errors->density, errors->probability);
    }
}

/* All realisations at once, or twice as many each time until the errors are small enough. */
static uxo_status run_stages(run *self, uxo_report *report)
{
    const uxo_scenario *const scenario = self->scenario;
    uxo_outcome *const outcome = self->outcome;
    const uint32_t most = scenario->realisations;
    uint32_t next = scenario->until.given && most > UXO_UNTIL_FIRST ? UXO_UNTIL_FIRST : most;
    for (;;) {
        const uint32_t done = outcome->realisations;
        UXO_TRY(uxo_outcome_grow(outcome, scenario, next, report));
        UXO_TRY(run_blocks(self, done, next, report));
        if (scenario->estimator == UXO_ESTIMATOR_EXPECTED_VALUE) {
            UXO_TRY(uxo_expected_blocks(scenario, self->options, outcome, done, next, report));
        }
        if (!scenario->until.given) {
            return UXO_OK;
        }
        UXO_TRY(uxo_until_measure(scenario, self->options, outcome, report));
        if (outcome->until.reached || next >= most) {
            warn_of_until(scenario, &outcome->until, most, report);
            return UXO_OK;
        }
        next = next > most / 2 ? most : 2 * next;
    }
}

static uxo_status rank_districts(const run *self, uxo_report *report)
{
    uxo_outcome *const outcome = self->outcome;
    const bool complete =
        outcome->conditional == NULL ||
        uxo_ranking_make(&outcome->ranking[UXO_RANKED_BY_DUDS], outcome->conditional, outcome->columns,
                         outcome->realisations, self->scenario->districts.count, NULL);
    return complete ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for ranks");
}

static uxo_status run_with_workers(run *self, uxo_report *report)
{
    for (int w = 0; w < self->threads; w++) {
        if (!uxo_worker_init(&self->workers[w], self->scenario)) {
            return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %d threads", self->threads);
        }
    }
    if (!uxo_recent_init(&self->recent, self->outcome->tile_count)) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %zu tiles", self->outcome->tile_count);
    }
    UXO_TRY(run_stages(self, report));
    gather_workers(self);
    UXO_TRY(uxo_variance_find(self->scenario, self->options, self->outcome, report));
    UXO_TRY(rank_districts(self, report));
    if (self->scenario->estimator == UXO_ESTIMATOR_EXPECTED_VALUE) {
        return UXO_OK;
    }
    UXO_TRY(check_largest(self->outcome, report));
    return uxo_outcome_rank_cells(self->outcome, report);
}

uxo_status uxo_engine_run(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *out,
                          uxo_report *report)
{
    UXO_TRY(uxo_outcome_init(out, scenario, report));
    UXO_TRY(check_range(scenario, report));
    run self = {.scenario = scenario, .options = options, .outcome = out, .stamp = 1, .started = seconds_now()};
    self.threads = uxo_ordered_threads(options->threads);
    self.kernels = uxo_kernels_select(options->kernel);
    if (self.kernels == NULL) {
        return uxo_fail(report, UXO_ERR_USAGE, NULL, "this processor has no kernels '%s'", options->kernel);
    }
    out->kernel = self.kernels->name;
    self.workers = calloc((size_t)self.threads, sizeof *self.workers);
    if (self.workers == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %d threads", self.threads);
    }
    const uxo_status status = run_with_workers(&self, report);
    uxo_recent_free(&self.recent);
    for (int w = 0; w < self.threads; w++) {
        uxo_worker_free(&self.workers[w]);
    }
    free(self.workers);
    out->seconds = seconds_now() - self.started;
    out->threads = self.threads;
    return status;
}
