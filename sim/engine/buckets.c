/* buckets.c - chunks of the per-tile buckets, their memory kept from block to block. */
#include "buckets.h"

#include <stdlib.h>
#include <string.h>

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
    free(self->next);
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
    uxo_slabs_clear(&self->chunks);
}

static bool make_room(uxo_buckets *self)
{
    enum { FIRST_CAPACITY = 4096 };
    if (self->used + 1 < self->capacity) {
        return true;
    }
    const uxo_chunk capacity = self->capacity == 0 ? FIRST_CAPACITY : 2 * self->capacity;
    uxo_chunk *const larger = realloc(self->next, capacity * sizeof *larger);
    if (larger == NULL) {
        return false;
    }
    self->next = larger;
    self->capacity = capacity;
    return true;
}

/* Chunks are handed out one behind the other: one that is needed soon can be called for now. */
static void prefetch_later_chunk(const char *chunk)
{
    enum { AHEAD = 16, CACHE_LINE = 64 };
    for (size_t at = 0; at < UXO_CHUNK_BYTES; at += CACHE_LINE) {
        __builtin_prefetch((const void *)((uintptr_t)chunk + AHEAD * UXO_CHUNK_BYTES + at), 1);
    }
}

uint32_t *uxo_buckets_grow(uxo_buckets *self, size_t tile)
{
    uint32_t *const chunk = make_room(self) ? uxo_slabs_take(&self->chunks, UXO_CHUNK_BYTES) : NULL;
    if (chunk == NULL) {
        self->out_of_memory = true;
        return NULL;
    }
    prefetch_later_chunk((const char *)chunk);
    const uxo_chunk number = ++self->used;
    self->next[number] = 0;
    if (self->tail[tile] != 0) {
        self->next[self->tail[tile]] = number;
    } else {
        self->head[tile] = number;
    }
    self->tail[tile] = number;
    return chunk;
}
