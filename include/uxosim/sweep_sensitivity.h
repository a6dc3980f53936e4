/* sweep_sensitivity.h - what an output of a collected sweep owes to its axes, row by row, and how scenarios differ from the baseline.
 *
 * What is said depends on the design:
 *   sobol            first-order and total Sobol' indices (second order if the design has it), with intervals (sensitivity.h)
 *   latin hypercube  standardised rank regression coefficients, on the values of the axes, with intervals and what they explain; no indices, which
 *                    such a design does not give, and no coefficients of values without order
 *   grid             for each value of an axis its output less the mean over the axis' values, averaged over all values of the others; of missing
 *                    scenarios the others that differ from them in this axis alone are left out too (sets), or effects would mix axes
 *   list             for each scenario its difference from the reference: the baseline, or the first scenario
 * Noise   scenarios share random numbers; `dud_expectation_mean` and `accident_expectation_mean` come with means over blocks of realisations, from
 *         which indices without noise, and paired errors of effects and differences are had. Of other columns indices are those of the outputs
 *         as simulated, and errors of differences those of independent runs, which is too large
 *
 * Not here: printing.
 */
#ifndef UXOSIM_SWEEP_SENSITIVITY_H
#define UXOSIM_SWEEP_SENSITIVITY_H

#include "uxosim/design.h"
#include "uxosim/result_sweep.h"
#include "uxosim/sensitivity.h"

/* Difference of scenarios, or of means of scenarios, from a reference. */
typedef struct uxo_sweep_effect {
    uint32_t axis;            /* UINT32_MAX: more than one differs from the reference */
    uint32_t scenario;        /* of a list, and of differences; of a grid the first scenario with this value */
    double difference, error; /* error: standard error by common random numbers; NaN: not known */
    double
        half; /* half the width of the 95 % interval: Student's of the batches that tell the error, else 1.96 errors */
    double reference; /* what it is a difference from: mean over these sets, or output of the reference */
    uint32_t sets,
        sets_of; /* of a grid: combinations of the other axes that have all values of this one, of how many; else 0 */
} uxo_sweep_effect;

/* One row of the table. */
typedef struct uxo_sweep_row {
    bool known;                      /* false: the column has no meaning for it, or too few scenarios have a number */
    double mean;                     /* over the scenarios that were used */
    double reference;                /* of effects: what they are differences from; NaN: not the same for all */
    uxo_sensitivity index;           /* sobol */
    uxo_sensitivity_regression rank; /* latin hypercube */
    uxo_sweep_effect *effect;        /* [effects] grid, list */
} uxo_sweep_row;

/* What the values of an axis are, for coefficients, which need an order. */
typedef enum uxo_sweep_axis_kind {
    UXO_SWEEP_AXIS_NUMBERS,    /* in their order, however the sweep file lists them */
    UXO_SWEEP_AXIS_TWO_VALUES, /* such as two files: the second that is listed against the first */
    UXO_SWEEP_AXIS_NO_ORDER    /* more than two that are not all numbers: no coefficient */
} uxo_sweep_axis_kind;

/* Owned. The sweep has to stay open. */
typedef struct uxo_sweep_sensitivity {
    uxo_design_kind design;
    char column[64];
    uint32_t batches; /* of realisations, that tell noise and errors of differences; 0: none, or too few blocks */
    bool paired;      /* there are batches */
    uint32_t axes, rows;
    size_t effects;                /* of each row; 0 for sobol and latin hypercubes */
    size_t baselines;              /* scenarios of the design; 0: no baseline */
    uint32_t missing;              /* scenarios */
    int64_t reference;             /* of a list: scenario; -1: none */
    uxo_sweep_row *row;            /* [rows] */
    uxo_sweep_effect *difference;  /* [baselines] of the row that was asked for last; NULL: of none yet */
    struct sweep_outputs *outputs; /* private */
} uxo_sweep_sensitivity;

/* column: of /districts, such as "dud_expectation_mean". The seed of the bootstrap is that of the design.
 * Errors  UXO_ERR_USAGE: no such column, with those that there are; UXO_ERR_DATA: too few scenarios for the total, the
 * reference of a list is missing; UXO_ERR_MEMORY. */
UXO_MUST_USE uxo_status uxo_sweep_sensitivity_make(uxo_sweep_sensitivity *self, uxo_sweep_result *sweep,
                                                   const char *column, uxo_report *report);
/* Difference of each scenario of the design from the baseline in one row: fills self->difference, in place of those of another row. All rows at once
 * would take 48 bytes for each row and scenario. Errors  UXO_ERR_MEMORY, UXO_ERR_IO. Requires self->baselines > 0. */
UXO_MUST_USE uxo_status uxo_sweep_sensitivity_differences(uxo_sweep_sensitivity *self, uint32_t row,
                                                          uxo_report *report);
/* value: two scenarios that have the values of an axis of UXO_SWEEP_AXIS_TWO_VALUES, in the order of the sweep file; else not set. */
uxo_sweep_axis_kind uxo_sweep_axis_kind_of(const uxo_sweep_result *sweep, uint32_t axis, uint32_t value[2]);
/* The missing scenarios by their numbers from 1, "3, 7, 12 and 5 others", for messages. */
enum { UXO_SWEEP_MISSING_TEXT = 128 };
void uxo_sweep_sensitivity_missing(const uxo_sweep_result *sweep, char text[UXO_SWEEP_MISSING_TEXT]);
void uxo_sweep_sensitivity_free(uxo_sweep_sensitivity *self);

/* Maps of a layer that the sweep kept.
 *
 * sobol            indices, with standard errors by the delta method: first_order_AXIS, total_AXIS and ..._standard_error; NaN where nothing varies.
 *                  Noise is not taken off. Memory: 256 MiB, from about 1,000 scenarios on up to 1 GiB. Each chunk of a scenario's map is
 *                  inflated once up to 4,096 scenarios, from there on once for every 4,096
 * grid             effect_AXIS_K of the K-th value of each axis, as in the table, whose effects their sum over the cells of a district is
 * list, or differences from the baseline for any design (`differences`): difference_K of scenario K from the reference
 * latin hypercube  none: refused
 * Effects and differences have ..._standard_error where the sweep kept LAYER_standard_error, as if scenarios were independent runs: they share
 * random numbers, so that it is too large. At most 100 of them.
 *
 * Errors  UXO_ERR_USAGE: no such layer, no baseline, a latin hypercube, too many maps; UXO_ERR_DATA: too few scenarios are there, a design that does
 *         not fit; those of uxo_map_file_write. */
UXO_MUST_USE uxo_status uxo_sweep_sensitivity_maps(uxo_sweep_result *sweep, const char *layer, bool differences,
                                                   const char *path, const char *version, uxo_report *report);

#endif
