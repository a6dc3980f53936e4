/* test_closed_forms.c - the engine against numbers that were worked out without it (R, quadrature; docs/model.md,
 * "Closed forms").
 *
 * Seed 20261122. Each judged z fails with probability 7e-6, each chi-square with 2e-6, when nothing is wrong.
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
#include "model_fixture.h"
#include "quadrature.h"
#include "uxosim/draws.h"

enum { SEED = 20261122, R = 40000 };

/* The whole distribution of one column (a cell made a district): mean, variance, P(>= 1), P(>= 2). */
static void judge_cell(const uxo_outcome *outcome, uint32_t column, const double expected[4])
{
    double *const counts = calloc(outcome->realisations, sizeof *counts);
    double one = 0.0, two = 0.0;
    const double n = outcome->realisations;
    for (size_t r = 0; r < outcome->realisations; r++) {
        counts[r] = outcome->dud_count[r * outcome->columns + column];
        one += counts[r] >= 1.0;
        two += counts[r] >= 2.0;
    }
    const moments found = judge_moments(counts, outcome->realisations);
    assert_true(judge_z("mean", found.mean, expected[0], found.mean_error));
    assert_true(judge_z("variance", found.variance, expected[1], found.variance_error));
    assert_true(judge_z("P(>= 1)", one / n, expected[2], sqrt(expected[2] * (1.0 - expected[2]) / n)));
    if (expected[3] * n > 10.0) {
        assert_true(judge_z("P(>= 2)", two / n, expected[3], sqrt(expected[3] * (1.0 - expected[3]) / n)));
    }
    free(counts);
}

/* One strike, N = 644, p = 0.16, sd 50 (x) and 25 (y) m, release at the origin; three published cells, a fraction, a
 * covariance. */
