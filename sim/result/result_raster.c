/* result_raster.c - rasters: CF attributes, and chunks that we compress ourselves and store as they come. Not here: what
 * the values are (result_layers.c, result_redact_layers.c), how they are packed (result_pack.c).
 */
#include <string.h>

#include "result_parts.h"

static uint32_t chunk_extent(uint32_t cells)
{
    return cells < UXO_CHUNK ? cells : UXO_CHUNK;
}

result_form result_form_of(const uxo_grid *grid, const result_raster *raster)
{
    const float empty = (float)raster->empty;
    const uint16_t empty_word = raster->whole_numbers ? (uint16_t)raster->empty : 0;
    result_form form = {.width = chunk_extent(grid->nx), .height = chunk_extent(grid->ny), .shuffled = raster->smooth};
    form.level = raster->repetitive ? RESULT_LEVEL_INPUTS : RESULT_LEVEL_MAPS;
    form.item_bytes = raster->whole_numbers ? sizeof empty_word : sizeof empty;
    memcpy(&form.empty, raster->whole_numbers ? (const void *)&empty_word : &empty, form.item_bytes);
    return form;
}

/* A chunk is one plane's: maps are read plane by plane. */
static hid_t create_dataset(h5_output *out, const result_map *map, const result_raster *raster, const result_form *form)
{
    const hsize_t size[3] = {map->plane[raster->axis].length, map->grid->ny, map->grid->nx};
    const hsize_t chunk[3] = {1, form->height, form->width};
    const int rank = raster->axis != UXO_AXIS_NONE ? 3 : 2;
    const hid_t type = raster->whole_numbers ? H5T_NATIVE_UINT16 : H5T_NATIVE_FLOAT;
    const hid_t properties = h5_dataset_properties(out);
    const hid_t space = H5Screate_simple(rank, size + 3 - rank, NULL);
    hid_t dataset = H5I_INVALID_HID;
    if (H5Pset_chunk(properties, rank, chunk + 3 - rank) >= 0 && (!form->shuffled || H5Pset_shuffle(properties) >= 0) &&
        H5Pset_deflate(properties, (unsigned)form->level) >= 0 &&
        H5Pset_alloc_time(properties, H5D_ALLOC_TIME_INCR) >= 0 &&
        H5Pset_fill_value(properties, type, &form->empty) >= 0) {
        dataset = H5Dcreate2(out->file, raster->name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    }
    if (dataset < 0) {
        h5_output_fail(out, raster->name);
    }
    H5Sclose(space);
    h5_close_properties(properties);
    return dataset;
}

static void describe(h5_output *out, hid_t dataset, const result_raster *raster)
{
    const float missing = (float)raster->missing;
    const uint16_t missing_word = raster->whole_numbers ? (uint16_t)raster->missing : 0;
    if (raster->whole_numbers) {
        h5_attribute(out, dataset, "_FillValue", H5T_NATIVE_UINT16, &missing_word, 1);
    } else {
        h5_attribute(out, dataset, "_FillValue", H5T_NATIVE_FLOAT, &missing, 1);
    }
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

result_sheet result_open_sheet(h5_output *out, const result_map *map, const result_raster *raster)
{
    result_sheet sheet = {
        .dataset = H5I_INVALID_HID, .name = raster->name, .has_planes = raster->axis != UXO_AXIS_NONE};
    sheet.form = result_form_of(map->grid, raster);
    if (h5_output_stopped(out)) {
        return sheet;
    }
    sheet.dataset = create_dataset(out, map, raster, &sheet.form);
    if (sheet.dataset >= 0) {
        describe(out, sheet.dataset, raster);
        if (sheet.has_planes) {
            h5_attach(out, sheet.dataset, &map->plane[raster->axis], 0);
        }
        h5_attach(out, sheet.dataset, &map->y, sheet.has_planes ? 1 : 0);
        h5_attach(out, sheet.dataset, &map->x, sheet.has_planes ? 2 : 1);
    }
    return sheet;
}

void result_store_chunk(h5_output *out, const result_sheet *sheet, uint32_t plane, uint32_t chunk_x, uint32_t chunk_y,
                        const uxo_packed *packed)
{
    const hsize_t offset[3] = {plane, (hsize_t)chunk_y * UXO_CHUNK, (hsize_t)chunk_x * UXO_CHUNK};
    if (h5_output_stopped(out) || packed->size == 0) {
        return;
    }
    /* Called from the thread that has the turn, whose error stack HDF5 keeps apart. */
    const h5_silence silence = h5_silence_begin();
    if (H5Dwrite_chunk(sheet->dataset, H5P_DEFAULT, 0, offset + (sheet->has_planes ? 0 : 1), packed->size,
                       packed->bytes) < 0) {
        h5_output_fail(out, sheet->name);
    }
    h5_silence_end(silence);
}

void result_close_sheet(result_sheet *sheet)
{
    h5_close_dataset(sheet->dataset);
    sheet->dataset = H5I_INVALID_HID;
}
