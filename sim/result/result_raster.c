/* result_raster.c - axes, reference system and rasters: CF attributes, and chunks that we compress ourselves and write
 * in a fixed order. Not here: what the values are (result_layers.c, result_redact.c).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "result_parts.h"
#include "uxosim/number_text.h"

/* zlib level; measured on counts of the kind that a run gives (docs/file_format.md#compression). */
enum { DEFLATE_LEVEL = 4 };

static void write_axis(h5_output *out, h5_dimension *axis, const uxo_grid *grid, bool is_x)
{
    const uint32_t count = is_x ? grid->nx : grid->ny;
    double *const centre = malloc(count * sizeof *centre);
    if (centre == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        centre[i] = is_x ? uxo_grid_x_m(grid, i) : uxo_grid_y_m(grid, i);
    }
    *axis = h5_coordinate(out, out->file, is_x ? "x" : "y", centre, count);
    h5_word(out, axis->scale, "standard_name", is_x ? "projection_x_coordinate" : "projection_y_coordinate");
    h5_text(out, axis->scale, "long_name", is_x ? "easting of the cell's centre" : "northing of the cell's centre");
    h5_word(out, axis->scale, "units", "m");
    h5_word(out, axis->scale, "axis", is_x ? "X" : "Y");
    free(centre);
}

void result_write_axes(h5_output *out, result_map *map, const uxo_grid *grid)
{
    h5_number(out, out->file, "xmin_m", grid->xmin_m);
    h5_number(out, out->file, "ymin_m", grid->ymin_m);
    h5_number(out, out->file, "cell_size_m", grid->cell_size_m);
    *map = (result_map){.grid = grid, .x = {H5I_INVALID_HID, 0}, .y = {H5I_INVALID_HID, 0}};
    write_axis(out, &map->y, grid, false);
    write_axis(out, &map->x, grid, true);
}

void result_close_axes(result_map *map)
{
    h5_close_dimension(&map->x);
    h5_close_dimension(&map->y);
}

typedef struct crs_target {
    h5_output *out;
    hid_t dataset;
} crs_target;

static void write_crs_parameter(const char *key, const char *text, const double *numbers, size_t count, void *user)
{
    const crs_target *const target = user;
    if (strcmp(key, "crs_wkt") == 0) {
        return; /* written last, once */
    }
    if (text != NULL) {
        h5_word(target->out, target->dataset, key, text);
    } else {
        h5_attribute(target->out, target->dataset, key, H5T_NATIVE_DOUBLE, numbers, count);
    }
}

/* GDAL's own attributes: it cannot tell the cell's size from axes of length 1. */
void result_write_geotransform(h5_output *out, hid_t crs, const uxo_grid *grid)
{
    char number[3][UXO_NUMBER_SIZE];
    char text[5 * UXO_NUMBER_SIZE];
    uxo_number_text(number[0], grid->xmin_m);
    uxo_number_text(number[1], grid->cell_size_m);
    uxo_number_text(number[2], uxo_grid_ymax_m(grid));
    snprintf(text, sizeof text, "%s %s 0 %s 0 -%s", number[0], number[1], number[2], number[1]);
    h5_word(out, crs, "GeoTransform", text);
}

