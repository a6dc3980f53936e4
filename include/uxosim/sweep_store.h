/* sweep_store.h - what the tasks of a sweep leave: files of records in FOLDER/tasks/NNNN, one for each range of tasks that was asked for.
 *
 * A task is one scenario, numbered from 1. It is done when its record is there, whole, in any of the files; whoever runs a range again goes on
 * where its file ends. The file is locked (flock) while somebody writes it: so a task that has begun and is not done is running if its file is
 * locked, and has died if not, whatever the clocks of the machines say. Not here: what the records hold (sweep_task.h).
 */
#ifndef UXOSIM_SWEEP_STORE_H
#define UXOSIM_SWEEP_STORE_H

#include "uxosim/records.h"

/* Tasks that share a folder, and at most a file. */
enum { UXO_SWEEP_SHARD = 1000 };

/* A file that is being written. */
typedef struct uxo_sweep_writer {
    uxo_records records;
    int lock;
} uxo_sweep_writer;

/* Opens, or begins, the file of tasks first .. last, which share a shard; what was torn off by a crash is cut, and a file whose head cannot be read
 * is put aside as NAME.damaged. identity: lines of uxo_records_head. `locked` false: no lock is taken, for file systems that have none.
 * UXO_ERR_RESUMABLE: another process is at it. */
UXO_MUST_USE uxo_status uxo_sweep_writer_open(uxo_sweep_writer *self, const char *folder, uint32_t first, uint32_t last,
                                              const char *identity, bool locked, uxo_report *report);
/* A task begins; is done (maps may be NULL); has failed, and why. */
UXO_MUST_USE uxo_status uxo_sweep_writer_start(uxo_sweep_writer *self, uint32_t task, uxo_report *report);
UXO_MUST_USE uxo_status uxo_sweep_writer_keep(uxo_sweep_writer *self, uint32_t task, const void *bytes, size_t size,
                                              const void *maps, size_t map_size, uxo_report *report);
UXO_MUST_USE uxo_status uxo_sweep_writer_fail(uxo_sweep_writer *self, uint32_t task, const char *why,
                                              uxo_report *report);
/* Until all of it is on the disk; closes in any case. */
UXO_MUST_USE uxo_status uxo_sweep_writer_close(uxo_sweep_writer *self, uxo_report *report);

typedef enum uxo_task_state {
    UXO_TASK_MISSING, /* never began */
    UXO_TASK_DIED,    /* began, is not done, and nobody is at it */
    UXO_TASK_DAMAGED, /* not done as far as can be read: a file that was to hold it has been changed */
    UXO_TASK_FAILED,  /* ended with an error */
    UXO_TASK_RUNNING, /* began, and the file is locked */
    UXO_TASK_DONE
} uxo_task_state;

/* Where what is known of a task lies. */
typedef struct uxo_task_entry {
    uxo_task_state state;
    uint32_t file;
    uxo_record_place record, maps; /* maps.size 0: none */
} uxo_task_entry;

/* A file that cannot be read to its end. */
typedef struct uxo_task_damage {
    uint32_t file, first, last; /* tasks that its name says */
    uint64_t end, size;         /* bytes of it that are sound (0: not even its head is), and all */
    bool torn;                  /* it ends in the middle of a record, as a crash leaves it */
} uxo_task_damage;

/* How closely files are looked at: every byte against its checksum, or all but those of maps, which may be most of a sweep. Of these the checksum of
 * the head alone is tested then; uxo_sweep_store_read tests the bytes of what it reads in any case. */
typedef enum uxo_sweep_scan { UXO_SWEEP_SCAN_ALL, UXO_SWEEP_SCAN_TABLES } uxo_sweep_scan;

/* All files of a folder. Owned. */
typedef struct uxo_sweep_store {
    char *folder;
    char **file; /* [file_count] paths, ascending */
    uint32_t file_count, file_capacity;
    uint32_t first, last; /* tasks that were looked at */
    uxo_sweep_scan how;
    uxo_task_entry *entry;   /* [last - first + 1] */
    uxo_task_damage *damage; /* [damaged] files that are not locked */
    uint32_t damaged;
    uxo_records open;   /* the file that was read last */
    uint32_t open_file; /* its number; file_count: none */
} uxo_sweep_store;

/* Looks at the files that may hold tasks first .. last. Files of another plan are errors by name, and so is a task that was done twice and not
 * alike. A damaged file is a warning as long as a task that it was to hold is not done: in this file or, run again, in another. No folder yet:
 * everything is missing. */
UXO_MUST_USE uxo_status uxo_sweep_store_scan(uxo_sweep_store *self, const char *folder, uint32_t first, uint32_t last,
                                             const char *identity, uxo_sweep_scan how, uxo_report *report);
void uxo_sweep_store_free(uxo_sweep_store *self);
const uxo_task_entry *uxo_sweep_store_entry(const uxo_sweep_store *self, uint32_t task);
/* Bytes of a place in a file; to be freed. Not from two threads. */
UXO_MUST_USE uxo_status uxo_sweep_store_read(uxo_sweep_store *self, uint32_t file, const uxo_record_place *place,
                                             void **bytes, uxo_report *report);

#endif
