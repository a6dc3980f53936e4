/* cmd_compare.c - `uxosim compare`: what differs between two results. Not here: the numbers (sim/result/compare*.c), the formats
 * (compare_output.c). */
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "commands.h"
#include "compare_output.h"
#include "output.h"
#include "uxosim_build_info.h"

typedef struct arguments {
    const char *result[2], *output;
    compare_format format;
} arguments;

static error_t parse(int key, char *text, struct argp_state *state)
{
    arguments *const self = state->input;
    switch (key) {
    case 'f':
        self->format = strcmp(text, "table") == 0  ? COMPARE_TABLE
                       : strcmp(text, "csv") == 0  ? COMPARE_CSV
                       : strcmp(text, "json") == 0 ? COMPARE_JSON
                                                   : COMPARE_FORMATS;
        if (self->format == COMPARE_FORMATS) {
            argp_error(state, "unknown format '%s'; formats are table, csv, json", text);
        }
        return 0;
    case 'o':
        self->output = text;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num >= 2) {
            argp_error(state, "takes two results, and '%s' is a third", text);
        }
        self->result[state->arg_num] = text;
        return 0;
    case ARGP_KEY_END:
        if (state->arg_num < 2) {
            argp_error(state, "needs two results");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static uxo_status compare(const arguments *self, uxo_result *first, uxo_result *second, uxo_report *report)
{
    uxo_compare compared;
    tool_output output;
    uxo_status status =
        self->output != NULL ? uxo_compare_grids(first, second, report) : UXO_OK; /* before anything takes long */
    UXO_TRY(status);
    status = uxo_compare_make(&compared, first, second, report);
    if (status == UXO_OK && self->output != NULL) {
        status = uxo_compare_write(&compared, first, second, self->output, UXOSIM_VERSION, report);
    }
    if (status == UXO_OK) {
        status = tool_output_open(&output, NULL, report);
    }
    if (status == UXO_OK) {
        compare_write(&compared, first, second, self->format, output.stream);
        status = tool_output_close(&output, report);
    }
    uxo_compare_free(&compared);
    return status;
}

static uxo_status run(const arguments *self, uxo_report *report)
{
    uxo_result *result[2] = {NULL, NULL};
    UXO_TRY(tool_output_apart(self->output, self->result[0], report));
    UXO_TRY(tool_output_apart(self->output, self->result[1], report));
    UXO_TRY(tool_output_replaces_result(self->output, report));
    uxo_status status = uxo_result_open(&result[0], self->result[0], report);
    if (status == UXO_OK) {
        status = uxo_result_open(&result[1], self->result[1], report);
    }
    if (status == UXO_OK) {
        status = compare(self, result[0], result[1], report);
    }
    uxo_result_close(result[0]);
    uxo_result_close(result[1]);
    return status;
}

int cmd_compare(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"format", 'f', "FORMAT", 0, "table (default), csv, json", 0},
        {"output", 'o', "DIFF.nc", 0,
         "also write maps of the differences and their standard errors, with the table; the grids have to be equal", 0},
        {0}};
    static const struct argp argp = {options,
                                     parse,
                                     "A.nc B.nc [-o DIFF.nc]",
                                     "Differences of two results, B less A: what their districts expect, changes of "
                                     "rank and how sure they are, what differs in the "
                                     "scenarios. Runs with the same seed and number of realisations are compared "
                                     "realisation by realisation, which makes the errors "
                                     "of differences small; others count as independent.",
                                     NULL,
                                     NULL,
                                     NULL};
    arguments self = {.format = COMPARE_TABLE};
    uxo_report report;
    argp_parse(&argp, argc, argv, 0, NULL, &self);
    uxo_report_init(&report);
    return tool_finish(run(&self, &report), &report);
}
