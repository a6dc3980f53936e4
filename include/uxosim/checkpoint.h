/* checkpoint.h - a run's work in files: checkpoints, from which a run goes on that was interrupted, and parts, from which it is put together.
 *
 * Both are files of records (records.h) that name the run they belong to: the program and its version, every value that is used, the inputs by
 * SHA-256. A part is a checkpoint with nothing left to do, under a name of its own. The result file is not among them: it is written at the end,
 * from them, and nothing in it tells of them.
 *
 * A run has its checkpoint for itself, by a lock (flock) from its beginning on: the file is there at once, with nothing in it but what it belongs to,
 * and goes if nothing is ever kept. Where a file system has no locks there is none.
 *
 * State of the realisations: a new file takes the place of the old one, which is valid until then. Chunks of the map: added to that file, one
 * record each. Both at most every `interval_s`, and so seldom that writing takes less than 1 % of the time.
 */
#ifndef UXOSIM_CHECKPOINT_H
#define UXOSIM_CHECKPOINT_H

#include "uxosim/engine.h"
#include "uxosim/records.h"

/* Version of what is in the records: it is part of what they belong to. */
enum { UXO_CHECKPOINT_FORMAT_VERSION = 2 };

/* What run a file belongs to: names and values as of uxo_records_head.identity. The caller's; NULL: out of memory. */
char *uxo_checkpoint_identity(const uxo_scenario *scenario, const char *version, const char *commit);

typedef struct uxo_checkpoint_plan {
    const char *path;     /* of the checkpoint */
    const char *output;   /* what a part becomes when it is complete; of a whole run not looked at */
    const char *identity; /* of the run */
    const char *notes;    /* what else is to be known of it: lines as of the identity; "" */
    double interval_s;    /* seconds between two states, at least */
    bool resume;          /* go on with the file, if it is there; else it must not be there */
    bool is_part;         /* of a part of the run, to be completed as such */
    uint32_t part, parts; /* from 0; 0 of 1: everything */
} uxo_checkpoint_plan;

/* A checkpoint on its way. Owned; not to be moved, since `store` points to it. */
typedef struct uxo_checkpoint {
    uxo_work_store store; /* for the engine */
    char *path, *fresh;   /* of the file, and of the one that is to take its place */
    char *output;         /* of the complete part */
    char *identity, *notes;
    int lock;         /* the file at `path`, until a state takes its place, which is locked itself; 0: none */
    bool is_ours;     /* nothing has been kept at `path` yet: it goes if nothing ever is */
    uxo_records file; /* what there is; path NULL: nothing yet */
    uxo_records next; /* being written; path NULL: none is */
    double interval_s;
    double began_s, written_s,
        last_s;       /* of the state that is being written; it took; when it, or a chunk, was last synced */
    bool resumed;     /* the file held something of this run */
    bool is_complete; /* this very part is there already, under its own name: nothing is to be done */
    uint32_t states;  /* written */
    double all_s;     /* that writing took, chunks included */
} uxo_checkpoint;

/* UXO_ERR_DATA: the file belongs to another run, or part, and by what it is told; it is no checkpoint at all. UXO_ERR_CANTCREATE: it is there, but is
 * not to be gone on with; another run has it; another part has the name of this one. UXO_ERR_RESUMABLE: to be resumed, but another process has it,
 * of this run as far as is known. Damaged records at its end are left out and done again. A
 * checkpoint without any state is begun anew; one whose head is damaged is set aside as PATH.damaged, with a warning. Free also after an error. */
UXO_MUST_USE uxo_status uxo_checkpoint_begin(uxo_checkpoint *self, const uxo_checkpoint_plan *plan, uxo_report *report);

/* Everything of a part is there: the file is marked as complete and gets its final name. */
UXO_MUST_USE uxo_status uxo_checkpoint_complete(uxo_checkpoint *self, uxo_report *report);
/* The result is there: the file is removed. */
void uxo_checkpoint_remove(uxo_checkpoint *self);
/* Is there anything to go on with? */
bool uxo_checkpoint_exists(const uxo_checkpoint *self);
/* What is kept stays kept. */
void uxo_checkpoint_free(uxo_checkpoint *self);

/* A run is divided into so many at most. */
enum { UXO_MOST_PARTS = 100000 };

/* "i/n" of a part, from 1. False: the file is no part of a run. */
bool uxo_part_number(const uxo_records *part, uint32_t *number, uint32_t *of);

/* May this part get the name `path`? UXO_OK: nothing is there, or something damaged of this part; or the part itself, complete: *there.
 * UXO_ERR_CANTCREATE: another part, or what is no part; UXO_ERR_DATA: a part of another run. */
UXO_MUST_USE uxo_status uxo_part_look(const char *path, const char *identity, uint32_t part, uint32_t parts,
                                      bool *there, uxo_report *report);

/* A unit of work, and the part that has it. */
typedef struct uxo_part_unit {
    uxo_record_place place;
    uint32_t part;
} uxo_part_unit;

/* Parts of a run, opened. Owned; not to be moved. */
typedef struct uxo_parts {
    uxo_work_store store; /* complete */
    uxo_records *part;    /* [count] in the order of their numbers */
    uint32_t count;
    uxo_part_unit *unit; /* [unit_count] of all parts, in ascending order of kind, a, b, part */
    size_t unit_count;
} uxo_parts;

/* Opens parts, in any order. UXO_ERR_DATA: one is damaged, not complete, no part at all; is there twice; is missing; does not belong to the others:
 * all such are told, with the name of the file or the number of the part. Free also after an error. */
UXO_MUST_USE uxo_status uxo_parts_open(uxo_parts *self, const char *const *path, uint32_t count, uxo_report *report);
/* Do they belong to this run? As uxo_records_check. */
UXO_MUST_USE uxo_status uxo_parts_check(const uxo_parts *self, const char *identity, uxo_report *report);
void uxo_parts_free(uxo_parts *self);

#endif
