/* zones.c - see zones.h. Not here: how cells come to their shares (zones_map.c, layers_cover.c). */
#include "uxosim/zones.h"

#include <stdlib.h>
#include <string.h>

const uxo_zone_set *uxo_zones_find(const uxo_zones *self, const char *id)
{
    for (uint32_t i = 0; i < self->set_count; i++) {
        if (strcmp(self->set[i].id, id) == 0) {
            return &self->set[i];
        }
    }
    return NULL;
}

void uxo_zones_free(uxo_zones *self)
{
    for (uint32_t i = 0; i < self->set_count; i++) {
        uxo_district_items_free(self->set[i].item, self->set[i].count);
        free(self->set[i].id);
    }
    free(self->set);
    free(self->mix_start);
    free(self->share);
    for (size_t tile = 0; self->cells != NULL && tile < self->tile_count; tile++) {
        free(self->cells[tile]);
    }
    free(self->cells);
    free(self->uniform);
    memset(self, 0, sizeof *self);
}

/* The cells of a tile that are on the grid. */
typedef struct tile_extent {
    uint32_t width, height;
} tile_extent;

static tile_extent extent_of(const uxo_grid *grid, size_t tile)
{
    const uint32_t x = (uint32_t)(tile % grid->tiles_x) * UXO_TILE, y = (uint32_t)(tile / grid->tiles_x) * UXO_TILE;
    return (tile_extent){grid->nx - x < UXO_TILE ? grid->nx - x : UXO_TILE,
                         grid->ny - y < UXO_TILE ? grid->ny - y : UXO_TILE};
}

static void measure_mix(const uxo_zones *self, uint32_t mix, uint64_t cells, uint64_t *parts)
{
    uint32_t count;
    const uxo_zone_share *const share = uxo_zones_shares(self, mix, &count);
    for (uint32_t i = 0; i < count; i++) {
        parts[share[i].column] += cells * share[i].parts;
    }
}

void uxo_zones_measure(const uxo_zones *self, const uxo_grid *grid, uint64_t *parts)
{
    memset(parts, 0, self->column_count * sizeof *parts);
    for (size_t tile = 0; tile < self->tile_count; tile++) {
        const tile_extent extent = extent_of(grid, tile);
        if (self->cells[tile] == NULL) {
            measure_mix(self, self->uniform[tile], (uint64_t)extent.width * extent.height, parts);
            continue;
        }
        for (uint32_t y = 0; y < extent.height; y++) {
            for (uint32_t x = 0; x < extent.width; x++) {
                measure_mix(self, self->cells[tile][uxo_grid_cell_in_tile(x, y)], 1, parts);
            }
        }
    }
}

static void count_tile(const uxo_zones *self, size_t tile, const float *persons, double *people)
{
    for (uint32_t cell = 0; cell < UXO_TILE_CELLS; cell++) { /* beyond the grid's edge nobody lives */
        uint32_t count;
        const uxo_zone_share *const share = uxo_zones_shares(self, uxo_zones_mix(self, tile, cell), &count);
        for (uint32_t i = 0; i < count && persons[cell] > 0.0f; i++) {
            people[share[i].column] += (double)persons[cell] * (double)share[i].parts / (double)UXO_ZONE_PARTS;
        }
    }
}

bool uxo_zones_count_people(uxo_zones *self, const uxo_population *population)
{
    if (self->set_count == 0 || !uxo_population_given(population)) {
        return true;
    }
    double *const people = calloc(self->column_count, sizeof *people);
    for (size_t tile = 0; people != NULL && tile < self->tile_count; tile++) {
        if (population->cells[tile] != NULL) {
            count_tile(self, tile, population->cells[tile], people);
        }
    }
    for (uint32_t s = 0; people != NULL && s < self->set_count; s++) {
        uxo_zone_set *const set = &self->set[s];
        for (uint32_t i = 0; i < set->count; i++) {
            set->item[i].population = people[set->first_column + i];
        }
        set->population_outside = people[set->first_column + set->count];
    }
    free(people);
    return people != NULL;
}
