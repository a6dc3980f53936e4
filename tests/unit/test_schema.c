/* test_schema.c - the table is sound and agrees with itself; numbers, dates and near words; the reference passes its
 * own check. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "uxosim/schema.h"

static void every_row_is_complete(void **state)
{
    (void)state;
    for (int document = UXO_DOCUMENT_SCENARIO; document <= UXO_DOCUMENT_SWEEP; document++) {
        const size_t count = uxo_schema_row_count((uxo_document)document);
        for (size_t i = 0; i < count; i++) {
            const uxo_key_row *const row = uxo_schema_row((uxo_document)document, i);
            assert_non_null(row->meaning);
            assert_ptr_equal(uxo_schema_find((uxo_document)document, row->path), row);
            const char *const dot = strrchr(row->path, '.');
            if (dot != NULL) { /* its section comes before it */
                char parent[128] = "";
                memcpy(parent, row->path, (size_t)(dot - row->path));
                const uxo_key_row *const above = uxo_schema_find((uxo_document)document, parent);
                assert_non_null(above);
                bool before = false;
                for (size_t j = 0; j < i; j++) {
                    before = before || uxo_schema_row((uxo_document)document, j) == above;
                }
                assert_true(before);
            }
            const bool quantity = row->type == UXO_TYPE_RATE || row->type == UXO_TYPE_POSITIVE ||
                                  row->type == UXO_TYPE_REAL || row->type == UXO_TYPE_COUNT ||
                                  row->type == UXO_TYPE_HEADING;
            assert_int_equal(quantity, row->per_allowed != NULL);
            assert_int_equal(quantity && row->per_default == UXO_PER_UNSAID, row->must_say_per);
            if (quantity || row->type == UXO_TYPE_NUMBER || row->type == UXO_TYPE_INTEGER) {
                assert_true(row->minimum <= row->maximum && isfinite(row->maximum));
            }
            assert_false(row->required && row->default_text != NULL);
        }
    }
}

/* A default has to be a value that the key itself takes. */
static void defaults_and_examples_pass_the_check(void **state)
{
    (void)state;
    const size_t count = uxo_schema_row_count(UXO_DOCUMENT_SCENARIO);
    for (size_t i = 0; i < count; i++) {
        const uxo_key_row *const row = uxo_schema_row(UXO_DOCUMENT_SCENARIO, i);
        const char *const text[] = {row->default_text,
                                    row->later != NULL && row->later_words == NULL ? NULL : row->example};
        for (size_t k = 0; k < 2; k++) {
            uxo_yaml yaml;
            uxo_report report;
            uxo_report_init(&report);
            if (text[k] != NULL) {
                assert_int_equal(uxo_yaml_read_text(&yaml, "row", text[k], strlen(text[k]), 1, 1, &report), UXO_OK);
                yaml.root->key = "key";
                const uxo_status status = uxo_schema_check(UXO_DOCUMENT_SCENARIO, yaml.root, row->path, &report);
                if (status != UXO_OK) {
                    uxo_report_print(&report, 0, 9, stderr);
                    fail_msg("%s: %s", row->path, text[k]);
                }
                uxo_yaml_free(&yaml);
            }
            uxo_report_free(&report);
        }
    }
}

static void the_reference_is_a_scenario(void **state)
{
    (void)state;
    uxo_yaml yaml;
    uxo_report report;
    uxo_report_init(&report);
    assert_int_equal(uxo_yaml_read_file(&yaml, UXOSIM_SOURCE_DIR "/configs/reference.yaml", &report), UXO_OK);
    const uxo_status status = uxo_schema_check(UXO_DOCUMENT_SCENARIO, yaml.root, "", &report);
    uxo_report_print(&report, 0, 9, stderr);
    assert_int_equal(status, UXO_OK);
    uxo_report_free(&report);
    uxo_yaml_free(&yaml);
}

static void numbers_are_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0},    {"-0", -0.0}, {"12", 12},    {"+1.5", 1.5},
                {".5", 0.5}, {"5.", 5},    {"1e3", 1000}, {"-2.5E-1", -0.25}};
    static const char *const bad[] = {"",      " 1",   "1 ",  "1,5", "1.5.1", "0x10",     "1e",    "e5",  "1e999",
                                      "nan",   ".nan", "NaN", "inf", "-.inf", "Infinity", "16 %",  "16%", "2 km",
                                      "1_000", "010",  "--1", "1-",  ".",     "-",        "1'000", "½"};
    double value;
    const char *why;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(uxo_schema_number(good[i].text, &value, &why));
        assert_true(value == good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (uxo_schema_number(bad[i], &value, &why)) {
            fail_msg("'%s' was read as %g", bad[i], value);
        }
        assert_non_null(why);
    }
    (void)uxo_schema_number("16 %", &value, &why);
    assert_non_null(strstr(why, "per cent"));
    (void)uxo_schema_number("2 km", &value, &why);
    assert_non_null(strstr(why, "units are part of the key"));
}

