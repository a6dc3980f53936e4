/* compare_output.c - a comparison of two results for people, spreadsheets and programs. Not here: the numbers (sim/result/compare*.c). */
#include "compare_output.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "districts.h"
#include "json_output.h"
#include "text_output.h"
#include "uxosim/number_text.h"

/* Of fewer the error is itself so uncertain that it has to be said. ASSUMED: 20 tell it to a sixth. */
static const double FEW_REALISATIONS = 20.0;

static const char *text_or(const char *text, const char *other)
{
    return text != NULL ? text : other;
}

static const uxo_compare_column *column_of(const uxo_compare *self, const char *name)
{
    for (size_t i = 0; i < self->columns; i++) {
        if (strcmp(self->column[i].name, name) == 0) {
            return &self->column[i];
        }
    }
    return NULL;
}

/* "-120 (-150 to -90)"; what is less than half of a tenth is 0, not "-0". */
static void difference_text(const uxo_compare_column *column, uint32_t row, double half90, char *text)
{
    const double half = half90 * column->error[row];
    text_interval(text, column->difference[row], column->difference[row] - half, column->difference[row] + half);
}

/* Districts by one quantity. */
static void print_column(const uxo_compare *self, const uxo_compare_column *column, const char *words, FILE *out)
{
    text_table table;
    static const char *const head[] = {"District", "A", "B", "B - A", "", "error"};
    static const char *const unit[] = {"", "mean", "mean", "(90 % interval)", "", "if unpaired"};
    const double half90 = uxo_compare_half(self, 0.9), half99 = uxo_compare_half(self, 0.99);
    text_table_init(&table, 6);
    if (!table.failed) {
        table.left[0] = true;
        text_table_add(&table, head);
        text_table_add(&table, unit);
        text_table_add(&table, NULL);
    }
    for (uint32_t i = 0; i < self->rows && !table.failed; i++) {
        char number[2][TEXT_NUMBER_SIZE], interval[TEXT_INTERVAL_SIZE], ratio[32] = "-";
        difference_text(column, i, half90, interval);
        if (column->paired && column->error[i] > 0.0) {
            snprintf(ratio, sizeof ratio, "x %.1f", column->unpaired[i] / column->error[i]);
        }
        const char *const cell[] = {self->name[i],
                                    text_about(number[0], column->first[i]),
                                    text_about(number[1], column->second[i]),
                                    interval,
                                    fabs(column->difference[i]) > half99 * column->error[i] ? "*" : "",
                                    ratio};
        text_table_add(&table, cell);
    }
    fprintf(out, "%s\n\n", words);
    text_table_print(&table, out);
    fprintf(out, "* more than %.1f standard errors from none (once in 100 rows by chance)\n\n", half99);
    text_table_free(&table);
}

static void print_ranks(const uxo_compare *self, const uxo_compare_ranks *ranks, FILE *out)
{
    text_table table;
    static const char *const head[] = {"District", "A", "B", "change", "90 % interval", "sure"};
    text_table_init(&table, 6);
    if (!table.failed) {
        table.left[0] = true;
        text_table_add(&table, head);
        text_table_add(&table, NULL);
    }
    for (uint32_t i = 0; i + 3 < self->rows && !table.failed; i++) {
        char number[3][TEXT_NUMBER_SIZE] = {"-", "-", "-"}, interval[64] = "-", sure[32] = "-";
        const double change = ranks->second[i] - ranks->first[i];
        if (!isnan(change)) {
            snprintf(number[2], sizeof number[2], "%+.0f", change);
        }
        if (!isnan(ranks->confidence[i])) {
            snprintf(interval, sizeof interval, "%+.0f to %+.0f", ranks->low[i], ranks->high[i]);
            snprintf(sure, sizeof sure, "%.0f %%", 100.0 * ranks->confidence[i]);
        }
        const char *const cell[] = {self->name[i],
                                    text_about(number[0], ranks->first[i]),
                                    text_about(number[1], ranks->second[i]),
                                    number[2],
                                    interval,
                                    sure};
        text_table_add(&table, cell);
    }
    fprintf(out, "Ranks by %s, 1 = most\n\n", ranks->sentence);
    text_table_print(&table, out);
    fputc('\n', out);
    text_table_free(&table);
}

static void print_values(const uxo_compare *self, FILE *out)
{
    fputs("What differs in the scenarios\n\n", out);
    if (self->values == 0) {
        fputs("  nothing that the files tell\n\n", out);
        return;
    }
    for (size_t i = 0; i < self->values; i++) {
        char *const key = text_for_line(self->value[i].key);
        char *const first = text_for_line(text_or(self->value[i].first, "(not there)"));
        char *const second = text_for_line(text_or(self->value[i].second, "(not there)"));
        if (key != NULL && first != NULL && second != NULL) {
            fprintf(out, "  %s\n    A: %.300s\n    B: %.300s\n", key, first, second);
        }
        free(key);
        free(first);
        free(second);
    }
    fputc('\n', out);
}

