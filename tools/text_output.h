/* text_output.h - text for people: aligned columns of any script, rounded numbers, wrapped sentences. */
#ifndef UXOSIM_TOOLS_TEXT_OUTPUT_H
#define UXOSIM_TOOLS_TEXT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Columns on a terminal that a UTF-8 text takes; bytes that are not UTF-8 count as one each. */
size_t text_width(const char *text);

/* A copy that can stand in one line of a terminal: control characters (escape sequences, newlines) become '?', bytes
 * that are not UTF-8 too, and a text with right-to-left letters ends in a left-to-right mark, so that numbers after it
 * stay in their column. To be freed. */
char *text_for_line(const char *text);

/* As snprintf; what does not fit is cut behind a whole character, and ends in an ellipsis. size: at least 4. */
void text_fit(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* "about": two significant figures, thousands with commas; whole numbers below 100 as they are. NaN: "-". */
enum { TEXT_NUMBER_SIZE = 40, TEXT_INTERVAL_SIZE = 3 * TEXT_NUMBER_SIZE + 16 };
const char *text_about(char text[TEXT_NUMBER_SIZE], double value);
/* "160 (40 to 350)", each of them about; without ends where one is NaN. */
const char *text_interval(char text[TEXT_INTERVAL_SIZE], double value, double low, double high);
/* To the nearest whole number, thousands with commas: for what was counted or claimed. */
const char *text_whole(char text[TEXT_NUMBER_SIZE], double value);

/* A table of columns that are as wide as they need to be. */
typedef struct text_table {
    size_t columns, rows, capacity;
    bool *left;  /* [columns] aligned to the left */
    char **cell; /* [rows][columns], owned; a row of NULLs is a rule */
    bool failed; /* out of memory: printing says so */
} text_table;

void text_table_init(text_table *self, size_t columns);
void text_table_free(text_table *self);
/* Adds a row; texts are copied and made fit for a line. NULL: a rule. */
void text_table_add(text_table *self, const char *const *texts);
void text_table_print(const text_table *self, FILE *out);

/* Prints a text wrapped at 78 columns, each line after `indent` spaces. */
void text_wrap(const char *text, size_t indent, FILE *out);

#endif
