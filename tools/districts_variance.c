/* districts_variance.c - where the spread of each district comes from, as tables, CSV or JSON. Not here: the numbers
 * (sim/engine/variance). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "districts.h"
#include "json_output.h"
#include "text_output.h"
#include "uxosim/number_text.h"

/* What is shared out: prefix of its datasets, and words for people. */
static const struct {
    const char *prefix, *words;
} QUANTITIES[] = {{"duds", "the number of duds"}, {"log_accidents", "the logarithm of expected accidents"}};
enum { QUANTITY_COUNT = sizeof QUANTITIES / sizeof *QUANTITIES, COLUMNS = 4 };
static const char *const SUFFIX[COLUMNS] = {"first_order", "first_order_se", "total", "total_se"};

/* /variance of one result; texts and numbers belong to the result. */
typedef struct shares {
    size_t groups, rows;
    const char *const *group;
    const char *const *row;
    const double *value[QUANTITY_COUNT][COLUMNS]; /* [groups][rows]; NULL: not in the file */
    const double *independent[3];                 /* [rows] sd, 5 % and 95 % quantile */
} shares;

static const double *numbers_of(uxo_result *result, const char *name, size_t wanted)
{
    char path[96];
    size_t count = 0;
    snprintf(path, sizeof path, "/variance/%s", name);
    const double *const values = uxo_result_numbers(result, path, &count);
    return count == wanted ? values : NULL;
}

static uxo_status read_shares(uxo_result *result, shares *self, uxo_report *report)
{
    static const char *const independent[3] = {"independent_duds_sd", "independent_duds_p05", "independent_duds_p95"};
    *self = (shares){0};
    self->group = uxo_result_strings(result, "/variance/group_name", &self->groups);
    self->row = uxo_result_strings(result, "/variance/row_name", &self->rows);
    bool complete = self->group != NULL && self->row != NULL;
    for (int q = 0; complete && q < QUANTITY_COUNT; q++) {
        for (int c = 0; c < COLUMNS; c++) {
            char name[64];
            snprintf(name, sizeof name, "%s_%s", QUANTITIES[q].prefix, SUFFIX[c]);
            self->value[q][c] = numbers_of(result, name, self->groups * self->rows);
        }
    }
    for (int i = 0; complete && i < 3; i++) {
        self->independent[i] = numbers_of(result, independent[i], self->rows);
        complete = self->independent[i] != NULL;
    }
    return complete && self->value[0][0] != NULL
               ? UXO_OK
               : uxo_fail(report, UXO_ERR_DATA, NULL,
                          "the file holds no shares of variance: the run was made without them "
                          "(output.variance_realisations)");
}

static bool has_quantity(const shares *self, int quantity)
{
    bool all = true;
    for (int c = 0; c < COLUMNS; c++) {
        all = all && self->value[quantity][c] != NULL;
    }
    return all;
}

/* A group that no row owes anything to is left out of the table for people. */
static bool matters(const shares *self, int quantity, size_t group)
{
    for (size_t row = 0; row < self->rows; row++) {
        if (self->value[quantity][2][group * self->rows + row] >= 0.0005) {
            return true;
        }
    }
    return false;
}

/* "59 +- 5 %": the first-order share. */
static void share_text(double share, double error, char *text, size_t size)
{
    if (isnan(share)) {
        snprintf(text, size, "-");
    } else {
        snprintf(text, size, "%.0f +- %.0f %%", fmax(0.0, 100.0 * share), fmax(1.0, 100.0 * error));
    }
}

static void print_quantity(const shares *self, int quantity, FILE *out)
{
    enum { MOST = 32, TEXT = 48 };
    text_table table;
    size_t column[MOST], columns = 0;
    for (size_t g = 0; g < self->groups && columns < MOST - 1; g++) {
        if (matters(self, quantity, g)) {
            column[columns++] = g;
        }
    }
    text_table_init(&table, columns + 1);
    const char *head[MOST] = {"District"};
    for (size_t i = 0; i < columns; i++) {
        head[i + 1] = self->group[column[i]];
    }
    if (!table.failed) {
        table.left[0] = true;
        text_table_add(&table, head);
        text_table_add(&table, NULL);
    }
    for (size_t row = 0; row < self->rows && !table.failed; row++) {
        char text[MOST][TEXT];
        const char *cell[MOST] = {self->row[row]};
        for (size_t i = 0; i < columns; i++) {
            const size_t at = column[i] * self->rows + row;
            share_text(self->value[quantity][0][at], self->value[quantity][1][at], text[i], TEXT);
            cell[i + 1] = text[i];
        }
        text_table_add(&table, cell);
    }
    fprintf(out, "Share of the variance of %s that would vanish if the group of draws were known\n\n",
            QUANTITIES[quantity].words);
    text_table_print(&table, out);
    text_table_free(&table);
    fputc('\n', out);
}

