/* test_ranking.c - ranks over realisations: ties, weights, comparisons two by two. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "judge.h"
#include "uxosim/ranking.h"

/* Three districts, four realisations, a column too many. */
static const double VALUES[4][4] = {
    {3.0, 2.0, 1.0, 9.0}, {3.0, 2.0, 1.0, 9.0}, {1.0, 2.0, 3.0, 9.0}, {0.0, 0.0, 5.0, 9.0}};

static void ranks_are_means_and_ties_share(void **state)
{
    uxo_ranking ranking;
    (void)state;
    assert_true(uxo_ranking_make(&ranking, &(uxo_ranking_values){&VALUES[0][0], 4, 4, NULL}, 3, 2));
    assert_near(ranking.expected[0], (1.0 + 1.0 + 3.0 + 2.5) / 4.0, 1e-12);
    assert_near(ranking.expected[1], (2.0 + 2.0 + 2.0 + 2.5) / 4.0, 1e-12);
    assert_near(ranking.expected[2], (3.0 + 3.0 + 1.0 + 1.0) / 4.0, 1e-12);
    assert_near(ranking.low[0], 1.0, 0.0);
    assert_near(ranking.high[0], 3.0, 0.0);
    assert_near(ranking.before[0 * 3 + 1], (1.0 + 1.0 + 0.0 + 0.5) / 4.0, 1e-12);
    assert_near(ranking.before[1 * 3 + 0], 1.0 - (1.0 + 1.0 + 0.0 + 0.5) / 4.0, 1e-12);
    assert_near(ranking.before[2 * 3 + 2], 0.5, 1e-12);
    uxo_ranking_free(&ranking);
}

static void weights_count(void **state)
{
    static const double weight[4] = {0.0, 0.0, 1.0, 3.0};
    uxo_ranking ranking;
    (void)state;
    assert_true(uxo_ranking_make(&ranking, &(uxo_ranking_values){&VALUES[0][0], 4, 4, weight}, 3, 2));
    assert_near(ranking.expected[0], (3.0 + 3.0 * 2.5) / 4.0, 1e-12);
    assert_near(ranking.expected[2], 1.0, 1e-12);
    assert_near(ranking.before[2 * 3 + 0], 1.0, 1e-12);
    assert_near(ranking.before[0 * 3 + 1], (0.0 + 3.0 * 0.5) / 4.0, 1e-12);
    uxo_ranking_free(&ranking);
}

static void one_district_and_none(void **state)
{
    uxo_ranking ranking;
    (void)state;
    assert_true(uxo_ranking_make(&ranking, &(uxo_ranking_values){&VALUES[0][0], 4, 4, NULL}, 1, 2));
    assert_near(ranking.expected[0], 1.0, 0.0);
    uxo_ranking_free(&ranking);
    assert_true(uxo_ranking_make(&ranking, &(uxo_ranking_values){&VALUES[0][0], 4, 4, NULL}, 0, 2));
    assert_int_equal(ranking.districts, 0);
    uxo_ranking_free(&ranking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ranks_are_means_and_ties_share),
                                       cmocka_unit_test(weights_count), cmocka_unit_test(one_district_and_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
