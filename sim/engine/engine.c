/* engine.c - a run from the first realisation to the last tally: threads, blocks of realisations, interruption,
 * progress.
 *
 * A thread takes a block of realisations and tallies its duds itself, in words of its own that are added to the common
 * tallies now and then. Those are integers, so neither the number of threads nor the size of a block can be seen in the
 * result. Not here: what one realisation does (analog.c).
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
#include "uxosim/background_strikes.h"
#include "uxosim/expectation.h"
#include "variance_pairs.h"

/* Points that each thread may put into its buckets in one block, about: 4 bytes each, so that they stay in a cache. ASSUMED: 1 to 8 million
 * take the same time on the machine at hand; does not affect results. */
static const double POINTS_PER_BLOCK = 2e6;
enum { MAX_REALISATIONS_PER_BLOCK = 4096, LEAST_BLOCK_PART = 16 };
/* Enough that two threads seldom meet at one. */
enum { TILE_LOCKS = 256 };

typedef struct run {
    const uxo_scenario *scenario;
    const uxo_engine_options *options;
    uxo_outcome *outcome;
    uxo_worker *workers;
    int threads;
    uint32_t block;                   /* realisations that a thread takes at a time, at most */
    omp_lock_t tile_lock[TILE_LOCKS]; /* of the tallies of tiles: that of the tile's index, modulo */
    omp_lock_t lock;                  /* of what follows */
    uint32_t next, done, end;         /* realisations of this stage: to be taken next, done, behind the last */
    uint64_t duds;                    /* of those done */
    bool out_of_memory;
    const uxo_kernels *kernels;
    double last_progress;
    double started;
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

static uint32_t block_size(const uxo_scenario *scenario)
{
    const double duds = uxo_expected_total(scenario) + 1.0;
    double size = POINTS_PER_BLOCK / duds;
    size = size < 1.0 ? 1.0 : size;
    size = size > (double)MAX_REALISATIONS_PER_BLOCK ? (double)MAX_REALISATIONS_PER_BLOCK : size;
    return (uint32_t)size;
}

/* The next realisations for a thread: a block, and fewer toward the end, so that threads end at about the same time.
 * Where there is nothing to tally a few will do. 0: there are none left. */
static uint32_t take_block(run *self, uint32_t *first)
{
    const uint32_t least = self->block / LEAST_BLOCK_PART + 1, few = 4;
    omp_set_lock(&self->lock);
    const uint32_t left = self->end - self->next;
    uint32_t count = left / (3 * (uint32_t)self->threads);
    count = count < least ? least : count > self->block ? self->block : count;
    count = self->outcome->sample_count != NULL && count > few ? few : count;
    count = must_stop(self) || self->out_of_memory ? 0 : count < left ? count : left;
    *first = self->next;
    self->next += count;
    omp_unset_lock(&self->lock);
    return count;
}

static uxo_shared_tally tally_of(run *self, size_t tile)
{
    return (uxo_shared_tally){&self->outcome->tile[tile], &self->tile_lock[tile % TILE_LOCKS]};
}

/* Everything that a worker has not yet added to the tallies; its stamps may be given anew then. */
static void flush_worker(run *self, uxo_worker *worker)
{
    for (size_t tile = 0; tile < self->outcome->tile_count; tile++) {
        const uxo_shared_tally to = tally_of(self, tile);
        if (worker->recent.word[tile] != NULL) {
            omp_set_lock(to.lock);
            uxo_recent_flush(&worker->recent, tile, *to.tally);
            omp_unset_lock(to.lock);
        }
    }
    worker->stamp = 1;
}

/* Realisations first .. first + count - 1 into points, and these into tallies. False: out of memory. */
static bool run_block(run *self, uxo_worker *worker, uint32_t first, uint32_t count)
{
    uxo_outcome *const outcome = self->outcome;
    bool complete = true;
    if (worker->stamp + count > UXO_STAMPS) {
        flush_worker(self, worker);
    }
    for (uint32_t i = 0; i < count && !must_stop(self); i++) {
        uxo_analog_realise(worker, self->scenario, self->kernels, first + i, worker->stamp + i, outcome);
    }
    worker->stamp += count;
    for (size_t tile = 0; outcome->sample_count == NULL && complete && tile < outcome->tile_count; tile++) {
        const uxo_shared_tally to = tally_of(self, tile);
        complete = uxo_analog_tally(worker, tile, &to);
    }
    complete = complete && !worker->buckets.out_of_memory;
    uxo_buckets_clear(&worker->buckets, outcome->tile_count + 1);
    return complete;
}

/* `count` realisations more are done, with so many duds. `all`: realisations of this stage. */
static void report_progress(run *self, uint32_t count, uint64_t duds)
{
    const uxo_engine_options *const options = self->options;
    const double now = seconds_now();
    self->done += count;
    self->duds += duds;
    if (options->progress == NULL || (self->done < self->end && now - self->last_progress < 0.1)) {
        return;
    }
    const uxo_progress_state state = {.unit = "realisations",
                                      .done = self->done,
                                      .all = self->end,
                                      .duds = self->duds,
                                      .seconds = now - self->started};
    self->last_progress = now;
    options->progress(&state, options->progress_user);
}

static void work(run *self, uxo_worker *worker)
{
    uint32_t first;
    for (uint32_t count = take_block(self, &first); count > 0; count = take_block(self, &first)) {
        const uint64_t before = worker->total_duds;
        const bool complete = run_block(self, worker, first, count);
        omp_set_lock(&self->lock);
        self->out_of_memory = self->out_of_memory || !complete;
        report_progress(self, count, worker->total_duds - before);
        omp_unset_lock(&self->lock);
    }
}

/* What all workers have not yet added to the tallies; a tile belongs to one thread. */
static void flush_recent(run *self)
{
#pragma omp parallel for num_threads(self->threads) schedule(dynamic, 16)
    for (size_t tile = 0; tile < self->outcome->tile_count; tile++) {
        for (int w = 0; w < self->threads; w++) {
            uxo_recent_flush(&self->workers[w].recent, tile, self->outcome->tile[tile]);
        }
    }
    for (int w = 0; w < self->threads; w++) {
        self->workers[w].stamp = 1;
    }
}

/* Realisations begin .. realisations - 1. */
static uxo_status run_blocks(run *self, uint32_t begin, uint32_t realisations, uxo_report *report)
{
    self->next = begin;
    self->done = begin;
    self->end = realisations;
#pragma omp parallel num_threads(self->threads)
    work(self, &self->workers[omp_get_thread_num()]);
    if (self->out_of_memory) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL,
                        "out of memory while tallying; a coarser grid or fewer strikes would fit");
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
        for (uint32_t c = 0; c < outcome->columns; c++) {
            outcome->column_carriers[c] += worker->intact_carriers[c];
            outcome->column_submunitions[c] += worker->intact_submunitions[c];
            outcome->intact_carriers += worker->intact_carriers[c];
            outcome->intact_submunitions += worker->intact_submunitions[c];
        }
        for (uint32_t c = 0; c < outcome->zones.columns; c++) {
            outcome->zones.carrier_parts[c] += worker->zone_carriers[c];
            outcome->zones.submunition_parts[c] += worker->zone_submunitions[c];
        }
        outcome->total_duds += worker->total_duds;
        outcome->removed_candidates += worker->thinning != NULL ? worker->thinning->removed : 0;
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
        UXO_TRY(uxo_background_run(scenario, self->options, outcome, done, next, report));
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

static bool rank_by(const run *self, uxo_ranking_criterion criterion, const double *value)
{
    uxo_outcome *const outcome = self->outcome;
    const uxo_ranking_values values = {value, outcome->columns, outcome->realisations, NULL};
    return value != NULL &&
           uxo_ranking_make(&outcome->ranking[criterion], &values, self->scenario->districts.count, self->threads);
}

static uxo_status rank_districts(const run *self, uxo_report *report)
{
    uxo_outcome *const outcome = self->outcome;
    bool complete = outcome->conditional == NULL || rank_by(self, UXO_RANKED_BY_DUDS, outcome->conditional);
    if (complete && outcome->accident_expectation != NULL) {
        double *const ratio = accidents_per_ha(outcome);
        complete = rank_by(self, UXO_RANKED_BY_ACCIDENTS, outcome->accident_expectation) &&
                   rank_by(self, UXO_RANKED_BY_ACCIDENTS_PER_HA, ratio);
        free(ratio);
    }
    return complete ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for ranks");
}

static uxo_status run_with_workers(run *self, uxo_report *report)
{
    for (int w = 0; w < self->threads; w++) {
        if (!uxo_worker_init(&self->workers[w], self->scenario)) {
            return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %d threads", self->threads);
        }
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

static void make_locks(run *self)
{
    omp_init_lock(&self->lock);
    for (size_t i = 0; i < TILE_LOCKS; i++) {
        omp_init_lock(&self->tile_lock[i]);
    }
}

static void free_locks(run *self)
{
    omp_destroy_lock(&self->lock);
    for (size_t i = 0; i < TILE_LOCKS; i++) {
        omp_destroy_lock(&self->tile_lock[i]);
    }
}

uxo_status uxo_engine_run(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *out,
                          uxo_report *report)
{
    UXO_TRY(uxo_outcome_init(out, scenario, report));
    UXO_TRY(check_range(scenario, report));
    run self = {.scenario = scenario, .options = options, .outcome = out, .started = seconds_now()};
    self.block = block_size(scenario);
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
    make_locks(&self);
    const uxo_status status = run_with_workers(&self, report);
    free_locks(&self);
    for (int w = 0; w < self.threads; w++) {
        uxo_worker_free(&self.workers[w]);
    }
    free(self.workers);
    out->seconds = seconds_now() - self.started;
    out->threads = self.threads;
    return status;
}
