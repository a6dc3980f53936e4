/* sweep_plan.c - `uxosim sweep plan`: the list of tasks, with what each will take. */
#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arguments.h"
#include "commands.h"
#include "output.h"
#include "signals.h"
#include "sweep_commands.h"
#include "sweep_cost.h"
#include "sweep_csv.h"
#include "sweep_idle.h"
#include "text_output.h"
#include "uxosim/sweep_task.h"

enum { OPTION_PROBE = 0x100, DEFAULT_PROBES = 2, MOST_PROBES = 100 };

typedef struct plan_arguments {
    const char *sweep, *output;
    uint32_t probes;
} plan_arguments;

static error_t parse_option(int key, char *value, struct argp_state *state)
{
    plan_arguments *const arguments = state->input;
    char *end = NULL;
    switch (key) {
    case 'o':
        arguments->output = value;
        return 0;
    case OPTION_PROBE: {
        const long probes = value != NULL ? strtol(value, &end, 10) : DEFAULT_PROBES;
        if (value != NULL && (*value == '\0' || *end != '\0' || probes < 1 || probes > MOST_PROBES)) {
            argp_error(state, "--probe takes a whole number from 1 to %d, not '%s'", MOST_PROBES, value);
        }
        arguments->probes = (uint32_t)probes;
        return 0;
    }
    default:
        return arguments_parse(key, value, state, "sweep file", &arguments->sweep, NULL);
    }
}

/* The folder is made where it is not there. One that holds another plan with results is left as it is. */
static uxo_status prepare_folder(const sweep_folder *self, uxo_report *report)
{
    struct stat status;
    sweep_folder before;
    uxo_report old;
    if (mkdir(self->path, 0777) == 0) {
        return UXO_OK;
    }
    if (errno != EEXIST) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot make the folder '%s': %s", self->path,
                        strerror(errno));
    }
    uxo_report_init(&old);
    const bool same =
        sweep_folder_open(&before, self->path, NULL, &old) == UXO_OK && strcmp(before.digest, self->digest) == 0;
    char *const tasks = sweep_folder_join(self->path, "tasks");
    const bool used = tasks == NULL || stat(tasks, &status) == 0;
    free(tasks);
    sweep_folder_free(&before);
    uxo_report_free(&old);
    return same || !used ? UXO_OK
                         : uxo_fail(report, UXO_ERR_CANTCREATE, NULL,
                                    "'%s' holds tasks of another plan (the sweep, an input or the program was "
                                    "another): give another folder with -o, or remove this one",
                                    self->path);
}

/* Columns beside those of the axes: plan.csv's and the collected table's. Two of one name could not be told apart. */
static bool is_column(const char *name)
{
    static const char *const own[] = {"task", "seconds", "mib", "mb", "missing", "district"};
    bool found = false;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        found = found || strcmp(name, own[i]) == 0;
    }
    for (int c = 0; c < UXO_SWEEP_COLUMN_COUNT; c++) {
        found = found || strcmp(name, uxo_sweep_column_info(c).name) == 0;
    }
    return found;
}

static uxo_status check_names(const uxo_sweep *sweep, uxo_report *report)
{
    const size_t errors_before = report->error_count;
    for (uint32_t a = 0; a < sweep->axis_count; a++) {
        if (is_column(sweep->axis[a].name)) {
            uxo_report_add(report, UXO_ERROR, &sweep->axis[a].place,
                           "axis '%s': tables of a sweep have a column of that name; give the axis another name than "
                           "task, seconds, mib, mb, missing, district and the columns of the district table",
                           sweep->axis[a].name);
        }
    }
    return uxo_report_status(report, errors_before);
}

static void print_task(FILE *out, const uxo_sweep *sweep, uint32_t scenario, const sweep_cost *cost)
{
    fprintf(out, "%u", scenario + 1);
    for (uint32_t a = 0; a < sweep->axis_count; a++) {
        char *const value = uxo_sweep_value(sweep, scenario, a);
        sweep_csv_text(out, value != NULL ? value : "", 0);
        free(value);
    }
    fprintf(out, ",%.4g,%.0f,%.4g\n", cost->seconds, ceil(cost->mib), cost->mb);
}

static uxo_status write_tasks(const sweep_folder *self, const uxo_sweep *sweep, const sweep_cost *cost,
                              uxo_report *report)
{
    tool_output output;
    char *const path = sweep_folder_join(self->path, "plan.csv");
    if (path == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a sweep");
    }
    const uxo_status status = tool_output_open(&output, path, report);
    free(path);
    UXO_TRY(status);
    fputs("task", output.stream);
    for (uint32_t a = 0; a < sweep->axis_count; a++) {
        sweep_csv_text(output.stream, sweep->axis[a].name, 0);
    }
    fputs(",seconds,mib,mb\n", output.stream);
    for (uint32_t s = 0; s < self->tasks; s++) {
        print_task(output.stream, sweep, s, &cost[s]);
    }
    return tool_output_close(&output, report);
}

