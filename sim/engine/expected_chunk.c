/* expected_chunk.c - see expected_chunk.h. */
#include "expected_chunk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outcome.h"

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
    self->planes = malloc(((size_t)plan->plane_count * UXO_CHUNK_CELLS + 1) * sizeof *self->planes);
    return complete && self->moments != NULL && self->order_scratch != NULL && self->planes != NULL;
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
    free(self->planes);
    memset(self, 0, sizeof *self);
}

void uxo_made_chunk_free(uxo_made_chunk *self, const uxo_chunk_plan *plan)
{
    for (uint32_t i = 0; self != NULL && self->plane != NULL && i < plan->plane_count; i++) {
        free(self->plane[i].bytes);
    }
    if (self != NULL) {
        free(self->plane);
        free(self->check.column);
    }
    free(self);
}

/* Standard error of a mean over n realisations. Where only few of them count, a sample does not know its own spread: the
 * error is then not stated smaller than that of a cell that none reached. */
static float error_of(double mean, double variance, double n, float unreached)
{
    const double few = 10.0;
    const double effective = n * n * mean * mean / ((n - 1.0) * variance + n * mean * mean);
    const float error = (float)sqrt(variance / n);
    return effective < few && error < unreached ? unreached : error;
}

/* Who uses the ground does not depend on what lies there: means multiply, unless the cell is of several kinds of surface. */
static double accidents_of(const uxo_chunk_plan *plan, const uxo_tile_moments *moments, size_t tile, uint32_t cell)
{
    return plan->tile.accidents && plan->scenario->surface.tile[tile].kind_count > 1
               ? moments->accidents[cell]
               : moments->mean[cell] * uxo_outcome_chance(plan->scenario, plan->outcome, tile, cell);
}

/* Values of a layer that is a function of the moments. */
static void moment_values(const uxo_chunk_plan *plan, uxo_layer layer, const uxo_tile_moments *moments, size_t tile,
                          float *out)
{
    const double per_ha = 1.0 / uxo_grid_cell_ha(&plan->scenario->grid);
    const double realisations = (double)plan->outcome->realisations;
    const float empty = plan->facts[layer].empty;
    for (uint32_t i = 0; i < UXO_TILE_CELLS; i++) {
        const bool sampled = !plan->closed_form && moments->q[i] > 0.0;
        switch (layer) {
        case UXO_LAYER_DUD_DENSITY:
            out[i] = (float)(moments->mean[i] * per_ha);
            break;
        case UXO_LAYER_ACCIDENT_DENSITY:
            out[i] = moments->mean[i] > 0.0 ? (float)(accidents_of(plan, moments, tile, i) * per_ha) : 0.0f;
            break;
        case UXO_LAYER_DUD_PROBABILITY:
            out[i] = (float)moments->q[i];
            break;
        case UXO_LAYER_DUD_DENSITY_SD:
            out[i] = (float)(sqrt(moments->variance[i]) * per_ha);
            break;
        case UXO_LAYER_DUD_DENSITY_SE:
            out[i] = sampled ? error_of(moments->mean[i] * per_ha, moments->variance[i] * per_ha * per_ha, realisations,
                                        empty)
                             : empty;
            break;
        default:
            out[i] = sampled ? error_of(moments->q[i], moments->q_variance[i], realisations, empty) : empty;
            break;
        }
    }
}

/* One tile of one plane to its place in the chunk. */
static void place(float *plane, uint32_t tile, const float *values)
{
    float *const corner =
        plane + (size_t)(tile / UXO_CHUNK_TILES) * UXO_TILE * UXO_CHUNK + tile % UXO_CHUNK_TILES * UXO_TILE;
    for (uint32_t row = 0; row < UXO_TILE; row++) {
        memcpy(corner + (size_t)row * UXO_CHUNK, values + (size_t)row * UXO_TILE, UXO_TILE * sizeof *values);
    }
}

/* Before the first tile that has anything on it: most chunks of a large grid have none. */
static void clear_planes(const uxo_chunk_plan *plan, uxo_chunk_worker *worker)
{
    if (worker->clean) {
        return;
    }
    worker->clean = true;
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_DUD_CONTAINMENT; layer++) {
        float *const values = worker->planes + (size_t)plan->first[layer] * UXO_CHUNK_CELLS;
        for (size_t i = 0; i < (size_t)plan->planes[layer] * UXO_CHUNK_CELLS; i++) {
            values[i] = plan->facts[layer].empty;
        }
    }
}

