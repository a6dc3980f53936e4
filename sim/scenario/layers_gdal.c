/* layers_gdal.c - GDAL kept quiet and local: its errors go to the report, its files are on this machine.
 *
 * Not here: what the files mean.
 */
#include "layers_private.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void CPL_STDCALL take_message(CPLErr severity, CPLErrorNum number, const char *text)
{
    (void)number;
    layers_gdal *const self = uxo_gdal_handler_data();
    if (severity == CE_None || severity == CE_Debug || self == NULL) {
        return;
    }
    if (severity != CE_Warning || self->capture) {
        if (self->failures++ == 0) { /* the first one is the cause, the rest are consequences */
            snprintf(self->failure, sizeof self->failure, "%s", text);
        }
        return;
    }
    for (unsigned i = 0; i < self->warnings; i++) {
        if (strncmp(self->warning[i], text, LAYERS_FAILURE_SIZE - 1) == 0) {
            return;
        }
    }
    if (self->warnings < LAYERS_WARNINGS && self->report != NULL) {
        snprintf(self->warning[self->warnings++], LAYERS_FAILURE_SIZE, "%s", text);
        uxo_report_add(self->report, UXO_WARNING, &self->place, "GDAL says: %s", text);
    }
}

uxo_status layers_gdal_begin(layers_gdal *self, const uxo_place *place, uxo_report *report)
{
    memset(self, 0, sizeof *self);
    self->report = report;
    if (place != NULL) {
        self->place = *place;
    }
    UXO_TRY(uxo_gdal_open(&self->api, place, report));
    self->api.CPLPushErrorHandlerEx(take_message, self);
    self->open = true;
    return UXO_OK;
}

void layers_gdal_end(layers_gdal *self)
{
    if (self->open) {
        self->api.CPLPopErrorHandler();
    }
    memset(self, 0, sizeof *self);
}

void layers_gdal_clear(layers_gdal *self)
{
    self->failures = 0;
    self->failure[0] = '\0';
}

/* Drivers are registered when the first file is opened: 3 ms that a scenario without layers does not pay. */
static void start_gdal(const uxo_gdal *api)
{
    if (api->GDALGetDriverCount() > 0) {
        return;
    }
    api->CPLSetConfigOption("GDAL_PAM_ENABLED", "NO"); /* no .aux.xml beside the inputs */
    api->CPLSetConfigOption("CPL_VSIL_CURL_ALLOWED_FILENAME",
                            "none"); /* a local file may not send GDAL to the network */
    api->CPLSetConfigOption("GDAL_SKIP",
                            "HTTP,WMS,WCS,WMTS,OGCAPI,DAAS,PLMOSAIC,EEDA,EEDAI,NGW,STACIT,STACTA,RASTERLITE,"
                            "POSTGISRASTER,WFS,OAPIF,CSW,PLSCENES,CARTO,AMIGOCLOUD,ELASTIC,GMLAS,ODBC,MSSQLSPATIAL,"
                            "POSTGRESQL,MYSQL,MONGODBV3");
    api->CPLPushErrorHandler(api->CPLQuietErrorHandler); /* not every build has every driver that is left out */
    api->GDALAllRegister();
    api->OSRSetPROJEnableNetwork(FALSE); /* the same grids, hence the same coordinates, with and without a network */
    api->CPLPopErrorHandler();
}

/* A path that leaves the machine, or is a GDAL connection string. */
static bool is_remote(const char *path)
{
    return strncmp(path, "/vsi", 4) == 0 || strstr(path, "://") != NULL;
}

GDALDatasetH layers_open_shared(const uxo_gdal *api, const char *path, unsigned flags)
{
    const unsigned how = GDAL_OF_READONLY | GDAL_OF_SHARED | GDAL_OF_VERBOSE_ERROR;
    return api->GDALOpenEx(path, flags | how, NULL, NULL, NULL);
}

void uxo_open_file_close(uxo_open_file *self)
{
    layers_gdal gdal;
    if (self->dataset != NULL && layers_gdal_begin(&gdal, NULL, NULL) == UXO_OK) {
        gdal.api.GDALClose(self->dataset);
        layers_gdal_end(&gdal);
    }
    self->dataset = NULL;
}

uxo_status layers_open(GDALDatasetH *dataset, layers_gdal *gdal, const char *path, const char *shown, unsigned flags)
{
    const uxo_gdal *const api = &gdal->api;
    struct stat information;
    if (is_remote(path)) {
        return uxo_fail(gdal->report, UXO_ERR_DATA, &gdal->place,
                        "'%s' is not a local file; download it first, inputs are files on this machine", shown);
    }
    if (stat(path, &information) != 0) {
        return uxo_fail(gdal->report, UXO_ERR_NOINPUT, &gdal->place, "cannot open '%s': %s", path, strerror(errno));
    }
    start_gdal(api);
    layers_gdal_clear(gdal);
    *dataset = layers_open_shared(api, path, flags);
    if (*dataset == NULL) {
        return uxo_fail(gdal->report, UXO_ERR_DATA, &gdal->place, "cannot read '%s' as %s: %s", shown,
                        (flags & GDAL_OF_RASTER) != 0 ? "a raster" : "vector data",
                        gdal->failure[0] != '\0' ? gdal->failure : "not a format that GDAL knows");
    }
    return UXO_OK;
}

OGRSpatialReferenceH layers_grid_srs(layers_gdal *gdal, const uxo_crs *crs)
{
    const uxo_gdal *const api = &gdal->api;
    const char *const texts[] = {crs->definition, crs->identifier, crs->wkt2};
    OGRSpatialReferenceH srs = api->OSRNewSpatialReference(NULL);
    bool found = false;
    api->CPLSetThreadLocalConfigOption("OSR_USE_NON_DEPRECATED",
                                       "NO"); /* the system that was named, not its successor */
    for (size_t i = 0; i < sizeof texts / sizeof *texts && !found; i++) {
        found = texts[i] != NULL && api->OSRSetFromUserInput(srs, texts[i]) == OGRERR_NONE;
    }
    api->CPLSetThreadLocalConfigOption("OSR_USE_NON_DEPRECATED", NULL);
    if (!found) {
        api->OSRRelease(srs);
        return NULL;
    }
    api->OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    layers_gdal_clear(gdal);
    return srs;
}

bool uxo_layers_gdal_version(char *text, size_t size)
{
    return uxo_gdal_loaded_version(text, size);
}
