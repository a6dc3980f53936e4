/* expected_squares.h - the map as squares of which a whole number makes a side of an aligned block of 100 m: which
 * district each belongs to, how much of it lies on the grid, who lives there. */
#ifndef UXOSIM_ENGINE_EXPECTED_SQUARES_H
#define UXOSIM_ENGINE_EXPECTED_SQUARES_H

#include <math.h>
#include <omp.h>

#include "expected_zones.h"
#include "uxosim/scenario.h"

#define UXO_MIXED_SQUARE UINT32_MAX

/* Part of a square that several columns share. */
typedef struct uxo_square_share {
    uint32_t square; /* within the piece */
    uint32_t column;
    double share; /* of the square's area */
    double area_ha, people;
} uxo_square_share;

typedef struct uxo_square_piece {
    uint32_t column[UXO_PIECE_SQUARES]; /* of the district table; UXO_MIXED_SQUARE: see `mixed` */
    double area_ha[UXO_PIECE_SQUARES];  /* on the grid; 0: beyond it */
    double people[UXO_PIECE_SQUARES];
    uxo_square_share *mixed; /* ascending by square */
    uint32_t mixed_count;
    bool uniform;                           /* whole, and all of one column */
    double block_people[UXO_PIECE_SQUARES]; /* by block, if uniform */
    uxo_zone_piece *zones;                  /* NULL: there are none */
} uxo_square_piece;

typedef struct uxo_squares {
    const uxo_scenario *scenario;
    uxo_grid grid;     /* of the squares */
    uint32_t per_side; /* squares to a side of a block: 1, 2, 4, 8 or 16 */
    uint32_t pieces_x, pieces_y;
    uxo_square_piece **piece;
    omp_lock_t lock; /* of what is made while others look */
    bool out_of_memory;
} uxo_squares;

/* smallest_sd_m: of the patterns. Squares are at most one and a half times as large, but for the limit of 16 to a side:
 * the sum of a gaussian over the squares is then right to 6e-5 per axis. */
double uxo_squares_side_m(double smallest_sd_m);
bool uxo_squares_init(uxo_squares *self, const uxo_scenario *scenario, double smallest_sd_m);
void uxo_squares_free(uxo_squares *self);

/* From where to where along one axis, in cells from the grid's north-western corner. */
typedef struct uxo_span {
    double from, to;
} uxo_span;

static inline double uxo_span_overlap(uxo_span a, uxo_span b)
{
    return fmax(0.0, fmin(a.to, b.to) - fmax(a.from, b.from));
}

/* Cells first .. end - 1 of a row or column that a span touches; `length` cells of side 1. */
static inline void uxo_span_cells(uxo_span cells, uint32_t length, uint32_t *first, uint32_t *end)
{
    *first = cells.from <= 0.0 ? 0 : cells.from < (double)length ? (uint32_t)cells.from : length;
    *end = cells.to <= 0.0 ? 0 : cells.to < (double)length ? (uint32_t)ceil(cells.to) : length;
    *first = *first < *end ? *first : *end;
}

/* Where a square of a piece lies. */
void uxo_squares_extent(const uxo_squares *self, uint32_t piece, uint32_t square, uxo_span *x, uxo_span *y);

/* Any thread; NULL when memory runs out. */
const uxo_square_piece *uxo_squares_piece(uxo_squares *self, uint32_t index);

#endif
