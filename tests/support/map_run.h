/* map_run.h - a whole run with `expected-value`, its maps kept in memory. */
#ifndef UXOSIM_TESTS_MAP_RUN_H
#define UXOSIM_TESTS_MAP_RUN_H

#include "map_capture.h"
#include "model_fixture.h"

typedef struct map_run {
    const uxo_grid *grid;
    uxo_outcome outcome;
    map_capture capture;
} map_run;

/* Makes the fixture one of `expected-value`, with these quantiles and thresholds; they have to live on. */
void map_run_prepare(model_fixture *fixture, double *quantiles, uint32_t quantile_count, double *thresholds_per_ha,
                     uint32_t threshold_count);

/* A quantity that is the same for all strikes and in all realisations: no closed form for this fixture any more, and the same
 * law. */
void map_run_force_sampling(model_fixture *fixture);

/* Runs it and computes its maps; asserts that both went well. */
void map_run_make(map_run *self, const model_fixture *fixture, const uxo_engine_options *options);
void map_run_free(map_run *self);

double map_run_at(const map_run *self, uxo_layer layer, uint32_t plane, uint32_t ix, uint32_t iy);

/* Cells and planes of all layers whose bits differ, and numbers of the outcome. */
size_t map_run_differences(const map_run *a, const map_run *b);

#endif