static void place_moments(const uxo_chunk_plan *plan, uxo_chunk_worker *worker, uint32_t tile_x, uint32_t tile_y)
{
    static const uxo_layer layers[] = {UXO_LAYER_DUD_DENSITY,        UXO_LAYER_DUD_PROBABILITY,
                                       UXO_LAYER_DUD_DENSITY_SD,     UXO_LAYER_DUD_DENSITY_SE,
                                       UXO_LAYER_DUD_PROBABILITY_SE, UXO_LAYER_ACCIDENT_DENSITY};
    const uint32_t inside = tile_y % UXO_CHUNK_TILES * UXO_CHUNK_TILES + tile_x % UXO_CHUNK_TILES;
    const size_t tile = (size_t)tile_y * plan->scenario->grid.tiles_x + tile_x;
    float values[UXO_TILE_CELLS];
    clear_planes(plan, worker);
    for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++) {
        const uxo_layer layer = layers[i];
        if (plan->planes[layer] == 0) {
            continue;
        }
        moment_values(plan, layer, worker->moments, tile, values);
        place(worker->planes + (size_t)plan->first[layer] * UXO_CHUNK_CELLS, inside, values);
    }
}

/* Quantiles and exceedance of a unit to its place in the chunk; x and y: its first cell there. */
static void place_order(const uxo_chunk_plan *plan, uxo_chunk_worker *worker, const uxo_sample_state *samples,
                        uint32_t x, uint32_t y)
{
    const float per_ha = (float)(1.0 / uxo_grid_cell_ha(&plan->scenario->grid));
    const uint32_t quantiles = plan->tile.quantile_count;
    float *out[2 * UXO_MAX_PLANES];
    clear_planes(plan, worker);
    for (uint32_t i = 0; i < quantiles + plan->tile.threshold_count; i++) {
        const uint32_t plane = i < quantiles ? plan->first[UXO_LAYER_DUD_DENSITY_QUANTILE] + i
                                             : plan->first[UXO_LAYER_EXCEEDANCE_PROBABILITY] + i - quantiles;
        out[i] = worker->planes + (size_t)plane * UXO_CHUNK_CELLS + (size_t)y * UXO_CHUNK + x;
    }
    uxo_order_planes(samples, &plan->tile, worker->order_scratch, out, UXO_CHUNK);
    for (uint32_t i = 0; i < quantiles; i++) {
        for (uint32_t row = 0; row < plan->tile.unit; row++) {
            for (uint32_t column = 0; column < plan->tile.unit; column++) {
                out[i][row * UXO_CHUNK + column] *= per_ha;
            }
        }
    }
}

/* Cells of a tile that lie on the grid, from its north-west corner. */
static uint32_t cells_on_grid(uint32_t cells, uint32_t tile)
{
    const uint32_t left = cells - tile * UXO_TILE;
    return left < UXO_TILE ? left : UXO_TILE;
}

/* Points of the sample cells against what the map expects there. Given the draws they are sums of independent trials
 * with a variance of at most their mean; a closed form knows only the spread over all draws. */
static void check_cells(const uxo_chunk_plan *plan, const uxo_tile_moments *moments, size_t tile, uint32_t columns,
                        uint32_t rows, uxo_map_check *check)
{
    const double enough = 20.0;    /* points, or realisations' worth of them, for z to be about normal */
    const double tolerance = 2e-3; /* of what is expected: cells and lattices, see docs/model.md */
    const double sampled_bound = 7.0, closed_bound = 9.0; /* below 1e-9 a cell where `enough` holds */
    const double n = (double)plan->outcome->realisations;
    for (uint32_t cell = 0; cell < rows * UXO_TILE; cell++) {
        if (!uxo_is_sample_cell(cell) || cell % UXO_TILE >= columns) {
            continue;
        }
        const double points = (double)plan->outcome->sample_count[tile * UXO_SAMPLE_CELLS + uxo_sample_index(cell)];
        const double mean = moments->mean[cell];
        const double variance = mean + (plan->closed_form ? moments->variance[cell] : 0.0);
        if (!(mean > 0.0) || n * mean * mean < enough * variance) {
            continue;
        }
        const double distance = fmax(0.0, fabs(points - n * mean) - tolerance * n * mean);
        const double z = distance / sqrt(n * variance);
        check->cells++;
        check->squares += z * z;
        check->largest = fmax(check->largest, z);
        check->beyond += z > (plan->closed_form ? closed_bound : sampled_bound);
    }
}

