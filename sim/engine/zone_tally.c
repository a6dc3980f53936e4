/* zone_tally.c - see zone_tally.h. */
#include "zone_tally.h"

static void add_run(const uxo_zones *zones, uint32_t mix, uint64_t points, uint64_t *parts)
{
    uint32_t count;
    const uxo_zone_share *const share = uxo_zones_shares(zones, mix, &count);
    for (uint32_t i = 0; i < count; i++) {
        parts[share[i].column] += points * share[i].parts;
    }
}

/* Points that follow each other mostly fall into cells that are made of the same zones: counted as runs. */
void uxo_zone_tally_add(const uxo_zones *zones, const uint32_t *tile, const uint32_t *entry, size_t count,
                        uint32_t outside, uint64_t *parts)
{
    uint32_t mix = 0;
    uint64_t points = 0;
    for (size_t i = 0; i < count; i++) {
        if (tile[i] == outside) {
            continue;
        }
        const uint32_t next = uxo_zones_mix(zones, tile[i], entry[i] % UXO_TILE_CELLS);
        if (next != mix) {
            add_run(zones, mix, points, parts);
            mix = next;
            points = 0;
        }
        points++;
    }
    add_run(zones, mix, points, parts);
}

void uxo_zone_tally_weigh(const uxo_zones *zones, size_t tile, uint32_t cell, uint64_t count, uint64_t *parts)
{
    add_run(zones, uxo_zones_mix(zones, tile, cell), count, parts);
}

void uxo_zone_tally_outside(const uxo_zones *zones, uint32_t duds, uint64_t *parts)
{
    for (uint32_t s = 0; s < zones->set_count; s++) {
        parts[zones->set[s].first_column + zones->set[s].count + 1] = (uint64_t)duds * UXO_ZONE_PARTS;
    }
}
