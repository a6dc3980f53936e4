/* test_expected_value.c - maps of `expected-value`, sampled and in closed form, against each other, against points and
 * against quadrature.
 *
 * Sixty strikes that lie out of each other's reach: cells at the same place beside each of them are independent and have one
 * law. Seed 20261125. Each judged z fails with probability 7e-6, each chi-square with 2e-6, when nothing is wrong.
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "judge.h"
#include "quadrature.h"
#include "sixty_strikes.h"

enum { SEED = 20261125, R = 1500 };

/* Cells of 10 m; strikes at the centres of squares of 800 m, patterns of 60 m x 35 m, everything else uncertain. */
static void sixty_strikes(model_fixture *fixture, uint32_t realisations)
{
    sixty_begin(fixture, realisations, SEED);
    uxo_munition *const munition = &fixture->munition[0];
    sixty_munition(munition);
    munition->submunitions_per_carrier.per = UXO_PER_CARRIER;
    munition->pattern_along_m = uxo_quantity_constant(60.0);
    munition->pattern_across_m = uxo_quantity_constant(35.0);
    for (int i = 0; i < STRIKES; i++) {
        sixty_strike(fixture, i);
        fixture->site[i].location_size_m = uxo_quantity_constant(UXO_R95_PER_SIGMA * 30.0);
    }
    map_run_prepare(fixture, NULL, 0, NULL, 0);
}

/* Cells from the strike's, east and south. */
static const int PLACES[4][2] = {{0, 0}, {4, 1}, {-3, 4}, {7, -5}};
enum { PLACES_TRIED = 4 };

/* Mean and P against the closed form, cell by cell: chi-squares. The variance by the mean of its ratios. */
static void judge_sampled(const map_run *sampled, const map_run *closed, int place)
{
    double ratios[STRIKES], density = 0.0, chance = 0.0;
    for (int i = 0; i < STRIKES; i++) {
        const double mean = sixty_beside(closed, UXO_LAYER_DUD_DENSITY, i, PLACES[place]);
        const double sd = sixty_beside(closed, UXO_LAYER_DUD_DENSITY_SD, i, PLACES[place]);
        const double p = sixty_beside(closed, UXO_LAYER_DUD_PROBABILITY, i, PLACES[place]);
        density += pow((sixty_beside(sampled, UXO_LAYER_DUD_DENSITY, i, PLACES[place]) - mean) / sd, 2.0) * R;
        chance += pow((sixty_beside(sampled, UXO_LAYER_DUD_PROBABILITY, i, PLACES[place]) - p) /
                          sixty_beside(sampled, UXO_LAYER_DUD_PROBABILITY_SE, i, PLACES[place]),
                      2.0);
        ratios[i] = pow(sixty_beside(sampled, UXO_LAYER_DUD_DENSITY_SD, i, PLACES[place]) / sd, 2.0);
    }
    const moments found = judge_moments(ratios, STRIKES);
    assert_true(judge_chi_square("density, sampled against closed form", density, STRIKES));
    assert_true(judge_chi_square("probability, sampled against closed form", chance, STRIKES));
    assert_true(judge_z("variance, sampled against closed form", found.mean, 1.0, found.mean_error));
    assert_true(found.mean_error < 0.02);
}

static void sampling_has_the_closed_form(void **state)
{
    static model_fixture fixture;
    map_run closed, sampled;
    const uxo_engine_options options = {.threads = 2};
    (void)state;
    sixty_strikes(&fixture, 10);
    map_run_make(&closed, &fixture, &options);
    assert_true(closed.outcome.closed_form);
    fixture_free(&fixture);
    sixty_strikes(&fixture, R);
    map_run_force_sampling(&fixture);
    map_run_make(&sampled, &fixture, &options);
    assert_false(sampled.outcome.closed_form);
    assert_string_equal(sampled.outcome.why_sampled, "quantities that all strikes share");
    for (int place = 0; place < PLACES_TRIED; place++) {
        printf("  %d cells east and %d south\n", PLACES[place][0], PLACES[place][1]);
        judge_sampled(&sampled, &closed, place);
    }
    map_run_free(&closed);
    map_run_free(&sampled);
    fixture_free(&fixture);
}

