/* test_expected_parts.c - chunks of the map shared out among parts: each is of one part, and the parts are about equally heavy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../sim/engine/expected_parts.h"
#include "model_fixture.h"

enum { MOST = 12 };

static uint64_t weight_of(const uint64_t *weight, size_t first, size_t end)
{
    uint64_t sum = 0;
    for (size_t c = first; c < end; c++) {
        sum += weight[c];
    }
    return sum;
}

/* Parts follow each other without a gap, all of them together are the map. Returns the weight of the heaviest. */
static uint64_t assert_each_once(const uint64_t *weight, size_t chunks, uint32_t parts)
{
    size_t next = 0;
    uint64_t heaviest = 0;
    for (uint32_t part = 0; part < parts; part++) {
        size_t first, end;
        uxo_chunk_share(weight, chunks, part, parts, &first, &end);
        assert_int_equal(first, next);
        assert_true(end >= first && end <= chunks);
        const uint64_t load = weight_of(weight, first, end);
        heaviest = load > heaviest ? load : heaviest;
        next = end;
    }
    assert_int_equal(next, chunks);
    return heaviest;
}

/* The least that the heaviest of some rows of neighbours can weigh, by trying all. */
static uint64_t least_heaviest(const uint64_t *weight, size_t chunks, uint32_t parts)
{
    uint64_t best = weight_of(weight, 0, chunks);
    for (size_t first = 1; parts > 1 && first < chunks; first++) {
        const uint64_t here = weight_of(weight, 0, first);
        const uint64_t rest = least_heaviest(weight + first, chunks - first, parts - 1);
        const uint64_t larger = here > rest ? here : rest;
        best = larger < best ? larger : best;
    }
    return best;
}

static void every_chunk_is_of_one_part(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        uxo_stream stream =
            uxo_stream_at(uxo_key_make(seed, UXO_LEVEL_STRIKE, "chunks"), 0, 0, UXO_PURPOSE_CAMPAIGN_VALUE);
        const size_t chunks = 1 + (size_t)(uxo_stream_uniform(&stream) * (MOST - 1));
        uint64_t weight[MOST];
        for (size_t c = 0; c < chunks; c++) {
            weight[c] = uxo_stream_uniform(&stream) < 0.3 ? 1 : 1 + (uint64_t)(uxo_stream_uniform(&stream) * 1e4);
        }
        for (uint32_t parts = 1; parts <= chunks + 3; parts++) {
            const uint64_t heaviest = assert_each_once(weight, chunks, parts);
            assert_int_equal(heaviest, least_heaviest(weight, chunks, parts));
        }
        assert_each_once(weight, chunks, 100000);
    }
}

/* A large map with its strikes in a corner, and one with a strike on every chunk. */
static void work_is_where_strikes_are(void **state)
{
    static model_fixture fixture;
    const uint32_t across = 20, down = 30;
    (void)state;
    fixture_init(&fixture, 1000.0, -500.0, 10.0, across * UXO_CHUNK, down * UXO_CHUNK, 100, 1);
    for (int i = 0; i < 6; i++) {
        char id[8];
        snprintf(id, sizeof id, "s%d", i);
        fixture_strike(&fixture, id, 1000.0 + 2560.0 * (1.5 + i), -500.0 + 2560.0 * 27.5)->reach_m = 400.0;
    }
    fixture_strike(&fixture, "far", 1000.0 - 5000.0, 0.0)->reach_m = 400.0;
    uint64_t *const weight = uxo_chunk_weights(&fixture.scenario);
    assert_non_null(weight);
    for (uint32_t c = 0; c < across * down; c++) {
        const bool struck = c / across == 2 && c % across >= 1 && c % across <= 6;
        assert_true(struck ? weight[c] > 1000 : weight[c] == 1);
    }
    for (uint32_t parts = 1; parts <= 50; parts++) {
        const uint64_t heaviest = assert_each_once(weight, (size_t)across * down, parts);
        assert_true(parts < 6 || heaviest <= weight[2 * across + 1] + across * down);
    }
    free(weight);
    fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_chunk_is_of_one_part),
                                       cmocka_unit_test(work_is_where_strikes_are)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
