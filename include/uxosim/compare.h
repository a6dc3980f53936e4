/* compare.h - two results against each other: differences of what their districts expect, with errors, changes of rank with their confidence, and
 * what differs in the scenarios.
 *
 * Model   difference  second less first
 *         paired      both runs have the same seed and number of realisations, and the files hold what each realisation found: realisation r of
 *                     one is compared with realisation r of the other, which drew the same wherever the scenarios allow it (common random
 *                     numbers). The error of the mean of such differences is right whatever the two share; sharing makes it small
 *         otherwise   the two count as independent: the root of the sum of squared errors. Of runs with one seed that is too large as a rule
 *         intervals   difference -+ Student's quantile times the error, with as many degrees of freedom as the run with fewer realisations has
 *                     (effective ones, where they are weighted), less one
 *         weights     as each file has them, also where they differ: by the influence of each realisation on its weighted mean
 *         ranks       of expected duds, accidents, accidents per affected hectare, as in the tables; how sure: 500 bootstrap samples of
 *                     blocks of realisations, the same for both where they are paired
 * Verified: a column is paired only if the mean over realisations in the file is the number in its table of districts, total included.
 *
 * Not here: maps (map_file.h), printing (tools).
 */
#ifndef UXOSIM_COMPARE_H
#define UXOSIM_COMPARE_H

#include "uxosim/result.h"

/* One quantity. All arrays [rows]. */
typedef struct uxo_compare_column {
    char name[64], unit[24];
    bool paired;   /* else as if independent */
    double *first; /* of each run; NaN: has none */
    double *second;
    double *difference;
    double *error;    /* standard error of the difference; NaN: not known */
    double *unpaired; /* what it would be without pairing */
} uxo_compare_column;

/* Ranks by one criterion; [districts]. Change: second less first, negative: nearer to the top. */
typedef struct uxo_compare_ranks {
    const char *name, *sentence;
    double *first, *second;
    double *low, *high; /* 5 % and 95 % quantile of the change over samples; NaN: not known */
    double *confidence; /* share of samples in which the change has the sign that it has here (none: is none) */
} uxo_compare_ranks;

/* A value that the scenarios do not have in common; NULL: not there. Owned by the results. */
typedef struct uxo_compare_value {
    const char *key, *first, *second;
} uxo_compare_value;

enum { UXO_COMPARE_MOST_COLUMNS = 64, UXO_COMPARE_MOST_RANKINGS = 3 };

/* Owned; names and values are borrowed of the results, which have to stay open. */
typedef struct uxo_compare {
    uint32_t rows;     /* common districts, then outside every district, outside the grid, total */
    const char **name; /* [rows] */
    bool paired;       /* by seed and realisations */
    char pairing[400]; /* how, in a sentence or two */
    double degrees;    /* of freedom of every error; 0: one realisation tells no error */
    size_t columns;
    uxo_compare_column column[UXO_COMPARE_MOST_COLUMNS];
    size_t rankings;
    uxo_compare_ranks ranking[UXO_COMPARE_MOST_RANKINGS];
    size_t values;
    uxo_compare_value *value; /* [values] */
} uxo_compare;

/* Rows are matched by name; districts that only one has are named in a note. Errors  UXO_ERR_DATA: no district in common where both have some;
 * UXO_ERR_MEMORY. Memory: the tables of realisations of both files. */
UXO_MUST_USE uxo_status uxo_compare_make(uxo_compare *self, uxo_result *first, uxo_result *second, uxo_report *report);
void uxo_compare_free(uxo_compare *self);

/* Half the width, in standard errors, of an interval that holds a difference with this probability. Infinite without degrees of freedom. */
double uxo_compare_half(const uxo_compare *self, double probability);

/* Refuses grids that are not the same, and says what differs: cell size, extent, place, reference system. */
UXO_MUST_USE uxo_status uxo_compare_grids(const uxo_result *first, const uxo_result *second, uxo_report *report);

/* Writes differences of the maps that both have (density, probability, ... with a plane each) with standard errors, and the tables, as a
 * file of maps (map_file.h). version: of the program. The maps' errors are those of independent runs: single realisations of cells are in no file. */
UXO_MUST_USE uxo_status uxo_compare_write(const uxo_compare *self, uxo_result *first, uxo_result *second,
                                          const char *path, const char *version, uxo_report *report);

#endif
