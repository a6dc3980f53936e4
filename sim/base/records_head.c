/* records_head.c - what a file of records belongs to: names and values, line by line. */
#include <stdlib.h>
#include <string.h>

#include "uxosim/records.h"

/* One line of such a text. */
typedef struct head_line {
    const char *name, *value;
    int name_length, value_length;
} head_line;

/* The line at *text, which is moved behind it; false: there are no more. */
static bool next_line(const char **text, head_line *out)
{
    const char *const start = *text;
    const size_t length = strcspn(start, "\n"), name = strcspn(start, "\t\n");
    if (*start == '\0') {
        return false;
    }
    *text = start + length + (start[length] == '\n');
    *out = (head_line){start, start + name + (name < length), (int)name, (int)(length - name - (name < length))};
    return true;
}

static bool find_line(const char *text, const char *name, int length, head_line *out)
{
    while (next_line(&text, out)) {
        if (out->name_length == length && strncmp(out->name, name, (size_t)length) == 0) {
            return true;
        }
    }
    return false;
}

bool uxo_records_value(const char *text, const char *name, char *value, size_t size)
{
    head_line line;
    if (!find_line(text, name, (int)strlen(name), &line) || (size_t)line.value_length >= size) {
        return false;
    }
    memcpy(value, line.value, (size_t)line.value_length);
    value[line.value_length] = '\0';
    return true;
}

/* What is compared, and whom it is said to. */
typedef struct comparison {
    const char *path, *what;
    const char *other; /* NULL: the same run now; else the file that it is compared with */
    uxo_report *report;
    size_t differences;
} comparison;

enum { MOST_DIFFERENCES = 10, MOST_SHOWN = 80, SHOWN_BEFORE = 20, DIGEST = 64, DIGEST_SHOWN = 12 };

/* A value, cut so that the place where it differs is to be seen. */
typedef struct shown_value {
    char text[MOST_SHOWN + 8];
} shown_value;

static shown_value show(const head_line *line, const head_line *other)
{
    shown_value out;
    int differs = 0;
    while (differs < line->value_length && differs < other->value_length &&
           line->value[differs] == other->value[differs]) {
        differs++;
    }
    const int start = differs > MOST_SHOWN / 2 && line->value_length > MOST_SHOWN ? differs - SHOWN_BEFORE : 0;
    const int rest = line->value_length - start, length = rest < MOST_SHOWN ? rest : MOST_SHOWN;
    snprintf(out.text, sizeof out.text, "%s%.*s%s", start > 0 ? "..." : "", length, line->value + start,
             length < rest ? "..." : "");
    return out;
}

static bool is_digest(const head_line *line)
{
    return line->value_length == DIGEST && strspn(line->value, "0123456789abcdef") == DIGEST;
}

/* Bytes of a file: their digests say nothing to anybody, but that they are two. */
static void say_other_file(const comparison *self, const head_line *line, const head_line *other)
{
    if (self->other != NULL) {
        uxo_report_add(self->report, UXO_ERROR, NULL,
                       "%s '%s': %.*s has other bytes than that of '%s' (SHA-256 %.*s..., there %.*s...)", self->what,
                       self->path, line->name_length, line->name, self->other, DIGEST_SHOWN, line->value, DIGEST_SHOWN,
                       other->value);
    } else {
        uxo_report_add(self->report, UXO_ERROR, NULL, "%s '%s': %.*s has changed (SHA-256 was %.*s..., is %.*s... now)",
                       self->what, self->path, line->name_length, line->name, DIGEST_SHOWN, line->value, DIGEST_SHOWN,
                       other->value);
    }
}

static void say_other_value(const comparison *self, const head_line *line, const head_line *other)
{
    const shown_value here = show(line, other), there = show(other, line);
    if (is_digest(line) && is_digest(other)) {
        say_other_file(self, line, other);
    } else if (self->other != NULL) {
        uxo_report_add(self->report, UXO_ERROR, NULL, "%s '%s': %.*s is '%s', in '%s' it is '%s'", self->what,
                       self->path, line->name_length, line->name, here.text, self->other, there.text);
    } else {
        uxo_report_add(self->report, UXO_ERROR, NULL, "%s '%s': %.*s was '%s', is '%s' now", self->what, self->path,
                       line->name_length, line->name, here.text, there.text);
    }
}

/* there: the line is of the file that is tested. */
static void say_only_one(const comparison *self, const head_line *line, bool there)
{
    const head_line none = {.value = ""};
    const shown_value value = show(line, &none);
    if (self->other != NULL) {
        uxo_report_add(self->report, UXO_ERROR, NULL, "%s '%s': %.*s is '%s' in '%s', and not there in '%s'",
                       self->what, self->path, line->name_length, line->name, value.text,
                       there ? self->path : self->other, there ? self->other : self->path);
    } else {
        uxo_report_add(self->report, UXO_ERROR, NULL,
                       there ? "%s '%s': %.*s was '%s', is no longer there"
                             : "%s '%s': %.*s was not there, is '%s' now",
                       self->what, self->path, line->name_length, line->name, value.text);
    }
}

/* Lines of `from` that `in` has not, or otherwise. `there`: `from` is that of the file. Lines that both have are told once. */
static void compare(comparison *self, const char *from, const char *in, bool there)
{
    head_line line, other;
    while (next_line(&from, &line)) {
        const bool found = find_line(in, line.name, line.name_length, &other);
        const bool equal = found && line.value_length == other.value_length &&
                           strncmp(line.value, other.value, (size_t)line.value_length) == 0;
        if (equal || (found && !there) || self->differences++ >= MOST_DIFFERENCES) {
            continue;
        }
        if (found) {
            say_other_value(self, &line, &other);
        } else {
            say_only_one(self, &line, there);
        }
    }
}

uxo_status uxo_records_check(const uxo_records *self, const char *identity, const char *what, const char *other,
                             uxo_report *report)
{
    comparison all = {.path = self->path, .what = what, .other = other, .report = report};
    if (strcmp(self->identity, identity) == 0) {
        return UXO_OK;
    }
    compare(&all, self->identity, identity, true);
    compare(&all, identity, self->identity, false);
    if (all.differences > MOST_DIFFERENCES) {
        uxo_report_add(report, UXO_ERROR, NULL, "%s '%s': %zu more values differ", what, self->path,
                       all.differences - MOST_DIFFERENCES);
    }
    return uxo_fail(report, UXO_ERR_DATA, NULL, "%s '%s' belongs to another run", what, self->path);
}
