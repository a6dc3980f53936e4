/* expected_marginal.h - closed-form maps of a tile: mean, variance of the conditional density, P(at least one), from every
 * strike's gaussians (marginal.h). */
#ifndef UXOSIM_ENGINE_EXPECTED_MARGINAL_H
#define UXOSIM_ENGINE_EXPECTED_MARGINAL_H

#include "expected_tile.h"
#include "uxosim/marginal.h"

/* Gaussians of one munition of a strike on the lattice of the cells. */
typedef struct uxo_marginal_group {
    uint32_t first, count; /* of the gaussians of each of the three kinds */
    double self_taken;
} uxo_marginal_group;

typedef struct uxo_marginal_strike {
    uint32_t first_group, groups;
    bool certain;
    double half_width, half_height; /* cells, from the strike's place */
    double x, y;
    double mean_peak, mean_bound, probability_bound;
} uxo_marginal_strike;

/* All strikes, ready for the tiles. */
typedef struct uxo_marginal_map {
    uint32_t strike_count;
    uxo_marginal_strike *strike;
    uxo_marginal_group *group;
    uxo_placed_pattern *mean, *pairs, *self;
    uint32_t tiles_x, tiles_y;
    size_t *tile_from;     /* [tiles + 1] */
    uint32_t *tile_strike; /* strikes that reach a tile, ascending */
} uxo_marginal_map;

UXO_MUST_USE uxo_status uxo_marginal_map_make(uxo_marginal_map *self, const uxo_scenario *scenario, uxo_report *report);
void uxo_marginal_map_free(uxo_marginal_map *self);

/* Largest errors over the tiles, from what is known of every strike: of the mean [duds per cell] and of P. */
void uxo_marginal_map_bounds(const uxo_marginal_map *self, double *mean, double *probability);

/* One thread's scratch. */
typedef struct uxo_marginal_scratch {
    uxo_patch mean, pairs, self;
    double *sum[3]; /* by blocks: mean, variance, what the variance takes from the loss */
    float *loss, *q, *zero, *unused[3];
} uxo_marginal_scratch;

bool uxo_marginal_scratch_init(uxo_marginal_scratch *self);
void uxo_marginal_scratch_free(uxo_marginal_scratch *self);

/* False: no strike reaches the tile, and out is not filled. q_variance is 0. */
bool uxo_marginal_tile(const uxo_marginal_map *self, const uxo_field_kernels *kernels, uxo_marginal_scratch *scratch,
                       uint32_t tile_x, uint32_t tile_y, uxo_tile_moments *out);

#endif
