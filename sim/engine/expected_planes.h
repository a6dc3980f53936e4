/* expected_planes.h - the planes of one chunk of the map: put together from pieces, then packed. */
#ifndef UXOSIM_ENGINE_EXPECTED_PLANES_H
#define UXOSIM_ENGINE_EXPECTED_PLANES_H

#include "expected_chunk.h"
#include "expected_means.h"

/* A chunk in the making. Each of its tiles and units is put in once, by any thread, many at a time. */
typedef struct uxo_open_chunk {
    uint32_t x, y;                         /* chunk of the map */
    float *planes;                         /* [planes][UXO_CHUNK_CELLS] */
    double *mean;                          /* [tiles][UXO_TILE_CELLS] duds per cell */
    double *variance;                      /* [tiles][UXO_SAMPLE_CELLS] of its sample cells */
    bool with_moments[UXO_TILES_OF_CHUNK]; /* by tile: something lies on it */
    bool with_samples[UXO_TILES_OF_CHUNK]; /* by unit of samples */
} uxo_open_chunk;

bool uxo_open_chunk_init(uxo_open_chunk *self, const uxo_chunk_plan *plan);
void uxo_open_chunk_free(uxo_open_chunk *self);

/* Forgets what it held. */
void uxo_open_chunk_begin(uxo_open_chunk *self, uint32_t chunk_x, uint32_t chunk_y);

/* Layers of a tile's moments; `tile` within the chunk, row by row. */
void uxo_open_chunk_moments(uxo_open_chunk *self, const uxo_chunk_plan *plan, uint32_t tile,
                            const uxo_tile_moments *moments);

/* Quantiles and exceedance of a unit within the chunk. scratch: uxo_order_scratch floats. */
void uxo_open_chunk_order(uxo_open_chunk *self, const uxo_chunk_plan *plan, uint32_t unit,
                          const uxo_sample_state *samples, float *scratch);

/* Packed planes, [plane_count] each; owned. */
typedef struct uxo_made_chunk {
    uxo_packed *plane;
    uxo_chunk_means means;
} uxo_made_chunk;

/* When all pieces are in: fills what none of them reached, packs, sums up. NULL in *out: nothing lies on it. */
UXO_MUST_USE uxo_status uxo_open_chunk_close(const uxo_open_chunk *self, const uxo_chunk_plan *plan,
                                             uxo_made_chunk **out);
void uxo_made_chunk_free(uxo_made_chunk *self, const uxo_chunk_plan *plan);

#endif
