/* result_whole.h - private to sim/result: a file of HDF5 under its own name, sealed, once all of it is written; else none. */
#ifndef UXOSIM_RESULT_WHOLE_H
#define UXOSIM_RESULT_WHOLE_H

#include "hdf5_output.h"

/* Writes all parts of a file; what went wrong stays in out->status. `user`: the caller's. */
typedef void result_parts(h5_output *out, void *user);

/* Where the parts cannot all be written, or `stop` (may be NULL) is set meanwhile, what lay at the path stays there. */
UXO_MUST_USE uxo_status result_write_whole(const char *path, const volatile sig_atomic_t *stop, result_parts *parts,
                                           void *user, uxo_report *report);

#endif
