/* layers_shapes.h - polygons as edges, and which points of a tile lie in them. Private to sim/scenario/layers*.c.
 *
 * A cell is judged at LAYERS_POINTS points, the same of every layer, so that what areas share is right to the same degree
 * as the areas themselves: borders in common leave neither gap nor overlap. The points are a net of 256, less the last
 * one: halves, quarters and so on of a cell, down to 256ths, hold what they should but for that one (Larcher and
 * Pillichshammer 2001, Monatshefte fuer Mathematik 132:1). The error of the share of a cell that one straight edge cuts is
 * 0.45 % of the cell as a root mean square over directions and places, at most 2 %; where the edge is along the grid, 0.4 %.
 */
#ifndef UXOSIM_LAYERS_SHAPES_H
#define UXOSIM_LAYERS_SHAPES_H

#include "layers_private.h"

/* As many as there are steps of a weight: each point is one 255th of the cell. */
enum { LAYERS_POINTS = 255, LAYERS_POINT_BYTES = (LAYERS_POINTS + 7) / 8 };

/* Point i of a cell: share of the way from its west and from its south edge, both in (0, 1). West: the bits of i, each
 * with those above it added (modulo 2), in reverse. */
static inline double layers_point_x(uint32_t i)
{
    uint32_t bits = i;
    bits ^= bits >> 1;
    bits ^= bits >> 2;
    bits ^= bits >> 4;
    bits = (bits & 0xF0) >> 4 | (bits & 0x0F) << 4;
    bits = (bits & 0xCC) >> 2 | (bits & 0x33) << 2;
    bits = (bits & 0xAA) >> 1 | (bits & 0x55) << 1;
    return ((double)bits + 0.5) / 256.0;
}

static inline double layers_point_y(uint32_t i)
{
    return ((double)i + 0.5) / 256.0;
}

/* From its southern to its northern end, so that neighbours which share it see the same line. */
typedef struct layers_edge {
    double x0, y0, x1, y1;
} layers_edge;

/* One feature: its rings, and what it is. */
typedef struct layers_shape {
    layers_edge *edge; /* owned */
    size_t edge_count;
    OGREnvelope bounds;
    int64_t fid;
    uint32_t value; /* the reader's */
} layers_shape;

typedef struct layers_shapes {
    layers_shape *item;
    uint32_t count;
} layers_shapes;

/* Adds a feature's polygons, which are in the grid's system. False: out of memory. */
UXO_MUST_USE bool layers_shapes_add(layers_shapes *self, const uxo_gdal *api, OGRGeometryH geometry, int64_t fid,
                                    uint32_t value);
void layers_shapes_free(layers_shapes *self);

/* What of one tile lies in a shape. */
typedef enum layers_cover { LAYERS_OUT, LAYERS_IN, LAYERS_PARTLY } layers_cover;
typedef struct layers_inside {
    uint8_t cover[UXO_TILE_CELLS];                      /* layers_cover, by cell in tile */
    uint8_t points[UXO_TILE_CELLS][LAYERS_POINT_BYTES]; /* of cells that lie in it partly: one bit a point */
    const layers_edge **edge;                           /* owned: those near the tile, then those of a row */
    double *crossing;                                   /* owned */
    size_t room;
} layers_inside;

static inline bool layers_inside_at(const layers_inside *self, uint32_t cell, uint32_t point)
{
    return (self->points[cell][point / 8] >> (point % 8) & 1) != 0;
}

/* False where the shape keeps clear of the tile; *memory: false when there was none. Cells beyond the grid's edge are out. */
bool layers_shape_cover(const layers_shape *shape, const uxo_grid *grid, uint32_t tile_x, uint32_t tile_y,
                        layers_inside *out, bool *memory);
void layers_inside_free(layers_inside *self);

#endif
