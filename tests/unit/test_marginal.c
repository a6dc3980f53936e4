/* test_marginal.c - one strike in closed form against quadrature over all that is uncertain about it: heading by 181
 * equidistant nodes, places and spreads by Gauss-Hermite, rates by Gauss-Jacobi, carriers and loads by enumeration, cells
 * by Gauss-Legendre. No random numbers. */
#include <gsl/gsl_integration.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "model_fixture.h"
#include "uxosim/marginal.h"

enum { MOST_NODES = 400, NORMAL_NODES = 24, RATE_NODES = 12, HEADINGS = 181, CELL_NODES = 3 };

/* Values and weights that add up to 1. */
typedef struct rule {
    int count;
    double at[MOST_NODES], weight[MOST_NODES];
} rule;

static rule single(double at)
{
    rule out = {.count = 1};
    out.at[0] = at;
    out.weight[0] = 1.0;
    return out;
}

static rule fixed_rule(const gsl_integration_fixed_type *type, size_t count, double a, double b, double alpha,
                       double beta)
{
    rule out = {.count = (int)count};
    double sum = 0.0;
    gsl_integration_fixed_workspace *const workspace = gsl_integration_fixed_alloc(type, count, a, b, alpha, beta);
    for (size_t i = 0; i < count; i++) {
        out.at[i] = gsl_integration_fixed_nodes(workspace)[i];
        out.weight[i] = gsl_integration_fixed_weights(workspace)[i];
        sum += out.weight[i];
    }
    gsl_integration_fixed_free(workspace);
    for (size_t i = 0; i < count; i++) {
        out.weight[i] /= sum;
    }
    return out;
}

/* A normal of standard deviation sd. */
static rule normal_rule(double sd)
{
    rule out = sd > 0.0 ? fixed_rule(gsl_integration_fixed_hermite, NORMAL_NODES, 0.0, 0.5, 0.0, 0.0) : single(0.0);
    for (int i = 0; i < out.count; i++) {
        out.at[i] *= sd;
    }
    return out;
}

static rule beta_rule(double alpha, double beta)
{
    return fixed_rule(gsl_integration_fixed_jacobi, RATE_NODES, 0.0, 1.0, beta - 1.0, alpha - 1.0);
}

/* Constants, ranges and Betas. */
static rule quantity_rule(const uxo_quantity *quantity)
{
    if (quantity->form == UXO_FORM_BETA) {
        return beta_rule(quantity->p[0], quantity->p[1]);
    }
    rule out = {.count = 1 + (quantity->form == UXO_FORM_RANGE ? (int)(quantity->p[1] - quantity->p[0]) : 0)};
    for (int i = 0; i < out.count; i++) {
        out.at[i] = quantity->p[0] + i;
        out.weight[i] = 1.0 / out.count;
    }
    return out;
}

static double moment(const rule *self, int power)
{
    double sum = 0.0;
    for (int i = 0; i < self->count; i++) {
        sum += self->weight[i] * pow(self->at[i], power);
    }
    return sum;
}

/* Bearings [rad]. */
static rule heading_rule(const uxo_strike *strike)
{
    const double reported = uxo_quantity_mean(&strike->heading_deg) * M_PI / 180.0;
    const double sd = uxo_quantity_mean(&strike->heading_sd_deg) * M_PI / 180.0;
    rule out = {.count = HEADINGS};
    double sum = 0.0;
    if (!strike->heading_unknown && !(sd > 0.0)) {
        return single(reported);
    }
    for (int i = 0; i < HEADINGS; i++) {
        const double t = strike->heading_unknown ? 0.0 : 7.0 * (2.0 * i / (HEADINGS - 1.0) - 1.0);
        out.at[i] = strike->heading_unknown ? 2.0 * M_PI * i / HEADINGS : reported + t * sd;
        out.weight[i] = exp(-0.5 * t * t);
        sum += out.weight[i];
    }
    for (int i = 0; i < HEADINGS; i++) {
        out.weight[i] /= sum;
    }
    return out;
}

/* One munition with everything that it and its strike leave open. */
typedef struct situation {
    const uxo_munition *munition;
    double cell_m, location_sd_m, exists, fails;
    rule carriers, load, rate;
    bool rate_per_carrier, load_per_carrier;
    rule place, spread_along, spread_across, cell;
} situation;

