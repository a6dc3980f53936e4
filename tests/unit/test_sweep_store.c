/* test_sweep_store.c - tasks in files of tasks: one that was done twice. Stores as users meet them: tests/cli/test_sweep_states.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "scratch.h"
#include "uxosim/sweep_store.h"

static const char IDENTITY[] = "plan\t0000\n";

/* One task in two files: alike, or the other one's table, maps or number of maps differ. */
static void done_twice_has_to_be_alike(void **state)
{
    static const struct {
        const char *table, *maps, *says; /* of the other file; NULL: none */
    } cases[] = {{"table", "maps", NULL},
                 {"tables", "maps", "and not alike: "},
                 {"table", "mops", "and not alike in its maps"},
                 {"table", NULL, "and not alike in its maps"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uxo_sweep_writer writer;
        uxo_sweep_store store;
        uxo_report report;
        uxo_report_init(&report);
        assert_int_equal(uxo_sweep_writer_open(&writer, ".", 1, 1, IDENTITY, true, &report), UXO_OK);
        assert_int_equal(uxo_sweep_writer_keep(&writer, 1, "table", 5, "maps", 4, &report), UXO_OK);
        assert_int_equal(uxo_sweep_writer_close(&writer, &report), UXO_OK);
        const char *const table = cases[i].table, *const maps = cases[i].maps;
        assert_int_equal(uxo_sweep_writer_open(&writer, ".", 1, 2, IDENTITY, true, &report), UXO_OK);
        assert_int_equal(
            uxo_sweep_writer_keep(&writer, 1, table, strlen(table), maps, maps != NULL ? strlen(maps) : 0, &report),
            UXO_OK);
        assert_int_equal(uxo_sweep_writer_close(&writer, &report), UXO_OK);
        const uxo_status status = uxo_sweep_store_scan(&store, ".", 1, 2, IDENTITY, UXO_SWEEP_SCAN_ALL, &report);
        assert_int_equal(status, cases[i].says == NULL ? UXO_OK : UXO_ERR_DATA);
        if (cases[i].says != NULL) {
            assert_non_null(strstr(report.item[0].text, cases[i].says));
        }
        uxo_sweep_store_free(&store);
        assert_int_equal(remove("tasks/0000/0000001-0000001.tasks"), 0);
        assert_int_equal(remove("tasks/0000/0000001-0000002.tasks"), 0);
        uxo_report_free(&report);
    }
    assert_int_equal(remove("tasks/0000"), 0);
    assert_int_equal(remove("tasks"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(done_twice_has_to_be_alike)};
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
