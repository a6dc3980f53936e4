/* expected_order.h - quantiles and exceedance of the conditional density, from samples on a lattice.
 *
 * Where the patterns are wide the lattice is coarser than the cells: a step of at most a third of the smallest standard
 * deviation, cubic interpolation between its points; where a pattern may have edges it is that of the cells. It reaches one step beyond a unit to the west and north and two to
 * the east and south.
 */
#ifndef UXOSIM_ENGINE_EXPECTED_ORDER_H
#define UXOSIM_ENGINE_EXPECTED_ORDER_H

#include "expected_tile.h"

/* Smallest standard deviation of any pattern; of one that is a distribution, what it falls below once in a hundred draws.
 */
double uxo_smallest_sd_m(const uxo_scenario *scenario);

/* The lattice's step [cells] for these munitions: 1, 2, 4, 8 or 16; 1 where there is a surface. */
uint32_t uxo_order_stride(const uxo_scenario *scenario);

/* Cells to a side of what is worked on together with this step and so many samples: a tile, or so many that a lattice's
 * overlap with its neighbours is small, but not so many that the samples take too much memory. */
uint32_t uxo_order_unit(uint32_t stride, uint32_t sampled);

bool uxo_sample_state_init(uxo_sample_state *self, const uxo_tile_plan *plan);
void uxo_sample_state_free(uxo_sample_state *self);
/* Forgets a unit, keeps the memory. */
void uxo_sample_state_clear(uxo_sample_state *self, const uxo_tile_plan *plan);

/* A patch of a unit's lattice. */
bool uxo_order_patch_init(uxo_patch *self, const uxo_tile_plan *plan);

/* Takes the samples of one realisation. */
void uxo_order_add(uxo_sample_state *self, const uxo_tile_plan *plan, const uxo_patch *patch, uint32_t realisation);

/* Adds what the table's realisations put on the unit's lattice, where that is coarser than the cells. */
void uxo_order_gather(uxo_sample_state *self, uxo_patch *patch, const uxo_tile_plan *plan,
                      const uxo_carrier_table *table, uint32_t unit_x, uint32_t unit_y);

/* Floats of scratch that uxo_order_planes needs. */
size_t uxo_order_scratch(const uxo_tile_plan *plan);
/* Quantiles (duds per cell), then exceedance probabilities: out[plane] is the unit's north-west cell in a plane whose rows
 * are `pitch` floats apart. */
void uxo_order_planes(const uxo_sample_state *self, const uxo_tile_plan *plan, float *scratch, float *const *out,
                      size_t pitch);

#endif
