/* test_oval.c - shares of cells of ovals and rings against quadrature of the ellipse's own equation, what must be exactly
 * nothing or exactly full, and the same cells from different patches. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../sim/engine/place.h"
#include "judge.h"

enum { SIDE = 64, ROWS = 16, LINES = 2000 };
static const double PI = 3.14159265358979323846;
static const double AMOUNT = 40.0, LOAD = 300.0;

/* An oval in a grid of cells of 10 m, sizes in cells. */
typedef struct oval_case {
    const char *name;
    double along, across, bearing_deg, inner, outer, x, y; /* x and y from the grid's centre */
} oval_case;

static const oval_case CASES[] = {
    {"round", 12.3, 12.3, 0.0, 0.0, 1.0, 0.13, -0.28},
    {"twice as long, oblique", 20.0, 10.0, 33.0, 0.0, 1.0, 0.5, 0.5},
    {"ring", 17.0, 9.0, 127.0, 0.75, 1.25, -3.21, 4.4},
    {"thin ring", 19.0, 11.0, -20.0, 0.99, 1.01, 0.01, 0.02},
    {"ring without a hole", 11.0, 6.0, 77.0, 0.0, 2.0, 1.0, 0.0},
    {"on the edges of cells", 8.0, 4.0, 90.0, 0.5, 1.0, 0.0, 0.0},
    {"long and narrow, oblique", 25.0, 0.05, 41.0, 0.0, 1.0, 0.3, 0.2},
    {"narrow, north", 20.0, 0.3, 0.0, 0.5, 1.5, 0.49, 0.1},
    {"smaller than a cell", 0.2, 0.1, 15.0, 0.0, 1.0, 0.35, 0.25},
    {"smaller than a cell, over a corner", 0.3, 0.2, 115.0, 0.8, 1.2, 0.0, 0.0},
    {"a cell's size", 0.7, 0.6, 60.0, 0.3, 1.7, 0.9, -0.4},
    {"partly beyond the edge", 22.0, 13.0, 160.0, 0.8, 1.2, 29.0, -31.0},
    {"wholly beyond", 9.0, 7.0, 10.0, 0.0, 1.0, 45.0, 0.0},
};
enum { CASES_TRIED = sizeof CASES / sizeof CASES[0] };

static void grid_of(uxo_grid *grid)
{
    uxo_grid_init(grid, -320.0, -320.0, 10.0, SIDE, SIDE);
}

static uxo_placed_pattern place(const uxo_grid *grid, const oval_case *of)
{
    const double bearing = of->bearing_deg * PI / 180.0;
    const uxo_oval_sizes sizes = {10.0 * of->along, 10.0 * of->across, sin(bearing),
                                  cos(bearing),     of->inner,         of->outer};
    uxo_placed_pattern out = uxo_place_oval(grid, 10.0 * of->x, 10.0 * of->y, &sizes, AMOUNT);
    out.load = (float)LOAD;
    return out;
}

static float value_at(const uxo_patch *patch, const float *of, uint32_t column, uint32_t row)
{
    const uint32_t slot = patch->slot[row / patch->block_rows * patch->strips + column / UXO_STRIP];
    return slot == UXO_PATCH_UNTOUCHED
               ? 0.0f
               : of[slot * uxo_patch_block_size(patch) + row % patch->block_rows * UXO_STRIP + column % UXO_STRIP];
}

static void patch_of(uxo_patch *patch, const uxo_grid *grid, const oval_case *of)
{
    const uxo_placed_pattern placed = place(grid, of);
    assert_true(uxo_patch_init(patch, SIDE, SIDE, ROWS, true));
    uxo_patch_add(patch, uxo_field_kernels_select(NULL), &placed, 0.0, 0.0);
    assert_false(patch->out_of_memory);
}

