/* layers_raster.c - district polygons to cells: a cell belongs to the district that holds its centre, the first in the
 * file wins.
 *
 * In bands of whole tile rows, so that memory stays small for large grids.
 */
#include "layers_private.h"

#include <stdlib.h>
#include <string.h>

uxo_status layers_area_map_init(uxo_area_map *self, const uxo_grid *grid)
{
    self->tile_count = uxo_grid_tile_count(grid);
    self->uniform = malloc(self->tile_count * sizeof *self->uniform);
    self->cells = calloc(self->tile_count, sizeof *self->cells);
    if (self->uniform == NULL || self->cells == NULL) {
        free(self->uniform);
        free(self->cells);
        memset(self, 0, sizeof *self);
        return UXO_ERR_MEMORY;
    }
    for (size_t i = 0; i < self->tile_count; i++) {
        self->uniform[i] = UXO_NO_DISTRICT;
    }
    return UXO_OK;
}

/* Grid metres to pixels of the band, for GDAL's polygon filler. */
typedef struct band_frame {
    double xmin_m, ymax_m, cell_size_m;
} band_frame;

static int to_pixels(void *user, int backwards, int count, double *x, double *y, double *z, int *success)
{
    (void)z;
    const band_frame *const frame = user;
    for (int i = 0; i < count; i++) {
        if (backwards) {
            x[i] = frame->xmin_m + x[i] * frame->cell_size_m;
            y[i] = frame->ymax_m - y[i] * frame->cell_size_m;
        } else {
            x[i] = (x[i] - frame->xmin_m) / frame->cell_size_m;
            y[i] = (frame->ymax_m - y[i]) / frame->cell_size_m;
        }
        success[i] = TRUE;
    }
    return TRUE;
}

typedef struct band {
    const uxo_grid *grid;
    const uxo_gdal *api;
    uint32_t first_row, rows;
    uint16_t *cells; /* [rows][nx] */
    OGRGeometryH
        *geometry; /* those that touch the band, last in the file first: later ones are burnt over earlier ones */
    double *value;
    int count;
} band;

static void select_geometries(band *self, const layers_polygons *polygons)
{
    const uxo_grid *const grid = self->grid;
    const double top = uxo_grid_ymax_m(grid) - self->first_row * grid->cell_size_m;
    const double bottom = top - self->rows * grid->cell_size_m;
    self->count = 0;
    for (uint32_t i = polygons->count; i-- > 0;) {
        const OGREnvelope *const e = &polygons->envelope[i];
        if (e->MaxY >= bottom && e->MinY <= top && e->MaxX >= grid->xmin_m && e->MinX <= uxo_grid_xmax_m(grid)) {
            self->geometry[self->count] = polygons->geometry[i];
            self->value[self->count++] = (double)i;
        }
    }
}

static bool burn(band *self, GDALDriverH memory)
{
    const uxo_gdal *const api = self->api;
    const uxo_grid *const grid = self->grid;
    band_frame frame = {grid->xmin_m, uxo_grid_ymax_m(grid) - self->first_row * grid->cell_size_m, grid->cell_size_m};
    const int nx = (int)grid->nx;
    const int rows = (int)self->rows;
    int first_band[1] = {1};
    GDALDatasetH dataset = api->GDALCreate(memory, "", nx, rows, 1, GDT_UInt16, NULL);
    if (dataset == NULL) {
        return false;
    }
    GDALRasterBandH raster = api->GDALGetRasterBand(dataset, 1);
    bool done = api->GDALFillRaster(raster, (double)UXO_NO_DISTRICT, 0.0) == CE_None;
    done = done && (self->count == 0 ||
                    api->GDALRasterizeGeometries(dataset, 1, first_band, self->count, self->geometry, to_pixels, &frame,
                                                 self->value, NULL, NULL, NULL) == CE_None);
    done =
        done && api->GDALRasterIO(raster, GF_Read, 0, 0, nx, rows, self->cells, nx, rows, GDT_UInt16, 0, 0) == CE_None;
    api->GDALClose(dataset);
    return done;
}

/* A row's cells by district, whose cells lie beside each other. */
static void count_runs(const uint16_t *row, uint32_t width, uint64_t *cells_of)
{
    for (uint32_t x = 0; x < width;) {
        const uint32_t from = x;
        while (x < width && row[x] == row[from]) {
            x++;
        }
        cells_of[row[from]] += x - from;
    }
}

