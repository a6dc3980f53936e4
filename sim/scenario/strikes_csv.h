/* strikes_csv.h - a CSV text as records of cells, each of which knows where it stands. RFC 4180, with commas,
 * semicolons or tabs.
 *
 * Private to sim/scenario/strikes*.c. Not here: what the columns mean.
 */
#ifndef UXOSIM_STRIKES_CSV_H
#define UXOSIM_STRIKES_CSV_H

#include "uxosim/error.h"

typedef struct csv_cell {
    const char *text;  /* unquoted, trimmed, zero-terminated; until the next record */
    size_t line_start; /* offset of its line in the text */
    uint32_t line, column, width;
} csv_cell;

typedef struct csv_reader {
    const char *file; /* for messages */
    const char *text;
    size_t length;
    size_t at;
    size_t line_start;
    uint32_t line;
    char separator;
    uxo_report *report;
    csv_cell *cell;
    size_t cell_count, cell_capacity;
    char *scratch;
    size_t used, capacity;
    char *excerpt; /* of the last place */
    bool out_of_memory;
} csv_reader;

/* Takes a text that outlives the reader; skips a byte order mark; refuses what is not UTF-8; finds the separator. */
UXO_MUST_USE uxo_status csv_init(csv_reader *self, const char *file, const char *text, size_t length,
                                 uxo_report *report);
void csv_free(csv_reader *self);

typedef enum csv_result { CSV_RECORD, CSV_END, CSV_BAD } csv_result;

/* Next record that is not blank. CSV_BAD: it was reported, what follows can still be read (unless memory ran out). */
csv_result csv_next(csv_reader *self);

/* Place of a cell with its line as the excerpt; valid until the next call. */
uxo_place csv_place(csv_reader *self, size_t line_start, uint32_t line, uint32_t column, uint32_t width);

#endif
