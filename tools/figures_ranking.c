/* figures_ranking.c - how sure the order of districts is: expected rank, interval of the rank, chances of the first places. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figures_private.h"

static const double ROW = 15.0;
static const double NAMES = 150.0;
static const double NUMBERS = 110.0;
static const double AXIS_FOOT = 46.0;

typedef struct rank_table {
    const char *const *name;
    const double *expected, *low, *high;
    size_t count;
} rank_table;

static const double *column(uxo_result *result, const char *quantity, const char *what, size_t *count)
{
    char path[96];
    snprintf(path, sizeof path, "/ranking/%s_%s", quantity, what);
    return uxo_result_numbers(result, path, count);
}

static bool read_ranks(const figure_spec *self, const figures_source *source, rank_table *ranks)
{
    size_t counts[4] = {0};
    ranks->name = uxo_result_strings(source->result, "/ranking/name", &counts[0]);
    ranks->expected = column(source->result, self->quantity, "expected_rank", &counts[1]);
    ranks->low = column(source->result, self->quantity, "rank_p05", &counts[2]);
    ranks->high = column(source->result, self->quantity, "rank_p95", &counts[3]);
    ranks->count = counts[0];
    return counts[0] > 1 && counts[1] == counts[0] && counts[2] == counts[0] && counts[3] == counts[0];
}

double figures_ranking_height(const figure_spec *self, const figures_source *source)
{
    rank_table ranks;
    if (!read_ranks(self, source, &ranks)) {
        return 0.0;
    }
    const size_t rows = ranks.count < FIGURE_MOST_ROWS ? ranks.count : FIGURE_MOST_ROWS;
    return FIGURE_HEAD + ((double)rows + 1.2) * ROW + AXIS_FOOT + FIGURE_FOOT;
}

typedef struct ranked {
    double expected;
    size_t index;
} ranked;

static int best_first(const void *left, const void *right)
{
    const ranked *const a = left;
    const ranked *const b = right;
    return a->expected < b->expected ? -1 : a->expected > b->expected ? 1 : a->index < b->index ? -1 : 1;
}

/* The table's chances of the first places are of accidents where there are people, else of duds. */
static bool has_chances(const figure_spec *self, const figures_source *source)
{
    const bool of_accidents = uxo_district_table_has(&source->table, UXO_COLUMN_ACCIDENTS_MEAN);
    return uxo_district_table_has(&source->table, UXO_COLUMN_P_TOP1) &&
           of_accidents == (strcmp(self->quantity, "accidents") == 0);
}

static void draw_chances(canvas *page, const figures_source *source, const char *name, double x, double y)
{
    const canvas_style style = {.size = 7.5, .align = CANVAS_CENTRE, .rgb = COLOURS_INK, .one_line = true};
    for (uint32_t row = 0; row < source->table.rows; row++) {
        if (strcmp(source->table.name[row], name) == 0) {
            char text[32];
            snprintf(text, sizeof text, "%.2f", source->table.value[UXO_COLUMN_P_TOP1][row]);
            canvas_text(page, x + 28, y, text, &style);
            snprintf(text, sizeof text, "%.2f", source->table.value[UXO_COLUMN_P_TOP3][row]);
            canvas_text(page, x + 80, y, text, &style);
            return;
        }
    }
}

static void draw_rows(canvas *page, const figure_spec *self, const figures_source *source, const rank_table *ranks,
                      const ranked *order, size_t rows, const figure_axis *axis)
{
    const canvas_style name = {.size = 8, .align = CANVAS_RIGHT, .rgb = COLOURS_INK, .width = NAMES, .one_line = true};
    const canvas_style head = {.size = 7, .align = CANVAS_CENTRE, .rgb = COLOURS_QUIET, .one_line = true};
    const bool chances = has_chances(self, source);
    if (chances) {
        canvas_text(page, axis->right + 38, FIGURE_HEAD, "P(first)", &head);
        canvas_text(page, axis->right + 90, FIGURE_HEAD, "P(first three)", &head);
    }
    for (size_t i = 0; i < rows; i++) {
        const size_t k = order[i].index;
        const double y = FIGURE_HEAD + ((double)i + 1.5) * ROW;
        canvas_text(page, FIGURE_MARGIN + NAMES, y - 5, ranks->name[k], &name);
        canvas_line(page, figures_axis_at(axis, ranks->low[k]) - 1.5, y, figures_axis_at(axis, ranks->high[k]) + 1.5, y,
                    3.0, colours_cividis(0.45));
        canvas_colour(page, COLOURS_INK);
        page->lib->cairo_arc(page->cairo, figures_axis_at(axis, ranks->expected[k]), y, 2.8, 0.0,
                             6.28318530717958647692);
        page->lib->cairo_fill(page->cairo);
        if (chances) {
            draw_chances(page, source, ranks->name[k], axis->right + 10, y - 5);
        }
    }
}

static void draw_key(canvas *page, double x, double y)
{
    const canvas_style style = {.size = 7, .rgb = COLOURS_INK, .one_line = true};
    canvas_line(page, x, y + 4.5, x + 22, y + 4.5, 3.0, colours_cividis(0.45));
    canvas_text(page, x + 27, y, "90 % interval of the rank", &style);
    canvas_colour(page, COLOURS_INK);
    page->lib->cairo_arc(page->cairo, x + 142, y + 4.5, 2.8, 0.0, 6.28318530717958647692);
    page->lib->cairo_fill(page->cairo);
    canvas_text(page, x + 149, y, "expected rank", &style);
}

uxo_status figures_ranking_draw(const figure_spec *self, const figures_source *source, canvas *page, uxo_report *report)
{
    rank_table ranks;
    char note[160];
    if (!read_ranks(self, source, &ranks)) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "the file holds no ranking");
    }
    const size_t rows = ranks.count < FIGURE_MOST_ROWS ? ranks.count : FIGURE_MOST_ROWS;
    ranked *const order = malloc(ranks.count * sizeof *order);
    if (order == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    for (size_t i = 0; i < ranks.count; i++) {
        order[i] = (ranked){ranks.expected[i], i};
    }
    qsort(order, ranks.count, sizeof *order, best_first);
    const figure_axis axis = {.left = FIGURE_MARGIN + NAMES + 14,
                              .right = FIGURE_WIDTH - FIGURE_MARGIN - NUMBERS - 6,
                              .first = 0.5,
                              .last = (double)ranks.count + 0.5};
    const double bottom = FIGURE_HEAD + ((double)rows + 1.2) * ROW;
    snprintf(note, sizeof note, "Districts whose intervals overlap may well stand in the other order.%s",
             rows < ranks.count ? " Only the first are shown." : "");
    figures_page(page, source, self, note);
    figures_axis_draw(page, &axis, FIGURE_HEAD + ROW - 2, bottom, self->unit);
    draw_rows(page, self, source, &ranks, order, rows, &axis);
    free(order);
    draw_key(page, axis.left, bottom + 27);
    return UXO_OK;
}
