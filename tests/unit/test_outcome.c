/* test_outcome.c - from tallies to maps, on tallies that one can add up by hand: containment with ties and with sums of any size, standard
 * deviations that floats would lose, standard errors that are never 0 for want of hits. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../sim/engine/outcome.h"
#include "judge.h"
#include "model_fixture.h"

enum { R = 1000 };

static void make(model_fixture *fixture, uxo_outcome *outcome, uint64_t outside)
{
    uxo_report report;
    uxo_report_init(&report);
    fixture_init(fixture, 0.0, 0.0, 100.0, 70, 3, R, 1); /* two tiles, cells of one hectare */
    assert_int_equal(uxo_outcome_init(outcome, &fixture->scenario, &report), UXO_OK);
    assert_int_equal(uxo_outcome_grow(outcome, &fixture->scenario, R, &report), UXO_OK);
    outcome->total_duds = outside;
    uxo_report_free(&report);
}

static void set(uxo_outcome *outcome, size_t tile, uint32_t cell, uint64_t sum, uint64_t pairs, uint64_t repeats)
{
    if (outcome->tile[tile] == NULL) {
        outcome->tile[tile] = calloc(1, sizeof **outcome->tile);
    }
    outcome->tile[tile]->sum[cell] = sum;
    outcome->tile[tile]->pairs[cell] = pairs;
    outcome->tile[tile]->repeats[cell] = repeats;
    outcome->total_duds += sum;
}

static double value(const model_fixture *fixture, const uxo_outcome *outcome, uxo_layer layer, size_t tile,
                    uint32_t cell)
{
    static float values[UXO_TILE_CELLS];
    uxo_outcome_tile(&fixture->scenario, outcome, layer, tile, values);
    return (double)values[cell];
}

static void rank(uxo_outcome *outcome)
{
    uxo_report report;
    uxo_report_init(&report);
    assert_int_equal(uxo_outcome_rank_cells(outcome, &report), UXO_OK);
    uxo_report_free(&report);
}

static void containment_adds_from_the_densest_down(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    (void)state;
    make(&fixture, &outcome, 100); /* 100 of 1000 lie outside the grid */
    set(&outcome, 0, 0, 500, 0, 0);
    set(&outcome, 0, 5, 150, 0, 0);
    set(&outcome, 1, 0, 150, 0, 0);
    set(&outcome, 1, 65, 100, 0, 0);
    rank(&outcome);
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_CONTAINMENT, 0, 0), 0.5, 1e-6);
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_CONTAINMENT, 0, 5), 0.8, 1e-6); /* equal cells together */
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_CONTAINMENT, 1, 0), 0.8, 1e-6);
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_CONTAINMENT, 1, 65), 0.9, 1e-6);
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_CONTAINMENT, 0, 9), 0.9,
                1e-6); /* an empty cell: all of the grid */
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

static void containment_holds_for_sums_of_any_size(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    (void)state;
    make(&fixture, &outcome, 0);
    set(&outcome, 0, 0, UINT64_C(6000000000), 0, 0);
    set(&outcome, 0, 1, 1500000000, 0, 0);
    set(&outcome, 0, 2, 1500000000, 0, 0);
    set(&outcome, 1, 0, 1 << 20, 0, 0);
    set(&outcome, 1, 1, (1 << 20) - 1, 0, 0);
    set(&outcome, 1, 2, 1, 0, 0);
    rank(&outcome);
    const double total = 9e9 + 2.0 * 1048576.0;
    assert_int_equal(outcome.contained_count, 5);
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_CONTAINMENT, 0, 0), 6e9 / total, 1e-6);
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_CONTAINMENT, 0, 2), 9e9 / total, 1e-6);
    assert_near(outcome.contained_share[2], (9e9 + 1048576.0) / total, 1e-15);
    assert_near(outcome.contained_share[1], (total - 1.0) / total, 1e-15);
    assert_near(outcome.contained_share[0], 1.0, 0.0);
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

static void nothing_anywhere_has_no_search_area(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    (void)state;
    make(&fixture, &outcome, 0);
    rank(&outcome);
    assert_true(isnan(value(&fixture, &outcome, UXO_LAYER_DUD_CONTAINMENT, 0, 0)));
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_DENSITY, 0, 0), 0.0, 0.0);
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* 600 realisations with one dud, 100 with two, 300 with none. */
static void values_are_those_of_the_counts(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    (void)state;
    make(&fixture, &outcome, 0);
    set(&outcome, 0, 3, 800, 100, 100);
    rank(&outcome);
    const double variance = (600.0 + 400.0 - 800.0 * 800.0 / R) / (R - 1.0);
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_DENSITY, 0, 3), 0.8, 1e-7);
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_PROBABILITY, 0, 3), 0.7, 1e-7);
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_COUNT_SD, 0, 3), sqrt(variance), 1e-7);
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_DENSITY_SE, 0, 3), sqrt(variance / R), 1e-7);
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_PROBABILITY_SE, 0, 3), sqrt(0.21 / R), 1e-7);
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* No hit, or a hit every time: the error of a proportion of 3/R, not 0. */
static void want_of_hits_gives_a_bound(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    (void)state;
    make(&fixture, &outcome, 0);
    set(&outcome, 0, 3, R, 0, 0);
    rank(&outcome);
    const double bound = sqrt(-log(0.05)) / R;
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_PROBABILITY_SE, 0, 3), bound, 1e-9);
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_PROBABILITY_SE, 0, 4), bound, 1e-9);
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_DENSITY_SE, 1, 4), bound, 1e-9);
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_COUNT_SD, 0, 3), 0.0, 0.0);
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* Counts near 289,536 with a standard deviation of 29 in one cell: n sum(c^2) and (sum c)^2 agree in 8 digits. */
static void a_small_spread_about_a_large_count_survives(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    uint64_t sum = 0, pairs = 0;
    (void)state;
    for (uint64_t r = 0; r < R; r++) {
        const uint64_t count = r % 2 == 0 ? 289536 - 29 : 289536 + 29;
        sum += count;
        pairs += count * (count - 1) / 2;
    }
    make(&fixture, &outcome, 0);
    set(&outcome, 0, 0, sum, pairs, sum - R);
    rank(&outcome);
    assert_near(value(&fixture, &outcome, UXO_LAYER_DUD_COUNT_SD, 0, 0), 29.0 * sqrt(R / (R - 1.0)), 1e-5);
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(containment_adds_from_the_densest_down),
        cmocka_unit_test(containment_holds_for_sums_of_any_size),
        cmocka_unit_test(nothing_anywhere_has_no_search_area),
        cmocka_unit_test(values_are_those_of_the_counts),
        cmocka_unit_test(want_of_hits_gives_a_bound),
        cmocka_unit_test(a_small_spread_about_a_large_count_survives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
