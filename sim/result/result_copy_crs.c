/* result_copy_crs.c - the reference system of one file into another. */
#include <string.h>

#include "result_file.h"

typedef struct crs_copy {
    h5_output *out;
    const uxo_result *source;
    hid_t target;
} crs_copy;

static herr_t copy_crs_attribute(hid_t source, const char *name, const H5A_info_t *info, void *user)
{
    enum { MOST_NUMBERS = 16 }; /* CF's parameters hold two at most */
    (void)info;
    const crs_copy *const copy = user;
    h5_output *const out = copy->out;
    const char *const text = uxo_result_text(copy->source, "/crs", name);
    double numbers[MOST_NUMBERS];
    if (strcmp(name, "GeoTransform") == 0) {
        return 0;
    }
    if (text != NULL && strcmp(name, "long_name") == 0) {
        h5_text(out, copy->target, name, text);
    } else if (text != NULL) {
        h5_word(out, copy->target, name, text);
    } else {
        const hid_t attribute = H5Aopen(source, name, H5P_DEFAULT);
        const hid_t space = H5Aget_space(attribute);
        const hssize_t count = H5Sget_simple_extent_npoints(space);
        if (count > 0 && count <= MOST_NUMBERS && H5Aread(attribute, H5T_NATIVE_DOUBLE, numbers) >= 0) {
            h5_attribute(out, copy->target, name, H5T_NATIVE_DOUBLE, numbers, (size_t)count);
        }
        H5Sclose(space);
        H5Aclose(attribute);
    }
    return 0;
}

void result_copy_crs(h5_output *out, const uxo_result *from, const uxo_grid *grid)
{
    crs_copy copy = {out, from, result_create_crs(out)};
    const hid_t source = H5Dopen2(from->file, "crs", H5P_DEFAULT);
    if (source >= 0 && copy.target >= 0) {
        H5Aiterate2(source, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, copy_crs_attribute, &copy);
        result_write_geotransform(out, copy.target, grid);
    }
    h5_close_dataset(source);
    h5_close_dataset(copy.target);
}
