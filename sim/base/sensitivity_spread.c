/* sensitivity_spread.c - how much indices vary with the choice of rows: between replicates, which are independent of each other, or where there are
 * too few by a bootstrap that takes rows for independent. */
#include <math.h>
#include <stdlib.h>

#include "sensitivity_private.h"
#include "uxosim/design.h"
#include "uxosim/rng.h"

double uxo_sensitivity_student(uint32_t degrees)
{
    static const double quantile[UXO_DESIGN_MOST_REPLICATES - 1] = {
        12.7062047362, 4.30265272975, 3.18244630528, 2.7764451052,  2.57058183564, 2.44691185114, 2.36462425159,
        2.3060041352,  2.2621571628,  2.22813885199, 2.20098516009, 2.17881282967, 2.16036865646, 2.14478668792,
        2.13144954556, 2.11990529922, 2.10981557783, 2.10092204024, 2.09302405441, 2.08596344727, 2.07961384473,
        2.0738730679,  2.06865761042, 2.06389856163, 2.05953855275, 2.05552943864, 2.05183051648, 2.0484071418,
        2.04522964213, 2.0422724563,  2.0395134464,  2.03693334346, 2.03451529745, 2.03224450932, 2.03010792825,
        2.02809400098, 2.02619246303, 2.02439416391, 2.02269092004, 2.02107539031, 2.01954097044, 2.01808170282,
        2.01669219923, 2.01536757444, 2.01410338888, 2.01289559892, 2.01174051373, 2.01063475762, 2.00957523713,
        2.0085591121,  2.00758377032, 2.00664680506, 2.00574599532, 2.00487928819, 2.00404478329, 2.00324071885,
        2.00246545929, 2.00171748415, 2.00099537809, 2.00029782201, 1.99962358499, 1.99897151703, 1.99834054252,
    };
    return quantile[degrees < UXO_DESIGN_MOST_REPLICATES ? degrees - 1 : UXO_DESIGN_MOST_REPLICATES - 2];
}

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

void sensitivity_sum(sensitivity_work *self, const uint32_t *count)
{
    for (uint32_t k = 0; k < self->columns; k++) {
        self->sum[k] = 0.0;
    }
    self->counted = 0.0;
    for (uint32_t n = 0; n < self->rows; n++) {
        const double times = count != NULL ? (double)count[n] : 1.0;
        const double *const term = self->term + (size_t)n * self->columns;
        self->counted += times;
        for (uint32_t k = 0; times > 0.0 && k < self->columns; k++) {
            self->sum[k] += times * term[k];
        }
    }
}

static uint32_t replicate_of(const sensitivity_work *self, uint32_t row)
{
    return self->kept[row] / (self->spec->base_rows / self->spec->replicates);
}

uint32_t sensitivity_replicates_of(const sensitivity_work *self)
{
    uint32_t count = 0;
    if (self->spec->replicates <= 1) {
        return 0;
    }
    for (uint32_t n = 0; n < self->rows; n++) {
        count += n == 0 || replicate_of(self, n) != replicate_of(self, n - 1) ? 1 : 0;
    }
    return count >= UXO_DESIGN_LEAST_REPLICATES ? count : 0;
}

/* The indices without a replicate, into self->index; returns its share of the rows, 0: it has none. */
static double leave_replicate(sensitivity_work *self, uint32_t replicate, uint32_t *count)
{
    uint32_t own = 0;
    for (uint32_t n = 0; n < self->rows; n++) {
        count[n] = replicate_of(self, n) == replicate ? 0 : 1;
        own += 1 - count[n];
    }
    if (own > 0) {
        sensitivity_sum(self, count);
        sensitivity_indices(self);
    }
    return (double)own / self->rows;
}

/* Jackknife over replicates, of unequal size where base rows are missing (Busing, Meijer and van der Leeden 1999, Stat. Comput. 9:3): with h
 * rows for each of a replicate's, h value - (h - 1) (value without it) varies as the value of that replicate alone does. */
static void compare_replicates(sensitivity_work *self, uint32_t replicates, uint32_t *count)
{
    const uint32_t n = self->indices;
    const double *const value = self->moment;
    double *const spread = self->moment + n, *const mean = spread + n;
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t r = 0; r < self->spec->replicates; r++) {
            const double share = leave_replicate(self, r, count);
            for (uint32_t k = 0; share > 0.0 && k < n; k++) {
                const double alone = (value[k] - (1.0 - share) * self->index[k]) / share;
                if (pass == 0) {
                    mean[k] += share * alone;
                } else {
                    spread[k] += (alone - mean[k]) * (alone - mean[k]) * share / (1.0 - share) / replicates;
                }
            }
        }
    }
    const double wider = uxo_sensitivity_student(replicates - 1) / sensitivity_normal;
    for (uint32_t k = 0; k < n; k++) {
        spread[k] *= wider * wider;
        mean[k] = 0.0;
    }
}

/* Rows drawn anew with replacement, as if they were independent. */
static void resample(sensitivity_work *self, uint32_t *count)
{
    const uint32_t samples = self->spec->samples != 0 ? self->spec->samples : UXO_SENSITIVITY_SAMPLES;
    double *const value = self->moment, *const spread = self->moment + self->indices;
    for (uint32_t s = 0; s < samples; s++) {
        uxo_sensitivity_sample(self->spec->seed, s, self->rows, count);
        sensitivity_sum(self, count);
        sensitivity_indices(self);
        for (uint32_t k = 0; k < self->indices; k++) {
            const double off = self->index[k] - value[k];
            spread[k] += off * off / samples;
        }
    }
}

bool sensitivity_spread(sensitivity_work *self)
{
    const uint32_t replicates = sensitivity_replicates_of(self);
    uint32_t *const count = calloc(self->rows, sizeof *count);
    if (count != NULL && replicates > 0) {
        compare_replicates(self, replicates, count);
    } else if (count != NULL) {
        resample(self, count);
    }
    free(count);
    return count != NULL;
}
