/* lines.c - lines as straight segments: their length, what of them lies on the grid. Not here: reading them (layers_lines.c). */
#include "uxosim/lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void uxo_lines_free(uxo_lines *self)
{
    free(self->segment);
    memset(self, 0, sizeof *self);
}

double uxo_segment_length_m(const uxo_segment *self)
{
    const double dx = self->x1_m - self->x0_m, dy = self->y1_m - self->y0_m;
    return sqrt(dx * dx + dy * dy);
}

double uxo_lines_length_m(const uxo_lines *self)
{
    double length = 0.0;
    for (size_t i = 0; i < self->count; i++) {
        length += uxo_segment_length_m(&self->segment[i]);
    }
    return length;
}

/* Part of a segment, by its parameter from 0 to 1. */
typedef struct part {
    double from, to;
} part;

/* Keeps of the part what satisfies start + t slope >= 0 (Liang and Barsky 1984). */
static void keep_half(part *self, double start, double slope)
{
    if (slope > 0.0) {
        self->from = fmax(self->from, -start / slope);
    } else if (slope < 0.0) {
        self->to = fmin(self->to, -start / slope);
    } else if (start < 0.0) {
        self->to = -1.0;
    }
}

void uxo_lines_clip(uxo_lines *self, const uxo_grid *grid)
{
    size_t kept = 0;
    for (size_t i = 0; i < self->count; i++) {
        const uxo_segment all = self->segment[i];
        const double dx = all.x1_m - all.x0_m, dy = all.y1_m - all.y0_m;
        part inside = {0.0, 1.0};
        keep_half(&inside, all.x0_m - grid->xmin_m, dx);
        keep_half(&inside, uxo_grid_xmax_m(grid) - all.x0_m, -dx);
        keep_half(&inside, all.y0_m - grid->ymin_m, dy);
        keep_half(&inside, uxo_grid_ymax_m(grid) - all.y0_m, -dy);
        if (inside.to > inside.from) {
            self->segment[kept++] = (uxo_segment){all.x0_m + inside.from * dx, all.y0_m + inside.from * dy,
                                                  all.x0_m + inside.to * dx, all.y0_m + inside.to * dy};
        }
    }
    self->count = kept;
}

/* Where a coordinate that goes from `low` by `change` next crosses a border of cells after t; above 1: nowhere. */
static double next_border(double low, double change, double origin, double cell, double t)
{
    if (!(fabs(change) > 0.0)) {
        return 2.0;
    }
    const double at = (low + t * change - origin) / cell, slack = 1e-9;
    const double border = change > 0.0 ? floor(at + slack) + 1.0 : ceil(at - slack) - 1.0;
    return (origin + border * cell - low) / change;
}

bool uxo_lines_cut(uxo_lines *self, const uxo_grid *grid)
{
    uxo_segment *pieces = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; i < self->count; i++) {
        const uxo_segment all = self->segment[i];
        const double dx = all.x1_m - all.x0_m, dy = all.y1_m - all.y0_m;
        const double least = 1e-6 * grid->cell_size_m / fmax(fabs(dx), fabs(dy)); /* goes on whatever rounding does */
        for (double t = 0.0; t < 1.0;) {
            double end = fmin(next_border(all.x0_m, dx, grid->xmin_m, grid->cell_size_m, t),
                              next_border(all.y0_m, dy, grid->ymin_m, grid->cell_size_m, t));
            end = fmin(fmax(end, t + least), 1.0);
            if (count == capacity) {
                capacity = capacity == 0 ? 64 : 2 * capacity;
                uxo_segment *const larger = realloc(pieces, capacity * sizeof *pieces);
                if (larger == NULL) {
                    free(pieces);
                    return false;
                }
                pieces = larger;
            }
            pieces[count++] =
                (uxo_segment){all.x0_m + t * dx, all.y0_m + t * dy, all.x0_m + end * dx, all.y0_m + end * dy};
            t = end;
        }
    }
    free(self->segment);
    *self = (uxo_lines){pieces, count};
    return true;
}
