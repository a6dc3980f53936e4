/* cmd_walk.c - `uxosim walk`: what one person who walks along a path may meet. Not here: the model of it (sim/engine/walk.c). */
#include <argp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "commands.h"
#include "json_output.h"
#include "output.h"
#include "text_output.h"
#include "uxosim/path.h"
#include "uxosim/result.h"
#include "uxosim/schema.h"
#include "uxosim/walk.h"

enum {
    OPTION_ACCESSIBLE = 0x300,
    OPTION_HAZARDOUS,
    OPTION_DETONATION,
    OPTION_REALISATIONS,
    OPTION_THREADS,
    OPTION_AS_DRAWN
};

/* A strip wider than this is no walk. */
static const double WIDEST_M = 100.0;

typedef struct arguments {
    const char *result, *line, *output;
    double width_m; /* 0: not given */
    double accessible, hazardous, detonation;
    double realisations; /* 0: all */
    double threads;
    bool as_drawn; /* the three shares are those of the run */
    bool shares_given;
    bool json;
} arguments;

/* A number above `minimum` (or at it, where `closed`) and at most `maximum`; else the program ends with what is allowed. */
static double number_of(const char *option, const char *text, double minimum, bool closed, double maximum,
                        const char *allowed, struct argp_state *state)
{
    const char *why = NULL;
    double value = 0.0;
    if (!uxo_schema_number(text, &value, &why)) {
        argp_error(state, "%s: '%s' %s; allowed is %s", option, text, why != NULL ? why : "is not a number", allowed);
    } else if (!(closed ? value >= minimum : value > minimum) || value > maximum) {
        argp_error(state, "%s is %s; allowed is %s", option, text, allowed);
    }
    return value;
}

static double share_of(const char *option, const char *text, struct argp_state *state)
{
    return number_of(option, text, 0.0, false, 1.0, "a share above 0 and at most 1", state);
}

static double whole_of(const char *option, const char *text, struct argp_state *state)
{
    static const char allowed[] = "a whole number of at least 1";
    const double value = number_of(option, text, 1.0, true, 1e9, allowed, state);
    if (value != floor(value)) {
        argp_error(state, "%s is %s; allowed is %s", option, text, allowed);
    }
    return value;
}

static void check_complete(const arguments *self, struct argp_state *state)
{
    if (self->line == NULL) {
        argp_error(state, "which path? --line FILE names a vector file with one");
    } else if (!(self->width_m > 0.0)) {
        argp_error(state, "how wide is the strip that is stepped on? --width-m W, for example 0.5");
    } else if (self->as_drawn && self->shares_given) {
        argp_error(state, "--as-drawn takes the shares of the run; leave --accessible-share, --hazardous-share and "
                          "--detonation out, or --as-drawn");
    }
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    arguments *const self = state->input;
    switch (key) {
    case 'l':
        self->line = text;
        return 0;
    case 'w':
        self->width_m =
            number_of("--width-m", text, 0.0, false, WIDEST_M, "a width above 0 and at most 100 metres", state);
        return 0;
    case OPTION_ACCESSIBLE:
        self->shares_given = true;
        self->accessible = share_of("--accessible-share", text, state);
        return 0;
    case OPTION_HAZARDOUS:
        self->shares_given = true;
        self->hazardous = share_of("--hazardous-share", text, state);
        return 0;
    case OPTION_DETONATION:
        self->shares_given = true;
        self->detonation = share_of("--detonation", text, state);
        return 0;
    case OPTION_AS_DRAWN:
        self->as_drawn = true;
        return 0;
    case OPTION_REALISATIONS:
        self->realisations = whole_of("--realisations", text, state);
        return 0;
    case OPTION_THREADS:
        self->threads = whole_of("--threads", text, state);
        return 0;
    case 'f':
        self->json = strcmp(text, "json") == 0;
        if (!self->json && strcmp(text, "table") != 0) {
            argp_error(state, "unknown format '%s'; formats are table, json", text);
        }
        return 0;
    case 'o':
        self->output = text;
        return 0;
    case ARGP_KEY_END:
        check_complete(self, state);
        return arguments_parse(key, text, state, "result", &self->result, NULL);
    default:
        return arguments_parse(key, text, state, "result", &self->result, NULL);
    }
}

