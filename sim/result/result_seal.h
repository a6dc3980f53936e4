/* result_seal.h - the last line of a result file: the SHA-256 of all bytes before it. Private to this room.
 *
 * HDF5 and those who read it pass over what follows the file's own end. A damaged HDF5 file can crash the library or, worse, be read with
 * other numbers than were written; the seal tells before the library sees it.
 */
#ifndef UXOSIM_RESULT_SEAL_H
#define UXOSIM_RESULT_SEAL_H

#include "uxosim/atomic_file.h"
#include "uxosim/digest.h"

/* Seals the closed temporary file and gives it its name, or removes it. */
UXO_MUST_USE uxo_status result_commit(uxo_atomic_file *file, uxo_report *report);

/* The digest of the seal. UXO_ERR_DATA when the seal does not fit or is not there: what another program changed is read with that
 * program. */
UXO_MUST_USE uxo_status result_check_seal(const char *path, char sha256[UXO_DIGEST_SIZE], uxo_report *report);

#endif
