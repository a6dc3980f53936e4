/* test_squares.c - the map as squares of blocks of 100 m: their areas and people are those of the cells, for cells that
 * divide 100 m and for cells that do not, on grids whose corners lie anywhere. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../sim/engine/expected_squares.h"
#include "judge.h"
#include "surface_fixture.h"

typedef struct shape {
    double xmin_m, ymin_m, cell_m;
    uint32_t nx, ny;
    double smallest_sd_m;
    uint32_t per_side;
} shape;

/* Aligned and not, odd cells, cells larger than a block, negative corners, a grid within one block. */
static const shape SHAPES[] = {
    {1000.0, -300.0, 20.0, 60, 40, 1000.0, 1}, {1013.0, -287.5, 7.0, 101, 53, 30.0, 4},
    {-555.5, -1044.25, 30.0, 33, 21, 20.0, 4}, {-75.0, -1225.0, 150.0, 9, 11, 10.0, 8},
    {310.0, 20.0, 10.0, 7, 5, 1.0, 16},        {99.0, 99.0, 333.3, 5, 3, 40.0, 2},
};
enum { SHAPES_TRIED = sizeof SHAPES / sizeof SHAPES[0] };

/* Districts: stripes of three columns of cells, every fourth of them nobody's. */
static uint32_t district_of(uint32_t ix)
{
    return ix / 3 % 4;
}

static void make_districts(model_fixture *fixture)
{
    const uxo_grid *const grid = &fixture->scenario.grid;
    fixture_cell_districts(fixture);
    for (uint32_t i = 3; i < fixture->scenario.districts.count; i++) {
        free(fixture->district[i].name);
    }
    fixture->scenario.districts.count = 3;
    for (uint32_t i = 0; i < grid->nx * grid->ny; i++) {
        const uint32_t ix = i % grid->nx, iy = i / grid->nx, district = district_of(ix);
        fixture->scenario.districts.map.cells[uxo_grid_tile_of(grid, ix, iy)][uxo_grid_cell_in_tile(ix, iy)] =
            district < 3 ? (uint16_t)district : UXO_NO_DISTRICT;
    }
}

static void make_people(model_fixture *fixture)
{
    const uxo_grid *const grid = &fixture->scenario.grid;
    assert_true(uxo_population_init(&fixture->scenario.population, grid));
    for (uint32_t i = 0; i < grid->nx * grid->ny; i++) {
        assert_true(uxo_population_add(&fixture->scenario.population, grid, i % grid->nx, i / grid->nx,
                                       0.25f * (float)(i % 37)));
    }
}

typedef struct found {
    double area_ha[4], people[4];
    size_t squares, mixed;
} found;

/* Everything that the squares hold, by column. */
static found add_up(uxo_squares *squares)
{
    found out;
    memset(&out, 0, sizeof out);
    for (uint32_t p = 0; p < squares->pieces_x * squares->pieces_y; p++) {
        const uxo_square_piece *const piece = uxo_squares_piece(squares, p);
        assert_non_null(piece);
        assert_ptr_equal(piece, uxo_squares_piece(squares, p)); /* made once */
        for (uint32_t i = 0; i < UXO_PIECE_SQUARES; i++) {
            if (piece->column[i] != UXO_MIXED_SQUARE) {
                assert_true(piece->column[i] < 4);
                out.area_ha[piece->column[i]] += piece->area_ha[i];
                out.people[piece->column[i]] += piece->people[i];
                out.squares += piece->area_ha[i] > 0.0;
            }
        }
        for (uint32_t i = 0; i < piece->mixed_count; i++) {
            const uxo_square_share *const part = &piece->mixed[i];
            assert_true(part->column < 4 && part->square < UXO_PIECE_SQUARES);
            assert_true(i == 0 || piece->mixed[i - 1].square <= part->square);
            assert_true(piece->column[part->square] == UXO_MIXED_SQUARE && part->share > 0.0 &&
                        part->share <= 1.0 + 1e-12);
            assert_near(part->share * uxo_grid_cell_ha(&squares->grid), part->area_ha, 1e-12);
            out.area_ha[part->column] += part->area_ha;
            out.people[part->column] += part->people;
            out.mixed++;
        }
    }
    return out;
}

static void squares_hold_what_the_cells_hold(void **state)
{
    (void)state;
    for (int i = 0; i < SHAPES_TRIED; i++) {
        static model_fixture fixture;
        const shape *const s = &SHAPES[i];
        uxo_squares squares;
        double area_ha[4] = {0.0}, people[4] = {0.0};
        fixture_init(&fixture, s->xmin_m, s->ymin_m, s->cell_m, s->nx, s->ny, 1, 1);
        make_districts(&fixture);
        make_people(&fixture);
        for (uint32_t cell = 0; cell < s->nx * s->ny; cell++) {
            area_ha[district_of(cell % s->nx)] += s->cell_m * s->cell_m * 1e-4;
            people[district_of(cell % s->nx)] += 0.25 * (cell % 37);
        }
        assert_true(uxo_squares_init(&squares, &fixture.scenario, s->smallest_sd_m));
        assert_int_equal(squares.per_side, s->per_side);
        const found all = add_up(&squares);
        printf("  cells of %g m, %u squares to a block: %zu of one district, %zu parts of others\n", s->cell_m,
               squares.per_side, all.squares, all.mixed);
        for (int c = 0; c < 4; c++) {
            assert_near(all.area_ha[c], area_ha[c], 1e-9 * (area_ha[c] + 1.0));
            assert_near(all.people[c], people[c], 1e-6 * (people[c] + 1.0));
        }
        uxo_squares_free(&squares);
        uxo_population_free(&fixture.scenario.population);
        fixture_free(&fixture);
    }
}

