/* layers_districts.c - districts: their cells, their people, their extent.
 *
 * Not here: their polygons and names (layers_areas.c), overlaps and coverage (layers_overlap.c), cells (layers_raster.c).
 */
#include "layers_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uxo_status read_checked(uxo_districts *self, layers_vector *vector, layers_polygons *polygons,
                               const uxo_grid *grid, const uxo_area_source *source, uxo_report *report)
{
    const size_t errors = report->error_count;
    const uxo_status status = layers_read_areas(vector, source, self, polygons, report);
    layers_check_overlaps(vector, polygons, self->item, grid,
                          report); /* also after errors: all are reported together */
    UXO_TRY(status);
    UXO_TRY(uxo_report_status(report, errors));
    UXO_TRY(layers_rasterise(self, polygons, grid, &vector->gdal));
    layers_check_coverage(vector, polygons, self, grid,
                          "holds the centre of no cell, or only of cells that an earlier district owns", &source->place,
                          report);
    return uxo_report_status(report, errors);
}

uxo_status uxo_districts_read(uxo_districts *self, const uxo_crs *crs, const uxo_grid *grid,
                              const uxo_area_source *source, uxo_report *report)
{
    layers_vector vector;
    layers_polygons polygons = {0};
    memset(self, 0, sizeof *self);
    uxo_status status = layers_vector_open(&vector, crs, source->file, &source->place, report);
    if (status == UXO_OK) {
        status = read_checked(self, &vector, &polygons, grid, source, report);
    }
    layers_polygons_free(&polygons, &vector.gdal.api);
    layers_vector_close(&vector);
    if (status != UXO_OK) {
        uxo_districts_free(self);
    }
    return status;
}

uxo_status uxo_districts_none(uxo_districts *self, const uxo_grid *grid)
{
    memset(self, 0, sizeof *self);
    return layers_area_map_init(&self->map, grid);
}

void uxo_district_items_free(uxo_district *item, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        free(item[i].name);
        free(item[i].status);
        free(item[i].geometry_wkb_hex);
    }
    free(item);
}

void uxo_districts_free(uxo_districts *self)
{
    uxo_district_items_free(self->item, self->count);
    for (size_t i = 0; i < self->map.tile_count && self->map.cells != NULL; i++) {
        free(self->map.cells[i]);
    }
    free(self->map.cells);
    free(self->map.uniform);
    memset(self, 0, sizeof *self);
}

static double *people_of(uxo_districts *self, uint16_t district)
{
    return district != UXO_NO_DISTRICT ? &self->item[district].population : &self->population_outside;
}

/* One row of a tile, from cell `first` on. */
static void count_row(uxo_districts *self, size_t tile, uint32_t first, const float *persons)
{
    const uint16_t *const cells = self->map.cells[tile];
    for (uint32_t x = first; cells != NULL && x < first + UXO_TILE; x++) {
        *people_of(self, cells[x]) += (double)persons[x];
    }
    if (cells == NULL) {
        double *const people = people_of(self, self->map.uniform[tile]);
        double sum = *people;
        for (uint32_t x = first; x < first + UXO_TILE; x++) {
            sum += (double)persons[x];
        }
        *people = sum;
    }
}

void uxo_districts_count_people(uxo_districts *self, const uxo_grid *grid, const uxo_population *population)
{
    if (!uxo_population_given(population) || self->map.cells == NULL) {
        return;
    }
    for (uint32_t i = 0; i < self->count; i++) {
        self->item[i].population = 0.0;
    }
    self->population_outside = 0.0;
    for (uint32_t iy = 0; iy < grid->ny; iy++) {
        for (uint32_t tile_x = 0; tile_x < grid->tiles_x; tile_x++) {
            const size_t tile = uxo_grid_tile_of(grid, tile_x * UXO_TILE, iy);
            if (population->cells[tile] != NULL) { /* beyond the grid's edge nobody lives */
                count_row(self, tile, uxo_grid_cell_in_tile(0, iy), population->cells[tile]);
            }
        }
    }
}

static uxo_status read_extent(layers_vector *vector, const uxo_area_source *source, double bounds_m[4],
                              uxo_report *report)
{
    const uxo_gdal *const api = &vector->gdal.api;
    const size_t errors = report->error_count;
    const int field = source->name_field != NULL
                          ? api->OGR_FD_GetFieldIndex(api->OGR_L_GetLayerDefn(vector->layer), source->name_field)
                          : -1;
    bool any = false;
    OGRFeatureH feature;
    api->OGR_L_ResetReading(vector->layer);
    while ((feature = api->OGR_L_GetNextFeature(vector->layer)) != NULL) {
        char text[4096];
        const uxo_place place = layers_feature_place(text, sizeof text, vector->shown, api->OGR_F_GetFID(feature));
        OGRGeometryH geometry = layers_polygon(
            vector, feature, field < 0 ? "" : api->OGR_F_GetFieldAsString(feature, field), &place, report);
        if (geometry != NULL) {
            OGREnvelope e;
            api->OGR_G_GetEnvelope(geometry, &e);
            bounds_m[0] = any ? fmin(bounds_m[0], e.MinX) : e.MinX;
            bounds_m[1] = any ? fmin(bounds_m[1], e.MinY) : e.MinY;
            bounds_m[2] = any ? fmax(bounds_m[2], e.MaxX) : e.MaxX;
            bounds_m[3] = any ? fmax(bounds_m[3], e.MaxY) : e.MaxY;
            any = true;
        }
        api->OGR_G_DestroyGeometry(geometry);
        api->OGR_F_Destroy(feature);
    }
    if (!any && report->error_count == errors) {
        return uxo_fail(report, UXO_ERR_DATA, &source->place, "'%s' holds no districts", source->file);
    }
    return uxo_report_status(report, errors);
}

uxo_status uxo_layers_extent(const uxo_crs *crs, const uxo_area_source *source, double bounds_m[4], uxo_open_file *open,
                             uxo_report *report)
{
    layers_vector vector;
    uxo_status status = layers_vector_open(&vector, crs, source->file, &source->place, report);
    if (status == UXO_OK) {
        status = read_extent(&vector, source, bounds_m, report);
    }
    if (open != NULL) {
        open->dataset = vector.dataset;
        vector.dataset = NULL;
    }
    layers_vector_close(&vector);
    return status;
}
