/* cost.c - what a run is expected to take in memory and time, for `check`. Not here: measuring it (bench/). */
#include <math.h>

#include "expected_order.h"
#include "expected_squares.h"
#include "uxosim/background_strikes.h"
#include "uxosim/engine.h"
#include "uxosim/expectation.h"

/* What a square metre of an oval takes more than one of a gaussian. On cells: 240 x 120 m on cells of 5 m took 3 times the gaussian of the same
 * spread, which is eight times as large. On the larger squares of the districts: ASSUMED. */
static const double OVAL_ON_CELLS = 5.0, OVAL_ON_SQUARES = 1.3;

/* Where a pattern ends, in its sizes, squared. */
static double square_of_edge(const uxo_munition *munition, double oval_against_gaussian)
{
    const double outer = uxo_oval_outer(munition->shape, uxo_quantity_mean(&munition->pattern_width));
    return munition->shape == UXO_SHAPE_GAUSSIAN ? UXO_FIELD_CUT : oval_against_gaussian * outer * outer;
}

/* Square metres on which a carrier's pattern is added up, of mean sizes and as the strike's mixture has it. */
static double pattern_m2(const uxo_scenario *scenario, const uxo_strike *strike, double oval_against_gaussian)
{
    const double pi = 3.14159265358979323846;
    double area_m2 = 0.0;
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        const uxo_munition *const munition = &scenario->catalogue.item[strike->mixture.munition[j]];
        area_m2 += strike->mixture.weight[j] * pi * square_of_edge(munition, oval_against_gaussian) *
                   uxo_quantity_mean(&munition->pattern_along_m) * uxo_quantity_mean(&munition->pattern_across_m);
    }
    return area_m2;
}

/* What `expected-value` takes beside the points that it draws too. Fitted to Kharkiv, Stepanakert and W1, within a factor of
 * two or so: 1 ns a point of W1's lattices, 5 of Kharkiv's, whose narrowest patterns take several to a cell. */
static void expected_cost(const uxo_scenario *scenario, double *bytes, double *seconds)
{
    const double seconds_per_point = 2.5e-9;
    const double bytes_per_carrier = 250.0, most_bytes = 500e6;
    const double realisations = (double)scenario->realisations;
    const double cell_m = scenario->grid.cell_size_m;
    const double square_m = uxo_squares_side_m(uxo_smallest_sd_m(scenario));
    const double lattice_m = cell_m * (double)uxo_order_stride(scenario);
    const bool sampled = uxo_scenario_has_shared_draws(scenario) || scenario->surface.given; /* as a rule */
    const double by_kinds = scenario->surface.given ? 1.5 : 1.0; /* Kharkiv with four classes of ground */
    const double per_m2 =
        1.0 / (square_m * square_m) + 1.0 / (lattice_m * lattice_m) + (sampled ? 1.0 / (cell_m * cell_m) : 0.0);
    double points = 0.0, carriers = 0.0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const double expected = uxo_expected_carriers(scenario, &scenario->strikes.item[i]);
        carriers += expected;
        points += expected * pattern_m2(scenario, &scenario->strikes.item[i], OVAL_ON_CELLS) * per_m2;
    }
    *seconds += realisations * points * seconds_per_point * by_kinds;
    const double columns = (double)uxo_scenario_column_count(scenario) + (double)scenario->zones.column_count;
    *bytes +=
        fmin(realisations * carriers * bytes_per_carrier, most_bytes) + realisations * columns * 3.0 * sizeof(double);
}

void uxo_engine_cost(const uxo_scenario *scenario, double *bytes, double *seconds)
{
    /* A fit to W1 of bench/run.py and to its parts (one thread, a shared two-core machine, release build): a guide, not a promise. */
    const double seconds_per_dud = scenario->surface.given ? 56e-9 : 6e-9; /* with a surface: Kharkiv */
    const double seconds_per_carrier = 45e-9;
    const double seconds_per_cell = 250e-9; /* that strikes reach: estimates, compression and writing, all layers */
    const double realisations = (double)scenario->realisations;
    const double cells = (double)uxo_grid_cell_count(&scenario->grid);
    double carriers = 0.0;
    double reached = 0.0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const uxo_strike *const strike = &scenario->strikes.item[i];
        const double across = 2.0 * strike->reach_m / scenario->grid.cell_size_m + UXO_TILE;
        carriers += uxo_expected_carriers(scenario, strike);
        reached += across * across * (double)strike->site_count;
    }
    reached = fmin(reached, cells);
    double duds = uxo_expected_total(scenario);
    if (scenario->background.given) {
        const uxo_background *const background = &scenario->background;
        const double area_km2 = uxo_background_area_km2(background);
        carriers += uxo_quantity_mean(&background->density_per_km2) * area_km2 *
                    uxo_quantity_mean(&background->strike.carriers);
        duds += uxo_background_density_per_ha(scenario) * 100.0 * area_km2;
    }
    *seconds = realisations * (duds * seconds_per_dud + carriers * seconds_per_carrier) + reached * seconds_per_cell;
    *bytes = reached * (double)sizeof(uxo_tile_tally) / UXO_TILE_CELLS + cells * (sizeof(float) + sizeof(uint16_t)) +
             realisations * ((double)uxo_scenario_column_count(scenario) * sizeof(uint32_t) +
                             (double)scenario->zones.column_count * sizeof(uint64_t) +
                             (double)scenario->campaign_count * sizeof(double)) +
             60e6; /* program and libraries, resident: measured with the smallest scenario */
    if (scenario->estimator == UXO_ESTIMATOR_EXPECTED_VALUE) {
        expected_cost(scenario, bytes, seconds);
    }
}