static situation situation_of(const model_fixture *fixture, const uxo_strike *strike, uint32_t which)
{
    const uxo_munition *const m = &fixture->munition[strike->mixture.munition[which]];
    situation out = {.munition = m, .cell_m = fixture->scenario.grid.cell_size_m};
    const uxo_site *const site = &fixture->site[strike->first_site];
    out.location_sd_m = uxo_quantity_mean(&site->location_size_m) / UXO_R95_PER_SIGMA;
    out.exists = uxo_quantity_mean(&strike->confidence);
    out.fails = uxo_quantity_mean(&m->carrier_failure);
    out.carriers = quantity_rule(&strike->carriers);
    out.load = quantity_rule(&m->submunitions_per_carrier);
    out.rate = quantity_rule(&m->dud_rate);
    if (m->varies_between_strikes) {
        const double mean = uxo_quantity_mean(&m->dud_rate), k = uxo_quantity_mean(&m->concentration);
        out.rate = beta_rule(mean * k, (1.0 - mean) * k);
    }
    out.rate_per_carrier = m->dud_rate.per == UXO_PER_CARRIER && !m->varies_between_strikes;
    out.load_per_carrier = m->submunitions_per_carrier.per == UXO_PER_CARRIER;
    out.place = normal_rule(out.location_sd_m);
    out.spread_along = normal_rule(uxo_quantity_mean(&m->spread_along_m));
    out.spread_across = normal_rule(uxo_quantity_mean(&m->spread_across_m));
    out.cell = fixed_rule(gsl_integration_fixed_legendre, CELL_NODES, -0.5, 0.5, 0.0, 0.0);
    return out;
}

/* Share of a pattern in the cell whose centre lies (x, y) from the pattern's [m]. */
static double share(const situation *self, double bearing, double x, double y)
{
    const double along_m = uxo_quantity_mean(&self->munition->pattern_along_m);
    const double across_m = uxo_quantity_mean(&self->munition->pattern_across_m);
    const double s = sin(bearing), c = cos(bearing), h = self->cell_m;
    double sum = 0.0;
    for (int i = 0; i < CELL_NODES * CELL_NODES; i++) {
        const int column = i % CELL_NODES, row = i / CELL_NODES;
        const double u = x + self->cell.at[column] * h, v = y + self->cell.at[row] * h;
        const double along = (u * s + v * c) / along_m, across = (u * c - v * s) / across_m;
        sum += self->cell.weight[column] * self->cell.weight[row] * exp(-0.5 * (along * along + across * across));
    }
    return sum * h * h / (2.0 * M_PI * along_m * across_m);
}

/* Mean over the spread of carriers of F, F^2 and, for each rate, of the chance that a carrier leaves nothing. */
typedef struct carrier_means {
    double f, ff;
    double none[RATE_NODES]; /* loads per carrier averaged */
} carrier_means;

static carrier_means over_spread(const situation *self, double bearing, double x, double y)
{
    carrier_means out = {0.0, 0.0, {0.0}};
    const double s = sin(bearing), c = cos(bearing);
    for (int i = 0; i < self->spread_along.count; i++) {
        for (int j = 0; j < self->spread_across.count; j++) {
            const double along = self->spread_along.at[i], across = self->spread_across.at[j];
            const double weight = self->spread_along.weight[i] * self->spread_across.weight[j];
            const double f = share(self, bearing, x - along * s - across * c, y - along * c + across * s);
            out.f += weight * f;
            out.ff += weight * f * f;
            for (int r = 0; r < self->rate.count; r++) {
                for (int n = 0; n < self->load.count; n++) {
                    out.none[r] += weight * self->load.weight[n] * pow(1.0 - self->rate.at[r] * f, self->load.at[n]);
                }
            }
        }
    }
    return out;
}

/* E[product over carriers of the chance of nothing]. */
static double none_of(const situation *self, const carrier_means *carrier)
{
    double none = 0.0, averaged = 0.0;
    for (int r = 0; r < self->rate.count; r++) {
        averaged += self->rate.weight[r] * carrier->none[r];
    }
    for (int k = 0; k < self->carriers.count; k++) {
        for (int r = 0; r < self->rate.count; r++) {
            const double one =
                self->fails + (1.0 - self->fails) * (self->rate_per_carrier ? averaged : carrier->none[r]);
            none += self->carriers.weight[k] * self->rate.weight[r] * pow(one, self->carriers.at[k]);
        }
    }
    return none;
}

typedef struct expected {
    double mean, square, none;
} expected;

