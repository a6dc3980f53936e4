/* test_result.c - what is written is read back, bit by bit; equal runs give equal bytes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "map_capture.h"
#include "result_reading.h"
#include "scratch.h"

/* Every cell of every plane against what the engine gives. */
static void check_layers(const result_fixture *fixture, uxo_result *result)
{
    const uxo_scenario *const scenario = &fixture->model.scenario;
    static map_capture capture;
    uxo_report report;
    uxo_report_init(&report);
    map_capture_init(&capture, scenario);
    const uxo_map_sink sink = map_capture_sink(&capture);
    uxo_outcome outcome = fixture->outcome; /* its own tables are left alone */
    assert_int_equal(uxo_engine_maps(scenario, &fixture->engine, &outcome, &sink, &report), UXO_OK);
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_COUNT; layer++) {
        const char *const name = uxo_layer_describe(layer)->name;
        assert_int_equal(uxo_result_layer_planes(result, name), capture.planes[layer]);
        for (uint32_t plane = 0; plane < capture.planes[layer]; plane++) {
            float *const cells = result_read_plane(result, name, plane);
            for (size_t i = 0; i < uxo_grid_cell_count(&scenario->grid); i++) {
                const float made = capture.plane[layer][plane][i];
                assert_true(cells[i] == made || (isnan(cells[i]) && isnan(made)));
            }
            free(cells);
        }
    }
    map_capture_free(&capture);
    uxo_report_free(&report);
}

static void check_inputs(const result_fixture *fixture, uxo_result *result)
{
    const uxo_grid *const grid = &fixture->model.scenario.grid;
    if (fixture->model.scenario.has_districts) {
        float *const district = result_read_plane(result, "district", 0);
        for (size_t i = 0; i < uxo_grid_cell_count(grid); i++) {
            const uint32_t x = (uint32_t)(i % grid->nx);
            const uint32_t y = (uint32_t)(i / grid->nx);
            const uint16_t expected = uxo_area_map_at(&fixture->model.scenario.districts.map,
                                                      uxo_grid_tile_of(grid, x, y), uxo_grid_cell_in_tile(x, y));
            assert_true(expected == UXO_NO_DISTRICT ? isnan(district[i]) : district[i] == (float)expected);
        }
        free(district);
    }
    assert_int_equal(uxo_result_layer_unit(result, "population") != NULL,
                     uxo_population_given(&fixture->model.scenario.population));
}

static void check_texts(const result_fixture *fixture, uxo_result *result)
{
    size_t count = 0;
    assert_string_equal(uxo_result_text(result, "/", "title"), fixture->model.scenario.title);
    assert_string_equal(uxo_result_text(result, "/", "summary"), UXO_SENTENCE);
    assert_string_equal(uxo_result_text(result, "/", "seed"), "18446744073709551557");
    assert_string_equal(uxo_result_text(result, "/", "as_of"), "2022-12-31");
    assert_null(uxo_result_text(result, "/", "no such attribute"));
    assert_null(uxo_result_text(result, "/no/such/group", "title"));
    assert_true(isnan(uxo_result_number(result, "/nowhere", "x")));
    assert_string_equal(uxo_result_strings(result, "/provenance/scenario", &count)[0],
                        fixture->model.scenario.scenario_text);
    assert_int_equal(count, 1);
    assert_string_equal(uxo_result_strings(result, "/provenance/used_mark", &count)[3], "override");
    assert_int_equal(count, RESULT_FIXTURE_USED);
    assert_string_equal(uxo_result_strings(result, "/provenance/input_name", &count)[2], "районы.geojson");
    assert_null(uxo_result_strings(result, "/provenance/nothing", &count));
    assert_int_equal(count, 0);
    assert_null(uxo_result_numbers(result, "/dud_density", &count)); /* rank 2 */
}

static void check_strikes(const result_fixture *fixture, uxo_result *result)
{
    size_t count = 0;
    const uxo_strikes *const strikes = &fixture->model.scenario.strikes;
    const char *const *const id = uxo_result_strings(result, "/strikes/id", &count);
    assert_int_equal(count, strikes->count);
    assert_true(uxo_result_number(result, "/strikes", "count") == strikes->count);
    if (strikes->count == 0) {
        assert_null(id);
        return;
    }
    assert_string_equal(id[0], "A");
    assert_string_equal(uxo_result_strings(result, "/strikes/event", &count)[0], "A");
    assert_string_equal(uxo_result_strings(result, "/strikes/event", &count)[1], "");
    assert_string_equal(uxo_result_strings(result, "/strikes/date", &count)[0], "2022-01-01");
    assert_string_equal(uxo_result_strings(result, "/strikes/munition", &count)[0], "{m: 1}");
    assert_string_equal(uxo_result_strings(result, "/strikes/carriers", &count)[1], "{range: [1, 4], per: strike}");
    assert_string_equal(uxo_result_strings(result, "/strikes/site_id", &count)[1], "A-other-report");
    assert_true(uxo_result_numbers(result, "/strikes/site_strike", &count)[2] == 1.0);
    const double *const expected = uxo_result_numbers(result, "/strikes/expected_duds", &count);
    assert_true(fabs(expected[0] + expected[1] - uxo_result_number(result, "/", "expected_duds")) < 1e-9 * expected[0]);
    assert_true(fabs(expected[0] - 644.0 * 0.16) < 1e-9);
    assert_true(fabs(expected[1] - 0.9 * 2.5 * 644.0 * 0.16) < 1e-9);
}

