/* buckets.h - points waiting to be tallied, by tile: what one thread writes and the owner of a tile reads.
 *
 * First in, first out per tile, in chunks of 256 bytes that are aligned to their size, so that a full chunk is seen by its cursor alone. Which
 * chunk follows which is kept apart from them: few bytes, so that a reader finds its way before the chunks themselves have arrived from memory.
 * Not here: tallying.
 */
#ifndef UXOSIM_ENGINE_BUCKETS_H
#define UXOSIM_ENGINE_BUCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slabs.h"

enum { UXO_CHUNK_ENTRIES = 64, UXO_CHUNK_BYTES = 4 * UXO_CHUNK_ENTRIES, UXO_ENTRY_CELL_BITS = 12 };

/* Of a chunk, counted from 1 in the order in which they were handed out; 0: none. */
typedef uint32_t uxo_chunk;

typedef struct uxo_buckets {
    uint32_t **cursor;      /* [tiles] where the next entry goes; at a multiple of UXO_CHUNK_BYTES: a chunk is needed */
    uxo_chunk *head, *tail; /* [tiles] */
    uxo_chunk *next;        /* [capacity] by chunk */
    uxo_chunk used, capacity;
    uxo_slabs chunks;
    bool out_of_memory; /* points were lost; the run has to fail */
} uxo_buckets;

bool uxo_buckets_init(uxo_buckets *self, size_t tiles);
void uxo_buckets_free(uxo_buckets *self);
void uxo_buckets_clear(uxo_buckets *self, size_t tiles);

/* Appends a chunk to a tile; the slow path of uxo_buckets_push. Returns where the next entry goes, NULL when memory
 * runs out. */
uint32_t *uxo_buckets_grow(uxo_buckets *self, size_t tile);

static inline void uxo_buckets_push(uxo_buckets *self, size_t tile, uint32_t entry)
{
    uint32_t *at = self->cursor[tile];
    if (__builtin_expect((uintptr_t)at % UXO_CHUNK_BYTES == 0, 0)) {
        at = uxo_buckets_grow(self, tile);
        if (at == NULL) {
            return;
        }
    }
    *at = entry;
    self->cursor[tile] = at + 1;
}

/* An entry: stamp of the realisation << 12 | cell within the tile. */
static inline const uint32_t *uxo_buckets_entries(const uxo_buckets *self, uxo_chunk chunk)
{
    enum { CHUNKS = UXO_SLAB_BYTES / UXO_CHUNK_BYTES };
    const uint32_t index = chunk - 1;
    return (const uint32_t *)(const void *)(self->chunks.slab[index / CHUNKS] + index % CHUNKS * UXO_CHUNK_BYTES);
}

/* How many of them. */
static inline size_t uxo_buckets_count(const uxo_buckets *self, size_t tile, uxo_chunk chunk)
{
    return chunk == self->tail[tile] ? (size_t)(self->cursor[tile] - uxo_buckets_entries(self, chunk))
                                     : (size_t)UXO_CHUNK_ENTRIES;
}

#endif
