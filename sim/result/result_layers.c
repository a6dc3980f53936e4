/* result_layers.c - the map layers of a run: what a file says about each, and the sink by which the engine stores them.
 * Not here: how a raster is stored (result_raster.c).
 */
#include <math.h>
#include <string.h>

#include "result_parts.h"

typedef struct layer_sink {
    h5_output *out;
    const result_map *map;
    const uxo_scenario *scenario;
    result_packers packers;
    result_sheet sheet[UXO_LAYER_COUNT];
} layer_sink;

/* What the values do not say by themselves; NULL: nothing. */
static const char *base_comment(const uxo_scenario *scenario, uxo_layer layer)
{
    const bool sampled = scenario->estimator == UXO_ESTIMATOR_ANALOG;
    switch (layer) {
    case UXO_LAYER_DUD_DENSITY:
    case UXO_LAYER_DUD_PROBABILITY:
        return sampled ? "0: none of the realisations put a dud there; not that none can lie there"
                       : "0: out of reach of all listed strikes, as far as their reach is reckoned; not that no dud "
                         "can lie there";
    case UXO_LAYER_DUD_DENSITY_QUANTILE:
        return "0: at least that share of the realisations put next to nothing there; not that no dud can lie there. "
               "Of each cell by itself: quantiles of cells do not add up to those of an area";
    case UXO_LAYER_ACCIDENT_DENSITY:
        return "expected duds times the mean chance that one of them has an accident: who uses the ground, and what a "
               "contact does, are drawn apart from what lies there. 0: no dud is expected, or nobody within reach";
    case UXO_LAYER_EXCEEDANCE_PROBABILITY:
        return "0: no realisation was above the threshold; not that none can be";
    case UXO_LAYER_DUD_CONTAINMENT:
        return sampled ? "of all expected duds, also those outside the grid; cells are ranked and measured on the same "
                         "realisations, so the share is a little high if these are few; cells with equal sums are "
                         "contained together"
                       : "of all expected duds, also those outside the grid";
    default:
        return NULL;
    }
}

static const char *method_comment(uxo_layer layer, const uxo_layer_facts *facts)
{
    if (isnan(facts->numerical_error_bound)) {
        return NULL;
    }
    return layer == UXO_LAYER_DUD_DENSITY_SE || layer == UXO_LAYER_DUD_PROBABILITY_SE
               ? "0: the estimate is in closed form, not sampled, and off by at most numerical_error_bound"
               : "in closed form, not sampled: off by at most numerical_error_bound";
}

static const char *ancillary_of(const uxo_scenario *scenario, uxo_layer layer)
{
    const uxo_layer errors = layer == UXO_LAYER_DUD_DENSITY       ? UXO_LAYER_DUD_DENSITY_SE
                             : layer == UXO_LAYER_DUD_PROBABILITY ? UXO_LAYER_DUD_PROBABILITY_SE
                                                                  : UXO_LAYER_COUNT;
    return errors != UXO_LAYER_COUNT && uxo_layer_planes(scenario, errors) > 0 ? uxo_layer_describe(errors)->name
                                                                               : NULL;
}

/* All but the comment. */
static result_raster raster_of(const uxo_scenario *scenario, uxo_layer layer, const uxo_layer_facts *facts)
{
    const uxo_layer_info *const info = uxo_layer_describe(layer);
    return (result_raster){.name = info->name,
                           .unit = info->unit,
                           .sentence = info->sentence,
                           .cell_methods = layer == UXO_LAYER_DUD_DENSITY ? "area: mean" : NULL,
                           .ancillary = ancillary_of(scenario, layer),
                           .axis = info->axis,
                           .smooth = scenario->estimator == UXO_ESTIMATOR_EXPECTED_VALUE,
                           .empty = (double)facts->empty,
                           .missing = (double)NAN};
}

