/* layers_population.c - persons per source cell to persons per grid cell: which source cells, and what is wrong with
 * them.
 *
 * Not here: splitting one source cell over grid cells (layers_split.c).
 */
#include "layers_split.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct source_raster {
    layers_gdal gdal;
    const char *file;
    GDALDatasetH dataset;
    GDALRasterBandH band;
    GDALRasterBandH mask;                            /* NULL: only nodata */
    OGRCoordinateTransformationH to_grid, from_grid; /* NULL: same system */
    double frame[6];                                 /* GDAL's geotransform */
    int nx, ny;
    int window[4]; /* columns [0, 2), rows [1, 3) that may touch the grid */
    double scale, offset;
    bool has_nodata;
    double nodata;
    double *value;        /* one row */
    unsigned char *valid; /* one row of the mask */
    uint64_t negative_count;
    int negative_at[2];
    double negative;
} source_raster;

static uxo_status fail(source_raster *self, const char *what)
{
    return uxo_fail(self->gdal.report, UXO_ERR_DATA, &self->gdal.place, "'%s' %s", self->file, what);
}

static uxo_status choose_band(source_raster *self)
{
    const uxo_gdal *const api = &self->gdal.api;
    const int count = api->GDALGetRasterCount(self->dataset);
    if (count == 0) {
        return fail(self,
                    "holds no raster of its own; if it is a container of several, convert the one you mean to GeoTIFF");
    }
    if (count > 1) {
        return uxo_fail(self->gdal.report, UXO_ERR_DATA, &self->gdal.place,
                        "'%s' has %d bands; persons per cell is a raster of one band, convert the one you mean",
                        self->file, count);
    }
    self->band = api->GDALGetRasterBand(self->dataset, 1);
    const GDALDataType type = api->GDALGetRasterDataType(self->band);
    if (api->GDALDataTypeIsComplex(type) || api->GDALGetRasterColorTable(self->band) != NULL) {
        return fail(self, "holds complex numbers or palette colours, not persons per cell");
    }
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

static uxo_status locate(source_raster *self, const uxo_crs *crs)
{
    const uxo_gdal *const api = &self->gdal.api;
    OGRSpatialReferenceH srs = api->GDALGetSpatialRef(self->dataset);
    if (srs == NULL) {
        return fail(self, "does not say its reference system");
    }
    if (api->GDALGetGeoTransform(self->dataset, self->frame) != CE_None ||
        self->frame[1] * self->frame[5] - self->frame[2] * self->frame[4] == 0.0) {
        return fail(self, "does not say where its cells lie (no geotransform)");
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
               : fail(self, "cannot be transformed to the grid's system");
}

/* Columns and rows of the source that may touch the grid, from points along the grid's edge. False: none. */
static bool find_window(source_raster *self, const uxo_grid *grid)
{
    enum { PER_SIDE = 64 };
    const uxo_gdal *const api = &self->gdal.api;
    double back[6];
    double low[2] = {INFINITY, INFINITY};
    double high[2] = {-INFINITY, -INFINITY};
    bool all = api->GDALInvGeoTransform(self->frame, back);
    for (int i = 0; i <= PER_SIDE; i++) {
        for (int j = 0; j <= PER_SIDE;
             j++) { /* the whole face: an edge is not enough where a pole of the source lies inside */
            double x = grid->xmin_m + (uxo_grid_xmax_m(grid) - grid->xmin_m) * i / PER_SIDE;
            double y = grid->ymin_m + (uxo_grid_ymax_m(grid) - grid->ymin_m) * j / PER_SIDE;
            int success = TRUE;
            if (self->from_grid != NULL) {
                api->OCTTransformEx(self->from_grid, 1, &x, &y, NULL, &success);
            }
            all = all && success && isfinite(x) && isfinite(y);
            const double at[2] = {back[0] + back[1] * x + back[2] * y, back[3] + back[4] * x + back[5] * y};
            for (int axis = 0; axis < 2; axis++) {
                low[axis] = fmin(low[axis], at[axis]);
                high[axis] = fmax(high[axis], at[axis]);
            }
        }
    }
    const int size[2] = {self->nx, self->ny};
    for (int axis = 0; axis < 2; axis++) {
        /* between two points of the grid's edge a curved border may bulge by less than this */
        const double margin = 2.0 + 0.02 * (high[axis] - low[axis]);
        self->window[axis] = all ? (int)fmax(0.0, fmin(size[axis], floor(low[axis] - margin))) : 0;
        self->window[2 + axis] = all ? (int)fmax(0.0, fmin(size[axis], ceil(high[axis] + margin))) : size[axis];
    }
    return self->window[0] < self->window[2] && self->window[1] < self->window[3];
}

static bool is_nobody(const source_raster *self, int column)
{
    const double value = self->value[column];
    const bool none = self->has_nodata && (value == self->nodata || (float)value == (float)self->nodata);
    return isnan(value) || none || (self->mask != NULL && self->valid[column] == 0);
}

/* Persons of one row into self->value; negative ones are remembered. False when GDAL cannot read it. */
static bool read_row(source_raster *self, int row, double *total)
{
    const uxo_gdal *const api = &self->gdal.api;
    if (api->GDALRasterIO(self->band, GF_Read, 0, row, self->nx, 1, self->value, self->nx, 1, GDT_Float64, 0, 0) !=
        CE_None) {
        return false;
    }
    if (self->mask != NULL && api->GDALRasterIO(self->mask, GF_Read, 0, row, self->nx, 1, self->valid, self->nx, 1,
                                                GDT_Byte, 0, 0) != CE_None) {
        return false;
    }
    double sum = 0.0;
    for (int column = 0; column < self->nx; column++) {
        const double value = is_nobody(self, column) ? 0.0 : self->value[column] * self->scale + self->offset;
        if (value < 0.0 || isinf(value)) {
            if (self->negative_count++ == 0) {
                self->negative = value;
                self->negative_at[0] = column;
                self->negative_at[1] = row;
            }
            self->value[column] = 0.0;
            continue;
        }
        self->value[column] = value;
        sum += value;
    }
    *total += sum;
    return true;
}

static uxo_status spread_rows(source_raster *self, const uxo_grid *grid, uxo_population *out)
{
    layers_splitter splitter;
    const layers_split_source source = {&self->gdal.api, self->frame, self->to_grid, self->window[0], self->window[2]};
    if (!layers_splitter_init(&splitter, grid, &source, out)) {
        return uxo_fail(self->gdal.report, UXO_ERR_MEMORY, &self->gdal.place, "out of memory");
    }
    for (int row = 0; row < self->ny; row++) {
        if (!read_row(self, row, &out->source_total)) {
            layers_splitter_free(&splitter);
            return uxo_fail(self->gdal.report, UXO_ERR_DATA, &self->gdal.place, "row %d of '%s' cannot be read: %s",
                            row, self->file, self->gdal.failure);
        }
        if (row >= self->window[1] && row < self->window[3]) {
            layers_splitter_row(&splitter, row, self->value + self->window[0]);
        }
    }
    out->on_grid = splitter.on_grid;
    const bool touched = splitter.touched, out_of_memory = splitter.out_of_memory;
    layers_splitter_free(&splitter);
    if (out_of_memory) {
        return uxo_fail(self->gdal.report, UXO_ERR_MEMORY, &self->gdal.place, "out of memory");
    }
    return touched ? UXO_OK : fail(self, "does not overlap the grid");
}

static void report_people(source_raster *self, const uxo_population *out)
{
    uxo_report *const report = self->gdal.report;
    const double outside = out->source_total - out->on_grid;
    if (self->negative_count > 0) {
        uxo_report_add(report, UXO_ERROR, &self->gdal.place,
                       "'%s' has %llu values that are negative or infinite, the first %.9g in column %d, row %d "
                       "(counted from 0); if "
                       "it means \"no data\" the file has to say so",
                       self->file, (unsigned long long)self->negative_count, self->negative, self->negative_at[0],
                       self->negative_at[1]);
    } else if (out->source_total <= 0.0) {
        uxo_report_add(report, UXO_WARNING, &self->gdal.place, "'%s' holds no persons at all", self->file);
    } else if (out->on_grid <= 0.0) {
        uxo_report_add(report, UXO_WARNING, &self->gdal.place, "none of the %.0f persons of '%s' lives on the grid",
                       out->source_total, self->file);
    } else if (outside > 1e-9 * out->source_total) {
        uxo_report_add(report, UXO_NOTE, &self->gdal.place,
                       "%.0f of the %.0f persons of '%s' (%.2g %%) live outside the grid and are not counted", outside,
                       out->source_total, self->file, 100.0 * outside / out->source_total);
    }
}

static uxo_status read_population(source_raster *self, const uxo_crs *crs, const uxo_grid *grid, uxo_population *out)
{
    const size_t errors = self->gdal.report->error_count;
    UXO_TRY(layers_open(&self->dataset, &self->gdal, self->file, self->file, GDAL_OF_RASTER));
    UXO_TRY(choose_band(self));
    UXO_TRY(locate(self, crs));
    if (!find_window(self, grid)) {
        return fail(self, "does not overlap the grid");
    }
    layers_gdal_clear(&self->gdal);
    self->value = malloc((size_t)self->nx * sizeof *self->value);
    self->valid = malloc((size_t)self->nx);
    if (self->value == NULL || self->valid == NULL || !uxo_population_init(out, grid)) {
        return uxo_fail(self->gdal.report, UXO_ERR_MEMORY, &self->gdal.place, "out of memory");
    }
    UXO_TRY(spread_rows(self, grid, out));
    report_people(self, out);
    return uxo_report_status(self->gdal.report, errors);
}

uxo_status uxo_population_read(uxo_population *self, const uxo_crs *crs, const uxo_grid *grid, const char *file,
                               const uxo_place *place, uxo_report *report)
{
    source_raster source = {.file = file};
    memset(self, 0, sizeof *self);
    const uxo_gdal *const api = &source.gdal.api;
    uxo_status status = layers_gdal_begin(&source.gdal, place, report);
    if (status == UXO_OK) {
        status = read_population(&source, crs, grid, self);
    }
    if (source.to_grid != NULL) {
        api->OCTDestroyCoordinateTransformation(source.to_grid);
    }
    if (source.from_grid != NULL) {
        api->OCTDestroyCoordinateTransformation(source.from_grid);
    }
    if (source.dataset != NULL) {
        api->GDALClose(source.dataset);
    }
    free(source.value);
    free(source.valid);
    layers_gdal_end(&source.gdal);
    if (status != UXO_OK) {
        uxo_population_free(self);
    }
    return status;
}

bool uxo_population_init(uxo_population *self, const uxo_grid *grid)
{
    memset(self, 0, sizeof *self);
    self->tile_count = uxo_grid_tile_count(grid);
    self->cells = calloc(self->tile_count, sizeof *self->cells);
    return self->cells != NULL;
}

bool uxo_population_add(uxo_population *self, const uxo_grid *grid, uint32_t ix, uint32_t iy, double persons)
{
    float **const cells = &self->cells[uxo_grid_tile_of(grid, ix, iy)];
    if (*cells == NULL) {
        *cells = calloc(UXO_TILE_CELLS, sizeof **cells);
    }
    if (*cells == NULL) {
        return false;
    }
    (*cells)[uxo_grid_cell_in_tile(ix, iy)] += (float)persons;
    return true;
}

void uxo_population_free(uxo_population *self)
{
    for (size_t i = 0; i < self->tile_count && self->cells != NULL; i++) {
        free(self->cells[i]);
    }
    free(self->cells);
    memset(self, 0, sizeof *self);
}
