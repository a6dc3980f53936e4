/* cmd_info.c - `uxosim info`: what is in a result, how it was made, and every number it rests on. */
#include <argp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "commands.h"
#include "ledger.h"
#include "output.h"
#include "text_output.h"
#include "uxosim/number_text.h"
#include "uxosim/result.h"

typedef enum ledger_format { LEDGER_TEXT, LEDGER_CSV, LEDGER_JSON } ledger_format;

typedef struct arguments {
    const char *result;
    bool assumptions;
    ledger_format format;
} arguments;

static error_t parse(int key, char *text, struct argp_state *state)
{
    arguments *const self = state->input;
    switch (key) {
    case 'a':
        self->assumptions = true;
        return 0;
    case 'f':
        self->format = strcmp(text, "csv") == 0 ? LEDGER_CSV : strcmp(text, "json") == 0 ? LEDGER_JSON : LEDGER_TEXT;
        if (self->format == LEDGER_TEXT && strcmp(text, "text") != 0) {
            argp_error(state, "unknown format '%s'; formats are text, csv, json", text);
        }
        return 0;
    case ARGP_KEY_END:
        if (self->format != LEDGER_TEXT && !self->assumptions) {
            argp_error(state, "--format goes with --assumptions");
        }
        return arguments_parse(key, text, state, "result", &self->result, NULL);
    default:
        return arguments_parse(key, text, state, "result", &self->result, NULL);
    }
}

static void print_line(const char *name, const char *text, FILE *out)
{
    char *const line = text != NULL ? text_for_line(text) : NULL;
    if (line != NULL && line[0] != '\0') {
        fprintf(out, "%-14s %s\n", name, line);
    }
    free(line);
}

static void print_attribute(const uxo_result *result, const char *name, const char *attribute, FILE *out)
{
    print_line(name, uxo_result_text(result, "/", attribute), out);
}

static void print_totals(const uxo_result *result, FILE *out)
{
    char expected[TEXT_NUMBER_SIZE];
    char simulated[TEXT_NUMBER_SIZE];
    char intact[TEXT_NUMBER_SIZE];
    text_about(expected, uxo_result_number(result, "/", "expected_duds"));
    text_about(simulated, uxo_result_number(result, "/", "simulated_duds_mean"));
    text_about(intact, uxo_result_number(result, "/", "intact_carriers_mean"));
    fprintf(out, "%-14s %s expected in closed form, %s simulated (mean); intact carriers: %s\n", "duds", expected,
            simulated, intact);
    const double background = uxo_result_number(result, "/", "expected_background_duds");
    if (!isnan(background)) {
        text_about(expected, background);
        text_about(simulated, uxo_result_number(result, "/", "simulated_background_duds_mean"));
        fprintf(out,
                "%-14s %s more on the grid from strikes that nobody reported, as assumed (%s simulated); in no number "
                "of the listed "
                "strikes\n",
                "background", expected, simulated);
    }
    const double second = uxo_result_number(result, "/", "accidents_year2_mean");
    if (!isnan(second)) {
        text_about(expected, uxo_result_number(result, "/", "accidents_year1_mean"));
        text_about(simulated, second);
        fprintf(out, "%-14s %s in the first year after people's return, %s in the second (means)\n", "accidents",
                expected, simulated);
    }
    const double strikes = uxo_result_number(result, "/strikes", "count");
    if (!isnan(strikes)) {
        fprintf(out, "%-14s %.0f from %.0f reports; %.0f more out of reach of the grid\n", "strikes", strikes,
                uxo_result_number(result, "/strikes", "report_count"),
                uxo_result_number(result, "/strikes", "out_of_reach_count"));
    }
}

static void print_grid(const uxo_result *result, FILE *out)
{
    const uxo_grid *const grid = uxo_result_grid(result);
    char number[5][UXO_NUMBER_SIZE];
    fprintf(out, "%-14s %u x %u cells of %s m; x %s to %s, y %s to %s\n", "grid", (unsigned)grid->nx,
            (unsigned)grid->ny, uxo_number_text(number[0], grid->cell_size_m), uxo_number_text(number[1], grid->xmin_m),
            uxo_number_text(number[2], uxo_grid_xmax_m(grid)), uxo_number_text(number[3], grid->ymin_m),
            uxo_number_text(number[4], uxo_grid_ymax_m(grid)));
    print_line("system", uxo_result_text(result, "/crs", "long_name"), out);
}

