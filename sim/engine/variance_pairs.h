/* variance_pairs.h - the realisations behind include/uxosim/variance.h. */
#ifndef UXOSIM_ENGINE_VARIANCE_PAIRS_H
#define UXOSIM_ENGINE_VARIANCE_PAIRS_H

#include "uxosim/engine.h"

/* Pairs of realisations that the run wants; 0: too few for an error. All realisations are known. */
uint32_t uxo_variance_pairs(const uxo_scenario *scenario, const uxo_outcome *outcome);

/* outcome->pairs. */
UXO_MUST_USE uxo_status uxo_variance_make_room(uxo_outcome *outcome, uint32_t pairs, uxo_report *report);
/* Bytes of one pair there; a multiple of 8. */
size_t uxo_variance_row_bytes(const uxo_outcome *outcome);

/* Counts pairs *done .. end - 1; fewer where it is time to keep what is known or to stop. *done is then behind the last. */
UXO_MUST_USE uxo_status uxo_variance_count(const uxo_scenario *scenario, const uxo_engine_options *options,
                                           uxo_outcome *outcome, uint32_t *done, uint32_t end, uxo_report *report);

/* Fills outcome->variance from all pairs; nothing where there are none. */
UXO_MUST_USE uxo_status uxo_variance_find(const uxo_scenario *scenario, uxo_outcome *outcome, uxo_report *report);

#endif
