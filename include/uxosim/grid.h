/* grid.h - geometry of the raster and of its tiles.
 *
 * Cells are squares, half-open in world coordinates: [x, x+h) x [y, y+h). Row 0 is the northernmost row.
 * Tiles are UXO_TILE x UXO_TILE cells, counted from the north-west corner; those at the east and south edges may be cut
 * short.
 * Not here: reference systems (sim/scenario/layers*).
 */
#ifndef UXOSIM_GRID_H
#define UXOSIM_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UXO_TILE = 64, UXO_TILE_CELLS = UXO_TILE * UXO_TILE };

/* Extent in metres of the grid's reference system. nx * ny <= UXO_MAX_CELLS; nx, ny <= UXO_MAX_SIDE_CELLS. */
typedef struct uxo_grid {
    double xmin_m;
    double ymin_m;
    double cell_size_m;
    uint32_t nx;
    uint32_t ny;
    uint32_t tiles_x;
    uint32_t tiles_y;
} uxo_grid;

#define UXO_MAX_CELLS UINT64_C(4000000000)
/* Of one side: columns and rows stay inside 32 bits, signed, with room for neighbours. */
#define UXO_MAX_SIDE_CELLS (UINT32_C(1) << 30)

/* Fills the derived fields. nx, ny >= 1, cell_size_m > 0. */
void uxo_grid_init(uxo_grid *self, double xmin_m, double ymin_m, double cell_size_m, uint32_t nx, uint32_t ny);

double uxo_grid_xmax_m(const uxo_grid *self);
double uxo_grid_ymax_m(const uxo_grid *self);
double uxo_grid_cell_ha(const uxo_grid *self);

/* Centre of column ix / row iy (row 0 is north) [m]. */
double uxo_grid_x_m(const uxo_grid *self, uint32_t ix);
double uxo_grid_y_m(const uxo_grid *self, uint32_t iy);

/* Cell that holds the point, false when it lies outside. */
bool uxo_grid_locate(const uxo_grid *self, double x_m, double y_m, uint32_t *ix, uint32_t *iy);

static inline size_t uxo_grid_cell_count(const uxo_grid *self)
{
    return (size_t)self->nx * self->ny;
}

static inline size_t uxo_grid_tile_count(const uxo_grid *self)
{
    return (size_t)self->tiles_x * self->tiles_y;
}

/* Tile of a cell and the cell's index within it, row-major, row 0 north. */
static inline size_t uxo_grid_tile_of(const uxo_grid *self, uint32_t ix, uint32_t iy)
{
    return (size_t)(iy / UXO_TILE) * self->tiles_x + ix / UXO_TILE;
}

static inline uint32_t uxo_grid_cell_in_tile(uint32_t ix, uint32_t iy)
{
    return (iy % UXO_TILE) * UXO_TILE + ix % UXO_TILE;
}

#endif
