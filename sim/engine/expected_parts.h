/* expected_parts.h - which part of a run makes which chunks of the map: parts of about equal work, each a row of neighbours, so that few strikes have
 * to be drawn for more than one part. A function of the scenario alone. */
#ifndef UXOSIM_ENGINE_EXPECTED_PARTS_H
#define UXOSIM_ENGINE_EXPECTED_PARTS_H

#include "uxosim/maps.h"

/* Work that the chunks of the map take, [chunks] row by row, in thousandths of a tile that a carrier reaches in every realisation. NULL: out of
 * memory. Owned by the caller. */
uint64_t *uxo_chunk_weights(const uxo_scenario *scenario);

/* The chunks of part `part` of `parts`: *first .. *end - 1. Parts follow each other without a gap; the heaviest is as light as can be. Some are
 * empty where there are more parts than chunks. */
void uxo_chunk_share(const uint64_t *weight, size_t chunks, uint32_t part, uint32_t parts, size_t *first, size_t *end);

#endif
