/* sensitivity_quick.c - indices of one of many outputs (cells of a map) with errors by the delta method, and the bootstrap's samples. */
#include <math.h>

#include "sensitivity_private.h"
#include "uxosim/rng.h"

void uxo_sensitivity_sample(uint64_t seed, uint32_t sample, uint32_t rows, uint32_t *count)
{
    uxo_stream stream =
        uxo_stream_at(uxo_key_make(seed, UXO_LEVEL_DESIGN, "bootstrap"), sample, 0, UXO_PURPOSE_RESAMPLE);
    for (uint32_t n = 0; n < rows; n++) {
        count[n] = 0;
    }
    for (uint32_t n = 0; n < rows; n++) {
        count[uxo_stream_below(&stream, rows)]++;
    }
}

/* Ratio of the mean of n terms to the variance, and its error: the influence of each row on it is (term - ratio square) / variance. */
static void ratio(const double *term, const double *value, uint32_t n, uint32_t group, double centre, double *out,
                  double *error)
{
    double sum = 0.0, squares = 0.0, spread = 0.0;
    for (uint32_t row = 0; row < n; row++) {
        const double a = value[(size_t)row * group] - centre, b = value[(size_t)row * group + 1] - centre;
        sum += term[row];
        squares += 0.5 * (a * a + b * b);
    }
    const double variance = squares / n;
    *out = variance > 0.0 ? sum / n / variance : NAN;
    for (uint32_t row = 0; row < n; row++) {
        const double a = value[(size_t)row * group] - centre, b = value[(size_t)row * group + 1] - centre;
        const double influence = (term[row] - *out * 0.5 * (a * a + b * b)) / variance;
        spread += influence * influence;
    }
    *error = sqrt(spread) / n;
}

static bool same(double a, double reference)
{
    return fabs(a - reference) <= 1e-12 * fabs(reference);
}

void uxo_sensitivity_quick(const uxo_sensitivity_spec *spec, const double *value, double *scratch, double *out)
{
    const uint32_t d = spec->dimensions, n = spec->base_rows, group = 2 + (spec->second_order ? 2 : 1) * d;
    double sum = 0.0;
    bool varies = false;
    for (uint32_t row = 0; row < n; row++) {
        const double *const y = value + (size_t)row * group;
        sum += y[0] + y[1];
        varies = varies || !same(y[0], value[0]) || !same(y[1], value[0]);
    }
    const double centre = sum / (2.0 * n);
    for (uint32_t i = 0; i < d; i++) {
        for (uint32_t row = 0; row < n; row++) {
            const double *const y = value + (size_t)row * group;
            scratch[row] = (y[1] - centre) * (y[2 + i] - y[0]);
        }
        ratio(scratch, value, n, group, centre, &out[i], &out[d + i]);
        for (uint32_t row = 0; row < n; row++) {
            const double *const y = value + (size_t)row * group;
            scratch[row] = 0.5 * (y[0] - y[2 + i]) * (y[0] - y[2 + i]);
        }
        ratio(scratch, value, n, group, centre, &out[2 * d + i], &out[3 * d + i]);
    }
    for (uint32_t k = 0; !varies && k < 4 * d; k++) {
        out[k] = NAN;
    }
}
