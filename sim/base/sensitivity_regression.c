/* sensitivity_regression.c - standardised rank regression coefficients with bootstrap intervals. */
#include <math.h>
#include <stdlib.h>

#include "sensitivity_private.h"

/* Variables are the axes and, last, the output. */
typedef struct work {
    uint32_t rows, variables;
    uint32_t *order;   /* [variables][rows] rows by ascending value */
    bool *tied;        /* [variables][rows] this row's value is that of the one before */
    uint32_t *count;   /* [rows] times in a sample */
    double *rank;      /* [variables][rows] */
    double *matrix;    /* [variables][variables] correlations of ranks, then their Cholesky factor */
    double *solution;  /* [variables] coefficients, then the determination */
    double *point;     /* [variables][rows] */
    double *spread;    /* [variables] */
    uint32_t *merging; /* [rows] */
} work;

/* Merge sort of rows by value: one order, whoever sorts. */
static void sort_rows(const double *value, uint32_t *order, uint32_t *merging, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
    }
    for (uint32_t width = 1; width < n; width *= 2) {
        for (uint32_t from = 0; from < n; from += 2 * width) {
            const uint32_t middle = from + width < n ? from + width : n;
            const uint32_t end = from + 2 * width < n ? from + 2 * width : n;
            uint32_t left = from, right = middle;
            for (uint32_t k = from; k < end; k++) {
                const bool take_left = left < middle && (right >= end || value[order[left]] <= value[order[right]]);
                merging[k] = order[take_left ? left++ : right++];
            }
        }
        for (uint32_t i = 0; i < n; i++) {
            order[i] = merging[i];
        }
    }
}

/* Ranks about their mean of a sample in which row r is count[r] times; those that tie share the mean of their ranks. */
static void rank_sample(const work *self, uint32_t variable)
{
    const uint32_t n = self->rows;
    const uint32_t *const order = self->order + (size_t)variable * n;
    const bool *const tied = self->tied + (size_t)variable * n;
    double *const rank = self->rank + (size_t)variable * n;
    double before = 0.0;
    for (uint32_t from = 0, to; from < n; from = to) {
        double size = self->count[order[from]];
        for (to = from + 1; to < n && tied[to]; to++) {
            size += self->count[order[to]];
        }
        for (uint32_t k = from; k < to; k++) {
            rank[order[k]] = before + 0.5 * (size - n);
        }
        before += size;
    }
}

/* Correlations of ranks; a variable that does not vary has none, even with itself. */
static void correlate(const work *self)
{
    const uint32_t v = self->variables, n = self->rows;
    for (uint32_t i = 0; i < v; i++) {
        for (uint32_t j = 0; j <= i; j++) {
            double sum = 0.0;
            for (uint32_t r = 0; r < n; r++) {
                sum += self->count[r] * (self->rank[(size_t)i * n + r] * self->rank[(size_t)j * n + r]);
            }
            self->matrix[i * v + j] = sum;
        }
    }
    for (uint32_t i = 0; i < v; i++) {
        for (uint32_t j = 0; j < i; j++) {
            const double both = sqrt(self->matrix[i * v + i] * self->matrix[j * v + j]);
            self->matrix[i * v + j] = both > 0.0 ? self->matrix[i * v + j] / both : 0.0;
        }
    }
    for (uint32_t i = 0; i < v; i++) {
        self->matrix[i * v + i] = self->matrix[i * v + i] > 0.0 ? 1.0 : 0.0;
    }
}

/* Coefficients by Cholesky's factor of the correlations: its last line is the output on axes made independent one after the other. Axes that
 * do not vary, or are others over again, get NaN. */
static void regress(const work *self)
{
    const uint32_t v = self->variables, d = v - 1;
    double *const m = self->matrix;
    double *const out = self->solution;
    for (uint32_t i = 0; i < v; i++) {
        for (uint32_t j = 0; j <= i; j++) {
            double sum = m[i * v + j];
            for (uint32_t k = 0; k < j; k++) {
                sum -= m[i * v + k] * m[j * v + k];
            }
            m[i * v + j] = i != j ? (m[j * v + j] > 0.0 ? sum / m[j * v + j] : 0.0) : sum > 1e-10 ? sqrt(sum) : 0.0;
        }
    }
    out[d] = 0.0;
    for (uint32_t i = d; i-- > 0;) {
        double sum = m[d * v + i];
        out[d] += sum * sum;
        for (uint32_t k = i + 1; k < d; k++) {
            sum -= m[k * v + i] * (isnan(out[k]) ? 0.0 : out[k]);
        }
        out[i] = m[i * v + i] > 0.0 ? sum / m[i * v + i] : NAN;
    }
}

static void solve(const work *self)
{
    for (uint32_t variable = 0; variable < self->variables; variable++) {
        rank_sample(self, variable);
    }
    correlate(self);
    regress(self);
}

