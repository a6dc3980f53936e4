/* cmd_export.c - `uxosim export`: one layer as a Cloud-Optimized GeoTIFF, a band for each of its planes, with a style for QGIS (qml.c). Not here: which layers there are (result). */
#include <argp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "commands.h"
#include "geo_output.h"
#include "output.h"
#include "qml.h"
#include "uxosim/result.h"

typedef struct arguments {
    const char *result, *layer, *output;
} arguments;

static error_t parse(int key, char *text, struct argp_state *state)
{
    arguments *const self = state->input;
    switch (key) {
    case 'l':
        self->layer = text;
        return 0;
    case 'o':
        self->output = text;
        return 0;
    default:
        return arguments_parse(key, text, state, "result", &self->result, NULL);
    }
}

/* Rasters up to this size are made in memory, larger ones in a temporary file beside the output. */
static const uint64_t MOST_IN_MEMORY = UINT64_C(1) << 30;

typedef struct exporter {
    uxo_result *result;
    const uxo_grid *grid;
    const char *layer;
    const char *scratch; /* name of the temporary file */
    uxo_report *report;
    uxo_gdal gdal;
} exporter;

static int band_count(const exporter *self)
{
    return (int)uxo_result_layer_planes(self->result, self->layer);
}

static bool fits_in_memory(const exporter *self)
{
    return (uint64_t)uxo_grid_cell_count(self->grid) * (uint64_t)band_count(self) * sizeof(float) <= MOST_IN_MEMORY;
}

static GDALDatasetH make_raster(const exporter *self)
{
    const uxo_gdal *const gdal = &self->gdal;
    const bool in_memory = fits_in_memory(self);
    GDALDriverH driver = gdal->GDALGetDriverByName(in_memory ? "MEM" : "GTiff");
    char tiled[] = "TILED=YES";
    char big[] = "BIGTIFF=YES";
    char *options[] = {tiled, big, NULL};
    return driver == NULL
               ? NULL
               : gdal->GDALCreate(driver, in_memory ? "" : self->scratch, (int)self->grid->nx, (int)self->grid->ny,
                                  band_count(self), GDT_Float32, in_memory ? NULL : options);
}

static bool set_georeference(const exporter *self, GDALDatasetH raster)
{
    const uxo_gdal *const gdal = &self->gdal;
    double transform[6] = {self->grid->xmin_m,      self->grid->cell_size_m, 0.0, uxo_grid_ymax_m(self->grid), 0.0,
                           -self->grid->cell_size_m};
    OGRSpatialReferenceH system = gdal->OSRNewSpatialReference(NULL);
    gdal->OSRSetAxisMappingStrategy(system, OAMS_TRADITIONAL_GIS_ORDER);
    const bool good = gdal->OSRSetFromUserInput(system, uxo_result_crs_wkt(self->result)) == OGRERR_NONE &&
                      gdal->GDALSetSpatialRef(raster, system) == CE_None &&
                      gdal->GDALSetGeoTransform(raster, transform) == CE_None;
    gdal->OSRDestroySpatialReference(system);
    return good;
}

/* Bands of a layer with planes are called after the plane. */
static void describe_bands(const exporter *self, GDALDatasetH raster)
{
    const uxo_gdal *const gdal = &self->gdal;
    for (int i = 0; i < band_count(self); i++) {
        char plane[128];
        GDALRasterBandH band = gdal->GDALGetRasterBand(raster, i + 1);
        const bool named = uxo_result_plane_name(self->result, self->layer, (uint32_t)i, plane, sizeof plane);
        gdal->GDALSetDescription(band, named ? plane : self->layer);
        gdal->GDALSetRasterUnitType(band, uxo_result_layer_unit(self->result, self->layer));
        gdal->GDALSetRasterNoDataValue(band, (double)NAN);
        gdal->GDALSetMetadataItem(band, "LONG_NAME", uxo_result_layer_sentence(self->result, self->layer), NULL);
    }
}

