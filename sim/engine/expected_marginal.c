/* expected_marginal.c - see expected_marginal.h.
 *
 * Strikes are independent of each other here, so their variances add and their chances of leaving nothing multiply:
 * ln P(no dud) = sum over strikes of -m + (M2' - m^2)/2, with M2' the mean of the square less that of single
 * submunitions.
 */
#include "expected_marginal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_ROWS = UXO_TILE, BLOCK_CELLS = BLOCK_ROWS * UXO_STRIP };

static uxo_placed_pattern placed(const uxo_grid *grid, const uxo_site *site, const uxo_marginal_term *term, double cut)
{
    const double h = grid->cell_size_m;
    const double cell = h * h / 12.0; /* the term holds it already, placing it adds it again */
    const uxo_covariance covariance = {term->xx - cell, term->xy, term->yy - cell};
    uxo_placed_pattern out =
        uxo_place_gaussian(grid, (uxo_lattice){1, 1}, site->x_m, site->y_m, covariance, term->amount / (h * h));
    out.gaussian.cut = (float)cut;
    out.extent = uxo_gaussian_extent_of(&out.gaussian);
    return out;
}

static uint32_t munitions_of(const uxo_scenario *scenario)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        count += scenario->strikes.item[i].mixture.count;
    }
    return count;
}

/* Takes over the terms of one strike; `used`: gaussians so far. */
static void take_strike(uxo_marginal_map *self, const uxo_scenario *scenario, uint32_t index,
                        const uxo_marginal *marginal, uint32_t *used, uint32_t *groups)
{
    const uxo_grid *const grid = &scenario->grid;
    const uxo_strike *const strike = &scenario->strikes.item[index];
    const uxo_site *const site = &scenario->strikes.site[strike->first_site];
    const uint32_t nodes = marginal->count / strike->mixture.count;
    uxo_marginal_strike out = {.first_group = *groups,
                               .groups = strike->mixture.count,
                               .certain = marginal->certain,
                               .mean_peak = marginal->mean_peak,
                               .mean_bound = marginal->mean_bound,
                               .probability_bound = marginal->probability_bound};
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        self->group[(*groups)++] = (uxo_marginal_group){*used + j * nodes, nodes, marginal->self_taken[j * nodes]};
    }
    for (uint32_t i = 0; i < marginal->count; i++) {
        const uint32_t at = (*used)++;
        self->mean[at] = placed(grid, site, &marginal->mean[i], UXO_FIELD_CUT);
        self->pairs[at] = placed(grid, site, &marginal->pairs[i], UXO_FIELD_WIDE_CUT);
        self->self[at] = placed(grid, site, &marginal->self[i], UXO_FIELD_WIDE_CUT);
        out.x = self->mean[at].x;
        out.y = self->mean[at].y;
        const uxo_placed_pattern *const three[] = {&self->mean[at], &self->pairs[at], &self->self[at]};
        for (int k = 0; k < 3; k++) {
            out.half_width = fmax(out.half_width, (double)three[k]->extent.half_width);
            out.half_height = fmax(out.half_height, (double)three[k]->extent.half_height);
        }
    }
    self->strike[index] = out;
}

void uxo_marginal_map_free(uxo_marginal_map *self)
{
    free(self->strike);
    free(self->group);
    free(self->mean);
    free(self->pairs);
    free(self->self);
    free(self->tile_from);
    free(self->tile_strike);
    memset(self, 0, sizeof *self);
}

/* Tiles along one axis that reach from `low` to `high` in cells; an empty range is first > last. */
static void tile_range(double low, double high, uint32_t tiles, uint32_t *first, uint32_t *last)
{
    const double from = floor(low / UXO_TILE), to = floor(high / UXO_TILE);
    *first = from > 0.0 ? (from < (double)tiles ? (uint32_t)from : tiles) : 0;
    *last = to < 0.0 ? 0 : to < (double)tiles ? (uint32_t)to : tiles - 1;
    if (to < 0.0) {
        *first = 1;
    }
}

/* Calls for every tile that a strike reaches: counts it, or writes the strike down. */
static void note_tiles(uxo_marginal_map *self, uint32_t index, size_t *end)
{
    const uxo_marginal_strike *const strike = &self->strike[index];
    uint32_t x0, x1, y0, y1;
    tile_range(strike->x - strike->half_width, strike->x + strike->half_width, self->tiles_x, &x0, &x1);
    tile_range(strike->y - strike->half_height, strike->y + strike->half_height, self->tiles_y, &y0, &y1);
    for (uint32_t y = y0; y <= y1; y++) {
        for (uint32_t x = x0; x <= x1; x++) {
            const size_t tile = (size_t)y * self->tiles_x + x;
            if (end == NULL) {
                self->tile_from[tile + 1]++;
            } else {
                self->tile_strike[end[tile]++] = index;
            }
        }
    }
}

