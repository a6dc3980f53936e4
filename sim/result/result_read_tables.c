/* result_read_tables.c - attributes, tables and rasters of an open result. Not here: opening it (result_read.c), tables of areas
 * (result_read_areas.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result_file.h"

/* More texts or numbers than this are not in any file of ours; a damaged file may claim them. */
static const hssize_t MOST_ITEMS = (hssize_t)1 << 30;

static hid_t open_attribute(const uxo_result *self, const char *group, const char *attribute)
{
    const char *const path = group == NULL || group[0] == '\0' ? "/" : group;
    if (!result_has(self, path) || H5Aexists_by_name(self->file, path, attribute, H5P_DEFAULT) <= 0) {
        return H5I_INVALID_HID;
    }
    return H5Aopen_by_name(self->file, path, attribute, H5P_DEFAULT, H5P_DEFAULT);
}

static char *fixed_text(hid_t attribute, hid_t type)
{
    const size_t size = H5Tget_size(type);
    char *const text = calloc(size + 1, 1);
    if (text != NULL && H5Aread(attribute, type, text) < 0) {
        free(text);
        return NULL;
    }
    return text;
}

static char *variable_text(hid_t attribute, hid_t type)
{
    char *value = NULL;
    if (H5Aread(attribute, type, &value) < 0 || value == NULL) {
        return NULL;
    }
    char *const text = strdup(value);
    H5free_memory(value);
    return text;
}

static char *whole_number_text(hid_t attribute, hid_t type)
{
    char text[32];
    if (H5Tget_sign(type) == H5T_SGN_NONE) {
        unsigned long long value = 0;
        if (H5Aread(attribute, H5T_NATIVE_ULLONG, &value) < 0) {
            return NULL;
        }
        snprintf(text, sizeof text, "%llu", value);
    } else {
        long long value = 0;
        if (H5Aread(attribute, H5T_NATIVE_LLONG, &value) < 0) {
            return NULL;
        }
        snprintf(text, sizeof text, "%lld", value);
    }
    return strdup(text);
}

static bool has_one_item(hid_t attribute)
{
    const hid_t space = H5Aget_space(attribute);
    const bool one = space >= 0 && H5Sget_simple_extent_npoints(space) == 1;
    if (space >= 0) {
        H5Sclose(space);
    }
    return one;
}

const char *uxo_result_text(const uxo_result *self, const char *group, const char *attribute)
{
    const h5_silence silence = h5_silence_begin();
    char *text = NULL;
    const hid_t found = open_attribute(self, group, attribute);
    if (found >= 0 && has_one_item(found)) {
        const hid_t type = H5Aget_type(found);
        if (H5Tget_class(type) == H5T_STRING) {
            text = H5Tis_variable_str(type) > 0 ? variable_text(found, type) : fixed_text(found, type);
        } else if (H5Tget_class(type) == H5T_INTEGER) {
            text = whole_number_text(found, type);
        }
        H5Tclose(type);
    }
    if (found >= 0) {
        H5Aclose(found);
    }
    h5_silence_end(silence);
    return result_keep(self, text);
}

double uxo_result_number(const uxo_result *self, const char *group, const char *attribute)
{
    const h5_silence silence = h5_silence_begin();
    double value = NAN;
    const hid_t found = open_attribute(self, group, attribute);
    if (found >= 0 && has_one_item(found)) {
        double read = NAN;
        value = H5Aread(found, H5T_NATIVE_DOUBLE, &read) >= 0 ? read : NAN;
    }
    if (found >= 0) {
        H5Aclose(found);
    }
    h5_silence_end(silence);
    return value;
}

/* Opens a dataset of rank 0 or 1; negative when there is none. */
static hid_t open_table(const uxo_result *self, const char *path, size_t *count)
{
    if (!result_has(self, path)) {
        return H5I_INVALID_HID;
    }
    const hid_t dataset = H5Dopen2(self->file, path, H5P_DEFAULT);
    if (dataset < 0) {
        return dataset;
    }
    const hid_t space = H5Dget_space(dataset);
    const hssize_t items = H5Sget_simple_extent_npoints(space);
    const int most_ranks = strchr(path + 1, '/') != NULL ? 2 : 1; /* what lies in the root with two is a raster */
    const bool good = H5Sget_simple_extent_ndims(space) <= most_ranks && items >= 0 && items < MOST_ITEMS;
    H5Sclose(space);
    *count = good ? (size_t)items : 0;
    if (!good) {
        H5Dclose(dataset);
        return H5I_INVALID_HID;
    }
    return dataset;
}

/* Texts and their bytes in one block: pointers first. */
static const char **pack_texts(const uxo_result *self, char *const *texts, size_t count)
{
    size_t bytes = (count + 1) * sizeof(char *);
    for (size_t i = 0; i < count; i++) {
        bytes += (texts[i] != NULL ? strlen(texts[i]) : 0) + 1;
    }
    const char **const packed = malloc(bytes);
    char *next = packed != NULL ? (char *)(packed + count + 1) : NULL;
    for (size_t i = 0; packed != NULL && i < count; i++) {
        const char *const text = texts[i] != NULL ? texts[i] : "";
        packed[i] = next;
        next = stpcpy(next, text) + 1;
    }
    if (packed != NULL) {
        packed[count] = NULL;
    }
    return result_keep(self, packed);
}

