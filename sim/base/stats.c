/* stats.c - summaries over realisations. Sums are taken in the order of realisations, so equal inputs give equal bits.
 */
#include "uxosim/stats.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* Index of the type-1 quantile among n values: ceil(n q) - 1, with a guard against a product that is a whole number but
 * for rounding (0.05 * 2000 has to be 100). */
static size_t quantile_index(size_t n, double q)
{
    const double position = ceil((double)n * q * (1.0 - 1e-12));
    const size_t index = position < 1.0 ? 0 : (size_t)position - 1;
    return index < n ? index : n - 1;
}

uint32_t uxo_stats_rank(double q, uint32_t n)
{
    return (uint32_t)quantile_index(n, q) + 1;
}

double uxo_stats_quantile_sorted(const double *ascending, size_t n, double q)
{
    return ascending[quantile_index(n, q)];
}

static int compare_weighted(const void *left, const void *right)
{
    const double a = ((const uxo_weighted *)left)->value;
    const double b = ((const uxo_weighted *)right)->value;
    return a < b ? -1 : a > b;
}

double uxo_stats_effective(const double *weight, size_t n)
{
    double total = 0.0, squares = 0.0;
    for (size_t i = 0; weight != NULL && i < n; i++) {
        total += weight[i];
        squares += weight[i] * weight[i];
    }
    return weight == NULL ? (double)n : squares > 0.0 ? total * total / squares : 0.0;
}

/* Central moments about the mean in a second pass: exact enough for counts near 1e6 with a small spread.
 * Returns the effective number of realisations (Kish): n for equal weights. */
static double moments(const double *values, const double *weight, size_t n, uxo_summary *out)
{
    double total = 0.0, total_squares = 0.0, sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double w = weight != NULL ? weight[i] : 1.0;
        total += w;
        total_squares += w * w;
        sum += w * values[i];
    }
    const double mean = sum / total;
    double second = 0.0, fourth = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double w = weight != NULL ? weight[i] : 1.0;
        const double square = (values[i] - mean) * (values[i] - mean);
        second += w * square;
        fourth += w * square * square;
    }
    const double effective = total * total / total_squares;
    const double correction = effective > 1.0 ? effective / (effective - 1.0) : 0.0;
    const double variance = second / total * correction;
    const double kurtosis_term = fourth / total - variance * variance * (effective - 3.0) / (effective - 1.0);
    out->mean = mean;
    out->sd = sqrt(variance);
    out->mean_se = effective > 1.0 ? out->sd / sqrt(effective) : NAN;
    out->sd_se = effective <= 1.0 ? NAN
                 : out->sd > 0.0  ? sqrt(kurtosis_term > 0.0 ? kurtosis_term / effective : 0.0) / (2.0 * out->sd)
                                  : 0.0;
    return effective;
}

/* Type-1 quantile of pairs in ascending order; `total` is the sum of their weights, 0 when they have none. */
static double quantile_of_pairs(const uxo_weighted *pairs, size_t n, double total, double q)
{
    if (total == 0.0) {
        return pairs[quantile_index(n, q)].value;
    }
    const double wanted = q * total * (1.0 - 1e-12);
    double share = 0.0;
    for (size_t i = 0; i < n; i++) {
        share += pairs[i].weight;
        if (share >= wanted && pairs[i].weight > 0.0) {
            return pairs[i].value;
        }
    }
    return pairs[n - 1].value;
}

static double quantile_error(const uxo_weighted *pairs, size_t n, double total, double effective, double q)
{
    if (effective < 2.0) {
        return NAN;
    }
    const double spread = sqrt(q * (1.0 - q) / effective);
    const double high = quantile_of_pairs(pairs, n, total, q + spread < 1.0 ? q + spread : 1.0);
    const double low = quantile_of_pairs(pairs, n, total, q - spread > 0.0 ? q - spread : 0.0);
    return 0.5 * (high - low);
}

void uxo_stats_moments(const double *values, const double *weight, size_t n, uxo_summary *out)
{
    (void)moments(values, weight, n, out);
    for (int i = 0; i < 3; i++) {
        out->quantile[i] = NAN;
        out->quantile_se[i] = NAN;
    }
}

/* Without a spread there is nothing to put in order. */
static void summarise_equal(double value, double effective, uxo_summary *out)
{
    for (int i = 0; i < 3; i++) {
        out->quantile[i] = value;
        out->quantile_se[i] = effective < 2.0 ? NAN : 0.0;
    }
}

static bool all_equal(const double *values, size_t n)
{
    size_t i = 1;
    while (i < n && values[i] == values[0]) {
        i++;
    }
    return i >= n;
}

void uxo_stats_summarise(const double *values, const double *weight, size_t n, const double q[3], uxo_weighted *scratch,
                         uxo_summary *out)
{
    const double effective = moments(values, weight, n, out);
    double total = 0.0;
    if (all_equal(values, n)) {
        summarise_equal(values[0], effective, out);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        scratch[i] = (uxo_weighted){values[i], weight != NULL ? weight[i] : 0.0};
        total += scratch[i].weight;
    }
    qsort(scratch, n, sizeof *scratch, compare_weighted);
    for (int i = 0; i < 3; i++) {
        out->quantile[i] = quantile_of_pairs(scratch, n, total, q[i]);
        out->quantile_se[i] = quantile_error(scratch, n, total, effective, q[i]);
    }
}

typedef struct ranked {
    double value;
    size_t index;
} ranked;

static int compare_descending(const void *left, const void *right)
{
    const double a = ((const ranked *)left)->value;
    const double b = ((const ranked *)right)->value;
    return a > b ? -1 : a < b;
}

void uxo_stats_rank_descending(const double *values, size_t n, double *rank)
{
    ranked *const order = malloc(n * sizeof *order);
    if (order == NULL) {
        for (size_t i = 0; i < n; i++) {
            rank[i] = NAN;
        }
        return;
    }
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(values[i])) {
            rank[i] = NAN;
        } else {
            order[count++] = (ranked){values[i], i};
        }
    }
    qsort(order, count, sizeof *order, compare_descending);
    for (size_t i = 0; i < count; i++) {
        const bool tie = i > 0 && order[i].value == order[i - 1].value;
        rank[order[i].index] = tie ? rank[order[i - 1].index] : (double)(i + 1);
    }
    free(order);
}
