/* text_output.c - see text_output.h. Not here: what the tables say. */
#define _XOPEN_SOURCE 700 /* wcwidth */
#include "text_output.h"

#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* Decodes one UTF-8 sequence; returns its length, or 0 when the bytes are not one. */
static size_t decode(const char *text, uint32_t *code)
{
    const unsigned char *const byte = (const unsigned char *)text;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const size_t length = byte[0] < 0x80       ? 1
                          : byte[0] >> 5 == 6  ? 2
                          : byte[0] >> 4 == 14 ? 3
                          : byte[0] >> 3 == 30 ? 4
                                               : 0;
    if (length == 0) {
        return 0;
    }
    *code = length == 1 ? byte[0] : byte[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((byte[i] & 0xC0) != 0x80) {
            return 0;
        }
        *code = *code << 6 | (byte[i] & 0x3F);
    }
    return *code < least[length] || *code > 0x10FFFF || (*code >= 0xD800 && *code < 0xE000) ? 0 : length;
}

void text_fit(char *text, size_t size, const char *format, ...)
{
    static const char ellipsis[] = "\xE2\x80\xA6";
    va_list arguments;
    va_start(arguments, format);
    const int wanted = vsnprintf(text, size, format, arguments);
    va_end(arguments);
    if (wanted >= 0 && (size_t)wanted >= size) {
        size_t end = size - sizeof ellipsis;
        while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80) {
            end--;
        }
        memcpy(text + end, ellipsis, sizeof ellipsis);
    }
}

static size_t width_here(const char *text)
{
    size_t width = 0;
    while (*text != '\0') {
        uint32_t code = 0;
        const size_t length = decode(text, &code);
        const int columns = length > 0 ? wcwidth((wchar_t)code) : 1;
        width += columns > 0 ? (size_t)columns : 0;
        text += length > 0 ? length : 1;
    }
    return width;
}

/* wcwidth asks the locale; the process stays in its own. */
size_t text_width(const char *text)
{
    const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    const locale_t before = unicode != (locale_t)0 ? uselocale(unicode) : (locale_t)0;
    const size_t width = width_here(text);
    if (unicode != (locale_t)0) {
        uselocale(before);
        freelocale(unicode);
    }
    return width;
}

/* Hebrew, Arabic and their neighbours, presentation forms, and the supplementary planes of such scripts. */
static bool is_right_to_left(uint32_t code)
{
    return (code >= 0x590 && code <= 0x8FF) || (code >= 0xFB1D && code <= 0xFDFF) ||
           (code >= 0xFE70 && code <= 0xFEFF) || (code >= 0x10800 && code <= 0x10FFF) ||
           (code >= 0x1E800 && code <= 0x1EFFF);
}

/* Controls, and the marks that turn the direction of what follows. */
static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0x2028 || code == 0x2029;
}

char *text_for_line(const char *text)
{
    static const char left_to_right_mark[] = "\xE2\x80\x8E";
    char *const line = malloc(strlen(text) + sizeof left_to_right_mark);
    char *next = line;
    bool right_to_left = false;
    while (line != NULL && *text != '\0') {
        uint32_t code = 0;
        const size_t length = decode(text, &code);
        if (length == 0 || is_control(code)) {
            *next++ = '?';
        } else {
            memcpy(next, text, length);
            next += length;
            right_to_left = right_to_left || is_right_to_left(code);
        }
        text += length > 0 ? length : 1;
    }
    if (line != NULL) {
        memcpy(next, right_to_left ? left_to_right_mark : "", right_to_left ? sizeof left_to_right_mark : 1);
    }
    return line;
}

static void with_commas(const char *digits, char *text, size_t size)
{
    const size_t whole = strspn(digits, "-0123456789");
    const size_t sign = digits[0] == '-';
    size_t length = 0;
    for (size_t i = 0; digits[i] != '\0' && length + 2 < size; i++) {
        if (i > sign && i < whole && (whole - i) % 3 == 0) {
            text[length++] = ',';
        }
        text[length++] = digits[i];
    }
    text[length] = '\0';
}

const char *text_about(char text[TEXT_NUMBER_SIZE], double value)
{
    char digits[TEXT_NUMBER_SIZE];
    const double size = fabs(value);
    if (isnan(value)) {
        return strcpy(text, "-");
    }
    if (size < 100.0 && size == floor(size)) {
        snprintf(digits, sizeof digits, "%.0f", value);
    } else if (size < 1e-3) {
        return strcpy(text, value > 0.0 ? "<0.001" : ">-0.001");
    } else if (size > 1e15) {
        snprintf(digits, sizeof digits, "%.1e", value);
    } else {
        const double unit = pow(10.0, floor(log10(size)) - 1.0);
        const double rounded = round(value / unit) * unit;
        const int decimals = unit < 1.0 ? (int)lround(-log10(unit)) : 0;
        snprintf(digits, sizeof digits, "%.*f", decimals, rounded);
    }
    with_commas(digits, text, TEXT_NUMBER_SIZE);
    return text;
}

