/* sweep_maps.h - the maps of one scenario of a sweep, as they come from the engine: packed chunks in one block of bytes. */
#ifndef UXOSIM_SWEEP_MAPS_H
#define UXOSIM_SWEEP_MAPS_H

#include "uxosim/engine.h"

/* Computes the layers that the scenario asks for, which have one plane each, and packs them as the collected file stores them. bytes: the
 * caller's. Errors as of uxo_engine_maps. */
UXO_MUST_USE uxo_status uxo_sweep_maps_compute(const uxo_scenario *scenario, const uxo_engine_options *options,
                                               uxo_outcome *outcome, void **bytes, size_t *size, uxo_report *report);

#endif
