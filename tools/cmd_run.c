/* cmd_run.c - `uxosim run`: reads a scenario, simulates it, writes the result, prints the table of
 * districts. */
#include <argp.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "arguments.h"
#include "commands.h"
#include "run_job.h"
#include "signals.h"

enum { OPTION_THREADS = 0x100, OPTION_KERNEL, OPTION_CHECKPOINT, OPTION_RESUME, OPTION_PART };
enum { MAX_PATH_TEXT = 4096 };

typedef struct run_arguments {
    run_job job;
    set_list sets;
} run_arguments;

/* "2/7" */
static void parse_part(const char *value, run_job *job, const struct argp_state *state)
{
    char rest;
    uint32_t number, parts;
    if (sscanf(value, "%" SCNu32 "/%" SCNu32 "%c", &number, &parts, &rest) != 2 || number < 1 || number > parts ||
        parts > UXO_MOST_PARTS) {
        argp_error(state, "--part takes i/n, with i from 1 to n and n up to %d, not '%s'", UXO_MOST_PARTS, value);
    }
    job->part = number - 1;
    job->parts = parts;
    job->is_part = true;
    job->keeps = true;
}

static void parse_checkpoint(const char *value, run_job *job, const struct argp_state *state)
{
    char *end = NULL;
    const double seconds = value != NULL ? strtod(value, &end) : RUN_CHECKPOINT_S;
    if (value != NULL && (*value == '\0' || *end != '\0' || !(seconds >= 0.0) || isinf(seconds))) {
        argp_error(state, "--checkpoint takes a number of seconds, not '%s'", value);
    }
    job->interval_s = seconds;
    job->keeps = true;
}

static error_t parse_option(int key, char *value, struct argp_state *state)
{
    run_arguments *const arguments = state->input;
    run_job *const job = &arguments->job;
    switch (key) {
    case 'o':
        job->output = value;
        break;
    case 'q':
        job->quiet = true;
        break;
    case OPTION_THREADS:
        job->threads = arguments_threads(value, state);
        break;
    case OPTION_KERNEL:
        job->kernel = value;
        break;
    case OPTION_CHECKPOINT:
        parse_checkpoint(value, job, state);
        break;
    case OPTION_RESUME:
        job->resume = true;
        job->keeps = true;
        break;
    case OPTION_PART:
        parse_part(value, job, state);
        break;
    default:
        return arguments_parse(key, value, state, "scenario", &job->scenario, &arguments->sets);
    }
    return 0;
}

/* Where the result goes if not said: the scenario's own name, or its folder's where the file is just called
 * scenario.yaml. Parts tell their number. */
static void default_output(const run_job *job, char *path, size_t size)
{
    const char *const scenario = job->scenario, *const slash = strrchr(scenario, '/');
    const char *name = slash != NULL ? slash + 1 : scenario;
    size_t length = strcspn(name, ".");
    if (strncmp(name, "scenario.", 9) == 0 && slash != NULL && slash != scenario) {
        const char *start = slash;
        while (start > scenario && start[-1] != '/') {
            start--;
        }
        if (start < slash && *start != '.') {
            name = start;
            length = (size_t)(slash - start);
        }
    }
    if (job->is_part) {
        snprintf(path, size, "%.*s-%" PRIu32 "-of-%" PRIu32 ".part", (int)length, name, job->part + 1, job->parts);
    } else {
        snprintf(path, size, "%.*s.nc", (int)length, name);
    }
}

static void note_extension(const char *path)
{
    const char *const dot = strrchr(path, '.');
    if (dot == NULL || strcmp(dot, ".nc") != 0) {
        fprintf(stderr,
                "uxosim: note: '%s' does not end in .nc: GDAL and QGIS then need NETCDF:%s:dud_density to see where it "
                "lies\n",
                path, path);
    }
}

static int run_all(const run_job *job)
{
    uxo_report report;
    uxo_report_init(&report);
    uxo_status status = run_job_check_output(job, &report);
    if (status != UXO_OK) {
        command_end(status, &report, 0);
    } else {
        if (!job->quiet && !job->is_part) {
            note_extension(job->output);
        }
        status = run_job_do(job, &report);
    }
    uxo_report_free(&report);
    if (status == UXO_ERR_INTERRUPTED) {
        fprintf(stderr, "uxosim: interrupted; no result was written\n");
        return 128 + (int)*job->stop;
    }
    if (status == UXO_OK && !job->quiet && job->is_part) {
        printf("part: %s\n", job->output);
    }
    return status != UXO_OK || job->quiet || job->is_part ? uxo_status_exit_code(status) : run_job_show(job);
}

int cmd_run(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"output", 'o', "OUT.nc", 0, "result file (default: named after the scenario, in the current folder)", 0},
        ARGUMENTS_SET_OPTION,
        {"threads", OPTION_THREADS, "N", 0, "threads (default: all, one for a tiny run); does not change the result",
         0},
        {"checkpoint", OPTION_CHECKPOINT, "SECONDS", OPTION_ARG_OPTIONAL,
         "keep what is done in OUT.nc.checkpoint, at most every so many seconds (default: 300) and when a signal ends "
         "the run "
         "(exit code 75)",
         0},
        {"resume", OPTION_RESUME, NULL, 0, "go on with OUT.nc.checkpoint if it is there, to the same bytes", 0},
        {"part", OPTION_PART, "I/N", 0, "do part I of N only, into a file for `uxosim merge`; keeps a checkpoint, too",
         0},
        {"quiet", 'q', NULL, 0, "errors only", 0},
        {"kernel", OPTION_KERNEL, "NAME", OPTION_HIDDEN, "portable, sse2, avx2 or avx512; does not change the result",
         0},
        {NULL, 0, NULL, 0, NULL, 0}};
    static const struct argp parser = {
        options,
        parse_option,
        "SCENARIO.yaml",
        "Simulates a scenario, writes a result file (netCDF-4) and prints the table of districts.\v"
        "Modelled, not surveyed: see docs/model.md for what the numbers mean and do not mean.",
        NULL,
        NULL,
        NULL};
    run_arguments arguments;
    char named[MAX_PATH_TEXT];
    memset(&arguments, 0, sizeof arguments);
    run_job *const job = &arguments.job;
    job->parts = 1;
    job->interval_s = RUN_CHECKPOINT_S;
    argp_parse(&parser, argc, argv, 0, NULL, &arguments);
    default_output(job, named, sizeof named);
    job->output = job->output != NULL ? job->output : named;
    job->set = arguments.sets.item;
    job->set_count = arguments.sets.count;
    job->stop = signals_catch();
    return run_all(job);
}
