/* test_kernels.c - the kernels of every instruction set give the bits of the portable ones. Laws are in
 * statistics/test_samplers.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "uxosim/grid.h"
#include "uxosim/kernels.h"

enum { LANES = 4096 };

typedef struct lane_memory {
    uint32_t words[7][LANES];
    float z[4][LANES];
} lane_memory;

static uxo_lanes lanes_of(lane_memory *memory)
{
    return (uxo_lanes){memory->words[0],
                       memory->words[1],
                       memory->words[2],
                       memory->words[3],
                       memory->words[4],
                       {memory->z[0], memory->z[1], memory->z[2], memory->z[3]},
                       {memory->words[5], memory->words[6]}};
}

static lane_memory *new_memory(void)
{
    lane_memory *const memory = calloc(1, sizeof *memory);
    for (uint32_t i = 0; i < LANES; i++) {
        memory->words[0][i] = i * 2654435761u;
        memory->words[1][i] = ~i;
        memory->words[2][i] = i % 25;
        memory->words[3][i] = i / 7;
        memory->words[4][i] = i % 7;
    }
    return memory;
}

/* The kernels that a test is about, by the name in its state; a processor that has none of them skips the test. */
static const uxo_kernels *kernels_of(void *const *state)
{
    const uxo_kernels *const kernels = uxo_kernels_select(*state);
    if (kernels == NULL) {
        print_message("this processor has no %s\n", (const char *)*state);
        skip();
    }
    return kernels;
}

static void lanes_have_the_same_bits(void **state)
{
    const uxo_kernels *const kernels = kernels_of(state);
    const uxo_kernels *const portable = uxo_kernels_select("portable");
    lane_memory *const reference = new_memory(), *const other = new_memory();
    const uxo_lanes expected = lanes_of(reference), found = lanes_of(other);
    for (uint32_t realisation = 0; realisation < 40; realisation++) {
        portable->scatter(&expected, LANES, realisation);
        kernels->scatter(&found, LANES, realisation);
        assert_memory_equal(other, reference, sizeof *other);
        portable->draws(&expected, LANES, realisation);
        kernels->draws(&found, LANES, realisation);
        assert_memory_equal(other, reference, sizeof *other);
    }
    free(reference);
    free(other);
}

static void counts_are_the_same(void **state)
{
    static double input[4][LANES];
    static uint32_t expected[LANES], found[LANES];
    const uxo_kernels *const kernels = kernels_of(state);
    for (uint32_t i = 0; i < LANES; i++) {
        const uxo_block block = uxo_block_at((uxo_key){{5, 6}}, i, 0, UXO_PURPOSE_CARRIER, 0);
        const double n = 1.0 + i % 90, p = (1.0 + i % 49) / 150.0;
        input[0][i] = i == 0 ? 1.0 : uxo_uniform_of_words(block.word[0], block.word[1]);
        input[1][i] = i % 10 == 9 ? 1.0 : pow(1.0 - p, n);
        input[2][i] = (n + 1.0) * p / (1.0 - p);
        input[3][i] = p / (1.0 - p);
        expected[i] = uxo_count_by_inversion(input[0][i], input[1][i], input[2][i], input[3][i]);
    }
    memset(found, 0, sizeof found);
    kernels->counts(input[0], input[1], input[2], input[3], found, LANES);
    assert_memory_equal(found, expected, sizeof found);
}

static void cells_are_the_same(void **state)
{
    static const uxo_cell_place places[] = {{10.5, 3.0, -4.0, 7.25, 2.0, 5.0, 1000},
                                            {-3.0, 1e9, 1e9, 5.0, 1e12, 0.0, 13},
                                            {5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 7},
                                            {NAN, 0.0, 0.0, 1.0, INFINITY, 0.0, 1},
                                            {70.0, 30.0, 0.0, 60.0, 0.0, 30.0, 999}};
    enum { PLACES = sizeof places / sizeof places[0], USED = 1000 + 13 + 7 + 1 + 999 };
    const uxo_cell_grid grid = {130.0, 67.0, 67, 3};
    uxo_grid geometry;
    const uxo_kernels *const kernels = kernels_of(state);
    lane_memory *const memory = new_memory();
    const uxo_lanes lanes = lanes_of(memory);
    static uint32_t expected[2][LANES], found[2][LANES];
    uxo_grid_init(&geometry, 0.0, 0.0, 1.0, 130, 67);
    uxo_kernels_select("portable")->scatter(&lanes, LANES, 3);
    uxo_kernels_select("portable")->cells(places, PLACES, &grid, lanes.z[0], lanes.z[1], expected[0], expected[1]);
    kernels->cells(places, PLACES, &grid, lanes.z[0], lanes.z[1], found[0], found[1]);
    assert_memory_equal(found[0], expected[0], USED * sizeof found[0][0]);
    assert_memory_equal(found[1], expected[1], USED * sizeof found[1][0]);
    for (size_t p = 0, lane = 0; p < PLACES; p++) {
        for (size_t end = lane + places[p].blocks; lane < end; lane++) {
            const double a = (double)lanes.z[0][lane], b = (double)lanes.z[1][lane];
            uint32_t ix = 0, iy = 0;
            const bool inside = uxo_grid_locate(&geometry, places[p].x + (places[p].xa * a + places[p].xc * b),
                                                places[p].y + (places[p].ya * a + places[p].yc * b), &ix, &iy);
            assert_true(inside == (expected[0][lane] != UXO_NO_TILE));
            assert_true(!inside || (expected[0][lane] == uxo_grid_tile_of(&geometry, ix, iy) &&
                                    expected[1][lane] == uxo_grid_cell_in_tile(ix, iy)));
        }
    }
    free(memory);
}

static void a_single_block_is_that_of_the_lanes(void **state)
{
    lane_memory *const memory = new_memory();
    const uxo_lanes lanes = lanes_of(memory);
    (void)state;
    uxo_kernels_select(NULL)->draws(&lanes, LANES, 11);
    for (uint32_t i = 0; i < LANES; i++) {
        const uxo_block block = uxo_block_at((uxo_key){{lanes.key0[i], lanes.key1[i]}}, 11, lanes.carrier[i],
                                             (uxo_purpose)lanes.purpose[i], lanes.block[i]);
        assert_memory_equal(&block.z[0], &lanes.z[0][i], sizeof(float));
        assert_memory_equal(&block.z[1], &lanes.z[1][i], sizeof(float));
        assert_int_equal(block.word[0], lanes.word[0][i]);
        assert_int_equal(block.word[1], lanes.word[1][i]);
    }
    free(memory);
}

static void selection_knows_names(void **state)
{
    (void)state;
    assert_non_null(uxo_kernels_select(NULL));
    assert_null(uxo_kernels_select("abacus"));
    assert_string_equal(uxo_kernels_select("portable")->name, "portable");
}

/* One test for each instruction set, so that what this processor cannot show counts as skipped. */
#define OF(test, set)                              \
    {                                              \
#test " (" #set ")", test, NULL, NULL, set \
    }
#define OF_EACH_SET(test) OF(test, sse2), OF(test, avx2), OF(test, avx512)

int main(void)
{
    static char sse2[] = "sse2", avx2[] = "avx2", avx512[] = "avx512";
    const struct CMUnitTest tests[] = {
        OF_EACH_SET(lanes_have_the_same_bits),   OF_EACH_SET(counts_are_the_same),
        OF_EACH_SET(cells_are_the_same),         cmocka_unit_test(a_single_block_is_that_of_the_lanes),
        cmocka_unit_test(selection_knows_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
