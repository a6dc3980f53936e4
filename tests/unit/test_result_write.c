/* test_result_write.c - nothing is left of a write that failed, and what was there before stays. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "result_reading.h"
#include "scratch.h"
/* A full disk, at many points of the file. */
static void full_disk(void **state)
{
    (void)state;
    const result_fixture_options options = result_fixture_usual();
    result_fixture fixture;
    struct rlimit before;
    signal(SIGXFSZ, SIG_IGN);
    result_fixture_init(&fixture, &options);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (rlim_t bytes = 0; bytes < 100000; bytes += 9973) {
        uxo_report report;
        const struct rlimit limit = {bytes, before.rlim_max};
        uxo_report_init(&report);
        setrlimit(RLIMIT_FSIZE, &limit);
        const uxo_status status = uxo_result_write("a.nc", &fixture.run, &report);
        setrlimit(RLIMIT_FSIZE, &before);
        assert_int_equal(status, UXO_ERR_IO);
        assert_int_equal(report.error_count, 1);
        assert_non_null(strstr(report.item[0].text, "File too large"));
        assert_int_equal(scratch_clear(), 0);
        uxo_report_free(&report);
    }
    result_fixture_write(&fixture, "a.nc");
    assert_int_equal(scratch_clear(), 1);
    result_fixture_free(&fixture);
}

static void interrupted(void **state)
{
    (void)state;
    const result_fixture_options options = result_fixture_usual();
    const volatile sig_atomic_t stop = SIGINT;
    uxo_report report;
    result_fixture fixture;
    uxo_report_init(&report);
    result_fixture_init(&fixture, &options);
    result_fixture_write(&fixture, "a.nc");
    fixture.engine.stop = &stop;
    assert_int_equal(uxo_result_write("a.nc", &fixture.run, &report), UXO_ERR_INTERRUPTED);
    uxo_result_close(result_open_file("a.nc")); /* the one before is still there */
    assert_int_equal(scratch_clear(), 1);
    assert_int_equal(uxo_result_write("a.nc", &fixture.run, &report), UXO_ERR_INTERRUPTED);
    assert_int_equal(scratch_clear(), 0);
    assert_int_equal(uxo_result_write("no/such/folder/a.nc", &fixture.run, &report), UXO_ERR_CANTCREATE);
    result_fixture_free(&fixture);
    uxo_report_free(&report);
}

/* The maps are in the file before the run has checked itself. */
static void failed_self_check(void **state)
{
    (void)state;
    const result_fixture_options options = result_fixture_usual();
    uxo_report report;
    result_fixture fixture;
    uxo_report_init(&report);
    result_fixture_init(&fixture, &options);
    fixture.outcome.total_duds++;
    assert_int_equal(uxo_result_write("a.nc", &fixture.run, &report), UXO_ERR_SELFCHECK);
    assert_int_equal(report.error_count, 1);
    assert_non_null(strstr(report.item[0].text, "self-check failed"));
    assert_int_equal(scratch_clear(), 0);
    result_fixture_free(&fixture);
    uxo_report_free(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(full_disk), cmocka_unit_test(interrupted),
                                       cmocka_unit_test(failed_self_check)};
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
