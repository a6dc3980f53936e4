/* buckets.c - the pool of chunks behind the per-tile buckets. */
#include "buckets.h"

#include <stdlib.h>
#include <string.h>

bool uxo_buckets_init(uxo_buckets *self, size_t tiles)
{
    memset(self, 0, sizeof *self);
    self->head = calloc(tiles, sizeof *self->head);
    self->tail = calloc(tiles, sizeof *self->tail);
    return self->head != NULL && self->tail != NULL;
}

void uxo_buckets_free(uxo_buckets *self)
{
    free(self->head);
    free(self->tail);
    free(self->pool);
    memset(self, 0, sizeof *self);
}

void uxo_buckets_clear(uxo_buckets *self, size_t tiles)
{
    memset(self->head, 0, tiles * sizeof *self->head);
    memset(self->tail, 0, tiles * sizeof *self->tail);
    self->used = 0;
}

uxo_chunk *uxo_buckets_grow(uxo_buckets *self, size_t tile)
{
    if (self->used == self->capacity) {
        const uint32_t capacity = self->capacity == 0 ? 4096 : 2 * self->capacity;
        uxo_chunk *const larger = capacity > self->capacity ? realloc(self->pool, capacity * sizeof *larger) : NULL;
        if (larger == NULL) {
            self->out_of_memory = true;
            return NULL;
        }
        self->pool = larger;
        self->capacity = capacity;
    }
    uxo_chunk *const chunk = &self->pool[self->used++];
    chunk->next = 0;
    chunk->used = 0;
    if (self->tail[tile] != 0) {
        self->pool[self->tail[tile] - 1].next = self->used;
    } else {
        self->head[tile] = self->used;
    }
    self->tail[tile] = self->used;
    return chunk;
}
