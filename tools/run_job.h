/* run_job.h - what `run` and `merge` have in common: a scenario to a result file, or to a part of one, with checkpoints. */
#ifndef UXOSIM_TOOLS_RUN_JOB_H
#define UXOSIM_TOOLS_RUN_JOB_H

#include <signal.h>

#include "uxosim/checkpoint.h"
#include "uxosim/result.h"

/* Seconds between two checkpoints if not said. */
enum { RUN_CHECKPOINT_S = 300 };

/* Borrowed. */
typedef struct run_job {
    const char *scenario, *output;
    const char *const *set;
    size_t set_count;
    const char *kernel; /* NULL: the widest */
    int threads;        /* 0: as fits */
    bool quiet;
    const volatile sig_atomic_t *stop;
    bool keeps, resume; /* checkpoints are written; one that is there is gone on with */
    double interval_s;
    bool is_part;         /* the output is a part, not a result */
    uint32_t part, parts; /* from 0; 0 of 1: everything */
    uxo_parts *merged;    /* the parts that everything is taken from; NULL: none, it is simulated */
} run_job;

/* Is there anything in the way of the output? Said before an hour of simulation, not after it. Results (or parts) are replaced, nothing else is: a
 * scenario or a strike list may be the only copy there is. */
UXO_MUST_USE uxo_status run_job_check_output(const run_job *job, uxo_report *report);

/* From the first byte of the scenario to the last of the output; prints the report and what happened. UXO_ERR_RESUMABLE: interrupted, there is a
 * checkpoint. */
UXO_MUST_USE uxo_status run_job_do(const run_job *job, uxo_report *report);

/* The result's table of districts to the standard output. Returns an exit code. */
int run_job_show(const run_job *job);

#endif
