/* test_expected_order.c - quantiles, exceedance, containment and affected area of `expected-value` where they are known.
 *
 * One strike at a fixed place with a rate from a Beta: the conditional density of a cell is that rate times a constant, and
 * the rate of each realisation is known from what all its carriers are expected to leave. Seed 20261126. Each judged
 * quantile fails with probability 7e-6 when nothing is wrong.
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "map_run.h"

enum { SEED = 20261126, R = 3000, QUANTILES = 5, THRESHOLDS = 3 };
static double quantiles[QUANTILES] = {0.05, 0.25, 0.5, 0.9, 0.99};
static double thresholds_per_ha[THRESHOLDS] = {5.0, 20.0, 60.0};

static int ascending(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* Share of the pattern, 60 m along x and 35 m along y, in a cell. */
static double share(const uxo_grid *grid, uint32_t ix, uint32_t iy)
{
    const double half = 0.5 * grid->cell_size_m, x = uxo_grid_x_m(grid, ix), y = uxo_grid_y_m(grid, iy);
    return (gsl_cdf_ugaussian_P((x + half) / 60.0) - gsl_cdf_ugaussian_P((x - half) / 60.0)) *
           (gsl_cdf_ugaussian_P((y + half) / 35.0) - gsl_cdf_ugaussian_P((y - half) / 35.0));
}

/* A square of 600 m about the strike. */
static void one_strike(model_fixture *fixture, double cell_m)
{
    const uint32_t side = (uint32_t)(600.0 / cell_m + 0.5);
    fixture_init(fixture, -300.0, -300.0, cell_m, side, side, R, SEED);
    fixture->munition[0].pattern_along_m = uxo_quantity_constant(60.0);
    fixture->munition[0].pattern_across_m = uxo_quantity_constant(35.0);
    fixture->munition[0].dud_rate = quantity_beta(5.0, 35.0, UXO_PER_STRIKE);
    fixture_strike(fixture, "s", 0.0, 0.0);
    map_run_prepare(fixture, quantiles, QUANTILES, thresholds_per_ha, THRESHOLDS);
}

/* Largest error of a quantile plane, relative to its largest value, and where it is a hundredth of that, to itself. */
static void compare_quantile(const map_run *run, uint32_t plane, double duds, double *of_peak, double *relative)
{
    const double per_ha = 1.0 / uxo_grid_cell_ha(run->grid);
    const double peak = duds * share(run->grid, run->grid->nx / 2, run->grid->ny / 2) * per_ha;
    for (uint32_t i = 0; i < run->grid->nx * run->grid->ny; i++) {
        const uint32_t ix = i % run->grid->nx, iy = i / run->grid->nx;
        const double expected = duds * share(run->grid, ix, iy) * per_ha;
        const double found = map_run_at(run, UXO_LAYER_DUD_DENSITY_QUANTILE, plane, ix, iy);
        *of_peak = fmax(*of_peak, fabs(found - expected) / peak);
        *relative = expected > 0.01 * peak ? fmax(*relative, fabs(found / expected - 1.0)) : *relative;
    }
}

/* Share of realisations above the threshold: exact but for those within a part in a thousand of it. */
static size_t wrong_exceedances(const map_run *run, uint32_t plane, const double *sorted)
{
    const double per_ha = 1.0 / uxo_grid_cell_ha(run->grid);
    size_t wrong = 0;
    for (uint32_t i = 0; i < run->grid->nx * run->grid->ny; i += 7) {
        const uint32_t ix = i % run->grid->nx, iy = i / run->grid->nx;
        const double factor = share(run->grid, ix, iy) * per_ha;
        double surely = 0.0, perhaps = 0.0;
        for (size_t r = 0; r < R; r++) {
            surely += sorted[r] * factor * 0.998 > thresholds_per_ha[plane];
            perhaps += sorted[r] * factor * 1.002 > thresholds_per_ha[plane];
        }
        const double found = map_run_at(run, UXO_LAYER_EXCEEDANCE_PROBABILITY, plane, ix, iy) * R;
        wrong += found < surely - 0.01 || found > perhaps + 0.01;
    }
    return wrong;
}

