/* expected_planes.c - see expected_planes.h. */
#include "expected_planes.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "outcome.h"

/* Those that are a function of a tile's moments; the others are of its samples. */
static const uxo_layer MOMENT_LAYERS[] = {UXO_LAYER_DUD_DENSITY,        UXO_LAYER_DUD_PROBABILITY,
                                          UXO_LAYER_DUD_DENSITY_SD,     UXO_LAYER_DUD_DENSITY_SE,
                                          UXO_LAYER_DUD_PROBABILITY_SE, UXO_LAYER_ACCIDENT_DENSITY};
enum { MOMENT_LAYER_COUNT = sizeof MOMENT_LAYERS / sizeof MOMENT_LAYERS[0] };

bool uxo_open_chunk_init(uxo_open_chunk *self, const uxo_chunk_plan *plan)
{
    memset(self, 0, sizeof *self);
    self->planes = malloc(((size_t)plan->plane_count * UXO_CHUNK_CELLS + 1) * sizeof *self->planes);
    self->mean = malloc(UXO_CHUNK_CELLS * sizeof *self->mean);
    self->variance = malloc((size_t)UXO_TILES_OF_CHUNK * UXO_SAMPLE_CELLS * sizeof *self->variance);
    return self->planes != NULL && self->mean != NULL && self->variance != NULL;
}

void uxo_open_chunk_free(uxo_open_chunk *self)
{
    free(self->planes);
    free(self->mean);
    free(self->variance);
    memset(self, 0, sizeof *self);
}

void uxo_open_chunk_begin(uxo_open_chunk *self, uint32_t chunk_x, uint32_t chunk_y)
{
    self->x = chunk_x;
    self->y = chunk_y;
    memset(self->with_moments, 0, sizeof self->with_moments);
    memset(self->with_samples, 0, sizeof self->with_samples);
}

