/* expected_record.h - a chunk of the map as bytes that a run keeps, see work_store.h: its packed planes, and what else its means are wanted for. */
#ifndef UXOSIM_ENGINE_EXPECTED_RECORD_H
#define UXOSIM_ENGINE_EXPECTED_RECORD_H

#include "expected_planes.h"

/* What is kept of a chunk. chunk: NULL: nothing lies on it. NULL: out of memory. Owned by the caller. */
void *uxo_chunk_record_make(const uxo_made_chunk *chunk, const uxo_chunk_plan *plan, uint32_t chunk_x, uint32_t chunk_y,
                            size_t *size);

/* The chunk of such bytes; NULL in *out: nothing lies on it. UXO_ERR_DATA, without a message: they are not of this chunk of this map.
 * UXO_ERR_MEMORY. */
UXO_MUST_USE uxo_status uxo_chunk_record_read(const void *bytes, size_t size, const uxo_chunk_plan *plan,
                                              uint32_t chunk_x, uint32_t chunk_y, uxo_made_chunk **out);

#endif
