/* error.c - status codes and the report of messages. Not here: any decision about what is an error. */
#include "uxosim/error.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KEPT = 10000 };

int uxo_status_exit_code(uxo_status status)
{
    static const int code[] = {
#define X(name, exit_code, text) exit_code,
        UXO_STATUS_LIST(X)
#undef X
    };
    return status < UXO_STATUS_END ? code[status] : 70;
}

void uxo_report_init(uxo_report *self)
{
    memset(self, 0, sizeof *self);
}

static void free_text(const char *text)
{
    free((void *)(uintptr_t)text); /* the report owns these copies; the field is const for everyone else */
}

void uxo_report_free(uxo_report *self)
{
    for (size_t i = 0; i < self->count; i++) {
        free_text(self->item[i].place.file);
        free_text(self->item[i].place.excerpt);
        free(self->item[i].text);
    }
    free(self->item);
    uxo_report_init(self);
}

static char *format_text(const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0) {
        return NULL;
    }
    char *const text = malloc((size_t)length + 1);
    if (text != NULL) {
        vsnprintf(text, (size_t)length + 1, format, arguments);
    }
    return text;
}

/* A character of a UTF-8 text starts at every byte that is not 10xxxxxx. */
static bool starts_character(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80;
}

/* Keeps what will be shown of a line: at most MAX_SHOWN characters about the column. Lines can be as long as a file. */
static void keep_excerpt(uxo_message *message, const char *line)
{
    enum { MAX_SHOWN = 120 };
    const uint32_t column = message->place.column;
    const uint32_t skip = column > MAX_SHOWN * 2 / 3 ? column - MAX_SHOWN / 2 : 0;
    const char *start = line;
    for (uint32_t i = 0; i < skip && *start != '\0'; i++) {
        do {
            start++;
        } while (!starts_character(*start));
    }
    const char *end = start;
    for (uint32_t i = 0; i < MAX_SHOWN && *end != '\0'; i++) {
        do {
            end++;
        } while (!starts_character(*end));
    }
    message->place.excerpt = strndup(start, (size_t)(end - start));
    message->excerpt_skipped = skip;
}

static void add(uxo_report *self, uxo_severity severity, const uxo_place *place, const char *format, va_list arguments)
{
    self->error_count += severity == UXO_ERROR;
    self->warning_count += severity == UXO_WARNING;
    if (self->count >= MAX_KEPT) {
        return; /* only counted: nobody reads so many, and a broken file must not fill the memory */
    }
    if (self->count == self->capacity) {
        const size_t capacity = self->capacity == 0 ? 16 : 2 * self->capacity;
        uxo_message *const larger = realloc(self->item, capacity * sizeof *larger);
        if (larger == NULL) {
            return;
        }
        self->item = larger;
        self->capacity = capacity;
    }
    uxo_message *const message = &self->item[self->count++];
    memset(message, 0, sizeof *message);
    message->severity = severity;
    message->text = format_text(format, arguments);
    for (char *at = message->text; at != NULL && *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7F) {
            *at = '?'; /* a value of the input may hold terminal control sequences */
        }
    }
    if (place != NULL) {
        message->place = *place;
        message->place.file = place->file != NULL ? strdup(place->file) : NULL;
        message->place.excerpt = NULL;
        if (place->excerpt != NULL) {
            keep_excerpt(message, place->excerpt);
        }
    }
}

void uxo_report_add(uxo_report *self, uxo_severity severity, const uxo_place *place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(self, severity, place, format, arguments);
    va_end(arguments);
}

uxo_status uxo_fail(uxo_report *self, uxo_status status, const uxo_place *place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(self, UXO_ERROR, place, format, arguments);
    va_end(arguments);
    return status;
}

uxo_status uxo_report_status(const uxo_report *self, size_t errors_before)
{
    return self->error_count > errors_before ? UXO_ERR_DATA : UXO_OK;
}

typedef struct sort_item {
    const uxo_message *message;
    size_t
        file; /* index of the first message about the same file, so that files keep the order in which they came up */
    size_t index;
} sort_item;

/* By file in order of appearance, then line, then column, then as they came. Messages without a file keep their place:
 * each counts as a file of its own. */
static int compare_places(const void *left, const void *right)
{
    const sort_item *const a = left;
    const sort_item *const b = right;
    const uxo_place *const p = &a->message->place;
    const uxo_place *const q = &b->message->place;
    if (a->file != b->file) {
        return a->file < b->file ? -1 : 1;
    }
    if (p->line != q->line) {
        return p->line < q->line ? -1 : 1;
    }
    if (p->column != q->column) {
        return p->column < q->column ? -1 : 1;
    }
    return a->index < b->index ? -1 : a->index > b->index;
}

