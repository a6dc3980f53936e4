/* expected_zones.h - zones on the squares by which `expected-value` adds up what it expects (expected_squares.h). A square that lies partly
 * in a zone counts for it by area, as one that several districts share does; a square may count for several zones. */
#ifndef UXOSIM_ENGINE_EXPECTED_ZONES_H
#define UXOSIM_ENGINE_EXPECTED_ZONES_H

#include "uxosim/engine.h"

/* Squares are kept in pieces of UXO_PIECE x UXO_PIECE, which are made when they are first asked for. */
enum { UXO_PIECE = 16, UXO_PIECE_SQUARES = UXO_PIECE * UXO_PIECE };

/* What one column has of a piece. */
typedef struct uxo_zone_column {
    uint32_t column;
    uint32_t first, count; /* of its parts, those of whole squares first; none where it has every square, whole */
    uint32_t whole;        /* how many of whole squares */
    uint32_t first_share;  /* of the others */
} uxo_zone_column;

typedef struct uxo_zone_piece {
    uxo_zone_column *column;
    uint32_t column_count;
    uint8_t *square;      /* of each part, within the piece */
    double *share;        /* of the square's area, of parts that are not whole squares */
    double *people;       /* of each part */
    double *block_people; /* [blocks of the piece], all of each block */
} uxo_zone_piece;

struct uxo_squares;

/* NULL: out of memory. */
uxo_zone_piece *uxo_zone_piece_make(const struct uxo_squares *squares, uint32_t piece);
void uxo_zone_piece_free(uxo_zone_piece *self);

/* Where a realisation's finds go. */
typedef struct uxo_zone_rows {
    double *conditional, *affected_ha, *people; /* [columns] */
    double *accidents;                          /* [columns]; NULL: there are no people */
    int64_t *mixed, *beyond;                    /* [columns] of a thread; parts of duds */
} uxo_zone_rows;

/* What is expected on a piece: by square, by block and in all. */
typedef struct uxo_piece_finds {
    const float *value; /* [UXO_PIECE_SQUARES] duds */
    double duds;
    const double *block;       /* [blocks] duds */
    uint32_t blocks, per_side; /* squares to a side of a block */
    double least;              /* duds of an affected block */
    bool any;                  /* some block is affected */
    double square_ha, block_ha;
    double parts_per_dud; /* of `mixed` and `beyond` */
} uxo_piece_finds;

void uxo_zone_piece_add(const uxo_zone_piece *self, const uxo_piece_finds *finds, const uxo_zone_rows *to);

/* Accidents expected of the squares of a piece: [UXO_PIECE_SQUARES]. */
void uxo_zone_piece_accidents(const uxo_zone_piece *self, const float *accidents, const uxo_zone_rows *to);

/* What of a realisation lies outside the grid, as the districts' tables have it: the same for every set. */
void uxo_zones_end_row(const uxo_zones *zones, double expected_outside, const uxo_zone_rows *to);

#endif
