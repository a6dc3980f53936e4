/* zones.h - further sets of areas beside the districts, such as tasks, hazardous areas or villages: which part of each cell lies in which.
 *
 * Areas of a set may overlap each other, have holes, and need not follow the cells: a cell belongs to a zone by the share of its area, in
 * 255ths. What a file says of a zone's status is carried along as it stands and never changed.
 * Not here: reading them (layers.h, uxo_zones_read).
 *
 * Model   docs/model.md, "Zones"
 */
#ifndef UXOSIM_ZONES_H
#define UXOSIM_ZONES_H

#include "uxosim/layers.h"

/* Parts of a cell that shares are counted in. */
enum { UXO_ZONE_PARTS = 255 };

/* A zone has what a district has; its area and persons are those of its shares of cells. */
typedef uxo_district uxo_zone;

/* Columns of a set in every table, from first_column on: its zones, then "outside every zone", then "outside the grid". */
typedef struct uxo_zone_set {
    char *id; /* owned; letters, digits, '-' and '_' */
    uxo_zone *item;
    uint32_t count;
    uint32_t first_column;
    double area_outside_ha;    /* of the grid, in no zone of the set */
    double population_outside; /* persons there; 0 until they are counted */
} uxo_zone_set;

/* So many 255ths of a cell count for a column. */
typedef struct uxo_zone_share {
    uint32_t column;
    uint32_t parts;
} uxo_zone_share;

/* Every set, and what cells are made of: a cell has a number, which stands for a list of shares, ascending by column. Cells of one
 * tile that are all alike cost four bytes together. */
typedef struct uxo_zones {
    uxo_zone_set *set;
    uint32_t set_count; /* 0: there is nothing of the rest */
    uint32_t column_count;
    uint32_t *mix_start; /* [mix_count + 1] into share */
    uxo_zone_share *share;
    uint32_t mix_count;
    uint32_t *uniform; /* [tile] of the whole tile, where cells[tile] is NULL */
    uint32_t **cells;  /* [tile] UXO_TILE_CELLS numbers, or NULL */
    size_t tile_count;
} uxo_zones;

/* Number of a cell's list of shares. */
static inline uint32_t uxo_zones_mix(const uxo_zones *self, size_t tile, uint32_t cell)
{
    const uint32_t *const cells = self->cells[tile];
    return cells != NULL ? cells[cell] : self->uniform[tile];
}

/* Its shares; *count of them. */
static inline const uxo_zone_share *uxo_zones_shares(const uxo_zones *self, uint32_t mix, uint32_t *count)
{
    *count = self->mix_start[mix + 1] - self->mix_start[mix];
    return self->share + self->mix_start[mix];
}

/* Columns of one set. */
static inline uint32_t uxo_zone_set_columns(const uxo_zone_set *self)
{
    return self->count + 2;
}

/* The set of this name; NULL: there is none. */
const uxo_zone_set *uxo_zones_find(const uxo_zones *self, const char *id);
/* What columns have of the grid's cells, in 255ths of a cell: parts[column_count]. */
void uxo_zones_measure(const uxo_zones *self, const uxo_grid *grid, uint64_t *parts);
void uxo_zones_free(uxo_zones *self);

/* Sets every zone's population to the persons on its shares of cells, population_outside to those in none. Does nothing where there is no
 * population layer. False: out of memory. */
UXO_MUST_USE bool uxo_zones_count_people(uxo_zones *self, const uxo_population *population);

/* A set as the scenario has it. */
typedef struct uxo_zone_source {
    const char *id;
    uxo_area_source area;
} uxo_zone_source;

/* Reads all sets. Zones off the grid are warned of and stay empty; a set of which nothing is on the grid is an error, and so is whatever
 * would be one for districts, but for overlaps. */
UXO_MUST_USE uxo_status uxo_zones_read(uxo_zones *self, const uxo_crs *crs, const uxo_grid *grid,
                                       const uxo_zone_source *source, uint32_t count, uxo_report *report);

#endif
