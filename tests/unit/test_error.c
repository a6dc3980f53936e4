/* test_error.c - reports: status, counts, order, excerpts, limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "uxosim/error.h"

static void expect_print(const uxo_report *report, size_t first, size_t limit, const char *wanted)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    assert_non_null(out);
    uxo_report_print(report, first, limit, out);
    fclose(out);
    assert_string_equal(text, wanted);
    free(text);
}

static void statuses_have_codes(void **state)
{
    (void)state;
    assert_int_equal(uxo_status_exit_code(UXO_OK), 0);
    assert_int_equal(uxo_status_exit_code(UXO_ERR_DATA), 65);
    assert_int_equal(uxo_status_exit_code(UXO_ERR_NOINPUT), 66);
    assert_int_equal(uxo_status_exit_code(UXO_STATUS_END), 70);
}

static void counts_follow_severity(void **state)
{
    (void)state;
    uxo_report report;
    uxo_report_init(&report);
    uxo_report_add(&report, UXO_WARNING, NULL, "w");
    uxo_report_add(&report, UXO_NOTE, NULL, "n");
    assert_int_equal(uxo_report_status(&report, 0), UXO_OK);
    assert_int_equal(uxo_fail(&report, UXO_ERR_IO, NULL, "e %d", 1), UXO_ERR_IO);
    assert_int_equal(uxo_report_status(&report, 0), UXO_ERR_DATA);
    assert_int_equal(uxo_report_status(&report, 1), UXO_OK);
    assert_int_equal(report.error_count, 1);
    assert_int_equal(report.warning_count, 1);
    expect_print(&report, 1, 10, "uxosim: note: n\nuxosim: error: e 1\n");
    expect_print(&report, 3, 10, "");
    uxo_report_free(&report);
}

/* Files in the order in which they came up, then lines, then columns; what has no file keeps its place among them. */
static void messages_are_sorted_by_place(void **state)
{
    (void)state;
    uxo_report report;
    uxo_report_init(&report);
    static const struct {
        const char *file;
        uint32_t line, column;
    } place[] = {{"b", 9, 1}, {"a", 5, 1}, {NULL, 0, 0}, {"b", 2, 7}, {"b", 2, 3}, {"a", 1, 1}, {"b", 0, 0}};
    for (size_t i = 0; i < sizeof place / sizeof *place; i++) {
        const uxo_place at = {.file = place[i].file, .line = place[i].line, .column = place[i].column};
        uxo_report_add(&report, UXO_ERROR, place[i].file != NULL ? &at : NULL, "%zu", i);
    }
    expect_print(&report, 0, 100,
                 "b: error: 6\nb:2:3: error: 4\nb:2:7: error: 3\nb:9:1: error: 0\na:1:1: error: 5\na:5:1: error: "
                 "1\nuxosim: error: 2\n");
    expect_print(&report, 0, 2, "b: error: 6\nb:2:3: error: 4\nuxosim: 5 more errors not shown\n");
    uxo_report_free(&report);
}

static void the_same_is_said_once(void **state)
{
    (void)state;
    uxo_report report;
    const uxo_place at = {.file = "a", .line = 3, .column = 1}, other = {.file = "a", .line = 4, .column = 1};
    uxo_report_init(&report);
    uxo_report_add(&report, UXO_ERROR, &at, "x");
    uxo_report_add(&report, UXO_ERROR, &other, "x");
    uxo_report_add(&report, UXO_ERROR, &at, "x");
    uxo_report_add(&report, UXO_WARNING, &at, "x");
    uxo_report_add(&report, UXO_ERROR, &at, "y");
    expect_print(&report, 0, 100, "a:3:1: error: x\na:3:1: warning: x\na:3:1: error: y\na:4:1: error: x\n");
    uxo_report_free(&report);
}

static void excerpts_show_the_place_by_characters(void **state)
{
    (void)state;
    uxo_report report;
    const uxo_place at = {.file = "a", .line = 12, .column = 5, .width = 3, .excerpt = "\xC3\xA4\xC3\xB6: 1 %"};
    uxo_report_init(&report);
    uxo_report_add(&report, UXO_ERROR, &at, "bad");
    expect_print(&report, 0, 100, "a:12:5: error: bad\n   12 | \xC3\xA4\xC3\xB6: 1 %\n      |     ^~~\n");
    uxo_report_free(&report);
}

static void long_lines_are_cut_about_the_place(void **state)
{
    (void)state;
    uxo_report report;
    char line[1001], wanted[400];
    memset(line, 'x', 1000);
    line[1000] = '\0';
    line[499] = 'Y';
    const uxo_place at = {.file = "a", .line = 1, .column = 500, .width = 1, .excerpt = line};
    uxo_report_init(&report);
    uxo_report_add(&report, UXO_ERROR, &at, "bad");
    const int shown =
        snprintf(wanted, sizeof wanted, "a:1:500: error: bad\n    1 | %.120s\n      | %59s^\n", line + 440, "");
    assert_true(shown > 0);
    expect_print(&report, 0, 100, wanted);
    assert_int_equal(strlen(report.item[0].place.excerpt), 120);
    uxo_report_free(&report);
}

static void terminal_sequences_do_not_get_out(void **state)
{
    (void)state;
    uxo_report report;
    uxo_report_init(&report);
    uxo_report_add(&report, UXO_ERROR, NULL, "a%sb", "\x1B[2J\n\x7F");
    expect_print(&report, 0, 100, "uxosim: error: a?[2J??b\n");
    uxo_report_free(&report);
}

static void floods_are_counted_not_kept(void **state)
{
    (void)state;
    uxo_report report;
    uxo_report_init(&report);
    for (int i = 0; i < 50000; i++) {
        uxo_report_add(&report, UXO_ERROR, NULL, "%d", i);
    }
    assert_int_equal(report.error_count, 50000);
    assert_true(report.count <= 10000);
    uxo_report_free(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_have_codes),
        cmocka_unit_test(counts_follow_severity),
        cmocka_unit_test(messages_are_sorted_by_place),
        cmocka_unit_test(the_same_is_said_once),
        cmocka_unit_test(excerpts_show_the_place_by_characters),
        cmocka_unit_test(long_lines_are_cut_about_the_place),
        cmocka_unit_test(terminal_sequences_do_not_get_out),
        cmocka_unit_test(floods_are_counted_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
