/* result_file.h - private to sim/result: a result that is open for reading. */
#ifndef UXOSIM_RESULT_FILE_H
#define UXOSIM_RESULT_FILE_H

#include "result_parts.h"
#include "uxosim/digest.h"

enum { RESULT_MAX_LAYERS = 256, RESULT_NAME_SIZE = 128 };

typedef struct result_layer {
    char name[RESULT_NAME_SIZE];
    const char *unit, *sentence, *comment;
    double missing;     /* _FillValue; NaN where there is none */
    double error_bound; /* numerical_error_bound; NaN where there is none */
    bool smooth;        /* stored shuffled */
    uint32_t planes;
    uxo_layer_axis axis;
    const double *plane_value; /* [planes]; NULL without an axis */
} result_layer;

/* Texts and tables that were handed out; freed with the file. */
typedef struct result_memory {
    void **block;
    size_t count, capacity;
} result_memory;

struct uxo_result {
    hid_t file;
    char *path;
    char sha256[UXO_DIGEST_SIZE]; /* of the file without its seal */
    uxo_grid grid;
    const char *crs_wkt;
    result_layer layer[RESULT_MAX_LAYERS];
    size_t layer_count;
    const char *const *geometry; /* of geometry_path, loaded when first asked for */
    char geometry_path[RESULT_ZONE_PATH + RESULT_NAME_SIZE];
    size_t geometry_count;
    result_memory *memory;
};

/* Which files are read: their `format`, its newest version, what is said of others. */
typedef struct result_kind {
    const char *format;
    int version;
    const char *otherwise;
    bool may_have_no_grid;
    const char *also; /* another format that is read; NULL: none */
} result_kind;
UXO_MUST_USE uxo_status result_open_kind(uxo_result **self, const char *path, const result_kind *kind,
                                         uxo_report *report);

/* Keeps a malloc'ed block until the file is closed; NULL (and the block freed) when memory runs out. */
void *result_keep(const uxo_result *self, void *block);
const result_layer *result_find_layer(const uxo_result *self, const char *name);

/* Cells of a map; row 0 is the north one. */
typedef struct result_window {
    uint32_t first_row, rows, first_column, columns;
} result_window;
/* Cells of a plane of a layer, out[rows][columns]; as uxo_result_read_rows. Each chunk of UXO_CHUNK x UXO_CHUNK cells that the window touches is
 * inflated whole. */
UXO_MUST_USE uxo_status result_read_cells(uxo_result *self, const char *layer, uint32_t plane,
                                          const result_window *window, float *out, uxo_report *report);
/* The reference system of another file, attribute by attribute: H5Ocopy of HDF5 1.10.8 crashes on an object with many attributes. `grid`: that
 * of the file that is written, whose cells may be others. */
void result_copy_crs(h5_output *out, const uxo_result *from, const uxo_grid *grid);
/* True when every part of the path is there. */
bool result_has(const uxo_result *self, const char *path);

#endif
