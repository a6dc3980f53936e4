/* cmd_sweep.c - `uxosim sweep`: finds the sub-command. */
#include <stdio.h>
#include <sysexits.h>

#include "commands.h"
#include "sweep_commands.h"

static const command_entry COMMANDS[] = {
    {"plan", sweep_plan, "checks a sweep file, writes the list of tasks and what they will take"},
    {"run", sweep_run, "runs tasks of the plan; those that are done are passed over"},
    {"status", sweep_status, "which tasks are done, running, failed, missing"},
    {"collect", sweep_collect, "puts all results into one file"},
    {"sensitivity", sweep_sensitivity, "what the outputs hang on, and how scenarios differ from the baseline"},
};
static const command_list ALL = {"uxosim sweep", COMMANDS, sizeof COMMANDS / sizeof COMMANDS[0]};
_Static_assert(sizeof COMMANDS / sizeof COMMANDS[0] <= COMMANDS_MOST, "a longer list of names");

static void print_help(FILE *out)
{
    fputs("Usage: uxosim sweep COMMAND [ARGUMENTS]\n"
          "Many scenarios that differ in what is assumed, with the same random numbers; docs/sweeps.md.\n\n",
          out);
    commands_print(&ALL, out);
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
    if (argc < 2) {
        print_help(stderr);
        return EX_USAGE;
    }
    if (commands_wants_help(argv[1])) {
        print_help(stdout);
        return EX_OK;
    }
    return commands_run(&ALL, argc, argv);
}