static double *sorted_duds(const map_run *run)
{
    double *const sorted = calloc(R, sizeof *sorted);
    memcpy(sorted, run->outcome.given_mean, R * sizeof *sorted);
    qsort(sorted, R, sizeof *sorted, ascending);
    return sorted;
}

/* Cells as the lattice. */
static void quantiles_are_those_of_the_rate(void **state)
{
    static model_fixture fixture;
    map_run run;
    const uxo_engine_options options = {.threads = 2};
    (void)state;
    one_strike(&fixture, 15.0);
    map_run_make(&run, &fixture, &options);
    double *const sorted = sorted_duds(&run);
    double of_peak = 0.0, relative = 0.0;
    for (uint32_t q = 0; q < QUANTILES; q++) {
        compare_quantile(&run, q, sorted[(size_t)ceil(quantiles[q] * R) - 1], &of_peak, &relative);
        assert_true(judge_quantile("duds of all carriers", sorted, R, quantiles[q],
                                   644.0 * gsl_cdf_beta_Pinv(quantiles[q], 5.0, 35.0)));
    }
    printf("  quantiles: error %.2g of the peak, relative %.2g\n", of_peak, relative);
    assert_true(of_peak < 1.5e-4 && relative < 1.5e-3);
    for (uint32_t t = 0; t < THRESHOLDS; t++) {
        assert_int_equal(wrong_exceedances(&run, t, sorted), 0);
    }
    free(sorted);
    map_run_free(&run);
    fixture_free(&fixture);
}

/* Cells of 2 m: the lattice has one point in four of them. */
static void coarse_lattices_are_interpolated(void **state)
{
    static model_fixture fixture;
    map_run run;
    const uxo_engine_options options = {.threads = 2};
    (void)state;
    one_strike(&fixture, 2.0);
    fixture.scenario.threshold_count = 0;
    map_run_make(&run, &fixture, &options);
    double *const sorted = sorted_duds(&run);
    double of_peak = 0.0, relative = 0.0;
    for (uint32_t q = 0; q < QUANTILES; q++) {
        compare_quantile(&run, q, sorted[(size_t)ceil(quantiles[q] * R) - 1], &of_peak, &relative);
    }
    printf("  interpolated quantiles: error %.2g of the peak, relative %.2g\n", of_peak, relative);
    assert_true(of_peak < 1e-3 && relative < 5e-3);
    free(sorted);
    map_run_free(&run);
    fixture_free(&fixture);
}

/* Everything uncertain: quantiles of few realisations have kinks, which the lattice rounds off. A munition that never occurs decides the step of the lattice. */
static void uncertain_strikes(model_fixture *fixture, bool every_cell)
{
    fixture_init(fixture, -500.0, -500.0, 4.0, 250, 250, 1200, SEED + 1);
    fixture->munition[0].submunitions_per_carrier = uxo_quantity_constant(60.0);
    fixture->munition[0].dud_rate = quantity_beta(2.0, 10.0, UXO_PER_STRIKE);
    fixture->munition[0].pattern_along_m = uxo_quantity_constant(60.0);
    fixture->munition[0].pattern_across_m = uxo_quantity_constant(35.0);
    fixture->munition[0].spread_along_m = uxo_quantity_constant(60.0);
    fixture->munition[1] = fixture->munition[0];
    fixture->munition[1].pattern_across_m = uxo_quantity_constant(8.0);
    fixture->scenario.catalogue.count = 2;
    for (int i = 0; i < 4; i++) {
        char id[8];
        snprintf(id, sizeof id, "s%d", i);
        uxo_strike *const strike = fixture_strike(fixture, id, 170.0 * i - 250.0, 90.0 * (i % 2) - 40.0);
        strike->mixture = (uxo_mixture){.count = every_cell ? 2 : 1, .munition = {0, 1}, .weight = {1.0, 0.0}};
        strike->carriers = quantity_range(1.0, 4.0);
        strike->heading_unknown = true;
        fixture->site[i].location_kind = UXO_LOCATION_DISC;
        fixture->site[i].location_size_m = uxo_quantity_constant(80.0);
    }
    map_run_prepare(fixture, quantiles, QUANTILES, thresholds_per_ha, THRESHOLDS);
}

