/* result_fixture.h - a whole run built in memory, with everything that a result file holds: names that break naive
 * writers, districts with polygons, population, provenance.
 */
#ifndef UXOSIM_TESTS_RESULT_FIXTURE_H
#define UXOSIM_TESTS_RESULT_FIXTURE_H

#include "model_fixture.h"
#include "uxosim/result.h"

enum { RESULT_FIXTURE_USED = 4, RESULT_FIXTURE_INPUTS = 3, RESULT_FIXTURE_DISTRICTS = 4 };
enum { RESULT_FIXTURE_QUANTILES = 3, RESULT_FIXTURE_THRESHOLDS = 2 };

typedef struct result_fixture_options {
    double xmin_m, ymin_m, cell_size_m;
    uint32_t nx, ny, realisations;
    bool districts, population, strikes;
    uxo_estimator estimator;
} result_fixture_options;

typedef struct result_fixture {
    model_fixture model;
    uxo_outcome outcome;
    uxo_district_table table;
    uxo_used_value used[RESULT_FIXTURE_USED];
    uxo_input_file input[RESULT_FIXTURE_INPUTS];
    double quantile[RESULT_FIXTURE_QUANTILES], threshold[RESULT_FIXTURE_THRESHOLDS];
    uxo_engine_options engine; /* of the writing: as many threads as there are */
    uxo_result_run run;        /* for uxo_result_write */
} result_fixture;

/* 300 x 130 cells of 20 m at 300000, 5540000 of EPSG:32637: not square, cut chunks and tiles; everything there; `analog`. */
result_fixture_options result_fixture_usual(void);

/* Builds and runs it; with quantiles 0.05, 0.5, 0.95 and thresholds of 1 and 10 per hectare for `expected-value`. Strikes: "A" (two reports) at 40 % of the width and 60 % of the height from the south-west
 * corner, "B" at the north-east corner. */
void result_fixture_init(result_fixture *self, const result_fixture_options *options);
void result_fixture_free(result_fixture *self);

/* Writes it and fails the test when that fails. */
void result_fixture_write(const result_fixture *self, const char *path);

#endif
