/* outcome.h - the inside of uxo_outcome, for the engine only. */
#ifndef UXOSIM_ENGINE_OUTCOME_H
#define UXOSIM_ENGINE_OUTCOME_H

#include "uxosim/engine.h"

UXO_MUST_USE uxo_status uxo_outcome_init(uxo_outcome *self, const uxo_scenario *scenario, uxo_report *report);

/* Makes room for `to` rows where there was room for `from`, and clears what is new. table: the address of a pointer of any type. */
UXO_MUST_USE bool uxo_grow_rows(void *table, uint32_t from, uint32_t to, size_t row_bytes);

/* What is found in zones: memory (outcome_zones.c). False: out of memory. */
UXO_MUST_USE bool uxo_zone_outcome_init(uxo_zone_outcome *self, const uxo_scenario *scenario);
UXO_MUST_USE bool uxo_zone_outcome_grow(uxo_zone_outcome *self, const uxo_scenario *scenario, uint32_t from,
                                        uint32_t to);
void uxo_zone_outcome_free(uxo_zone_outcome *self);

/* Makes room for so many realisations, more than there are; what is known stays. */
UXO_MUST_USE uxo_status uxo_outcome_grow(uxo_outcome *self, const uxo_scenario *scenario, uint32_t realisations,
                                         uxo_report *report);

/* Duds expected in a realisation by `expected-value`, given all its draws but the last. */
double uxo_outcome_given(const uxo_outcome *self, uint32_t realisation);

/* Fills contained_sum, contained_share and duds_per_hit from the tallies. */
UXO_MUST_USE uxo_status uxo_outcome_rank_cells(uxo_outcome *self, uxo_report *report);

/* What is stated instead of 0 where no realisation (or every one) was a hit: the standard error of a proportion at its 95 % upper
 * limit, 1 - 0.05^(1/R), about 3/R; R as weighted. A nominal figure, not a limit of the error: a strike that was never drawn is not known to it. */
double uxo_outcome_nominal_error(double realisations);

/* Mean over realisations of the chance of an accident with a dud in a cell, first year; where there are people. With activities that keep
 * to ground classes only for tiles of one kind of surface. */
double uxo_outcome_chance(const uxo_scenario *scenario, const uxo_outcome *outcome, size_t tile, uint32_t cell);

/* The layer of it in a cell, from the density of duds there. */
float uxo_outcome_accident_density(const uxo_scenario *scenario, const uxo_outcome *outcome, size_t tile, uint32_t cell,
                                   float duds);
/* Memory for points that have to say what is to be expected in cells of several kinds of surface. */
bool uxo_outcome_accident_parts(uxo_outcome *self, const uxo_scenario *scenario);
void uxo_outcome_free_accidents(uxo_outcome *self);

#endif