/* Samples of the units of a chunk, where their lattice is coarser than the cells. */
static uxo_status make_units(const uxo_chunk_plan *plan, uxo_chunk_worker *worker, uint32_t chunk_x, uint32_t chunk_y,
                             bool *any)
{
    const uint32_t per_side = UXO_CHUNK / plan->tile.unit;
    for (uint32_t i = 0; i < per_side * per_side; i++) {
        const uint32_t x = chunk_x * per_side + i % per_side, y = chunk_y * per_side + i / per_side;
        uxo_sample_state *state = &worker->samples;
        if (x * plan->tile.unit >= plan->scenario->grid.nx || y * plan->tile.unit >= plan->scenario->grid.ny) {
            continue;
        }
        if (plan->kept_samples != NULL) {
            state = &plan->kept_samples[uxo_band_unit(&plan->table.band, plan->tile.unit / UXO_TILE, x, y)];
        } else {
            uxo_sample_state_clear(state, &plan->tile);
            uxo_order_gather(state, &worker->lattice, &plan->tile, &plan->table, x, y);
        }
        if (state->any) {
            place_order(plan, worker, state, i % per_side * plan->tile.unit, i / per_side * plan->tile.unit);
            *any = true;
        }
        if (state->out_of_memory) {
            return UXO_ERR_MEMORY;
        }
    }
    return UXO_OK;
}

/* Sampled moments of a tile, and its samples where the cells are their lattice. */
static uxo_status make_sampled_tile(const uxo_chunk_plan *plan, uxo_chunk_worker *worker, uint32_t tile_x,
                                    uint32_t tile_y, bool *any)
{
    const size_t in_band = uxo_band_tile(&plan->table.band, tile_x, tile_y);
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
        uxo_tile_gather(state, samples, &worker->bench, &plan->tile, &plan->table, tile_x, tile_y);
    }
    *any = state->any;
    if (state->any && plan->tile.moments) {
        uxo_tile_moments_of(state, &plan->tile, worker->moments);
    }
    if (state->any && with_samples) {
        place_order(plan, worker, samples, tile_x % UXO_CHUNK_TILES * UXO_TILE, tile_y % UXO_CHUNK_TILES * UXO_TILE);
    }
    return state->out_of_memory || (with_samples && samples->out_of_memory) ? UXO_ERR_MEMORY : UXO_OK;
}

static void add_to_column(const uxo_chunk_plan *plan, size_t tile, uint32_t cell, double mean, double *column)
{
    const uxo_districts *const districts = &plan->scenario->districts;
    const uint16_t district = districts->count > 0 ? uxo_area_map_at(&districts->map, tile, cell) : UXO_NO_DISTRICT;
    column[district == UXO_NO_DISTRICT ? districts->count : district] += mean;
}

/* Keeps the means of a tile for containment and adds them up. */
static uxo_status keep_means(const uxo_chunk_plan *plan, const uxo_tile_moments *moments, size_t tile, uint32_t columns,
                             uint32_t rows, uxo_chunk_check *check)
{
    float *kept = NULL;
    if (plan->mean != NULL) {
        kept = calloc(UXO_TILE_CELLS, sizeof *kept);
        plan->mean[tile] = kept;
        if (kept == NULL) {
            return UXO_ERR_MEMORY;
        }
    }
    for (uint32_t cell = 0; cell < rows * UXO_TILE; cell++) {
        if (cell % UXO_TILE < columns) {
            check->map_total += moments->mean[cell];
            if (check->column != NULL) {
                add_to_column(plan, tile, cell, moments->mean[cell], check->column);
            }
            if (kept != NULL) {
                kept[cell] = (float)moments->mean[cell];
            }
        }
    }
    return UXO_OK;
}

