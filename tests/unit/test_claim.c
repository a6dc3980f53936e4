/* test_claim.c - laws of published numbers against closed forms, direct convolution (no transform, no tilt) and draws by GSL. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "uxosim/claim.h"

static void check(const uxo_claim *claim, uxo_claim_law *fixed, uxo_claim_law *spread)
{
    uxo_report report;
    uxo_report_init(&report);
    assert_int_equal(uxo_claim_check(claim, fixed, spread, &report), UXO_OK);
    uxo_report_free(&report);
}

static void assert_close(double found, double expected, double relative)
{
    if (!(fabs(found - expected) <= relative * fabs(expected))) {
        fail_msg("found %.15g, expected %.15g", found, expected);
    }
}

static const uxo_claim BOMBS = {
    .carriers = 45, .submunitions = 650, .strikes = 45, .duds = 1700, .rate = 0.05, .concentration = 20.0};

/* Published: 38 duds of 650 is nothing special at 5 %; 1,700 of 29,250 is impossible with one coin for all, and usual where each bomb
 * has its own. */
static void test_reference(void **state)
{
    (void)state;
    uxo_claim_law fixed, spread;
    uxo_claim one = {.carriers = 1, .submunitions = 650, .strikes = 1, .duds = 38, .rate = 0.05, .concentration = NAN};
    check(&one, &fixed, &spread);
    assert_close(fixed.p_that_many, 0.18256049201235663, 1e-10); /* scipy.stats.binom */
    assert_close(fixed.p_that_few, 0.8592114622937, 1e-10);
    assert_true(isnan(spread.mean) && isnan(spread.p_that_many));
    check(&BOMBS, &fixed, &spread);
    assert_close(fixed.p_that_many, 2.653977125150787e-10, 1e-8); /* scipy.stats.binom */
    assert_close(spread.p_that_many, 0.13196999245972554,
                 UXO_CLAIM_ERROR); /* numpy.convolve of scipy.stats.betabinom */
    assert_close(spread.p_that_few, 0.8689556556199125, UXO_CLAIM_ERROR);
    assert_close(fixed.mean, 1462.5, 1e-14);
    assert_close(fixed.sd, sqrt(29250 * 0.05 * 0.95), 1e-9);
    assert_close(spread.sd, sqrt(45 * 650 * 0.05 * 0.95 * 670.0 / 21.0), 1e-9);
}

/* Quantiles and both tails of the binomial by the incomplete beta function. */
static void test_binomial(void **state)
{
    (void)state;
    static const uint32_t duds[] = {0, 1, 12, 30, 61, 150, 400};
    for (size_t i = 0; i < sizeof duds / sizeof *duds; i++) {
        uxo_claim_law fixed, spread;
        const uxo_claim claim = {
            .carriers = 4, .submunitions = 100, .strikes = 4, .duds = duds[i], .rate = 0.15, .concentration = NAN};
        check(&claim, &fixed, &spread);
        assert_close(fixed.p_that_few, gsl_cdf_binomial_P(duds[i], 0.15, 400), 1e-9);
        assert_close(fixed.p_that_many, duds[i] == 0 ? 1.0 : gsl_cdf_binomial_Q(duds[i] - 1, 0.15, 400), 1e-9);
        assert_true(gsl_cdf_binomial_P((unsigned)fixed.low, 0.15, 400) >= 0.05);
        assert_true(gsl_cdf_binomial_P((unsigned)fixed.low - 1, 0.15, 400) < 0.05);
        assert_true(gsl_cdf_binomial_P((unsigned)fixed.high, 0.15, 400) >= 0.95);
        assert_true(gsl_cdf_binomial_P((unsigned)fixed.high - 1, 0.15, 400) < 0.95);
    }
}

static double log_beta_binomial(unsigned x, unsigned n, double a, double b)
{
    return gsl_sf_lnchoose(n, x) + gsl_sf_lnbeta(x + a, n - x + b) - gsl_sf_lnbeta(a, b);
}

/* masses of a sum, strike by strike, by the definition: positive terms only, so right to rounding however small. Returns [total + 1]. */
static double *convolved(const uxo_claim *claim)
{
    const size_t total = (size_t)claim->carriers * claim->submunitions;
    double *sum = calloc(total + 1, sizeof *sum), *next = calloc(total + 1, sizeof *next);
    size_t reached = 0;
    sum[0] = 1.0;
    for (uint32_t s = 0; s < claim->strikes; s++) {
        const unsigned own = claim->carriers / claim->strikes + (s < claim->carriers % claim->strikes);
        const unsigned load = own * claim->submunitions;
        memset(next, 0, (total + 1) * sizeof *next);
        for (unsigned x = 0; x <= load; x++) {
            const double mass = exp(log_beta_binomial(x, load, claim->rate * claim->concentration,
                                                      (1.0 - claim->rate) * claim->concentration));
            for (size_t y = 0; y <= reached; y++) {
                next[x + y] += mass * sum[y];
            }
        }
        reached += load;
        double *const swap = sum;
        sum = next;
        next = swap;
    }
    free(next);
    return sum;
}

