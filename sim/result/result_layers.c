/* result_layers.c - the map layers of a run, its population and its districts, chunk by chunk. Not here: how a raster
 * is stored. */
#include <math.h>
#include <string.h>

#include "result_parts.h"

typedef struct layer_source {
    const uxo_result_run *run;
    uxo_layer layer;
    float empty;
    float tile[UXO_TILE_CELLS];
} layer_source;

/* Copies the part of a tile that lies in the window. */
static void place_tile(const result_window *window, uint32_t tile_x, uint32_t tile_y, const float *tile, float *values)
{
    for (uint32_t row = 0; row < UXO_TILE; row++) {
        const uint32_t y = tile_y * UXO_TILE + row - window->first_y;
        const uint32_t x = tile_x * UXO_TILE - window->first_x;
        if (y < window->height && x < window->width) {
            const uint32_t width = window->width - x < UXO_TILE ? window->width - x : UXO_TILE;
            memcpy(values + (size_t)y * window->width + x, tile + (size_t)row * UXO_TILE, width * sizeof *tile);
        }
    }
}

static uint32_t end_tile(uint32_t first, uint32_t extent, uint32_t tiles)
{
    const uint32_t end = (first + extent + UXO_TILE - 1) / UXO_TILE;
    return end < tiles ? end : tiles;
}

static bool fill_layer(void *user, const result_window *window, void *values)
{
    layer_source *const source = user;
    const uxo_scenario *const scenario = source->run->scenario;
    const uxo_outcome *const outcome = source->run->outcome;
    const uxo_grid *const grid = &scenario->grid;
    float *const cells = values;
    bool any = false;
    for (size_t i = 0; i < (size_t)window->width * window->height; i++) {
        cells[i] = source->empty;
    }
    for (uint32_t ty = window->first_y / UXO_TILE; ty < end_tile(window->first_y, window->height, grid->tiles_y);
         ty++) {
        for (uint32_t tx = window->first_x / UXO_TILE; tx < end_tile(window->first_x, window->width, grid->tiles_x);
             tx++) {
            const size_t tile = (size_t)ty * grid->tiles_x + tx;
            if (tile < outcome->tile_count && outcome->tile[tile] != NULL) {
                uxo_outcome_tile(scenario, outcome, source->layer, tile, source->tile);
                place_tile(window, tx, ty, source->tile, cells);
                any = true;
            }
        }
    }
    return any;
}

static bool fill_population(void *user, const result_window *window, void *values)
{
    const uxo_scenario *const scenario = user;
    const uxo_grid *const grid = &scenario->grid;
    float *const cells = values;
    bool any = false;
    for (uint32_t row = 0; row < window->height; row++) {
        for (uint32_t column = 0; column < window->width; column++) {
            const uint32_t x = window->first_x + column;
            const uint32_t y = window->first_y + row;
            const bool inside = x < grid->nx && y < grid->ny;
            const float persons = inside ? scenario->population.persons[(size_t)y * grid->nx + x] : 0.0f;
            cells[(size_t)row * window->width + column] = persons;
            any = any || persons != 0.0f;
        }
    }
    return any;
}

static bool fill_district(void *user, const result_window *window, void *values)
{
    const uxo_scenario *const scenario = user;
    const uxo_grid *const grid = &scenario->grid;
    uint16_t *const cells = values;
    bool any = false;
    for (uint32_t row = 0; row < window->height; row++) {
        for (uint32_t column = 0; column < window->width; column++) {
            const uint32_t x = window->first_x + column;
            const uint32_t y = window->first_y + row;
            const bool inside = x < grid->nx && y < grid->ny;
            const uint16_t district = inside ? uxo_area_map_at(&scenario->districts.map, uxo_grid_tile_of(grid, x, y),
                                                               uxo_grid_cell_in_tile(x, y))
                                             : UXO_NO_DISTRICT;
            cells[(size_t)row * window->width + column] = district;
            any = any || district != UXO_NO_DISTRICT;
        }
    }
    return any;
}

typedef struct layer_row {
    const char *name, *unit, *sentence, *cell_methods, *comment;
    uxo_layer ancillary; /* UXO_LAYER_COUNT: none */
} layer_row;

