/* sweep_status.c - `uxosim sweep status`: how far the tasks are. */
#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "arguments.h"
#include "commands.h"
#include "output.h"
#include "sweep_commands.h"
#include "sweep_folder.h"
#include "sweep_tasks.h"
#include "uxosim/sweep_store.h"

enum { OPTION_UNFINISHED = 0x100, OPTION_SWEEP, OPTION_VERIFY, FAILURES_SHOWN = 20 };

typedef struct status_arguments {
    const char *folder, *sweep;
    bool unfinished, verify;
} status_arguments;

static error_t parse_option(int key, char *value, struct argp_state *state)
{
    status_arguments *const arguments = state->input;
    if (key == OPTION_UNFINISHED) {
        arguments->unfinished = true;
        return 0;
    }
    if (key == OPTION_VERIFY) {
        arguments->verify = true;
        return 0;
    }
    if (key == OPTION_SWEEP) {
        arguments->sweep = value;
        return 0;
    }
    return arguments_parse(key, value, state, "folder", &arguments->folder, NULL);
}

static uint32_t count(const uxo_sweep_store *store, uxo_task_state state)
{
    uint32_t found = 0;
    for (uint32_t task = store->first; task <= store->last; task++) {
        found += uxo_sweep_store_entry(store, task)->state == state;
    }
    return found;
}

static void print_line(const uxo_sweep_store *store, const char *word, uxo_task_state state, bool numbers)
{
    const uint32_t found = count(store, state);
    printf("%-10s %u", word, found);
    if (numbers && found > 0) {
        task_printer printer = {.out = stdout};
        fputs(": ", stdout);
        for (uint32_t task = store->first; task <= store->last; task++) {
            if (uxo_sweep_store_entry(store, task)->state == state) {
                sweep_tasks_print(&printer, task);
            }
        }
        sweep_tasks_print(&printer, 0);
    }
    putchar('\n');
}

/* All that are not done and that nobody is at, as `run --task` takes them. */
static void print_unfinished(const uxo_sweep_store *store)
{
    task_printer printer = {.out = stdout};
    for (uint32_t task = store->first; task <= store->last; task++) {
        const uxo_task_state state = uxo_sweep_store_entry(store, task)->state;
        if (state != UXO_TASK_DONE && state != UXO_TASK_RUNNING) {
            sweep_tasks_print(&printer, task);
        }
    }
    sweep_tasks_print(&printer, 0);
    if (printer.any) {
        putchar('\n');
    }
}

static uxo_status print_failures(uxo_sweep_store *store, uxo_report *report)
{
    uint32_t shown = 0;
    for (uint32_t task = store->first; task <= store->last; task++) {
        const uxo_task_entry *const entry = uxo_sweep_store_entry(store, task);
        void *text = NULL;
        if (entry->state != UXO_TASK_FAILED) {
            continue;
        }
        if (shown++ == FAILURES_SHOWN) {
            printf("... and more\n");
            break;
        }
        UXO_TRY(uxo_sweep_store_read(store, entry->file, &entry->record, &text, report));
        printf("task %u failed: %.*s\n", task, (int)entry->record.size, (const char *)text);
        free(text);
    }
    return UXO_OK;
}

/* Prints how far the tasks are. UXO_ERR_DATA: some have failed, or files are damaged, which is said there. */
static uxo_status show(const status_arguments *arguments, const sweep_folder *folder, uxo_report *report)
{
    /* What --unfinished lists is all that is run again: it has to be right. */
    const uxo_sweep_scan how = arguments->verify || arguments->unfinished ? UXO_SWEEP_SCAN_ALL : UXO_SWEEP_SCAN_TABLES;
    uxo_sweep_store store;
    uxo_status status = uxo_sweep_store_scan(&store, folder->path, 1, folder->tasks, folder->identity, how, report);
    if (status == UXO_OK && arguments->unfinished) {
        print_unfinished(&store);
    } else if (status == UXO_OK) {
        printf("%-10s %u\n", "tasks", folder->tasks);
        print_line(&store, "done", UXO_TASK_DONE, false);
        print_line(&store, "running", UXO_TASK_RUNNING, true);
        print_line(&store, "failed", UXO_TASK_FAILED, true);
        print_line(&store, "died", UXO_TASK_DIED, true);
        print_line(&store, "damaged", UXO_TASK_DAMAGED, true);
        print_line(&store, "missing", UXO_TASK_MISSING, true);
        status = print_failures(&store, report);
        const bool wrong = count(&store, UXO_TASK_FAILED) + count(&store, UXO_TASK_DAMAGED) > 0;
        status = status == UXO_OK && wrong ? UXO_ERR_DATA : status;
    }
    uxo_sweep_store_free(&store);
    return status;
}

int sweep_status(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"unfinished", OPTION_UNFINISHED, NULL, 0,
         "only the numbers of tasks that are not done and not running, as `run --task` takes them", 0},
        {"verify", OPTION_VERIFY, NULL, 0,
         "test the checksums of maps, too, as run, collect and --unfinished do; with large maps that takes long", 0},
        {"sweep", OPTION_SWEEP, "FILE", 0,
         "where the sweep file is now, with its inputs about it as before (default: where the plan has it)", 0},
        {NULL, 0, NULL, 0, NULL, 0}};
    static const struct argp parser = {options,
                                       parse_option,
                                       "FOLDER",
                                       "Counts the tasks of a sweep: done; running (begun, and a process holds the "
                                       "file); failed (with what was wrong); "
                                       "died (begun, not done, and no process is at it); damaged (was in a file that "
                                       "has been changed); missing (never begun).\v"
                                       "Exit code 0: nothing is wrong, however far the tasks are. 65: a task failed or "
                                       "is damaged (not with --unfinished, which lists them to be run again), or what "
                                       "the plan was made of has changed. 66: something of it is not there any more.",
                                       NULL,
                                       NULL,
                                       NULL};
    status_arguments arguments = {.folder = NULL};
    sweep_folder folder;
    uxo_sweep sweep;
    uxo_report report;
    memset(&sweep, 0, sizeof sweep);
    argp_parse(&parser, argc, argv, 0, NULL, &arguments);
    uxo_report_init(&report);
    uxo_status status = sweep_folder_open(&folder, arguments.folder, arguments.sweep, &report);
    if (status == UXO_OK) {
        const uxo_status shown = show(&arguments, &folder, &report);
        fflush(stdout); /* what is wrong is said below */
        const uxo_status verified = sweep_folder_verify(&folder, &sweep, &report);
        status = verified != UXO_OK ? verified : shown;
    }
    uxo_sweep_free(&sweep);
    sweep_folder_free(&folder);
    return tool_finish(status, &report);
}
