/* test_cost.c - what a run is expected to take grows with what it has to do. How right it is: bench/. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "judge.h"
#include "model_fixture.h"

static void work_is_counted(void **state)
{
    (void)state;
    model_fixture fixture;
    double bytes[3], seconds[3];
    fixture_init(&fixture, 0.0, 0.0, 10.0, 500, 500, 1000000, 1);
    fixture_strike(&fixture, "a", 2500.0, 2500.0);
    uxo_engine_cost(&fixture.scenario, &bytes[0], &seconds[0]);
    fixture.scenario.realisations *= 2;
    uxo_engine_cost(&fixture.scenario, &bytes[1], &seconds[1]);
    /* One carrier and 644 x 0.16 duds a realisation, at 45 and 6 ns. */
    assert_near(seconds[1] - seconds[0], 1e6 * (45e-9 + 644.0 * 0.16 * 6e-9), 1e-9);
    assert_true(bytes[1] > bytes[0]);
    fixture_strike(&fixture, "b", 1000.0, 1000.0);
    uxo_engine_cost(&fixture.scenario, &bytes[2], &seconds[2]);
    assert_true(seconds[2] > 1.9 * seconds[1] && seconds[2] < 2.1 * seconds[1]);
    fixture_free(&fixture);
}

/* Both estimators draw the same points; the second one adds up patterns beside. */
static void expected_values_cost_by_the_pattern(void **state)
{
    (void)state;
    model_fixture fixture;
    double bytes[2], seconds[3];
    fixture_init(&fixture, 0.0, 0.0, 10.0, 500, 500, 2000, 1);
    fixture_strike(&fixture, "a", 2500.0, 2500.0);
    uxo_engine_cost(&fixture.scenario, &bytes[0], &seconds[0]);
    fixture.scenario.estimator = UXO_ESTIMATOR_EXPECTED_VALUE;
    uxo_engine_cost(&fixture.scenario, &bytes[1], &seconds[1]);
    /* 25 m across: squares of 25 m, a lattice of 10 m, an area of pi x 27.63 x 50 m x 25 m; 250 bytes a carrier. */
    const double points = 3.14159265358979 * 27.631021 * 50.0 * 25.0 * (1.0 / 625.0 + 1.0 / 100.0);
    assert_near(seconds[1] - seconds[0], 2000.0 * points * 2.5e-9, 1e-6);
    assert_near(bytes[1] - bytes[0], 2000.0 * (250.0 + 2.0 * 3.0 * 8.0), 1.0);
    fixture_share(&fixture, &fixture.munition[0].dud_rate, "m.dud_rate", true);
    uxo_engine_cost(&fixture.scenario, &bytes[1], &seconds[2]);
    assert_true(seconds[2] - seconds[0] > 1.5 * (seconds[1] - seconds[0]));
    fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(work_is_counted),
                                       cmocka_unit_test(expected_values_cost_by_the_pattern)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
