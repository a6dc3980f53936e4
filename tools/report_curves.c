/* report_curves.c - how probable it is that there are at least so many duds or accidents, per row: a summary of the realisations. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "uxosim/stats.h"

/* Points of a curve are apart by this much probability, and it ends there: the extremes are noise, and single draws. */
static const double STEP = 0.01;

/* Draws of all columns. Borrowed. */
typedef struct draws {
    const double *count;  /* [realisations][columns] */
    const double *weight; /* [realisations] or NULL */
    size_t realisations, columns;
} draws;

static int compare_values(const void *left, const void *right)
{
    const double a = ((const uxo_weighted *)left)->value;
    const double b = ((const uxo_weighted *)right)->value;
    return (a > b) - (a < b);
}

/* Column `columns` is the sum of all. */
static void gather(const draws *self, size_t column, uxo_weighted *out)
{
    for (size_t r = 0; r < self->realisations; r++) {
        const double *const row = self->count + r * self->columns;
        double value = 0.0;
        for (size_t c = 0; c < self->columns; c++) {
            const bool taken = column == self->columns || c == column;
            value += taken && !isnan(row[c]) ? row[c] : 0.0;
        }
        out[r] = (uxo_weighted){value, self->weight != NULL ? self->weight[r] : 1.0};
    }
    qsort(out, self->realisations, sizeof *out, compare_values);
}

/* {"at_least": [n...], "probability": [p...]}: P(N >= n) for values n that occur. */
static void write_curve(report_page *self, const uxo_weighted *ascending, size_t count, double *scratch)
{
    double total = 0.0, before = 0.0, last = INFINITY;
    size_t points = 0;
    for (size_t i = 0; i < count; i++) {
        total += ascending[i].weight;
    }
    for (size_t i = 0, end = 0; i < count; i = end) {
        const double probability = 1.0 - before / total;
        if (points == 0 || (last - probability >= STEP && probability >= STEP)) {
            scratch[points] = ascending[i].value;
            scratch[count + points++] = last = probability;
        }
        for (end = i; end < count && ascending[end].value <= ascending[i].value; end++) {
            before += ascending[end].weight;
        }
    }
    json_open(&self->json, NULL, '{');
    report_write_numbers(self, "at_least", scratch, points);
    for (size_t i = 0; i < points; i++) {
        scratch[count + i] = floor(scratch[count + i] * 1e4 + 0.5) / 1e4;
    }
    report_write_numbers(self, "probability", scratch + count, points);
    json_close(&self->json, '}');
}

static uxo_status write_curves_of(report_page *self, const char *key, const char *path)
{
    size_t count = 0, weights = 0;
    draws all = {.columns = self->table->rows - 1};
    all.count = uxo_result_numbers(self->original, path, &count);
    all.weight = uxo_result_numbers(self->original, "/realisation_weight", &weights);
    all.realisations = count / all.columns;
    if (all.count == NULL || all.realisations == 0 || all.realisations * all.columns != count) {
        return UXO_OK; /* a public copy, or a run without persons */
    }
    all.weight = weights >= all.realisations ? all.weight : NULL;
    uxo_weighted *const sorted = calloc(all.realisations, sizeof *sorted);
    double *const scratch = calloc(2 * all.realisations, sizeof *scratch);
    if (sorted == NULL || scratch == NULL) {
        free(sorted);
        free(scratch);
        return uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    json_open(&self->json, key, '[');
    for (size_t c = 0; c <= all.columns; c++) {
        gather(&all, c, sorted);
        write_curve(self, sorted, all.realisations, scratch);
    }
    json_close(&self->json, ']');
    free(sorted);
    free(scratch);
    return UXO_OK;
}

uxo_status report_write_curves(report_page *self)
{
    json_open(&self->json, "curves", '{');
    UXO_TRY(write_curves_of(self, "duds", "/districts/dud_count"));
    UXO_TRY(write_curves_of(self, "accidents", "/districts/accidents"));
    json_close(&self->json, '}');
    return UXO_OK;
}
