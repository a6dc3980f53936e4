/* result_axes.c - the axes of rasters and their reference system. Not here: the rasters (result_raster.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result_parts.h"
#include "uxosim/number_text.h"

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
    for (int axis = 0; axis < RESULT_AXES; axis++) {
        map->plane[axis] = (h5_dimension){H5I_INVALID_HID, 0};
    }
    write_axis(out, &map->y, grid, false);
    write_axis(out, &map->x, grid, true);
}

typedef struct plane_axis {
    const char *name, *sentence, *unit;
} plane_axis;

static plane_axis describe_axis(uxo_layer_axis axis)
{
    static const plane_axis axes[RESULT_AXES] = {
        [UXO_AXIS_QUANTILE] = {"quantile", "share of the realisations in which the cell holds at most the value", "1"},
        [UXO_AXIS_THRESHOLD] = {"threshold", "density of duds whose exceedance is meant", "hectare-1"}};
    return axes[axis];
}

const char *result_axis_name(uxo_layer_axis axis)
{
    return describe_axis(axis).name;
}

void result_write_plane_axis(h5_output *out, result_map *map, uxo_layer_axis axis, const double *values, size_t count)
{
    const plane_axis described = describe_axis(axis);
    h5_dimension *const dimension = &map->plane[axis];
    *dimension = h5_coordinate(out, out->file, described.name, values, count);
    h5_text(out, dimension->scale, "long_name", described.sentence);
    h5_word(out, dimension->scale, "units", described.unit);
}

void result_close_axes(result_map *map)
{
    for (int axis = 0; axis < RESULT_AXES; axis++) {
        h5_close_dimension(&map->plane[axis]);
    }
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
