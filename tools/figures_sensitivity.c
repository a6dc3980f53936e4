/* figures_sensitivity.c - what the total of a sweep, or a district, hangs on, for print: indices, coefficients, or a tornado of effects and differences. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figures_private.h"
#include "sweep_sensitivity.h"
#include "text_output.h"

static const double ROW = 26.0, NAMES = 190.0, AXIS_FOOT = 46.0;
enum { MOST_BARS = FIGURE_MOST_ROWS };

/* A bar from one value to another, perhaps a second below it; ends have intervals. */
typedef struct sensitivity_bar {
    char label[SENSITIVITY_LABEL], note[SENSITIVITY_LABEL];
    double from, to, from_half, to_half; /* half widths of the intervals of either end; NaN: none */
    double second, second_half;          /* from 0; NaN: none */
    double size;                         /* to sort by */
    uint32_t number;
} sensitivity_bar;

typedef struct bar_list {
    sensitivity_bar *bar;
    size_t count;
    double least, most; /* of the axis */
} bar_list;

static int larger_first(const void *left, const void *right)
{
    const sensitivity_bar *const a = left, *const b = right;
    return a->size > b->size ? -1 : a->size < b->size ? 1 : a->number < b->number ? -1 : 1;
}

static double half_width(const uxo_sensitivity_index *index)
{
    return 0.5 * (index->high - index->low);
}

static void bars_of_axes(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, uint32_t row, bar_list *out)
{
    const uxo_sweep_row *const from = &self->row[row];
    for (uint32_t j = 0; j < self->axes; j++) {
        const bool indices = self->design == UXO_DESIGN_SOBOL;
        const uxo_sensitivity_index *const index = indices ? &from->index.total[j] : &from->rank.coefficient[j];
        sensitivity_bar *const bar = &out->bar[out->count];
        *bar = (sensitivity_bar){.from = 0.0,
                                 .to = index->value,
                                 .from_half = NAN,
                                 .to_half = half_width(index),
                                 .second = NAN,
                                 .number = j};
        if (indices) {
            bar->second = from->index.first[j].value;
            bar->second_half = half_width(&from->index.first[j]);
        }
        snprintf(bar->label, sizeof bar->label, "%s", uxo_result_sweep_parameter(sweep, j));
        bar->size = fabs(bar->to);
        out->count += isnan(bar->to) ? 0 : 1;
    }
    out->least = self->design == UXO_DESIGN_SOBOL ? 0.0 : -1.0;
    out->most = 1.0;
}

/* From the lowest to the highest mean of each axis, their values named. */
static void bars_of_grid(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, uint32_t row, bar_list *out)
{
    const uxo_sweep_row *const from = &self->row[row];
    for (uint32_t j = 0; j < self->axes; j++) {
        const uxo_sweep_effect *low = NULL, *high = NULL;
        for (size_t k = 0; k < self->effects; k++) {
            const uxo_sweep_effect *const effect = &from->effect[k];
            if (effect->axis == j && !isnan(effect->difference)) {
                low = low == NULL || effect->difference < low->difference ? effect : low;
                high = high == NULL || effect->difference > high->difference ? effect : high;
            }
        }
        if (low != NULL) {
            sensitivity_bar *const bar = &out->bar[out->count++];
            *bar = (sensitivity_bar){.from = low->difference,
                                     .to = high->difference,
                                     .from_half = low->half,
                                     .to_half = high->half,
                                     .second = NAN,
                                     .size = high->difference - low->difference,
                                     .number = j};
            snprintf(bar->label, sizeof bar->label, "%s", uxo_result_sweep_parameter(sweep, j));
            text_fit(bar->note, sizeof bar->note, "%s ... %s", uxo_result_sweep_value(sweep, low->scenario, j),
                     uxo_result_sweep_value(sweep, high->scenario, j));
        }
    }
}

static void bars_of_list(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, uint32_t row, bar_list *out)
{
    const uxo_sweep_row *const from = &self->row[row];
    for (size_t k = 0; k < self->effects; k++) {
        const uxo_sweep_effect *const effect = &from->effect[k];
        if (!isnan(effect->difference) && effect->scenario != self->reference) {
            sensitivity_bar *const bar = &out->bar[out->count++];
            *bar = (sensitivity_bar){.from = 0.0,
                                     .to = effect->difference,
                                     .from_half = NAN,
                                     .to_half = effect->half,
                                     .second = NAN,
                                     .size = fabs(effect->difference),
                                     .number = (uint32_t)k};
            sweep_effect_label(sweep, effect, bar->label);
        }
    }
}

static void extend(bar_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const sensitivity_bar *const bar = &list->bar[i];
        const double low = bar->from - (isnan(bar->from_half) ? 0.0 : bar->from_half),
                     high = bar->to + (isnan(bar->to_half) ? 0.0 : bar->to_half);
        const double other = bar->to - (isnan(bar->to_half) ? 0.0 : bar->to_half);
        list->least = fmin(list->least, fmin(low, other));
        list->most = fmax(list->most, fmax(high, bar->from));
        if (!isnan(bar->second)) {
            list->least = fmin(list->least, bar->second - bar->second_half);
            list->most = fmax(list->most, bar->second + bar->second_half);
        }
    }
    if (!(list->most > list->least)) {
        list->most = list->least + 1.0;
    }
}

