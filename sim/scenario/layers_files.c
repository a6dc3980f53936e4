/* layers_files.c - which files GDAL reads when it opens one: those beside it, those that a VRT refers to. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "layers_private.h"

enum { MOST_FILES = 100000 };

static bool is_vrt(const char *path)
{
    const size_t length = strlen(path);
    return length > 4 && strcasecmp(path + length - 4, ".vrt") == 0;
}

static bool append(uxo_file_list *self, const char *path)
{
    for (size_t i = 0; i < self->count; i++) {
        if (strcmp(self->path[i], path) == 0) {
            return true;
        }
    }
    char **const larger = realloc(self->path, (self->count + 1) * sizeof *larger);
    char *const copy = strdup(path);
    self->path = larger != NULL ? larger : self->path;
    if (larger == NULL || copy == NULL) {
        free(copy);
        return false;
    }
    self->path[self->count++] = copy;
    return true;
}

/* What GDAL names for one file. One that it cannot open has been complained of where it was read. */
static bool append_those_of(uxo_file_list *self, const uxo_gdal *api, const char *path)
{
    GDALDatasetH dataset = layers_open_shared(api, path, GDAL_OF_VECTOR); /* such may be open still */
    dataset = dataset != NULL ? dataset : layers_open_shared(api, path, GDAL_OF_RASTER);
    if (dataset == NULL) {
        return true;
    }
    bool good = true;
    char **const names = api->GDALGetFileList(dataset);
    for (char **name = names; good && name != NULL && *name != NULL && self->count < MOST_FILES; name++) {
        good = append(self, *name);
    }
    api->CSLDestroy(names);
    api->GDALClose(dataset);
    return good;
}

uxo_status uxo_layers_files(uxo_file_list *self, const char *file, const uxo_place *place, uxo_report *report)
{
    layers_gdal gdal;
    memset(self, 0, sizeof *self);
    UXO_TRY(layers_gdal_begin(&gdal, place, NULL));
    bool good = append(self, file) && append_those_of(self, &gdal.api, file);
    for (size_t i = 1; good && i < self->count; i++) { /* a VRT names its sources, not those of its sources */
        good = !is_vrt(self->path[i]) || append_those_of(self, &gdal.api, self->path[i]);
    }
    layers_gdal_end(&gdal);
    if (!good) {
        uxo_file_list_free(self);
        return uxo_fail(report, UXO_ERR_MEMORY, place, "out of memory");
    }
    return UXO_OK;
}

void uxo_file_list_free(uxo_file_list *self)
{
    for (size_t i = 0; i < self->count; i++) {
        free(self->path[i]);
    }
    free(self->path);
    memset(self, 0, sizeof *self);
}
