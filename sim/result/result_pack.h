/* result_pack.h - private to sim/result: chunks of rasters as HDF5's deflate filter reads them. */
#ifndef UXOSIM_RESULT_PACK_H
#define UXOSIM_RESULT_PACK_H

#include <stdatomic.h>

#include "uxosim/maps.h"

/* What a chunk of one raster is: width x height (as much as the grid has, at most UXO_CHUNK) values of item_bytes. */
typedef struct result_form {
    uint32_t width, height;
    size_t item_bytes;
    int level;
    bool shuffled;  /* by HDF5's filter: bytes of equal significance together */
    uint32_t empty; /* bits of the value that a chunk holds that is not stored */
} result_form;

/* Compressors with their memory, one for each thread that packs at the same time: a thread takes one that is idle. */
enum { RESULT_IDLE_PACKERS = 64 };
typedef struct result_packers {
    _Atomic(struct result_packer *) idle[RESULT_IDLE_PACKERS];
} result_packers;

/* Levels of the compressor, measured in docs/file_format.md#compression: for maps, and for inputs, whose values repeat. */
enum { RESULT_LEVEL_MAPS = 1, RESULT_LEVEL_INPUTS, RESULT_LEVELS };

/* Packs values[UXO_CHUNK][UXO_CHUNK], of which the first `height` rows and `width` columns count. Any thread, many at a
 * time. False: out of memory. out->size 0: every value is the empty one. */
bool result_pack(result_packers *self, const result_form *form, const void *values, uxo_packed *out);
void result_packers_free(result_packers *self);

/* Of the compressor, for provenance: another one may give other bytes. */
const char *result_pack_version(void);

#endif
