/* buckets.c - the memory of the per-tile buckets: slabs of aligned chunks, kept from block to block. */
#include "buckets.h"

#include <stdlib.h>
#include <string.h>

enum { SLAB_CHUNKS = 4096 };

_Static_assert(sizeof(uxo_chunk) == UXO_CHUNK_BYTES, "a chunk is as large as its alignment");

bool uxo_buckets_init(uxo_buckets *self, size_t tiles)
{
    memset(self, 0, sizeof *self);
    self->head = calloc(tiles, sizeof *self->head);
    self->cursor = calloc(tiles, sizeof *self->cursor);
    self->tail = calloc(tiles, sizeof *self->tail);
    return self->head != NULL && self->cursor != NULL && self->tail != NULL;
}

void uxo_buckets_free(uxo_buckets *self)
{
    for (size_t i = 0; i < self->slab_count; i++) {
        free(self->slab[i]);
    }
    free(self->slab);
    free(self->head);
    free(self->cursor);
    free(self->tail);
    memset(self, 0, sizeof *self);
}

void uxo_buckets_clear(uxo_buckets *self, size_t tiles)
{
    if (self->used == 0) {
        return;
    }
    memset(self->head, 0, tiles * sizeof *self->head);
    memset(self->cursor, 0, tiles * sizeof *self->cursor);
    memset(self->tail, 0, tiles * sizeof *self->tail);
    self->used = 0;
}

static bool add_slab(uxo_buckets *self)
{
    if (self->slab_count == self->slab_capacity) {
        const size_t capacity = self->slab_capacity == 0 ? 16 : 2 * self->slab_capacity;
        uxo_chunk **const larger = realloc(self->slab, capacity * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        self->slab = larger;
        self->slab_capacity = capacity;
    }
    uxo_chunk *const slab = aligned_alloc(UXO_CHUNK_BYTES, SLAB_CHUNKS * sizeof *slab);
    if (slab == NULL) {
        return false;
    }
    self->slab[self->slab_count++] = slab;
    return true;
}

uint32_t *uxo_buckets_grow(uxo_buckets *self, size_t tile)
{
    if (self->used == self->slab_count * SLAB_CHUNKS && !add_slab(self)) {
        self->out_of_memory = true;
        return NULL;
    }
    uxo_chunk *const chunk = &self->slab[self->used / SLAB_CHUNKS][self->used % SLAB_CHUNKS];
    self->used++;
    chunk->next = NULL;
    if (self->tail[tile] != NULL) {
        self->tail[tile]->next = chunk;
    } else {
        self->head[tile] = chunk;
    }
    self->tail[tile] = chunk;
    return chunk->entry;
}
