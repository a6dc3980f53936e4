/* buckets.h - points waiting to be tallied, by tile: what one thread writes and the owner of a tile reads.
 *
 * First in, first out per tile, in chunks of 256 bytes that are aligned to their size, so that a full chunk is seen by
 * its cursor alone. Not here: tallying.
 */
#ifndef UXOSIM_ENGINE_BUCKETS_H
#define UXOSIM_ENGINE_BUCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slabs.h"

enum { UXO_CHUNK_BYTES = 256, UXO_CHUNK_ENTRIES = (UXO_CHUNK_BYTES - 8) / 4, UXO_ENTRY_CELL_BITS = 12 };

/* An entry: stamp of the realisation << 12 | cell within the tile. */
typedef struct uxo_chunk {
    struct uxo_chunk *next;
    uint32_t entry[UXO_CHUNK_ENTRIES];
} uxo_chunk;

typedef struct uxo_buckets {
    uxo_chunk **head;  /* [tiles] */
    uint32_t **cursor; /* [tiles] where the next entry goes; at a multiple of UXO_CHUNK_BYTES: a chunk is needed */
    uxo_chunk **tail;  /* [tiles] */
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
    if ((uintptr_t)at % UXO_CHUNK_BYTES == 0) {
        at = uxo_buckets_grow(self, tile);
        if (at == NULL) {
            return;
        }
    }
    *at = entry;
    self->cursor[tile] = at + 1;
}

/* Entries of one chunk of a tile. */
static inline size_t uxo_buckets_count(const uxo_buckets *self, size_t tile, const uxo_chunk *chunk)
{
    return chunk == self->tail[tile] ? (size_t)(self->cursor[tile] - chunk->entry) : (size_t)UXO_CHUNK_ENTRIES;
}

#endif
