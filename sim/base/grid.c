/* grid.c - geometry of the raster: which cell holds a point, where a cell's centre is. Half-open cells, row 0 north. */
#include "uxosim/grid.h"

#include <math.h>

void uxo_grid_init(uxo_grid *self, double xmin_m, double ymin_m, double cell_size_m, uint32_t nx, uint32_t ny)
{
    self->xmin_m = xmin_m;
    self->ymin_m = ymin_m;
    self->cell_size_m = cell_size_m;
    self->nx = nx;
    self->ny = ny;
    self->tiles_x = (nx + UXO_TILE - 1) / UXO_TILE;
    self->tiles_y = (ny + UXO_TILE - 1) / UXO_TILE;
}

double uxo_grid_xmax_m(const uxo_grid *self)
{
    return self->xmin_m + (double)self->nx * self->cell_size_m;
}

double uxo_grid_ymax_m(const uxo_grid *self)
{
    return self->ymin_m + (double)self->ny * self->cell_size_m;
}

double uxo_grid_cell_ha(const uxo_grid *self)
{
    const double square_metres_per_hectare = 10000.0;
    return self->cell_size_m * self->cell_size_m / square_metres_per_hectare;
}

double uxo_grid_x_m(const uxo_grid *self, uint32_t ix)
{
    return self->xmin_m + ((double)ix + 0.5) * self->cell_size_m;
}

double uxo_grid_y_m(const uxo_grid *self, uint32_t iy)
{
    return self->ymin_m + ((double)(self->ny - 1 - iy) + 0.5) * self->cell_size_m;
}

bool uxo_grid_locate(const uxo_grid *self, double x_m, double y_m, uint32_t *ix, uint32_t *iy)
{
    const double column = floor((x_m - self->xmin_m) / self->cell_size_m);
    const double from_south = floor((y_m - self->ymin_m) / self->cell_size_m);
    /* Written so that NaN is outside. */
    if (!(column >= 0.0 && column < (double)self->nx && from_south >= 0.0 && from_south < (double)self->ny)) {
        return false;
    }
    *ix = (uint32_t)column;
    *iy = self->ny - 1 - (uint32_t)from_south;
    return true;
}
