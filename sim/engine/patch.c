/* patch.c - see patch.h. */
#include "patch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Above this share of a load in one cell, what it takes from P(no dud) is computed exactly and not by its series. */
static const float SERIES_SHARE = 0.01f;

bool uxo_patch_init(uxo_patch *self, uint32_t columns, uint32_t rows, uint32_t block_rows, bool with_excess)
{
    memset(self, 0, sizeof *self);
    self->strips = (columns + UXO_STRIP - 1) / UXO_STRIP;
    self->bands = (rows + block_rows - 1) / block_rows;
    self->block_rows = block_rows;
    self->with_excess = with_excess;
    const size_t blocks = (size_t)self->strips * self->bands;
    self->slot = malloc(blocks * sizeof *self->slot);
    self->touched = malloc(blocks * sizeof *self->touched);
    if (self->slot == NULL || self->touched == NULL) {
        return false;
    }
    memset(self->slot, 0xFF, blocks * sizeof *self->slot);
    return true;
}

void uxo_patch_free(uxo_patch *self)
{
    free(self->slot);
    free(self->touched);
    free(self->value);
    free(self->excess);
    memset(self, 0, sizeof *self);
}

void uxo_patch_clear(uxo_patch *self)
{
    for (uint32_t i = 0; i < self->touched_count; i++) {
        self->slot[self->touched[i]] = UXO_PATCH_UNTOUCHED;
    }
    self->touched_count = 0;
}

/* Aligned, so that a row of a strip is one cache line. */
static float *grown(float *old, size_t used, size_t wanted)
{
    float *const new = aligned_alloc(64, wanted * sizeof *new);
    if (new != NULL && used > 0) {
        memcpy(new, old, used * sizeof *new);
    }
    return new;
}

static bool grow(uxo_patch *self)
{
    const uint32_t capacity = self->capacity == 0 ? 16 : 2 * self->capacity;
    const size_t used = self->capacity * uxo_patch_block_size(self), wanted = capacity * uxo_patch_block_size(self);
    float *const value = grown(self->value, used, wanted);
    float *const excess = self->with_excess ? grown(self->excess, used, wanted) : NULL;
    if (value == NULL || (self->with_excess && excess == NULL)) {
        free(value);
        free(excess);
        self->out_of_memory = true;
        return false;
    }
    free(self->value);
    free(self->excess);
    self->value = value;
    self->excess = excess;
    self->capacity = capacity;
    return true;
}

float *uxo_patch_touch(uxo_patch *self, uint32_t block)
{
    const size_t size = uxo_patch_block_size(self);
    if (self->slot[block] == UXO_PATCH_UNTOUCHED) {
        if (self->touched_count == self->capacity && !grow(self)) {
            return NULL;
        }
        const uint32_t slot = self->touched_count++;
        self->slot[block] = slot;
        self->touched[slot] = block;
        memset(self->value + slot * size, 0, size * sizeof *self->value);
        if (self->with_excess) {
            memset(self->excess + slot * size, 0, size * sizeof *self->excess);
        }
    }
    return self->value + self->slot[block] * size;
}

/* Rows of one block; `gaussian` is in the patch's own coordinates. */
static void add_to_block(uxo_patch *self, const uxo_field_kernels *kernels, const uxo_gaussian *gaussian, float load,
                         uint32_t block, float column, uint32_t first, uint32_t rows)
{
    float *const values = uxo_patch_touch(self, block);
    if (values == NULL) {
        return;
    }
    const size_t skipped = (size_t)(first % self->block_rows) * UXO_STRIP;
    float *const at = values + skipped;
    if (!self->with_excess || gaussian->weight < UXO_NEGLIGIBLE_SHARE * load) {
        kernels->add(gaussian, column, (float)first, rows, at, UXO_STRIP);
        return;
    }
    float *const excess = self->excess + self->slot[block] * uxo_patch_block_size(self) + skipped;
    if (gaussian->weight < SERIES_SHARE * load) {
        kernels->add_excess(gaussian, load, column, (float)first, rows, at, excess, UXO_STRIP);
        return;
    }
    float own[UXO_PATCH_MAX_ROWS * UXO_STRIP] = {0};
    const size_t count = (size_t)rows * UXO_STRIP;
    kernels->add(gaussian, column, (float)first, rows, own, UXO_STRIP);
    kernels->add_excess_of(own, load, excess, count);
    for (size_t i = 0; i < count; i++) {
        at[i] += own[i];
    }
}

