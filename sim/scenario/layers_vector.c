/* layers_vector.c - opening one layer of a vector file and taking polygons from its features.
 *
 * Not here: what the polygons are for (layers_districts.c).
 */
#include "layers_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "uxosim/schema.h"

uxo_place layers_feature_place(char *text, size_t size, const char *shown, int64_t fid)
{
    snprintf(text, size, "%s: feature %" PRId64, shown, fid);
    return (uxo_place){.file = text};
}

/* "'a', 'b', 'c' and 4 more" */
static void add_name(char *list, size_t size, int index, int count, const char *name)
{
    enum { SHOWN = 20 };
    const size_t used = strlen(list);
    if (index < SHOWN) {
        snprintf(list + used, size - used, "%s'%s'", index > 0 ? ", " : "", name);
    } else if (index == SHOWN) {
        snprintf(list + used, size - used, " and %d more", count - SHOWN);
    }
}

static uxo_status choose_layer(layers_vector *self, const char *wanted)
{
    const uxo_gdal *const api = &self->gdal.api;
    char list[1024] = "";
    const int count = api->GDALDatasetGetLayerCount(self->dataset);
    if (wanted == NULL && count == 1) {
        self->layer = api->GDALDatasetGetLayer(self->dataset, 0);
    } else if (wanted != NULL) {
        self->layer = api->GDALDatasetGetLayerByName(self->dataset, wanted);
    }
    if (self->layer != NULL) {
        return UXO_OK;
    }
    for (int i = 0; i < count; i++) {
        add_name(list, sizeof list, i, count, api->OGR_L_GetName(api->GDALDatasetGetLayer(self->dataset, i)));
    }
    if (count == 0) {
        return uxo_fail(self->gdal.report, UXO_ERR_DATA, &self->gdal.place, "'%s' holds no layer", self->shown);
    }
    if (wanted != NULL) {
        return uxo_fail(self->gdal.report, UXO_ERR_DATA, &self->gdal.place, "'%s' has no layer '%s'; it has %s",
                        self->path, wanted, list);
    }
    return uxo_fail(self->gdal.report, UXO_ERR_DATA, &self->gdal.place,
                    "'%s' holds %d layers; say which one as file: \"%s|layername=NAME\", with one of %s", self->shown,
                    count, self->shown, list);
}

static const char layer_mark[] = "|layername=";

size_t uxo_layers_path_length(const char *file)
{
    const char *const bar = strstr(file, layer_mark);
    return bar != NULL ? (size_t)(bar - file) : strlen(file);
}

static uxo_status open_layer(layers_vector *self, const uxo_crs *crs)
{
    const uxo_gdal *const api = &self->gdal.api;
    const size_t length = uxo_layers_path_length(self->path);
    const bool named = self->path[length] != '\0';
    const char *const name = self->path + length + (named ? sizeof layer_mark - 1 : 0);
    self->path[length] = '\0';
    UXO_TRY(layers_open(&self->dataset, &self->gdal, self->path, self->shown, GDAL_OF_VECTOR));
    UXO_TRY(choose_layer(self, named ? name : NULL));
    self->srs = api->OGR_L_GetSpatialRef(self->layer);
    if (self->srs == NULL && api->OGR_L_GetGeomType(self->layer) == wkbNone) {
        return uxo_fail(self->gdal.report, UXO_ERR_DATA, &self->gdal.place,
                        "'%s' is a table without geometry; a strike list with columns lon and lat is read from CSV: "
                        "save it as that",
                        self->shown);
    }
    if (self->srs == NULL) {
        return uxo_fail(self->gdal.report, UXO_ERR_DATA, &self->gdal.place,
                        "'%s' does not say its reference system (for a shapefile: the .prj file is missing)",
                        self->shown);
    }
    api->OSRSetAxisMappingStrategy(self->srs, OAMS_TRADITIONAL_GIS_ORDER);
    OGRSpatialReferenceH grid = layers_grid_srs(&self->gdal, crs);
    self->to_grid = grid != NULL ? api->OCTNewCoordinateTransformation(self->srs, grid) : NULL;
    api->OSRRelease(grid);
    if (self->to_grid == NULL) {
        return uxo_fail(self->gdal.report, UXO_ERR_DATA, &self->gdal.place,
                        "no transformation from the system of '%s' to the grid: %s", self->shown, self->gdal.failure);
    }
    return UXO_OK;
}

