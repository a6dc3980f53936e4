/* cmd_districts.c - `uxosim districts`: hazard per district in the format one wants. Not here: the formats
 * (districts_*.c). */
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "commands.h"
#include "districts.h"
#include "output.h"

/* What is asked for. */
typedef enum districts_view { VIEW_HAZARD, VIEW_VARIANCE, VIEW_RANKING } districts_view;

typedef struct arguments {
    const char *result, *output, *sort, *zones;
    districts_format format;
    districts_view view;
} arguments;

static const char *const FORMAT_WORD[FORMAT_COUNT] = {"table", "csv", "json", "geojson", "gpkg", "xlsx"};

static void parse_format(arguments *self, const char *word, struct argp_state *state)
{
    for (unsigned i = 0; i < FORMAT_COUNT; i++) {
        if (strcmp(word, FORMAT_WORD[i]) == 0) {
            self->format = (districts_format)i;
            return;
        }
    }
    argp_error(state, "unknown format '%s'; formats are table, csv, json, geojson, gpkg, xlsx", word);
}

enum { OPTION_VARIANCE = 256, OPTION_RANKING };

static void check_arguments(const arguments *self, struct argp_state *state)
{
    if (self->format == FORMAT_GPKG && (self->output == NULL || strcmp(self->output, "-") == 0)) {
        argp_error(state, "a GeoPackage needs a file: -o FILE.gpkg");
    }
    if (self->format == FORMAT_XLSX && (self->output == NULL || strcmp(self->output, "-") == 0)) {
        argp_error(state, "a spreadsheet needs a file: -o FILE.xlsx");
    }
    if (self->view != VIEW_HAZARD && self->format != FORMAT_TABLE && self->format != FORMAT_CSV &&
        self->format != FORMAT_JSON) {
        argp_error(state, "--variance and --ranking come as table, csv or json");
    }
    if (self->view != VIEW_HAZARD && self->zones != NULL) {
        argp_error(state, "--variance and --ranking are of districts, not of zones");
    }
    if (self->view != VIEW_HAZARD && self->sort != NULL) {
        argp_error(
            state,
            "--sort goes with the hazard table; --variance keeps the order of the file, --ranking that of the ranks");
    }
}

static void choose_view(arguments *self, districts_view view, struct argp_state *state)
{
    if (self->view != VIEW_HAZARD && self->view != view) {
        argp_error(state, "--variance and --ranking are two tables: ask for one at a time");
    }
    self->view = view;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    arguments *const self = state->input;
    switch (key) {
    case OPTION_VARIANCE:
        choose_view(self, VIEW_VARIANCE, state);
        return 0;
    case OPTION_RANKING:
        choose_view(self, VIEW_RANKING, state);
        return 0;
    case 'f':
        parse_format(self, text, state);
        return 0;
    case 'o':
        self->output = text;
        return 0;
    case 'z':
        self->zones = text;
        return 0;
    case 's':
        self->sort = text;
        return 0;
    case ARGP_KEY_END:
        check_arguments(self, state);
        return arguments_parse(key, text, state, "result", &self->result, NULL);
    default:
        return arguments_parse(key, text, state, "result", &self->result, NULL);
    }
}

/* Below the table of districts: what else there is. */
static void mention_zones(const arguments *self, uxo_result *result, FILE *out)
{
    const size_t count = self->zones == NULL ? uxo_result_zone_count(result) : 0;
    for (size_t i = 0; i < count; i++) {
        const char *const id = uxo_result_zone_id(result, i);
        fprintf(out, "%suxosim districts %s --zones %s\n", i == 0 ? "\nSets of zones in this file:\n" : "",
                self->result, id != NULL ? id : "");
    }
}

