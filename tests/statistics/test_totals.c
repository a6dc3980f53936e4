/* test_totals.c - totals and their spread against numbers that were worked out without the engine (docs/model.md, "Closed forms").
 *
 * Seed 20261122. Each judged z fails with probability 7e-6 when nothing is wrong.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "judge.h"
#include "model_fixture.h"
#include "uxosim/expectation.h"

enum { SEED = 20261122, R = 40000 };

static moments run_totals(const model_fixture *fixture, double **totals)
{
    uxo_outcome outcome;
    fixture_run(fixture, 2, &outcome);
    *totals = fixture_totals(&outcome);
    const moments found = judge_moments(*totals, outcome.realisations);
    uxo_outcome_free(&outcome);
    return found;
}

/* N = 644, p ~ U(0.05, 0.20): per strike and shared by ten strikes; p ~ Beta(5, 35). */
static void uncertain_rates_have_the_published_spread(void **state)
{
    static model_fixture fixture;
    double *totals;
    (void)state;
    for (int variant = 0; variant < 4; variant++) {
        const int strikes = variant == 0 || variant == 3 ? 1 : 10;
        fixture_init(&fixture, -500.0, -500.0, 100.0, 10, 10, R, SEED + 10 + (uint64_t)variant);
        fixture.munition[0].dud_rate =
            variant == 3 ? quantity_beta(5.0, 35.0, UXO_PER_STRIKE)
                         : quantity_uniform(0.05, 0.20, variant == 2 ? UXO_PER_CAMPAIGN : UXO_PER_STRIKE);
        if (variant == 2) {
            fixture_share(&fixture, &fixture.munition[0].dud_rate, "m.dud_rate", true);
        }
        for (int i = 0; i < strikes; i++) {
            char id[16];
            snprintf(id, sizeof id, "s%d", i);
            fixture_strike(&fixture, id, 0.0, 0.0);
        }
        const moments found = run_totals(&fixture, &totals);
        static const double variances[] = {29.1008590938 * 29.1008590938, 92.0249966 * 92.0249966,
                                           280.0987326 * 280.0987326, 1175.10365854};
        static const char *const names[] = {"one strike, p ~ U per strike", "ten strikes, independent",
                                            "ten strikes, one rate shared", "one strike, p ~ Beta(5, 35)"};
        puts(names[variant]);
        assert_true(judge_z("mean", found.mean, 80.5 * strikes, found.mean_error));
        assert_true(judge_z("variance", found.variance, variances[variant], found.variance_error));
        if (variant == 0 || variant == 3) {
            static const double quantiles[2][3] = {{36, 80, 127}, {32, 76, 143}};
            assert_true(judge_quantile("5 %", totals, R, 0.05, quantiles[variant / 3][0]));
            assert_true(judge_quantile("50 %", totals, R, 0.5, quantiles[variant / 3][1]));
            assert_true(judge_quantile("95 %", totals, R, 0.95, quantiles[variant / 3][2]));
        }
        free(totals);
        fixture_free(&fixture);
    }
}

/* p_s ~ Beta(m k, (1 - m) k) between strikes: N m (1 - m)(k + N)/(k + 1), N the whole strike's load of three carriers.
 */
static void between_strike_spread_is_beta_binomial(void **state)
{
    static model_fixture fixture;
    double *totals;
    (void)state;
    fixture_init(&fixture, -500.0, -500.0, 100.0, 10, 10, R, SEED + 20);
    fixture.munition[0].submunitions_per_carrier = uxo_quantity_constant(104.0);
    fixture.munition[0].dud_rate = uxo_quantity_constant(0.123);
    fixture.munition[0].varies_between_strikes = true;
    fixture.munition[0].concentration = uxo_quantity_constant(20.0);
    fixture_strike(&fixture, "s", 0.0, 0.0)->carriers = uxo_quantity_constant(3.0);
    const double n = 312.0, m = 0.123, k = 20.0;
    const moments found = run_totals(&fixture, &totals);
    assert_true(judge_z("mean", found.mean, n * m, found.mean_error));
    assert_true(judge_z("variance", found.variance, n * m * (1.0 - m) * (k + n) / (k + 1.0), found.variance_error));
    free(totals);
    fixture_free(&fixture);
}

