/* test_self_check_surface.c - with ground and clearance the run's check sees candidates that are too few, duds that stayed too
 * often, a map that is off in one district, and squares that lost something. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "map_run.h"
#include "surface_fixture.h"

enum { R = 2000 };

static void make_run(model_fixture *fixture, map_run *run)
{
    const uxo_engine_options options = {.threads = 2};
    fixture_init(fixture, -400.0, -400.0, 20.0, 40, 40, R, 5);
    fixture_halves(fixture);
    for (int i = 0; i < 2; i++) {
        fixture_strike(fixture, i == 0 ? "a" : "b", i == 0 ? -150.0 : 120.0, 0.0)->day = 100;
    }
    map_run_prepare(fixture, NULL, 0, NULL, 0);
    surface_patchwork(fixture, 101);
    map_run_make(run, fixture, &options);
}

static uxo_status check(const model_fixture *fixture, map_run *run, const char *text)
{
    uxo_report report;
    uxo_report_init(&report);
    const uxo_status status = uxo_engine_self_check(&fixture->scenario, &run->outcome, &report);
    if (strstr(run->outcome.self_check, text) == NULL) {
        fail_msg("'%s' is not in: %s", text, run->outcome.self_check);
    }
    uxo_report_free(&report);
    return status;
}

static void scale(double *values, size_t count, double factor)
{
    for (size_t i = 0; i < count; i++) {
        values[i] *= factor;
    }
}

static void what_is_off_is_seen(void **state)
{
    static model_fixture fixture;
    map_run run;
    (void)state;
    make_run(&fixture, &run);
    assert_int_equal(check(&fixture, &run, "candidates given the draws |z| ="), UXO_OK);
    assert_true(run.outcome.total_duds > 50000);

    scale(run.outcome.given_mean, R, 1.05);
    assert_int_equal(check(&fixture, &run, "IS OUT OF BOUNDS, duds given"), UXO_ERR_SELFCHECK);
    scale(run.outcome.given_mean, R, 1.0 / 1.05);

    scale(run.outcome.kept_mean, R, 0.95);
    assert_int_equal(check(&fixture, &run, "duds given where those lie |z| ="), UXO_ERR_SELFCHECK);
    scale(run.outcome.kept_mean, R, 1.0 / 0.95);

    run.outcome.map_column[1] *= 1.05;
    assert_int_equal(check(&fixture, &run, "OUT OF BOUNDS"), UXO_ERR_SELFCHECK);
    run.outcome.map_column[1] /= 1.05;

    run.outcome.accounted[R / 2] = 1.002;
    assert_int_equal(check(&fixture, &run, "REALISATIONS INCOMPLETE"), UXO_ERR_SELFCHECK);
    run.outcome.accounted[R / 2] = 1.0;

    assert_int_equal(check(&fixture, &run, "the two estimators agree"), UXO_OK);
    map_run_free(&run);
    surface_fixture_free(&fixture);
}

/* Rates about a mean of 0.001 with a concentration of 20 are now and then below 1e-40: nothing in single precision. */
static void rates_of_next_to_nothing_are_no_alarm(void **state)
{
    const uxo_engine_options options = {.threads = 2};
    static model_fixture fixture;
    map_run run;
    (void)state;
    fixture_init(&fixture, -400.0, -400.0, 20.0, 40, 40, 20, 5);
    fixture_strike(&fixture, "a", -150.0, 33.0)->day = 100;
    fixture.munition[0].dud_rate = uxo_quantity_constant(1e-45);
    map_run_prepare(&fixture, NULL, 0, NULL, 0);
    surface_patchwork(&fixture, 101);
    map_run_make(&run, &fixture, &options);
    assert_int_equal(check(&fixture, &run, "the two estimators agree"), UXO_OK);
    assert_true(fabs(run.outcome.accounted[0] - 1.0) > 1e-3); /* which is why nothing is concluded from it */
    map_run_free(&run);
    surface_fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_off_is_seen),
        cmocka_unit_test(rates_of_next_to_nothing_are_no_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