/* Carriers and duds that a realisation draws, and square metres of the pieces of ground that their patterns touch. */
typedef struct workload {
    double carriers, duds, touched_m2;
} workload;

/* Of a strike, if it was one: each carrier touches pieces of its own, but never more than lies within reach. */
static double touched_m2(const uxo_scenario *scenario, const uxo_strike *strike, double piece_m)
{
    const double within_reach_m2 = 4.0 * strike->reach_m * strike->reach_m * (double)strike->site_count;
    double carrier_m2 = 0.0;
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        const uxo_munition *const munition = &scenario->catalogue.item[strike->mixture.munition[j]];
        const double edge = 2.0 * sqrt(square_of_edge(munition, 1.0));
        carrier_m2 += strike->mixture.weight[j] * (edge * uxo_quantity_mean(&munition->pattern_along_m) + piece_m) *
                      (edge * uxo_quantity_mean(&munition->pattern_across_m) + piece_m);
    }
    return fmin(within_reach_m2, uxo_quantity_mean(&strike->carriers) * carrier_m2);
}

static workload workload_of(const uxo_scenario *scenario, double piece_m)
{
    const uxo_grid *const grid = &scenario->grid;
    const double grid_m2 = (double)uxo_grid_cell_count(grid) * grid->cell_size_m * grid->cell_size_m;
    workload sum = {.duds = uxo_expected_total(scenario)};
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const uxo_strike *const strike = &scenario->strikes.item[i];
        sum.carriers += uxo_expected_carriers(scenario, strike);
        sum.touched_m2 += uxo_expected_existence(scenario, strike) * touched_m2(scenario, strike, piece_m);
    }
    sum.touched_m2 = fmin(sum.touched_m2, grid_m2);
    if (scenario->background.given) {
        const uxo_background *const background = &scenario->background;
        const double area_km2 = uxo_background_area_km2(background);
        sum.carriers += uxo_quantity_mean(&background->density_per_km2) * area_km2 *
                        uxo_quantity_mean(&background->strike.carriers);
        sum.duds += uxo_background_density_per_ha(scenario) * 100.0 * area_km2;
    }
    return sum;
}

void uxo_engine_cost_without_maps(const uxo_scenario *scenario, double *bytes, double *seconds)
{
    /* A least-squares fit to sweeps of the five scenarios under configs/ (one thread, release build), which leaves 11 % of the sweep that fits worst:
     * docs/performance.md. */
    const double seconds_per_dud = scenario->surface.given ? 56e-9 : scenario->people.given ? 20e-9 : 6e-9;
    const double seconds_per_carrier = 45e-9;
    const double seconds_per_point = 0.47e-9 * (scenario->surface.given ? 1.5 : 1.0); /* of a pattern, on squares */
    const double seconds_per_square = 0.47e-9;                                        /* that is touched at all */
    const double seconds_per_realisation = 13.5e-6; /* with `expected-value`: tables, pairs for shares of variance */
    const double at_least_s = 2e-3;
    const double realisations = (double)scenario->realisations;
    const double side_m = uxo_squares_side_m(uxo_smallest_sd_m(scenario));
    const workload work = workload_of(scenario, UXO_PIECE * side_m);
    double all_seconds, points = 0.0, squares = 0.0, rows = 0.0;
    uxo_engine_cost(scenario, bytes, &all_seconds);
    if (scenario->estimator == UXO_ESTIMATOR_EXPECTED_VALUE) {
        rows = seconds_per_realisation;
        squares = work.touched_m2 / (side_m * side_m);
        for (uint32_t i = 0; i < scenario->strikes.count; i++) {
            points += uxo_expected_carriers(scenario, &scenario->strikes.item[i]) *
                      pattern_m2(scenario, &scenario->strikes.item[i], OVAL_ON_SQUARES) / (side_m * side_m);
        }
    }
    *seconds = at_least_s + realisations * (work.duds * seconds_per_dud + work.carriers * seconds_per_carrier +
                                            points * seconds_per_point + squares * seconds_per_square + rows);
}
