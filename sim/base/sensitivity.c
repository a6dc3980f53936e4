/* sensitivity.c - Sobol' indices from a Saltelli design, without the noise of the outputs. Everything is a mean over
 * base rows of products of two outputs (`terms`), so that resampling rows, leaving out replicates or batches and taking off noise are all done to these. Not here: how much the
 * rows chosen make the indices vary (sensitivity_spread.c). */
#include "uxosim/sensitivity.h"

#include <math.h>
#include <stdlib.h>

#include "sensitivity_private.h"

/* Terms of one base row from its outputs y: A, B, AB_i, BA_i, about any centre. */
static void add_terms(const sensitivity_work *self, const double *y, double factor, double *term)
{
    const uint32_t d = self->spec->dimensions;
    const double a = y[0], b = y[1];
    const double *const ab = y + 2, *const ba = y + 2 + d;
    term[SQUARE_TERM] += factor * 0.5 * (a * a + b * b);
    for (uint32_t i = 0; i < d; i++) {
        term[FIRST_TERM + i] += factor * b * (ab[i] - a);
        term[FIRST_TERM + d + i] += factor * 0.5 * (a - ab[i]) * (a - ab[i]);
    }
    uint32_t pair = FIRST_TERM + 2 * d;
    for (uint32_t i = 0; self->pairs > 0 && i < d; i++) {
        for (uint32_t j = i + 1; j < d; j++) {
            term[pair++] += factor * (0.5 * (ba[i] * ab[j] + ab[i] * ba[j]) - a * b);
        }
    }
}

static double batch_weight(const uxo_sensitivity_output *output, uint32_t g)
{
    return output->batch_weight != NULL ? output->batch_weight[g] : 1.0;
}

/* Sum of weights and of their squares, without batch `omitted`. */
static void weigh(const sensitivity_work *self, const uxo_sensitivity_output *output, uint32_t omitted, double *sum,
                  double *squares)
{
    *sum = 0.0;
    *squares = 0.0;
    for (uint32_t g = 0; g < self->batches; g++) {
        const double w = g != omitted ? batch_weight(output, g) : 0.0;
        *sum += w;
        *squares += w * w;
    }
}

/* Outputs of a base row, without batch `omitted` (the number of batches: with all). */
static void outputs_of(const sensitivity_work *self, const uxo_sensitivity_output *output, uint32_t row,
                       uint32_t omitted, double *y)
{
    const size_t from = (size_t)self->kept[row] * self->group;
    double whole, squares;
    weigh(self, output, self->batches, &whole, &squares);
    for (uint32_t k = 0; k < self->group; k++) {
        y[k] = output->value[from + k];
        if (omitted < self->batches) {
            const double w = batch_weight(output, omitted);
            y[k] = (whole * y[k] - w * output->batch[(from + k) * self->batches + omitted]) / (whole - w);
        }
    }
}

/* Takes off the noise: of batches that are independent of each other, the mean of n has as mean product the sum of products of deviations over
 * n (n - 1). */
static void take_noise(const sensitivity_work *self, const uxo_sensitivity_output *output, uint32_t row,
                       uint32_t omitted, const double *y, double *term)
{
    const size_t from = (size_t)self->kept[row] * self->group;
    double *const deviation = self->scratch + self->group;
    double whole, squares;
    weigh(self, output, omitted, &whole, &squares);
    for (uint32_t g = 0; g < self->batches; g++) {
        if (g == omitted) {
            continue;
        }
        const double factor = batch_weight(output, g) / whole / sqrt(1.0 - squares / (whole * whole));
        for (uint32_t k = 0; k < self->group; k++) {
            deviation[k] = factor * (output->batch[(from + k) * self->batches + g] - y[k]);
        }
        add_terms(self, deviation, -1.0, term);
        term[self->terms + g] = 0.5 * (deviation[0] + deviation[1]);
    }
}

/* Mean of A and B over base rows. */
static double centre_of(const sensitivity_work *self, const uxo_sensitivity_output *output)
{
    double sum = 0.0;
    for (uint32_t n = 0; n < self->rows; n++) {
        const size_t from = (size_t)self->kept[n] * self->group;
        sum += output->value[from] + output->value[from + 1];
    }
    return sum / (2.0 * self->rows);
}

