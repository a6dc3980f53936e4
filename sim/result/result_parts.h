/* result_parts.h - private to sim/result: the parts of a result file, each written by one function. Layout:
 * docs/file_format.md. */
#ifndef UXOSIM_RESULT_PARTS_H
#define UXOSIM_RESULT_PARTS_H

#include "hdf5_output.h"
#include "result_pack.h"
#include "uxosim/result.h"

enum { RESULT_AXES = UXO_AXIS_THRESHOLD + 1 };

/* Axes of all rasters. plane: by uxo_layer_axis, where there are layers that have it. */
typedef struct result_map {
    const uxo_grid *grid;
    h5_dimension x, y;
    h5_dimension plane[RESULT_AXES];
} result_map;

/* One raster. `empty`: what cells of chunks hold that are not stored; `missing`: what means "no value" (_FillValue). */
typedef struct result_raster {
    const char *name, *unit, *sentence;
    const char *cell_methods; /* CF, or NULL */
    const char *comment;      /* what its values do not say by themselves, or NULL */
    const char *ancillary;    /* name of the layer of its standard errors, or NULL */
    uxo_layer_axis axis;      /* of its planes */
    bool whole_numbers;       /* uint16 instead of float */
    bool repetitive;          /* an input, whose values come in blocks: worth a slower level */
    bool smooth;              /* hardly a value occurs twice: shuffled before it is deflated */
    double empty, missing;
} result_raster;

/* A raster that is open for its chunks. */
typedef struct result_sheet {
    hid_t dataset;
    const char *name;
    bool has_planes;
    result_form form; /* for result_pack */
} result_sheet;

/* How the chunks of a raster on a grid are packed. */
result_form result_form_of(const uxo_grid *grid, const result_raster *raster);

result_sheet result_open_sheet(h5_output *out, const result_map *map, const result_raster *raster);
/* Chunks of one file come from one thread at a time. */
void result_store_chunk(h5_output *out, const result_sheet *sheet, uint32_t plane, uint32_t chunk_x, uint32_t chunk_y,
                        const uxo_packed *packed);
void result_close_sheet(result_sheet *sheet);

void result_write_axes(h5_output *out, result_map *map, const uxo_grid *grid);
/* The axis of the planes of some layers; before the first of them. */
void result_write_plane_axis(h5_output *out, result_map *map, uxo_layer_axis axis, const double *values, size_t count);
/* "quantile", "threshold"; NULL for none. */
const char *result_axis_name(uxo_layer_axis axis);
void result_close_axes(result_map *map);
/* The scalar that carries the grid mapping, without attributes; negative after an error. */
hid_t result_create_crs(h5_output *out);
void result_write_crs(h5_output *out, const uxo_crs *crs, const uxo_grid *grid);
void result_write_geotransform(h5_output *out, hid_t crs, const uxo_grid *grid);

/* All layers of a run as the engine computes them. */
void result_write_layers(h5_output *out, result_map *map, const uxo_result_run *run);
/* Its population and districts. */
void result_write_inputs(h5_output *out, const result_map *map, const uxo_result_run *run);

/* Per-realisation tables: how many of the realisations are kept, so that a table stays below 256 MiB. */
uint32_t result_kept_rows(uint32_t realisations, size_t columns, size_t item_bytes);

void result_write_districts(h5_output *out, const uxo_result_run *run, const h5_dimension *realisation);
void result_write_zones(h5_output *out, const uxo_result_run *run, const h5_dimension *realisation);
/* The group /zones, with the names of its sets. */
hid_t result_write_zone_group(h5_output *out, const char *const *ids, size_t count);
enum { RESULT_ZONE_PATH = 128 };

/* A group with a table of districts or, with a status, of zones: names, kinds, geometries, columns. geometry[rows]. */
hid_t result_write_area_table(h5_output *out, const char *path, const uxo_district_table *table,
                              const char *const *geometry);

/* A table of what each realisation found: whole numbers, reals that are stored as floats, or 255ths. One of the three; none: it is left
 * out. */
typedef struct result_realisation_table {
    const char *name, *sentence, *unit;
    const uint32_t *count; /* [realisations][columns] */
    const double *real;    /* [realisations][stride] */
    const uint64_t *parts; /* [realisations][stride] */
    size_t stride;
} result_realisation_table;

#define RESULT_DUD_EXPECTATION                                                                                       \
    "duds expected in each realisation given all its draws but the last, which says of each submunition whether it " \
    "fails and where it lies; columns as of dud_count"
#define RESULT_AFFECTED_HA                                                                                          \
    "area of aligned blocks of 100 m that expect at least 0.05 duds in each realisation; columns as of dud_count, " \
    "unknown outside the grid"

#define RESULT_ACCIDENTS                                                                                      \
    "accidents in the first year after people's return in each realisation, drawn dud by dud; columns as of " \
    "dud_count; 0 "                                                                                           \
    "outside the grid, where nobody is known to live"
#define RESULT_ACCIDENT_EXPECTATION                                                                             \
    "accidents expected in the first year in each realisation given all its draws but the last; columns as of " \
    "dud_count, "                                                                                               \
    "unknown outside the grid"

/* All of them, or as many realisations as are kept. */
void result_write_realisations(h5_output *out, hid_t group, const result_realisation_table *tables, size_t count,
                               uint32_t columns, const h5_dimension *realisation);
/* Shares of variance and ranks, where the run has them. */
void result_write_variance(h5_output *out, const uxo_result_run *run);
void result_write_ranking(h5_output *out, const uxo_result_run *run);
void result_write_strikes(h5_output *out, const uxo_result_run *run);
void result_write_draws(h5_output *out, const uxo_result_run *run, const h5_dimension *realisation);
void result_write_provenance(h5_output *out, const uxo_result_run *run);

/* A quantity as YAML of the scenario format. Enough room: RESULT_QUANTITY_SIZE. */
enum { RESULT_QUANTITY_SIZE = 2048 };
void result_quantity_text(const uxo_quantity *quantity, char text[RESULT_QUANTITY_SIZE]);

#endif
