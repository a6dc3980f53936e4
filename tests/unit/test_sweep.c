/* test_sweep.c - what the scenarios of a sweep set: values, distributions, templates, ids with dots, the baseline. Messages: tests/cli/bad_sweep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "uxosim/sweep.h"

static void read_sweep(uxo_sweep *sweep, const char *text)
{
    char path[] = "/tmp/uxosim_sweep_XXXXXX";
    uxo_report report;
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    uxo_report_init(&report);
    const uxo_status status = uxo_sweep_read(sweep, path, &report);
    uxo_report_print(&report, 0, 9, stderr);
    unlink(path);
    assert_int_equal(status, UXO_OK);
    uxo_report_free(&report);
}

static void assert_sets(const uxo_sweep *sweep, uint32_t scenario, const char *const *wanted, size_t count)
{
    uxo_sweep_sets sets;
    uxo_report report;
    uxo_report_init(&report);
    assert_int_equal(uxo_sweep_sets_of(sweep, scenario, &sets, &report), UXO_OK);
    assert_int_equal(sets.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(sets.item[i], wanted[i]);
    }
    uxo_sweep_sets_free(&sets);
    uxo_report_free(&report);
}

static void a_grid_sets_values_and_templates(void **state)
{
    (void)state;
    static const char text[] = "format: 1\nbase: b.yaml\ndesign: {grid: true}\naxes:\n"
                               "  a: {key: 'override.\"rbk-500-shoab-0.5\".dud_rate', values: [0.1, 0.2],\n"
                               "      as: {beta: {mean: value, concentration: 20}, per: campaign}}\n"
                               "  b: {key: strikes.defaults.carriers, values: [2, {range: [1, 4]}]}\n"
                               "baseline: {b: 3}\nlayers: [dud_density]\n";
    static const char *const second[] = {
        "override.\"rbk-500-shoab-0.5\".dud_rate={beta: {mean: 0.1, concentration: 20}, per: campaign}",
        "strikes.defaults.carriers={range: [1, 4]}", "output.variance_realisations=0", "output.layers=[dud_density]"};
    static const char *const baseline[] = {"strikes.defaults.carriers=3", "output.variance_realisations=0",
                                           "output.layers=[dud_density]"};
    uxo_sweep sweep;
    read_sweep(&sweep, text);
    assert_int_equal(uxo_sweep_scenarios(&sweep), 5);
    assert_sets(&sweep, 1, second, 4);
    assert_sets(&sweep, 4, baseline, 3);
    assert_true(isnan(uxo_sweep_number(&sweep, 1, 1)) && isnan(uxo_sweep_point(&sweep, 4, 0)));
    assert_true(fabs(uxo_sweep_number(&sweep, 3, 0) - 0.2) < 1e-15);
    assert_int_equal(uxo_sweep_level(&sweep, 3, 1), 1);
    assert_int_equal(uxo_sweep_level(&sweep, 4, 1), UINT32_MAX);
    uxo_sweep_free(&sweep);
    uxo_sweep_free(&sweep);
}

/* What one axis alone changes; and a list in which values come again and scenarios do not. */
static void one_axis_from_another_scenario(void **state)
{
    (void)state;
    static const char text[] = "format: 1\nbase: b.yaml\ndesign: {list: true}\naxes:\n"
                               "  a: {key: exposure.return_share, values: [0.5, 0.50, 1]}\n"
                               "  b: {key: strikes.defaults.carriers, values: [2, 3, 2]}\n";
    static const char *const wanted[] = {"exposure.return_share=0.5", "strikes.defaults.carriers=3",
                                         "output.variance_realisations=0"};
    uxo_sweep sweep;
    uxo_sweep_sets sets;
    uxo_report report;
    read_sweep(&sweep, text);
    uxo_report_init(&report);
    assert_int_equal(sweep.axis[1].place.line, 6);
    assert_string_equal(sweep.axis[1].place.file, sweep.path);
    assert_int_equal(uxo_sweep_sets_with(&sweep, 0, 1, 1, &sets, &report), UXO_OK);
    assert_int_equal(sets.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(sets.item[i], wanted[i]);
    }
    uxo_sweep_sets_free(&sets);
    uxo_report_free(&report);
    uxo_sweep_free(&sweep);
}

/* Every stratum of a hypercube once, through the quantile function; whole numbers stay whole. */
static void a_hypercube_covers_its_distributions(void **state)
{
    (void)state;
    static const char text[] = "format: 1\nbase: b.yaml\nseed: 9\ndesign: {latin_hypercube: 40}\naxes:\n"
                               "  a: {key: exposure.return_share, uniform: [0.5, 1]}\n"
                               "  b: {key: strikes.defaults.carriers, range: [1, 4]}\n"
                               "  c: {key: strikes.defaults.confidence, values: [0.5, 0.9]}\n";
    uint32_t stratum[40] = {0}, carriers[5] = {0}, confidence[2] = {0};
    uxo_sweep sweep;
    read_sweep(&sweep, text);
    for (uint32_t s = 0; s < 40; s++) {
        const double a = uxo_sweep_number(&sweep, s, 0), b = uxo_sweep_number(&sweep, s, 1);
        assert_true(a > 0.5 && a < 1.0 && b >= 1.0 && b <= 4.0 && !(b > floor(b)));
        stratum[(int)((a - 0.5) * 80.0)]++;
        carriers[(int)b]++;
        confidence[uxo_sweep_level(&sweep, s, 2)]++;
    }
    for (int i = 0; i < 40; i++) {
        assert_int_equal(stratum[i], 1);
    }
    assert_true(carriers[1] == 10 && carriers[2] == 10 && carriers[3] == 10 && carriers[4] == 10);
    assert_true(confidence[0] == 20 && confidence[1] == 20);
    uxo_sweep_free(&sweep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_grid_sets_values_and_templates),
                                       cmocka_unit_test(one_axis_from_another_scenario),
                                       cmocka_unit_test(a_hypercube_covers_its_distributions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
