/* zones_map.h - what the cells of a tile are made of, put together set by set from the cover of each zone. Private to sim/scenario. */
#ifndef UXOSIM_ZONES_MAP_H
#define UXOSIM_ZONES_MAP_H

#include "uxosim/zones.h"

/* What one column has of the cells of a tile. */
typedef struct zone_cover {
    uint32_t column;
    uint8_t *weight; /* [UXO_TILE_CELLS] 255ths; NULL: every cell, whole */
} zone_cover;

/* The covers of one tile by the zones of a set, ascending by column. Owned. */
typedef struct zone_covers {
    zone_cover *item;
    uint32_t count, capacity;
} zone_covers;

/* Adds a cover; the weights are copied. False: out of memory. */
bool zone_covers_add(zone_covers *self, uint32_t column, const uint8_t *weight);
void zone_covers_clear(zone_covers *self); /* the list keeps its memory */
void zone_covers_free(zone_covers *self);

/* Is there a cell which several have parts of, and none has whole? How much of it they cover together cannot be told from their shares. */
bool zone_covers_need_union(const zone_covers *self);

/* What of each cell none has: weight[UXO_TILE_CELLS]. `together`: 255ths that they cover together, where that is needed; NULL: nothing of any
 * cell. False: no cell has any such part. */
bool zone_covers_outside(const zone_covers *self, const uint8_t *together, uint8_t *weight);

/* Lists of shares, each kept once. */
typedef struct zones_builder {
    uxo_zones *zones;
    uint32_t *slot; /* [slot_count] hash table of lists, 0: free, else number + 1 */
    uint32_t slot_count;
    uint32_t mix_capacity, share_capacity;
} zones_builder;

/* A map of cells that lie in nothing yet. */
bool zones_builder_init(zones_builder *self, uxo_zones *zones, const uxo_grid *grid);
void zones_builder_free(zones_builder *self);
/* Adds the shares of one more set to the cells of a tile. False: out of memory. */
bool zones_builder_add(zones_builder *self, size_t tile, const zone_covers *covers);

#endif
