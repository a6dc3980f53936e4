/* json_output.h - a small JSON writer: commas and indentation by itself, texts always valid UTF-8. */
#ifndef UXOSIM_TOOLS_JSON_OUTPUT_H
#define UXOSIM_TOOLS_JSON_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

enum { JSON_DEPTH = 16 };

typedef struct json_output {
    FILE *out;
    int depth;
    bool inline_from; /* containers from here on stand in one line */
    int inline_depth;
    bool any[JSON_DEPTH]; /* something was written at this depth */
} json_output;

void json_init(json_output *self, FILE *out);
/* `key` NULL inside an array or at the top. */
void json_open(json_output *self, const char *key, char bracket);
/* The same, with everything inside in one line. */
void json_open_inline(json_output *self, const char *key, char bracket);
void json_close(json_output *self, char bracket);
void json_text(json_output *self, const char *key, const char *text);
/* Shortest text that reads back; NaN and infinities are null. */
void json_number(json_output *self, const char *key, double value);
/* Text that is JSON already. */
void json_raw(json_output *self, const char *key, const char *json);

#endif
