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
