/* expected_order.h - quantiles and exceedance of the conditional density on a tile, from samples on a lattice.
 *
 * Where the patterns are wide the lattice is coarser than the cells: a step of at most a third of the smallest standard
 * deviation, cubic interpolation between its points. It reaches one step beyond the tile to the west and north and two to
 * the east and south.
 */
#ifndef UXOSIM_ENGINE_EXPECTED_ORDER_H
#define UXOSIM_ENGINE_EXPECTED_ORDER_H

#include "expected_tile.h"

/* Smallest standard deviation of any pattern; of one that is a distribution, what it falls below once in a hundred draws.
 */
double uxo_smallest_sd_m(const uxo_scenario *scenario);

/* The lattice's step [cells] for these munitions: 1, 2, 4, 8 or 16. */
uint32_t uxo_order_stride(const uxo_scenario *scenario);

/* Points to a side of a tile's lattice; rows of a block; blocks; points in all blocks. */
uint32_t uxo_order_side(const uxo_tile_plan *plan);
uint32_t uxo_order_block_rows(const uxo_tile_plan *plan);
uint32_t uxo_order_blocks(const uxo_tile_plan *plan);
size_t uxo_order_points(const uxo_tile_plan *plan);

/* Takes the samples of one realisation. */
void uxo_order_add(uxo_tile_state *self, const uxo_tile_plan *plan, const uxo_patch *patch, uint32_t realisation);

#endif
