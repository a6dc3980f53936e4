/* test_monte_carlo_error.c - more realisations shrink the error of every estimate as 1/sqrt(R), with either estimator, and the errors that are
 * stated cover what is known in closed form as often as they should.
 *
 * Model   docs/model.md, "Both": standard errors fall as R^(-1/2); the interval of 1.645 of them to either side holds the truth in 90 % of runs
 *
 * 300 runs each of 100 and of 1600 realisations, each with a seed of its own, 1 .. 600. The exponent is the slope of the logarithm of the scatter
 * over seeds, which is known to sqrt(1/300)/ln 16 = 0.021. That of the stated errors is known better; one of a 95 % quantile of 100 values, which
 * five lie above, is a quarter too wide. Each judged z fails with probability 7e-6 when
 * nothing is wrong.
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "judge.h"
#include "map_run.h"
#include "uxosim/summary.h"

enum { SEEDS = 300, SIZES = 2, KINDS = 7, MAPS = 3, IX = 8, IY = 1 };
static const uint32_t SIZE[SIZES] = {100, 1600};
static const char *const NAMES[KINDS] = {
    "mean of duds",
    "standard deviation of duds",
    "95 % quantile of duds",
    "points: density of a cell",
    "points: P of a cell",
    "expectations: density of a cell",
    "expectations: P(>= 1) of a cell",
};

typedef struct replicas {
    double estimate[KINDS][SIZES][SEEDS], error[KINDS][SIZES][SEEDS];
} replicas;

/* Two strikes whose rates differ; a cell of 40 m, 20 to 60 m north of their line, that has a dud more often than not. */
static void two_strikes(model_fixture *fixture, uint32_t realisations, uint64_t seed)
{
    fixture_init(fixture, -200.0, -100.0, 40.0, 10, 5, realisations, seed);
    fixture->munition[0].varies_between_strikes = true;
    fixture->munition[0].concentration = uxo_quantity_constant(20.0);
    fixture_strike(fixture, "a", 0.0, 0.0);
    fixture_strike(fixture, "b", 100.0, 0.0);
}

static double share_of_cell(double strike_x_m)
{
    return (gsl_cdf_ugaussian_P((160.0 - strike_x_m) / 50.0) - gsl_cdf_ugaussian_P((120.0 - strike_x_m) / 50.0)) *
           (gsl_cdf_ugaussian_P(60.0 / 25.0) - gsl_cdf_ugaussian_P(20.0 / 25.0));
}

static void keep(replicas *all, int kind, int size, size_t run, double estimate, double error)
{
    all->estimate[kind][size][run] = estimate;
    all->error[kind][size][run] = error;
}

static void keep_cell(replicas *all, int kind, int size, size_t run, const map_run *of)
{
    keep(all, kind, size, run, map_run_at(of, UXO_LAYER_DUD_DENSITY, 0, IX, IY),
         map_run_at(of, UXO_LAYER_DUD_DENSITY_SE, 0, IX, IY));
    keep(all, kind + 1, size, run, map_run_at(of, UXO_LAYER_DUD_PROBABILITY, 0, IX, IY),
         map_run_at(of, UXO_LAYER_DUD_PROBABILITY_SE, 0, IX, IY));
}

static void run_once(replicas *all, int size, size_t run)
{
    static model_fixture fixture;
    const uxo_engine_options options = {.threads = 1};
    const uint64_t seed = (uint64_t)size * SEEDS + run + 1;
    map_run points, expected;
    uxo_district_table table;
    uxo_report report;
    uxo_report_init(&report);
    two_strikes(&fixture, SIZE[size], seed);
    map_run_prepare(&fixture, NULL, 0, NULL, 0);
    map_run_force_sampling(&fixture);
    map_run_make(&expected, &fixture, &options);
    assert_int_equal(uxo_district_table_init(&table, 0, &report), UXO_OK);
    assert_int_equal(uxo_district_table_fill(&table, &fixture.scenario, &expected.outcome, NULL, &report), UXO_OK);
    keep(all, 0, size, run, table.value[UXO_COLUMN_DUDS_MEAN][2], table.value[UXO_COLUMN_DUDS_MEAN_SE][2]);
    keep(all, 1, size, run, table.value[UXO_COLUMN_DUDS_SD][2], table.value[UXO_COLUMN_DUDS_SD_SE][2]);
    keep(all, 2, size, run, table.value[UXO_COLUMN_DUDS_P95][2], table.value[UXO_COLUMN_DUDS_P95_SE][2]);
    keep_cell(all, 5, size, run, &expected);
    uxo_district_table_free(&table);
    map_run_free(&expected);
    fixture.scenario.estimator = UXO_ESTIMATOR_ANALOG;
    map_run_make(&points, &fixture, &options);
    keep_cell(all, 3, size, run, &points);
    map_run_free(&points);
    fixture_free(&fixture);
    uxo_report_free(&report);
}

static void run_all(replicas *all)
{
    for (int size = 0; size < SIZES; size++) {
        for (size_t run = 0; run < SEEDS; run++) {
            run_once(all, size, run);
        }
    }
}

static void errors_shrink_as_one_over_the_root(const replicas *all)
{
    const double span = log((double)SIZE[SIZES - 1] / SIZE[0]), error = sqrt(1.0 / SEEDS) / span;
    for (int kind = 0; kind < KINDS; kind++) {
        double scatter[SIZES], stated[SIZES];
        for (int size = 0; size < SIZES; size++) {
            scatter[size] = sqrt(judge_moments(all->estimate[kind][size], SEEDS).variance);
            stated[size] = judge_moments(all->error[kind][size], SEEDS).mean;
        }
        printf("%s: scatter %.4g and %.4g, stated %.4g and %.4g\n", NAMES[kind], scatter[0], scatter[1], stated[0],
               stated[1]);
        assert_true(judge_z("exponent of R, scatter", log(scatter[1] / scatter[0]) / span, -0.5, error));
        assert_near(log(stated[1] / stated[0]) / span, -0.5, kind == 2 ? 0.1 : 0.05);
    }
}

/* Of estimates that have a closed form, with the most realisations. */
static void stated_errors_cover(const replicas *all)
{
    static const int kinds[MAPS] = {0, 3, 5};
    const double cell_ha = 0.16, duds = 644.0 * 0.16;
    const double density = duds * (share_of_cell(0.0) + share_of_cell(100.0)) / cell_ha;
    const double truth[MAPS] = {2.0 * duds, density, density};
    for (int k = 0; k < MAPS; k++) {
        double covered = 0.0, squares = 0.0;
        for (size_t run = 0; run < SEEDS; run++) {
            const double z =
                (all->estimate[kinds[k]][SIZES - 1][run] - truth[k]) / all->error[kinds[k]][SIZES - 1][run];
            covered += fabs(z) <= 1.6448536;
            squares += z * z;
        }
        puts(NAMES[kinds[k]]);
        assert_true(judge_z("covered by 90 % intervals", covered / SEEDS, 0.9, sqrt(0.09 / SEEDS)));
        assert_true(judge_chi_square("z of all runs", squares, SEEDS));
    }
}

static void more_realisations_are_better_as_they_say(void **state)
{
    static replicas all;
    (void)state;
    run_all(&all);
    errors_shrink_as_one_over_the_root(&all);
    stated_errors_cover(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(more_realisations_are_better_as_they_say)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
