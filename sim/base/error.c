/* error.c - status codes and the report of messages. Not here: any decision about what is an error. */
#include "uxosim/error.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int uxo_status_exit_code(uxo_status status)
{
    static const int code[] = {
#define X(name, exit_code, text) exit_code,
        UXO_STATUS_LIST(X)
#undef X
    };
    return status < UXO_STATUS_END ? code[status] : 70;
}

const char *uxo_status_text(uxo_status status)
{
    static const char *const texts[] = {
#define X(name, exit_code, text) text,
        UXO_STATUS_LIST(X)
#undef X
    };
    return status < UXO_STATUS_END ? texts[status] : "unknown status";
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

static void add(uxo_report *self, uxo_severity severity, const uxo_place *place, const char *format, va_list arguments)
{
    self->error_count += severity == UXO_ERROR;
    self->warning_count += severity == UXO_WARNING;
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
    if (place != NULL) {
        message->place = *place;
        message->place.file = place->file != NULL ? strdup(place->file) : NULL;
        message->place.excerpt = place->excerpt != NULL ? strdup(place->excerpt) : NULL;
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
    size_t index;
} sort_item;

/* By place within one file; messages of different files, or without a place, keep the order in which they came. */
static int compare_places(const void *left, const void *right)
{
    const sort_item *const a = left;
    const sort_item *const b = right;
    const uxo_place *const p = &a->message->place;
    const uxo_place *const q = &b->message->place;
    if (p->file != NULL && q->file != NULL && strcmp(p->file, q->file) == 0) {
        if (p->line != q->line) {
            return p->line < q->line ? -1 : 1;
        }
        if (p->column != q->column) {
            return p->column < q->column ? -1 : 1;
        }
    }
    return a->index < b->index ? -1 : a->index > b->index;
}

/* The line of the input with a caret below; long lines are cut about the caret. */
static void print_excerpt(const uxo_place *place, FILE *out)
{
    enum { MAX_SHOWN = 120 };
    const size_t length = strlen(place->excerpt);
    if (place->column == 0 || place->column > length + 1) {
        return;
    }
    const size_t column = place->column - 1;
    size_t start = column > MAX_SHOWN * 2 / 3 ? column - MAX_SHOWN / 2 : 0;
    while (start > 0 && start < length && ((unsigned char)place->excerpt[start] & 0xC0) == 0x80) {
        start++; /* not in the middle of a UTF-8 sequence */
    }
    fprintf(out, "%5u | %.*s\n      | ", (unsigned)place->line,
            (int)(length - start < MAX_SHOWN ? length - start : MAX_SHOWN), place->excerpt + start);
    for (size_t i = start; i < column; i++) {
        const unsigned char byte = (unsigned char)place->excerpt[i];
        if ((byte & 0xC0) != 0x80) {
            fputc(byte == '\t' ? '\t' : ' ', out);
        }
    }
    fputc('^', out);
    for (uint32_t i = 1; i < place->width && i < MAX_SHOWN; i++) {
        fputc('~', out);
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
    if (place->file != NULL && place->line > 0 && place->excerpt != NULL) {
        print_excerpt(place, out);
    }
}

size_t uxo_report_print(const uxo_report *self, size_t first, size_t limit, FILE *out)
{
    if (first >= self->count) {
        return 0;
    }
    const size_t count = self->count - first;
    sort_item *const order = malloc(count * sizeof *order);
    size_t shown[3] = {0, 0, 0};
    size_t printed = 0;
    for (size_t i = 0; order != NULL && i < count; i++) {
        order[i] = (sort_item){&self->item[first + i], i};
    }
    if (order != NULL) {
        qsort(order, count, sizeof *order, compare_places);
    }
    for (size_t i = 0; i < count; i++) {
        const uxo_message *const message = order != NULL ? order[i].message : &self->item[first + i];
        if (shown[message->severity]++ < limit) {
            print_message(message, out);
            printed++;
        }
    }
    free(order);
    for (int severity = UXO_ERROR; severity >= UXO_NOTE; severity--) {
        static const char *const word[] = {"notes", "warnings", "errors"};
        if (shown[severity] > limit) {
            fprintf(out, "uxosim: %zu more %s of this kind not shown\n", shown[severity] - limit, word[severity]);
        }
    }
    return printed;
}
