/* analog_maps.c - the maps of the estimator `analog`: chunks of cells from the tallies, packed by many threads, stored in
 * order. Not here: what a tally says about a cell (outcome.c). */
#include "analog_maps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct analog_maps {
    const uxo_scenario *scenario;
    const uxo_engine_options *options;
    const uxo_outcome *outcome;
    const uxo_map_sink *sink;
    uxo_layer layer[UXO_LAYER_COUNT]; /* that are made together */
    float empty[UXO_LAYER_COUNT];     /* of each */
    uint32_t layer_count;
    float *cells; /* [threads][UXO_CHUNK_CELLS] */
} analog_maps;

/* One chunk of all layers that are made together, packed. */
typedef struct packed_chunk {
    uxo_packed layer[UXO_LAYER_COUNT];
} packed_chunk;

static void discard(void *user, void *result)
{
    const analog_maps *const self = user;
    packed_chunk *const chunk = result;
    for (uint32_t i = 0; chunk != NULL && i < self->layer_count; i++) {
        free(chunk->layer[i].bytes);
    }
    free(chunk);
}

/* Tile `index` of the 4 x 4 of a chunk; the grid's tile count where there is none. */
static size_t tile_of(const analog_maps *self, size_t chunk, uint32_t index)
{
    const uxo_grid *const grid = &self->scenario->grid;
    const uint32_t chunks_x = uxo_chunks_x(grid);
    const size_t x = chunk % chunks_x * UXO_CHUNK_TILES + index % UXO_CHUNK_TILES;
    const size_t y = chunk / chunks_x * UXO_CHUNK_TILES + index / UXO_CHUNK_TILES;
    return x < grid->tiles_x && y < grid->tiles_y ? y * grid->tiles_x + x : self->outcome->tile_count;
}

static bool has_duds(const analog_maps *self, size_t tile)
{
    return tile < self->outcome->tile_count && self->outcome->tile[tile] != NULL;
}

static void fill(const analog_maps *self, uint32_t layer, size_t chunk, float *cells)
{
    float tile_cells[UXO_TILE_CELLS];
    for (uint32_t t = 0; t < UXO_CHUNK_TILES * UXO_CHUNK_TILES; t++) {
        const size_t tile = tile_of(self, chunk, t);
        float *const corner =
            cells + (size_t)(t / UXO_CHUNK_TILES) * UXO_TILE * UXO_CHUNK + t % UXO_CHUNK_TILES * UXO_TILE;
        if (has_duds(self, tile)) {
            uxo_outcome_tile(self->scenario, self->outcome, self->layer[layer], tile, tile_cells);
        } else {
            for (uint32_t i = 0; i < UXO_TILE_CELLS; i++) {
                tile_cells[i] = self->empty[layer];
            }
        }
        for (uint32_t row = 0; row < UXO_TILE; row++) {
            memcpy(corner + (size_t)row * UXO_CHUNK, tile_cells + (size_t)row * UXO_TILE, UXO_TILE * sizeof *cells);
        }
    }
}

static uxo_status make_chunk(void *user, int thread, size_t index, void **result)
{
    const analog_maps *const self = user;
    bool any = false;
    if (uxo_is_stopped(self->options->stop)) {
        return UXO_ERR_INTERRUPTED;
    }
    for (uint32_t t = 0; t < UXO_CHUNK_TILES * UXO_CHUNK_TILES; t++) {
        any = any || has_duds(self, tile_of(self, index, t));
    }
    packed_chunk *const chunk = any ? calloc(1, sizeof *chunk) : NULL;
    *result = chunk;
    float *const cells = self->cells + (size_t)thread * UXO_CHUNK_CELLS;
    for (uint32_t i = 0; chunk != NULL && i < self->layer_count; i++) {
        fill(self, i, index, cells);
        if (!self->sink->pack(self->sink->user, self->layer[i], cells, &chunk->layer[i])) {
            return UXO_ERR_MEMORY;
        }
    }
    return any && chunk == NULL ? UXO_ERR_MEMORY : UXO_OK;
}

static uxo_status store_chunk(void *user, size_t index, void *result)
{
    const analog_maps *const self = user;
    const uint32_t chunks_x = uxo_chunks_x(&self->scenario->grid);
    const packed_chunk *const chunk = result;
    uxo_status status = UXO_OK;
    for (uint32_t i = 0; chunk != NULL && status == UXO_OK && i < self->layer_count; i++) {
        if (chunk->layer[i].size > 0) {
            status = self->sink->store(self->sink->user, self->layer[i], 0, (uint32_t)(index % chunks_x),
                                       (uint32_t)(index / chunks_x), &chunk->layer[i]);
        }
    }
    discard(user, result);
    return status;
}

/* Opens the layers first .. last that the scenario wants and makes them together. */
static uxo_status make_layers(analog_maps *self, uxo_layer first, uxo_layer last, uxo_report *report)
{
    const uxo_grid *const grid = &self->scenario->grid;
    const uxo_ordered_loop loop = {self, make_chunk, store_chunk, discard};
    self->layer_count = 0;
    for (uxo_layer layer = first; layer <= last; layer++) {
        if (uxo_layer_planes(self->scenario, layer) > 0) {
            const uxo_layer_facts facts = {uxo_outcome_empty_value(self->scenario, self->outcome, layer), (double)NAN};
            UXO_TRY(self->sink->open(self->sink->user, layer, &facts));
            self->layer[self->layer_count] = layer;
            self->empty[self->layer_count++] = facts.empty;
        }
    }
    const size_t chunks = self->layer_count > 0 ? (size_t)uxo_chunks_x(grid) * uxo_chunks_y(grid) : 0;
    const uxo_status status = uxo_ordered_run(&loop, chunks, self->options->threads);
    if (status == UXO_ERR_MEMORY) {
        return uxo_fail(report, status, NULL, "out of memory for the maps");
    }
    return status;
}

uxo_status uxo_analog_maps(const uxo_scenario *scenario, const uxo_engine_options *options, const uxo_outcome *outcome,
                           const uxo_map_sink *sink, uxo_report *report)
{
    const size_t threads = (size_t)uxo_ordered_threads(options->threads);
    analog_maps self = {.scenario = scenario, .options = options, .outcome = outcome, .sink = sink};
    self.cells = malloc(threads * UXO_CHUNK_CELLS * sizeof *self.cells);
    if (self.cells == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the maps on %zu threads", threads);
    }
    uxo_status status = make_layers(&self, (uxo_layer)0, (uxo_layer)(UXO_LAYER_DUD_CONTAINMENT - 1), report);
    if (status == UXO_OK) {
        status = make_layers(&self, UXO_LAYER_DUD_CONTAINMENT, UXO_LAYER_DUD_CONTAINMENT, report);
    }
    free(self.cells);
    return status;
}
