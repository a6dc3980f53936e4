/* test_expected_invariance.c - what must not change a result of `expected-value`: threads, kernels, memory for carriers; and
 * what must change it just so, to rounding: order of strikes, shifts, quarter turns, coarser cells. Scenarios are drawn at random from
 * printed seeds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arbitrary_fixture.h"
#include "judge.h"
#include "map_run.h"
#include "uxosim/kernels_field.h"

static void assert_same(const map_run *reference, const model_fixture *fixture, const char *name,
                        const uxo_engine_options *options)
{
    map_run other;
    map_run_make(&other, fixture, options);
    const size_t found = map_run_differences(reference, &other);
    printf("    %s: %zu differences\n", name, found);
    assert_int_equal(found, 0);
    map_run_free(&other);
}

static void threads_and_kernels_change_nothing(void **state)
{
    static const char *const kernels[] = {"portable", "sse2", "avx2", "avx512"};
    (void)state;
    for (arbitrary_kind what = ARBITRARY_SAMPLED; what < ARBITRARY_KINDS; what++) {
        static model_fixture fixture;
        map_run reference;
        const uxo_engine_options one = {.threads = 1}, two = {.threads = 2}, five = {.threads = 5};
        printf("  %s\n", arbitrary_name(what));
        arbitrary_init(&fixture, 71 + what, what);
        map_run_make(&reference, &fixture, &one);
        assert_int_equal(reference.outcome.closed_form, what == ARBITRARY_CLOSED);
        assert_true(reference.outcome.map_total > 1.0);
        assert_same(&reference, &fixture, "two threads", &two);
        assert_same(&reference, &fixture, "five threads", &five);
        for (size_t k = 0; k < sizeof kernels / sizeof kernels[0]; k++) {
            const uxo_engine_options options = {.threads = 2, .kernel = kernels[k]};
            if (uxo_field_kernels_select(kernels[k]) != NULL) {
                assert_same(&reference, &fixture, kernels[k], &options);
            } else {
                printf("    this processor has no %s\n", kernels[k]);
            }
        }
        map_run_free(&reference);
        fixture_free(&fixture);
    }
}

/* Memory for all carriers, for those of a row of chunks, for a few realisations, for one. */
static void memory_changes_nothing(void **state)
{
    static const double bytes[] = {1e12, 3e5, 1e5, 2e4, 1.0};
    (void)state;
    for (arbitrary_kind what = ARBITRARY_SAMPLED; what < ARBITRARY_KINDS; what++) {
        static model_fixture fixture;
        map_run reference;
        const uxo_engine_options usual = {.threads = 2};
        printf("  %s\n", arbitrary_name(what));
        arbitrary_init(&fixture, 81 + what, what);
        map_run_make(&reference, &fixture, &usual);
        for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++) {
            char name[40];
            const uxo_engine_options options = {.threads = i % 2 == 0 ? 3 : 1, .table_bytes = bytes[i]};
            snprintf(name, sizeof name, "%g bytes", bytes[i]);
            assert_same(&reference, &fixture, name, &options);
        }
        map_run_free(&reference);
        fixture_free(&fixture);
    }
}

/* Largest difference of a layer, `to` saying where a cell has gone, relative to the layer's largest value. */
typedef struct moved {
    int columns, rows;
    bool turned;
} moved;

static double difference(const map_run *a, const map_run *b, uxo_layer layer, const moved *to)
{
    double largest = 0.0, worst = 0.0;
    for (uint32_t plane = 0; plane < a->capture.planes[layer]; plane++) {
        for (int iy = 0; iy < (int)a->grid->ny; iy++) {
            for (int ix = 0; ix < (int)a->grid->nx; ix++) {
                const int x = to->turned ? (int)b->grid->nx - 1 - iy : ix + to->columns;
                const int y = to->turned ? ix : iy + to->rows;
                if (x < 0 || y < 0 || x >= (int)b->grid->nx || y >= (int)b->grid->ny) {
                    continue;
                }
                const double value = map_run_at(a, layer, plane, (uint32_t)ix, (uint32_t)iy);
                const double other = map_run_at(b, layer, plane, (uint32_t)x, (uint32_t)y);
                largest = fmax(largest, fabs(value));
                worst = fmax(worst, fabs(value - other));
            }
        }
    }
    return largest > 0.0 ? worst / largest : INFINITY;
}

