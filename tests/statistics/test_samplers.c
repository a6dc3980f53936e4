/* test_samplers.c - laws of the samplers against GSL's distribution functions, tails included.
 *
 * Seed 20261122. Each chi-square fails with probability 2e-6, each Kolmogorov-Smirnov test with 2e-6, each z with 7e-6, when nothing
 * is wrong.
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "model_fixture.h"
#include "uxosim/draws.h"
#include "uxosim/kernels.h"

enum { SEED = 20261122, DRAWS = 400000, BINS = 200 };

static uxo_stream stream_for(const char *name)
{
    printf("%s, seed %d\n", name, SEED);
    return uxo_stream_at(uxo_key_make(SEED, UXO_LEVEL_STRIKE, name), 0, 0, UXO_PURPOSE_CAMPAIGN_VALUE);
}

/* Chi-square of counts against probabilities; bins that expect fewer than 10 are put together. */
static bool judge_counts(const char *name, const double *observed, const double *probability, size_t bins, double draws)
{
    double sum = 0.0, degrees = -1.0, rest_observed = 0.0, rest_expected = 0.0;
    for (size_t i = 0; i < bins; i++) {
        rest_observed += observed[i];
        rest_expected += probability[i] * draws;
        if (rest_expected >= 10.0) {
            sum += (rest_observed - rest_expected) * (rest_observed - rest_expected) / rest_expected;
            degrees += 1.0;
            rest_observed = rest_expected = 0.0;
        }
    }
    sum +=
        rest_expected > 0.5 ? (rest_observed - rest_expected) * (rest_observed - rest_expected) / rest_expected : 0.0;
    return judge_chi_square(name, sum, degrees + (rest_expected > 0.5 ? 1.0 : 0.0));
}

static void binomials_have_their_law(void **state)
{
    static const struct {
        uint32_t n;
        double p;
    } cases[] = {{25, 0.975}, {644, 0.16}, {100, 0.12}, {30, 0.3},       {72, 0.01},
                 {1, 0.4},    {5000, 0.7}, {20, 0.5},   {104, 0.0961538}};
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        char name[64];
        const uint32_t n = cases[c].n;
        double *const observed = calloc(n + 1, sizeof *observed);
        double *const probability = calloc(n + 1, sizeof *probability);
        snprintf(name, sizeof name, "Binomial(%u, %g)", n, cases[c].p);
        uxo_stream stream = stream_for(name);
        for (int i = 0; i < DRAWS; i++) {
            observed[uxo_stream_binomial(&stream, n, cases[c].p)] += 1.0;
        }
        for (uint32_t k = 0; k <= n; k++) {
            probability[k] = gsl_ran_binomial_pdf(k, cases[c].p, n);
        }
        assert_true(judge_counts(name, observed, probability, n + 1, DRAWS));
        free(observed);
        free(probability);
    }
}

/* Continuous laws by their probability integral transform: uniform over bins, finer at both ends. */
static bool judge_transform(const char *name, const double *u, size_t n)
{
    double observed[BINS], probability[BINS];
    double edge[BINS + 1];
    for (int i = 0; i <= BINS; i++) {
        const double x = (double)i / BINS;
        edge[i] = x * x * x * (10.0 - 15.0 * x + 6.0 * x * x); /* dense near 0 and 1 */
    }
    for (int i = 0; i < BINS; i++) {
        observed[i] = 0.0;
        probability[i] = edge[i + 1] - edge[i];
    }
    for (size_t k = 0; k < n; k++) {
        int low = 0, high = BINS;
        while (high - low > 1) {
            const int middle = (low + high) / 2;
            *(u[k] >= edge[middle] ? &low : &high) = middle;
        }
        observed[low] += 1.0;
    }
    return judge_counts(name, observed, probability, BINS, (double)n);
}

/* Counts so small, and so large, that fewer than one in a thousand should be. */
static bool judge_count_tails(const char *name, const double *observed, uint32_t n, double p)
{
    double below = 0.0, above = 0.0, expected_below = 0.0, expected_above = 0.0;
    for (uint32_t k = 0; k <= n; k++) {
        if (gsl_cdf_binomial_P(k, p, n) < 1e-3) {
            below += observed[k];
            expected_below = DRAWS * gsl_cdf_binomial_P(k, p, n);
        }
        if (k > 0 && gsl_cdf_binomial_Q(k - 1, p, n) < 1e-3) {
            above += observed[k];
            expected_above = fmax(expected_above, DRAWS * gsl_cdf_binomial_Q(k - 1, p, n));
        }
    }
    const bool good = judge_z(name, below, expected_below, sqrt(expected_below) + 0.5);
    return judge_z(name, above, expected_above, sqrt(expected_above) + 0.5) && good;
}

