/* buckets.h - points waiting to be tallied, by tile: what one thread writes and the owner of a tile reads.
 *
 * First in, first out per tile, in small chunks from one pool per thread. Not here: tallying.
 */
#ifndef UXOSIM_ENGINE_BUCKETS_H
#define UXOSIM_ENGINE_BUCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UXO_CHUNK_ENTRIES = 62, UXO_ENTRY_CELL_BITS = 12, UXO_MAX_BLOCK = 1 << 20 };

/* An entry: realisation within the block << 12 | cell within the tile. */
typedef struct uxo_chunk {
    uint32_t next; /* index + 1 in the pool, 0: last */
    uint32_t used;
    uint32_t entry[UXO_CHUNK_ENTRIES];
} uxo_chunk;

typedef struct uxo_buckets {
    uint32_t *head, *tail; /* [tiles], index + 1 */
    uxo_chunk *pool;
    uint32_t used, capacity;
    bool out_of_memory; /* points were lost; the run has to fail */
} uxo_buckets;

bool uxo_buckets_init(uxo_buckets *self, size_t tiles);
void uxo_buckets_free(uxo_buckets *self);
void uxo_buckets_clear(uxo_buckets *self, size_t tiles);
/* Appends a chunk to a tile; the slow path of uxo_buckets_push. NULL when memory runs out. */
uxo_chunk *uxo_buckets_grow(uxo_buckets *self, size_t tile);

static inline void uxo_buckets_push(uxo_buckets *self, size_t tile, uint32_t entry)
{
    uxo_chunk *chunk = self->tail[tile] != 0 ? &self->pool[self->tail[tile] - 1] : NULL;
    if (chunk == NULL || chunk->used == UXO_CHUNK_ENTRIES) {
        chunk = uxo_buckets_grow(self, tile);
        if (chunk == NULL) {
            return;
        }
    }
    chunk->entry[chunk->used++] = entry;
}

#endif