/* Stated: 0 for closed forms, with a bound of the numerical error; else the standard deviation over the root of R. */
static void errors_are_stated(void **state)
{
    static model_fixture fixture;
    map_run closed, sampled;
    const uxo_engine_options options = {.threads = 2};
    (void)state;
    sixty_strikes(&fixture, 100);
    map_run_make(&closed, &fixture, &options);
    const double peak = sixty_beside(&closed, UXO_LAYER_DUD_DENSITY, 0, PLACES[0]);
    const double bound = closed.capture.facts[UXO_LAYER_DUD_DENSITY].numerical_error_bound;
    const double chance_bound = closed.capture.facts[UXO_LAYER_DUD_PROBABILITY].numerical_error_bound;
    printf("  bounds: %.3g of %.3g per hectare, %.3g of %.3g\n", bound, peak, chance_bound,
           sixty_beside(&closed, UXO_LAYER_DUD_PROBABILITY, 0, PLACES[0]));
    assert_true(bound > 0.0 && bound < 1e-3 * peak && chance_bound > 0.0 && chance_bound < 1e-3);
    assert_near(sixty_beside(&closed, UXO_LAYER_DUD_DENSITY_SE, 0, PLACES[0]), 0.0, 0.0);
    map_run_force_sampling(&fixture);
    map_run_make(&sampled, &fixture, &options);
    const double sd = sixty_beside(&sampled, UXO_LAYER_DUD_DENSITY_SD, 0, PLACES[0]);
    assert_near(sixty_beside(&sampled, UXO_LAYER_DUD_DENSITY_SE, 0, PLACES[0]), sd / 10.0, 1e-6 * sd);
    assert_true(isnan(sampled.capture.facts[UXO_LAYER_DUD_DENSITY].numerical_error_bound));
    assert_true(map_run_at(&sampled, UXO_LAYER_DUD_DENSITY_SE, 0, 0, 0) > 0.0); /* reached by nothing: not certain */
    assert_near(map_run_at(&sampled, UXO_LAYER_DUD_DENSITY, 0, 0, 0), 0.0, 0.0);
    map_run_free(&closed);
    map_run_free(&sampled);
    fixture_free(&fixture);
}

/* Points: of a cell, Poisson about the conditional density to a part in a thousand. */
static void points_have_the_expected_maps(void **state)
{
    static model_fixture fixture;
    map_run closed, points;
    const uxo_engine_options options = {.threads = 2};
    const double cell_ha = 0.01;
    (void)state;
    sixty_strikes(&fixture, 6 * R);
    map_run_make(&closed, &fixture, &options);
    fixture.scenario.estimator = UXO_ESTIMATOR_ANALOG;
    map_run_make(&points, &fixture, &options);
    for (int place = 0; place < PLACES_TRIED; place++) {
        double density = 0.0, chance = 0.0;
        for (int i = 0; i < STRIKES; i++) {
            const double mean = sixty_beside(&closed, UXO_LAYER_DUD_DENSITY, i, PLACES[place]) * cell_ha;
            const double sd = sixty_beside(&closed, UXO_LAYER_DUD_DENSITY_SD, i, PLACES[place]) * cell_ha;
            const double p = sixty_beside(&closed, UXO_LAYER_DUD_PROBABILITY, i, PLACES[place]);
            const double found = sixty_beside(&points, UXO_LAYER_DUD_DENSITY, i, PLACES[place]) * cell_ha;
            density += pow(found - mean, 2.0) / ((mean + sd * sd) / (6.0 * R));
            chance += pow(sixty_beside(&points, UXO_LAYER_DUD_PROBABILITY, i, PLACES[place]) - p, 2.0) /
                      (p * (1.0 - p) / (6.0 * R));
        }
        assert_true(judge_chi_square("density, points against closed form", density, STRIKES));
        assert_true(judge_chi_square("probability, points against closed form", chance, STRIKES));
    }
    map_run_free(&points);
    map_run_free(&closed);
    fixture_free(&fixture);
}

/* Duds of each district and realisation are a sum of independent trials about what is expected given the draws; the rows of
 * that add up to what all carriers together are expected to leave. */
