/* hdf5_tables.c - dimensions and tables of a result that is being written. Not here: rasters (result_raster.c). */
#include <hdf5_hl.h>
#include <stdlib.h>
#include <string.h>

#include "hdf5_output.h"

/* Makes a dimension scale; `name` NULL: a dimension without coordinates, marked with the text by which netCDF-C knows
 * it. */
static void make_scale(h5_output *self, hid_t dataset, const char *name, size_t length)
{
    char mark[80];
    snprintf(mark, sizeof mark, "This is a netCDF dimension but not a netCDF variable. %10zu", length);
    if (H5DSset_scale(dataset, name != NULL ? name : mark) < 0) {
        h5_output_fail(self, "dimension scale");
    }
}

h5_dimension h5_plain_dimension(h5_output *self, hid_t group, const char *name, size_t length)
{
    h5_dimension dimension = {H5I_INVALID_HID, length};
    if (self->status != UXO_OK || length == 0) {
        return dimension;
    }
    const hid_t properties = h5_dataset_properties(self);
    const hid_t space = H5Screate_simple(1, &dimension.length, NULL);
    dimension.scale = H5Dcreate2(group, name, H5T_IEEE_F32BE, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    if (dimension.scale < 0) {
        h5_output_fail(self, name);
    } else {
        make_scale(self, dimension.scale, NULL, length);
    }
    H5Sclose(space);
    h5_close_properties(properties);
    return dimension;
}

h5_dimension h5_coordinate(h5_output *self, hid_t group, const char *name, const double *values, size_t length)
{
    h5_dimension dimension = {H5I_INVALID_HID, length};
    dimension.scale = h5_table(self, group, name, H5T_NATIVE_DOUBLE, values, &dimension, 1);
    if (dimension.scale >= 0) {
        make_scale(self, dimension.scale, name, length);
    }
    return dimension;
}

void h5_attach(h5_output *self, hid_t dataset, const h5_dimension *dimension, unsigned axis)
{
    if (self->status == UXO_OK && dimension->scale >= 0 && H5DSattach_scale(dataset, dimension->scale, axis) < 0) {
        h5_output_fail(self, "dimension");
    }
}

void h5_close_dimension(h5_dimension *dimension)
{
    h5_close_dataset(dimension->scale);
    dimension->scale = H5I_INVALID_HID;
}

/* Large tables: chunks of whole rows of about 1 MiB, shuffled and deflated. Small ones stay contiguous. */
static void set_storage(h5_output *self, hid_t properties, const hsize_t *length, unsigned rank, size_t item_bytes)
{
    enum { CONTIGUOUS_BYTES = 64 * 1024, CHUNK_BYTES = 1024 * 1024 };
    enum { DEFLATE_LEVEL = 1 }; /* one thread does it: half the time of level 6, for 3 % more of the tables */
    const hsize_t row_bytes = (rank == 2 ? length[1] : 1) * item_bytes;
    if (length[0] * row_bytes <= CONTIGUOUS_BYTES) {
        return;
    }
    hsize_t chunk[2] = {CHUNK_BYTES / row_bytes, rank == 2 ? length[1] : 1};
    chunk[0] = chunk[0] < 1 ? 1 : chunk[0] > length[0] ? length[0] : chunk[0];
    if (H5Pset_chunk(properties, (int)rank, chunk) < 0 || H5Pset_shuffle(properties) < 0 ||
        H5Pset_deflate(properties, DEFLATE_LEVEL) < 0) {
        h5_output_fail(self, "compression");
    }
}

static bool is_scale_itself(const h5_dimension *dimensions, unsigned rank)
{
    return rank == 1 && dimensions[0].scale < 0; /* a coordinate in the making: it cannot have itself as a scale */
}

/* Writes all of a dataset. Texts are converted on the way, in two buffers that HDF5 clears for every dataset, of 1 MiB
 * unless told otherwise: as much as the dataset needs is enough. */
static bool write_all(hid_t dataset, hid_t type, const void *values, hsize_t items)
{
    enum { MOST_BYTES = 1024 * 1024, BYTES_PER_ITEM = 32 }; /* of either side of a conversion; a text has 16 */
    const hsize_t wanted = items * BYTES_PER_ITEM;
    const hid_t transfer = H5Pcreate(H5P_DATASET_XFER);
    const bool good = transfer >= 0 &&
                      H5Pset_buffer(transfer, wanted < MOST_BYTES ? (size_t)wanted : MOST_BYTES, NULL, NULL) >= 0 &&
                      H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, transfer, values) >= 0;
    h5_close_properties(transfer);
    return good;
}

hid_t h5_table(h5_output *self, hid_t group, const char *name, hid_t type, const void *values,
               const h5_dimension *dimensions, unsigned rank)
{
    hsize_t length[2] = {dimensions[0].length, rank == 2 ? dimensions[1].length : 1};
    if (h5_output_stopped(self) || group < 0 || length[0] * length[1] == 0) {
        return H5I_INVALID_HID;
    }
    const hid_t properties = h5_dataset_properties(self);
    set_storage(self, properties, length, rank, H5Tget_size(type));
    const hid_t space = H5Screate_simple((int)rank, length, NULL);
    const hid_t dataset = H5Dcreate2(group, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    if (dataset < 0 || !write_all(dataset, type, values, length[0] * length[1])) {
        h5_output_fail(self, name);
    }
    for (unsigned axis = 0; dataset >= 0 && axis < rank && !is_scale_itself(dimensions, rank); axis++) {
        h5_attach(self, dataset, &dimensions[axis], axis);
    }
    H5Sclose(space);
    h5_close_properties(properties);
    return dataset;
}

/* The type that netCDF-C, xarray and h5py all take for text. */
static hid_t text_type(void)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0) {
        H5Tset_size(type, H5T_VARIABLE);
        H5Tset_cset(type, H5T_CSET_UTF8);
    }
    return type;
}

hid_t h5_texts(h5_output *self, hid_t group, const char *name, const char *const *texts, const h5_dimension *dimension)
{
    if (self->status != UXO_OK || dimension->length == 0) {
        return H5I_INVALID_HID;
    }
    const char **const values = malloc(dimension->length * sizeof *values);
    if (values == NULL) {
        self->status = uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
        return H5I_INVALID_HID;
    }
    for (size_t i = 0; i < dimension->length; i++) {
        values[i] = texts[i] != NULL ? texts[i] : "";
    }
    const hid_t type = text_type();
    const hid_t dataset = h5_table(self, group, name, type, values, dimension, 1);
    H5Tclose(type);
    free(values);
    return dataset;
}

void h5_single_text(h5_output *self, hid_t group, const char *name, const char *text)
{
    if (self->status != UXO_OK || group < 0) {
        return;
    }
    const char *const value = text != NULL ? text : "";
    const hid_t type = text_type();
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t properties = h5_dataset_properties(self);
    const hid_t dataset = H5Dcreate2(group, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    if (dataset < 0 || !write_all(dataset, type, &value, 1)) {
        h5_output_fail(self, name);
    }
    h5_close_dataset(dataset);
    h5_close_properties(properties);
    H5Sclose(space);
    H5Tclose(type);
}