/* Complete rows, variable by variable. */
static void gather(work *self, uint32_t rows, const double *point, const double *value)
{
    const uint32_t d = self->variables - 1;
    uint32_t n = 0;
    for (uint32_t r = 0; r < rows; r++) {
        for (uint32_t j = 0; !isnan(value[r]) && j < d; j++) {
            self->point[(size_t)j * self->rows + n] = point[(size_t)r * d + j];
        }
        if (!isnan(value[r])) {
            self->point[(size_t)d * self->rows + n++] = value[r];
        }
    }
    for (uint32_t variable = 0; variable <= d; variable++) {
        const double *const x = self->point + (size_t)variable * n;
        uint32_t *const order = self->order + (size_t)variable * n;
        sort_rows(x, order, self->merging, n);
        for (uint32_t k = 1; k < n; k++) {
            self->tied[(size_t)variable * n + k] = x[order[k]] == x[order[k - 1]];
        }
    }
}

static bool prepare(work *self)
{
    const size_t all = (size_t)self->variables * self->rows;
    self->order = calloc(all, sizeof *self->order);
    self->tied = calloc(all, sizeof *self->tied);
    self->rank = calloc(all, sizeof *self->rank);
    self->point = calloc(all, sizeof *self->point);
    self->count = calloc(self->rows, sizeof *self->count);
    self->merging = calloc(self->rows, sizeof *self->merging);
    self->matrix = calloc((size_t)self->variables * self->variables, sizeof *self->matrix);
    self->solution = calloc(self->variables, sizeof *self->solution);
    self->spread = calloc(self->variables, sizeof *self->spread);
    return self->order != NULL && self->tied != NULL && self->rank != NULL && self->point != NULL &&
           self->count != NULL && self->merging != NULL && self->matrix != NULL && self->solution != NULL &&
           self->spread != NULL;
}

static void free_work(work *self)
{
    free(self->order);
    free(self->tied);
    free(self->rank);
    free(self->point);
    free(self->count);
    free(self->merging);
    free(self->matrix);
    free(self->solution);
    free(self->spread);
}

static void estimate(uxo_sensitivity_regression *out, work *self, uint64_t seed, uint32_t samples)
{
    const uint32_t d = self->variables - 1;
    for (uint32_t r = 0; r < self->rows; r++) {
        self->count[r] = 1;
    }
    solve(self);
    const double *const y = self->point + (size_t)d * self->rows;
    const uint32_t *const order = self->order + (size_t)d * self->rows;
    const double least = y[order[0]], most = y[order[self->rows - 1]];
    const bool varies = most - least > 1e-12 * fmax(fabs(least), fabs(most)); /* not by rounding alone */
    out->determination = varies ? self->solution[d] : NAN;
    for (uint32_t j = 0; j < d; j++) {
        out->coefficient[j].value = varies ? self->solution[j] : NAN;
    }
    for (uint32_t s = 0; s < samples; s++) {
        uxo_sensitivity_sample(seed, s, self->rows, self->count);
        solve(self);
        for (uint32_t j = 0; j < d; j++) {
            const double off = self->solution[j] - out->coefficient[j].value;
            self->spread[j] += off * off / samples;
        }
    }
    for (uint32_t j = 0; j < d; j++) {
        uxo_sensitivity_index *const index = &out->coefficient[j];
        const double half = 1.959963984540054 * sqrt(self->spread[j]);
        *index = (uxo_sensitivity_index){index->value, index->value - half, index->value + half};
    }
}

uxo_status uxo_sensitivity_regress(uxo_sensitivity_regression *self, uint32_t rows, uint32_t dimensions,
                                   const double *point, const double *value, uint64_t seed, uint32_t samples,
                                   uxo_report *report)
{
    uint32_t complete = 0;
    for (uint32_t r = 0; r < rows; r++) {
        complete += isnan(value[r]) ? 0 : 1;
    }
    *self = (uxo_sensitivity_regression){.dimensions = dimensions, .rows = complete, .missing = rows - complete};
    if (complete < dimensions + UXO_SENSITIVITY_LEAST_ROWS) {
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        "%u scenarios are complete, and a regression on %u axes needs at least %u", complete,
                        dimensions, dimensions + UXO_SENSITIVITY_LEAST_ROWS);
    }
    work w = {.rows = complete, .variables = dimensions + 1};
    self->coefficient = calloc(dimensions, sizeof *self->coefficient);
    const bool allocated = prepare(&w) && self->coefficient != NULL;
    if (allocated) {
        gather(&w, rows, point, value);
        estimate(self, &w, seed, samples != 0 ? samples : UXO_SENSITIVITY_SAMPLES);
    }
    free_work(&w);
    return allocated ? UXO_OK
                     : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a regression on %u axes", dimensions);
}

void uxo_sensitivity_regression_free(uxo_sensitivity_regression *self)
{
    free(self->coefficient);
    *self = (uxo_sensitivity_regression){0};
}
