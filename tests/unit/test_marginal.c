/* test_marginal.c - one strike in closed form against quadrature over all that is uncertain about it (support/one_strike.h).
 * What has no closed form: test_marginal_applies.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "one_strike.h"
#include "uxosim/marginal.h"

static double term_at(const uxo_marginal_term *term, double x, double y)
{
    const double determinant = term->xx * term->yy - term->xy * term->xy;
    const double q = (term->yy * x * x - 2.0 * term->xy * x * y + term->xx * y * y) / determinant;
    return term->amount * exp(-0.5 * q) / (2.0 * M_PI * sqrt(determinant));
}

/* What the closed form says; none: ln P(no dud). */
static strike_moments closed_form(const uxo_marginal *marginal, double x, double y)
{
    strike_moments out = {0.0, 0.0, 0.0};
    double taken = 0.0;
    for (uint32_t i = 0; i < marginal->count; i++) {
        const double pairs = term_at(&marginal->pairs[i], x, y), self = term_at(&marginal->self[i], x, y);
        out.mean += term_at(&marginal->mean[i], x, y);
        out.square += pairs + self;
        taken += pairs + marginal->self_taken[i] * self;
    }
    out.none = -out.mean + 0.5 * (taken - out.mean * out.mean);
    return out;
}

/* At nine places from the middle outwards: mean and P(no dud) within their stated bounds, the mean square within 1e-3 of
 * its peak. */
static void check_every(double step_m, const char *name, model_fixture *fixture)
{
    static uxo_marginal marginal;
    const char *why = NULL;
    const uxo_strike *const strike = &fixture->strike[0];
    double mean_error = 0.0, square_error = 0.0, none_error = 0.0, square_peak = 0.0, peak = 0.0;
    uxo_marginal_of(&fixture->scenario, strike, &(uxo_marginal_memory){.like = NULL}, &marginal);
    assert_true(uxo_marginal_applies(&fixture->scenario, &why));
    assert_null(why);
    for (int place = 0; place < 9; place++) {
        const double reach = step_m * place, x = reach * cos(2.1 * place), y = reach * sin(2.1 * place);
        const strike_moments reference = one_strike_by_quadrature(fixture, strike, x, y),
                             found = closed_form(&marginal, x, y);
        peak = fmax(peak, reference.mean);
        square_peak = fmax(square_peak, reference.square);
        mean_error = fmax(mean_error, fabs(found.mean - reference.mean));
        square_error = fmax(square_error, fabs(found.square - reference.square));
        none_error = fmax(none_error, fabs(found.none - log(reference.none)));
    }
    printf("  %-24s mean %.2g of %.2g allowed, square %.2g of the peak, ln P %.2g of %.2g\n", name,
           mean_error / marginal.mean_peak, marginal.mean_bound, square_error / square_peak, none_error,
           marginal.probability_bound);
    assert_true(peak <= marginal.mean_peak * (1.0 + 1e-9) && peak > 0.5 * marginal.mean_peak);
    assert_true(mean_error <= marginal.mean_bound * marginal.mean_peak);
    assert_true(square_error <= 1e-3 * square_peak);
    assert_true(none_error <= marginal.probability_bound);
    assert_true(marginal.mean_bound < 2e-3 && marginal.probability_bound < 0.02 * marginal.mean_peak);
    fixture_free(fixture);
}

static void check(const char *name, model_fixture *fixture)
{
    check_every(28.0, name, fixture);
}

static void with_everything_fixed(void **state)
{
    static model_fixture fixture;
    static uxo_marginal marginal;
    (void)state;
    one_strike_begin(&fixture);
    uxo_marginal_of(&fixture.scenario, &fixture.strike[0], &(uxo_marginal_memory){.like = NULL}, &marginal);
    assert_true(marginal.certain);
    assert_int_equal(marginal.count, 1);
    check("everything fixed", &fixture);
}

static void with_uncertain_rates(void **state)
{
    static model_fixture fixture;
    static uxo_marginal marginal;
    (void)state;
    one_strike_begin(&fixture);
    fixture.munition[0].dud_rate = quantity_beta(5.0, 35.0, UXO_PER_STRIKE);
    uxo_marginal_of(&fixture.scenario, &fixture.strike[0], &(uxo_marginal_memory){.like = NULL}, &marginal);
    assert_false(marginal.certain);
    check("Beta rate", &fixture);
    one_strike_begin(&fixture)->carriers = uxo_quantity_constant(2.0);
    fixture.munition[0].submunitions_per_carrier = uxo_quantity_constant(20.0);
    fixture.munition[0].dud_rate = quantity_beta(5.0, 45.0, UXO_PER_CARRIER);
    check("Beta rate per carrier", &fixture);
    one_strike_begin(&fixture)->carriers = uxo_quantity_constant(2.0);
    fixture.munition[0].submunitions_per_carrier = uxo_quantity_constant(20.0);
    fixture.munition[0].varies_between_strikes = true;
    fixture.munition[0].concentration = uxo_quantity_constant(12.0);
    check("Beta between strikes", &fixture);
}

