/* test_background.c - strikes that nobody reported: as many as said, everywhere alike, with what all strikes share, and never among the listed
 * ones. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "map_run.h"
#include "model_fixture.h"
#include "uxosim/background_strikes.h"
#include "uxosim/redraw.h"

enum { REALISATIONS = 4000, SIDE = 8, CELLS = SIDE * SIDE };
static const double CELL_M = 50.0;

/* 8 x 8 cells of 50 m, each a district; patterns of 30 m, so that the edges would show if strikes beyond them were left out. */
static void prepare(model_fixture *fixture, uint32_t realisations, double density_per_km2, double margin_m)
{
    fixture_init(fixture, 0.0, 0.0, CELL_M, SIDE, SIDE, realisations, 11);
    uxo_munition *const munition = &fixture->munition[0];
    munition->submunitions_per_carrier = uxo_quantity_constant(40.0);
    munition->dud_rate = uxo_quantity_constant(0.25);
    munition->pattern_along_m = munition->pattern_across_m = uxo_quantity_constant(30.0);
    fixture_cell_districts(fixture);
    uxo_background *const background = &fixture->scenario.background;
    *background = (uxo_background){.given = true,
                                   .xmin_m = -margin_m,
                                   .ymin_m = -margin_m,
                                   .width_m = SIDE * CELL_M + 2.0 * margin_m,
                                   .height_m = SIDE * CELL_M + 2.0 * margin_m};
    background->density_per_km2 = uxo_quantity_constant(density_per_km2);
    background->strike.mixture = (uxo_mixture){.count = 1, .munition = {0}, .weight = {1.0}};
    background->strike.carriers = quantity_range(1.0, 3.0);
    background->strike.heading_unknown = true;
    background->strike.heading_deg = background->strike.heading_sd_deg = uxo_quantity_constant(0.0);
    background->strike.confidence = uxo_quantity_constant(1.0);
}

/* Mean over realisations of one column or of the whole grid. */
static moments of_column(const uxo_outcome *outcome, int column)
{
    double *const values = calloc(outcome->realisations, sizeof *values);
    assert_non_null(values);
    for (size_t r = 0; r < outcome->realisations; r++) {
        for (size_t c = 0; c < CELLS; c++) {
            const double duds = (double)outcome->background_count[r * outcome->columns + c];
            values[r] += column < 0 || c == (size_t)column ? duds : 0.0;
        }
    }
    const moments result = judge_moments(values, outcome->realisations);
    free(values);
    return result;
}

/* The mean of every cell against the density; sum of squared z. Strikes per km2 x 2 carriers x 40 x 0.25 duds on 0.25 ha. */
static double cells_against_density(const uxo_outcome *outcome, double density_per_km2)
{
    const double expected = density_per_km2 * 20.0 * CELL_M * CELL_M / 1e6;
    double sum = 0.0;
    for (int c = 0; c < CELLS; c++) {
        const moments cell = of_column(outcome, c);
        const double z = (cell.mean - expected) / cell.mean_error;
        sum += z * z;
    }
    return sum;
}

