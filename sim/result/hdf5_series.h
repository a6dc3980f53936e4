/* hdf5_series.h - private to sim/result: datasets whose first axis is that of the scenarios of a sweep, written a few scenarios at a time. */
#ifndef UXOSIM_RESULT_HDF5_SERIES_H
#define UXOSIM_RESULT_HDF5_SERIES_H

#include "hdf5_output.h"

typedef struct h5_series {
    hid_t dataset, type;
    const char *name;
    unsigned rank;
    hsize_t length[3];
} h5_series;

/* Rank 1 to 3; the first of `dimensions` is that of the scenarios. Stored in chunks of `slab` scenarios, shuffled and deflated (texts: as they
 * are). Of rank 3 the last axis is cut, too, into chunks of 256 KiB at most where that goes: a few of its items can be read without the others. */
h5_series h5_series_open(h5_output *self, hid_t group, const char *name, hid_t type, const h5_dimension *dimensions,
                         unsigned rank, uint32_t slab);
/* Scenarios first .. first + count - 1; first is a multiple of `slab`. */
void h5_series_write(h5_output *self, const h5_series *series, uint32_t first, uint32_t count, const void *values);
void h5_series_close(h5_series *series);

#endif
