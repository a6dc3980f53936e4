/* sweep_sensitivity.h - what a sweep's outputs hang on, as table, CSV, JSON and figures. */
#ifndef UXOSIM_TOOLS_SWEEP_SENSITIVITY_H
#define UXOSIM_TOOLS_SWEEP_SENSITIVITY_H

#include <stdio.h>

#include "uxosim/sweep_sensitivity.h"

typedef enum sensitivity_format {
    SENSITIVITY_TABLE,
    SENSITIVITY_CSV,
    SENSITIVITY_JSON,
    SENSITIVITY_FORMATS
} sensitivity_format;

/* differences: those from the baseline instead of what the design gives. Errors  those of uxo_sweep_sensitivity_differences. */
UXO_MUST_USE uxo_status sweep_sensitivity_write(uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep,
                                                bool differences, sensitivity_format format, FILE *out,
                                                uxo_report *report);

/* What is to be read below the table. */
void sweep_sensitivity_explain(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, bool differences,
                               FILE *out);

/* Writes <folder>/chart-sensitivity.png, .svg and .pdf, of the total, or chart-sensitivity-N of row N (from 1) of the table: indices, coefficients or
 * a tornado. UXO_ERR_DATA: nothing varies. */
UXO_MUST_USE uxo_status sweep_sensitivity_figures(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep,
                                                  uint32_t row, const char *folder, const char *program,
                                                  uxo_report *report);

/* "an axis = its value", or for several "scenario 12"; room for SENSITIVITY_LABEL. */
enum { SENSITIVITY_LABEL = 160 };
void sweep_effect_label(const uxo_sweep_result *sweep, const uxo_sweep_effect *effect, char text[SENSITIVITY_LABEL]);

#endif
