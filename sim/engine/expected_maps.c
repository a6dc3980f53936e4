/* expected_maps.c - the maps of `expected-value` from beginning to end: plan, bands, chunks in order, containment. */
#include "expected_maps.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "expected.h"
#include "outcome.h"
#include "uxosim/expectation.h"

/* For the carriers of a band, unless the options say otherwise; a map of which more would be needed is cut into bands.
 * ASSUMED as a fair share of memory; does not affect results. */
static const double TABLE_BYTES = 96.0 * 1048576.0;

static uxo_status make_chunk(void *user, int thread, size_t index, void **result)
{
    const uxo_maps_run *const self = user;
    uxo_made_chunk *chunk = NULL;
    if (uxo_maps_stopped(self)) {
        return UXO_ERR_INTERRUPTED;
    }
    const uxo_status status = uxo_chunk_make(&self->plan, &self->worker[thread],
                                             self->first_chunk_x + (uint32_t)(index % self->chunks_across),
                                             self->first_chunk_y + (uint32_t)(index / self->chunks_across), &chunk);
    *result = chunk;
    return status == UXO_OK && uxo_maps_stopped(self) ? UXO_ERR_INTERRUPTED
                                                      : status; /* what was gathered may be half */
}

static void discard(void *user, void *result)
{
    const uxo_maps_run *const self = user;
    uxo_made_chunk_free(result, &self->plan);
}

/* Called by one thread at a time, after each chunk. */
static void report_progress(uxo_maps_run *self, uint32_t x, uint32_t y)
{
    const uxo_grid *const grid = &self->plan.scenario->grid;
    const uint64_t done = (uint64_t)y * uxo_chunks_x(grid) + x + 1,
                   all = (uint64_t)uxo_chunks_x(grid) * uxo_chunks_y(grid);
    const double now = omp_get_wtime();
    if (self->options->progress != NULL && (done == all || now - self->last_progress > 0.1)) {
        const uxo_progress_state state = {"parts of the map", done, all, 0, now - self->started};
        self->last_progress = now;
        self->options->progress(&state, self->options->progress_user);
    }
}

static uxo_status store_chunk(void *user, size_t index, void *result)
{
    uxo_maps_run *const self = user;
    const uxo_chunk_plan *const plan = &self->plan;
    const uint32_t x = self->first_chunk_x + (uint32_t)(index % self->chunks_across);
    const uint32_t y = self->first_chunk_y + (uint32_t)(index / self->chunks_across);
    const uxo_made_chunk *const chunk = result;
    uxo_status status = UXO_OK;
    report_progress(self, x, y);
    if (chunk == NULL) {
        return UXO_OK;
    }
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_DUD_CONTAINMENT; layer++) {
        for (uint32_t i = 0; i < plan->planes[layer] && status == UXO_OK; i++) {
            const uxo_packed *const packed = &chunk->plane[plan->first[layer] + i];
            status = packed->size > 0 ? plan->sink->store(plan->sink->user, layer, i, x, y, packed) : UXO_OK;
        }
    }
    uxo_map_check *const check = &self->outcome->map_check;
    self->outcome->map_total += chunk->check.map_total;
    for (uint32_t c = 0; chunk->check.column != NULL && c < self->outcome->columns; c++) {
        self->outcome->map_column[c] += chunk->check.column[c];
    }
    check->cells += chunk->check.cells.cells;
    check->squares += chunk->check.cells.squares;
    check->largest = fmax(check->largest, chunk->check.cells.largest);
    check->beyond += chunk->check.cells.beyond;
    discard(user, result);
    return status;
}

uxo_status uxo_maps_chunks(uxo_maps_run *self)
{
    const uxo_ordered_loop loop = {self, make_chunk, store_chunk, discard};
    return uxo_ordered_run(&loop, (size_t)self->chunks_across * self->chunks_down, self->threads);
}

static double expected_total(const uxo_maps_run *self)
{
    double sum = 0.0;
    if (self->plan.closed_form) {
        return uxo_expected_total(self->plan.scenario);
    }
    for (uint32_t r = 0; r < self->outcome->realisations; r++) {
        sum += uxo_outcome_given(self->outcome, r);
    }
    return sum / (double)self->outcome->realisations;
}

static uxo_status run_maps(uxo_maps_run *self, uxo_report *report)
{
    UXO_TRY(uxo_maps_plan(self, report));
    self->strikes = calloc((size_t)self->plan.scenario->strikes.count + 1, sizeof *self->strikes);
    self->worker = calloc((size_t)self->threads, sizeof *self->worker);
    bool complete = self->strikes != NULL && self->worker != NULL;
    for (int t = 0; complete && t < self->threads; t++) {
        complete = uxo_chunk_worker_init(&self->worker[t], &self->plan);
    }
    if (!complete) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %d threads", self->threads);
    }
    self->outcome->map_total = 0.0;
    memset(self->outcome->map_column, 0, self->outcome->columns * sizeof *self->outcome->map_column);
    self->outcome->map_check = (uxo_map_check){0, 0.0, 0.0, 0};
    UXO_TRY(uxo_maps_bands(self, report));
    return self->plan.mean != NULL ? uxo_containment_maps(&self->plan, self->options, expected_total(self), report)
                                   : UXO_OK;
}

static void free_maps(uxo_maps_run *self)
{
    const size_t tiles = uxo_grid_tile_count(&self->plan.scenario->grid);
    for (int t = 0; self->worker != NULL && t < self->threads; t++) {
        uxo_chunk_worker_free(&self->worker[t]);
    }
    for (size_t t = 0; self->plan.mean != NULL && t < tiles; t++) {
        free(self->plan.mean[t]);
    }
    free(self->worker);
    free(self->strikes);
    free(self->plan.mean);
    free(self->plan.tile.rank);
    free(self->plan.tile.threshold);
    uxo_marginal_map_free(&self->plan.marginal);
    uxo_carrier_table_free(&self->plan.table);
}

uxo_status uxo_expected_maps(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *outcome,
                             const uxo_map_sink *sink, uxo_report *report)
{
    uxo_maps_run self = {.options = options,
                         .outcome = outcome,
                         .threads = uxo_ordered_threads(options->threads),
                         .started = omp_get_wtime()};
    self.table_bytes = options->table_bytes > 0.0 ? options->table_bytes : TABLE_BYTES;
    self.kernels = uxo_kernels_select(options->kernel);
    self.plan = (uxo_chunk_plan){
        .scenario = scenario, .outcome = outcome, .sink = sink, .kernels = uxo_field_kernels_select(options->kernel)};
    const uxo_status status = run_maps(&self, report);
    free_maps(&self);
    return status;
}
