/* sweep_blocks.h - private to sim/result: means of blocks of realisations of a collected sweep, read a slab of scenarios at a time.
 *
 * Whatever is stored together is inflated together, many scenarios at once; so neighbours are kept for whoever asks next.
 */
#ifndef UXOSIM_RESULT_SWEEP_BLOCKS_H
#define UXOSIM_RESULT_SWEEP_BLOCKS_H

#include <hdf5.h>

#include "uxosim/error.h"

/* One dataset [scenarios][blocks][rows], and a part of it in memory. All zeros: closed. Owned. */
typedef struct sweep_blocks {
    bool open;
    hid_t dataset;
    hsize_t extent[3];
    uint32_t together;             /* scenarios that are stored in one chunk, as far as memory goes */
    uint32_t first, count;         /* scenarios that are in memory */
    uint32_t first_row, row_count; /* their rows */
    float *value;                  /* [count][blocks][row_count] */
} sweep_blocks;

/* False: there is no such dataset, or one of another shape. */
bool sweep_blocks_open(sweep_blocks *self, hid_t file, const char *path);
/* Rows of one scenario: out[blocks][rows]. False: they cannot be read, or memory ran out. */
bool sweep_blocks_read(sweep_blocks *self, uint32_t scenario, uint32_t first_row, uint32_t rows, float *out);
void sweep_blocks_close(sweep_blocks *self);

#endif
