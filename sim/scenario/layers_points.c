/* layers_points.c - point features of a vector file with their fields as text, for the strike list.
 *
 * Not here: what the fields mean (strikes_rows.c).
 */
#include "layers_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct point_reader {
    layers_vector vector;
    OGRCoordinateTransformationH to_wgs84; /* NULL: none */
    size_t field_count;
    const char **field_name;
    char **field_text; /* owned: GDAL hands out one buffer for all numbers */
} point_reader;

/* The one point of the geometry. */
static OGRGeometryH only_point(const uxo_gdal *api, OGRGeometryH geometry)
{
    const OGRwkbGeometryType type =
        geometry != NULL ? api->OGR_GT_Flatten(api->OGR_G_GetGeometryType(geometry)) : wkbNone;
    if (type == wkbMultiPoint && api->OGR_G_GetGeometryCount(geometry) == 1) {
        return only_point(api, api->OGR_G_GetGeometryRef(geometry, 0));
    }
    return type == wkbPoint && !api->OGR_G_IsEmpty(geometry) ? geometry : NULL;
}

static void clear_fields(point_reader *self)
{
    for (size_t i = 0; self->field_text != NULL && i < self->field_count; i++) {
        free(self->field_text[i]);
        self->field_text[i] = NULL;
    }
}

char *layers_field_text(const uxo_gdal *api, OGRFeatureH feature, int field)
{
    char date[16];
    int part[7] = {0};
    const OGRFieldType type = api->OGR_Fld_GetType(api->OGR_F_GetFieldDefnRef(feature, field));
    if (!api->OGR_F_IsFieldSetAndNotNull(feature, field)) {
        return NULL;
    }
    if ((type == OFTDate || type == OFTDateTime) &&
        api->OGR_F_GetFieldAsDateTime(feature, field, &part[0], &part[1], &part[2], &part[3], &part[4], &part[5],
                                      &part[6])) {
        /* GDAL writes 2022/02/25 */
        snprintf(date, sizeof date, "%04u-%02u-%02u", (unsigned)part[0] % 10000, (unsigned)part[1] % 100,
                 (unsigned)part[2] % 100);
        return strdup(date);
    }
    return strdup(api->OGR_F_GetFieldAsString(feature, field));
}

static bool read_fields(point_reader *self, OGRFeatureH feature)
{
    const uxo_gdal *const api = &self->vector.gdal.api;
    clear_fields(self);
    for (size_t i = 0; i < self->field_count; i++) {
        const int field = (int)i;
        if (!api->OGR_F_IsFieldSetAndNotNull(feature, field)) {
            continue;
        }
        self->field_text[i] = layers_field_text(api, feature, field);
        if (self->field_text[i] == NULL) {
            return false;
        }
    }
    return true;
}

static bool transform_point(point_reader *self, OGRGeometryH point, uxo_point_feature *out)
{
    const uxo_gdal *const api = &self->vector.gdal.api;
    int success = FALSE;
    out->x_m = api->OGR_G_GetX(point, 0);
    out->y_m = api->OGR_G_GetY(point, 0);
    out->lon_deg = out->x_m;
    out->lat_deg = out->y_m;
    if (self->to_wgs84 == NULL ||
        !api->OCTTransformEx(self->to_wgs84, 1, &out->lon_deg, &out->lat_deg, NULL, &success) || !success ||
        !isfinite(out->lon_deg) || !isfinite(out->lat_deg)) {
        out->lon_deg = NAN;
        out->lat_deg = NAN;
    }
    if (!api->OCTTransformEx(self->vector.to_grid, 1, &out->x_m, &out->y_m, NULL, &success) || !success ||
        !isfinite(out->x_m) || !isfinite(out->y_m)) {
        return false;
    }
    out->lon_deg = layers_round_deg(out->lon_deg);
    out->lat_deg = layers_round_deg(out->lat_deg);
    out->x_m = layers_round_m(out->x_m);
    out->y_m = layers_round_m(out->y_m);
    layers_gdal_clear(&self->vector.gdal);
    return true;
}

