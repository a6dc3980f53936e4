/* expected_maps.h - private to the maps of `expected-value`: containment. */
#ifndef UXOSIM_ENGINE_EXPECTED_MAPS_H
#define UXOSIM_ENGINE_EXPECTED_MAPS_H

#include "expected_chunk.h"

/* Share of all expected duds in cells at least as dense as a cell, from the means of all tiles. Cells whose means agree
 * to one part in 4096 are contained together. */
typedef struct uxo_containment {
    double *share; /* by bin of the mean's bits */
    float whole;   /* share of a cell with nothing in it: all that lies on the grid; NaN: there is nothing */
} uxo_containment;

UXO_MUST_USE uxo_status uxo_containment_make(uxo_containment *self, const uxo_chunk_plan *plan, double total,
                                             uxo_report *report);
void uxo_containment_free(uxo_containment *self);
float uxo_containment_of(const uxo_containment *self, float mean);

/* The layer of it: opened, computed, stored. */
UXO_MUST_USE uxo_status uxo_containment_maps(const uxo_chunk_plan *plan, const uxo_engine_options *options, double total,
                                             uxo_report *report);

#endif
