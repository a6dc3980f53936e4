/* test_clustering.c - duds come in clusters: variances of counts in quadrats against the theory of cluster processes.
 *
 * Model   n strikes, each uniform on a disc that is large against its pattern: a Neyman-Scott process. Variance of the count in a square of
 *         side a in its middle: lambda a^2 + kappa E[X (X - 1)] I(a)^2 - n (E[X] q)^2, lambda = kappa E[X], kappa = n / area of the disc, X the duds
 *         of one strike, q the chance that one of them lies in the square, and I(a)^2 the integral over all places of F^2, with
 *         I(a) = a erf(a / 2 sigma) - (2 sigma / sqrt(pi)) (1 - exp(-a^2 / 4 sigma^2)). The last term is there because n is fixed
 * Source  Neyman and Scott 1958; numbers for kappa = 10, sigma = 0.05, mu = 8 on the unit square from R's spatstat 3.0-3
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

enum { SEED = 20261122, R = 60000, STRIKES = 10, LOAD = 80 };

static const double PI = 3.14159265358979323846;
static const double SIGMA_M = 50.0, DISC_M = 600.0, RATE = 0.1;

/* Integral over x of F(x)^2 on one axis. */
static double overlap(double a, double sigma)
{
    return a * erf(a / (2.0 * sigma)) - 2.0 * sigma / sqrt(PI) * (1.0 - exp(-a * a / (4.0 * sigma * sigma)));
}

/* The formula itself, without the term of a fixed number. */
static void formula_gives_the_published_variances(void **state)
{
    static const double a[3] = {0.05, 0.1, 0.2}, variance[3] = {0.317421747752, 2.31205851843, 16.4119105211};
    (void)state;
    for (int i = 0; i < 3; i++) {
        const double lambda = 80.0, mu = 8.0, one = overlap(a[i], 0.05);
        assert_near(lambda * a[i] * a[i] + lambda * mu * one * one, variance[i], 1e-10 * variance[i]);
    }
}

/* Counts of the quadrat in the middle of a grid of 3 x 3 quadrats. */
static moments quadrat_counts(const model_fixture *fixture)
{
    uxo_outcome outcome;
    fixture_run(fixture, 2, &outcome);
    double *const counts = malloc(outcome.realisations * sizeof *counts);
    assert_non_null(counts);
    for (uint32_t r = 0; r < outcome.realisations; r++) {
        counts[r] = (double)outcome.dud_count[(size_t)r * outcome.columns + 4];
    }
    const moments found = judge_moments(counts, outcome.realisations);
    free(counts);
    uxo_outcome_free(&outcome);
    return found;
}

/* rate2: E[p^2] / E[p]^2 */
static bool judge_quadrat(const model_fixture *fixture, double a, double rate2)
{
    const double x = LOAD * RATE, xx = LOAD * (LOAD - 1.0) * RATE * RATE * rate2; /* E[X], E[X (X - 1)] */
    const double area = PI * DISC_M * DISC_M, kappa = STRIKES / area, one = overlap(a, SIGMA_M);
    const double expected = kappa * x * a * a;
    const double variance = expected + kappa * xx * one * one - STRIKES * pow(x * a * a / area, 2.0);
    const moments found = quadrat_counts(fixture);
    printf("quadrats of %g m, variance / mean %.3f\n", a, variance / expected);
    const bool mean_is_right = judge_z("mean", found.mean, expected, found.mean_error);
    return judge_z("variance", found.variance, variance, found.variance_error) && mean_is_right;
}

static void clusters_have_the_variance_of_theory(void **state)
{
    static const double sides[] = {50.0, 100.0, 200.0};
    static model_fixture fixture;
    (void)state;
    for (int i = 0; i < 6; i++) {
        const bool varies = i >= 3;
        const double a = sides[i % 3], k = 20.0;
        fixture_init(&fixture, -1.5 * a, -1.5 * a, a, 3, 3, R, SEED + (uint64_t)i);
        fixture_cell_districts(&fixture);
        fixture.munition[0].submunitions_per_carrier = uxo_quantity_constant(LOAD);
        fixture.munition[0].dud_rate = uxo_quantity_constant(RATE);
        fixture.munition[0].varies_between_strikes = varies;
        fixture.munition[0].concentration = uxo_quantity_constant(k);
        fixture.munition[0].pattern_along_m = uxo_quantity_constant(SIGMA_M);
        fixture.munition[0].pattern_across_m = uxo_quantity_constant(SIGMA_M);
        for (int s = 0; s < STRIKES; s++) {
            char id[16];
            snprintf(id, sizeof id, "s%d", s);
            uxo_strike *const strike = fixture_strike(&fixture, id, 0.0, 0.0);
            uxo_site *const site = &fixture.site[strike->first_site];
            site->location_kind = UXO_LOCATION_DISC;
            site->location_size_m = uxo_quantity_constant(DISC_M);
        }
        puts(varies ? "failure rates differ between strikes" : "one failure rate");
        assert_true(judge_quadrat(&fixture, a, varies ? 1.0 + (1.0 - RATE) / (RATE * (k + 1.0)) : 1.0));
        fixture_free(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(formula_gives_the_published_variances),
                                       cmocka_unit_test(clusters_have_the_variance_of_theory)};
    printf("seed %d\n", SEED);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
