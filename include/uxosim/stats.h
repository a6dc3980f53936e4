/* stats.h - statistics over realisations: one rule each for the whole program.
 *
 * Quantiles are the inverse of the empirical distribution (type 1 of Hyndman and Fan 1996).
 * Weights may be NULL (all one).
 */
#ifndef UXOSIM_STATS_H
#define UXOSIM_STATS_H

#include <stddef.h>
#include <stdint.h>

/* Mean, sd and quantiles of one quantity over realisations, each with its Monte Carlo standard error. */
typedef struct uxo_summary {
    double mean, mean_se;
    double sd, sd_se;
    double quantile[3], quantile_se[3];
} uxo_summary;

/* A value and its weight. */
typedef struct uxo_weighted {
    double value, weight;
} uxo_weighted;

/* Type-1 quantile of an ascending array: the smallest value whose cumulative share is at least q. n >= 1. */
double uxo_stats_quantile_sorted(const double *ascending, size_t n, double q);

/* Where it is found among n ascending values, counted from 1. */
uint32_t uxo_stats_rank(double q, uint32_t n);

/* Fills a summary from n >= 1 values. `values` is left alone; `scratch` has room for n pairs.
 *
 * sd             of the population of draws (denominator n - 1)
 * sd_se          sqrt((m4 - s^4 (n-3)/(n-1))/n) / (2 s)
 * quantile_se    half the distance between the quantiles at q -+ sqrt(q (1-q) / n)
 * with weights   n is Kish's effective number
 * with n = 1     errors are NaN
 */
void uxo_stats_summarise(const double *values, const double *weight, size_t n, const double q[3], uxo_weighted *scratch,
                         uxo_summary *out);

/* Mean, sd and their errors alone, as the above has them; quantiles NaN. For those who need no order: that takes the time. */
void uxo_stats_moments(const double *values, const double *weight, size_t n, uxo_summary *out);

/* Kish's effective number of n weighted realisations, (sum w)^2 / sum w^2; n for equal weights. NULL: all one. */
double uxo_stats_effective(const double *weight, size_t n);

/* Ranks, 1 for the largest, ties share the smallest rank of their group. NaN gets NaN (all do when memory runs out). */
void uxo_stats_rank_descending(const double *values, size_t n, double *rank);

#endif
