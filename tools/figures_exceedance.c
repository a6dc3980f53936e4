/* figures_exceedance.c - the probability of at least n duds or accidents, for the total and the districts that have most. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figures_private.h"
#include "text_output.h"

enum { SPECIAL_ROWS = 3, MOST_DISTRICTS = 4, CURVES = MOST_DISTRICTS + 1, STEPS = 300 };
static const double PLOT_HEIGHT = 260.0;
static const double AXIS_FOOT = 34.0;
static const double NAMES = 150.0;

/* Counts of every kept realisation by column, as in the result file; `weight` NULL: all the same. */
typedef struct count_table {
    const double *value, *weight;
    size_t realisations, columns;
} count_table;

static bool read_counts(const figure_spec *self, const figures_source *source, count_table *counts)
{
    char path[96];
    size_t cells = 0;
    size_t weights = 0;
    snprintf(path, sizeof path, "/districts/%s", self->quantity);
    counts->value = uxo_result_numbers(source->result, path, &cells);
    counts->columns = source->table.rows - 1;
    counts->realisations = cells / counts->columns;
    counts->weight = uxo_result_numbers(source->result, "/realisation_weight", &weights);
    counts->weight = weights == counts->realisations ? counts->weight : NULL;
    return counts->value != NULL && counts->realisations > 0;
}

double figures_exceedance_height(const figure_spec *self, const figures_source *source)
{
    count_table counts;
    return read_counts(self, source, &counts) ? FIGURE_HEAD + PLOT_HEIGHT + AXIS_FOOT + FIGURE_FOOT + 10 : 0.0;
}

/* Of a row of the table; the total is the sum of all columns. */
static double count_in(const count_table *counts, size_t realisation, uint32_t row)
{
    const double *const value = counts->value + realisation * counts->columns;
    double sum = 0.0;
    if (row < counts->columns) {
        return value[row];
    }
    for (size_t i = 0; i < counts->columns; i++) {
        sum += isnan(value[i]) ? 0.0 : value[i];
    }
    return sum;
}

typedef struct weighted {
    double count, weight;
} weighted;

static int ascending(const void *left, const void *right)
{
    const weighted *const a = left;
    const weighted *const b = right;
    return a->count < b->count ? -1 : a->count > b->count;
}

typedef struct curve {
    uint32_t row;
    weighted *sorted; /* [realisations], owned */
    double total_weight;
} curve;

static bool make_curve(curve *self, const count_table *counts, uint32_t row)
{
    self->row = row;
    self->total_weight = 0.0;
    self->sorted = malloc(counts->realisations * sizeof *self->sorted);
    for (size_t r = 0; self->sorted != NULL && r < counts->realisations; r++) {
        self->sorted[r] = (weighted){count_in(counts, r, row), counts->weight != NULL ? counts->weight[r] : 1.0};
        self->total_weight += self->sorted[r].weight;
    }
    if (self->sorted != NULL) {
        qsort(self->sorted, counts->realisations, sizeof *self->sorted, ascending);
    }
    return self->sorted != NULL;
}

/* Colour and dashes: to be told apart without colours, too. */
static void set_stroke(canvas *page, size_t index)
{
    static const double dashes[CURVES][4] = {{1, 0, 1, 0}, {6, 2, 6, 2}, {2, 2, 2, 2}, {7, 2, 2, 2}, {1, 2.5, 1, 2.5}};
    static const double position[CURVES] = {0.0, 0.2, 0.4, 0.6, 0.75};
    canvas_colour(page, colours_cividis(position[index]));
    page->lib->cairo_set_line_width(page->cairo, index == 0 ? 2.0 : 1.5);
    page->lib->cairo_set_dash(page->cairo, dashes[index], index == 0 ? 0 : 4, 0.0);
}

/* Share of the realisations with fewer than n. *below: how many, from those with fewer than a smaller n. */
static double share_below(const curve *self, size_t realisations, double n, size_t *below, double *weight_below)
{
    for (; *below < realisations && self->sorted[*below].count < n; ++*below) {
        *weight_below += self->sorted[*below].weight;
    }
    return *weight_below / self->total_weight;
}

