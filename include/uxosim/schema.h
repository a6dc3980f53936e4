/* schema.h - the one table of every key: type, unit, range, default, meaning.
 *
 * From it come the validation of a scenario, of a catalogue and of a sweep file, configs/reference.yaml, the JSON Schema for editors and
 * the key reference in docs/. Not here: reading values into structs (scenario, munitions, strikes).
 */
#ifndef UXOSIM_SCHEMA_H
#define UXOSIM_SCHEMA_H

#include <stdio.h>

#include "uxosim/quantity.h"
#include "uxosim/yaml.h"

typedef enum uxo_type {
    UXO_TYPE_SECTION, /* a mapping whose keys are rows of the table */
    UXO_TYPE_OPEN,    /* a mapping with keys of the user's choice; the row below it is named "*" */
    UXO_TYPE_STRING,
    UXO_TYPE_PATH, /* a file; relative to the file that names it (inputs: to data_dir) */
    UXO_TYPE_BOOL, /* true or false, nothing else */
    UXO_TYPE_INTEGER,
    UXO_TYPE_NUMBER,
    UXO_TYPE_DATE,     /* 2023-12-31 */
    UXO_TYPE_ENUM,     /* one of the words in `allowed`, separated by | */
    UXO_TYPE_NUMBERS,  /* a list of numbers; `allowed` may say how many: "4", "1 to 32" */
    UXO_TYPE_STRINGS,  /* a list of strings, or one of the words in `allowed` */
    UXO_TYPE_RATE,     /* quantity in [0, 1] */
    UXO_TYPE_POSITIVE, /* quantity > 0 (or >= 0, by `minimum`) with a unit */
    UXO_TYPE_REAL,     /* quantity that may be negative */
    UXO_TYPE_COUNT,    /* quantity: integer, at least 1 */
    UXO_TYPE_HEADING,  /* quantity in degrees, or the word unknown */
    UXO_TYPE_LOCATION, /* {r95_m: quantity} or {disc_m: quantity} */
    UXO_TYPE_MIXTURE,  /* a munition id, or weights by id, or {choice: weights} */
    UXO_TYPE_ANY       /* whatever its reader takes */
} uxo_type;

typedef enum uxo_document { UXO_DOCUMENT_SCENARIO, UXO_DOCUMENT_CATALOGUE, UXO_DOCUMENT_SWEEP } uxo_document;

typedef struct uxo_key_row {
    const char *path; /* "grid.cell_size_m"; "*": a key of the user's choice; items of a section come after it */
    uxo_type type;
    const char *unit; /* "m", "1", "" */
    double minimum, maximum;
    bool minimum_open; /* > instead of >= */
    bool maximum_open; /* < instead of <= */
    bool required;
    bool or_field;            /* quantities: the name of a field may stand instead, which holds it feature by feature */
    bool must_say_per;        /* a distribution must carry `per:` (failure rates) */
    uxo_per per_default;      /* quantities: the level of a distribution that does not say `per:` */
    const char *per_allowed;  /* quantities: "campaign|strike|carrier" */
    const char *allowed;      /* words or counts, see the types; of a SECTION: the key that a bare list stands for */
    const char *items;        /* STRINGS: the words that the list may hold, separated by |; NULL: any */
    const char *default_text; /* YAML text of the default; NULL: none */
    const char *source;       /* of the default: where it is from, or ASSUMED and why; NULL: nothing to be said */
    const char *meaning;      /* one sentence or more */
    const char *example;      /* YAML text used in the generated reference */
    const char *later;        /* not NULL: a key whose model is not in this version: the sentence that says so */
    const char *later_words;  /* with `later`: only these words are refused with it, the key itself is in use */
    bool alternative;         /* excludes its elder sister (bounds_m or around): commented out in the reference */
    const char *same_as;      /* SECTION: its keys are those of this path of the catalogue, none of them required */
} uxo_key_row;

/* The table of one document, in the order of the reference. NULL: there are fewer rows. */
size_t uxo_schema_row_count(uxo_document document);
const uxo_key_row *uxo_schema_row(uxo_document document, size_t index);
/* The row of a path, in which words of the user's choice may stand for "*"; NULL: there is none. */
const uxo_key_row *uxo_schema_find(uxo_document document, const char *path);

/* Checks every key and value below `root` against the table; all errors together.
 * `at`: path of `root` within the document ("" for the whole). */
UXO_MUST_USE uxo_status uxo_schema_check(uxo_document document, const uxo_node *root, const char *at,
                                         uxo_report *report);

/* The nearest of `count` names by Damerau-Levenshtein distance (at most 2 or a third of the length), or NULL. */
const char *uxo_schema_nearest(const char *word, const char *const *names, size_t count);

/* Numbers as the scenario format allows them: C locale, the whole text, finite. Refuses "16 %" and "2 km" with a hint
 * in *why (a static sentence). */
bool uxo_schema_number(const char *text, double *value, const char **why);
/* A whole number from 0 to 2^64 - 1, digits only. */
bool uxo_schema_unsigned(const char *text, uint64_t *value);
/* ISO 8601 day, existing in the calendar; days since 1970-01-01. */
bool uxo_schema_date(const char *text, int32_t *day);
/* The same of a table: also 2022/02/25 as GDAL writes dates to formats that have no type for them, a midnight behind it
 * included. */
bool uxo_schema_stored_date(const char *text, int32_t *day);
/* Of a key that takes a quantity or the name of a field: is it the latter? Names of fields do not begin like numbers. */
bool uxo_schema_names_field(const uxo_node *node);
/* Is `word` one of the words in "a|b|c"? */
bool uxo_schema_is_word(const char *word, const char *words);

/* Adds an error about `node`: "'grid.cell_size_m' " and the rest.
 * `row` names the key; the node's own path is shorter for people. */
void uxo_schema_refuse(const uxo_node *node, const uxo_key_row *row, uxo_report *report, const char *format, ...)
    UXO_PRINTF(4, 5);

void uxo_schema_print_yaml(FILE *out);     /* configs/reference.yaml */
void uxo_schema_print_json(FILE *out);     /* configs/scenario.schema.json: JSON Schema draft-07 */
void uxo_schema_print_markdown(FILE *out); /* docs/scenario_reference.md */

#endif
