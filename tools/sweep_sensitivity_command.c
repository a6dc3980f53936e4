/* sweep_sensitivity_command.c - `uxosim sweep sensitivity`. Not here: the numbers (sim/result/sweep_sensitivity*.c), the formats
 * (sweep_sensitivity_output.c, sweep_sensitivity_figures.c). */
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "output.h"
#include "sweep_commands.h"
#include "sweep_sensitivity.h"
#include "uxosim_build_info.h"

typedef struct arguments {
    const char *sweep, *column, *layer, *output, *figures, *district;
    bool differences;
    sensitivity_format format;
} arguments;

enum { OPTION_FIGURES = 256, OPTION_DIFFERENCES, OPTION_DISTRICT };

static void parse_format(arguments *self, const char *text, struct argp_state *state)
{
    self->format = strcmp(text, "table") == 0  ? SENSITIVITY_TABLE
                   : strcmp(text, "csv") == 0  ? SENSITIVITY_CSV
                   : strcmp(text, "json") == 0 ? SENSITIVITY_JSON
                                               : SENSITIVITY_FORMATS;
    if (self->format == SENSITIVITY_FORMATS) {
        argp_error(state, "unknown format '%s'; formats are table, csv, json", text);
    }
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    arguments *const self = state->input;
    switch (key) {
    case 'f':
        parse_format(self, text, state);
        return 0;
    case 'c':
        self->column = text;
        return 0;
    case 'm':
        self->layer = text;
        return 0;
    case 'o':
        self->output = text;
        return 0;
    case OPTION_FIGURES:
        self->figures = text;
        return 0;
    case OPTION_DISTRICT:
        self->district = text;
        return 0;
    case OPTION_DIFFERENCES:
        self->differences = true;
        return 0;
    case ARGP_KEY_END:
        if ((self->layer == NULL) != (self->output == NULL)) {
            argp_error(state, "--map LAYER and -o OUT.nc go together");
        }
        if (self->district != NULL && self->figures == NULL) {
            argp_error(state, "--district NAME goes with --figures DIR; the table has all districts");
        }
        return arguments_parse(key, text, state, "collected sweep", &self->sweep, NULL);
    default:
        return arguments_parse(key, text, state, "collected sweep", &self->sweep, NULL);
    }
}

/* "duds" and "accidents" are the columns with the least noise. */
static const char *column_of(const char *asked)
{
    return strcmp(asked, "duds") == 0        ? "dud_expectation_mean"
           : strcmp(asked, "accidents") == 0 ? "accident_expectation_mean"
                                             : asked;
}

/* Row of a district by its name; of none the total. */
static uxo_status find_row(const arguments *self, const uxo_sweep_result *sweep, uint32_t *row, uxo_report *report)
{
    const uint32_t rows = uxo_result_sweep_facts(sweep)->rows;
    char names[512] = "";
    *row = rows - 1;
    for (uint32_t i = 0; self->district != NULL && i < rows; i++) {
        const char *const name = uxo_result_sweep_row_name(sweep, i);
        const size_t used = strlen(names);
        if (strcmp(name, self->district) == 0) {
            *row = i;
            return UXO_OK;
        }
        snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? ", " : "", name);
    }
    return self->district == NULL
               ? UXO_OK
               : uxo_fail(report, UXO_ERR_USAGE, NULL, "the table has no row '%s'; it has %s", self->district, names);
}

static uxo_status write_all(const arguments *self, uxo_sweep_sensitivity *found, uxo_sweep_result *sweep,
                            uxo_report *report)
{
    tool_output output;
    uint32_t row = 0;
    UXO_TRY(find_row(self, sweep, &row, report));
    if (self->differences && found->baselines == 0) {
        return uxo_fail(report, UXO_ERR_USAGE, NULL,
                        "the sweep has no baseline to differ from (key baseline of the sweep file)");
    }
    const int64_t baseline = uxo_result_sweep_facts(sweep)->baseline;
    if (self->differences && uxo_result_sweep_missing(sweep)[baseline] != UXO_SWEEP_PRESENT) {
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        "the baseline, scenario %u, is missing: there is nothing to differ from",
                        (unsigned)baseline + 1);
    }
    if (self->layer != NULL) {
        UXO_TRY(
            uxo_sweep_sensitivity_maps(sweep, self->layer, self->differences, self->output, UXOSIM_VERSION, report));
    }
    if (self->figures != NULL) {
        UXO_TRY(sweep_sensitivity_figures(found, sweep, row, self->figures, "uxosim " UXOSIM_VERSION, report));
    }
    UXO_TRY(tool_output_open(&output, NULL, report));
    const uxo_status written =
        sweep_sensitivity_write(found, sweep, self->differences, self->format, output.stream, report);
    const uxo_status closed = tool_output_close(&output, report);
    return written != UXO_OK ? written : closed;
}

static uxo_status run(const arguments *self, uxo_report *report)
{
    uxo_sweep_result *sweep = NULL;
    uxo_sweep_sensitivity found = {0};
    UXO_TRY(tool_output_apart(self->output, self->sweep, report));
    UXO_TRY(tool_output_replaces_result(self->output, report));
    UXO_TRY(uxo_result_sweep_open(&sweep, self->sweep, report));
    uxo_status status = uxo_sweep_sensitivity_make(&found, sweep, column_of(self->column), report);
    if (status == UXO_OK) {
        status = write_all(self, &found, sweep, report);
    }
    uxo_sweep_sensitivity_free(&found);
    uxo_result_sweep_close(sweep);
    return status;
}

int sweep_sensitivity(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"of", 'c', "COLUMN", 0, "duds (default), accidents, or a column of the collected table", 0},
        {"format", 'f', "FORMAT", 0, "table (default), csv, json", 0},
        {"differences", OPTION_DIFFERENCES, NULL, 0,
         "differences of every scenario from the baseline, with paired errors", 0},
        {"map", 'm', "LAYER", 0,
         "also maps of a layer that the sweep kept: indices of a sobol design, effects of a grid, differences of a "
         "list or, with --differences, from the baseline; needs -o",
         0},
        {"output", 'o', "OUT.nc", 0, "file of these maps", 0},
        {"figures", OPTION_FIGURES, "DIR", 0,
         "also a chart of the total as PNG, SVG and PDF: indices, coefficients or a tornado", 0},
        {"district", OPTION_DISTRICT, "NAME", 0, "with --figures: the chart of this district instead", 0},
        {0}};
    static const struct argp argp = {options,
                                     parse,
                                     "COLLECTED.nc",
                                     "What an output hangs on, by district and in total. Of a sobol design first-order "
                                     "and total Sobol' indices with 95 % intervals; of a "
                                     "latin hypercube standardised rank regression coefficients; of a grid or a list "
                                     "effects of values, with errors by common random "
                                     "numbers.",
                                     NULL,
                                     NULL,
                                     NULL};
    arguments self = {.column = "duds", .format = SENSITIVITY_TABLE};
    uxo_report report;
    argp_parse(&argp, argc, argv, 0, NULL, &self);
    uxo_report_init(&report);
    return tool_finish(run(&self, &report), &report);
}
