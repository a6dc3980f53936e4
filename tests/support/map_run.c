/* map_run.c - see map_run.h. */
#include "map_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

void map_run_prepare(model_fixture *fixture, double *quantiles, uint32_t quantile_count, double *thresholds_per_ha,
                     uint32_t threshold_count)
{
    uxo_scenario *const scenario = &fixture->scenario;
    scenario->estimator = UXO_ESTIMATOR_EXPECTED_VALUE;
    scenario->map_quantile = quantiles;
    scenario->map_quantile_count = quantile_count;
    scenario->threshold_per_ha = thresholds_per_ha;
    scenario->threshold_count = threshold_count;
}

void map_run_force_sampling(model_fixture *fixture)
{
    fixture_share(fixture, &fixture->munition[0].carrier_failure, "m.carrier_failure", false);
}

void map_run_make(map_run *self, const model_fixture *fixture, const uxo_engine_options *options)
{
    uxo_report report;
    uxo_report_init(&report);
    self->grid = &fixture->scenario.grid;
    map_capture_init(&self->capture, &fixture->scenario);
    const uxo_map_sink sink = map_capture_sink(&self->capture);
    uxo_status status = uxo_engine_run(&fixture->scenario, options, &self->outcome, &report);
    if (status == UXO_OK) {
        status = uxo_engine_maps(&fixture->scenario, options, &self->outcome, &sink, &report);
    }
    uxo_report_print(&report, 0, 10, stderr);
    uxo_report_free(&report);
    assert_int_equal(status, UXO_OK);
    assert_int_equal(self->capture.broken, 0);
}

void map_run_free(map_run *self)
{
    uxo_outcome_free(&self->outcome);
    map_capture_free(&self->capture);
}

double map_run_at(const map_run *self, uxo_layer layer, uint32_t plane, uint32_t ix, uint32_t iy)
{
    assert_true(self->capture.opened[layer] && plane < self->capture.planes[layer]);
    return (double)self->capture.plane[layer][plane][(size_t)iy * self->grid->nx + ix];
}

static size_t different(const void *a, const void *b, size_t count, size_t size)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += memcmp((const char *)a + i * size, (const char *)b + i * size, size) != 0;
    }
    return found;
}

/* Field by field: between them lie bytes that nobody writes. */
static size_t facts_differ(const uxo_layer_facts *a, const uxo_layer_facts *b)
{
    return different(&a->empty, &b->empty, 1, sizeof a->empty) +
           different(&a->numerical_error_bound, &b->numerical_error_bound, 1, sizeof a->numerical_error_bound);
}

size_t map_run_differences(const map_run *a, const map_run *b)
{
    const size_t cells = uxo_grid_cell_count(a->grid);
    const size_t rows = (size_t)a->outcome.realisations * a->outcome.columns;
    size_t found = 0;
    for (int layer = 0; layer < UXO_LAYER_COUNT; layer++) {
        found += a->capture.planes[layer] != b->capture.planes[layer];
        found += facts_differ(&a->capture.facts[layer], &b->capture.facts[layer]);
        for (uint32_t plane = 0; plane < a->capture.planes[layer]; plane++) {
            found += different(a->capture.plane[layer][plane], b->capture.plane[layer][plane], cells, sizeof(float));
        }
    }
    found += different(a->outcome.dud_count, b->outcome.dud_count, rows, sizeof *a->outcome.dud_count);
    found += different(a->outcome.conditional, b->outcome.conditional, rows, sizeof *a->outcome.conditional);
    found += different(a->outcome.affected_ha, b->outcome.affected_ha, rows, sizeof *a->outcome.affected_ha);
    found += different(a->outcome.people_affected, b->outcome.people_affected, rows, sizeof(double));
    found += different(a->outcome.mixed, b->outcome.mixed, a->outcome.columns, sizeof *a->outcome.mixed);
    found += different(a->outcome.sample_count, b->outcome.sample_count, a->outcome.tile_count * UXO_SAMPLE_CELLS,
                       sizeof *a->outcome.sample_count);
    found += different(&a->outcome.map_total, &b->outcome.map_total, 1, sizeof(double));
    found += different(&a->outcome.map_check.squares, &b->outcome.map_check.squares, 1, sizeof(double));
    return found + (a->outcome.closed_form != b->outcome.closed_form);
}
