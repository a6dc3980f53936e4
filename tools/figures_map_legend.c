/* figures_map_legend.c - around a map: coordinates of the grid, legend, scale bar, north. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "figures_private.h"

static const double LEGEND_WIDTH = 148.0;

/* 1, 2 or 5 times a power of ten, at most `most`. */
static double round_length(double most)
{
    const double decade = pow(10.0, floor(log10(most)));
    return most >= 5.0 * decade ? 5.0 * decade : most >= 2.0 * decade ? 2.0 * decade : decade;
}

static void draw_tick(canvas *page, const map_frame *frame, double value_m, bool is_easting)
{
    const canvas_style style = {.size = 5.5, .align = CANVAS_CENTRE, .rgb = COLOURS_QUIET, .one_line = true};
    char text[32];
    snprintf(text, sizeof text, "%.0f", value_m);
    if (is_easting) {
        const double x = map_frame_x(frame, value_m);
        const double bottom = frame->y + frame->height;
        canvas_line(page, x, bottom, x, bottom + 3, 0.5, COLOURS_INK);
        canvas_text(page, x, bottom + 4, text, &style);
    } else {
        const double y = map_frame_y(frame, value_m);
        canvas_line(page, frame->x - 3, y, frame->x, y, 0.5, COLOURS_INK);
        canvas_text_turned(page, frame->x - 11, y, text, &style);
    }
}

/* Metres of the reference system, along the left and the lower edge. */
void figures_map_coordinates(canvas *page, const map_frame *frame)
{
    const uxo_grid *const grid = frame->grid;
    const double wide_m = grid->cell_size_m * grid->nx;
    const double high_m = grid->cell_size_m * grid->ny;
    const double step = round_length(fmax(fmin(wide_m, high_m) / 2.5, 1.0));
    /* Numbers at the corners would run into each other. */
    const double least = 14.0 * wide_m / frame->width;
    for (double x = ceil((grid->xmin_m + least) / step) * step; x < grid->xmin_m + wide_m - least; x += step) {
        draw_tick(page, frame, x, true);
    }
    for (double y = ceil((grid->ymin_m + least) / step) * step; y < grid->ymin_m + high_m - least; y += step) {
        draw_tick(page, frame, y, false);
    }
}

typedef struct legend {
    canvas *page;
    double x, y;
} legend;

static void add_swatch(legend *self, uint32_t rgb, bool hatched, const char *text)
{
    const canvas_style style = {.size = 7, .rgb = COLOURS_INK, .width = LEGEND_WIDTH - 24};
    const double height = 10.0;
    canvas_fill(self->page, self->x, self->y, 18, height, rgb);
    if (hatched) {
        canvas_hatch(self->page, self->x, self->y, 18, height, COLOURS_NO_DATA);
    }
    canvas_frame(self->page, self->x, self->y, 18, height, 0.4, COLOURS_QUIET);
    self->y += fmax(canvas_text(self->page, self->x + 23, self->y + 0.8, text, &style), height) + 2.5;
}

static void add_classes(legend *self, const colours_scale *scale, bool is_containment)
{
    char text[COLOURS_LABEL_SIZE];
    for (size_t i = 0; i < scale->count; i++) {
        const size_t index = is_containment ? i : scale->count - 1 - i; /* most on top */
        if (is_containment && i + 1 == scale->count) {
            add_swatch(self, scale->rgb[index], false,
                       "outside: the last 5 % may lie anywhere here; not the same as safe");
        } else {
            add_swatch(self, scale->rgb[index], false, colours_label(scale, index, text));
        }
    }
    if (!is_containment) {
        add_swatch(self, COLOURS_PAPER, false, COLOURS_ZERO_NOTE);
    }
    add_swatch(self, COLOURS_PAPER, true, "no data");
}

