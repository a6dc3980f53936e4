/* background_private.h - reading of the section `background`. Private to sim/scenario. */
#ifndef UXOSIM_BACKGROUND_PRIVATE_H
#define UXOSIM_BACKGROUND_PRIVATE_H

#include "uxosim/background.h"
#include "uxosim/yaml.h"

/* From a section that passed the schema. Its errors are in the report. */
UXO_MUST_USE uxo_status background_read(uxo_background *self, const uxo_node *section, const uxo_grid *grid,
                                        const uxo_catalogue *catalogue, uxo_report *report);

#endif
