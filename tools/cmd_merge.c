/* cmd_merge.c - `uxosim merge`: the parts of a run to the result that the whole run would have written. */
#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "arguments.h"
#include "commands.h"
#include "run_job.h"
#include "run_notes.h"
#include "signals.h"

enum { OPTION_THREADS = 0x100, OPTION_SCENARIO };

typedef struct merge_arguments {
    const char **part; /* [count] */
    uint32_t count;
    const char *output, *scenario;
    int threads;
    bool quiet;
} merge_arguments;

static error_t parse_option(int key, char *value, struct argp_state *state)
{
    merge_arguments *const arguments = state->input;
    switch (key) {
    case 'o':
        arguments->output = value;
        break;
    case 'q':
        arguments->quiet = true;
        break;
    case OPTION_SCENARIO:
        arguments->scenario = value;
        break;
    case OPTION_THREADS:
        arguments->threads = arguments_threads(value, state);
        break;
    case ARGP_KEY_ARG:
        arguments->part[arguments->count++] = value;
        break;
    case ARGP_KEY_END:
        if (arguments->count == 0) {
            argp_error(state, "which parts?");
        }
        if (arguments->output == NULL) {
            argp_error(state, "where to? -o OUT.nc is missing");
        }
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* With the scenario that the first part names, unless another place is given. */
static uxo_status merge(const merge_arguments *arguments, uxo_parts *parts, run_job *job, uxo_report *report)
{
    run_notes notes;
    uxo_status status =
        run_notes_read(&notes, &parts->part[0]) ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    job->scenario = arguments->scenario != NULL ? arguments->scenario : notes.scenario;
    job->set = notes.sets.item;
    job->set_count = notes.sets.count;
    job->merged = parts;
    if (status == UXO_OK && job->scenario == NULL) {
        status = uxo_fail(report, UXO_ERR_USAGE, NULL, "'%s' does not say where its scenario is: give --scenario FILE",
                          parts->part[0].path);
    }
    if (status == UXO_OK) {
        status = run_job_do(job, report);
    } else {
        command_end(status, report, 0);
    }
    run_notes_free(&notes);
    return status;
}

static int merge_all(const merge_arguments *arguments)
{
    uxo_report report;
    uxo_parts parts;
    run_job job = {.output = arguments->output,
                   .threads = arguments->threads,
                   .quiet = arguments->quiet,
                   .parts = 1,
                   .stop = signals_catch()};
    memset(&parts, 0, sizeof parts);
    uxo_report_init(&report);
    uxo_status status = run_job_check_output(&job, &report);
    status = status == UXO_OK ? uxo_parts_open(&parts, arguments->part, arguments->count, &report) : status;
    if (status == UXO_OK) {
        status = merge(arguments, &parts, &job, &report);
    } else {
        command_end(status, &report, 0);
    }
    uxo_parts_free(&parts);
    uxo_report_free(&report);
    if (status == UXO_ERR_INTERRUPTED) {
        fprintf(stderr, "uxosim: interrupted; no result was written, the parts are as they were\n");
        return 128 + (int)*job.stop;
    }
    return status != UXO_OK || arguments->quiet ? uxo_status_exit_code(status) : run_job_show(&job);
}

int cmd_merge(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"output", 'o', "OUT.nc", 0, "result file", 0},
        {"scenario", OPTION_SCENARIO, "FILE", 0,
         "the scenario, where it no longer lies where the parts say; it has to be the same", 0},
        {"threads", OPTION_THREADS, "N", 0, "threads (default: all); does not change the result", 0},
        {"quiet", 'q', NULL, 0, "errors only", 0},
        {NULL, 0, NULL, 0, NULL, 0}};
    static const struct argp parser = {
        options,
        parse_option,
        "PART...",
        "Puts the parts of a run together, which `uxosim run --part i/n` has written: to "
        "the bytes of the run that was not divided. Nothing is simulated again.\v"
        "The scenario and its inputs are read again, and have to be those of the parts. "
        "See docs/cluster.md.",
        NULL,
        NULL,
        NULL};
    merge_arguments arguments;
    memset(&arguments, 0, sizeof arguments);
    arguments.part = calloc((size_t)argc, sizeof *arguments.part);
    if (arguments.part == NULL) {
        return EX_OSERR;
    }
    argp_parse(&parser, argc, argv, 0, NULL, &arguments);
    const int code = merge_all(&arguments);
    free(arguments.part);
    return code;
}
