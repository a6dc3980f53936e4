/* test_surface_invariance.c - ground and clearance do not depend on threads, kernels or memory for carriers, with either
 * estimator, and points are the same with both; nor does a surface that says nothing change anything. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "map_run.h"
#include "surface_fixture.h"
#include "uxosim/kernels_field.h"

enum { STRIKES = 10, R = 60, DAY = 19000 };
static double quantiles[3] = {0.1, 0.5, 0.95};
static double thresholds_per_ha[2] = {0.5, 5.0};

/* Two rows of chunks of cells of 20 m, rates per strike, per carrier, places of every kind, patterns narrower than a cell. */
static void strikes_anywhere(model_fixture *fixture, uint64_t seed, uxo_per rate_per)
{
    const double width_m = 5000.0, height_m = 6000.0;
    uxo_stream stream =
        uxo_stream_at(uxo_key_make(seed, UXO_LEVEL_STRIKE, "arbitrary"), 0, 0, UXO_PURPOSE_CAMPAIGN_VALUE);
    fixture_init(fixture, 330.0, -1210.0, 20.0, 250, 300, R, seed);
    uxo_munition *const munition = &fixture->munition[0];
    munition->submunitions_per_carrier = quantity_range(10.0, 90.0);
    munition->dud_rate = quantity_uniform(0.05, 0.9, rate_per);
    munition->carrier_failure = uxo_quantity_constant(0.1);
    munition->spread_along_m = uxo_quantity_constant(60.0);
    munition->pattern_along_m = quantity_uniform(8.0, 120.0, UXO_PER_STRIKE);
    munition->pattern_across_m = quantity_uniform(20.0, 60.0, UXO_PER_CARRIER);
    for (int i = 0; i < STRIKES; i++) {
        char id[16];
        snprintf(id, sizeof id, "s%02d", i);
        uxo_strike *const strike = fixture_strike(fixture, id, 330.0 + uxo_stream_uniform(&stream) * width_m,
                                                  -1210.0 + uxo_stream_uniform(&stream) * height_m);
        strike->carriers = quantity_range(1.0, 3.0);
        strike->day = i % 3 == 0 ? UXO_NO_DATE : DAY + i;
        strike->confidence = uxo_quantity_constant(0.8);
        strike->heading_unknown = i % 3 == 0;
        fixture->site[i].location_size_m = uxo_quantity_constant(150.0);
    }
    fixture_halves(fixture);
}

static void assert_same(const map_run *reference, const model_fixture *fixture, const char *name,
                        const uxo_engine_options *options)
{
    map_run other;
    map_run_make(&other, fixture, options);
    const size_t found = map_run_differences(reference, &other);
    printf("    %s: %zu differences\n", name, found);
    assert_int_equal(found, 0);
    assert_int_equal(reference->outcome.removed_candidates, other.outcome.removed_candidates);
    assert_memory_equal(reference->outcome.kept_mean, other.outcome.kept_mean, R * sizeof(double));
    assert_memory_equal(reference->outcome.accounted, other.outcome.accounted, R * sizeof(double));
    const size_t columns = reference->outcome.columns * sizeof(double);
    assert_memory_equal(reference->outcome.between_kinds, other.outcome.between_kinds, columns);
    assert_memory_equal(reference->outcome.map_column, other.outcome.map_column, columns);
    map_run_free(&other);
}

static void nothing_of_the_machine_is_seen(void **state)
{
    static const uxo_per per[] = {UXO_PER_STRIKE, UXO_PER_CARRIER};
    static const char *const kernels[] = {"portable", "sse2", "avx2", "avx512"};
    static const double bytes[] = {3e5, 2e4, 1.0};
    (void)state;
    for (uint64_t seed = 1; seed <= 2; seed++) {
        static model_fixture fixture;
        map_run reference;
        const uxo_engine_options one = {.threads = 1}, two = {.threads = 2}, eight = {.threads = 8};
        strikes_anywhere(&fixture, seed, per[seed - 1]);
        map_run_prepare(&fixture, quantiles, 3, thresholds_per_ha, 2);
        surface_patchwork(&fixture, DAY + 5);
        map_run_make(&reference, &fixture, &one);
        assert_true(reference.outcome.map_total > 1.0 && reference.outcome.removed_candidates > 100);
        assert_same(&reference, &fixture, "two threads", &two);
        assert_same(&reference, &fixture, "eight threads", &eight);
        for (size_t k = 0; k < sizeof kernels / sizeof kernels[0]; k++) {
            const uxo_engine_options options = {.threads = 2, .kernel = kernels[k]};
            if (uxo_field_kernels_select(kernels[k]) != NULL) {
                assert_same(&reference, &fixture, kernels[k], &options);
            }
        }
        for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++) {
            const uxo_engine_options options = {.threads = 2, .table_bytes = bytes[i]};
            assert_same(&reference, &fixture, "less memory", &options);
        }
        map_run_free(&reference);
        surface_fixture_free(&fixture);
    }
}