/* What is printed. */
typedef struct walk {
    const arguments *asked;
    const char *title, *as_of;
    double length_m, outside_m;
    uint32_t realisations;
    uxo_walk_risk risk;
} walk;

static double factor_of(const arguments *self)
{
    return self->accessible * self->hazardous * self->detonation;
}

static bool is_detonation(const arguments *self)
{
    return self->as_drawn || self->detonation < 1.0;
}

static const char *event_of(const arguments *self)
{
    return is_detonation(self) ? "P(at least one detonation)" : "P(at least one contact)";
}

/* Two figures of a small number too: "<0.001" would not tell one risk from another. */
static const char *figures(char text[TEXT_NUMBER_SIZE], double value)
{
    if (!(value > 0.0 && value < 0.1)) {
        return text_about(text, value);
    }
    snprintf(text, TEXT_NUMBER_SIZE, "%.2g", value);
    return text;
}

static void print_row(text_table *table, const char *name, double value, double error)
{
    char number[TEXT_NUMBER_SIZE], plus_minus[TEXT_NUMBER_SIZE];
    text_table_add(table, (const char *const[]){name, figures(number, value), figures(plus_minus, error)});
}

static void print_table(const walk *self, FILE *out)
{
    const arguments *const asked = self->asked;
    const uxo_walk_risk *const risk = &self->risk;
    char *const title = text_for_line(self->title);
    char number[TEXT_NUMBER_SIZE];
    text_table table;
    fprintf(out, "%s\n%s m", title != NULL ? title : "", text_about(number, self->length_m));
    fprintf(out, " on a strip %g m wide, %s m2; ", asked->width_m, text_about(number, self->length_m * asked->width_m));
    fprintf(out, "%u realisations", (unsigned)self->realisations);
    if (self->outside_m > 0.0) {
        fprintf(out, "; %s m of the line lie off the grid and are left out", text_about(number, self->outside_m));
    }
    fputs("\n\n", out);
    text_table_init(&table, 3);
    table.left[0] = true;
    text_table_add(&table, (const char *const[]){"", "estimate", "standard error"});
    text_table_add(&table, NULL);
    print_row(&table, event_of(asked), risk->probability, risk->probability_se);
    print_row(&table, "  5 % of realisations below", risk->quantile[0], risk->quantile_se[0]);
    print_row(&table, "  median", risk->quantile[1], risk->quantile_se[1]);
    print_row(&table, "  5 % of realisations above", risk->quantile[2], risk->quantile_se[2]);
    print_row(&table, is_detonation(asked) ? "expected detonations" : "expected contacts", risk->contacts,
              risk->contacts_se);
    text_table_print(&table, out);
    text_table_free(&table);
    free(title);
    if (factor_of(asked) < 1.0) {
        fprintf(out, "\nOf the duds on the strip count: accessible %g x hazardous %g x detonation %g = %g.\n",
                asked->accessible, asked->hazardous, asked->detonation, factor_of(asked));
    }
    if (asked->as_drawn) {
        fputs("\nOf the duds on the strip count those that are accessible, hazardous and detonate on contact, by the "
              "shares drawn in "
              "the run.\n",
              out);
    }
    fputs("\nOne person, once, who steps on all of the strip.\n", out);
    text_wrap(UXO_SENTENCE, 0, out);
}

static void print_quantiles(json_output *json, const uxo_walk_risk *risk)
{
    static const char *const key[3] = {"probability_p05", "probability_p50", "probability_p95"};
    static const char *const error[3] = {"probability_p05_se", "probability_p50_se", "probability_p95_se"};
    for (int i = 0; i < 3; i++) {
        json_number(json, key[i], risk->quantile[i]);
        json_number(json, error[i], risk->quantile_se[i]);
    }
}

