/* portable_math.h - elementary functions with the same bits on every processor.
 *
 * glibc's log, exp, sin and cos differ between processors with and without FMA; SLEEF's `cinz` family (no FMA, inside
 * the stated error, consistent over instruction sets) does not. Every elementary function that a result depends on is
 * one of these, or a polynomial of ours that is written as single operations, which do the same everywhere: sine and cosine here, those of
 * the kernels in sim/model/kernels_private.h.
 */
#ifndef UXOSIM_PORTABLE_MATH_H
#define UXOSIM_PORTABLE_MATH_H

#include <sleef.h>
#include <stdint.h>

static inline double uxo_log(double x)
{
    return Sleef_cinz_logd1_u10purec(x);
}

static inline double uxo_log1p(double x)
{
    return Sleef_cinz_log1pd1_u10purec(x);
}

static inline double uxo_exp(double x)
{
    return Sleef_cinz_expd1_u10purec(x);
}

static inline double uxo_expm1(double x)
{
    return Sleef_cinz_expm1d1_u10purec(x);
}

static inline double uxo_erf(double x)
{
    return Sleef_cinz_erfd1_u10purec(x);
}

static inline double uxo_atan2(double y, double x)
{
    return Sleef_cinz_atan2d1_u10purec(y, x);
}

/* logistic(logit rate + shift), rate in [0, 1]; exact at its ends. */
static inline double uxo_shift_log_odds(double rate, double shift)
{
    const double odds = uxo_exp(shift) * rate;
    return odds / (1.0 - rate + odds);
}

static inline double uxo_asin(double x)
{
    return Sleef_cinz_asind1_u10purec(x);
}

/* sin(pi x), cos(pi x) for |x| < 2^50, within 2e-16. Written out, since SLEEF's takes a call and five times as long: the
 * nearest half turn is exact, and what is left of at most a quarter goes into series, cut where the next term is below 1e-17. */
static inline void uxo_sincospi(double x, double *sine, double *cosine)
{
    const double round = 0x1.8p52;
    const double halves = (2.0 * x + round) - round;
    const double rest = x - 0.5 * halves;
    const double square = rest * rest;
    double s = -2.1915353447830217e-5, c = 4.303069587032947e-6;
    s = s * square + 4.6630280576761256e-4;
    s = s * square + -7.370430945714351e-3;
    s = s * square + 8.214588661112823e-2;
    s = s * square + -5.992645293207921e-1;
    s = s * square + 2.550164039877345;
    s = s * square + -5.16771278004997;
    s = s * square * rest + 3.141592653589793 * rest;
    c = c * square + -1.0463810492485084e-4;
    c = c * square + 1.9295743094039231e-3;
    c = c * square + -2.5806891390014061e-2;
    c = c * square + 2.353306303588935e-1;
    c = c * square + -1.3352627688545895;
    c = c * square + 4.058712126416768;
    c = c * square + -4.934802200544679;
    c = c * square + 1.0;
    const int64_t quadrant = (int64_t)halves & 3;
    *sine = (quadrant & 1) != 0 ? c : s;
    *cosine = (quadrant & 1) != 0 ? s : c;
    *sine = (quadrant & 2) != 0 ? -*sine : *sine;
    *cosine = ((quadrant + 1) & 2) != 0 ? -*cosine : *cosine;
}

/* Rounds to `digits` significant decimal digits: for values that come out of libm, GSL or PROJ, whose last bits depend
 * on the processor, before they reach a result. */
double uxo_round_digits(double x, int digits);

#endif