static expected brute_force(const model_fixture *fixture, const uxo_strike *strike, double x, double y)
{
    expected out = {0.0, 0.0, 0.0};
    const rule headings = heading_rule(strike);
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        const situation at = situation_of(fixture, strike, j);
        const double n = moment(&at.load, 1), p = moment(&at.rate, 1), k = moment(&at.carriers, 1);
        const double opens = 1.0 - at.fails;
        const double pairs = (moment(&at.carriers, 2) - k) * opens * opens *
                             (at.load_per_carrier ? n * n : moment(&at.load, 2)) *
                             (at.rate_per_carrier ? p * p : moment(&at.rate, 2));
        const double self = k * opens * moment(&at.load, 2) * moment(&at.rate, 2);
        for (int i = 0; i < headings.count; i++) {
            for (int c = 0; c < at.place.count * at.place.count; c++) {
                const double weight = strike->mixture.weight[j] * headings.weight[i] *
                                      at.place.weight[c % at.place.count] * at.place.weight[c / at.place.count];
                const carrier_means carrier = over_spread(&at, headings.at[i], x - at.place.at[c % at.place.count],
                                                          y - at.place.at[c / at.place.count]);
                out.mean += weight * at.exists * k * opens * n * p * carrier.f;
                out.square += weight * at.exists * (pairs * carrier.f * carrier.f + self * carrier.ff);
                out.none += weight * (1.0 - at.exists + at.exists * none_of(&at, &carrier));
            }
        }
    }
    return out;
}

static double term_at(const uxo_marginal_term *term, double x, double y)
{
    const double determinant = term->xx * term->yy - term->xy * term->xy;
    const double q = (term->yy * x * x - 2.0 * term->xy * x * y + term->xx * y * y) / determinant;
    return term->amount * exp(-0.5 * q) / (2.0 * M_PI * sqrt(determinant));
}

/* What the closed form says; none: ln P(no dud). */
static expected closed_form(const uxo_marginal *marginal, double x, double y)
{
    expected out = {0.0, 0.0, 0.0};
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

/* Cells of 10 m, patterns of 60 m x 35 m, 50 submunitions of which a tenth fail. */
static uxo_strike *begin(model_fixture *fixture)
{
    fixture_init(fixture, -640.0, -640.0, 10.0, 128, 128, 1, 1);
    fixture->munition[0].submunitions_per_carrier = uxo_quantity_constant(50.0);
    fixture->munition[0].dud_rate = uxo_quantity_constant(0.1);
    fixture->munition[0].pattern_along_m = uxo_quantity_constant(60.0);
    fixture->munition[0].pattern_across_m = uxo_quantity_constant(35.0);
    return fixture_strike(fixture, "s", 0.0, 0.0);
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
        const expected reference = brute_force(fixture, strike, x, y), found = closed_form(&marginal, x, y);
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
    begin(&fixture);
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
    begin(&fixture);
    fixture.munition[0].dud_rate = quantity_beta(5.0, 35.0, UXO_PER_STRIKE);
    uxo_marginal_of(&fixture.scenario, &fixture.strike[0], &(uxo_marginal_memory){.like = NULL}, &marginal);
    assert_false(marginal.certain);
    check("Beta rate", &fixture);
    begin(&fixture)->carriers = uxo_quantity_constant(2.0);
    fixture.munition[0].submunitions_per_carrier = uxo_quantity_constant(20.0);
    fixture.munition[0].dud_rate = quantity_beta(5.0, 45.0, UXO_PER_CARRIER);
    check("Beta rate per carrier", &fixture);
    begin(&fixture)->carriers = uxo_quantity_constant(2.0);
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
        uxo_strike *const strike = begin(&fixture);
        strike->heading_deg = uxo_quantity_constant(33.0);
        strike->heading_sd_deg = uxo_quantity_constant(sd_deg[i]);
        check(name, &fixture);
    }
    begin(&fixture)->heading_unknown = true;
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
        uxo_strike *const strike = begin(&fixture);
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
    begin(&fixture);
    fixture.site[0].location_size_m = uxo_quantity_constant(UXO_R95_PER_SIGMA * 50.0);
    check("location error", &fixture);
    uxo_strike *const strike = begin(&fixture);
    fixture.site[0].location_size_m = uxo_quantity_constant(UXO_R95_PER_SIGMA * 30.0);
    strike->heading_deg = uxo_quantity_constant(70.0);
    strike->heading_sd_deg = uxo_quantity_constant(15.0);
    check("location and heading", &fixture);
}

