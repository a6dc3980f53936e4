/* expected.h - the estimator `expected-value`: conditional Monte Carlo. Given the carriers of a realisation the duds of a
 * cell are a sum of independent trials with known chances; those are integrated instead of drawn.
 *
 * expected_maps       bands of the map, chunks, containment
 * expected_pieces     the chunks of a band, shared out among threads
 * expected_chunk      the pieces of one chunk: tiles, and units of samples
 * expected_planes     the planes of one chunk, put together from them
 * expected_means      what its means are wanted for beside: sums, points, containment
 * expected_stored, _record, _parts   chunks in a work store: which are there, as bytes, whose they are
 * expected_table      carriers of all realisations as gaussians, by tile
 * expected_tile, _order, _marginal   one tile: sums over realisations, quantiles, closed form
 * expected_blocks     districts and affected area of each realisation
 * expected_surface, expected_squares_kinds, _field   ground and clearance on tiles, and on squares
 */
#ifndef UXOSIM_ENGINE_EXPECTED_H
#define UXOSIM_ENGINE_EXPECTED_H

#include "uxosim/engine.h"

/* The maps. Fills outcome->map_check. */
UXO_MUST_USE uxo_status uxo_expected_maps(const uxo_scenario *scenario, const uxo_engine_options *options,
                                          uxo_outcome *outcome, const uxo_map_sink *sink, uxo_report *report);

/* Districts and affected area: outcome->conditional, affected_ha, people_affected, of realisations *done .. end - 1,
 * whose campaign draws and given means are known; of fewer where it is time to keep what is known or to stop. *done is then behind the last. */
UXO_MUST_USE uxo_status uxo_expected_blocks(const uxo_scenario *scenario, const uxo_engine_options *options,
                                            uxo_outcome *outcome, uint32_t *done, uint32_t end, uxo_report *report);
/* After the last of them: outcome->mixed, between_kinds and those of the zones, from their integers. */
void uxo_expected_share(uxo_outcome *outcome);

#endif
