/* zones_fixture.c - see zones_fixture.h. */
#include "zones_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../sim/scenario/zones_map.h"

static void add_tile(zones_builder *builder, const uxo_grid *grid, size_t tile, uint32_t set,
                     zones_fixture_weight *weight)
{
    const uxo_zone_set *const to = &builder->zones->set[set];
    const uint32_t x0 = (uint32_t)(tile % grid->tiles_x) * UXO_TILE, y0 = (uint32_t)(tile / grid->tiles_x) * UXO_TILE;
    zone_covers covers = {NULL, 0, 0};
    uint8_t cells[UXO_TILE_CELLS], outside[UXO_TILE_CELLS];
    memset(outside, 255, sizeof outside);
    for (uint32_t zone = 0; zone < to->count; zone++) {
        for (uint32_t cell = 0; cell < UXO_TILE_CELLS; cell++) {
            const uint32_t ix = x0 + cell % UXO_TILE, iy = y0 + cell / UXO_TILE;
            cells[cell] = (uint8_t)(ix < grid->nx && iy < grid->ny ? weight(set, zone, ix, iy) : 0);
            outside[cell] = outside[cell] < 255 - cells[cell] ? outside[cell] : (uint8_t)(255 - cells[cell]);
        }
        assert_true(zone_covers_add(&covers, to->first_column + zone, cells));
    }
    assert_true(zone_covers_add(&covers, to->first_column + to->count, outside));
    assert_true(zones_builder_add(builder, tile, &covers));
    zone_covers_free(&covers);
}

void zones_fixture_add(uxo_scenario *scenario, uint32_t sets, uint32_t zones, zones_fixture_weight *weight)
{
    uxo_zones *const self = &scenario->zones;
    zones_builder builder;
    memset(self, 0, sizeof *self);
    assert_true(zones_builder_init(&builder, self, &scenario->grid));
    self->set = calloc(sets, sizeof *self->set);
    for (self->set_count = 0; self->set_count < sets;) {
        char text[32];
        const uint32_t s = self->set_count++;
        uxo_zone_set *const set = &self->set[s];
        snprintf(text, sizeof text, "set%u", s);
        *set = (uxo_zone_set){.id = strdup(text),
                              .item = calloc(zones, sizeof *set->item),
                              .count = zones,
                              .first_column = self->column_count};
        self->column_count += uxo_zone_set_columns(set);
        for (uint32_t i = 0; i < zones; i++) {
            snprintf(text, sizeof text, "zone %u", i);
            set->item[i] =
                (uxo_zone){.name = strdup(text), .status = strdup(i % 2 == 0 ? "SHA" : ""), .population = NAN};
        }
        for (size_t tile = 0; tile < self->tile_count; tile++) {
            add_tile(&builder, &scenario->grid, tile, s, weight);
        }
    }
    zones_builder_free(&builder);
    uint64_t *const parts = calloc(self->column_count, sizeof *parts);
    uxo_zones_measure(self, &scenario->grid, parts);
    for (uint32_t s = 0; s < sets; s++) {
        uxo_zone_set *const set = &self->set[s];
        const double part_ha = uxo_grid_cell_ha(&scenario->grid) / 255.0;
        for (uint32_t i = 0; i < zones; i++) {
            set->item[i].area_ha = (double)parts[set->first_column + i] * part_ha;
        }
        set->area_outside_ha = (double)parts[set->first_column + zones] * part_ha;
    }
    free(parts);
}
