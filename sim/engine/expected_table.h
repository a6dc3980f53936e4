/* expected_table.h - the carriers of many realisations as gaussians on a lattice, and which of them reach which tile.
 * Made once for all tiles of a band of the map. */
#ifndef UXOSIM_ENGINE_EXPECTED_TABLE_H
#define UXOSIM_ENGINE_EXPECTED_TABLE_H

#include "drawing.h"
#include "expected_surface.h"
#include "place.h"
#include "uxosim/engine.h"

/* Part of the map: tiles from_x .. to_x - 1 of rows from_y .. to_y - 1; it begins where a chunk does. */
typedef struct uxo_tile_band {
    uint32_t from_x, to_x, from_y, to_y;
} uxo_tile_band;

static inline size_t uxo_band_tiles(const uxo_tile_band *band)
{
    return (size_t)(band->to_y - band->from_y) * (band->to_x - band->from_x);
}

/* Index of a tile of the map within the band. */
static inline size_t uxo_band_tile(const uxo_tile_band *band, uint32_t tile_x, uint32_t tile_y)
{
    return (size_t)(tile_y - band->from_y) * (band->to_x - band->from_x) + (tile_x - band->from_x);
}

/* Units of some tiles to a side: to a row of the band, and the index of one of the map within the band. */
static inline uint32_t uxo_band_units_across(const uxo_tile_band *band, uint32_t tiles)
{
    return (band->to_x - band->from_x + tiles - 1) / tiles;
}

static inline size_t uxo_band_unit(const uxo_tile_band *band, uint32_t tiles, uint32_t unit_x, uint32_t unit_y)
{
    return (size_t)(unit_y - band->from_y / tiles) * uxo_band_units_across(band, tiles) +
           (unit_x - band->from_x / tiles);
}

/* Which gaussians reach which part of a band: squares of some tiles to a side, row by row. */
typedef struct uxo_table_index {
    uint32_t tiles;  /* to a side of a part; 0: there is no index */
    uint32_t across; /* parts to a row */
    size_t *from;    /* [parts + 1] */
    uint32_t *item;  /* carriers that reach a part, ascending */
    size_t capacity; /* of item */
} uxo_table_index;

/* Some of the realisations, which one thread has drawn. */
typedef struct uxo_table_part {
    uint32_t first, end;        /* realisations */
    uint32_t *realisation;      /* [count] ascending */
    uxo_placed_pattern *fine;   /* [count] on the lattice of the cells; NULL: not wanted */
    uxo_placed_pattern *coarse; /* [count] on the lattice of quantiles; NULL: not wanted */
    uxo_carrier_source *source; /* [count] with a surface only, else NULL */
    uint32_t count, capacity;
    uxo_table_index fine_index, coarse_index;
    bool out_of_memory;
} uxo_table_part;

typedef struct uxo_carrier_table {
    uxo_tile_band band;
    uint32_t part_count;
    uxo_table_part *part;
} uxo_carrier_table;

/* What to make a table of. */
typedef struct uxo_table_order {
    const uxo_scenario *scenario;
    const uxo_kernels *kernels;
    const uxo_outcome *outcome; /* its campaign draws */
    uint32_t first, end;        /* realisations */
    uxo_tile_band band;
    const uint32_t *strikes; /* that may reach the band; NULL: all */
    uint32_t strike_count;
    uint32_t stride;       /* of the coarse lattice, in cells */
    uint32_t coarse_tiles; /* to a side of what the coarse lattice is worked on by */
    bool want_fine, want_coarse;
    int threads;
    const volatile sig_atomic_t *stop; /* as in the engine's options */
} uxo_table_order;

/* Of all zeros, or of a table that was made before, whose memory is used again. */
UXO_MUST_USE uxo_status uxo_carrier_table_make(uxo_carrier_table *self, const uxo_table_order *order,
                                               uxo_report *report);
void uxo_carrier_table_free(uxo_carrier_table *self);

/* Bytes of a table, about. */
double uxo_carrier_table_bytes(const uxo_table_order *order);

/* How far the pattern of one of a strike's carriers reaches from its centre: of its widest munition, with mean sizes. */
double uxo_carrier_half_length_m(const uxo_scenario *scenario, const uxo_strike *strike);

/* Farther from its sites than this lies nothing of a strike: normals are bounded (kernels.h), patterns are cut off, other
 * sizes exceed what is reckoned with once in 1e9 draws. */
double uxo_strike_hard_reach_m(const uxo_scenario *scenario, const uxo_strike *strike);

#endif
