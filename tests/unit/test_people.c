/* test_people.c - the map of people: blocks, windows, sums, what cells and points belong to. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "uxosim/people.h"

typedef struct place {
    uxo_grid grid;
    uxo_population population;
    uxo_people_map map;
} place;

static void place_init(place *self, double xmin_m, double ymin_m, double cell_m, uint32_t nx, uint32_t ny)
{
    uxo_grid_init(&self->grid, xmin_m, ymin_m, cell_m, nx, ny);
    assert_true(uxo_population_init(&self->population, &self->grid));
}

static void place_free(place *self)
{
    uxo_people_map_free(&self->map);
    uxo_population_free(&self->population);
}

static double density_at(const place *self, double x_m, double y_m)
{
    return (double)self->map.density[uxo_people_block_at(&self->map, x_m, y_m)].residents_per_m2;
}

/* 90 persons in one cell: the square of 2 x 300 m about their block's centre has 90 / 360000 per m2, the blocks at its edge half of it. */
static void residents_reach_a_square(void **state)
{
    place at;
    (void)state;
    place_init(&at, 0.0, 0.0, 20.0, 100, 100);
    assert_true(uxo_population_add(&at.population, &at.grid, 52, 47, 90.0)); /* block [1000, 1100) x [1000, 1100) */
    assert_true(uxo_people_map_init(&at.map, &at.grid, &at.population, 300.0));
    assert_int_equal(at.map.blocks.nx, 20);
    const double full = 90.0 / 360000.0;
    assert_near(density_at(&at, 1050.0, 1050.0), full, 1e-10);
    assert_near(density_at(&at, 850.0, 1250.0), full, 1e-10);        /* two blocks away */
    assert_near(density_at(&at, 750.0, 1050.0), 0.5 * full, 1e-10);  /* three: half of the block is in reach */
    assert_near(density_at(&at, 1350.0, 750.0), 0.25 * full, 1e-10); /* a corner */
    assert_true(density_at(&at, 650.0, 1050.0) == 0.0);              /* exactly nobody beyond */
    assert_near(at.map.steepest, 0.75 * full, 1e-10);                /* at the corner */
    place_free(&at);
}

static void nobody_is_lost(void **state)
{
    place at;
    double sum = 0.0;
    (void)state;
    place_init(&at, 130.0, -370.0, 30.0, 120, 90); /* cells across blocks, blocks beyond the grid */
    for (uint32_t i = 0; i < 300; i++) {
        assert_true(uxo_population_add(&at.population, &at.grid, 30 + i * 7 % 60, 30 + i * 11 % 30, 1.0 + i % 3));
    }
    assert_true(uxo_people_map_init(&at.map, &at.grid, &at.population, 230.0));
    assert_false(at.map.cells_fit);
    for (size_t i = 0; i < uxo_grid_cell_count(&at.map.blocks); i++) {
        sum += (double)at.map.density[i].residents_per_m2 * 1e4;
    }
    assert_near(sum, 600.0, 1e-3); /* all reach what is on the map */
    place_free(&at);
}

/* A range below half a block is that of the block itself. */
static void blocks_are_the_finest_grain(void **state)
{
    place at;
    (void)state;
    place_init(&at, 0.0, 0.0, 10.0, 64, 64);
    assert_true(uxo_population_add(&at.population, &at.grid, 0, 63, 5.0));
    assert_true(uxo_people_map_init(&at.map, &at.grid, &at.population, 50.0));
    assert_near(density_at(&at, 99.0, 99.0), 5e-4, 1e-9);
    assert_true(density_at(&at, 101.0, 50.0) == 0.0);
    assert_true(at.map.cells_fit);
    place_free(&at);
}

static void cells_know_their_block(void **state)
{
    static const double cell_m[] = {7.0, 20.0, 25.0, 33.0, 100.0, 250.0, 1000.0};
    (void)state;
    for (size_t k = 0; k < sizeof cell_m / sizeof *cell_m; k++) {
        place at;
        place_init(&at, 12345.0, -678.0, cell_m[k], 70, 65);
        assert_true(uxo_people_map_init(&at.map, &at.grid, &at.population, 300.0));
        assert_true(at.map.blocks.cell_size_m >= cell_m[k]);
        for (uint32_t iy = 0; iy < 65; iy++) {
            for (uint32_t ix = 0; ix < 70; ix++) {
                const double x_m = uxo_grid_x_m(&at.grid, ix), y_m = uxo_grid_y_m(&at.grid, iy);
                assert_int_equal(uxo_people_block_of_cell(&at.map, ix, iy), uxo_people_block_at(&at.map, x_m, y_m));
            }
        }
        place_free(&at);
    }
}

/* ln of every density is where its knot and fraction say. */
static void densities_have_their_place_on_the_scale(void **state)
{
    place at;
    (void)state;
    place_init(&at, 0.0, 0.0, 50.0, 60, 60);
    for (uint32_t i = 0; i < 60; i++) {
        assert_true(uxo_population_add(&at.population, &at.grid, i, i, exp(0.4 * i - 8.0)));
    }
    assert_true(uxo_people_map_init(&at.map, &at.grid, &at.population, 120.0));
    uint32_t lowest = UXO_DENSITY_KNOTS;
    for (size_t i = 0; i < uxo_grid_cell_count(&at.map.blocks); i++) {
        const uxo_density density = at.map.density[i];
        assert_true(density.knot + 1 < UXO_DENSITY_KNOTS && density.fraction >= 0.0f && density.fraction <= 1.0f);
        if (density.residents_per_m2 > 0.0f) {
            const double found = (double)density.knot + (double)density.fraction;
            const double wanted = (log((double)density.residents_per_m2) - at.map.lowest_log) * UXO_DENSITY_STEPS;
            assert_near(found, fmax(0.0, wanted), 1e-4);
            lowest = density.knot < lowest ? density.knot : lowest;
        }
    }
    assert_int_equal(lowest, at.map.first_knot);
    place_free(&at);
}

static void a_place_without_people_is_possible(void **state)
{
    place at;
    (void)state;
    place_init(&at, 0.0, 0.0, 20.0, 10, 10);
    assert_true(uxo_people_map_init(&at.map, &at.grid, &at.population, 300.0));
    assert_true(density_at(&at, 100.0, 100.0) == 0.0);
    assert_int_equal(at.map.first_knot, UXO_DENSITY_KNOTS);
    place_free(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(residents_reach_a_square),
        cmocka_unit_test(nobody_is_lost),
        cmocka_unit_test(blocks_are_the_finest_grain),
        cmocka_unit_test(cells_know_their_block),
        cmocka_unit_test(densities_have_their_place_on_the_scale),
        cmocka_unit_test(a_place_without_people_is_possible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
