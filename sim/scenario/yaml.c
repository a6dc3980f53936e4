/* yaml.c - reads a file or a text into a tree: bytes, limits, lines, memory. The event reader is in yaml_parse.c,
 * look-ups and --set are in yaml_tree.c.
 */
#include "uxosim/yaml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "yaml_private.h"

void *uxo_yaml_allocate(uxo_yaml *self, size_t size)
{
    enum { BLOCK = 64 * 1024 };
    const size_t rounded = (size + 15) & ~(size_t)15;
    if (self->memory == NULL) {
        self->memory = calloc(1, sizeof *self->memory);
        if (self->memory == NULL) {
            return NULL;
        }
    }
    yaml_block *block = self->memory->block;
    if (block == NULL || block->size - block->used < rounded) {
        const size_t room = rounded > BLOCK ? rounded : BLOCK;
        block = calloc(1, sizeof *block + 16 + room);
        if (block == NULL) {
            return NULL;
        }
        block->size = room;
        block->next = self->memory->block;
        self->memory->block = block;
    }
    char *const start = (char *)(((uintptr_t)block->bytes + 15) & ~(uintptr_t)15);
    void *const memory = start + block->used;
    block->used += rounded;
    return memory;
}

char *uxo_yaml_copy(uxo_yaml *self, const char *text, size_t length)
{
    char *const copy = uxo_yaml_allocate(self, length + 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
    }
    return copy;
}

void uxo_yaml_free(uxo_yaml *self)
{
    if (self->memory != NULL) {
        for (yaml_block *block = self->memory->block, *next = NULL; block != NULL; block = next) {
            next = block->next;
            free(block);
        }
        free(self->memory);
    }
    memset(self, 0, sizeof *self);
}

uxo_place uxo_yaml_place(const yaml_lines *lines, size_t line, size_t column, size_t width)
{
    uxo_place place = {.file = lines->name,
                       .line = lines->first_line + (uint32_t)line,
                       .column = (uint32_t)column + (line == 0 ? lines->first_column : 1),
                       .width = (uint32_t)width};
    if (line < lines->count) {
        place.excerpt = lines->line[line];
    }
    return place;
}

/* Length of the UTF-8 sequence at `at`, 0 when it is not one (overlong forms, surrogates and the like included). */
static size_t utf8_length(const unsigned char *at, size_t left)
{
    static const unsigned char second_low[] = {0xE0, 0xA0, 0xF0, 0x90};
    static const unsigned char second_high[] = {0xED, 0x9F, 0xF4, 0x8F};
    const size_t length = at[0] < 0x80                    ? 1
                          : at[0] >= 0xC2 && at[0] < 0xE0 ? 2
                          : at[0] >= 0xE0 && at[0] < 0xF0 ? 3
                          : at[0] >= 0xF0 && at[0] < 0xF5 ? 4
                                                          : 0;
    if (length == 0 || length > left) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    for (size_t i = 0; i < sizeof second_low && length > 1; i += 2) {
        if ((at[0] == second_low[i] && at[1] < second_low[i + 1]) ||
            (at[0] == second_high[i] && at[1] > second_high[i + 1])) {
            return 0;
        }
    }
    return length;
}

/* Length of the line break at `at` as libyaml counts them (CR, LF, CR LF, NEL, LS, PS), 0 for none. */
static size_t break_length(const unsigned char *at, size_t left)
{
    if (at[0] == '\r') {
        return left > 1 && at[1] == '\n' ? 2 : 1;
    }
    if (at[0] == '\n') {
        return 1;
    }
    if (left > 1 && at[0] == 0xC2 && at[1] == 0x85) {
        return 2;
    }
    return left > 2 && at[0] == 0xE2 && at[1] == 0x80 && (at[2] == 0xA8 || at[2] == 0xA9) ? 3 : 0;
}

static uxo_status fail_at(const yaml_lines *lines, size_t line, size_t column, const char *what, unsigned byte,
                          uxo_report *report)
{
    uxo_place place = uxo_yaml_place(lines, line, column, 0);
    place.excerpt = NULL; /* the line is not fit to be printed */
    return uxo_fail(report, UXO_ERR_DATA, &place, "byte 0x%02X: %s", byte, what);
}

