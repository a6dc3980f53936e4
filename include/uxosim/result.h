/* result.h - the result file: HDF5 that is also netCDF-4 with CF-1.8 conventions. The only HDF5 in the project.
 *
 * Layout: docs/file_format.md. A file under its final name is complete: it is written under a temporary name in the
 * same folder, synced, marked `complete = 1` and renamed. Equal runs give equal bytes.
 */
#ifndef UXOSIM_RESULT_H
#define UXOSIM_RESULT_H

#include "uxosim/engine.h"
#include "uxosim/summary.h"

enum { UXO_RESULT_FORMAT_VERSION = 1 };

/* What goes into a file. Borrowed. The texts of versions are given by the caller, who has the build information: the
 * library does not depend on a build, and GDAL is not known here. */
typedef struct uxo_result_run {
    const uxo_scenario *scenario;
    const uxo_engine_options *engine; /* threads and stop, for the maps */
    uxo_outcome *outcome;             /* its maps are computed here, and its self-check */
    const uxo_district_table *districts;
    const char *version;             /* of uxosim: UXOSIM_VERSION */
    const char *commit;              /* UXOSIM_COMMIT */
    const char *gdal_version;        /* NULL: not said */
    const uxo_district_table *zones; /* of each set of the scenario */
} uxo_result_run;

/* Writes everything: maps while they are computed, then, if the run passes its self-check, the rest. Errors:
 * UXO_ERR_CANTCREATE, UXO_ERR_IO (a full disk, too), UXO_ERR_INTERRUPTED, UXO_ERR_SELFCHECK; the file that was under
 * `path` before is then still there, and nothing else. Memory: a few chunks of 256 x 256 cells a thread. */
UXO_MUST_USE uxo_status uxo_result_write(const char *path, const uxo_result_run *run, uxo_report *report);

/* Computes what a part of a run has to do for the maps: packed as for a file, into the store of run->engine. Of the run only scenario, engine and
 * outcome are asked. */
UXO_MUST_USE uxo_status uxo_result_pack_part(const uxo_result_run *run, uxo_report *report);

/* The sentences that every output carries. */
#define UXO_SENTENCE                                                                        \
    "Modelled, not surveyed. Unreported strikes and older contamination are not included. " \
    "Not grounds to cancel, reduce or declare land safe (IMAS 07.11)."

/* A result file opened for reading. */
typedef struct uxo_result uxo_result;

/* Refuses files that are not uxosim results, of a newer format, or not complete.
 * UXO_ERR_NOINPUT when it is not there. */
UXO_MUST_USE uxo_status uxo_result_open(uxo_result **self, const char *path, uxo_report *report);
/* Likewise, and files of maps that were computed from results (map_file.h), of which only the maps can be read. */
UXO_MUST_USE uxo_status uxo_result_open_maps(uxo_result **self, const char *path, uxo_report *report);
void uxo_result_close(uxo_result *self);

/* Attribute of the root ("/") or of a group or dataset as text, whole numbers as digits; NULL when absent. Belongs to
 * self. */
const char *uxo_result_text(const uxo_result *self, const char *group, const char *attribute);
/* The same as a number; NaN when absent. */
double uxo_result_number(const uxo_result *self, const char *group, const char *attribute);

/* SHA-256 of the file up to its seal, as 64 hexadecimal digits: names these bytes and no others. */
const char *uxo_result_sha256(const uxo_result *self);

const uxo_grid *uxo_result_grid(const uxo_result *self);
const char *uxo_result_crs_wkt(const uxo_result *self);

/* Raster layers in the file. */
size_t uxo_result_layer_count(const uxo_result *self);
const char *uxo_result_layer_name(const uxo_result *self, size_t index);
/* Unit and sentence of a layer; NULL when there is no such layer. */
const char *uxo_result_layer_unit(const uxo_result *self, const char *layer);
const char *uxo_result_layer_sentence(const uxo_result *self, const char *layer);
/* Planes of a layer: one, or one per quantile or threshold; 0 when there is no such layer. */
uint32_t uxo_result_layer_planes(const uxo_result *self, const char *layer);
/* "quantile 0.05", "threshold 10"; false when the layer has no axis of planes, or no such plane. */
bool uxo_result_plane_name(const uxo_result *self, const char *layer, uint32_t plane, char *text, size_t size);
/* Rows first_row .. first_row + rows - 1 of a plane of a layer as floats, row 0 north. Whole chunks of 256 rows are read
 * fastest. */
