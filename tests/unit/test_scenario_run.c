/* test_scenario_run.c - the sections run and output: seed, day, how long a run is, which maps it has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "scenario_fixture.h"

static void as_of_and_seed_are_taken(void **state)
{
    (void)state;
    scenario_fixture f;
    scenario_fixture_init(&f);
    scenario_fixture_must_read(
        &f, "format: 1\nrun: {realisations: 7, seed: 18446744073709551615, as_of: 2023-12-31}\n" GRID REST STRIKES,
        NULL, 0);
    assert_true(f.scenario.seed == UINT64_MAX);
    assert_int_equal(f.scenario.as_of_day, 19722);
    uxo_scenario_free(&f.scenario);
    assert_int_equal(
        scenario_fixture_read(&f, "format: 1\nrun: {realisations: 7, as_of: 2999-12-31}\n" GRID REST STRIKES, NULL, 0),
        UXO_ERR_DATA);
    scenario_fixture_free(&f);
}

static void output_layers_are_listed(void **state)
{
    (void)state;
    scenario_fixture f;
    scenario_fixture_init(&f);
    scenario_fixture_must_read(&f, HEAD GRID REST STRIKES "output: {layers: [dud_density, district]}\n", NULL, 0);
    assert_int_equal(f.scenario.layer_count, 2);
    assert_string_equal(f.scenario.layer[1], "district");
    uxo_scenario_free(&f.scenario);
    scenario_fixture_must_read(&f, HEAD GRID REST STRIKES "output: {layers: all}\n", NULL, 0);
    assert_null(f.scenario.layer);
    scenario_fixture_free(&f);
}

static void quantiles_and_thresholds_ascend(void **state)
{
    (void)state;
    static const double quantile[] = {0.05, 0.5, 0.95}, threshold[] = {1, 10};
    scenario_fixture f;
    scenario_fixture_init(&f);
    scenario_fixture_must_read(&f, HEAD GRID REST STRIKES, NULL, 0);
    assert_int_equal(f.scenario.map_quantile_count, 3);
    assert_memory_equal(f.scenario.map_quantile, quantile, sizeof quantile);
    assert_int_equal(f.scenario.threshold_count, 2);
    assert_memory_equal(f.scenario.threshold_per_ha, threshold, sizeof threshold);
    scenario_fixture_expect(&f.scenario, "output.quantiles", "[0.05, 0.5, 0.95]", UXO_MARK_DEFAULT, "built-in default");
    uxo_scenario_free(&f.scenario);
    scenario_fixture_must_read(
        &f, HEAD GRID REST STRIKES "output: {quantiles: [0.9, 0.1], density_thresholds_per_ha: [0.5]}\n", NULL, 0);
    assert_int_equal(f.scenario.map_quantile_count, 2);
    assert_true(f.scenario.map_quantile[0] == 0.1 && f.scenario.map_quantile[1] == 0.9);
    assert_int_equal(f.scenario.threshold_count, 1);
    assert_true(f.scenario.threshold_per_ha[0] == 0.5);
    scenario_fixture_expect(&f.scenario, "output.quantiles", "[0.9, 0.1]", UXO_MARK_GIVEN, "s.yaml:6");
    uxo_scenario_free(&f.scenario);
    scenario_fixture_must_read(&f, "format: 1\nrun: {realisations: 9, estimator: analog}\n" GRID REST STRIKES, NULL, 0);
    assert_int_equal(f.scenario.estimator, UXO_ESTIMATOR_ANALOG);
    assert_int_equal(f.scenario.map_quantile_count + f.scenario.threshold_count, 0); /* it has no such maps */
    assert_null(scenario_fixture_used(&f.scenario, "output.quantiles"));
    assert_null(scenario_fixture_used(&f.scenario, "output.density_thresholds_per_ha"));
    scenario_fixture_free(&f);
}

static void a_run_may_last_until_an_error_is_reached(void **state)
{
    (void)state;
    scenario_fixture f;
    scenario_fixture_init(&f);
    scenario_fixture_must_read(&f, "format: 1\nrun: {until: {relative_error: 0.02}}\n" GRID REST STRIKES, NULL, 0);
    assert_true(f.scenario.until.given && f.scenario.until.relative_error == 0.02);
    assert_true(isnan(f.scenario.until.min_density_per_ha));
    assert_int_equal(f.scenario.realisations, 1000000);
    scenario_fixture_expect(&f.scenario, "run.until.relative_error", "0.02", UXO_MARK_GIVEN, "s.yaml:2");
    scenario_fixture_expect(&f.scenario, "run.until.max_realisations", "1000000", UXO_MARK_DEFAULT, "built-in default");
    scenario_fixture_expect(&f.scenario, "run.until.min_density_per_ha", "1 % of the largest density", UXO_MARK_DEFAULT,
                            "built-in default");
    assert_null(scenario_fixture_used(&f.scenario, "run.realisations"));
    uxo_scenario_free(&f.scenario);
    scenario_fixture_must_read(
        &f,
        "format: 1\nrun: {until: {relative_error: 0.5, min_density_per_ha: 0.1, max_realisations: 1000}}\n" GRID REST
            STRIKES,
        NULL, 0);
    assert_true(f.scenario.until.min_density_per_ha == 0.1);
    assert_int_equal(f.scenario.realisations, 1000);
    scenario_fixture_expect(&f.scenario, "run.until.min_density_per_ha", "0.1", UXO_MARK_GIVEN, "s.yaml:2");
    uxo_scenario_free(&f.scenario);
    scenario_fixture_must_read(&f, HEAD GRID REST STRIKES, NULL, 0);
    assert_null(scenario_fixture_used(&f.scenario, "run.until.max_realisations"));
    assert_null(scenario_fixture_used(&f.scenario, "run.until.min_density_per_ha"));
    scenario_fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_of_and_seed_are_taken),
        cmocka_unit_test(output_layers_are_listed),
        cmocka_unit_test(quantiles_and_thresholds_ascend),
        cmocka_unit_test(a_run_may_last_until_an_error_is_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
