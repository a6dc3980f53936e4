/* test_patch.c - what gaussians add up to on patches: blocks and their memory, cells with one point and with many, against
 * exact differences of the normal distribution. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../sim/engine/expected_table.h"
#include "judge.h"

enum { SIDE = 64, ROWS = 16 };

static float value_at(const uxo_patch *patch, const float *of, uint32_t column, uint32_t row)
{
    const uint32_t slot = patch->slot[row / patch->block_rows * patch->strips + column / UXO_STRIP];
    return slot == UXO_PATCH_UNTOUCHED
               ? 0.0f
               : of[slot * uxo_patch_block_size(patch) + row % patch->block_rows * UXO_STRIP + column % UXO_STRIP];
}

/* -ln P(no dud) of a cell. */
static double loss_at(const uxo_patch *patch, uint32_t column, uint32_t row)
{
    return (double)value_at(patch, patch->value, column, row) + (double)value_at(patch, patch->excess, column, row);
}

/* Duds in a cell by a pattern whose axes are those of the grid. */
static double exact(const uxo_grid *grid, double x_m, double y_m, double sd_x_m, double sd_y_m, uint32_t ix,
                    uint32_t iy)
{
    const double half = 0.5 * grid->cell_size_m;
    const double x = uxo_grid_x_m(grid, ix) - x_m, y = uxo_grid_y_m(grid, iy) - y_m;
    return (gsl_cdf_ugaussian_P((x + half) / sd_x_m) - gsl_cdf_ugaussian_P((x - half) / sd_x_m)) *
           (gsl_cdf_ugaussian_P((y + half) / sd_y_m) - gsl_cdf_ugaussian_P((y - half) / sd_y_m));
}

static uxo_placed_pattern placed(const uxo_grid *grid, double x_m, double y_m, double sd_x_m, double sd_y_m,
                                 double amount, float load)
{
    const uxo_lattice lattice = {uxo_lattice_points(grid, fmin(sd_x_m, sd_y_m)), 1};
    const uxo_covariance covariance = {sd_x_m * sd_x_m, 0.0, sd_y_m * sd_y_m};
    uxo_placed_pattern out = uxo_place_gaussian(grid, lattice, x_m, y_m, covariance, amount);
    out.load = load;
    return out;
}

/* N = 644, p = 0.16, sd 50 m and 25 m, cells of 10 m: the three published cells. */
static void one_strike_has_the_published_cells(void **state)
{
    uxo_grid grid;
    uxo_patch patch;
    (void)state;
    uxo_grid_init(&grid, -320.0, -320.0, 10.0, SIDE, SIDE);
    assert_true(uxo_patch_init(&patch, SIDE, SIDE, ROWS, true));
    const uxo_placed_pattern strike = placed(&grid, 0.0, 0.0, 50.0, 25.0, 644.0 * 0.16, 644.0f);
    assert_int_equal(strike.points, 1);
    uxo_patch_add(&patch, uxo_field_kernels_select(NULL), &strike, 0.0, 0.0);
    const double expected[3] = {1.26931700158, 0.698008140808, 0.0132655988358};
    const double chance[3] = {0.71932828109, 0.502612902163, 0.0131781333928};
    const uint32_t column[3] = {32, 37, 42}, row[3] = {31, 31, 26};
    for (int i = 0; i < 3; i++) {
        assert_near((double)value_at(&patch, patch.value, column[i], row[i]) / expected[i], 1.0, 1e-4);
        assert_near(1.0 - exp(-loss_at(&patch, column[i], row[i])), chance[i], 1e-4 * chance[i]);
    }
    uxo_patch_free(&patch);
}

typedef struct cell_errors {
    double of_peak, relative; /* relative: where a cell has more than 1e-3 of the peak */
    double mass;              /* of 1 */
    double loss;              /* of ln P(no dud), likewise */
} cell_errors;

