/* file_bytes.h - bytes of an open file, all of them or none, and until they are on the disk. Signals that come meanwhile are no failure. Not here:
 * what the bytes mean (records.h), files that appear complete (atomic_file.h). */
#ifndef UXOSIM_FILE_BYTES_H
#define UXOSIM_FILE_BYTES_H

#include "uxosim/error.h"

/* At that place, from 0. False: errno says why, and some of it may be there. */
UXO_MUST_USE bool uxo_file_write_at(int file, const void *bytes, size_t size, uint64_t place);
/* False: errno says why; 0 where the file ends before. */
UXO_MUST_USE bool uxo_file_read_at(int file, void *bytes, size_t size, uint64_t place);

/* Until it is on the disk. False: errno says why. What a file system cannot sync (some cannot sync a folder) is taken as it is: true. */
UXO_MUST_USE bool uxo_file_sync(int file);
/* The folder that holds `path`: what was written there with a new name has it for good. As uxo_file_sync. */
UXO_MUST_USE bool uxo_file_sync_folder_of(const char *path);

#endif
