/* report_shapes.c - outlines of districts, and sets of zones with their tables; outlines as whole steps from the grid's lower left corner. Not here: well-known binary (wkb.c). */
#include <math.h>
#include <stdlib.h>

#include "districts.h"
#include "districts_json.h"
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
static uxo_status write_shape(report_page *self, const char *zones, const uxo_district_table *table, uint32_t row,
                              double step_m)
{
    wkb_shape shape;
    if (!wkb_read(&shape, uxo_result_geometry(self->result, zones, row))) {
        return uxo_fail(self->report, UXO_ERR_DATA, NULL, "the outline of %s '%s' cannot be read",
                        districts_noun(table), table->name[row]);
    }
    json_open(&self->json, NULL, '[');
    for (size_t i = 0; i < shape.count; i++) {
        write_ring(self, &shape.ring[i], step_m);
    }
    json_close(&self->json, ']');
    wkb_free(&shape);
    return UXO_OK;
}

/* A metre is less than a screen shows; of a fine grid, a tenth of a cell. */
static double step_of(report_page *self)
{
    return fmin(1.0, uxo_result_grid(self->result)->cell_size_m / 10.0);
}

static uxo_status write_shapes(report_page *self, const char *zones, const uxo_district_table *table)
{
    json_open(&self->json, "shapes", '[');
    for (uint32_t i = 0; i + DISTRICTS_SPECIAL_ROWS < table->rows; i++) {
        UXO_TRY(write_shape(self, zones, table, i, step_of(self)));
    }
    json_close(&self->json, ']');
    return UXO_OK;
}

uxo_status report_write_shapes(report_page *self)
{
    json_number(&self->json, "shape_step_m", step_of(self));
    return write_shapes(self, NULL, self->table);
}

void report_write_rows(report_page *self, const uxo_district_table *table)
{
    json_output *const json = &self->json;
    districts_json_columns(json, table, false);
    json_open(json, "rows", '[');
    for (uint32_t i = 0; i < table->rows; i++) {
        json_open_inline(json, NULL, '{');
        districts_json_row(json, table, i, false);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static uxo_status write_set(report_page *self, const char *zones)
{
    uxo_district_table table;
    UXO_TRY(uxo_result_read_zones(self->result, zones, &table, self->report));
    json_open(&self->json, NULL, '{');
    districts_json_zones(&self->json, zones);
    report_write_rows(self, &table);
    const uxo_status status = write_shapes(self, zones, &table);
    json_close(&self->json, '}');
    uxo_district_table_free(&table);
    return status;
}

uxo_status report_write_zones(report_page *self)
{
    json_open(&self->json, "zones", '[');
    for (size_t i = 0; i < uxo_result_zone_count(self->result); i++) {
        const char *const id = uxo_result_zone_id(self->result, i);
        if (id == NULL) {
            return uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
        }
        UXO_TRY(write_set(self, id));
    }
    json_close(&self->json, ']');
    return UXO_OK;
}
