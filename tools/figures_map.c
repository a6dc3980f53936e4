/* figures_map.c - maps: cells in their classes, contours of containment. Not here: what stands around and on them
 * (figures_map_legend.c, figures_map_places.c). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figures_private.h"

static const double LEGEND_WIDTH = 148.0;
static const double COORDINATES_WIDTH = 14.0; /* left of and below the map */
static const double GAP = 12.0;
static const double MOST_HEIGHT = 520.0;
static const double LEAST_HEIGHT = 330.0; /* of the part of the page that holds the legend, too */

double map_frame_x(const map_frame *self, double x_m)
{
    return self->x + (x_m - self->grid->xmin_m) / (self->grid->cell_size_m * self->grid->nx) * self->width;
}

double map_frame_y(const map_frame *self, double y_m)
{
    return self->y + (uxo_grid_ymax_m(self->grid) - y_m) / (self->grid->cell_size_m * self->grid->ny) * self->height;
}

static map_frame make_frame(const figures_source *source)
{
    map_frame frame = {.x = FIGURE_MARGIN + COORDINATES_WIDTH, .y = FIGURE_HEAD, .grid = &source->maps.grid};
    const double aspect = (double)source->maps.grid.ny / source->maps.grid.nx;
    frame.width = FIGURE_WIDTH - 2 * FIGURE_MARGIN - LEGEND_WIDTH - GAP - COORDINATES_WIDTH;
    frame.height = frame.width * aspect;
    if (frame.height > MOST_HEIGHT) {
        frame.height = MOST_HEIGHT;
        frame.width = MOST_HEIGHT / aspect;
    }
    return frame;
}

double figures_map_height(const figure_spec *self, const figures_source *source)
{
    const map_frame frame = make_frame(source);
    return map_cells_rule_of(&source->maps, self->layer) != MAP_CELLS_NONE
               ? FIGURE_HEAD + ceil(fmax(frame.height + COORDINATES_WIDTH, LEAST_HEIGHT)) + GAP + FIGURE_FOOT
               : 0.0;
}

/* Opaque classes and paper; cells without a number let the hatching through. */
static cairo_surface_t *make_image(const canvas *page, const figures_source *source, const float *cells,
                                   const colours_scale *scale)
{
    const uxo_grid *const grid = &source->maps.grid;
    cairo_surface_t *const image =
        page->lib->cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)grid->nx, (int)grid->ny);
    unsigned char *const data = page->lib->cairo_image_surface_get_data(image);
    const size_t stride = data != NULL ? (size_t)page->lib->cairo_image_surface_get_stride(image) : 0;
    page->lib->cairo_surface_flush(image);
    for (uint32_t y = 0; data != NULL && y < grid->ny; y++) {
        for (uint32_t x = 0; x < grid->nx; x++) {
            const double value = (double)cells[(size_t)y * grid->nx + x];
            const uint32_t rgb = value > 0.0 ? scale->rgb[colours_class(scale, value)] : COLOURS_PAPER;
            const uint32_t pixel = isnan(value) ? 0 : UINT32_C(0xff000000) | rgb;
            memcpy(data + y * stride + (size_t)x * sizeof pixel, &pixel, sizeof pixel);
        }
    }
    page->lib->cairo_surface_mark_dirty(image);
    return image;
}

static bool any_missing(const float *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (isnan(cells[i])) {
            return true;
        }
    }
    return false;
}

static void draw_cells(canvas *page, const map_frame *frame, const figures_source *source, const float *cells,
                       const colours_scale *scale)
{
    cairo_t *const cairo = page->cairo;
    cairo_surface_t *const image = make_image(page, source, cells, scale);
    if (any_missing(cells, uxo_grid_cell_count(&source->maps.grid))) {
        canvas_hatch(page, frame->x, frame->y, frame->width, frame->height, COLOURS_NO_DATA);
    }
    page->lib->cairo_save(cairo);
    page->lib->cairo_rectangle(cairo, frame->x, frame->y, frame->width, frame->height);
    page->lib->cairo_clip(cairo);
    page->lib->cairo_translate(cairo, frame->x, frame->y);
    page->lib->cairo_scale(cairo, frame->width / source->maps.grid.nx, frame->height / source->maps.grid.ny);
    page->lib->cairo_set_source_surface(cairo, image, 0, 0);
    page->lib->cairo_pattern_set_filter(page->lib->cairo_get_source(cairo),
                                        CAIRO_FILTER_NEAREST); /* a cell is a square, not a blur */
    page->lib->cairo_paint(cairo);
    page->lib->cairo_restore(cairo);
    page->lib->cairo_surface_destroy(image);
}

