/* redraw.h - realisations of a run drawn again, one by one: what lay where in each of them.
 *
 * The scenario is the one that was run, or what uxo_result_scenario makes of a result. Every draw is a function of its address, so any
 * realisation can be had without the others, on any machine. Not here: averages over realisations (engine.h).
 */
#ifndef UXOSIM_REDRAW_H
#define UXOSIM_REDRAW_H

#include "uxosim/engine.h"

/* The conditional density on a tile in realisations first .. end - 1, as the maps of `expected-value` are made of: what is expected there
 * given all draws of a realisation but the last, which is where each dud lies. Either estimator draws the same carriers.
 *
 *   options         kernels and stop; one thread
 *   tile_x, tile_y  of the grid, from the north-west
 *   duds_per_cell   out  [end - first][UXO_TILE_CELLS], row-major, row 0 north; cells beyond the grid's edge hold what lies there
 *
 * Errors  UXO_ERR_USAGE: there is no such tile; UXO_ERR_MEMORY, UXO_ERR_INTERRUPTED
 */
UXO_MUST_USE uxo_status uxo_redraw_tile(const uxo_scenario *scenario, const uxo_engine_options *options, uint32_t first,
                                        uint32_t end, uint32_t tile_x, uint32_t tile_y, float *duds_per_cell,
                                        uxo_report *report);

/* What uxo_outcome.given_mean says of realisations first .. end - 1: the same bits, if the draws are the same. `campaign`, if it is not
 * NULL, gets their campaign draws, [end - first][campaign_count]. */
UXO_MUST_USE uxo_status uxo_redraw_given(const uxo_scenario *scenario, const uxo_engine_options *options,
                                         uint32_t first, uint32_t end, double *given, double *campaign,
                                         uxo_report *report);

#endif
