/* geo_output.h - what the tools need of GDAL: polygons in WGS 84, reference systems. */
#ifndef UXOSIM_TOOLS_GEO_OUTPUT_H
#define UXOSIM_TOOLS_GEO_OUTPUT_H

#include "json_output.h"
#include "uxosim/gdal_library.h"

/* GDAL with all its drivers, quiet: its messages go into the report when geo_fail is called, not to stderr. */
UXO_MUST_USE uxo_status geo_start(uxo_gdal *gdal, uxo_report *report);
uxo_status geo_fail(const uxo_gdal *gdal, uxo_report *report, uxo_status status, const char *what);

/* Writes a file that GDAL has made in its memory ("/vsimem/...") to disk, whole or not at all, and frees it. GDAL's own
 * handling of a full disk is not good enough: the COG driver crashes on it. */
UXO_MUST_USE uxo_status geo_save(const uxo_gdal *gdal, const char *memory_file, const char *path, uxo_report *report);

/* From a result's system to WGS 84, longitude first. */
typedef struct geo_transform {
    const uxo_gdal *gdal; /* borrowed */
    OGRSpatialReferenceH from, to;
    OGRCoordinateTransformationH transformation;
} geo_transform;

UXO_MUST_USE uxo_status geo_transform_open(geo_transform *self, const uxo_gdal *gdal, const char *wkt,
                                           uxo_report *report);
void geo_transform_close(geo_transform *self);

/* Polygon from hexadecimal WKB, transformed. *out NULL when hex is "". To be destroyed by OGR_G_DestroyGeometry. */
UXO_MUST_USE uxo_status geo_polygon(const geo_transform *self, const char *hex, OGRGeometryH *out, uxo_report *report);

/* A GeoJSON geometry as RFC 7946 wants it: exterior rings counter-clockwise, seven decimals (about 1 cm). NULL gives
 * null. */
void geo_write_json(const uxo_gdal *gdal, json_output *json, const char *key, OGRGeometryH geometry);

#endif
