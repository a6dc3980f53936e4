/* figures_intervals.c - charts with a row per district: interval of a count, confidence in the order. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figures_private.h"
#include "text_output.h"

enum { SPECIAL_ROWS = 3 };
static const double ROW = 15.0;
static const double NAMES = 150.0;    /* width of the names */
static const double NUMBERS = 118.0;  /* and of the numbers on the right */
static const double AXIS_FOOT = 46.0; /* below the rows: numbers, name of the axis, key */

static double value_of(const figures_source *source, uxo_district_column column, uint32_t row)
{
    return source->table.value[column][row];
}

/* Rows of a chart: the districts that have most, then what lies outside them if there is any, then the total. */
static size_t chart_rows(const figure_spec *self, const figures_source *source, uint32_t **rows)
{
    const uint32_t districts = source->table.rows - SPECIAL_ROWS;
    uint32_t *order = NULL;
    size_t count = figures_order(source, self->middle, self->mean, FIGURE_MOST_ROWS, &order);
    *rows = realloc(order, (count + SPECIAL_ROWS) * sizeof **rows);
    if (*rows == NULL) {
        free(order);
        return 0;
    }
    for (uint32_t row = districts; row < source->table.rows; row++) {
        if (row + 1 == source->table.rows || value_of(source, self->mean, row) > 0.0) {
            (*rows)[count++] = row;
        }
    }
    return count;
}

double figures_interval_height(const figure_spec *self, const figures_source *source)
{
    if (!uxo_district_table_has(&source->table, self->middle)) {
        return 0.0;
    }
    uint32_t *rows = NULL;
    const size_t count = chart_rows(self, source, &rows);
    free(rows);
    return FIGURE_HEAD + ((double)count + 0.6) * ROW + AXIS_FOOT + FIGURE_FOOT;
}

static void diamond(canvas *page, double x, double y)
{
    page->lib->cairo_move_to(page->cairo, x, y - 3.2);
    page->lib->cairo_line_to(page->cairo, x + 3.2, y);
    page->lib->cairo_line_to(page->cairo, x, y + 3.2);
    page->lib->cairo_line_to(page->cairo, x - 3.2, y);
    page->lib->cairo_close_path(page->cairo);
    canvas_colour(page, COLOURS_PAPER);
    page->lib->cairo_fill_preserve(page->cairo);
    canvas_colour(page, COLOURS_INK);
    page->lib->cairo_set_line_width(page->cairo, 0.8);
    page->lib->cairo_stroke(page->cairo);
}

static void dot(canvas *page, double x, double y)
{
    canvas_colour(page, COLOURS_INK);
    page->lib->cairo_arc(page->cairo, x, y, 2.8, 0.0, 6.28318530717958647692);
    page->lib->cairo_fill(page->cairo);
}

static void draw_row(canvas *page, const figure_spec *self, const figures_source *source, const figure_axis *axis,
                     uint32_t row, double y)
{
    const bool is_total = row + 1 == source->table.rows;
    const canvas_style name = {
        .size = 8, .bold = is_total, .align = CANVAS_RIGHT, .rgb = COLOURS_INK, .width = NAMES, .one_line = true};
    const canvas_style number = {.size = 7.5, .bold = is_total, .rgb = COLOURS_INK, .width = NUMBERS, .one_line = true};
    const double low = value_of(source, self->low, row);
    const double middle = value_of(source, self->middle, row);
    const double high = value_of(source, self->high, row);
    const double mean = value_of(source, self->mean, row);
    char a[TEXT_NUMBER_SIZE], b[TEXT_NUMBER_SIZE], c[TEXT_NUMBER_SIZE], text[4 * TEXT_NUMBER_SIZE + 32];
    canvas_text(page, FIGURE_MARGIN + NAMES, y - 5, source->table.name[row], &name);
    if (isnan(middle)) {
        canvas_text(page, axis->right + 10, y - 5, "no meaning here", &number);
        return;
    }
    canvas_line(page, figures_axis_at(axis, low), y, figures_axis_at(axis, high), y, 3.0, colours_cividis(0.45));
    if (!isnan(mean)) {
        diamond(page, figures_axis_at(axis, mean), y);
    }
    dot(page, figures_axis_at(axis, middle), y);
    const int length = snprintf(text, sizeof text, "%s%s (%s to %s)", middle > 0.0 ? "about " : "",
                                text_about(a, middle), text_about(b, low), text_about(c, high));
    if (!(middle > 0.0) && mean > 0.0) { /* a median of 0 is not nothing */
        snprintf(text + length, sizeof text - (size_t)length, "; mean %s", text_about(a, mean));
    }
    canvas_text(page, axis->right + 10, y - 5, text, &number);
}

static void draw_key(canvas *page, double x, double y)
{
    const canvas_style style = {.size = 7, .rgb = COLOURS_INK, .one_line = true};
    canvas_line(page, x, y + 4.5, x + 22, y + 4.5, 3.0, colours_cividis(0.45));
    canvas_text(page, x + 27, y, "90 % interval", &style);
    dot(page, x + 98, y + 4.5);
    canvas_text(page, x + 105, y, "median", &style);
    diamond(page, x + 148, y + 4.5);
    canvas_text(page, x + 155, y, "mean (expected number)", &style);
}

/* How many of them, and that an interval is not a sum. */
static void say_rows(const figures_source *source, size_t shown, char *note, size_t size)
{
    const uint32_t districts = source->table.rows - SPECIAL_ROWS;
    const size_t drawn = shown < districts ? shown : districts;
    if (drawn < districts) {
        snprintf(note, size,
                 "The %zu of %u districts with the largest medians. Medians and intervals do not add up to those of "
                 "the total.",
                 drawn, districts);
    } else {
        snprintf(note, size, "Sorted by median. Medians and intervals do not add up to those of the total.");
    }
}

uxo_status figures_interval_draw(const figure_spec *self, const figures_source *source, canvas *page,
                                 uxo_report *report)
{
    uint32_t *rows = NULL;
    const size_t count = chart_rows(self, source, &rows);
    double largest = 0.0;
    char note[200];
    if (rows == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    for (size_t i = 0; i < count; i++) {
        largest = fmax(largest, fmax(value_of(source, self->high, rows[i]), value_of(source, self->mean, rows[i])));
    }
    const figure_axis axis =
        figures_axis_of_counts(FIGURE_MARGIN + NAMES + 14, FIGURE_WIDTH - FIGURE_MARGIN - NUMBERS - 6, largest);
    const double bottom = FIGURE_HEAD + ((double)count + 0.6) * ROW;
    say_rows(source, count - 1, note, sizeof note);
    figures_page(page, source, self, note);
    figures_axis_draw(page, &axis, FIGURE_HEAD - 2, bottom, self->unit);
    for (size_t i = 0; i < count; i++) {
        const bool is_special = rows[i] + SPECIAL_ROWS >= source->table.rows;
        draw_row(page, self, source, &axis, rows[i],
                 FIGURE_HEAD + ((double)i + 0.5) * ROW + (is_special ? 0.4 * ROW : 0.0));
    }
    free(rows);
    draw_key(page, axis.left, bottom + 27);
    return UXO_OK;
}
