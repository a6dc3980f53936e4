/* result_surface.h - private to sim/result: ground and clearance cell by cell, kept so that realisations can be drawn again. */
#ifndef UXOSIM_RESULT_SURFACE_H
#define UXOSIM_RESULT_SURFACE_H

#include "result_parts.h"

/* A quantity as numbers: form, level, whole numbers or not, least, most, three parameters, number of choices, their values, their weights. */
enum { SURFACE_QUANTITY_NUMBERS = 9 + 2 * UXO_MAX_CHOICES };

/* Does nothing for a scenario without a surface. */
void result_write_surface(h5_output *out, const uxo_scenario *scenario);

bool result_has_surface(const uxo_result *self);
/* The same again but for areas, which nothing is drawn from. `out` is to be freed, and is empty after an error. */
UXO_MUST_USE uxo_status result_read_surface(uxo_result *self, uxo_surface *out, uxo_report *report);

#endif
