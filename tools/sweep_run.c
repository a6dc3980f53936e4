/* sweep_run.c - `uxosim sweep run`: tasks of a plan, one after another; what is done already is passed over. */
#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "arguments.h"
#include "commands.h"
#include "signals.h"
#include "sweep_commands.h"
#include "sweep_job.h"
#include "sweep_tasks.h"
#include "uxosim/sweep_store.h"

enum { OPTION_TASK = 0x100, OPTION_THREADS, OPTION_NO_LOCK, OPTION_KERNEL, OPTION_SWEEP };

typedef struct run_arguments {
    const char *folder, *sweep, *tasks, *kernel;
    int threads;
    bool quiet, no_lock;
} run_arguments;

/* What came of the tasks of a call. */
typedef struct run_counts {
    uint32_t done, passed, failed;
    double seconds;
    uxo_status worst; /* of tasks that failed */
} run_counts;

typedef struct runner {
    const run_arguments *arguments;
    const sweep_folder *folder;
    sweep_job job;
    run_counts counts;
    uxo_report *report;
} runner;

static error_t parse_option(int key, char *value, struct argp_state *state)
{
    run_arguments *const arguments = state->input;
    switch (key) {
    case OPTION_TASK:
        arguments->tasks = value;
        break;
    case OPTION_THREADS:
        arguments->threads = arguments_threads(value, state);
        break;
    case OPTION_NO_LOCK:
        arguments->no_lock = true;
        break;
    case OPTION_SWEEP:
        arguments->sweep = value;
        break;
    case OPTION_KERNEL:
        arguments->kernel = value;
        break;
    case 'q':
        arguments->quiet = true;
        break;
    default:
        return arguments_parse(key, value, state, "folder", &arguments->folder, NULL);
    }
    return 0;
}

/* Of a task, not of the process: the others go on. */
static bool is_of_task(uxo_status status)
{
    return status == UXO_ERR_DATA || status == UXO_ERR_NOINPUT || status == UXO_ERR_SELFCHECK;
}

/* What went wrong with a task, for `status`. */
static uxo_status keep_failure(runner *self, uxo_sweep_writer *writer, uint32_t task, uxo_status status,
                               const uxo_report *why)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    if (out == NULL) {
        return uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    for (size_t i = 0; i < why->count; i++) {
        if (why->item[i].severity == UXO_ERROR) {
            fprintf(out, "%s%s", ftell(out) > 0 ? "\n" : "", why->item[i].text);
        }
    }
    fclose(out);
    const uxo_status kept = uxo_sweep_writer_fail(writer, task, text, self->report);
    self->counts.failed++;
    self->counts.worst = self->counts.worst == UXO_ERR_SELFCHECK ? UXO_ERR_SELFCHECK : status;
    uxo_report_add(self->report, UXO_ERROR, NULL, "task %u failed: %s", task, text);
    free(text);
    return kept;
}

/* Counts and tells a task that is kept. */
static void say_done(runner *self, uint32_t task, double seconds)
{
    self->counts.done++;
    if (!self->arguments->quiet) {
        fprintf(stderr, "uxosim sweep: task %u done, %.2f s of processor time\n", task, seconds);
    }
}

static uxo_status run_task(runner *self, uxo_sweep_writer *writer, uint32_t task)
{
    sweep_outcome outcome;
    uxo_report inner;
    uxo_report_init(&inner);
    uxo_status status = uxo_sweep_writer_start(writer, task, self->report);
    if (status != UXO_OK) {
        uxo_report_free(&inner);
        return status;
    }
    status = sweep_job_run(&self->job, task - 1, &outcome, &inner);
    self->counts.seconds += outcome.seconds;
    if (status == UXO_OK) {
        status = uxo_sweep_writer_keep(writer, task, outcome.table, outcome.table_size, outcome.maps, outcome.maps_size,
                                       self->report);
        if (status == UXO_OK) {
            say_done(self, task, outcome.seconds);
        }
    } else if (is_of_task(status)) {
        status = keep_failure(self, writer, task, status, &inner);
    } else if (status != UXO_ERR_INTERRUPTED) {
        uxo_report_print(&inner, 0, UXO_MESSAGES_SHOWN, stderr);
    }
    sweep_outcome_free(&outcome);
    uxo_report_free(&inner);
    return status;
}

/* Tasks of one file: what another file has done, too, is passed over. */
static uxo_status run_undone(runner *self, uxo_sweep_writer *writer, const uxo_sweep_store *store)
{
    for (uint32_t task = store->first; task <= store->last; task++) {
        if (uxo_sweep_store_entry(store, task)->state == UXO_TASK_DONE) {
            self->counts.passed++;
        } else if (uxo_is_stopped(self->job.engine.stop)) {
            return UXO_ERR_INTERRUPTED;
        } else {
            UXO_TRY(run_task(self, writer, task));
        }
    }
    return UXO_OK;
}

static uxo_status scan(const runner *self, uint32_t first, uint32_t last, uxo_sweep_scan how, uxo_sweep_store *store)
{
    return uxo_sweep_store_scan(store, self->folder->path, first, last, self->folder->identity, how, self->report);
}

/* Is a task of these left to do? */
static uxo_status look(const runner *self, uint32_t first, uint32_t last, uxo_sweep_scan how, bool *undone, bool *maps)
{
    uxo_sweep_store store;
    const uxo_status status = scan(self, first, last, how, &store);
    *undone = *maps = false;
    for (uint32_t task = first; status == UXO_OK && task <= last; task++) {
        const uxo_task_entry *const entry = uxo_sweep_store_entry(&store, task);
        *undone = *undone || entry->state != UXO_TASK_DONE;
        *maps = *maps || entry->maps.size > 0;
    }
    uxo_sweep_store_free(&store);
    return status;
}

