/* sensitivity_quick.c - indices of one of many outputs (cells of a map) with errors by the delta method. */
#include <math.h>

#include "sensitivity_private.h"
#include "uxosim/design.h"

/* Independent parts of the rows: runs of equal numbers, or, where those are too few, rows. */
static uint32_t parts_of(const uint32_t *replicate, uint32_t n)
{
    uint32_t count = replicate != NULL ? 1 : n;
    for (uint32_t row = 1; replicate != NULL && row < n; row++) {
        count += replicate[row] != replicate[row - 1] ? 1 : 0;
    }
    return count >= UXO_DESIGN_LEAST_REPLICATES ? count : n;
}

/* Ratio of the mean of n terms to the variance, and its error: the influence of each row on it is (term - ratio square) / variance, and those
 * of a part are added before they are squared. */
static void ratio(const double *term, const double *value, uint32_t n, uint32_t group, double centre,
                  const uint32_t *replicate, double *out, double *error)
{
    const uint32_t parts = parts_of(replicate, n);
    double sum = 0.0, squares = 0.0, spread = 0.0, part = 0.0;
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
        part += influence;
        if (parts == n || row + 1 == n || replicate[row + 1] != replicate[row]) {
            spread += part * part;
            part = 0.0;
        }
    }
    *error = sqrt(spread * (parts < n ? parts / (parts - 1.0) : 1.0)) / n;
}

static bool same(double a, double reference)
{
    return fabs(a - reference) <= 1e-12 * fabs(reference);
}

void uxo_sensitivity_quick(const uxo_sensitivity_spec *spec, const double *value, const uint32_t *replicate,
                           double *scratch, double *out)
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
        ratio(scratch, value, n, group, centre, replicate, &out[i], &out[d + i]);
        for (uint32_t row = 0; row < n; row++) {
            const double *const y = value + (size_t)row * group;
            scratch[row] = 0.5 * (y[0] - y[2 + i]) * (y[0] - y[2 + i]);
        }
        ratio(scratch, value, n, group, centre, replicate, &out[2 * d + i], &out[3 * d + i]);
    }
    for (uint32_t k = 0; !varies && k < 4 * d; k++) {
        out[k] = NAN;
    }
}
