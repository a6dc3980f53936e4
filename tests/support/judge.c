/* judge.c - verdicts of the statistical tests. */
#include "judge.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

bool judge_z(const char *name, double estimate, double expected, double standard_error)
{
    const double z = standard_error > 0.0   ? (estimate - expected) / standard_error
                     : estimate == expected ? 0.0
                                            : INFINITY;
    printf("  %-58s %.8g against %.8g  |z| = %.2f\n", name, estimate, expected, fabs(z));
    return fabs(z) <= JUDGE_BOUND;
}

bool judge_chi_square(const char *name, double sum, double n)
{
    const double upper = gsl_cdf_chisq_Q(sum, n);
    const double lower = gsl_cdf_chisq_P(sum, n);
    printf("  %-58s chi-square %.1f of %.0f, tail %.2g\n", name, sum, n, upper < lower ? upper : lower);
    return upper > 1e-6 && lower > 1e-6;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

bool judge_uniform(const char *name, double *u, size_t n)
{
    double largest = 0.0;
    qsort(u, n, sizeof *u, ascending);
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fmax((double)(i + 1) / (double)n - u[i], u[i] - (double)i / (double)n));
    }
    largest *= sqrt((double)n);
    printf("  %-58s sqrt(n) D = %.3f of %zu\n", name, largest, n);
    return largest <= 2.63;
}

bool judge_tails(const char *name, const double *u, size_t n)
{
    static const double tails[] = {1e-2, 1e-3, 1e-4};
    bool good = true;
    for (size_t t = 0; t < sizeof tails / sizeof tails[0]; t++) {
        double below = 0.0, above = 0.0;
        for (size_t i = 0; i < n; i++) {
            below += u[i] < tails[t];
            above += u[i] > 1.0 - tails[t];
        }
        const double expected = tails[t] * (double)n, error = sqrt(expected * (1.0 - tails[t])) + 0.5;
        good = judge_z(name, below, expected, error) && good;
        good = judge_z(name, above, expected, error) && good;
    }
    return good;
}

moments judge_moments(const double *values, size_t n)
{
    double mean = 0.0, second = 0.0, fourth = 0.0;
    for (size_t i = 0; i < n; i++) {
        mean += values[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        const double square = (values[i] - mean) * (values[i] - mean);
        second += square / (double)n;
        fourth += square * square / (double)n;
    }
    const double size = (double)n;
    return (moments){mean, sqrt(second / size), second * size / (size - 1.0), sqrt((fourth - second * second) / size)};
}

bool judge_quantile(const char *name, const double *values, size_t n, double q, double expected)
{
    double below = 0.0, up_to = 0.0;
    for (size_t i = 0; i < n; i++) {
        below += values[i] < expected;
        up_to += values[i] <= expected;
    }
    const double error = JUDGE_BOUND * sqrt(q * (1.0 - q) / (double)n);
    printf("  %-58s P(< %g) = %.5f, P(<= %g) = %.5f around %g\n", name, expected, below / (double)n, expected,
           up_to / (double)n, q);
    return below / (double)n < q + error && up_to / (double)n > q - error;
}
