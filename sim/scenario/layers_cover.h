/* layers_cover.h - how much of each cell of the grid a polygon covers, exactly, in 255ths. Private to sim/scenario/layers*.c.
 *
 * A polygon is its edges: what lies to the right of an edge counts for or against, by the direction in which the edge goes, and all edges
 * together leave what lies inside. So a cell costs what its edges cost, whatever the polygon's size, and holes need no care.
 * Plain arithmetic: the same on every processor.
 */
#ifndef UXOSIM_LAYERS_COVER_H
#define UXOSIM_LAYERS_COVER_H

#include "layers_private.h"

/* The whole of a cell. */
enum { LAYERS_WHOLE = 255 };

/* One edge; u columns of cells east of the grid's western side, v rows south of its northern one. */
typedef struct layers_cover_edge {
    double u0, v0, u1, v1;
} layers_cover_edge;

/* A polygon as its edges, exterior rings to one side, holes to the other; those along a row are left out. */
typedef struct layers_outline {
    layers_cover_edge *edge;
    size_t count, capacity;
    double low_u, low_v, high_u, high_v;
} layers_outline;

/* Of a polygon or a multipolygon in the grid's system. False: out of memory. */
bool layers_outline_init(layers_outline *self, const uxo_gdal *api, OGRGeometryH geometry, const uxo_grid *grid);
void layers_outline_free(layers_outline *self);

/* Memory of one band of tiles, for one outline after another. */
typedef struct layers_cover_scratch {
    const uxo_grid *grid;
    double **
        tile; /* [tiles_x] [UXO_TILE][UXO_TILE + 1]: changes of the covered share from cell to cell; NULL: no edge came here */
    double **spare; /* [tiles_x] such memory that is not in use */
    uint32_t spare_count;
    double
        running[UXO_TILE]; /* by row: share that is covered in the next tile's first cell, but for what is in `tile` */
    bool out_of_memory;
} layers_cover_scratch;

bool layers_cover_init(layers_cover_scratch *self, const uxo_grid *grid);
void layers_cover_free(layers_cover_scratch *self);

/* Takes the cover of one tile: 255ths by cell, [UXO_TILE_CELLS], or NULL where every cell is covered whole. What lies beyond the grid's
 * edge is covered like the rest. False ends it. */
typedef bool layers_cover_visit(void *user, uint32_t tile_x, const uint8_t *weight);

/* Visits the tiles of a band that the outline covers, from west to east. False: out of memory, or the visit said so. */
bool layers_cover_band(layers_cover_scratch *self, const layers_outline *outline, uint32_t tile_y,
                       layers_cover_visit *visit, void *user);

#endif