static bool is_inside(const figures_source *source, const float *cells, double level, int64_t x, int64_t y)
{
    const uxo_grid *const grid = &source->maps.grid;
    return x >= 0 && y >= 0 && x < grid->nx && y < grid->ny && (double)cells[(size_t)y * grid->nx + (size_t)x] <= level;
}

/* The edge of the cells with at most `level`, along the sides of cells: neighbours on one line become one stroke. */
static void add_edges(canvas *page, const map_frame *frame, const figures_source *source, const float *cells,
                      double level, bool horizontal)
{
    const int64_t lines = horizontal ? source->maps.grid.ny : source->maps.grid.nx;
    const int64_t length = horizontal ? source->maps.grid.nx : source->maps.grid.ny;
    const double cell = frame->width / source->maps.grid.nx;
    for (int64_t line = 0; line <= lines; line++) {
        int64_t start = -1;
        for (int64_t i = 0; i <= length; i++) {
            const bool edge =
                i < length &&
                (horizontal ? is_inside(source, cells, level, i, line - 1) != is_inside(source, cells, level, i, line)
                            : is_inside(source, cells, level, line - 1, i) != is_inside(source, cells, level, line, i));
            if (edge && start < 0) {
                start = i;
            } else if (!edge && start >= 0) {
                const double across = (double)line * cell;
                const double from = (double)start * cell;
                const double to = (double)i * cell;
                page->lib->cairo_move_to(page->cairo, frame->x + (horizontal ? from : across),
                                         frame->y + (horizontal ? across : from));
                page->lib->cairo_line_to(page->cairo, frame->x + (horizontal ? to : across),
                                         frame->y + (horizontal ? across : to));
                start = -1;
            }
        }
    }
}

static void draw_contours(canvas *page, const map_frame *frame, const figures_source *source, const float *cells,
                          const colours_scale *scale)
{
    page->lib->cairo_set_line_cap(page->cairo, CAIRO_LINE_CAP_SQUARE);
    for (size_t i = 0; i + 1 < scale->count; i++) {
        add_edges(page, frame, source, cells, scale->upper[i], true);
        add_edges(page, frame, source, cells, scale->upper[i], false);
        canvas_colour(page, COLOURS_INK);
        page->lib->cairo_set_line_width(page->cairo, 0.35);
        page->lib->cairo_stroke(page->cairo);
    }
    page->lib->cairo_set_line_cap(page->cairo, CAIRO_LINE_CAP_BUTT);
}

uxo_status figures_map_draw(const figure_spec *self, const figures_source *source, canvas *page, uxo_report *report)
{
    const map_frame frame = make_frame(source);
    colours_scale scale;
    char note[200];
    float *cells = NULL;
    UXO_TRY(map_cells_read(&source->maps, self->layer, self->plane, &cells, report));
    colours_for_layer(self->layer, "hectare-1", &scale);
    map_cells_say(&source->maps, self->layer, note, sizeof note);
    figures_page(page, source, self, note);
    draw_cells(page, &frame, source, cells, &scale);
    if (strcmp(self->layer, "dud_containment") == 0) {
        draw_contours(page, &frame, source, cells, &scale);
    }
    free(cells);
    UXO_TRY(figures_map_districts(page, &frame, source, report));
    if (source->internal) {
        figures_map_strikes(page, &frame, source);
    }
    canvas_frame(page, frame.x, frame.y, frame.width, frame.height, 0.8, COLOURS_INK);
    figures_map_coordinates(page, &frame);
    figures_map_legend(page, &frame, source, self, &scale, frame.x + frame.width + GAP);
    return UXO_OK;
}