/* A pattern of this width [cells] somewhere within the cell in the middle. */
static cell_errors errors_of(double sd, double ratio, double off_x, double off_y)
{
    const double amount = 50.0, load = 300.0;
    uxo_grid grid;
    uxo_patch patch;
    cell_errors found = {0.0, 0.0, 0.0, 0.0};
    const uint32_t side = (uint32_t)fmax(SIDE, 12.0 * sd * ratio);
    uxo_grid_init(&grid, 0.0, 0.0, 10.0, side, side);
    const double x_m = 10.0 * (0.5 * side + off_x), y_m = 10.0 * (0.5 * side + off_y);
    const uxo_placed_pattern strike = placed(&grid, x_m, y_m, 10.0 * sd, 10.0 * sd * ratio, amount, (float)load);
    assert_true(uxo_patch_init(&patch, side, side, ROWS, true));
    uxo_patch_add(&patch, uxo_field_kernels_select(NULL), &strike, 0.0, 0.0);
    double peak = 0.0;
    for (uint32_t i = 0; i < side * side; i++) {
        peak = fmax(peak, exact(&grid, x_m, y_m, 10.0 * sd, 10.0 * sd * ratio, i % side, i / side));
    }
    for (uint32_t i = 0; i < side * side; i++) {
        const double q = exact(&grid, x_m, y_m, 10.0 * sd, 10.0 * sd * ratio, i % side, i / side);
        const double value = (double)value_at(&patch, patch.value, i % side, i / side) / amount;
        const double loss = loss_at(&patch, i % side, i / side);
        const double p = amount / load, most = 1.0 - 0x1p-24;
        found.of_peak = fmax(found.of_peak, fabs(value - q) / peak);
        found.mass += value;
        if (q > 1e-3 * peak) {
            found.relative = fmax(found.relative, fabs(value / q - 1.0));
            found.loss = fmax(found.loss, fabs(loss / (-load * log1p(-fmin(most, p * q))) - 1.0));
        }
    }
    uxo_patch_free(&patch);
    return found;
}

/* sd from a twentieth of a cell to 20 cells: at least two points to a standard deviation bound the error of a cell by
 * h^4 / 2880 sigma^4 (3 - 6 t^2 + t^4) per axis with h / sigma = 1/2: 6.5e-5 + 6.5e-5 at the peak, 2.4e-3 where a cell has
 * 1e-3 of it. */
static void cells_have_their_exact_values(void **state)
{
    static const double sds[] = {0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 1.99, 2.0, 3.0, 5.0, 10.0, 20.0};
    (void)state;
    for (size_t i = 0; i < sizeof sds / sizeof sds[0]; i++) {
        for (int place = 0; place < 4; place++) {
            const cell_errors found =
                errors_of(sds[i], place % 2 == 0 ? 1.0 : 2.5, 0.17 * place, place == 0 ? 0.0 : 0.73 - 0.31 * place);
            printf("  sd %g cells, place %d: of the peak %.2g, relative %.2g, mass 1 %+.2g, ln P %.2g\n", sds[i], place,
                   found.of_peak, found.relative, found.mass - 1.0, found.loss);
            assert_true(found.of_peak < 1.6e-4);
            assert_true(found.relative < 2.5e-3);
            assert_near(found.mass, 1.0, 1e-5);
            assert_true(found.loss < 2.6e-3);
        }
    }
}

/* Narrower than the finest points: all of it lies in one cell, wherever between the points. */
static void needles_keep_their_mass(void **state)
{
    uxo_grid grid;
    uxo_patch patch;
    double worst = 0.0;
    (void)state;
    uxo_grid_init(&grid, 0.0, 0.0, 100.0, SIDE, SIDE);
    assert_true(uxo_patch_init(&patch, SIDE, SIDE, ROWS, false));
    for (int i = 0; i < 30; i++) {
        const double x_m = 1010.0 + 0.017 * i, y_m = 2230.0 + 0.029 * i;
        const uxo_placed_pattern needle = placed(&grid, x_m, y_m, 0.001, i % 2 == 0 ? 0.001 : 0.3, 7.0, 100.0f);
        uxo_patch_add(&patch, uxo_field_kernels_select(NULL), &needle, 0.0, 0.0);
        worst = fmax(worst, fabs((double)value_at(&patch, patch.value, 10, SIDE - 1 - 22) / 7.0 - 1.0));
        uxo_patch_clear(&patch);
    }
    for (int i = 0; i < 30; i++) { /* with one point to a cell, as for districts */
        double mass = 0.0;
        const double sd_m = 4.0 * i, spread_m2 = sd_m * sd_m;
        const uxo_placed_pattern needle =
            uxo_place_gaussian(&grid, (uxo_lattice){1, 1}, 3000.0 + 7.0 * i, 3000.0 - 11.0 * i,
                               (uxo_covariance){spread_m2, 0.9 * spread_m2, spread_m2}, 1.0);
        uxo_patch_add(&patch, uxo_field_kernels_select(NULL), &needle, 0.0, 0.0);
        for (uint32_t c = 0; c < SIDE * SIDE; c++) {
            mass += (double)value_at(&patch, patch.value, c % SIDE, c / SIDE);
        }
        worst = fmax(worst, fabs(mass - 1.0));
        uxo_patch_clear(&patch);
    }
    printf("  needles: largest relative error of mass %.2g\n", worst);
    assert_true(worst < 3e-4);
    uxo_patch_free(&patch);
}