static void print_people(const uxo_compare *self, uxo_result *first, uxo_result *second, FILE *out)
{
    static const struct {
        const char *name, *words;
    } shown[] = {{"duds_mean", "Expected duds"},
                 {"accidents_year1_mean", "Expected accidents in the first year"},
                 {"affected_ha_mean", "Expected affected area [ha]"}};
    char *const title[2] = {text_for_line(text_or(uxo_result_text(first, "/", "title"), "")),
                            text_for_line(text_or(uxo_result_text(second, "/", "title"), ""))};
    fprintf(out, "A: %s\nB: %s\n\n", text_or(title[0], ""), text_or(title[1], ""));
    text_wrap(self->pairing, 0, out);
    if (self->degrees + 1.0 < FEW_REALISATIONS) {
        char text[160];
        snprintf(text, sizeof text, "FEW REALISATIONS: about %.0f tell the errors, which are uncertain themselves.",
                 self->degrees + 1.0);
        text_wrap(self->degrees > 0.0 ? text : "ONE REALISATION: there are no errors.", 0, out);
    }
    fputc('\n', out);
    for (size_t k = 0; k < sizeof shown / sizeof *shown; k++) {
        const uxo_compare_column *const column = column_of(self, shown[k].name);
        if (column != NULL) {
            print_column(self, column, shown[k].words, out);
        }
    }
    for (size_t k = 0; k < self->rankings; k++) {
        print_ranks(self, &self->ranking[k], out);
    }
    print_values(self, out);
    text_wrap("Intervals are those of sampling alone. `sure`: share of bootstrap samples in which the rank changes in "
              "the same direction. All "
              "columns are in the csv and json.",
              0, out);
    text_wrap(UXO_SENTENCE, 0, out);
    free(title[0]);
    free(title[1]);
}

static void write_numbers(const double *value, size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++) {
        char number[UXO_NUMBER_SIZE];
        fprintf(out, ",%s", isnan(value[i]) ? "" : uxo_number_text(number, value[i]));
    }
}

/* One line for each district and quantity; ranks have their interval and confidence in columns of their own. */
static void write_csv(const uxo_compare *self, FILE *out)
{
    fputs(
        "district,quantity,first,second,difference,difference_se,unpaired_se,paired,change_p05,change_p95,confidence\n",
        out);
    for (uint32_t i = 0; i < self->rows; i++) {
        for (size_t k = 0; k < self->columns; k++) {
            const uxo_compare_column *const c = &self->column[k];
            const double number[] = {c->first[i], c->second[i], c->difference[i], c->error[i], c->unpaired[i]};
            districts_write_csv_text(self->name[i], out);
            fprintf(out, ",%s", c->name);
            write_numbers(number, sizeof number / sizeof *number, out);
            fprintf(out, ",%d,,,\n", c->paired ? 1 : 0);
        }
        for (size_t k = 0; i + 3 < self->rows && k < self->rankings; k++) {
            const uxo_compare_ranks *const r = &self->ranking[k];
            const double number[] = {r->first[i], r->second[i], r->second[i] - r->first[i]};
            const double sure[] = {r->low[i], r->high[i], r->confidence[i]};
            districts_write_csv_text(self->name[i], out);
            fprintf(out, ",rank_%s", r->name);
            write_numbers(number, sizeof number / sizeof *number, out);
            fprintf(out, ",,,%d", self->paired ? 1 : 0);
            write_numbers(sure, sizeof sure / sizeof *sure, out);
            fputc('\n', out);
        }
    }
}

static void write_json_row(const uxo_compare *self, uint32_t i, json_output *json)
{
    json_open(json, NULL, '{');
    json_text(json, "district", self->name[i]);
    for (size_t k = 0; k < self->columns; k++) {
        const uxo_compare_column *const c = &self->column[k];
        json_open_inline(json, c->name, '{');
        json_number(json, "first", c->first[i]);
        json_number(json, "second", c->second[i]);
        json_number(json, "difference", c->difference[i]);
        json_number(json, "difference_se", c->error[i]);
        json_number(json, "unpaired_se", c->unpaired[i]);
        json_raw(json, "paired", c->paired ? "true" : "false");
        json_close(json, '}');
    }
    for (size_t k = 0; i + 3 < self->rows && k < self->rankings; k++) {
        const uxo_compare_ranks *const r = &self->ranking[k];
        char name[64];
        snprintf(name, sizeof name, "rank_%s", r->name);
        json_open_inline(json, name, '{');
        json_number(json, "first", r->first[i]);
        json_number(json, "second", r->second[i]);
        json_number(json, "change", r->second[i] - r->first[i]);
        json_number(json, "change_p05", r->low[i]);
        json_number(json, "change_p95", r->high[i]);
        json_number(json, "confidence", r->confidence[i]);
        json_close(json, '}');
    }
    json_close(json, '}');
}

static void json_text_or_null(json_output *json, const char *key, const char *text)
{
    if (text != NULL) {
        json_text(json, key, text);
    } else {
        json_raw(json, key, "null");
    }
}

static void write_json(const uxo_compare *self, uxo_result *first, uxo_result *second, FILE *out)
{
    json_output json;
    json_init(&json, out);
    json_open(&json, NULL, '{');
    json_text(&json, "note", UXO_SENTENCE);
    json_text_or_null(&json, "first", uxo_result_text(first, "/", "title"));
    json_text_or_null(&json, "second", uxo_result_text(second, "/", "title"));
    json_raw(&json, "paired", self->paired ? "true" : "false");
    json_text(&json, "pairing", self->pairing);
    json_number(&json, "degrees_of_freedom", self->degrees);
    json_open(&json, "scenario_differences", '[');
    for (size_t i = 0; i < self->values; i++) {
        json_open_inline(&json, NULL, '{');
        json_text(&json, "key", self->value[i].key);
        json_text_or_null(&json, "first", self->value[i].first);
        json_text_or_null(&json, "second", self->value[i].second);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_open(&json, "districts", '[');
    for (uint32_t i = 0; i < self->rows; i++) {
        write_json_row(self, i, &json);
    }
    json_close(&json, ']');
    json_close(&json, '}');
    fputc('\n', out);
}

void compare_write(const uxo_compare *self, uxo_result *first, uxo_result *second, compare_format format, FILE *out)
{
    if (format == COMPARE_CSV) {
        write_csv(self, out);
    } else if (format == COMPARE_JSON) {
        write_json(self, first, second, out);
    } else {
        print_people(self, first, second, out);
    }
}
