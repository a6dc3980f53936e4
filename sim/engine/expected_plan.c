/* expected_plan.c - what is wanted of the maps of `expected-value`, and the facts of every layer. */
#include <math.h>
#include <stdlib.h>

#include "expected_maps.h"
#include "expected_order.h"
#include "outcome.h"
#include "uxosim/expectation.h"
#include "uxosim/portable_math.h"
#include "uxosim/stats.h"

/* exp of the largest mean log odds of any ground class: 1 where there are none. */
static double mean_ground_odds(const uxo_scenario *scenario)
{
    double largest = 0.0;
    for (uint32_t i = 0; scenario->surface.given && i < scenario->surface.ground_count; i++) {
        largest = fmax(largest, uxo_quantity_mean(&scenario->surface.ground[i].log_odds));
    }
    return largest > 0.0 ? uxo_exp(largest) : 1.0;
}

/* The area on which a pattern would lie with its largest density everywhere, in products of its two sizes. */
static double area_of_shape(const uxo_munition *munition)
{
    const double pi = 3.14159265358979323846;
    const double width = uxo_quantity_mean(&munition->pattern_width);
    const double inner = uxo_oval_inner(munition->shape, width), outer = uxo_oval_outer(munition->shape, width);
    return munition->shape == UXO_SHAPE_GAUSSIAN ? 2.0 * pi : pi * (outer * outer - inner * inner);
}

/* The standard error that is stated where no realisation reached a cell: that of a proportion at its 95 % upper limit,
 * times what a strike, if all its carriers came down together, is expected to leave in the cell where it leaves most. */
static double unreached_error(const uxo_scenario *scenario, uint32_t realisations)
{
    const double h = scenario->grid.cell_size_m, odds = mean_ground_odds(scenario);
    double most = 0.0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const uxo_mixture *const mixture = &scenario->strikes.item[i].mixture;
        for (uint32_t j = 0; j < mixture->count; j++) {
            const uxo_munition *const munition = &scenario->catalogue.item[mixture->munition[j]];
            const double area = area_of_shape(munition) * uxo_quantity_mean(&munition->pattern_along_m) *
                                uxo_quantity_mean(&munition->pattern_across_m);
            const double rate = uxo_surface_most(uxo_expected_rate(scenario, munition), odds);
            const double duds = uxo_quantity_mean(&munition->submunitions_per_carrier) * rate;
            const double carriers = uxo_quantity_high(&scenario->strikes.item[i].carriers);
            most = fmax(most, carriers * duds * fmin(1.0, h * h / area));
        }
    }
    return uxo_round_digits(most, 12) * uxo_outcome_nominal_error(realisations);
}

static void state_facts(uxo_maps_run *self)
{
    const uxo_scenario *const scenario = self->plan.scenario;
    const double cell_ha = uxo_grid_cell_ha(&scenario->grid);
    uxo_layer_facts *const facts = self->plan.facts;
    for (int layer = 0; layer < UXO_LAYER_COUNT; layer++) {
        facts[layer] = (uxo_layer_facts){0.0f, NAN};
    }
    if (self->plan.closed_form) {
        double mean, probability;
        uxo_marginal_map_bounds(&self->plan.marginal, &mean, &probability);
        facts[UXO_LAYER_DUD_DENSITY].numerical_error_bound = uxo_round_digits(mean / cell_ha, 3);
        facts[UXO_LAYER_DUD_DENSITY_SE].numerical_error_bound = facts[UXO_LAYER_DUD_DENSITY].numerical_error_bound;
        facts[UXO_LAYER_DUD_PROBABILITY].numerical_error_bound = uxo_round_digits(probability, 3);
        facts[UXO_LAYER_DUD_PROBABILITY_SE].numerical_error_bound =
            facts[UXO_LAYER_DUD_PROBABILITY].numerical_error_bound;
        return;
    }
    const double error = unreached_error(scenario, self->outcome->realisations);
    facts[UXO_LAYER_DUD_DENSITY_SE].empty = (float)(error / cell_ha);
    facts[UXO_LAYER_DUD_PROBABILITY_SE].empty =
        (float)fmin(error, uxo_outcome_nominal_error(self->outcome->realisations));
}

static uxo_status plan_tiles(uxo_maps_run *self, uxo_report *report)
{
    const uxo_scenario *const scenario = self->plan.scenario;
    uxo_tile_plan *const tile = &self->plan.tile;
    const uint32_t realisations = self->outcome->realisations;
    tile->scenario = scenario;
    tile->outcome = self->outcome;
    tile->kernels = self->plan.kernels;
    tile->stop = self->options->stop;
    tile->realisations = realisations;
    tile->sampled = realisations < UXO_SAMPLED_REALISATIONS ? realisations : UXO_SAMPLED_REALISATIONS;
    tile->quantile_count = self->plan.planes[UXO_LAYER_DUD_DENSITY_QUANTILE];
    tile->threshold_count = self->plan.planes[UXO_LAYER_EXCEEDANCE_PROBABILITY];
    tile->samples = tile->quantile_count + tile->threshold_count > 0;
    tile->moments = !self->plan.closed_form;
    tile->accidents = scenario->people.by_class && self->plan.planes[UXO_LAYER_ACCIDENT_DENSITY] > 0;
    tile->stride = uxo_order_stride(scenario);
    tile->unit = uxo_order_unit(tile->stride, tile->sampled);
    tile->rank = calloc((size_t)tile->quantile_count + 1, sizeof *tile->rank);
    tile->threshold = calloc((size_t)tile->threshold_count + 1, sizeof *tile->threshold);
    if (tile->rank == NULL || tile->threshold == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    for (uint32_t i = 0; i < tile->quantile_count; i++) {
        tile->rank[i] = uxo_stats_rank(scenario->map_quantile[i], tile->sampled);
    }
    for (uint32_t i = 0; i < tile->threshold_count; i++) {
        tile->threshold[i] = (float)(scenario->threshold_per_ha[i] * uxo_grid_cell_ha(&scenario->grid));
    }
    return UXO_OK;
}

uxo_status uxo_maps_plan(uxo_maps_run *self, uxo_report *report)
{
    uxo_chunk_plan *const plan = &self->plan;
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_DUD_CONTAINMENT; layer++) {
        plan->planes[layer] = uxo_layer_planes(plan->scenario, layer);
        plan->first[layer] = plan->plane_count;
        plan->plane_count += plan->planes[layer];
    }
    plan->closed_form = uxo_marginal_applies(plan->scenario, &self->outcome->why_sampled);
    self->outcome->closed_form = plan->closed_form;
    if (plan->closed_form) {
        UXO_TRY(uxo_marginal_map_make(&plan->marginal, plan->scenario, report));
    }
    state_facts(self);
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_DUD_CONTAINMENT; layer++) {
        if (plan->planes[layer] > 0) {
            UXO_TRY(plan->sink->open(plan->sink->user, layer, &plan->facts[layer]));
        }
    }
    plan->keeps_means = uxo_layer_planes(plan->scenario, UXO_LAYER_DUD_CONTAINMENT) > 0;
    if (plan->keeps_means && self->delivers) {
        plan->mean = calloc(uxo_grid_tile_count(&plan->scenario->grid), sizeof *plan->mean);
        if (plan->mean == NULL) {
            return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the maps");
        }
    }
    return plan_tiles(self, report);
}