static void with_several_carriers(void **state)
{
    static model_fixture fixture;
    (void)state;
    begin(&fixture)->carriers = uxo_quantity_constant(3.0);
    fixture.munition[0].spread_along_m = uxo_quantity_constant(40.0);
    fixture.munition[0].spread_across_m = uxo_quantity_constant(25.0);
    check("three carriers, spread", &fixture);
    uxo_strike *const strike = begin(&fixture);
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
    uxo_strike *const strike = begin(&fixture);
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

/* A meridian that is not north on the grid turns the pattern. */
static void north_is_that_of_the_place(void **state)
{
    static model_fixture fixture;
    static uxo_marginal plain, turned;
    (void)state;
    uxo_strike *const strike = begin(&fixture);
    strike->heading_deg = uxo_quantity_constant(50.0);
    uxo_marginal_of(&fixture.scenario, strike, &(uxo_marginal_memory){.like = NULL}, &plain);
    strike->heading_deg = uxo_quantity_constant(48.0);
    fixture.site[0].north_rad = 2.0 * M_PI / 180.0;
    uxo_marginal_of(&fixture.scenario, strike, &(uxo_marginal_memory){.like = NULL}, &turned);
    assert_near(turned.mean[0].xy, plain.mean[0].xy, 1e-9 * plain.mean[0].xx);
    assert_true(plain.mean[0].xy > 500.0); /* 50 degrees from north: to the north-east */
    fixture_free(&fixture);
}

static void assert_refused(model_fixture *fixture, const char *phrase)
{
    const char *why = NULL;
    assert_false(uxo_marginal_applies(&fixture->scenario, &why));
    assert_non_null(why);
    assert_string_equal(why, phrase);
    fixture_free(fixture);
}

static void what_has_no_closed_form_is_refused(void **state)
{
    static model_fixture fixture;
    (void)state;
    begin(&fixture);
    fixture_share(&fixture, &fixture.munition[0].dud_rate, "m.dud_rate", true);
    assert_refused(&fixture, "quantities that all strikes share");
    begin(&fixture);
    fixture_site(&fixture, "b", 50.0, 0.0);
    assert_refused(&fixture, "a strike with several reported places");
    begin(&fixture);
    fixture.site[0].location_kind = UXO_LOCATION_DISC;
    fixture.site[0].location_size_m = uxo_quantity_constant(50.0);
    assert_refused(&fixture, "a location error that is not normal");
    begin(&fixture);
    fixture.site[0].location_size_m = quantity_uniform(20.0, 50.0, UXO_PER_STRIKE);
    assert_refused(&fixture, "a location error that is not normal");
    begin(&fixture)->heading_deg = quantity_uniform(20.0, 50.0, UXO_PER_STRIKE);
    assert_refused(&fixture, "a heading that is neither unknown nor normal");
    begin(&fixture)->heading_sd_deg = uxo_quantity_constant(41.0);
    assert_refused(&fixture, "a heading that is neither unknown nor normal");
    begin(&fixture);
    fixture.munition[0].pattern_across_m = quantity_uniform(20.0, 50.0, UXO_PER_STRIKE);
    assert_refused(&fixture, "sizes that are distributions");
    begin(&fixture);
    fixture.munition[0].spread_along_m = quantity_uniform(20.0, 50.0, UXO_PER_STRIKE);
    assert_refused(&fixture, "sizes that are distributions");
    begin(&fixture);
    fixture.munition[0].varies_between_strikes = true;
    fixture.munition[0].concentration = quantity_uniform(5.0, 50.0, UXO_PER_STRIKE);
    assert_refused(&fixture, "a concentration that is a distribution");
    begin(&fixture);
    fixture.munition[0].pattern_across_m = uxo_quantity_constant(19.9);
    assert_refused(&fixture, "cells that are not small against the patterns");
    begin(&fixture)->heading_unknown = true;
    fixture.munition[0].pattern_along_m = uxo_quantity_constant(3000.0);
    assert_refused(&fixture, "patterns that are long for headings so uncertain");
    begin(&fixture)->carriers = uxo_quantity_constant(40.0);
    fixture.munition[0].dud_rate = quantity_uniform(0.05, 0.6, UXO_PER_STRIKE);
    assert_refused(&fixture, "strikes that are too dense");
}

/* The second strike counts too. */
static void one_obstacle_is_enough(void **state)
{
    static model_fixture fixture;
    (void)state;
    begin(&fixture);
    fixture_strike(&fixture, "t", 100.0, 100.0);
    fixture.site[1].location_kind = UXO_LOCATION_DISC;
    assert_refused(&fixture, "a location error that is not normal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_everything_fixed),
        cmocka_unit_test(with_uncertain_rates),
        cmocka_unit_test(with_uncertain_headings),
        cmocka_unit_test(with_long_patterns),
        cmocka_unit_test(with_uncertain_places),
        cmocka_unit_test(with_several_carriers),
        cmocka_unit_test(with_several_munitions),
        cmocka_unit_test(north_is_that_of_the_place),
        cmocka_unit_test(what_has_no_closed_form_is_refused),
        cmocka_unit_test(one_obstacle_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
