/* test_scatter.c - every kernel gives the bits of the portable one. Laws are in statistics/test_samplers.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "uxosim/scatter.h"

enum { LANES = 4096 };

typedef struct lane_memory {
    uint32_t words[4][LANES];
    float z[4][LANES];
} lane_memory;

static uxo_scatter_lanes lanes_of(lane_memory *memory)
{
    uxo_scatter_lanes lanes = {memory->words[0], memory->words[1], memory->words[2], memory->words[3], {NULL}};
    for (int i = 0; i < 4; i++) {
        lanes.z[i] = memory->z[i];
    }
    return lanes;
}

static void fill(lane_memory *memory)
{
    for (uint32_t i = 0; i < LANES; i++) {
        memory->words[0][i] = i * 2654435761u;
        memory->words[1][i] = ~i;
        memory->words[2][i] = i / 7;
        memory->words[3][i] = i % 7;
    }
}

static void every_kernel_gives_the_same_bits(void **state)
{
    static const char *const names[] = {"sse2", "avx2", "avx512"};
    lane_memory *const reference = calloc(1, sizeof *reference);
    lane_memory *const other = calloc(1, sizeof *other);
    (void)state;
    fill(reference);
    fill(other);
    const uxo_scatter_lanes expected = lanes_of(reference);
    const uxo_scatter_lanes found = lanes_of(other);
    for (uint32_t realisation = 0; realisation < 50; realisation++) {
        uxo_scatter_portable(&expected, LANES, realisation);
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            uxo_scatter_kernel *const kernel = uxo_scatter_select(names[i], NULL);
            if (kernel == NULL) {
                printf("this processor has no %s\n", names[i]);
                continue;
            }
            memset(other->z, 0, sizeof other->z);
            kernel(&found, LANES, realisation);
            assert_memory_equal(other->z, reference->z, sizeof other->z);
        }
    }
    free(reference);
    free(other);
}

static void selection_knows_names(void **state)
{
    const char *chosen = NULL;
    (void)state;
    assert_non_null(uxo_scatter_select(NULL, &chosen));
    assert_non_null(chosen);
    assert_null(uxo_scatter_select("abacus", NULL));
    assert_ptr_equal(uxo_scatter_select("portable", NULL), uxo_scatter_portable);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kernel_gives_the_same_bits),
        cmocka_unit_test(selection_knows_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