/* Only blocks that a gaussian reaches are touched; what was there before clearing is not there after. */
static void blocks_are_touched_and_forgotten(void **state)
{
    const uxo_field_kernels *const kernels = uxo_field_kernels_select(NULL);
    uxo_grid grid;
    uxo_patch patch, fresh;
    (void)state;
    uxo_grid_init(&grid, 0.0, 0.0, 1.0, 200, 150);
    assert_true(uxo_patch_init(&patch, 200, 150, ROWS, true) && uxo_patch_init(&fresh, 200, 150, ROWS, true));
    assert_int_equal(patch.strips, 13);
    assert_int_equal(patch.bands, 10);
    const uxo_placed_pattern small = placed(&grid, 40.0, 150.0 - 24.0, 1.4, 1.4, 1.0, 10.0f);
    uxo_patch_add(&patch, kernels, &small, 0.0, 0.0);
    assert_int_equal(patch.touched_count, 1); /* 40 +- 7 and 24 +- 7 lie in one block */
    assert_int_equal(patch.touched[0], 1 * 13 + 2);
    for (int i = 0; i < 40; i++) { /* more blocks than there is memory for at first */
        const uxo_placed_pattern one = placed(&grid, 5.0 * i, 3.7 * i, 8.0, 5.0, 1.0, 10.0f);
        uxo_patch_add(&patch, kernels, &one, 0.0, 0.0);
    }
    assert_true(patch.touched_count > 32 && patch.touched_count <= 130 && !patch.out_of_memory);
    uxo_patch_clear(&patch);
    assert_int_equal(patch.touched_count, 0);
    for (int kind = 0; kind < 2; kind++) {
        const double sd = kind == 0 ? 9.0 : 0.4;
        const uxo_placed_pattern again = placed(&grid, 100.2, 70.9, sd, 1.5 * sd, 3.0, 10.0f);
        uxo_patch_add(&patch, kernels, &again, 0.0, 0.0);
        uxo_patch_add(&fresh, kernels, &again, 0.0, 0.0);
    }
    assert_true(patch.touched_count > 3);
    for (uint32_t i = 0; i < 200 * 150; i++) {
        assert_true(value_at(&patch, patch.value, i % 200, i / 200) == value_at(&fresh, fresh.value, i % 200, i / 200));
        assert_true(value_at(&patch, patch.excess, i % 200, i / 200) ==
                    value_at(&fresh, fresh.excess, i % 200, i / 200));
    }
    uxo_patch_free(&patch);
    uxo_patch_free(&fresh);
}

/* Four patches side by side hold what one that covers all of them holds, with one point to a cell and with many; blocks of
 * other heights too. */
static void patches_fit_together(void **state)
{
    const uxo_field_kernels *const kernels = uxo_field_kernels_select(NULL);
    uxo_grid grid;
    uxo_patch all, quarter;
    double worst = 0.0;
    (void)state;
    uxo_grid_init(&grid, 0.0, 0.0, 1.0, 128, 128);
    assert_true(uxo_patch_init(&all, 128, 128, ROWS, false) && uxo_patch_init(&quarter, 64, 64, 9, false));
    const uxo_placed_pattern parts[3] = {placed(&grid, 61.0, 66.5, 7.0, 11.0, 4.0, 10.0f),
                                         placed(&grid, 63.9, 64.1, 0.3, 0.6, 2.0, 10.0f),
                                         placed(&grid, 3.0, 126.0, 20.0, 3.0, 9.0, 10.0f)};
    for (int i = 0; i < 3; i++) {
        uxo_patch_add(&all, kernels, &parts[i], 0.0, 0.0);
    }
    for (uint32_t part = 0; part < 4; part++) {
        const uint32_t column = part % 2 * 64, row = part / 2 * 64;
        for (int i = 0; i < 3; i++) {
            uxo_patch_add(&quarter, kernels, &parts[i], column, row);
        }
        for (uint32_t i = 0; i < 64 * 64; i++) {
            const double a = (double)value_at(&all, all.value, column + i % 64, row + i / 64);
            const double b = (double)value_at(&quarter, quarter.value, i % 64, i / 64);
            worst = a > 1e-4 ? fmax(worst, fabs(b / a - 1.0)) : worst;
        }
        uxo_patch_clear(&quarter);
    }
    printf("  quarters against the whole: %.2g\n", worst);
    assert_true(worst < 3e-5);
    uxo_patch_free(&all);
    uxo_patch_free(&quarter);
}

