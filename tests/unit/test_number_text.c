/* test_number_text.c - texts read back as the same number, and are the shortest that do. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "uxosim/number_text.h"
#include "uxosim/rng.h"

static void check(double value, const char *expected)
{
    char text[UXO_NUMBER_SIZE];
    assert_string_equal(uxo_number_text(text, value), expected);
}

static void known(void **state)
{
    (void)state;
    check(0.1, "0.1");
    check(1.0 / 3.0, "0.3333333333333333");
    check(0.1 + 0.2, "0.30000000000000004");
    check(-5540000.0, "-5540000");
    check(1e300, "1e+300");
    check((double)NAN, "");
    check((double)-INFINITY, "-inf");
}

static void round_trip(void **state)
{
    (void)state;
    uxo_stream stream = uxo_stream_at(uxo_key_make(1, UXO_LEVEL_STRIKE, "numbers"), 0, 0, UXO_PURPOSE_SCATTER);
    for (int i = 0; i < 100000; i++) {
        char text[UXO_NUMBER_SIZE];
        double value;
        const uint64_t bits = (uint64_t)uxo_stream_word(&stream) << 32 | uxo_stream_word(&stream);
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value)) {
            const double back = strtod(uxo_number_text(text, value), NULL);
            assert_memory_equal(&back, &value, sizeof value);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known), cmocka_unit_test(round_trip)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
