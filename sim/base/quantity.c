/* quantity.c - mean, variance, quantiles and draws of a quantity.
 *
 * Draws use the portable functions only; the distribution functions (GSL) serve set-up, checks and reports.
 */
#include "uxosim/quantity.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "uxosim/portable_math.h"

enum { MAX_TRIES = 10000 };

uxo_quantity uxo_quantity_constant(double value)
{
    return (uxo_quantity){
        .form = UXO_FORM_CONSTANT, .lower = -INFINITY, .upper = INFINITY, .p = {value, 0.0, 0.0}, .campaign_index = -1};
}

/* Distribution function of the continuous forms and of poisson, before conditioning and rounding. */
static double raw_cdf(const uxo_quantity *self, double x)
{
    const double *const p = self->p;
    switch (self->form) {
    case UXO_FORM_UNIFORM:
        return x <= p[0] ? 0.0 : x >= p[1] ? 1.0 : (x - p[0]) / (p[1] - p[0]);
    case UXO_FORM_TRIANGULAR:
        if (x <= p[0] || x >= p[2]) {
            return x <= p[0] ? 0.0 : 1.0;
        }
        return x < p[1] ? (x - p[0]) * (x - p[0]) / ((p[2] - p[0]) * (p[1] - p[0]))
                        : 1.0 - (p[2] - x) * (p[2] - x) / ((p[2] - p[0]) * (p[2] - p[1]));
    case UXO_FORM_BETA:
        return x <= 0.0 ? 0.0 : x >= 1.0 ? 1.0 : gsl_cdf_beta_P(x, p[0], p[1]);
    case UXO_FORM_LOGNORMAL:
        return x <= 0.0 ? 0.0 : gsl_cdf_ugaussian_P((log(x) - p[0]) / p[1]);
    case UXO_FORM_NORMAL:
        return gsl_cdf_ugaussian_P((x - p[0]) / p[1]);
    case UXO_FORM_POISSON:
        return x < 0.0 ? 0.0 : gsl_cdf_poisson_P(x > 4e9 ? 4000000000u : (unsigned)x, p[0]);
    default:
        return x < p[0] ? 0.0 : 1.0;
    }
}

double uxo_quantity_acceptance(const uxo_quantity *self)
{
    if (self->form == UXO_FORM_CONSTANT || self->form == UXO_FORM_RANGE || self->form == UXO_FORM_CHOICE) {
        return 1.0;
    }
    const double half = self->integer ? 0.5 : 0.0;
    const double above = isinf(self->upper) ? 1.0 : raw_cdf(self, self->upper + half);
    const double below = isinf(self->lower)               ? 0.0
                         : self->form == UXO_FORM_POISSON ? raw_cdf(self, self->lower - 1.0)
                                                          : raw_cdf(self, self->lower - half);
    return above - below;
}

/* P(a draw is the integer k), conditioning and rounding included. */
static double integer_mass(const uxo_quantity *self, double k, double acceptance)
{
    if (k < self->lower || k > self->upper) {
        return 0.0;
    }
    if (self->form == UXO_FORM_POISSON) {
        return gsl_ran_poisson_pdf((unsigned)k, self->p[0]) / acceptance;
    }
    return (raw_cdf(self, k + 0.5) - raw_cdf(self, k - 0.5)) / acceptance;
}

/* Integers that hold all but 1e-12 of the mass. */
static void integer_span(const uxo_quantity *self, double *first, double *last)
{
    const double *const p = self->p;
    double low = p[0], high = p[1];
    switch (self->form) {
    case UXO_FORM_TRIANGULAR:
        high = p[2];
        break;
    case UXO_FORM_LOGNORMAL:
        low = exp(p[0] - 7.2 * p[1]);
        high = exp(p[0] + 7.2 * p[1]);
        break;
    case UXO_FORM_NORMAL:
        low = p[0] - 7.2 * p[1];
        high = p[0] + 7.2 * p[1];
        break;
    case UXO_FORM_POISSON:
        low = fmax(0.0, p[0] - 8.0 * sqrt(p[0]));
        high = p[0] + 8.0 * sqrt(p[0]) + 40.0;
        break;
    default:
        break;
    }
    *first = fmax(floor(low), self->lower);
    *last = fmin(ceil(high), self->upper);
}

/* First two moments of what is rounded to integers, or of a poisson. */
static void integer_moments(const uxo_quantity *self, double *mean, double *variance)
{
    double first, last, sum = 0.0, weighted = 0.0, squares = 0.0;
    const double acceptance = uxo_quantity_acceptance(self);
    integer_span(self, &first, &last);
    for (double k = first; k <= last; k += 1.0) {
        const double mass = integer_mass(self, k, acceptance);
        sum += mass;
        weighted += mass * k;
        squares += mass * k * k;
    }
    *mean = weighted / sum;
    *variance = squares / sum - *mean * *mean;
}

