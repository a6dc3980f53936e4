/* sweep_job.c - see sweep_job.h. */
#include "sweep_job.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "uxosim/summary.h"
#include "uxosim/sweep_maps.h"
#include "uxosim/sweep_task.h"

double sweep_processor_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

uxo_status sweep_job_read(const sweep_job *self, uint32_t scenario, uxo_scenario *out, uxo_report *report)
{
    return sweep_job_read_with(self, scenario, 0, scenario, out, report);
}

uxo_status sweep_job_read_with(const sweep_job *self, uint32_t scenario, uint32_t axis, uint32_t other,
                               uxo_scenario *out, uxo_report *report)
{
    uxo_sweep_sets sets;
    memset(out, 0, sizeof *out);
    uxo_status status = uxo_sweep_sets_with(self->sweep, scenario, axis, other, &sets, report);
    if (status == UXO_OK) {
        uxo_scenario *const previous = self->previous != NULL && self->previous->title != NULL ? self->previous : NULL;
        status = uxo_scenario_read_next(out, previous, self->sweep->base, (const char *const *)sets.item, sets.count,
                                        report);
    }
    uxo_sweep_sets_free(&sets);
    if (self->previous != NULL) {
        uxo_scenario_free(self->previous);
    }
    UXO_TRY(status);
    if (out->until.given) {
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        "'%s' has run.until: the scenarios of a sweep share their realisations; give run.realisations",
                        self->sweep->base);
    }
    return self->folder != NULL ? sweep_folder_knows(self->folder, out, report) : UXO_OK;
}

/* Everything from the first draw to the table of districts. */
static uxo_status simulate(const sweep_job *self, const uxo_scenario *scenario, uxo_outcome *outcome,
                           uxo_district_table *table, sweep_outcome *out, uxo_report *report)
{
    UXO_TRY(uxo_engine_run(scenario, &self->engine, outcome, report));
    if (self->sweep->layer_count > 0) {
        UXO_TRY(uxo_sweep_maps_compute(scenario, &self->engine, outcome, &out->maps, &out->maps_size, report));
    }
    UXO_TRY(uxo_engine_self_check(scenario, outcome, report));
    UXO_TRY(uxo_district_table_init(table, scenario->districts.count, report));
    return uxo_district_table_fill(table, scenario, outcome, NULL, report);
}

static uxo_status keep(const uxo_outcome *outcome, const uxo_district_table *table, sweep_outcome *out,
                       uxo_report *report)
{
    uxo_sweep_task task;
    uxo_status status = uxo_sweep_task_fill(&task, outcome, table, report);
    if (status == UXO_OK) {
        status = uxo_sweep_task_pack(&task, &out->table, &out->table_size, report);
    }
    uxo_sweep_task_free(&task);
    return status;
}

uxo_status sweep_job_run(sweep_job *self, uint32_t scenario, sweep_outcome *out, uxo_report *report)
{
    uxo_scenario read;
    uxo_outcome outcome;
    uxo_district_table table;
    const double begin = sweep_processor_s();
    memset(&outcome, 0, sizeof outcome);
    memset(&table, 0, sizeof table);
    memset(out, 0, sizeof *out);
    uxo_status status = sweep_job_read(self, scenario, &read, report);
    if (status == UXO_OK) {
        const double start = sweep_processor_s();
        status = simulate(self, &read, &outcome, &table, out, report);
        self->simulated_s += sweep_processor_s() - start;
    }
    if (status == UXO_OK) {
        status = keep(&outcome, &table, out, report);
    }
    uxo_district_table_free(&table);
    uxo_outcome_free(&outcome);
    sweep_job_leave(self, &read, status);
    out->seconds = sweep_processor_s() - begin;
    return status;
}

void sweep_job_leave(const sweep_job *self, uxo_scenario *read, uxo_status status)
{
    if (self->previous != NULL && status == UXO_OK) {
        *self->previous = *read;
        memset(read, 0, sizeof *read);
    } else {
        uxo_scenario_free(read);
    }
}

void sweep_outcome_free(sweep_outcome *self)
{
    free(self->table);
    free(self->maps);
    memset(self, 0, sizeof *self);
}
