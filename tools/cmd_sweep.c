/* cmd_sweep.c - `uxosim sweep`: finds the sub-command. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "commands.h"
#include "sweep_commands.h"
#include "uxosim/schema.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} COMMANDS[] = {
    {"plan", sweep_plan, "checks a sweep file, writes the list of tasks and what they will take"},
    {"run", sweep_run, "runs tasks of the plan; those that are done are passed over"},
    {"status", sweep_status, "which tasks are done, running, failed, missing"},
    {"collect", sweep_collect, "puts all results into one file"},
    {"sensitivity", sweep_sensitivity, "what the outputs hang on, and how scenarios differ from the baseline"},
};
enum { COMMAND_COUNT = sizeof COMMANDS / sizeof COMMANDS[0] };

static void print_help(FILE *out)
{
    fputs("Usage: uxosim sweep COMMAND [ARGUMENTS]\n"
          "Many scenarios that differ in what is assumed, with the same random numbers; docs/sweeps.md.\n\n",
          out);
    for (int i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "  %-11s %s\n", COMMANDS[i].name, COMMANDS[i].help);
    }
    fputs("\n"
          "  uxosim sweep plan SWEEP.yaml [-o FOLDER] [--probe[=N]]\n"
          "  uxosim sweep run FOLDER [--task LIST] [--threads N] [--no-lock] [--sweep FILE] [--quiet]\n"
          "  uxosim sweep status FOLDER [--unfinished] [--sweep FILE]\n"
          "  uxosim sweep collect FOLDER -o OUT.nc [--csv FILE] [--allow-missing] [--sweep FILE]\n"
          "  uxosim sweep sensitivity OUT.nc [--of COLUMN] [--format table|csv|json] [--differences] [--map LAYER -o "
          "MAP.nc]\n"
          "                           [--figures DIR]\n",
          out);
    fputs("\n`uxosim sweep COMMAND --help` explains one command.\n", out);
}

int cmd_sweep(int argc, char **argv)
{
    const char *names[COMMAND_COUNT];
    if (argc < 2) {
        print_help(stderr);
        return EX_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return EX_OK;
    }
    for (int i = 0; i < COMMAND_COUNT; i++) {
        names[i] = COMMANDS[i].name;
        if (strcmp(argv[1], COMMANDS[i].name) == 0) {
            char name[64];
            snprintf(name, sizeof name, "uxosim sweep %s", COMMANDS[i].name);
            argv[1] = name;
            return COMMANDS[i].run(argc - 1, argv + 1);
        }
    }
    const char *const nearest = uxo_schema_nearest(argv[1], names, COMMAND_COUNT);
    fprintf(stderr, "uxosim sweep: there is no command '%s'%s%s%s\nTry `uxosim sweep --help`.\n", argv[1],
            nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
    return EX_USAGE;
}
