/* expected_means.c - see expected_means.h. */
#include "expected_means.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "expected_planes.h"

/* A tile of the grid; its cells that lie on the grid, from its north-west corner. */
typedef struct tile_at {
    size_t tile;
    uint32_t columns, rows;
} tile_at;

static uint32_t cells_on_grid(uint32_t cells, uint32_t tile)
{
    const uint32_t left = cells - tile * UXO_TILE;
    return left < UXO_TILE ? left : UXO_TILE;
}

/* `tile` within the chunk, row by row; it lies on the grid. */
static tile_at locate(const uxo_grid *grid, uint32_t chunk_x, uint32_t chunk_y, uint32_t tile)
{
    const uint32_t x = chunk_x * UXO_CHUNK_TILES + tile % UXO_CHUNK_TILES;
    const uint32_t y = chunk_y * UXO_CHUNK_TILES + tile / UXO_CHUNK_TILES;
    return (tile_at){(size_t)y * grid->tiles_x + x, cells_on_grid(grid->nx, x), cells_on_grid(grid->ny, y)};
}

void uxo_chunk_means_free(uxo_chunk_means *self)
{
    free(self->column);
    free(self->sample);
    for (uint32_t i = 0; i < UXO_TILES_OF_CHUNK; i++) {
        free(self->kept[i]);
    }
    memset(self, 0, sizeof *self);
}

static void add_to_column(const uxo_chunk_plan *plan, size_t tile, uint32_t cell, double mean, double *column)
{
    const uxo_districts *const districts = &plan->scenario->districts;
    const uint16_t district = districts->count > 0 ? uxo_area_map_at(&districts->map, tile, cell) : UXO_NO_DISTRICT;
    column[district == UXO_NO_DISTRICT ? districts->count : district] += mean;
}

static void take_tile(uxo_chunk_means *self, const uxo_chunk_plan *plan, const tile_at *at, const double *mean,
                      float *kept)
{
    for (uint32_t cell = 0; cell < at->rows * UXO_TILE; cell++) {
        if (cell % UXO_TILE < at->columns) {
            self->total += mean[cell];
            if (self->column != NULL) {
                add_to_column(plan, at->tile, cell, mean[cell], self->column);
            }
            if (kept != NULL) {
                kept[cell] = (float)mean[cell];
            }
        }
    }
}

static void take_samples(double *sample, const double *mean, const double *variance)
{
    for (uint32_t cell = 0; cell < UXO_TILE_CELLS; cell++) {
        if (uxo_is_sample_cell(cell)) {
            sample[uxo_sample_index(cell)] = mean[cell];
        }
    }
    memcpy(sample + UXO_SAMPLE_CELLS, variance, UXO_SAMPLE_CELLS * sizeof *variance);
}

static bool make_room(uxo_chunk_means *self, const uxo_chunk_plan *plan)
{
    const bool with_columns = plan->scenario->surface.given;
    self->column = with_columns ? calloc(plan->outcome->columns, sizeof *self->column) : NULL;
    self->sample = malloc((size_t)UXO_TILES_OF_CHUNK * 2 * UXO_SAMPLE_CELLS * sizeof *self->sample);
    return self->sample != NULL && (self->column != NULL || !with_columns);
}

/* Tile by tile, so that the order of the pieces cannot be seen in the sums. */
bool uxo_chunk_means_take(uxo_chunk_means *self, const uxo_chunk_plan *plan, const uxo_open_chunk *chunk)
{
    memset(self, 0, sizeof *self);
    bool complete = make_room(self, plan);
    for (uint32_t i = 0; complete && i < UXO_TILES_OF_CHUNK; i++) {
        if (!chunk->with_moments[i]) {
            continue;
        }
        const tile_at at = locate(&plan->scenario->grid, chunk->x, chunk->y, i);
        const double *const mean = chunk->mean + (size_t)i * UXO_TILE_CELLS;
        self->tiles |= (uint16_t)(1u << i);
        self->kept[i] = plan->keeps_means ? calloc(UXO_TILE_CELLS, sizeof *self->kept[i]) : NULL;
        complete = self->kept[i] != NULL || !plan->keeps_means;
        take_samples(self->sample + (size_t)i * 2 * UXO_SAMPLE_CELLS, mean,
                     chunk->variance + (size_t)i * UXO_SAMPLE_CELLS);
        take_tile(self, plan, &at, mean, self->kept[i]);
    }
    return complete;
}

/* Points of the sample cells against what the map expects there. Given the draws they are sums of independent trials
 * with a variance of at most their mean; a closed form knows only the spread over all draws. */
static void check_cells(const uxo_chunk_plan *plan, const double *sample, const tile_at *at, uxo_map_check *check)
{
    const double enough = 20.0;    /* points, or realisations' worth of them, for z to be about normal */
    const double tolerance = 2e-3; /* of what is expected: cells and lattices, see docs/model.md */
    const double bound = uxo_map_check_bound(plan->closed_form);
    const double n = (double)plan->outcome->realisations;
    for (uint32_t cell = 0; cell < at->rows * UXO_TILE; cell++) {
        if (!uxo_is_sample_cell(cell) || cell % UXO_TILE >= at->columns) {
            continue;
        }
        const uint32_t index = uxo_sample_index(cell);
        const double points = (double)plan->outcome->sample_count[at->tile * UXO_SAMPLE_CELLS + index];
        const double mean = sample[index];
        const double variance = mean + (plan->closed_form ? sample[UXO_SAMPLE_CELLS + index] : 0.0);
        if (!(mean > 0.0) || n * mean * mean < enough * variance) {
            continue;
        }
        const double distance = fmax(0.0, fabs(points - n * mean) - tolerance * n * mean);
        const double z = distance / sqrt(n * variance);
        check->cells++;
        check->squares += z * z;
        check->largest = fmax(check->largest, z);
        check->beyond += z > bound;
    }
}

void uxo_chunk_means_add(uxo_chunk_means *self, const uxo_chunk_plan *plan, uint32_t chunk_x, uint32_t chunk_y,
                         uxo_outcome *outcome)
{
    const uint32_t tiles = self->tiles;
    uxo_map_check check = {.cells = 0};
    for (uint32_t i = 0; i < UXO_TILES_OF_CHUNK; i++) {
        if ((tiles >> i & 1u) == 0) {
            continue;
        }
        const tile_at at = locate(&plan->scenario->grid, chunk_x, chunk_y, i);
        check_cells(plan, self->sample + (size_t)i * 2 * UXO_SAMPLE_CELLS, &at, &check);
        if (plan->mean != NULL) {
            plan->mean[at.tile] = self->kept[i];
            self->kept[i] = NULL;
        }
    }
    outcome->map_total += self->total;
    for (uint32_t c = 0; self->column != NULL && c < outcome->columns; c++) {
        outcome->map_column[c] += self->column[c];
    }
    outcome->map_check.cells += check.cells;
    outcome->map_check.squares += check.squares;
    outcome->map_check.largest = fmax(outcome->map_check.largest, check.largest);
    outcome->map_check.beyond += check.beyond;
}
