/* test_variance.c - shares of variance against closed forms: the Ishigami function, and scenarios whose shares are known.
 *
 * Seed 20261122. Each judged z fails with probability 7e-6 when nothing is wrong.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "judge.h"
#include "model_fixture.h"

enum { SEED = 20261122, PAIRS = 6000 };

static double ishigami(const double x[3])
{
    const double a = 7.0, b = 0.1;
    return sin(x[0]) + a * sin(x[1]) * sin(x[1]) + b * pow(x[2], 4.0) * sin(x[0]);
}

/* S = 0.3139051911, 0.4424111448, 0; T = 0.5575888552, 0.4424111448, 0.2436836641 (a = 7, b = 0.1). */
static void ishigami_has_its_known_shares(void **state)
{
    static const double first[3] = {0.3139051911, 0.4424111448, 0.0};
    static const double total[3] = {0.5575888552, 0.4424111448, 0.2436836641};
    static double a[PAIRS], b[PAIRS], c[3][PAIRS];
    const double pi = 3.14159265358979323846;
    (void)state;
    uxo_stream stream = uxo_stream_at(uxo_key_make(SEED, UXO_LEVEL_STRIKE, "ishigami"), 0, 0, UXO_PURPOSE_HEADING);
    for (int i = 0; i < PAIRS; i++) {
        double x[2][3];
        for (int k = 0; k < 6; k++) {
            x[k / 3][k % 3] = pi * (2.0 * uxo_stream_uniform(&stream) - 1.0);
        }
        a[i] = ishigami(x[0]);
        b[i] = ishigami(x[1]);
        for (int k = 0; k < 3; k++) {
            double mixed[3] = {x[0][0], x[0][1], x[0][2]};
            mixed[k] = x[1][k];
            c[k][i] = ishigami(mixed);
        }
    }
    for (int k = 0; k < 3; k++) {
        const uxo_variance_share share = uxo_variance_share_of(a, b, c[k], PAIRS);
        printf("variable %d\n", k + 1);
        assert_true(judge_z("first order", share.first, first[k], share.first_se));
        assert_true(judge_z("total", share.total, total[k], share.total_se));
    }
}

/* Over 300 repetitions the stated errors are as large as the estimates' spread: chi-square of z on each side. */
static void stated_errors_are_the_spread(void **state)
{
    enum { REPETITIONS = 300, N = 200 };
    double squares[2] = {0.0, 0.0};
    double a[N], b[N], c[N];
    (void)state;
    for (uint32_t r = 0; r < REPETITIONS; r++) {
        uxo_stream stream = uxo_stream_at(uxo_key_make(SEED, UXO_LEVEL_STRIKE, "linear"), r, 0, UXO_PURPOSE_HEADING);
        for (int i = 0; i < N; i++) { /* x + 2 y, of x: S = T = 1/5 */
            double x[2], y[2];
            uxo_stream_normal_pair(&stream, x);
            uxo_stream_normal_pair(&stream, y);
            a[i] = x[0] + 2.0 * y[0];
            b[i] = x[1] + 2.0 * y[1];
            c[i] = x[1] + 2.0 * y[0];
        }
        const uxo_variance_share share = uxo_variance_share_of(a, b, c, N);
        squares[0] += pow((share.first - 0.2) / share.first_se, 2.0);
        squares[1] += pow((share.total - 0.2) / share.total_se, 2.0);
    }
    for (int k = 0; k < 2; k++) { /* z are not quite normal: the mean of their squares within a tenth and a half */
        printf("%s: mean z^2 = %.3f\n", k == 0 ? "first order" : "total", squares[k] / REPETITIONS);
        assert_true(squares[k] / REPETITIONS > 0.8 && squares[k] / REPETITIONS < 1.3);
    }
}

/* Duds of a strike that is there in two of a thousand realisations, all by strike rates: from a few of them nobody can tell, and a jackknife
 * says 0 +- 0 where they are all among the first. */
static void from_a_few_realisations_no_share_is_given(void **state)
{
    enum { N = 500 };
    static double a[N], b[N];
    (void)state;
    for (int events = 1; events <= 20; events++) {
        a[7 * events] = 100.0 + events;
        const uxo_variance_share share = uxo_variance_share_of(a, b, b, N);
        assert_true((events < 5) == isnan(share.first) && isnan(share.first) == isnan(share.first_se));
        assert_true((events < 5) == isnan(share.total) && isnan(share.total) == isnan(share.total_se));
    }
}

static uxo_variance_share share_of(const uxo_outcome *outcome, uxo_draw_group group, uint32_t row)
{
    return outcome->variance.duds[(size_t)group * outcome->variance.rows + row];
}

static bool judge_first(const uxo_outcome *outcome, uxo_draw_group group, const char *name, double expected)
{
    const uint32_t total = outcome->variance.rows - 1;
    const uxo_variance_share share = share_of(outcome, group, total);
    return judge_z(name, share.first, expected, share.first_se);
}

/* S strikes of K carriers of N submunitions, one shared mean rate m, p_s ~ Beta(m k, (1 - m) k), confidence c. Given one group the
 * expectation of the total is known, hence its variance. */
