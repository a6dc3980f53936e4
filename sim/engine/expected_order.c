/* expected_order.c - see expected_order.h. */
#include "expected_order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of a size that is a distribution, what it falls below once in a hundred draws. */
static double small_size_m(const uxo_quantity *size)
{
    return uxo_quantity_quantile(size, 0.01);
}

double uxo_smallest_sd_m(const uxo_scenario *scenario)
{
    double smallest_m = INFINITY;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const uxo_mixture *const mixture = &scenario->strikes.item[i].mixture;
        for (uint32_t j = 0; j < mixture->count; j++) {
            const uxo_munition *const munition = &scenario->catalogue.item[mixture->munition[j]];
            smallest_m = fmin(smallest_m, fmin(small_size_m(&munition->pattern_along_m),
                                               small_size_m(&munition->pattern_across_m)));
        }
    }
    return smallest_m;
}

uint32_t uxo_order_stride(const uxo_scenario *scenario)
{
    const double longest_per_sd = 1.0 / 3.0;
    const uint32_t largest = 16;
    const double smallest_m = uxo_smallest_sd_m(scenario);
    uint32_t stride = 1;
    while (stride < largest && 2.0 * (double)stride * scenario->grid.cell_size_m <= longest_per_sd * smallest_m) {
        stride *= 2;
    }
    return stride;
}

uint32_t uxo_order_side(const uxo_tile_plan *plan)
{
    return plan->stride > 1 ? UXO_TILE / plan->stride + 3 : UXO_TILE;
}

uint32_t uxo_order_block_rows(const uxo_tile_plan *plan)
{
    return plan->stride > 1 ? uxo_order_side(plan) : UXO_TILE / 4;
}

static uint32_t strips_of(const uxo_tile_plan *plan)
{
    return (uxo_order_side(plan) + UXO_STRIP - 1) / UXO_STRIP;
}

uint32_t uxo_order_blocks(const uxo_tile_plan *plan)
{
    const uint32_t rows = uxo_order_block_rows(plan);
    return strips_of(plan) * ((uxo_order_side(plan) + rows - 1) / rows);
}

size_t uxo_order_points(const uxo_tile_plan *plan)
{
    return (size_t)uxo_order_blocks(plan) * uxo_order_block_rows(plan) * UXO_STRIP;
}

