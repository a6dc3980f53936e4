/* districts_geo_fields.h - what the short names of fields in geodata stand for. */
#ifndef UXOSIM_TOOLS_DISTRICTS_GEO_FIELDS_H
#define UXOSIM_TOOLS_DISTRICTS_GEO_FIELDS_H

#include "uxosim/gdal_library.h"
#include "uxosim/summary.h"

/* Adds the table `uxosim_fields` to a GeoPackage: a row for each field of its layers with the column's full name, unit and meaning.
 * False when GDAL cannot. */
bool districts_geo_write_fields(const uxo_gdal *gdal, GDALDatasetH dataset, const uxo_district_table *table);

#endif
