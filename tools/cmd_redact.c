/* cmd_redact.c - `uxosim redact`: a public copy of a result. Not here: what is left out (sim/result/result_redact*.c).
 */
#include <argp.h>
#include <stdlib.h>

#include "arguments.h"
#include "commands.h"
#include "output.h"
#include "uxosim/result.h"

/* Coarser than the error of a good report, finer than a settlement. ASSUMED: no standard gives a number. */
static const double LEAST_BLOCK_M = 100.0;

typedef struct arguments {
    const char *result, *output;
    double block_m;
} arguments;

static error_t parse(int key, char *text, struct argp_state *state)
{
    arguments *const self = state->input;
    char *end = text;
    switch (key) {
    case 'b':
        self->block_m = strtod(text, &end);
        if (*end != '\0' || end == text || !(self->block_m >= LEAST_BLOCK_M) || self->block_m > 1e6) {
            argp_error(state, "--block-m is a number of metres from %g to 1000000, not '%s'", LEAST_BLOCK_M, text);
        }
        return 0;
    case 'o':
        self->output = text;
        return 0;
    case ARGP_KEY_END:
        if (self->output == NULL) {
            argp_error(state, "needs -o PUBLIC.nc");
        }
        return arguments_parse(key, text, state, "result", &self->result, NULL);
    default:
        return arguments_parse(key, text, state, "result", &self->result, NULL);
    }
}

static uxo_status run(const arguments *self, uxo_report *report)
{
    uxo_result *result = NULL;
    UXO_TRY(tool_output_apart(self->output, self->result, report));
    UXO_TRY(tool_output_replaces_result(self->output, report));
    UXO_TRY(uxo_result_open(&result, self->result, report));
    const uxo_status status = uxo_result_redact(result, self->output, self->block_m, report);
    uxo_result_close(result);
    return status;
}

int cmd_redact(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"output", 'o', "PUBLIC.nc", 0, "the public copy", 0},
        {"block-m", 'b', "METRES", 0, "cells of the copy are at least so long (default and least: 100)", 0},
        {0}};
    static const struct argp argp = {
        options,
        parse,
        "OUT.nc -o PUBLIC.nc",
        "A copy for the public: coarser cells, no list of strikes, no hash of it. Sums of duds and persons and the "
        "table of districts stay. A strike whose place is known to less than a block still shows as a peak: choose "
        "--block-m accordingly.",
        NULL,
        NULL,
        NULL};
    arguments self = {NULL, NULL, LEAST_BLOCK_M};
    uxo_report report;
    argp_parse(&argp, argc, argv, 0, NULL, &self);
    uxo_report_init(&report);
    return tool_finish(run(&self, &report), &report);
}
