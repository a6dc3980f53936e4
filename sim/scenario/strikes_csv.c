/* strikes_csv.c - see strikes_csv.h. */
#include "strikes_csv.h"

#include <stdlib.h>
#include <string.h>

uxo_place csv_place(csv_reader *self, size_t line_start, uint32_t line, uint32_t column, uint32_t width)
{
    size_t end = line_start;
    while (end < self->length && self->text[end] != '\n' && self->text[end] != '\r') {
        end++;
    }
    free(self->excerpt);
    self->excerpt = strndup(self->text + line_start, end - line_start);
    const uint32_t left = (uint32_t)(end - line_start) + 1 > column ? (uint32_t)(end - line_start) + 1 - column : 0;
    return (uxo_place){self->file, line, column, width < left ? width : left, self->excerpt};
}

static uxo_place here(csv_reader *self, size_t at, uint32_t width)
{
    return csv_place(self, self->line_start, self->line, (uint32_t)(at - self->line_start) + 1, width);
}

/* Length of the UTF-8 character at `at`, 0 if it is none. */
static size_t character(const csv_reader *self, size_t at)
{
    const unsigned char *const p = (const unsigned char *)self->text + at;
    const size_t left = self->length - at;
    const size_t size = p[0] == 0     ? 0
                        : p[0] < 0x80 ? 1
                        : p[0] < 0xC2 ? 0
                        : p[0] < 0xE0 ? 2
                        : p[0] < 0xF0 ? 3
                        : p[0] < 0xF5 ? 4
                                      : 0;
    if (size > left || (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xF0 && p[1] < 0x90)) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return size;
}

static uxo_status check_text(csv_reader *self)
{
    if (self->length >= 2 && (memcmp(self->text, "\xFF\xFE", 2) == 0 || memcmp(self->text, "\xFE\xFF", 2) == 0)) {
        const uxo_place place = {.file = self->file};
        return uxo_fail(self->report, UXO_ERR_DATA, &place, "the file is UTF-16; save it as UTF-8");
    }
    for (size_t at = self->at, size; at < self->length; at += size) {
        size = character(self, at);
        if (size == 0) {
            const uxo_place place = {
                .file = self->file, .line = self->line, .column = (uint32_t)(at - self->line_start) + 1};
            return uxo_fail(self->report, UXO_ERR_DATA, &place,
                            "byte 0x%02X is not UTF-8 text; save the file as CSV in UTF-8",
                            (unsigned)(unsigned char)self->text[at]);
        }
        const char next = at + 1 < self->length ? self->text[at + 1] : '\0';
        if (self->text[at] == '\n' || (self->text[at] == '\r' && next != '\n')) {
            self->line++;
            self->line_start = at + 1;
        }
    }
    return UXO_OK;
}

/* The one of , ; tab that the first line holds most of, outside quotes. */
static char find_separator(const csv_reader *self)
{
    static const char candidates[] = ",;\t";
    size_t count[3] = {0};
    bool quoted = false;
    size_t at = self->at;
    while (at < self->length && (self->text[at] == '\n' || self->text[at] == '\r')) {
        at++;
    }
    for (; at < self->length && (quoted || (self->text[at] != '\n' && self->text[at] != '\r')); at++) {
        const char *const found = memchr(candidates, self->text[at], sizeof candidates - 1);
        quoted = quoted != (self->text[at] == '"');
        if (!quoted && found != NULL) {
            count[found - candidates]++;
        }
    }
    const int best = count[1] > count[0] ? (count[2] > count[1] ? 2 : 1) : (count[2] > count[0] ? 2 : 0);
    return candidates[best];
}

uxo_status csv_init(csv_reader *self, const char *file, const char *text, size_t length, uxo_report *report)
{
    *self = (csv_reader){.file = file, .text = text, .length = length, .line = 1, .report = report};
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        self->at = 3;
        self->line_start = 3;
    }
    UXO_TRY(check_text(self));
    self->line = 1;
    self->line_start = self->at;
    self->separator = find_separator(self);
    return UXO_OK;
}

void csv_free(csv_reader *self)
{
    free(self->cell);
    free(self->scratch);
    free(self->excerpt);
    *self = (csv_reader){0};
}

static bool at_end_of_line(const csv_reader *self)
{
    return self->at >= self->length || self->text[self->at] == '\n' || self->text[self->at] == '\r';
}

/* Steps over one end of line: LF, CRLF or CR. */
static void next_line(csv_reader *self)
{
    if (self->at < self->length && self->text[self->at] == '\r') {
        self->at++;
        self->at += self->at < self->length && self->text[self->at] == '\n';
    } else if (self->at < self->length) {
        self->at++;
    }
    self->line++;
    self->line_start = self->at;
}

static void skip_line(csv_reader *self)
{
    while (!at_end_of_line(self)) {
        self->at++;
    }
}

static bool put(csv_reader *self, char byte)
{
    if (self->used == self->capacity) {
        const size_t capacity = self->capacity == 0 ? 256 : 2 * self->capacity;
        char *const larger = realloc(self->scratch, capacity);
        if (larger == NULL) {
            self->out_of_memory = true;
            return false;
        }
        self->scratch = larger;
        self->capacity = capacity;
    }
    self->scratch[self->used++] = byte;
    return true;
}