static void seeds_use_all_64_bits(void **state)
{
    (void)state;
    uint64_t value;
    assert_true(uxo_schema_unsigned("18446744073709551615", &value));
    assert_true(value == UINT64_MAX);
    assert_true(uxo_schema_unsigned("0", &value) && value == 0);
    assert_false(uxo_schema_unsigned("18446744073709551616", &value));
    assert_false(uxo_schema_unsigned("-1", &value));
    assert_false(uxo_schema_unsigned("", &value));
    assert_false(uxo_schema_unsigned("1e3", &value));
}

static void dates_are_those_of_the_calendar(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int32_t day;
    } good[] = {
        {"1970-01-01", 0}, {"1969-12-31", -1}, {"2000-02-29", 11016}, {"2023-12-31", 19722}, {"1900-01-01", -25567}};
    static const char *const bad[] = {"2023-02-30", "1900-02-29", "2023-13-01",  "2023-00-01", "2023-01-00",
                                      "2023-1-1",   "31.12.2023", "2023-12-31 ", "2023/12/31", "",
                                      "2023-12",    "0000-01-01", "-023-01-01"};
    int32_t day;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(uxo_schema_date(good[i].text, &day));
        assert_int_equal(day, good[i].day);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (uxo_schema_date(bad[i], &day)) {
            fail_msg("'%s' was read as day %d", bad[i], (int)day);
        }
    }
}

static void near_words_are_found(void **state)
{
    (void)state;
    static const char *const name[] = {"cell_size_m", "crs", "bounds_m", "around", "margin_m"};
    assert_string_equal(uxo_schema_nearest("cellsize_m", name, 5), "cell_size_m");
    assert_string_equal(uxo_schema_nearest("cell_szie_m", name, 5), "cell_size_m");
    assert_string_equal(uxo_schema_nearest("csr", name, 5), "crs"); /* a swap of neighbours is one step */
    assert_string_equal(uxo_schema_nearest("cell_size_metres", name, 5), "cell_size_m");
    assert_null(uxo_schema_nearest("banana", name, 5));
    assert_null(uxo_schema_nearest("xyz", name, 5));
    assert_null(uxo_schema_nearest("", name, 5));
    assert_null(uxo_schema_nearest("crs", name, 0));
    char long_word[400];
    memset(long_word, 'x', sizeof long_word);
    long_word[399] = '\0';
    assert_null(uxo_schema_nearest(long_word, name, 5));
}

static void words_are_whole_words(void **state)
{
    (void)state;
    assert_true(uxo_schema_is_word("b", "a|b|c"));
    assert_false(uxo_schema_is_word("", "a|b|c"));
    assert_false(uxo_schema_is_word("a|b", "a|b|c"));
    assert_false(uxo_schema_is_word("ab", "abc|c"));
}

static void a_part_can_be_checked_alone(void **state)
{
    (void)state;
    uxo_yaml yaml;
    uxo_report report;
    uxo_report_init(&report);
    static const char text[] = "{crs: EPSG:32637, cell_size_m: 0, bounds_m: [1, 2]}";
    assert_int_equal(uxo_yaml_read_text(&yaml, "t", text, sizeof text - 1, 1, 1, &report), UXO_OK);
    assert_int_equal(uxo_schema_check(UXO_DOCUMENT_SCENARIO, yaml.root, "grid", &report), UXO_ERR_DATA);
    assert_int_equal(report.error_count, 2);
    uxo_report_free(&report);
    uxo_yaml_free(&yaml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_complete),       cmocka_unit_test(defaults_and_examples_pass_the_check),
        cmocka_unit_test(the_reference_is_a_scenario), cmocka_unit_test(numbers_are_read_strictly),
        cmocka_unit_test(seeds_use_all_64_bits),       cmocka_unit_test(dates_are_those_of_the_calendar),
        cmocka_unit_test(near_words_are_found),        cmocka_unit_test(words_are_whole_words),
        cmocka_unit_test(a_part_can_be_checked_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
