/* districts_intact.c - the note on carriers that did not open, below the table of districts. */
#include <stdlib.h>

#include "districts.h"
#include "text_output.h"

/* The row after `last` in descending order of values, ties as in the table; the total's row where there is none left. */
static uint32_t next_row(const double *values, uint32_t total, uint32_t last)
{
    uint32_t next = total;
    for (uint32_t row = 0; row < total; row++) {
        const bool left = last == total || values[row] < values[last] || (!(values[row] > values[last]) && row > last);
        if (left && values[row] > 0.0 && (next == total || values[row] > values[next])) {
            next = row;
        }
    }
    return next;
}

static void write_note(const uxo_district_table *table, FILE *note)
{
    enum { MOST_NAMED = 5 };
    const double *const carriers = table->value[UXO_COLUMN_INTACT_CARRIERS];
    const uint32_t total = table->rows - 1;
    char number[TEXT_NUMBER_SIZE], load[TEXT_NUMBER_SIZE];
    fprintf(note,
            "Carriers that did not open lie whole and are not among the duds: %s expected, with %s submunitions, by "
            "where they would have opened",
            text_about(number, carriers[total]), text_about(load, table->value[UXO_COLUMN_INTACT_SUBMUNITIONS][total]));
    uint32_t row = total;
    for (int named = 0; named < MOST_NAMED && (row = next_row(carriers, total, row)) != total; named++) {
        char *const name = text_for_line(table->name[row]);
        fprintf(note, "%s %s %s", named == 0 ? ":" : ",", name != NULL ? name : "", text_about(number, carriers[row]));
        free(name);
    }
    fputs(row != total && next_row(carriers, total, row) != total ? " ..." : ".", note);
}

void districts_print_intact(const uxo_district_table *table, FILE *out)
{
    char *text = NULL;
    size_t size = 0;
    if (!(table->value[UXO_COLUMN_INTACT_CARRIERS][table->rows - 1] > 0.0)) {
        return;
    }
    FILE *const note = open_memstream(&text, &size);
    if (note == NULL) {
        return;
    }
    write_note(table, note);
    if (fclose(note) == 0 && text != NULL) {
        text_wrap(text, 0, out);
    }
    free(text);
}