/* All terms of all base rows. */
static void fill_terms(sensitivity_work *self, const uxo_sensitivity_output *output, double centre, uint32_t omitted)
{
    for (uint32_t n = 0; n < self->rows; n++) {
        double *const term = self->term + (size_t)n * self->columns;
        double *const y = self->scratch;
        for (uint32_t k = 0; k < self->columns; k++) {
            term[k] = 0.0;
        }
        outputs_of(self, output, n, omitted, y);
        take_noise(self, output, n, omitted, y, term);
        for (uint32_t k = 0; k < self->group; k++) {
            y[k] -= centre;
        }
        term[MEAN_TERM] = 0.5 * (y[0] + y[1]);
        add_terms(self, y, 1.0, term);
    }
}

/* Variance of the output from sums over base rows: of the 2 n outputs of A and B, less that of noise. Not times 2 n / (2 n - 1): an even
 * cover has no error of the mean that would have to be made up for. */
static double variance_of(const sensitivity_work *self)
{
    const double n = self->counted;
    double variance = self->sum[SQUARE_TERM] / n - self->sum[MEAN_TERM] / n * (self->sum[MEAN_TERM] / n);
    for (uint32_t g = 0; g < self->batches; g++) {
        const double shared = self->sum[self->terms + g] / n;
        variance += shared * shared; /* what moves all scenarios alike is no spread between them */
    }
    return variance;
}

/* NaN where noise leaves no variance. */
void sensitivity_indices(sensitivity_work *self)
{
    const uint32_t d = self->spec->dimensions;
    const double variance = variance_of(self);
    const double scale = variance > 0.0 ? 1.0 / (self->counted * variance) : NAN;
    for (uint32_t k = 0; k < self->indices; k++) {
        self->index[k] = self->sum[FIRST_TERM + k] * scale;
    }
    uint32_t pair = 2 * d;
    for (uint32_t i = 0; self->pairs > 0 && i < d; i++) {
        for (uint32_t j = i + 1; j < d; j++) {
            self->index[pair++] -= self->index[i] + self->index[j];
        }
    }
}

/* Is there any variance but that of rounding? */
static bool varies(const sensitivity_work *self, const uxo_sensitivity_output *output)
{
    const double reference = output->value[(size_t)self->kept[0] * self->group];
    for (uint32_t n = 0; n < self->rows; n++) {
        const double *const y = output->value + (size_t)self->kept[n] * self->group;
        if (fabs(y[0] - reference) > 1e-12 * fabs(reference) || fabs(y[1] - reference) > 1e-12 * fabs(reference)) {
            return true;
        }
    }
    return false;
}

/* Variance that noise gives to the indices, by leaving out one batch after the other, added to the spread; as wide as so few batches
 * ask for. */
static void leave_out(sensitivity_work *self, const uxo_sensitivity_output *output, double centre)
{
    double *const spread = self->moment + self->indices;
    double *const mean = spread + self->indices, *const square = mean + self->indices;
    for (uint32_t g = 0; g < self->batches; g++) {
        fill_terms(self, output, centre, g);
        sensitivity_sum(self, NULL);
        sensitivity_indices(self);
        for (uint32_t k = 0; k < self->indices; k++) {
            const double off = self->index[k] - self->moment[k];
            mean[k] += off / self->batches;
            square[k] += off * off / self->batches;
        }
    }
    const double wider = uxo_sensitivity_student(self->batches - 1) / sensitivity_normal;
    for (uint32_t k = 0; k < self->indices; k++) {
        spread[k] += wider * wider * (self->batches - 1.0) * fmax(0.0, square[k] - mean[k] * mean[k]);
    }
}

static void store(uxo_sensitivity *out, const sensitivity_work *self)
{
    const uint32_t d = self->spec->dimensions;
    for (uint32_t k = 0; k < self->indices; k++) {
        const double half = isnan(self->moment[k]) ? NAN : sensitivity_normal * sqrt(self->moment[self->indices + k]);
        const uxo_sensitivity_index index = {self->moment[k], self->moment[k] - half, self->moment[k] + half};
        *(k < d ? &out->first[k] : k < 2 * d ? &out->total[k - d] : &out->second[k - 2 * d]) = index;
        if (k < 2 * d && (isnan(half) || 2.0 * half > out->widest)) {
            out->widest = 2.0 * half; /* NaN stays: nothing is larger */
        }
    }
    out->converged = out->widest <= UXO_SENSITIVITY_CONVERGED;
    const double ratio = out->widest / UXO_SENSITIVITY_CONVERGED;
    out->rows_wanted = ceil(out->base_rows * ratio * ratio);
}

