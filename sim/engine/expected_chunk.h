/* expected_chunk.h - pieces of a chunk of the map: its tiles, and the units that samples are worked on by. */
#ifndef UXOSIM_ENGINE_EXPECTED_CHUNK_H
#define UXOSIM_ENGINE_EXPECTED_CHUNK_H

#include "expected_marginal.h"
#include "expected_order.h"
#include "uxosim/maps.h"

/* One thread's memory. */
typedef struct uxo_chunk_worker {
    uxo_tile_bench bench;
    uxo_patch lattice;
    uxo_tile_state state;
    uxo_sample_state samples;
    uxo_marginal_scratch marginal;
    uxo_tile_moments *moments;
    float *order_scratch;
} uxo_chunk_worker;

/* All that is the same for every chunk. */
typedef struct uxo_chunk_plan {
    const uxo_scenario *scenario;
    const uxo_outcome *outcome;
    const uxo_map_sink *sink;
    uxo_tile_plan tile;
    bool closed_form;
    uxo_marginal_map marginal;
    const uxo_field_kernels *kernels;
    uint32_t planes[UXO_LAYER_COUNT]; /* 0: not wanted */
    uint32_t first[UXO_LAYER_COUNT];  /* its first plane among all */
    uxo_layer_facts facts[UXO_LAYER_COUNT];
    uint32_t plane_count;
    uxo_carrier_table table;
    /* Where realisations come in several blocks, what the band has gathered; else NULL: */
    uxo_tile_state *kept;           /* [tiles of the band] */
    uxo_sample_state *kept_samples; /* [units of the band] */
    bool keeps_means;               /* for containment */
    float **mean; /* [tiles] duds per cell, for containment; NULL: nothing there, or containment is not wanted */
} uxo_chunk_plan;

bool uxo_chunk_worker_init(uxo_chunk_worker *self, const uxo_chunk_plan *plan);
void uxo_chunk_worker_free(uxo_chunk_worker *self);

/* A piece of a chunk: one thread's work. */
typedef struct uxo_chunk_piece {
    uint32_t chunk;  /* of the band, row by row */
    uint16_t at;     /* tile or unit within the chunk, row by row */
    bool is_unit;    /* of samples on a lattice that is coarser than the cells; else a tile */
    uint64_t weight; /* gaussians on it */
} uxo_chunk_piece;

/* Pieces of a chunk of the map with anything on them; returns how many. The chunk's index in them is left to the
 * caller. out: one more than there are is touched. */
enum { UXO_MOST_PIECES = 2 * UXO_CHUNK_TILES * UXO_CHUNK_TILES + 1 };
uint32_t uxo_chunk_pieces(const uxo_chunk_plan *plan, uint32_t chunk_x, uint32_t chunk_y,
                          uxo_chunk_piece out[UXO_MOST_PIECES]);

/* Computes one into the chunk it belongs to. */
struct uxo_open_chunk;
UXO_MUST_USE uxo_status uxo_chunk_piece_make(const uxo_chunk_plan *plan, uxo_chunk_worker *worker,
                                             const uxo_chunk_piece *piece, struct uxo_open_chunk *chunk);

#endif
