/* layers_ground.c - ground classes by polygons; a raster is handed on (layers_ground_raster.c). */
#include "layers_surface.h"

#include <stdlib.h>
#include <string.h>

struct layers_ground {
    layers_ground_raster *raster; /* NULL: polygons */
    layers_shapes shapes;         /* value: class */
};

/* Values that no class has, in the order of the file, up to a number that fits a message. */
typedef struct unknown_values {
    char list[512];
    uint32_t count;
} unknown_values;

static uint32_t class_of(const uxo_ground_source *source, const char *text)
{
    for (uint32_t i = 0; i < source->value_count; i++) {
        if (strcmp(source->value[i], text) == 0) {
            return source->class_of[i];
        }
    }
    return LAYERS_UNSET;
}

static void add_unknown(unknown_values *self, const char *text)
{
    char quoted[128];
    snprintf(quoted, sizeof quoted, "'%.100s'", text);
    const size_t used = strlen(self->list);
    if (strstr(self->list, quoted) == NULL) {
        self->count++;
        snprintf(self->list + used, sizeof self->list - used, "%s%s", used > 0 ? ", " : "", quoted);
    }
}

static uxo_status read_feature(layers_ground *self, layers_vector *vector, OGRFeatureH feature, int field,
                               const uxo_ground_source *source, unknown_values *unknown, uxo_report *report)
{
    const uxo_gdal *const api = &vector->gdal.api;
    char text[4096];
    const int64_t fid = api->OGR_F_GetFID(feature);
    const uxo_place place = layers_feature_place(text, sizeof text, vector->shown, fid);
    const bool set = api->OGR_F_IsFieldSetAndNotNull(feature, field);
    const char *const value = set ? api->OGR_F_GetFieldAsString(feature, field) : "";
    const uint32_t ground = class_of(source, value);
    if (ground == LAYERS_UNSET) {
        add_unknown(unknown, value);
    }
    OGRGeometryH geometry = layers_polygon(vector, feature, value, &place, report);
    const bool room = geometry == NULL || layers_shapes_add(&self->shapes, api, geometry, fid, ground);
    api->OGR_G_DestroyGeometry(geometry);
    return room ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, &place, "out of memory");
}

static uxo_status read_features(layers_ground *self, layers_vector *vector, const uxo_ground_source *source,
                                uxo_report *report)
{
    const uxo_gdal *const api = &vector->gdal.api;
    const size_t errors = report->error_count;
    unknown_values unknown = {.count = 0};
    uxo_status status = UXO_OK;
    const int field = layers_vector_field(vector, source->field, "field", report);
    UXO_TRY(uxo_report_status(report, errors));
    OGRFeatureH feature;
    api->OGR_L_ResetReading(vector->layer);
    layers_gdal_clear(&vector->gdal);
    while (status == UXO_OK && (feature = api->OGR_L_GetNextFeature(vector->layer)) != NULL) {
        status = read_feature(self, vector, feature, field, source, &unknown, report);
        api->OGR_F_Destroy(feature);
    }
    UXO_TRY(status);
    if (vector->gdal.failures > 0) {
        return uxo_fail(report, UXO_ERR_DATA, &source->place, "'%s' breaks off: %s", source->file,
                        vector->gdal.failure);
    }
    if (unknown.count > 0) {
        uxo_report_add(report, UXO_ERROR, &source->place,
                       "the field '%s' of '%s' holds %s, which layers.ground.classes does not name; give each a class",
                       source->field, source->file, unknown.list);
    }
    return uxo_report_status(report, errors);
}

static uxo_status open_polygons(layers_ground *self, const uxo_crs *crs, const uxo_ground_source *source,
                                uxo_report *report)
{
    layers_vector vector;
    uxo_status status = layers_vector_open(&vector, crs, source->file, &source->place, report);
    if (status == UXO_OK) {
        vector.things = "areas of ground";
        status = read_features(self, &vector, source, report);
    } else if (vector.dataset == NULL) {
        uxo_report_add(report, UXO_NOTE, &source->place, "if '%s' is a raster, leave out `field`", source->file);
    }
    layers_vector_close(&vector);
    return status;
}

uxo_status layers_ground_open(layers_ground **self, const uxo_crs *crs, const uxo_ground_source *source,
                              uxo_report *report)
{
    *self = calloc(1, sizeof **self);
    if (*self == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, &source->place, "out of memory");
    }
    return source->field != NULL ? open_polygons(*self, crs, source, report)
                                 : layers_ground_raster_open(&(*self)->raster, crs, source, report);
}

/* The first polygon in the file has a point. */
static void take(uint32_t *ground, uint32_t class)
{
    *ground = *ground == LAYERS_UNSET ? class : *ground;
}

static bool lay_cell(const layers_shape *shape, uint32_t cell, const layers_inside *inside, layers_ground_tile *tile)
{
    const bool partly = inside->cover[cell] == LAYERS_PARTLY;
    if (!partly && tile->whole[cell] != LAYERS_MIXED) {
        take(&tile->whole[cell], shape->value);
        return true;
    }
    if (tile->whole[cell] != LAYERS_MIXED && tile->whole[cell] != LAYERS_UNSET) {
        return true; /* another has all of it */
    }
    uint32_t *const points = layers_tile_points(tile, cell);
    for (uint32_t i = 0; points != NULL && i < LAYERS_POINTS; i++) {
        if (!partly || layers_inside_at(inside, cell, i)) {
            take(&points[i], shape->value);
        }
    }
    return points != NULL;
}

uxo_status layers_ground_lay(layers_ground *self, layers_ground_tile *tile, layers_inside *scratch)
{
    bool memory = true;
    if (self->raster != NULL) {
        return layers_ground_raster_lay(self->raster, tile);
    }
    for (uint32_t s = 0; memory && s < self->shapes.count; s++) {
        const layers_shape *const shape = &self->shapes.item[s];
        if (!layers_shape_cover(shape, tile->grid, tile->x, tile->y, scratch, &memory)) {
            continue;
        }
        for (uint32_t cell = 0; memory && cell < UXO_TILE_CELLS; cell++) {
            memory = scratch->cover[cell] == LAYERS_OUT || lay_cell(shape, cell, scratch, tile);
        }
    }
    return memory ? UXO_OK : UXO_ERR_MEMORY;
}

void layers_ground_complain(layers_ground *self, uxo_report *report)
{
    if (self->raster != NULL) {
        layers_ground_raster_complain(self->raster, report);
    }
}

void layers_ground_close(layers_ground *self)
{
    if (self != NULL) {
        layers_ground_raster_close(self->raster);
        layers_shapes_free(&self->shapes);
    }
    free(self);
}
