/* test_path.c - the last part of a path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "uxosim/path.h"

static void the_name_is_behind_the_last_slash(void **state)
{
    (void)state;
    assert_string_equal(uxo_path_name("munitions.yaml"), "munitions.yaml");
    assert_string_equal(uxo_path_name("a/b.c/munitions.yaml"), "munitions.yaml");
    assert_string_equal(uxo_path_name("/munitions.yaml"), "munitions.yaml");
    assert_string_equal(uxo_path_name("../folder/"), "");
    assert_string_equal(uxo_path_name(""), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_name_is_behind_the_last_slash)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
