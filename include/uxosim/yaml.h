/* yaml.h - a YAML file as a tree in which every node knows its line and column.
 *
 * libyaml's event interface underneath, so that anchors, aliases, tags, merge keys, several documents and deep nesting
 * are refused while reading. Limits: 256 KiB a file, depth 32. Not here: what the keys mean (schema).
 */
#ifndef UXOSIM_YAML_H
#define UXOSIM_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uxosim/error.h"

enum { UXO_YAML_MAX_BYTES = 256 * 1024, UXO_YAML_MAX_DEPTH = 32 };

typedef enum uxo_node_kind { UXO_NODE_SCALAR, UXO_NODE_SEQUENCE, UXO_NODE_MAPPING } uxo_node_kind;

typedef struct uxo_node {
    uxo_node_kind kind;
    bool quoted;   /* a quoted scalar is a string whatever it looks like */
    bool override; /* came from the command line (--set) */
    uxo_place place;
    const char *text; /* scalar: its text, else NULL */
    const char *key;  /* value of a mapping: its key, else NULL */
    uxo_place key_place;
    struct uxo_node *first; /* first item or value, in the order of the file */
    struct uxo_node *next;  /* next sibling */
    uint32_t count;         /* of items or values */
} uxo_node;

/* A document and all its memory. */
typedef struct uxo_yaml {
    uxo_node *root; /* a mapping for files; NULL after an error */
    char *text;     /* the bytes as read, zero-terminated */
    size_t length;
    struct uxo_yaml_memory *memory;
} uxo_yaml;

/* Reads a file (UXO_ERR_NOINPUT if it cannot be read) or a text. Duplicate keys are errors.
 *
 * root          a mapping for uxo_yaml_read_file; uxo_yaml_read_text takes any single node (a cell of a strike list, a
 *               --set value)
 * name          what messages call the text
 * line, column  where the text starts in `name`
 * self          is freed by uxo_yaml_free, also after an error
 */
UXO_MUST_USE uxo_status uxo_yaml_read_file(uxo_yaml *self, const char *path, uxo_report *report);
UXO_MUST_USE uxo_status uxo_yaml_read_text(uxo_yaml *self, const char *name, const char *text, size_t length,
                                           uint32_t line, uint32_t column, uxo_report *report);
void uxo_yaml_free(uxo_yaml *self);

/* Applies `path.to.key=value` of the command line: value is YAML (flow style for lists and mappings); intermediate
 * mappings are made where they are missing; an existing value is replaced.
 * Messages about it name "--set path.to.key=value" and a column in that text.
 * A key that itself holds dots stands in double quotes: override."rbk-500-shoab-0.5".dud_rate=0.1. */
UXO_MUST_USE uxo_status uxo_yaml_set(uxo_yaml *self, const char *assignment, uxo_report *report);

/* Value of a key of a mapping; NULL when absent or when `map` is NULL or not a mapping. */
const uxo_node *uxo_node_get(const uxo_node *map, const char *key);

/* The same along "a.b.c". */
const uxo_node *uxo_node_at(const uxo_node *root, const char *path);

/* Did the command line (--set) give the node, or anything in it? */
bool uxo_node_is_overridden(const uxo_node *node);

/* Bytes of the character that a text begins with, where quoted YAML does not hold it as it is (control characters, ends of lines such as U+0085, the mark of
 * byte order) but as \uXXXX of this code; else 0. */
size_t uxo_yaml_escaped(const char *text, uint32_t *code);

/* A node as YAML in flow style on one line, to be freed by the caller; NULL when memory runs out. */
char *uxo_node_print(const uxo_node *node);

#endif
