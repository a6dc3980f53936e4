/* sweep_collect.c - `uxosim sweep collect`: all results of a sweep into one netCDF file, and into one table. */
#include <argp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "commands.h"
#include "output.h"
#include "signals.h"
#include "sweep_commands.h"
#include "sweep_csv.h"
#include "sweep_job.h"
#include "sweep_tasks.h"
#include "uxosim/result_sweep.h"
#include "uxosim/sweep_task.h"
#include "uxosim_build_info.h"

enum { OPTION_CSV = 0x100, OPTION_ALLOW_MISSING, OPTION_SWEEP };

typedef struct collect_arguments {
    const char *folder, *sweep, *output, *csv;
    bool allow_missing;
} collect_arguments;

static error_t parse_option(int key, char *value, struct argp_state *state)
{
    collect_arguments *const arguments = state->input;
    switch (key) {
    case 'o':
        arguments->output = value;
        return 0;
    case OPTION_CSV:
        arguments->csv = value;
        return 0;
    case OPTION_SWEEP:
        arguments->sweep = value;
        return 0;
    case OPTION_ALLOW_MISSING:
        arguments->allow_missing = true;
        return 0;
    case ARGP_KEY_END:
        if (arguments->folder != NULL && arguments->output == NULL) {
            argp_error(state, "-o OUT.nc says where the result goes");
        }
        break;
    default:
        break;
    }
    return arguments_parse(key, value, state, "folder", &arguments->folder, NULL);
}

/* Numbers of the tasks that are not done, as a list; to be freed. "": all are. */
static char *list_holes(const uxo_sweep_store *store, bool failed, uint32_t *count)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    task_printer printer = {.out = out};
    *count = 0;
    for (uint32_t task = store->first; out != NULL && task <= store->last; task++) {
        const uxo_task_state state = uxo_sweep_store_entry(store, task)->state;
        if (state != UXO_TASK_DONE && (state == UXO_TASK_FAILED || !failed)) {
            sweep_tasks_print(&printer, task);
            ++*count;
        }
    }
    if (out != NULL) {
        sweep_tasks_print(&printer, 0);
        fclose(out);
    }
    return text;
}

/* Holes are refused by their numbers, or pointed out. */
static uxo_status look_for_holes(const collect_arguments *arguments, const uxo_sweep_store *store, uxo_report *report)
{
    uint32_t count, failed;
    char *const holes = list_holes(store, false, &count), *const failures = list_holes(store, true, &failed);
    uxo_status status = UXO_OK;
    if (holes == NULL || failures == NULL) {
        status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a sweep");
    } else if (count > 0 && !arguments->allow_missing) {
        status =
            uxo_fail(report, UXO_ERR_DATA, NULL,
                     "%u of %u tasks are not done: %s%s%s%s; nothing was written. `uxosim sweep status` says more, "
                     "--allow-missing collects the others and marks these",
                     count, store->last, holes, failed > 0 ? " (failed: " : "", failures, failed > 0 ? ")" : "");
    } else if (count > 0) {
        uxo_report_add(report, UXO_WARNING, NULL, "%u of %u scenarios are missing and marked in the result: %s", count,
                       store->last, holes);
    }
    free(holes);
    free(failures);
    return status;
}

/* The table as text: a line for each scenario and row. */
typedef struct csv_table {
    const uxo_sweep *sweep;
    const uxo_scenario *scenario;
    uxo_sweep_store *store;
    FILE *out;
} csv_table;

static void csv_head(const csv_table *self)
{
    fputs("task", self->out);
    for (uint32_t a = 0; a < self->sweep->axis_count; a++) {
        sweep_csv_text(self->out, self->sweep->axis[a].name, 0);
    }
    fputs(",missing,district", self->out);
    for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
        sweep_csv_text(self->out, uxo_sweep_column_info(c).name, 0);
    }
    fputc('\n', self->out);
}

