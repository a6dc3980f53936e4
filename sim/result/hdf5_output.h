/* hdf5_output.h - private to sim/result: small steps of writing HDF5 that is also netCDF-4.
 *
 * The first failure is kept as one message of the report and every later call does nothing, so that a caller writes
 * everything and asks once. Tables of length 0 are left out: netCDF takes an extent of 0 for an unlimited dimension.
 */
#ifndef UXOSIM_RESULT_HDF5_OUTPUT_H
#define UXOSIM_RESULT_HDF5_OUTPUT_H

#include <hdf5.h>
#include <signal.h>

#include "uxosim/error.h"

typedef struct h5_output {
    hid_t file;
    const char *path; /* of the target, for messages */
    const volatile sig_atomic_t *stop;
    uxo_report *report;
    uxo_status status;
} h5_output;

/* A dimension: its HDF5 dimension scale and its length. */
typedef struct h5_dimension {
    hid_t scale;
    hsize_t length;
} h5_dimension;

/* Silences HDF5's own printing on this thread; the pair is to be kept around every use of the library. */
typedef struct h5_silence {
    H5E_auto2_t function;
    void *data;
} h5_silence;
h5_silence h5_silence_begin(void);
void h5_silence_end(h5_silence silence);
/* Text of the innermost error of HDF5's stack. */
void h5_error_text(char *text, size_t size);
/* Properties for opening and creating, without locks (NFS and Lustre often have none): a file that is being written has a
 * name that nobody else knows, one that is complete never changes. To be closed by h5_close_properties; negative: failed. The
 * environment variable HDF5_USE_FILE_LOCKING goes before. */
hid_t h5_file_access(void);

/* Opens `temporary` for writing, with creation order tracked, version bounds V18 and no times. */
void h5_output_open(h5_output *self, const char *temporary, const char *target, const volatile sig_atomic_t *stop,
                    uxo_report *report);
/* Flushes and closes; returns what went wrong first. */
uxo_status h5_output_close(h5_output *self);
/* Keeps the first failure. `what`: what was being written. */
void h5_output_fail(h5_output *self, const char *what);
/* True when something failed or the caller's stop flag is set. */
bool h5_output_stopped(h5_output *self);

hid_t h5_group(h5_output *self, const char *path);
/* Dataset creation properties with attribute order tracked and no times. */
hid_t h5_dataset_properties(h5_output *self);
void h5_close_properties(hid_t properties);
void h5_close_dataset(hid_t dataset);
void h5_close_group(hid_t group);

/* Attributes; a negative `object` is passed over (a table that was left out). */
/* A sentence for people: variable length, which h5py reads as text too. */
void h5_text(h5_output *self, hid_t object, const char *name, const char *text);
/* A word that programs look for (units, CF): fixed length, because some netCDF tools take no other. */
void h5_word(h5_output *self, hid_t object, const char *name, const char *word);
void h5_attribute(h5_output *self, hid_t object, const char *name, hid_t type, const void *values, size_t count);
void h5_number(h5_output *self, hid_t object, const char *name, double value);
void h5_integer(h5_output *self, hid_t object, const char *name, int32_t value);

/* A dimension without coordinates, as netCDF-C writes it. */
h5_dimension h5_plain_dimension(h5_output *self, hid_t group, const char *name, size_t length);
/* A dimension with coordinates. */
h5_dimension h5_coordinate(h5_output *self, hid_t group, const char *name, const double *values, size_t length);
void h5_attach(h5_output *self, hid_t dataset, const h5_dimension *dimension, unsigned axis);
void h5_close_dimension(h5_dimension *dimension);

/* A table of rank 1 or 2, written whole; `type` is both the memory's and the file's (native, little-endian on disk).
 * Above 64 KiB it is deflated. Returns the dataset for attributes, to be closed by h5_close_dataset; negative when it
 * was left out. */
hid_t h5_table(h5_output *self, hid_t group, const char *name, hid_t type, const void *values,
               const h5_dimension *dimensions, unsigned rank);
/* A table of texts (variable length, UTF-8). NULL counts as "". */
hid_t h5_texts(h5_output *self, hid_t group, const char *name, const char *const *texts, const h5_dimension *dimension);
/* A single text as a scalar dataset. */
void h5_single_text(h5_output *self, hid_t group, const char *name, const char *text);

#endif
