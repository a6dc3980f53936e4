/* work_state.h - how far the realisations of a run are, and all that they have given, to a store and back. */
#ifndef UXOSIM_ENGINE_WORK_STATE_H
#define UXOSIM_ENGINE_WORK_STATE_H

#include "uxosim/engine.h"

/* Keeps what the outcome holds; options->store is there and not complete. Errors: of the store; what it held before is then still there. */
UXO_MUST_USE uxo_status uxo_work_save(const uxo_scenario *scenario, const uxo_engine_options *options,
                                      uxo_outcome *outcome, uxo_report *report);

/* Into an outcome that has no realisations yet: what the store holds, of several parts added up. Nothing where it holds nothing; with a
 * store that is complete that is an error, and so are realisations that are missing. */
UXO_MUST_USE uxo_status uxo_work_load(const uxo_scenario *scenario, const uxo_engine_options *options,
                                      uxo_outcome *outcome, uxo_report *report);

#endif