static void add_up(sweep_folder *self, const sweep_cost *cost, bool probed)
{
    self->estimate = (sweep_estimate){.probed = probed};
    for (uint32_t s = 0; s < self->tasks; s++) {
        self->estimate.seconds += cost[s].seconds;
        self->estimate.largest_s = fmax(self->estimate.largest_s, cost[s].seconds);
        self->estimate.largest_mib = fmax(self->estimate.largest_mib, cost[s].mib);
        self->estimate.disk_mb += cost[s].mb;
    }
}

static void print_plan(const sweep_folder *self, const uxo_sweep *sweep)
{
    char text[4][TEXT_NUMBER_SIZE];
    const sweep_estimate *const estimate = &self->estimate;
    printf("%s\n\n", sweep->title);
    for (uint32_t a = 0; a < sweep->axis_count; a++) {
        const uxo_sweep_axis *const axis = &sweep->axis[a];
        printf("axis %-16s %s: ", axis->name, axis->key);
        if (axis->value != NULL) {
            printf("%u value%s\n", axis->value_count, axis->value_count == 1 ? "" : "s");
        } else {
            printf("%.4g to %.4g (5 to 95 %%)\n", uxo_quantity_quantile(&axis->quantity, 0.05),
                   uxo_quantity_quantile(&axis->quantity, 0.95));
        }
    }
    printf("design %s: %u scenarios%s\n", uxo_design_kind_name(sweep->design.kind), sweep->design.rows,
           sweep->has_baseline ? ", and the baseline as the last task" : "");
    printf("tasks 1 to %u in '%s'\n", self->tasks, self->path);
    printf("about %s s on one thread in all, %s s the longest task; %s MiB of memory a process; %s MB on disk (%s)\n",
           text_about(text[0], estimate->seconds), text_about(text[1], estimate->largest_s),
           text_about(text[2], estimate->largest_mib), text_about(text[3], estimate->disk_mb),
           estimate->probed ? "by a probe on this machine"
                            : "a guide, a factor of four either way; --probe runs two scenarios to know better");
}

static uxo_status write_plan(sweep_folder *self, const uxo_sweep *sweep, const plan_arguments *arguments,
                             uxo_report *report)
{
    uxo_scenario previous = {.title = NULL};
    sweep_job job = {.sweep = sweep, .engine = {.threads = 1, .stop = signals_catch()}, .previous = &previous};
    sweep_cost *const cost = calloc(self->tasks, sizeof *cost);
    uxo_status status = cost != NULL ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a sweep");
    if (status == UXO_OK) {
        status = sweep_cost_find(&job, self, arguments->probes, cost, report);
    }
    if (status == UXO_OK) {
        status = sweep_idle_warn(&job, report);
    }
    if (status == UXO_OK) {
        add_up(self, cost, arguments->probes > 0);
        status = sweep_folder_identify(self, sweep, report);
    }
    if (status == UXO_OK) {
        status = prepare_folder(self, report);
    }
    if (status == UXO_OK) {
        status = write_tasks(self, sweep, cost, report);
    }
    if (status == UXO_OK) {
        status = sweep_folder_write(self, sweep, report);
    }
    uxo_scenario_free(&previous);
    free(cost);
    return status;
}

int sweep_plan(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"output", 'o', "FOLDER", 0, "folder of the sweep (default: `output` of the sweep file)", 0},
        {"probe", OPTION_PROBE, "N", OPTION_ARG_OPTIONAL,
         "run N scenarios (2) and scale the estimates of time, memory and disk by what they took", 0},
        {NULL, 0, NULL, 0, NULL, 0}};
    static const struct argp parser = {
        options,
        parse_option,
        "SWEEP.yaml",
        "Checks a sweep file and its scenarios, and writes plan.csv (one line per task: values, seconds on one thread, "
        "MiB "
        "of memory, MB on disk) and plan.json (what the plan was made of) into a folder.\v"
        "Of more than 1000 scenarios 1000 are read, with every value of every axis; the others are taken for their "
        "mean.",
        NULL,
        NULL,
        NULL};
    plan_arguments arguments = {.sweep = NULL};
    sweep_folder folder;
    uxo_sweep sweep;
    uxo_report report;
    memset(&folder, 0, sizeof folder);
    argp_parse(&parser, argc, argv, 0, NULL, &arguments);
    uxo_report_init(&report);
    uxo_status status = uxo_sweep_read(&sweep, arguments.sweep, &report);
    if (status == UXO_OK) {
        status = check_names(&sweep, &report);
    }
    if (status == UXO_OK) {
        status =
            sweep_folder_init(&folder, arguments.output != NULL ? arguments.output : sweep.output, &sweep, &report);
    }
    if (status == UXO_OK) {
        status = write_plan(&folder, &sweep, &arguments, &report);
    }
    if (status == UXO_OK) {
        print_plan(&folder, &sweep);
    }
    sweep_folder_free(&folder);
    uxo_sweep_free(&sweep);
    return tool_finish(status, &report);
}
