/* cost.c - what a run is expected to take in memory and time, for `check`. Not here: measuring it (bench/). */
#include <math.h>

#include "uxosim/engine.h"
#include "uxosim/expectation.h"

void uxo_engine_cost(const uxo_scenario *scenario, double *bytes, double *seconds)
{
    /* A fit to W1 of bench/run.py and to its parts (one thread, a shared two-core machine, release build): a guide, not a promise. */
    const double seconds_per_dud = 6e-9;
    const double seconds_per_carrier = 45e-9;
    const double seconds_per_cell = 250e-9; /* that strikes reach: estimates, compression and writing, all layers */
    const double realisations = (double)scenario->realisations;
    const double cells = (double)uxo_grid_cell_count(&scenario->grid);
    double carriers = 0.0;
    double reached = 0.0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const uxo_strike *const strike = &scenario->strikes.item[i];
        const double across = 2.0 * strike->reach_m / scenario->grid.cell_size_m + UXO_TILE;
        carriers += uxo_expected_carriers(strike);
        reached += across * across * (double)strike->site_count;
    }
    reached = fmin(reached, cells);
    *seconds = realisations * (uxo_expected_total(scenario) * seconds_per_dud + carriers * seconds_per_carrier) +
               reached * seconds_per_cell;
    *bytes = reached * (double)sizeof(uxo_tile_tally) / UXO_TILE_CELLS + cells * (sizeof(float) + sizeof(uint16_t)) +
             realisations * ((double)uxo_scenario_column_count(scenario) * sizeof(uint32_t) +
                             (double)scenario->campaign_count * sizeof(double)) +
             60e6; /* program and libraries, resident: measured with the smallest scenario */
}