static void one_strike_has_the_published_cells(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    (void)state;
    printf("seed %d\n", SEED);
    fixture_init(&fixture, -100.0, -50.0, 10.0, 22, 11, R, SEED);
    fixture_strike(&fixture, "s", 0.0, 0.0);
    fixture_cell_districts(&fixture);
    fixture_run(&fixture, 2, &outcome);
    const uint32_t nx = 22, ny = 11;
    const uint32_t centre = (ny - 1 - 5) * nx + 10, east = (ny - 1 - 5) * nx + 15, corner = (ny - 1 - 10) * nx + 20;
    puts("cell 0-10, 0-10");
    judge_cell(&outcome, centre, (const double[]){1.26931700158, 1.26681519156, 0.71932828109, 0.36236332236});
    puts("cell 50-60, 0-10");
    judge_cell(&outcome, east, (const double[]){0.698008140808, 0.697251595211, 0.502612902163, 0.155055954425});
    puts("cell 100-110, 50-60");
    judge_cell(&outcome, corner,
               (const double[]){0.0132655988358, 0.0132653255809, 0.0131781333928, 8.70807286599e-05});
    double inside = 0.0, product = 0.0, squares = 0.0;
    for (size_t r = 0; r < R; r++) {
        const uint32_t *const row = outcome.dud_count + r * outcome.columns;
        for (uint32_t iy = 1; iy < ny; iy++) { /* row 0 is 50-60 m north, columns 20 and 21 are east of 100 m */
            for (uint32_t ix = 0; ix < 20; ix++) {
                inside += row[iy * nx + ix];
            }
        }
        const double term = (row[centre] - 1.26931700158) * (row[centre + 1] - 644 * 0.16 * 0.0118363);
        product += term;
        squares += term * term;
    }
    assert_true(
        judge_z("duds inside +-100 x +-50 m", inside / R, 93.8766266507, sqrt(93.8766 * (1.0 - 0.16 * 0.911) / R)));
    assert_true(judge_z("covariance of neighbouring cells", product / R, -0.00240403272, sqrt(squares) / R));
    double *const totals = fixture_totals(&outcome);
    const moments found = judge_moments(totals, R);
    assert_true(judge_z("total, mean", found.mean, 103.04, found.mean_error));
    assert_true(judge_z("total, variance", found.variance, 86.5536, found.variance_error));
    assert_true(judge_quantile("total, 2.5 %", totals, R, 0.025, 85.0));
    assert_true(judge_quantile("total, 97.5 %", totals, R, 0.975, 122.0));
    free(totals);
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* All cells of the map against N p dPhi dPhi, chi-square; also the mean of the map's own standard errors. */
static void the_map_has_the_closed_form(void **state)
{
    static model_fixture fixture;
    static float density[UXO_TILE_CELLS], error[UXO_TILE_CELLS];
    uxo_outcome outcome;
    double sum = 0.0, cells = 0.0;
    (void)state;
    fixture_init(&fixture, -130.0, -77.0, 7.0, 37, 22, R, SEED + 1);
    fixture_strike(&fixture, "s", 3.0, -2.0);
    fixture_run(&fixture, 2, &outcome);
    uxo_outcome_tile(&fixture.scenario, &outcome, UXO_LAYER_DUD_DENSITY, 0, density);
    uxo_outcome_tile(&fixture.scenario, &outcome, UXO_LAYER_DUD_DENSITY_SE, 0, error);
    for (uint32_t iy = 0; iy < 22; iy++) {
        for (uint32_t ix = 0; ix < 37; ix++) {
            const double x = uxo_grid_x_m(&fixture.scenario.grid, ix) - 3.0,
                         y = uxo_grid_y_m(&fixture.scenario.grid, iy) + 2.0;
            const double q = (gsl_cdf_ugaussian_P((x + 3.5) / 50.0) - gsl_cdf_ugaussian_P((x - 3.5) / 50.0)) *
                             (gsl_cdf_ugaussian_P((y + 3.5) / 25.0) - gsl_cdf_ugaussian_P((y - 3.5) / 25.0));
            const double expected = 644.0 * 0.16 * q / 0.0049;
            const uint32_t cell = iy * UXO_TILE + ix;
            const double true_error = sqrt(644.0 * 0.16 * q * (1.0 - 0.16 * q) / R) / 0.0049;
            sum += pow(((double)density[cell] - expected) / true_error, 2.0);
            cells += 1.0;
            if (expected * 0.0049 * R > 400.0) {
                assert_near((double)error[cell] / true_error, 1.0, 0.2);
            }
        }
    }
    assert_true(judge_chi_square("density of 814 cells of 7 m", sum, cells));
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* A heading known to 15 degrees: the bearing scatters by that; an unknown one is anywhere. */
static void headings_scatter_as_reported(void **state)
{
    static model_fixture fixture;
    (void)state;
    fixture_init(&fixture, 0.0, 0.0, 1.0, 1, 1, 1, SEED + 45);
    uxo_strike *const strike = fixture_strike(&fixture, "s", 0.0, 0.0);
    strike->heading_sd_deg = uxo_quantity_constant(15.0);
    double *const degrees = calloc(R, sizeof *degrees);
    double unknown_sine = 0.0, unknown_cosine = 0.0;
    for (uint32_t r = 0; r < R; r++) {
        uxo_strike_draw draw;
        strike->heading_unknown = false;
        uxo_draw_strike(&fixture.scenario, strike, uxo_draw_from(r), NULL, NULL, &draw);
        degrees[r] = atan2(draw.bearing_sin, draw.bearing_cos) * 180.0 / M_PI;
        strike->heading_unknown = true;
        uxo_draw_strike(&fixture.scenario, strike, uxo_draw_from(r), NULL, NULL, &draw);
        unknown_sine += draw.bearing_sin / R;
        unknown_cosine += draw.bearing_cos / R;
    }
    const moments found = judge_moments(degrees, R);
    assert_true(judge_z("mean heading", found.mean, 90.0, found.mean_error));
    assert_true(judge_z("variance of the heading", found.variance, 225.0, found.variance_error));
    assert_true(judge_z("mean sine of an unknown heading", unknown_sine, 0.0, sqrt(0.5 / R)));
    assert_true(judge_z("mean cosine of an unknown heading", unknown_cosine, 0.0, sqrt(0.5 / R)));
    free(degrees);
    fixture_free(&fixture);
}

/* Location error normal, heading fixed: covariances add. Location error on a disc: the share within half its radius is
 * 1/4. */
static void location_errors_move_the_mean(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    (void)state;
    fixture_init(&fixture, -20.0, -10.0, 20.0, 2, 1, R, SEED + 40);
    fixture.munition[0].spread_along_m = uxo_quantity_constant(30.0);
    fixture.munition[0].spread_across_m = uxo_quantity_constant(10.0);
    uxo_strike *strike = fixture_strike(&fixture, "s", 0.0, 0.0);
    strike->heading_deg = uxo_quantity_constant(0.0); /* along is north: x is across */
    fixture.site[0].location_size_m = uxo_quantity_constant(2.4477468306808166 * 40.0);
    fixture_run(&fixture, 2, &outcome);
    const double sd_x = sqrt(25.0 * 25.0 + 10.0 * 10.0 + 40.0 * 40.0),
                 sd_y = sqrt(50.0 * 50.0 + 30.0 * 30.0 + 40.0 * 40.0);
    const double q = 2.0 * (gsl_cdf_ugaussian_P(20.0 / sd_x) - 0.5) * 2.0 * (gsl_cdf_ugaussian_P(10.0 / sd_y) - 0.5);
    double *counts = calloc(R, sizeof *counts);
    for (size_t r = 0; r < R; r++) {
        counts[r] = outcome.dud_count[r * 2];
    }
    moments found = judge_moments(counts, R);
    assert_true(judge_z("duds on the grid, covariances added", found.mean, 103.04 * q, found.mean_error));
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);

    fixture_init(&fixture, -50.0, -50.0, 100.0, 1, 1, R, SEED + 41);
    fixture.munition[0].pattern_along_m = fixture.munition[0].pattern_across_m = uxo_quantity_constant(0.01);
    fixture_strike(&fixture, "s", 0.0, 0.0);
    fixture.site[0].location_kind = UXO_LOCATION_DISC;
    fixture.site[0].location_size_m = uxo_quantity_constant(300.0);
    fixture_run(&fixture, 2, &outcome);
    for (size_t r = 0; r < R; r++) {
        counts[r] = outcome.dud_count[r * 2] > 0;
    }
    found = judge_moments(counts, R);
    assert_true(judge_z("strikes on a square of 100 m in a disc of 300 m", found.mean, 10000.0 / (M_PI * 90000.0),
                        found.mean_error));
    free(counts);
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* P(at least one) = 1 - E[(1 - pF)^N] by quadrature over the Beta. */
static void probability_of_at_least_one_has_its_quadrature(void **state)
{
    static model_fixture fixture;
    static float probability[UXO_TILE_CELLS];
    uxo_outcome outcome;
    (void)state;
    fixture_init(&fixture, 20.0, 0.0, 10.0, 8, 2, R, SEED + 50);
    fixture.munition[0].dud_rate = quantity_beta(5.0, 35.0, UXO_PER_STRIKE);
    fixture_strike(&fixture, "s", 0.0, 0.0);
    fixture_run(&fixture, 2, &outcome);
    uxo_outcome_tile(&fixture.scenario, &outcome, UXO_LAYER_DUD_PROBABILITY, 0, probability);
    for (uint32_t ix = 0; ix < 8; ix++) {
        const double x = 20.0 + 10.0 * ix;
        const double f =
            (gsl_cdf_ugaussian_P((x + 10.0) / 50.0) - gsl_cdf_ugaussian_P(x / 50.0)) * (gsl_cdf_ugaussian_P(0.4) - 0.5);
        const double none = quadrature_none(f);
        char name[64];
        snprintf(name, sizeof name, "P(at least one), cell at %g m", x);
        assert_true(judge_z(name, (double)probability[UXO_TILE + ix], 1.0 - none, sqrt(none * (1.0 - none) / R)));
    }
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* Clusters: quadrat variance of n strikes placed at random on a disc A. With mu = N p duds a strike, sigma the pattern
 * and I(a) = a erf(a/2 sigma) - (2 sigma/sqrt(pi))(1 - exp(-a^2/4 sigma^2)) per axis: n (N p q + N (N-1) p^2 I^2/A - (N
 * p q)^2), q = a^2/A. Quadrats far inside the disc. */
static void quadrats_have_the_variance_of_clusters(void **state)
{
    enum { N_STRIKES = 40, CELLS = 16 };
    static model_fixture fixture;
    uxo_outcome outcome;
    const double a = 40.0, sigma = 30.0, radius = 1000.0, load = 50.0, p = 0.16, area = M_PI * radius * radius;
    (void)state;
    fixture_init(&fixture, -80.0, -80.0, a, 4, 4, R, SEED + 60);
    fixture_cell_districts(&fixture);
    fixture.munition[0].submunitions_per_carrier = uxo_quantity_constant(load);
    fixture.munition[0].pattern_along_m = fixture.munition[0].pattern_across_m = uxo_quantity_constant(sigma);
    for (int i = 0; i < N_STRIKES; i++) {
        char id[16];
        snprintf(id, sizeof id, "s%02d", i);
        fixture_strike(&fixture, id, 0.0, 0.0)->heading_unknown = true;
        fixture.site[i].location_kind = UXO_LOCATION_DISC;
        fixture.site[i].location_size_m = uxo_quantity_constant(radius);
    }
    fixture_run(&fixture, 2, &outcome);
    const double along =
        a * erf(a / (2.0 * sigma)) - 2.0 * sigma / sqrt(M_PI) * (1.0 - exp(-a * a / (4.0 * sigma * sigma)));
    const double q = a * a / area;
    const double mean = N_STRIKES * load * p * q;
    const double variance =
        N_STRIKES * (load * p * q + load * (load - 1.0) * p * p * along * along / area - load * p * q * load * p * q);
    double *const counts = calloc((size_t)R, sizeof *counts);
    double sum_mean = 0.0, sum_variance = 0.0, error_mean = 0.0, error_variance = 0.0;
    for (uint32_t cell = 0; cell < CELLS; cell++) {
        for (size_t r = 0; r < R; r++) {
            counts[r] = outcome.dud_count[r * outcome.columns + cell];
        }
        const moments found = judge_moments(counts, R);
        sum_mean += found.mean / CELLS;
        sum_variance += found.variance / CELLS;
        error_mean +=
            found.mean_error / CELLS; /* cells are correlated: their errors are added, not averaged in quadrature */
        error_variance += found.variance_error / CELLS;
    }
    assert_true(judge_z("mean of a quadrat", sum_mean, mean, error_mean));
    assert_true(judge_z("variance of a quadrat", sum_variance, variance, error_variance));
    assert_true(variance > 1.9 * mean); /* far from Poisson: the test would see a model without clusters */
    free(counts);
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* Carriers of one event are spread evenly over its reported places. */
static void carriers_are_spread_over_the_reports(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    (void)state;
    fixture_init(&fixture, 0.0, 0.0, 1000.0, 3, 1, R, SEED + 70);
    fixture_cell_districts(&fixture);
    fixture.munition[0].pattern_along_m = fixture.munition[0].pattern_across_m = uxo_quantity_constant(1.0);
    fixture_strike(&fixture, "e", 500.0, 500.0)->carriers = uxo_quantity_constant(4.0);
    fixture_site(&fixture, "b", 1500.0, 500.0);
    fixture_site(&fixture, "c", 2500.0, 500.0);
    fixture_run(&fixture, 2, &outcome);
    double mean[3] = {0, 0, 0}, variance[3] = {0, 0, 0};
    for (size_t r = 0; r < R; r++) {
        for (int c = 0; c < 3; c++) {
            const double count = outcome.dud_count[r * outcome.columns + (size_t)c];
            assert_true(count > 0.0); /* no place is left out when there are enough carriers */
            mean[c] += count / R;
            variance[c] += count * count / R;
        }
    }
    for (int c = 0; c < 3; c++) {
        assert_true(judge_z("duds at one of three places", mean[c], 4.0 * 103.04 / 3.0,
                            sqrt((variance[c] - mean[c] * mean[c]) / R)));
    }
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_strike_has_the_published_cells),
        cmocka_unit_test(the_map_has_the_closed_form),
        cmocka_unit_test(headings_scatter_as_reported),
        cmocka_unit_test(location_errors_move_the_mean),
        cmocka_unit_test(probability_of_at_least_one_has_its_quadrature),
        cmocka_unit_test(quadrats_have_the_variance_of_clusters),
        cmocka_unit_test(carriers_are_spread_over_the_reports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
