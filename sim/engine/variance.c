/* variance.c - Sobol' indices from pairs of realisations, with jackknife errors. */
#include <math.h>
#include <stdlib.h>

#include "uxosim/variance.h"

/* Sums over pairs of centred values. */
typedef struct sums {
    double n;
    double a, b, d; /* d = c - a */
    double aa, bb, bd, dd;
} sums;

static void add(sums *self, double a, double b, double d, double sign)
{
    self->n += sign;
    self->a += sign * a;
    self->b += sign * b;
    self->d += sign * d;
    self->aa += sign * a * a;
    self->bb += sign * b * b;
    self->bd += sign * b * d;
    self->dd += sign * d * d;
}

typedef struct indices {
    double first, total;
} indices;

static indices indices_of(const sums *self)
{
    const double n = self->n;
    const double variance = 0.5 * (self->aa - self->a * self->a / n + self->bb - self->b * self->b / n) / (n - 1.0);
    const double common = (self->bd - self->b * self->d / n) / (n - 1.0);
    return (indices){common / variance, 0.5 * self->dd / n / variance};
}

static double mean_of(const double *values, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += values[i];
    }
    return sum / (double)n;
}

/* Is there any variance but that of rounding? Of counts there is none or a lot. */
static bool varies(const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (a[i] != a[0] || b[i] != a[0]) {
            return true;
        }
    }
    return false;
}

uxo_variance_share uxo_variance_share_of(const double *a, const double *b, const double *c, size_t n)
{
    if (n < 3 || !varies(a, b, n)) {
        return (uxo_variance_share){NAN, NAN, NAN, NAN};
    }
    const double centre = 0.5 * (mean_of(a, n) + mean_of(b, n));
    sums all = {0};
    for (size_t i = 0; i < n; i++) {
        add(&all, a[i] - centre, b[i] - centre, c[i] - a[i], 1.0);
    }
    const indices whole = indices_of(&all);
    double mean[2] = {0.0, 0.0}, square[2] = {0.0, 0.0};
    for (size_t i = 0; i < n; i++) {
        sums without = all;
        add(&without, a[i] - centre, b[i] - centre, c[i] - a[i], -1.0);
        const indices left = indices_of(&without);
        const double d[2] = {left.first - whole.first, left.total - whole.total};
        for (int k = 0; k < 2; k++) {
            mean[k] += d[k];
            square[k] += d[k] * d[k];
        }
    }
    const double count = (double)n;
    double error[2];
    for (int k = 0; k < 2; k++) {
        error[k] = sqrt((count - 1.0) / count * fmax(0.0, square[k] - mean[k] * mean[k] / count));
    }
    return (uxo_variance_share){whole.first, error[0], whole.total, error[1]};
}

void uxo_variance_free(uxo_variance *self)
{
    free(self->duds);
    free(self->independent_sd);
    for (int q = 0; q < 3; q++) {
        free(self->independent_quantile[q]);
    }
    *self = (uxo_variance){0};
}
