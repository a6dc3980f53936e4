/* reported.c - see reported.h. */
#include "reported.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void write_text(const char *name, const char *text)
{
    FILE *const file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

void assert_reported(const uxo_report *report, uxo_severity severity, const char *text)
{
    for (size_t i = 0; i < report->count; i++) {
        char line[8192];
        const uxo_message *const message = &report->item[i];
        snprintf(line, sizeof line, "%s:%u:%u: %s", message->place.file != NULL ? message->place.file : "",
                 message->place.line, message->place.column, message->text);
        if (message->severity == severity && strstr(line, text) != NULL) {
            return;
        }
    }
    uxo_report_print(report, 0, 50, stderr);
    fail_msg("no such message: %s", text);
}

void assert_count(const uxo_report *report, uxo_severity severity, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < report->count; i++) {
        found += report->item[i].severity == severity;
    }
    if (found != count) {
        uxo_report_print(report, 0, 50, stderr);
        fail_msg("%zu messages of severity %d, expected %zu", found, (int)severity, count);
    }
}
