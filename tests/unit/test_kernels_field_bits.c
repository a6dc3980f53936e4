/* test_kernels_field_bits.c - the kernels of fields of every instruction set against the portable ones, bit by bit. Those
 * against direct evaluation: test_kernels_field.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "field_cases.h"
#include "instruction_sets.h"

/* The kernels that a test is about, by the name in its state; a processor that has none of them skips the test. */
static const uxo_field_kernels *kernels_of(void *const *state)
{
    const uxo_field_kernels *const kernels = uxo_field_kernels_select(*state);
    if (kernels == NULL) {
        print_message("this processor has no %s\n", (const char *)*state);
        skip();
    }
    return kernels;
}

static void added_gaussians_have_the_same_bits(void **state)
{
    const uxo_field_kernels *const kernels = kernels_of(state), *const portable = uxo_field_kernels_select("portable");
    static float expected[3][STRIP_POINTS], found[3][STRIP_POINTS];
    uxo_stream stream = field_stream(8);
    for (int i = 0; i < 3000; i++) {
        memset(expected, 0, sizeof expected); /* nothing there that a last bit could vanish in */
        memset(found, 0, sizeof found);
        const field_case one = field_random(&stream, 0.29, 40.0, i % 2 == 0 ? 3.0 : 40.0);
        const uxo_gaussian gaussian = field_gaussian(&one);
        const float load = (float)(100.0 * one.weight);
        portable->add(&gaussian, one.column, one.row, one.rows, expected[0], UXO_STRIP);
        kernels->add(&gaussian, one.column, one.row, one.rows, found[0], UXO_STRIP);
        portable->add_excess(&gaussian, load, one.column, one.row, one.rows, expected[1], expected[2], UXO_STRIP);
        kernels->add_excess(&gaussian, load, one.column, one.row, one.rows, found[1], found[2], UXO_STRIP);
        portable->add_excess_of(expected[0], 3.0f * load, expected[2], STRIP_POINTS);
        kernels->add_excess_of(found[0], 3.0f * load, found[2], STRIP_POINTS);
        assert_memory_equal(found, expected, sizeof found);
    }
}

static void what_remains_has_the_same_bits(void **state)
{
    static remain_memory expected, found;
    remain_fill(&expected, 32);
    remain_fill(&found, 32);
    remain_over(uxo_field_kernels_select("portable"), &expected);
    remain_over(kernels_of(state), &found);
    assert_memory_equal(&found, &expected, sizeof found);
}

static void sums_have_the_same_bits(void **state)
{
    static sums_memory expected, found;
    const uxo_field_kernels *const kernels = kernels_of(state);
    sums_fill(&expected, 9);
    sums_fill(&found, 9);
    for (int t = 0; t < 50; t++) {
        sums_accumulate(uxo_field_kernels_select("portable"), &expected);
        sums_accumulate(kernels, &found);
    }
    assert_memory_equal(&found, &expected, sizeof found);
}

static void order_statistics_have_the_same_bits(void **state)
{
    const uxo_field_kernels *const kernels = kernels_of(state);
    for (uint32_t k = 0; k < FIELD_COUNTS_TRIED; k++) {
        float *const values = field_columns(FIELD_COUNTS[k], 200 + k);
        uint32_t rank[RANKS];
        float expected[RANKS * UXO_STRIP], found[RANKS * UXO_STRIP];
        field_ranks(FIELD_COUNTS[k], rank);
        uxo_field_kernels_select("portable")->select(values, FIELD_COUNTS[k], SELECT_STRIDE, rank, RANKS, expected);
        kernels->select(values, FIELD_COUNTS[k], SELECT_STRIDE, rank, RANKS, found);
        assert_memory_equal(found, expected, sizeof found);
        free(values);
    }
}

int main(void)
{
    INSTRUCTION_SETS;
    const struct CMUnitTest tests[] = {
        OF_EACH_SET(added_gaussians_have_the_same_bits),
        OF_EACH_SET(what_remains_has_the_same_bits),
        OF_EACH_SET(sums_have_the_same_bits),
        OF_EACH_SET(order_statistics_have_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
