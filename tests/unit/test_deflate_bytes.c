/* test_deflate_bytes.c - bytes that begin a deflate stream are inflated again, whatever runs of zeros they hold. */
#include <libdeflate.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../sim/result/deflate_bytes.h"

/* Not zero, and no two alike in a row. */
static void noise(unsigned char *bytes, size_t count)
{
    uint32_t state = 1;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        bytes[i] = (unsigned char)(state >> 24 | 1);
    }
}

/* Closes the stream by a compressor's own, and inflates both. Returns the size of the beginning. */
static size_t check(const unsigned char *bytes, size_t count)
{
    static const char rest[] = "what a compressor makes of the rest";
    struct libdeflate_compressor *const writer = libdeflate_alloc_compressor(1);
    struct libdeflate_decompressor *const reader = libdeflate_alloc_decompressor();
    const size_t room = deflate_bytes_bound(count) + 100;
    unsigned char *const packed = malloc(room), *const back = malloc(count + sizeof rest);
    const size_t size = deflate_bytes(bytes, count, packed);
    assert_true(size <= deflate_bytes_bound(count));
    const size_t end = libdeflate_deflate_compress(writer, rest, sizeof rest, packed + size, room - size);
    assert_true(end > 0);
    assert_int_equal(libdeflate_deflate_decompress(reader, packed, size + end, back, count + sizeof rest, NULL), 0);
    assert_memory_equal(back, bytes, count);
    assert_memory_equal(back + count, rest, sizeof rest);
    free(packed);
    free(back);
    libdeflate_free_compressor(writer);
    libdeflate_free_decompressor(reader);
    return size;
}

static void runs_of_any_length(void **state)
{
    (void)state;
    static unsigned char bytes[4096];
    for (size_t zeros = 0; zeros <= 1100; zeros++) {
        for (size_t before = 0; before <= 3; before += 3) {
            for (size_t after = 0; after <= 5; after += 5) {
                noise(bytes, before + zeros + after);
                memset(bytes + before, 0, zeros);
                check(bytes, before + zeros + after);
            }
        }
    }
}

static void long_ones(void **state)
{
    (void)state;
    static unsigned char bytes[300000];
    memset(bytes, 0, sizeof bytes);
    assert_true(check(bytes, sizeof bytes) < sizeof bytes / 100);
    noise(bytes, sizeof bytes);
    assert_true(check(bytes, sizeof bytes) <= sizeof bytes + 40);
    for (size_t i = 0; i < sizeof bytes; i += 600) { /* more zeros than not */
        memset(bytes + i, 0, 350);
    }
    assert_true(check(bytes, sizeof bytes) < sizeof bytes / 2);
    for (size_t i = 0; i < sizeof bytes; i++) { /* runs as short as are coded: nothing may overflow */
        bytes[i] = i % 33 == 0;
    }
    assert_true(check(bytes, sizeof bytes) < sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = i % 32 == 0;
    }
    check(bytes, sizeof bytes);
    assert_int_equal(check(bytes, 0), 0);
}

static void tells_random_from_regular(void **state)
{
    (void)state;
    static unsigned char bytes[65536];
    noise(bytes, sizeof bytes);
    memset(bytes, 0, sizeof bytes / 2);
    assert_true(deflate_looks_random(bytes, sizeof bytes));
    memset(bytes, 0, sizeof bytes);
    assert_true(deflate_looks_random(bytes, sizeof bytes)); /* nothing but zeros, which cost nothing */
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(i / 5000 + 1);
    }
    assert_false(deflate_looks_random(bytes, sizeof bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(runs_of_any_length), cmocka_unit_test(long_ones),
                                       cmocka_unit_test(tells_random_from_regular)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
