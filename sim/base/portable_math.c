/* portable_math.c - rounding to decimal digits. By way of text, so that the nearest double of the decimal is what comes
 * out; for set-up only, far from any inner loop. */
#include "uxosim/portable_math.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

double uxo_round_digits(double x, int digits)
{
    char text[64];
    if (!isfinite(x) || digits < 1 || digits > 17) {
        return x;
    }
    snprintf(text, sizeof text, "%.*e", digits - 1, x);
    return strtod(text, NULL);
}