/* Everything at once: the mean of the total is the sum of products of means. */
static void the_total_is_the_product_of_means(void **state)
{
    static model_fixture fixture;
    double *totals;
    (void)state;
    fixture_init(&fixture, -500.0, -500.0, 100.0, 10, 10, R, SEED + 30);
    fixture.scenario.catalogue.count = 2;
    snprintf(fixture.munition[1].id, sizeof fixture.munition[1].id, "n");
    fixture.munition[0].dud_rate = quantity_beta(5.43, 41.5, UXO_PER_CAMPAIGN);
    fixture_share(&fixture, &fixture.munition[0].dud_rate, "m.dud_rate", true);
    fixture.munition[0].varies_between_strikes = true;
    fixture.munition[0].concentration = uxo_quantity_constant(20.0);
    fixture.munition[1].submunitions_per_carrier = quantity_range(40.0, 60.0);
    fixture.munition[1].submunitions_per_carrier.per = UXO_PER_CARRIER;
    fixture.munition[1].dud_rate = quantity_uniform(0.1, 0.5, UXO_PER_CARRIER);
    /* Uniform, so that an event drawn from the address of its own probability would be far too likely or too rare. */
    fixture.munition[1].carrier_failure = quantity_uniform(0.0, 0.5, UXO_PER_STRIKE);
    for (int i = 0; i < 5; i++) {
        char id[16];
        snprintf(id, sizeof id, "s%d", i);
        uxo_strike *const strike = fixture_strike(&fixture, id, 0.0, 0.0);
        strike->carriers = quantity_range(1.0, 4.0);
        strike->confidence = quantity_uniform(0.4, 1.0, UXO_PER_STRIKE);
        strike->mixture = (uxo_mixture){.count = 2, .munition = {0, 1}, .weight = {0.4, 0.6}};
    }
    const double expected = 5.0 * 0.7 * 2.5 * (0.4 * 644.0 * 5.43 / 46.93 + 0.6 * 0.75 * 50.0 * 0.3);
    assert_near(uxo_expected_total(&fixture.scenario), expected, 1e-9 * expected);
    const moments found = run_totals(&fixture, &totals);
    assert_true(judge_z("mean", found.mean, expected, found.mean_error));
    free(totals);
    fixture_free(&fixture);
}

