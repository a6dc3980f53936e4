/* cmd_claims.c - `uxosim claims`: sentences that can be defended, and whether a published number is consistent. Not here: the sentences
 * (claims_text.c), the laws (sim/model/claim.c). */
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "claims.h"
#include "commands.h"
#include "districts.h"
#include "districts_json.h"
#include "output.h"
#include "text_output.h"

typedef struct arguments {
    const char *result, *output, *check, *zones;
    bool json;
} arguments;

static error_t parse(int key, char *text, struct argp_state *state)
{
    arguments *const self = state->input;
    switch (key) {
    case 'c':
        if (self->check != NULL) {
            argp_error(state, "one --check at a time");
        }
        self->check = text;
        return 0;
    case 'f':
        self->json = strcmp(text, "json") == 0;
        if (!self->json && strcmp(text, "text") != 0) {
            argp_error(state, "unknown format '%s'; formats are text, json", text);
        }
        return 0;
    case 'o':
        self->output = text;
        return 0;
    case 'z':
        self->zones = text;
        return 0;
    case ARGP_KEY_END:
        if (self->zones != NULL && self->result == NULL) {
            argp_error(state, "--zones goes with a result");
        }
        return self->check != NULL ? 0 : arguments_parse(key, text, state, "result", &self->result, NULL);
    default:
        return arguments_parse(key, text, state, "result", &self->result, NULL);
    }
}

static void print_sentence(char *text, FILE *out)
{
    if (text != NULL) {
        text_wrap(text, 2, out);
    }
    free(text);
}

static void print_row(const claims *self, uint32_t row, FILE *out)
{
    char *const name = text_for_line(self->table.name[row]);
    char *const refusal = claims_refusal(self, row, true);
    fprintf(out, "%s\n", row + 1 == self->table.rows ? "Total" : name != NULL ? name : "");
    if (refusal != NULL) {
        print_sentence(refusal, out);
    } else {
        print_sentence(claims_headline(self, row, true), out);
        print_sentence(claims_people(self, row), out);
        print_sentence(claims_origin_sentence(self, row), out);
        print_sentence(claims_accidents(self, row), out);
        print_sentence(claims_accident_origin_sentence(self, row), out);
    }
    fputc('\n', out);
    free(name);
}

/* The total first: it is what gets quoted. Rows without a place have no sentence of their own. */
static void print_claims(const claims *self, FILE *out)
{
    const char *const title = uxo_result_text(self->result, "/", "title");
    char *const line = text_for_line(title != NULL ? title : "");
    fprintf(out, "%s\n\n", line != NULL ? line : "");
    free(line);
    print_row(self, self->table.rows - 1, out);
    for (uint32_t row = 0; row + DISTRICTS_SPECIAL_ROWS < self->table.rows; row++) {
        print_row(self, row, out);
    }
    text_wrap(self->left_out, 0, out);
    text_wrap(UXO_SENTENCE, 0, out);
}

static void json_sentence(json_output *json, const char *key, char *text)
{
    if (text != NULL) {
        json_text(json, key, text);
    } else {
        json_raw(json, key, "null");
    }
    free(text);
}

static void json_numbers(json_output *json, const claims *self, uint32_t row)
{
    static const uxo_district_column columns[] = {UXO_COLUMN_DUDS_MEAN,
                                                  UXO_COLUMN_DUDS_P05,
                                                  UXO_COLUMN_DUDS_P95,
                                                  UXO_COLUMN_POPULATION,
                                                  UXO_COLUMN_PEOPLE_AFFECTED_MEAN,
                                                  UXO_COLUMN_ACCIDENTS_MEAN,
                                                  UXO_COLUMN_ACCIDENTS_P05,
                                                  UXO_COLUMN_ACCIDENTS_P95,
                                                  UXO_COLUMN_CASUALTIES_MEAN};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        if (uxo_district_table_has(&self->table, columns[i])) {
            json_number(json, uxo_column(columns[i])->name, self->table.value[columns[i]][row]);
        }
    }
}

static void json_group(json_output *json, const char *key, const claims_group *group)
{
    json_open_inline(json, key, '{');
    json_text(json, "group", group->name);
    json_text(json, "words", claims_group_words(group->name));
    json_number(json, "first_order", group->share);
    json_number(json, "first_order_se", group->share_se);
    json_close(json, '}');
}

static void json_origin(json_output *json, const claims *self, uint32_t row)
{
    static const char *const key[2][2] = {{"hangs_on_first", "hangs_on_second"},
                                          {"accidents_hang_on_first", "accidents_hang_on_second"}};
    static const char *const of[2] = {"duds", "log_accidents"};
    for (int i = 0; i < 2; i++) {
        const claims_origin origin = claims_origin_of(self, row, of[i]);
        if (origin.spread == SPREAD_KNOWN) {
            json_group(json, key[i][0], &origin.first);
        }
        if (origin.spread == SPREAD_KNOWN && origin.second.name != NULL) {
            json_group(json, key[i][1], &origin.second);
        }
    }
}

