/* buckets.c - chunks of the per-tile buckets, their memory kept from block to block. */
#include "buckets.h"

#include <stdlib.h>
#include <string.h>

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
    uxo_slabs_free(&self->chunks);
    free(self->head);
    free(self->cursor);
    free(self->tail);
    memset(self, 0, sizeof *self);
}

void uxo_buckets_clear(uxo_buckets *self, size_t tiles)
{
    if (self->chunks.used == 0) {
        return;
    }
    memset(self->head, 0, tiles * sizeof *self->head);
    memset(self->cursor, 0, tiles * sizeof *self->cursor);
    memset(self->tail, 0, tiles * sizeof *self->tail);
    uxo_slabs_clear(&self->chunks);
}

uint32_t *uxo_buckets_grow(uxo_buckets *self, size_t tile)
{
    uxo_chunk *const chunk = uxo_slabs_take(&self->chunks, sizeof *chunk);
    if (chunk == NULL) {
        self->out_of_memory = true;
        return NULL;
    }
    chunk->next = NULL;
    if (self->tail[tile] != NULL) {
        self->tail[tile]->next = chunk;
    } else {
        self->head[tile] = chunk;
    }
    self->tail[tile] = chunk;
    return chunk->entry;
}