static const char *row_name(const csv_table *self, uint32_t row)
{
    static const char *const others[] = {"outside every district", "outside the grid", "total"};
    const uxo_districts *const districts = &self->scenario->districts;
    return row < districts->count ? districts->item[row].name : others[row - districts->count];
}

static uxo_status csv_task(const csv_table *self, uint32_t task)
{
    const uxo_task_entry *const entry = uxo_sweep_store_entry(self->store, task);
    const bool there = entry->state == UXO_TASK_DONE;
    uxo_report scratch; /* what cannot be read here could not be read when the other file was written */
    uxo_sweep_task read = {.rows = 0};
    void *bytes = NULL;
    uxo_report_init(&scratch);
    uxo_status status = UXO_OK;
    if (there) {
        status = uxo_sweep_store_read(self->store, entry->file, &entry->record, &bytes, &scratch);
        status = status == UXO_OK ? uxo_sweep_task_unpack(&read, bytes, (size_t)entry->record.size, &scratch) : status;
    }
    for (uint32_t row = 0; status == UXO_OK && row < self->scenario->districts.count + 3; row++) {
        fprintf(self->out, "%u", task);
        for (uint32_t a = 0; a < self->sweep->axis_count; a++) {
            char *const value = uxo_sweep_value(self->sweep, task - 1, a);
            sweep_csv_text(self->out, value != NULL ? value : "", 0);
            free(value);
        }
        fprintf(self->out, ",%d", there ? 0 : entry->state == UXO_TASK_FAILED ? 2 : 1);
        sweep_csv_text(self->out, row_name(self, row), 0);
        for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
            sweep_csv_number(self->out, there ? read.column[c][row] : (double)NAN);
        }
        fputc('\n', self->out);
    }
    free(bytes);
    uxo_sweep_task_free(&read);
    uxo_report_free(&scratch);
    return status;
}

static uxo_status write_csv(const csv_table *table, const char *path, uxo_report *report)
{
    tool_output output;
    csv_table self = *table;
    UXO_TRY(tool_output_open(&output, path, report));
    self.out = output.stream;
    csv_head(&self);
    uxo_status status = UXO_OK;
    for (uint32_t task = self.store->first; status == UXO_OK && task <= self.store->last; task++) {
        status = csv_task(&self, task);
    }
    if (status != UXO_OK) {
        tool_output_abandon(&output);
        return uxo_fail(report, status, NULL, "a file of tasks changed while '%s' was written", path);
    }
    return tool_output_close(&output, report);
}

/* Any scenario that is done: districts, grid and texts are those of all. */
static uxo_status read_like(const sweep_job *job, const uxo_sweep_store *store, uxo_scenario *out, uxo_report *report)
{
    uxo_report own;
    uint32_t task = store->first;
    while (task < store->last && uxo_sweep_store_entry(store, task)->state != UXO_TASK_DONE) {
        task++;
    }
    uxo_report_init(&own);
    const uxo_status status = sweep_job_read(job, task - 1, out, &own);
    if (status != UXO_OK) { /* warnings were given by `plan` */
        uxo_report_print(&own, 0, UXO_MESSAGES_SHOWN, stderr);
        uxo_report_add(report, UXO_ERROR, NULL, "the scenario of task %u can no longer be read", task);
    }
    uxo_report_free(&own);
    return status;
}