static bool index_strikes(uxo_marginal_map *self, const uxo_grid *grid)
{
    const size_t tiles = uxo_grid_tile_count(grid);
    size_t *const end = malloc((tiles + 1) * sizeof *end);
    self->tiles_x = grid->tiles_x;
    self->tiles_y = grid->tiles_y;
    self->tile_from = calloc(tiles + 1, sizeof *self->tile_from);
    if (end == NULL || self->tile_from == NULL) {
        free(end);
        return false;
    }
    for (uint32_t i = 0; i < self->strike_count; i++) {
        note_tiles(self, i, NULL);
    }
    for (size_t tile = 0; tile < tiles; tile++) {
        self->tile_from[tile + 1] += self->tile_from[tile];
    }
    memcpy(end, self->tile_from, tiles * sizeof *end);
    self->tile_strike = malloc((self->tile_from[tiles] + 1) * sizeof *self->tile_strike);
    for (uint32_t i = 0; self->tile_strike != NULL && i < self->strike_count; i++) {
        note_tiles(self, i, end);
    }
    free(end);
    return self->tile_strike != NULL;
}

uxo_status uxo_marginal_map_make(uxo_marginal_map *self, const uxo_scenario *scenario, uxo_report *report)
{
    const size_t groups = munitions_of(scenario), terms = groups * UXO_MARGINAL_NODES;
    memset(self, 0, sizeof *self);
    self->strike_count = scenario->strikes.count;
    self->strike = calloc(scenario->strikes.count + 1, sizeof *self->strike);
    self->group = calloc(groups + 1, sizeof *self->group);
    self->mean = malloc((terms + 1) * sizeof *self->mean);
    self->pairs = malloc((terms + 1) * sizeof *self->pairs);
    self->self = malloc((terms + 1) * sizeof *self->self);
    uxo_marginal *const marginal = malloc(sizeof *marginal);
    if (self->strike == NULL || self->group == NULL || self->mean == NULL || self->pairs == NULL ||
        self->self == NULL || marginal == NULL) {
        free(marginal);
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %u strikes", scenario->strikes.count);
    }
    uxo_marginal_memory memory = {.like = NULL};
    uint32_t used = 0, group = 0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        uxo_marginal_of(scenario, &scenario->strikes.item[i], &memory, marginal);
        take_strike(self, scenario, i, marginal, &used, &group);
    }
    free(marginal);
    return index_strikes(self, &scenario->grid)
               ? UXO_OK
               : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %u strikes", scenario->strikes.count);
}

void uxo_marginal_map_bounds(const uxo_marginal_map *self, double *mean, double *probability)
{
    *mean = 0.0;
    *probability = 0.0;
    for (size_t tile = 0; tile < (size_t)self->tiles_x * self->tiles_y; tile++) {
        double of_mean = 0.0, of_probability = 0.0;
        for (size_t i = self->tile_from[tile]; i < self->tile_from[tile + 1]; i++) {
            const uxo_marginal_strike *const strike = &self->strike[self->tile_strike[i]];
            of_mean += strike->mean_peak * strike->mean_bound;
            of_probability += strike->probability_bound;
        }
        *mean = fmax(*mean, of_mean);
        *probability = fmax(*probability, of_probability);
    }
}

bool uxo_marginal_scratch_init(uxo_marginal_scratch *self)
{
    memset(self, 0, sizeof *self);
    bool complete = uxo_patch_init(&self->mean, UXO_TILE, UXO_TILE, BLOCK_ROWS, false);
    complete = uxo_patch_init(&self->pairs, UXO_TILE, UXO_TILE, BLOCK_ROWS, false) && complete;
    complete = uxo_patch_init(&self->self, UXO_TILE, UXO_TILE, BLOCK_ROWS, false) && complete;
    self->loss = calloc(UXO_TILE_CELLS, sizeof *self->loss);
    self->q = calloc(UXO_TILE_CELLS, sizeof *self->q);
    self->zero = calloc(UXO_TILE_CELLS, sizeof *self->zero);
    complete = complete && self->loss != NULL && self->q != NULL && self->zero != NULL;
    for (int i = 0; i < 3; i++) {
        self->sum[i] = calloc(UXO_TILE_CELLS, sizeof *self->sum[i]);
        self->unused[i] = calloc(UXO_TILE_CELLS, sizeof *self->unused[i]);
        complete = complete && self->sum[i] != NULL && self->unused[i] != NULL;
    }
    return complete;
}

void uxo_marginal_scratch_free(uxo_marginal_scratch *self)
{
    uxo_patch_free(&self->mean);
    uxo_patch_free(&self->pairs);
    uxo_patch_free(&self->self);
    free(self->loss);
    free(self->q);
    free(self->zero);
    for (int i = 0; i < 3; i++) {
        free(self->sum[i]);
        free(self->unused[i]);
    }
    memset(self, 0, sizeof *self);
}

