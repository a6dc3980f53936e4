/* expected_stored.c - chunks of the map and the store that a run keeps its work in: which of them are there, which this run is to make, how they get
 * in and out. Not here: their bytes (expected_record.c), whose they are in a run of several parts (expected_parts.c). */
#include <stdlib.h>

#include "expected_maps.h"
#include "expected_parts.h"
#include "expected_record.h"

/* Of the final maps; see UXO_WORK_CHUNK. */
enum { OF_FINAL_MAPS = 0 };

static uint32_t index_of(const uxo_maps_run *self, uint32_t chunk_x, uint32_t chunk_y)
{
    return chunk_y * uxo_chunks_x(&self->plan.scenario->grid) + chunk_x;
}

uxo_chunk_state uxo_maps_state(const uxo_maps_run *self, uint32_t chunk_x, uint32_t chunk_y)
{
    return self->state != NULL ? self->state[index_of(self, chunk_x, chunk_y)] : UXO_CHUNK_TO_MAKE;
}

uint32_t uxo_maps_to_make(const uxo_maps_run *self, uxo_chunk_box box)
{
    const size_t across = (size_t)uxo_chunks_x(&self->plan.scenario->grid) + 1;
    if (self->state == NULL) {
        return (box.end_x - box.first_x) * (box.end_y - box.first_y);
    }
    return self->to_make[box.end_y * across + box.end_x] - self->to_make[box.first_y * across + box.end_x] -
           self->to_make[box.end_y * across + box.first_x] + self->to_make[box.first_y * across + box.first_x];
}

static void count_to_make(uxo_maps_run *self)
{
    const uint32_t chunks_x = uxo_chunks_x(&self->plan.scenario->grid);
    const uint32_t chunks_y = uxo_chunks_y(&self->plan.scenario->grid);
    const size_t across = (size_t)chunks_x + 1;
    for (uint32_t y = 0; y < chunks_y; y++) {
        for (uint32_t x = 0; x < chunks_x; x++) {
            uint32_t *const corner = &self->to_make[(y + 1) * across + x + 1];
            *corner = *(corner - 1) + *(corner - across) - *(corner - across - 1) +
                      (uxo_maps_state(self, x, y) == UXO_CHUNK_TO_MAKE);
        }
    }
}

/* Where everything has been done nothing is looked for before its turn: it has to be there. */
static uxo_status find_states(uxo_maps_run *self, size_t chunks, uxo_report *report)
{
    size_t first = 0, end = chunks;
    if (self->store->parts > 1 && !self->store->complete) {
        uint64_t *const weight = uxo_chunk_weights(self->plan.scenario);
        if (weight == NULL) {
            return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the maps");
        }
        uxo_chunk_share(weight, chunks, self->store->part, self->store->parts, &first, &end);
        free(weight);
    }
    for (size_t c = 0; c < chunks; c++) {
        const bool mine = c >= first && c < end;
        const bool found = mine && (self->store->complete ||
                                    self->store->has(self->store->user, UXO_WORK_CHUNK, (uint32_t)c, OF_FINAL_MAPS, 0));
        self->state[c] = !mine ? UXO_CHUNK_ELSEWHERE : found ? UXO_CHUNK_KEPT : UXO_CHUNK_TO_MAKE;
    }
    return UXO_OK;
}

uxo_status uxo_maps_look_up(uxo_maps_run *self, uxo_report *report)
{
    const uxo_grid *const grid = &self->plan.scenario->grid;
    const size_t chunks = (size_t)uxo_chunks_x(grid) * uxo_chunks_y(grid);
    if (self->store == NULL) {
        return UXO_OK;
    }
    self->state = calloc(chunks + 1, sizeof *self->state);
    self->to_make = calloc(((size_t)uxo_chunks_x(grid) + 1) * (uxo_chunks_y(grid) + 1), sizeof *self->to_make);
    if (self->state == NULL || self->to_make == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the maps");
    }
    UXO_TRY(find_states(self, chunks, report));
    count_to_make(self);
    return UXO_OK;
}

void uxo_maps_forget(uxo_maps_run *self)
{
    free(self->state);
    free(self->to_make);
    self->state = NULL;
    self->to_make = NULL;
}

uxo_status uxo_maps_keep(const uxo_maps_run *self, uint32_t chunk_x, uint32_t chunk_y, const uxo_made_chunk *chunk,
                         uxo_report *report)
{
    size_t size = 0;
    void *const bytes = uxo_chunk_record_make(chunk, &self->plan, chunk_x, chunk_y, &size);
    if (bytes == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the maps");
    }
    const uxo_status status = self->store->keep(self->store->user, UXO_WORK_CHUNK, index_of(self, chunk_x, chunk_y),
                                                OF_FINAL_MAPS, bytes, size, report);
    free(bytes);
    return status;
}

uxo_status uxo_maps_find(const uxo_maps_run *self, uint32_t chunk_x, uint32_t chunk_y, uxo_made_chunk **out,
                         uxo_report *report)
{
    const uint32_t chunk = index_of(self, chunk_x, chunk_y);
    void *bytes = NULL;
    size_t size = 0;
    *out = NULL;
    UXO_TRY(self->store->find(self->store->user, UXO_WORK_CHUNK, chunk, OF_FINAL_MAPS, 0, &bytes, &size, report));
    if (bytes == NULL) {
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        "chunk %u of the map (column %u, row %u, from the north-west) is missing in what was kept",
                        chunk, chunk_x, chunk_y);
    }
    const uxo_status status = uxo_chunk_record_read(bytes, size, &self->plan, chunk_x, chunk_y, out);
    free(bytes);
    if (status == UXO_ERR_DATA) {
        return uxo_fail(report, status, NULL,
                        "what was kept as chunk %u of the map (column %u, row %u, from the north-west) is not of this "
                        "chunk of this map",
                        chunk, chunk_x, chunk_y);
    }
    return status == UXO_OK ? UXO_OK : uxo_fail(report, status, NULL, "out of memory for the maps");
}
