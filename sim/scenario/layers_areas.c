/* layers_areas.c - named polygons from a vector file, of districts or of zones: read and named.
 *
 * Not here: what is wrong within one polygon (layers_vector.c), overlaps and coverage (layers_overlap.c).
 */
#include "layers_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_AREAS = 65000 }; /* a cell holds the number of its district in 16 bits; some values stay free */

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

/* The fields of the layer that are read; -1: none. */
typedef struct fields {
    int name, population, status;
} fields;

static int optional_field(layers_vector *vector, const char *name, const char *key, uxo_report *report)
{
    return name != NULL ? layers_vector_field(vector, name, key, report) : -1;
}

/* A status as it stands, "" where there is none; NULL after an error. */
static char *read_status(const uxo_gdal *api, OGRFeatureH feature, int field, const uxo_place *place,
                         uxo_report *report)
{
    const bool given = field >= 0 && api->OGR_F_IsFieldSetAndNotNull(feature, field);
    const char *const text = given ? api->OGR_F_GetFieldAsString(feature, field) : "";
    if (!layers_is_utf8(text)) {
        uxo_report_add(report, UXO_ERROR, place,
                       "the status is not UTF-8; for a shapefile, a .cpg file says the encoding");
        return NULL;
    }
    return strdup(text);
}

/* One feature; what is wrong with it is reported and it is left out. */
static uxo_status read_feature(layers_vector *vector, OGRFeatureH feature, const fields *field, uxo_districts *self,
                               layers_polygons *polygons, uxo_report *report)
{
    const uxo_gdal *const api = &vector->gdal.api;
    char text[4096];
    const int64_t fid = api->OGR_F_GetFID(feature);
    const uxo_place place = layers_feature_place(text, sizeof text, vector->shown, fid);
    char *const name = layers_read_name(
        api->OGR_F_IsFieldSetAndNotNull(feature, field->name) ? api->OGR_F_GetFieldAsString(feature, field->name) : "",
        vector->thing, &place, report);
    OGRGeometryH geometry = layers_polygon(vector, feature, name != NULL ? name : "", &place, report);
    const double population =
        read_population(api, feature, field->population, name != NULL ? name : "", &place, report);
    char *const status = read_status(api, feature, field->status, &place, report);
    if (name == NULL || geometry == NULL || status == NULL) {
        free(name);
        free(status);
        api->OGR_G_DestroyGeometry(geometry);
        return UXO_OK;
    }
    const uint32_t count = self->count;
    const bool room = (count & (count - 1)) != 0 || grow(self, polygons, count == 0 ? 1 : 2 * count);
    char *const wkb = hex_wkb(api, geometry);
    if (!room || wkb == NULL) {
        free(name);
        free(status);
        free(wkb);
        api->OGR_G_DestroyGeometry(geometry);
        return uxo_fail(report, UXO_ERR_MEMORY, &place, "out of memory");
    }
    self->item[count] = (uxo_district){.name = name,
                                       .status = status,
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

uxo_status layers_read_areas(layers_vector *vector, const uxo_area_source *source, uxo_districts *self,
                             layers_polygons *polygons, uxo_report *report)
{
    const uxo_gdal *const api = &vector->gdal.api;
    uxo_status status = UXO_OK;
    const size_t errors = report->error_count;
    if (api->OGR_L_GetFeatureCount(vector->layer, TRUE) == 0) {
        return uxo_fail(report, UXO_ERR_DATA, &source->place, "'%s' holds no %s", source->file, vector->things);
    }
    const fields field = {layers_vector_field(vector, source->name_field, "name", report),
                          optional_field(vector, source->population_field, "population", report),
                          optional_field(vector, source->status_field, "status", report)};
    UXO_TRY(uxo_report_status(report, errors));
    OGRFeatureH feature;
    api->OGR_L_ResetReading(vector->layer);
    layers_gdal_clear(&vector->gdal);
    while (status == UXO_OK && (feature = api->OGR_L_GetNextFeature(vector->layer)) != NULL) {
        status = self->count < MAX_AREAS ? read_feature(vector, feature, &field, self, polygons, report)
                                         : uxo_fail(report, UXO_ERR_DATA, &source->place, "'%s' holds more than %d %ss",
                                                    source->file, MAX_AREAS, vector->things);
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

void layers_polygons_free(layers_polygons *polygons, const uxo_gdal *api)
{
    for (uint32_t i = 0; i < polygons->count; i++) {
        api->OGR_G_DestroyGeometry(polygons->geometry[i]);
    }
    free(polygons->geometry);
    free(polygons->envelope);
    free(polygons->fid);
}