static void add_directly(uxo_patch *self, const uxo_field_kernels *kernels, const uxo_placed_pattern *placed,
                         double column, double row)
{
    uxo_gaussian gaussian = placed->gaussian;
    gaussian.x = (float)(placed->x - column);
    gaussian.y = (float)(placed->y - row);
    const float left = gaussian.x - placed->extent.half_width, right = gaussian.x + placed->extent.half_width;
    const float width = (float)(self->strips * UXO_STRIP);
    const int rows = (int)(self->bands * self->block_rows);
    if (right < 0.0f || left > width) {
        return;
    }
    const uint32_t from = left > 0.0f ? (uint32_t)left / UXO_STRIP : 0;
    const uint32_t to = right < width - 1.0f ? (uint32_t)right / UXO_STRIP + 1 : self->strips;
    for (uint32_t strip = from; strip < to; strip++) {
        const float at = (float)(strip * UXO_STRIP);
        int first, last;
        if (!uxo_gaussian_rows(&gaussian, &placed->extent, at, &first, &last)) {
            continue;
        }
        first = first > 0 ? first : 0;
        last = last < rows - 1 ? last : rows - 1;
        while (first <= last) {
            const int band = first / (int)self->block_rows;
            const int end =
                (band + 1) * (int)self->block_rows - 1 < last ? (band + 1) * (int)self->block_rows - 1 : last;
            add_to_block(self, kernels, &gaussian, placed->load, (uint32_t)band * self->strips + strip, at,
                         (uint32_t)first, (uint32_t)(end - first + 1));
            first = end + 1;
        }
    }
}

/* Cells of a patch, ends included; empty where from > to. */
typedef struct cell_box {
    int left, right, top, bottom;
} cell_box;

/* Rows of cells of a patch that a gaussian was added up in. */
typedef struct cell_sums {
    cell_box box;
    int width;
    float *value; /* [rows][width] */
} cell_sums;

static cell_box box_of(const uxo_patch *self, const uxo_gaussian *gaussian, const uxo_gaussian_extent *extent,
                       float points)
{
    const float width = (float)(self->strips * UXO_STRIP), height = (float)(self->bands * self->block_rows);
    const float left = (gaussian->x - extent->half_width) / points, right = (gaussian->x + extent->half_width) / points;
    const float top = (gaussian->y - extent->half_height) / points;
    const float bottom = (gaussian->y + extent->half_height) / points;
    if (right < 0.0f || left >= width || bottom < 0.0f || top >= height) {
        return (cell_box){0, -1, 0, -1};
    }
    return (cell_box){(int)fmaxf(left, 0.0f), (int)fminf(right, width - 1.0f), (int)fmaxf(top, 0.0f),
                      (int)fminf(bottom, height - 1.0f)};
}

/* Adds a row of points of a strip to the cells they belong to. */
static void fold_points(const float *own, int points, int column, int end_column, float *cells, int left)
{
    int cell = column / points - left, within = column % points;
    const int lanes = end_column - column < UXO_STRIP ? end_column - column : UXO_STRIP;
    for (int lane = 0; lane < lanes; lane++) {
        cells[cell] += own[lane];
        within++;
        cell += within == points;
        within = within == points ? 0 : within;
    }
}

