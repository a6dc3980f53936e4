/* expected.h - TEMPORARY: declares the maps of `expected-value` for the call in maps.c until that estimator's branch
 * brings its own header of this name. Weak, because nothing defines it yet; the schema lets no scenario get there. */
#ifndef UXOSIM_ENGINE_EXPECTED_H
#define UXOSIM_ENGINE_EXPECTED_H

#include "uxosim/engine.h"

__attribute__((weak)) UXO_MUST_USE uxo_status uxo_expected_maps(const uxo_scenario *scenario,
                                                                const uxo_engine_options *options, uxo_outcome *outcome,
                                                                const uxo_map_sink *sink, uxo_report *report);

#endif