/* Length within [west, east] of the line `north` that lies in the ellipse of this size: its equation solved for x. */
static double chord(const oval_case *of, double size, double north, double west, double east)
{
    const double s = sin(of->bearing_deg * PI / 180.0), c = cos(of->bearing_deg * PI / 180.0);
    const double a = size * of->along, b = size * of->across;
    /* ((x s + y c) / a)^2 + ((x c - y s) / b)^2 = 1 */
    const double p = s * s / (a * a) + c * c / (b * b), q = north * s * c * (1.0 / (a * a) - 1.0 / (b * b));
    const double r = north * north * (c * c / (a * a) + s * s / (b * b)) - 1.0;
    const double root = q * q - p * r;
    if (size <= 0.0 || root <= 0.0) {
        return 0.0;
    }
    return fmax(0.0, fmin(east, (-q + sqrt(root)) / p) - fmax(west, (-q - sqrt(root)) / p));
}

/* Share of a cell by the midpoint rule over lines. */
static double quadrature(const oval_case *of, uint32_t column, uint32_t row)
{
    const double west = (double)column - 0.5 * SIDE - of->x, north = 0.5 * SIDE - (double)row - of->y;
    const double area = PI * of->along * of->across * (of->outer * of->outer - of->inner * of->inner);
    double sum = 0.0;
    if (hypot(west + 0.5, north - 0.5) > of->outer * fmax(of->along, of->across) + 1.0) {
        return 0.0;
    }
    for (int i = 0; i < LINES; i++) {
        const double y = north - ((double)i + 0.5) / LINES;
        sum += chord(of, of->outer, y, west, west + 1.0) - chord(of, of->inner, y, west, west + 1.0);
    }
    return sum / LINES / area;
}

/* Of a cell that is full, or of the whole where that is smaller. */
static double full_share(const oval_case *of)
{
    return fmin(1.0, 1.0 / (PI * of->along * of->across * (of->outer * of->outer - of->inner * of->inner)));
}

static void cells_have_their_exact_shares(void **state)
{
    uxo_grid grid;
    (void)state;
    grid_of(&grid);
    for (int k = 0; k < CASES_TRIED; k++) {
        const oval_case *const of = &CASES[k];
        uxo_patch patch;
        double worst = 0.0, sum = 0.0, expected = 0.0;
        patch_of(&patch, &grid, of);
        for (uint32_t i = 0; i < SIDE * SIDE; i++) {
            const double found = (double)value_at(&patch, patch.value, i % SIDE, i / SIDE) / AMOUNT;
            const double share = quadrature(of, i % SIDE, i / SIDE);
            worst = fmax(worst, fabs(found - share) / full_share(of));
            sum += found;
            expected += share;
            assert_true(found >= 0.0);
        }
        printf("  %-36s worst %.2g of a full cell, sum %.8f against %.8f\n", of->name, worst, sum, expected);
        assert_true(worst < 4e-5); /* the rule's own error */
        if (fabs(of->x) < 10.0) {
            assert_near(sum, 1.0, 2e-6);
        }
        uxo_patch_free(&patch);
    }
}

/* Cells out of reach get nothing at all, in the hole too; all that lie within get the same. */
static void edges_are_sharp(void **state)
{
    uxo_grid grid;
    (void)state;
    grid_of(&grid);
    for (int k = 0; k < CASES_TRIED; k++) {
        const oval_case *const of = &CASES[k];
        uxo_patch patch;
        uint32_t empty = 0, full = 0;
        patch_of(&patch, &grid, of);
        for (uint32_t i = 0; i < SIDE * SIDE; i++) {
            const double found = (double)value_at(&patch, patch.value, i % SIDE, i / SIDE) / AMOUNT;
            const double share = quadrature(of, i % SIDE, i / SIDE) / full_share(of);
            if (share < 1e-12) {
                assert_true(found < 1e-5 * full_share(of)); /* the rule may miss a corner */
                empty += found <= 0.0;
            }
            if (share > 1.0 - 1e-12 && of->across >= 1.0) {
                assert_near(found / full_share(of), 1.0, 3e-7);
                full++;
            }
        }
        printf("  %-36s %u cells empty, %u full\n", of->name, empty, full);
        const double length = of->outer * (of->along + of->across) * 4.0;
        assert_true(empty > SIDE * SIDE - 1.1 * PI * of->along * of->across * of->outer * of->outer - length - 9.0);
        uxo_patch_free(&patch);
    }
}