/* Rounding of places and recurrences, 2e-5 of a peak, and of what is cut off. A quantile of lattices that lie elsewhere is
 * interpolated otherwise, so it is not compared where the lattice is coarse and moves by less than its step. */
static void assert_moved(const map_run *a, const map_run *b, const moved *to, bool with_order)
{
    static const uxo_layer layers[] = {UXO_LAYER_DUD_DENSITY, UXO_LAYER_DUD_PROBABILITY, UXO_LAYER_DUD_DENSITY_SD,
                                       UXO_LAYER_DUD_DENSITY_QUANTILE};
    for (int i = 0; i < (with_order ? 4 : 3); i++) {
        const double found = difference(a, b, layers[i], to);
        printf("    %s: %.2g of the largest\n", uxo_layer_describe(layers[i])->name, found);
        assert_true(found < 1e-4);
    }
}

static void the_order_of_strikes_changes_nothing(void **state)
{
    (void)state;
    for (arbitrary_kind what = ARBITRARY_SAMPLED; what < ARBITRARY_KINDS; what++) {
        static model_fixture fixture;
        map_run forwards, backwards;
        const uxo_engine_options options = {.threads = 2};
        printf("  %s\n", arbitrary_name(what));
        arbitrary_init(&fixture, 91 + what, what);
        map_run_make(&forwards, &fixture, &options);
        for (size_t i = 0; i < ARBITRARY_STRIKES / 2; i++) {
            const uxo_strike strike = fixture.strike[i];
            fixture.strike[i] = fixture.strike[ARBITRARY_STRIKES - 1 - i];
            fixture.strike[ARBITRARY_STRIKES - 1 - i] = strike;
        }
        map_run_make(&backwards, &fixture, &options);
        assert_moved(&forwards, &backwards, &(moved){0, 0, false}, true);
        map_run_free(&forwards);
        map_run_free(&backwards);
        fixture_free(&fixture);
    }
}

/* The grid alone by 32 columns and 16 rows, whole steps of any lattice: the map goes the other way. Then everything. */
static void shifts_move_the_map(void **state)
{
    (void)state;
    for (arbitrary_kind what = ARBITRARY_SAMPLED; what < ARBITRARY_KINDS; what++) {
        static model_fixture fixture;
        map_run plain, shifted, elsewhere;
        const uxo_engine_options options = {.threads = 2};
        printf("  %s\n", arbitrary_name(what));
        arbitrary_init(&fixture, 101 + what, what);
        map_run_make(&plain, &fixture, &options);
        const uxo_grid grid = fixture.scenario.grid;
        fixture.scenario.grid.xmin_m += 32.0 * 20.0;
        fixture.scenario.grid.ymin_m += 16.0 * 20.0;
        map_run_make(&shifted, &fixture, &options);
        assert_moved(&plain, &shifted, &(moved){-32, 16, false}, true);
        fixture.scenario.grid = grid;
        fixture.scenario.grid.xmin_m += 311807.0;
        fixture.scenario.grid.ymin_m += 5540123.0;
        for (uint32_t i = 0; i < fixture.scenario.strikes.site_count; i++) {
            fixture.site[i].x_m += 311807.0;
            fixture.site[i].y_m += 5540123.0;
        }
        map_run_make(&elsewhere, &fixture, &options);
        assert_moved(&plain, &elsewhere, &(moved){0, 0, false}, true);
        map_run_free(&plain);
        map_run_free(&shifted);
        map_run_free(&elsewhere);
        fixture_free(&fixture);
    }
}

