/* result_read.c - opens a result: checks that it is one, its grid, its layers. Every extent is checked before memory is
 * taken for it. Not here: attributes and tables (result_read_tables.c).
 */
#include <errno.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "result_file.h"
#include "result_seal.h"
#include "uxosim/number_text.h"

void *result_keep(const uxo_result *self, void *block)
{
    result_memory *const memory = self->memory;
    if (block != NULL && memory->count == memory->capacity) {
        const size_t capacity = memory->capacity == 0 ? 64 : 2 * memory->capacity;
        void **const larger = realloc(memory->block, capacity * sizeof *larger);
        if (larger == NULL) {
            free(block);
            return NULL;
        }
        memory->block = larger;
        memory->capacity = capacity;
    }
    if (block != NULL) {
        memory->block[memory->count++] = block;
    }
    return block;
}

bool result_has(const uxo_result *self, const char *path)
{
    char part[512];
    const size_t length = strlen(path);
    if (strcmp(path, "/") == 0) {
        return true;
    }
    if (length == 0 || length >= sizeof part) {
        return false;
    }
    for (size_t i = 1; i <= length; i++) {
        if (path[i] == '/' || path[i] == '\0') {
            memcpy(part, path, i);
            part[i] = '\0';
            if (H5Lexists(self->file, part, H5P_DEFAULT) <= 0) {
                return false;
            }
        }
    }
    return true;
}

static uxo_status refuse(const uxo_result *self, uxo_report *report, const char *why)
{
    return uxo_fail(report, UXO_ERR_DATA, NULL, "'%s' %s", self->path, why);
}

/* What another file of ours holds; NULL: it is none. */
static const char *words_of(const char *format)
{
    static const char *const known[][2] = {{"uxosim-result", "the result of one run"},
                                           {"uxosim-sweep", "the collected results of a sweep"},
                                           {"uxosim-maps", "maps that were computed from results"}};
    for (size_t i = 0; format != NULL && i < sizeof known / sizeof *known; i++) {
        if (strcmp(format, known[i][0]) == 0) {
            return known[i][1];
        }
    }
    return NULL;
}

static uxo_status check_format(const uxo_result *self, const result_kind *kind, uxo_report *report)
{
    const char *const format = uxo_result_text(self, "/", "format");
    if (format != NULL &&
        (strcmp(format, kind->format) == 0 || (kind->also != NULL && strcmp(format, kind->also) == 0))) {
        return UXO_OK;
    }
    const char *const found = words_of(format);
    return found == NULL ? refuse(self, report, kind->otherwise)
                         : uxo_fail(report, UXO_ERR_DATA, NULL, "'%s' holds %s; this command reads %s", self->path,
                                    found, words_of(kind->format));
}

static uxo_status check_marks(const uxo_result *self, const result_kind *kind, uxo_report *report)
{
    const double version = uxo_result_number(self, "/", "format_version");
    UXO_TRY(check_format(self, kind, report));
    if (!(version >= 1.0)) {
        return refuse(self, report, "has no format_version");
    }
    if (version > kind->version) {
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        "'%s' has format version %g; this program reads up to %d: use a newer one", self->path, version,
                        kind->version);
    }
    if (!(fabs(uxo_result_number(self, "/", "complete") - 1.0) < 0.5)) {
        return refuse(self, report, "is not complete: the run that wrote it was cut short");
    }
    return UXO_OK;
}

static uxo_status read_grid(uxo_result *self, uxo_report *report)
{
    size_t nx = 0;
    size_t ny = 0;
    const double *const x = uxo_result_numbers(self, "/x", &nx);
    const double *const y = uxo_result_numbers(self, "/y", &ny);
    const double cell = uxo_result_number(self, "/", "cell_size_m");
    const double xmin = uxo_result_number(self, "/", "xmin_m");
    const double ymin = uxo_result_number(self, "/", "ymin_m");
    if (x == NULL || y == NULL || nx == 0 || ny == 0 || nx > UINT32_MAX || ny > UXO_MAX_CELLS / nx) {
        return refuse(self, report, "has no axes x and y that this program can read");
    }
    if (!(cell > 0.0) || !isfinite(cell) || !isfinite(xmin) || !isfinite(ymin)) {
        return refuse(self, report, "does not say where its grid lies (cell_size_m, xmin_m, ymin_m)");
    }
    uxo_grid_init(&self->grid, xmin, ymin, cell, (uint32_t)nx, (uint32_t)ny);
    if (fabs(x[0] - uxo_grid_x_m(&self->grid, 0)) > 0.01 * cell ||
        fabs(y[0] - uxo_grid_y_m(&self->grid, 0)) > 0.01 * cell) {
        return refuse(self, report, "has axes that do not agree with its grid (row 0 is north)");
    }
    self->crs_wkt = result_has(self, "/crs") ? uxo_result_text(self, "/crs", "crs_wkt") : NULL;
    return self->crs_wkt != NULL ? UXO_OK : refuse(self, report, "has no reference system (/crs, crs_wkt)");
}

