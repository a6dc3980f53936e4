/* expected_surface.h - ground and clearance in the maps of `expected-value`: which kinds of surface lie under the cells of a
 * tile, and carriers added to it as what remains of them there.
 *
 * Gaussians (or whatever a pattern is) come as duds on the reference class, uncleared; what remains in a cell is a multiple
 * of that, the same for all of its points: kinds count by area.
 */
#ifndef UXOSIM_ENGINE_EXPECTED_SURFACE_H
#define UXOSIM_ENGINE_EXPECTED_SURFACE_H

#include "patch.h"
#include "remaining.h"
#include "uxosim/exposure.h"

/* Kinds under the points of one block of a patch: those that any point has. */
typedef struct uxo_block_kinds {
    uint32_t count;
    uint32_t *kind; /* [count] */
    float *weight;  /* [count][points of a block] share of the point's area */
} uxo_block_kinds;

/* One carrier, as tables keep it beside its pattern. */
typedef struct uxo_carrier_source {
    uint32_t strike;
    double rate; /* failure rate on the reference class */
} uxo_carrier_source;

/* One thread's. */
typedef struct uxo_surface_field {
    const uxo_scenario *scenario;
    uxo_remaining remaining;
    uxo_patch own;          /* of one carrier, as on the reference class */
    uxo_block_kinds *block; /* [blocks of a tile] */
    float *share;           /* [kinds] of one block */
    bool plain;             /* the whole tile is of kind 0: nothing to do */
    void *memory;           /* of all kinds and weights */
    /* Where activities keep to ground classes: */
    float *
        chance; /* [blocks][kinds][points of a block] weight of the kind times the mean chance of an accident with a dud on it; NULL:
                          not wanted */
    size_t most_kinds; /* of any tile */
    double *
        accidents; /* [blocks][points] of the present tile: expected of everything that is added, summed; NULL: not wanted of it */
} uxo_surface_field;

/* Does nothing for a scenario without a surface. */
bool uxo_surface_field_init(uxo_surface_field *self, const uxo_scenario *scenario);
void uxo_surface_field_free(uxo_surface_field *self);

/* Turns to a tile of the grid. `chance`, `accidents`: for the sums of accidents on tiles of several kinds, or NULL. */
void uxo_surface_field_turn(uxo_surface_field *self, size_t tile, const uxo_exposure_table *chance, double *accidents);

/* Adds a carrier of the realisation with these campaign draws to a patch of the tile (uxo_tile_patch_init). */
void uxo_surface_field_add(uxo_surface_field *self, const uxo_field_kernels *kernels, uxo_patch *patch,
                           const uxo_placed_pattern *placed, const uxo_carrier_source *source, const double *campaign,
                           double column, double row);

/* What remains on the kinds of a block, as multiples of the duds on the reference class: share[count]. */
void uxo_block_shares(const uxo_block_kinds *kinds, uxo_remaining *remaining, float *share);

#endif
