/* maps.c - which map layers there are, and who computes them. Not here: their values (analog_maps.c, expected_*.c),
 * their storage (sim/result). */
#include "uxosim/maps.h"

#include <string.h>
#include <time.h>

#include "accidents.h"
#include "analog_maps.h"
#include "expected.h"
#include "uxosim/engine.h"

const uxo_layer_info *uxo_layer_describe(uxo_layer layer)
{
    static const uxo_layer_info info[] = {
#define X(id, name, unit, origin, axis, sentence) {name, unit, sentence, origin, axis},
        UXO_LAYERS(X)
#undef X
    };
    return &info[layer];
}

static bool is_wanted(const uxo_scenario *scenario, const char *name)
{
    for (uint32_t i = 0; i < scenario->layer_count; i++) {
        if (strcmp(scenario->layer[i], name) == 0) {
            return true;
        }
    }
    return scenario->layer == NULL;
}

uint32_t uxo_layer_planes(const uxo_scenario *scenario, uxo_layer layer)
{
    const uxo_layer_info *const info = uxo_layer_describe(layer);
    const uxo_layer_origin origin =
        scenario->estimator == UXO_ESTIMATOR_ANALOG ? UXO_FROM_ANALOG : UXO_FROM_EXPECTED_VALUE;
    if (layer == UXO_LAYER_ACCIDENT_DENSITY && !scenario->people.given) {
        return 0;
    }
    if ((info->origin != UXO_FROM_BOTH && info->origin != origin) || !is_wanted(scenario, info->name)) {
        return 0;
    }
    switch (info->axis) {
    case UXO_AXIS_QUANTILE:
        return scenario->map_quantile_count;
    case UXO_AXIS_THRESHOLD:
        return scenario->threshold_count;
    default:
        return 1;
    }
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

uxo_status uxo_engine_maps(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *outcome,
                           const uxo_map_sink *sink, uxo_report *report)
{
    const double started = seconds_now();
    if (uxo_work_is_part(options->store) && scenario->estimator == UXO_ESTIMATOR_ANALOG) {
        return UXO_OK; /* they are made of the tallies of all parts */
    }
    UXO_TRY(uxo_accidents_mean(scenario, uxo_ordered_threads(options->threads), outcome, report));
    const uxo_status status = scenario->estimator == UXO_ESTIMATOR_EXPECTED_VALUE
                                  ? uxo_expected_maps(scenario, options, outcome, sink, report)
                                  : uxo_analog_maps(scenario, options, outcome, sink, report);
    outcome->mapped = status == UXO_OK;
    outcome->maps_seconds = seconds_now() - started;
    return status;
}
