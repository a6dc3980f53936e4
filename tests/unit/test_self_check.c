/* test_self_check.c - the run's check of itself: it sees what is wrong, and it leaves rare strikes and heavy tails alone.
 * ctest-timeout: 300 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "map_capture.h"
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

static void make_maps(const model_fixture *fixture, uxo_outcome *outcome);

/* Strikes that hardly ever happened, loads over three decades, few realisations: no false alarm in 200 runs by either estimator. */
static void rare_strikes_and_heavy_tails_are_no_alarm(void **state)
{
    static model_fixture fixture;
    (void)state;
    for (uint64_t seed = 0; seed < 400; seed++) {
        uxo_outcome outcome;
        char line[UXO_SELF_CHECK_SIZE];
        fixture_init(&fixture, -100.0, -100.0, 20.0, 10, 10, seed % 3 == 0 ? 1 : 100, seed / 2);
        fixture.scenario.estimator = seed < 200 ? UXO_ESTIMATOR_ANALOG : UXO_ESTIMATOR_EXPECTED_VALUE;
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
        if (seed >= 200) {
            make_maps(&fixture, &outcome);
        }
        assert_int_equal(check(&fixture, &outcome, line), UXO_OK);
        uxo_outcome_free(&outcome);
        fixture_free(&fixture);
    }
}

/* A run by `expected-value` with its maps: two districts of equal size, three strikes on the left one, one on the right. */
static void make_expected(model_fixture *fixture, uxo_outcome *outcome, bool shared_rate)
{
    fixture_init(fixture, -1000.0, -1000.0, 20.0, 100, 100, 4000, 3);
    fixture->scenario.estimator = UXO_ESTIMATOR_EXPECTED_VALUE;
    fixture->munition[0].submunitions_per_carrier = uxo_quantity_constant(60.0);
    fixture->munition[0].dud_rate = quantity_beta(2.0, 10.0, shared_rate ? UXO_PER_CAMPAIGN : UXO_PER_STRIKE);
    if (shared_rate) {
        fixture_share(fixture, &fixture->munition[0].dud_rate, "m.dud_rate", true);
    }
    fixture->munition[0].pattern_along_m = uxo_quantity_constant(120.0);
    fixture->munition[0].pattern_across_m = uxo_quantity_constant(100.0);
    fixture_halves(fixture);
    for (int i = 0; i < 4; i++) {
        uxo_strike *const strike = fixture_strike(fixture, "s", i == 3 ? 400.0 : -400.0, (double)(i - 1) * 250.0);
        strike->confidence = uxo_quantity_constant(0.8);
        fixture->site[i].location_size_m = uxo_quantity_constant(100.0);
    }
    fixture_run(fixture, 2, outcome);
}

static void make_maps(const model_fixture *fixture, uxo_outcome *outcome)
{
    static map_capture capture;
    uxo_report report;
    uxo_report_init(&report);
    map_capture_init(&capture, &fixture->scenario);
    const uxo_map_sink sink = map_capture_sink(&capture);
    const uxo_engine_options options = {.threads = 1};
    assert_int_equal(uxo_engine_maps(&fixture->scenario, &options, outcome, &sink, &report), UXO_OK);
    map_capture_free(&capture);
    uxo_report_free(&report);
}

typedef void defect(uxo_outcome *outcome);

static void lose_a_realisation(uxo_outcome *outcome)
{
    memset(outcome->conditional + 17 * (size_t)outcome->columns, 0, outcome->columns * sizeof *outcome->conditional);
}

static void take_the_next_realisation(uxo_outcome *outcome)
{
    memcpy(outcome->conditional + 17 * (size_t)outcome->columns, outcome->conditional + 18 * (size_t)outcome->columns,
           outcome->columns * sizeof *outcome->conditional);
}

static void swap_districts(uxo_outcome *outcome)
{
    for (size_t r = 0; r < outcome->realisations; r++) {
        double *const row = outcome->conditional + r * outcome->columns;
        const double first = row[0];
        row[0] = row[1];
        row[1] = first;
    }
}

static void leave_a_number_out(uxo_outcome *outcome)
{
    outcome->conditional[5] = NAN;
}

