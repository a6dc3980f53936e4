/* figures_map_places.c - what lies on a map: edges and names of districts; on internal ones reported strikes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figures_private.h"
#include "report.h"
#include "wkb.h"

enum { MOST_LABELS = 200, SPECIAL_ROWS = 3, MOST_CROSSINGS = 256 };

static void trace(canvas *page, const map_frame *frame, const wkb_shape *shape)
{
    for (size_t r = 0; r < shape->count; r++) {
        for (size_t i = 0; i < shape->ring[r].count; i++) {
            const double x = map_frame_x(frame, shape->ring[r].xy[i][0]);
            const double y = map_frame_y(frame, shape->ring[r].xy[i][1]);
            if (i == 0) {
                page->lib->cairo_move_to(page->cairo, x, y);
            } else {
                page->lib->cairo_line_to(page->cairo, x, y);
            }
        }
        page->lib->cairo_close_path(page->cairo);
    }
}

/* A dark line in a pale one shows on light and dark classes. */
static void draw_edge(canvas *page, const map_frame *frame, const wkb_shape *shape)
{
    page->lib->cairo_set_line_join(page->cairo, CAIRO_LINE_JOIN_ROUND);
    trace(page, frame, shape);
    canvas_colour(page, COLOURS_PAPER);
    page->lib->cairo_set_line_width(page->cairo, 1.8);
    page->lib->cairo_stroke_preserve(page->cairo);
    canvas_colour(page, COLOURS_QUIET);
    page->lib->cairo_set_line_width(page->cairo, 0.8);
    page->lib->cairo_stroke(page->cairo);
}

static void extent_y(const wkb_shape *shape, double *least, double *most)
{
    *least = INFINITY;
    *most = -INFINITY;
    for (size_t r = 0; r < shape->count; r++) {
        for (size_t i = 0; i < shape->ring[r].count; i++) {
            *least = fmin(*least, shape->ring[r].xy[i][1]);
            *most = fmax(*most, shape->ring[r].xy[i][1]);
        }
    }
}

static int ascending(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* Where the horizontal line y enters and leaves the polygon; sorted. */
static size_t crossings(const wkb_shape *shape, double y, double x[MOST_CROSSINGS])
{
    size_t count = 0;
    for (size_t r = 0; r < shape->count; r++) {
        const wkb_ring *const ring = &shape->ring[r];
        for (size_t i = 0; i + 1 < ring->count && count < MOST_CROSSINGS; i++) {
            const double *const a = ring->xy[i];
            const double *const b = ring->xy[i + 1];
            if ((a[1] <= y) != (b[1] <= y)) {
                x[count++] = a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
            }
        }
    }
    qsort(x, count, sizeof *x, ascending);
    return count;
}

/* A place for the name: the middle of the widest stretch inside, on a few horizontal lines, the middle ones preferred. */
static bool label_place(const wkb_shape *shape, double *x_m, double *y_m, double *width_m)
{
    static const double heights[] = {0.5, 0.45, 0.55, 0.38, 0.62, 0.3, 0.7};
    double least = 0.0;
    double most = 0.0;
    double best = 0.0;
    extent_y(shape, &least, &most);
    for (size_t k = 0; k < sizeof heights / sizeof *heights; k++) {
        double x[MOST_CROSSINGS];
        const double y = least + heights[k] * (most - least);
        const size_t count = crossings(shape, y, x);
        for (size_t i = 0; i + 1 < count; i += 2) {
            const double gain = (x[i + 1] - x[i]) * (1.0 - fabs(heights[k] - 0.5));
            if (gain > best) {
                best = gain;
                *x_m = (x[i] + x[i + 1]) / 2.0;
                *y_m = y;
                *width_m = x[i + 1] - x[i];
            }
        }
    }
    return best > 0.0;
}

typedef struct rectangle {
    double x0, y0, x1, y1;
} rectangle;

typedef struct labels {
    rectangle item[MOST_LABELS];
    size_t count;
} labels;

static bool is_free(const labels *self, const rectangle *place)
{
    for (size_t i = 0; i < self->count; i++) {
        const rectangle *const other = &self->item[i];
        if (place->x0 < other->x1 && other->x0 < place->x1 && place->y0 < other->y1 && other->y0 < place->y1) {
            return false;
        }
    }
    return self->count < MOST_LABELS;
}

/* Names that would lie on another, or leave the map, are left out. */
static void draw_name(canvas *page, const map_frame *frame, const wkb_shape *shape, const char *name, labels *taken)
{
    canvas_style style = {.size = 6.5, .halo = true, .align = CANVAS_CENTRE, .rgb = COLOURS_INK};
    double x_m = 0.0;
    double y_m = 0.0;
    double width_m = 0.0;
    double width = 0.0;
    double height = 0.0;
    if (!label_place(shape, &x_m, &y_m, &width_m)) {
        return;
    }
    style.width = fmax(width_m / (frame->grid->cell_size_m * frame->grid->nx) * frame->width, 60.0);
    canvas_measure(page, name, &style, &width, &height);
    const double x = map_frame_x(frame, x_m);
    const double y = map_frame_y(frame, y_m);
    const double half = fmin(width, style.width) / 2.0;
    const rectangle place = {x - half, y - height / 2.0, x + half, y + height / 2.0};
    if (place.x0 >= frame->x && place.x1 <= frame->x + frame->width && place.y0 >= frame->y &&
        place.y1 <= frame->y + frame->height && is_free(taken, &place)) {
        taken->item[taken->count++] = place;
        canvas_text(page, x, place.y0, name, &style);
    }
}

static uxo_status draw_district(canvas *page, const map_frame *frame, const figures_source *source, uint32_t row,
                                labels *taken, uxo_report *report)
{
    wkb_shape shape;
    if (!wkb_read(&shape, uxo_result_geometry(source->result, NULL, row))) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "the outline of district '%s' cannot be read",
                        source->table.name[row]);
    }
    if (taken == NULL) {
        draw_edge(page, frame, &shape);
    } else if (shape.count > 0) {
        draw_name(page, frame, &shape, source->table.name[row], taken);
    }
    wkb_free(&shape);
    return UXO_OK;
}