/* Also far out, where a transform without a tilt has nothing but noise; unequal strikes; rates that are nearly all or nothing. */
static void test_convolution(void **state)
{
    (void)state;
    static const uxo_claim claims[] = {{7, 40, 7, 0, 0.10, 20.0}, {7, 40, 3, 0, 0.10, 5.0},  {5, 60, 1, 0, 0.30, 0.5},
                                       {6, 50, 6, 0, 0.02, 0.3},  {20, 10, 20, 0, 0.9, 1e5}, {9, 33, 4, 0, 0.2, 2.0}};
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        uxo_claim claim = claims[i];
        const uint32_t total = claim.carriers * claim.submunitions;
        double *const mass = convolved(&claim);
        for (claim.duds = 0; claim.duds <= total; claim.duds += 1 + total / 23) {
            uxo_claim_law fixed, spread;
            double many = 0.0, few = 0.0;
            for (uint32_t x = total; x > claim.duds; x--) {
                many += mass[x];
            }
            many += mass[claim.duds];
            for (uint32_t x = 0; x <= claim.duds; x++) {
                few += mass[x];
            }
            check(&claim, &fixed, &spread);
            assert_close(spread.p_that_many, many, UXO_CLAIM_ERROR);
            assert_close(spread.p_that_few, few, UXO_CLAIM_ERROR);
        }
        free(mass);
    }
}

/* The model as it is drawn, by other people's samplers. */
static void test_draws(void **state)
{
    (void)state;
    enum { DRAWS = 40000 };
    gsl_rng *const rng = gsl_rng_alloc(gsl_rng_mt19937);
    uxo_claim_law fixed, spread;
    unsigned many = 0, below = 0, above = 0;
    check(&BOMBS, &fixed, &spread);
    for (int i = 0; i < DRAWS; i++) {
        unsigned duds = 0;
        for (uint32_t bomb = 0; bomb < BOMBS.carriers; bomb++) {
            duds += gsl_ran_binomial(rng, gsl_ran_beta(rng, 1.0, 19.0), BOMBS.submunitions);
        }
        many += duds >= BOMBS.duds;
        below += duds < spread.low;
        above += duds > spread.high;
    }
    gsl_rng_free(rng);
    const double p = spread.p_that_many;
    assert_true(fabs((double)many / DRAWS - p) < 4.0 * sqrt(p * (1.0 - p) / DRAWS));
    const double error = 4.0 * sqrt(0.05 * 0.95 / DRAWS);
    assert_true((double)below / DRAWS < 0.05 + error && (double)below / DRAWS > 0.045 - error);
    assert_true((double)above / DRAWS < 0.05 + error && (double)above / DRAWS > 0.045 - error);
}

/* Rates that do not differ are one rate; a rate that a strike's carriers share counts like one carrier with all their submunitions. */
static void test_limits(void **state)
{
    (void)state;
    uxo_claim_law fixed, spread, other, one;
    uxo_claim claim = {
        .carriers = 30, .submunitions = 100, .strikes = 30, .duds = 190, .rate = 0.05, .concentration = 1e6};
    check(&claim, &fixed, &spread);
    assert_close(spread.p_that_many, fixed.p_that_many, 1e-2);
    claim.strikes = 3;
    claim.concentration = 20.0;
    const uxo_claim merged = {
        .carriers = 3, .submunitions = 1000, .strikes = 3, .duds = 190, .rate = 0.05, .concentration = 20.0};
    check(&claim, &fixed, &spread);
    check(&merged, &other, &one);
    assert_close(spread.p_that_many, one.p_that_many, 1e-12);
    assert_true(spread.low == one.low && spread.high == one.high);
}

/* The largest that may be asked for, with a tail far below the rounding of a transform: P(X >= k) <= exp(-theta k) E[exp(theta X)]
 * (Chernoff), and the law of large numbers in the middle. */
static void test_largest(void **state)
{
    (void)state;
    uxo_claim_law fixed, spread;
    const uxo_claim claim = {
        .carriers = 10000, .submunitions = 200, .strikes = 10000, .duds = 103000, .rate = 0.05, .concentration = 20.0};
    check(&claim, &fixed, &spread);
    const double sd = sqrt(2e6 * 0.05 * 0.95 * 220.0 / 21.0);
    assert_close(spread.sd, sd, 1e-9);
    const double normal = gsl_cdf_ugaussian_Q((103000 - 0.5 - 100000) / sd);
    assert_close(spread.p_that_many, normal, 0.2); /* skewed by a little */
    assert_true(spread.p_that_many > normal);
    assert_close(spread.high, 100000 + 1.6449 * sd, 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_reference),   cmocka_unit_test(test_binomial),
                                       cmocka_unit_test(test_convolution), cmocka_unit_test(test_draws),
                                       cmocka_unit_test(test_limits),      cmocka_unit_test(test_largest)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
