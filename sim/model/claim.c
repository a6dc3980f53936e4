/* claim.c - the law of a sum of beta-binomials, its quantiles and its far tails. Not here: what a claim may say (tools/claims_check.c).
 *
 * Sums by characteristic functions: one transform of the law of a strike, its power, one transform back. That leaves errors of some 1e-16
 * of the largest probability everywhere, which would drown a tail. So for tails the laws are tilted first (multiplied by exp(theta x) and
 * scaled) until the claimed number is their mean, and the tilt is taken off again afterwards (Daniels 1954, Ann. Math. Stat. 25:631).
 */
#include "uxosim/claim.h"

#include <complex.h>
#include <gsl/gsl_fft_complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Strikes with the same number of submunitions. */
typedef struct group {
    uint32_t count, load;
    double *log_mass; /* [load + 1], owned */
} group;

typedef struct law {
    group part[2];
    uint32_t parts;
    uint32_t total;  /* submunitions of all strikes */
    size_t length;   /* of the transforms, > total */
    double *mass;    /* [total + 1] of the sum, tilted by theta, owned */
    double *term[2]; /* [2 * length] complex, owned; scratch */
    gsl_fft_complex_wavetable *table;
    gsl_fft_complex_workspace *work;
} law;

static double largest(const double *values, uint32_t count)
{
    double most = -INFINITY;
    for (uint32_t i = 0; i < count; i++) {
        most = values[i] > most ? values[i] : most;
    }
    return most;
}

/* Of a law tilted by theta: log of E[exp(theta x)], mean, variance. */
typedef struct moments {
    double log_scale, mean, variance;
} moments;

static moments moments_of(const group *part, double theta)
{
    double most = -INFINITY, sum = 0.0, first = 0.0, second = 0.0;
    for (uint32_t x = 0; x <= part->load; x++) {
        const double log_term = part->log_mass[x] + theta * x;
        most = log_term > most ? log_term : most;
    }
    for (uint32_t x = 0; x <= part->load; x++) {
        const double mass = exp(part->log_mass[x] + theta * x - most);
        sum += mass;
        first += mass * x;
    }
    const double mean = first / sum;
    for (uint32_t x = 0; x <= part->load; x++) {
        second += exp(part->log_mass[x] + theta * x - most) * (x - mean) * (x - mean);
    }
    return (moments){most + log(sum), mean, second / sum};
}

/* P(x) / P(x - 1). */
static double step(double x, double load, double rate, double concentration)
{
    const double odds = isinf(concentration)
                            ? rate / (1.0 - rate)
                            : (rate * concentration + x - 1.0) / ((1.0 - rate) * concentration + load - x);
    return (load - x + 1.0) / x * odds;
}

/* log P(x) from the mean outwards, where rounding has the shortest way to add up; then scaled to a sum of one. */
static bool group_init(group *self, uint32_t count, uint32_t load, double rate, double concentration)
{
    *self = (group){count, load, malloc(((size_t)load + 1) * sizeof *self->log_mass)};
    if (self->log_mass == NULL) {
        return false;
    }
    const uint32_t start = (uint32_t)(rate * load);
    self->log_mass[start] = 0.0;
    for (uint32_t x = start; x < load; x++) {
        self->log_mass[x + 1] = self->log_mass[x] + log(step(x + 1.0, load, rate, concentration));
    }
    for (uint32_t x = start; x > 0; x--) {
        self->log_mass[x - 1] = self->log_mass[x] - log(step(x, load, rate, concentration));
    }
    const double most = largest(self->log_mass, load + 1);
    double sum = 0.0;
    for (uint32_t x = 0; x <= load; x++) {
        sum += exp(self->log_mass[x] - most);
    }
    for (uint32_t x = 0; x <= load; x++) {
        self->log_mass[x] -= most + log(sum);
    }
    return true;
}

