/* districts_table.c - order of the districts, the table for people, CSV. Not here: JSON and geodata. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "districts.h"
#include "text_output.h"
#include "uxosim/number_text.h"

const char *districts_noun(const uxo_district_table *table)
{
    return table->status != NULL ? "zone" : "district";
}

const char *districts_row_kind(const uxo_district_table *table, uint32_t row)
{
    static const char *const special[2][DISTRICTS_SPECIAL_ROWS] = {
        {"outside_every_district", "outside_the_grid", "total"}, {"outside_every_zone", "outside_the_grid", "total"}};
    const uint32_t districts = table->rows - DISTRICTS_SPECIAL_ROWS;
    return row < districts ? districts_noun(table) : special[table->status != NULL][row - districts];
}

typedef struct sort_key {
    const char *name;
    double value; /* ascending */
    uint32_t row;
} sort_key;

static int compare_keys(const void *left, const void *right)
{
    const sort_key *const a = left;
    const sort_key *const b = right;
    const int by_name = a->name != NULL ? strcmp(a->name, b->name) : 0;
    if (by_name != 0) {
        return by_name;
    }
    if (isnan(a->value) != isnan(b->value)) {
        return isnan(a->value) ? 1 : -1;
    }
    if (a->value < b->value || a->value > b->value) {
        return a->value < b->value ? -1 : 1;
    }
    return a->row < b->row ? -1 : a->row > b->row;
}

static uxo_status unknown_key(const uxo_district_table *table, const char *key, uxo_report *report)
{
    char list[2048];
    snprintf(list, sizeof list, "%s", districts_noun(table));
    for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_CSV_COUNT; column++) {
        const size_t length = strlen(list);
        snprintf(list + length, sizeof list - length, ", %s", uxo_column(column)->name);
    }
    return uxo_fail(report, UXO_ERR_USAGE, NULL, "cannot sort by '%s'; keys are: %s", key, list);
}