static void points_are_the_same_with_both_estimators(void **state)
{
    static model_fixture fixture;
    uxo_outcome one, eight, other;
    (void)state;
    strikes_anywhere(&fixture, 7, UXO_PER_CARRIER);
    surface_patchwork(&fixture, DAY + 5);
    fixture_run(&fixture, 1, &one);
    fixture_run(&fixture, 8, &eight);
    fixture.scenario.estimator = UXO_ESTIMATOR_EXPECTED_VALUE;
    fixture_run(&fixture, 2, &other);
    assert_memory_equal(one.dud_count, eight.dud_count, (size_t)R * one.columns * sizeof *one.dud_count);
    assert_memory_equal(one.dud_count, other.dud_count, (size_t)R * one.columns * sizeof *one.dud_count);
    for (size_t t = 0; t < one.tile_count; t++) {
        assert_int_equal(one.tile[t] == NULL, eight.tile[t] == NULL);
        if (one.tile[t] != NULL) {
            assert_memory_equal(one.tile[t], eight.tile[t], sizeof *one.tile[t]);
        }
    }
    uxo_outcome_free(&one);
    uxo_outcome_free(&eight);
    uxo_outcome_free(&other);
    surface_fixture_free(&fixture);
}

/* All of it the reference class: points one by one and expectations bit by bit are those without a surface. */
static void a_surface_that_says_nothing_changes_nothing(void **state)
{
    static model_fixture plain, neutral;
    map_run a, b;
    const uxo_engine_options two = {.threads = 2};
    (void)state;
    strikes_anywhere(&plain, 11, UXO_PER_STRIKE);
    strikes_anywhere(&neutral, 11, UXO_PER_STRIKE);
    map_run_prepare(&plain, quantiles, 3, thresholds_per_ha, 2);
    map_run_prepare(&neutral, quantiles, 3, thresholds_per_ha, 2);
    map_run_force_sampling(&plain);
    map_run_force_sampling(&neutral);
    surface_begin(&neutral);
    map_run_make(&a, &plain, &two);
    map_run_make(&b, &neutral, &two);
    assert_memory_equal(a.outcome.dud_count, b.outcome.dud_count, (size_t)R * 4 * sizeof *a.outcome.dud_count);
    assert_memory_equal(a.outcome.sample_count, b.outcome.sample_count,
                        a.outcome.tile_count * UXO_SAMPLE_CELLS * sizeof *a.outcome.sample_count);
    for (uxo_layer layer = UXO_LAYER_DUD_DENSITY; layer <= UXO_LAYER_EXCEEDANCE_PROBABILITY; layer++) {
        for (uint32_t plane = 0; plane < a.capture.planes[layer]; plane++) {
            assert_memory_equal(a.capture.plane[layer][plane], b.capture.plane[layer][plane],
                                uxo_grid_cell_count(a.grid) * sizeof(float));
        }
    }
    for (size_t i = 0; i < (size_t)R * 4; i++) { /* added up strike by strike */
        assert_true(fabs(a.outcome.conditional[i] - b.outcome.conditional[i]) <= 1e-5 * a.outcome.given_mean[i / 4]);
    }
    map_run_free(&a);
    map_run_free(&b);
    surface_fixture_free(&plain);
    surface_fixture_free(&neutral);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_of_the_machine_is_seen),
        cmocka_unit_test(points_are_the_same_with_both_estimators),
        cmocka_unit_test(a_surface_that_says_nothing_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