/* The inside of a quoted cell; ends after its closing quote. */
static bool read_quoted(csv_reader *self)
{
    const size_t open = self->at;
    const csv_reader start = *self;
    self->at++;
    for (;;) {
        if (self->at >= self->length) {
            const uxo_place place =
                csv_place(self, start.line_start, start.line, (uint32_t)(open - start.line_start) + 1, 1);
            uxo_report_add(self->report, UXO_ERROR, &place, "this quote is never closed");
            return false;
        }
        const char byte = self->text[self->at];
        if (byte == '"') {
            self->at++;
            if (self->at >= self->length || self->text[self->at] != '"') {
                return true;
            }
        } else if (byte == '\n' || byte == '\r') {
            if (!put(self, '\n')) {
                return false;
            }
            next_line(self);
            continue;
        }
        if (!put(self, byte)) {
            return false;
        }
        self->at++;
    }
}

static bool is_blank(char byte)
{
    return byte == ' ' || (byte == '\t');
}

/* Up to the separator or the end of the line; what is there has to be blank. */
static bool end_quoted(csv_reader *self)
{
    for (; !at_end_of_line(self) && self->text[self->at] != self->separator; self->at++) {
        if (!is_blank(self->text[self->at])) {
            const uxo_place place = here(self, self->at, 1);
            uxo_report_add(self->report, UXO_ERROR, &place,
                           "text after a closing quote; a quote inside a quoted cell is written twice (\"\")");
            return false;
        }
    }
    return true;
}

static bool read_plain(csv_reader *self)
{
    for (; !at_end_of_line(self) && self->text[self->at] != self->separator; self->at++) {
        if (self->text[self->at] == '"') {
            const uxo_place place = here(self, self->at, 1);
            uxo_report_add(self->report, UXO_ERROR, &place,
                           "a quote inside a cell; put the whole cell in quotes and write it twice (\"\")");
            return false;
        }
        if (!put(self, self->text[self->at])) {
            return false;
        }
    }
    return true;
}

/* Takes blanks and line breaks off both ends of what was put since `first`. */
static void trim(csv_reader *self, size_t first)
{
    size_t start = first;
    while (self->used > first && (is_blank(self->scratch[self->used - 1]) || self->scratch[self->used - 1] == '\n')) {
        self->used--;
    }
    while (start < self->used && (is_blank(self->scratch[start]) || self->scratch[start] == '\n')) {
        start++;
    }
    if (start > first) {
        memmove(self->scratch + first, self->scratch + start, self->used - start);
        self->used -= start - first;
    }
}

static bool read_cell(csv_reader *self, csv_cell *cell)
{
    while (!at_end_of_line(self) && is_blank(self->text[self->at]) && self->text[self->at] != self->separator) {
        self->at++;
    }
    const size_t start = self->at;
    const size_t first = self->used;
    *cell = (csv_cell){
        .line_start = self->line_start, .line = self->line, .column = (uint32_t)(start - self->line_start) + 1};
    if (!at_end_of_line(self) && self->text[self->at] == '"') {
        if (!read_quoted(self)) {
            return false;
        }
        cell->width = (uint32_t)(self->at - start);
        if (!end_quoted(self)) {
            return false;
        }
        trim(self, first);
    } else {
        if (!read_plain(self)) {
            return false;
        }
        trim(self, first);
        cell->width = (uint32_t)(self->used - first);
    }
    return put(self, '\0'); /* cell->text is set when the record is complete: scratch may still move */
}

static bool add_cell(csv_reader *self)
{
    if (self->cell_count == self->cell_capacity) {
        const size_t capacity = self->cell_capacity == 0 ? 32 : 2 * self->cell_capacity;
        csv_cell *const larger = realloc(self->cell, capacity * sizeof *larger);
        if (larger == NULL) {
            self->out_of_memory = true;
            return false;
        }
        self->cell = larger;
        self->cell_capacity = capacity;
    }
    return read_cell(self, &self->cell[self->cell_count++]);
}

static bool is_empty_record(const csv_reader *self)
{
    for (size_t i = 0; i < self->cell_count; i++) {
        if (self->cell[i].text[0] != '\0') {
            return false;
        }
    }
    return true;
}

static csv_result read_record(csv_reader *self)
{
    self->cell_count = 0;
    self->used = 0;
    for (;;) {
        if (!add_cell(self)) {
            skip_line(self);
            next_line(self);
            return CSV_BAD;
        }
        if (at_end_of_line(self)) {
            break;
        }
        self->at++; /* the separator */
    }
    next_line(self);
    const char *text = self->scratch;
    for (size_t i = 0; i < self->cell_count; i++) {
        self->cell[i].text = text;
        text += strlen(text) + 1; /* a cell holds no zero byte: check_text refuses it */
    }
    return CSV_RECORD;
}

csv_result csv_next(csv_reader *self)
{
    while (self->at < self->length && !self->out_of_memory) {
        const csv_result result = read_record(self);
        if (result == CSV_BAD || !is_empty_record(self)) { /* spreadsheets end in rows of separators */
            return result;
        }
    }
    return CSV_END;
}
