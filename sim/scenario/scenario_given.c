/* scenario_given.c - what a scenario and its --set say, one line a value, whatever they are written like: the order of keys and of --set, comments,
 * and values that are set to what they are anyway leave no trace. Not here: defaults, values of the catalogue (scenario_record.c).
 */
#include <stdlib.h>
#include <string.h>

#include "scenario_private.h"

/* Lines on their way. */
typedef struct given_lines {
    char **line; /* [count] owned */
    size_t count, capacity;
    bool failed; /* out of memory */
} given_lines;

/* Takes line over. */
static void add_line(given_lines *self, char *line)
{
    if (self->count == self->capacity) {
        const size_t capacity = 2 * self->capacity + 64;
        char **const larger = realloc(self->line, capacity * sizeof *larger);
        if (larger != NULL) {
            self->line = larger;
            self->capacity = capacity;
        }
    }
    if (line == NULL || self->count == self->capacity) {
        free(line);
        self->failed = true;
        return;
    }
    self->line[self->count++] = line;
}

/* The name, what follows it, and the value: what would end one of them early becomes a space. */
static void add_value(given_lines *self, const char *name, const char *more, const char *value)
{
    const size_t names = strlen(name) + strlen(more), room = names + strlen(value) + 3;
    char *const line = malloc(room);
    if (line != NULL) {
        snprintf(line, room, "%s%s %s\n", name, more, value);
        for (char *c = line; c[1] != '\0'; c++) {
            *c = *c == '\n' || *c == '\t' || *c == '\r' ? ' ' : *c;
        }
        line[names] = '\t';
    }
    add_line(self, line);
}

/* Keys of the user's choice may be numbered by their order, so that it means something; munitions are overridden by name. */
static void add_order(given_lines *self, const char *path, const uxo_node *node)
{
    char *text = NULL;
    size_t size = 0;
    if (node->count < 2 || strcmp(path, "override") == 0) {
        return;
    }
    FILE *const out = open_memstream(&text, &size);
    for (const uxo_node *child = out != NULL ? node->first : NULL; child != NULL; child = child->next) {
        fprintf(out, "%s%s", child->key, child->next != NULL ? ", " : "");
    }
    if (out == NULL || fclose(out) != 0) {
        self->failed = true;
    } else {
        add_value(self, path, ", order of its keys", text);
    }
    free(text);
}

/* A file's folder is of this machine, its name is not. */
static void add_leaf(given_lines *self, const char *path, const uxo_key_row *row, const uxo_node *node)
{
    const bool names_file = row != NULL && row->type == UXO_TYPE_PATH && node->text != NULL;
    char *const value = names_file ? uxo_assembly_portable_name(node->text) : uxo_node_print(node);
    if (value == NULL) {
        self->failed = true;
    } else {
        add_value(self, path, "", value);
    }
    free(value);
}

/* The depth is at most UXO_YAML_MAX_DEPTH, see yaml_parse.c. */
static void add_node(given_lines *self, const char *path, const uxo_node *node)
{
    const uxo_key_row *const row = path[0] != '\0' ? uxo_schema_find(UXO_DOCUMENT_SCENARIO, path) : NULL;
    const bool open = row != NULL && row->type == UXO_TYPE_OPEN;
    const bool holds_keys = path[0] == '\0' || open || (row != NULL && row->type == UXO_TYPE_SECTION);
    if (node->kind != UXO_NODE_MAPPING || !holds_keys || node->first == NULL) {
        add_leaf(self, path, row, node);
        return;
    }
    if (open) {
        add_order(self, path, node);
    }
    for (const uxo_node *child = node->first; child != NULL && !self->failed; child = child->next) {
        const size_t size = strlen(path) + strlen(child->key) + 2;
        char *const name = malloc(size);
        if (name == NULL) {
            self->failed = true;
            return;
        }
        snprintf(name, size, "%s%s%s", path, path[0] != '\0' ? "." : "", child->key);
        add_node(self, name, child);
        free(name);
    }
}

static int compare_lines(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static char *join(const given_lines *self)
{
    size_t size = 1;
    for (size_t i = 0; i < self->count; i++) {
        size += strlen(self->line[i]);
    }
    char *const text = malloc(size);
    char *end = text;
    for (size_t i = 0; text != NULL && i < self->count; i++) {
        const size_t length = strlen(self->line[i]);
        memcpy(end, self->line[i], length);
        end += length;
    }
    if (text != NULL) {
        *end = '\0';
    }
    return text;
}

char *uxo_assembly_given(const uxo_node *root)
{
    given_lines lines = {.line = NULL};
    add_node(&lines, "", root);
    if (lines.count > 0) {
        qsort(lines.line, lines.count, sizeof *lines.line, compare_lines);
    }
    char *const text = lines.failed ? NULL : join(&lines);
    for (size_t i = 0; i < lines.count; i++) {
        free(lines.line[i]);
    }
    free(lines.line);
    return text;
}
