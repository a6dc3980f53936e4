/* layers_source.h - one band of a raster file: its cells, where they lie, which of them hold nothing. Private to
 * sim/scenario/layers*.c. */
#ifndef UXOSIM_LAYERS_SOURCE_H
#define UXOSIM_LAYERS_SOURCE_H

#include "layers_private.h"

typedef struct layers_source {
    layers_gdal gdal;
    const char *file; /* borrowed */
    GDALDatasetH dataset;
    GDALRasterBandH band;
    GDALRasterBandH mask;                            /* NULL: only nodata */
    OGRCoordinateTransformationH to_grid, from_grid; /* NULL: same system */
    double frame[6];                                 /* GDAL's geotransform: column, row to the source's system */
    int nx, ny;
    double scale, offset;
    bool has_nodata;
    double nodata;
} layers_source;

/* Opens the only band of a local raster and finds its way to the grid. what: what a cell holds, for messages. Close also
 * after an error. */
UXO_MUST_USE uxo_status layers_source_open(layers_source *self, const uxo_crs *crs, const char *file, const char *what,
                                           const uxo_place *place, uxo_report *report);
void layers_source_close(layers_source *self);

/* "'FILE' and what is wrong with it". */
uxo_status layers_source_fail(const layers_source *self, const char *wrong);

/* Does a value as stored mean that there is none? valid: of the mask; 255 where there is no mask. */
bool layers_source_is_missing(const layers_source *self, double value, unsigned char valid);

#endif