hid_t result_create_crs(h5_output *out)
{
    if (h5_output_stopped(out)) {
        return H5I_INVALID_HID;
    }
    const int32_t zero = 0;
    const hid_t properties = h5_dataset_properties(out);
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t dataset = H5Dcreate2(out->file, "crs", H5T_NATIVE_INT32, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    if (dataset < 0 || H5Dwrite(dataset, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, &zero) < 0) {
        h5_output_fail(out, "crs");
    }
    H5Sclose(space);
    h5_close_properties(properties);
    return dataset;
}

void result_write_crs(h5_output *out, const uxo_crs *crs, const uxo_grid *grid)
{
    crs_target target = {out, result_create_crs(out)};
    h5_text(out, target.dataset, "long_name", uxo_crs_name(crs));
    uxo_crs_cf_parameters(crs, write_crs_parameter, &target);
    h5_word(out, target.dataset, "crs_wkt", uxo_crs_wkt2(crs));
    h5_word(out, target.dataset, "spatial_ref", uxo_crs_wkt2(crs));
    result_write_geotransform(out, target.dataset, grid);
    h5_close_dataset(target.dataset);
}

static uint32_t chunk_extent(uint32_t cells)
{
    return cells < RESULT_CHUNK ? cells : RESULT_CHUNK;
}

static hid_t create_dataset(h5_output *out, const result_map *map, const result_raster *raster, hid_t type)
{
    const hsize_t size[2] = {map->grid->ny, map->grid->nx};
    const hsize_t chunk[2] = {chunk_extent(map->grid->ny), chunk_extent(map->grid->nx)};
    const float empty = (float)raster->empty;
    const uint16_t empty_word = raster->whole_numbers ? (uint16_t)raster->empty : 0;
    const hid_t properties = h5_dataset_properties(out);
    const hid_t space = H5Screate_simple(2, size, NULL);
    hid_t dataset = H5I_INVALID_HID;
    if (H5Pset_chunk(properties, 2, chunk) >= 0 && H5Pset_deflate(properties, DEFLATE_LEVEL) >= 0 &&
        H5Pset_alloc_time(properties, H5D_ALLOC_TIME_INCR) >= 0 &&
        H5Pset_fill_value(properties, type, raster->whole_numbers ? (const void *)&empty_word : &empty) >= 0) {
        dataset = H5Dcreate2(out->file, raster->name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    }
    if (dataset < 0) {
        h5_output_fail(out, raster->name);
    }
    H5Sclose(space);
    h5_close_properties(properties);
    return dataset;
}

static void describe(h5_output *out, hid_t dataset, const result_raster *raster, hid_t type)
{
    const float missing = (float)raster->missing;
    const uint16_t missing_word = raster->whole_numbers ? (uint16_t)raster->missing : 0;
    h5_attribute(out, dataset, "_FillValue", type, raster->whole_numbers ? (const void *)&missing_word : &missing, 1);
    h5_text(out, dataset, "long_name", raster->sentence);
    if (raster->comment != NULL) {
        h5_text(out, dataset, "comment", raster->comment);
    }
    h5_word(out, dataset, "units", raster->unit);
    h5_word(out, dataset, "grid_mapping", "crs");
    if (raster->cell_methods != NULL) {
        h5_word(out, dataset, "cell_methods", raster->cell_methods);
    }
    if (raster->ancillary != NULL) {
        h5_word(out, dataset, "ancillary_variables", raster->ancillary);
    }
}

/* One chunk's worth of memory. */
typedef struct chunk_buffer {
    void *values;
    void *packed;
    size_t value_bytes;
    uLong packed_capacity;
} chunk_buffer;

static void write_chunk(h5_output *out, hid_t dataset, const char *name, const result_window *window,
                        const chunk_buffer *buffer)
{
    const hsize_t offset[2] = {window->first_y, window->first_x};
    uLongf packed_bytes = buffer->packed_capacity;
    if (compress2(buffer->packed, &packed_bytes, buffer->values, (uLong)buffer->value_bytes, DEFLATE_LEVEL) != Z_OK) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory while compressing '%s'", name);
    } else if (H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, offset, packed_bytes, buffer->packed) < 0) {
        h5_output_fail(out, name);
    }
}

static void write_chunks(h5_output *out, hid_t dataset, const result_map *map, const result_raster *raster)
{
    result_window window = {0, 0, chunk_extent(map->grid->nx), chunk_extent(map->grid->ny)};
    chunk_buffer buffer = {.value_bytes = (size_t)window.width * window.height * (raster->whole_numbers ? 2 : 4)};
    buffer.packed_capacity = compressBound((uLong)buffer.value_bytes);
    buffer.values = malloc(buffer.value_bytes);
    buffer.packed = malloc(buffer.packed_capacity);
    if (buffer.values == NULL || buffer.packed == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    for (uint32_t y = 0; y < map->grid->ny && !h5_output_stopped(out); y += window.height) {
        for (uint32_t x = 0; x < map->grid->nx && !h5_output_stopped(out); x += window.width) {
            window.first_x = x;
            window.first_y = y;
            if (raster->fill(raster->user, &window, buffer.values)) {
                write_chunk(out, dataset, raster->name, &window, &buffer);
            }
        }
    }
    free(buffer.values);
    free(buffer.packed);
}

void result_write_raster(h5_output *out, const result_map *map, const result_raster *raster)
{
    if (h5_output_stopped(out)) {
        return;
    }
    const hid_t type = raster->whole_numbers ? H5T_NATIVE_UINT16 : H5T_NATIVE_FLOAT;
    const hid_t dataset = create_dataset(out, map, raster, type);
    if (dataset < 0) {
        return;
    }
    describe(out, dataset, raster, type);
    h5_attach(out, dataset, &map->y, 0);
    h5_attach(out, dataset, &map->x, 1);
    write_chunks(out, dataset, map, raster);
    h5_close_dataset(dataset);
}