static void halve_the_map(uxo_outcome *outcome)
{
    outcome->map_total *= 0.5;
}

/* What is seeded before the maps shows in their cells. */
static void shift_the_points(uxo_outcome *outcome)
{
    const size_t tile = UXO_SAMPLE_CELLS;
    memmove(outcome->sample_count + 4, outcome->sample_count, (outcome->tile_count * tile - 4) * sizeof(uint32_t));
}

static void both_estimators_agree_with_either_map(void **state)
{
    static model_fixture fixture;
    (void)state;
    for (int shared = 0; shared < 2; shared++) {
        uxo_outcome outcome;
        char line[UXO_SELF_CHECK_SIZE];
        make_expected(&fixture, &outcome, shared == 1);
        make_maps(&fixture, &outcome);
        assert_int_equal(outcome.closed_form, shared == 0);
        assert_int_equal(check(&fixture, &outcome, line), UXO_OK);
        assert_non_null(strstr(line, "the two estimators agree: districts |z| up to "));
        assert_true(outcome.map_check.cells > 20);
        const double mean_square = outcome.map_check.squares / (double)outcome.map_check.cells;
        assert_true(mean_square > 0.3 && mean_square < 3.0);
        uxo_outcome_free(&outcome);
        fixture_free(&fixture);
    }
}

static void a_defect_of_either_estimator_is_seen(void **state)
{
    static const struct {
        defect *before, *after;
        const char *word;
    } cases[] = {{NULL, lose_a_realisation, "REALISATIONS INCOMPLETE"},
                 {NULL, take_the_next_realisation, "REALISATIONS INCOMPLETE"},
                 {NULL, leave_a_number_out, "REALISATIONS INCOMPLETE"},
                 {NULL, swap_districts, "OUT OF BOUNDS"},
                 {NULL, halve_the_map, "OUT OF BOUNDS"},
                 {shift_the_points, NULL, "CELLS OUT OF BOUNDS"}};
    static model_fixture fixture;
    (void)state;
    for (int shared = 0; shared < 2; shared++) {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            uxo_outcome outcome;
            char line[UXO_SELF_CHECK_SIZE];
            make_expected(&fixture, &outcome, shared == 1);
            if (cases[i].before != NULL) {
                cases[i].before(&outcome);
            }
            make_maps(&fixture, &outcome);
            if (cases[i].after != NULL) {
                cases[i].after(&outcome);
            }
            assert_int_equal(check(&fixture, &outcome, line), UXO_ERR_SELFCHECK);
            assert_non_null(strstr(line, "DISAGREE"));
            assert_non_null(strstr(line, cases[i].word));
            uxo_outcome_free(&outcome);
            fixture_free(&fixture);
        }
    }
}

/* Known places on and beside borders, patterns narrower than a square, one realisation: the worst for areas split evenly. */
static void borders_and_narrow_patterns_are_no_alarm(void **state)
{
    static const double along_m[] = {1.0, 20.0, 120.0};
    static model_fixture fixture;
    (void)state;
    for (uint64_t seed = 0; seed < 36; seed++) {
        uxo_outcome outcome;
        char line[UXO_SELF_CHECK_SIZE];
        fixture_init(&fixture, -510.0 + 10.0 * (double)(seed % 2), -500.0, 20.0, 50, 50, seed % 4 == 0 ? 1 : 300, seed);
        fixture.scenario.estimator = UXO_ESTIMATOR_EXPECTED_VALUE;
        fixture.munition[0].submunitions_per_carrier = uxo_quantity_constant(20000.0);
        fixture.munition[0].pattern_along_m = uxo_quantity_constant(along_m[seed % 3]);
        fixture.munition[0].pattern_across_m = uxo_quantity_constant(along_m[seed / 3 % 3]);
        fixture_halves(&fixture);
        fixture_strike(&fixture, "a", -60.0 + 30.0 * (double)(seed % 5), 480.0);
        fixture_run(&fixture, 1, &outcome);
        make_maps(&fixture, &outcome);
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
        cmocka_unit_test(both_estimators_agree_with_either_map),
        cmocka_unit_test(a_defect_of_either_estimator_is_seen),
        cmocka_unit_test(borders_and_narrow_patterns_are_no_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
