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

uxo_sweep_effect sweep_difference(const sweep_outputs *outputs, uint32_t row, uint32_t scenario, uint32_t reference)
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
        good = self->row[row].effect != NULL;
        if (good && self->design == UXO_DESIGN_GRID && row == 0) {
            (void)list_values(outputs, self->row[0].effect);
        } else if (good && self->effects > 0) {
            memcpy(self->row[row].effect, self->row[0].effect, self->effects * sizeof *self->row[row].effect);
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

/* Sums of outputs, and of the same batch by batch. */
typedef struct set_sum {
    uint32_t sets;
    double value, batch[SWEEP_BATCHES];
} set_sum;

/* Adds the outputs with one value of the axis, over the sets of which every scenario is there; `whole`: of all. */
static void add_level(const sweep_outputs *outputs, uint32_t row, const grid_axis *axis, uint32_t level, bool whole,
                      set_sum *sum)
{
    for (uint32_t s = 0; s < outputs->facts->design_scenarios;
         s += (s + 1) % axis->stride == 0 ? 1 + axis->stride * (axis->levels - 1) : 1) {
        if (!whole && !set_complete(outputs, row, axis, s)) {
            continue;
        }
        const uint32_t scenario = s + level * axis->stride;
        const double *const batch = sweep_output_batches(outputs, scenario, row);
        sum->value += sweep_output(outputs, scenario, row);
        for (uint32_t g = 0; g < outputs->batches; g++) {
            sum->batch[g] += batch[g];
        }
        sum->sets++;
    }
}

/* What each value of an axis does, compared with the others at the same values of all other axes. Where scenarios are missing a mean over those
 * with this value less a mean over all would mix in what the other axes do, which are not evenly there. */
static void fill_axis(const sweep_outputs *outputs, uint32_t row, const grid_axis *axis, bool whole,
                      uxo_sweep_effect *effect)
{
    set_sum all = {.sets = 0};
    for (uint32_t level = 0; level < axis->levels; level++) {
        add_level(outputs, row, axis, level, whole, &all);
    }
    for (uint32_t level = 0; level < axis->levels; level++, effect++) {
        set_sum own = {.sets = 0};
        add_level(outputs, row, axis, level, whole, &own);
        const bool known = own.sets > 0;
        effect->sets = own.sets;
        effect->difference = known ? (own.value - all.value / axis->levels) / own.sets : NAN;
        effect->reference = known ? all.value / all.sets : NAN;
        for (uint32_t g = 0; known && g < outputs->batches; g++) {
            own.batch[g] = (own.batch[g] - all.batch[g] / axis->levels) / own.sets;
        }
        effect->error = known ? error_of(outputs, effect->difference, own.batch) : NAN;
        effect->half = half_of(outputs, effect->error);
    }
}

static void fill_grid(uxo_sweep_sensitivity *self, const sweep_outputs *outputs, uint32_t row)
{
    uxo_sweep_row *const out = &self->row[row];
    bool whole = true, none_left_out = true;
    for (uint32_t s = 0; whole && s < outputs->facts->design_scenarios; s++) {
        whole = present(outputs, s, row);
    }
    for (size_t k = 0; k < self->effects;) {
        const uint32_t j = out->effect[k].axis;
        const grid_axis axis = {sweep_grid_levels(outputs->sweep, j), sweep_grid_stride(outputs->sweep, j)};
        fill_axis(outputs, row, &axis, whole, &out->effect[k]);
        none_left_out = none_left_out && out->effect[k].sets == out->effect[k].sets_of;
        k += axis.levels;
    }
    out->reference = none_left_out ? out->effect[0].reference : NAN;
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
            out->effect[k] = sweep_difference(outputs, row, (uint32_t)k, (uint32_t)self->reference);
        }
    }
}
