/* yaml_tree.c - finds, replaces (--set) and prints nodes of a tree. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yaml_private.h"

static uxo_node *child_of(uxo_node *map, const char *key, size_t length)
{
    for (uxo_node *child = map->first; child != NULL; child = child->next) {
        if (strncmp(child->key, key, length) == 0 && child->key[length] == '\0') {
            return child;
        }
    }
    return NULL;
}

const uxo_node *uxo_node_get(const uxo_node *map, const char *key)
{
    for (const uxo_node *child = map != NULL && map->kind == UXO_NODE_MAPPING ? map->first : NULL; child != NULL;
         child = child->next) {
        if (strcmp(child->key, key) == 0) {
            return child;
        }
    }
    return NULL;
}

const uxo_node *uxo_node_at(const uxo_node *root, const char *path)
{
    const uxo_node *node = root;
    while (node != NULL && *path != '\0') {
        const size_t length = strcspn(path, ".");
        const uxo_node *child = node->kind == UXO_NODE_MAPPING ? node->first : NULL;
        while (child != NULL && !(strncmp(child->key, path, length) == 0 && child->key[length] == '\0')) {
            child = child->next;
        }
        node = child;
        path += length + (path[length] == '.');
    }
    return node;
}

static uxo_node *append_mapping(uxo_yaml *self, uxo_node *parent, const char *key, size_t length,
                                const uxo_place *place)
{
    uxo_node *const node = uxo_yaml_allocate(self, sizeof *node);
    char *const copy = uxo_yaml_copy(self, key, length);
    if (node == NULL || copy == NULL) {
        return NULL;
    }
    *node = (uxo_node){.kind = UXO_NODE_MAPPING, .override = true, .place = *place, .key = copy, .key_place = *place};
    uxo_node **end = &parent->first;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = node;
    parent->count++;
    return node;
}

/* The next key of a path, [*start, *start + length), and how much of the path it takes; a key that holds dots stands in
 * double quotes. False when a quote is not closed. */
static bool next_key(const char *path, size_t path_length, size_t *start, size_t *length, size_t *taken)
{
    if (path[*start] != '"') {
        *length = strcspn(path + *start, ".=");
        *taken = *length;
        return true;
    }
    *start += 1;
    const char *const end = memchr(path + *start, '"', path_length - *start);
    *length = end != NULL ? (size_t)(end - path) - *start : 0;
    *taken = *length + 1;
    return end != NULL && (end + 1 == path + path_length || end[1] == '.');
}

/* The node that the path before the equals sign names, made where it is missing. */
static uxo_status find_target(uxo_yaml *self, const char *path, size_t path_length, const yaml_lines *lines,
                              uxo_node **target, uxo_report *report)
{
    uxo_node *node = self->root;
    for (size_t start = 0; start < path_length;) {
        size_t length, taken;
        const bool whole = next_key(path, path_length, &start, &length, &taken);
        const uxo_place place = uxo_yaml_place(lines, 0, start, length);
        if (!whole || length == 0 || start + taken + 1 == path_length) {
            return uxo_fail(report, UXO_ERR_DATA, &place, "a key is missing here; write path.to.key=value");
        }
        if (node->kind != UXO_NODE_MAPPING) {
            return uxo_fail(report, UXO_ERR_DATA, &place,
                            "'%.*s' is a value in the scenario, not a mapping with keys of its own; set it as a whole",
                            (int)(start > 0 ? start - 1 : 0), path);
        }
        uxo_node *child = child_of(node, path + start, length);
        if (child == NULL) {
            child = append_mapping(self, node, path + start, length, &place);
        }
        if (child == NULL) {
            return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
        }
        node = child;
        start += taken + 1;
    }
    *target = node;
    return UXO_OK;
}

