/* map_cells.h - private to tools: a map of a result on a grid that may be coarser, for the page and for figures.
 *
 * Blocks of cells are correlated within, so that only means of densities follow exactly from those of cells. What else is shown of blocks is
 * shown as what it is: the largest number of any cell, or a bound. Where neither says anything, the map is left out.
 */
#ifndef UXOSIM_TOOLS_MAP_CELLS_H
#define UXOSIM_TOOLS_MAP_CELLS_H

#include "uxosim/result.h"

/* Where the maps come from, and the grid on which they are wanted. Borrowed. */
typedef struct map_cells_source {
    uxo_result *result;
    uxo_grid grid;       /* of the maps */
    uint32_t factor;     /* cells of the result along one side of a cell of the maps, at least 1 */
    double outside_duds; /* expected outside the grid; containment counts them */
} map_cells_source;

/* What the number of a block is. */
typedef enum map_cells_rule {
    MAP_CELLS_NONE,      /* the map cannot be had for blocks, or is not in the file */
    MAP_CELLS_AS_STORED, /* cells of the result */
    MAP_CELLS_MEAN,      /* exact: the mean of its cells */
    MAP_CELLS_LARGEST,   /* the largest of its cells */
    MAP_CELLS_MOST_SPREAD, /* the mean of the cells' spreads: that of the block's mean is at most this, whatever the correlation */
    MAP_CELLS_SUM_SPREAD, /* the sum of the cells' spreads: that of the block's count is at most this */
    MAP_CELLS_CONTAINMENT /* found anew, from the densities of blocks */
} map_cells_rule;

/* `outside_duds` from the table of districts. */
map_cells_source map_cells_source_make(uxo_result *result, const uxo_grid *grid, uint32_t factor,
                                       const uxo_district_table *table);

map_cells_rule map_cells_rule_of(const map_cells_source *self, const char *layer);

/* [ny * nx] floats, row 0 north, NaN: no number; to be freed. The layer has a rule. */
UXO_MUST_USE uxo_status map_cells_read(const map_cells_source *self, const char *layer, uint32_t plane, float **cells,
                                       uxo_report *report);

/* "Means over blocks of 100 m; ...": a sentence for a caption. */
void map_cells_say(const map_cells_source *self, const char *layer, char *text, size_t size);

#endif