static void print_intervals(const shares *self, const uxo_district_table *districts, FILE *out)
{
    text_table table;
    static const char *const head[] = {"District", "Duds", "as if strikes were independent"};
    static const char *const unit[] = {"", "90 % interval", "90 % interval"};
    text_table_init(&table, 3);
    if (!table.failed) {
        table.left[0] = true;
        text_table_add(&table, head);
        text_table_add(&table, unit);
        text_table_add(&table, NULL);
    }
    for (size_t row = 0; row < self->rows && row < districts->rows && !table.failed; row++) {
        const double ends[4] = {districts->value[UXO_COLUMN_DUDS_P05][row], districts->value[UXO_COLUMN_DUDS_P95][row],
                                self->independent[1][row], self->independent[2][row]};
        char number[4][TEXT_NUMBER_SIZE], interval[2][2 * TEXT_NUMBER_SIZE + 8];
        for (int i = 0; i < 4; i++) {
            text_about(number[i], ends[i]);
        }
        snprintf(interval[0], sizeof interval[0], "%s to %s", number[0], number[1]);
        snprintf(interval[1], sizeof interval[1], "%s to %s", number[2], number[3]);
        const char *const cell[] = {self->row[row], interval[0], interval[1]};
        text_table_add(&table, cell);
    }
    text_table_print(&table, out);
    text_table_free(&table);
}

static void print_people(const shares *self, const uxo_district_table *districts, FILE *out)
{
    for (int q = 0; q < QUANTITY_COUNT; q++) {
        if (has_quantity(self, q)) {
            print_quantity(self, q, out);
        }
    }
    print_intervals(self, districts, out);
    fputc('\n', out);
    text_wrap("First-order shares with their standard errors; they add up to at most 100 %, and what is missing comes "
              "from groups acting "
              "together (the csv has total shares); \"-\": nothing varies there, or in too few realisations to tell. "
              "The last column shows what an assumption of independence would do: "
              "every strike "
              "draws its own mean failure rate, high and low cancel, and the interval is too narrow.",
              0, out);
    text_wrap(UXO_SENTENCE, 0, out);
}

static void write_csv(const shares *self, FILE *out)
{
    fputs("district,quantity,group,first_order,first_order_se,total,total_se\n", out);
    for (size_t row = 0; row < self->rows; row++) {
        for (int q = 0; q < QUANTITY_COUNT; q++) {
            for (size_t g = 0; has_quantity(self, q) && g < self->groups; g++) {
                districts_write_csv_text(self->row[row], out);
                fprintf(out, ",%s,%s", QUANTITIES[q].prefix, self->group[g]);
                for (int c = 0; c < COLUMNS; c++) {
                    char number[UXO_NUMBER_SIZE];
                    fprintf(out, ",%s", uxo_number_text(number, self->value[q][c][g * self->rows + row]));
                }
                fputc('\n', out);
            }
        }
    }
}

static void write_json(const shares *self, FILE *out)
{
    json_output json;
    json_init(&json, out);
    json_open(&json, NULL, '{');
    json_text(&json, "note", UXO_SENTENCE);
    json_open(&json, "districts", '[');
    for (size_t row = 0; row < self->rows; row++) {
        json_open(&json, NULL, '{');
        json_text(&json, "district", self->row[row]);
        for (int q = 0; q < QUANTITY_COUNT; q++) {
            if (!has_quantity(self, q)) {
                continue;
            }
            json_open(&json, QUANTITIES[q].prefix, '{');
            for (size_t g = 0; g < self->groups; g++) {
                json_open_inline(&json, self->group[g], '{');
                for (int c = 0; c < COLUMNS; c++) {
                    json_number(&json, SUFFIX[c], self->value[q][c][g * self->rows + row]);
                }
                json_close(&json, '}');
            }
            json_close(&json, '}');
        }
        json_number(&json, "independent_duds_sd", self->independent[0][row]);
        json_number(&json, "independent_duds_p05", self->independent[1][row]);
        json_number(&json, "independent_duds_p95", self->independent[2][row]);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    fputc('\n', out);
}

uxo_status districts_write_variance(uxo_result *result, const uxo_district_table *table, districts_format format,
                                    FILE *out, uxo_report *report)
{
    shares self;
    UXO_TRY(read_shares(result, &self, report));
    if (format == FORMAT_CSV) {
        write_csv(&self, out);
    } else if (format == FORMAT_JSON) {
        write_json(&self, out);
    } else {
        print_people(&self, table, out);
    }
    return UXO_OK;
}
