/* test_zones.c - duds by zone against their closed form, both estimators, and seeded defects that the same judgement catches.
 *
 * Closed form: a cell expects N m E[F], F the gaussian's mass in it, widened by the error of its place; a zone the sum of that over cells, by share.
 * Zones overlap, have slopes, and do not follow squares or blocks. Seed 20260311; each judged z fails with probability 7e-6 when nothing is wrong.
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
#include "zones_fixture.h"

enum { SEED = 20260311, R = 60000, ZONES = 4, SETS = 2, NX = 60, NY = 45, COLUMNS = SETS * (ZONES + 2) };

static const double CELL_M = 10.0, ALONG_M = 90.0, ACROSS_M = 60.0, LOCATION_SD_M = 40.0, X_M = 263.0, Y_M = 231.0;
static const double LOAD = 400.0, RATE = 0.15;

/* Everything; a slope to the east; every third row in part; a ring about the strike. In the second set the slope goes north. */
static uint32_t weight(uint32_t set, uint32_t zone, uint32_t ix, uint32_t iy)
{
    const double x = 10.0 * ix + 5.0 - 263.0, y = 10.0 * (NY - iy) - 5.0 - 231.0, r = sqrt(x * x + y * y);
    return zone == 0   ? 255
           : zone == 1 ? (set == 0 ? ix * 4 : (NY - 1 - iy) * 5)
           : zone == 2 ? (iy % 3 == 0 ? 170 : 0)
           : r > 60.0  ? (r < 140.0   ? 255
                          : r < 180.0 ? 90
                                      : 0)
                       : 0;
}

static uint32_t outside(uint32_t set, uint32_t ix, uint32_t iy)
{
    uint32_t most = 0;
    for (uint32_t zone = 0; zone < ZONES; zone++) {
        const uint32_t here = weight(set, zone, ix, iy);
        most = here > most ? here : most;
    }
    return 255 - most;
}

/* What may be wrong with zones: the reference then says otherwise. */
typedef struct defect {
    const char *name;
    double parts;    /* that a cell is divided into, instead of 255 */
    double shift_m;  /* of the cells, to the east */
    bool first_wins; /* of those that overlap only the first counts */
    bool by_centre;  /* a cell is a zone's if most of it is */
} defect;

/* Duds expected in each zone of a set. */
static void reference(const defect *damage, uint32_t set, double *mean)
{
    const double sx = sqrt(ALONG_M * ALONG_M + LOCATION_SD_M * LOCATION_SD_M);
    const double sy = sqrt(ACROSS_M * ACROSS_M + LOCATION_SD_M * LOCATION_SD_M);
    for (uint32_t zone = 0; zone <= ZONES; zone++) {
        mean[zone] = 0.0;
        for (uint32_t cell = 0; cell < NX * NY; cell++) {
            const uint32_t ix = cell % NX, iy = cell / NX;
            const double x = CELL_M * ix + damage->shift_m - X_M, y = CELL_M * (NY - 1 - iy) - Y_M;
            const double mass = (gsl_cdf_ugaussian_P((x + CELL_M) / sx) - gsl_cdf_ugaussian_P(x / sx)) *
                                (gsl_cdf_ugaussian_P((y + CELL_M) / sy) - gsl_cdf_ugaussian_P(y / sy));
            double share = zone < ZONES ? weight(set, zone, ix, iy) : outside(set, ix, iy);
            if (damage->by_centre) {
                share = share > 127.0 ? 255.0 : 0.0;
            }
            for (uint32_t before = 1; damage->first_wins && before < zone && zone < ZONES; before++) {
                share = weight(set, before, ix, iy) > 0 ? 0.0 : share;
            }
            mean[zone] += LOAD * RATE * mass * share / damage->parts;
        }
    }
}

static void make(model_fixture *fixture, uxo_estimator estimator, uxo_outcome *outcome)
{
    fixture_init(fixture, 0.0, 0.0, CELL_M, NX, NY, R, SEED);
    uxo_munition *const munition = &fixture->munition[0];
    munition->submunitions_per_carrier = uxo_quantity_constant(LOAD);
    munition->dud_rate = uxo_quantity_constant(RATE);
    munition->pattern_along_m = uxo_quantity_constant(ALONG_M);
    munition->pattern_across_m = uxo_quantity_constant(ACROSS_M);
    fixture_strike(fixture, "s", X_M, Y_M);
    fixture->site[0].location_size_m = uxo_quantity_constant(UXO_R95_PER_SIGMA * LOCATION_SD_M);
    fixture->scenario.estimator = estimator;
    zones_fixture_add(&fixture->scenario, SETS, ZONES, weight);
    fixture_run(fixture, 2, outcome);
}

