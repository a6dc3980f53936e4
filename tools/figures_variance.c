/* figures_variance.c - what the spread of the total number of duds hangs on: shares of groups of draws in its variance. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figures_private.h"

static const double ROW = 34.0;
static const double NAMES = 210.0;
static const double AXIS_FOOT = 46.0;

typedef struct share_table {
    const char *const *name, *const *meaning;
    const double *first, *total, *first_se, *total_se; /* [group][row] */
    size_t groups, rows;
} share_table;

/* Only where the total varies. */
static bool read_shares(const figures_source *source, share_table *shares)
{
    uxo_result *const result = source->result;
    size_t cells[4] = {0};
    size_t meanings = 0;
    shares->name = uxo_result_strings(result, "/variance/group_name", &shares->groups);
    shares->meaning = uxo_result_strings(result, "/variance/group_meaning", &meanings);
    shares->first = uxo_result_numbers(result, "/variance/duds_first_order", &cells[0]);
    shares->total = uxo_result_numbers(result, "/variance/duds_total", &cells[1]);
    shares->first_se = uxo_result_numbers(result, "/variance/duds_first_order_se", &cells[2]);
    shares->total_se = uxo_result_numbers(result, "/variance/duds_total_se", &cells[3]);
    shares->rows = source->table.rows;
    for (int i = 0; i < 4; i++) {
        if (shares->groups == 0 || meanings != shares->groups || cells[i] != shares->groups * shares->rows) {
            return false;
        }
    }
    return !isnan(shares->total[shares->rows - 1]);
}

double figures_variance_height(const figure_spec *self, const figures_source *source)
{
    share_table shares;
    (void)self;
    return read_shares(source, &shares) ? FIGURE_HEAD + (double)shares.groups * ROW + AXIS_FOOT + FIGURE_FOOT : 0.0;
}

static void draw_bar(canvas *page, const figure_axis *axis, double y, double value, double se, uint32_t rgb)
{
    static const double normal90 = 1.645;
    const double end = figures_axis_at(axis, fmin(fmax(value, 0.0), 1.0));
    canvas_fill(page, axis->left, y, end - axis->left, 9, rgb);
    canvas_frame(page, axis->left, y, end - axis->left, 9, 0.5, COLOURS_INK);
    if (se > 0.0) {
        const double low = figures_axis_at(axis, fmin(fmax(value - normal90 * se, 0.0), 1.0));
        const double high = figures_axis_at(axis, fmin(fmax(value + normal90 * se, 0.0), 1.0));
        canvas_line(page, low, y + 4.5, high, y + 4.5, 2.4, COLOURS_PAPER);
        canvas_line(page, low, y + 4.5, high, y + 4.5, 1.0, COLOURS_INK);
    }
}

typedef struct group_order {
    double total;
    size_t index;
} group_order;

static int largest_first(const void *left, const void *right)
{
    const group_order *const a = left;
    const group_order *const b = right;
    return a->total > b->total ? -1 : a->total < b->total ? 1 : a->index < b->index ? -1 : 1;
}

static void draw_group(canvas *page, const share_table *shares, size_t group, const figure_axis *axis, double y)
{
    const canvas_style name = {
        .size = 8, .bold = true, .align = CANVAS_RIGHT, .rgb = COLOURS_INK, .width = NAMES, .one_line = true};
    const canvas_style quiet = {.size = 6.5, .align = CANVAS_RIGHT, .rgb = COLOURS_QUIET, .width = NAMES};
    const size_t cell = group * shares->rows + shares->rows - 1;
    canvas_text(page, FIGURE_MARGIN + NAMES, y + 2, shares->name[group], &name);
    canvas_text(page, FIGURE_MARGIN + NAMES, y + 12.5, shares->meaning[group], &quiet);
    draw_bar(page, axis, y + 3, shares->total[cell], shares->total_se[cell], colours_cividis(0.85));
    draw_bar(page, axis, y + 15, shares->first[cell], shares->first_se[cell], colours_cividis(0.2));
}

static void draw_key(canvas *page, double y)
{
    const canvas_style style = {.size = 7, .rgb = COLOURS_INK, .one_line = true};
    const double x = FIGURE_MARGIN;
    canvas_fill(page, x, y, 16, 8, colours_cividis(0.85));
    canvas_frame(page, x, y, 16, 8, 0.5, COLOURS_INK);
    canvas_text(page, x + 21, y, "with all that it does together with others", &style);
    canvas_fill(page, x + 190, y, 16, 8, colours_cividis(0.2));
    canvas_text(page, x + 211, y, "by itself", &style);
    canvas_line(page, x + 270, y + 4, x + 290, y + 4, 1.0, COLOURS_INK);
    canvas_text(page, x + 296, y, "90 % interval of the estimate (sampling)", &style);
}

uxo_status figures_variance_draw(const figure_spec *self, const figures_source *source, canvas *page,
                                 uxo_report *report)
{
    share_table shares;
    if (!read_shares(source, &shares)) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "the file holds no shares of variance");
    }
    group_order *const order = malloc(shares.groups * sizeof *order);
    if (order == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    for (size_t i = 0; i < shares.groups; i++) {
        order[i] = (group_order){shares.total[i * shares.rows + shares.rows - 1], i};
    }
    qsort(order, shares.groups, sizeof *order, largest_first);
    const figure_axis axis = {
        .left = FIGURE_MARGIN + NAMES + 12, .right = FIGURE_WIDTH - FIGURE_MARGIN - 12, .last = 1.0};
    const double bottom = FIGURE_HEAD + (double)shares.groups * ROW;
    figures_page(page, source, self,
                 "What is not listed (model form, unreported strikes) is not in it. Shares with interactions add up to "
                 "more than 1.");
    figures_axis_draw(page, &axis, FIGURE_HEAD - 2, bottom, self->unit);
    for (size_t i = 0; i < shares.groups; i++) {
        draw_group(page, &shares, order[i].index, &axis, FIGURE_HEAD + (double)i * ROW);
    }
    free(order);
    draw_key(page, bottom + 30);
    return UXO_OK;
}
