/* test_grid.c - half-open cells, row 0 north, tiles of grids that are no multiple of a tile. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "judge.h"

#include "uxosim/grid.h"

static void cells_are_half_open(void **state)
{
    uxo_grid grid;
    uint32_t ix, iy;
    (void)state;
    uxo_grid_init(&grid, 1000.0, -40.0, 20.0, 3, 2);
    assert_true(uxo_grid_locate(&grid, 1000.0, -40.0, &ix, &iy)); /* south-west corner: last row */
    assert_int_equal(ix, 0);
    assert_int_equal(iy, 1);
    assert_true(uxo_grid_locate(&grid, 1020.0, -20.0, &ix, &iy)); /* an inner corner belongs to the north-east cell */
    assert_int_equal(ix, 1);
    assert_int_equal(iy, 0);
    assert_true(uxo_grid_locate(&grid, nextafter(1020.0, 0.0), nextafter(-20.0, -100.0), &ix, &iy));
    assert_int_equal(ix, 0);
    assert_int_equal(iy, 1);
    assert_false(uxo_grid_locate(&grid, 1060.0, -30.0, &ix, &iy)); /* east and north edges are outside */
    assert_false(uxo_grid_locate(&grid, 1010.0, 0.0, &ix, &iy));
    assert_false(uxo_grid_locate(&grid, nextafter(1000.0, 0.0), -30.0, &ix, &iy));
    assert_false(uxo_grid_locate(&grid, NAN, -30.0, &ix, &iy));
}

static void centres_are_found_again(void **state)
{
    uxo_grid grid;
    (void)state;
    uxo_grid_init(&grid, 296000.0, 5530000.0, 7.5, 131, 67);
    assert_int_equal(grid.tiles_x, 3);
    assert_int_equal(grid.tiles_y, 2);
    for (uint32_t iy = 0; iy < grid.ny; iy++) {
        for (uint32_t ix = 0; ix < grid.nx; ix++) {
            uint32_t jx, jy;
            assert_true(uxo_grid_locate(&grid, uxo_grid_x_m(&grid, ix), uxo_grid_y_m(&grid, iy), &jx, &jy));
            assert_int_equal(jx, ix);
            assert_int_equal(jy, iy);
            assert_true(uxo_grid_tile_of(&grid, ix, iy) < uxo_grid_tile_count(&grid));
            assert_true(uxo_grid_cell_in_tile(ix, iy) < UXO_TILE_CELLS);
        }
    }
    assert_near(uxo_grid_cell_ha(&grid), 0.005625, 1e-15);
    assert_true(uxo_grid_y_m(&grid, 0) > uxo_grid_y_m(&grid, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_half_open),
        cmocka_unit_test(centres_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
