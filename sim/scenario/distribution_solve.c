/* distribution_solve.c - the Beta or log-normal with given 5 % and 95 % points; quantities in words.
 *
 * gsl_cdf_beta_P is used within 1e-3 < a, b < 1e5 only, where it neither aborts nor leaves its continued fraction.
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "distribution_private.h"
#include "uxosim/portable_math.h"

/* Digits of what is solved: log, exp and the Beta integral differ in their last bits between processors. */
enum { DIGITS = 10 };

void uxo_distribution_lognormal_from_interval(double q05, double q95, double *mean, double *sd)
{
    static const double z95 = 1.6448536269514722; /* 95 % point of the standard normal */
    *mean = uxo_round_digits(0.5 * (log(q05) + log(q95)), DIGITS);
    *sd = uxo_round_digits((log(q95) - log(q05)) / (2.0 * z95), DIGITS);
}

typedef struct problem {
    double q05, q95;
    double concentration; /* of the inner problem */
    bool failed;
} problem;

typedef double function(double x, problem *self);

/* Zero of an increasing or decreasing function between low and high with f(low) f(high) <= 0: Illinois variant of the
 * false position (Dowell and Jarratt 1971, BIT 11:168), falling back on halving. */
static double find_zero(function *f, problem *self, double low, double high, double f_low, double f_high)
{
    for (int i = 0; i < 200 && fabs(high - low) > 1e-14 * fmax(1.0, fabs(low)) && !self->failed; i++) {
        const double span = high - low;
        double x = low - f_low * span / (f_high - f_low);
        if (!(x > fmin(low, high) && x < fmax(low, high)) || i % 8 == 7) {
            x = low + 0.5 * span;
        }
        const double value = f(x, self);
        if (value == 0.0) {
            return x;
        }
        if ((value > 0.0) != (f_high > 0.0)) {
            low = high;
            f_low = f_high;
        } else {
            f_low *= 0.5;
        }
        high = x;
        f_high = value;
    }
    return high;
}

static double sigmoid(double t)
{
    return 1.0 / (1.0 + exp(-t));
}

/* P(X <= x) - target of the Beta with mean sigmoid(t). */
static double beta_below(double x, double t, double concentration, double target, problem *self)
{
    const double mean = sigmoid(t);
    const double a = mean * concentration, b = (1.0 - mean) * concentration;
    if (!(a > 1e-3 && b > 1e-3 && a < 1e5 && b < 1e5)) {
        self->failed = true;
        return 0.0;
    }
    const double below = gsl_cdf_beta_P(x, a, b);
    self->failed = self->failed || !isfinite(below);
    return below - target;
}

static double lower_misfit(double t, problem *self)
{
    return beta_below(self->q05, t, self->concentration, 0.05, self);
}

/* Logit of the mean at which the 5 % point is right for this concentration. */
static double solve_mean(problem *self)
{
    double low = log(self->q05) - log1p(-self->q05), f_low = lower_misfit(low, self);
    double step = f_low > 0.0 ? 0.5 : -0.5; /* the distribution function falls when the mean rises */
    double high = low + step, f_high = lower_misfit(high, self);
    while (!self->failed && (f_low > 0.0) == (f_high > 0.0)) {
        low = high;
        f_low = f_high;
        step *= 1.5;
        high += step;
        f_high = lower_misfit(high, self);
    }
    return self->failed ? 0.0 : find_zero(lower_misfit, self, low, high, f_low, f_high);
}

static double upper_misfit(double log_concentration, problem *self)
{
    self->concentration = exp(log_concentration);
    const double t = solve_mean(self);
    return self->failed ? 0.0 : beta_below(self->q95, t, self->concentration, 0.95, self);
}

bool uxo_distribution_beta_from_interval(double q05, double q95, double *a, double *b)
{
    problem self = {.q05 = q05, .q95 = q95};
    if (!(q05 > 0.0 && q05 < q95 && q95 < 1.0)) {
        return false;
    }
    /* Start from the concentration of a normal of the same width and step out until the misfit changes its sign. */
    const double middle = 0.5 * (q05 + q95), sd = (q95 - q05) / 3.29;
    double low = log(fmax(middle * (1.0 - middle) / (sd * sd) - 1.0, 0.05));
    double f_low = upper_misfit(low, &self);
    const double step = f_low < 0.0 ? 0.5 : -0.5;
    double high = low + step;
    double f_high = self.failed ? 0.0 : upper_misfit(high, &self);
    while (!self.failed && (f_low > 0.0) == (f_high > 0.0)) {
        low = high;
        f_low = f_high;
        high += step;
        f_high = upper_misfit(high, &self);
    }
    if (self.failed) {
        return false;
    }
    const double log_concentration = find_zero(upper_misfit, &self, low, high, f_low, f_high);
    self.concentration = exp(log_concentration);
    const double mean = sigmoid(solve_mean(&self));
    *a = uxo_round_digits(mean * self.concentration, DIGITS);
    *b = uxo_round_digits((1.0 - mean) * self.concentration, DIGITS);
    return !self.failed && fabs(gsl_cdf_beta_P(q05, *a, *b) - 0.05) < 1e-8 &&
           fabs(gsl_cdf_beta_P(q95, *a, *b) - 0.95) < 1e-8;
}

void uxo_distribution_describe(const uxo_quantity *quantity, char *text, size_t size)
{
    static const char *const level[] = {"", ", per campaign", ", per strike", ", per carrier"};
    static const char *const form[] = {"constant",   "uniform", "range",   "triangular", "Beta",
                                       "log-normal", "normal",  "Poisson", "choice"};
    if (quantity->form == UXO_FORM_CONSTANT) {
        snprintf(text, size, "%.6g", quantity->p[0]);
        return;
    }
    if (quantity->form == UXO_FORM_UNIFORM || quantity->form == UXO_FORM_RANGE) {
        snprintf(text, size, "%s %.6g to %.6g%s", form[quantity->form], quantity->p[0], quantity->p[1],
                 level[quantity->per]);
        return;
    }
    snprintf(text, size, "%s, mean %.3g, 5-95 %% %.3g-%.3g%s", form[quantity->form], uxo_quantity_mean(quantity),
             uxo_quantity_quantile(quantity, 0.05), uxo_quantity_quantile(quantity, 0.95), level[quantity->per]);
}
