/* sweep_sensitivity_effects.c - effects of values of grids and lists, and differences from the baseline: differences of means of scenarios, whose
 * errors come from the same differences batch by batch of realisations. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_sensitivity_private.h"

static const char *value_of(const sweep_outputs *outputs, uint32_t scenario, uint32_t axis)
{
    return uxo_result_sweep_value(outputs->sweep, scenario, axis);
}

/* Coordinate of the design: the same for the same value of a grid, and for no other. */
static double point_of(const sweep_outputs *outputs, uint32_t scenario, uint32_t axis)
{
    return uxo_result_sweep_points(outputs->sweep)[(size_t)scenario * outputs->facts->parameters + axis];
}

static bool same_value(const sweep_outputs *outputs, uint32_t a, uint32_t b, uint32_t axis)
{
    return !(fabs(point_of(outputs, a, axis) - point_of(outputs, b, axis)) > 0.0);
}

static bool present(const sweep_outputs *outputs, uint32_t scenario, uint32_t row)
{
    return !isnan(sweep_output(outputs, scenario, row));
}

/* Sums over the scenarios that have the value of `like` on an axis (UINT32_MAX: over all), of outputs and of batches. Returns how many. */
static uint32_t sum_scenarios(const sweep_outputs *outputs, uint32_t row, uint32_t axis, uint32_t like, double *sum,
                              double batch[SWEEP_BATCHES])
{
    uint32_t count = 0;
    *sum = 0.0;
    memset(batch, 0, SWEEP_BATCHES * sizeof *batch);
    for (uint32_t s = 0; s < outputs->facts->design_scenarios; s++) {
        if (!present(outputs, s, row) || (axis != UINT32_MAX && !same_value(outputs, s, like, axis))) {
            continue;
        }
        const double *const own = sweep_output_batches(outputs, s, row);
        *sum += sweep_output(outputs, s, row);
        for (uint32_t g = 0; g < outputs->batches; g++) {
            batch[g] += own[g];
        }
        count++;
    }
    return count;
}

/* Standard error of a difference from the same difference in each batch. */
static double error_of(const sweep_outputs *outputs, double difference, const double batch[SWEEP_BATCHES])
{
    double whole = 0.0, squares = 0.0;
    const uint32_t n = outputs->batches;
    for (uint32_t g = 0; g < n; g++) {
        whole += outputs->weight[g];
    }
    for (uint32_t g = 0; g < n; g++) {
        const double pull = outputs->weight[g] / whole * (batch[g] - difference);
        squares += pull * pull;
    }
    return n > 1 ? sqrt(squares * n / (n - 1.0)) : NAN;
}

/* Difference of two scenarios; unpaired where batches are not known. */
static uxo_sweep_effect difference_of(const sweep_outputs *outputs, uint32_t row, uint32_t scenario, uint32_t reference)
{
    uxo_sweep_effect effect = {UINT32_MAX, scenario,
                               sweep_output(outputs, scenario, row) - sweep_output(outputs, reference, row), NAN};
    double batch[SWEEP_BATCHES];
    if (outputs->batches > 0) {
        const double *const a = sweep_output_batches(outputs, reference, row), *const b = sweep_output_batches(
                                                                                   outputs, scenario, row);
        for (uint32_t g = 0; g < outputs->batches; g++) {
            batch[g] = b[g] - a[g];
        }
        effect.error = error_of(outputs, effect.difference, batch);
    } else if (outputs->error != NULL) {
        const double a = outputs->error[(size_t)reference * outputs->facts->rows + row];
        const double b = outputs->error[(size_t)scenario * outputs->facts->rows + row];
        effect.error = sqrt(a * a + b * b);
    }
    if (isnan(effect.difference)) {
        effect.error = NAN;
    }
    uint32_t differ = 0;
    for (uint32_t j = 0; j < outputs->facts->parameters; j++) {
        if (strcmp(value_of(outputs, scenario, j), value_of(outputs, reference, j)) != 0) {
            effect.axis = j;
            differ++;
        }
    }
    effect.axis = differ == 1 ? effect.axis : UINT32_MAX;
    return effect;
}

