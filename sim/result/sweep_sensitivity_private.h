/* sweep_sensitivity_private.h - private to sweep_sensitivity*.c: outputs of all scenarios with what is known of their noise. */
#ifndef UXOSIM_RESULT_SWEEP_SENSITIVITY_PRIVATE_H
#define UXOSIM_RESULT_SWEEP_SENSITIVITY_PRIVATE_H

#include "uxosim/sweep_sensitivity.h"

/* Batches of realisations: blocks put together, so that leaving out one after the other does not take long. */
enum { SWEEP_BATCHES = 20 };

/* A column, all scenarios. Owned but for the file's own. */
typedef struct sweep_outputs {
    uxo_sweep_result *sweep;
    const uxo_sweep_facts *facts;
    const double *value, *error;   /* [scenarios][rows]; error NULL: not in the file */
    const char *paired;            /* "duds", "accidents"; NULL: blocks are not of this column */
    uint32_t batches;              /* 0: not known */
    double weight[SWEEP_BATCHES];  /* realisations */
    uint32_t first_row, row_count; /* of which batches are loaded */
    double *batch;                 /* [row_count][scenarios][batches] */
} sweep_outputs;

UXO_MUST_USE uxo_status sweep_outputs_open(sweep_outputs *self, uxo_sweep_result *sweep, const char *column,
                                           uxo_report *report);
/* Loads the batches of rows from `row` on, as many as are worth it, unless they are there. */
UXO_MUST_USE uxo_status sweep_outputs_load(sweep_outputs *self, uint32_t row, uxo_report *report);
void sweep_outputs_free(sweep_outputs *self);

static inline double sweep_output(const sweep_outputs *self, uint32_t scenario, uint32_t row)
{
    return self->value[(size_t)scenario * self->facts->rows + row];
}

/* Of a row whose batches are loaded; NULL: not known. */
static inline const double *sweep_output_batches(const sweep_outputs *self, uint32_t scenario, uint32_t row)
{
    return self->batches > 0
               ? self->batch + ((size_t)(row - self->first_row) * self->facts->scenarios + scenario) * self->batches
               : NULL;
}

/* The design of a file whose extents fit it: what follows relies on them. UXO_ERR_DATA: they do not. */
UXO_MUST_USE uxo_status sweep_check_design(const uxo_sweep_result *sweep, uxo_design_kind *kind, uxo_report *report);

/* Of a grid: values of an axis; scenarios from one value to the next, the last axis changing fastest; are its scenarios as many as these give? */
uint32_t sweep_grid_levels(const uxo_sweep_result *sweep, uint32_t axis);
uint32_t sweep_grid_stride(const uxo_sweep_result *sweep, uint32_t axis);
bool sweep_grid_fits(const uxo_sweep_result *sweep);

/* Maps of effects of a grid, or of differences from the reference; see uxo_sweep_sensitivity_maps. The design and the layer have been checked. */
UXO_MUST_USE uxo_status sweep_contrast_maps(uxo_sweep_result *sweep, const char *layer, bool differences,
                                            const char *path, const char *version, uxo_report *report);

/* Effects of a row of a grid or a list. */
UXO_MUST_USE uxo_status sweep_effects_count(uxo_sweep_sensitivity *self, const sweep_outputs *outputs,
                                            uxo_report *report);
/* Where the scenarios of the design lie on its axes, for a regression: [design_scenarios][parameters]; constant on axes without order. Owned by
 * the caller; NULL: out of memory. */
double *sweep_axis_places(const uxo_sweep_result *sweep);
/* Difference of two scenarios; unpaired where batches are not known. */
uxo_sweep_effect sweep_difference(const sweep_outputs *outputs, uint32_t row, uint32_t scenario, uint32_t reference);
/* Is any effect of a filled row known? */
bool sweep_effects_known(const uxo_sweep_sensitivity *self, uint32_t row);
void sweep_effects_fill(uxo_sweep_sensitivity *self, const sweep_outputs *outputs, uint32_t row);

#endif