/* Indices of the first messages of up to MAX_FILES files are remembered; a report about more files than that is not
 * expected, and only the order of its messages would suffer. */
static void number_files(sort_item *order, size_t count)
{
    enum { MAX_FILES = 64 };
    size_t first[MAX_FILES];
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        const char *const file = order[i].message->place.file;
        order[i].file = i;
        if (file == NULL) {
            continue;
        }
        size_t k = 0;
        while (k < known && strcmp(order[first[k]].message->place.file, file) != 0) {
            k++;
        }
        if (k < known) {
            order[i].file = first[k];
        } else if (known < MAX_FILES) {
            first[known++] = i;
        }
    }
}

/* The same text about the same place: whoever reads a value a second time may say the same again. */
static bool is_repeated(const uxo_message *message, const uxo_message *previous)
{
    const uxo_place *const p = &message->place;
    const uxo_place *const q = &previous->place;
    return p->file != NULL && q->file != NULL && p->line > 0 && p->line == q->line && p->column == q->column &&
           message->severity == previous->severity && message->text != NULL && previous->text != NULL &&
           strcmp(p->file, q->file) == 0 && strcmp(message->text, previous->text) == 0;
}

/* The line of the input with a caret below. Columns count characters. */
static void print_excerpt(const uxo_message *message, FILE *out)
{
    const uxo_place *const place = &message->place;
    fprintf(out, "%5u | %s\n      | ", (unsigned)place->line, place->excerpt);
    const char *at = place->excerpt;
    for (uint32_t i = message->excerpt_skipped + 1; i < place->column && *at != '\0'; i++) {
        fputc(*at == '\t' ? '\t' : ' ', out);
        do {
            at++;
        } while (!starts_character(*at));
    }
    fputc('^', out);
    for (uint32_t i = 1; i < place->width && *at != '\0'; i++) {
        do {
            at++;
        } while (!starts_character(*at));
        if (*at != '\0') {
            fputc('~', out);
        }
    }
    fputc('\n', out);
}

static void print_message(const uxo_message *message, FILE *out)
{
    static const char *const word[] = {"note", "warning", "error"};
    const uxo_place *const place = &message->place;
    if (place->file != NULL) {
        fprintf(out, "%s:", place->file);
        if (place->line > 0) {
            fprintf(out, "%u:", (unsigned)place->line);
            if (place->column > 0) {
                fprintf(out, "%u:", (unsigned)place->column);
            }
        }
        fputc(' ', out);
    } else {
        fputs("uxosim: ", out);
    }
    fprintf(out, "%s: %s\n", word[message->severity], message->text != NULL ? message->text : "(out of memory)");
    if (place->file != NULL && place->line > 0 && place->column > 0 && place->excerpt != NULL) {
        print_excerpt(message, out);
    }
}

/* Order in which the messages are shown; NULL when memory runs out. */
static sort_item *sorted(const uxo_report *self, size_t first)
{
    const size_t count = self->count - first;
    sort_item *const order = malloc(count * sizeof *order);
    if (order == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        order[i] = (sort_item){&self->item[first + i], 0, i};
    }
    number_files(order, count);
    qsort(order, count, sizeof *order, compare_places);
    return order;
}

size_t uxo_report_print(const uxo_report *self, size_t first, size_t limit, FILE *out)
{
    if (first >= self->count) {
        return 0;
    }
    const size_t count = self->count - first;
    sort_item *const order = sorted(self, first);
    const uxo_message *previous = NULL;
    size_t shown[3] = {0, 0, 0};
    size_t printed = 0;
    for (size_t i = 0; i < count; i++) {
        const uxo_message *const message = order != NULL ? order[i].message : &self->item[first + i];
        if (previous != NULL && is_repeated(message, previous)) {
            continue;
        }
        previous = message;
        if (shown[message->severity]++ < limit) {
            print_message(message, out);
            printed++;
        }
    }
    free(order);
    for (int severity = UXO_ERROR; severity >= UXO_NOTE; severity--) {
        static const char *const word[] = {"notes", "warnings", "errors"};
        if (shown[severity] > limit) {
            fprintf(out, "uxosim: %zu more %s not shown\n", shown[severity] - limit, word[severity]);
        }
    }
    return printed;
}
