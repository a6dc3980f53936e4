/* test_result_read.c - foreign, newer, damaged and incomplete files are refused. */
#include <hdf5.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "result_reading.h"
#include "scratch.h"
#include "uxosim/digest.h"
static void expect_refusal(const char *path, uxo_status expected, const char *words)
{
    uxo_report report;
    uxo_result *result = NULL;
    uxo_report_init(&report);
    assert_int_equal(uxo_result_open(&result, path, &report), expected);
    assert_null(result);
    assert_int_equal(report.error_count, 1);
    const char *const said = report.item[0].text;
    if (strstr(said, words) == NULL) {
        fail_msg("'%s' does not say '%s'", said, words);
    }
    uxo_report_free(&report);
}

/* Seals anew what HDF5 has changed: whatever it left of the old seal, then the digest of all of it. */
static void seal(const char *path)
{
    char hex[UXO_DIGEST_SIZE];
    uint64_t bytes;
    assert_true(uxo_digest_file(path, &bytes, hex));
    FILE *const file = fopen(path, "ab");
    fprintf(file, "\nuxosim-sha256 %s\n", hex);
    fclose(file);
}

static void set_mark(const char *path, const char *name, int32_t value)
{
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
    assert_true(H5Awrite(attribute, H5T_NATIVE_INT32, &value) >= 0);
    H5Aclose(attribute);
    H5Fclose(file);
    seal(path);
}

static void flip_byte(const char *path, long at)
{
    FILE *const file = fopen(path, "r+b");
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    const int byte = fgetc(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    fputc(byte ^ 1, file);
    fclose(file);
}

static void refuses(void **state)
{
    (void)state;
    const result_fixture_options options = result_fixture_usual();
    result_fixture fixture;
    result_fixture_init(&fixture, &options);
    result_fixture_write(&fixture, "a.nc");
    flip_byte("a.nc", 12345);
    expect_refusal("a.nc", UXO_ERR_DATA, "was damaged or changed after it was written");
    flip_byte("a.nc", 12345);
    uxo_result_close(result_open_file("a.nc"));
    expect_refusal("nothing.nc", UXO_ERR_NOINPUT, "No such file");
    FILE *const text = fopen("text.nc", "w");
    fputs("not HDF5", text);
    fclose(text);
    expect_refusal("text.nc", UXO_ERR_DATA, "not an HDF5 file");
    expect_refusal(".", UXO_ERR_DATA, "not an HDF5 file");
    H5Fclose(H5Fcreate("other.h5", H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    expect_refusal("other.h5", UXO_ERR_DATA, "does not end in the seal");
    seal("other.h5");
    expect_refusal("other.h5", UXO_ERR_DATA, "not a result of uxosim");
    set_mark("a.nc", "format_version", 2);
    expect_refusal("a.nc", UXO_ERR_DATA, "use a newer one");
    set_mark("a.nc", "format_version", 1);
    set_mark("a.nc", "complete", 0);
    expect_refusal("a.nc", UXO_ERR_DATA, "not complete");
    set_mark("a.nc", "complete", 1);
    uxo_result_close(result_open_file("a.nc"));
    assert_int_equal(truncate("a.nc", 20000), 0);
    expect_refusal("a.nc", UXO_ERR_DATA, "");
    result_fixture_free(&fixture);
    scratch_clear();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
