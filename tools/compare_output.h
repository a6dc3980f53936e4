/* compare_output.h - a comparison of two results as table, CSV or JSON. */
#ifndef UXOSIM_TOOLS_COMPARE_OUTPUT_H
#define UXOSIM_TOOLS_COMPARE_OUTPUT_H

#include <stdio.h>

#include "uxosim/compare.h"

typedef enum compare_format { COMPARE_TABLE, COMPARE_CSV, COMPARE_JSON, COMPARE_FORMATS } compare_format;

void compare_write(const uxo_compare *self, uxo_result *first, uxo_result *second, compare_format format, FILE *out);

#endif
