/* points.c - see points.h. */
#include "points.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "taking.h"
#include "uxosim/expectation.h"

/* Points that each thread may put into its buckets in one block, about: 4 bytes each, so that they stay in a cache. ASSUMED: 1 to 8 million
 * take the same time on the machine at hand; does not affect results. */
static const double POINTS_PER_BLOCK = 2e6;
enum { MAX_REALISATIONS_PER_BLOCK = 4096, LEAST_BLOCK_PART = 16 };
/* With a store a block is worked on to its end before what is known is kept: a second or so, where there are many strikes with few duds. */
enum { MAX_REALISATIONS_TO_KEEP = 256 };

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Without a store nothing will be made of a block that is half done. */
static bool may_break_off(const uxo_points *self)
{
    return self->options->store == NULL && uxo_is_stopped(self->options->stop);
}

/* most: realisations */
static uint32_t block_size(const uxo_scenario *scenario, double most)
{
    const double duds = uxo_expected_total(scenario) + 1.0;
    double size = POINTS_PER_BLOCK / duds;
    size = size < 1.0 ? 1.0 : size;
    size = size > most ? most : size;
    return (uint32_t)size;
}

/* Of the first block some is done unless the run is to stop, so that there is progress however often something is to be kept. */
static bool must_leave(const uxo_points *self)
{
    return self->out_of_memory || uxo_is_stopped(self->options->stop) ||
           (self->next > self->begin && uxo_must_pause(self->options));
}

/* The next realisations for a thread: a block, and fewer toward the end, so that threads end at about the same time.
 * Where there is nothing to tally a few will do. 0: there are none left. */
static uint32_t take_block(uxo_points *self, uint32_t *first)
{
    const uint32_t least = self->block / LEAST_BLOCK_PART + 1, few = 4;
    omp_set_lock(&self->lock);
    const uint32_t left = self->end - self->next;
    uint32_t count = left / (3 * (uint32_t)self->threads);
    count = count < least ? least : count > self->block ? self->block : count;
    count = self->outcome->sample_count != NULL && count > few ? few : count;
    count = must_leave(self) ? 0 : count < left ? count : left;
    *first = self->next;
    self->next += count;
    omp_unset_lock(&self->lock);
    return count;
}

static uxo_shared_tally tally_of(uxo_points *self, size_t tile)
{
    return (uxo_shared_tally){&self->outcome->tile[tile], &self->tile_lock[tile % UXO_TILE_LOCKS]};
}

/* Everything that a worker has not yet added to the tallies; its stamps may be given anew then. */
static void flush_worker(uxo_points *self, uxo_worker *worker)
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
static bool run_block(uxo_points *self, uxo_worker *worker, uint32_t first, uint32_t count)
{
    uxo_outcome *const outcome = self->outcome;
    bool complete = true;
    if (worker->stamp + count > UXO_STAMPS) {
        flush_worker(self, worker);
    }
    for (uint32_t i = 0; i < count && !may_break_off(self); i++) {
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
static void report_progress(uxo_points *self, uint32_t count, uint64_t duds)
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

static void work(uxo_points *self, uxo_worker *worker)
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
static void flush_recent(uxo_points *self)
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

/* Adds numbers to others and forgets them. */
static void move_sums(uint64_t *to, uint64_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        to[i] += from[i];
        from[i] = 0;
    }
}

/* What the threads kept apart, added up: integers, so in any order. */
static void gather_workers(const uxo_points *self)
{
    uxo_outcome *const outcome = self->outcome;
    const size_t strikes = self->scenario->strikes.count;
    for (int w = 0; w < self->threads; w++) {
        uxo_worker *const worker = &self->workers[w];
        for (uint32_t c = 0; c < outcome->columns; c++) {
            outcome->intact_carriers += worker->intact_carriers[c];
            outcome->intact_submunitions += worker->intact_submunitions[c];
        }
        move_sums(outcome->strike_duds, worker->strike_duds, strikes * outcome->columns);
        move_sums(outcome->strike_carriers, worker->strike_carriers, strikes);
        move_sums(outcome->column_carriers, worker->intact_carriers, outcome->columns);
        move_sums(outcome->column_submunitions, worker->intact_submunitions, outcome->columns);
        move_sums(outcome->zones.carrier_parts, worker->zone_carriers, outcome->zones.columns);
        move_sums(outcome->zones.submunition_parts, worker->zone_submunitions, outcome->zones.columns);
        move_sums(&outcome->total_duds, &worker->total_duds, 1);
        if (worker->thinning != NULL) {
            move_sums(&outcome->removed_candidates, &worker->thinning->removed, 1);
        }
        if (worker->largest_count > outcome->largest_count) {
            outcome->largest_count = worker->largest_count;
        }
    }
}

uxo_status uxo_points_run(uxo_points *self, uint32_t *done, uint32_t end, uxo_report *report)
{
    self->begin = *done;
    self->next = *done;
    self->done = *done;
    self->end = end;
#pragma omp parallel num_threads(self->threads)
    work(self, &self->workers[omp_get_thread_num()]);
    if (self->out_of_memory) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL,
                        "out of memory while tallying; a coarser grid or fewer strikes would fit");
    }
    flush_recent(self);
    gather_workers(self);
    *done = self->next;
    return UXO_OK;
}

static void make_locks(uxo_points *self)
{
    omp_init_lock(&self->lock);
    for (size_t i = 0; i < UXO_TILE_LOCKS; i++) {
        omp_init_lock(&self->tile_lock[i]);
    }
}

static void free_locks(uxo_points *self)
{
    omp_destroy_lock(&self->lock);
    for (size_t i = 0; i < UXO_TILE_LOCKS; i++) {
        omp_destroy_lock(&self->tile_lock[i]);
    }
}

uxo_status uxo_points_init(uxo_points *self, const uxo_scenario *scenario, const uxo_engine_options *options,
                           uxo_outcome *outcome, uxo_report *report)
{
    const int most = options->store != NULL ? MAX_REALISATIONS_TO_KEEP : MAX_REALISATIONS_PER_BLOCK;
    memset(self, 0, sizeof *self);
    self->scenario = scenario;
    self->options = options;
    self->outcome = outcome;
    self->started = seconds_now();
    self->block = block_size(scenario, most);
    make_locks(self);
    self->kernels = uxo_kernels_select(options->kernel);
    if (self->kernels == NULL) {
        return uxo_fail(report, UXO_ERR_USAGE, NULL, "this processor has no kernels '%s'", options->kernel);
    }
    self->threads = uxo_ordered_threads(options->threads);
    self->workers = calloc((size_t)self->threads, sizeof *self->workers);
    bool complete = self->workers != NULL;
    for (int w = 0; complete && w < self->threads; w++) {
        complete = uxo_worker_init(&self->workers[w], scenario);
    }
    return complete ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %d threads", self->threads);
}

void uxo_points_free(uxo_points *self)
{
    free_locks(self);
    for (int w = 0; self->workers != NULL && w < self->threads; w++) {
        uxo_worker_free(&self->workers[w]);
    }
    free(self->workers);
    self->workers = NULL;
}

double uxo_points_seconds(const uxo_points *self)
{
    return seconds_now() - self->started;
}