/* A square about the origin, without location errors, whose draws are along the axes of the grid. */
static void quarter_turns_turn_the_map(void **state)
{
    (void)state;
    for (arbitrary_kind what = ARBITRARY_SAMPLED; what < ARBITRARY_KINDS; what++) {
        static model_fixture fixture;
        map_run still, turned;
        const uxo_engine_options options = {.threads = 2};
        printf("  %s\n", arbitrary_name(what));
        arbitrary_init(&fixture, 111 + what, what);
        uxo_grid_init(&fixture.scenario.grid, -3000.0, -3000.0, 20.0, 300, 300);
        for (uint32_t i = 0; i < fixture.scenario.strikes.site_count; i++) {
            fixture.site[i].x_m -= 3330.0;
            fixture.site[i].y_m = 0.5 * fixture.site[i].y_m - 2000.0;
            fixture.site[i].location_size_m = uxo_quantity_constant(0.0);
        }
        map_run_make(&still, &fixture, &options);
        for (uint32_t i = 0; i < fixture.scenario.strikes.site_count; i++) {
            const double x = fixture.site[i].x_m;
            fixture.site[i].x_m = fixture.site[i].y_m;
            fixture.site[i].y_m = -x;
            fixture.site[i].north_rad = 0.5 * M_PI; /* headings turn clockwise with the map */
        }
        map_run_make(&turned, &fixture, &options);
        assert_moved(&still, &turned, &(moved){0, 0, true}, what != ARBITRARY_COARSE);
        map_run_free(&still);
        map_run_free(&turned);
        fixture_free(&fixture);
    }
}

/* Largest difference between a cell's duds and those of its four parts, relative to the largest; and of the sums. */
static double coarsened(const map_run *fine, const map_run *coarse, double *of_total)
{
    double largest = 0.0, worst = 0.0, sum[2] = {0.0, 0.0};
    for (uint32_t i = 0; i < coarse->grid->nx * coarse->grid->ny; i++) {
        const uint32_t ix = i % coarse->grid->nx, iy = i / coarse->grid->nx;
        const double whole = map_run_at(coarse, UXO_LAYER_DUD_DENSITY, 0, ix, iy) * uxo_grid_cell_ha(coarse->grid);
        double parts = 0.0;
        for (uint32_t k = 0; k < 4; k++) {
            parts += map_run_at(fine, UXO_LAYER_DUD_DENSITY, 0, 2 * ix + k % 2, 2 * iy + k / 2) *
                     uxo_grid_cell_ha(fine->grid);
        }
        largest = fmax(largest, whole);
        worst = fmax(worst, fabs(whole - parts));
        sum[0] += whole;
        sum[1] += parts;
    }
    *of_total = fabs(sum[1] / sum[0] - 1.0);
    return worst / largest;
}

/* Cells of 20 m hold what their parts of 10 m hold, to the error of a gaussian at the cell's centre; duds by district do not know of cells. */
static void coarser_cells_conserve_the_map(void **state)
{
    (void)state;
    for (arbitrary_kind what = ARBITRARY_SAMPLED; what < ARBITRARY_KINDS; what++) {
        static model_fixture fixture;
        map_run fine, coarse;
        double of_total;
        const uxo_engine_options options = {.threads = 2};
        arbitrary_init(&fixture, 121 + what, what);
        const uxo_grid grid = fixture.scenario.grid;
        map_run_make(&coarse, &fixture, &options);
        coarse.grid = &grid;
        uxo_grid_init(&fixture.scenario.grid, grid.xmin_m, grid.ymin_m, 0.5 * grid.cell_size_m, 2 * grid.nx,
                      2 * grid.ny);
        map_run_make(&fine, &fixture, &options);
        const double worst = coarsened(&fine, &coarse, &of_total);
        printf("  %s: cells differ by %.2g of the largest, totals by %.2g\n", arbitrary_name(what), worst, of_total);
        assert_true(worst < 1e-3 && of_total < 1e-5);
        assert_int_equal(fine.outcome.total_duds, coarse.outcome.total_duds);
        map_run_free(&fine);
        map_run_free(&coarse);
        fixture_free(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_and_kernels_change_nothing),   cmocka_unit_test(memory_changes_nothing),
        cmocka_unit_test(the_order_of_strikes_changes_nothing), cmocka_unit_test(shifts_move_the_map),
        cmocka_unit_test(quarter_turns_turn_the_map),           cmocka_unit_test(coarser_cells_conserve_the_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
