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

/* A Beta as the solver sees it. */
typedef struct point {
    double t;                 /* logit of the mean */
    double log_concentration; /* of a + b */
} point;

static void misfits(problem *self, point at, double out[2])
{
    const double concentration = exp(at.log_concentration);
    out[0] = beta_below(self->q05, at.t, concentration, 0.05, self);
    out[1] = beta_below(self->q95, at.t, concentration, 0.95, self);
}

/* Newton's method on both misfits at once, with slopes by differences that are taken anew while steps are long. False
 * where it does not settle: then the slow way has to be gone. */
static bool solve_fast(problem *self, point *at)
{
    const double step = 1e-6, long_step = 1e-3, settled = 1e-12;
    double f[2], at_t[2], at_c[2], slope[2][2] = {{0.0, 0.0}, {0.0, 0.0}}, moved = INFINITY;
    for (int i = 0; i < 20 && !self->failed; i++) {
        misfits(self, *at, f);
        if (moved > long_step) {
            misfits(self, (point){at->t + step, at->log_concentration}, at_t);
            misfits(self, (point){at->t, at->log_concentration + step}, at_c);
            for (int k = 0; k < 2; k++) {
                slope[k][0] = (at_t[k] - f[k]) / step;
                slope[k][1] = (at_c[k] - f[k]) / step;
            }
        }
        const double determinant = slope[0][0] * slope[1][1] - slope[0][1] * slope[1][0];
        const double by_t = (slope[0][1] * f[1] - slope[1][1] * f[0]) / determinant;
        const double by_c = (slope[1][0] * f[0] - slope[0][0] * f[1]) / determinant;
        moved = fmax(fabs(by_t), fabs(by_c));
        if (!(moved < 2.0)) {
            return false; /* too far for slopes to hold; also where they vanish: NaN */
        }
        at->t += by_t;
        at->log_concentration += by_c;
        if (moved <= settled) {
            return !self->failed;
        }
    }
    return false;
}

/* One quantity within the other, by brackets: for the intervals that are far from those of a normal. */
static bool solve_nested(problem *self, point *at)
{
    /* Step out until the misfit changes its sign. */
    double low = at->log_concentration, f_low = upper_misfit(low, self);
    const double step = f_low < 0.0 ? 0.5 : -0.5;
    double high = low + step;
    double f_high = self->failed ? 0.0 : upper_misfit(high, self);
    while (!self->failed && (f_low > 0.0) == (f_high > 0.0)) {
        low = high;
        f_low = f_high;
        high += step;
        f_high = upper_misfit(high, self);
    }
    if (self->failed) {
        return false;
    }
    at->log_concentration = find_zero(upper_misfit, self, low, high, f_low, f_high);
    self->concentration = exp(at->log_concentration);
    at->t = solve_mean(self);
    return !self->failed;
}

bool uxo_distribution_beta_from_interval(double q05, double q95, double *a, double *b)
{
    problem self = {.q05 = q05, .q95 = q95};
    if (!(q05 > 0.0 && q05 < q95 && q95 < 1.0)) {
        return false;
    }
    /* Start from the concentration of a normal of the same width. */
    const double middle = 0.5 * (q05 + q95), sd = (q95 - q05) / 3.29;
    const point start = {log(middle) - log1p(-middle), log(fmax(middle * (1.0 - middle) / (sd * sd) - 1.0, 0.05))};
    point at = start;
    if (!solve_fast(&self, &at)) {
        at = start;
        self.failed = false;
        if (!solve_nested(&self, &at)) {
            return false;
        }
    }
    const double mean = sigmoid(at.t), concentration = exp(at.log_concentration);
    *a = uxo_round_digits(mean * concentration, DIGITS);
    *b = uxo_round_digits((1.0 - mean) * concentration, DIGITS);
    return fabs(gsl_cdf_beta_P(q05, *a, *b) - 0.05) < 1e-8 && fabs(gsl_cdf_beta_P(q95, *a, *b) - 0.95) < 1e-8;
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