static uxo_status open_layer(void *user, uxo_layer layer, const uxo_layer_facts *facts)
{
    layer_sink *const self = user;
    const char *const base = base_comment(self->scenario, layer);
    const char *const method = method_comment(layer, facts);
    char comment[512];
    snprintf(comment, sizeof comment, "%s%s%s", base != NULL ? base : "", base != NULL && method != NULL ? "; " : "",
             method != NULL ? method : "");
    result_raster raster = raster_of(self->scenario, layer, facts);
    raster.comment = comment[0] != '\0' ? comment : NULL;
    self->sheet[layer] = result_open_sheet(self->out, self->map, &raster);
    if (method != NULL) {
        h5_number(self->out, self->sheet[layer].dataset, "numerical_error_bound", facts->numerical_error_bound);
    }
    return self->out->status;
}

static bool pack_chunk(void *user, uxo_layer layer, const float *values, uxo_packed *out)
{
    layer_sink *const self = user;
    return result_pack(&self->packers, &self->sheet[layer].form, values, out);
}

static uxo_status store_chunk(void *user, uxo_layer layer, uint32_t plane, uint32_t chunk_x, uint32_t chunk_y,
                              const uxo_packed *packed)
{
    layer_sink *const self = user;
    result_store_chunk(self->out, &self->sheet[layer], plane, chunk_x, chunk_y, packed);
    return self->out->status;
}

static bool has_axis(const uxo_scenario *scenario, uxo_layer_axis axis)
{
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_COUNT; layer++) {
        if (uxo_layer_describe(layer)->axis == axis && uxo_layer_planes(scenario, layer) > 0) {
            return true;
        }
    }
    return false;
}

static void write_plane_axes(h5_output *out, result_map *map, const uxo_scenario *scenario)
{
    if (has_axis(scenario, UXO_AXIS_QUANTILE)) {
        result_write_plane_axis(out, map, UXO_AXIS_QUANTILE, scenario->map_quantile, scenario->map_quantile_count);
    }
    if (has_axis(scenario, UXO_AXIS_THRESHOLD)) {
        result_write_plane_axis(out, map, UXO_AXIS_THRESHOLD, scenario->threshold_per_ha, scenario->threshold_count);
    }
}

void result_write_layers(h5_output *out, result_map *map, const uxo_result_run *run)
{
    layer_sink self = {.out = out, .map = map, .scenario = run->scenario};
    const uxo_map_sink sink = {&self, open_layer, pack_chunk, store_chunk};
    for (int layer = 0; layer < UXO_LAYER_COUNT; layer++) {
        self.sheet[layer].dataset = H5I_INVALID_HID;
    }
    if (h5_output_stopped(out)) {
        return;
    }
    write_plane_axes(out, map, run->scenario);
    const uxo_status status = uxo_engine_maps(run->scenario, run->engine, run->outcome, &sink, out->report);
    if (status != UXO_OK && !h5_output_stopped(out)) {
        out->status = status;
    }
    for (int layer = 0; layer < UXO_LAYER_COUNT; layer++) {
        result_close_sheet(&self.sheet[layer]);
    }
    result_packers_free(&self.packers);
}

/* Of a part of a run: how chunks are packed, and nobody who stores them here. */
static uxo_status open_form(void *user, uxo_layer layer, const uxo_layer_facts *facts)
{
    layer_sink *const self = user;
    const result_raster raster = raster_of(self->scenario, layer, facts);
    self->sheet[layer].form = result_form_of(&self->scenario->grid, &raster);
    return UXO_OK;
}

static uxo_status leave_chunk(void *user, uxo_layer layer, uint32_t plane, uint32_t chunk_x, uint32_t chunk_y,
                              const uxo_packed *packed)
{
    (void)user;
    (void)layer;
    (void)plane;
    (void)chunk_x;
    (void)chunk_y;
    (void)packed;
    return UXO_OK;
}

uxo_status uxo_result_pack_part(const uxo_result_run *run, uxo_report *report)
{
    layer_sink self = {.scenario = run->scenario};
    const uxo_map_sink sink = {&self, open_form, pack_chunk, leave_chunk};
    const uxo_status status = uxo_engine_maps(run->scenario, run->engine, run->outcome, &sink, report);
    result_packers_free(&self.packers);
    return status;
}