uxo_status uxo_yaml_set(uxo_yaml *self, const char *assignment, uxo_report *report)
{
    const size_t length = strlen(assignment);
    const size_t path_length = strcspn(assignment, "=");
    static const char prefix[] = "--set ";
    char *const name = uxo_yaml_allocate(self, sizeof prefix + length);
    if (name == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    memcpy(name, prefix, sizeof prefix - 1);
    memcpy(name + sizeof prefix - 1, assignment, length < 200 ? length : 200);
    yaml_lines lines = {.name = name, .first_line = 1, .first_column = 1, .override = true};
    UXO_TRY(uxo_yaml_split(self, assignment, length, &lines, report));
    if (path_length == 0 || path_length == length) {
        const uxo_place place = {.file = name};
        return uxo_fail(report, UXO_ERR_DATA, &place, "write path.to.key=value, for example grid.cell_size_m=50");
    }
    const char *const text = assignment + path_length + 1;
    if (text[strspn(text, " ")] == '\0') {
        const uxo_place place = uxo_yaml_place(&lines, 0, length, 0);
        return uxo_fail(report, UXO_ERR_DATA, &place, "a value is missing after the equals sign");
    }
    uxo_node *value = NULL;
    uxo_node *target = NULL;
    lines.first_column = (uint32_t)path_length + 2;
    UXO_TRY(uxo_yaml_parse(self, text, length - path_length - 1, &lines, &value, report));
    lines.first_column = 1;
    UXO_TRY(find_target(self, assignment, path_length, &lines, &target, report));
    value->key = target->key;
    value->key_place = uxo_yaml_place(&lines, 0, 0, path_length);
    value->next = target->next;
    *target = *value;
    return UXO_OK;
}

/* A text that grows; `failed` sticks. */
typedef struct printer {
    char *text;
    size_t length, capacity;
    bool failed;
} printer;

static void put(printer *out, const char *text, size_t length)
{
    if (out->failed) {
        return;
    }
    if (out->length + length + 1 > out->capacity) {
        const size_t capacity = 2 * (out->length + length + 1);
        char *const larger = realloc(out->text, capacity);
        if (larger == NULL) {
            out->failed = true;
            return;
        }
        out->text = larger;
        out->capacity = capacity;
    }
    memcpy(out->text + out->length, text, length);
    out->length += length;
    out->text[out->length] = '\0';
}

size_t uxo_yaml_escaped(const char *text, uint32_t *code)
{
    const unsigned char *const byte = (const unsigned char *)text;
    *code = byte[0];
    if (byte[0] < 0x20 || byte[0] == 0x7F) {
        return byte[0] != '\0';
    }
    if (byte[0] == 0xC2 && byte[1] >= 0x80 && byte[1] < 0xA0) { /* U+0080 to U+009F, of which U+0085 ends a line */
        *code = byte[1];
        return 2;
    }
    if ((byte[0] == 0xE2 && byte[1] == 0x80 && (byte[2] == 0xA8 || byte[2] == 0xA9)) || /* separators of lines */
        (byte[0] == 0xEF && byte[1] == 0xBB && byte[2] == 0xBF) ||                      /* the mark of byte order */
        (byte[0] == 0xEF && byte[1] == 0xBF && (byte[2] == 0xBE || byte[2] == 0xBF))) { /* no characters */
        *code = (byte[0] & 0x0FU) << 12 | (byte[1] & 0x3FU) << 6 | (byte[2] & 0x3FU);
        return 3;
    }
    return 0;
}

static void put_scalar(printer *out, const char *text, bool quoted)
{
    if (!quoted) {
        put(out, text, strlen(text));
        return;
    }
    put(out, "\"", 1);
    while (*text != '\0') {
        uint32_t code;
        char escape[16];
        const size_t escaped = uxo_yaml_escaped(text, &code);
        if (escaped > 0) {
            const bool usual = code == '\n' || code == '\t';
            const int length = usual ? snprintf(escape, sizeof escape, "\\%c", code == '\n' ? 'n' : 't')
                                     : snprintf(escape, sizeof escape, "\\u%04x", code);
            put(out, escape, (size_t)length);
            text += escaped;
            continue;
        }
        if (*text == '"' || *text == '\\') {
            put(out, "\\", 1);
        }
        put(out, text++, 1);
    }
    put(out, "\"", 1);
}

static void put_node(printer *out, const uxo_node *node)
{
    if (node->kind == UXO_NODE_SCALAR) {
        put_scalar(out, node->text, node->quoted);
        return;
    }
    const bool mapping = node->kind == UXO_NODE_MAPPING;
    put(out, mapping ? "{" : "[", 1);
    for (const uxo_node *child = node->first; child != NULL; child = child->next) {
        if (mapping) {
            put_scalar(out, child->key, strpbrk(child->key, ":{}[],#\"'") != NULL);
            put(out, ": ", 2);
        }
        put_node(out, child); /* depth is at most UXO_YAML_MAX_DEPTH, see yaml_parse.c */
        if (child->next != NULL) {
            put(out, ", ", 2);
        }
    }
    put(out, mapping ? "}" : "]", 1);
}

bool uxo_node_is_overridden(const uxo_node *node)
{
    bool found = node->override;
    for (const uxo_node *child = node->first; child != NULL && !found; child = child->next) {
        found = uxo_node_is_overridden(child); /* likewise */
    }
    return found;
}

char *uxo_node_print(const uxo_node *node)
{
    printer out = {0};
    put_node(&out, node);
    if (out.failed) {
        free(out.text);
        return NULL;
    }
    return out.text != NULL ? out.text : calloc(1, 1);
}