static uxo_status collect(const collect_arguments *arguments, const sweep_folder *folder, const uxo_sweep *sweep,
                          uxo_sweep_store *store, uxo_report *report)
{
    uxo_scenario scenario;
    const sweep_job job = {.sweep = sweep, .folder = folder};
    UXO_TRY(uxo_sweep_store_scan(store, folder->path, 1, folder->tasks, folder->identity, UXO_SWEEP_SCAN_ALL, report));
    UXO_TRY(look_for_holes(arguments, store, report));
    uxo_status status = read_like(&job, store, &scenario, report);
    if (status == UXO_OK) {
        const uxo_sweep_collection collection = {.sweep = sweep,
                                                 .scenario = &scenario,
                                                 .store = store,
                                                 .identity = folder->digest,
                                                 .version = UXOSIM_VERSION,
                                                 .input = folder->input,
                                                 .input_count = folder->input_count,
                                                 .stop = signals_catch()};
        status = uxo_result_sweep_write(arguments->output, &collection, report);
    }
    if (status == UXO_OK && arguments->csv != NULL) {
        const csv_table table = {.sweep = sweep, .scenario = &scenario, .store = store};
        status = tool_outputs_differ(arguments->output, arguments->csv, report); /* a link may have come alive */
        status = status == UXO_OK ? write_csv(&table, arguments->csv, report) : status;
    }
    uxo_scenario_free(&scenario);
    return status;
}

/* The table of the plan begins as that of the results does. */
static uxo_status spare_plan(const collect_arguments *arguments, uxo_report *report)
{
    const size_t size = strlen(arguments->folder) + sizeof "/plan.csv";
    char *const plan = malloc(size);
    if (plan == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a sweep");
    }
    snprintf(plan, size, "%s/plan.csv", arguments->folder);
    const uxo_status status = tool_output_apart(arguments->csv, plan, report);
    free(plan);
    return status;
}

/* Nothing but what an earlier call has written is replaced. */
static uxo_status check_outputs(const collect_arguments *arguments, uxo_report *report)
{
    static const char head[] = "task,";
    if (arguments->csv != NULL) {
        UXO_TRY(tool_outputs_differ(arguments->output, arguments->csv, report));
        UXO_TRY(tool_output_replaces(arguments->csv, head, sizeof head - 1, "table of a sweep", report));
        UXO_TRY(spare_plan(arguments, report));
    }
    return tool_output_replaces_result(arguments->output, report);
}

int sweep_collect(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"output", 'o', "OUT.nc", 0,
         "the collected file (netCDF-4): tables, paired differences, layers, all parameters", 0},
        {"csv", OPTION_CSV, "FILE", 0, "also the tables as text: a line for each scenario and district", 0},
        {"allow-missing", OPTION_ALLOW_MISSING, NULL, 0, "tasks that are not done become holes, which are marked", 0},
        {"sweep", OPTION_SWEEP, "FILE", 0,
         "where the sweep file is now, with its inputs about it as before (default: where the plan has it)", 0},
        {NULL, 0, NULL, 0, NULL, 0}};
    static const struct argp parser = {
        options,
        parse_option,
        "FOLDER",
        "Puts the results of all tasks of a sweep into one file. It has the same bytes however the tasks were bundled "
        "and in "
        "whatever order they were run. Refuses, by their numbers, tasks that are not done.",
        NULL,
        NULL,
        NULL};
    collect_arguments arguments = {.folder = NULL};
    sweep_folder folder;
    uxo_sweep sweep;
    uxo_sweep_store store;
    uxo_report report;
    memset(&sweep, 0, sizeof sweep);
    memset(&store, 0, sizeof store);
    argp_parse(&parser, argc, argv, 0, NULL, &arguments);
    uxo_report_init(&report);
    memset(&folder, 0, sizeof folder);
    uxo_status status = check_outputs(&arguments, &report);
    if (status == UXO_OK) {
        status = sweep_folder_open(&folder, arguments.folder, arguments.sweep, &report);
    }
    if (status == UXO_OK) {
        status = sweep_folder_verify(&folder, &sweep, &report);
    }
    if (status == UXO_OK) {
        status = collect(&arguments, &folder, &sweep, &store, &report);
    }
    if (status == UXO_OK) {
        const bool taken = arguments.csv != NULL && strcmp(arguments.csv, "-") == 0; /* the table is there */
        fprintf(taken ? stderr : stdout, "%s: %u scenarios\n", arguments.output, folder.tasks);
    }
    uxo_sweep_store_free(&store);
    uxo_sweep_free(&sweep);
    sweep_folder_free(&folder);
    return tool_finish(status, &report);
}
