/* test_gdal_loading.c - the thread that loads GDAL has loaded it when it ends, and asks for no signal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "uxosim/gdal_library.h"
#include "uxosim/gdal_loading.h"

static bool gdal_is_loaded(void)
{
    char line[4096];
    bool found = false;
    FILE *const maps = fopen("/proc/self/maps", "r");
    assert_non_null(maps);
    while (fgets(line, sizeof line, maps) != NULL) {
        found = found || strstr(line, "/libgdal.so") != NULL;
    }
    fclose(maps);
    return found;
}

static void it_is_loaded_when_the_thread_has_ended(void **state)
{
    (void)state;
    sigset_t before, after;
    uxo_gdal_loading loading;
    assert_false(gdal_is_loaded());
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &before), 0);
    uxo_gdal_loading_begin(&loading);
    assert_true(loading.running);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &after), 0);
    assert_memory_equal(&before, &after, sizeof before); /* the caller's own are as they were */
    uxo_gdal_loading_end(&loading);
    assert_true(gdal_is_loaded());
    assert_false(loading.running);
    uxo_gdal_loading_end(&loading); /* a second time does nothing */
}

static void who_opens_it_meanwhile_gets_it(void **state)
{
    (void)state;
    uxo_gdal gdal;
    uxo_report report;
    uxo_gdal_loading loading, none = {.running = false};
    uxo_report_init(&report);
    uxo_gdal_loading_end(&none);
    uxo_gdal_loading_begin(&loading);
    assert_int_equal(uxo_gdal_open(&gdal, NULL, &report), UXO_OK);
    assert_true(gdal.GDALGetDriverCount() >= 0);
    uxo_gdal_loading_end(&loading);
    uxo_report_free(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_loaded_when_the_thread_has_ended),
                                       cmocka_unit_test(who_opens_it_meanwhile_gets_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
