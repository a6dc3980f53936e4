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
    uxo_report *report;
    size_t differences;
} comparison;

enum { MOST_DIFFERENCES = 10, MOST_SHOWN = 80 };

static int shown(int length)
{
    return length < MOST_SHOWN ? length : MOST_SHOWN;
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
            uxo_report_add(self->report, UXO_ERROR, NULL, "%s '%s': %.*s was '%.*s', is '%.*s'", self->what, self->path,
                           line.name_length, line.name, shown(line.value_length), line.value, shown(other.value_length),
                           other.value);
        } else {
            uxo_report_add(self->report, UXO_ERROR, NULL, "%s '%s': %.*s '%.*s' is %s", self->what, self->path,
                           line.name_length, line.name, shown(line.value_length), line.value,
                           there ? "no longer there" : "new");
        }
    }
}

uxo_status uxo_records_check(const uxo_records *self, const char *identity, const char *what, uxo_report *report)
{
    comparison all = {.path = self->path, .what = what, .report = report};
    compare(&all, self->identity, identity, true);
    compare(&all, identity, self->identity, false);
    return all.differences > 0 || strcmp(self->identity, identity) != 0
               ? uxo_fail(report, UXO_ERR_DATA, NULL, "%s '%s' belongs to another run", what, self->path)
               : UXO_OK;
}