/* Out of sight: nothing is touched. At the edge: the part inside. */
static void gaussians_beyond_the_patch_touch_nothing(void **state)
{
    const uxo_field_kernels *const kernels = uxo_field_kernels_select(NULL);
    const double away[4][2] = {{-40.0, 32.0}, {104.0, 32.0}, {32.0, -40.0}, {32.0, 104.0}};
    uxo_grid grid;
    uxo_patch patch;
    (void)state;
    uxo_grid_init(&grid, 0.0, 0.0, 1.0, SIDE, SIDE);
    assert_true(uxo_patch_init(&patch, SIDE, SIDE, ROWS, true));
    for (int i = 0; i < 8; i++) {
        const double sd = i < 4 ? 7.0 : 0.7;
        const uxo_placed_pattern far = placed(&grid, away[i % 4][0], away[i % 4][1], sd, sd, 1.0, 10.0f);
        uxo_patch_add(&patch, kernels, &far, 0.0, 0.0);
        assert_int_equal(patch.touched_count, 0);
    }
    for (int i = 0; i < 4; i++) {
        double inside = 0.0;
        const double x = i < 2 ? 64.0 * i : 32.0, y = i < 2 ? 32.0 : 64.0 * (i - 2);
        for (int k = 0; k < 2; k++) {
            const uxo_placed_pattern edge = placed(&grid, x, y, k == 0 ? 5.0 : 0.8, k == 0 ? 5.0 : 0.8, 1.0, 10.0f);
            uxo_patch_add(&patch, kernels, &edge, 0.0, 0.0);
        }
        for (uint32_t c = 0; c < SIDE * SIDE; c++) {
            inside += (double)value_at(&patch, patch.value, c % SIDE, c / SIDE);
        }
        assert_near(inside, 1.0, 1e-4); /* two halves */
        uxo_patch_clear(&patch);
    }
    uxo_patch_free(&patch);
}

/* Long and oblique: what lies on the patch is what does along the needle's axis, at any angle; nothing is lost or made up. */
static void oblique_needles_keep_their_mass(void **state)
{
    const double lengths_m[] = {60.0, 100.0, 1000.0}, widths_m[] = {0.1, 0.5, 0.01};
    uxo_grid grid;
    uxo_patch patch;
    double worst = 0.0;
    (void)state;
    uxo_grid_init(&grid, -640.0, -640.0, 20.0, SIDE, SIDE);
    assert_true(uxo_patch_init(&patch, SIDE, SIDE, ROWS, false));
    for (int i = 0; i < 3 * 12; i++) {
        const double angle = M_PI * (double)(i % 12) / 12.0 + 0.02, length = lengths_m[i / 12],
                     width = widths_m[i / 12];
        const uxo_covariance covariance = uxo_covariance_turned(length, width, sin(angle), cos(angle));
        const uxo_placed_pattern needle =
            uxo_place_gaussian(&grid, (uxo_lattice){uxo_lattice_points(&grid, width), 1}, 3.0, -4.0, covariance, 1.0);
        const double half = fmin(636.0 / fabs(sin(angle)), 636.0 / fabs(cos(angle))); /* about: to the patch's edge */
        double sum = 0.0, least = INFINITY;
        uxo_patch_add(&patch, uxo_field_kernels_select(NULL), &needle, 0.0, 0.0);
        for (uint32_t c = 0; c < SIDE * SIDE; c++) {
            sum += (double)value_at(&patch, patch.value, c % SIDE, c / SIDE);
            least = fmin(least, (double)value_at(&patch, patch.value, c % SIDE, c / SIDE));
        }
        const double expected = 1.0 - 2.0 * gsl_cdf_ugaussian_Q(half / length);
        worst = fmax(worst, fabs(sum - expected));
        assert_true(least >= 0.0);
        uxo_patch_clear(&patch);
    }
    printf("  oblique needles: off by %.2g of their mass\n", worst);
    assert_true(worst < 5e-3);
    uxo_patch_free(&patch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_strike_has_the_published_cells),
        cmocka_unit_test(cells_have_their_exact_values),
        cmocka_unit_test(needles_keep_their_mass),
        cmocka_unit_test(oblique_needles_keep_their_mass),
        cmocka_unit_test(blocks_are_touched_and_forgotten),
        cmocka_unit_test(patches_fit_together),
        cmocka_unit_test(gaussians_beyond_the_patch_touch_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
