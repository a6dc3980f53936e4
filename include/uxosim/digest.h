/* digest.h - SHA-256 (FIPS 180-4) of files and of bytes in memory, as hexadecimal text.
 *
 * A result names exactly what it was made from, and is known again. Not here: what follows from a difference.
 */
#ifndef UXOSIM_DIGEST_H
#define UXOSIM_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UXO_DIGEST_SIZE = 65 };

bool uxo_digest_bytes(const void *bytes, size_t length, char hex[UXO_DIGEST_SIZE]);

/* False when the file cannot be read; bytes: its length. */
bool uxo_digest_file(const char *path, uint64_t *bytes, char hex[UXO_DIGEST_SIZE]);

/* What the system says of a file without reading it: as long as none of this changes the bytes are taken to be the same. A change within one
 * tick of the clock (milliseconds) that keeps the length cannot be seen. */
typedef struct uxo_file_stamp {
    uint64_t device, inode, bytes;
    int64_t written_ns, changed_ns; /* of the bytes, and of these or the name or the rights; since 1970 */
} uxo_file_stamp;

/* False when there is no such file. */
bool uxo_file_stamp_of(const char *path, uxo_file_stamp *out);
bool uxo_file_stamp_same(const uxo_file_stamp *a, const uxo_file_stamp *b);

/* Of the first `length` bytes; false when the file has fewer. */
bool uxo_digest_file_part(const char *path, uint64_t length, char hex[UXO_DIGEST_SIZE]);

/* Of bytes that come one after another. NULL: out of memory. What fails on the way is told at the end, which frees it. */
typedef struct uxo_digest uxo_digest;
uxo_digest *uxo_digest_begin(void);
void uxo_digest_add(uxo_digest *self, const void *bytes, size_t length);
bool uxo_digest_end(uxo_digest *self, char hex[UXO_DIGEST_SIZE]);

#endif
