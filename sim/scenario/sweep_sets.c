/* sweep_sets.c - what each scenario of a sweep sets. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_private.h"

uint32_t uxo_sweep_scenarios(const uxo_sweep *self)
{
    return self->design.rows + (self->has_baseline ? 1 : 0);
}

static bool is_baseline(const uxo_sweep *self, uint32_t scenario)
{
    return scenario >= self->design.rows;
}

double uxo_sweep_point(const uxo_sweep *self, uint32_t scenario, uint32_t axis)
{
    return is_baseline(self, scenario) ? NAN : uxo_design_point(&self->design, scenario, axis);
}

/* Which of the values of an axis. */
static uint32_t level_of(const uxo_sweep *self, uint32_t scenario, uint32_t axis)
{
    const uint32_t count = self->axis[axis].value_count;
    if (self->design.kind == UXO_DESIGN_GRID || self->design.kind == UXO_DESIGN_LIST) {
        return uxo_design_level(&self->design, scenario, axis);
    }
    const uint32_t level = (uint32_t)(uxo_design_point(&self->design, scenario, axis) * (double)count);
    return level < count ? level : count - 1;
}

uint32_t uxo_sweep_level(const uxo_sweep *self, uint32_t scenario, uint32_t axis)
{
    return self->axis[axis].value != NULL && !is_baseline(self, scenario) ? level_of(self, scenario, axis) : UINT32_MAX;
}

char *uxo_sweep_value(const uxo_sweep *self, uint32_t scenario, uint32_t axis)
{
    const uxo_sweep_axis *const of = &self->axis[axis];
    if (is_baseline(self, scenario)) {
        return strdup(self->baseline[axis] != NULL ? self->baseline[axis] : "");
    }
    if (of->value != NULL) {
        return strdup(of->value[level_of(self, scenario, axis)]);
    }
    /* The special functions behind a quantile differ between processors in their last digits: 10 digits do not, as good as always. */
    char text[64];
    snprintf(text, sizeof text, "%.10g",
             uxo_quantity_quantile(&of->quantity, uxo_design_point(&self->design, scenario, axis)));
    return strdup(text);
}

double uxo_sweep_number(const uxo_sweep *self, uint32_t scenario, uint32_t axis)
{
    const char *why;
    double value = NAN;
    char *const text = uxo_sweep_value(self, scenario, axis);
    if (text == NULL || !uxo_schema_number(text, &value, &why)) {
        value = NAN;
    }
    free(text);
    return value;
}

static char *assignment(const uxo_sweep_axis *axis, const char *value)
{
    const size_t room = strlen(axis->key) + strlen(axis->before) + strlen(value) + strlen(axis->after) + 2;
    char *const text = malloc(room);
    if (text != NULL) {
        snprintf(text, room, "%s=%s%s%s", axis->key, axis->before, value, axis->after);
    }
    return text;
}

static char *assign_layers(const uxo_sweep *self)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    for (uint32_t i = 0; out != NULL && i < self->layer_count; i++) {
        fprintf(out, "%s%s", i == 0 ? "output.layers=[" : ", ", self->layer[i]);
    }
    if (out != NULL) {
        fputs("]", out);
        fclose(out);
    }
    return text;
}

uxo_status uxo_sweep_sets_with(const uxo_sweep *self, uint32_t scenario, uint32_t axis, uint32_t other,
                               uxo_sweep_sets *out, uxo_report *report)
{
    bool whole = true;
    *out = (uxo_sweep_sets){.item = calloc((size_t)self->axis_count + 2, sizeof *out->item)};
    for (uint32_t i = 0; out->item != NULL && i < self->axis_count; i++) {
        char *const value = uxo_sweep_value(self, i == axis ? other : scenario, i);
        if (value != NULL && value[0] != '\0') {
            out->item[out->count++] = assignment(&self->axis[i], value);
            whole = whole && out->item[out->count - 1] != NULL;
        }
        whole = whole && value != NULL;
        free(value);
    }
    if (out->item != NULL) {
        out->item[out->count++] = strdup("output.variance_realisations=0");
        whole = whole && out->item[out->count - 1] != NULL;
    }
    if (out->item != NULL && self->layer_count > 0) {
        out->item[out->count++] = assign_layers(self);
        whole = whole && out->item[out->count - 1] != NULL;
    }
    return out->item != NULL && whole ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a scenario");
}

uxo_status uxo_sweep_sets_of(const uxo_sweep *self, uint32_t scenario, uxo_sweep_sets *out, uxo_report *report)
{
    return uxo_sweep_sets_with(self, scenario, 0, scenario, out, report);
}

void uxo_sweep_sets_free(uxo_sweep_sets *self)
{
    for (size_t i = 0; i < self->count; i++) {
        free(self->item[i]);
    }
    free(self->item);
    *self = (uxo_sweep_sets){0};
}
