/* sweep_private.h - what the parts of the reader of sweep files share. Not for other modules. */
#ifndef UXOSIM_SWEEP_PRIVATE_H
#define UXOSIM_SWEEP_PRIVATE_H

#include "uxosim/schema.h"
#include "uxosim/sweep.h"

enum { SWEEP_PATH = 256, SWEEP_SCHEMA_PATH = SWEEP_PATH + 16 };

/* The key of an axis, found in the table of keys. */
typedef struct sweep_target {
    uxo_document document;
    char path[SWEEP_SCHEMA_PATH]; /* in that document: "strikes.defaults.carriers", "munitions.*.dud_rate" */
    const uxo_key_row *row;
    bool inside; /* the key is a part of what the row takes: a parameter of a distribution */
} sweep_target;

/* Finds the key and refuses what must not vary, with the reason. False after a complaint. */
bool sweep_find_target(const uxo_node *key, sweep_target *out, uxo_report *report);

/* Values or distribution of an axis. False after a complaint; *out is to be freed by sweep_free_axis all the same. */
bool sweep_read_axis(const uxo_node *node, bool only_values, uxo_sweep_axis *out, uxo_report *report);
void sweep_free_axis(uxo_sweep_axis *self);

/* Is `value` what the key takes? Complains otherwise. What is put into a mapping (`as`) is looked at with the whole scenario only. */
void sweep_check_value(const uxo_node *value, const sweep_target *target, bool within, uxo_report *report);

/* Complains of scenarios that are there twice, by the values of the axes, which were read without an error; warns of axes that do not vary. False:
 * out of memory. */
bool sweep_check_twins(const uxo_sweep *sweep, const uxo_node *axes, uxo_design_kind kind, uxo_report *report);

#endif