/* The smallest length above `least` whose factors are 2, 3 and 5 with few odd ones: what the transform is fast for. */
static size_t transform_length(size_t least)
{
    size_t best = 1;
    while (best <= least) {
        best *= 2;
    }
    const size_t three = best / 4 * 3, five = best / 8 * 5;
    return five > least ? five : three > least ? three : best;
}

static bool is_single(const law *self)
{
    return self->parts == 1 && self->part[0].count == 1;
}

static void law_free(law *self)
{
    for (int i = 0; i < 2; i++) {
        free(self->part[i].log_mass);
        free(self->term[i]);
    }
    free(self->mass);
    gsl_fft_complex_wavetable_free(self->table);
    gsl_fft_complex_workspace_free(self->work);
    *self = (law){.parts = 0};
}

static bool law_init(law *self, const uxo_claim *claim, uint32_t strikes, double concentration)
{
    const uint32_t more = claim->carriers % strikes, each = claim->carriers / strikes;
    const uint32_t count[2] = {strikes - more, more};
    *self = (law){.total = claim->carriers * claim->submunitions};
    bool good = true;
    for (uint32_t i = 0; i < 2 && good; i++) {
        if (count[i] > 0) {
            good = group_init(&self->part[self->parts++], count[i], (each + i) * claim->submunitions, claim->rate,
                              concentration);
        }
    }
    self->mass = malloc(((size_t)self->total + 1) * sizeof *self->mass);
    good = good && self->mass != NULL;
    if (good && !is_single(self)) {
        self->length = transform_length(self->total);
        for (uint32_t i = 0; i < self->parts; i++) {
            self->term[i] = malloc(2 * self->length * sizeof **self->term);
            good = good && self->term[i] != NULL;
        }
        self->table = gsl_fft_complex_wavetable_alloc(self->length);
        self->work = gsl_fft_complex_workspace_alloc(self->length);
        good = good && self->table != NULL && self->work != NULL;
    }
    return good;
}

static double complex power(double complex base, uint32_t exponent)
{
    double complex result = 1.0;
    for (; exponent > 0; exponent >>= 1) {
        result *= (exponent & 1) != 0 ? base : 1.0;
        base *= base;
    }
    return result;
}

/* Characteristic function of one group's sum into its term. */
static void transform_part(law *self, uint32_t i, double theta, double log_scale)
{
    const group *const part = &self->part[i];
    double *const term = self->term[i];
    memset(term, 0, 2 * self->length * sizeof *term);
    for (uint32_t x = 0; x <= part->load; x++) {
        term[2 * (size_t)x] = exp(part->log_mass[x] + theta * x - log_scale);
    }
    gsl_fft_complex_forward(term, 1, self->length, self->table, self->work);
    for (size_t k = 0; k < self->length; k++) {
        const double complex value = power(term[2 * k] + term[2 * k + 1] * I, part->count);
        term[2 * k] = creal(value);
        term[2 * k + 1] = cimag(value);
    }
}

/* The same of the sum. */
static moments moments_of_sum(const law *self, double theta, double log_scale[2])
{
    moments sum = {0.0, 0.0, 0.0};
    for (uint32_t i = 0; i < self->parts; i++) {
        const moments part = moments_of(&self->part[i], theta);
        const double count = self->part[i].count;
        log_scale[i] = part.log_scale;
        sum.log_scale += count * part.log_scale;
        sum.mean += count * part.mean;
        sum.variance += count * part.variance;
    }
    return sum;
}