/* Carriers that did not open lie whole: their number and load against C f N, and no dud of theirs among the duds. */
static void intact_carriers_are_counted_with_their_load(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    (void)state;
    fixture_init(&fixture, -500.0, -500.0, 100.0, 10, 10, R, SEED + 35);
    fixture.munition[0].submunitions_per_carrier = uxo_quantity_constant(50.0);
    fixture.munition[0].carrier_failure = quantity_uniform(0.0, 0.4, UXO_PER_CARRIER);
    fixture_strike(&fixture, "s", 0.0, 0.0)->carriers = uxo_quantity_constant(6.0);
    fixture_run(&fixture, 2, &outcome);
    const double carriers = 6.0 * R;
    assert_true(
        judge_z("carriers that did not open", (double)outcome.intact_carriers / carriers, 0.2, sqrt(0.16 / carriers)));
    assert_int_equal(outcome.intact_submunitions, 50 * outcome.intact_carriers);
    assert_true(judge_z("duds of those that did", (double)outcome.total_duds / carriers, 0.8 * 8.0,
                        sqrt((0.8 * 50.0 * 0.16 * 0.84 + 64.0 * 0.16) / carriers)));
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* They belong to the district of the point where they would have opened: a strike in the western half, one in the eastern,
 * one beyond the grid. */
static void intact_carriers_belong_to_their_district(void **state)
{
    static const double x_m[] = {-300.0, 250.0, 5000.0}, share[] = {2.0, 1.0, 0.0, 3.0};
    static model_fixture fixture;
    uxo_outcome outcome;
    uint64_t carriers = 0, submunitions = 0;
    (void)state;
    fixture_init(&fixture, -500.0, -500.0, 100.0, 10, 10, R, SEED + 36);
    fixture_halves(&fixture);
    fixture.munition[0].submunitions_per_carrier = quantity_range(30.0, 70.0);
    fixture.munition[0].submunitions_per_carrier.per = UXO_PER_CARRIER;
    fixture.munition[0].carrier_failure = uxo_quantity_constant(0.25);
    fixture.munition[0].spread_along_m = uxo_quantity_constant(20.0);
    for (int i = 0; i < 3; i++) {
        char id[8];
        snprintf(id, sizeof id, "s%d", i);
        fixture_strike(&fixture, id, x_m[i], 0.0)->carriers = uxo_quantity_constant(i == 0 ? 2.0 : i == 1 ? 1.0 : 3.0);
    }
    fixture_run(&fixture, 2, &outcome);
    for (uint32_t column = 0; column < 4; column++) {
        const double trials = share[column] * R;
        const double found = (double)outcome.column_carriers[column];
        carriers += outcome.column_carriers[column];
        submunitions += outcome.column_submunitions[column];
        assert_true(trials > 0.0 || found <= 0.0);
        assert_true(judge_z("carriers", found, 0.25 * trials, sqrt(trials * 0.1875) + 1e-9));
        assert_true(judge_z("submunitions", (double)outcome.column_submunitions[column], 50.0 * 0.25 * trials,
                            sqrt(trials * 0.25 * (2500.0 + 140.0 - 0.25 * 2500.0)) + 1e-9));
    }
    assert_int_equal(carriers, outcome.intact_carriers);
    assert_int_equal(submunitions, outcome.intact_submunitions);
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* `check`'s comparison: ten strikes with a rate shared by the campaign, and as if each had one of its own. */
static void totals_as_if_independent_have_their_spread(void **state)
{
    static model_fixture fixture;
    uxo_report report;
    (void)state;
    uxo_report_init(&report);
    fixture_init(&fixture, -500.0, -500.0, 100.0, 10, 10, R, SEED + 36);
    fixture.munition[0].dud_rate = quantity_uniform(0.05, 0.20, UXO_PER_CAMPAIGN);
    fixture_share(&fixture, &fixture.munition[0].dud_rate, "m.dud_rate", true);
    for (int i = 0; i < 10; i++) {
        char id[16];
        snprintf(id, sizeof id, "s%d", i);
        fixture_strike(&fixture, id, 0.0, 0.0);
    }
    double *const totals = calloc(R, sizeof *totals);
    static const double variances[2] = {280.0987326 * 280.0987326, 92.0249966 * 92.0249966};
    for (int independent = 0; independent < 2; independent++) {
        assert_int_equal(uxo_engine_totals(&fixture.scenario, R, independent == 1, totals, &report), UXO_OK);
        const moments found = judge_moments(totals, R);
        assert_true(judge_z("mean", found.mean, 805.0, found.mean_error));
        assert_true(judge_z(independent ? "variance, as if independent" : "variance, shared", found.variance,
                            variances[independent], found.variance_error));
    }
    free(totals);
    uxo_report_free(&report);
    fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uncertain_rates_have_the_published_spread),
        cmocka_unit_test(between_strike_spread_is_beta_binomial),
        cmocka_unit_test(the_total_is_the_product_of_means),
        cmocka_unit_test(intact_carriers_are_counted_with_their_load),
        cmocka_unit_test(intact_carriers_belong_to_their_district),
        cmocka_unit_test(totals_as_if_independent_have_their_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
