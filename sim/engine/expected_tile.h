/* expected_tile.h - one tile of the map over all realisations: sums of the conditional density and of P(no dud). Where the
 * cells themselves are the lattice of the quantiles, their samples are taken on the way. */
#ifndef UXOSIM_ENGINE_EXPECTED_TILE_H
#define UXOSIM_ENGINE_EXPECTED_TILE_H

#include "expected_table.h"

/* Quantiles come from the first of the realisations, up to this many. */
enum { UXO_SAMPLED_REALISATIONS = 4096 };
/* Entries that output.quantiles and output.density_thresholds_per_ha may have each: see the schema. */
enum { UXO_MAX_PLANES = 32 };

/* Called with what one realisation put on a tile, where it put anything. */
typedef void uxo_tile_visit(void *user, const uxo_patch *patch, uint32_t realisation);

/* What is wanted of every tile. */
typedef struct uxo_tile_plan {
    const uxo_scenario *scenario;
    const uxo_outcome *outcome; /* its campaign draws, where there is a surface */
    const uxo_field_kernels *kernels;
    uxo_tile_visit *visit; /* may be NULL */
    void *visit_user;
    const volatile sig_atomic_t *stop; /* as in the engine's options: gathering ends soon, with half of everything */
    uint32_t realisations;
    uint32_t sampled; /* of them, for quantiles */
    bool moments;     /* mean, sd and P by sampling, at every cell */
    bool accidents;   /* with them, sums of accidents on tiles of several kinds of surface */
    bool samples;     /* quantiles and exceedance */
    uint32_t stride;  /* lattice of the samples, in cells */
    uint32_t unit;    /* side of the part of the map whose samples are worked on together, in cells */
    uint32_t quantile_count, threshold_count;
    uint32_t *rank;   /* [quantile_count] of `sampled` values, from 1 */
    float *threshold; /* [threshold_count] duds per cell */
} uxo_tile_plan;

/* Values of one block of a lattice in the realisations that touched it; in the others they are 0. */
typedef struct uxo_block_samples {
    float *value; /* [count][block points] */
    uint32_t count, capacity;
} uxo_block_samples;

/* What one unit of the map has gathered for quantiles and exceedance. */
typedef struct uxo_sample_state {
    uxo_block_samples *samples; /* [blocks of the unit's lattice] */
    uint32_t blocks;
    uint32_t *exceeded; /* [threshold][block][point] realisations above it */
    bool any;
    bool out_of_memory;
} uxo_sample_state;

/* Rows of a block of cells: of higher blocks fewer starts of the recurrence are needed, of lower ones fewer cells are
 * touched for nothing. */
enum { UXO_TILE_BLOCK_ROWS = 32 };

/* What one tile has gathered. Arrays of cells by blocks: [block][row][column]. */
typedef struct uxo_tile_state {
    float *shift, *partial[4]; /* partial sums of at most 32 realisations: d, dd, q, qq (kernels_field.h) */
    double *sum[4];
    double *accidents; /* summed, on tiles of several kinds of surface; NULL: not wanted */
    uint32_t touched[UXO_TILE_CELLS / UXO_TILE_BLOCK_ROWS / UXO_STRIP];
    uint32_t in_partial[UXO_TILE_CELLS / UXO_TILE_BLOCK_ROWS / UXO_STRIP];
    bool any;
    bool out_of_memory;
} uxo_tile_state;

bool uxo_tile_state_init(uxo_tile_state *self, const uxo_tile_plan *plan);
void uxo_tile_state_free(uxo_tile_state *self);
/* Forgets a tile, keeps the memory. */
void uxo_tile_state_clear(uxo_tile_state *self, const uxo_tile_plan *plan);

/* Where a tile is gathered: one thread's. */
typedef struct uxo_tile_bench {
    uxo_patch cells; /* of one realisation */
    uxo_surface_field surface;
} uxo_tile_bench;

bool uxo_tile_bench_init(uxo_tile_bench *self, const uxo_tile_plan *plan);
void uxo_tile_bench_free(uxo_tile_bench *self);

/* Adds what the table's realisations put on the tile (of the whole grid); `any` is set when anything did. `samples`: of the
 * tile, where plan->stride is 1 and they are wanted, else NULL. */
void uxo_tile_gather(uxo_tile_state *self, uxo_sample_state *samples, uxo_tile_bench *bench, const uxo_tile_plan *plan,
                     const uxo_carrier_table *table, uint32_t tile_x, uint32_t tile_y);

/* Sampled estimates of a cell, duds per cell. */
typedef struct uxo_tile_moments {
    double mean[UXO_TILE_CELLS], variance[UXO_TILE_CELLS]; /* row-major */
    double q[UXO_TILE_CELLS], q_variance[UXO_TILE_CELLS];  /* P(at least one), and its variance over realisations */
    double accidents[UXO_TILE_CELLS];                      /* mean, only where the plan wants them */
} uxo_tile_moments;
void uxo_tile_moments_of(uxo_tile_state *self, const uxo_tile_plan *plan, uxo_tile_moments *out);

#endif