/* The law of the sum, tilted by theta, into `mass`. */
static moments law_tilt(law *self, double theta)
{
    double log_scale[2] = {0.0, 0.0};
    const moments sum = moments_of_sum(self, theta, log_scale);
    if (is_single(self)) {
        for (uint32_t x = 0; x <= self->total; x++) {
            self->mass[x] = exp(self->part[0].log_mass[x] + theta * x - log_scale[0]);
        }
        return sum;
    }
    for (uint32_t i = 0; i < self->parts; i++) {
        transform_part(self, i, theta, log_scale[i]);
    }
    for (size_t k = 0; k < self->length && self->parts == 2; k++) {
        double *const a = self->term[0] + 2 * k;
        const double *const b = self->term[1] + 2 * k;
        const double complex product = (a[0] + a[1] * I) * (b[0] + b[1] * I);
        a[0] = creal(product);
        a[1] = cimag(product);
    }
    gsl_fft_complex_inverse(self->term[0], 1, self->length, self->table, self->work);
    for (uint32_t x = 0; x <= self->total; x++) {
        self->mass[x] = fmax(0.0, self->term[0][2 * (size_t)x]);
    }
    return sum;
}

static double mean_at(const law *self, double theta)
{
    double log_scale[2];
    return moments_of_sum(self, theta, log_scale).mean;
}

/* The tilt that makes `wanted` the mean. Any tilt gives the right answer; a good one loses no digits, so a few bits do. */
static double find_tilt(const law *self, double wanted)
{
    enum { BISECTIONS = 30 };
    const double most = 100.0; /* beyond that all mass is at an end already */
    double low = -1.0, high = 1.0;
    while (low > -most && mean_at(self, low) > wanted) {
        low *= 2.0;
    }
    while (high < most && mean_at(self, high) < wanted) {
        high *= 2.0;
    }
    for (int i = 0; i < BISECTIONS; i++) {
        const double middle = 0.5 * (low + high);
        if (mean_at(self, middle) < wanted) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return 0.5 * (low + high);
}

/* sd and quantiles from the law as it is. */
static void describe(law *self, uxo_claim_law *out)
{
    const moments sum = law_tilt(self, 0.0);
    double below = 0.0;
    out->sd = sqrt(sum.variance);
    out->low = out->high = self->total;
    for (uint32_t x = 0; x <= self->total; x++) {
        const double before = below;
        below += self->mass[x];
        out->low = before < 0.05 && below >= 0.05 ? x : out->low;
        out->high = before < 0.95 && below >= 0.95 ? x : out->high;
    }
}

/* The tail on the claim's side of the mean; the other probability follows from it. */
static void place(law *self, uint32_t duds, uxo_claim_law *out)
{
    if (duds > self->total) {
        out->p_that_many = 0.0;
        out->p_that_few = 1.0;
        return;
    }
    double tail = 0.0;
    const bool above = duds > out->mean;
    const double theta = is_single(self) ? 0.0 : find_tilt(self, duds);
    const double log_scale = law_tilt(self, theta).log_scale;
    const uint32_t last = above ? self->total : 0;
    for (uint32_t x = last;; x = above ? x - 1 : x + 1) { /* smallest terms first */
        tail += self->mass[x] * exp(log_scale - theta * x);
        if (x == duds) {
            break;
        }
    }
    const double there = self->mass[duds] * exp(log_scale - theta * duds);
    out->p_that_many = fmin(1.0, above ? tail : 1.0 - (tail - there));
    out->p_that_few = fmin(1.0, above ? 1.0 - (tail - there) : tail);
}

static uxo_status check_law(const uxo_claim *claim, uint32_t strikes, double concentration, uxo_claim_law *out,
                            uxo_report *report)
{
    law sum;
    const bool good = law_init(&sum, claim, strikes, concentration);
    if (good) {
        out->mean = claim->rate * sum.total;
        describe(&sum, out);
        place(&sum, claim->duds, out);
    }
    law_free(&sum);
    return good ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
}

uxo_status uxo_claim_check(const uxo_claim *claim, uxo_claim_law *fixed, uxo_claim_law *spread, uxo_report *report)
{
    *spread = (uxo_claim_law){NAN, NAN, NAN, NAN, NAN, NAN};
    /* Submunitions that fail independently: it does not matter how they are dealt out. */
    UXO_TRY(check_law(claim, 1, INFINITY, fixed, report));
    return isnan(claim->concentration) ? UXO_OK
                                       : check_law(claim, claim->strikes, claim->concentration, spread, report);
}
