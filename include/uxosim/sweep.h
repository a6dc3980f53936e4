/* sweep.h - a sweep file: which scenarios come out of a base scenario, and what each of them sets.
 *
 * Scenarios are numbered from 0: the points of the design (design.h), then the baseline where there is one. What a scenario sets is a list of
 * assignments as `--set` takes them, a function of the file and the number alone. Only what is assumed may vary: model, exposure, clearance,
 * the grid; not what was reported, nor what would make a comparison of scenarios one of different draws. Not here: running them.
 */
#ifndef UXOSIM_SWEEP_H
#define UXOSIM_SWEEP_H

#include "uxosim/design.h"
#include "uxosim/quantity.h"
#include "uxosim/yaml.h"

/* One axis. Owned. */
typedef struct uxo_sweep_axis {
    char *name, *key;
    char **value; /* [value_count] YAML in flow style; NULL: a distribution */
    uint32_t value_count;
    uxo_quantity quantity;
    char *before,
        *after;      /* what stands about the value in the assignment: "{beta: {mean: " and ", concentration: 20}}" */
    bool moves_grid; /* the key is of the grid: maps of two scenarios need not fit */
    uxo_place place; /* of its name in the file */
    char *excerpt;   /* the line there; NULL: not at hand */
} uxo_sweep_axis;

/* Owned. */
typedef struct uxo_sweep {
    char *path; /* of the file, as it was called */
    char *text; /* of the file */
    char *title;
    char *base;   /* path of the base scenario, from the current folder */
    char *output; /* the folder, from the current folder */
    uint64_t seed;
    uxo_design design;
    uxo_sweep_axis *axis; /* [axis_count] in the order of the file */
    uint32_t axis_count;
    bool has_baseline;
    char **baseline; /* [axis_count]; NULL: as in the base scenario */
    char **layer;    /* [layer_count] */
    uint32_t layer_count;
} uxo_sweep;

/* Reads and checks the file, all errors together; the base scenario is not read. Free also after an error. UXO_ERR_NOINPUT, UXO_ERR_DATA,
 * UXO_ERR_MEMORY. */
UXO_MUST_USE uxo_status uxo_sweep_read(uxo_sweep *self, const char *path, uxo_report *report);
void uxo_sweep_free(uxo_sweep *self);

/* Scenarios, the baseline included. */
uint32_t uxo_sweep_scenarios(const uxo_sweep *self);

/* Value of an axis in a scenario as YAML in flow style; "" where the baseline leaves it as in the base. To be freed; NULL: out of memory. */
char *uxo_sweep_value(const uxo_sweep *self, uint32_t scenario, uint32_t axis);
/* The same as a number; NaN where it is none. */
double uxo_sweep_number(const uxo_sweep *self, uint32_t scenario, uint32_t axis);
/* Coordinate of the design, in (0, 1); NaN for the baseline. */
double uxo_sweep_point(const uxo_sweep *self, uint32_t scenario, uint32_t axis);

/* Which of the values of an axis it is; UINT32_MAX: the axis has a distribution, or the scenario is the baseline. */
uint32_t uxo_sweep_level(const uxo_sweep *self, uint32_t scenario, uint32_t axis);

/* What a scenario sets, in the order of the axes; behind them what all of a sweep set: no shares of
 * variance, whose draws nobody reads, and the layers.
 * Owned. */
typedef struct uxo_sweep_sets {
    char **item;
    size_t count;
} uxo_sweep_sets;

UXO_MUST_USE uxo_status uxo_sweep_sets_of(const uxo_sweep *self, uint32_t scenario, uxo_sweep_sets *out,
                                          uxo_report *report);
/* The same with the value of one axis as it is in scenario `other`: what that axis alone changes. */
UXO_MUST_USE uxo_status uxo_sweep_sets_with(const uxo_sweep *self, uint32_t scenario, uint32_t axis, uint32_t other,
                                            uxo_sweep_sets *out, uxo_report *report);
void uxo_sweep_sets_free(uxo_sweep_sets *self);

#endif
