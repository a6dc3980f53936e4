/* geo_output.c - see geo_output.h. Not here: files and layers (districts_geo.c, cmd_export.c). */
#include "geo_output.h"

#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "uxosim/number_text.h"

uxo_status geo_start(uxo_gdal *gdal, uxo_report *report)
{
    UXO_TRY(uxo_gdal_open(gdal, NULL, report));
    gdal->CPLSetErrorHandler(gdal->CPLQuietErrorHandler);
    gdal->GDALAllRegister();
    gdal->CPLErrorReset();
    return UXO_OK;
}

uxo_status geo_fail(const uxo_gdal *gdal, uxo_report *report, uxo_status status, const char *what)
{
    const char *const reason = gdal->CPLGetLastErrorMsg();
    return uxo_fail(report, status, NULL, "%s: %s", what, reason[0] != '\0' ? reason : "GDAL gives no reason");
}

uxo_status geo_save(const uxo_gdal *gdal, const char *memory_file, const char *path, uxo_report *report)
{
    vsi_l_offset size = 0;
    tool_output output;
    const GByte *const bytes = gdal->VSIGetMemFileBuffer(memory_file, &size, false);
    if (bytes == NULL) {
        return geo_fail(gdal, report, UXO_ERR_MEMORY, "cannot make the file");
    }
    uxo_status status = tool_output_open(&output, path, report);
    if (status == UXO_OK) {
        fwrite(bytes, 1, (size_t)size, output.stream);
        status = tool_output_close(&output, report);
    }
    gdal->VSIUnlink(memory_file);
    return status;
}

uxo_status geo_transform_open(geo_transform *self, const uxo_gdal *gdal, const char *wkt, uxo_report *report)
{
    memset(self, 0, sizeof *self);
    self->gdal = gdal;
    self->from = gdal->OSRNewSpatialReference(NULL);
    self->to = gdal->OSRNewSpatialReference(NULL);
    if (gdal->OSRSetFromUserInput(self->from, wkt) == OGRERR_NONE &&
        gdal->OSRImportFromEPSG(self->to, 4326) == OGRERR_NONE) {
        gdal->OSRSetAxisMappingStrategy(self->from, OAMS_TRADITIONAL_GIS_ORDER);
        gdal->OSRSetAxisMappingStrategy(self->to, OAMS_TRADITIONAL_GIS_ORDER);
        self->transformation = gdal->OCTNewCoordinateTransformation(self->from, self->to);
    }
    if (self->transformation == NULL) {
        const uxo_status status =
            geo_fail(gdal, report, UXO_ERR_DATA, "cannot go from the result's reference system to WGS 84");
        geo_transform_close(self);
        return status;
    }
    return UXO_OK;
}

void geo_transform_close(geo_transform *self)
{
    const uxo_gdal *const gdal = self->gdal;
    if (self->transformation != NULL) {
        gdal->OCTDestroyCoordinateTransformation(self->transformation);
    }
    gdal->OSRDestroySpatialReference(self->from);
    gdal->OSRDestroySpatialReference(self->to);
    memset(self, 0, sizeof *self);
}

uxo_status geo_polygon(const geo_transform *self, const char *hex, OGRGeometryH *out, uxo_report *report)
{
    const uxo_gdal *const gdal = self->gdal;
    *out = NULL;
    if (hex[0] == '\0') {
        return UXO_OK;
    }
    int bytes = 0;
    GByte *const binary = gdal->CPLHexToBinary(hex, &bytes);
    const OGRErr read = binary != NULL ? gdal->OGR_G_CreateFromWkb(binary, NULL, out, bytes) : OGRERR_CORRUPT_DATA;
    gdal->VSIFree(binary);
    if (read != OGRERR_NONE || gdal->OGR_G_Transform(*out, self->transformation) != OGRERR_NONE) {
        gdal->OGR_G_DestroyGeometry(*out);
        *out = NULL;
        return geo_fail(gdal, report, UXO_ERR_DATA, "a district's polygon cannot be read or transformed");
    }
    return UXO_OK;
}

static double signed_area(const uxo_gdal *gdal, OGRGeometryH ring)
{
    const int count = gdal->OGR_G_GetPointCount(ring);
    double twice = 0.0;
    for (int i = 0; i + 1 < count; i++) {
        const double x0 = gdal->OGR_G_GetX(ring, i) - gdal->OGR_G_GetX(ring, 0);
        const double y0 = gdal->OGR_G_GetY(ring, i) - gdal->OGR_G_GetY(ring, 0);
        const double x1 = gdal->OGR_G_GetX(ring, i + 1) - gdal->OGR_G_GetX(ring, 0);
        const double y1 = gdal->OGR_G_GetY(ring, i + 1) - gdal->OGR_G_GetY(ring, 0);
        twice += x0 * y1 - x1 * y0;
    }
    return twice / 2.0;
}

static void write_degrees(json_output *json, double degrees)
{
    char text[UXO_NUMBER_SIZE];
    snprintf(text, sizeof text, "%.7f", degrees);
    json_raw(json, NULL, text);
}

static void write_ring(const uxo_gdal *gdal, json_output *json, OGRGeometryH ring, bool exterior)
{
    const int count = gdal->OGR_G_GetPointCount(ring);
    const bool reverse = (signed_area(gdal, ring) > 0.0) != exterior;
    json_open(json, NULL, '[');
    for (int i = 0; i < count; i++) {
        const int k = reverse ? count - 1 - i : i;
        json_open(json, NULL, '[');
        write_degrees(json, gdal->OGR_G_GetX(ring, k));
        write_degrees(json, gdal->OGR_G_GetY(ring, k));
        json_close(json, ']');
    }
    json_close(json, ']');
}

static void write_polygon(const uxo_gdal *gdal, json_output *json, const char *key, OGRGeometryH polygon)
{
    json_open(json, key, '[');
    for (int i = 0; i < gdal->OGR_G_GetGeometryCount(polygon); i++) {
        write_ring(gdal, json, gdal->OGR_G_GetGeometryRef(polygon, i), i == 0);
    }
    json_close(json, ']');
}

void geo_write_json(const uxo_gdal *gdal, json_output *json, const char *key, OGRGeometryH geometry)
{
    const OGRwkbGeometryType type =
        geometry != NULL ? gdal->OGR_GT_Flatten(gdal->OGR_G_GetGeometryType(geometry)) : wkbUnknown;
    if (type != wkbPolygon && type != wkbMultiPolygon) {
        json_raw(json, key, "null");
        return;
    }
    json_open_inline(json, key, '{');
    json_text(json, "type", type == wkbPolygon ? "Polygon" : "MultiPolygon");
    if (type == wkbPolygon) {
        write_polygon(gdal, json, "coordinates", geometry);
    } else {
        json_open(json, "coordinates", '[');
        for (int i = 0; i < gdal->OGR_G_GetGeometryCount(geometry); i++) {
            write_polygon(gdal, json, NULL, gdal->OGR_G_GetGeometryRef(geometry, i));
        }
        json_close(json, ']');
    }
    json_close(json, '}');
}
