/* judge.h - verdicts of the statistical tests: z-scores and chi-squares, printed, with a stated false-alarm rate. */
#ifndef UXOSIM_TESTS_JUDGE_H
#define UXOSIM_TESTS_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

/* |z| above this is a failure: 2 (1 - Phi(4.5)) = 7e-6 for each number judged. */
#define JUDGE_BOUND 4.5

/* Prints "name: estimate against expected, |z| = ..." and returns whether |z| is within the bound. */
bool judge_z(const char *name, double estimate, double expected, double standard_error);

/* For deterministic numbers: cmocka's own comparison is in single precision. */
#define assert_near(a, b, tolerance) assert_true(fabs((a) - (b)) <= (tolerance))

/* Sum of n independent squared z-scores: within the bound when its upper or lower tail is above 1e-6. Prints it. */
bool judge_chi_square(const char *name, double sum, double n);

/* Kolmogorov and Smirnov: n values that should be uniform on (0, 1); within the bound when sqrt(n) D <= 2.63, which fails with
 * 2 exp(-2 2.63^2) = 2e-6. Sorts them. */
bool judge_uniform(const char *name, double *u, size_t n);

/* Both tails of values that should be uniform on (0, 1): how many lie below 1e-2, 1e-3, 1e-4 and above 1 less that; six z. */
bool judge_tails(const char *name, const double *u, size_t n);

/* A quantile of n whole numbers: the expected one must have a cumulative share on each side that is consistent with q. */
bool judge_quantile(const char *name, const double *values, size_t n, double q, double expected);

/* Mean and its standard error, variance and its standard error (by the fourth moment), of n values. */
typedef struct moments {
    double mean, mean_error, variance, variance_error;
} moments;
moments judge_moments(const double *values, size_t n);

#endif