uxo_status districts_order(const uxo_district_table *table, const char *key, uint32_t **order, uxo_report *report)
{
    const uint32_t count = table->rows - DISTRICTS_SPECIAL_ROWS;
    const bool by_name = key != NULL && strcmp(key, districts_noun(table)) == 0;
    const int column = key != NULL && !by_name ? uxo_column_find(key) : -1;
    *order = NULL;
    if (key != NULL && !by_name && column < 0) {
        return unknown_key(table, key, report);
    }
    sort_key *const keys = calloc((size_t)count + 1, sizeof *keys);
    *order = calloc((size_t)count + 1, sizeof **order);
    if (keys == NULL || *order == NULL) {
        free(keys);
        free(*order);
        *order = NULL;
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    const double sign = column >= 0 && strncmp(key, "rank_", 5) == 0 ? 1.0 : -1.0;
    for (uint32_t i = 0; i < count; i++) {
        keys[i] = (sort_key){by_name ? table->name[i] : NULL, column >= 0 ? sign * table->value[column][i] : 0.0, i};
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    for (uint32_t i = 0; i < count; i++) {
        (*order)[i] = keys[i].row;
    }
    free(keys);
    return UXO_OK;
}

static uint32_t row_at(const uxo_district_table *table, const uint32_t *order, uint32_t place)
{
    return order != NULL && place + DISTRICTS_SPECIAL_ROWS < table->rows ? order[place] : place;
}

/* A column for people: one number, with its interval where `lower` is another column. */
typedef struct people_column {
    const char *head, *unit;
    uxo_district_column column, lower, upper;
} people_column;

#define ALONE(id) UXO_COLUMN_##id, UXO_COLUMN_##id, UXO_COLUMN_##id
#define WITH_INTERVAL(id) UXO_COLUMN_##id##_MEAN, UXO_COLUMN_##id##_P05, UXO_COLUMN_##id##_P95
static const people_column PEOPLE_COLUMNS[] = {
    {"Area", "ha", ALONE(AREA_HA)},
    {"People", "", ALONE(POPULATION)},
    {"Duds", "about (90 % interval)", WITH_INTERVAL(DUDS)},
    {"Duds", "per ha", ALONE(DUDS_PER_HA)},
    {"Affected", "ha", ALONE(AFFECTED_HA_MEAN)},
    {"People", "affected", ALONE(PEOPLE_AFFECTED_MEAN)},
    {"Accidents, first year", "about (90 % interval)", WITH_INTERVAL(ACCIDENTS)},
};
enum { PEOPLE_COUNT = sizeof PEOPLE_COLUMNS / sizeof *PEOPLE_COLUMNS, PEOPLE_TEXT = TEXT_INTERVAL_SIZE };

static void people_text(const uxo_district_table *table, const people_column *column, uint32_t row,
                        char text[PEOPLE_TEXT])
{
    const double value = table->value[column->column][row];
    if (column->column != column->lower && !isnan(value)) {
        text_interval(text, value, table->value[column->lower][row], table->value[column->upper][row]);
    } else {
        text_about(text, value);
    }
}

static void add_people_row(text_table *text, const uxo_district_table *table, uint32_t row)
{
    char buffer[PEOPLE_COUNT][PEOPLE_TEXT];
    const char *cells[PEOPLE_COUNT + 2] = {table->name[row]};
    size_t count = 1;
    if (table->status != NULL) {
        cells[count++] = table->status[row];
    }
    for (size_t i = 0; i < PEOPLE_COUNT; i++) {
        if (uxo_district_table_has(table, PEOPLE_COLUMNS[i].column)) {
            people_text(table, &PEOPLE_COLUMNS[i], row, buffer[i]);
            cells[count++] = buffer[i];
        }
    }
    text_table_add(text, cells);
}

static void add_heads(text_table *text, const uxo_district_table *table)
{
    const char *head[PEOPLE_COUNT + 2] = {table->status != NULL ? "Zone" : "District"};
    const char *unit[PEOPLE_COUNT + 2] = {""};
    size_t count = 1;
    if (table->status != NULL) {
        head[count] = "Status";
        unit[count++] = "";
    }
    for (size_t i = 0; i < PEOPLE_COUNT; i++) {
        if (uxo_district_table_has(table, PEOPLE_COLUMNS[i].column)) {
            head[count] = PEOPLE_COLUMNS[i].head;
            unit[count++] = PEOPLE_COLUMNS[i].unit;
        }
    }
    text_table_add(text, head);
    text_table_add(text, unit);
    text_table_add(text, NULL);
}

void districts_print_table(const uxo_district_table *table, const uint32_t *order, const char *title,
                           double realisations, FILE *out)
{
    text_table text;
    size_t columns = table->status != NULL ? 2 : 1;
    for (size_t i = 0; i < PEOPLE_COUNT; i++) {
        columns += uxo_district_table_has(table, PEOPLE_COLUMNS[i].column);
    }
    text_table_init(&text, columns);
    if (!text.failed) {
        text.left[0] = true;
        if (table->status != NULL) {
            text.left[1] = true;
        }
        add_heads(&text, table);
        for (uint32_t i = 0; i < table->rows; i++) {
            if (i + DISTRICTS_SPECIAL_ROWS == table->rows && i > 0) {
                text_table_add(&text, NULL);
            }
            add_people_row(&text, table, row_at(table, order, i));
        }
    }
    if (title[0] != '\0') {
        char *const line = text_for_line(title);
        fprintf(out, "%s\n\n", line != NULL ? line : "");
        free(line);
    }
    text_table_print(&text, out);
    text_table_free(&text);
    fprintf(out,
            "\nExpected duds remaining from the listed strikes, means and 5-95 %% intervals over %.0f realisations,\n"
            "to two figures (exact: --format csv). %s\n",
            realisations,
            table->status == NULL
                ? "Rows add up to the total; intervals do not."
                : "Zones may overlap: rows do not add up to the total, which is that of the districts.\n"
                  "A cell counts by the share of its area.");
    districts_print_intact(table, out);
    text_wrap(UXO_SENTENCE, 0, out);
}

void districts_write_csv_text(const char *text, FILE *out)
{
    if (text[strcspn(text, ",\"\r\n")] == '\0' && text[0] != ' ' && text[0] != '\0') {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++) {
        fputs(*text == '"' ? "\"" : "", out);
        fputc(*text, out);
    }
    fputc('"', out);
}

/* RFC 4180 with line feeds; every column of the contract, empty where it was not computed. */
void districts_write_csv(const uxo_district_table *table, const uint32_t *order, FILE *out)
{
    fprintf(out, "%s%s", districts_noun(table), table->status != NULL ? ",status" : "");
    for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_CSV_COUNT; column++) {
        fprintf(out, ",%s", uxo_column(column)->name);
    }
    fputc('\n', out);
    for (uint32_t i = 0; i < table->rows; i++) {
        const uint32_t row = row_at(table, order, i);
        districts_write_csv_text(table->name[row], out);
        if (table->status != NULL) {
            fputc(',', out);
            districts_write_csv_text(table->status[row], out);
        }
        for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_CSV_COUNT; column++) {
            char number[UXO_NUMBER_SIZE];
            fprintf(out, ",%s", uxo_number_text(number, table->value[column][row]));
        }
        fputc('\n', out);
    }
}
