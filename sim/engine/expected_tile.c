/* expected_tile.c - sums over realisations of one tile. Quantiles and exceedance are in expected_order.c. */
#include "expected_tile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "expected_order.h"

enum { BLOCK_ROWS = UXO_TILE_BLOCK_ROWS, BLOCK_CELLS = BLOCK_ROWS * UXO_STRIP, BLOCKS = UXO_TILE_CELLS / BLOCK_CELLS };
/* Realisations that are summed as floats before they go into doubles: rounding stays below 32 x 2^-24. */
enum { PARTIAL = 32 };

bool uxo_tile_bench_init(uxo_tile_bench *self, const uxo_tile_plan *plan)
{
    const bool patch = uxo_patch_init(&self->cells, UXO_TILE, UXO_TILE, BLOCK_ROWS, plan->moments);
    return uxo_surface_field_init(&self->surface, plan->scenario) && patch;
}

void uxo_tile_bench_free(uxo_tile_bench *self)
{
    uxo_patch_free(&self->cells);
    uxo_surface_field_free(&self->surface);
}

bool uxo_tile_state_init(uxo_tile_state *self, const uxo_tile_plan *plan)
{
    memset(self, 0, sizeof *self);
    if (!plan->moments) {
        return true;
    }
    self->shift = calloc(UXO_TILE_CELLS, sizeof *self->shift);
    self->accidents = plan->accidents ? calloc(UXO_TILE_CELLS, sizeof *self->accidents) : NULL;
    bool complete = self->shift != NULL && (!plan->accidents || self->accidents != NULL);
    for (int i = 0; i < 4; i++) {
        self->partial[i] = calloc(UXO_TILE_CELLS, sizeof *self->partial[i]);
        self->sum[i] = calloc(UXO_TILE_CELLS, sizeof *self->sum[i]);
        complete = complete && self->partial[i] != NULL && self->sum[i] != NULL;
    }
    return complete;
}

void uxo_tile_state_free(uxo_tile_state *self)
{
    free(self->shift);
    free(self->accidents);
    for (int i = 0; i < 4; i++) {
        free(self->partial[i]);
        free(self->sum[i]);
    }
    memset(self, 0, sizeof *self);
}

void uxo_tile_state_clear(uxo_tile_state *self, const uxo_tile_plan *plan)
{
    for (int i = 0; plan->moments && i < 4; i++) {
        memset(self->partial[i], 0, UXO_TILE_CELLS * sizeof *self->partial[i]);
        memset(self->sum[i], 0, UXO_TILE_CELLS * sizeof *self->sum[i]);
    }
    if (self->accidents != NULL) {
        memset(self->accidents, 0, UXO_TILE_CELLS * sizeof *self->accidents);
    }
    memset(self->touched, 0, sizeof self->touched);
    memset(self->in_partial, 0, sizeof self->in_partial);
    self->any = false;
}

static void flush_partial(uxo_tile_state *self, uint32_t block)
{
    for (int i = 0; i < 4; i++) {
        float *const partial = self->partial[i] + block * BLOCK_CELLS;
        double *const sum = self->sum[i] + block * BLOCK_CELLS;
        for (size_t c = 0; c < BLOCK_CELLS; c++) {
            sum[c] += (double)partial[c];
            partial[c] = 0.0f;
        }
    }
    self->in_partial[block] = 0;
}

/* The first values of a block become what later ones are measured from. */
static void add_moments(uxo_tile_state *self, const uxo_tile_plan *plan, const uxo_patch *cells)
{
    for (uint32_t slot = 0; slot < cells->touched_count; slot++) {
        const uint32_t block = cells->touched[slot];
        const size_t at = (size_t)block * BLOCK_CELLS;
        const float *const value = cells->value + (size_t)slot * BLOCK_CELLS;
        if (self->touched[block]++ == 0) {
            memcpy(self->shift + at, value, BLOCK_CELLS * sizeof *value);
        }
        const uxo_strip_sums sums = {self->partial[0] + at, self->partial[1] + at, self->partial[2] + at,
                                     self->partial[3] + at};
        plan->kernels->accumulate(value, cells->excess + (size_t)slot * BLOCK_CELLS, self->shift + at, &sums,
                                  BLOCK_CELLS);
        if (++self->in_partial[block] == PARTIAL) {
            flush_partial(self, block);
        }
    }
}

