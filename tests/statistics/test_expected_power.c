/* test_expected_power.c - the tests of `expected-value` can fail: seeded defects of the size that matters are caught by the
 * same judgements, in maps in closed form and in sampled ones.
 *
 * Sixty strikes out of each other's reach. Each defect is put into the scenario or into the map; the reference is the
 * closed form of the undamaged model, worked out here from covariances.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "judge.h"
#include "map_run.h"

enum { SEED = 20261127, ACROSS = 10, DOWN = 6, STRIKES = ACROSS * DOWN, APART = 70, R = 1024, PLACES = 3 };

typedef struct defect {
    const char *name;
    double rate, sigma, shift_m;
    double lost; /* realisations whose sums never arrived */
} defect;

static const double LOAD = 20.0, RATE = 0.1, ALONG = 60.0, ACROSS_M = 35.0, LOCATION_SD_M = 25.0;

static void damaged_strikes(model_fixture *fixture, const defect *damage)
{
    fixture_init(fixture, 0.0, 0.0, 10.0, ACROSS * APART, DOWN * APART, R, SEED);
    uxo_munition *const munition = &fixture->munition[0];
    munition->submunitions_per_carrier = uxo_quantity_constant(LOAD);
    munition->dud_rate = uxo_quantity_constant(RATE * damage->rate);
    munition->pattern_along_m = uxo_quantity_constant(ALONG * damage->sigma);
    munition->pattern_across_m = uxo_quantity_constant(ACROSS_M * damage->sigma);
    for (int i = 0; i < STRIKES; i++) {
        char id[16];
        snprintf(id, sizeof id, "s%02d", i);
        fixture_strike(fixture, id, 355.0 + 700.0 * (i % ACROSS) + damage->shift_m,
                       355.0 + 700.0 * (double)(i / ACROSS));
        fixture->site[i].location_size_m = uxo_quantity_constant(UXO_R95_PER_SIGMA * LOCATION_SD_M);
    }
    map_run_prepare(fixture, NULL, 0, NULL, 0);
}

/* Cells from the strike's, east and south: along the pattern's axes. */
static const int PLACE[PLACES][2] = {{0, 0}, {8, 0}, {0, 5}};

static double normal_density(double x, double y, double xx, double yy)
{
    return exp(-0.5 * (x * x / xx + y * y / yy)) / (2.0 * M_PI * sqrt(xx * yy));
}

/* Duds in a cell: mean and variance of what is expected, by place. */
static void reference(int place, double *mean, double *variance)
{
    const double h = 10.0, cell = h * h / 12.0, x = h * PLACE[place][0], y = h * PLACE[place][1];
    const double xx = ALONG * ALONG + cell, yy = ACROSS_M * ACROSS_M + cell, tau = LOCATION_SD_M * LOCATION_SD_M;
    const double duds = LOAD * RATE * h * h;
    *mean = duds * normal_density(x, y, xx + tau, yy + tau);
    *variance = duds * duds * normal_density(x, y, 0.5 * xx + tau, 0.5 * yy + tau) / (4.0 * M_PI * sqrt(xx * yy)) -
                *mean * *mean;
}

static double beside(const map_run *run, int strike, int place)
{
    const uint32_t ix = (uint32_t)(strike % ACROSS * APART + APART / 2 + PLACE[place][0]);
    const uint32_t iy = (uint32_t)((DOWN - 1 - strike / ACROSS) * APART + APART / 2 - 1 + PLACE[place][1]);
    return map_run_at(run, UXO_LAYER_DUD_DENSITY, 0, ix, iy) * 0.01;
}

/* Closed form: to 2e-4 of the mean. Sampled: z of the mean over the strikes, by place. */
static bool map_is_right(const defect *damage, bool sampled)
{
    static model_fixture fixture;
    map_run run;
    bool right = true;
    const uxo_engine_options options = {.threads = 2};
    printf("%s, %s, seed %d\n", damage->name, sampled ? "sampled" : "closed form", SEED);
    damaged_strikes(&fixture, damage);
    if (sampled) {
        map_run_force_sampling(&fixture);
    } else {
        fixture.scenario.realisations = 8; /* the closed form knows nothing of them */
    }
    map_run_make(&run, &fixture, &options);
    assert_int_equal(run.outcome.closed_form, !sampled);
    for (int place = 0; place < PLACES; place++) {
        double mean, variance, found = 0.0;
        reference(place, &mean, &variance);
        for (int i = 0; i < STRIKES; i++) {
            found += beside(&run, i, place) * (R - damage->lost) / R / STRIKES;
        }
        const double error = sampled ? sqrt(variance / (R * (double)STRIKES)) : 2e-4 / JUDGE_BOUND * mean;
        right = judge_z("mean of sixty cells", found, mean, error) && right;
    }
    map_run_free(&run);
    fixture_free(&fixture);
    return right;
}

static void an_undamaged_engine_passes(void **state)
{
    const defect none = {"no defect", 1.0, 1.0, 0.0, 0.0};
    (void)state;
    assert_true(map_is_right(&none, false));
    assert_true(map_is_right(&none, true));
}

static void seeded_defects_are_caught(void **state)
{
    static const defect damages[] = {
        {"rate 1 % too high", 1.01, 1.0, 0.0, 0.0},
        {"rate 1 % too low", 0.99, 1.0, 0.0, 0.0},
        {"pattern 2 % too wide", 1.0, 1.02, 0.0, 0.0},
        {"pattern 2 % too narrow", 1.0, 0.98, 0.0, 0.0},
        {"everything half a cell too far east", 1.0, 1.0, 5.0, 0.0},
        {"last block of 256 realisations lost", 1.0, 1.0, 0.0, 256.0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        assert_false(map_is_right(&damages[i], true));
        assert_true(damages[i].lost > 0.0 || !map_is_right(&damages[i], false));
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
