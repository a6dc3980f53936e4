/* records.h - a file of checksummed records, written from front to back: what a run has done so far, or a part of it.
 *
 * A head says what the records belong to. A record has a kind, two numbers and bytes, with SHA-256 of its bytes and of its own head: what a
 * crash has torn, or a disk has changed, is found before it is used. A file that is complete ends with a record that says how many there
 * were. Numbers are stored with the lowest byte first. Layout: docs/file_format.md. Not here: what records mean.
 */
#ifndef UXOSIM_RECORDS_H
#define UXOSIM_RECORDS_H

#include "uxosim/error.h"

/* What the records belong to: lines of text, each with a name, a tab and a value; a name is there once. Files with the same `identity` go
 * together; `notes` say more (which part it is), and are compared by nobody. */
typedef struct uxo_records_head {
    const char *identity, *notes;
} uxo_records_head;

/* What a file begins with: eight bytes. */
#define UXO_RECORDS_MAGIC "UXOREC01"
/* Kind of the last record of a complete file. */
enum { UXO_RECORDS_END = 0xFFFF };

typedef struct uxo_record_place {
    uint32_t kind, a, b;
    uint64_t offset, size; /* of its bytes in the file */
} uxo_record_place;

/* A file that is open. Owned. */
typedef struct uxo_records {
    int file; /* -1: parked */
    char *path;
    char *identity, *notes;
    uxo_record_place
        *record; /* [found] that were there when the file was opened, in ascending order of kind, a, b, offset */
    size_t found, capacity;
    uint64_t count; /* of all records, but for the one that ends a complete file */
    uint64_t end;   /* where the next record goes */
    uint64_t size;  /* of the file as it was found; more than `end` where its tail is damaged */
    bool complete;
    bool torn; /* the tail that is not whole is the beginning of a record, as a crash leaves it; else it was changed */
} uxo_records;

/* An empty file; what was there under its name is gone. UXO_ERR_CANTCREATE, UXO_ERR_IO (a full disk), UXO_ERR_MEMORY; then nothing is to be closed. */
UXO_MUST_USE uxo_status uxo_records_create(uxo_records *out, const char *path, const uxo_records_head *head,
                                           uxo_report *report);

/* A file as it is, every checksum tested; records behind the first damage are left out: `size` is then more than `end`. `to_append`: what is left
 * out is cut off the file. UXO_ERR_NOINPUT: there is none, or it cannot be read; UXO_ERR_DATA: it is no such file, or its head is damaged. */
UXO_MUST_USE uxo_status uxo_records_open(uxo_records *out, const char *path, bool to_append, uxo_report *report);

/* As uxo_records_open, only to be read; of records of the kind `untested`, which is not UXO_RECORDS_END, only the heads are tested. Their bytes are
 * when somebody reads them. */
UXO_MUST_USE uxo_status uxo_records_survey(uxo_records *out, const char *path, uint32_t untested, uxo_report *report);

/* UXO_ERR_DATA where the file belongs to something else: with a message for each line of the identity that differs, at most ten. what: the file
 * in words, such as "checkpoint". other: the file that the identity is of; NULL: it is that of now, the file's that of before. */
UXO_MUST_USE uxo_status uxo_records_check(const uxo_records *self, const char *identity, const char *what,
                                          const char *other, uxo_report *report);

/* Value of a line of a text with names and values; false: there is none of that name, or it does not fit. */
bool uxo_records_value(const char *text, const char *name, char *value, size_t size);

/* The `index`-th of the records with these numbers, from 0, that were there when the file was opened; NULL: there is none. Any thread, also
 * while records are added. */
const uxo_record_place *uxo_records_find(const uxo_records *self, uint32_t kind, uint32_t a, uint32_t b,
                                         uint32_t index);

/* Bytes of a record, tested; the caller's. Any thread. UXO_ERR_IO, UXO_ERR_DATA: changed since the file was opened. */
UXO_MUST_USE uxo_status uxo_records_read(const uxo_records *self, const uxo_record_place *place, void **bytes,
                                         uxo_report *report);

/* Adds a record. UXO_ERR_IO: the disk is full or worse; the file is as it was. */
UXO_MUST_USE uxo_status uxo_records_append(uxo_records *self, uint32_t kind, uint32_t a, uint32_t b, const void *bytes,
                                           size_t size, uxo_report *report);

/* Adds the last record. */
UXO_MUST_USE uxo_status uxo_records_finish(uxo_records *self, uxo_report *report);

/* Until it is on the disk. */
UXO_MUST_USE uxo_status uxo_records_sync(const uxo_records *self, uxo_report *report);

/* The file has been renamed. False: out of memory. */
UXO_MUST_USE bool uxo_records_renamed(uxo_records *self, const char *path);

/* The file is closed, and opened for as long as it takes by whoever reads of it: for more files than a process may have open. Nothing is added to it
 * any more. May be called on a struct of zeros. */
void uxo_records_park(uxo_records *self);

/* May be called on a struct of zeros, or twice. */
void uxo_records_close(uxo_records *self);

#endif