/* Which axis the first dimension of a raster with planes is; NONE for any that this program does not know. */
static uxo_layer_axis find_axis(const uxo_result *self, hid_t dataset)
{
    for (uxo_layer_axis axis = UXO_AXIS_QUANTILE; (int)axis < RESULT_AXES; axis++) {
        const char *const name = result_axis_name(axis);
        const hid_t scale =
            H5Lexists(self->file, name, H5P_DEFAULT) > 0 ? H5Dopen2(self->file, name, H5P_DEFAULT) : H5I_INVALID_HID;
        const bool attached = scale >= 0 && H5DSis_attached(dataset, scale, 0) > 0;
        h5_close_dataset(scale);
        if (attached) {
            return axis;
        }
    }
    return UXO_AXIS_NONE;
}

/* Planes of a raster with an axis that is known; false when it has none. */
static bool read_planes(uxo_result *self, hid_t dataset, hsize_t planes, result_layer *layer)
{
    char path[RESULT_NAME_SIZE];
    size_t count = 0;
    layer->axis = find_axis(self, dataset);
    if (layer->axis == UXO_AXIS_NONE) {
        return false;
    }
    snprintf(path, sizeof path, "/%s", result_axis_name(layer->axis));
    layer->plane_value = uxo_result_numbers(self, path, &count);
    layer->planes = (uint32_t)planes;
    return layer->plane_value != NULL && count == planes && planes > 0;
}

static bool is_shuffled(hid_t dataset)
{
    unsigned flags = 0;
    size_t parameters = 0;
    const hid_t properties = H5Dget_create_plist(dataset);
    const bool shuffled = properties >= 0 && H5Pget_filter_by_id2(properties, H5Z_FILTER_SHUFFLE, &flags, &parameters,
                                                                  NULL, 0, NULL, NULL) >= 0;
    h5_close_properties(properties);
    return shuffled;
}

/* A raster of the grid's size with a grid mapping, perhaps in planes. */
static bool read_layer(uxo_result *self, hid_t dataset, const char *path, result_layer *layer)
{
    hsize_t size[H5S_MAX_RANK] = {0};
    const hid_t space = H5Dget_space(dataset);
    const int rank = space >= 0 ? H5Sget_simple_extent_dims(space, size, NULL) : -1;
    if (space >= 0) {
        H5Sclose(space);
    }
    if ((rank != 2 && rank != 3) || size[rank - 2] != self->grid.ny || size[rank - 1] != self->grid.nx ||
        uxo_result_text(self, path, "grid_mapping") == NULL) {
        return false;
    }
    *layer = (result_layer){.planes = 1, .axis = UXO_AXIS_NONE, .smooth = is_shuffled(dataset)};
    snprintf(layer->name, sizeof layer->name, "%s", path + 1);
    layer->unit = uxo_result_text(self, path, "units");
    layer->sentence = uxo_result_text(self, path, "long_name");
    layer->comment = uxo_result_text(self, path, "comment");
    layer->missing = uxo_result_number(self, path, "_FillValue");
    layer->error_bound = uxo_result_number(self, path, "numerical_error_bound");
    return rank == 2 || read_planes(self, dataset, size[0], layer);
}

static herr_t visit_link(hid_t group, const char *name, const H5L_info_t *info, void *user)
{
    uxo_result *const self = user;
    char path[RESULT_NAME_SIZE + 1];
    if (info->type != H5L_TYPE_HARD || self->layer_count == RESULT_MAX_LAYERS || strlen(name) >= RESULT_NAME_SIZE) {
        return 0;
    }
    snprintf(path, sizeof path, "/%s", name);
    const hid_t object = H5Oopen(group, name, H5P_DEFAULT);
    if (object >= 0 && H5Iget_type(object) == H5I_DATASET &&
        read_layer(self, object, path, &self->layer[self->layer_count])) {
        self->layer_count++;
    }
    if (object >= 0) {
        H5Oclose(object);
    }
    return 0;
}

static uxo_status read_header(uxo_result *self, const result_kind *kind, uxo_report *report)
{
    UXO_TRY(check_marks(self, kind, report));
    if (kind->may_have_no_grid && !result_has(self, "/x")) {
        return UXO_OK;
    }
    UXO_TRY(read_grid(self, report));
    /* Other programs that copy a result may not keep the order in which it was written. */
    if (H5Literate(self->file, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, visit_link, self) < 0 &&
        H5Literate(self->file, H5_INDEX_NAME, H5_ITER_INC, NULL, visit_link, self) < 0) {
        return refuse(self, report, "cannot be listed");
    }
    return UXO_OK;
}