static layer_row layer_table(uxo_layer layer)
{
    static const layer_row row[] = {
#define X(id, name, unit, sentence) {name, unit, sentence, NULL, NULL, UXO_LAYER_COUNT},
        UXO_LAYERS(X)
#undef X
    };
    static const char zero[] = "0: none of the realisations put a dud there; not that none can lie there";
    layer_row found = row[layer];
    if (layer == UXO_LAYER_DUD_DENSITY) {
        found.cell_methods = "area: mean";
        found.comment = zero;
        found.ancillary = UXO_LAYER_DUD_DENSITY_SE;
    } else if (layer == UXO_LAYER_DUD_PROBABILITY) {
        found.comment = zero;
        found.ancillary = UXO_LAYER_DUD_PROBABILITY_SE;
    } else if (layer == UXO_LAYER_DUD_CONTAINMENT) {
        found.comment = "of all expected duds, also those outside the grid; cells are ranked and measured on the same "
                        "realisations, so the share is a little high if these are few; cells with equal sums are "
                        "contained together";
    }
    return found;
}

bool result_describe_layer(const char *name, result_raster *raster)
{
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_COUNT; layer++) {
        const layer_row row = layer_table(layer);
        if (strcmp(row.name, name) == 0) {
            *raster = (result_raster){.name = row.name,
                                      .unit = row.unit,
                                      .sentence = row.sentence,
                                      .cell_methods = row.cell_methods,
                                      .comment = row.comment,
                                      .missing = NAN};
            return true;
        }
    }
    return false;
}

/* Does the scenario want this layer? No list means all. */
static bool wanted(const uxo_scenario *scenario, const char *name)
{
    for (uint32_t i = 0; i < scenario->layer_count; i++) {
        if (strcmp(scenario->layer[i], name) == 0) {
            return true;
        }
    }
    return scenario->layer == NULL;
}

static void write_outcome_layer(h5_output *out, const result_map *map, layer_source *source)
{
    const uxo_scenario *const scenario = source->run->scenario;
    const layer_row row = layer_table(source->layer);
    if (!wanted(scenario, row.name)) {
        return;
    }
    const char *const ancillary = row.ancillary < UXO_LAYER_COUNT ? layer_table(row.ancillary).name : NULL;
    result_raster raster;
    result_describe_layer(row.name, &raster);
    source->empty = uxo_outcome_empty_value(scenario, source->run->outcome, source->layer);
    raster.empty = (double)source->empty;
    raster.ancillary = ancillary != NULL && wanted(scenario, ancillary) ? ancillary : NULL;
    raster.fill = fill_layer;
    raster.user = source;
    result_write_raster(out, map, &raster);
}

/* Always there when the scenario has them: the tables of /districts are about them. */
static void write_inputs(h5_output *out, const result_map *map, const uxo_result_run *run)
{
    /* The inputs are only read; result_raster.user is for sources that keep a scratch tile. */
    void *const scenario = (void *)(uintptr_t)run->scenario;
    if (run->scenario->population.persons != NULL) {
        const result_raster raster = {.name = "population",
                                      .unit = "1",
                                      .sentence = "persons in the cell, as the engine saw them",
                                      .cell_methods = "area: sum",
                                      .missing = NAN,
                                      .fill = fill_population,
                                      .user = scenario};
        result_write_raster(out, map, &raster);
    }
    if (run->scenario->has_districts) {
        const result_raster raster = {
            .name = "district",
            .unit = "1",
            .sentence = "row of the tables of /districts, counted from 0, of the cell's centre; 65535: none",
            .whole_numbers = true,
            .empty = UXO_NO_DISTRICT,
            .missing = UXO_NO_DISTRICT,
            .fill = fill_district,
            .user = scenario};
        result_write_raster(out, map, &raster);
    }
}

void result_write_layers(h5_output *out, const result_map *map, const uxo_result_run *run)
{
    layer_source source = {.run = run};
    for (source.layer = (uxo_layer)0; source.layer < UXO_LAYER_COUNT; source.layer++) {
        write_outcome_layer(out, map, &source);
    }
    write_inputs(out, map, run);
}
