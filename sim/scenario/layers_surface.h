/* layers_surface.h - a surface on its way from files to tiles. Private to sim/scenario/layers*.c. */
#ifndef UXOSIM_LAYERS_SURFACE_H
#define UXOSIM_LAYERS_SURFACE_H

#include "layers_shapes.h"
#include "layers_source.h"
#include "uxosim/surface.h"

/* Instead of a class or a kind: of a cell whose points differ; of what no layer covers. */
#define LAYERS_MIXED UINT32_MAX
#define LAYERS_UNSET (UINT32_MAX - 1)

/* One tile while layers are laid over it: first ground classes, then kinds (the kind of a class without a task has its
 * number). */
typedef struct layers_ground_tile {
    const uxo_grid *grid;
    uint32_t x, y;                  /* tile */
    uint32_t columns, rows;         /* of its cells on the grid */
    uint32_t whole[UXO_TILE_CELLS]; /* of the whole cell, or LAYERS_MIXED */
    uint32_t points_at[UXO_TILE_CELLS];
    uint32_t *points; /* owned: LAYERS_POINTS of each mixed cell */
    uint32_t mixed, room;
    bool out_of_memory;
} layers_ground_tile;

/* The points of a cell, each for itself from now on; NULL: out of memory. */
uint32_t *layers_tile_points(layers_ground_tile *self, uint32_t cell);

/* Ground as files give it. */
typedef struct layers_ground layers_ground;
UXO_MUST_USE uxo_status layers_ground_open(layers_ground **self, const uxo_crs *crs, const uxo_ground_source *source,
                                           uxo_report *report);
/* Classes of one tile; what is not covered stays unset. */
UXO_MUST_USE uxo_status layers_ground_lay(layers_ground *self, layers_ground_tile *tile, layers_inside *scratch);
/* Values without a class that occur on the grid: errors. After the last tile. */
void layers_ground_complain(layers_ground *self, uxo_report *report);
void layers_ground_close(layers_ground *self);

/* The same of a raster (layers_ground_raster.c). */
typedef struct layers_ground_raster layers_ground_raster;
UXO_MUST_USE uxo_status layers_ground_raster_open(layers_ground_raster **self, const uxo_crs *crs,
                                                  const uxo_ground_source *source, uxo_report *report);
UXO_MUST_USE uxo_status layers_ground_raster_lay(layers_ground_raster *self, layers_ground_tile *tile);
void layers_ground_raster_complain(layers_ground_raster *self, uxo_report *report);
void layers_ground_raster_close(layers_ground_raster *self);

/* Tasks into self->task, their polygons into shapes (value: task). */
UXO_MUST_USE uxo_status layers_cleared_read(uxo_surface *self, layers_shapes *shapes, const uxo_crs *crs,
                                            const uxo_cleared_source *source, uxo_report *report);

#endif