static void the_lattice_does_not_matter(void **state)
{
    static model_fixture fixture;
    map_run every, coarse;
    const uxo_engine_options options = {.threads = 2};
    (void)state;
    uncertain_strikes(&fixture, true);
    map_run_make(&every, &fixture, &options);
    fixture_free(&fixture);
    uncertain_strikes(&fixture, false);
    map_run_make(&coarse, &fixture, &options);
    for (uint32_t plane = 0; plane < QUANTILES + THRESHOLDS; plane++) {
        const bool quantile = plane < QUANTILES;
        const uxo_layer layer = quantile ? UXO_LAYER_DUD_DENSITY_QUANTILE : UXO_LAYER_EXCEEDANCE_PROBABILITY;
        double largest = 0.0, worst = 0.0, squares = 0.0;
        for (uint32_t i = 0; i < 250 * 250; i++) {
            const double a = map_run_at(&every, layer, quantile ? plane : plane - QUANTILES, i % 250, i / 250);
            const double b = map_run_at(&coarse, layer, quantile ? plane : plane - QUANTILES, i % 250, i / 250);
            largest = fmax(largest, a);
            worst = fmax(worst, fabs(a - b));
            squares += (a - b) * (a - b) / (250.0 * 250.0);
        }
        printf("  plane %u: largest %.4g, differences %.2g at most, %.2g on the average, of that\n", plane, largest,
               worst / largest, sqrt(squares) / largest);
        /* A threshold is crossed by whole realisations: 1200 of them know 0.03 to a fifth. */
        const double scale = quantile ? largest : fmax(largest, 0.15);
        assert_true(largest > 0.0 && worst < 0.15 * scale && sqrt(squares) < 0.005 * scale);
    }
    map_run_free(&every);
    map_run_free(&coarse);
    fixture_free(&fixture);
}

typedef struct ranked {
    double *density; /* descending, ends with 0 */
    double *share;   /* of all expected duds in cells at least as dense */
    size_t count;
} ranked;

static int descending(const void *left, const void *right)
{
    return ascending(right, left);
}

static ranked rank_cells(const map_run *run, double total)
{
    const size_t cells = uxo_grid_cell_count(run->grid);
    ranked out = {calloc(cells, sizeof(double)), calloc(cells, sizeof(double)), cells};
    double inside = 0.0;
    for (size_t i = 0; i < cells; i++) {
        out.density[i] = (double)run->capture.plane[UXO_LAYER_DUD_DENSITY][0][i];
    }
    qsort(out.density, cells, sizeof *out.density, descending);
    for (size_t i = 0; i < cells; i++) {
        inside += out.density[i] * uxo_grid_cell_ha(run->grid) / total;
        out.share[i] = inside;
    }
    return out;
}

/* Share in cells denser than this; binary search. */
static double share_above(const ranked *cells, double density)
{
    size_t low = 0, high = cells->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        low = cells->density[middle] > density ? middle + 1 : low;
        high = cells->density[middle] > density ? high : middle;
    }
    return low > 0 ? cells->share[low - 1] : 0.0;
}

