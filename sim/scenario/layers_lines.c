/* layers_lines.c - lines of a vector file as straight segments in the grid's system: where somebody walks.
 *
 * Vertices are transformed and rounded as those of all layers are; between them a line is straight on the grid. Not here: their geometry
 * (lines.c), what lies along them (sim/engine/walk.c).
 */
#include "uxosim/lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "layers_private.h"

/* Lines, multilines, their curved kin, and collections of nothing else. */
static bool is_linear(const uxo_gdal *api, OGRGeometryH geometry)
{
    const OGRwkbGeometryType type = api->OGR_GT_Flatten(api->OGR_G_GetGeometryType(geometry));
    if (type == wkbLineString || type == wkbMultiLineString || type == wkbCircularString || type == wkbCompoundCurve ||
        type == wkbMultiCurve) {
        return true;
    }
    const int count = type == wkbGeometryCollection ? api->OGR_G_GetGeometryCount(geometry) : 0;
    for (int i = 0; i < count; i++) {
        if (!is_linear(api, api->OGR_G_GetGeometryRef(geometry, i))) {
            return false;
        }
    }
    return count > 0;
}

static bool add_segment(uxo_lines *self, const uxo_segment *segment)
{
    if ((self->count & (self->count - 1)) == 0) {
        uxo_segment *const larger =
            realloc(self->segment, (self->count == 0 ? 1 : 2 * self->count) * sizeof *self->segment);
        if (larger == NULL) {
            return false;
        }
        self->segment = larger;
    }
    self->segment[self->count++] = *segment;
    return true;
}

/* Planet-sized bounds: beyond them a coordinate is a slip, and lengths would overflow. Not a number is beyond them, too. */
static bool lies_on_earth(const uxo_gdal *api, OGRGeometryH geometry)
{
    const double farthest_m = 1e8;
    const int parts = api->OGR_G_GetGeometryCount(geometry);
    bool good = true;
    for (int i = 0; good && i < parts; i++) {
        good = lies_on_earth(api, api->OGR_G_GetGeometryRef(geometry, i));
    }
    const int points = parts > 0 ? 0 : api->OGR_G_GetPointCount(geometry);
    for (int i = 0; good && i < points; i++) {
        good = fabs(api->OGR_G_GetX(geometry, i)) < farthest_m && fabs(api->OGR_G_GetY(geometry, i)) < farthest_m;
    }
    return good;
}

/* Vertices that follow each other in one place make no segment. */
static bool take_segments(const uxo_gdal *api, OGRGeometryH geometry, uxo_lines *self)
{
    const int parts = api->OGR_G_GetGeometryCount(geometry);
    bool good = true;
    for (int i = 0; good && i < parts; i++) {
        good = take_segments(api, api->OGR_G_GetGeometryRef(geometry, i), self);
    }
    const int points = parts > 0 ? 0 : api->OGR_G_GetPointCount(geometry);
    for (int i = 1; good && i < points; i++) {
        const uxo_segment segment = {
            layers_round_m(api->OGR_G_GetX(geometry, i - 1)), layers_round_m(api->OGR_G_GetY(geometry, i - 1)),
            layers_round_m(api->OGR_G_GetX(geometry, i)), layers_round_m(api->OGR_G_GetY(geometry, i))};
        const double dx = segment.x1_m - segment.x0_m, dy = segment.y1_m - segment.y0_m;
        good = !(dx * dx + dy * dy > 0.0) || add_segment(self, &segment);
    }
    return good;
}

static uxo_status read_feature(layers_vector *vector, OGRFeatureH feature, uxo_lines *self, uxo_report *report)
{
    const uxo_gdal *const api = &vector->gdal.api;
    char text[4096];
    const uxo_place place = layers_feature_place(text, sizeof text, vector->shown, api->OGR_F_GetFID(feature));
    OGRGeometryH given = api->OGR_F_GetGeometryRef(feature);
    if (given == NULL || api->OGR_G_IsEmpty(given) || !is_linear(api, given)) {
        uxo_report_add(report, UXO_ERROR, &place, "a walk is a line, this is %s",
                       given == NULL || api->OGR_G_IsEmpty(given) ? "a feature without geometry"
                                                                  : api->OGR_G_GetGeometryName(given));
        return UXO_OK;
    }
    OGRGeometryH line = api->OGR_G_GetLinearGeometry(given, 0.0, NULL);
    if (line == NULL || api->OGR_G_Transform(line, vector->to_grid) != OGRERR_NONE) {
        uxo_report_add(report, UXO_ERROR, &place, "the line cannot be transformed to the grid's system: %s",
                       vector->gdal.failure[0] != '\0' ? vector->gdal.failure : "out of its range");
        layers_gdal_clear(&vector->gdal);
        api->OGR_G_DestroyGeometry(line);
        return UXO_OK;
    }
    const bool good = lies_on_earth(api, line);
    if (!good) {
        uxo_report_add(report, UXO_ERROR, &place,
                       "a vertex of the line has coordinates that are no place on Earth; mend the file");
    }
    const bool taken = !good || take_segments(api, line, self);
    api->OGR_G_DestroyGeometry(line);
    return taken ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, &place, "out of memory");
}

static uxo_status read_all(layers_vector *vector, uxo_lines *self, uxo_report *report)
{
    const uxo_gdal *const api = &vector->gdal.api;
    const size_t errors = report->error_count;
    OGRFeatureH feature;
    api->OGR_L_ResetReading(vector->layer);
    while ((feature = api->OGR_L_GetNextFeature(vector->layer)) != NULL) {
        const uxo_status status = read_feature(vector, feature, self, report);
        api->OGR_F_Destroy(feature);
        UXO_TRY(status);
    }
    if (vector->gdal.failures > 0) {
        return uxo_fail(report, UXO_ERR_DATA, &vector->gdal.place, "'%s' breaks off: %s", vector->shown,
                        vector->gdal.failure);
    }
    UXO_TRY(uxo_report_status(report, errors));
    return self->count > 0
               ? UXO_OK
               : uxo_fail(report, UXO_ERR_DATA, &vector->gdal.place, "'%s' holds no line of any length", vector->shown);
}

uxo_status uxo_lines_read(uxo_lines *self, const uxo_crs *crs, const char *file, const uxo_place *place,
                          uxo_report *report)
{
    layers_vector vector;
    memset(self, 0, sizeof *self);
    uxo_status status = layers_vector_open(&vector, crs, file, place, report);
    if (status == UXO_OK) {
        status = read_all(&vector, self, report);
    }
    layers_vector_close(&vector);
    return status;
}
