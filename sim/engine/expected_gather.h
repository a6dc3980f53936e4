/* expected_gather.h - what one realisation expects of a piece of squares, to the rows of districts and zones: duds, the area of the blocks of 100 m
 * that expect at least 0.05 duds with who lives there, accidents. */
#ifndef UXOSIM_ENGINE_EXPECTED_GATHER_H
#define UXOSIM_ENGINE_EXPECTED_GATHER_H

#include "expected_squares.h"

/* Rows of the outcome that a realisation fills. */
typedef struct uxo_gather_rows {
    double *conditional, *affected_ha, *people;
    int64_t *mixed;
    double *accidents, *accident_mixed; /* NULL: there are no people */
    const uxo_exposure_table *chance;
    const uxo_patch *
        by_class; /* accidents of each square where activities keep to ground classes, blocks as of the duds; else NULL */
    uxo_zone_rows zones;
} uxo_gather_rows;

/* slot: of the patch; value: [UXO_PIECE_SQUARES] duds of the piece. */
void uxo_gather_piece(const uxo_squares *squares, const uxo_square_piece *piece, uint32_t slot, const float *value,
                      const uxo_gather_rows *to);

#endif
