/* sweep_blocks.c - see sweep_blocks.h. */
#include "sweep_blocks.h"

#include <stdlib.h>
#include <string.h>

#include "hdf5_output.h"

/* Scenarios of a chunk; 1 where the dataset is not in chunks. */
static hsize_t chunk_scenarios(hid_t dataset)
{
    hsize_t chunk[3] = {1, 1, 1};
    const hid_t properties = H5Dget_create_plist(dataset);
    if (properties < 0 || H5Pget_layout(properties) != H5D_CHUNKED || H5Pget_chunk(properties, 3, chunk) != 3) {
        chunk[0] = 1;
    }
    h5_close_properties(properties);
    return chunk[0];
}

bool sweep_blocks_open(sweep_blocks *self, hid_t file, const char *path)
{
    *self = (sweep_blocks){.dataset = H5Dopen2(file, path, H5P_DEFAULT)};
    self->open = self->dataset >= 0;
    const hid_t space = self->open ? H5Dget_space(self->dataset) : H5I_INVALID_HID;
    const bool good = space >= 0 && H5Sget_simple_extent_ndims(space) == 3 &&
                      H5Sget_simple_extent_dims(space, self->extent, NULL) == 3;
    if (space >= 0) {
        H5Sclose(space);
    }
    if (!good) {
        sweep_blocks_close(self);
        return false;
    }
    const hsize_t chunk = chunk_scenarios(self->dataset);
    self->together = (uint32_t)(chunk < self->extent[0] ? chunk : self->extent[0]);
    return true;
}

/* Whole chunks of the slab that has `scenario`, of these rows; a slab that is too large for memory by single scenarios. */
static bool load(sweep_blocks *self, uint32_t scenario, uint32_t first_row, uint32_t rows)
{
    static const size_t most = (size_t)1 << 26;
    const size_t bytes = (size_t)self->extent[1] * rows * sizeof *self->value;
    const uint32_t slab = bytes * self->together <= most ? self->together : 1;
    const uint32_t first = scenario - scenario % slab, left = (uint32_t)self->extent[0] - first;
    const hsize_t start[3] = {first, 0, first_row}, size[3] = {slab < left ? slab : left, self->extent[1], rows};
    free(self->value);
    self->count = 0;
    self->value = malloc(bytes * slab);
    const hid_t space = H5Dget_space(self->dataset), memory = H5Screate_simple(3, size, NULL);
    const bool good = self->value != NULL && space >= 0 && memory >= 0 &&
                      H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) >= 0 &&
                      H5Dread(self->dataset, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, self->value) >= 0;
    if (memory >= 0) {
        H5Sclose(memory);
    }
    if (space >= 0) {
        H5Sclose(space);
    }
    if (good) {
        self->first = first;
        self->count = (uint32_t)size[0];
        self->first_row = first_row;
        self->row_count = rows;
    }
    return good;
}

bool sweep_blocks_read(sweep_blocks *self, uint32_t scenario, uint32_t first_row, uint32_t rows, float *out)
{
    if (scenario >= self->extent[0] || rows == 0 || first_row >= self->extent[2] ||
        rows > self->extent[2] - first_row) {
        return false;
    }
    const bool held = self->count > 0 && scenario >= self->first && scenario - self->first < self->count &&
                      first_row == self->first_row && rows == self->row_count;
    if (!held && !load(self, scenario, first_row, rows)) {
        return false;
    }
    const size_t cells = (size_t)self->extent[1] * rows;
    memcpy(out, self->value + (scenario - self->first) * cells, cells * sizeof *out);
    return true;
}

void sweep_blocks_close(sweep_blocks *self)
{
    if (self->open) {
        h5_close_dataset(self->dataset);
    }
    free(self->value);
    *self = (sweep_blocks){.open = false};
}