static void add_lines(legend *self, const figures_source *source, bool is_containment)
{
    const canvas_style style = {.size = 7, .rgb = COLOURS_INK, .width = LEGEND_WIDTH - 24};
    self->y += 2;
    if (is_containment) {
        canvas_line(self->page, self->x, self->y + 5, self->x + 18, self->y + 5, 0.6, COLOURS_INK);
        self->y += canvas_text(self->page, self->x + 23, self->y, "contour of 0.5, 0.8 and 0.95", &style) + 2.5;
    }
    canvas_line(self->page, self->x, self->y + 5, self->x + 18, self->y + 5, 0.9, COLOURS_QUIET);
    self->y += canvas_text(self->page, self->x + 23, self->y, "edge of a district", &style) + 2.5;
    if (source->internal) {
        figures_strike_sign(self->page, self->x + 9, self->y + 5, 5.0);
        self->y +=
            canvas_text(self->page, self->x + 23, self->y,
                        "reported strike and its location error (circle: holds 95 %, or the stated disc)", &style) +
            2.5;
    }
}

static void add_scale_bar(legend *self, const map_frame *frame)
{
    const canvas_style style = {.size = 7, .align = CANVAS_CENTRE, .rgb = COLOURS_INK, .one_line = true};
    const double points_per_m = frame->width / (frame->grid->cell_size_m * frame->grid->nx);
    const double length_m = round_length(fmin(110.0, frame->width / 2.0) / points_per_m);
    const double length = length_m * points_per_m;
    char text[32];
    self->y += 12;
    for (int i = 0; i < 4; i++) {
        canvas_fill(self->page, self->x + 4 + i * length / 4, self->y, length / 4, 4,
                    i % 2 == 0 ? COLOURS_INK : COLOURS_PAPER);
    }
    canvas_frame(self->page, self->x + 4, self->y, length, 4, 0.5, COLOURS_INK);
    canvas_text(self->page, self->x + 4, self->y + 5.5, "0", &style);
    if (length_m >= 1000.0) {
        snprintf(text, sizeof text, "%g km", length_m / 1000.0);
    } else {
        snprintf(text, sizeof text, "%g m", length_m);
    }
    canvas_text(self->page, self->x + 4 + length, self->y + 5.5, text, &style);
    self->y += 22;
}

/* Points to true north, which is not always up. */
static void add_north(legend *self, const figures_source *source)
{
    const canvas_style style = {.size = 8, .bold = true, .align = CANVAS_CENTRE, .rgb = COLOURS_INK, .one_line = true};
    const canvas_style quiet = {.size = 6, .rgb = COLOURS_QUIET, .width = LEGEND_WIDTH - 40};
    cairo_t *const cairo = self->page->cairo;
    char text[96];
    self->page->lib->cairo_save(cairo);
    self->page->lib->cairo_translate(cairo, self->x + 14, self->y + 26);
    self->page->lib->cairo_rotate(cairo, source->north_rad);
    self->page->lib->cairo_move_to(cairo, 0, -16);
    self->page->lib->cairo_line_to(cairo, 5, 10);
    self->page->lib->cairo_line_to(cairo, 0, 6);
    self->page->lib->cairo_line_to(cairo, -5, 10);
    self->page->lib->cairo_close_path(cairo);
    canvas_colour(self->page, COLOURS_INK);
    self->page->lib->cairo_fill(cairo);
    self->page->lib->cairo_restore(cairo);
    canvas_text(self->page, self->x + 14 + 21 * sin(source->north_rad), self->y - 2, "N", &style);
    const double degrees = source->north_rad * 180.0 / 3.14159265358979323846;
    snprintf(text, sizeof text, "true north; up is grid north, %.1f\xC2\xB0 %s of it", fabs(degrees),
             degrees > 0.0 ? "west" : "east");
    canvas_text(self->page, self->x + 34, self->y + 16, text, &quiet);
    self->y += 42;
}

void figures_map_legend(canvas *page, const map_frame *frame, const figures_source *source, const figure_spec *figure,
                        const colours_scale *scale, double x)
{
    const canvas_style bold = {.size = 8, .bold = true, .rgb = COLOURS_INK, .width = LEGEND_WIDTH};
    const bool is_containment = strcmp(figure->layer, "dud_containment") == 0;
    legend self = {page, x, frame->y};
    self.y += canvas_text(page, x, self.y, figure->unit, &bold) + 5;
    add_classes(&self, scale, is_containment);
    add_lines(&self, source, is_containment);
    add_scale_bar(&self, frame);
    if (source->has_north) {
        add_north(&self, source);
    }
}