/* first .. last of one shard. Looked at before a file is begun for nothing, maps only where all seems to be done; and again when the lock is ours,
 * so that what another process has finished is not done again. */
static uxo_status run_file(runner *self, uint32_t first, uint32_t last)
{
    uxo_sweep_store store;
    uxo_sweep_writer writer;
    bool undone, maps;
    UXO_TRY(look(self, first, last, UXO_SWEEP_SCAN_TABLES, &undone, &maps));
    if (!undone && maps) {
        UXO_TRY(look(self, first, last, UXO_SWEEP_SCAN_ALL, &undone, &maps));
    }
    if (!undone) {
        self->counts.passed += last - first + 1;
        return UXO_OK;
    }
    UXO_TRY(uxo_sweep_writer_open(&writer, self->folder->path, first, last, self->folder->identity,
                                  !self->arguments->no_lock, self->report));
    uxo_status status = scan(self, first, last, UXO_SWEEP_SCAN_ALL, &store);
    if (status == UXO_OK) {
        status = run_undone(self, &writer, &store);
    }
    uxo_sweep_store_free(&store);
    const uxo_status closed = uxo_sweep_writer_close(&writer, self->report);
    return status != UXO_OK ? status : closed;
}

static uxo_status run_range(runner *self, task_range range)
{
    if (range.last > self->folder->tasks) {
        return uxo_fail(self->report, UXO_ERR_USAGE, NULL, "there is no task %u: the plan has tasks 1 to %u",
                        range.last, self->folder->tasks);
    }
    for (uint32_t first = range.first; first <= range.last;) {
        const uint32_t shard_end = ((first - 1) / UXO_SWEEP_SHARD + 1) * UXO_SWEEP_SHARD;
        const uint32_t last = shard_end < range.last ? shard_end : range.last;
        UXO_TRY(run_file(self, first, last));
        first = last + 1;
    }
    return UXO_OK;
}

static uxo_status run_all(const run_arguments *arguments, const sweep_folder *folder, const uxo_sweep *sweep,
                          uxo_report *report)
{
    task_range *range;
    size_t count;
    uxo_scenario previous = {.title = NULL};
    runner self = {.arguments = arguments, .folder = folder, .report = report, .counts.worst = UXO_OK};
    self.job =
        (sweep_job){.sweep = sweep,
                    .folder = folder,
                    .engine = {.threads = arguments->threads, .kernel = arguments->kernel, .stop = signals_catch()},
                    .previous = &previous};
    uxo_status status = sweep_tasks_choose(arguments->tasks, folder->tasks, &range, &count, report);
    for (size_t i = 0; status == UXO_OK && i < count; i++) {
        status = run_range(&self, range[i]);
    }
    free(range);
    uxo_scenario_free(&previous);
    if (!arguments->quiet && status != UXO_ERR_USAGE) {
        fprintf(stderr,
                "uxosim sweep: %u done, %u were done before, %u failed; %.2f s of processor time, %.2f s of them "
                "simulating; %.2f s since the start of the program\n",
                self.counts.done, self.counts.passed, self.counts.failed, self.counts.seconds, self.job.simulated_s,
                sweep_processor_s());
    }
    return status != UXO_OK ? status : self.counts.worst;
}

int sweep_run(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"task", OPTION_TASK, "LIST", 0,
         "tasks by their numbers in plan.csv, from 1: 3 or 1-100 or 1,4,7-9, or @FILE with such a list, as `status "
         "--unfinished` prints it (default: all)",
         0},
        {"threads", OPTION_THREADS, "N", 0, "threads of each task (default: 1); does not change the result", 0},
        {"no-lock", OPTION_NO_LOCK, NULL, 0,
         "for file systems without locks: then never run a task twice at the same time", 0},
        {"sweep", OPTION_SWEEP, "FILE", 0,
         "where the sweep file is now, with its inputs about it as before (default: where the plan has it)", 0},
        {"quiet", 'q', NULL, 0, "errors only", 0},
        {"kernel", OPTION_KERNEL, "NAME", OPTION_HIDDEN, "portable, sse2, avx2 or avx512; does not change the result",
         0},
        {NULL, 0, NULL, 0, NULL, 0}};
    static const struct argp parser = {
        options,
        parse_option,
        "FOLDER",
        "Runs tasks of a sweep. A task that is done is passed over, one that failed or died is tried again; so the "
        "same "
        "call may be made any number of times, and several at once as long as each has other tasks.\v"
        "Exit code 75: interrupted (INT, TERM, HUP, USR1), or another process is at these tasks; what is done is kept, "
        "call "
        "again.",
        NULL,
        NULL,
        NULL};
    run_arguments arguments = {.threads = 1};
    sweep_folder folder;
    uxo_sweep sweep;
    uxo_report report;
    memset(&sweep, 0, sizeof sweep);
    argp_parse(&parser, argc, argv, 0, NULL, &arguments);
    uxo_report_init(&report);
    uxo_status status = sweep_folder_open(&folder, arguments.folder, arguments.sweep, &report);
    if (status == UXO_OK) {
        status = sweep_folder_verify(&folder, &sweep, &report);
    }
    if (status == UXO_OK) {
        status = run_all(&arguments, &folder, &sweep, &report);
    }
    command_end(status, &report, 0);
    if (status == UXO_ERR_INTERRUPTED) {
        fputs("uxosim: interrupted; finished tasks are kept, call again to go on\n", stderr);
    }
    uxo_sweep_free(&sweep);
    sweep_folder_free(&folder);
    uxo_report_free(&report);
    return status == UXO_ERR_INTERRUPTED ? EX_TEMPFAIL : uxo_status_exit_code(status);
}
