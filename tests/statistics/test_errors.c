/* test_errors.c - stated Monte Carlo standard errors against what estimates scatter over many seeds.
 *
 * 600 runs of 300 realisations each, seeds 1 .. 600. The ratio of the mean stated error to the observed scatter is known to 1/sqrt(2 x 600) =
 * 2.9 %; 15 % either way fail, 25 % for quantiles of counts, whose steps are as large as their errors.
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
#include "uxosim/summary.h"

enum { SEEDS = 600, R = 300, KINDS = 7 };

typedef struct replicas {
    double estimate[KINDS][SEEDS], error[KINDS][SEEDS];
} replicas;

static const char *const NAMES[KINDS] = {
    "duds_mean", "duds_sd", "duds_p05", "duds_p50", "duds_p95", "density of a cell", "probability of a cell"};

static void run_once(replicas *all, size_t seed)
{
    static model_fixture fixture;
    static float values[4][UXO_TILE_CELLS];
    uxo_outcome outcome;
    uxo_district_table table;
    uxo_report report;
    uxo_report_init(&report);
    fixture_init(&fixture, -200.0, -100.0, 40.0, 10, 5, R, seed + 1);
    fixture.munition[0].varies_between_strikes = true;
    fixture.munition[0].concentration = uxo_quantity_constant(20.0);
    fixture_strike(&fixture, "a", 0.0, 0.0);
    fixture_strike(&fixture, "b", 100.0, 0.0);
    fixture_run(&fixture, 1, &outcome);
    assert_int_equal(uxo_district_table_init(&table, 0, &report), UXO_OK);
    assert_int_equal(uxo_district_table_fill(&table, &fixture.scenario, &outcome, NULL, &report), UXO_OK);
    static const uxo_district_column columns[5] = {UXO_COLUMN_DUDS_MEAN, UXO_COLUMN_DUDS_SD, UXO_COLUMN_DUDS_P05,
                                                   UXO_COLUMN_DUDS_P50, UXO_COLUMN_DUDS_P95};
    static const uxo_district_column errors[5] = {UXO_COLUMN_DUDS_MEAN_SE, UXO_COLUMN_DUDS_SD_SE,
                                                  UXO_COLUMN_DUDS_P05_SE, UXO_COLUMN_DUDS_P50_SE,
                                                  UXO_COLUMN_DUDS_P95_SE};
    for (int k = 0; k < 5; k++) {
        all->estimate[k][seed] = table.value[columns[k]][2];
        all->error[k][seed] = table.value[errors[k]][2];
    }
    static const uxo_layer layers[4] = {UXO_LAYER_DUD_DENSITY, UXO_LAYER_DUD_PROBABILITY, UXO_LAYER_DUD_DENSITY_SE,
                                        UXO_LAYER_DUD_PROBABILITY_SE};
    for (int k = 0; k < 4; k++) {
        uxo_outcome_tile(&fixture.scenario, &outcome, layers[k], 0, values[k]);
    }
    const uint32_t cell = 1 * UXO_TILE + 8; /* about one dud in every second realisation */
    for (int k = 0; k < 2; k++) {
        all->estimate[5 + k][seed] = (double)values[k][cell];
        all->error[5 + k][seed] = (double)values[2 + k][cell];
    }
    uxo_district_table_free(&table);
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
    uxo_report_free(&report);
}

static void stated_errors_are_those_of_many_seeds(void **state)
{
    static replicas all;
    (void)state;
    for (size_t seed = 0; seed < SEEDS; seed++) {
        run_once(&all, seed);
    }
    for (int k = 0; k < KINDS; k++) {
        const moments scatter = judge_moments(all.estimate[k], SEEDS);
        const double stated = judge_moments(all.error[k], SEEDS).mean;
        const double ratio = stated / sqrt(scatter.variance);
        printf("  %-24s mean %.4g, scatter %.4g, stated %.4g: ratio %.3f\n", NAMES[k], scatter.mean,
               sqrt(scatter.variance), stated, ratio);
        const double allowed = k >= 2 && k <= 4 ? 0.25 : 0.15;
        assert_near(ratio, 1.0, allowed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(stated_errors_are_those_of_many_seeds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