/* The values of the axes of a grid, each by the first scenario that has it: axis and scenario of its effects, into `list` where that is not
 * NULL. Returns how many. */
static size_t list_values(const sweep_outputs *outputs, uxo_sweep_effect *list, uint32_t *first)
{
    size_t count = 0;
    for (uint32_t j = 0; j < outputs->facts->parameters; j++) {
        uint32_t values = 0;
        for (uint32_t s = 0; s < outputs->facts->design_scenarios; s++) {
            uint32_t k = 0;
            while (k < values && !same_value(outputs, first[k], s, j)) {
                k++;
            }
            if (k == values) {
                first[values++] = s;
                if (list != NULL) {
                    list[count] = (uxo_sweep_effect){j, s, NAN, NAN};
                }
                count++;
            }
        }
    }
    return count;
}

uxo_status sweep_effects_count(uxo_sweep_sensitivity *self, const sweep_outputs *outputs, uxo_report *report)
{
    const uxo_sweep_facts *const facts = outputs->facts;
    uint32_t *const first = calloc((size_t)facts->design_scenarios + 1, sizeof *first);
    bool good = first != NULL;
    self->baselines = facts->baseline >= 0 ? facts->design_scenarios : 0;
    if (self->design == UXO_DESIGN_LIST) {
        self->reference = facts->baseline >= 0 ? facts->baseline : 0;
        self->effects = facts->design_scenarios;
    } else if (good && self->design == UXO_DESIGN_GRID) {
        self->effects = list_values(outputs, NULL, first);
    }
    for (uint32_t row = 0; good && row < self->rows; row++) {
        self->row[row].effect = calloc(self->effects + 1, sizeof *self->row[row].effect);
        self->row[row].baseline = calloc(self->baselines + 1, sizeof *self->row[row].baseline);
        good = self->row[row].effect != NULL && self->row[row].baseline != NULL;
        if (good && self->design == UXO_DESIGN_GRID) {
            (void)list_values(outputs, self->row[row].effect, first);
        }
    }
    free(first);
    return good ? UXO_OK
                : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the effects of %zu values", self->effects);
}

/* Means over all scenarios with a value, less the mean over all. */
static void fill_grid(uxo_sweep_sensitivity *self, const sweep_outputs *outputs, uint32_t row)
{
    uxo_sweep_row *const out = &self->row[row];
    double all, all_batch[SWEEP_BATCHES];
    const uint32_t count = sum_scenarios(outputs, row, UINT32_MAX, 0, &all, all_batch);
    out->reference = all / count;
    for (size_t k = 0; k < self->effects; k++) {
        uxo_sweep_effect *const effect = &out->effect[k];
        double sum, batch[SWEEP_BATCHES];
        const uint32_t with = sum_scenarios(outputs, row, effect->axis, effect->scenario, &sum, batch);
        for (uint32_t g = 0; with > 0 && g < outputs->batches; g++) {
            batch[g] = batch[g] / with - all_batch[g] / count;
        }
        effect->difference = with > 0 ? sum / with - out->reference : NAN;
        effect->error = with > 0 ? error_of(outputs, effect->difference, batch) : NAN;
    }
}

void sweep_effects_fill(uxo_sweep_sensitivity *self, const sweep_outputs *outputs, uint32_t row)
{
    uxo_sweep_row *const out = &self->row[row];
    if (self->design == UXO_DESIGN_GRID) {
        fill_grid(self, outputs, row);
    }
    if (self->design == UXO_DESIGN_LIST) {
        out->reference = sweep_output(outputs, (uint32_t)self->reference, row);
        for (size_t k = 0; k < self->effects; k++) {
            out->effect[k] = difference_of(outputs, row, (uint32_t)k, (uint32_t)self->reference);
        }
    }
    for (size_t k = 0; k < self->baselines; k++) {
        out->baseline[k] = difference_of(outputs, row, (uint32_t)k, (uint32_t)outputs->facts->baseline);
    }
}
