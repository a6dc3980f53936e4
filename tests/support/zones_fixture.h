/* zones_fixture.h - zones of a scenario in memory, by a function of the cell: no files, no GDAL. */
#ifndef UXOSIM_TESTS_ZONES_FIXTURE_H
#define UXOSIM_TESTS_ZONES_FIXTURE_H

#include "uxosim/scenario.h"

/* 255ths of a cell that a zone of a set has. */
typedef uint32_t zones_fixture_weight(uint32_t set, uint32_t zone, uint32_t ix, uint32_t iy);

/* Adds sets "set0", "set1" ... of so many zones "zone 0", "zone 1" ... each. What no zone has is outside: 255 less the largest weight.
 * Freed by uxo_zones_free(&scenario->zones). */
void zones_fixture_add(uxo_scenario *scenario, uint32_t sets, uint32_t zones, zones_fixture_weight *weight);

#endif
