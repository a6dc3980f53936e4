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

/* Standard deviation along an axis, in sizes of the pattern's: of what lies evenly between two ellipses
 * sqrt(inner^2 + outer^2) / 2. */
static double sd_of_shape(const uxo_munition *munition)
{
    if (munition->shape == UXO_SHAPE_GAUSSIAN) {
        return 1.0;
    }
    const double width = munition->shape == UXO_SHAPE_RING ? small_size_m(&munition->pattern_width) : 0.0;
    return 0.5 * hypot(uxo_oval_inner(munition->shape, width), uxo_oval_outer(munition->shape, width));
}

double uxo_smallest_sd_m(const uxo_scenario *scenario)
{
    double smallest_m = INFINITY;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const uxo_mixture *const mixture = &scenario->strikes.item[i].mixture;
        for (uint32_t j = 0; j < mixture->count; j++) {
            const uxo_munition *const munition = &scenario->catalogue.item[mixture->munition[j]];
            const double size_m =
                fmin(small_size_m(&munition->pattern_along_m), small_size_m(&munition->pattern_across_m));
            smallest_m = fmin(smallest_m, sd_of_shape(munition) * size_m);
        }
    }
    return smallest_m;
}

uint32_t uxo_order_stride(const uxo_scenario *scenario)
{
    const double longest_per_sd = 1.0 / 3.0;
    const uint32_t largest =
        uxo_oval_occurs(scenario) || scenario->surface.given ? 1 : 16; /* nothing smooth can be laid through an edge */
    const double smallest_m = uxo_smallest_sd_m(scenario);
    uint32_t stride = 1;
    while (stride < largest && 2.0 * (double)stride * scenario->grid.cell_size_m <= longest_per_sd * smallest_m) {
        stride *= 2;
    }
    return stride;
}

uint32_t uxo_order_unit(uint32_t stride, uint32_t sampled)
{
    const uint32_t many = 2048; /* samples of a large unit of these take 45 MB a thread */
    return stride == 1 ? UXO_TILE : stride == 2 || sampled > many ? 2 * UXO_TILE : 4 * UXO_TILE;
}

/* Points to a side of a unit's lattice. */
static uint32_t side_of(const uxo_tile_plan *plan)
{
    return plan->stride > 1 ? plan->unit / plan->stride + 3 : plan->unit;
}

/* Rows of a block: as equal as may be. */
static uint32_t block_rows_of(const uxo_tile_plan *plan)
{
    const uint32_t about = 80; /* a unit of 67 rows is one block */
    const uint32_t side = side_of(plan);
    const uint32_t bands = plan->stride > 1 ? (side + about - 1) / about : UXO_TILE / UXO_TILE_BLOCK_ROWS;
    return (side + bands - 1) / bands;
}

static uint32_t strips_of(const uxo_tile_plan *plan)
{
    return (side_of(plan) + UXO_STRIP - 1) / UXO_STRIP;
}

static uint32_t blocks_of(const uxo_tile_plan *plan)
{
    const uint32_t rows = block_rows_of(plan);
    return strips_of(plan) * ((side_of(plan) + rows - 1) / rows);
}

/* Points of all blocks. */
static size_t points_of(const uxo_tile_plan *plan)
{
    return (size_t)blocks_of(plan) * block_rows_of(plan) * UXO_STRIP;
}

bool uxo_sample_state_init(uxo_sample_state *self, const uxo_tile_plan *plan)
{
    memset(self, 0, sizeof *self);
    self->blocks = blocks_of(plan);
    self->samples = calloc(self->blocks, sizeof *self->samples);
    self->exceeded = calloc(plan->threshold_count * points_of(plan) + 1, sizeof *self->exceeded);
    return self->samples != NULL && self->exceeded != NULL;
}

void uxo_sample_state_free(uxo_sample_state *self)
{
    for (uint32_t b = 0; self->samples != NULL && b < self->blocks; b++) {
        free(self->samples[b].value);
    }
    free(self->samples);
    free(self->exceeded);
    memset(self, 0, sizeof *self);
}

void uxo_sample_state_clear(uxo_sample_state *self, const uxo_tile_plan *plan)
{
    for (uint32_t b = 0; b < self->blocks; b++) {
        self->samples[b].count = 0;
    }
    memset(self->exceeded, 0, plan->threshold_count * points_of(plan) * sizeof *self->exceeded);
    self->any = false;
}

