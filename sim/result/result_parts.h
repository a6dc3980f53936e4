/* result_parts.h - private to sim/result: the parts of a result file, each written by one function. Layout:
 * docs/file_format.md. */
#ifndef UXOSIM_RESULT_PARTS_H
#define UXOSIM_RESULT_PARTS_H

#include "hdf5_output.h"
#include "uxosim/result.h"

/* Axes of all rasters. */
typedef struct result_map {
    const uxo_grid *grid;
    h5_dimension x, y;
} result_map;

/* Part of a raster that is stored as one chunk; its cells beyond the grid's edge are there too, but nobody reads them.
 */
typedef struct result_window {
    uint32_t first_x, first_y;
    uint32_t width, height;
} result_window;

/* Fills values[height][width]. False: every cell holds the raster's empty value, and the chunk is not stored. */
typedef bool result_fill(void *user, const result_window *window, void *values);

/* One raster. `empty`: what cells of chunks hold that are not stored; `missing`: what means "no value" (_FillValue). */
typedef struct result_raster {
    const char *name, *unit, *sentence;
    const char *cell_methods; /* CF, or NULL */
    const char *comment;      /* what its values do not say by themselves, or NULL */
    const char *ancillary;    /* name of the layer of its standard errors, or NULL */
    bool whole_numbers;       /* uint16 instead of float */
    double empty, missing;
    result_fill *fill;
    void *user;
} result_raster;

enum { RESULT_CHUNK = 4 * UXO_TILE };

void result_write_axes(h5_output *out, result_map *map, const uxo_grid *grid);
void result_close_axes(result_map *map);
/* The scalar that carries the grid mapping, without attributes; negative after an error. */
hid_t result_create_crs(h5_output *out);
void result_write_crs(h5_output *out, const uxo_crs *crs, const uxo_grid *grid);
void result_write_geotransform(h5_output *out, hid_t crs, const uxo_grid *grid);
void result_write_raster(h5_output *out, const result_map *map, const result_raster *raster);

/* All layers of a run, its population and districts. */
void result_write_layers(h5_output *out, const result_map *map, const uxo_result_run *run);
/* CF attributes of a layer of UXO_LAYERS that do not depend on a run; false when there is no such layer. */
bool result_describe_layer(const char *name, result_raster *raster);

/* Per-realisation tables: how many of the realisations are kept, so that a table stays below 256 MiB. */
uint32_t result_kept_rows(uint32_t realisations, size_t columns, size_t item_bytes);

void result_write_districts(h5_output *out, const uxo_result_run *run, const h5_dimension *realisation);
/* The part without counts per realisation: names, kinds, geometries, columns. geometry[rows]. */
hid_t result_write_district_table(h5_output *out, const uxo_district_table *table, const char *const *geometry);
void result_write_strikes(h5_output *out, const uxo_result_run *run);
void result_write_draws(h5_output *out, const uxo_result_run *run, const h5_dimension *realisation);
void result_write_provenance(h5_output *out, const uxo_result_run *run);

/* A quantity as YAML of the scenario format. Enough room: RESULT_QUANTITY_SIZE. */
enum { RESULT_QUANTITY_SIZE = 2048 };
void result_quantity_text(const uxo_quantity *quantity, char text[RESULT_QUANTITY_SIZE]);

#endif
