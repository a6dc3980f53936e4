/* sweep_csv.h - fields of a comma-separated table, RFC 4180. */
#ifndef UXOSIM_TOOLS_SWEEP_CSV_H
#define UXOSIM_TOOLS_SWEEP_CSV_H

#include <stdio.h>

/* A text, quoted where it has to be; a comma before it unless it is the first of its line. */
void sweep_csv_text(FILE *out, const char *text, int first);
/* A number that reads back; NaN: empty. Never the first. */
void sweep_csv_number(FILE *out, double value);

#endif