UXO_MUST_USE uxo_status uxo_result_read_rows(uxo_result *self, const char *layer, uint32_t plane, uint32_t first_row,
                                             uint32_t rows, float *out, uxo_report *report);

/* Sets of zones in the file, and their names. */
size_t uxo_result_zone_count(uxo_result *self);
const char *uxo_result_zone_id(uxo_result *self, size_t index);

/* The table of districts as it was written, or of a set of zones. An unknown set is UXO_ERR_USAGE and lists those that there are. */
UXO_MUST_USE uxo_status uxo_result_read_districts(uxo_result *self, uxo_district_table *table, uxo_report *report);
UXO_MUST_USE uxo_status uxo_result_read_zones(uxo_result *self, const char *id, uxo_district_table *table,
                                              uxo_report *report);
/* Polygon of a district (zones NULL) or of a zone of a set in the grid's system as WKB in hexadecimal, "" when there is none. Owned by
 * self. */
const char *uxo_result_geometry(uxo_result *self, const char *zones, uint32_t row);

/* How well the strikes behind the table of districts are attested. Owned. */
typedef struct uxo_result_evidence {
    uint32_t rows;           /* of the table of districts */
    bool known;              /* false: the file does not say */
    size_t undated;          /* strikes without a date */
    bool any_alleged;        /* some strikes are only alleged; true, too, where the file does not say */
    double *alleged_share;   /* [rows] of the duds that are expected there; NaN: none are, or a public copy */
    uint8_t *mostly_alleged; /* [rows] 1: more than half of them come from strikes that are only alleged */
} uxo_result_evidence;

UXO_MUST_USE uxo_status uxo_result_read_evidence(uxo_result *self, uint32_t rows, uxo_result_evidence *evidence,
                                                 uxo_report *report);
void uxo_result_evidence_free(uxo_result_evidence *self);

/* A dataset of strings (provenance tables): count (1 for a scalar) and texts, owned by self; NULL when absent. */
const char *const *uxo_result_strings(uxo_result *self, const char *path, size_t *count);
/* A numeric dataset of one dimension, or a table of two in a group, row by row, as doubles; NULL when absent; owned by self. */
const double *uxo_result_numbers(uxo_result *self, const char *path, size_t *count);

/* A numeric dataset of two dimensions as doubles, row by row; NULL when absent; owned by self. */
const double *uxo_result_table(uxo_result *self, const char *path, size_t *rows, size_t *columns);

/* The scenario that was run, for drawing its realisations again (redraw.h): from the file alone, and found to draw the same. Free also
 * after an error. Refused: public copies, which do not say what was reported; files of versions that did not keep it or drew otherwise. */
UXO_MUST_USE uxo_status uxo_result_scenario(uxo_result *self, uxo_scenario *scenario, uxo_report *report);
/* Realisations of the run. */
uint32_t uxo_result_realisations(const uxo_result *self);
/* Their weights, as many as are kept, at least 0 and not all 0; owned by self. Ones unless evidence says otherwise. */
UXO_MUST_USE uxo_status uxo_result_weights(uxo_result *self, const double **weight, uint32_t *count,
                                           uxo_report *report);

/* A public copy, without what tells of single strikes:
 *
 * densities      coarsened to blocks of at least `block_m`, sums conserved
 * probabilities  1 - prod(1 - p) is not conserved: recomputed only where that is exact, else left out
 * left out       strikes, the provenance of strikes, the text of the scenario
 */
UXO_MUST_USE uxo_status uxo_result_redact(uxo_result *self, const char *path, double block_m, uxo_report *report);

#endif
