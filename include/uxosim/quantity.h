/* quantity.h - a number or a distribution: its mean, variance, bounds and draws.
 *
 * Pure mathematics, no ordnance, no files: reading one from a scenario is sim/scenario/distribution.
 * A quantity is a plain value; it owns nothing.
 */
#ifndef UXOSIM_QUANTITY_H
#define UXOSIM_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "uxosim/rng.h"

enum { UXO_MAX_CHOICES = 16 };

typedef enum uxo_form {
    UXO_FORM_CONSTANT,
    UXO_FORM_UNIFORM,    /* p[0] = a, p[1] = b, a < b */
    UXO_FORM_RANGE,      /* integers p[0] .. p[1], ends included */
    UXO_FORM_TRIANGULAR, /* p[0] = a, p[1] = mode, p[2] = b */
    UXO_FORM_BETA,       /* p[0] = alpha, p[1] = beta; also what {interval90} of a rate becomes */
    UXO_FORM_LOGNORMAL,  /* p[0], p[1] = mean and sd of the logarithm; also {interval90} of a positive quantity */
    UXO_FORM_NORMAL,     /* p[0] = mean, p[1] = sd, conditional on [lower, upper] */
    UXO_FORM_POISSON,    /* p[0] = mean before conditioning on [lower, upper] */
    UXO_FORM_CHOICE      /* value[i] with probability weight[i], i < choices */
} uxo_form;

/* The level at which a distribution varies. */
typedef enum uxo_per { UXO_PER_UNSAID, UXO_PER_CAMPAIGN, UXO_PER_STRIKE, UXO_PER_CARRIER } uxo_per;

typedef struct uxo_quantity {
    uxo_form form;
    uxo_per per;
    bool integer;        /* draws are rounded to the nearest integer within [lower, upper] */
    double lower, upper; /* what the key allows; a draw outside is drawn again */
    double p[3];
    uint32_t choices;
    double value[UXO_MAX_CHOICES];
    double weight[UXO_MAX_CHOICES]; /* normalised */
    int32_t campaign_index; /* >= 0: drawn once per realisation, at this index of the campaign vector; else -1 */
} uxo_quantity;

/* A constant that nobody drew. */
uxo_quantity uxo_quantity_constant(double value);

/* Exact mean and variance of what uxo_quantity_sample gives, conditioning and rounding included.
 * Where there is no closed form: quadrature or sums, to 1e-10 relative. */
double uxo_quantity_mean(const uxo_quantity *self);
double uxo_quantity_variance(const uxo_quantity *self);

/* Exact mean of logistic(logit X + S) of a rate X and an independent shift S of log odds, by quadrature to 1e-9 relative; -1 when memory
 * runs out. */
double uxo_quantity_shifted_mean(const uxo_quantity *rate, const uxo_quantity *shift);

/* A value that a draw exceeds with a probability of at most 1e-9 (the upper end where there is one). */
double uxo_quantity_high(const uxo_quantity *self);

/* One draw. A constant draws nothing from the stream. */
double uxo_quantity_sample(const uxo_quantity *self, uxo_stream *stream);

/* Inverse of the distribution function, for reports: 0 < q < 1. */
double uxo_quantity_quantile(const uxo_quantity *self, double q);

/* Share of unconditional draws that fall within [lower, upper]. A form for which it is below 0.01 has to be refused
 * when it is read: sampling is by drawing again. */
double uxo_quantity_acceptance(const uxo_quantity *self);

#endif