static void everywhere_alike(void **state)
{
    (void)state;
    model_fixture fixture;
    uxo_outcome outcome;
    prepare(&fixture, REALISATIONS, 40.0, 150.0);
    fixture_run(&fixture, 2, &outcome);
    const moments all = of_column(&outcome, -1);
    const double expected = uxo_background_density_per_ha(&fixture.scenario) * 0.25 * CELLS;
    assert_near(expected, 40.0 * 20.0 * 0.16, 1e-9);
    assert_true(judge_z("duds of unreported strikes on the grid", all.mean, expected, all.mean_error));
    /* neighbours share strikes, so z of cells are correlated: fewer degrees of freedom, wider than chi-square by at most that */
    assert_true(cells_against_density(&outcome, 40.0) < 3.0 * CELLS);
    for (int corner = 0; corner < 4; corner++) {
        const int c = (corner / 2) * (CELLS - SIDE) + (corner % 2) * (SIDE - 1);
        const moments cell = of_column(&outcome, c);
        assert_true(judge_z("a corner", cell.mean, expected / CELLS, cell.mean_error));
    }
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* Without the strikes beyond the edge the corners have a quarter of what they should: seen. */
static void a_missing_margin_is_caught(void **state)
{
    (void)state;
    model_fixture fixture;
    uxo_outcome outcome;
    prepare(&fixture, REALISATIONS, 40.0, 0.0);
    fixture_run(&fixture, 2, &outcome);
    const moments cell = of_column(&outcome, 0);
    assert_false(judge_z("a corner, no strikes beyond the edge", cell.mean, 40.0 * 20.0 * 0.0025, cell.mean_error));
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* On a grid that takes in nearly all of it, duds are compound Poisson: variance = strikes x E[(duds of one)^2]. With a density that is drawn for each
 * realisation there comes (duds per density)^2 x its variance. */
static void a_compound_poisson_number(void **state)
{
    (void)state;
    enum { N = 6000 };
    const double area = 0.4 * 0.4, one = 20.0, carriers_square = (1.0 + 4.0 + 9.0) / 3.0;
    const double square =
        carriers_square * 100.0 + 2.0 * 40.0 * 0.25 * 0.75; /* E[X^2] of one strike: E[(10 K)^2] + E[K] n p q */
    for (int drawn = 0; drawn < 2; drawn++) {
        model_fixture fixture;
        uxo_outcome outcome;
        prepare(&fixture, N, 30.0, 0.0);
        fixture.munition[0].pattern_along_m = fixture.munition[0].pattern_across_m = uxo_quantity_constant(0.01);
        if (drawn != 0) {
            fixture.scenario.background.density_per_km2 = quantity_uniform(10.0, 50.0, UXO_PER_CAMPAIGN);
            fixture_share(&fixture, &fixture.scenario.background.density_per_km2, "background.density_per_km2", false);
        }
        fixture_run(&fixture, 2, &outcome);
        const moments all = of_column(&outcome, -1);
        const double spread = drawn != 0 ? area * area * one * one * 1600.0 / 12.0 : 0.0;
        assert_true(judge_z("mean", all.mean, 30.0 * area * one, all.mean_error));
        assert_true(judge_z("variance", all.variance, 30.0 * area * square + spread, all.variance_error));
        uxo_outcome_free(&outcome);
        fixture_free(&fixture);
    }
}

/* A campaign's failure rate is that of its unreported strikes too. */
static void shares_the_rates_of_the_campaign(void **state)
{
    (void)state;
    model_fixture fixture;
    uxo_outcome outcome;
    double sum = 0.0, squares = 0.0;
    prepare(&fixture, REALISATIONS, 200.0, 150.0);
    fixture_strike(&fixture, "s", 200.0, 200.0)->carriers = uxo_quantity_constant(10.0);
    fixture.munition[0].dud_rate = quantity_uniform(0.05, 0.45, UXO_PER_CAMPAIGN);
    fixture_share(&fixture, &fixture.munition[0].dud_rate, "m.dud_rate", true);
    fixture_run(&fixture, 2, &outcome);
    for (size_t r = 0; r < REALISATIONS; r++) {
        double listed = 0.0, background = 0.0;
        for (size_t c = 0; c < outcome.columns; c++) {
            listed += (double)outcome.dud_count[r * outcome.columns + c];
            background += c < CELLS ? (double)outcome.background_count[r * outcome.columns + c] : 0.0;
        }
        const double product = (listed - 100.0) * (background - 640.0) / (100.0 * 640.0);
        sum += product;
        squares += product * product;
    }
    const double mean = sum / REALISATIONS, error = sqrt((squares / REALISATIONS - mean * mean) / REALISATIONS);
    assert_true(judge_z("covariance of listed and unreported duds, relative", mean, 0.4 * 0.4 / 12.0 / 0.0625, error));
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* Whatever is said of the listed strikes is the same with a background and without, to the last bit, also where a quantity is drawn for it alone. */
static void the_listed_strikes_do_not_notice(void **state)
{
    (void)state;
    double quantile[2] = {0.5, 0.95}, threshold[1] = {1.0};
    model_fixture with, without;
    map_run a, b;
    const uxo_engine_options options = {.threads = 2};
    model_fixture *const both[2] = {&with, &without};
    for (int i = 0; i < 2; i++) {
        prepare(both[i], 200, 40.0, 150.0);
        map_run_prepare(both[i], quantile, 2, threshold, 1);
        fixture_strike(both[i], "s", 200.0, 200.0)->confidence = uxo_quantity_constant(0.5);
    }
    with.scenario.background.density_per_km2 = quantity_uniform(10.0, 50.0, UXO_PER_CAMPAIGN);
    fixture_share(&with, &with.scenario.background.density_per_km2, "background.density_per_km2", false);
    with.campaign[0].background_only = true;
    without.scenario.background.given = false;
    map_run_make(&a, &with, &options);
    map_run_make(&b, &without, &options);
    assert_int_equal(map_run_differences(&a, &b), 0);
    assert_int_equal(a.outcome.closed_form, b.outcome.closed_form);
    assert_memory_equal(a.outcome.dud_count, b.outcome.dud_count, 200 * (CELLS + 2) * sizeof(uint32_t));
    assert_null(b.outcome.background_count);
    map_run_free(&a);
    map_run_free(&b);
    fixture_free(&with);
    fixture_free(&without);
}

/* The number of threads does not show; and any realisation's unreported strikes can be drawn again: their conditional density is on average that
 * of the map. */
static void drawn_again(void **state)
{
    (void)state;
    enum { N = 1500 };
    model_fixture fixture;
    uxo_outcome one, several;
    uxo_background_strikes strikes;
    uxo_report report;
    static float tile[UXO_TILE_CELLS];
    double values[N];
    const uxo_engine_options options = {.threads = 1};
    uxo_report_init(&report);
    prepare(&fixture, N, 40.0, 150.0);
    fixture_run(&fixture, 1, &one);
    fixture_run(&fixture, 3, &several);
    assert_memory_equal(one.background_count, several.background_count, (size_t)N * one.columns * sizeof(uint32_t));
    assert_true(uxo_background_strikes_init(&strikes, &fixture.scenario));
    for (uint32_t r = 0; r < N; r++) {
        uxo_background_strikes_draw(&strikes, uxo_draw_from(r), NULL);
        assert_int_equal(uxo_redraw_tile(&strikes.scenario, &options, r, r + 1, 0, 0, tile, &report), UXO_OK);
        values[r] = 0.0;
        for (size_t row = 0; row < SIDE; row++) {
            for (size_t column = 0; column < SIDE; column++) {
                values[r] += (double)tile[row * UXO_TILE + column];
            }
        }
    }
    const moments again = judge_moments(values, N);
    assert_true(judge_z("conditional duds drawn again", again.mean, 128.0, again.mean_error));
    /* and in each realisation the points are those of these strikes: given them, duds differ from what they expect by chance alone */
    double z = 0.0;
    for (size_t r = 0; r < N; r++) {
        double points = 0.0;
        for (size_t c = 0; c < CELLS; c++) {
            points += (double)one.background_count[r * one.columns + c];
        }
        z += (points - values[r]) / sqrt(N * 128.0 * 0.75);
    }
    assert_true(judge_z("points less what their strikes expect", z, 0.0, 1.0));
    uxo_background_strikes_free(&strikes);
    uxo_outcome_free(&one);
    uxo_outcome_free(&several);
    uxo_report_free(&report);
    fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(everywhere_alike),
                                       cmocka_unit_test(a_missing_margin_is_caught),
                                       cmocka_unit_test(a_compound_poisson_number),
                                       cmocka_unit_test(shares_the_rates_of_the_campaign),
                                       cmocka_unit_test(the_listed_strikes_do_not_notice),
                                       cmocka_unit_test(drawn_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
