/* sweep_sensitivity_axes.c - what the values of an axis are, and where scenarios lie on it: by the values themselves and not by the point of the
 * design, which follows the order in which the sweep file lists them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_sensitivity_private.h"

static const char *value_of(const uxo_sweep_result *sweep, uint32_t scenario, uint32_t axis)
{
    return uxo_result_sweep_value(sweep, scenario, axis);
}

uxo_sweep_axis_kind uxo_sweep_axis_kind_of(const uxo_sweep_result *sweep, uint32_t axis, uint32_t value[2])
{
    const uxo_sweep_facts *const facts = uxo_result_sweep_facts(sweep);
    const double *const point = uxo_result_sweep_points(sweep);
    uint32_t first = 0, second = UINT32_MAX, unlike = 0;
    bool numbers = true;
    for (uint32_t s = 0; s < facts->design_scenarios && numbers; s++) {
        numbers = !isnan(uxo_result_sweep_number(sweep, s, axis));
    }
    for (uint32_t s = 1; !numbers && s < facts->design_scenarios; s++) {
        first =
            point[(size_t)s * facts->parameters + axis] < point[(size_t)first * facts->parameters + axis] ? s : first;
    }
    for (uint32_t s = 0; !numbers && s < facts->design_scenarios; s++) {
        if (strcmp(value_of(sweep, s, axis), value_of(sweep, first, axis)) != 0) {
            second = second == UINT32_MAX ? s : second;
            unlike += strcmp(value_of(sweep, s, axis), value_of(sweep, second, axis)) != 0 ? 1 : 0;
        }
    }
    if (numbers || second == UINT32_MAX || unlike > 0) {
        return numbers ? UXO_SWEEP_AXIS_NUMBERS : UXO_SWEEP_AXIS_NO_ORDER;
    }
    value[0] = first;
    value[1] = second;
    return UXO_SWEEP_AXIS_TWO_VALUES;
}

double *sweep_axis_places(const uxo_sweep_result *sweep)
{
    const uxo_sweep_facts *const facts = uxo_result_sweep_facts(sweep);
    double *const place = calloc((size_t)facts->design_scenarios * facts->parameters, sizeof *place);
    for (uint32_t j = 0; place != NULL && j < facts->parameters; j++) {
        uint32_t value[2];
        const uxo_sweep_axis_kind kind = uxo_sweep_axis_kind_of(sweep, j, value);
        for (uint32_t s = 0; kind != UXO_SWEEP_AXIS_NO_ORDER && s < facts->design_scenarios; s++) {
            place[(size_t)s * facts->parameters + j] =
                kind == UXO_SWEEP_AXIS_NUMBERS ? uxo_result_sweep_number(sweep, s, j)
                : strcmp(value_of(sweep, s, j), value_of(sweep, value[0], j)) == 0 ? 0.0
                                                                                   : 1.0;
        }
    }
    return place;
}
