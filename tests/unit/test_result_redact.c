/* test_result_redact.c - public copies keep sums and lose strikes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "result_reading.h"
#include "scratch.h"
static double layer_sum(uxo_result *result, const char *layer)
{
    double sum = 0.0;
    float *const cells = result_read_plane(result, layer, 0);
    for (size_t i = 0; i < uxo_grid_cell_count(uxo_result_grid(result)); i++) {
        sum += (double)cells[i];
    }
    free(cells);
    return sum;
}

static void redact_at(uxo_result *result, double block_m)
{
    static const char *const secret[] = {"A-other-report",     "secret-place", "strikes.defaults",
                                         "strikes, \"final\"", "1111111111",   "quoted\", <ref>"};
    const double area = pow(uxo_result_grid(result)->cell_size_m, 2.0);
    uxo_report report;
    uxo_report_init(&report);
    assert_int_equal(uxo_result_redact(result, "public.nc", block_m, &report), UXO_OK);
    uxo_result *const public = result_open_file("public.nc");
    const uxo_grid *const grid = uxo_result_grid(public);
    const double coarse_area = pow(grid->cell_size_m, 2.0);
    assert_true(grid->cell_size_m >= block_m || grid->cell_size_m >= uxo_result_grid(result)->cell_size_m);
    assert_true(grid->xmin_m == uxo_result_grid(result)->xmin_m);
    assert_true(fabs(uxo_grid_ymax_m(grid) - uxo_grid_ymax_m(uxo_result_grid(result))) < 1e-6);
    const double duds = layer_sum(result, "dud_density") * area;
    assert_true(fabs(layer_sum(public, "dud_density") * coarse_area - duds) < 1e-6 * duds);
    const double persons = layer_sum(result, "population");
    assert_true(fabs(layer_sum(public, "population") - persons) < 1e-6 * persons);
    assert_null(uxo_result_text(public, "/", "seed"));
    assert_true(isnan(uxo_result_number(public, "/strikes", "count")));
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++) {
        assert_true(result_holds("a.nc", secret[i]));
        assert_false(result_holds("public.nc", secret[i]));
    }
    assert_true(result_holds("public.nc", "munitions.m.dud_rate"));
    assert_true(result_holds("a.nc", "measured on the same realisations"));
    assert_true(result_holds("public.nc", "not that none can lie there"));
    uxo_result_close(public);
    uxo_report_free(&report);
}

static void public_copies(void **state)
{
    (void)state;
    static const double block_m[] = {20.0, 100.0, 110.0, 333.0, 5000.0, 1e6};
    const result_fixture_options options = result_fixture_usual();
    result_fixture fixture;
    result_fixture_init(&fixture, &options);
    result_fixture_write(&fixture, "a.nc");
    uxo_result *const result = result_open_file("a.nc");
    for (size_t i = 0; i < sizeof block_m / sizeof *block_m; i++) {
        redact_at(result, block_m[i]);
        uxo_result *const public = result_open_file("public.nc");
        result_check_districts(&fixture, public);
        assert_int_equal(uxo_result_layer_unit(public, "dud_probability") != NULL, i == 0);
        uxo_result_close(public);
    }
    uxo_result_close(result);
    result_fixture_free(&fixture);
    assert_int_equal(scratch_clear(), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(public_copies)};
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
