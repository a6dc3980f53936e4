/* figures_page.c - what every figure says: above what, where, when and for whom; below what it is not, and where it comes from. */
#include <stdio.h>
#include <string.h>

#include "figures_private.h"

static const double INNER = FIGURE_WIDTH - 2 * FIGURE_MARGIN;

/* White on ink, so that nobody overlooks it. */
static void draw_audience(canvas *page, const figures_source *source)
{
    static const char text[] = "INTERNAL: not for publication";
    const canvas_style style = {.size = 8, .bold = true, .align = CANVAS_LEFT, .rgb = 0xffffff, .one_line = true};
    double width = 0.0;
    double height = 0.0;
    if (source->internal) {
        canvas_measure(page, text, &style, &width, &height);
        canvas_fill(page, FIGURE_MARGIN, 8, width + 10, height + 4, COLOURS_INK);
        canvas_text(page, FIGURE_MARGIN + 5, 10, text, &style);
    }
}

static void draw_head(canvas *page, const figures_source *source, const figure_spec *figure, const char *note)
{
    const canvas_style large = {.size = 14, .bold = true, .rgb = COLOURS_INK, .width = INNER, .one_line = true};
    const canvas_style plain = {.size = 9, .rgb = COLOURS_INK, .width = INNER, .one_line = true};
    const canvas_style quiet = {.size = 7.5, .rgb = COLOURS_QUIET, .width = INNER, .one_line = true};
    char when[256];
    snprintf(when, sizeof when, "%s up to %.40s. Unit: %s.",
             figure->of != NULL ? figure->of : "Remaining from the listed strikes", source->as_of, figure->unit);
    draw_audience(page, source);
    canvas_text(page, FIGURE_MARGIN, 24, figure->title, &large);
    canvas_text(page, FIGURE_MARGIN, 43, source->title, &plain);
    canvas_text(page, FIGURE_MARGIN, 56, when, &plain);
    if (note[0] != '\0') {
        canvas_text(page, FIGURE_MARGIN, 69, note, &quiet);
    }
}

/* Maps show cells, charts districts or axes; a sweep has no public copy. */
static const char *audience_of(const figures_source *source, const figure_spec *figure)
{
    if (source->result == NULL) {
        return "No cells and no strikes are shown.";
    }
    if (figure->layer == NULL) {
        return source->internal ? "Internal: of the result as it is; no cells and no strikes are shown."
                                : "Public: no cells and no strikes are shown. The digest is that of the public copy by "
                                  "`uxosim redact`.";
    }
    return source->internal ? "Internal: shows reported strikes and cells as they are."
                            : "Public: cells of at least 100 m, no strikes. The digest is that of the public copy by "
                              "`uxosim redact`.";
}

static void draw_foot(canvas *page, const figures_source *source, const figure_spec *figure)
{
    const canvas_style bold = {.size = 8, .bold = true, .rgb = COLOURS_INK, .width = INNER};
    const canvas_style quiet = {.size = 6.5, .rgb = COLOURS_QUIET, .width = INNER};
    char line[1200];
    double y = page->height - FIGURE_FOOT + 10;
    canvas_line(page, FIGURE_MARGIN, y - 4, FIGURE_WIDTH - FIGURE_MARGIN, y - 4, 0.5, COLOURS_QUIET);
    y += canvas_text(page, FIGURE_MARGIN, y, UXO_SENTENCE, &bold) + 3;
    if (figure->layer != NULL) {
        snprintf(line, sizeof line, "Reference system: %s. ", source->system);
    } else {
        line[0] = '\0';
    }
    const size_t used = strlen(line);
    snprintf(line + used, sizeof line - used, "Sources: %s.", source->origin);
    y += canvas_text(page, FIGURE_MARGIN, y, line, &quiet) + 1;
    snprintf(line, sizeof line, "Made by %s. %s", source->run, audience_of(source, figure));
    canvas_text(page, FIGURE_MARGIN, y, line, &quiet);
}

void figures_page(canvas *page, const figures_source *source, const figure_spec *figure, const char *note)
{
    draw_head(page, source, figure, note);
    draw_foot(page, source, figure);
}
