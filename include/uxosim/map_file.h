/* map_file.h - files of maps and a table that were computed from results: differences, indices of sensitivity. netCDF-4 with the grid of a result,
 * opened by uxo_result_open_maps; GDAL, QGIS and `uxosim export` read them.
 *
 * Not here: what is computed.
 */
#ifndef UXOSIM_MAP_FILE_H
#define UXOSIM_MAP_FILE_H

#include "uxosim/result.h"

/* A map; float32, NaN: no value. Texts are borrowed. */
typedef struct uxo_map_layer {
    const char *name, *unit, *sentence;
    const char *comment;   /* NULL: none */
    const char *ancillary; /* name of the map of its errors; NULL: none */
} uxo_map_layer;

/* A column of the table. */
typedef struct uxo_map_column {
    const char *name, *unit, *sentence;
    const double *value; /* [rows] */
} uxo_map_column;

typedef struct uxo_map_text {
    const char *name, *text;
} uxo_map_text;

/* What goes into a file. Borrowed. */
typedef struct uxo_map_file {
    const char *kind;         /* "difference", "sensitivity" */
    const char *version;      /* of the program */
    const uxo_map_text *text; /* attributes of the root: title and what it was made from */
    size_t texts;
    const uxo_result *like; /* grid and reference system */
    const uxo_map_layer *layer;
    size_t layers;
    /* Fills rows of all layers: cells [layers][rows][nx], row 0 north; from north to south, up to UXO_CHUNK rows at a time. */
    uxo_status (*fill)(void *user, uint32_t first_row, uint32_t rows, float *cells, uxo_report *report);
    void *user;
    const char *const *row_name; /* [rows] of the table /rows */
    size_t rows;                 /* 0: no table */
    const uxo_map_column *column;
    size_t columns;
} uxo_map_file;

/* Writes it whole or not at all. Errors: UXO_ERR_CANTCREATE, UXO_ERR_IO, UXO_ERR_MEMORY, those of fill. The same input gives the same bytes. */
UXO_MUST_USE uxo_status uxo_map_file_write(const char *path, const uxo_map_file *file, uxo_report *report);

#endif
