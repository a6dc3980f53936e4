/* hdf5_series.c - see hdf5_series.h. */
#include "hdf5_series.h"

/* How much of the last of three axes goes into a chunk. */
static hsize_t cut_last(const hsize_t *chunk, size_t item_bytes)
{
    static const hsize_t most = (hsize_t)1 << 18;
    const hsize_t fit = most / (chunk[0] * chunk[1] * item_bytes);
    return fit < 1 ? 1 : fit < chunk[2] ? fit : chunk[2];
}

/* Whole chunks are written, and none twice: HDF5 need not keep any, which else is 1 MB of each dataset. */
static hid_t without_cache(void)
{
    const hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    if (access >= 0) {
        (void)H5Pset_chunk_cache(access, 0, 0, 1.0); /* where it fails, it only takes more memory */
    }
    return access;
}

h5_series h5_series_open(h5_output *self, hid_t group, const char *name, hid_t type, const h5_dimension *dimensions,
                         unsigned rank, uint32_t slab)
{
    enum { DEFLATE_LEVEL = 1 };
    h5_series series = {.dataset = H5I_INVALID_HID, .type = type, .name = name, .rank = rank};
    hsize_t chunk[3];
    if (h5_output_stopped(self) || group < 0) {
        return series;
    }
    for (unsigned i = 0; i < rank; i++) {
        series.length[i] = chunk[i] = dimensions[i].length;
    }
    chunk[0] = chunk[0] < slab ? chunk[0] : slab;
    if (rank == 3) {
        chunk[2] = cut_last(chunk, H5Tget_size(type));
    }
    const bool text = H5Tget_class(type) == H5T_STRING;
    const hid_t properties = h5_dataset_properties(self);
    const hid_t space = H5Screate_simple((int)rank, series.length, NULL);
    const hid_t access = without_cache();
    if (access >= 0 && H5Pset_chunk(properties, (int)rank, chunk) >= 0 &&
        (text || (H5Pset_shuffle(properties) >= 0 && H5Pset_deflate(properties, DEFLATE_LEVEL) >= 0))) {
        series.dataset = H5Dcreate2(group, name, type, space, H5P_DEFAULT, properties, access);
    }
    h5_close_properties(access);
    if (series.dataset < 0) {
        h5_output_fail(self, name);
    }
    for (unsigned axis = 0; series.dataset >= 0 && axis < rank; axis++) {
        h5_attach(self, series.dataset, &dimensions[axis], axis);
    }
    H5Sclose(space);
    h5_close_properties(properties);
    return series;
}

void h5_series_write(h5_output *self, const h5_series *series, uint32_t first, uint32_t count, const void *values)
{
    if (h5_output_stopped(self) || series->dataset < 0 || count == 0) {
        return;
    }
    const hsize_t start[3] = {first, 0, 0};
    const hsize_t size[3] = {count, series->length[1], series->length[2]};
    const hid_t space = H5Dget_space(series->dataset);
    const hid_t memory = H5Screate_simple((int)series->rank, size, NULL);
    if (space < 0 || memory < 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) < 0 ||
        H5Dwrite(series->dataset, series->type, memory, space, H5P_DEFAULT, values) < 0) {
        h5_output_fail(self, series->name);
    }
    if (memory >= 0) {
        H5Sclose(memory);
    }
    if (space >= 0) {
        H5Sclose(space);
    }
}

void h5_series_close(h5_series *series)
{
    h5_close_dataset(series->dataset);
    series->dataset = H5I_INVALID_HID;
}