static void describe(const exporter *self, GDALDatasetH raster)
{
    const uxo_gdal *const gdal = &self->gdal;
    const char *const texts[][2] = {{"title", "TITLE"},
                                    {"summary", "COMMENT"},
                                    {"source", "TIFFTAG_SOFTWARE"},
                                    {"as_of", "AS_OF"},
                                    {"redacted", "REDACTED"}};
    describe_bands(self, raster);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *const text = uxo_result_text(self->result, "/", texts[i][0]);
        if (text != NULL) {
            gdal->GDALSetMetadataItem(raster, texts[i][1], text, NULL);
        }
    }
}

static uxo_status copy_band(const exporter *self, GDALDatasetH raster, int band, float *cells)
{
    const uxo_gdal *const gdal = &self->gdal;
    const uint32_t nx = self->grid->nx;
    for (uint32_t y = 0; y < self->grid->ny; y += UXO_CHUNK) {
        const uint32_t rows = self->grid->ny - y < UXO_CHUNK ? self->grid->ny - y : UXO_CHUNK;
        UXO_TRY(uxo_result_read_rows(self->result, self->layer, (uint32_t)band, y, rows, cells, self->report));
        if (gdal->GDALRasterIO(gdal->GDALGetRasterBand(raster, band + 1), GF_Write, 0, (int)y, (int)nx, (int)rows,
                               cells, (int)nx, (int)rows, GDT_Float32, 0, 0) != CE_None) {
            return geo_fail(gdal, self->report, UXO_ERR_IO, "cannot write the raster");
        }
    }
    return UXO_OK;
}

static uxo_status copy_bands(const exporter *self, GDALDatasetH raster)
{
    float *const cells = malloc((size_t)UXO_CHUNK * self->grid->nx * sizeof *cells);
    uxo_status status = cells != NULL ? UXO_OK : uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
    for (int band = 0; band < band_count(self) && status == UXO_OK; band++) {
        status = copy_band(self, raster, band, cells);
    }
    free(cells);
    return status;
}

/* Overviews show means: "nearest" would lose single cells. Numbers of districts and classes have no mean. */
static uxo_status write_cog(const exporter *self, GDALDatasetH raster, const char *path)
{
    const uxo_gdal *const gdal = &self->gdal;
    const bool is_class = strcmp(self->layer, "district") == 0 || strcmp(self->layer, "ground") == 0;
    char compress[] = "COMPRESS=DEFLATE";
    char level[] = "LEVEL=6";
    char predictor[] = "PREDICTOR=YES";
    char threads[] = "NUM_THREADS=1";
    char big[] = "BIGTIFF=IF_SAFER";
    char average[] = "RESAMPLING=AVERAGE";
    char nearest[] = "RESAMPLING=NEAREST";
    char *options[] = {compress, level, predictor, threads, big, is_class ? nearest : average, NULL};
    GDALDriverH driver = gdal->GDALGetDriverByName("COG");
    gdal->CPLErrorReset();
    GDALDatasetH copy = driver != NULL ? gdal->GDALCreateCopy(driver, path, raster, true, options, NULL, NULL) : NULL;
    if (copy != NULL) {
        gdal->GDALClose(copy);
    }
    if (copy == NULL || gdal->CPLGetLastErrorType() >= CE_Failure) {
        return geo_fail(gdal, self->report, UXO_ERR_IO, "cannot write the GeoTIFF");
    }
    return UXO_OK;
}

static uxo_status fill_and_write(const exporter *self, const char *path)
{
    const uxo_gdal *const gdal = &self->gdal;
    GDALDatasetH raster = make_raster(self);
    if (raster == NULL || !set_georeference(self, raster)) {
        const uxo_status failed = geo_fail(gdal, self->report, UXO_ERR_IO, "cannot prepare the raster");
        if (raster != NULL) {
            gdal->GDALClose(raster);
        }
        return failed;
    }
    describe(self, raster);
    uxo_status status = copy_bands(self, raster);
    if (status == UXO_OK) {
        status = write_cog(self, raster, path);
    }
    gdal->GDALClose(raster);
    return status;
}

