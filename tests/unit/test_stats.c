/* test_stats.c - the one rule for quantiles, moments that do not cancel, ranks. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "judge.h"

#include "uxosim/rng.h"
#include "uxosim/stats.h"

static const double THREE[3] = {0.05, 0.5, 0.95};

/* Inverse of the empirical distribution on the published counts. */
static void quantiles_are_type_one(void **state)
{
    const double counts[] = {0, 0, 0, 1, 1, 2, 3, 5, 8, 40};
    (void)state;
    assert_near(uxo_stats_quantile_sorted(counts, 10, 0.9), 8.0, 0.0);
    assert_near(uxo_stats_quantile_sorted(counts, 10, 0.3), 0.0, 0.0);
    assert_near(uxo_stats_quantile_sorted(counts, 10, 0.31), 1.0, 0.0);
    assert_near(uxo_stats_quantile_sorted(counts, 10, 1.0), 40.0, 0.0);
    assert_near(uxo_stats_quantile_sorted(counts, 1, 0.95), 0.0, 0.0);
}

/* 0.05 times 2000 is 100 and not a little more: the hundredth value. */
static void whole_products_are_not_rounded_up(void **state)
{
    double values[2000];
    (void)state;
    for (int i = 0; i < 2000; i++) {
        values[i] = i + 1;
    }
    assert_near(uxo_stats_quantile_sorted(values, 2000, 0.05), 100.0, 0.0);
    assert_near(uxo_stats_quantile_sorted(values, 2000, 0.95), 1900.0, 0.0);
}

/* Float sums of squares give 0 here. */
static void a_small_spread_about_a_large_mean_survives(void **state)
{
    enum { N = 1000 };
    double values[N];
    uxo_weighted scratch[N];
    uxo_summary summary;
    uxo_stream stream = uxo_stream_at(uxo_key_make(7, UXO_LEVEL_STRIKE, "s"), 0, 0, UXO_PURPOSE_CARRIER);
    (void)state;
    for (int i = 0; i < N; i += 2) {
        double z[2];
        uxo_stream_normal_pair(&stream, z);
        values[i] = floor(289536.0 + 29.0 * z[0] + 0.5);
        values[i + 1] = floor(289536.0 + 29.0 * z[1] + 0.5);
    }
    uxo_stats_summarise(values, NULL, N, THREE, scratch, &summary);
    assert_near(summary.mean, 289536.0, 4.5 * 29.0 / sqrt(N));
    assert_near(summary.sd, 29.0, 4.5 * 29.0 / sqrt(2.0 * N));
    assert_near(summary.mean_se, summary.sd / sqrt(N), 1e-9);
}

static void equal_weights_change_nothing(void **state)
{
    double values[101], weight[101];
    uxo_weighted scratch[101];
    uxo_summary plain, weighted;
    (void)state;
    for (int i = 0; i < 101; i++) {
        values[i] = (i * 37) % 101;
        weight[i] = 0.25;
    }
    uxo_stats_summarise(values, NULL, 101, THREE, scratch, &plain);
    uxo_stats_summarise(values, weight, 101, THREE, scratch, &weighted);
    assert_near(plain.mean, weighted.mean, 1e-12);
    assert_near(plain.sd, weighted.sd, 1e-12);
    for (int i = 0; i < 3; i++) {
        assert_near(plain.quantile[i], weighted.quantile[i], 0.0);
    }
    weight[0] = 1e6; /* values[0] = 0 now has nearly all the weight */
    uxo_stats_summarise(values, weight, 101, THREE, scratch, &weighted);
    assert_near(weighted.quantile[1], 0.0, 0.0);
    assert_true(weighted.mean < 0.01);
}

static void one_and_constant_values_have_meaning(void **state)
{
    const double same[4] = {3, 3, 3, 3};
    uxo_weighted scratch[4];
    uxo_summary summary;
    (void)state;
    uxo_stats_summarise(same, NULL, 1, THREE, scratch, &summary);
    assert_near(summary.mean, 3.0, 0.0);
    assert_near(summary.sd, 0.0, 0.0);
    assert_true(isnan(summary.mean_se) && isnan(summary.quantile_se[0]));
    uxo_stats_summarise(same, NULL, 4, THREE, scratch, &summary);
    assert_near(summary.sd, 0.0, 0.0);
    assert_near(summary.mean_se, 0.0, 0.0);
    assert_near(summary.sd_se, 0.0, 0.0);
    assert_near(summary.quantile_se[2], 0.0, 0.0);
}

static void ties_share_the_smallest_rank(void **state)
{
    const double values[] = {1.0, 5.0, NAN, 5.0, 0.0};
    double rank[5];
    (void)state;
    uxo_stats_rank_descending(values, 5, rank);
    assert_near(rank[1], 1.0, 0.0);
    assert_near(rank[3], 1.0, 0.0);
    assert_near(rank[0], 3.0, 0.0);
    assert_near(rank[4], 4.0, 0.0);
    assert_true(isnan(rank[2]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_type_one),
        cmocka_unit_test(whole_products_are_not_rounded_up),
        cmocka_unit_test(a_small_spread_about_a_large_mean_survives),
        cmocka_unit_test(equal_weights_change_nothing),
        cmocka_unit_test(one_and_constant_values_have_meaning),
        cmocka_unit_test(ties_share_the_smallest_rank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
