/* expected_chunk.h - one chunk of the map: its tiles computed, its planes packed. */
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
    float *planes; /* [planes][UXO_CHUNK_CELLS] */
    bool clean;    /* the planes hold nothing of the chunk before */
} uxo_chunk_worker;

/* What a chunk was checked for: a sample of its cells, see uxo_is_sample_cell. */
typedef struct uxo_chunk_check {
    double map_total; /* expected duds on the chunk, ... */
    double *column;   /* ... [columns] by district; with a surface only, else NULL. Owned */
    uxo_map_check cells;
} uxo_chunk_check;

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
    float **mean;                   /* [tiles] duds per cell, for containment; NULL: nothing there, or not wanted */
} uxo_chunk_plan;

bool uxo_chunk_worker_init(uxo_chunk_worker *self, const uxo_chunk_plan *plan);
void uxo_chunk_worker_free(uxo_chunk_worker *self);

/* Packed planes, [plane_count] each; owned. */
typedef struct uxo_made_chunk {
    uxo_packed *plane;
    uxo_chunk_check check;
} uxo_made_chunk;

/* NULL in *out: nothing lies on it. */
UXO_MUST_USE uxo_status uxo_chunk_make(const uxo_chunk_plan *plan, uxo_chunk_worker *worker, uint32_t chunk_x,
                                       uint32_t chunk_y, uxo_made_chunk **out);
void uxo_made_chunk_free(uxo_made_chunk *self, const uxo_chunk_plan *plan);

#endif