static const char **read_texts(const uxo_result *self, hid_t dataset, size_t count)
{
    const char **packed = NULL;
    const hid_t type = H5Dget_type(dataset);
    const hid_t space = H5Dget_space(dataset);
    if (H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0) {
        char **const texts = calloc(count + 1, sizeof *texts);
        if (texts != NULL && H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts) >= 0) {
            packed = pack_texts(self, texts, count);
            H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts);
        }
        free(texts);
    }
    H5Sclose(space);
    H5Tclose(type);
    return packed;
}

const char *const *uxo_result_strings(uxo_result *self, const char *path, size_t *count)
{
    *count = 0;
    const h5_silence silence = h5_silence_begin();
    const char **texts = NULL;
    size_t items = 0;
    const hid_t dataset = open_table(self, path, &items);
    if (dataset >= 0) {
        texts = read_texts(self, dataset, items);
        *count = texts != NULL ? items : 0;
        H5Dclose(dataset);
    }
    h5_silence_end(silence);
    return texts;
}

const double *uxo_result_numbers(uxo_result *self, const char *path, size_t *count)
{
    *count = 0;
    const h5_silence silence = h5_silence_begin();
    double *numbers = NULL;
    size_t items = 0;
    const hid_t dataset = open_table(self, path, &items);
    if (dataset >= 0) {
        numbers = calloc(items + 1, sizeof *numbers);
        if (numbers != NULL && H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers) < 0) {
            free(numbers);
            numbers = NULL;
        }
        numbers = result_keep(self, numbers);
        *count = numbers != NULL ? items : 0;
        H5Dclose(dataset);
    }
    h5_silence_end(silence);
    return numbers;
}

const double *uxo_result_table(uxo_result *self, const char *path, size_t *rows, size_t *columns)
{
    const h5_silence silence = h5_silence_begin();
    double *table = NULL;
    hsize_t extent[2] = {0, 0};
    const hid_t dataset = result_has(self, path) ? H5Dopen2(self->file, path, H5P_DEFAULT) : H5I_INVALID_HID;
    const hid_t space = dataset >= 0 ? H5Dget_space(dataset) : H5I_INVALID_HID;
    if (space >= 0 && H5Sget_simple_extent_ndims(space) == 2 && H5Sget_simple_extent_npoints(space) < MOST_ITEMS) {
        H5Sget_simple_extent_dims(space, extent, NULL);
        table = calloc((size_t)(extent[0] * extent[1]) + 1, sizeof *table);
    }
    if (table != NULL && H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, table) < 0) {
        free(table);
        table = NULL;
    }
    if (space >= 0) {
        H5Sclose(space);
    }
    h5_close_dataset(dataset);
    h5_silence_end(silence);
    table = result_keep(self, table);
    *rows = table != NULL ? (size_t)extent[0] : 0;
    *columns = table != NULL ? (size_t)extent[1] : 0;
    return table;
}

static herr_t read_window(const uxo_result *self, const result_layer *layer, const hsize_t start[3],
                          const hsize_t size[3], float *out)
{
    const int skip = layer->axis == UXO_AXIS_NONE ? 1 : 0;
    const hid_t dataset = H5Dopen2(self->file, layer->name, H5P_DEFAULT);
    const hid_t space = dataset >= 0 ? H5Dget_space(dataset) : H5I_INVALID_HID;
    const hid_t memory = H5Screate_simple(3, size, NULL);
    herr_t result = -1;
    if (space >= 0 && H5Sselect_hyperslab(space, H5S_SELECT_SET, start + skip, NULL, size + skip, NULL) >= 0) {
        result = H5Dread(dataset, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, out);
    }
    H5Sclose(memory);
    if (space >= 0) {
        H5Sclose(space);
    }
    h5_close_dataset(dataset);
    return result;
}

uxo_status result_read_cells(uxo_result *self, const char *layer, uint32_t plane, const result_window *window,
                             float *out, uxo_report *report)
{
    const result_layer *const found = result_find_layer(self, layer);
    const uint32_t rows = window->rows, columns = window->columns;
    if (found == NULL || plane >= found->planes || rows > self->grid.ny || window->first_row > self->grid.ny - rows ||
        columns > self->grid.nx || window->first_column > self->grid.nx - columns) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "'%s' has no such rows of '%s'", self->path, layer);
    }
    const hsize_t start[3] = {plane, window->first_row, window->first_column};
    const hsize_t size[3] = {1, rows, columns};
    const h5_silence silence = h5_silence_begin();
    const herr_t result = rows > 0 && columns > 0 ? read_window(self, found, start, size, out) : 0;
    char reason[256];
    h5_error_text(reason, sizeof reason);
    h5_silence_end(silence);
    if (result < 0) {
        return uxo_fail(report, UXO_ERR_IO, NULL, "cannot read '%s' of '%s': %s", layer, self->path, reason);
    }
    const float missing = (float)found->missing;
    for (size_t i = 0; !isnan(missing) && i < (size_t)rows * columns; i++) {
        out[i] = out[i] >= missing && out[i] <= missing ? NAN : out[i];
    }
    return UXO_OK;
}

uxo_status uxo_result_read_rows(uxo_result *self, const char *layer, uint32_t plane, uint32_t first_row, uint32_t rows,
                                float *out, uxo_report *report)
{
    const result_window window = {.first_row = first_row, .rows = rows, .columns = self->grid.nx};
    return result_read_cells(self, layer, plane, &window, out, report);
}
