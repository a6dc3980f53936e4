/* sweep_job.h - one scenario of a sweep: read, simulated, and what is kept of it. */
#ifndef UXOSIM_TOOLS_SWEEP_JOB_H
#define UXOSIM_TOOLS_SWEEP_JOB_H

#include <signal.h>

#include "sweep_folder.h"
#include "uxosim/engine.h"

/* What several scenarios in one process share. Borrowed. */
typedef struct sweep_job {
    const uxo_sweep *sweep;
    const sweep_folder *folder; /* NULL: inputs are not compared with the plan's */
    uxo_engine_options engine;
    double simulated_s;     /* processor time in the engine so far */
    uxo_scenario *previous; /* read last: the next one takes over what is alike; NULL: nothing is kept */
} sweep_job;

/* Owned. */
typedef struct sweep_outcome {
    void *table, *maps; /* for the store; maps NULL: none */
    size_t table_size, maps_size;
    double seconds; /* processor time */
} sweep_outcome;

/* Scenario by its number from 0. */
UXO_MUST_USE uxo_status sweep_job_read(const sweep_job *self, uint32_t scenario, uxo_scenario *out, uxo_report *report);
/* The same with the value of one axis as it is in scenario `other`. */
UXO_MUST_USE uxo_status sweep_job_read_with(const sweep_job *self, uint32_t scenario, uint32_t axis, uint32_t other,
                                            uxo_scenario *out, uxo_report *report);
/* Ends with a scenario: it is kept as the previous one, or freed. status: what came of it. */
void sweep_job_leave(const sweep_job *self, uxo_scenario *read, uxo_status status);
/* The same simulated. UXO_ERR_DATA, UXO_ERR_NOINPUT, UXO_ERR_SELFCHECK: of this scenario; others: of the process. */
UXO_MUST_USE uxo_status sweep_job_run(sweep_job *self, uint32_t scenario, sweep_outcome *out, uxo_report *report);
void sweep_outcome_free(sweep_outcome *self);

/* Processor time of this process in seconds. */
double sweep_processor_s(void);

#endif
