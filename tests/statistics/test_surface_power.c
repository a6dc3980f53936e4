/* test_surface_power.c - the tests of ground and clearance can fail: defects of the size that matters, put into the surface
 * of a scenario, are caught by both estimators against what is known of each cell by hand.
 *
 * One strike at a known place; stripes of soil and of cleared ground, each a few cells wide. The reference is load x rate x
 * pattern x share, cell by cell.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

#include "judge.h"
#include "map_run.h"
#include "surface_fixture.h"

enum { SEED = 20261202, NX = 40, NY = 24, R = 6000, STRIPE = 4, KINDS = 3 };

typedef struct defect {
    const char *name;
    double beta;    /* added to that of soil */
    uint32_t again; /* times that the task is applied, once too often each */
    int shift;      /* cells to the east, of all weights */
} defect;

static const double LOAD = 60.0, RATE = 0.15, BETA = 0.5, DETECTION = 0.6, ALONG = 130.0, ACROSS = 90.0, CELL = 20.0;

/* Stripes: the reference class, soil, soil that was cleared. */
static uint32_t kind_of(int ix)
{
    return (uint32_t)((ix + STRIPE * KINDS) / STRIPE % KINDS);
}

static void stripes(uint32_t ix, uint32_t iy, uint8_t *weight, const void *user)
{
    const defect *const damage = user;
    (void)iy;
    weight[kind_of((int)ix - damage->shift)] = 255;
}

static void damaged_surface(model_fixture *fixture, const defect *damage)
{
    fixture_init(fixture, -0.5 * NX * CELL, -0.5 * NY * CELL, CELL, NX, NY, R, SEED);
    uxo_munition *const munition = &fixture->munition[0];
    munition->submunitions_per_carrier = uxo_quantity_constant(LOAD);
    munition->dud_rate = uxo_quantity_constant(RATE);
    munition->pattern_along_m = uxo_quantity_constant(ALONG);
    munition->pattern_across_m = uxo_quantity_constant(ACROSS);
    fixture_strike(fixture, "s", 0.0, 0.0)->day = 100;
    surface_begin(fixture);
    const uint32_t soil = surface_class(fixture, "soil", uxo_quantity_constant(BETA + damage->beta));
    const uint32_t task = surface_task(fixture, "t", 101, uxo_quantity_constant(1.0), uxo_quantity_constant(DETECTION));
    const uint32_t tasks[] = {task, task};
    surface_kind(fixture, soil, NULL, 0);
    surface_kind(fixture, soil, tasks, 1 + damage->again);
    surface_cover(fixture, stripes, damage);
}

/* Duds of one realisation expected in a column of cells that lie on one kind, undamaged. */
static double expected_in(uint32_t ix)
{
    const double on_soil = 1.0 / (1.0 + (1.0 - RATE) / RATE * exp(-BETA));
    const double share[KINDS] = {RATE, on_soil, on_soil * (1.0 - DETECTION)};
    const double west = CELL * ((double)ix - 0.5 * NX), south = -0.5 * NY * CELL;
    const double across = gsl_cdf_ugaussian_P(-south / ACROSS) - gsl_cdf_ugaussian_P(south / ACROSS);
    return LOAD * share[kind_of((int)ix)] * across *
           (gsl_cdf_ugaussian_P((west + CELL) / ALONG) - gsl_cdf_ugaussian_P(west / ALONG));
}

/* By the map: nothing is drawn but the last, so every column of cells is right to 2e-4. By points: a chi-square. */
static bool is_right(const defect *damage, uxo_estimator estimator)
{
    static model_fixture fixture;
    const uxo_engine_options options = {.threads = 2};
    const double per_ha = 1e4 / (CELL * CELL);
    double worst = 0.0, squares = 0.0;
    map_run run;
    damaged_surface(&fixture, damage);
    if (estimator == UXO_ESTIMATOR_EXPECTED_VALUE) {
        map_run_prepare(&fixture, NULL, 0, NULL, 0);
        fixture.scenario.realisations = 4;
    }
    map_run_make(&run, &fixture, &options);
    for (uint32_t ix = 0; ix < NX; ix++) {
        double found = 0.0;
        for (uint32_t iy = 0; iy < NY; iy++) {
            found += map_run_at(&run, UXO_LAYER_DUD_DENSITY, 0, ix, iy) / per_ha;
        }
        worst = fmax(worst, fabs(found / expected_in(ix) - 1.0));
        squares += pow(found - expected_in(ix), 2.0) / (expected_in(ix) / R);
    }
    map_run_free(&run);
    surface_fixture_free(&fixture);
    if (estimator == UXO_ESTIMATOR_EXPECTED_VALUE) {
        printf("  %s, map: columns differ by up to %.2g\n", damage->name, worst);
        return worst < 2e-4;
    }
    printf("  %s, points, seed %d\n", damage->name, SEED);
    return judge_chi_square("columns of cells", squares, NX);
}

static void an_undamaged_surface_passes(void **state)
{
    const defect none = {"no defect", 0.0, 0, 0};
    (void)state;
    assert_true(is_right(&none, UXO_ESTIMATOR_EXPECTED_VALUE));
    assert_true(is_right(&none, UXO_ESTIMATOR_ANALOG));
}

static void seeded_defects_are_caught(void **state)
{
    static const defect damages[] = {
        {"beta 0.05 too high", 0.05, 0, 0},
        {"beta 0.05 too low", -0.05, 0, 0},
        {"a task applied twice", 0.0, 1, 0},
        {"weights a cell too far east", 0.0, 0, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        assert_false(is_right(&damages[i], UXO_ESTIMATOR_EXPECTED_VALUE));
        assert_false(is_right(&damages[i], UXO_ESTIMATOR_ANALOG));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_undamaged_surface_passes),
        cmocka_unit_test(seeded_defects_are_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
