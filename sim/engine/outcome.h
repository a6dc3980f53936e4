/* outcome.h - the inside of uxo_outcome, for the engine only. */
#ifndef UXOSIM_ENGINE_OUTCOME_H
#define UXOSIM_ENGINE_OUTCOME_H

#include "uxosim/engine.h"

UXO_MUST_USE uxo_status uxo_outcome_init(uxo_outcome *self, const uxo_scenario *scenario, uxo_report *report);

/* Fills contained_sum, contained_share and duds_per_hit from the tallies. */
UXO_MUST_USE uxo_status uxo_outcome_rank_cells(uxo_outcome *self, uxo_report *report);

#endif