/* The counts of carriers, by inversion from a block's words and by rejection, through the same plan as the engine. */
static void counts_of_duds_have_their_law(void **state)
{
    static const struct {
        uint32_t load;
        double rate;
    } cases[] = {{100, 0.12}, {25, 0.975}, {104, 0.28}, {644, 0.16}, {72, 0.001}, {1, 0.5}, {30, 0.999}};
    static model_fixture fixture;
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        double observed[1000] = {0}, probability[1000] = {0};
        char name[64];
        snprintf(name, sizeof name, "duds of %u at %g", cases[c].load, cases[c].rate);
        fixture_init(&fixture, 0.0, 0.0, 1.0, 1, 1, 1, SEED);
        fixture.munition[0].submunitions_per_carrier = uxo_quantity_constant(cases[c].load);
        fixture.munition[0].dud_rate = uxo_quantity_constant(cases[c].rate);
        uxo_strike *const strike = fixture_strike(&fixture, name, 0.0, 0.0);
        strike->carriers = uxo_quantity_constant(100.0);
        for (uint32_t r = 0; r < DRAWS / 100; r++) {
            uxo_strike_draw draw;
            uxo_draw_strike(&fixture.scenario, strike, uxo_draw_from(r), NULL, NULL, &draw);
            for (uint32_t j = 0; j < 100; j++) {
                uxo_carrier_draw carrier;
                uxo_draw_carrier_count(strike, &draw, uxo_draw_from(r), j, &carrier);
                observed[carrier.duds] += 1.0;
            }
        }
        for (uint32_t k = 0; k <= cases[c].load; k++) {
            probability[k] = gsl_ran_binomial_pdf(k, cases[c].rate, cases[c].load);
        }
        assert_true(judge_counts(name, observed, probability, cases[c].load + 1, DRAWS));
        assert_true(judge_count_tails(name, observed, cases[c].load, cases[c].rate));
        fixture_free(&fixture);
    }
}

/* Failure rates of strikes: Beta from blocks, shapes below one too. */
static void rates_of_strikes_have_their_law(void **state)
{
    static const double cases[][2] = {{0.12, 100.0}, {0.123, 20.0}, {0.02, 10.0}, {0.5, 1.0}, {0.97, 8.0}};
    static model_fixture fixture;
    static double u[DRAWS];
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const double m = cases[c][0], k = cases[c][1];
        char name[64];
        snprintf(name, sizeof name, "p_s ~ Beta with mean %g, concentration %g", m, k);
        fixture_init(&fixture, 0.0, 0.0, 1.0, 1, 1, 1, SEED);
        fixture.munition[0].dud_rate = uxo_quantity_constant(m);
        fixture.munition[0].varies_between_strikes = true;
        fixture.munition[0].concentration = uxo_quantity_constant(k);
        const uxo_strike *const strike = fixture_strike(&fixture, name, 0.0, 0.0);
        for (uint32_t r = 0; r < DRAWS; r++) {
            uxo_strike_draw draw;
            uxo_draw_strike(&fixture.scenario, strike, uxo_draw_from(r), NULL, NULL, &draw);
            u[r] = gsl_cdf_beta_P(draw.rate, m * k, (1.0 - m) * k);
        }
        assert_true(judge_transform(name, u, DRAWS));
        /* Beta(7.76, 0.24) is within 2^-54 of 1 with probability 1.4e-4: doubles are 1 there, and its upper tail is a point. */
        assert_true((1.0 - m) * k < 0.3 || judge_tails(name, u, DRAWS));
        assert_true(judge_uniform(name, u, DRAWS));
        fixture_free(&fixture);
    }
}

/* 25 points each kept with P = 0.975: published corner. */
static void thinning_keeps_all_as_often_as_it_should(void **state)
{
    double all = 0.0;
    uxo_stream stream = stream_for("thinning corner");
    (void)state;
    for (int i = 0; i < DRAWS; i++) {
        all += uxo_stream_binomial(&stream, 25, 0.975) == 25;
    }
    const double p = 0.5310255195;
    assert_true(judge_z("P(all 25 of 25 at 0.975)", all / DRAWS, p, sqrt(p * (1.0 - p) / DRAWS)));
}

static void poissons_have_their_law(void **state)
{
    static const double means[] = {0.3, 4.0, 9.99, 10.0, 47.0, 3000.0};
    (void)state;
    for (size_t c = 0; c < sizeof means / sizeof means[0]; c++) {
        enum { TOP = 6000 };
        static double observed[TOP], probability[TOP];
        char name[64];
        memset(observed, 0, sizeof observed);
        snprintf(name, sizeof name, "Poisson(%g)", means[c]);
        uxo_stream stream = stream_for(name);
        for (int i = 0; i < DRAWS; i++) {
            observed[uxo_stream_poisson(&stream, means[c])] += 1.0;
        }
        for (unsigned k = 0; k < TOP; k++) {
            probability[k] = gsl_ran_poisson_pdf(k, means[c]);
        }
        assert_true(judge_counts(name, observed, probability, TOP, DRAWS));
    }
}

