/* result_sweep.h - the collected sweep: one netCDF-4 file with all scenarios of a sweep, written and read back. Layout:
 * docs/file_format.md, "Collected sweeps".
 *
 * Scenarios are rows of everything: the first `design_scenarios` are the points of the design in its order, one more is the baseline where the
 * sweep has one. Values of scenarios that are missing are NaN. Not here: which scenarios there are (sweep.h), how they are run (tools).
 */
#ifndef UXOSIM_RESULT_SWEEP_H
#define UXOSIM_RESULT_SWEEP_H

#include "uxosim/result.h"
#include "uxosim/sweep.h"
#include "uxosim/sweep_store.h"

enum { UXO_SWEEP_FORMAT_VERSION = 1 };

/* What goes into a collected file. Borrowed. */
typedef struct uxo_sweep_collection {
    const uxo_sweep *sweep;
    const uxo_scenario *scenario; /* of task 1: grid, districts, estimator, seed, texts are those of all */
    uxo_sweep_store *store;       /* all tasks; those that are not done become holes */
    const char *identity;         /* SHA-256 of the plan */
    const char *version;          /* of uxosim */
    const uxo_input_file *input;  /* of all scenarios */
    uint32_t input_count;
    const volatile sig_atomic_t *stop; /* as of uxo_engine_options */
} uxo_sweep_collection;

/* Writes the file; it appears when it is whole. UXO_ERR_DATA: nothing is done at all, or a record is none of this version; else as of
 * uxo_result_write. Memory: some tens of MB, and 200 bytes a scenario. */
UXO_MUST_USE uxo_status uxo_result_sweep_write(const char *path, const uxo_sweep_collection *collection,
                                               uxo_report *report);

/* Why a scenario's values are there or not: /missing. */
typedef enum uxo_sweep_presence { UXO_SWEEP_PRESENT, UXO_SWEEP_MISSING, UXO_SWEEP_FAILED } uxo_sweep_presence;

/* A collected sweep that is open for reading. */
typedef struct uxo_sweep_result uxo_sweep_result;

/* Its extents and its design. Texts belong to the file. */
typedef struct uxo_sweep_facts {
    const char *title;
    const char *estimator;     /* "expected-value" or "analog" */
    uint32_t scenarios;        /* all, the baseline included */
    uint32_t design_scenarios; /* points of the design: scenarios 0 .. design_scenarios - 1 */
    uint32_t parameters;       /* axes */
    uint32_t rows;             /* districts, then "outside every district", "outside the grid", "total" */
    uint32_t blocks;           /* of realisations, for errors of paired differences */
    uint32_t realisations;     /* of every scenario */
    uint64_t seed;             /* of every scenario: common random numbers */
    const char *design;        /* "grid", "list", "latin_hypercube", "sobol" */
    uint32_t
        design_rows; /* of a latin hypercube: points; of sobol: rows of its matrices A and B; else design_scenarios */
    uint64_t design_seed;
    bool second_order;            /* sobol: the matrices BA_i are there, too */
    uint32_t replicates;          /* sobol: independent nets, design_rows / replicates base rows each; else 1 */
    int64_t baseline;             /* scenario of the baseline; -1: none */
    uint32_t missing;             /* scenarios whose values are not there */
    const char *paired_duds;      /* what /paired/duds holds: "dud_expectation" or "dud_count" */
    const char *paired_accidents; /* "accident_expectation", "accident_chance"; NULL: without people */
} uxo_sweep_facts;

/* Refuses files that are no collected sweeps, of a newer format, not complete, or damaged. UXO_ERR_NOINPUT: it is not there. */
UXO_MUST_USE uxo_status uxo_result_sweep_open(uxo_sweep_result **self, const char *path, uxo_report *report);
void uxo_result_sweep_close(uxo_sweep_result *self);
/* The file as such, for its attributes, grid and reference system; belongs to self. */
uxo_result *uxo_result_sweep_file(const uxo_sweep_result *self);
const uxo_sweep_facts *uxo_result_sweep_facts(const uxo_sweep_result *self);

/* Of a parameter: name of the axis and the key of the scenario that it sets. */
const char *uxo_result_sweep_parameter(const uxo_sweep_result *self, uint32_t parameter);
const char *uxo_result_sweep_key(const uxo_sweep_result *self, uint32_t parameter);
/* Value of a parameter in a scenario as YAML text, and as a number (NaN where it is not one). */
const char *uxo_result_sweep_value(const uxo_sweep_result *self, uint32_t scenario, uint32_t parameter);
double uxo_result_sweep_number(const uxo_sweep_result *self, uint32_t scenario, uint32_t parameter);
/* The point of the design, in [0, 1): [scenarios][parameters]; NaN for the baseline. Owned by self. */
const double *uxo_result_sweep_points(const uxo_sweep_result *self);
/* [scenarios]; owned by self. */
const uint8_t *uxo_result_sweep_missing(const uxo_sweep_result *self);

/* Name and kind of a row: 0 district, 1 outside every district, 2 outside the grid, 3 total. */
const char *uxo_result_sweep_row_name(const uxo_sweep_result *self, uint32_t row);
int uxo_result_sweep_row_kind(const uxo_sweep_result *self, uint32_t row);

/* A column of /districts, [scenarios][rows], by its name: "duds_mean", "accidents_year1_mean", "dud_expectation_mean",
 * "accident_expectation_mean", ... and "..._se". NULL: there is none. Owned by self. */
const double *uxo_result_sweep_column(uxo_sweep_result *self, const char *column);
size_t uxo_result_sweep_column_count(const uxo_sweep_result *self);
const char *uxo_result_sweep_column_name(const uxo_sweep_result *self, size_t index);

/* Means over each block of realisations of one scenario: out[blocks][rows]. what: "duds" or "accidents". With common random numbers block b
 * of two scenarios has the same draws; so the variance of their differences block by block is that of the paired difference.
 * Scenarios are read in slabs of up to 256, which are kept until another one is asked for (up to 64 MiB): ask in their order. Not from two threads.
 * UXO_ERR_USAGE: the file has no such table. */
UXO_MUST_USE uxo_status uxo_result_sweep_blocks(uxo_sweep_result *self, const char *what, uint32_t scenario, float *out,
                                                uxo_report *report);
/* The same of rows first_row .. first_row + rows - 1: out[blocks][rows]. What is stored of other rows is not read, but for its neighbours: so a
 * sweep of many rows can be read a few rows at a time, all scenarios of these, for little more than reading it once. */
UXO_MUST_USE uxo_status uxo_result_sweep_block_rows(uxo_sweep_result *self, const char *what, uint32_t scenario,
                                                    uint32_t first_row, uint32_t rows, float *out, uxo_report *report);
/* Realisations in each block, [blocks]; owned by self. */
const double *uxo_result_sweep_block_sizes(const uxo_sweep_result *self);

/* The layers that were kept. The grid is NULL where there are none. */
const uxo_grid *uxo_result_sweep_grid(const uxo_sweep_result *self);
const char *uxo_result_sweep_crs_wkt(const uxo_sweep_result *self);
size_t uxo_result_sweep_layer_count(const uxo_sweep_result *self);
const char *uxo_result_sweep_layer_name(const uxo_sweep_result *self, size_t index);
/* Rows first_row .. first_row + rows - 1 of a layer of one scenario, row 0 north. */
UXO_MUST_USE uxo_status uxo_result_sweep_rows(uxo_sweep_result *self, const char *layer, uint32_t scenario,
                                              uint32_t first_row, uint32_t rows, float *out, uxo_report *report);

#endif
