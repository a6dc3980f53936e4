/* districts_geo.c - districts as GeoJSON (RFC 7946) and GeoPackage, both in WGS 84. Not here: what the columns mean. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "districts.h"
#include "districts_geo_fields.h"
#include "districts_json.h"
#include "geo_output.h"

/* What is written: the table, and where its polygons come from. */
typedef struct area_table {
    uxo_result *result;
    const char *zones; /* the set; NULL: districts */
    const uxo_district_table *table;
    const uint32_t *order;
} area_table;

static uxo_status write_feature(json_output *json, const area_table *areas, uint32_t row,
                                const geo_transform *transform, uxo_report *report)
{
    const uxo_gdal *const gdal = transform->gdal;
    OGRGeometryH polygon = NULL;
    UXO_TRY(geo_polygon(transform, uxo_result_geometry(areas->result, areas->zones, row), &polygon, report));
    json_open(json, NULL, '{');
    json_text(json, "type", "Feature");
    geo_write_json(gdal, json, "geometry", polygon);
    json_open_inline(json, "properties", '{');
    districts_json_row(json, areas->table, row, true);
    json_close(json, '}');
    json_close(json, '}');
    gdal->OGR_G_DestroyGeometry(polygon);
    return UXO_OK;
}

/* Features are the districts. The other rows have no place: they stand beside, as members that readers of GeoJSON pass
 * over. */
static uxo_status write_collection(json_output *json, const area_table *areas, const geo_transform *transform,
                                   uxo_report *report)
{
    const uxo_district_table *const table = areas->table;
    const uint32_t districts = table->rows - DISTRICTS_SPECIAL_ROWS;
    uxo_status status = UXO_OK;
    json_open(json, NULL, '{');
    json_text(json, "type", "FeatureCollection");
    json_text(json, "name", areas->zones != NULL ? areas->zones : "districts");
    json_open(json, "uxosim", '{');
    districts_json_zones(json, areas->zones);
    districts_json_header(json, areas->result);
    districts_json_columns(json, table, true);
    json_open(json, "other_rows", '[');
    for (uint32_t row = districts; row < table->rows; row++) {
        json_open_inline(json, NULL, '{');
        districts_json_row(json, table, row, true);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
    json_open(json, "features", '[');
    for (uint32_t i = 0; i < districts && status == UXO_OK; i++) {
        status = write_feature(json, areas, areas->order[i], transform, report);
    }
    json_close(json, ']');
    json_close(json, '}');
    return status;
}

uxo_status districts_write_geojson(uxo_result *result, const char *zones, const uxo_district_table *table,
                                   const uint32_t *order, FILE *out, uxo_report *report)
{
    const area_table areas = {result, zones, table, order};
    json_output json;
    geo_transform transform;
    uxo_gdal gdal;
    UXO_TRY(geo_start(&gdal, report));
    json_init(&json, out);
    UXO_TRY(geo_transform_open(&transform, &gdal, uxo_result_crs_wkt(result), report));
    const uxo_status status = write_collection(&json, &areas, &transform, report);
    geo_transform_close(&transform);
    return status;
}

/* The kind, the name, of zones their status, and one field for each column that was computed. */
static bool add_fields(const uxo_gdal *gdal, OGRLayerH layer, const uxo_district_table *table)
{
    const char *const texts[] = {"kind", districts_noun(table), "status"};
    const size_t count = table->status != NULL ? 3 : 2;
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        OGRFieldDefnH field = gdal->OGR_Fld_Create(texts[i], OFTString);
        good = good && gdal->OGR_L_CreateField(layer, field, true) == OGRERR_NONE;
        gdal->OGR_Fld_Destroy(field);
    }
    for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_CSV_COUNT; column++) {
        if (uxo_district_table_has(table, column)) {
            OGRFieldDefnH field = gdal->OGR_Fld_Create(districts_short_name(column), OFTReal);
            gdal->OGR_Fld_SetAlternativeName(field, uxo_column(column)->name);
            good = good && gdal->OGR_L_CreateField(layer, field, true) == OGRERR_NONE;
            gdal->OGR_Fld_Destroy(field);
        }
    }
    return good;
}

static bool add_row(const uxo_gdal *gdal, OGRLayerH layer, const uxo_district_table *table, uint32_t row,
                    OGRGeometryH polygon)
{
    OGRFeatureH feature = gdal->OGR_F_Create(gdal->OGR_L_GetLayerDefn(layer));
    gdal->OGR_F_SetFieldString(feature, 0, districts_row_kind(table, row));
    gdal->OGR_F_SetFieldString(feature, 1, table->name[row]);
    int index = 2;
    if (table->status != NULL) {
        gdal->OGR_F_SetFieldString(feature, index++, table->status[row]);
    }
    for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_CSV_COUNT; column++) {
        if (uxo_district_table_has(table, column)) {
            if (!isnan(table->value[column][row])) {
                gdal->OGR_F_SetFieldDouble(feature, index, table->value[column][row]);
            }
            index++;
        }
    }
    if (polygon != NULL) {
        gdal->OGR_F_SetGeometry(feature, gdal->OGR_G_ForceToMultiPolygon(gdal->OGR_G_Clone(polygon)));
    }
    const bool good = gdal->OGR_L_CreateFeature(layer, feature) == OGRERR_NONE;
    gdal->OGR_F_Destroy(feature);
    return good;
}