static uxo_status estimate(uxo_sensitivity *out, sensitivity_work *self, const uxo_sensitivity_output *output,
                           uxo_report *report)
{
    const double centre = centre_of(self, output);
    out->mean = centre;
    const uint32_t batches = self->batches;
    self->batches = 0;
    fill_terms(self, output, centre, 0);
    sensitivity_sum(self, NULL);
    const double simulated = variance_of(self);
    self->batches = batches;
    if (!varies(self, output)) {
        for (uint32_t k = 0; k < self->indices; k++) {
            self->moment[k] = NAN;
        }
        out->variance = 0.0;
        store(out, self);
        return UXO_OK;
    }
    fill_terms(self, output, centre, batches);
    sensitivity_sum(self, NULL);
    out->variance = variance_of(self);
    out->noise_share = batches > 0 ? 1.0 - out->variance / simulated : NAN;
    sensitivity_indices(self);
    for (uint32_t k = 0; k < self->indices; k++) {
        self->moment[k] = self->index[k];
    }
    if (!sensitivity_spread(self)) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the intervals of indices");
    }
    out->replicates = sensitivity_replicates_of(self);
    leave_out(self, output, centre);
    store(out, self);
    return UXO_OK;
}

static bool group_complete(const uxo_sensitivity_output *output, uint32_t row, uint32_t group, uint32_t batches)
{
    for (size_t k = (size_t)row * group; k < (size_t)(row + 1) * group; k++) {
        bool complete = !isnan(output->value[k]);
        for (uint32_t g = 0; complete && g < batches; g++) {
            complete = !isnan(output->batch[k * batches + g]);
        }
        if (!complete) {
            return false;
        }
    }
    return true;
}

static void free_work(sensitivity_work *self)
{
    free(self->kept);
    free(self->term);
    free(self->sum);
    free(self->scratch);
    free(self->index);
    free(self->moment);
}

/* Sizes, memory, and which base rows are complete. False: out of memory. */
static bool prepare(sensitivity_work *self, uxo_sensitivity *out, const uxo_sensitivity_output *output)
{
    const uint32_t d = self->spec->dimensions;
    self->group = 2 + (self->spec->second_order ? 2 : 1) * d;
    self->pairs = self->spec->second_order ? d * (d - 1) / 2 : 0;
    self->batches = output->batch != NULL && output->batches >= UXO_SENSITIVITY_LEAST_BATCHES ? output->batches : 0;
    self->indices = 2 * d + self->pairs;
    self->terms = FIRST_TERM + self->indices;
    self->columns = self->terms + self->batches;
    self->kept = calloc(self->spec->base_rows, sizeof *self->kept);
    self->term = calloc((size_t)self->spec->base_rows * self->columns, sizeof *self->term);
    self->sum = calloc(self->columns, sizeof *self->sum);
    self->scratch = calloc(2 * (size_t)self->group, sizeof *self->scratch);
    self->index = calloc(self->indices, sizeof *self->index);
    self->moment = calloc(4 * (size_t)self->indices, sizeof *self->moment);
    out->first = calloc(d, sizeof *out->first);
    out->total = calloc(d, sizeof *out->total);
    out->second = self->pairs > 0 ? calloc(self->pairs, sizeof *out->second) : NULL;
    for (uint32_t n = 0; self->kept != NULL && n < self->spec->base_rows; n++) {
        if (group_complete(output, n, self->group, self->batches)) {
            self->kept[self->rows++] = n;
        }
    }
    return self->kept != NULL && self->term != NULL && self->sum != NULL && self->scratch != NULL &&
           self->index != NULL && self->moment != NULL && out->first != NULL && out->total != NULL &&
           (self->pairs == 0 || out->second != NULL);
}

uxo_status uxo_sensitivity_make(uxo_sensitivity *self, const uxo_sensitivity_spec *spec,
                                const uxo_sensitivity_output *output, uxo_report *report)
{
    *self = (uxo_sensitivity){.dimensions = spec->dimensions, .noise_share = NAN};
    sensitivity_work w = {.spec = spec};
    uxo_status status = UXO_OK;
    if (!prepare(&w, self, output)) {
        status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for indices of %u base rows", spec->base_rows);
    } else if (w.rows < UXO_SENSITIVITY_LEAST_ROWS) {
        status = uxo_fail(report, UXO_ERR_DATA, NULL, "%u of %u base rows are complete, and indices need at least %d",
                          w.rows, spec->base_rows, UXO_SENSITIVITY_LEAST_ROWS);
    } else {
        self->base_rows = w.rows;
        self->missing = spec->base_rows - w.rows;
        status = estimate(self, &w, output, report);
    }
    free_work(&w);
    return status;
}

void uxo_sensitivity_free(uxo_sensitivity *self)
{
    free(self->first);
    free(self->total);
    free(self->second);
    *self = (uxo_sensitivity){0};
}