static uxo_status check_bytes(const char *text, size_t length, const yaml_lines *lines, uint32_t *line_count,
                              uxo_report *report)
{
    const unsigned char *const bytes = (const unsigned char *)text;
    size_t line = 0, column = 0;
    if (length >= 2 && ((bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF))) {
        return fail_at(lines, 0, 0, "the file is UTF-16; save it as UTF-8", bytes[0], report);
    }
    for (size_t i = 0; i < length;) {
        const size_t size = utf8_length(bytes + i, length - i);
        const size_t line_break = break_length(bytes + i, length - i);
        if (size == 0) {
            return fail_at(lines, line, column, "not UTF-8; save the file as UTF-8", bytes[i], report);
        }
        if ((bytes[i] < 0x20 && bytes[i] != '\t' && line_break == 0) || bytes[i] == 0x7F) {
            return fail_at(lines, line, column, "a control character has no place in a text file", bytes[i], report);
        }
        i += line_break > 0 ? line_break : size;
        line += line_break > 0;
        column = line_break > 0 ? 0 : column + 1;
    }
    *line_count = (uint32_t)line + 1;
    return UXO_OK;
}

uxo_status uxo_yaml_split(uxo_yaml *self, const char *text, size_t length, yaml_lines *lines, uxo_report *report)
{
    uint32_t count = 0;
    UXO_TRY(check_bytes(text, length, lines, &count, report));
    char *const copy = uxo_yaml_copy(self, text, length);
    lines->line = uxo_yaml_allocate(self, count * sizeof *lines->line);
    if (copy == NULL || lines->line == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory while reading %s", lines->name);
    }
    lines->line[lines->count++] = copy;
    for (size_t i = 0; i < length;) {
        const size_t line_break = break_length((const unsigned char *)copy + i, length - i);
        if (line_break > 0) {
            copy[i] = '\0';
            lines->line[lines->count++] = copy + i + line_break;
        }
        i += line_break > 0 ? line_break : 1;
    }
    return UXO_OK;
}

static uxo_status read_text(uxo_yaml *self, const char *name, const char *text, size_t length, uint32_t line,
                            uint32_t column, uxo_report *report)
{
    const uxo_place whole = {.file = name};
    if (length > UXO_YAML_MAX_BYTES) {
        return uxo_fail(report, UXO_ERR_DATA, &whole,
                        "the file is longer than %d KiB; that is not a scenario or a catalogue",
                        UXO_YAML_MAX_BYTES / 1024);
    }
    yaml_lines lines = {.name = uxo_yaml_copy(self, name, strlen(name)), .first_line = line, .first_column = column};
    self->text = uxo_yaml_copy(self, text, length);
    self->length = length;
    if (lines.name == NULL || self->text == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, &whole, "out of memory");
    }
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) { /* a byte-order mark says nothing in UTF-8 */
        text += 3;
        length -= 3;
    }
    UXO_TRY(uxo_yaml_split(self, text, length, &lines, report));
    return uxo_yaml_parse(self, text, length, &lines, &self->root, report);
}

uxo_status uxo_yaml_read_text(uxo_yaml *self, const char *name, const char *text, size_t length, uint32_t line,
                              uint32_t column, uxo_report *report)
{
    memset(self, 0, sizeof *self);
    return read_text(self, name, text, length, line, column, report);
}

/* At most one byte more than the limit, so that a device or a pipe cannot keep us reading. */
static uxo_status load(const char *path, char *buffer, size_t size, size_t *length, uxo_report *report)
{
    const uxo_place whole = {.file = path};
    struct stat status;
    FILE *const file = fopen(path, "rb");
    if (file == NULL) {
        return uxo_fail(report, UXO_ERR_NOINPUT, &whole, "cannot be read: %s", strerror(errno));
    }
    if (fstat(fileno(file), &status) == 0 && S_ISDIR(status.st_mode)) {
        fclose(file);
        return uxo_fail(report, UXO_ERR_NOINPUT, &whole, "is a folder; the name of a file is wanted");
    }
    *length = fread(buffer, 1, size, file);
    const bool failed = ferror(file) != 0;
    fclose(file);
    return failed ? uxo_fail(report, UXO_ERR_NOINPUT, &whole, "cannot be read") : UXO_OK;
}

uxo_status uxo_yaml_read_file(uxo_yaml *self, const char *path, uxo_report *report)
{
    const uxo_place whole = {.file = path};
    memset(self, 0, sizeof *self);
    char *const buffer = malloc(UXO_YAML_MAX_BYTES + 1);
    if (buffer == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, &whole, "out of memory");
    }
    size_t length = 0;
    uxo_status status = load(path, buffer, UXO_YAML_MAX_BYTES + 1, &length, report);
    if (status == UXO_OK) {
        status = read_text(self, path, buffer, length, 1, 1, report);
    }
    free(buffer);
    if (status == UXO_OK && self->root->kind != UXO_NODE_MAPPING) {
        const uxo_place place = self->root->place;
        status = uxo_fail(report, UXO_ERR_DATA, &place, "the file must hold `key: value` lines, not %s",
                          self->root->kind == UXO_NODE_SEQUENCE ? "a list" : "a single value");
    }
    if (status != UXO_OK) {
        self->root = NULL;
    }
    return status;
}
