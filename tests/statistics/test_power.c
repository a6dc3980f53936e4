/* test_power.c - the statistical tests can fail: seeded defects of the size that matters are caught by the same
 * judgements.
 *
 * Each defect is put into the scenario or into the tallies; the closed form stays that of the undamaged model.
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "judge.h"
#include "model_fixture.h"

enum { SEED = 20261123, R = 40000, NX = 40, NY = 20 };

typedef struct defect {
    const char *name;
    double rate, sigma, shift_m;
    uint32_t lost; /* realisations whose tallies never arrived */
} defect;

/* Chi-square of the map over all cells and z of its sum. */
static bool map_is_right(const defect *damage)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    const double cell_m = 10.0, load = 644.0, p = 0.16, along = 50.0, across = 25.0;
    double chi_square = 0.0, total = 0.0, expected_total = 0.0;
    printf("%s, seed %d\n", damage->name, SEED);
    fixture_init(&fixture, -200.0, -100.0, cell_m, NX, NY, R - damage->lost, SEED);
    fixture.munition[0].dud_rate = uxo_quantity_constant(p * damage->rate);
    fixture.munition[0].pattern_along_m = uxo_quantity_constant(along * damage->sigma);
    fixture.munition[0].pattern_across_m = uxo_quantity_constant(across * damage->sigma);
    fixture_strike(&fixture, "s", damage->shift_m, 0.0);
    fixture_run(&fixture, 2, &outcome);
    for (uint32_t iy = 0; iy < NY; iy++) {
        for (uint32_t ix = 0; ix < NX; ix++) {
            const double x = uxo_grid_x_m(&fixture.scenario.grid, ix), y = uxo_grid_y_m(&fixture.scenario.grid, iy);
            const double half = 0.5 * cell_m;
            const double q = (gsl_cdf_ugaussian_P((x + half) / along) - gsl_cdf_ugaussian_P((x - half) / along)) *
                             (gsl_cdf_ugaussian_P((y + half) / across) - gsl_cdf_ugaussian_P((y - half) / across));
            const double mean = load * p * q, variance = load * p * q * (1.0 - p * q);
            const double found = (double)outcome.tile[0]->sum[iy * UXO_TILE + ix] / R;
            chi_square += (found - mean) * (found - mean) / (variance / R);
            total += found;
            expected_total += mean;
        }
    }
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
    const bool map = judge_chi_square("map", chi_square, NX * NY);
    return judge_z("sum over the map", total, expected_total, sqrt(expected_total * (1.0 - p) / R)) && map;
}

static void an_undamaged_engine_passes(void **state)
{
    (void)state;
    assert_true(map_is_right(&(defect){"no defect", 1.0, 1.0, 0.0, 0}));
}

static void seeded_defects_are_caught(void **state)
{
    static const defect damages[] = {
        {"rate 1 % too high", 1.01, 1.0, 0.0, 0},
        {"rate 1 % too low", 0.99, 1.0, 0.0, 0},
        {"pattern 2 % too wide", 1.0, 1.02, 0.0, 0},
        {"pattern 2 % too narrow", 1.0, 0.98, 0.0, 0},
        {"everything half a cell too far east", 1.0, 1.0, 5.0, 0},
        {"last block of 256 realisations lost", 1.0, 1.0, 0.0, 256},
    };
    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        assert_false(map_is_right(&damages[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_undamaged_engine_passes),
        cmocka_unit_test(seeded_defects_are_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