uxo_status layers_vector_open(layers_vector *self, const uxo_crs *crs, const char *file, const uxo_place *place,
                              uxo_report *report)
{
    memset(self, 0, sizeof *self);
    UXO_TRY(layers_gdal_begin(&self->gdal, place, report));
    self->shown = file;
    self->things = "districts";
    self->thing = "district";
    self->path = strdup(file);
    if (self->path == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, place, "out of memory");
    }
    return open_layer(self, crs);
}

void layers_vector_close(layers_vector *self)
{
    if (self->to_grid != NULL) {
        self->gdal.api.OCTDestroyCoordinateTransformation(self->to_grid);
    }
    if (self->dataset != NULL) {
        self->gdal.api.GDALClose(self->dataset);
    }
    free(self->path);
    layers_gdal_end(&self->gdal);
}

int layers_vector_field(layers_vector *self, const char *name, const char *key, uxo_report *report)
{
    enum { MOST = 256 };
    const uxo_gdal *const api = &self->gdal.api;
    char list[1024] = "";
    const char *names[MOST];
    OGRFeatureDefnH definition = api->OGR_L_GetLayerDefn(self->layer);
    const int count = api->OGR_FD_GetFieldCount(definition);
    size_t known = 0;
    for (int i = 0; i < count; i++) {
        const char *const field = api->OGR_Fld_GetNameRef(api->OGR_FD_GetFieldDefn(definition, i));
        if (name != NULL && strcmp(field, name) == 0) {
            return i;
        }
        add_name(list, sizeof list, i, count, field);
        if (known < MOST) {
            names[known++] = field;
        }
    }
    if (count == 0) {
        uxo_report_add(report, UXO_ERROR, &self->gdal.place, "'%s' has no fields, but %s needs one", self->shown, key);
        return -1;
    }
    const char *const nearest = name != NULL ? uxo_schema_nearest(name, names, known) : NULL;
    if (name == NULL) {
        uxo_report_add(report, UXO_ERROR, &self->gdal.place, "%s is missing: which field of '%s' holds it? It has %s",
                       key, self->shown, list);
    } else if (nearest != NULL) {
        uxo_report_add(report, UXO_ERROR, &self->gdal.place,
                       "'%s' has no field '%s' (%s); did you mean '%s'? It has %s", self->shown, name, key, nearest,
                       list);
    } else {
        uxo_report_add(report, UXO_ERROR, &self->gdal.place, "'%s' has no field '%s' (%s); it has %s", self->shown,
                       name, key, list);
    }
    return -1;
}

/* Polygons, multipolygons, their curved kin, and collections of nothing else (KML). */
static bool is_polygonal(const uxo_gdal *api, OGRGeometryH geometry)
{
    const OGRwkbGeometryType type = api->OGR_GT_Flatten(api->OGR_G_GetGeometryType(geometry));
    if (type == wkbPolygon || type == wkbMultiPolygon || type == wkbCurvePolygon || type == wkbMultiSurface) {
        return true;
    }
    if (type != wkbGeometryCollection) {
        return false;
    }
    const int count = api->OGR_G_GetGeometryCount(geometry);
    for (int i = 0; i < count; i++) {
        if (!is_polygonal(api, api->OGR_G_GetGeometryRef(geometry, i))) {
            return false;
        }
    }
    return count > 0;
}

static void round_points(const uxo_gdal *api, OGRGeometryH geometry)
{
    const int parts = api->OGR_G_GetGeometryCount(geometry);
    for (int i = 0; i < parts; i++) {
        round_points(api, api->OGR_G_GetGeometryRef(geometry, i));
    }
    const int points = parts > 0 ? 0 : api->OGR_G_GetPointCount(geometry);
    for (int i = 0; i < points; i++) {
        api->OGR_G_SetPoint_2D(geometry, i, layers_round_m(api->OGR_G_GetX(geometry, i)),
                               layers_round_m(api->OGR_G_GetY(geometry, i)));
    }
}

