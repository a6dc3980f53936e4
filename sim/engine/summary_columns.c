/* summary_columns.c - the columns of the tables of districts and of zones, and memory for a table. Not here: its numbers (summary.c). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "uxosim/summary.h"

const uxo_column_info *uxo_column(uxo_district_column column)
{
    static const uxo_column_info columns[] = {
#define X(id, name, unit, sentence) {name, unit, sentence},
        UXO_DISTRICT_COLUMNS(X) UXO_DISTRICT_FILE_COLUMNS(X)
#undef X
    };
    return &columns[column];
}

int uxo_column_find(const char *name)
{
    for (int i = 0; i < UXO_COLUMN_CSV_COUNT; i++) {
        if (strcmp(uxo_column((uxo_district_column)i)->name, name) == 0) {
            return i;
        }
    }
    return -1;
}

void uxo_column_sentence(uxo_district_column column, const char *noun, char *text, size_t size)
{
    static const char word[] = "district";
    const char *from = uxo_column(column)->sentence;
    size_t used = 0;
    for (const char *at; (at = strstr(from, word)) != NULL && used < size; from = at + strlen(word)) {
        used += (size_t)snprintf(text + used, size - used, "%.*s%s", (int)(at - from), from, noun);
    }
    if (used < size) {
        snprintf(text + used, size - used, "%s", from);
    }
}

uxo_status uxo_district_table_init(uxo_district_table *self, uint32_t districts, uxo_report *report)
{
    memset(self, 0, sizeof *self);
    self->rows = districts + 3;
    self->name = calloc(self->rows, sizeof *self->name);
    bool complete = self->name != NULL;
    for (int c = 0; c < UXO_COLUMN_COUNT; c++) {
        self->value[c] = malloc(self->rows * sizeof *self->value[c]);
        complete = complete && self->value[c] != NULL;
        for (uint32_t row = 0; self->value[c] != NULL && row < self->rows; row++) {
            self->value[c][row] = NAN;
        }
    }
    return complete ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %u districts", districts);
}

void uxo_district_table_free(uxo_district_table *self)
{
    for (uint32_t row = 0; self->name != NULL && row < self->rows; row++) {
        free(self->name[row]);
    }
    for (uint32_t row = 0; self->status != NULL && row < self->rows; row++) {
        free(self->status[row]);
    }
    free(self->name);
    free(self->status);
    for (int c = 0; c < UXO_COLUMN_COUNT; c++) {
        free(self->value[c]);
    }
    memset(self, 0, sizeof *self);
}

bool uxo_district_table_has(const uxo_district_table *self, uxo_district_column column)
{
    for (uint32_t row = 0; row < self->rows; row++) {
        if (!isnan(self->value[column][row])) {
            return true;
        }
    }
    return false;
}
