/* figures_axis.c - what charts share: the order of their rows, and axes. */
#include "figures_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SPECIAL_ROWS = 3 };
/* Between the lane for 0 and 1. */
static const double LANE = 22.0;

typedef struct ranked_row {
    double value, then;
    uint32_t row;
} ranked_row;

static int larger_first(const void *left, const void *right)
{
    const ranked_row *const a = left;
    const ranked_row *const b = right;
    return a->value > b->value   ? -1
           : a->value < b->value ? 1
           : a->then > b->then   ? -1
           : a->then < b->then   ? 1
           : a->row < b->row     ? -1
                                 : 1;
}

size_t figures_order(const figures_source *source, uxo_district_column column, uxo_district_column then, size_t most,
                     uint32_t **order)
{
    const size_t districts = source->table.rows - SPECIAL_ROWS;
    ranked_row *const ranked = malloc((districts + 1) * sizeof *ranked);
    *order = malloc((districts + 1) * sizeof **order);
    size_t count = 0;
    for (uint32_t row = 0; ranked != NULL && *order != NULL && row < districts; row++) {
        const double value = source->table.value[column][row];
        const double other = source->table.value[then][row];
        ranked[row] = (ranked_row){isnan(value) ? -INFINITY : value, isnan(other) ? -INFINITY : other, row};
        count++;
    }
    if (count > 0) {
        qsort(ranked, count, sizeof *ranked, larger_first);
    }
    count = count < most ? count : most;
    for (size_t i = 0; i < count; i++) {
        (*order)[i] = ranked[i].row;
    }
    free(ranked);
    return count;
}

figure_axis figures_axis_of_counts(double left, double right, double largest)
{
    figure_axis axis = {.left = left, .right = right, .first = 1.0, .last = 10.0, .logarithmic = true, .lane = LANE};
    while (axis.last < largest) {
        const double decade = pow(10.0, floor(log10(axis.last) + 1e-9));
        axis.last = axis.last < 1.5 * decade ? 2.0 * decade : axis.last < 3.0 * decade ? 5.0 * decade : 10.0 * decade;
    }
    return axis;
}

double figures_axis_at(const figure_axis *self, double value)
{
    if (!self->logarithmic) {
        return self->left + (value - self->first) / (self->last - self->first) * (self->right - self->left);
    }
    if (!(value > 0.0)) {
        return self->left;
    }
    const double one = self->left + self->lane;
    /* Means below 1 stand between the lane and 1. */
    return value < self->first ? self->left + self->lane * (0.35 + 0.65 * value)
                               : one + log(value / self->first) / log(self->last / self->first) * (self->right - one);
}

static void tick(canvas *page, const figure_axis *self, double top, double bottom, double value, bool named)
{
    const canvas_style style = {.size = 7, .align = CANVAS_CENTRE, .rgb = COLOURS_QUIET, .one_line = true};
    const double x = figures_axis_at(self, value);
    char text[32];
    canvas_line(page, x, top, x, bottom, named ? 0.5 : 0.25, UINT32_C(0xd5d8dc));
    if (named && value >= 1000.0) {
        snprintf(text, sizeof text, "%.0f,%03.0f", floor(value / 1000.0), fmod(value, 1000.0));
        canvas_text(page, x, bottom + 3, text, &style);
    } else if (named) {
        snprintf(text, sizeof text, "%g", value);
        canvas_text(page, x, bottom + 3, text, &style);
    }
}

static void logarithmic_ticks(canvas *page, const figure_axis *self, double top, double bottom)
{
    const bool few = self->last <= 1000.0;
    if (self->lane > 0.0) {
        tick(page, self, top, bottom, 0.0, true);
    }
    for (double decade = 1.0; decade <= self->last; decade *= 10.0) {
        for (int i = 1; i < 10 && i * decade <= self->last; i++) {
            tick(page, self, top, bottom, i * decade,
                 i == 1 || (few && (i == 2 || i == 5)) || i * decade >= self->last);
        }
    }
}

void figures_axis_draw(canvas *page, const figure_axis *self, double top, double bottom, const char *name)
{
    const canvas_style style = {.size = 8, .align = CANVAS_CENTRE, .rgb = COLOURS_INK, .one_line = true};
    if (self->logarithmic) {
        logarithmic_ticks(page, self, top, bottom);
    } else {
        const double span = self->last - self->first;
        const double decade = pow(10.0, floor(log10(span / 4.0)));
        const double step = span / decade > 20.0 ? 5.0 * decade : span / decade > 8.0 ? 2.0 * decade : decade;
        for (double i = ceil(self->first / step - 1e-9); i * step <= self->last + 1e-9 * span; i++) {
            tick(page, self, top, bottom, i * step + 0.0, true); /* + 0: never "-0" */
        }
    }
    canvas_line(page, self->left, bottom, self->right, bottom, 0.6, COLOURS_INK);
    canvas_text(page, (self->left + self->right) / 2.0, bottom + 14, name, &style);
}
