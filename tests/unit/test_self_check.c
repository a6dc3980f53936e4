/* test_self_check.c - the run's check of itself: it sees what is wrong, and it leaves rare strikes and heavy tails alone. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "model_fixture.h"

static uxo_status check(const model_fixture *fixture, uxo_outcome *outcome, char line[UXO_SELF_CHECK_SIZE])
{
    uxo_report report;
    uxo_report_init(&report);
    const uxo_status status = uxo_engine_self_check(&fixture->scenario, outcome, &report);
    memcpy(line, outcome->self_check, UXO_SELF_CHECK_SIZE);
    assert_true((status == UXO_OK) == (report.error_count == 0));
    uxo_report_free(&report);
    return status;
}

static void make(model_fixture *fixture, uxo_outcome *outcome)
{
    fixture_init(fixture, -100.0, -100.0, 20.0, 10, 10, 200, 3);
    fixture_strike(fixture, "a", 0.0, 0.0);
    fixture_strike(fixture, "b", 90.0, 0.0);
    fixture_run(fixture, 2, outcome);
}

static void a_sound_run_passes_and_says_so(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    char line[UXO_SELF_CHECK_SIZE];
    (void)state;
    make(&fixture, &outcome);
    assert_int_equal(check(&fixture, &outcome, line), UXO_OK);
    assert_non_null(strstr(line, "rows, cells and strikes add up to the"));
    assert_non_null(strstr(line, "total against closed form |z| = "));
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

static void a_single_dud_too_many_is_seen_anywhere(void **state)
{
    static model_fixture fixture;
    (void)state;
    for (int place = 0; place < 4; place++) {
        uxo_outcome outcome;
        char line[UXO_SELF_CHECK_SIZE];
        make(&fixture, &outcome);
        uint64_t *const counts[] = {NULL, &outcome.tile[0]->sum[5], &outcome.strike_duds[0], &outcome.total_duds};
        if (place == 0) {
            outcome.dud_count[7]++;
        } else {
            ++*counts[place];
        }
        assert_int_equal(check(&fixture, &outcome, line), UXO_ERR_SELFCHECK);
        assert_non_null(strstr(line, "DO NOT ADD UP"));
        uxo_outcome_free(&outcome);
        fixture_free(&fixture);
    }
}

/* One per cent of all duds thinned away everywhere, consistently: the sums still agree, the draws above do not. */
static void a_rate_that_is_off_is_seen(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    char line[UXO_SELF_CHECK_SIZE];
    (void)state;
    fixture_init(&fixture, -100.0, -100.0, 20.0, 10, 10, 4000, 3);
    fixture_strike(&fixture, "a", 0.0, 0.0);
    fixture_run(&fixture, 2, &outcome);
    assert_int_equal(check(&fixture, &outcome, line), UXO_OK);
    for (size_t r = 0; r < outcome.realisations; r++) {
        outcome.given_mean[r] *= 1.01;
    }
    assert_int_equal(check(&fixture, &outcome, line), UXO_ERR_SELFCHECK);
    assert_non_null(strstr(line, "OUT OF BOUNDS"));
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* Strikes that hardly ever happened, loads over three decades, few realisations: no false alarm in 200 runs. */
static void rare_strikes_and_heavy_tails_are_no_alarm(void **state)
{
    static model_fixture fixture;
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        uxo_outcome outcome;
        char line[UXO_SELF_CHECK_SIZE];
        fixture_init(&fixture, -100.0, -100.0, 20.0, 10, 10, seed % 3 == 0 ? 1 : 100, seed);
        fixture.munition[0].submunitions_per_carrier = uxo_quantity_constant(20.0);
        fixture.munition[0].dud_rate = uxo_quantity_constant(seed % 2 == 0 ? 0.001 : 1.0);
        uxo_strike *const strike = fixture_strike(&fixture, "s", 0.0, 0.0);
        strike->confidence = uxo_quantity_constant(0.02);
        strike->carriers = uxo_quantity_constant(1.0);
        strike->carriers.form = UXO_FORM_LOGNORMAL;
        strike->carriers.integer = true;
        strike->carriers.lower = 1.0;
        strike->carriers.upper = 100000.0;
        strike->carriers.p[0] = 2.0;
        strike->carriers.p[1] = 2.0;
        fixture_run(&fixture, 1, &outcome);
        assert_int_equal(check(&fixture, &outcome, line), UXO_OK);
        uxo_outcome_free(&outcome);
        fixture_free(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_run_passes_and_says_so),
        cmocka_unit_test(a_single_dud_too_many_is_seen_anywhere),
        cmocka_unit_test(a_rate_that_is_off_is_seen),
        cmocka_unit_test(rare_strikes_and_heavy_tails_are_no_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