/* Adds points of one strip of the finer lattice to the cells they belong to: rows of a cell first, then columns. */
static void fold_strip(const uxo_gaussian *gaussian, const uxo_gaussian_extent *extent,
                       const uxo_field_kernels *kernels, int points, int column, const cell_sums *sums)
{
    const int end_column = (sums->box.right + 1) * points;
    int first, last;
    if (!uxo_gaussian_rows(gaussian, extent, (float)column, &first, &last)) {
        return;
    }
    const int top = first / points > sums->box.top ? first / points : sums->box.top;
    const int bottom = last / points < sums->box.bottom ? last / points : sums->box.bottom;
    for (int cell_row = top; cell_row <= bottom; cell_row++) {
        float sum[UXO_STRIP] = {0};
        for (int row = 0; row < points; row += UXO_PATCH_MAX_ROWS) {
            const int rows = points - row < UXO_PATCH_MAX_ROWS ? points - row : UXO_PATCH_MAX_ROWS;
            kernels->add(gaussian, (float)column, (float)(cell_row * points + row), (uint32_t)rows, sum, 0);
        }
        fold_points(sum, points, column, end_column, sums->value + (cell_row - sums->box.top) * sums->width,
                    sums->box.left);
    }
}

/* Adds what a row of cells got to the patch, strip by strip. */
static void add_row(uxo_patch *self, const uxo_field_kernels *kernels, float load, int row, const cell_sums *sums)
{
    const float *const from = sums->value + (row - sums->box.top) * sums->width;
    for (int strip = sums->box.left / UXO_STRIP; strip <= sums->box.right / UXO_STRIP; strip++) {
        const uint32_t block = (uint32_t)row / self->block_rows * self->strips + (uint32_t)strip;
        float own[UXO_STRIP] = {0};
        for (int lane = 0; lane < UXO_STRIP; lane++) {
            const int column = strip * UXO_STRIP + lane;
            own[lane] = column < sums->box.left || column > sums->box.right ? 0.0f : from[column - sums->box.left];
        }
        float *const values = uxo_patch_touch(self, block);
        if (values == NULL) {
            return;
        }
        const size_t skipped = (size_t)((uint32_t)row % self->block_rows) * UXO_STRIP;
        for (int lane = 0; lane < UXO_STRIP; lane++) {
            values[skipped + (size_t)lane] += own[lane];
        }
        if (self->with_excess) {
            float *const excess = self->excess + self->slot[block] * uxo_patch_block_size(self);
            kernels->add_excess_of(own, load, excess + skipped, UXO_STRIP);
        }
    }
}

static void add_by_points(uxo_patch *self, const uxo_field_kernels *kernels, const uxo_placed_pattern *placed,
                          double column, double row)
{
    const int points = (int)placed->points;
    uxo_gaussian gaussian = placed->gaussian;
    gaussian.x = (float)(placed->x - column * (double)points);
    gaussian.y = (float)(placed->y - row * (double)points);
    const cell_box box = box_of(self, &gaussian, &placed->extent, (float)points);
    if (box.left > box.right || box.top > box.bottom) {
        return;
    }
    cell_sums sums = {.box = box, .width = box.right - box.left + 1};
    sums.value = calloc((size_t)sums.width * (size_t)(box.bottom - box.top + 1), sizeof *sums.value);
    if (sums.value == NULL) {
        self->out_of_memory = true;
        return;
    }
    for (int from = box.left * points; from < (box.right + 1) * points; from += UXO_STRIP) {
        fold_strip(&gaussian, &placed->extent, kernels, points, from, &sums);
    }
    for (int i = box.top; i <= box.bottom; i++) {
        add_row(self, kernels, placed->load, i, &sums);
    }
    free(sums.value);
}

void uxo_patch_add(uxo_patch *self, const uxo_field_kernels *kernels, const uxo_placed_pattern *placed, double column,
                   double row)
{
    if (placed->kind == UXO_PLACED_OVAL) {
        uxo_patch_add_oval(self, kernels, placed, column, row);
    } else if (placed->points == 1) {
        add_directly(self, kernels, placed, column, row);
    } else {
        add_by_points(self, kernels, placed, column, row);
    }
}