typedef struct gpkg_writer {
    area_table areas;
    geo_transform transform;
    GDALDatasetH dataset;
    uxo_report *report;
    uxo_gdal gdal;
} gpkg_writer;

static uxo_status gpkg_districts(gpkg_writer *self)
{
    const uxo_gdal *const gdal = &self->gdal;
    char name[] = "GEOMETRY_NAME=geom";
    const char *const layer_name = self->areas.zones != NULL ? self->areas.zones : "districts";
    char identifier[128];
    snprintf(identifier, sizeof identifier, "IDENTIFIER=%.100s", layer_name);
    char description[] = "DESCRIPTION=" UXO_SENTENCE;
    char *list[] = {name, identifier, description, NULL};
    OGRLayerH layer =
        gdal->GDALDatasetCreateLayer(self->dataset, layer_name, self->transform.to, wkbMultiPolygon, list);
    if (layer == NULL || !add_fields(gdal, layer, self->areas.table)) {
        return geo_fail(gdal, self->report, UXO_ERR_IO, "cannot write the layer of polygons");
    }
    for (uint32_t i = 0; i + DISTRICTS_SPECIAL_ROWS < self->areas.table->rows; i++) {
        OGRGeometryH polygon = NULL;
        const uint32_t row = self->areas.order[i];
        UXO_TRY(geo_polygon(&self->transform, uxo_result_geometry(self->areas.result, self->areas.zones, row), &polygon,
                            self->report));
        const bool good = add_row(gdal, layer, self->areas.table, row, polygon);
        gdal->OGR_G_DestroyGeometry(polygon);
        if (!good) {
            return geo_fail(gdal, self->report, UXO_ERR_IO, "cannot write a polygon");
        }
    }
    return UXO_OK;
}

/* A table without geometries for the rows that have no place. */
static uxo_status gpkg_other_rows(gpkg_writer *self)
{
    const uxo_gdal *const gdal = &self->gdal;
    char identifier[] = "IDENTIFIER=other_rows";
    char *list[] = {identifier, NULL};
    OGRLayerH layer = gdal->GDALDatasetCreateLayer(self->dataset, "other_rows", NULL, wkbNone, list);
    bool good = layer != NULL && add_fields(gdal, layer, self->areas.table);
    for (uint32_t row = self->areas.table->rows - DISTRICTS_SPECIAL_ROWS; good && row < self->areas.table->rows;
         row++) {
        good = add_row(gdal, layer, self->areas.table, row, NULL);
    }
    return good ? UXO_OK : geo_fail(gdal, self->report, UXO_ERR_IO, "cannot write the table 'other_rows'");
}

static uxo_status gpkg_write(gpkg_writer *self, const char *path)
{
    const uxo_gdal *const gdal = &self->gdal;
    GDALDriverH driver = gdal->GDALGetDriverByName("GPKG");
    /* One date for all: equal results give equal files. */
    gdal->CPLSetConfigOption("OGR_CURRENT_DATE", "1970-01-01T00:00:00.000Z");
    self->dataset = driver != NULL ? gdal->GDALCreate(driver, path, 0, 0, 0, GDT_Unknown, NULL) : NULL;
    if (self->dataset == NULL) {
        return geo_fail(gdal, self->report, UXO_ERR_CANTCREATE, "cannot create the GeoPackage");
    }
    const char *const title = uxo_result_text(self->areas.result, "/", "title");
    gdal->GDALSetMetadataItem(self->dataset, "TITLE", title != NULL ? title : "", NULL);
    gdal->GDALSetMetadataItem(self->dataset, "COMMENT", UXO_SENTENCE, NULL);
    uxo_status status = gpkg_districts(self);
    status = status == UXO_OK ? gpkg_other_rows(self) : status;
    if (status == UXO_OK && !districts_geo_write_fields(gdal, self->dataset, self->areas.table)) {
        status = geo_fail(gdal, self->report, UXO_ERR_IO, "cannot write the table 'uxosim_fields'");
    }
    gdal->CPLErrorReset();
    gdal->GDALClose(self->dataset);
    if (status == UXO_OK && gdal->CPLGetLastErrorType() >= CE_Failure) {
        status = geo_fail(gdal, self->report, UXO_ERR_IO, "cannot write the GeoPackage");
    }
    return status;
}

uxo_status districts_write_gpkg(uxo_result *result, const char *zones, const uxo_district_table *table,
                                const uint32_t *order, const char *path, uxo_report *report)
{
    static const char memory_file[] = "/vsimem/uxosim/districts.gpkg";
    gpkg_writer self = {.areas = {result, zones, table, order}, .report = report};
    UXO_TRY(geo_start(&self.gdal, report));
    UXO_TRY(geo_transform_open(&self.transform, &self.gdal, uxo_result_crs_wkt(result), report));
    uxo_status status = gpkg_write(&self, memory_file);
    if (status == UXO_OK) {
        status = geo_save(&self.gdal, memory_file, path, report);
    }
    geo_transform_close(&self.transform);
    return status;
}
