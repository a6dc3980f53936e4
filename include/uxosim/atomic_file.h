/* atomic_file.h - output that appears under its final name only when it is whole.
 *
 * A temporary name in the same folder, fsync of file and folder, rename. Not here: what is written.
 */
#ifndef UXOSIM_ATOMIC_FILE_H
#define UXOSIM_ATOMIC_FILE_H

#include "uxosim/error.h"

/* One output on its way. All owned.
 * `temporary` ends in the name of the target, so that its extension stays what it is. */
typedef struct uxo_atomic_file {
    char *target;
    char *temporary;
} uxo_atomic_file;

/* Makes an empty temporary file beside `path`, with the permissions of the file that it will replace, if there is one.
 * A symbolic link is followed; a target that is there and not a regular
 * file, or a folder that is missing or cannot be written, is UXO_ERR_CANTCREATE. Temporary files of the same target whose process was killed are
 * mentioned in a note. After an error nothing is left and
 * nothing is to be freed. */
UXO_MUST_USE uxo_status uxo_atomic_begin(uxo_atomic_file *self, const char *path, uxo_report *report);

/* Syncs the closed temporary file and gives it its name.
 * UXO_ERR_IO: the temporary file is gone, the target as it was. */
UXO_MUST_USE uxo_status uxo_atomic_commit(uxo_atomic_file *self, uxo_report *report);

/* Removes the temporary file. May be called after commit or twice. */
void uxo_atomic_abandon(uxo_atomic_file *self);

#endif
