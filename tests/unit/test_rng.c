/* test_rng.c - known answers of Philox, addresses, and the samplers' support and corners. Laws are in
 * statistics/test_samplers.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <Random123/philox.h>

#include "uxosim/rng.h"

/* Vectors published with Random123 (Salmon et al. 2011). */
static void philox_gives_the_published_vectors(void **state)
{
    static const struct {
        uint32_t counter[4], key[2], out[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint32_t out[4];
        uxo_philox(known[i].counter, known[i].key, out);
        assert_memory_equal(out, known[i].out, sizeof out);
    }
}

static void philox_agrees_with_random123(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        const uint32_t counter[4] = {i, i * 2654435761u, ~i, i << 7};
        const uint32_t key[2] = {i * 40503u, 7u - i};
        const philox4x32_ctr_t theirs_counter = {{counter[0], counter[1], counter[2], counter[3]}};
        const philox4x32_key_t theirs_key = {{key[0], key[1]}};
        const philox4x32_ctr_t theirs = philox4x32(theirs_counter, theirs_key);
        uint32_t ours[4];
        uxo_philox(counter, key, ours);
        assert_memory_equal(ours, theirs.v, sizeof ours);
    }
}

static void keys_differ_by_seed_level_and_id(void **state)
{
    (void)state;
    const uxo_key key = uxo_key_make(1, UXO_LEVEL_STRIKE, "a");
    const uxo_key others[] = {uxo_key_make(2, UXO_LEVEL_STRIKE, "a"), uxo_key_make(1, UXO_LEVEL_CAMPAIGN, "a"),
                              uxo_key_make(1, UXO_LEVEL_STRIKE, "b"), uxo_key_make(1, UXO_LEVEL_STRIKE, ""),
                              uxo_key_make(1, UXO_LEVEL_STRIKE, "aa")};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_memory_not_equal(&key, &others[i], sizeof key);
    }
    const uxo_key again = uxo_key_make(1, UXO_LEVEL_STRIKE, "a");
    assert_memory_equal(&key, &again, sizeof key);
}

static void a_stream_reads_the_blocks_of_its_address(void **state)
{
    (void)state;
    const uxo_key key = uxo_key_make(9, UXO_LEVEL_STRIKE, "x");
    uxo_stream stream = uxo_stream_at(key, 5, 3, UXO_PURPOSE_CARRIER);
    for (uint32_t block = 0; block < 4; block++) {
        const uint32_t counter[4] = {block, UXO_PURPOSE_CARRIER, 3, 5};
        uint32_t out[4];
        uxo_philox(counter, key.word, out);
        for (int i = 0; i < 4; i++) {
            assert_int_equal(uxo_stream_word(&stream), out[i]);
        }
    }
}

static void samplers_know_their_corners(void **state)
{
    (void)state;
    uxo_stream stream = uxo_stream_at(uxo_key_make(3, UXO_LEVEL_STRIKE, "c"), 0, 0, UXO_PURPOSE_DUD_COUNT);
    for (int i = 0; i < 20000; i++) {
        const double u = uxo_stream_uniform(&stream);
        assert_true(u > 0.0 && u < 1.0);
        assert_int_equal(uxo_stream_binomial(&stream, 0, 0.5), 0);
        assert_int_equal(uxo_stream_binomial(&stream, 50, 0.0), 0);
        assert_int_equal(uxo_stream_binomial(&stream, 50, 1.0), 50);
        assert_true(uxo_stream_binomial(&stream, 30, 0.999) <= 30);
        assert_true(uxo_stream_binomial(&stream, 100000, 0.4) <= 100000);
        assert_int_equal(uxo_stream_poisson(&stream, 0.0), 0);
        const double tiny = uxo_stream_beta(&stream, 1e-4, 1e-3);
        assert_true(tiny >= 0.0 && tiny <= 1.0);
        assert_true(uxo_stream_gamma(&stream, 0.01) >= 0.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_vectors),
        cmocka_unit_test(philox_agrees_with_random123),
        cmocka_unit_test(keys_differ_by_seed_level_and_id),
        cmocka_unit_test(a_stream_reads_the_blocks_of_its_address),
        cmocka_unit_test(samplers_know_their_corners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