uxo_status figures_map_districts(canvas *page, const map_frame *frame, const figures_source *source, uxo_report *report)
{
    uxo_status status = UXO_OK;
    labels taken = {.count = 0};
    uint32_t *order = NULL;
    const size_t count = figures_order(source, UXO_COLUMN_DUDS_MEAN, UXO_COLUMN_AREA_HA, MOST_LABELS, &order);
    page->lib->cairo_save(page->cairo);
    page->lib->cairo_rectangle(page->cairo, frame->x, frame->y, frame->width, frame->height);
    page->lib->cairo_clip(page->cairo);
    for (uint32_t row = 0; row + SPECIAL_ROWS < source->table.rows && status == UXO_OK; row++) {
        status = draw_district(page, frame, source, row, NULL, report);
    }
    page->lib->cairo_restore(page->cairo);
    for (size_t i = 0; i < count && status == UXO_OK; i++) {
        status = draw_district(page, frame, source, order[i], &taken, report);
    }
    free(order);
    return status;
}

void figures_strike_sign(canvas *page, double x, double y, double radius)
{
    page->lib->cairo_new_path(page->cairo); /* else a line would lead here from the text before */
    page->lib->cairo_arc(page->cairo, x, y, radius, 0.0, 6.28318530717958647692);
    canvas_colour(page, COLOURS_PAPER);
    page->lib->cairo_set_line_width(page->cairo, 1.8);
    page->lib->cairo_stroke_preserve(page->cairo);
    canvas_colour(page, COLOURS_INK);
    page->lib->cairo_set_line_width(page->cairo, 0.7);
    page->lib->cairo_stroke(page->cairo);
    canvas_line(page, x - 3, y - 3, x + 3, y + 3, 2.0, COLOURS_PAPER);
    canvas_line(page, x - 3, y + 3, x + 3, y - 3, 2.0, COLOURS_PAPER);
    canvas_line(page, x - 3, y - 3, x + 3, y + 3, 1.0, COLOURS_INK);
    canvas_line(page, x - 3, y + 3, x + 3, y - 3, 1.0, COLOURS_INK);
}

void figures_map_strikes(canvas *page, const map_frame *frame, const figures_source *source)
{
    size_t count = 0;
    size_t more = 0;
    const double *const x_m = uxo_result_numbers(source->result, "/strikes/site_x", &count);
    const double *const y_m = uxo_result_numbers(source->result, "/strikes/site_y", &more);
    const char *const *const error = uxo_result_strings(source->result, "/strikes/site_location_error", &more);
    const double points_per_m = frame->width / (frame->grid->cell_size_m * frame->grid->nx);
    page->lib->cairo_save(page->cairo);
    page->lib->cairo_rectangle(page->cairo, frame->x, frame->y, frame->width, frame->height);
    page->lib->cairo_clip(page->cairo);
    for (size_t i = 0; x_m != NULL && y_m != NULL && error != NULL && i < count; i++) {
        const double radius_m = report_location_radius_m(error[i]);
        figures_strike_sign(page, map_frame_x(frame, x_m[i]), map_frame_y(frame, y_m[i]),
                            isnan(radius_m) ? 0.0 : radius_m * points_per_m);
    }
    page->lib->cairo_restore(page->cairo);
}