void uxo_made_chunk_free(uxo_made_chunk *self, const uxo_chunk_plan *plan)
{
    for (uint32_t i = 0; self != NULL && self->plane != NULL && i < plan->plane_count; i++) {
        free(self->plane[i].bytes);
    }
    if (self != NULL) {
        free(self->plane);
        uxo_chunk_means_free(&self->means);
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

/* Values of a layer that is a function of the moments. tile: of the grid. */
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

/* North-west cell of a part of a plane, so many parts to a side. */
static size_t corner_of(uint32_t part, uint32_t per_side)
{
    const uint32_t side = UXO_CHUNK / per_side;
    return (size_t)(part / per_side) * side * UXO_CHUNK + part % per_side * side;
}

static void place(float *plane, uint32_t tile, const float *values)
{
    float *const corner = plane + corner_of(tile, UXO_CHUNK_TILES);
    for (uint32_t row = 0; row < UXO_TILE; row++) {
        memcpy(corner + (size_t)row * UXO_CHUNK, values + (size_t)row * UXO_TILE, UXO_TILE * sizeof *values);
    }
}

void uxo_open_chunk_moments(uxo_open_chunk *self, const uxo_chunk_plan *plan, uint32_t tile,
                            const uxo_tile_moments *moments)
{
    const size_t on_grid = (size_t)(self->y * UXO_CHUNK_TILES + tile / UXO_CHUNK_TILES) * plan->scenario->grid.tiles_x +
                           self->x * UXO_CHUNK_TILES + tile % UXO_CHUNK_TILES;
    float values[UXO_TILE_CELLS];
    for (size_t i = 0; i < MOMENT_LAYER_COUNT; i++) {
        const uxo_layer layer = MOMENT_LAYERS[i];
        if (plan->planes[layer] > 0) {
            moment_values(plan, layer, moments, on_grid, values);
            place(self->planes + (size_t)plan->first[layer] * UXO_CHUNK_CELLS, tile, values);
        }
    }
    memcpy(self->mean + (size_t)tile * UXO_TILE_CELLS, moments->mean, sizeof moments->mean);
    for (uint32_t cell = 0; cell < UXO_TILE_CELLS; cell++) {
        if (uxo_is_sample_cell(cell)) {
            self->variance[tile * UXO_SAMPLE_CELLS + uxo_sample_index(cell)] = moments->variance[cell];
        }
    }
    self->with_moments[tile] = true;
}

void uxo_open_chunk_order(uxo_open_chunk *self, const uxo_chunk_plan *plan, uint32_t unit,
                          const uxo_sample_state *samples, float *scratch)
{
    const float per_ha = (float)(1.0 / uxo_grid_cell_ha(&plan->scenario->grid));
    const uint32_t quantiles = plan->tile.quantile_count;
    float *out[2 * UXO_MAX_PLANES];
    for (uint32_t i = 0; i < quantiles + plan->tile.threshold_count; i++) {
        const uint32_t plane = i < quantiles ? plan->first[UXO_LAYER_DUD_DENSITY_QUANTILE] + i
                                             : plan->first[UXO_LAYER_EXCEEDANCE_PROBABILITY] + i - quantiles;
        out[i] = self->planes + (size_t)plane * UXO_CHUNK_CELLS + corner_of(unit, UXO_CHUNK / plan->tile.unit);
    }
    uxo_order_planes(samples, &plan->tile, scratch, out, UXO_CHUNK);
    for (uint32_t i = 0; i < quantiles; i++) {
        for (uint32_t row = 0; row < plan->tile.unit; row++) {
            for (uint32_t column = 0; column < plan->tile.unit; column++) {
                out[i][row * UXO_CHUNK + column] *= per_ha;
            }
        }
    }
    self->with_samples[unit] = true;
}

/* What no piece has put anything into. */
static void fill_part(float *plane, uint32_t part, uint32_t per_side, float empty)
{
    float *const corner = plane + corner_of(part, per_side);
    for (uint32_t row = 0; row < UXO_CHUNK / per_side; row++) {
        for (uint32_t column = 0; column < UXO_CHUNK / per_side; column++) {
            corner[(size_t)row * UXO_CHUNK + column] = empty;
        }
    }
}

static bool is_of_moments(uxo_layer layer)
{
    bool found = false;
    for (size_t i = 0; i < MOMENT_LAYER_COUNT; i++) {
        found = found || MOMENT_LAYERS[i] == layer;
    }
    return found;
}

static void fill_plane(const uxo_open_chunk *self, const uxo_chunk_plan *plan, uxo_layer layer, float *values)
{
    const bool of_moments = is_of_moments(layer);
    const uint32_t per_side = of_moments ? UXO_CHUNK_TILES : UXO_CHUNK / plan->tile.unit;
    for (uint32_t part = 0; part < per_side * per_side; part++) {
        if (!(of_moments ? self->with_moments[part] : self->with_samples[part])) {
            fill_part(values, part, per_side, plan->facts[layer].empty);
        }
    }
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

/* false: out of memory. */
static bool pack_plane(const uxo_open_chunk *self, const uxo_chunk_plan *plan, uxo_layer layer, uint32_t plane,
                       uxo_packed *out)
{
    float *const values = self->planes + (size_t)plane * UXO_CHUNK_CELLS;
    fill_plane(self, plan, layer, values);
    return is_empty(values, plan->facts[layer].empty) || plan->sink->pack(plan->sink->user, layer, values, out);
}

/* Each plane is a task: where no other chunk is left to be worked on, idle threads take them. */
static bool pack(const uxo_open_chunk *self, const uxo_chunk_plan *plan, uxo_made_chunk *chunk)
{
    bool complete = true;
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_DUD_CONTAINMENT; layer++) {
        for (uint32_t i = 0; i < plan->planes[layer]; i++) {
            const uint32_t plane = plan->first[layer] + i;
#pragma omp task default(none) firstprivate(self, plan, chunk, layer, plane) shared(complete)
            if (!pack_plane(self, plan, layer, plane, &chunk->plane[plane])) {
#pragma omp atomic write
                complete = false;
            }
        }
    }
#pragma omp taskwait
    return complete;
}

static bool has_any(const uxo_open_chunk *self)
{
    bool any = false;
    for (uint32_t i = 0; i < UXO_TILES_OF_CHUNK; i++) {
        any = any || self->with_moments[i] || self->with_samples[i];
    }
    return any;
}

uxo_status uxo_open_chunk_close(const uxo_open_chunk *self, const uxo_chunk_plan *plan, uxo_made_chunk **out)
{
    *out = NULL;
    if (!has_any(self)) {
        return UXO_OK;
    }
    uxo_made_chunk *const chunk = calloc(1, sizeof *chunk);
    *out = chunk;
    if (chunk == NULL) {
        return UXO_ERR_MEMORY;
    }
    chunk->plane = calloc(plan->plane_count + 1, sizeof *chunk->plane);
    if (chunk->plane == NULL || !pack(self, plan, chunk)) {
        return UXO_ERR_MEMORY;
    }
    return uxo_chunk_means_take(&chunk->means, plan, self) ? UXO_OK : UXO_ERR_MEMORY;
}
