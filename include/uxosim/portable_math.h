/* portable_math.h - elementary functions with the same bits on every processor.
 *
 * glibc's log, exp, sin and cos differ between processors with and without FMA; SLEEF's `cinz` family (no FMA, inside
 * the stated error, consistent over instruction sets) does not. Every elementary function that a result depends on is
 * one of these.
 */
#ifndef UXOSIM_PORTABLE_MATH_H
#define UXOSIM_PORTABLE_MATH_H

#include <sleef.h>

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

/* sin(pi x), cos(pi x). */
static inline void uxo_sincospi(double x, double *sine, double *cosine)
{
    const Sleef_double_2 both = Sleef_cinz_sincospid1_u05purec(x);
    *sine = both.x;
    *cosine = both.y;
}

/* Rounds to `digits` significant decimal digits: for values that come out of libm, GSL or PROJ, whose last bits depend
 * on the processor, before they reach a result. */
double uxo_round_digits(double x, int digits);

#endif