/* Moments of a normal conditional on [lower, upper] (Johnson, Kotz and Balakrishnan 1994, ch. 13.10.1). */
static void truncated_normal_moments(const uxo_quantity *self, double *mean, double *variance)
{
    const double a = (self->lower - self->p[0]) / self->p[1];
    const double b = (self->upper - self->p[0]) / self->p[1];
    const double mass = gsl_cdf_ugaussian_P(b) - gsl_cdf_ugaussian_P(a);
    const double at_a = isinf(a) ? 0.0 : gsl_ran_ugaussian_pdf(a);
    const double at_b = isinf(b) ? 0.0 : gsl_ran_ugaussian_pdf(b);
    const double shift = (at_a - at_b) / mass;
    const double a_term = isinf(a) ? 0.0 : a * at_a;
    const double b_term = isinf(b) ? 0.0 : b * at_b;
    *mean = self->p[0] + self->p[1] * shift;
    *variance = self->p[1] * self->p[1] * (1.0 + (a_term - b_term) / mass - shift * shift);
}

static void choice_moments(const uxo_quantity *self, double *mean, double *variance)
{
    double sum = 0.0, squares = 0.0;
    for (uint32_t i = 0; i < self->choices; i++) {
        sum += self->weight[i] * self->value[i];
    }
    for (uint32_t i = 0; i < self->choices; i++) {
        squares += self->weight[i] * (self->value[i] - sum) * (self->value[i] - sum);
    }
    *mean = sum;
    *variance = squares;
}

static void closed_moments(const uxo_quantity *self, double *mean, double *variance)
{
    const double a = self->p[0], b = self->p[1], c = self->p[2];
    switch (self->form) {
    case UXO_FORM_UNIFORM:
        *mean = 0.5 * (a + b);
        *variance = (b - a) * (b - a) / 12.0;
        break;
    case UXO_FORM_RANGE:
        *mean = 0.5 * (a + b);
        *variance = ((b - a + 1.0) * (b - a + 1.0) - 1.0) / 12.0;
        break;
    case UXO_FORM_TRIANGULAR:
        *mean = (a + b + c) / 3.0;
        *variance = (a * a + b * b + c * c - a * b - a * c - b * c) / 18.0;
        break;
    case UXO_FORM_BETA:
        *mean = a / (a + b);
        *variance = a * b / ((a + b) * (a + b) * (a + b + 1.0));
        break;
    case UXO_FORM_LOGNORMAL:
        *mean = exp(a + 0.5 * b * b);
        *variance = expm1(b * b) * exp(2.0 * a + b * b);
        break;
    case UXO_FORM_NORMAL:
        truncated_normal_moments(self, mean, variance);
        break;
    case UXO_FORM_CHOICE:
        choice_moments(self, mean, variance);
        break;
    default:
        *mean = a;
        *variance = 0.0;
        break;
    }
}

static void moments(const uxo_quantity *self, double *mean, double *variance)
{
    const bool discrete_anyway =
        self->form == UXO_FORM_CONSTANT || self->form == UXO_FORM_RANGE || self->form == UXO_FORM_CHOICE;
    if (self->form == UXO_FORM_POISSON || (self->integer && !discrete_anyway)) {
        integer_moments(self, mean, variance);
    } else {
        closed_moments(self, mean, variance);
    }
}

double uxo_quantity_mean(const uxo_quantity *self)
{
    double mean, variance;
    moments(self, &mean, &variance);
    return mean;
}

double uxo_quantity_variance(const uxo_quantity *self)
{
    double mean, variance;
    moments(self, &mean, &variance);
    return variance;
}

static double choice_quantile(const uxo_quantity *self, double q)
{
    double best = NAN;
    double highest = -INFINITY;
    for (uint32_t i = 0; i < self->choices; i++) {
        double share = 0.0;
        for (uint32_t j = 0; j < self->choices; j++) {
            share += self->value[j] <= self->value[i] ? self->weight[j] : 0.0;
        }
        if (share >= q * (1.0 - 1e-12) && (isnan(best) || self->value[i] < best)) {
            best = self->value[i];
        }
        highest = fmax(highest, self->value[i]);
    }
    return isnan(best) ? highest : best;
}

static double integer_quantile(const uxo_quantity *self, double q)
{
    double first, last, share = 0.0;
    const double acceptance = uxo_quantity_acceptance(self);
    integer_span(self, &first, &last);
    for (double k = first; k < last; k += 1.0) {
        share += integer_mass(self, k, acceptance);
        if (share >= q) {
            return k;
        }
    }
    return last;
}

