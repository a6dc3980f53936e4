/* distribution_private.h - what the parts of the distribution reader share. Not for other modules. */
#ifndef UXOSIM_DISTRIBUTION_PRIVATE_H
#define UXOSIM_DISTRIBUTION_PRIVATE_H

#include "uxosim/distribution.h"

typedef struct uxo_distribution_context {
    const uxo_node *form; /* value of the form's key */
    const uxo_key_row *row;
    uxo_quantity *out;
    uxo_report *report;
} uxo_distribution_context;

/* Reads the form that the node's key names; false after an error. */
bool uxo_distribution_read_form(const uxo_distribution_context *self);

/* Weights of a mapping {a: 0.6, b: 0.4}, as uxo_distribution_read_weights. */
bool uxo_distribution_weights(const uxo_node *map, const uxo_key_row *row, const char **word, double *weight,
                              uint32_t *count, uxo_report *report);

/* Logarithmic mean and sd of the log-normal with these 5 % and 95 % points, rounded to 10 digits. */
void uxo_distribution_lognormal_from_interval(double q05, double q95, double *mean, double *sd);

#endif