/* Large ones: by way of files beside the output. */
static uxo_status export_on_disk(exporter *self, const char *output)
{
    uxo_atomic_file file;
    UXO_TRY(uxo_atomic_begin(&file, output, self->report));
    const size_t size = strlen(file.temporary) + 16;
    char *const scratch = malloc(size);
    uxo_status status = UXO_OK;
    if (scratch == NULL) {
        status = uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
    } else {
        snprintf(scratch, size, "%s.cells", file.temporary);
        self->scratch = scratch;
        status = fill_and_write(self, file.temporary);
        remove(scratch);
    }
    free(scratch);
    if (status != UXO_OK) {
        uxo_atomic_abandon(&file);
        return status;
    }
    return uxo_atomic_commit(&file, self->report);
}

static uxo_status export_layer(exporter *self, const char *output)
{
    static const char memory_file[] = "/vsimem/uxosim/layer.tif";
    UXO_TRY(geo_start(&self->gdal, self->report));
    self->gdal.CPLSetConfigOption("GDAL_PAM_ENABLED", "NO"); /* no .aux.xml beside the file */
    if (!fits_in_memory(self)) {
        return export_on_disk(self, output);
    }
    UXO_TRY(fill_and_write(self, memory_file));
    return geo_save(&self->gdal, memory_file, output, self->report);
}

static uxo_status unknown_layer(const uxo_result *result, const char *layer, uxo_report *report)
{
    char list[2048] = "";
    for (size_t i = 0; i < uxo_result_layer_count(result); i++) {
        const size_t length = strlen(list);
        snprintf(list + length, sizeof list - length, "%s%s", i == 0 ? "" : ", ", uxo_result_layer_name(result, i));
    }
    return layer == NULL
               ? uxo_fail(report, UXO_ERR_USAGE, NULL, "which layer? --layer NAME; layers in this file: %s", list)
               : uxo_fail(report, UXO_ERR_USAGE, NULL, "no layer '%s'; layers in this file: %s", layer, list);
}

static uxo_status run(const arguments *self, uxo_report *report)
{
    uxo_result *result = NULL;
    char name[256];
    UXO_TRY(tool_output_apart(self->output, self->result, report));
    UXO_TRY(uxo_result_open_maps(&result, self->result, report));
    uxo_status status = UXO_OK;
    if (self->layer == NULL || uxo_result_layer_unit(result, self->layer) == NULL) {
        status = unknown_layer(result, self->layer, report);
    } else {
        exporter job = {.result = result, .grid = uxo_result_grid(result), .layer = self->layer, .report = report};
        snprintf(name, sizeof name, "%s.tif", self->layer);
        const char *const output = self->output != NULL ? self->output : name;
        status = qml_check_name(output, self->result, report);
        status = status == UXO_OK ? export_layer(&job, output) : status;
        if (status == UXO_OK && strcmp(output, "-") != 0) {
            status = qml_write_beside(result, self->layer, output, report);
        }
    }
    uxo_result_close(result);
    return status;
}

int cmd_export(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"layer", 'l', "NAME", 0, "the layer; `uxosim info OUT.nc` lists them", 0},
        {"output", 'o', "FILE.tif", 0, "default: the layer's name with .tif, in this folder", 0},
        {0}};
    static const struct argp argp = {
        options,
        parse,
        "OUT.nc --layer NAME",
        "One layer as a Cloud-Optimized GeoTIFF with reference system, unit and description, and beside it a style of "
        "the same name with .qml, which QGIS takes by itself: the classes and colours of the figures.",
        NULL,
        NULL,
        NULL};
    arguments self = {NULL, NULL, NULL};
    uxo_report report;
    argp_parse(&argp, argc, argv, 0, NULL, &self);
    uxo_report_init(&report);
    return tool_finish(run(&self, &report), &report);
}
