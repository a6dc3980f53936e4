/* layers_source.c - see layers_source.h. */
#include "layers_source.h"

#include <math.h>
#include <string.h>

uxo_status layers_source_fail(const layers_source *self, const char *wrong)
{
    return uxo_fail(self->gdal.report, UXO_ERR_DATA, &self->gdal.place, "'%s' %s", self->file, wrong);
}

static uxo_status choose_band(layers_source *self, const char *what)
{
    const uxo_gdal *const api = &self->gdal.api;
    const int count = api->GDALGetRasterCount(self->dataset);
    if (count == 0) {
        return layers_source_fail(
            self, "holds no raster of its own; if it is a container of several, convert the one you mean to GeoTIFF");
    }
    if (count > 1) {
        return uxo_fail(self->gdal.report, UXO_ERR_DATA, &self->gdal.place,
                        "'%s' has %d bands; %s is a raster of one band, convert the one you mean", self->file, count,
                        what);
    }
    self->band = api->GDALGetRasterBand(self->dataset, 1);
    int given = FALSE;
    self->nodata = api->GDALGetRasterNoDataValue(self->band, &given);
    self->has_nodata = given;
    self->scale = api->GDALGetRasterScale(self->band, &given);
    self->scale = given ? self->scale : 1.0;
    self->offset = api->GDALGetRasterOffset(self->band, &given);
    self->offset = given ? self->offset : 0.0;
    self->mask = (api->GDALGetMaskFlags(self->band) & GMF_PER_DATASET) != 0 ? api->GDALGetMaskBand(self->band) : NULL;
    self->nx = api->GDALGetRasterXSize(self->dataset);
    self->ny = api->GDALGetRasterYSize(self->dataset);
    return UXO_OK;
}

static uxo_status locate(layers_source *self, const uxo_crs *crs)
{
    const uxo_gdal *const api = &self->gdal.api;
    OGRSpatialReferenceH srs = api->GDALGetSpatialRef(self->dataset);
    if (srs == NULL) {
        return layers_source_fail(self, "does not say its reference system");
    }
    if (api->GDALGetGeoTransform(self->dataset, self->frame) != CE_None ||
        self->frame[1] * self->frame[5] - self->frame[2] * self->frame[4] == 0.0) {
        return layers_source_fail(self, "does not say where its cells lie (no geotransform)");
    }
    OGRSpatialReferenceH grid = layers_grid_srs(&self->gdal, crs);
    srs = api->OSRClone(srs);
    api->OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    const bool same = grid != NULL && api->OSRIsSame(srs, grid);
    if (grid != NULL && !same) {
        self->to_grid = api->OCTNewCoordinateTransformation(srs, grid);
        self->from_grid = api->OCTNewCoordinateTransformation(grid, srs);
    }
    api->OSRRelease(srs);
    api->OSRRelease(grid);
    return same || (self->to_grid != NULL && self->from_grid != NULL)
               ? UXO_OK
               : layers_source_fail(self, "cannot be transformed to the grid's system");
}

uxo_status layers_source_open(layers_source *self, const uxo_crs *crs, const char *file, const char *what,
                              const uxo_place *place, uxo_report *report)
{
    memset(self, 0, sizeof *self);
    self->file = file;
    UXO_TRY(layers_gdal_begin(&self->gdal, place, report));
    UXO_TRY(layers_open(&self->dataset, &self->gdal, file, file, GDAL_OF_RASTER));
    UXO_TRY(choose_band(self, what));
    return locate(self, crs);
}

void layers_source_close(layers_source *self)
{
    const uxo_gdal *const api = &self->gdal.api;
    if (self->to_grid != NULL) {
        api->OCTDestroyCoordinateTransformation(self->to_grid);
    }
    if (self->from_grid != NULL) {
        api->OCTDestroyCoordinateTransformation(self->from_grid);
    }
    if (self->dataset != NULL) {
        api->GDALClose(self->dataset);
    }
    layers_gdal_end(&self->gdal);
}

bool layers_source_is_missing(const layers_source *self, double value, unsigned char valid)
{
    const bool none = self->has_nodata && (value == self->nodata || (float)value == (float)self->nodata);
    return isnan(value) || none || valid == 0;
}