/* One carrier of the table. */
static void add_carrier(uxo_tile_bench *self, const uxo_tile_plan *plan, const uxo_table_part *part, uint32_t item,
                        double column, double row)
{
    if (part->source == NULL) {
        uxo_patch_add(&self->cells, plan->kernels, &part->fine[item], column, row);
        return;
    }
    const double *const campaign =
        plan->outcome->campaign + (size_t)part->realisation[item] * plan->scenario->campaign_count;
    uxo_surface_field_add(&self->surface, plan->kernels, &self->cells, &part->fine[item], &part->source[item], campaign,
                          column, row);
}

void uxo_tile_gather(uxo_tile_state *self, uxo_sample_state *samples, uxo_tile_bench *bench, const uxo_tile_plan *plan,
                     const uxo_carrier_table *table, uint32_t tile_x, uint32_t tile_y)
{
    uxo_patch *const patch = &bench->cells;
    const size_t tile = uxo_band_tile(&table->band, tile_x, tile_y);
    const double column = (double)tile_x * UXO_TILE, row = (double)tile_y * UXO_TILE;
    if (plan->scenario->surface.given) {
        uxo_surface_field_turn(&bench->surface, (size_t)tile_y * plan->scenario->grid.tiles_x + tile_x,
                               &plan->outcome->chance, self->accidents);
    }
    for (uint32_t p = 0; p < table->part_count; p++) {
        const uxo_table_part *const part = &table->part[p];
        const size_t end = part->fine_index.from[tile + 1];
        for (size_t i = part->fine_index.from[tile]; i < end && !uxo_is_stopped(plan->stop); i++) {
            const uint32_t item = part->fine_index.item[i];
            add_carrier(bench, plan, part, item, column, row);
            if (i + 1 < end && part->realisation[part->fine_index.item[i + 1]] == part->realisation[item]) {
                continue;
            }
            self->any = true;
            if (plan->moments) {
                add_moments(self, plan, patch);
            }
            if (plan->visit != NULL) {
                plan->visit(plan->visit_user, patch, part->realisation[item]);
            }
            if (samples != NULL) {
                uxo_order_add(samples, plan, patch, part->realisation[item]);
            }
            self->out_of_memory = self->out_of_memory || patch->out_of_memory;
            uxo_patch_clear(patch);
        }
    }
}

/* From sums about a shift to mean and variance; realisations that did not touch the block had 0. */
static void moments_of_cell(const uxo_tile_state *self, const uxo_tile_plan *plan, uint32_t block, size_t at,
                            double out[4])
{
    const double n = (double)plan->realisations;
    const double missed = n - (double)self->touched[block];
    const double shift = (double)self->shift[at];
    const double d = self->sum[0][at] - missed * shift;
    const double dd = self->sum[1][at] + missed * shift * shift;
    const double q = self->sum[2][at], qq = self->sum[3][at];
    const double spread = dd - d * d / n, q_spread = qq - q * q / n;
    out[0] = shift + d / n;
    out[1] = n < 2.0 ? NAN : spread > 0.0 ? spread / (n - 1.0) : 0.0;
    out[2] = q / n;
    out[3] = n < 2.0 ? NAN : q_spread > 0.0 ? q_spread / (n - 1.0) : 0.0;
}

void uxo_tile_moments_of(uxo_tile_state *self, const uxo_tile_plan *plan, uxo_tile_moments *out)
{
    for (uint32_t block = 0; block < BLOCKS; block++) {
        const uint32_t strips = UXO_TILE / UXO_STRIP;
        const uint32_t first = block / strips * BLOCK_ROWS * UXO_TILE + block % strips * UXO_STRIP;
        flush_partial(self, block);
        for (uint32_t c = 0; c < BLOCK_CELLS; c++) {
            const uint32_t cell = first + c / UXO_STRIP * UXO_TILE + c % UXO_STRIP;
            double moments[4] = {0.0, 0.0, 0.0, 0.0};
            if (self->touched[block] > 0) {
                moments_of_cell(self, plan, block, (size_t)block * BLOCK_CELLS + c, moments);
            }
            /* Rounding of a sum about a shift may leave a trace where every value was 0. */
            const bool any = moments[2] > 0.0;
            out->mean[cell] = any && moments[0] > 0.0 ? moments[0] : 0.0;
            out->variance[cell] = any ? moments[1] : 0.0;
            if (self->accidents != NULL) {
                out->accidents[cell] =
                    any ? self->accidents[(size_t)block * BLOCK_CELLS + c] / (double)plan->realisations : 0.0;
            }
            out->q[cell] = moments[2];
            out->q_variance[cell] = moments[3];
        }
    }
}
