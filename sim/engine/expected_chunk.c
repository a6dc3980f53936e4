/* expected_chunk.c - see expected_chunk.h. */
#include "expected_chunk.h"

#include <stdlib.h>
#include <string.h>

#include "expected_planes.h"

bool uxo_chunk_worker_init(uxo_chunk_worker *self, const uxo_chunk_plan *plan)
{
    memset(self, 0, sizeof *self);
    bool complete = uxo_tile_bench_init(&self->bench, &plan->tile) && uxo_tile_state_init(&self->state, &plan->tile);
    if (plan->tile.samples) {
        complete = complete && uxo_sample_state_init(&self->samples, &plan->tile) &&
                   uxo_order_patch_init(&self->lattice, &plan->tile);
    }
    complete = complete && (!plan->closed_form || uxo_marginal_scratch_init(&self->marginal));
    self->moments = malloc(sizeof *self->moments);
    self->order_scratch = malloc((uxo_order_scratch(&plan->tile) + 1) * sizeof *self->order_scratch);
    return complete && self->moments != NULL && self->order_scratch != NULL;
}

void uxo_chunk_worker_free(uxo_chunk_worker *self)
{
    uxo_tile_bench_free(&self->bench);
    uxo_patch_free(&self->lattice);
    uxo_tile_state_free(&self->state);
    uxo_sample_state_free(&self->samples);
    uxo_marginal_scratch_free(&self->marginal);
    free(self->moments);
    free(self->order_scratch);
    memset(self, 0, sizeof *self);
}

static bool has_cells(const uxo_chunk_plan *plan)
{
    return plan->tile.moments || (plan->tile.samples && plan->tile.stride == 1);
}

static bool has_units(const uxo_chunk_plan *plan)
{
    return plan->tile.samples && plan->tile.stride > 1;
}

/* Gaussians of the table on a tile or a unit of the band. */
static uint64_t items_on(const uxo_carrier_table *table, bool is_unit, size_t at)
{
    uint64_t items = 0;
    for (uint32_t p = 0; p < table->part_count; p++) {
        const uxo_table_index *const index = is_unit ? &table->part[p].coarse_index : &table->part[p].fine_index;
        items += index->from[at + 1] - index->from[at];
    }
    return items;
}

/* What has been gathered from all blocks of realisations is worked on once more, whatever it took. */
static uint64_t weight_of_tile(const uxo_chunk_plan *plan, uint32_t tile_x, uint32_t tile_y)
{
    const size_t in_band = uxo_band_tile(&plan->table.band, tile_x, tile_y);
    const size_t tile = (size_t)tile_y * plan->scenario->grid.tiles_x + tile_x;
    uint64_t weight = 0;
    if (has_cells(plan)) {
        weight = plan->kept != NULL ? plan->kept[in_band].any : items_on(&plan->table, false, in_band);
    }
    return weight + (plan->closed_form ? plan->marginal.tile_from[tile + 1] - plan->marginal.tile_from[tile] : 0);
}

static uint64_t weight_of_unit(const uxo_chunk_plan *plan, uint32_t unit_x, uint32_t unit_y)
{
    const size_t at = uxo_band_unit(&plan->table.band, plan->tile.unit / UXO_TILE, unit_x, unit_y);
    return plan->kept_samples != NULL ? plan->kept_samples[at].any : items_on(&plan->table, true, at);
}

static void append(uxo_chunk_piece *list, uint32_t *count, uxo_chunk_piece piece)
{
    list[*count] = piece;
    *count += piece.weight > 0;
}

uint32_t uxo_chunk_pieces(const uxo_chunk_plan *plan, uint32_t chunk_x, uint32_t chunk_y,
                          uxo_chunk_piece out[UXO_MOST_PIECES])
{
    const uxo_grid *const grid = &plan->scenario->grid;
    const uint32_t per_side = UXO_CHUNK / plan->tile.unit;
    uint32_t count = 0;
    for (uint16_t i = 0; has_units(plan) && i < per_side * per_side; i++) {
        const uint32_t x = chunk_x * per_side + i % per_side, y = chunk_y * per_side + i / per_side;
        if (x * plan->tile.unit < grid->nx && y * plan->tile.unit < grid->ny) {
            append(out, &count, (uxo_chunk_piece){.at = i, .is_unit = true, .weight = weight_of_unit(plan, x, y)});
        }
    }
    for (uint16_t i = 0; i < UXO_CHUNK_TILES * UXO_CHUNK_TILES; i++) {
        const uint32_t x = chunk_x * UXO_CHUNK_TILES + i % UXO_CHUNK_TILES;
        const uint32_t y = chunk_y * UXO_CHUNK_TILES + i / UXO_CHUNK_TILES;
        if (x < grid->tiles_x && y < grid->tiles_y) {
            append(out, &count, (uxo_chunk_piece){.at = i, .weight = weight_of_tile(plan, x, y)});
        }
    }
    return count;
}