/* Cells agree on their rank to a part in 4096 of their density. */
static void containment_is_the_share_in_denser_cells(void **state)
{
    (void)state;
    for (int sampled = 0; sampled < 2; sampled++) {
        static model_fixture fixture;
        map_run run;
        const uxo_engine_options options = {.threads = 2};
        one_strike(&fixture, 15.0);
        fixture.munition[0].submunitions_per_carrier = uxo_quantity_constant(20.0);
        fixture.site[0].x_m = 200.0; /* part of it falls beyond the edge */
        fixture.site[0].location_size_m = uxo_quantity_constant(100.0);
        if (sampled != 0) {
            map_run_force_sampling(&fixture);
        }
        map_run_make(&run, &fixture, &options);
        double sampled_total = 0.0, least = 1.0;
        for (size_t r = 0; r < R; r++) {
            sampled_total += run.outcome.given_mean[r] / R;
        }
        const double total = sampled != 0 ? sampled_total : 20.0 * 0.125;
        const ranked cells = rank_cells(&run, total);
        for (uint32_t i = 0; i < run.grid->nx * run.grid->ny; i++) {
            const double density = map_run_at(&run, UXO_LAYER_DUD_DENSITY, 0, i % run.grid->nx, i / run.grid->nx);
            const double found = map_run_at(&run, UXO_LAYER_DUD_CONTAINMENT, 0, i % run.grid->nx, i / run.grid->nx);
            assert_true(found >= share_above(&cells, density * (1.0 + 1e-6)) - 1e-5);
            assert_true(found <= share_above(&cells, density * (1.0 - 1.0 / 2048.0) - 1e-30) + 1e-5);
            least = fmin(least, found);
        }
        printf("  from %.4f to %.4f\n", least, cells.share[cells.count - 1]);
        assert_true(least < 0.02 && cells.share[cells.count - 1] < 0.97);
        free(cells.density);
        free(cells.share);
        map_run_free(&run);
        fixture_free(&fixture);
    }
}

/* Aligned blocks of 100 m that expect 0.05 duds or more, by exact differences of the normal distribution; the grid's edge
 * cuts some. Two persons live in every cell of 10 m. */
static void affected_area_is_that_of_its_blocks(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    double expected_ha = 0.0;
    (void)state;
    fixture_init(&fixture, -430.0, -260.0, 10.0, 86, 52, 3, SEED + 3);
    fixture.scenario.estimator = UXO_ESTIMATOR_EXPECTED_VALUE;
    assert_true(uxo_population_init(&fixture.scenario.population, &fixture.scenario.grid));
    for (uint32_t i = 0; i < 86 * 52; i++) {
        assert_true(uxo_population_add(&fixture.scenario.population, &fixture.scenario.grid, i % 86, i / 86, 2.0f));
    }
    fixture.munition[0].pattern_along_m = uxo_quantity_constant(120.0);
    fixture.munition[0].pattern_across_m = uxo_quantity_constant(70.0);
    fixture_strike(&fixture, "s", 10.0, -20.0);
    fixture_run(&fixture, 1, &outcome);
    for (int i = -5; i < 5; i++) {
        for (int j = -3; j < 3; j++) {
            const double x = 100.0 * i - 10.0, y = 100.0 * j + 20.0;
            const double q = (gsl_cdf_ugaussian_P((x + 100.0) / 120.0) - gsl_cdf_ugaussian_P(x / 120.0)) *
                             (gsl_cdf_ugaussian_P((y + 100.0) / 70.0) - gsl_cdf_ugaussian_P(y / 70.0));
            const double width = fmin(100.0 * i + 100.0, 430.0) - fmax(100.0 * i, -430.0);
            const double height = fmin(100.0 * j + 100.0, 260.0) - fmax(100.0 * j, -260.0);
            expected_ha += 103.04 * q >= 0.05 ? width * height * 1e-4 : 0.0;
            assert_true(fabs(103.04 * q / 0.05 - 1.0) > 0.1); /* none so near to the limit that rounding decides */
        }
    }
    printf("  %.4f ha of %.4f\n", expected_ha, 86.0 * 52.0 * 0.01);
    assert_true(expected_ha > 20.0 && expected_ha < 44.0);
    for (uint32_t r = 0; r < 3; r++) {
        assert_near(outcome.affected_ha[r * outcome.columns], expected_ha, 1e-9);
        assert_near(outcome.people_affected[r * outcome.columns], 200.0 * expected_ha, 1e-6);
        assert_true(isnan(outcome.affected_ha[r * outcome.columns + outcome.columns - 1]));
    }
    uxo_outcome_free(&outcome);
    uxo_population_free(&fixture.scenario.population);
    fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_those_of_the_rate),
        cmocka_unit_test(coarse_lattices_are_interpolated),
        cmocka_unit_test(the_lattice_does_not_matter),
        cmocka_unit_test(containment_is_the_share_in_denser_cells),
        cmocka_unit_test(affected_area_is_that_of_its_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