static uxo_status open_file(uxo_result *self, const result_kind *kind, uxo_report *report)
{
    if (access(self->path, R_OK) != 0) {
        return uxo_fail(report, UXO_ERR_NOINPUT, NULL, "cannot open '%s': %s", self->path, strerror(errno));
    }
    if (H5Fis_hdf5(self->path) <= 0) {
        return refuse(self, report, "is not a result of uxosim: it is not an HDF5 file, or it is damaged");
    }
    UXO_TRY(result_check_seal(self->path, report));
    self->file = H5Fopen(self->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (self->file < 0) {
        char reason[320];
        h5_error_text(reason, sizeof reason);
        return uxo_fail(report, UXO_ERR_DATA, NULL, "cannot read '%s': %s", self->path, reason);
    }
    return read_header(self, kind, report);
}

uxo_status uxo_result_open(uxo_result **self, const char *path, uxo_report *report)
{
    const result_kind kind = {"uxosim-result", UXO_RESULT_FORMAT_VERSION, "is an HDF5 file, but not a result of uxosim",
                              false, NULL};
    return result_open_kind(self, path, &kind, report);
}

uxo_status uxo_result_open_maps(uxo_result **self, const char *path, uxo_report *report)
{
    const result_kind kind = {"uxosim-result", UXO_RESULT_FORMAT_VERSION, "is an HDF5 file, but not a result of uxosim",
                              false, "uxosim-maps"};
    return result_open_kind(self, path, &kind, report);
}

uxo_status result_open_kind(uxo_result **self, const char *path, const result_kind *kind, uxo_report *report)
{
    *self = NULL;
    uxo_result *const result = calloc(1, sizeof *result);
    if (result != NULL) {
        result->file = H5I_INVALID_HID;
        result->path = strdup(path);
        result->memory = calloc(1, sizeof *result->memory);
    }
    if (result == NULL || result->path == NULL || result->memory == NULL) {
        uxo_result_close(result);
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    const h5_silence silence = h5_silence_begin();
    const uxo_status status = open_file(result, kind, report);
    h5_silence_end(silence);
    if (status != UXO_OK) {
        uxo_result_close(result);
        return status;
    }
    *self = result;
    return UXO_OK;
}

void uxo_result_close(uxo_result *self)
{
    if (self == NULL) {
        return;
    }
    if (self->file >= 0) {
        H5Fclose(self->file);
    }
    for (size_t i = 0; self->memory != NULL && i < self->memory->count; i++) {
        free(self->memory->block[i]);
    }
    if (self->memory != NULL) {
        free(self->memory->block);
    }
    free(self->memory);
    free(self->path);
    free(self);
}

const uxo_grid *uxo_result_grid(const uxo_result *self)
{
    return &self->grid;
}

const char *uxo_result_crs_wkt(const uxo_result *self)
{
    return self->crs_wkt;
}

size_t uxo_result_layer_count(const uxo_result *self)
{
    return self->layer_count;
}

const char *uxo_result_layer_name(const uxo_result *self, size_t index)
{
    return index < self->layer_count ? self->layer[index].name : NULL;
}

const result_layer *result_find_layer(const uxo_result *self, const char *name)
{
    for (size_t i = 0; i < self->layer_count; i++) {
        if (strcmp(self->layer[i].name, name) == 0) {
            return &self->layer[i];
        }
    }
    return NULL;
}

const char *uxo_result_layer_unit(const uxo_result *self, const char *layer)
{
    const result_layer *const found = result_find_layer(self, layer);
    return found == NULL ? NULL : found->unit != NULL ? found->unit : "";
}

const char *uxo_result_layer_sentence(const uxo_result *self, const char *layer)
{
    const result_layer *const found = result_find_layer(self, layer);
    return found == NULL ? NULL : found->sentence != NULL ? found->sentence : "";
}

uint32_t uxo_result_layer_planes(const uxo_result *self, const char *layer)
{
    const result_layer *const found = result_find_layer(self, layer);
    return found == NULL ? 0 : found->planes;
}

bool uxo_result_plane_name(const uxo_result *self, const char *layer, uint32_t plane, char *text, size_t size)
{
    const result_layer *const found = result_find_layer(self, layer);
    char number[UXO_NUMBER_SIZE];
    if (found == NULL || plane >= found->planes || found->axis == UXO_AXIS_NONE) {
        return false;
    }
    snprintf(text, size, "%s %s", result_axis_name(found->axis), uxo_number_text(number, found->plane_value[plane]));
    return true;
}