/* Sets of zones, for `uxosim districts --zones`. */
static void print_zones(uxo_result *result, FILE *out)
{
    for (size_t i = 0; i < uxo_result_zone_count(result); i++) {
        enum { SPECIAL_ROWS = 3 };
        char path[256];
        size_t rows = 0;
        const char *const id = uxo_result_zone_id(result, i);
        snprintf(path, sizeof path, "/zones/%.100s/name", id != NULL ? id : "");
        (void)uxo_result_strings(result, path, &rows);
        fprintf(out, "%-14s %s: %zu\n", i == 0 ? "zones" : "", id != NULL ? id : "",
                rows > SPECIAL_ROWS ? rows - SPECIAL_ROWS : 0);
    }
}

static void add_planes(const uxo_result *result, const char *layer, text_table *table)
{
    for (uint32_t i = 0; i < uxo_result_layer_planes(result, layer) && !table->failed; i++) {
        char plane[128] = "  ";
        if (uxo_result_plane_name(result, layer, i, plane + 2, sizeof plane - 2)) {
            const char *const row[] = {" ", plane, "", ""};
            text_table_add(table, row);
        }
    }
}

/* A layer with planes is followed by them. */
static void print_layers(const uxo_result *result, FILE *out)
{
    text_table table;
    text_table_init(&table, 4);
    for (size_t i = 0; i < uxo_result_layer_count(result) && !table.failed; i++) {
        const char *const name = uxo_result_layer_name(result, i);
        const char *const row[] = {" ", name, uxo_result_layer_unit(result, name),
                                   uxo_result_layer_sentence(result, name)};
        table.left[1] = table.left[2] = table.left[3] = true;
        text_table_add(&table, row);
        add_planes(result, name, &table);
    }
    fputs("\nLayers\n", out);
    text_table_print(&table, out);
    text_table_free(&table);
}

static void print_inputs(uxo_result *result, FILE *out)
{
    size_t count = 0;
    size_t names = 0;
    size_t hashes = 0;
    const char *const *const role = uxo_result_strings(result, "/provenance/input_role", &count);
    const char *const *const name = uxo_result_strings(result, "/provenance/input_name", &names);
    const char *const *const hash = uxo_result_strings(result, "/provenance/input_sha256", &hashes);
    if (count == 0 || names != count || hashes != count) {
        return;
    }
    text_table table;
    text_table_init(&table, 4);
    for (size_t i = 0; i < count && !table.failed; i++) {
        const char *const row[] = {" ", role[i], name[i], hash[i]};
        table.left[1] = table.left[2] = table.left[3] = true;
        text_table_add(&table, row);
    }
    fputs("\nInputs (SHA-256)\n", out);
    text_table_print(&table, out);
    text_table_free(&table);
}

static void print_versions(const uxo_result *result, FILE *out)
{
    static const char *const name[][2] = {{"uxosim", "uxosim_version"},
                                          {"commit", "uxosim_commit"},
                                          {"GSL", "gsl_version"},
                                          {"HDF5", "hdf5_version"},
                                          {"GDAL", "gdal_version"},
                                          {"SLEEF", "sleef_version"},
                                          {"libdeflate", "libdeflate_version"}};
    fputs("\nMade with     ", out);
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        const char *const text = uxo_result_text(result, "/provenance", name[i][1]);
        fprintf(out, " %s %s%s", name[i][0], text != NULL ? text : "?",
                i + 1 < sizeof name / sizeof *name ? "," : "\n");
    }
}

static void print_overview(uxo_result *result, FILE *out)
{
    print_attribute(result, "title", "title", out);
    print_attribute(result, "as of", "as_of", out);
    print_attribute(result, "estimator", "estimator", out);
    print_attribute(result, "maps", "map_method", out);
    print_attribute(result, "realisations", "realisations", out);
    print_attribute(result, "seed", "seed", out);
    print_grid(result, out);
    print_totals(result, out);
    print_zones(result, out);
    print_attribute(result, "self-check", "self_check", out);
    print_attribute(result, "redacted", "redacted", out);
    fprintf(out, "%-14s %s\n", "SHA-256", uxo_result_sha256(result));
    print_layers(result, out);
    print_inputs(result, out);
    print_versions(result, out);
}

