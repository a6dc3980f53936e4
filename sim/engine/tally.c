/* tally.c - points of one tile into its integer tallies. */
#include <string.h>

#include "analog.h"

/* One dud more of this realisation in a cell that has some: rare, so what it needs is kept apart from the common path. (c + 1) c / 2 =
 * c (c - 1) / 2 + c keeps the pairs without a second pass. */
static void tally_repeat(uxo_worker *scratch, uint32_t cell, uint16_t stamp, uxo_tile_tally *tally)
{
    if (scratch->repeat_stamp[cell] != stamp) {
        scratch->repeat_stamp[cell] = stamp;
        scratch->cell_count[cell] = 1;
    }
    const uint32_t before = scratch->cell_count[cell]++;
    tally->repeats[cell]++;
    tally->pairs[cell] += before;
    scratch->largest_count = before + 1 > scratch->largest_count ? before + 1 : scratch->largest_count;
}

/* Entries of one realisation follow each other within a worker's bucket, so a stamp tells whether a cell's count is of this
 * realisation. */
static void tally_entries(uxo_worker *scratch, const uint32_t *entry, size_t count, uxo_tile_tally *tally)
{
    const uint32_t cell_mask = (UINT32_C(1) << UXO_ENTRY_CELL_BITS) - 1;
    uint16_t *const stamps = scratch->cell_stamp;
    uint32_t *const sums = scratch->cell_sum;
    for (size_t i = 0; i < count; i++) {
        const uint32_t cell = entry[i] & cell_mask;
        const uint16_t stamp = (uint16_t)(entry[i] >> UXO_ENTRY_CELL_BITS);
        sums[cell]++;
        if (stamps[cell] != stamp) {
            stamps[cell] = stamp;
        } else {
            tally_repeat(scratch, cell, stamp, tally);
        }
    }
}

/* Chunks of a tile lie anywhere in memory: the next one is called for while this one is counted. */
static void prefetch(const uxo_chunk *chunk)
{
    enum { CACHE_LINE = 64 };
    for (size_t at = 0; at < sizeof *chunk; at += CACHE_LINE) {
        __builtin_prefetch((const char *)chunk + at);
    }
}

void uxo_analog_tally(uxo_worker *scratch, const uxo_worker *workers, int worker_count, size_t tile,
                      uxo_tile_tally *tally)
{
    memset(scratch->cell_stamp, 0xFF, UXO_TILE_CELLS * sizeof *scratch->cell_stamp);
    memset(scratch->repeat_stamp, 0xFF, UXO_TILE_CELLS * sizeof *scratch->repeat_stamp);
    memset(scratch->cell_sum, 0, UXO_TILE_CELLS * sizeof *scratch->cell_sum);
    for (int w = 0; w < worker_count; w++) {
        const uxo_buckets *const buckets = &workers[w].buckets;
        for (const uxo_chunk *chunk = buckets->head[tile]; chunk != NULL; chunk = chunk->next) {
            if (chunk->next != NULL) {
                prefetch(chunk->next);
            }
            tally_entries(scratch, chunk->entry, uxo_buckets_count(buckets, tile, chunk), tally);
        }
    }
    for (size_t cell = 0; cell < UXO_TILE_CELLS; cell++) {
        tally->sum[cell] += scratch->cell_sum[cell];
    }
}