static void print_json(const walk *self, FILE *out)
{
    const arguments *const asked = self->asked;
    json_output json;
    json_init(&json, out);
    json_open(&json, NULL, '{');
    json_text(&json, "title", self->title);
    json_text(&json, "as_of", self->as_of);
    json_text(&json, "note", UXO_SENTENCE);
    json_text(&json, "line", uxo_path_name(asked->line));
    json_number(&json, "length_m", self->length_m);
    json_number(&json, "length_outside_grid_m", self->outside_m);
    json_number(&json, "width_m", asked->width_m);
    json_text(&json, "event", is_detonation(asked) ? "detonation" : "contact");
    json_text(&json, "shares", asked->as_drawn ? "drawn" : "given");
    json_number(&json, "accessible_share", asked->as_drawn ? (double)NAN : asked->accessible);
    json_number(&json, "hazardous_share", asked->as_drawn ? (double)NAN : asked->hazardous);
    json_number(&json, "detonation", asked->as_drawn ? (double)NAN : asked->detonation);
    json_number(&json, "realisations", self->realisations);
    json_number(&json, "effective_realisations", self->risk.effective);
    json_number(&json, "probability", self->risk.probability);
    json_number(&json, "probability_se", self->risk.probability_se);
    print_quantiles(&json, &self->risk);
    json_number(&json, "expected", self->risk.contacts);
    json_number(&json, "expected_se", self->risk.contacts_se);
    json_close(&json, '}');
    fputc('\n', out);
}

/* The line, without what lies off the grid. */
static uxo_status read_line(walk *self, const uxo_scenario *scenario, uxo_lines *lines, uxo_report *report)
{
    const uxo_place place = {.file = self->asked->line};
    UXO_TRY(uxo_lines_read(lines, scenario->crs, self->asked->line, &place, report));
    const double all_m = uxo_lines_length_m(lines);
    uxo_lines_clip(lines, &scenario->grid);
    self->length_m = uxo_lines_length_m(lines);
    self->outside_m = all_m - self->length_m > 1e-3 ? all_m - self->length_m : 0.0;
    if (lines->count == 0) {
        return uxo_fail(report, UXO_ERR_DATA, &place,
                        "the line lies off the grid, where nothing is known; make the grid larger, or see that the two "
                        "are of one place");
    }
    if (self->outside_m > 0.0) {
        uxo_report_add(report, UXO_WARNING, &place,
                       "%.0f of %.0f m lie off the grid, where nothing is known, and are left out: the risk of the "
                       "whole line is larger",
                       self->outside_m, all_m);
    }
    return UXO_OK;
}

static uxo_status compute(walk *self, uxo_result *result, const uxo_scenario *scenario, const uxo_lines *lines,
                          uxo_report *report)
{
    static const double quantile[3] = {0.05, 0.5, 0.95};
    const double *weight = NULL;
    uint32_t count = 0;
    UXO_TRY(uxo_result_weights(result, &weight, &count, report));
    count = self->asked->realisations > 0.0 && self->asked->realisations < count ? (uint32_t)self->asked->realisations
                                                                                 : count;
    double *const contacts = calloc((size_t)count + 1, sizeof *contacts);
    if (contacts == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %u realisations", (unsigned)count);
    }
    const uxo_engine_options options = {.threads = (int)self->asked->threads};
    self->realisations = count;
    uxo_status status = uxo_walk_contacts(scenario, &options, lines, self->asked->width_m, count, contacts, report);
    if (status == UXO_OK && self->asked->as_drawn && !uxo_walk_detonations(scenario, count, contacts)) {
        status =
            uxo_fail(report, UXO_ERR_DATA, NULL,
                     "'%s' knows no shares: its scenario has no layers.population, so nothing of exposure and risk was "
                     "drawn; give --detonation and the others instead of --as-drawn",
                     self->asked->result);
    }
    if (status == UXO_OK) {
        status = uxo_walk_summarise(scenario, contacts, weight, count, factor_of(self->asked), quantile, &self->risk,
                                    report);
    }
    free(contacts);
    return status;
}

