/* until.h - run.until: whether the relative standard errors are small enough yet. */
#ifndef UXOSIM_ENGINE_UNTIL_H
#define UXOSIM_ENGINE_UNTIL_H

#include "uxosim/engine.h"

/* Realisations at which it is tested first; then at twice as many each time. */
enum { UXO_UNTIL_FIRST = 1000 };

/* Measures the errors of the outcome so far into outcome->until: those of the maps only where those of the districts are
 * small enough and those of the maps are not expected to be too large still. */
UXO_MUST_USE uxo_status uxo_until_measure(const uxo_scenario *scenario, const uxo_engine_options *options,
                                          uxo_outcome *outcome, uxo_report *report);

#endif
