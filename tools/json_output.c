/* json_output.c - see json_output.h. Also safe inside a page: '<', '>' and '&' are written as escapes; and read back as YAML: so is what YAML
 * does not hold as it is. */
#include "json_output.h"

#include <math.h>
#include <string.h>

#include "uxosim/number_text.h"
#include "uxosim/yaml.h"

void json_init(json_output *self, FILE *out)
{
    memset(self, 0, sizeof *self);
    self->out = out;
}

/* Length of a valid UTF-8 sequence of two bytes and more (RFC 3629), else 0. */
static size_t sequence_length(const unsigned char *byte)
{
    const size_t length = byte[0] >= 0xC2 && byte[0] <= 0xDF   ? 2
                          : byte[0] >> 4 == 14                 ? 3
                          : byte[0] >= 0xF0 && byte[0] <= 0xF4 ? 4
                                                               : 0;
    for (size_t i = 1; i < length; i++) {
        if ((byte[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    const bool bad = (byte[0] == 0xE0 && byte[1] < 0xA0) || (byte[0] == 0xED && byte[1] >= 0xA0) ||
                     (byte[0] == 0xF0 && byte[1] < 0x90) || (byte[0] == 0xF4 && byte[1] >= 0x90);
    return bad ? 0 : length;
}

static void write_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (const unsigned char *byte = (const unsigned char *)text; *byte != '\0';) {
        uint32_t code;
        const size_t escaped = uxo_yaml_escaped((const char *)byte, &code);
        if (escaped > 0) {
            fprintf(out, "\\u%04x", code);
            byte += escaped;
        } else if (*byte == '"' || *byte == '\\') {
            fprintf(out, "\\%c", *byte++);
        } else if (*byte == '<' || *byte == '>' || *byte == '&') {
            fprintf(out, "\\u%04x", *byte++);
        } else if (*byte < 0x80) {
            fputc(*byte++, out);
        } else {
            const size_t length = sequence_length(byte);
            if (length == 0) {
                fputs("\\ufffd", out);
            }
            fwrite(byte, 1, length, out);
            byte += length > 0 ? length : 1;
        }
    }
    fputc('"', out);
}

static bool is_inline(const json_output *self)
{
    return self->inline_from && self->depth >= self->inline_depth;
}

static void begin_value(json_output *self, const char *key)
{
    if (self->any[self->depth]) {
        fputc(',', self->out);
    }
    if (self->depth > 0 && !is_inline(self)) {
        fprintf(self->out, "\n%*s", 2 * self->depth, "");
    } else if (self->any[self->depth]) {
        fputc(' ', self->out);
    }
    self->any[self->depth] = true;
    if (key != NULL) {
        write_string(self->out, key);
        fputs(": ", self->out);
    }
}

void json_open(json_output *self, const char *key, char bracket)
{
    begin_value(self, key);
    fputc(bracket, self->out);
    self->depth++;
    self->any[self->depth] = false;
}

void json_open_inline(json_output *self, const char *key, char bracket)
{
    json_open(self, key, bracket);
    if (!self->inline_from) {
        self->inline_from = true;
        self->inline_depth = self->depth;
    }
}

void json_close(json_output *self, char bracket)
{
    const bool in_line = is_inline(self);
    const bool any = self->any[self->depth];
    self->depth--;
    if (any && !in_line) {
        fprintf(self->out, "\n%*s", 2 * self->depth, "");
    }
    fputc(bracket, self->out);
    if (self->inline_from && self->depth < self->inline_depth) {
        self->inline_from = false;
    }
    if (self->depth == 0) {
        fputc('\n', self->out);
    }
}

void json_text(json_output *self, const char *key, const char *text)
{
    begin_value(self, key);
    write_string(self->out, text);
}

void json_number(json_output *self, const char *key, double value)
{
    char text[UXO_NUMBER_SIZE];
    json_raw(self, key, isfinite(value) ? uxo_number_text(text, value) : "null");
}

void json_raw(json_output *self, const char *key, const char *json)
{
    begin_value(self, key);
    fputs(json, self->out);
}
