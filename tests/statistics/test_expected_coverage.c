/* test_expected_coverage.c - stated standard errors of sampled maps cover the closed form as often as they say.
 * ctest-label: slow
 * ctest-timeout: 600
 *
 * 200 runs of 400 realisations, seeds 1 .. 200, twelve cells each of density and P(at least one): the share of runs whose
 * interval of 1.645 standard errors either way holds the closed form is 90 % for a normal estimate. Judged by the number of
 * runs, as a binomial, at |z| = 4.5 with 2 % beside it for skewness, in cells that expect at least a twentieth of the
 * largest. In thinner ones, which few realisations reach, an error estimated from the same sample is often too small: their
 * coverage is printed and has to stay above one half. Prints the coverage.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "judge.h"
#include "map_run.h"

enum { SEEDS = 200, R = 400, CELLS = 12 };

/* Three strikes that overlap; all that a closed form may have is uncertain. */
static void three_strikes(model_fixture *fixture, uint64_t seed)
{
    fixture_init(fixture, -640.0, -640.0, 10.0, 128, 128, R, seed);
    uxo_munition *const munition = &fixture->munition[0];
    munition->submunitions_per_carrier = uxo_quantity_constant(20.0);
    munition->dud_rate = uxo_quantity_constant(0.15);
    munition->varies_between_strikes = true;
    munition->concentration = uxo_quantity_constant(12.0);
    munition->spread_along_m = uxo_quantity_constant(40.0);
    munition->pattern_along_m = uxo_quantity_constant(90.0);
    munition->pattern_across_m = uxo_quantity_constant(50.0);
    for (int i = 0; i < 3; i++) {
        char id[8];
        snprintf(id, sizeof id, "s%d", i);
        uxo_strike *const strike = fixture_strike(fixture, id, 150.0 * i - 150.0, 60.0 * (i % 2));
        strike->carriers = quantity_range(1.0, 3.0);
        strike->confidence = uxo_quantity_constant(0.85);
        strike->heading_unknown = i == 1;
        strike->heading_sd_deg = uxo_quantity_constant(12.0);
        fixture->site[i].location_size_m = uxo_quantity_constant(150.0);
    }
    map_run_prepare(fixture, NULL, 0, NULL, 0);
}

/* From the middle of it all outwards to where few carriers reach. */
static void cell_of(int index, uint32_t *ix, uint32_t *iy)
{
    const double angle = 2.4 * index, reach = 3.2 * index;
    *ix = (uint32_t)(64.0 + reach * cos(angle));
    *iy = (uint32_t)(64.0 + reach * sin(angle));
}

static const uxo_layer ESTIMATES[2] = {UXO_LAYER_DUD_DENSITY, UXO_LAYER_DUD_PROBABILITY};
static const uxo_layer ERRORS[2] = {UXO_LAYER_DUD_DENSITY_SE, UXO_LAYER_DUD_PROBABILITY_SE};

/* covered[layer][cell] counts runs; the closed form's own errors are far below. */
static void run_seed(uint64_t seed, const map_run *closed, int covered[2][CELLS], double squares[2][CELLS])
{
    static model_fixture fixture;
    map_run run;
    const uxo_engine_options options = {.threads = 2};
    three_strikes(&fixture, seed);
    map_run_force_sampling(&fixture);
    map_run_make(&run, &fixture, &options);
    for (int layer = 0; layer < 2; layer++) {
        for (int cell = 0; cell < CELLS; cell++) {
            uint32_t ix, iy;
            cell_of(cell, &ix, &iy);
            const double z =
                (map_run_at(&run, ESTIMATES[layer], 0, ix, iy) - map_run_at(closed, ESTIMATES[layer], 0, ix, iy)) /
                map_run_at(&run, ERRORS[layer], 0, ix, iy);
            covered[layer][cell] += fabs(z) <= 1.6448536;
            squares[layer][cell] += z * z / SEEDS;
        }
    }
    map_run_free(&run);
    fixture_free(&fixture);
}

static void judge_layer(const map_run *closed, int layer, const int *covered, const double *squares)
{
    const char *const name = uxo_layer_describe(ESTIMATES[layer])->name;
    const double dense = 0.05 * map_run_at(closed, ESTIMATES[layer], 0, 64, 64);
    double all = 0.0, cells = 0.0;
    for (int cell = 0; cell < CELLS; cell++) {
        uint32_t ix, iy;
        cell_of(cell, &ix, &iy);
        const double value = map_run_at(closed, ESTIMATES[layer], 0, ix, iy), share = (double)covered[cell] / SEEDS;
        printf("  %-16s cell %u, %u: %-10.4g covered %.3f, mean z^2 %.3f\n", name, ix, iy, value, share, squares[cell]);
        if (value < dense) {
            assert_true(share > 0.5);
            continue;
        }
        assert_near(share, 0.9, JUDGE_BOUND * sqrt(0.9 * 0.1 / SEEDS) + 0.02);
        all += share;
        cells += 1.0;
    }
    printf("  %-16s the %.0f dense cells: covered %.4f\n", name, cells, all / cells);
    assert_true(cells >= 8.0);
    assert_near(all / cells, 0.9, 0.03);
}

static void stated_errors_cover_the_closed_form(void **state)
{
    static model_fixture fixture;
    static int covered[2][CELLS];
    static double squares[2][CELLS];
    map_run closed;
    const uxo_engine_options options = {.threads = 2};
    (void)state;
    three_strikes(&fixture, 1);
    map_run_make(&closed, &fixture, &options);
    assert_true(closed.outcome.closed_form);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        run_seed(seed, &closed, covered, squares);
    }
    judge_layer(&closed, 0, covered[0], squares[0]);
    judge_layer(&closed, 1, covered[1], squares[1]);
    map_run_free(&closed);
    fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(stated_errors_cover_the_closed_form)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