static bool take_bars(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, uint32_t row, bar_list *out)
{
    *out = (bar_list){.bar = calloc(self->axes + self->effects + 1, sizeof *out->bar)};
    if (out->bar == NULL) {
        return false;
    }
    if (self->row[row].known && self->design == UXO_DESIGN_GRID) {
        bars_of_grid(self, sweep, row, out);
    } else if (self->row[row].known && self->design == UXO_DESIGN_LIST) {
        bars_of_list(self, sweep, row, out);
    } else if (self->row[row].known) {
        bars_of_axes(self, sweep, row, out);
    }
    qsort(out->bar, out->count, sizeof *out->bar, larger_first);
    out->count = out->count < MOST_BARS ? out->count : MOST_BARS;
    extend(out);
    return true;
}

static void draw_interval(canvas *page, const figure_axis *axis, double value, double half, double y)
{
    if (!isnan(half)) {
        const double low = figures_axis_at(axis, value - half), high = figures_axis_at(axis, value + half);
        canvas_line(page, low, y, high, y, 2.4, COLOURS_PAPER);
        canvas_line(page, low, y, high, y, 1.0, COLOURS_INK);
    }
}

static void draw_one(canvas *page, const figure_axis *axis, double from, double to, double y, uint32_t rgb)
{
    const double a = figures_axis_at(axis, fmin(from, to)), b = figures_axis_at(axis, fmax(from, to));
    canvas_fill(page, a, y, b - a, 9, rgb);
    canvas_frame(page, a, y, b - a, 9, 0.5, COLOURS_INK);
}

static void draw_bar(canvas *page, const figure_axis *axis, const sensitivity_bar *bar, double y)
{
    const canvas_style name = {
        .size = 8, .bold = true, .align = CANVAS_RIGHT, .rgb = COLOURS_INK, .width = NAMES, .one_line = true};
    const canvas_style quiet = {
        .size = 6.5, .align = CANVAS_RIGHT, .rgb = COLOURS_QUIET, .width = NAMES, .one_line = true};
    canvas_text(page, FIGURE_MARGIN + NAMES, y + 1, bar->label, &name);
    canvas_text(page, FIGURE_MARGIN + NAMES, y + 12, bar->note, &quiet);
    draw_one(page, axis, bar->from, bar->to, y + 2, colours_cividis(0.85));
    draw_interval(page, axis, bar->from, bar->from_half, y + 6.5);
    draw_interval(page, axis, bar->to, bar->to_half, y + 6.5);
    if (!isnan(bar->second)) {
        draw_one(page, axis, 0.0, bar->second, y + 13, colours_cividis(0.2));
        draw_interval(page, axis, bar->second, bar->second_half, y + 17.5);
    }
}

/* Texts of one figure. */
typedef struct figure_words {
    char file[64], title[512], note[400], unit[160];
} figure_words;

/* Does every axis of a grid have all of its combinations? */
static bool all_sets(const uxo_sweep_sensitivity *self, const uxo_sweep_row *from)
{
    for (size_t k = 0; k < self->effects; k++) {
        if (from->effect[k].sets < from->effect[k].sets_of) {
            return false;
        }
    }
    return true;
}

static void describe_differences(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, uint32_t row,
                                 figure_words *words)
{
    const uxo_sweep_row *const from = &self->row[row];
    if (isnan(from->reference)) {
        snprintf(words->unit, sizeof words->unit, "%s less its mean", self->column);
    } else {
        snprintf(words->unit, sizeof words->unit, "%s less %.4g", self->column, from->reference);
    }
    snprintf(
        words->note, sizeof words->note, "%s 95 %% intervals of sampling%s.",
        self->design != UXO_DESIGN_GRID
            ? (uxo_result_sweep_facts(sweep)->baseline >= 0 ? "Reference: the baseline." : "Reference: scenario 1.")
        : all_sets(self, from) ? "Means by value of an axis, lowest and highest, over all values of the others."
                               : "Means by value of an axis, about its mean, over values of the others without a hole.",
        self->paired ? ", by common random numbers" : ", as of independent runs (too wide)");
}

