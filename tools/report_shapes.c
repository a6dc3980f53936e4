/* report_shapes.c - outlines of districts as whole steps from the grid's lower left corner. Not here: well-known binary (wkb.c). */
#include <math.h>
#include <stdlib.h>

#include "report.h"
#include "wkb.h"

/* [x, y, x, y, ...]; a point that falls on the one before it goes. */
static void write_ring(report_page *self, const wkb_ring *ring, double step_m)
{
    const uxo_grid *const grid = uxo_result_grid(self->result);
    double last_x = NAN, last_y = NAN;
    json_open_inline(&self->json, NULL, '[');
    for (size_t i = 0; i < ring->count; i++) {
        const double x = floor((ring->xy[i][0] - grid->xmin_m) / step_m + 0.5);
        const double y = floor((ring->xy[i][1] - grid->ymin_m) / step_m + 0.5);
        if (!(x >= last_x && x <= last_x && y >= last_y && y <= last_y)) {
            json_number(&self->json, NULL, x);
            json_number(&self->json, NULL, y);
        }
        last_x = x;
        last_y = y;
    }
    json_close(&self->json, ']');
}

/* A list of rings; empty for a row without an outline. */
static uxo_status write_shape(report_page *self, uint32_t row, double step_m)
{
    wkb_shape shape;
    if (!wkb_read(&shape, uxo_result_geometry(self->result, NULL, row))) {
        return uxo_fail(self->report, UXO_ERR_DATA, NULL, "the outline of district '%s' cannot be read",
                        self->table->name[row]);
    }
    json_open(&self->json, NULL, '[');
    for (size_t i = 0; i < shape.count; i++) {
        write_ring(self, &shape.ring[i], step_m);
    }
    json_close(&self->json, ']');
    wkb_free(&shape);
    return UXO_OK;
}

uxo_status report_write_shapes(report_page *self)
{
    /* A metre is less than a screen shows; of a fine grid, a tenth of a cell. */
    const double step_m = fmin(1.0, uxo_result_grid(self->result)->cell_size_m / 10.0);
    json_number(&self->json, "shape_step_m", step_m);
    json_open(&self->json, "shapes", '[');
    for (uint32_t i = 0; i + 3 < self->table->rows; i++) {
        UXO_TRY(write_shape(self, i, step_m));
    }
    json_close(&self->json, ']');
    return UXO_OK;
}
