/* strikes_row.h - a row while it is being read. Private to sim/scenario/strikes_rows.c and strikes_place.c. */
#ifndef UXOSIM_STRIKES_ROW_H
#define UXOSIM_STRIKES_ROW_H

#include "strikes_private.h"

typedef struct row_context {
    strikes_reader *reader;
    const strikes_row *row;
    strikes_report *out;
} row_context;

#define COMPLAIN(self, column, ...)                                                       \
    do {                                                                                  \
        const uxo_place place_ = strikes_cell_place((self)->reader, (self)->row, column); \
        uxo_report_add((self)->reader->report, UXO_ERROR, &place_, __VA_ARGS__);          \
    } while (0)

/* A number from a cell that has a text. False after a complaint, which says what is allowed. */
bool strikes_read_number(row_context *self, strikes_column column, double minimum, double maximum, const char *allowed,
                         double *value);

/* Where the report is: longitude and latitude or grid coordinates, and true north there. */
void strikes_read_place(row_context *self);

#endif