/* Where whole numbers are far apart, a dot says which end of a step is theirs. */
static void draw_dots(canvas *page, const curve *self, size_t index, size_t realisations, const figure_axis *axis,
                      double top, double least)
{
    static const double apart = 9.0;  /* points */
    static const double most = 300.0; /* of more, the first few dots would be a riddle */
    size_t below = 0;
    double weight_below = 0.0;
    for (double n = 1.0;
         axis->last <= most && n <= axis->last && figures_axis_at(axis, n + 1.0) - figures_axis_at(axis, n) >= apart;
         n++) {
        const double share = share_below(self, realisations, n, &below, &weight_below);
        if (1.0 - share >= least) {
            page->lib->cairo_new_path(page->cairo);
            page->lib->cairo_arc(page->cairo, figures_axis_at(axis, n), top + PLOT_HEIGHT * share, 2.2, 0.0,
                                 6.28318530717958647692);
            set_stroke(page, index);
            page->lib->cairo_set_dash(page->cairo, NULL, 0, 0.0);
            page->lib->cairo_fill(page->cairo);
        }
    }
}

/* `least`: the smallest probability that is drawn. */
static void draw_curve(canvas *page, const curve *self, size_t index, size_t realisations, const figure_axis *axis,
                       double top, double least)
{
    size_t below = 0;
    double weight_below = 0.0;
    double last_n = 0.0;
    page->lib->cairo_new_path(page->cairo);
    for (int step = 0; step <= STEPS; step++) {
        const double n = round(pow(axis->last, (double)step / STEPS));
        if (n <= last_n) {
            continue;
        }
        const double share = share_below(self, realisations, n, &below, &weight_below);
        if (1.0 - share < least) {
            break;
        }
        const double y = top + PLOT_HEIGHT * share;
        const double x = figures_axis_at(axis, n);
        if (last_n > 0.0) { /* a step: at least 1.5 is at least 2 */
            page->lib->cairo_line_to(page->cairo, figures_axis_at(axis, last_n), y);
            page->lib->cairo_line_to(page->cairo, x, y);
        } else {
            page->lib->cairo_move_to(page->cairo, x, y);
        }
        last_n = n;
    }
    set_stroke(page, index);
    page->lib->cairo_stroke(page->cairo);
    page->lib->cairo_set_dash(page->cairo, NULL, 0, 0.0);
    draw_dots(page, self, index, realisations, axis, top, least);
}

static void draw_probabilities(canvas *page, const figure_axis *axis, double top)
{
    const canvas_style style = {.size = 7, .align = CANVAS_RIGHT, .rgb = COLOURS_QUIET, .one_line = true};
    const canvas_style name = {.size = 8, .align = CANVAS_CENTRE, .rgb = COLOURS_INK, .one_line = true};
    for (int i = 0; i <= 10; i += 2) {
        char text[16];
        const double y = top + PLOT_HEIGHT * (10 - i) / 10.0;
        snprintf(text, sizeof text, "%g", i / 10.0);
        canvas_line(page, axis->left, y, axis->right, y, 0.5, UINT32_C(0xd5d8dc));
        canvas_text(page, axis->left - 4, y - 4.5, text, &style);
    }
    canvas_line(page, axis->left, top, axis->left, top + PLOT_HEIGHT, 0.6, COLOURS_INK);
    canvas_text_turned(page, FIGURE_MARGIN, top + PLOT_HEIGHT / 2.0, "probability of at least so many", &name);
}