enum { COLUMNS = 4 };

/* Columns of one table of /provenance; returns their rows, none when they differ in length. */
static size_t read_columns(uxo_result *result, const char *const name[COLUMNS], const char *const *text[COLUMNS])
{
    size_t count[COLUMNS];
    bool equal = true;
    for (size_t c = 0; c < COLUMNS; c++) {
        char path[64];
        snprintf(path, sizeof path, "/provenance/%s", name[c]);
        text[c] = uxo_result_strings(result, path, &count[c]);
        equal = equal && count[c] == count[0];
    }
    return equal ? count[0] : 0;
}

/* Every value with its mark, where it is from, how sure that is and what hangs on it. */
static void print_values(const ledger *values, FILE *out)
{
    fprintf(out, "Values used: %zu\n", values->count);
    for (size_t i = 0; i < values->count; i++) {
        const ledger_row *const row = &values->row[i];
        char *const path = text_for_line(row->path);
        char *const value = text_for_line(row->value);
        char *const source = text_for_line(row->source);
        char certainty[80], share[240];
        fprintf(out, "\n%s = %s  [%s]\n", path != NULL ? path : "", value != NULL ? value : "", row->mark);
        text_wrap(source != NULL && source[0] != '\0' ? source : "no source", 4, out);
        if (ledger_certainty_text(row->certainty, certainty, sizeof certainty)[0] != '\0') {
            fprintf(out, "    certainty: %s\n", certainty);
        }
        if (ledger_share_text(row, share, sizeof share)[0] != '\0') {
            text_wrap(share, 4, out);
        }
        free(path);
        free(value);
        free(source);
    }
}

static void print_sources(uxo_result *result, FILE *out)
{
    static const char *const column[COLUMNS] = {"source_munition", "source_number", "source_text", "source_origin"};
    const char *const *text[COLUMNS];
    const size_t count = read_columns(result, column, text);
    if (count > 0) {
        fputs("\nSources of the munitions' numbers\n", out);
    }
    for (size_t i = 0; i < count; i++) {
        char *const source = text_for_line(text[2][i]);
        fprintf(out, "\n%s.%s  [%s]\n", text[0][i], text[1][i], text[3][i][0] != '\0' ? text[3][i] : "default");
        text_wrap(source != NULL && source[0] != '\0' ? source : "no source of its own", 4, out);
        free(source);
    }
}

static uxo_status print_assumptions(const arguments *self, uxo_result *result, FILE *out, uxo_report *report)
{
    ledger values;
    UXO_TRY(ledger_read(&values, result, report));
    if (self->format == LEDGER_CSV) {
        ledger_write_csv(&values, out);
    } else if (self->format == LEDGER_JSON) {
        ledger_write_json(&values, out);
    } else {
        print_values(&values, out);
        print_sources(result, out);
    }
    ledger_free(&values);
    return UXO_OK;
}

static uxo_status run(const arguments *self, uxo_report *report)
{
    uxo_result *result = NULL;
    tool_output output;
    UXO_TRY(uxo_result_open(&result, self->result, report));
    uxo_status status = tool_output_open(&output, NULL, report);
    if (status == UXO_OK) {
        if (self->assumptions) {
            status = print_assumptions(self, result, output.stream, report);
        } else {
            print_overview(result, output.stream);
        }
        if (self->format == LEDGER_TEXT) {
            fputc('\n', output.stream);
            text_wrap(UXO_SENTENCE, 0, output.stream);
        }
        const uxo_status closed = tool_output_close(&output, report);
        status = status == UXO_OK ? closed : status;
    }
    uxo_result_close(result);
    return status;
}

int cmd_info(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"assumptions", 'a', NULL, 0,
         "every number that was used: given or default, its source, how sure it is, its share of the variance", 0},
        {"format", 'f', "FORMAT", 0, "of the assumptions: text (default), csv, json", 0},
        {0}};
    static const struct argp argp = {options, parse, "OUT.nc", "What is in a result and how it was made.",
                                     NULL,    NULL,  NULL};
    arguments self = {NULL, false, LEDGER_TEXT};
    uxo_report report;
    argp_parse(&argp, argc, argv, 0, NULL, &self);
    uxo_report_init(&report);
    return tool_finish(run(&self, &report), &report);
}
