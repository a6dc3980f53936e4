/* expected_squares_kinds.c - kinds of surface of the squares that districts and affected area are counted in. */
#include <stdlib.h>
#include <string.h>

#include "expected_squares.h"

/* Weights of a kind on the squares of the piece; it is added to the kinds when it is asked for first. */
static float *weights_of(uxo_block_kinds *kinds, uint32_t kind)
{
    for (uint32_t k = 0; k < kinds->count; k++) {
        if (kinds->kind[k] == kind) {
            return kinds->weight + (size_t)k * UXO_PIECE_SQUARES;
        }
    }
    const size_t count = (size_t)kinds->count + 1;
    uint32_t *const kind_of = realloc(kinds->kind, count * sizeof *kind_of);
    kinds->kind = kind_of != NULL ? kind_of : kinds->kind;
    float *const weight = realloc(kinds->weight, count * UXO_PIECE_SQUARES * sizeof *weight);
    kinds->weight = weight != NULL ? weight : kinds->weight;
    if (kind_of == NULL || weight == NULL) {
        return NULL;
    }
    kind_of[kinds->count] = kind;
    float *const new = weight + (size_t)kinds->count++ *UXO_PIECE_SQUARES;
    memset(new, 0, UXO_PIECE_SQUARES * sizeof *new);
    return new;
}

/* Adds what a cell has in a square: `share` of the square's area. */
static bool add_cell(uxo_block_kinds *kinds, const uxo_surface_tile *tile, uint32_t cell, uint32_t square, double share)
{
    for (uint32_t k = 0; k < tile->kind_count; k++) {
        const uint8_t parts = tile->kind_count == 1 ? 255 : tile->weight[(size_t)k * UXO_TILE_CELLS + cell];
        if (parts > 0) {
            float *const weight = weights_of(kinds, tile->kind[k]);
            if (weight == NULL) {
                return false;
            }
            weight[square] += (float)(share * (double)parts / 255.0);
        }
    }
    return true;
}

/* Of the part on the grid; a square beyond it is of kind 0. */
static bool look_at_square(uxo_square_piece *piece, const uxo_squares *self, uint32_t square, uxo_span x, uxo_span y)
{
    const uxo_grid *const grid = &self->scenario->grid;
    const uxo_span across = {0.0, (double)grid->nx}, down = {0.0, (double)grid->ny};
    const double area = (x.to - x.from) * (y.to - y.from);
    const double on_grid = uxo_span_overlap(x, across) * uxo_span_overlap(y, down);
    uint32_t x0, x1, y0, y1;
    uxo_span_touched(x, grid->nx, &x0, &x1);
    uxo_span_touched(y, grid->ny, &y0, &y1);
    piece->on_grid[square] = (float)(on_grid / area);
    if (!(on_grid > 0.0)) {
        float *const beyond = weights_of(&piece->kinds, 0);
        if (beyond != NULL) {
            beyond[square] = 1.0f;
        }
        return beyond != NULL;
    }
    for (uint32_t iy = y0; iy < y1; iy++) {
        for (uint32_t ix = x0; ix < x1; ix++) {
            const double cell = uxo_span_overlap(x, uxo_span_of_cell(ix)) * uxo_span_overlap(y, uxo_span_of_cell(iy));
            const uxo_surface_tile *const tile = &self->scenario->surface.tile[uxo_grid_tile_of(grid, ix, iy)];
            if (cell > 0.0 && !add_cell(&piece->kinds, tile, uxo_grid_cell_in_tile(ix, iy), square, cell / on_grid)) {
                return false;
            }
        }
    }
    return true;
}

bool uxo_square_piece_kinds(uxo_square_piece *piece, const uxo_squares *self, uint32_t index)
{
    piece->on_grid = calloc(UXO_PIECE_SQUARES, sizeof *piece->on_grid);
    piece->several_kinds = calloc(UXO_PIECE_SQUARES, sizeof *piece->several_kinds);
    if (piece->on_grid == NULL || piece->several_kinds == NULL) {
        return false;
    }
    for (uint32_t square = 0; square < UXO_PIECE_SQUARES; square++) {
        uxo_span x, y;
        uxo_squares_span(self, index, square, &x, &y);
        if (!look_at_square(piece, self, square, x, y)) {
            return false;
        }
    }
    for (uint32_t square = 0; square < UXO_PIECE_SQUARES; square++) {
        uint32_t kinds = 0;
        for (uint32_t k = 0; k < piece->kinds.count; k++) {
            kinds += piece->kinds.weight[(size_t)k * UXO_PIECE_SQUARES + square] > 0.0f;
        }
        piece->several_kinds[square] = kinds > 1 ? 1.0f : 0.0f;
    }
    return true;
}