/* What a carrier takes from ln P(no dud) beyond its value: -n ln(1 - value / n) - value. */
static void excess_is_that_of_the_binomial(void **state)
{
    uxo_grid grid;
    (void)state;
    grid_of(&grid);
    for (int k = 0; k < CASES_TRIED; k++) {
        uxo_patch patch;
        patch_of(&patch, &grid, &CASES[k]);
        for (uint32_t i = 0; i < SIDE * SIDE; i++) {
            const double value = (double)value_at(&patch, patch.value, i % SIDE, i / SIDE);
            const double excess = (double)value_at(&patch, patch.excess, i % SIDE, i / SIDE);
            const double exact = -LOAD * log1p(-value / LOAD) - value;
            assert_near(excess, exact, 6e-5 * value + 1e-12);
        }
        uxo_patch_free(&patch);
    }
}

/* Tiles are patches of their own: a cell has the same share in each, whatever the blocks. */
static void a_cell_is_the_same_in_every_patch(void **state)
{
    uxo_grid grid;
    (void)state;
    grid_of(&grid);
    for (int k = 0; k < CASES_TRIED; k++) {
        uxo_patch whole, part;
        const uxo_placed_pattern placed = place(&grid, &CASES[k]);
        patch_of(&whole, &grid, &CASES[k]);
        assert_true(uxo_patch_init(&part, 32, 40, 20, true));
        uxo_patch_add(&part, uxo_field_kernels_select(NULL), &placed, 19.0, 11.0);
        for (uint32_t i = 0; i < 32 * 40; i++) {
            const double here = (double)value_at(&part, part.value, i % 32, i / 32);
            const double there = (double)value_at(&whole, whole.value, 19 + i % 32, 11 + i / 32);
            assert_near(here, there, 1e-6 * there + 1e-9 * AMOUNT * full_share(&CASES[k]));
        }
        uxo_patch_free(&part);
        uxo_patch_free(&whole);
    }
}

/* Strips that a ring reaches are found by its box; blocks within its hole are not touched. */
static void only_what_is_reached_is_touched(void **state)
{
    const oval_case hole = {"wide ring", 100.0, 90.0, 0.0, 0.95, 1.05, 0.0, 0.0};
    uxo_grid grid;
    uxo_patch patch;
    (void)state;
    grid_of(&grid);
    patch_of(&patch, &grid, &hole);
    for (uint32_t i = 0; i < SIDE * SIDE; i++) {
        assert_true(value_at(&patch, patch.value, i % SIDE, i / SIDE) <= 0.0f);
    }
    uxo_patch_free(&patch);
    patch_of(&patch, &grid, &CASES[CASES_TRIED - 1]);
    assert_int_equal(patch.touched_count, 0);
    uxo_patch_free(&patch);
}

/* 10,000 times as long as wide, over 20 km: what a tile has of it is what the length within the tile says. */
static void long_ovals_keep_their_mass(void **state)
{
    uxo_grid grid;
    uxo_patch patch;
    const double bearings_deg[] = {0.0, 0.01, 30.0, 44.0, 89.99, 90.0, 130.0};
    (void)state;
    grid_of(&grid);
    for (size_t k = 0; k < sizeof bearings_deg / sizeof bearings_deg[0]; k++) {
        const oval_case of = {"long", 1000.0, 0.1, bearings_deg[k], 0.0, 1.0, 0.0, 0.0};
        const double bearing = bearings_deg[k] * PI / 180.0;
        const double half = 32.0 / fmax(fabs(sin(bearing)), fabs(cos(bearing))) / of.along;
        double sum = 0.0;
        patch_of(&patch, &grid, &of);
        for (uint32_t i = 0; i < SIDE * SIDE; i++) {
            sum += (double)value_at(&patch, patch.value, i % SIDE, i / SIDE) / AMOUNT;
        }
        const double exact = 2.0 / PI * (half * sqrt(1.0 - half * half) + asin(half));
        printf("  bearing %g: %.9f against %.9f\n", bearings_deg[k], sum, exact);
        assert_near(sum / exact, 1.0, 1e-5);
        uxo_patch_free(&patch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_have_their_exact_shares),   cmocka_unit_test(edges_are_sharp),
        cmocka_unit_test(excess_is_that_of_the_binomial),  cmocka_unit_test(a_cell_is_the_same_in_every_patch),
        cmocka_unit_test(only_what_is_reached_is_touched), cmocka_unit_test(long_ovals_keep_their_mass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