static uxo_status write_walk(const walk *self, uxo_report *report)
{
    tool_output output;
    UXO_TRY(tool_output_open(&output, self->asked->output, report));
    if (self->asked->json) {
        print_json(self, output.stream);
    } else {
        print_table(self, output.stream);
    }
    return tool_output_close(&output, report);
}

static uxo_status walk_in(const arguments *asked, uxo_result *result, uxo_report *report)
{
    const char *const title = uxo_result_text(result, "/", "title"), *const as_of =
                                                                         uxo_result_text(result, "/", "as_of");
    walk self = {.asked = asked, .title = title != NULL ? title : "", .as_of = as_of != NULL ? as_of : ""};
    uxo_scenario scenario;
    uxo_lines lines = {NULL, 0};
    uxo_status status = uxo_result_scenario(result, &scenario, report);
    if (status == UXO_OK && scenario.strikes.count == 0) {
        uxo_report_add(report, UXO_WARNING, NULL,
                       "no strike of the list reaches the grid: the hazard is zero everywhere");
    }
    if (status == UXO_OK) {
        status = read_line(&self, &scenario, &lines, report);
    }
    if (status == UXO_OK) {
        status = compute(&self, result, &scenario, &lines, report);
    }
    if (status == UXO_OK) {
        status = write_walk(&self, report);
    }
    uxo_lines_free(&lines);
    uxo_scenario_free(&scenario);
    return status;
}

static uxo_status run(const arguments *self, uxo_report *report)
{
    uxo_result *result = NULL;
    UXO_TRY(tool_output_apart(self->output, self->result, report));
    UXO_TRY(tool_output_apart(self->output, self->line, report));
    UXO_TRY(uxo_result_open(&result, self->result, report));
    const uxo_status status = walk_in(self, result, report);
    uxo_result_close(result);
    return status;
}

int cmd_walk(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"line", 'l', "FILE", 0, "the path: lines of a vector file in any format and reference system that GDAL reads",
         0},
        {"width-m", 'w', "W", 0, "width in metres of the strip that is stepped on", 0},
        {"accessible-share", OPTION_ACCESSIBLE, "S", 0,
         "share of the duds that lie where one can step on them; default 1", 0},
        {"hazardous-share", OPTION_HAZARDOUS, "H", 0, "share of the duds that can detonate at all; default 1", 0},
        {"detonation", OPTION_DETONATION, "Q", 0, "P(detonation | contact): asks for detonations instead of contacts",
         0},
        {"as-drawn", OPTION_AS_DRAWN, NULL, 0,
         "detonations, by the three shares that each realisation of the run drew; needs a run with a population", 0},
        {"realisations", OPTION_REALISATIONS, "N", 0, "use the first N only; default: all of the run", 0},
        {"threads", OPTION_THREADS, "N", 0, "default: all; the numbers do not depend on it", 0},
        {"format", 'f', "FORMAT", 0, "table (default, for people) or json", 0},
        {"output", 'o', "FILE", 0, "write to FILE instead of standard output", 0},
        {0}};
    static const struct argp argp = {options,
                                     parse,
                                     "OUT.nc --line FILE --width-m W",
                                     "One person's risk along a path: P(at least one contact with a dud), its interval "
                                     "over realisations and its standard error."
                                     "\vRealisations are drawn again from the file; the mean map would overstate the "
                                     "probability. Public copies do not hold what that takes. Modelled, not surveyed.",
                                     NULL,
                                     NULL,
                                     NULL};
    arguments self = {.accessible = 1.0, .hazardous = 1.0, .detonation = 1.0};
    uxo_report report;
    argp_parse(&argp, argc, argv, 0, NULL, &self);
    uxo_report_init(&report);
    return tool_finish(run(&self, &report), &report);
}
