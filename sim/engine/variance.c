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

/* How many values the variance hangs on: their number over their kurtosis, 1 if a single one stands out. 0: there is none. */
static double values_that_vary(const double *a, const double *b, size_t n, double centre)
{
    double square = 0.0, fourth = 0.0;
    bool varies = false; /* but for rounding: of counts there is no variance or a lot */
    for (size_t i = 0; i < n; i++) {
        const double da = (a[i] - centre) * (a[i] - centre), db = (b[i] - centre) * (b[i] - centre);
        square += da + db;
        fourth += da * da + db * db;
        varies = varies || a[i] != a[0] || b[i] != a[0];
    }
    return varies ? square * square / fourth : 0.0;
}

uxo_variance_share uxo_variance_share_of(const double *a, const double *b, const double *c, size_t n)
{
    const double fewest = fmin(5.0, 0.5 * (double)n); /* ASSUMED */
    const double centre = 0.5 * (mean_of(a, n) + mean_of(b, n));
    if (n < 3 || values_that_vary(a, b, n, centre) < fewest) {
        return (uxo_variance_share){NAN, NAN, NAN, NAN}; /* a jackknife would give 0 +- 0, or 200 +- 200 % */
    }
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
    free(self->log_accidents);
    free(self->item);
    free(self->item_accidents);
    for (int q = 0; q < 3; q++) {
        free(self->independent_quantile[q]);
    }
    *self = (uxo_variance){0};
}

/* ---- One quantity at a time, from realisations that were drawn anyhow */

/* An input and what came of it. */
typedef struct paired {
    double x, y;
} paired;

static int compare_paired(const void *left, const void *right)
{
    const paired *const a = left;
    const paired *const b = right;
    if (a->x < b->x || a->x > b->x) {
        return a->x < b->x ? -1 : 1;
    }
    return a->y < b->y ? -1 : a->y > b->y; /* so that the order is one, whoever sorts */
}

/* Variance between slices of equal numbers of outputs, in the order of their inputs, less what chance puts there. */
static double between_share(const double *y, size_t n)
{
    const size_t slices = (size_t)sqrt((double)n) / 2 > 2 ? (size_t)sqrt((double)n) / 2 : 2;
    double mean = 0.0, all = 0.0, between = 0.0;
    for (size_t i = 0; i < n; i++) {
        mean += y[i] / (double)n;
    }
    for (size_t s = 0; s < slices; s++) {
        const size_t from = s * n / slices, to = (s + 1) * n / slices;
        double sum = 0.0;
        for (size_t i = from; i < to; i++) {
            const double off = y[i] - mean;
            sum += off;
            all += off * off;
        }
        between += sum * sum / (double)(to - from);
    }
    const double within = (all - between) / (double)(n - slices);
    return all > 0.0 ? (between - (double)(slices - 1) * within) / all : NAN;
}

enum { JACKKNIFE_GROUPS = 20 };

/* All but every 20th, from the one of number `group` on. */
static size_t leave_out(const double *y, size_t n, size_t group, double *left)
{
    size_t count = 0;
    for (size_t from = 0; from < n; from += JACKKNIFE_GROUPS) {
        for (size_t i = 0; i < JACKKNIFE_GROUPS && from + i < n; i++) {
            left[count] = y[from + i];
            count += i != group;
        }
    }
    return count;
}

static uxo_variance_item item_share(const double *y, size_t n, double *left)
{
    double mean = 0.0, square = 0.0;
    uxo_variance_item out = {.first = between_share(y, n)};
    for (size_t g = 0; g < JACKKNIFE_GROUPS; g++) { /* spread over all of the inputs */
        const double d = between_share(left, leave_out(y, n, g, left)) - out.first;
        mean += d / JACKKNIFE_GROUPS;
        square += d * d / JACKKNIFE_GROUPS;
    }
    out.first_se = sqrt((JACKKNIFE_GROUPS - 1) * fmax(0.0, square - mean * mean));
    return out;
}

bool uxo_variance_item_share(const double *x, size_t stride, const double *y, size_t n, uxo_variance_item *out)
{
    paired *const pair = malloc(n * sizeof *pair);
    double *const sorted = malloc((2 * n + 1) * sizeof *sorted);
    *out = (uxo_variance_item){NAN, NAN};
    const bool complete = pair != NULL && sorted != NULL;
    if (complete && n >= 4 * JACKKNIFE_GROUPS) {
        for (size_t i = 0; i < n; i++) {
            pair[i] = (paired){x[i * stride], y[i]};
        }
        qsort(pair, n, sizeof *pair, compare_paired);
        for (size_t i = 0; i < n; i++) {
            sorted[i] = pair[i].y;
        }
        *out = item_share(sorted, n, sorted + n);
    }
    free(pair);
    free(sorted);
    return complete;
}
