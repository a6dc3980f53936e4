/* run_notes.h - what a checkpoint or a part says of the command that made it, so that parts can be put together without it being said again. */
#ifndef UXOSIM_TOOLS_RUN_NOTES_H
#define UXOSIM_TOOLS_RUN_NOTES_H

#include "arguments.h"
#include "run_job.h"

/* OUTPUT.checkpoint. The caller's; NULL: out of memory. */
char *run_notes_checkpoint(const char *output);

/* The scenario's path from the folder of the output, and every --set. The caller's; NULL: out of memory. */
char *run_notes_make(const run_job *job);

/* Texts of notes. Owned. */
typedef struct run_notes {
    char *scenario; /* path from here; NULL: not said */
    char *text;     /* of all --set */
    set_list sets;
} run_notes;

/* Of a part. False: out of memory. */
bool run_notes_read(run_notes *self, const uxo_records *part);
void run_notes_free(run_notes *self);

#endif
