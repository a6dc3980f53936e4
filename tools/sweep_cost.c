/* sweep_cost.c - see sweep_cost.h. */
#include "sweep_cost.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "uxosim/sweep_task.h"

enum { MOST_READ = 1000, MOST_UNSOUND = 3 };

/* Scenarios to be read: every value of every axis once, the baseline, and as many others as there may be, spread by the golden ratio, which no
 * period of a grid goes along with. */
static void choose(const uxo_sweep *sweep, uint32_t tasks, bool *chosen)
{
    uint32_t count = 0;
    for (uint32_t a = 0; a < sweep->axis_count; a++) {
        const uint32_t levels = sweep->axis[a].value_count;
        bool *const seen = calloc((size_t)levels + 1, sizeof *seen);
        for (uint32_t s = 0; seen != NULL && s < tasks; s++) {
            const uint32_t level = uxo_sweep_level(sweep, s, a);
            if (level < levels && !seen[level]) {
                seen[level] = chosen[s] = true;
            }
        }
        free(seen);
    }
    chosen[0] = chosen[tasks - 1] = true;
    for (uint32_t s = 0; s < tasks; s++) {
        count += chosen[s];
    }
    for (uint64_t k = 0; count < tasks && count < MOST_READ; k++) {
        const double place = (double)k * 0.61803398874989485;
        uint32_t s = (uint32_t)((place - floor(place)) * (double)tasks);
        while (chosen[s]) {
            s = s + 1 < tasks ? s + 1 : 0;
        }
        chosen[s] = true;
        count++;
    }
}

static sweep_cost cost_of(const uxo_sweep *sweep, const uxo_scenario *scenario)
{
    double bytes, seconds;
    const double rows = (double)scenario->districts.count + 3.0;
    const double paired = uxo_population_given(&scenario->population) ? 2.0 : 1.0;
    const double bytes_per_cell = 3.0; /* of a map with something in every cell, packed: docs/file_format.md */
    uxo_engine_cost_without_maps(scenario, &bytes, &seconds);
    sweep_cost cost = {.own = true};
    cost.mb = 1e-6 * (1000.0 +
                      rows * (UXO_SWEEP_COLUMN_COUNT * 8.0 + paired * uxo_sweep_blocks(scenario->realisations) * 4.0));
    if (sweep->layer_count > 0) {
        const double before = seconds;
        uxo_engine_cost(scenario, &bytes, &seconds);
        seconds = fmax(seconds, before);
        cost.mb += 1e-6 * (double)sweep->layer_count * bytes_per_cell * (double)uxo_grid_cell_count(&scenario->grid);
    }
    cost.seconds = seconds;
    cost.mib = bytes / 1048576.0;
    return cost;
}

/* Those that were not read are taken for the mean. */
static void spread(sweep_cost *cost, uint32_t tasks)
{
    sweep_cost sum = {.seconds = 0.0};
    double own = 0.0;
    for (uint32_t s = 0; s < tasks; s++) {
        if (cost[s].own) {
            own += 1.0;
            sum.seconds += cost[s].seconds;
            sum.mib = fmax(sum.mib, cost[s].mib);
            sum.mb += cost[s].mb;
        }
    }
    for (uint32_t s = 0; s < tasks; s++) {
        if (!cost[s].own) {
            cost[s] = (sweep_cost){sum.seconds / own, sum.mib, sum.mb / own, false};
        }
    }
}

/* Runs scenarios that were read and scales all by what they took: time by its sum, memory by the most. */
static uxo_status probe(sweep_job *job, uint32_t tasks, uint32_t probes, sweep_cost *cost, uxo_report *report)
{
    double measured = 0.0, expected = 0.0, expected_mib = 0.0, kept = 0.0, expected_mb = 0.0;
    struct rusage usage;
    for (uint32_t k = 0; k < probes; k++) {
        uint32_t s = (uint32_t)(((double)k + 0.5) / (double)probes * (double)tasks);
        sweep_outcome outcome;
        while (!cost[s].own) {
            s = s + 1 < tasks ? s + 1 : 0;
        }
        const uxo_status status = sweep_job_run(job, s, &outcome, report);
        measured += outcome.seconds;
        kept += (double)(outcome.table_size + outcome.maps_size) / 1e6;
        expected += cost[s].seconds;
        expected_mb += cost[s].mb;
        expected_mib = fmax(expected_mib, cost[s].mib);
        sweep_outcome_free(&outcome);
        UXO_TRY(status);
    }
    getrusage(RUSAGE_SELF, &usage);
    for (uint32_t s = 0; s < tasks; s++) {
        cost[s].seconds *= measured / expected;
        cost[s].mib *= (double)usage.ru_maxrss / 1024.0 / expected_mib;
        cost[s].mb *= kept / expected_mb;
    }
    return UXO_OK;
}

/* One scenario, read; its warnings only where it is the first. */
static uxo_status look_at(sweep_job *job, sweep_folder *folder, uint32_t scenario, sweep_cost *cost, uxo_report *report)
{
    uxo_scenario read;
    uxo_report own;
    uxo_report_init(&own);
    const double begin = sweep_processor_s();
    uxo_status status = sweep_job_read(job, scenario, &read, &own);
    if (status == UXO_OK) {
        *cost = cost_of(job->sweep, &read);
        cost->seconds += sweep_processor_s() - begin; /* a task reads as much, after the one before it */
        status = sweep_folder_add_inputs(folder, &read, report);
    }
    for (size_t i = 0; i < own.count; i++) {
        const uxo_message *const message = &own.item[i];
        if (message->severity == UXO_ERROR || scenario == 0) {
            uxo_report_add(report, message->severity, &message->place, "%s", message->text);
        }
    }
    if (status != UXO_OK) {
        uxo_report_add(report, UXO_ERROR, NULL, "scenario %u of the sweep is not sound", scenario + 1);
    }
    uxo_report_free(&own);
    sweep_job_leave(job, &read, status);
    return status;
}

uxo_status sweep_cost_find(sweep_job *job, sweep_folder *folder, uint32_t probes, sweep_cost *cost, uxo_report *report)
{
    const uint32_t tasks = folder->tasks;
    uint32_t unsound = 0;
    uxo_status worst = UXO_OK;
    bool *const chosen = calloc(tasks, sizeof *chosen);
    if (chosen == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a sweep");
    }
    choose(job->sweep, tasks, chosen);
    for (uint32_t s = 0; s < tasks && unsound < MOST_UNSOUND && !uxo_is_stopped(job->engine.stop); s++) {
        const uxo_status status = chosen[s] ? look_at(job, folder, s, &cost[s], report) : UXO_OK;
        unsound += status != UXO_OK;
        worst = status != UXO_OK ? status : worst;
    }
    free(chosen);
    if (uxo_is_stopped(job->engine.stop)) {
        return uxo_fail(report, UXO_ERR_INTERRUPTED, NULL, "interrupted; nothing was planned");
    }
    UXO_TRY(worst);
    spread(cost, tasks);
    return probes > 0 ? probe(job, tasks, probes < tasks ? probes : tasks, cost, report) : UXO_OK;
}