static uxo_status write_format(const arguments *self, uxo_result *result, const uxo_district_table *table,
                               const uint32_t *order, FILE *out, uxo_report *report)
{
    const char *const title = uxo_result_text(result, "/", "title");
    if (self->view == VIEW_VARIANCE) {
        return districts_write_variance(result, table, self->format, out, report);
    }
    if (self->view == VIEW_RANKING) {
        return districts_write_ranking(result, self->format, out, report);
    }
    switch (self->format) {
    case FORMAT_CSV:
        districts_write_csv(table, order, out);
        return UXO_OK;
    case FORMAT_JSON:
        districts_write_json(result, self->zones, table, order, out);
        return UXO_OK;
    case FORMAT_GEOJSON:
        return districts_write_geojson(result, self->zones, table, order, out, report);
    default:
        districts_print_table(table, order, title != NULL ? title : "", uxo_result_number(result, "/", "realisations"),
                              out);
        mention_zones(self, result, out);
        return UXO_OK;
    }
}

static uxo_status write_stream(const arguments *self, uxo_result *result, const uxo_district_table *table,
                               const uint32_t *order, uxo_report *report)
{
    tool_output output;
    UXO_TRY(tool_output_open(&output, self->output, report));
    const uxo_status status = write_format(self, result, table, order, output.stream, report);
    if (status != UXO_OK) {
        tool_output_abandon(&output);
        return status;
    }
    return tool_output_close(&output, report);
}

static uxo_status write_sorted(const arguments *self, uxo_result *result, const uxo_district_table *table,
                               uxo_report *report)
{
    uint32_t *order = NULL;
    UXO_TRY(districts_order(table, self->sort, &order, report));
    const uxo_status status =
        self->format == FORMAT_GPKG   ? districts_write_gpkg(result, self->zones, table, order, self->output, report)
        : self->format == FORMAT_XLSX ? districts_write_xlsx(result, table, order, self->output, report)
                                      : write_stream(self, result, table, order, report);
    free(order);
    return status;
}

static uxo_status run(const arguments *self, uxo_report *report)
{
    uxo_result *result = NULL;
    uxo_district_table table;
    UXO_TRY(tool_output_apart(self->output, self->result, report));
    UXO_TRY(uxo_result_open(&result, self->result, report));
    uxo_status status = self->zones != NULL ? uxo_result_read_zones(result, self->zones, &table, report)
                                            : uxo_result_read_districts(result, &table, report);
    if (status == UXO_OK) {
        status = write_sorted(self, result, &table, report);
        uxo_district_table_free(&table);
    }
    uxo_result_close(result);
    return status;
}

int cmd_districts(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"format", 'f', "FORMAT", 0,
         "table (default, for people), csv, json, geojson, gpkg, xlsx; geodata are in WGS 84", 0},
        {"output", 'o', "FILE", 0, "write to FILE instead of standard output", 0},
        {"sort", 's', "KEY", 0,
         "order of the districts: district (or zone) or a column of the csv (largest first, rank 1 first)", 0},
        {"zones", 'z', "SET", 0, "a set of zones (layers.zones) instead of the districts; `uxosim info` lists them", 0},
        {"variance", OPTION_VARIANCE, NULL, 0,
         "instead: where the spread of each district comes from, and the interval that independence would give", 0},
        {"ranking", OPTION_RANKING, NULL, 0,
         "instead: how sure the order is: expected ranks and the districts that cannot be told apart", 0},
        {0}};
    static const struct argp argp = {
        options,
        parse,
        "OUT.nc",
        "Hazard per district, or per zone. The last rows are 'outside every district', 'outside the grid' and 'total'."
        "\vThe csv has every column, with exact numbers. Modelled, not surveyed.",
        NULL,
        NULL,
        NULL};
    arguments self = {NULL, NULL, NULL, NULL, FORMAT_TABLE, VIEW_HAZARD};
    uxo_report report;
    argp_parse(&argp, argc, argv, 0, NULL, &self);
    uxo_report_init(&report);
    return tool_finish(run(&self, &report), &report);
}
