/* cmd_report.c - `uxosim report`: what people look at. Not here: the figures (figures*.c). */
#include <argp.h>

#include "arguments.h"
#include "commands.h"
#include "figures.h"
#include "output.h"

typedef struct arguments {
    const char *result, *figures;
    bool internal;
} arguments;

enum { OPTION_FIGURES = 256, OPTION_INTERNAL };

static error_t parse(int key, char *text, struct argp_state *state)
{
    arguments *const self = state->input;
    switch (key) {
    case OPTION_FIGURES:
        self->figures = text;
        return 0;
    case OPTION_INTERNAL:
        self->internal = true;
        return 0;
    case ARGP_KEY_END:
        if (self->figures == NULL) {
            argp_error(state, "needs --figures DIR");
        }
        return arguments_parse(key, text, state, "result", &self->result, NULL);
    default:
        return arguments_parse(key, text, state, "result", &self->result, NULL);
    }
}

static uxo_status run(const arguments *self, uxo_report *report)
{
    uxo_result *result = NULL;
    UXO_TRY(uxo_result_open(&result, self->result, report));
    const uxo_status status = figures_write(result, self->figures, self->internal, report);
    uxo_result_close(result);
    return status;
}

int cmd_report(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"figures", OPTION_FIGURES, "DIR", 0, "write every map and chart as PNG (300 dpi), SVG and PDF into DIR", 0},
        {"internal", OPTION_INTERNAL, NULL, 0,
         "not for publication: with the reported strikes and their location error, and cells as they are; every figure "
         "says so",
         0},
        {0}};
    static const struct argp argp = {
        options,
        parse,
        "OUT.nc --figures DIR",
        "Maps and charts of a result. Public unless --internal: cells of at least 100 m, no strikes."
        "\vModelled, not surveyed. Results of strikes without a date are refused.",
        NULL,
        NULL,
        NULL};
    arguments self = {NULL, NULL, false};
    uxo_report report;
    argp_parse(&argp, argc, argv, 0, NULL, &self);
    uxo_report_init(&report);
    return tool_finish(run(&self, &report), &report);
}