/* Quantile of an unbounded form before conditioning; GSL's inverses. */
static double raw_quantile(const uxo_quantity *self, double q)
{
    const double *const p = self->p;
    switch (self->form) {
    case UXO_FORM_BETA:
        return gsl_cdf_beta_Pinv(q, p[0], p[1]);
    case UXO_FORM_LOGNORMAL:
        return exp(p[0] + p[1] * gsl_cdf_ugaussian_Pinv(q));
    case UXO_FORM_TRIANGULAR: {
        const double at_mode = (p[1] - p[0]) / (p[2] - p[0]);
        return q < at_mode ? p[0] + sqrt(q * (p[2] - p[0]) * (p[1] - p[0]))
                           : p[2] - sqrt((1.0 - q) * (p[2] - p[0]) * (p[2] - p[1]));
    }
    case UXO_FORM_UNIFORM:
        return p[0] + q * (p[1] - p[0]);
    default:
        return p[0] + p[1] * gsl_cdf_ugaussian_Pinv(q);
    }
}

double uxo_quantity_quantile(const uxo_quantity *self, double q)
{
    switch (self->form) {
    case UXO_FORM_CONSTANT:
        return self->p[0];
    case UXO_FORM_CHOICE:
        return choice_quantile(self, q);
    case UXO_FORM_RANGE:
        return fmin(self->p[1], self->p[0] + floor(q * (self->p[1] - self->p[0] + 1.0)));
    default:
        break;
    }
    if (self->integer || self->form == UXO_FORM_POISSON) {
        return integer_quantile(self, q);
    }
    const double below = isinf(self->lower) ? 0.0 : raw_cdf(self, self->lower);
    return raw_quantile(self, below + q * uxo_quantity_acceptance(self));
}

double uxo_quantity_high(const uxo_quantity *self)
{
    switch (self->form) {
    case UXO_FORM_UNIFORM:
        return self->p[1];
    case UXO_FORM_TRIANGULAR:
        return self->p[2];
    default:
        return uxo_quantity_quantile(self, 1.0 - 1e-9);
    }
}

static double sample_choice(const uxo_quantity *self, uxo_stream *stream)
{
    double u = uxo_stream_uniform(stream);
    for (uint32_t i = 0; i + 1 < self->choices; i++) {
        if (u < self->weight[i]) {
            return self->value[i];
        }
        u -= self->weight[i];
    }
    return self->value[self->choices - 1];
}

static double sample_triangular(const double p[3], double u)
{
    const double at_mode = (p[1] - p[0]) / (p[2] - p[0]);
    return u < at_mode ? p[0] + sqrt(u * (p[2] - p[0]) * (p[1] - p[0]))
                       : p[2] - sqrt((1.0 - u) * (p[2] - p[0]) * (p[2] - p[1]));
}

static double sample_normal(const double p[3], uxo_stream *stream)
{
    double z[2];
    uxo_stream_normal_pair(stream, z);
    return p[0] + p[1] * z[0];
}

static double sample_once(const uxo_quantity *self, uxo_stream *stream)
{
    const double *const p = self->p;
    switch (self->form) {
    case UXO_FORM_UNIFORM:
        return p[0] + (p[1] - p[0]) * uxo_stream_uniform(stream);
    case UXO_FORM_RANGE:
        return p[0] + floor((p[1] - p[0] + 1.0) * uxo_stream_uniform(stream));
    case UXO_FORM_TRIANGULAR:
        return sample_triangular(p, uxo_stream_uniform(stream));
    case UXO_FORM_BETA:
        return uxo_stream_beta(stream, p[0], p[1]);
    case UXO_FORM_LOGNORMAL:
        return uxo_exp(sample_normal(p, stream));
    case UXO_FORM_NORMAL:
        return sample_normal(p, stream);
    case UXO_FORM_POISSON:
        return (double)uxo_stream_poisson(stream, p[0]);
    case UXO_FORM_CHOICE:
        return sample_choice(self, stream);
    default:
        return p[0];
    }
}

double uxo_quantity_sample(const uxo_quantity *self, uxo_stream *stream)
{
    if (self->form == UXO_FORM_CONSTANT) {
        return self->p[0];
    }
    double value = self->p[0];
    for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
        value = sample_once(self, stream);
        if (self->integer) {
            value = floor(value + 0.5);
        }
        if (value >= self->lower && value <= self->upper) {
            return value;
        }
    }
    /* Cannot happen for quantities that were read: their acceptance is at least 0.01, and 0.99^10000 is 2e-44. */
    return value < self->lower ? self->lower : self->upper;
}
