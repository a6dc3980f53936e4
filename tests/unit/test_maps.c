/* test_maps.c - maps on their way from the engine: which layers there are, in what order their chunks come, what ends
 * it, and that the number of threads cannot be seen. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "map_capture.h"
#include "model_fixture.h"

typedef struct trial {
    model_fixture fixture;
    uxo_outcome outcome;
    map_capture capture;
} trial;

/* 2 x 3 chunks, three of them without duds. */
static void begin(trial *self)
{
    fixture_init(&self->fixture, 0.0, 0.0, 20.0, 300, 600, 30, 5);
    fixture_strike(&self->fixture, "a", 1000.0, 1000.0);
    fixture_strike(&self->fixture, "b", 5120.0, 9000.0);
    fixture_run(&self->fixture, 1, &self->outcome);
    map_capture_init(&self->capture, &self->fixture.scenario);
}

static void end(trial *self)
{
    map_capture_free(&self->capture);
    uxo_outcome_free(&self->outcome);
    fixture_free(&self->fixture);
}

static uxo_status compute(trial *self, const uxo_engine_options *options, size_t messages)
{
    uxo_report report;
    uxo_report_init(&report);
    const uxo_map_sink sink = map_capture_sink(&self->capture);
    const uxo_status status = uxo_engine_maps(&self->fixture.scenario, options, &self->outcome, &sink, &report);
    assert_int_equal(report.error_count, messages);
    assert_int_equal(self->capture.broken, 0);
    uxo_report_free(&report);
    return status;
}

static void layers_belong_to_an_estimator(void **state)
{
    (void)state;
    uxo_scenario scenario = {.map_quantile_count = 3, .threshold_count = 2};
    scenario.estimator = UXO_ESTIMATOR_ANALOG;
    assert_int_equal(uxo_layer_planes(&scenario, UXO_LAYER_DUD_DENSITY), 1);
    assert_int_equal(uxo_layer_planes(&scenario, UXO_LAYER_DUD_COUNT_SD), 1);
    assert_int_equal(uxo_layer_planes(&scenario, UXO_LAYER_DUD_DENSITY_SD), 0);
    assert_int_equal(uxo_layer_planes(&scenario, UXO_LAYER_DUD_DENSITY_QUANTILE), 0);
    scenario.estimator = UXO_ESTIMATOR_EXPECTED_VALUE;
    assert_int_equal(uxo_layer_planes(&scenario, UXO_LAYER_DUD_COUNT_SD), 0);
    assert_int_equal(uxo_layer_planes(&scenario, UXO_LAYER_DUD_DENSITY_SD), 1);
    assert_int_equal(uxo_layer_planes(&scenario, UXO_LAYER_DUD_DENSITY_QUANTILE), 3);
    assert_int_equal(uxo_layer_planes(&scenario, UXO_LAYER_EXCEEDANCE_PROBABILITY), 2);
    char name[] = "exceedance_probability";
    char *list[] = {name};
    scenario.layer = list;
    scenario.layer_count = 1;
    assert_int_equal(uxo_layer_planes(&scenario, UXO_LAYER_EXCEEDANCE_PROBABILITY), 2);
    assert_int_equal(uxo_layer_planes(&scenario, UXO_LAYER_DUD_DENSITY), 0);
    assert_string_equal(uxo_layer_describe(UXO_LAYER_EXCEEDANCE_PROBABILITY)->name, name);
}

/* Every cell of every layer is what its tally says. */
static void check_cells(const trial *self)
{
    const uxo_scenario *const scenario = &self->fixture.scenario;
    const uxo_grid *const grid = &scenario->grid;
    static float tile[UXO_TILE_CELLS];
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_COUNT; layer++) {
        assert_int_equal(self->capture.opened[layer], self->capture.planes[layer] > 0);
        for (size_t t = 0; self->capture.opened[layer] && t < uxo_grid_tile_count(grid); t++) {
            uxo_outcome_tile(scenario, &self->outcome, layer, t, tile);
            for (uint32_t c = 0; c < UXO_TILE_CELLS; c++) {
                const size_t x = t % grid->tiles_x * UXO_TILE + c % UXO_TILE;
                const size_t y = t / grid->tiles_x * UXO_TILE + c / UXO_TILE;
                assert_true(x >= grid->nx || y >= grid->ny ||
                            self->capture.plane[layer][0][y * grid->nx + x] == tile[c]);
            }
        }
    }
}

static void threads_cannot_be_seen(void **state)
{
    (void)state;
    static trial self;
    for (int threads = 1; threads <= 5; threads++) {
        const uxo_engine_options options = {.threads = threads};
        begin(&self);
        assert_int_equal(compute(&self, &options, 0), UXO_OK);
        assert_int_equal(self.capture.stores, 3 * 6); /* three of the six chunks are empty */
        assert_true(isnan(self.capture.facts[UXO_LAYER_DUD_DENSITY].numerical_error_bound));
        check_cells(&self);
        end(&self);
    }
}

static void what_fails_ends_it(void **state)
{
    (void)state;
    static trial self;
    const volatile sig_atomic_t stop = SIGINT;
    for (int threads = 1; threads <= 4; threads += 3) {
        uxo_engine_options options = {.threads = threads};
        begin(&self);
        self.capture.fail_open = 2;
        assert_int_equal(compute(&self, &options, 0), UXO_ERR_IO);
        assert_int_equal(self.capture.stores, 0);
        end(&self);
        begin(&self);
        self.capture.fail_store = 8;
        assert_int_equal(compute(&self, &options, 0), UXO_ERR_IO);
        assert_int_equal(self.capture.stores, 8);
        end(&self);
        begin(&self);
        self.capture.fail_pack = 3;
        assert_int_equal(compute(&self, &options, 1), UXO_ERR_MEMORY);
        end(&self);
        begin(&self);
        options.stop = &stop;
        assert_int_equal(compute(&self, &options, 0), UXO_ERR_INTERRUPTED);
        assert_int_equal(self.capture.stores, 0);
        end(&self);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(layers_belong_to_an_estimator),
                                       cmocka_unit_test(threads_cannot_be_seen), cmocka_unit_test(what_fails_ends_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
