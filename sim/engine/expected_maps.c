/* expected_maps.c - the maps of `expected-value` from beginning to end: plan, bands, containment. */
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

/* Memory for work, where there is any. */
static uxo_status make_benches(uxo_maps_run *self, uxo_report *report)
{
    const uxo_grid *const grid = &self->plan.scenario->grid;
    self->strikes = calloc((size_t)self->plan.scenario->strikes.count + 1, sizeof *self->strikes);
    bool complete = self->strikes != NULL;
    if (complete && uxo_maps_to_make(self, (uxo_chunk_box){0, uxo_chunks_x(grid), 0, uxo_chunks_y(grid)}) == 0) {
        return UXO_OK;
    }
    self->worker = calloc((size_t)self->threads, sizeof *self->worker);
    self->slot = calloc((size_t)uxo_maps_slots(self), sizeof *self->slot);
    complete = complete && self->worker != NULL && self->slot != NULL;
    for (int t = 0; complete && t < self->threads; t++) {
        complete = uxo_chunk_worker_init(&self->worker[t], &self->plan);
    }
    for (int i = 0; complete && i < uxo_maps_slots(self); i++) {
        complete = uxo_open_chunk_init(&self->slot[i].chunk, &self->plan);
    }
    return complete ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %d threads", self->threads);
}

static uxo_status run_maps(uxo_maps_run *self, uxo_report *report)
{
    UXO_TRY(uxo_maps_plan(self, report));
    UXO_TRY(uxo_maps_look_up(self, report));
    UXO_TRY(make_benches(self, report));
    self->outcome->map_total = 0.0;
    memset(self->outcome->map_column, 0, self->outcome->columns * sizeof *self->outcome->map_column);
    self->outcome->map_check = (uxo_map_check){0, 0.0, 0.0, 0, uxo_map_check_bound(self->plan.closed_form)};
    UXO_TRY(uxo_maps_bands(self, report));
    return self->plan.mean != NULL ? uxo_containment_maps(&self->plan, self->options, expected_total(self), report)
                                   : UXO_OK;
}

static void free_maps(uxo_maps_run *self)
{
    const size_t tiles = uxo_grid_tile_count(&self->plan.scenario->grid);
    const int workers = self->worker != NULL ? self->threads : 0;
#pragma omp parallel for num_threads(self->threads) schedule(static, 1)
    for (int t = 0; t < workers; t++) {
        uxo_chunk_worker_free(&self->worker[t]); /* much memory, which the system takes its time to take back */
    }
    for (int i = 0; self->slot != NULL && i < uxo_maps_slots(self); i++) {
        uxo_open_chunk_free(&self->slot[i].chunk);
    }
    for (size_t t = 0; self->plan.mean != NULL && t < tiles; t++) {
        free(self->plan.mean[t]);
    }
    uxo_maps_forget(self);
    free(self->worker);
    free(self->slot);
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
                         .store = options->store,
                         .delivers = !uxo_work_is_part(options->store),
                         .started = omp_get_wtime()};
    self.table_bytes = options->table_bytes > 0.0 ? options->table_bytes : TABLE_BYTES;
    self.kernels = uxo_kernels_select(options->kernel);
    self.plan = (uxo_chunk_plan){
        .scenario = scenario, .outcome = outcome, .sink = sink, .kernels = uxo_field_kernels_select(options->kernel)};
    const uxo_status status = run_maps(&self, report);
    free_maps(&self);
    return status;
}