static void districts_are_expected_what_they_get(void **state)
{
    enum { REALISATIONS = 20000, DISTRICTS = 24 };
    static model_fixture fixture;
    uxo_outcome outcome;
    double squares = 0.0, worst = 0.0;
    (void)state;
    fixture_init(&fixture, -300.0, -200.0, 100.0, 6, 4, REALISATIONS, SEED + 1);
    fixture_cell_districts(&fixture);
    fixture.scenario.estimator = UXO_ESTIMATOR_EXPECTED_VALUE;
    fixture.munition[0].submunitions_per_carrier = uxo_quantity_constant(80.0);
    fixture.munition[0].dud_rate = quantity_beta(2.0, 8.0, UXO_PER_STRIKE);
    fixture_strike(&fixture, "s", 13.0, -21.0)->heading_unknown = true;
    fixture.site[0].location_size_m = uxo_quantity_constant(200.0);
    fixture_run(&fixture, 2, &outcome);
    double *const difference = calloc(REALISATIONS, sizeof *difference);
    for (uint32_t column = 0; column < DISTRICTS; column++) {
        for (size_t r = 0; r < REALISATIONS; r++) {
            const size_t at = r * outcome.columns + column;
            difference[r] = (double)outcome.dud_count[at] - outcome.conditional[at];
        }
        const moments found = judge_moments(difference, REALISATIONS);
        squares += pow(found.mean / found.mean_error, 2.0);
    }
    for (size_t r = 0; r < REALISATIONS; r++) {
        double sum = 0.0;
        for (uint32_t column = 0; column < outcome.columns; column++) {
            sum += outcome.conditional[r * outcome.columns + column];
        }
        worst = fmax(worst, fabs(sum / outcome.given_mean[r] - 1.0));
    }
    assert_true(judge_chi_square("duds less what is expected, 24 districts", squares, DISTRICTS));
    printf("  rows against the sum over carriers: %.2g\n", worst);
    assert_true(worst < 1e-3); /* squares of at most one and a half standard deviations */
    free(difference);
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* P(at least one) = 1 - E[(1 - pF)^N] by quadrature over the Beta: sampled, far beyond where the closed form holds. */
static void probability_has_its_quadrature(void **state)
{
    enum { REALISATIONS = 20000 };
    static model_fixture fixture;
    map_run run;
    const uxo_engine_options options = {.threads = 2};
    (void)state;
    fixture_init(&fixture, 20.0, 0.0, 10.0, 16, 2, REALISATIONS, SEED + 2);
    fixture.munition[0].dud_rate = quantity_beta(5.0, 35.0, UXO_PER_STRIKE);
    fixture_strike(&fixture, "s", 0.0, 0.0);
    map_run_prepare(&fixture, NULL, 0, NULL, 0);
    map_run_make(&run, &fixture, &options);
    assert_string_equal(run.outcome.why_sampled, "strikes that are too dense");
    for (uint32_t ix = 0; ix < 16; ix += 3) {
        const double x = 20.0 + 10.0 * ix;
        const double f =
            (gsl_cdf_ugaussian_P((x + 10.0) / 50.0) - gsl_cdf_ugaussian_P(x / 50.0)) * (gsl_cdf_ugaussian_P(0.4) - 0.5);
        const double none = quadrature_none(f);
        char name[64];
        snprintf(name, sizeof name, "P(at least one), cell at %g m", x);
        assert_true(judge_z(name, map_run_at(&run, UXO_LAYER_DUD_PROBABILITY, 0, ix, 1), 1.0 - none,
                            map_run_at(&run, UXO_LAYER_DUD_PROBABILITY_SE, 0, ix, 1)));
        snprintf(name, sizeof name, "density, cell at %g m", x);
        assert_true(judge_z(name, map_run_at(&run, UXO_LAYER_DUD_DENSITY, 0, ix, 1), 644.0 * 0.125 * f / 0.01,
                            map_run_at(&run, UXO_LAYER_DUD_DENSITY_SE, 0, ix, 1)));
        assert_near(map_run_at(&run, UXO_LAYER_DUD_DENSITY_SD, 0, ix, 1) /
                        (644.0 * f / 0.01 * sqrt(5.0 * 35.0 / (1600.0 * 41.0))),
                    1.0, 0.03);
    }
    map_run_free(&run);
    fixture_free(&fixture);
}

/* The same place, heading and rate in every realisation: no spread at all, and the binomial's P. */
static void nothing_uncertain_has_no_spread(void **state)
{
    (void)state;
    for (int sampled = 0; sampled < 2; sampled++) {
        static model_fixture fixture;
        map_run run;
        const uxo_engine_options options = {.threads = 2};
        fixture_init(&fixture, -320.0, -320.0, 10.0, 64, 64, 40, SEED + 3);
        fixture.munition[0].submunitions_per_carrier = uxo_quantity_constant(16.0);
        fixture_strike(&fixture, "s", 0.0, 0.0);
        map_run_prepare(&fixture, NULL, 0, NULL, 0);
        if (sampled != 0) {
            map_run_force_sampling(&fixture);
        }
        map_run_make(&run, &fixture, &options);
        assert_int_equal(run.outcome.closed_form, sampled == 0);
        const double q = 0.0123186820806; /* of the published cell */
        assert_near(map_run_at(&run, UXO_LAYER_DUD_DENSITY, 0, 32, 31), 16.0 * 0.16 * q / 0.01, 2e-3);
        assert_near(map_run_at(&run, UXO_LAYER_DUD_PROBABILITY, 0, 32, 31), 1.0 - pow(1.0 - 0.16 * q, 16.0), 2e-5);
        assert_near(map_run_at(&run, UXO_LAYER_DUD_DENSITY_SD, 0, 32, 31), 0.0, 1e-5);
        assert_near(run.outcome.map_total, 16.0 * 0.16, 1e-4 * 16.0 * 0.16);
        map_run_free(&run);
        fixture_free(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sampling_has_the_closed_form),   cmocka_unit_test(errors_are_stated),
        cmocka_unit_test(points_have_the_expected_maps),  cmocka_unit_test(districts_are_expected_what_they_get),
        cmocka_unit_test(probability_has_its_quadrature), cmocka_unit_test(nothing_uncertain_has_no_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