static uxo_status visit_feature(point_reader *self, OGRFeatureH feature, uxo_point_visit *visit, void *user,
                                uxo_report *report)
{
    const uxo_gdal *const api = &self->vector.gdal.api;
    char text[4096];
    uxo_point_feature out = {.fid = api->OGR_F_GetFID(feature),
                             .field_count = self->field_count,
                             .field_name = self->field_name,
                             .field_text = (const char *const *)self->field_text};
    const uxo_place place = layers_feature_place(text, sizeof text, self->vector.shown, out.fid);
    OGRGeometryH geometry = api->OGR_F_GetGeometryRef(feature);
    OGRGeometryH point = only_point(api, geometry);
    if (point == NULL) {
        uxo_report_add(report, UXO_ERROR, &place, "a report is one point, this is %s",
                       geometry == NULL || api->OGR_G_IsEmpty(geometry) ? "a feature without geometry"
                                                                        : api->OGR_G_GetGeometryName(geometry));
        return UXO_OK;
    }
    if (!transform_point(self, point, &out)) {
        uxo_report_add(report, UXO_ERROR, &place, "the point %.9g, %.9g cannot be transformed to the grid's system",
                       api->OGR_G_GetX(point, 0), api->OGR_G_GetY(point, 0));
        layers_gdal_clear(&self->vector.gdal);
        return UXO_OK;
    }
    if (!read_fields(self, feature)) {
        return uxo_fail(report, UXO_ERR_MEMORY, &place, "out of memory");
    }
    return visit(&out, user, report);
}

static uxo_status set_up(point_reader *self, uxo_report *report)
{
    const uxo_gdal *const api = &self->vector.gdal.api;
    OGRFeatureDefnH definition = api->OGR_L_GetLayerDefn(self->vector.layer);
    self->field_count = (size_t)api->OGR_FD_GetFieldCount(definition);
    self->field_name = calloc(self->field_count + 1, sizeof *self->field_name);
    self->field_text = calloc(self->field_count + 1, sizeof *self->field_text);
    if (self->field_name == NULL || self->field_text == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, &self->vector.gdal.place, "out of memory");
    }
    for (size_t i = 0; i < self->field_count; i++) {
        self->field_name[i] = api->OGR_Fld_GetNameRef(api->OGR_FD_GetFieldDefn(definition, (int)i));
    }
    OGRSpatialReferenceH wgs84 = api->OSRNewSpatialReference(NULL);
    api->OSRImportFromEPSG(wgs84, 4326);
    api->OSRSetAxisMappingStrategy(wgs84, OAMS_TRADITIONAL_GIS_ORDER);
    self->to_wgs84 = api->OCTNewCoordinateTransformation(self->vector.srs, wgs84);
    api->OSRRelease(wgs84);
    layers_gdal_clear(&self->vector.gdal);
    return UXO_OK;
}

static uxo_status visit_all(point_reader *self, uxo_point_visit *visit, void *user, uxo_report *report)
{
    const uxo_gdal *const api = &self->vector.gdal.api;
    const size_t errors = report->error_count;
    OGRFeatureH feature;
    UXO_TRY(set_up(self, report));
    api->OGR_L_ResetReading(self->vector.layer);
    while ((feature = api->OGR_L_GetNextFeature(self->vector.layer)) != NULL) {
        const uxo_status status = visit_feature(self, feature, visit, user, report);
        api->OGR_F_Destroy(feature);
        UXO_TRY(status);
    }
    if (self->vector.gdal.failures > 0) {
        return uxo_fail(report, UXO_ERR_DATA, &self->vector.gdal.place, "'%s' breaks off: %s", self->vector.shown,
                        self->vector.gdal.failure);
    }
    return uxo_report_status(report, errors);
}

uxo_status uxo_layers_points(const uxo_crs *crs, const char *file, const uxo_place *place, uxo_point_visit *visit,
                             void *user, uxo_report *report)
{
    point_reader self = {0};
    uxo_status status = layers_vector_open(&self.vector, crs, file, place, report);
    if (status == UXO_OK) {
        status = visit_all(&self, visit, user, report);
    }
    if (self.to_wgs84 != NULL) {
        self.vector.gdal.api.OCTDestroyCoordinateTransformation(self.to_wgs84);
    }
    clear_fields(&self);
    free(self.field_name);
    free(self.field_text);
    layers_vector_close(&self.vector);
    return status;
}
