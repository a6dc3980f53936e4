/* hdf5_output.c - file, groups and attributes of a result that is being written. Not here: dimensions and tables
 * (hdf5_tables.c), rasters (result_raster.c).
 */
#include "hdf5_output.h"

#include <string.h>

#include "uxosim/stopping.h"

void h5_output_fail(h5_output *self, const char *what)
{
    if (self->status == UXO_OK) {
        char reason[256];
        h5_error_text(reason, sizeof reason);
        self->status = uxo_fail(self->report, UXO_ERR_IO, NULL, "cannot write '%s' (%s): %s", self->path, what, reason);
    }
}

bool h5_output_stopped(h5_output *self)
{
    if (self->status == UXO_OK && uxo_is_stopped(self->stop)) {
        self->status =
            uxo_fail(self->report, UXO_ERR_INTERRUPTED, NULL, "interrupted, '%s' is not written", self->path);
    }
    return self->status != UXO_OK;
}

static const unsigned CREATION_ORDER = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;

void h5_output_open(h5_output *self, const char *temporary, const char *target, const volatile sig_atomic_t *stop,
                    uxo_report *report)
{
    *self = (h5_output){.file = H5I_INVALID_HID, .path = target, .stop = stop, .report = report, .status = UXO_OK};
    const hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    const hid_t access = h5_file_access();
    bool good = creation >= 0 && access >= 0;
    good = good && H5Pset_link_creation_order(creation, CREATION_ORDER) >= 0;
    good = good && H5Pset_attr_creation_order(creation, CREATION_ORDER) >= 0;
    good = good && H5Pset_obj_track_times(creation, false) >= 0;
    good = good && H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0;
    good = good && H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0;
    if (good) {
        self->file = H5Fcreate(temporary, H5F_ACC_TRUNC, creation, access);
    }
    if (self->file < 0) {
        h5_output_fail(self, "new file");
    }
    h5_close_properties(creation);
    h5_close_properties(access);
}

uxo_status h5_output_close(h5_output *self)
{
    if (self->file >= 0) {
        if (H5Fflush(self->file, H5F_SCOPE_GLOBAL) < 0) {
            h5_output_fail(self, "last part");
        }
        if (H5Fclose(self->file) < 0) {
            h5_output_fail(self, "end of file");
        }
        self->file = H5I_INVALID_HID;
    }
    return self->status;
}

hid_t h5_group(h5_output *self, const char *path)
{
    if (self->status != UXO_OK) {
        return H5I_INVALID_HID;
    }
    const hid_t properties = H5Pcreate(H5P_GROUP_CREATE);
    hid_t group = H5I_INVALID_HID;
    if (properties >= 0 && H5Pset_link_creation_order(properties, CREATION_ORDER) >= 0 &&
        H5Pset_attr_creation_order(properties, CREATION_ORDER) >= 0 && H5Pset_obj_track_times(properties, false) >= 0) {
        group = H5Gcreate2(self->file, path, H5P_DEFAULT, properties, H5P_DEFAULT);
    }
    if (group < 0) {
        h5_output_fail(self, path);
    }
    h5_close_properties(properties);
    return group;
}

hid_t h5_dataset_properties(h5_output *self)
{
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    if (properties < 0 || H5Pset_attr_creation_order(properties, CREATION_ORDER) < 0 ||
        H5Pset_obj_track_times(properties, false) < 0) {
        h5_output_fail(self, "properties");
    }
    return properties;
}

void h5_close_properties(hid_t properties)
{
    if (properties >= 0) {
        H5Pclose(properties);
    }
}

void h5_close_dataset(hid_t dataset)
{
    if (dataset >= 0) {
        H5Dclose(dataset);
    }
}

void h5_close_group(hid_t group)
{
    if (group >= 0) {
        H5Gclose(group);
    }
}

static void write_attribute(h5_output *self, hid_t object, const char *name, hid_t type, hid_t space,
                            const void *values)
{
    const hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, type, values) < 0) {
        h5_output_fail(self, name);
    }
    if (attribute >= 0) {
        H5Aclose(attribute);
    }
}

static void write_text(h5_output *self, hid_t object, const char *name, size_t length, const void *value)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    const hid_t space = H5Screate(H5S_SCALAR);
    if (H5Tset_size(type, length) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0 ||
        (length != H5T_VARIABLE && H5Tset_strpad(type, H5T_STR_NULLPAD) < 0)) {
        h5_output_fail(self, name);
    } else {
        write_attribute(self, object, name, type, space, value);
    }
    H5Sclose(space);
    H5Tclose(type);
}

void h5_text(h5_output *self, hid_t object, const char *name, const char *text)
{
    const char *const value = text != NULL ? text : "";
    if (self->status == UXO_OK && object >= 0) {
        write_text(self, object, name, H5T_VARIABLE, &value);
    }
}

void h5_word(h5_output *self, hid_t object, const char *name, const char *word)
{
    if (self->status == UXO_OK && object >= 0) {
        write_text(self, object, name, word[0] != '\0' ? strlen(word) : 1, word);
    }
}

void h5_attribute(h5_output *self, hid_t object, const char *name, hid_t type, const void *values, size_t count)
{
    if (self->status != UXO_OK || object < 0) {
        return;
    }
    const hsize_t length = count;
    const hid_t space = H5Screate_simple(1, &length, NULL);
    write_attribute(self, object, name, type, space, values);
    H5Sclose(space);
}

void h5_number(h5_output *self, hid_t object, const char *name, double value)
{
    h5_attribute(self, object, name, H5T_NATIVE_DOUBLE, &value, 1);
}

void h5_integer(h5_output *self, hid_t object, const char *name, int32_t value)
{
    h5_attribute(self, object, name, H5T_NATIVE_INT32, &value, 1);
}