static void betas_and_gammas_have_their_law(void **state)
{
    static const double shapes[][2] = {{12, 88}, {5, 35}, {0.3, 2.0}, {2.46, 17.5}, {1.0, 1.0}, {0.05, 0.2}, {400, 3}};
    static double u[DRAWS];
    (void)state;
    for (size_t c = 0; c < sizeof shapes / sizeof shapes[0]; c++) {
        char name[64];
        snprintf(name, sizeof name, "Beta(%g, %g)", shapes[c][0], shapes[c][1]);
        uxo_stream stream = stream_for(name);
        for (int i = 0; i < DRAWS; i++) {
            u[i] = gsl_cdf_beta_P(uxo_stream_beta(&stream, shapes[c][0], shapes[c][1]), shapes[c][0], shapes[c][1]);
        }
        assert_true(judge_transform(name, u, DRAWS));
        snprintf(name, sizeof name, "Gamma(%g)", shapes[c][0]);
        stream = stream_for(name);
        for (int i = 0; i < DRAWS; i++) {
            u[i] = gsl_cdf_gamma_P(uxo_stream_gamma(&stream, shapes[c][0]), shapes[c][0], 1.0);
        }
        assert_true(judge_transform(name, u, DRAWS));
    }
}

static uxo_quantity form(uxo_form which, double a, double b, double c, double lower, double upper, bool integer)
{
    uxo_quantity quantity = uxo_quantity_constant(a);
    quantity.form = which;
    quantity.p[1] = b;
    quantity.p[2] = c;
    quantity.lower = lower;
    quantity.upper = upper;
    quantity.integer = integer;
    return quantity;
}

/* Exact means and variances of every form, conditioning and rounding included, against its own draws. */
static void quantities_have_their_moments(void **state)
{
    uxo_quantity choice = form(UXO_FORM_CHOICE, 0, 0, 0, -INFINITY, INFINITY, false);
    choice.choices = 3;
    memcpy(choice.value, (double[]){1, 4, 9}, 3 * sizeof(double));
    memcpy(choice.weight, (double[]){0.5, 0.3, 0.2}, 3 * sizeof(double));
    const struct {
        const char *name;
        uxo_quantity quantity;
    } cases[] = {
        {"uniform", form(UXO_FORM_UNIFORM, 0.05, 0.2, 0, 0, 1, false)},
        {"range 1-4", form(UXO_FORM_RANGE, 1, 4, 0, 1, INFINITY, true)},
        {"triangular", form(UXO_FORM_TRIANGULAR, 1, 2, 7, 0, INFINITY, false)},
        {"triangular, rounded", form(UXO_FORM_TRIANGULAR, 1, 2, 7, 1, INFINITY, true)},
        {"beta", form(UXO_FORM_BETA, 5.43, 41.5, 0, 0, 1, false)},
        {"log-normal", form(UXO_FORM_LOGNORMAL, 4.0, 0.5, 0, 0, INFINITY, false)},
        {"log-normal, rounded", form(UXO_FORM_LOGNORMAL, 0.7, 0.6, 0, 1, INFINITY, true)},
        {"normal", form(UXO_FORM_NORMAL, 90, 15, 0, -INFINITY, INFINITY, false)},
        {"normal above 0", form(UXO_FORM_NORMAL, 10, 8, 0, 0, INFINITY, false)},
        {"normal, rounded, at least 1", form(UXO_FORM_NORMAL, 3, 2, 0, 1, INFINITY, true)},
        {"poisson, at least 1", form(UXO_FORM_POISSON, 1.5, 0, 0, 1, INFINITY, true)},
        {"poisson 30", form(UXO_FORM_POISSON, 30, 0, 0, 1, INFINITY, true)},
        {"choice", choice},
        {"uniform, rounded", form(UXO_FORM_UNIFORM, 1, 4, 0, 1, INFINITY, true)},
    };
    static double values[DRAWS];
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        uxo_stream stream = stream_for(cases[c].name);
        for (int i = 0; i < DRAWS; i++) {
            values[i] = uxo_quantity_sample(&cases[c].quantity, &stream);
            assert_true(values[i] >= cases[c].quantity.lower && values[i] <= cases[c].quantity.upper);
        }
        const moments found = judge_moments(values, DRAWS);
        assert_true(judge_z("mean", found.mean, uxo_quantity_mean(&cases[c].quantity), found.mean_error));
        assert_true(
            judge_z("variance", found.variance, uxo_quantity_variance(&cases[c].quantity), found.variance_error));
        double below = 0.0;
        const double median = uxo_quantity_quantile(&cases[c].quantity, 0.9);
        for (int i = 0; i < DRAWS; i++) {
            below += values[i] <= median;
        }
        assert_true(below / DRAWS > 0.9 - 0.003); /* at least 0.9, by the definition of a quantile */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(binomials_have_their_law),        cmocka_unit_test(counts_of_duds_have_their_law),
        cmocka_unit_test(rates_of_strikes_have_their_law), cmocka_unit_test(thinning_keeps_all_as_often_as_it_should),
        cmocka_unit_test(poissons_have_their_law),         cmocka_unit_test(betas_and_gammas_have_their_law),
        cmocka_unit_test(quantities_have_their_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