bool uxo_order_patch_init(uxo_patch *self, const uxo_tile_plan *plan)
{
    return uxo_patch_init(self, side_of(plan), side_of(plan), block_rows_of(plan), false);
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

void uxo_order_add(uxo_sample_state *self, const uxo_tile_plan *plan, const uxo_patch *patch, uint32_t realisation)
{
    const size_t size = uxo_patch_block_size(patch), points = points_of(plan);
    self->any = true;
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

void uxo_order_gather(uxo_sample_state *self, uxo_patch *patch, const uxo_tile_plan *plan,
                      const uxo_carrier_table *table, uint32_t unit_x, uint32_t unit_y)
{
    const double per_unit = (double)(plan->unit / plan->stride);
    const double column = (double)unit_x * per_unit - 1.0, row = (double)unit_y * per_unit - 1.0;
    for (uint32_t p = 0; p < table->part_count; p++) {
        const uxo_table_part *const part = &table->part[p];
        const size_t at = uxo_band_unit(&table->band, plan->unit / UXO_TILE, unit_x, unit_y);
        const size_t end = part->coarse_index.from[at + 1];
        for (size_t i = part->coarse_index.from[at]; i < end && !uxo_is_stopped(plan->stop); i++) {
            const uint32_t item = part->coarse_index.item[i];
            uxo_patch_add(patch, plan->kernels, &part->coarse[item], column, row);
            if (i + 1 == end || part->realisation[part->coarse_index.item[i + 1]] != part->realisation[item]) {
                uxo_order_add(self, plan, patch, part->realisation[item]);
                self->out_of_memory = self->out_of_memory || patch->out_of_memory;
                uxo_patch_clear(patch);
            }
        }
    }
}

/* One row of a block's samples, one behind the other: they are gone through many times. */
static void copy_row(const uxo_block_samples *samples, uint32_t rows, uint32_t row, float *out)
{
    for (size_t i = 0; i < samples->count; i++) {
        memcpy(out + i * UXO_STRIP, samples->value + (i * rows + row) * UXO_STRIP, UXO_STRIP * sizeof *out);
    }
}

/* Quantiles of one block: of `sampled` values all that are not here are 0. room: [sampled][UXO_STRIP]. */
static void block_quantiles(const uxo_block_samples *samples, const uxo_tile_plan *plan, uint32_t rows, float *room,
                            float *out, size_t plane)
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
        copy_row(samples, rows, row, room);
        plan->kernels->select(room, samples->count, UXO_STRIP, rank, count, found);
        for (uint32_t i = 0; i < count; i++) {
            memcpy(out + (first + i) * plane + (size_t)row * UXO_STRIP, found + (size_t)i * UXO_STRIP,
                   UXO_STRIP * sizeof *out);
        }
    }
}

/* Every plane of the lattice, by blocks. */
static void lattice_planes(const uxo_sample_state *self, const uxo_tile_plan *plan, float *room, float *out)
{
    const size_t points = points_of(plan);
    const uint32_t rows = block_rows_of(plan);
    const size_t size = (size_t)rows * UXO_STRIP;
    memset(out, 0, plan->quantile_count * points * sizeof *out);
    for (uint32_t block = 0; plan->quantile_count > 0 && block < self->blocks; block++) {
        block_quantiles(&self->samples[block], plan, rows, room, out + block * size, points);
    }
    float *const exceedance = out + plan->quantile_count * points;
    for (size_t i = 0; i < plan->threshold_count * points; i++) {
        exceedance[i] = (float)((double)self->exceeded[i] / (double)plan->realisations);
    }
}

