/* main.c - the program: finds the sub-command, prints help and version. The only place that decides how the process
 * ends. */
#include <argp.h>
#include <gsl/gsl_errno.h>
#include <omp.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands.h"
#include "uxosim/kernels.h"
#include "uxosim_build_info.h"

static const command_entry COMMANDS[] = {
    {"run", cmd_run, "simulate a scenario and write a result file"},
    {"merge", cmd_merge, "put the parts of a run together"},
    {"check", cmd_check, "validate a scenario without simulating it; print what it means"},
    {"districts", cmd_districts, "hazard per district: table, csv, json, geojson, gpkg, xlsx"},
    {"export", cmd_export, "one layer as Cloud-Optimized GeoTIFF"},
    {"claims", cmd_claims, "sentences for reports, and checks of published numbers"},
    {"info", cmd_info, "what is in a result file and how it was made"},
    {"report", cmd_report,
     "one page for the browser, without a network, and figures for print; for the public by default"},
    {"redact", cmd_redact, "a public copy: coarser, without strike positions"},
    {"compare", cmd_compare, "differences of two results: districts, ranks, maps, scenarios"},
    {"walk", cmd_walk, "one person's risk along a path"},
    {"munitions", cmd_munitions, "the catalogue with the source of every number"},
    {"sweep", cmd_sweep, "many scenarios that differ in what is assumed: plan, run, status, collect"},
};
static const command_list ALL = {"uxosim", COMMANDS, sizeof COMMANDS / sizeof COMMANDS[0]};
_Static_assert(sizeof COMMANDS / sizeof COMMANDS[0] <= COMMANDS_MOST, "a longer list of names");

static void print_help(FILE *out)
{
    fputs("Usage: uxosim COMMAND [ARGUMENTS]\n"
          "Unexploded submunitions after cluster-munition strikes: where they may lie, how many, and who lives "
          "there.\n\n",
          out);
    commands_print(&ALL, out);
    fputs("\n`uxosim COMMAND --help` explains one command, `uxosim --version` prints how the program was built.\n"
          "Exit codes: 0 done, 64 usage, 65 bad scenario or data, 66 input missing, 70 self-check failed, 73 output "
          "cannot be\n"
          "created, 74 input or output error, 75 interrupted and can be resumed, 130 interrupted (143 by TERM, 129 by "
          "HUP, "
          "138 by\n"
          "USR1).\n",
          out);
}

static void print_version(void)
{
    printf("uxosim %s\ncommit      %s\ncompiler    %s\nflags       %s\nGSL         %s\nHDF5        %s\nGDAL        "
           "%s\nSLEEF       %s\n"
           "libyaml     %s\nOpenMP      %d, %d threads here\nkernel      %s\n",
           UXOSIM_VERSION, UXOSIM_COMMIT, UXOSIM_COMPILER, UXOSIM_FLAGS, UXOSIM_GSL_VERSION, UXOSIM_HDF5_VERSION,
           UXOSIM_GDAL_VERSION, UXOSIM_SLEEF_VERSION, UXOSIM_YAML_VERSION, _OPENMP, omp_get_max_threads(),
           uxo_kernels_select(NULL)->name);
}

int command_end(uxo_status status, const uxo_report *report, size_t first)
{
    uxo_report_print(report, first, UXO_MESSAGES_SHOWN, stderr);
    return uxo_status_exit_code(status);
}

static bool output_failed(void)
{
    const bool failed = fflush(stdout) != 0 || ferror(stdout);
    if (failed) {
        fputs("uxosim: error: cannot write to standard output\n", stderr);
    }
    return failed;
}

/* A result that could not be printed is not done. At the very end, because argp ends the program itself after a --help. */
static void check_output(void)
{
    if (output_failed()) {
        _exit(EX_IOERR);
    }
}

/* A failure that is known already keeps its code. */
static int finish(int code)
{
    if (code != EX_OK && output_failed()) {
        __fpurge(stdout);
        clearerr(stdout);
    }
    return code;
}

int main(int argc, char **argv)
{
    argp_err_exit_status = EX_USAGE;
    gsl_set_error_handler_off();
    atexit(check_output);
    signal(SIGXFSZ, SIG_IGN); /* a file-size limit is then an error of the write, which is cleaned up after */
    if (argc < 2) {
        print_help(stderr);
        return EX_USAGE;
    }
    if (commands_wants_help(argv[1])) {
        print_help(stdout);
        return EX_OK;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        print_version();
        return EX_OK;
    }
    return finish(commands_run(&ALL, argc, argv));
}