static void levels_have_their_shares(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    const double strikes = 6.0, load = 100.0, low = 0.05, high = 0.25, k = 20.0, confidence = 0.7;
    (void)state;
    fixture_init(&fixture, -500.0, -500.0, 100.0, 10, 10, 4, SEED + 1);
    fixture.munition[0].submunitions_per_carrier = uxo_quantity_constant(load);
    fixture.munition[0].dud_rate = quantity_uniform(low, high, UXO_PER_CAMPAIGN);
    fixture_share(&fixture, &fixture.munition[0].dud_rate, "m.dud_rate", true);
    fixture.munition[0].varies_between_strikes = true;
    fixture.munition[0].concentration = uxo_quantity_constant(k);
    for (int i = 0; i < (int)strikes; i++) {
        char id[16];
        snprintf(id, sizeof id, "s%d", i);
        uxo_strike *const strike = fixture_strike(&fixture, id, 0.0, 0.0);
        strike->carriers = quantity_range(1.0, 3.0);
        strike->confidence = uxo_quantity_constant(confidence);
    }
    fixture.scenario.variance_realisations = PAIRS;
    fixture_run(&fixture, 2, &outcome);
    const double m = 0.5 * (low + high), var_m = (high - low) * (high - low) / 12.0, mm = m * m + var_m;
    const double carriers = 2.0, var_carriers = 2.0 / 3.0, carriers2 = carriers * carriers + var_carriers;
    const double pp = mm + (m - mm) / (k + 1.0); /* E[p^2] */
    const double one = confidence * carriers * load * m;
    /* Given m strikes are independent; a strike has existence, carriers, rate and binomial. */
    const double given_m = confidence * (carriers2 * load * load * pp + carriers * load * (m - pp)) -
                           confidence * confidence * carriers * carriers * load * load * mm;
    const double between = strikes * strikes * confidence * confidence * carriers * carriers * load * load * var_m;
    const double variance = strikes * given_m + between;
    assert_true(judge_first(&outcome, UXO_GROUP_CAMPAIGN_RATES, "campaign rates", between / variance));
    assert_true(judge_first(&outcome, UXO_GROUP_CONFIDENCE, "confidence",
                            strikes * one * one * (1.0 - confidence) / confidence / variance));
    assert_true(judge_first(&outcome, UXO_GROUP_CARRIERS, "carriers",
                            strikes * one * one * var_carriers / (carriers * carriers) / variance));
    const uxo_variance_share scatter = share_of(&outcome, UXO_GROUP_SCATTER, outcome.variance.rows - 1);
    assert_true(judge_z("scatter, total share", scatter.total,
                        strikes * confidence * carriers * load * (m - pp) / variance, scatter.total_se));
    const uxo_variance_share exposure = share_of(&outcome, UXO_GROUP_EXPOSURE, outcome.variance.rows - 1);
    assert_true(exposure.first == 0.0 && exposure.total == 0.0);
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* A tight pattern reported on the border of two halves: the place decides all but the binomial. */
static void the_place_decides_between_districts(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    (void)state;
    fixture_init(&fixture, -500.0, -500.0, 100.0, 10, 10, 4, SEED + 2);
    fixture_halves(&fixture);
    fixture.munition[0].pattern_along_m = uxo_quantity_constant(0.1);
    fixture.munition[0].pattern_across_m = uxo_quantity_constant(0.1);
    fixture_strike(&fixture, "s", 0.0, 0.0);
    fixture.site[0].location_size_m = uxo_quantity_constant(200.0);
    fixture.scenario.variance_realisations = PAIRS;
    fixture_run(&fixture, 2, &outcome);
    const double n = 644.0, p = 0.16;
    const double variance = 0.25 * n * n * p * p + 0.5 * n * p * (1.0 - p);
    for (uint32_t half = 0; half < 2; half++) {
        const uxo_variance_share place = share_of(&outcome, UXO_GROUP_PLACES, half);
        assert_true(judge_z("place, first order", place.first, 0.25 * n * n * p * p / variance, place.first_se));
        const uxo_variance_share scatter = share_of(&outcome, UXO_GROUP_SCATTER, half);
        assert_true(judge_z("scatter, total", scatter.total, 0.5 * n * p * (1.0 - p) / variance, scatter.total_se));
    }
    const uxo_variance_share outside = share_of(&outcome, UXO_GROUP_PLACES, 3);
    assert_true(isnan(outside.first) && isnan(outside.total)); /* nothing ever lies beyond the grid */
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

/* Independent rates: the published standard deviations of ten strikes, 92.02 instead of 280.10. */
static void independence_would_narrow_the_interval(void **state)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    (void)state;
    fixture_init(&fixture, -500.0, -500.0, 100.0, 10, 10, PAIRS, SEED + 3);
    fixture.munition[0].dud_rate = quantity_uniform(0.05, 0.20, UXO_PER_CAMPAIGN);
    fixture_share(&fixture, &fixture.munition[0].dud_rate, "m.dud_rate", true);
    for (int i = 0; i < 10; i++) {
        char id[16];
        snprintf(id, sizeof id, "s%d", i);
        fixture_strike(&fixture, id, 0.0, 0.0);
    }
    fixture.scenario.variance_realisations = PAIRS;
    fixture_run(&fixture, 2, &outcome);
    const uint32_t total = outcome.variance.rows - 1;
    double *const totals = fixture_totals(&outcome);
    const moments shared = judge_moments(totals, outcome.realisations);
    assert_true(judge_z("shared", shared.variance, 280.0987326 * 280.0987326, shared.variance_error));
    const double sd = outcome.variance.independent_sd[total];
    assert_true(judge_z("independent", sd, 92.0249966, 92.0249966 / sqrt(2.0 * PAIRS)));
    free(totals);
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ishigami_has_its_known_shares),
        cmocka_unit_test(stated_errors_are_the_spread),
        cmocka_unit_test(from_a_few_realisations_no_share_is_given),
        cmocka_unit_test(levels_have_their_shares),
        cmocka_unit_test(the_place_decides_between_districts),
        cmocka_unit_test(independence_would_narrow_the_interval),
    };
    printf("seed %d\n", SEED);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