/* variance += factor v, gain += share v over the touched blocks of a patch, which is cleared. */
static void fold_squares(uxo_marginal_scratch *scratch, uxo_patch *patch, bool certain, double share)
{
    for (uint32_t slot = 0; slot < patch->touched_count; slot++) {
        const float *const value = patch->value + (size_t)slot * BLOCK_CELLS;
        double *const variance = scratch->sum[1] + (size_t)patch->touched[slot] * BLOCK_CELLS;
        double *const gain = scratch->sum[2] + (size_t)patch->touched[slot] * BLOCK_CELLS;
        for (size_t c = 0; c < BLOCK_CELLS; c++) {
            variance[c] += certain ? 0.0 : (double)value[c];
            gain[c] += 0.5 * share * (double)value[c];
        }
    }
    uxo_patch_clear(patch);
}

static void fold_mean(uxo_marginal_scratch *scratch, uxo_patch *patch, bool certain)
{
    for (uint32_t slot = 0; slot < patch->touched_count; slot++) {
        const float *const value = patch->value + (size_t)slot * BLOCK_CELLS;
        const size_t at = (size_t)patch->touched[slot] * BLOCK_CELLS;
        for (size_t c = 0; c < BLOCK_CELLS; c++) {
            const double mean = (double)value[c];
            scratch->sum[0][at + c] += mean;
            scratch->sum[1][at + c] -= certain ? 0.0 : mean * mean;
            scratch->sum[2][at + c] -= 0.5 * mean * mean;
        }
    }
    uxo_patch_clear(patch);
}

static void add_strike(const uxo_marginal_map *self, const uxo_marginal_strike *strike,
                       const uxo_field_kernels *kernels, uxo_marginal_scratch *scratch, double column, double row)
{
    for (uint32_t g = 0; g < strike->groups; g++) {
        const uxo_marginal_group *const group = &self->group[strike->first_group + g];
        for (uint32_t i = group->first; i < group->first + group->count; i++) {
            uxo_patch_add(&scratch->mean, kernels, &self->mean[i], column, row);
            if (self->pairs[i].gaussian.weight > 0.0f) {
                uxo_patch_add(&scratch->pairs, kernels, &self->pairs[i], column, row);
            }
            uxo_patch_add(&scratch->self, kernels, &self->self[i], column, row);
        }
        fold_squares(scratch, &scratch->self, strike->certain, group->self_taken);
    }
    fold_squares(scratch, &scratch->pairs, strike->certain, 1.0);
    fold_mean(scratch, &scratch->mean, strike->certain);
}

/* P(at least one) of the tile from what was summed. */
static void finish(uxo_marginal_scratch *scratch, const uxo_field_kernels *kernels, uxo_tile_moments *out)
{
    const uint32_t strips = UXO_TILE / UXO_STRIP;
    const uxo_strip_sums sums = {scratch->unused[0], scratch->unused[1], scratch->q, scratch->unused[2]};
    for (size_t i = 0; i < UXO_TILE_CELLS; i++) {
        const double loss = scratch->sum[0][i] - scratch->sum[2][i];
        scratch->loss[i] = loss > 0.0 ? (float)loss : 0.0f;
        scratch->q[i] = 0.0f;
    }
    kernels->accumulate(scratch->loss, scratch->zero, scratch->zero, &sums, UXO_TILE_CELLS);
    for (uint32_t i = 0; i < UXO_TILE_CELLS; i++) {
        const uint32_t block = i / BLOCK_CELLS, inside = i % BLOCK_CELLS;
        const uint32_t row = block / strips * BLOCK_ROWS + inside / UXO_STRIP;
        const uint32_t cell = row * UXO_TILE + block % strips * UXO_STRIP + inside % UXO_STRIP;
        out->mean[cell] = scratch->sum[0][i];
        out->variance[cell] = scratch->sum[1][i] > 0.0 ? scratch->sum[1][i] : 0.0;
        out->q[cell] = (double)scratch->q[i];
        out->q_variance[cell] = 0.0;
    }
}

bool uxo_marginal_tile(const uxo_marginal_map *self, const uxo_field_kernels *kernels, uxo_marginal_scratch *scratch,
                       uint32_t tile_x, uint32_t tile_y, uxo_tile_moments *out)
{
    const size_t tile = (size_t)tile_y * self->tiles_x + tile_x;
    if (self->tile_from[tile] == self->tile_from[tile + 1]) {
        return false;
    }
    for (int k = 0; k < 3; k++) {
        memset(scratch->sum[k], 0, UXO_TILE_CELLS * sizeof *scratch->sum[k]);
    }
    for (size_t i = self->tile_from[tile]; i < self->tile_from[tile + 1]; i++) {
        add_strike(self, &self->strike[self->tile_strike[i]], kernels, scratch, (double)tile_x * UXO_TILE,
                   (double)tile_y * UXO_TILE);
    }
    finish(scratch, kernels, out);
    return true;
}
