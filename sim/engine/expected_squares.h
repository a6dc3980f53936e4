/* expected_squares.h - the map as squares of which a whole number makes a side of an aligned block of 100 m: which
 * district each belongs to, how much of it lies on the grid, who lives there. */
#ifndef UXOSIM_ENGINE_EXPECTED_SQUARES_H
#define UXOSIM_ENGINE_EXPECTED_SQUARES_H

#include <omp.h>

#include "expected_surface.h"
#include "expected_zones.h"
#include "spans.h"

#define UXO_MIXED_SQUARE UINT32_MAX

/* Duds of all realisations whose place is not known well enough are added up as integers of this many parts of a dud, so
 * that the order of threads cannot be seen; there is room for 8e12 duds, more than can be drawn. */
#define UXO_DUD_PARTS 1048576.0

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
    uxo_block_kinds kinds;                  /* of surface by area, of a square's part on the grid; beyond it kind 0. No
                                               surface: none */
    float *on_grid;                         /* [squares] share that lies there; with a surface only */
    float *several_kinds;                   /* [squares] 1 where a square has several kinds, else 0; likewise */
    bool uniform;                           /* whole, and all of one column */
    double block_people[UXO_PIECE_SQUARES]; /* by block, if uniform */
    uxo_density *density;                   /* of residents within reach, by block; NULL: there are no people */
    uxo_zone_piece *zones;                  /* NULL: there are none */
} uxo_square_piece;

/* Enough that two threads seldom wait for each other. */
enum { UXO_SQUARE_LOCKS = 64 };

typedef struct uxo_squares {
    const uxo_scenario *scenario;
    uxo_grid grid;     /* of the squares */
    uint32_t per_side; /* squares to a side of a block: 1, 2, 4, 8 or 16 */
    uint32_t pieces_x, pieces_y;
    uxo_square_piece **piece;
    omp_lock_t lock[UXO_SQUARE_LOCKS]; /* of pieces that are made while others look: that of the index, modulo */
    bool out_of_memory;
} uxo_squares;

/* smallest_sd_m: of the patterns. Squares are at most one and a half times as large, but for the limit of 16 to a side:
 * the sum of a gaussian over the squares is then right to 6e-5 per axis. */
double uxo_squares_side_m(double smallest_sd_m);
bool uxo_squares_init(uxo_squares *self, const uxo_scenario *scenario, double smallest_sd_m);
void uxo_squares_free(uxo_squares *self);

/* Where a square of a piece lies, in cells of the map from its north-west corner. */
void uxo_squares_span(const uxo_squares *self, uint32_t piece, uint32_t square, uxo_span *x, uxo_span *y);

/* Fills the kinds of surface of a piece. False: out of memory. */
bool uxo_square_piece_kinds(uxo_square_piece *piece, const uxo_squares *self, uint32_t index);

/* Any thread; NULL when memory runs out. */
const uxo_square_piece *uxo_squares_piece(uxo_squares *self, uint32_t index);

#endif
