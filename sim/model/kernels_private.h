/* kernels_private.h - what the kernels of all instruction sets share. */
#ifndef UXOSIM_MODEL_KERNELS_PRIVATE_H
#define UXOSIM_MODEL_KERNELS_PRIVATE_H

#include <stdbool.h>

#include "uxosim/grid.h"
#include "uxosim/kernels.h"

#if defined(__x86_64__)
extern const uxo_kernels uxo_kernels_sse2, uxo_kernels_avx2, uxo_kernels_avx512;
#endif
extern const double uxo_kernels_inverse[UXO_INVERSION_STEPS + 1];

/* Tile and cell of one dud. One is added before truncation, so that truncation is the floor for all that is not outside
 * anyway; the comparisons are such that NaN is outside. */
static inline void uxo_kernels_cell(const uxo_cell_place *place, const uxo_cell_grid *grid, float z0, float z1,
                                    uint32_t *tile, uint32_t *cell)
{
    const double along = (double)z0, across = (double)z1;
    double x = place->x + (place->xa * along + place->xc * across) + 1.0;
    double y = place->y + (place->ya * along + place->yc * across) + 1.0;
    x = x > 0.0 ? x : 0.0;
    y = y > 0.0 ? y : 0.0;
    x = x < grid->nx + 1.0 ? x : grid->nx + 1.0;
    y = y < grid->ny + 1.0 ? y : grid->ny + 1.0;
    const int32_t column = (int32_t)x, row = (int32_t)y;
    const bool inside = (column >= 1) & (column <= (int32_t)grid->nx) & (row >= 1) & (row <= (int32_t)grid->ny);
    const uint32_t ix = (uint32_t)column - 1, iy = grid->rows - (uint32_t)row;
    const uint32_t at = iy / UXO_TILE * grid->tiles_x + ix / UXO_TILE;
    *tile = inside ? at : UXO_NO_TILE;
    *cell = iy % UXO_TILE * UXO_TILE + ix % UXO_TILE;
}

#endif