static void with_uncertain_headings(void **state)
{
    static model_fixture fixture;
    static const double sd_deg[] = {1.0, 8.0, 15.0, 20.0, 25.0, 40.0};
    (void)state;
    for (size_t i = 0; i < sizeof sd_deg / sizeof sd_deg[0]; i++) {
        char name[32];
        snprintf(name, sizeof name, "heading +- %g degrees", sd_deg[i]);
        uxo_strike *const strike = one_strike_begin(&fixture);
        strike->heading_deg = uxo_quantity_constant(33.0);
        strike->heading_sd_deg = uxo_quantity_constant(sd_deg[i]);
        check(name, &fixture);
    }
    one_strike_begin(&fixture)->heading_unknown = true;
    check("heading unknown", &fixture);
}

/* Patterns many times as long as wide need more headings, or are refused. */
static void with_long_patterns(void **state)
{
    static model_fixture fixture;
    static const double sd_deg[] = {3.0, 10.0, 20.0, 30.0};
    const char *why = NULL;
    int held = 0;
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        char name[40];
        snprintf(name, sizeof name, "240 m x 30 m, heading %zu", i);
        uxo_strike *const strike = one_strike_begin(&fixture);
        strike->heading_unknown = i == 4;
        strike->heading_sd_deg = uxo_quantity_constant(i < 4 ? sd_deg[i] : 0.0);
        fixture.munition[0].pattern_along_m = uxo_quantity_constant(240.0);
        fixture.munition[0].pattern_across_m = uxo_quantity_constant(30.0);
        if (uxo_marginal_applies(&fixture.scenario, &why)) {
            check_every(70.0, name, &fixture);
            held++;
        } else {
            printf("  %-24s %s\n", name, why);
            assert_string_equal(why, "patterns that are long for headings so uncertain");
            fixture_free(&fixture);
        }
    }
    assert_true(held >= 3);
}

static void with_uncertain_places(void **state)
{
    static model_fixture fixture;
    (void)state;
    one_strike_begin(&fixture);
    fixture.site[0].location_size_m = uxo_quantity_constant(UXO_R95_PER_SIGMA * 50.0);
    check("location error", &fixture);
    uxo_strike *const strike = one_strike_begin(&fixture);
    fixture.site[0].location_size_m = uxo_quantity_constant(UXO_R95_PER_SIGMA * 30.0);
    strike->heading_deg = uxo_quantity_constant(70.0);
    strike->heading_sd_deg = uxo_quantity_constant(15.0);
    check("location and heading", &fixture);
}

static void with_several_carriers(void **state)
{
    static model_fixture fixture;
    (void)state;
    one_strike_begin(&fixture)->carriers = uxo_quantity_constant(3.0);
    fixture.munition[0].spread_along_m = uxo_quantity_constant(40.0);
    fixture.munition[0].spread_across_m = uxo_quantity_constant(25.0);
    check("three carriers, spread", &fixture);
    uxo_strike *const strike = one_strike_begin(&fixture);
    strike->carriers = quantity_range(1.0, 4.0);
    strike->confidence = uxo_quantity_constant(0.7);
    fixture.munition[0].carrier_failure = uxo_quantity_constant(0.1);
    fixture.munition[0].submunitions_per_carrier = quantity_range(10.0, 30.0);
    fixture.munition[0].submunitions_per_carrier.per = UXO_PER_CARRIER;
    fixture.munition[0].spread_along_m = uxo_quantity_constant(30.0);
    fixture.munition[0].dud_rate = quantity_beta(5.0, 45.0, UXO_PER_STRIKE);
    check("random loads, carriers", &fixture);
}

static void with_several_munitions(void **state)
{
    static model_fixture fixture;
    (void)state;
    uxo_strike *const strike = one_strike_begin(&fixture);
    strike->mixture = (uxo_mixture){.count = 2, .munition = {0, 1}, .weight = {0.7, 0.3}};
    strike->heading_sd_deg = uxo_quantity_constant(10.0);
    strike->carriers = uxo_quantity_constant(2.0);
    fixture.munition[1] = fixture.munition[0];
    fixture.munition[1].submunitions_per_carrier = uxo_quantity_constant(20.0);
    fixture.munition[1].dud_rate = quantity_beta(3.0, 12.0, UXO_PER_STRIKE);
    fixture.munition[1].pattern_along_m = uxo_quantity_constant(45.0);
    fixture.munition[1].spread_across_m = uxo_quantity_constant(30.0);
    fixture.scenario.catalogue.count = 2;
    check("two munitions", &fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_everything_fixed),   cmocka_unit_test(with_uncertain_rates),
        cmocka_unit_test(with_uncertain_headings), cmocka_unit_test(with_long_patterns),
        cmocka_unit_test(with_uncertain_places),   cmocka_unit_test(with_several_carriers),
        cmocka_unit_test(with_several_munitions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