/* Where there is no headline there are no figures either. */
static void json_row(json_output *json, const claims *self, uint32_t row)
{
    char *const refusal = claims_refusal(self, row, false);
    json_open(json, NULL, '{');
    json_text(json, "kind", districts_row_kind(&self->table, row));
    json_text(json, districts_noun(&self->table), self->table.name[row]);
    if (self->table.status != NULL) {
        json_text(json, "status", self->table.status[row]);
    }
    json_number(json, "alleged_share", claims_alleged_share(self, row));
    if (refusal != NULL) {
        json_raw(json, "headline", "null");
        json_sentence(json, "no_headline", refusal);
    } else {
        json_sentence(json, "headline", claims_headline(self, row, false));
        json_sentence(json, "people", claims_people(self, row));
        json_sentence(json, "hangs_on", claims_origin_sentence(self, row));
        json_sentence(json, "accidents", claims_accidents(self, row));
        json_sentence(json, "accidents_hang_on", claims_accident_origin_sentence(self, row));
        json_numbers(json, self, row);
        json_origin(json, self, row);
    }
    json_close(json, '}');
}

static void json_claims(json_output *json, const claims *self)
{
    districts_json_zones(json, self->zones);
    districts_json_header(json, self->result);
    json_text(json, "condition", self->condition);
    json_text(json, "left_out", self->left_out);
    json_open(json, "claims", '[');
    json_row(json, self, self->table.rows - 1);
    for (uint32_t row = 0; row + DISTRICTS_SPECIAL_ROWS < self->table.rows; row++) {
        json_row(json, self, row);
    }
    json_close(json, ']');
}

static void write_json(const claims *said, const claims_checked *checked, FILE *out)
{
    json_output json;
    json_init(&json, out);
    json_open(&json, NULL, '{');
    json_text(&json, "format", "uxosim-claims");
    json_raw(&json, "format_version", "1");
    if (said != NULL) {
        json_claims(&json, said);
    }
    if (checked != NULL) {
        claims_check_json(checked, &json);
    }
    json_close(&json, '}');
}

static uxo_status write_all(const arguments *self, const claims *said, const claims_checked *checked,
                            uxo_report *report)
{
    tool_output output;
    UXO_TRY(tool_output_open(&output, self->output, report));
    if (self->json) {
        write_json(said, checked, output.stream);
        return tool_output_close(&output, report);
    }
    if (said != NULL) {
        print_claims(said, output.stream);
    }
    if (checked != NULL) {
        fputs(said != NULL ? "\n" : "", output.stream);
        claims_check_print(checked, output.stream);
    }
    return tool_output_close(&output, report);
}

static uxo_status run(const arguments *self, uxo_report *report)
{
    claims_checked checked;
    claims said;
    uxo_result *result = NULL;
    if (self->check != NULL) {
        UXO_TRY(claims_check_parse(self->check, &checked.claim, report));
        UXO_TRY(uxo_claim_check(&checked.claim, &checked.fixed, &checked.spread, report));
    }
    const claims_checked *const check = self->check != NULL ? &checked : NULL;
    if (self->result == NULL) {
        return write_all(self, NULL, check, report);
    }
    UXO_TRY(tool_output_apart(self->output, self->result, report));
    UXO_TRY(uxo_result_open(&result, self->result, report));
    uxo_status status = claims_read(&said, result, self->zones, report);
    if (status == UXO_OK) {
        status = write_all(self, &said, check, report);
        claims_free(&said);
    }
    uxo_result_close(result);
    return status;
}

int cmd_claims(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"check", 'c', "CLAIM", 0,
         "is a published number consistent? CLAIM: 'carriers=45 submunitions=650 rate=0.05 concentration=20 "
         "duds=1700', submunitions being those in each carrier; concentration (of failure rates about their mean) and "
         "strikes (so many rates; default: each carrier its own) may be left out",
         0},
        {"format", 'f', "FORMAT", 0, "text (default) or json", 0},
        {"output", 'o', "FILE", 0, "write to FILE instead of standard output", 0},
        {"zones", 'z', "SET", 0, "of a set of zones (layers.zones) instead of the districts", 0},
        {0}};
    static const struct argp argp = {
        options,
        parse,
        "OUT.nc\n--check CLAIM [OUT.nc]",
        "Sentences for reports: how many duds the total and each district may hold, on which conditions, who lives "
        "there, "
        "what the interval hangs on most. Every sentence can stand alone."
        "\vUndated strikes are refused. There is no headline where most duds come from strikes that are only alleged. "
        "Modelled figures are never minima: whoever counted may write 'at least', a model may not.",
        NULL,
        NULL,
        NULL};
    arguments self = {NULL, NULL, NULL, NULL, false};
    uxo_report report;
    argp_parse(&argp, argc, argv, 0, NULL, &self);
    uxo_report_init(&report);
    return tool_finish(run(&self, &report), &report);
}