static bool keep(uxo_block_samples *self, const float *value, size_t size)
{
    if (self->count == self->capacity) {
        const uint32_t capacity = self->capacity == 0 ? 64 : 2 * self->capacity;
        float *const grown = realloc(self->value, capacity * size * sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        self->value = grown;
        self->capacity = capacity;
    }
    memcpy(self->value + self->count++ * size, value, size * sizeof *value);
    return true;
}

void uxo_order_add(uxo_tile_state *self, const uxo_tile_plan *plan, const uxo_patch *patch, uint32_t realisation)
{
    const size_t size = uxo_patch_block_size(patch), points = uxo_order_points(plan);
    for (uint32_t slot = 0; slot < patch->touched_count; slot++) {
        const uint32_t block = patch->touched[slot];
        const float *const value = patch->value + slot * size;
        for (uint32_t t = 0; t < plan->threshold_count; t++) {
            uint32_t *const exceeded = self->exceeded + t * points + block * size;
            for (size_t i = 0; i < size; i++) {
                exceeded[i] += value[i] > plan->threshold[t];
            }
        }
        if (plan->quantile_count > 0 && realisation < plan->sampled && !keep(&self->samples[block], value, size)) {
            self->out_of_memory = true;
        }
    }
}

/* Quantiles of one block: of `sampled` values all that are not here are 0. */
static void block_quantiles(const uxo_block_samples *samples, const uxo_tile_plan *plan, uint32_t rows, float *out,
                            size_t plane)
{
    const uint32_t zeros = plan->sampled - samples->count;
    uint32_t first = 0; /* quantiles before this one are 0 */
    while (first < plan->quantile_count && plan->rank[first] <= zeros) {
        first++;
    }
    const uint32_t count = plan->quantile_count - first;
    if (count == 0) {
        return;
    }
    uint32_t rank[UXO_MAX_PLANES];
    float found[UXO_MAX_PLANES * UXO_STRIP];
    for (uint32_t i = 0; i < count; i++) {
        rank[i] = plan->rank[first + i] - zeros;
    }
    for (uint32_t row = 0; row < rows; row++) {
        plan->kernels->select(samples->value + (size_t)row * UXO_STRIP, samples->count, (size_t)rows * UXO_STRIP, rank,
                              count, found);
        for (uint32_t i = 0; i < count; i++) {
            memcpy(out + (first + i) * plane + (size_t)row * UXO_STRIP, found + (size_t)i * UXO_STRIP,
                   UXO_STRIP * sizeof *out);
        }
    }
}

/* Every plane of the lattice, by blocks. */
static void lattice_planes(const uxo_tile_state *self, const uxo_tile_plan *plan, float *out)
{
    const size_t points = uxo_order_points(plan);
    const uint32_t rows = uxo_order_block_rows(plan);
    const size_t size = (size_t)rows * UXO_STRIP;
    memset(out, 0, plan->quantile_count * points * sizeof *out);
    for (uint32_t block = 0; plan->quantile_count > 0 && block < self->sample_blocks; block++) {
        block_quantiles(&self->samples[block], plan, rows, out + block * size, points);
    }
    float *const exceedance = out + plan->quantile_count * points;
    for (size_t i = 0; i < plan->threshold_count * points; i++) {
        exceedance[i] = (float)((double)self->exceeded[i] / (double)plan->realisations);
    }
}

/* Lagrange's weights of four points at -1, 0, 1, 2 for a place t in [0, 1). */
static void cubic_weights(float t, float weight[4])
{
    weight[0] = -t * (t - 1.0f) * (t - 2.0f) * (1.0f / 6.0f);
    weight[1] = (t + 1.0f) * (t - 1.0f) * (t - 2.0f) * 0.5f;
    weight[2] = -(t + 1.0f) * t * (t - 2.0f) * 0.5f;
    weight[3] = (t + 1.0f) * t * (t - 1.0f) * (1.0f / 6.0f);
}

/* Row-major copy of a plane that lies in blocks: [side][strips x UXO_STRIP]. */
static void unblock(const uxo_tile_plan *plan, const float *blocks, float *rows_out)
{
    const uint32_t strips = strips_of(plan), rows = uxo_order_block_rows(plan), side = uxo_order_side(plan);
    for (uint32_t row = 0; row < side; row++) {
        for (uint32_t strip = 0; strip < strips; strip++) {
            const float *const from =
                blocks + ((size_t)(row / rows * strips + strip) * rows + row % rows) * UXO_STRIP;
            memcpy(rows_out + ((size_t)row * strips + strip) * UXO_STRIP, from, UXO_STRIP * sizeof *from);
        }
    }
}

/* Between the points of the lattice; overshoot below 0 and above `most` is cut. Where the two by two points around are
 * all 0, so is the cell. */
static void interpolate(const uxo_tile_plan *plan, const float *lattice, float most, float *out)
{
    enum { LARGEST_SIDE = UXO_TILE / 2 + 3 };
    const uint32_t pitch = strips_of(plan) * UXO_STRIP, stride = plan->stride;
    float across[LARGEST_SIDE][UXO_TILE];
    const uint32_t side = uxo_order_side(plan);
    float weight[UXO_STRIP][4];
    for (uint32_t i = 0; i < stride; i++) {
        cubic_weights((float)i / (float)stride, weight[i]);
    }
    for (uint32_t row = 0; row < side; row++) {
        for (uint32_t x = 0; x < UXO_TILE; x++) {
            const float *const from = lattice + (size_t)row * pitch + x / stride;
            const float *const w = weight[x % stride];
            across[row][x] = w[0] * from[0] + w[1] * from[1] + w[2] * from[2] + w[3] * from[3];
        }
    }
    for (uint32_t y = 0; y < UXO_TILE; y++) {
        const float *const w = weight[y % stride];
        const uint32_t j = y / stride;
        for (uint32_t x = 0; x < UXO_TILE; x++) {
            const float *const near = lattice + (size_t)(j + 1) * pitch + x / stride + 1;
            const bool nothing = near[0] == 0.0f && near[1] == 0.0f && near[pitch] == 0.0f && near[pitch + 1] == 0.0f;
            const float value =
                w[0] * across[j][x] + w[1] * across[j + 1][x] + w[2] * across[j + 2][x] + w[3] * across[j + 3][x];
            out[y * UXO_TILE + x] = nothing || value < 0.0f ? 0.0f : value > most ? most : value;
        }
    }
}

/* Interpolation may put a higher quantile below a lower one by a trace. */
static void make_ascend(float *planes, uint32_t count)
{
    for (uint32_t q = 1; q < count; q++) {
        const float *const before = planes + (size_t)(q - 1) * UXO_TILE_CELLS;
        float *const here = planes + (size_t)q * UXO_TILE_CELLS;
        for (size_t c = 0; c < UXO_TILE_CELLS; c++) {
            here[c] = here[c] < before[c] ? before[c] : here[c];
        }
    }
}

void uxo_tile_order_of(const uxo_tile_state *self, uxo_tile_scratch *scratch, const uxo_tile_plan *plan, float *out)
{
    enum { LARGEST_LATTICE = UXO_TILE * UXO_TILE };
    const size_t points = uxo_order_points(plan);
    float rows[LARGEST_LATTICE];
    lattice_planes(self, plan, scratch->lattice_value);
    for (uint32_t plane = 0; plane < plan->quantile_count + plan->threshold_count; plane++) {
        float *const to = out + (size_t)plane * UXO_TILE_CELLS;
        unblock(plan, scratch->lattice_value + plane * points, rows);
        if (plan->stride > 1) {
            interpolate(plan, rows, plane < plan->quantile_count ? INFINITY : 1.0f, to);
        } else {
            memcpy(to, rows, sizeof rows);
        }
    }
    make_ascend(out, plan->quantile_count);
}
