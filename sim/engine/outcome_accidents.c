/* outcome_accidents.c - what an outcome holds of accidents: memory, the chance of a cell, its layer. */
#include <stdlib.h>

#include "outcome.h"

bool uxo_outcome_accident_parts(uxo_outcome *self, const uxo_scenario *scenario)
{
    if (!scenario->people.by_class || scenario->estimator != UXO_ESTIMATOR_ANALOG ||
        uxo_layer_planes(scenario, UXO_LAYER_ACCIDENT_DENSITY) == 0) {
        return true;
    }
    self->accident_parts = calloc(self->tile_count, sizeof *self->accident_parts);
    bool complete = self->accident_parts != NULL;
    for (size_t t = 0; complete && t < self->tile_count; t++) {
        if (scenario->surface.tile[t].kind_count > 1) {
            self->accident_parts[t] = calloc(UXO_TILE_CELLS, sizeof **self->accident_parts);
            complete = self->accident_parts[t] != NULL;
        }
    }
    return complete;
}

void uxo_outcome_free_accidents(uxo_outcome *self)
{
    for (size_t i = 0; self->accident_parts != NULL && i < self->tile_count; i++) {
        free(self->accident_parts[i]);
    }
    free(self->accident_parts);
    free(self->accidents);
    free(self->accident_chance);
    free(self->second_year);
    free(self->accident_expectation);
    free(self->accident_mixed);
    uxo_exposure_table_free(&self->chance);
}

double uxo_outcome_chance(const uxo_scenario *scenario, const uxo_outcome *outcome, size_t tile, uint32_t cell)
{
    const uxo_grid *const grid = &scenario->grid;
    const uint32_t ix = (uint32_t)(tile % grid->tiles_x) * UXO_TILE + cell % UXO_TILE;
    const uint32_t iy = (uint32_t)(tile / grid->tiles_x) * UXO_TILE + cell / UXO_TILE;
    if (ix >= grid->nx || iy >= grid->ny) {
        return 0.0;
    }
    const uxo_people_map *const map = &scenario->people.map;
    const uint32_t ground =
        scenario->people.by_class ? scenario->surface.kind[scenario->surface.tile[tile].kind[0]].ground : 0;
    return uxo_exposure_share(&outcome->chance, ground, map->density[uxo_people_block_of_cell(map, ix, iy)], 0);
}

float uxo_outcome_accident_density(const uxo_scenario *scenario, const uxo_outcome *outcome, size_t tile, uint32_t cell,
                                   float duds)
{
    if (outcome->accident_parts != NULL && outcome->accident_parts[tile] != NULL) {
        const double accidents = (double)outcome->accident_parts[tile][cell] / UXO_ACCIDENT_PARTS;
        return (float)(accidents / (double)outcome->realisations / uxo_grid_cell_ha(&scenario->grid));
    }
    return duds * (float)uxo_outcome_chance(scenario, outcome, tile, cell);
}
