/* sweep_sensitivity_effects.c - effects of values of grids and lists, and differences from the baseline: differences of means of scenarios, whose
 * errors come from the same differences batch by batch of realisations. Those of a grid compare scenarios that differ in one axis alone. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_sensitivity_private.h"

static const char *value_of(const sweep_outputs *outputs, uint32_t scenario, uint32_t axis)
{
    return uxo_result_sweep_value(outputs->sweep, scenario, axis);
}

static bool present(const sweep_outputs *outputs, uint32_t scenario, uint32_t row)
{
    return !isnan(sweep_output(outputs, scenario, row));
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

static double half_of(const sweep_outputs *outputs, double error)
{
    return error * (outputs->batches > 1 ? uxo_sensitivity_student(outputs->batches - 1) : 1.959963984540054);
}

/* Difference of two scenarios; unpaired where batches are not known. */
static uxo_sweep_effect difference_of(const sweep_outputs *outputs, uint32_t row, uint32_t scenario, uint32_t reference)
{
    uxo_sweep_effect effect = {.axis = UINT32_MAX,
                               .scenario = scenario,
                               .difference =
                                   sweep_output(outputs, scenario, row) - sweep_output(outputs, reference, row),
                               .error = NAN,
                               .reference = sweep_output(outputs, reference, row)};
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
    effect.half = half_of(outputs, effect.error);
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

/* Points are the middles of equal parts of (0, 1), and those of the first scenario lie in the first. */
uint32_t sweep_grid_levels(const uxo_sweep_result *sweep, uint32_t axis)
{
    const double first = uxo_result_sweep_points(sweep)[axis];
    return first > 0.0 && first <= 0.5 ? (uint32_t)lround(fmin(0.5 / first, UXO_DESIGN_MOST_ROWS)) : 0;
}

uint32_t sweep_grid_stride(const uxo_sweep_result *sweep, uint32_t axis)
{
    uint32_t stride = 1;
    for (uint32_t j = uxo_result_sweep_facts(sweep)->parameters - 1; j > axis; j--) {
        stride *= sweep_grid_levels(sweep, j);
    }
    return stride;
}

bool sweep_grid_fits(const uxo_sweep_result *sweep)
{
    const uxo_sweep_facts *const facts = uxo_result_sweep_facts(sweep);
    uint64_t scenarios = 1;
    for (uint32_t j = 0; j < facts->parameters && scenarios <= UXO_DESIGN_MOST_ROWS; j++) {
        scenarios *= sweep_grid_levels(sweep, j);
    }
    return scenarios == facts->design_scenarios;
}

/* Number of values of all axes; lists axis, and first scenario with the value, where `list` is not NULL. */
static size_t list_values(const sweep_outputs *outputs, uxo_sweep_effect *list)
{
    size_t count = 0;
    for (uint32_t j = 0; j < outputs->facts->parameters; j++) {
        const uint32_t levels = sweep_grid_levels(outputs->sweep, j), stride = sweep_grid_stride(outputs->sweep, j);
        for (uint32_t level = 0; level < levels; level++, count++) {
            if (list != NULL) {
                list[count] = (uxo_sweep_effect){.axis = j,
                                                 .scenario = level * stride,
                                                 .difference = NAN,
                                                 .error = NAN,
                                                 .reference = NAN,
                                                 .sets_of = outputs->facts->design_scenarios / levels};
            }
        }
    }
    return count;
}

uxo_status sweep_effects_count(uxo_sweep_sensitivity *self, const sweep_outputs *outputs, uxo_report *report)
{
    const uxo_sweep_facts *const facts = outputs->facts;
    bool good = true;
    self->baselines = facts->baseline >= 0 ? facts->design_scenarios : 0;
    if (self->design == UXO_DESIGN_LIST) {
        self->reference = facts->baseline >= 0 ? facts->baseline : 0;
        self->effects = facts->design_scenarios;
    } else if (self->design == UXO_DESIGN_GRID) {
        self->effects = list_values(outputs, NULL);
    }
    for (uint32_t row = 0; good && row < self->rows; row++) {
        self->row[row].effect = calloc(self->effects + 1, sizeof *self->row[row].effect);
        self->row[row].baseline = calloc(self->baselines + 1, sizeof *self->row[row].baseline);
        good = self->row[row].effect != NULL && self->row[row].baseline != NULL;
        if (good && self->design == UXO_DESIGN_GRID) {
            (void)list_values(outputs, self->row[row].effect);
        }
    }
    return good ? UXO_OK
                : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the effects of %zu values", self->effects);
}

/* An axis of a grid: sets of scenarios that differ in it alone. */
typedef struct grid_axis {
    uint32_t levels, stride;
} grid_axis;

static bool set_complete(const sweep_outputs *outputs, uint32_t row, const grid_axis *axis, uint32_t first)
{
    for (uint32_t level = 0; level < axis->levels; level++) {
        if (!present(outputs, first + level * axis->stride, row)) {
            return false;
        }
    }
    return true;
}

/* Sums over the sets of which every scenario is there: of the outputs with one value of the axis, less the mean of their set, and the same
 * batch by batch; of the means. Returns how many sets. */
static uint32_t sum_sets(const sweep_outputs *outputs, uint32_t row, const grid_axis *axis, uint32_t level,
                         double *difference, double *mean, double batch[SWEEP_BATCHES])
{
    uint32_t sets = 0;
    *difference = *mean = 0.0;
    memset(batch, 0, SWEEP_BATCHES * sizeof *batch);
    for (uint32_t s = 0; s < outputs->facts->design_scenarios; s++) {
        if (s / axis->stride % axis->levels != 0 || !set_complete(outputs, row, axis, s)) {
            continue;
        }
        for (uint32_t l = 0; l < axis->levels; l++) {
            const double weight = (l == level ? 1.0 : 0.0) - 1.0 / axis->levels;
            const double *const own = sweep_output_batches(outputs, s + l * axis->stride, row);
            *difference += weight * sweep_output(outputs, s + l * axis->stride, row);
            *mean += sweep_output(outputs, s + l * axis->stride, row) / axis->levels;
            for (uint32_t g = 0; g < outputs->batches; g++) {
                batch[g] += weight * own[g];
            }
        }
        sets++;
    }
    return sets;
}

/* What a value does, compared with the other values of its axis at the same values of all others. Where scenarios are missing a mean over those
 * with this value less a mean over all would mix in what the other axes do, which are not evenly there. */
static void fill_grid(uxo_sweep_sensitivity *self, const sweep_outputs *outputs, uint32_t row)
{
    uxo_sweep_row *const out = &self->row[row];
    bool whole = true;
    for (size_t k = 0; k < self->effects; k++) {
        uxo_sweep_effect *const effect = &out->effect[k];
        const grid_axis axis = {sweep_grid_levels(outputs->sweep, effect->axis),
                                sweep_grid_stride(outputs->sweep, effect->axis)};
        double difference, mean, batch[SWEEP_BATCHES];
        const uint32_t sets = sum_sets(outputs, row, &axis, effect->scenario / axis.stride, &difference, &mean, batch);
        for (uint32_t g = 0; sets > 0 && g < outputs->batches; g++) {
            batch[g] /= sets;
        }
        effect->sets = sets;
        effect->difference = sets > 0 ? difference / sets : NAN;
        effect->reference = sets > 0 ? mean / sets : NAN;
        effect->error = sets > 0 ? error_of(outputs, effect->difference, batch) : NAN;
        effect->half = half_of(outputs, effect->error);
        whole = whole && sets == effect->sets_of;
    }
    out->reference = whole ? out->effect[0].reference : NAN;
}

bool sweep_effects_known(const uxo_sweep_sensitivity *self, uint32_t row)
{
    for (size_t k = 0; k < self->effects; k++) {
        if (!isnan(self->row[row].effect[k].difference)) {
            return true;
        }
    }
    return self->effects == 0;
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
