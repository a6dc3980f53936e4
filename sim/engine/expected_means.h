/* expected_means.h - what the means of a chunk are wanted for beside its planes: sums over the map, a comparison with points, containment. */
#ifndef UXOSIM_ENGINE_EXPECTED_MEANS_H
#define UXOSIM_ENGINE_EXPECTED_MEANS_H

#include "expected_chunk.h"

/* Of one chunk; a function of the scenario and the number of realisations alone. Owned. */
typedef struct uxo_chunk_means {
    double total;   /* expected duds on the chunk, ... */
    double *column; /* ... [columns] by district; with a surface only, else NULL */
    uint16_t tiles; /* bit i: something lies on tile i of the chunk */
    double *sample; /* [tiles][2][UXO_SAMPLE_CELLS] mean and variance of the sample cells, duds per cell */
    float *kept[UXO_TILES_OF_CHUNK]; /* [UXO_TILE_CELLS] duds per cell, 0 beyond the grid; NULL: nothing there, or
                                        containment is not wanted */
} uxo_chunk_means;

struct uxo_open_chunk;

/* False: out of memory. */
bool uxo_chunk_means_take(uxo_chunk_means *self, const uxo_chunk_plan *plan, const struct uxo_open_chunk *chunk);
void uxo_chunk_means_free(uxo_chunk_means *self);

/* Adds the chunk to map_total, map_column and map_check of the outcome, whose points are complete, and leaves what is kept to plan->mean. Chunks
 * come in ascending order. */
void uxo_chunk_means_add(uxo_chunk_means *self, const uxo_chunk_plan *plan, uint32_t chunk_x, uint32_t chunk_y,
                         uxo_outcome *outcome);

#endif