static void draw_names(canvas *page, const figures_source *source, const curve *curves, size_t count,
                       const count_table *counts, double x)
{
    const canvas_style style = {.size = 7.5, .rgb = COLOURS_INK, .width = NAMES - 30};
    const canvas_style quiet = {.size = 6.5, .rgb = COLOURS_QUIET, .width = NAMES - 30};
    double y = FIGURE_HEAD + 4;
    for (size_t i = 0; i < count; i++) {
        char number[TEXT_NUMBER_SIZE], text[96];
        const weighted *const sorted = curves[i].sorted;
        double none = 0.0; /* weight */
        for (size_t r = 0; r < counts->realisations && sorted[r].count < 1.0; r++) {
            none += sorted[r].weight;
        }
        page->lib->cairo_new_path(page->cairo);
        page->lib->cairo_move_to(page->cairo, x, y + 5);
        page->lib->cairo_line_to(page->cairo, x + 24, y + 5);
        set_stroke(page, i);
        page->lib->cairo_stroke(page->cairo);
        page->lib->cairo_set_dash(page->cairo, NULL, 0, 0.0);
        y += canvas_text(page, x + 30, y, source->table.name[curves[i].row], &style);
        /* Never seen to be otherwise is not certain. */
        const double most = 1.0 - 1.0 / (double)counts->realisations;
        none /= curves[i].total_weight;
        snprintf(text, sizeof text, "P(none) %s%.2f%s%s",
                 none > most    ? "above "
                 : none < 0.005 ? "below "
                                : "",
                 none > most    ? floor(100.0 * most) / 100.0
                 : none < 0.005 ? 0.01
                                : none,
                 source->internal ? "; the largest " : "",
                 source->internal ? text_about(number, sorted[counts->realisations - 1].count) : "");
        y += canvas_text(page, x + 30, y, text, &quiet) + 8;
    }
}

/* The largest number that is reached with a probability of at least `least`. */
static double largest_drawn(const curve *self, size_t realisations, double least)
{
    size_t last = realisations - 1;
    for (double weight = self->sorted[last].weight; last > 0 && weight < least * self->total_weight;) {
        weight += self->sorted[--last].weight;
    }
    return self->sorted[last].count;
}

static void draw_curves(const figure_spec *self, const figures_source *source, canvas *page, const count_table *counts,
                        const curve *curves, size_t count)
{
    /* As on the page: single draws at the end are not for the public. */
    const double least = source->internal ? 0.0 : 0.01;
    double largest = 0.0;
    char note[160];
    for (size_t i = 0; i < count; i++) {
        largest = fmax(largest, largest_drawn(&curves[i], counts->realisations, least));
    }
    figure_axis axis = figures_axis_of_counts(FIGURE_MARGIN + 32, FIGURE_WIDTH - FIGURE_MARGIN - NAMES - 12, largest);
    axis.lane = 0.0; /* at least none is certain */
    snprintf(note, sizeof note, "From %zu realisations. The total, and the %zu districts with the largest medians.%s",
             counts->realisations, count - 1, source->internal ? "" : " Curves end at 0.01.");
    figures_page(page, source, self, note);
    figures_axis_draw(page, &axis, FIGURE_HEAD, FIGURE_HEAD + PLOT_HEIGHT, self->unit);
    draw_probabilities(page, &axis, FIGURE_HEAD);
    for (size_t i = count; i-- > 0;) {
        draw_curve(page, &curves[i], i, counts->realisations, &axis, FIGURE_HEAD, least);
    }
    draw_names(page, source, curves, count, counts, axis.right + 14);
}

uxo_status figures_exceedance_draw(const figure_spec *self, const figures_source *source, canvas *page,
                                   uxo_report *report)
{
    count_table counts;
    curve curves[CURVES] = {{0}};
    uint32_t *order = NULL;
    if (!read_counts(self, source, &counts)) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "the file holds no counts by realisation");
    }
    const size_t districts = figures_order(source, self->middle, self->mean, MOST_DISTRICTS, &order);
    bool good = make_curve(&curves[0], &counts, source->table.rows - 1);
    for (size_t i = 0; i < districts && good; i++) {
        good = make_curve(&curves[i + 1], &counts, order[i]);
    }
    if (good) {
        draw_curves(self, source, page, &counts, curves, districts + 1);
    }
    for (size_t i = 0; i < CURVES; i++) {
        free(curves[i].sorted);
    }
    free(order);
    return good ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
}
