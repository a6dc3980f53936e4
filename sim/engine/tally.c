/* tally.c - points of one tile into its integer tallies, by way of one word a cell that stays small enough to be near. */
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "analog.h"

enum { SUM_BITS = 16, SUM_MASK = 0xFFFF, LARGEST_SUM = 0xFFFF };

bool uxo_recent_init(uxo_recent *self, size_t tiles)
{
    self->word = calloc(tiles, sizeof *self->word);
    self->entries = calloc(tiles, sizeof *self->entries);
    return self->word != NULL && self->entries != NULL;
}

void uxo_recent_free(uxo_recent *self)
{
    free(self->word);
    free(self->entries);
    memset(self, 0, sizeof *self);
}

static void add_sums(uxo_recent *recent, size_t tile, uxo_tile_tally *tally, uint32_t kept)
{
    uint32_t *const words = recent->word[tile];
    for (size_t cell = 0; cell < UXO_TILE_CELLS; cell++) {
        tally->sum[cell] += words[cell] & SUM_MASK;
        words[cell] &= kept;
    }
    recent->entries[tile] = 0;
}

void uxo_recent_flush(uxo_recent *self, size_t tile, uxo_tile_tally *tally)
{
    if (self->word[tile] != NULL) {
        add_sums(self, tile, tally, 0);
    }
}

/* One dud more of this realisation in a cell that has some. (c + 1) c / 2 = c (c - 1) / 2 + c keeps the pairs without a
 * second pass. */
static void tally_repeat(uxo_worker *self, uint32_t cell, uint16_t stamp, uxo_tile_tally *tally)
{
    if (self->repeat_stamp[cell] != stamp) {
        self->repeat_stamp[cell] = stamp;
        self->cell_count[cell] = 1;
    }
    const uint32_t before = self->cell_count[cell]++;
    tally->repeats[cell]++;
    tally->pairs[cell] += before;
    self->largest_count = before + 1 > self->largest_count ? before + 1 : self->largest_count;
}

enum { CACHE_LINE = 64, REPEAT_ROOM = 256 };

/* Entries that hit a cell a second time in their realisation, waiting to be counted together. */
typedef struct repeat_list {
    uint32_t entry[REPEAT_ROOM];
    size_t count;
} repeat_list;

static inline uint32_t cell_of(uint32_t entry)
{
    return entry & ((UINT32_C(1) << UXO_ENTRY_CELL_BITS) - 1);
}

/* They lie far apart in a tally that is seldom touched, and that other threads touch too: all are called for before the
 * first is counted, under one lock. */
static void flush_repeats(uxo_worker *self, repeat_list *repeats, const uxo_shared_tally *to)
{
    uxo_tile_tally *const tally = *to->tally;
    if (repeats->count == 0) {
        return;
    }
    omp_set_lock(to->lock);
    for (size_t i = 0; i < repeats->count; i++) {
        __builtin_prefetch(&tally->repeats[cell_of(repeats->entry[i])], 1);
        __builtin_prefetch(&tally->pairs[cell_of(repeats->entry[i])], 1);
    }
    for (size_t i = 0; i < repeats->count; i++) {
        const uint32_t entry = repeats->entry[i];
        tally_repeat(self, cell_of(entry), (uint16_t)(entry >> UXO_ENTRY_CELL_BITS), tally);
    }
    omp_unset_lock(to->lock);
    repeats->count = 0;
}

/* Entries of one realisation follow each other within a worker's bucket, so a stamp tells whether a cell's last dud was of
 * this realisation. Such second duds are rare where cells are small, and are set aside. */
static inline void tally_entries(const uint32_t *entry, size_t count, uint32_t *words, repeat_list *repeats)
{
    for (size_t i = 0; i < count; i++) {
        const uint32_t cell = cell_of(entry[i]);
        const uint32_t stamp = entry[i] >> UXO_ENTRY_CELL_BITS;
        const uint32_t word = words[cell];
        if (__builtin_expect(word >> SUM_BITS == stamp, 0)) {
            repeats->entry[repeats->count++] = entry[i];
        }
        words[cell] = (stamp << SUM_BITS | (word & SUM_MASK)) + 1;
    }
}

static inline void prefetch(const void *memory, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += CACHE_LINE) {
        __builtin_prefetch((const char *)memory + at);
    }
}

/* Chunks of a bucket lie anywhere in memory and are called for some time before they are counted. */
static void tally_bucket(uxo_worker *self, size_t tile, const uxo_shared_tally *to)
{
    enum { CHUNKS_AHEAD = 6 };
    const uxo_buckets *const buckets = &self->buckets;
    uxo_recent *const recent = &self->recent;
    repeat_list repeats;
    repeats.count = 0;
    uxo_chunk later = buckets->head[tile];
    for (int i = 0; i < CHUNKS_AHEAD && later != 0; i++, later = buckets->next[later]) {
        prefetch(uxo_buckets_entries(buckets, later), UXO_CHUNK_BYTES);
    }
    for (uxo_chunk chunk = buckets->head[tile]; chunk != 0; chunk = buckets->next[chunk]) {
        const size_t count = uxo_buckets_count(buckets, tile, chunk);
        if (later != 0) {
            prefetch(uxo_buckets_entries(buckets, later), UXO_CHUNK_BYTES);
            later = buckets->next[later];
        }
        if (recent->entries[tile] + count > LARGEST_SUM) {
            omp_set_lock(to->lock);
            add_sums(recent, tile, *to->tally, ~(uint32_t)SUM_MASK);
            omp_unset_lock(to->lock);
        }
        recent->entries[tile] += (uint32_t)count;
        tally_entries(uxo_buckets_entries(buckets, chunk), count, recent->word[tile], &repeats);
        if (repeats.count > REPEAT_ROOM - UXO_CHUNK_ENTRIES) {
            flush_repeats(self, &repeats, to);
        }
    }
    flush_repeats(self, &repeats, to);
}

/* Memory of a tile on which the first dud of this worker fell, and of any. */
static bool make_tile(uxo_worker *self, size_t tile, const uxo_shared_tally *to)
{
    const size_t bytes = UXO_TILE_CELLS * sizeof **self->recent.word;
    uint32_t **const words = &self->recent.word[tile];
    if (*words != NULL) {
        return true;
    }
    *words = uxo_slabs_take(&self->recent_memory, bytes);
    if (*words == NULL) {
        return false;
    }
    memset(*words, 0, bytes);
    omp_set_lock(to->lock);
    if (*to->tally == NULL) {
        *to->tally = calloc(1, sizeof **to->tally);
    }
    const bool complete = *to->tally != NULL;
    omp_unset_lock(to->lock);
    return complete;
}

bool uxo_analog_tally(uxo_worker *self, size_t tile, const uxo_shared_tally *to)
{
    if (self->buckets.head[tile] == 0) {
        return true;
    }
    if (!make_tile(self, tile, to)) {
        return false;
    }
    prefetch(self->recent.word[tile], UXO_TILE_CELLS * sizeof *self->recent.word[tile]);
    memset(self->repeat_stamp, 0, UXO_TILE_CELLS * sizeof *self->repeat_stamp);
    tally_bucket(self, tile, to);
    return true;
}
