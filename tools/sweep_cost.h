/* sweep_cost.h - what the tasks of a sweep will take: from scenarios that are read, or that are run as a probe. */
#ifndef UXOSIM_TOOLS_SWEEP_COST_H
#define UXOSIM_TOOLS_SWEEP_COST_H

#include "sweep_job.h"

/* Of one task. */
typedef struct sweep_cost {
    double seconds, mib,
        mb;   /* processor time on one thread, with the reading of inputs as measured here; resident memory; on disk */
    bool own; /* from this very scenario; else the mean of those that were read */
} sweep_cost;

/* Reads scenarios: all, or some that are spread over the sweep and hold every value of every axis; inputs go to the folder. Complains of
 * scenarios that are not sound, at most of a few. cost[tasks]. probes: so many of those that were read are run, and the estimates scaled by what
 * they took. */
UXO_MUST_USE uxo_status sweep_cost_find(sweep_job *job, sweep_folder *folder, uint32_t probes, sweep_cost *cost,
                                        uxo_report *report);

#endif