static moments of_column(const uxo_outcome *outcome, uint32_t column, bool expected, bool difference)
{
    static double value[R];
    for (size_t r = 0; r < R; r++) {
        const size_t at = r * COLUMNS + column;
        const double points = (double)outcome->zones.dud_parts[at] / 255.0;
        value[r] = difference ? points - outcome->zones.conditional[at]
                   : expected ? outcome->zones.conditional[at]
                              : points;
    }
    return judge_moments(value, R);
}

/* What squares of `expected-value`, here of 50 m, leave of a zone's mean: little where the zone's share changes slowly, a hundredth where it changes from cell
 * to cell or along a bend. */
static double of_squares(uint32_t zone)
{
    return zone < 2 ? 5e-4 : 1e-2;
}

static bool zones_are_right(const uxo_outcome *outcome, const defect *damage, bool expected)
{
    bool right = true;
    for (uint32_t set = 0; set < SETS; set++) {
        double mean[ZONES + 1];
        reference(damage, set, mean);
        for (uint32_t zone = 0; zone < ZONES; zone++) {
            const moments found = of_column(outcome, set * (ZONES + 2) + zone, expected, false);
            char name[80];
            snprintf(name, sizeof name, "%s, %s, set %u, zone %u", damage->name, expected ? "expected" : "points", set,
                     zone);
            const double squares = expected ? of_squares(zone) / JUDGE_BOUND * mean[zone] : 0.0;
            right = judge_z(name, found.mean, mean[zone], hypot(found.mean_error, squares)) && right;
        }
    }
    return right;
}

static const defect NONE = {"no defect", 255.0, 0.0, false, false};

static void zones_have_their_closed_form(void **state)
{
    static model_fixture fixture;
    uxo_outcome points, expected;
    (void)state;
    make(&fixture, UXO_ESTIMATOR_ANALOG, &points);
    assert_true(zones_are_right(&points, &NONE, false));
    uxo_zones_free(&fixture.scenario.zones);
    fixture_free(&fixture);
    make(&fixture, UXO_ESTIMATOR_EXPECTED_VALUE, &expected);
    assert_memory_equal(points.zones.dud_parts, expected.zones.dud_parts, (size_t)R * COLUMNS * sizeof(uint64_t));
    assert_true(zones_are_right(&expected, &NONE, true));
    for (uint32_t column = 0; column < COLUMNS;
         column++) { /* points about what is expected of them, realisation by realisation */
        const moments found = of_column(&expected, column, true, true),
                      level = of_column(&expected, column, true, false);
        assert_true(
            judge_z("points less what is expected", found.mean, 0.0,
                    hypot(found.mean_error, of_squares(column % (ZONES + 2)) / JUDGE_BOUND * level.mean + 1e-12)));
    }
    uxo_outcome_free(&points);
    uxo_outcome_free(&expected);
    uxo_zones_free(&fixture.scenario.zones);
    fixture_free(&fixture);
}

static void seeded_defects_are_caught(void **state)
{
    static const defect damages[] = {
        {"divided by 256", 256.0, 0.0, false, false},
        {"half a cell too far east", 255.0, -5.0, false, false},
        {"only the first of several counts", 255.0, 0.0, true, false},
        {"by the larger part of a cell", 255.0, 0.0, false, true},
    };
    static model_fixture fixture;
    (void)state;
    for (int estimator = 0; estimator < 2; estimator++) {
        uxo_outcome outcome;
        make(&fixture, estimator == 0 ? UXO_ESTIMATOR_ANALOG : UXO_ESTIMATOR_EXPECTED_VALUE, &outcome);
        for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
            assert_false(zones_are_right(&outcome, &damages[i], estimator == 1));
        }
        uxo_outcome_free(&outcome);
        uxo_zones_free(&fixture.scenario.zones);
        fixture_free(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_have_their_closed_form),
        cmocka_unit_test(seeded_defects_are_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