/* Computes one tile into the worker's planes; *any: something lies on it. */
static uxo_status make_tile(const uxo_chunk_plan *plan, uxo_chunk_worker *worker, uint32_t tile_x, uint32_t tile_y,
                            uxo_chunk_check *check, bool *any)
{
    const uxo_grid *const grid = &plan->scenario->grid;
    const size_t tile = (size_t)tile_y * grid->tiles_x + tile_x;
    const bool by_cells = plan->tile.moments || (plan->tile.samples && plan->tile.stride == 1);
    bool sampled = false, known = false;
    if (by_cells) {
        UXO_TRY(make_sampled_tile(plan, worker, tile_x, tile_y, &sampled));
        known = sampled && plan->tile.moments;
    }
    if (plan->closed_form) {
        known = uxo_marginal_tile(&plan->marginal, plan->kernels, &worker->marginal, tile_x, tile_y, worker->moments);
    }
    *any = sampled || known;
    if (!known) {
        return UXO_OK;
    }
    const uint32_t columns = cells_on_grid(grid->nx, tile_x), rows = cells_on_grid(grid->ny, tile_y);
    place_moments(plan, worker, tile_x, tile_y);
    check_cells(plan, worker->moments, tile, columns, rows, &check->cells);
    return keep_means(plan, worker->moments, tile, columns, rows, check);
}

static bool is_empty(const float *plane, float empty)
{
    for (size_t i = 0; i < UXO_CHUNK_CELLS; i++) {
        if (plane[i] != empty) {
            return false;
        }
    }
    return true;
}

static uxo_status pack(const uxo_chunk_plan *plan, const uxo_chunk_worker *worker, uxo_made_chunk *chunk)
{
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_DUD_CONTAINMENT; layer++) {
        for (uint32_t i = 0; i < plan->planes[layer]; i++) {
            const uint32_t plane = plan->first[layer] + i;
            const float *const values = worker->planes + (size_t)plane * UXO_CHUNK_CELLS;
            if (!is_empty(values, plan->facts[layer].empty) &&
                !plan->sink->pack(plan->sink->user, layer, values, &chunk->plane[plane])) {
                return UXO_ERR_MEMORY;
            }
        }
    }
    return UXO_OK;
}

/* Units, then tiles. */
static uxo_status make_parts(const uxo_chunk_plan *plan, uxo_chunk_worker *worker, uint32_t chunk_x, uint32_t chunk_y,
                             uxo_chunk_check *check, bool *any)
{
    const uxo_grid *const grid = &plan->scenario->grid;
    if (plan->tile.samples && plan->tile.stride > 1) {
        UXO_TRY(make_units(plan, worker, chunk_x, chunk_y, any));
    }
    for (uint32_t i = 0; i < UXO_CHUNK_TILES * UXO_CHUNK_TILES; i++) {
        const uint32_t x = chunk_x * UXO_CHUNK_TILES + i % UXO_CHUNK_TILES;
        const uint32_t y = chunk_y * UXO_CHUNK_TILES + i / UXO_CHUNK_TILES;
        bool any_on_tile = false;
        if (x < grid->tiles_x && y < grid->tiles_y) {
            UXO_TRY(make_tile(plan, worker, x, y, check, &any_on_tile));
        }
        *any = *any || any_on_tile;
    }
    return UXO_OK;
}

uxo_status uxo_chunk_make(const uxo_chunk_plan *plan, uxo_chunk_worker *worker, uint32_t chunk_x, uint32_t chunk_y,
                          uxo_made_chunk **out)
{
    uxo_made_chunk *const chunk = calloc(1, sizeof *chunk);
    bool any = false;
    *out = chunk; /* whatever happens, it is the caller's */
    if (chunk == NULL) {
        return UXO_ERR_MEMORY;
    }
    worker->clean = false;
    if (plan->scenario->surface.given) {
        chunk->check.column = calloc(plan->outcome->columns, sizeof *chunk->check.column);
        if (chunk->check.column == NULL) {
            return UXO_ERR_MEMORY;
        }
    }
    UXO_TRY(make_parts(plan, worker, chunk_x, chunk_y, &chunk->check, &any));
    if (!any) {
        uxo_made_chunk_free(chunk, plan);
        *out = NULL;
        return UXO_OK;
    }
    chunk->plane = calloc(plan->plane_count + 1, sizeof *chunk->plane);
    return chunk->plane != NULL ? pack(plan, worker, chunk) : UXO_ERR_MEMORY;
}