static void describe(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, uint32_t row,
                     figure_spec *figure, figure_words *words)
{
    const uxo_sweep_row *const from = &self->row[row];
    const bool whole = row + 1 == self->rows;
    const char *const name = whole ? "the total" : uxo_result_sweep_row_name(sweep, row);
    if (whole) {
        snprintf(words->file, sizeof words->file, "chart-sensitivity");
    } else {
        snprintf(words->file, sizeof words->file, "chart-sensitivity-%u", row + 1);
    }
    text_fit(words->title, sizeof words->title,
             self->design == UXO_DESIGN_LIST ? "Differences from the reference: %s" : "What %s hangs on", name);
    if (self->design == UXO_DESIGN_SOBOL) {
        snprintf(words->unit, sizeof words->unit, "share of the variance between scenarios");
        snprintf(words->note, sizeof words->note,
                 "%s%u base rows. Sobol' indices of %s: light with all that it does together with others, dark by "
                 "itself. 95 %% intervals%s.",
                 from->index.converged ? "" : "NOT CONVERGED: ", from->index.base_rows, self->column,
                 from->index.replicates > 0 ? "" : " as if rows were independent");
    } else if (self->design == UXO_DESIGN_LATIN_HYPERCUBE) {
        snprintf(words->unit, sizeof words->unit, "standardised rank regression coefficient of %s", self->column);
        snprintf(words->note, sizeof words->note,
                 "Rank regression. 95 %% intervals. They explain %.0f %% of the variance of the ranks; these are no "
                 "Sobol' indices.",
                 100.0 * from->rank.determination);
    } else {
        describe_differences(self, sweep, row, words);
    }
    figure->file = words->file;
    figure->title = words->title;
    figure->unit = words->unit;
}

static void draw_page(canvas *page, const figures_source *source, const figure_spec *figure, const bar_list *list,
                      const char *note)
{
    const figure_axis axis = {.left = FIGURE_MARGIN + NAMES + 12,
                              .right = FIGURE_WIDTH - FIGURE_MARGIN - 12,
                              .first = list->least,
                              .last = list->most};
    const double bottom = FIGURE_HEAD + (double)list->count * ROW;
    figures_page(page, source, figure, note);
    figures_axis_draw(page, &axis, FIGURE_HEAD - 2, bottom, figure->unit);
    for (size_t i = 0; i < list->count; i++) {
        draw_bar(page, &axis, &list->bar[i], FIGURE_HEAD + (double)i * ROW);
    }
    const double zero = figures_axis_at(&axis, 0.0);
    canvas_line(page, zero, FIGURE_HEAD - 2, zero, bottom, 0.8, COLOURS_INK);
}

static uxo_status write_formats(const figures_source *source, const figure_spec *figure, const bar_list *list,
                                const char *note, const char *folder, uxo_report *report)
{
    const size_t size = strlen(folder) + 64;
    char *const path = malloc(size);
    char title[1024];
    uxo_status status = path != NULL ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    text_fit(title, sizeof title, "%s. %s", figure->title, source->title);
    const canvas_about about = {title, UXO_SENTENCE, source->program};
    for (int format = 0; format < CANVAS_FORMAT_COUNT && status == UXO_OK; format++) {
        canvas page;
        snprintf(path, size, "%s/%s.%s", folder, figure->file, canvas_extension((canvas_format)format));
        status = canvas_open(&page, &source->lib, (canvas_format)format, FIGURE_WIDTH,
                             FIGURE_HEAD + (double)list->count * ROW + AXIS_FOOT + FIGURE_FOOT, &about, report);
        if (status == UXO_OK) {
            draw_page(&page, source, figure, list, note);
            status = canvas_save(&page, &about, path, report);
        }
    }
    free(path);
    return status;
}

/* A figure's page of a sweep: no grid, no districts. */
static uxo_status open_source(figures_source *self, const uxo_sweep_result *sweep, const char *program,
                              uxo_report *report)
{
    const uxo_sweep_facts *const facts = uxo_result_sweep_facts(sweep);
    const char *const as_of = uxo_result_text(uxo_result_sweep_file(sweep), "/", "as_of");
    *self = (figures_source){
        .title = facts->title, .as_of = as_of != NULL ? as_of : "the day that each scenario says", .program = program};
    snprintf(self->origin, sizeof self->origin, "the collected sweep; its file names every input");
    char missing[48] = "";
    if (facts->missing > 0) {
        snprintf(missing, sizeof missing, ", %u of them MISSING", facts->missing);
    }
    snprintf(self->run, sizeof self->run, "%s, %u scenarios (%s)%s, each of %u realisations with seed %llu", program,
             facts->design_scenarios, facts->design, missing, facts->realisations, (unsigned long long)facts->seed);
    return canvas_library_open(&self->lib, report);
}

uxo_status sweep_sensitivity_figures(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, uint32_t row,
                                     const char *folder, const char *program, uxo_report *report)
{
    figures_source source;
    figure_spec figure = {0};
    bar_list list;
    figure_words words;
    if (!self->row[row].known) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "%s of %s: too few scenarios have a number to draw anything",
                        self->column, uxo_result_sweep_row_name(sweep, row));
    }
    UXO_TRY(open_source(&source, sweep, program, report));
    UXO_TRY(figures_make_folder(folder, report));
    if (!take_bars(self, sweep, row, &list)) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a figure");
    }
    uxo_status status = UXO_OK;
    if (list.count == 0) {
        status = uxo_fail(report, UXO_ERR_DATA, NULL,
                          "%s of %s does not vary between scenarios, or by noise alone: there is nothing to draw",
                          self->column, uxo_result_sweep_row_name(sweep, row));
    } else {
        describe(self, sweep, row, &figure, &words);
        status = write_formats(&source, &figure, &list, words.note, folder, report);
    }
    free(list.bar);
    return status;
}