const char *text_whole(char text[TEXT_NUMBER_SIZE], double value)
{
    char digits[TEXT_NUMBER_SIZE];
    if (isnan(value) || fabs(value) > 1e15) {
        return text_about(text, value);
    }
    snprintf(digits, sizeof digits, "%.0f", value);
    with_commas(digits, text, TEXT_NUMBER_SIZE);
    return text;
}

const char *text_interval(char text[TEXT_INTERVAL_SIZE], double value, double low, double high)
{
    char number[3][TEXT_NUMBER_SIZE];
    text_about(number[0], value);
    if (isnan(low) || isnan(high)) {
        snprintf(text, TEXT_INTERVAL_SIZE, "%s", number[0]);
    } else {
        snprintf(text, TEXT_INTERVAL_SIZE, "%s (%s to %s)", number[0], text_about(number[1], low),
                 text_about(number[2], high));
    }
    return text;
}

void text_table_init(text_table *self, size_t columns)
{
    memset(self, 0, sizeof *self);
    self->columns = columns;
    self->left = calloc(columns, sizeof *self->left);
    self->failed = self->left == NULL;
}

void text_table_free(text_table *self)
{
    for (size_t i = 0; self->cell != NULL && i < self->rows * self->columns; i++) {
        free(self->cell[i]);
    }
    free(self->cell);
    free(self->left);
    memset(self, 0, sizeof *self);
}

void text_table_add(text_table *self, const char *const *texts)
{
    if (self->rows == self->capacity) {
        const size_t capacity = self->capacity == 0 ? 64 : 2 * self->capacity;
        char **const larger = realloc(self->cell, capacity * self->columns * sizeof *larger);
        if (larger == NULL) {
            self->failed = true;
            return;
        }
        self->cell = larger;
        self->capacity = capacity;
    }
    for (size_t i = 0; i < self->columns; i++) {
        char *const text = texts != NULL ? text_for_line(texts[i] != NULL ? texts[i] : "") : NULL;
        self->cell[self->rows * self->columns + i] = text;
        self->failed = self->failed || (texts != NULL && text == NULL);
    }
    self->rows++;
}

static void print_rule(size_t width, FILE *out)
{
    for (size_t i = 0; i < width; i++) {
        fputc('-', out);
    }
    fputc('\n', out);
}

static void print_row(const text_table *self, char *const *cell, const size_t *width, FILE *out)
{
    for (size_t i = 0; i < self->columns; i++) {
        const size_t padding = width[i] - text_width(cell[i]);
        const bool last = i + 1 == self->columns;
        if (self->left[i]) {
            fprintf(out, "%s%*s", cell[i], last ? 0 : (int)padding, "");
        } else {
            fprintf(out, "%*s%s", (int)padding, "", cell[i]);
        }
        fputs(last ? "\n" : "  ", out);
    }
}

void text_table_print(const text_table *self, FILE *out)
{
    size_t *const width = calloc(self->columns, sizeof *width);
    if (self->failed || width == NULL) {
        fputs("(out of memory)\n", out);
        free(width);
        return;
    }
    size_t total = 2 * (self->columns - 1);
    for (size_t i = 0; i < self->columns; i++) {
        for (size_t row = 0; row < self->rows; row++) {
            const char *const cell = self->cell[row * self->columns + i];
            const size_t columns = cell != NULL ? text_width(cell) : 0;
            width[i] = columns > width[i] ? columns : width[i];
        }
        total += width[i];
    }
    for (size_t row = 0; row < self->rows; row++) {
        char *const *const cell = self->cell + row * self->columns;
        if (cell[0] == NULL) {
            print_rule(total, out);
        } else {
            print_row(self, cell, width, out);
        }
    }
    free(width);
}

void text_wrap(const char *text, size_t indent, FILE *out)
{
    enum { LINE = 78 };
    size_t column = 0;
    while (*text != '\0') {
        const size_t length = strcspn(text, " ");
        char *const word = strndup(text, length);
        if (word == NULL) {
            return;
        }
        const size_t width = text_width(word);
        if (column > 0 && indent + column + 1 + width > LINE) {
            fputc('\n', out);
            column = 0;
        }
        fprintf(out, "%*s%s", column == 0 ? (int)indent : 1, "", word);
        column += width + (column > 0);
        free(word);
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}