/* Samples of a unit whose lattice is coarser than the cells. */
static uxo_status make_unit(const uxo_chunk_plan *plan, uxo_chunk_worker *worker, uint32_t unit, uxo_open_chunk *chunk)
{
    const uint32_t per_side = UXO_CHUNK / plan->tile.unit;
    const uint32_t x = chunk->x * per_side + unit % per_side, y = chunk->y * per_side + unit / per_side;
    uxo_sample_state *state = &worker->samples;
    if (plan->kept_samples != NULL) {
        state = &plan->kept_samples[uxo_band_unit(&plan->table.band, plan->tile.unit / UXO_TILE, x, y)];
    } else {
        uxo_sample_state_clear(state, &plan->tile);
        uxo_order_gather(state, &worker->lattice, &plan->tile, &plan->table, x, y);
    }
    if (state->any) {
        uxo_open_chunk_order(chunk, plan, unit, state, worker->order_scratch);
    }
    return state->out_of_memory ? UXO_ERR_MEMORY : UXO_OK;
}

/* Sampled moments of a tile into the worker's, and its samples where the cells are their lattice. */
static uxo_status make_sampled_tile(const uxo_chunk_plan *plan, uxo_chunk_worker *worker, uint32_t tile,
                                    uxo_open_chunk *chunk, bool *any)
{
    const uint32_t x = chunk->x * UXO_CHUNK_TILES + tile % UXO_CHUNK_TILES;
    const uint32_t y = chunk->y * UXO_CHUNK_TILES + tile / UXO_CHUNK_TILES;
    const size_t in_band = uxo_band_tile(&plan->table.band, x, y);
    const bool with_samples = plan->tile.samples && plan->tile.stride == 1;
    uxo_tile_state *const state = plan->kept != NULL ? &plan->kept[in_band] : &worker->state;
    uxo_sample_state *const samples = !with_samples                ? NULL
                                      : plan->kept_samples != NULL ? &plan->kept_samples[in_band]
                                                                   : &worker->samples;
    if (plan->kept == NULL) {
        uxo_tile_state_clear(state, &plan->tile);
        if (with_samples) {
            uxo_sample_state_clear(samples, &plan->tile);
        }
        uxo_tile_gather(state, samples, &worker->bench, &plan->tile, &plan->table, x, y);
    }
    *any = state->any;
    if (state->any && plan->tile.moments) {
        uxo_tile_moments_of(state, &plan->tile, worker->moments);
    }
    if (state->any && with_samples) {
        uxo_open_chunk_order(chunk, plan, tile, samples, worker->order_scratch);
    }
    return state->out_of_memory || (with_samples && samples->out_of_memory) ? UXO_ERR_MEMORY : UXO_OK;
}

static uxo_status make_tile(const uxo_chunk_plan *plan, uxo_chunk_worker *worker, uint32_t tile, uxo_open_chunk *chunk)
{
    bool known = false;
    if (has_cells(plan)) {
        bool sampled;
        UXO_TRY(make_sampled_tile(plan, worker, tile, chunk, &sampled));
        known = sampled && plan->tile.moments;
    }
    if (plan->closed_form) {
        known = uxo_marginal_tile(&plan->marginal, plan->kernels, &worker->marginal,
                                  chunk->x * UXO_CHUNK_TILES + tile % UXO_CHUNK_TILES,
                                  chunk->y * UXO_CHUNK_TILES + tile / UXO_CHUNK_TILES, worker->moments);
    }
    if (known) {
        uxo_open_chunk_moments(chunk, plan, tile, worker->moments);
    }
    return UXO_OK;
}

uxo_status uxo_chunk_piece_make(const uxo_chunk_plan *plan, uxo_chunk_worker *worker, const uxo_chunk_piece *piece,
                                uxo_open_chunk *chunk)
{
    return piece->is_unit ? make_unit(plan, worker, piece->at, chunk) : make_tile(plan, worker, piece->at, chunk);
}
