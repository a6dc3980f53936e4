/* layers_districts.c - district polygons from a vector file: read, name, check.
 *
 * Not here: overlaps and coverage (layers_overlap.c), cells (layers_raster.c).
 */
#include "layers_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DISTRICTS = 65000 }; /* a cell holds 16 bits; some values stay free */

static double read_population(const uxo_gdal *api, OGRFeatureH feature, int field, const char *name,
                              const uxo_place *place, uxo_report *report)
{
    if (field < 0 || !api->OGR_F_IsFieldSetAndNotNull(feature, field)) {
        return NAN;
    }
    const char *const text = api->OGR_F_GetFieldAsString(feature, field);
    char *end = NULL;
    const double value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(value) || value < 0.0) {
        uxo_report_add(report, UXO_ERROR, place, "the population of '%s' is '%s'; it has to be a number of at least 0",
                       name, text);
        return NAN;
    }
    return value;
}

static char *hex_wkb(const uxo_gdal *api, OGRGeometryH geometry)
{
    static const char digit[] = "0123456789ABCDEF";
    const size_t size = (size_t)api->OGR_G_WkbSize(geometry);
    unsigned char *const bytes = malloc(size > 0 ? size : 1);
    char *const text = malloc(2 * size + 1);
    if (bytes == NULL || text == NULL || api->OGR_G_ExportToIsoWkb(geometry, wkbNDR, bytes) != OGRERR_NONE) {
        free(bytes);
        free(text);
        return NULL;
    }
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digit[bytes[i] >> 4];
        text[2 * i + 1] = digit[bytes[i] & 15];
    }
    text[2 * size] = '\0';
    free(bytes);
    return text;
}

static bool grow(uxo_districts *self, layers_polygons *polygons, uint32_t capacity)
{
    uxo_district *const item = realloc(self->item, capacity * sizeof *item);
    self->item = item != NULL ? item : self->item;
    OGRGeometryH *const geometry = realloc(polygons->geometry, capacity * sizeof(OGRGeometryH));
    polygons->geometry = geometry != NULL ? geometry : polygons->geometry;
    OGREnvelope *const envelope = realloc(polygons->envelope, capacity * sizeof *envelope);
    polygons->envelope = envelope != NULL ? envelope : polygons->envelope;
    int64_t *const fid = realloc(polygons->fid, capacity * sizeof *fid);
    polygons->fid = fid != NULL ? fid : polygons->fid;
    return item != NULL && geometry != NULL && envelope != NULL && fid != NULL;
}

/* One feature; what is wrong with it is reported and it is left out. */
static uxo_status read_feature(layers_vector *vector, OGRFeatureH feature, const int field[2], uxo_districts *self,
                               layers_polygons *polygons, uxo_report *report)
{
    const uxo_gdal *const api = &vector->gdal.api;
    char text[4096];
    const int64_t fid = api->OGR_F_GetFID(feature);
    const uxo_place place = layers_feature_place(text, sizeof text, vector->shown, fid);
    char *const name = layers_read_name(
        api->OGR_F_IsFieldSetAndNotNull(feature, field[0]) ? api->OGR_F_GetFieldAsString(feature, field[0]) : "",
        "district", &place, report);
    OGRGeometryH geometry = layers_polygon(vector, feature, name != NULL ? name : "", &place, report);
    const double population = read_population(api, feature, field[1], name != NULL ? name : "", &place, report);
    if (name == NULL || geometry == NULL) {
        free(name);
        api->OGR_G_DestroyGeometry(geometry);
        return UXO_OK;
    }
    const uint32_t count = self->count;
    const bool room = (count & (count - 1)) != 0 || grow(self, polygons, count == 0 ? 1 : 2 * count);
    char *const wkb = hex_wkb(api, geometry);
    if (!room || wkb == NULL) {
        free(name);
        free(wkb);
        api->OGR_G_DestroyGeometry(geometry);
        return uxo_fail(report, UXO_ERR_MEMORY, &place, "out of memory");
    }
    self->item[count] = (uxo_district){.name = name,
                                       .population_attribute = population,
                                       .polygon_ha = api->OGR_G_Area(geometry) / 1e4,
                                       .population = population,
                                       .geometry_wkb_hex = wkb};
    polygons->geometry[count] = geometry;
    polygons->fid[count] = fid;
    api->OGR_G_GetEnvelope(geometry, &polygons->envelope[count]);
    polygons->count = ++self->count;
    return UXO_OK;
}

static void check_names(const layers_vector *vector, const uxo_districts *self, const layers_polygons *polygons,
                        uxo_report *report)
{
    const char **const name = malloc((self->count + (size_t)1) * sizeof *name);
    for (uint32_t i = 0; name != NULL && i < self->count; i++) {
        name[i] = self->item[i].name;
    }
    if (name != NULL) {
        layers_check_names(vector, name, polygons->fid, self->count, report);
    }
    free(name);
}

