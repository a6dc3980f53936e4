/* tally.c - points of one tile into its integer tallies. */
#include <string.h>

#include "analog.h"

/* Entries of one realisation follow each other within a worker's bucket, so a stamp tells whether a cell's count is of
 * this realisation: (c + 1)^2 = c^2 + 2 c + 1 keeps the sum of squares without a second pass. A second dud of one
 * realisation in one cell is rare; the branch is for it. */
static void tally_entries(uxo_worker *scratch, const uint32_t *entry, size_t count, uxo_tile_tally *tally)
{
    const uint32_t cell_mask = (UINT32_C(1) << UXO_ENTRY_CELL_BITS) - 1;
    uint32_t *const stamps = scratch->cell_stamp;
    for (size_t i = 0; i < count; i++) {
        const uint32_t cell = entry[i] & cell_mask;
        const uint32_t stamp = entry[i] >> UXO_ENTRY_CELL_BITS;
        tally->sum[cell]++;
        if (stamps[cell] != stamp) {
            stamps[cell] = stamp;
            scratch->cell_count[cell] = 1;
        } else {
            const uint32_t before = scratch->cell_count[cell]++;
            tally->repeats[cell]++;
            tally->pairs[cell] += before;
            scratch->largest_count = before + 1 > scratch->largest_count ? before + 1 : scratch->largest_count;
        }
    }
}

void uxo_analog_tally(uxo_worker *scratch, const uxo_worker *workers, int worker_count, size_t tile,
                      uxo_tile_tally *tally)
{
    memset(scratch->cell_stamp, 0xFF, UXO_TILE_CELLS * sizeof *scratch->cell_stamp);
    for (int w = 0; w < worker_count; w++) {
        const uxo_buckets *const buckets = &workers[w].buckets;
        for (const uxo_chunk *chunk = buckets->head[tile]; chunk != NULL; chunk = chunk->next) {
            tally_entries(scratch, chunk->entry, uxo_buckets_count(buckets, tile, chunk), tally);
        }
    }
}
