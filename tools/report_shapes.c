/* report_shapes.c - outlines of districts as whole steps from the grid's lower left corner, read from well-known binary without GDAL. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

enum { WKB_POLYGON = 3, WKB_MULTI_POLYGON = 6 };

/* Well-known binary in hexadecimal on its way. Little-endian without Z, as the file has it. */
typedef struct wkb_reader {
    const char *next;
    bool failed;
    double xmin_m, ymin_m, step_m;
} wkb_reader;

static int digit_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

static uint64_t read_bytes(wkb_reader *self, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count && !self->failed; i++) {
        const int high = digit_of(self->next[0]);
        const int low = high >= 0 ? digit_of(self->next[1]) : -1;
        self->failed = low < 0;
        value |= low < 0 ? 0 : (uint64_t)(unsigned)(high * 16 + low) << 8 * i;
        self->next += low < 0 ? 0 : 2;
    }
    return value;
}

static double read_double(wkb_reader *self)
{
    const uint64_t bits = read_bytes(self, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Kind of the geometry that begins here. */
static uint64_t read_kind(wkb_reader *self)
{
    self->failed = self->failed || read_bytes(self, 1) != 1;
    return read_bytes(self, 4);
}

/* [x, y, x, y, ...]; a point that falls on the one before it goes. */
static void write_ring(report_page *page, wkb_reader *self)
{
    const uint64_t points = read_bytes(self, 4);
    double last_x = NAN, last_y = NAN;
    json_open_inline(&page->json, NULL, '[');
    for (uint64_t i = 0; i < points && !self->failed; i++) {
        const double x = floor((read_double(self) - self->xmin_m) / self->step_m + 0.5);
        const double y = floor((read_double(self) - self->ymin_m) / self->step_m + 0.5);
        if (!self->failed && !(x >= last_x && x <= last_x && y >= last_y && y <= last_y)) {
            json_number(&page->json, NULL, x);
            json_number(&page->json, NULL, y);
        }
        last_x = x;
        last_y = y;
    }
    json_close(&page->json, ']');
}

static void write_polygon(report_page *page, wkb_reader *self)
{
    const uint64_t rings = read_bytes(self, 4);
    json_open(&page->json, NULL, '[');
    for (uint64_t i = 0; i < rings && !self->failed; i++) {
        write_ring(page, self);
    }
    json_close(&page->json, ']');
}

/* A list of polygons, each a list of rings; empty for a row without an outline. */
static void write_shape(report_page *page, wkb_reader *self)
{
    json_open(&page->json, NULL, '[');
    const uint64_t kind = self->next[0] != '\0' ? read_kind(self) : 0;
    if (kind == WKB_POLYGON) {
        write_polygon(page, self);
    } else if (kind == WKB_MULTI_POLYGON) {
        const uint64_t polygons = read_bytes(self, 4);
        for (uint64_t i = 0; i < polygons && !self->failed; i++) {
            self->failed = read_kind(self) != WKB_POLYGON || self->failed;
            write_polygon(page, self);
        }
    } else {
        self->failed = self->failed || kind != 0;
    }
    json_close(&page->json, ']');
}

uxo_status report_write_shapes(report_page *page)
{
    const uxo_grid *const grid = uxo_result_grid(page->result);
    /* A metre is less than a screen shows; of a fine grid, a tenth of a cell. */
    wkb_reader reader = {.xmin_m = grid->xmin_m, .ymin_m = grid->ymin_m, .step_m = fmin(1.0, grid->cell_size_m / 10.0)};
    json_number(&page->json, "shape_step_m", reader.step_m);
    json_open(&page->json, "shapes", '[');
    for (uint32_t i = 0; i + 3 < page->table->rows; i++) {
        reader.next = uxo_result_geometry(page->result, NULL, i);
        write_shape(page, &reader);
        if (reader.failed) {
            return uxo_fail(page->report, UXO_ERR_DATA, NULL, "the outline of district '%s' cannot be read",
                            page->table->name[i]);
        }
    }
    json_close(&page->json, ']');
    return UXO_OK;
}