/* Without districts and people: one column that is all of the grid, and blocks that are aligned to whole 100 m. */
static void plain_squares_cover_the_grid(void **state)
{
    (void)state;
    for (int i = 0; i < SHAPES_TRIED; i++) {
        static model_fixture fixture;
        const shape *const s = &SHAPES[i];
        uxo_squares squares;
        fixture_init(&fixture, s->xmin_m, s->ymin_m, s->cell_m, s->nx, s->ny, 1, 1);
        assert_true(uxo_squares_init(&squares, &fixture.scenario, s->smallest_sd_m));
        const found all = add_up(&squares);
        const double area_ha = s->nx * s->ny * s->cell_m * s->cell_m * 1e-4;
        assert_near(all.area_ha[0], area_ha, 1e-9 * area_ha);
        assert_near(remainder(squares.grid.xmin_m, 100.0), 0.0, 0.0);
        assert_near(remainder(uxo_grid_ymax_m(&squares.grid), 100.0), 0.0, 1e-9);
        assert_true(squares.grid.xmin_m <= s->xmin_m && squares.grid.xmin_m > s->xmin_m - 100.0);
        assert_true(uxo_grid_ymax_m(&squares.grid) >= uxo_grid_ymax_m(&fixture.scenario.grid));
        assert_near(squares.grid.cell_size_m * squares.per_side, 100.0, 0.0);
        uxo_squares_free(&squares);
        fixture_free(&fixture);
    }
}

/* A square on the edge of two districts knows the share of each. */
static void shared_squares_know_their_shares(void **state)
{
    static model_fixture fixture;
    uxo_squares squares;
    (void)state;
    fixture_init(&fixture, 0.0, 0.0, 30.0, 20, 20, 1, 1); /* districts change at 90 m, 180 m, 270 m ... */
    make_districts(&fixture);
    assert_true(uxo_squares_init(&squares, &fixture.scenario, 70.0));
    assert_int_equal(squares.per_side, 1);
    const uxo_square_piece *const piece = uxo_squares_piece(&squares, 0);
    assert_int_equal(piece->mixed[0].square, 0);
    assert_int_equal(piece->mixed[0].column, 0);
    assert_near(piece->mixed[0].share, 0.9, 1e-12);
    assert_int_equal(piece->mixed[1].column, 1);
    assert_near(piece->mixed[1].share, 0.1, 1e-12);
    assert_near(piece->mixed[1].area_ha, 0.1, 1e-12);
    assert_int_equal(piece->column[0], UXO_MIXED_SQUARE);
    uxo_squares_free(&squares);
    fixture_free(&fixture);
}

/* Kinds of surface, by cell: of two of three, or of one. */
static void three_kinds(uint32_t ix, uint32_t iy, uint8_t *weight, const void *user)
{
    const uint8_t part = (uint8_t)((17 * ix + 29 * iy) % 256);
    (void)user;
    weight[ix / 2 % 3] = (uint8_t)(255 - part);
    weight[(ix / 2 + 1) % 3] = part;
}

/* Squares hold of each kind what the cells hold; beyond the grid kind 0, and nothing of it counts as on the grid. */
static void squares_hold_the_kinds_of_the_cells(void **state)
{
    (void)state;
    for (int i = 0; i < SHAPES_TRIED; i++) {
        static model_fixture fixture;
        const shape *const s = &SHAPES[i];
        uxo_squares squares;
        double cells[3] = {0.0}, of_squares[3] = {0.0};
        fixture_init(&fixture, s->xmin_m, s->ymin_m, s->cell_m, s->nx, s->ny, 1, 1);
        surface_begin(&fixture);
        surface_kind(&fixture, surface_class(&fixture, "a", uxo_quantity_constant(0.1)), NULL, 0);
        surface_kind(&fixture, surface_class(&fixture, "b", uxo_quantity_constant(0.2)), NULL, 0);
        surface_cover(&fixture, three_kinds, NULL);
        for (uint32_t c = 0; c < s->nx * s->ny; c++) {
            uint8_t weight[3] = {0};
            three_kinds(c % s->nx, c / s->nx, weight, NULL);
            for (int k = 0; k < 3; k++) {
                cells[k] += weight[k] / 255.0 * s->cell_m * s->cell_m;
            }
        }
        assert_true(uxo_squares_init(&squares, &fixture.scenario, s->smallest_sd_m));
        for (uint32_t p = 0; p < squares.pieces_x * squares.pieces_y; p++) {
            const uxo_square_piece *const piece = uxo_squares_piece(&squares, p);
            for (uint32_t square = 0; square < UXO_PIECE_SQUARES; square++) {
                double sum = 0.0;
                uint32_t kinds = 0;
                for (uint32_t k = 0; k < piece->kinds.count; k++) {
                    const double weight = (double)piece->kinds.weight[k * UXO_PIECE_SQUARES + square];
                    sum += weight;
                    kinds += weight > 0.0;
                    of_squares[piece->kinds.kind[k]] +=
                        weight * (double)piece->on_grid[square] * squares.grid.cell_size_m * squares.grid.cell_size_m;
                }
                assert_near(sum, 1.0, 1e-5);
                assert_true((piece->several_kinds[square] > 0.0f) == (kinds > 1));
            }
        }
        for (int k = 0; k < 3; k++) {
            assert_near(of_squares[k], cells[k], 1e-5 * (cells[0] + cells[1] + cells[2]));
        }
        uxo_squares_free(&squares);
        surface_fixture_free(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(squares_hold_what_the_cells_hold),
        cmocka_unit_test(plain_squares_cover_the_grid),
        cmocka_unit_test(shared_squares_know_their_shares),
        cmocka_unit_test(squares_hold_the_kinds_of_the_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
