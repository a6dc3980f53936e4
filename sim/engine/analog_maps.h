/* analog_maps.h - the maps of the estimator `analog`, from its tallies. */
#ifndef UXOSIM_ENGINE_ANALOG_MAPS_H
#define UXOSIM_ENGINE_ANALOG_MAPS_H

#include "uxosim/engine.h"

/* uxo_engine_maps for `analog`. */
UXO_MUST_USE uxo_status uxo_analog_maps(const uxo_scenario *scenario, const uxo_engine_options *options,
                                        const uxo_outcome *outcome, const uxo_map_sink *sink, uxo_report *report);

#endif
