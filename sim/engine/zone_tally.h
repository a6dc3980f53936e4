/* zone_tally.h - points of a realisation by zones: each dud counts for every zone of its cell by the cell's share, in 255ths of a dud. Integers,
 * so in any order. */
#ifndef UXOSIM_ENGINE_ZONE_TALLY_H
#define UXOSIM_ENGINE_ZONE_TALLY_H

#include "uxosim/zones.h"

/* Adds points to parts[column_count]. tile, entry: of each point; of an entry the cell within the tile are the low bits, as many as a tile has
 * cells for. Points on the tile `outside` are none. */
void uxo_zone_tally_add(const uxo_zones *zones, const uint32_t *tile, const uint32_t *entry, size_t count,
                        uint32_t outside, uint64_t *parts);

/* Adds so many of a thing that lies in a cell. */
void uxo_zone_tally_weigh(const uxo_zones *zones, size_t tile, uint32_t cell, uint64_t count, uint64_t *parts);

/* Duds outside the grid, the same for every set. */
void uxo_zone_tally_outside(const uxo_zones *zones, uint32_t duds, uint64_t *parts);

#endif
