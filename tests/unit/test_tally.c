/* test_tally.c - tallies of one cell against what the rows of the same run say about it: more realisations than there are stamps, more duds
 * than a recent sum holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model_fixture.h"

/* The only cell of a grid, so that its count in a realisation is the row's. */
static void tally_matches_rows(uint32_t realisations, double carriers, double rate, int threads)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    uint64_t sum = 0, pairs = 0, repeats = 0;
    uint32_t largest = 0;
    fixture_init(&fixture, 0.0, 0.0, 1000.0, 1, 1, realisations, 11);
    fixture.munition[0].submunitions_per_carrier = uxo_quantity_constant(20.0);
    fixture.munition[0].dud_rate = uxo_quantity_constant(rate);
    for (int i = 0; i < 2; i++) {
        char id[16];
        snprintf(id, sizeof id, "s%d", i);
        uxo_strike *const strike = fixture_strike(&fixture, id, 500.0 + 400.0 * i, 500.0);
        strike->carriers = uxo_quantity_constant(carriers);
    }
    fixture_run(&fixture, threads, &outcome);
    for (uint32_t r = 0; r < realisations; r++) {
        const uint64_t count =
            outcome.dud_count[(size_t)r * outcome.columns]; /* outside every district, inside the grid */
        sum += count;
        pairs += count * (count - (count > 0)) / 2;
        repeats += count - (count > 0);
        largest = count > largest ? (uint32_t)count : largest;
    }
    assert_true(sum > 3u * 65536);
    assert_true(outcome.total_duds > sum); /* some fall outside the grid */
    assert_int_equal(outcome.tile[0]->sum[0], sum);
    assert_int_equal(outcome.tile[0]->pairs[0], pairs);
    assert_int_equal(outcome.tile[0]->repeats[0], repeats);
    assert_int_equal(outcome.largest_count, largest);
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

static void stamps_may_be_given_anew(void **state)
{
    (void)state;
    tally_matches_rows(150000, 1.0, 0.05, 1);
    tally_matches_rows(150000, 1.0, 0.05, 2);
}

static void sums_may_overflow_within_a_realisation(void **state)
{
    (void)state;
    tally_matches_rows(3, 6000.0, 0.9, 1);
    tally_matches_rows(3, 6000.0, 0.9, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stamps_may_be_given_anew),
        cmocka_unit_test(sums_may_overflow_within_a_realisation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