void layers_take_polygons(const uxo_gdal *api, OGRGeometryH from, OGRGeometryH to)
{
    if (api->OGR_GT_Flatten(api->OGR_G_GetGeometryType(from)) == wkbPolygon) {
        api->OGR_G_AddGeometry(to, from);
        return;
    }
    const int parts = api->OGR_G_GetGeometryCount(from);
    for (int i = 0; i < parts; i++) {
        layers_take_polygons(api, api->OGR_G_GetGeometryRef(from, i), to);
    }
}

OGRGeometryH layers_only_polygons(const uxo_gdal *api, OGRGeometryH geometry)
{
    OGRGeometryH polygons = api->OGR_G_CreateGeometry(wkbMultiPolygon);
    layers_take_polygons(api, geometry, polygons);
    api->OGR_G_DestroyGeometry(geometry);
    return polygons;
}

/* Rounding to a millimetre can fold a very thin spike of a valid polygon over itself: mend that, it is ours and not the
 * user's. Where edges crossed there is then a new vertex, computed, so it is rounded too, which may fold again; what
 * would not settle stays as rounded. */
static OGRGeometryH mend(layers_vector *self, OGRGeometryH geometry)
{
    enum { MOST = 8 };
    const uxo_gdal *const api = &self->gdal.api;
    self->gdal.capture = true;
    for (int i = 0; i < MOST && !api->OGR_G_IsValid(geometry); i++) {
        OGRGeometryH mended = api->OGR_G_MakeValid(geometry);
        if (mended == NULL) {
            break;
        }
        api->OGR_G_DestroyGeometry(geometry);
        geometry = layers_only_polygons(api, mended);
        round_points(api, geometry);
    }
    self->gdal.capture = false;
    layers_gdal_clear(&self->gdal);
    return geometry;
}

static bool check_valid(layers_vector *self, OGRGeometryH geometry, const char *name, const uxo_place *place,
                        uxo_report *report)
{
    const uxo_gdal *const api = &self->gdal.api;
    self->gdal.capture = true;
    layers_gdal_clear(&self->gdal);
    const bool valid = api->OGR_G_IsValid(geometry);
    self->gdal.capture = false;
    if (!valid) {
        uxo_report_add(report, UXO_ERROR, place,
                       "the polygon of '%s' is invalid: %s (coordinates of the file); mend it, for example with QGIS "
                       "\"Fix geometries\"",
                       name, self->gdal.failure[0] != '\0' ? self->gdal.failure : "no reason given");
    }
    layers_gdal_clear(&self->gdal);
    return valid;
}

OGRGeometryH layers_polygon(layers_vector *self, OGRFeatureH feature, const char *name, const uxo_place *place,
                            uxo_report *report)
{
    const uxo_gdal *const api = &self->gdal.api;
    OGRGeometryH given = api->OGR_F_GetGeometryRef(feature);
    if (given == NULL || api->OGR_G_IsEmpty(given)) {
        uxo_report_add(report, UXO_ERROR, place, "'%s' has no geometry", name);
        return NULL;
    }
    if (!is_polygonal(api, given)) {
        uxo_report_add(report, UXO_ERROR, place, "'%s' is a %s; %s are polygons", name,
                       api->OGR_G_GetGeometryName(given), self->things);
        return NULL;
    }
    OGRGeometryH linear = api->OGR_G_GetLinearGeometry(given, 0.0, NULL);
    api->OGR_G_FlattenTo2D(linear);
    OGRGeometryH geometry = layers_only_polygons(api, linear);
    if (!check_valid(self, geometry, name, place, report)) {
        api->OGR_G_DestroyGeometry(geometry);
        return NULL;
    }
    if (api->OGR_G_Transform(geometry, self->to_grid) != OGRERR_NONE) {
        uxo_report_add(report, UXO_ERROR, place, "the polygon of '%s' cannot be transformed to the grid's system: %s",
                       name, self->gdal.failure[0] != '\0' ? self->gdal.failure : "out of its range");
        layers_gdal_clear(&self->gdal);
        api->OGR_G_DestroyGeometry(geometry);
        return NULL;
    }
    api->OGR_G_AssignSpatialReference(geometry, NULL);
    round_points(api, geometry);
    return mend(self, geometry);
}