/* Row-major copy of a plane that lies in blocks: [side][strips x UXO_STRIP]. */
static void unblock(const uxo_tile_plan *plan, const float *blocks, float *out)
{
    const uint32_t strips = strips_of(plan), rows = block_rows_of(plan), side = side_of(plan);
    for (uint32_t row = 0; row < side; row++) {
        for (uint32_t strip = 0; strip < strips; strip++) {
            const float *const from = blocks + ((size_t)(row / rows * strips + strip) * rows + row % rows) * UXO_STRIP;
            memcpy(out + ((size_t)row * strips + strip) * UXO_STRIP, from, UXO_STRIP * sizeof *from);
        }
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

/* A plane to be interpolated. */
typedef struct lattice_plane {
    const float *point; /* [side][pitch] */
    float *across;      /* [side][unit] scratch */
    uint32_t pitch;
    float most; /* no cell may have more */
} lattice_plane;

static void interpolate_rows(const uxo_tile_plan *plan, const lattice_plane *plane, const float weight[][4])
{
    const uint32_t stride = plan->stride;
    for (uint32_t row = 0; row < side_of(plan); row++) {
        for (uint32_t x = 0; x < plan->unit; x++) {
            const float *const from = plane->point + (size_t)row * plane->pitch + x / stride;
            const float *const w = weight[x % stride];
            plane->across[(size_t)row * plan->unit + x] =
                w[0] * from[0] + w[1] * from[1] + w[2] * from[2] + w[3] * from[3];
        }
    }
}

/* Between the points of the lattice; overshoot is cut. Where the two by two points around are all 0, so is the cell. */
static void interpolate(const uxo_tile_plan *plan, const lattice_plane *plane, float *out, size_t pitch)
{
    float weight[UXO_STRIP][4];
    const uint32_t stride = plan->stride, unit = plan->unit;
    for (uint32_t i = 0; i < stride; i++) {
        cubic_weights((float)i / (float)stride, weight[i]);
    }
    interpolate_rows(plan, plane, (const float(*)[4])weight);
    for (uint32_t y = 0; y < unit; y++) {
        const float *const w = weight[y % stride];
        const float *const rows = plane->across + (size_t)(y / stride) * unit;
        const float *const corner = plane->point + (size_t)(y / stride + 1) * plane->pitch + 1;
        for (uint32_t x = 0; x < unit; x++) {
            const float *const near = corner + x / stride;
            const bool nothing =
                near[0] == 0.0f && near[1] == 0.0f && near[plane->pitch] == 0.0f && near[plane->pitch + 1] == 0.0f;
            const float value = w[0] * rows[x] + w[1] * rows[unit + x] + w[2] * rows[2 * (size_t)unit + x] +
                                w[3] * rows[3 * (size_t)unit + x];
            out[y * pitch + x] = nothing || value < 0.0f ? 0.0f : value > plane->most ? plane->most : value;
        }
    }
}

/* Interpolation may put a higher quantile below a lower one by a trace. */
static void make_ascend(const uxo_tile_plan *plan, float *const *out, size_t pitch)
{
    for (uint32_t q = 1; q < plan->quantile_count; q++) {
        for (size_t y = 0; y < plan->unit; y++) {
            for (size_t at = y * pitch; at < y * pitch + plan->unit; at++) {
                out[q][at] = out[q][at] < out[q - 1][at] ? out[q - 1][at] : out[q][at];
            }
        }
    }
}

size_t uxo_order_scratch(const uxo_tile_plan *plan)
{
    const size_t side = side_of(plan), planes = plan->quantile_count + plan->threshold_count;
    const size_t one = side * strips_of(plan) * UXO_STRIP + side * plan->unit;
    const size_t samples = (size_t)plan->sampled * UXO_STRIP;
    return planes * points_of(plan) + (one > samples ? one : samples);
}

void uxo_order_planes(const uxo_sample_state *self, const uxo_tile_plan *plan, float *scratch, float *const *out,
                      size_t pitch)
{
    const size_t points = points_of(plan), planes = plan->quantile_count + plan->threshold_count;
    const uint32_t width = strips_of(plan) * UXO_STRIP;
    float *const rows = scratch + planes * points;
    lattice_planes(self, plan, rows, scratch);
    for (uint32_t i = 0; i < planes; i++) {
        const lattice_plane plane = {rows, rows + (size_t)side_of(plan) * width, width,
                                     i < plan->quantile_count ? INFINITY : 1.0f};
        unblock(plan, scratch + i * points, rows);
        if (plan->stride > 1) {
            interpolate(plan, &plane, out[i], pitch);
        } else {
            for (uint32_t y = 0; y < plan->unit; y++) {
                memcpy(out[i] + y * pitch, rows + (size_t)y * width, plan->unit * sizeof *rows);
            }
        }
    }
    make_ascend(plan, out, pitch);
}
