/* deflate_bytes.h - private to sim/result: the beginning of a deflate stream, put together without a compressor. */
#ifndef UXOSIM_RESULT_DEFLATE_BYTES_H
#define UXOSIM_RESULT_DEFLATE_BYTES_H

#include <stdbool.h>
#include <stddef.h>

/* Would a compressor make nothing of the bytes but of their zeros? */
bool deflate_looks_random(const unsigned char *bytes, size_t count);

/* Writes the bytes as blocks of RFC 1951, none of them the last: runs of zeros as such, everything else uncompressed.
 * Ends on a whole byte, so that another stream can follow. `out` has room for deflate_bytes_bound(count); returns what
 * was used of it. */
size_t deflate_bytes(const unsigned char *bytes, size_t count, unsigned char *out);
size_t deflate_bytes_bound(size_t count);

#endif