static void round_trip(const result_fixture_options *options)
{
    result_fixture fixture;
    result_fixture_init(&fixture, options);
    result_fixture_write(&fixture, "a.nc");
    uxo_result *const result = result_open_file("a.nc");
    const uxo_grid *const grid = uxo_result_grid(result);
    assert_memory_equal(grid, &fixture.model.scenario.grid, sizeof *grid);
    assert_string_equal(uxo_result_crs_wkt(result), uxo_crs_wkt2(fixture.model.scenario.crs));
    check_layers(&fixture, result);
    result_check_districts(&fixture, result);
    check_inputs(&fixture, result);
    check_texts(&fixture, result);
    check_strikes(&fixture, result);
    uxo_result_close(result);
    result_fixture_free(&fixture);
    assert_int_equal(scratch_clear(), 1);
}

static void reads_what_was_written(void **state)
{
    (void)state;
    const result_fixture_options usual = result_fixture_usual();
    round_trip(&usual);
    for (unsigned i = 0; i < 8; i++) {
        result_fixture_options options = usual;
        options.districts = (i & 1) != 0;
        options.population = (i & 1) != 0;
        options.strikes = (i & 2) != 0;
        options.nx = options.ny = (i & 4) != 0 ? 1 : 65;
        options.cell_size_m = (i & 4) != 0 ? 1000.0 : 12.5;
        options.realisations = (i & 4) != 0 ? 1 : 20;
        round_trip(&options);
    }
}

/* Planes, shuffled maps and what a file says of maps in closed form. */
static void expected_value(void **state)
{
    (void)state;
    result_fixture_options options = result_fixture_usual();
    options.estimator = UXO_ESTIMATOR_EXPECTED_VALUE;
    round_trip(&options);
    options.nx = options.ny = 1;
    round_trip(&options);
    options.strikes = false;
    round_trip(&options);
}

static void planes_have_names(void **state)
{
    (void)state;
    char name[32];
    result_fixture_options options = result_fixture_usual();
    options.estimator = UXO_ESTIMATOR_EXPECTED_VALUE;
    result_fixture fixture;
    result_fixture_init(&fixture, &options);
    result_fixture_write(&fixture, "a.nc");
    uxo_result *const result = result_open_file("a.nc");
    assert_true(uxo_result_plane_name(result, "dud_density_quantile", 0, name, sizeof name));
    assert_string_equal(name, "quantile 0.05");
    assert_true(uxo_result_plane_name(result, "exceedance_probability", 1, name, sizeof name));
    assert_string_equal(name, "threshold 10");
    assert_false(uxo_result_plane_name(result, "exceedance_probability", 2, name, sizeof name));
    assert_false(uxo_result_plane_name(result, "dud_density", 0, name, sizeof name));
    assert_int_equal(uxo_result_layer_planes(result, "dud_density"), 1);
    assert_int_equal(uxo_result_layer_planes(result, "nothing"), 0);
    uxo_result_close(result);
    result_fixture_free(&fixture);
    assert_int_equal(scratch_clear(), 1);
}

static void several_chunks(void **state)
{
    (void)state;
    result_fixture_options options = result_fixture_usual();
    options.nx = 513;
    options.ny = 777;
    options.realisations = 5;
    round_trip(&options);
}

static void equal_runs_equal_bytes(void **state)
{
    (void)state;
    const result_fixture_options options = result_fixture_usual();
    char *bytes[2];
    size_t size[2];
    for (int i = 0; i < 2; i++) {
        result_fixture fixture;
        char *const between = malloc(1000 + 100000 * (size_t)i); /* other addresses */
        result_fixture_init(&fixture, &options);
        result_fixture_write(&fixture, "a.nc");
        result_fixture_free(&fixture);
        size[i] = result_slurp("a.nc", &bytes[i]);
        free(between);
        scratch_clear();
    }
    assert_int_equal(size[0], size[1]);
    assert_memory_equal(bytes[0], bytes[1], size[0]);
    free(bytes[0]);
    free(bytes[1]);
}

static void chosen_layers(void **state)
{
    (void)state;
    const result_fixture_options options = result_fixture_usual();
    char name[] = "dud_probability";
    char *list[] = {name};
    result_fixture fixture;
    result_fixture_init(&fixture, &options);
    fixture.model.scenario.layer = list;
    fixture.model.scenario.layer_count = 1;
    result_fixture_write(&fixture, "a.nc");
    uxo_result *const result = result_open_file("a.nc");
    assert_int_equal(uxo_result_layer_count(result), 3);
    assert_string_equal(uxo_result_layer_name(result, 0), "dud_probability");
    assert_null(uxo_result_text(result, "/dud_probability", "ancillary_variables"));
    assert_null(uxo_result_layer_unit(result, "dud_density"));
    uxo_result_close(result);
    result_fixture_free(&fixture);
    scratch_clear();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_what_was_written), cmocka_unit_test(several_chunks),
                                       cmocka_unit_test(expected_value),         cmocka_unit_test(planes_have_names),
                                       cmocka_unit_test(equal_runs_equal_bytes), cmocka_unit_test(chosen_layers)};
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
