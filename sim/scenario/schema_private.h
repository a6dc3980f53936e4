/* schema_private.h - what the parts of the schema and of the distribution reader share. Not for other modules. */
#ifndef UXOSIM_SCHEMA_PRIVATE_H
#define UXOSIM_SCHEMA_PRIVATE_H

#include "uxosim/schema.h"

/* Bounds against slips of the pen, not physics: ASSUMED. */
#define UXO_SCHEMA_MAX_LENGTH_M 100000.0
#define UXO_SCHEMA_ANY_LEVEL "campaign|strike|carrier"
#define UXO_SCHEMA_STRIKE_LEVELS "campaign|strike"
#define UXO_SCHEMA_LATER "its model comes with a later version of uxosim; this version would ignore it, so leave it out"

enum { UXO_SCHEMA_TEXT = 256 };

/* Rows of one part of a document, in the order of the reference. */
typedef struct uxo_schema_part {
    const uxo_key_row *row;
    size_t count;
} uxo_schema_part;

extern const uxo_schema_part uxo_schema_run, uxo_schema_layers, uxo_schema_strikes, uxo_schema_campaign,
    uxo_schema_background, uxo_schema_risk, uxo_schema_output;
extern const uxo_schema_part uxo_schema_catalogue, uxo_schema_sweep;

/* Length of the number at the start of a text: [+-]digits[.digits][e[+-]digits]; 0 for none. */
size_t uxo_schema_number_length(const char *text);

/* What a row allows, in words: "a number greater than 0, at most 10000 m". */
void uxo_schema_describe(const uxo_key_row *row, char *text, size_t size);

/* The bounds of a row: "greater than 0, at most 10000 m". */
void uxo_schema_bounds(const uxo_key_row *row, char *text, size_t size);

/* How many numbers the list of a NUMBERS row holds; false: any number of them. */
bool uxo_schema_list_length(const uxo_key_row *row, uint32_t *least, uint32_t *most);

/* A scalar node as a number within the bounds of the row (integer rows: whole). Complains and returns false otherwise.
 */
bool uxo_schema_read_number(const uxo_node *node, const uxo_key_row *row, double *value, uxo_report *report);

/* Is the value within the bounds of the row? Complains at `node` otherwise. */
bool uxo_schema_in_bounds(const uxo_node *node, const uxo_key_row *row, double value, uxo_report *report);

/* A scalar of any of the simple types; complains about what is wrong with it. */
void uxo_schema_check_scalar(const uxo_node *node, const uxo_key_row *row, uxo_report *report);

/* Name of the last part of a path; the parent's path is what comes before it. */
const char *uxo_schema_last(const char *path);
/* Is `path` a direct child of `parent` ("": the top)? */
bool uxo_schema_is_child(const char *path, const char *parent);
/* The level words of a quantity row as "campaign, strike or carrier" and the like; every list of words "a|b|c"
 * likewise. */
void uxo_schema_list_words(const char *words, char *text, size_t size);

/* Unknown word: adds the nearest of the words "a|b|c" where one is near. */
const char *uxo_schema_nearest_word(const char *word, const char *words, char *buffer, size_t size);

#endif
