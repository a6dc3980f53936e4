/* test_surface_patchwork.c - the two estimators against each other where every cell is of two ground classes and most were
 * cleared: cells, districts, and what a run allows itself. Each estimator against what is known by hand: test_surface.c.
 */
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
#include "surface_fixture.h"

enum { SEED = 20261203, STRIKE_DAY = 19100, AFTER = 19200 };

static double quantiles[2] = {0.5, 0.9};
static double thresholds_per_ha[1] = {3.0};

enum { PATCHES_R = 4000 };

/* Squares of 25 m are the cells, so that districts are exact, too; everything uncertain, a third of it cleared. */
static void strikes_on_patchwork(model_fixture *fixture, double cell_m)
{
    fixture_init(fixture, -600.0, -400.0, cell_m, (uint32_t)(1200.0 / cell_m), (uint32_t)(800.0 / cell_m), PATCHES_R,
                 SEED);
    uxo_munition *const munition = &fixture->munition[0];
    munition->submunitions_per_carrier = quantity_range(20.0, 60.0);
    munition->dud_rate = quantity_beta(3.0, 17.0, UXO_PER_CAMPAIGN);
    munition->varies_between_strikes = true;
    munition->concentration = uxo_quantity_constant(20.0);
    munition->carrier_failure = uxo_quantity_constant(0.05);
    munition->pattern_along_m = quantity_uniform(40.0, 90.0, UXO_PER_CARRIER);
    munition->pattern_across_m = uxo_quantity_constant(30.0);
    munition->spread_along_m = uxo_quantity_constant(60.0);
    fixture_share(fixture, &munition->dud_rate, "m.dud_rate", true);
    for (int i = 0; i < 6; i++) {
        char id[8];
        snprintf(id, sizeof id, "s%d", i);
        uxo_strike *const strike = fixture_strike(fixture, id, -450.0 + 180.0 * i, i % 2 == 0 ? 120.0 : -200.0);
        strike->day = i < 5 ? STRIKE_DAY : AFTER;
        strike->carriers = quantity_range(1.0, 4.0);
        strike->heading_unknown = true;
        strike->confidence = uxo_quantity_constant(0.7);
        fixture->site[i].location_size_m = uxo_quantity_constant(150.0);
    }
    map_run_prepare(fixture, quantiles, 2, thresholds_per_ha, 1);
    surface_patchwork(fixture, STRIKE_DAY + 50);
}

/* Points less what is expected of them by realisation, district by district. */
static void judge_districts(const uxo_outcome *outcome)
{
    static double values[PATCHES_R];
    double squares = 0.0;
    for (uint32_t column = 0; column < outcome->columns; column++) {
        if (column + 2 == outcome->columns) {
            continue; /* every cell has a district */
        }
        for (size_t r = 0; r < PATCHES_R; r++) {
            const size_t at = r * outcome->columns + column;
            values[r] = (double)outcome->dud_count[at] - outcome->conditional[at];
        }
        const moments found = judge_moments(values, PATCHES_R);
        squares += pow(found.mean / found.mean_error, 2.0);
    }
    assert_true(judge_chi_square("districts, points less what is expected", squares, outcome->columns - 1.0));
}

static void both_estimators_agree_on_a_patchwork(void **state)
{
    static model_fixture fixture;
    const uxo_engine_options options = {.threads = 2};
    map_run run;
    uxo_report report;
    uint64_t duds = 0;
    (void)state;
    uxo_report_init(&report);
    strikes_on_patchwork(&fixture, 25.0);
    fixture_blocks(&fixture, 6, 4);
    map_run_make(&run, &fixture, &options);
    assert_int_equal(uxo_engine_self_check(&fixture.scenario, &run.outcome, &report), UXO_OK);
    printf("  %s\n", run.outcome.self_check);
    assert_true(
        judge_chi_square("cells of the map", run.outcome.map_check.squares, (double)run.outcome.map_check.cells));
    judge_districts(&run.outcome);
    for (uint32_t r = 0; r < PATCHES_R; r++) {
        assert_near(run.outcome.accounted[r], 1.0, 1e-4);
        for (uint32_t c = 0; c < run.outcome.columns; c++) {
            duds += run.outcome.dud_count[(size_t)r * run.outcome.columns + c];
        }
    }
    assert_int_equal(duds, run.outcome.total_duds);
    assert_true(run.outcome.removed_candidates > duds / 10);
    uxo_report_free(&report);
    map_run_free(&run);
    surface_fixture_free(&fixture);
}

/* Squares and cells that do not fit each other, a border that neither follows: still within what the run allows itself, and
 * nowhere near it. */
static void a_run_with_odd_cells_passes_its_check(void **state)
{
    static const uxo_shape shapes[] = {UXO_SHAPE_GAUSSIAN, UXO_SHAPE_RING};
    (void)state;
    for (int i = 0; i < 2; i++) {
        static model_fixture fixture;
        const uxo_engine_options options = {.threads = 2};
        map_run run;
        uxo_report report;
        uxo_report_init(&report);
        strikes_on_patchwork(&fixture, 16.0);
        fixture.munition[0].shape = shapes[i];
        fixture.munition[0].pattern_width = uxo_quantity_constant(0.5);
        fixture_blocks(&fixture, 5, 5);
        map_run_make(&run, &fixture, &options);
        assert_int_equal(uxo_engine_self_check(&fixture.scenario, &run.outcome, &report), UXO_OK);
        printf("  %s\n", run.outcome.self_check);
        double squares = 0.0, map = 0.0;
        for (uint32_t c = 0; c + 1 < run.outcome.columns; c++) {
            map += run.outcome.map_column[c];
            for (uint32_t r = 0; r < PATCHES_R; r++) {
                squares += run.outcome.conditional[(size_t)r * run.outcome.columns + c] / PATCHES_R;
            }
        }
        printf("  on the grid: %.5f by cells, %.5f by squares\n", map, squares);
        assert_near(map, run.outcome.map_total, 1e-9 * map);
        assert_near(squares / map, 1.0, 0.003);
        uxo_report_free(&report);
        map_run_free(&run);
        surface_fixture_free(&fixture);
    }
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_estimators_agree_on_a_patchwork),
        cmocka_unit_test(a_run_with_odd_cells_passes_its_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