static uxo_status read_features(layers_vector *vector, const uxo_area_source *source, uxo_districts *self,
                                layers_polygons *polygons, uxo_report *report)
{
    const uxo_gdal *const api = &vector->gdal.api;
    uxo_status status = UXO_OK;
    const size_t errors = report->error_count;
    if (api->OGR_L_GetFeatureCount(vector->layer, TRUE) == 0) {
        return uxo_fail(report, UXO_ERR_DATA, &source->place, "'%s' holds no districts", source->file);
    }
    const int field[2] = {layers_vector_field(vector, source->name_field, "name", report),
                          source->population_field != NULL
                              ? layers_vector_field(vector, source->population_field, "population", report)
                              : -1};
    UXO_TRY(uxo_report_status(report, errors));
    OGRFeatureH feature;
    api->OGR_L_ResetReading(vector->layer);
    layers_gdal_clear(&vector->gdal);
    while (status == UXO_OK && (feature = api->OGR_L_GetNextFeature(vector->layer)) != NULL) {
        status = self->count < MAX_DISTRICTS
                     ? read_feature(vector, feature, field, self, polygons, report)
                     : uxo_fail(report, UXO_ERR_DATA, &source->place, "'%s' holds more than %d districts", source->file,
                                MAX_DISTRICTS);
        api->OGR_F_Destroy(feature);
    }
    UXO_TRY(status);
    if (vector->gdal.failures > 0) {
        return uxo_fail(report, UXO_ERR_DATA, &source->place, "'%s' breaks off: %s", source->file,
                        vector->gdal.failure);
    }
    check_names(vector, self, polygons, report);
    return uxo_report_status(report, errors);
}

static void free_polygons(const uxo_gdal *api, layers_polygons *polygons)
{
    for (uint32_t i = 0; i < polygons->count; i++) {
        api->OGR_G_DestroyGeometry(polygons->geometry[i]);
    }
    free(polygons->geometry);
    free(polygons->envelope);
    free(polygons->fid);
}

static uxo_status read_checked(uxo_districts *self, layers_vector *vector, layers_polygons *polygons,
                               const uxo_grid *grid, const uxo_area_source *source, uxo_report *report)
{
    const size_t errors = report->error_count;
    const uxo_status status = read_features(vector, source, self, polygons, report);
    layers_check_overlaps(vector, polygons, self->item, grid,
                          report); /* also after errors: all are reported together */
    UXO_TRY(status);
    UXO_TRY(uxo_report_status(report, errors));
    UXO_TRY(layers_rasterise(self, polygons, grid, &vector->gdal));
    layers_check_coverage(vector, polygons, self, grid, &source->place, report);
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
    free_polygons(&vector.gdal.api, &polygons);
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

void uxo_districts_free(uxo_districts *self)
{
    for (uint32_t i = 0; i < self->count; i++) {
        free(self->item[i].name);
        free(self->item[i].geometry_wkb_hex);
    }
    free(self->item);
    for (size_t i = 0; i < self->map.tile_count && self->map.cells != NULL; i++) {
        free(self->map.cells[i]);
    }
    free(self->map.cells);
    free(self->map.uniform);
    memset(self, 0, sizeof *self);
}

void uxo_districts_count_people(uxo_districts *self, const uxo_grid *grid, const uxo_population *population)
{
    if (!uxo_population_given(population)) {
        return;
    }
    for (uint32_t i = 0; i < self->count; i++) {
        self->item[i].population = 0.0;
    }
    self->population_outside = 0.0;
    for (uint32_t iy = 0; iy < grid->ny; iy++) {
        for (uint32_t tile_x = 0; tile_x < grid->tiles_x; tile_x++) {
            const size_t tile = uxo_grid_tile_of(grid, tile_x * UXO_TILE, iy);
            const float *const row =
                population->cells[tile] != NULL ? population->cells[tile] + uxo_grid_cell_in_tile(0, iy) : NULL;
            for (uint32_t x = 0; row != NULL && x < UXO_TILE; x++) { /* beyond the grid's edge nobody lives */
                const uint16_t district = uxo_area_map_at(&self->map, tile, uxo_grid_cell_in_tile(x, iy));
                double *const sum =
                    district != UXO_NO_DISTRICT ? &self->item[district].population : &self->population_outside;
                *sum += (double)row[x];
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

uxo_status uxo_layers_extent(const uxo_crs *crs, const uxo_area_source *source, double bounds_m[4], uxo_report *report)
{
    layers_vector vector;
    uxo_status status = layers_vector_open(&vector, crs, source->file, &source->place, report);
    if (status == UXO_OK) {
        status = read_extent(&vector, source, bounds_m, report);
    }
    layers_vector_close(&vector);
    return status;
}