/* Packs one tile and counts its cells. `tile_row` is within the band. */
static bool pack_tile(uxo_area_map *map, const band *self, uint32_t tile_x, uint32_t tile_row, uint64_t *cells_of)
{
    const uxo_grid *const grid = self->grid;
    const uint32_t x0 = tile_x * UXO_TILE;
    const uint32_t y0 = tile_row * UXO_TILE;
    const uint32_t width = grid->nx - x0 < UXO_TILE ? grid->nx - x0 : UXO_TILE;
    const uint32_t height = self->rows - y0 < UXO_TILE ? self->rows - y0 : UXO_TILE;
    const size_t tile = uxo_grid_tile_of(grid, x0, self->first_row + y0);
    const uint16_t first = self->cells[(size_t)y0 * grid->nx + x0];
    bool uniform = true;
    for (uint32_t y = 0; y < height; y++) {
        const uint16_t *const row = self->cells + (size_t)(y0 + y) * grid->nx + x0;
        uint16_t other = 0;
        for (uint32_t x = 0; x < width; x++) { /* every one of them: a loop that compilers make wide */
            other |= (uint16_t)(row[x] ^ first);
        }
        uniform = uniform && other == 0;
        count_runs(row, other == 0 ? 1 : width, cells_of);
        cells_of[first] += other == 0 ? width - 1 : 0;
    }
    map->uniform[tile] = first;
    if (uniform) {
        return true;
    }
    uint16_t *const cells = malloc(UXO_TILE_CELLS * sizeof *cells);
    if (cells == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < UXO_TILE_CELLS; i++) {
        const uint32_t x = i % UXO_TILE;
        const uint32_t y = i / UXO_TILE;
        cells[i] = x < width && y < height ? self->cells[(size_t)(y0 + y) * grid->nx + x0 + x] : UXO_NO_DISTRICT;
    }
    map->cells[tile] = cells;
    return true;
}

static bool rasterise_bands(uxo_area_map *map, band *self, const layers_polygons *polygons, uint32_t band_rows,
                            uint64_t *cells_of)
{
    GDALDriverH memory = self->api->GDALGetDriverByName("MEM");
    for (uint32_t row = 0; row < self->grid->ny; row += band_rows) {
        self->first_row = row;
        self->rows = self->grid->ny - row < band_rows ? self->grid->ny - row : band_rows;
        select_geometries(self, polygons);
        if (memory == NULL || !burn(self, memory)) {
            return false;
        }
        for (uint32_t tile_row = 0; tile_row * UXO_TILE < self->rows; tile_row++) {
            for (uint32_t tile_x = 0; tile_x < self->grid->tiles_x; tile_x++) {
                if (!pack_tile(map, self, tile_x, tile_row, cells_of)) {
                    return false;
                }
            }
        }
    }
    return true;
}

uxo_status layers_rasterise(uxo_districts *self, const layers_polygons *polygons, const uxo_grid *grid,
                            layers_gdal *gdal)
{
    enum { BAND_CELLS = 4 * 1024 * 1024 };
    UXO_TRY(layers_area_map_init(&self->map, grid));
    const uint32_t tile_rows = BAND_CELLS / UXO_TILE / grid->nx;
    const uint32_t band_rows = UXO_TILE * (tile_rows > 0 ? tile_rows : 1);
    const uint32_t rows = band_rows < grid->ny ? band_rows : grid->ny;
    uint64_t *const cells_of = calloc((size_t)UINT16_MAX + 1, sizeof *cells_of);
    band one = {.grid = grid,
                .api = &gdal->api,
                .cells = malloc((size_t)rows * grid->nx * sizeof *one.cells),
                .geometry = malloc(polygons->count * sizeof(OGRGeometryH)),
                .value = malloc(polygons->count * sizeof *one.value)};
    const bool room = cells_of != NULL && one.cells != NULL && one.geometry != NULL && one.value != NULL;
    const bool done = room && rasterise_bands(&self->map, &one, polygons, band_rows, cells_of);
    for (uint32_t i = 0; done && i < self->count; i++) {
        self->item[i].area_ha = (double)cells_of[i] * uxo_grid_cell_ha(grid);
    }
    free(cells_of);
    free(one.cells);
    free(one.geometry);
    free(one.value);
    if (!done) {
        return uxo_fail(gdal->report, UXO_ERR_MEMORY, &gdal->place, "the districts cannot be rasterised: %s",
                        gdal->failure[0] != '\0' ? gdal->failure : "out of memory");
    }
    return UXO_OK;
}
