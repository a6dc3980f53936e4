/* test_result_pack.c - packed chunks come back bit by bit, shuffled or not, of any size, and smooth ones pack well. */
#include <libdeflate.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../sim/result/result_pack.h"

static float values[UXO_CHUNK][UXO_CHUNK];

typedef float law(uint32_t x, uint32_t y);

static float bell(uint32_t x, uint32_t y)
{
    const double dx = (double)x - 100.3, dy = (double)y - 130.7;
    return (float)exp(-(dx * dx + dy * dy) / 5000.0);
}

static float hill(uint32_t x, uint32_t y)
{
    return bell(x, y) > 0.5f ? bell(x, y) : 0.0f;
}

static float counts(uint32_t x, uint32_t y)
{
    return (float)((x * 7919u + y * 104729u) % 11u) / 1000.0f;
}

static float last_cell(uint32_t x, uint32_t y)
{
    return x == UXO_CHUNK - 1 && y == UXO_CHUNK - 1 ? 1.0f : 0.0f;
}

static void fill(law *of)
{
    for (uint32_t y = 0; y < UXO_CHUNK; y++) {
        for (uint32_t x = 0; x < UXO_CHUNK; x++) {
            values[y][x] = of(x, y);
        }
    }
}

/* Packs and unpacks by zlib's format and HDF5's shuffling; returns the packed size. */
static size_t round_trip(result_packers *packers, const result_form *form)
{
    const size_t count = (size_t)form->width * form->height, bytes = count * form->item_bytes;
    uxo_packed packed;
    unsigned char *const back = malloc(bytes);
    struct libdeflate_decompressor *const reader = libdeflate_alloc_decompressor();
    assert_true(result_pack(packers, form, values, &packed));
    if (packed.size > 0) {
        assert_int_equal(libdeflate_zlib_decompress(reader, packed.bytes, packed.size, back, bytes, NULL), 0);
    }
    for (size_t i = 0; packed.size > 0 && i < count; i++) {
        const unsigned char *const cell =
            (const unsigned char *)values + (i / form->width * UXO_CHUNK + i % form->width) * form->item_bytes;
        for (size_t b = 0; b < form->item_bytes; b++) {
            assert_int_equal(back[form->shuffled ? b * count + i : i * form->item_bytes + b], cell[b]);
        }
    }
    libdeflate_free_decompressor(reader);
    free(back);
    free(packed.bytes);
    return packed.size;
}

static void comes_back(void **state)
{
    (void)state;
    static law *const laws[] = {bell, hill, counts, last_cell};
    static const uint32_t sizes[][2] = {{256, 256}, {1, 1}, {1, 256}, {256, 1}, {3, 5}, {255, 200}};
    result_packers packers = {{NULL}};
    for (size_t l = 0; l < sizeof laws / sizeof *laws; l++) {
        fill(laws[l]);
        for (size_t i = 0; i < 2 * 2 * 2 * sizeof sizes / sizeof *sizes; i++) {
            const result_form form = {.width = sizes[i / 8][0],
                                      .height = sizes[i / 8][1],
                                      .item_bytes = i % 2 == 0 ? sizeof(float) : sizeof(uint16_t),
                                      .level = i / 2 % 2 == 0 ? RESULT_LEVEL_MAPS : RESULT_LEVEL_INPUTS,
                                      .shuffled = i / 4 % 2 == 0};
            round_trip(&packers, &form);
        }
    }
    result_packers_free(&packers);
}

static void empty_chunks_take_nothing(void **state)
{
    (void)state;
    result_packers packers = {{NULL}};
    result_form form = {256, 256, sizeof(float), RESULT_LEVEL_MAPS, false, 0};
    const float empty = 0.25f;
    fill(last_cell);
    assert_true(round_trip(&packers, &form) > 0);
    values[UXO_CHUNK - 1][UXO_CHUNK - 1] = 0.0f;
    assert_int_equal(round_trip(&packers, &form), 0);
    memcpy(&form.empty, &empty, sizeof empty);
    assert_true(round_trip(&packers, &form) > 0);
    form.height = 3; /* what lies beyond the grid does not count */
    for (uint32_t x = 0; x < UXO_CHUNK; x++) {
        values[0][x] = values[1][x] = values[2][x] = empty;
    }
    assert_int_equal(round_trip(&packers, &form), 0);
    result_packers_free(&packers);
}

static void smooth_values_pack_by_their_high_bytes(void **state)
{
    (void)state;
    result_packers packers = {{NULL}};
    const result_form plain = {256, 256, sizeof(float), RESULT_LEVEL_MAPS, false, 0};
    const result_form shuffled = {256, 256, sizeof(float), RESULT_LEVEL_MAPS, true, 0};
    fill(bell);
    assert_true(round_trip(&packers, &shuffled) < round_trip(&packers, &plain));
    fill(hill); /* a sixth of the cells, the others zero */
    assert_true(round_trip(&packers, &shuffled) < 4 * UXO_CHUNK_CELLS / 6);
    fill(counts);
    assert_true(round_trip(&packers, &plain) < 4 * UXO_CHUNK_CELLS / 8);
    result_packers_free(&packers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(comes_back), cmocka_unit_test(empty_chunks_take_nothing),
                                       cmocka_unit_test(smooth_values_pack_by_their_high_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
