/* patch_oval.c - ovals and rings added to a patch. Their strips are worked on some at a time, so that what is known of a
 * row is worked out for all of them at once. */
#include "patch.h"

enum { GROUP = 8 };

/* Neighbouring strips of a patch that an oval meets. */
typedef struct strip_group {
    uxo_oval_strip strip[GROUP];
    uint32_t index[GROUP]; /* of the strip in the patch */
    uint32_t count;
    int first, last; /* rows of the patch that any of them meets */
} strip_group;

/* Rows row ... row + count - 1 of the patch, which are in one block of each strip. */
typedef struct row_range {
    int row, count;
} row_range;

static void add_block(uxo_patch *self, const uxo_field_kernels *kernels, const uxo_oval_strip *strip,
                      const uxo_oval_rows *rows, row_range range, uint32_t index, float load)
{
    const int first = strip->first > range.row ? strip->first : range.row;
    const int end = strip->last + 1 < range.row + range.count ? strip->last + 1 : range.row + range.count;
    const uint32_t block = (uint32_t)range.row / self->block_rows * self->strips + index;
    float own[UXO_PATCH_MAX_ROWS * UXO_STRIP];
    float *const values = first < end ? uxo_patch_touch(self, block) : NULL;
    if (values == NULL) {
        return;
    }
    const size_t skipped = (size_t)((uint32_t)first % self->block_rows) * UXO_STRIP;
    const size_t count = (size_t)(end - first) * UXO_STRIP;
    uxo_oval_fill(strip, rows, (uint32_t)(first - range.row), (uint32_t)(end - first), own);
    for (size_t i = 0; i < count; i++) {
        values[skipped + i] += own[i];
    }
    if (self->with_excess && strip->full >= UXO_NEGLIGIBLE_SHARE * load) {
        float *const excess = self->excess + self->slot[block] * uxo_patch_block_size(self);
        kernels->add_excess_of(own, load, excess + skipped, count);
    }
}

static void add_group(uxo_patch *self, const uxo_field_kernels *kernels, const uxo_placed_pattern *placed, double y,
                      const strip_group *group)
{
    const int block_rows = (int)self->block_rows;
    uxo_oval_rows rows;
    for (int row = group->first; row <= group->last;) {
        const int end = (row / block_rows + 1) * block_rows;
        const row_range range = {row, (end <= group->last ? end : group->last + 1) - row};
        uxo_oval_rows_of(&placed->oval, y, row, (uint32_t)range.count, &rows);
        for (uint32_t i = 0; i < group->count; i++) {
            add_block(self, kernels, &group->strip[i], &rows, range, group->index[i], placed->load);
        }
        row = end;
    }
}

/* Fills a group from strip `from` on; returns the strip after the last one that was looked at. */
static uint32_t take_group(const uxo_patch *self, const uxo_oval *oval, double x, double y, uint32_t from, uint32_t to,
                           strip_group *group)
{
    const int rows = (int)(self->bands * self->block_rows);
    group->count = 0;
    group->first = rows;
    group->last = -1;
    for (; from < to && group->count < GROUP; from++) {
        uxo_oval_strip *const strip = &group->strip[group->count];
        if (uxo_oval_strip_of(oval, x, y, (double)(from * UXO_STRIP), strip) && strip->last >= 0 &&
            strip->first < rows) {
            group->index[group->count++] = from;
            group->first = strip->first < group->first ? strip->first : group->first;
            group->last = strip->last > group->last ? strip->last : group->last;
        }
    }
    group->first = group->first > 0 ? group->first : 0;
    group->last = group->last < rows - 1 ? group->last : rows - 1;
    return from;
}

void uxo_patch_add_oval(uxo_patch *self, const uxo_field_kernels *kernels, const uxo_placed_pattern *placed,
                        double column, double row)
{
    const double x = placed->x - column, y = placed->y - row, half_width = (double)placed->extent.half_width;
    const double left = (x - half_width) / UXO_STRIP, right = (x + half_width + 1.0) / UXO_STRIP;
    strip_group group;
    if (right < 0.0 || left >= (double)self->strips) {
        return;
    }
    const uint32_t to = right < (double)self->strips ? (uint32_t)right + 1 : self->strips;
    uint32_t next = left > 0.0 ? (uint32_t)left : 0;
    while (next < to && next < self->strips) {
        next = take_group(self, &placed->oval, x, y, next, to < self->strips ? to : self->strips, &group);
        add_group(self, kernels, placed, y, &group);
    }
}
