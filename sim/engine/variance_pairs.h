/* variance_pairs.h - the realisations behind include/uxosim/variance.h. */
#ifndef UXOSIM_ENGINE_VARIANCE_PAIRS_H
#define UXOSIM_ENGINE_VARIANCE_PAIRS_H

#include "uxosim/engine.h"

/* Fills outcome->variance from scenario->variance_realisations pairs; nothing where that is 0. */
UXO_MUST_USE uxo_status uxo_variance_find(const uxo_scenario *scenario, const uxo_engine_options *options,
                                          uxo_outcome *outcome, uxo_report *report);

#endif
