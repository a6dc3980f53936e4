/* canvas_text.c - text of a canvas: laid out by Pango; drawn as glyphs in PNG and PDF, written as <text> in SVG, because
 * cairo would write outlines there. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "canvas_private.h"
#include "markup.h"

/* DejaVu Sans has Latin, Cyrillic, Armenian, Georgian, Hebrew and Arabic letters; Pango takes others from where there are some. */
#define FONT_FAMILY "DejaVu Sans"

void canvas_bytes_print(canvas_bytes *self, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof text) {
        self->failed = true;
        return;
    }
    canvas_bytes_add(self, text, (size_t)length);
}

static void escape(canvas_bytes *self, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char *const other = markup_xml_entity(text[i]);
        if (other != NULL) {
            canvas_bytes_add(self, other, strlen(other));
        } else {
            canvas_bytes_add(self, text + i, 1);
        }
    }
}

void canvas_bytes_escape(canvas_bytes *self, const char *text)
{
    escape(self, text, strlen(text));
}

/* Pango takes left and right for start and end: a right-to-left text is turned back, so that left is left. */
static PangoAlignment alignment(const canvas *self, PangoLayout *layout, const canvas_style *style)
{
    static const PangoAlignment of[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
    const bool rtl = self->lib->pango_layout_get_direction(layout, 0) == PANGO_DIRECTION_RTL;
    return of[rtl ? CANVAS_RIGHT - style->align : style->align];
}

/* The layout of one text; to be unreferenced. */
static PangoLayout *make_layout(canvas *self, const char *text, const canvas_style *style)
{
    PangoLayout *const layout = self->lib->pango_layout_new(self->context);
    PangoFontDescription *const font = self->lib->pango_font_description_new();
    self->lib->pango_font_description_set_family_static(font, FONT_FAMILY);
    self->lib->pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    self->lib->pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    self->lib->pango_layout_set_font_description(layout, font);
    self->lib->pango_font_description_free(font);
    if (style->width > 0.0) {
        self->lib->pango_layout_set_width(layout, (int)lround(style->width * PANGO_SCALE));
        self->lib->pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    }
    if (style->one_line) {
        self->lib->pango_layout_set_single_paragraph_mode(layout, TRUE);
        self->lib->pango_layout_set_ellipsize(layout, style->width > 0.0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
    }
    self->lib->pango_layout_set_auto_dir(layout, TRUE);
    self->lib->pango_layout_set_text(layout, text, -1);
    self->lib->pango_layout_set_alignment(layout, alignment(self, layout, style));
    return layout;
}

/* Left edge of the layout's box for the given point. */
static double box_left(double x, const canvas_style *style, double width)
{
    const double box = style->width > 0.0 ? style->width : width;
    return style->align == CANVAS_LEFT ? x : style->align == CANVAS_CENTRE ? x - box / 2.0 : x - box;
}

static double points(int pango_units)
{
    return (double)pango_units / PANGO_SCALE;
}

/* One line of a layout as <text>. textLength keeps it inside its place in a viewer with other fonts. */
static void write_line(canvas *self, const PangoLayoutLine *line, const char *text, double left, double baseline,
                       double width, const canvas_style *style)
{
    canvas_bytes *const out = &self->texts;
    const bool rtl = line->resolved_dir == PANGO_DIRECTION_RTL;
    if (line->length == 0 || width <= 0.0) {
        return;
    }
    canvas_bytes_print(out,
                       "<text x=\"%.2f\" y=\"%.2f\"%s font-family=\"" FONT_FAMILY
                       ", sans-serif\" font-size=\"%g\"%s fill=\"#%06x\"",
                       rtl ? left + width : left, baseline, rtl ? " direction=\"rtl\"" : "", style->size,
                       style->bold ? " font-weight=\"bold\"" : "", (unsigned)style->rgb);
    if (style->halo) {
        canvas_bytes_print(out,
                           " stroke=\"#ffffff\" stroke-width=\"1.6\" stroke-linejoin=\"round\" paint-order=\"stroke\"");
    }
    canvas_bytes_print(out, " textLength=\"%.2f\" lengthAdjust=\"spacingAndGlyphs\">", width);
    escape(out, text + line->start_index, (size_t)line->length);
    canvas_bytes_print(out, "</text>\n");
}

/* Texts that were cut at a width: as many letters as there is room for, and the ellipsis. */
static void write_cut(canvas *self, PangoLayout *layout, double left, double top, const canvas_style *style)
{
    PangoLayoutLine *const line = self->lib->pango_layout_get_line_readonly(layout, 0);
    const char *const text = self->lib->pango_layout_get_text(layout);
    int index = 0;
    int trailing = 0;
    char cut[512];
    const bool rtl = line->resolved_dir == PANGO_DIRECTION_RTL;
    PangoRectangle extent;
    self->lib->pango_layout_get_extents(layout, NULL, &extent);
    const int ellipsis = (int)lround(style->size * PANGO_SCALE);
    self->lib->pango_layout_line_x_to_index(line, rtl ? ellipsis : extent.width - ellipsis, &index, &trailing);
    snprintf(cut, sizeof cut, "%.*s\xE2\x80\xA6", index < 400 ? index : 0, text);
    PangoLayoutLine shown = *line;
    shown.start_index = 0;
    shown.length = (int)strlen(cut);
    write_line(self, &shown, cut, left + points(extent.x), top + points(self->lib->pango_layout_get_baseline(layout)),
               points(extent.width), style);
}

static void write_lines(canvas *self, PangoLayout *layout, double left, double top, const canvas_style *style)
{
    if (self->lib->pango_layout_is_ellipsized(layout)) {
        write_cut(self, layout, left, top, style);
        return;
    }
    PangoLayoutIter *const iter = self->lib->pango_layout_get_iter(layout);
    do {
        PangoRectangle extent;
        const PangoLayoutLine *const line = self->lib->pango_layout_iter_get_line_readonly(iter);
        self->lib->pango_layout_iter_get_line_extents(iter, NULL, &extent);
        write_line(self, line, self->lib->pango_layout_get_text(layout), left + points(extent.x),
                   top + points(self->lib->pango_layout_iter_get_baseline(iter)), points(extent.width), style);
    } while (self->lib->pango_layout_iter_next_line(iter));
    self->lib->pango_layout_iter_free(iter);
}

static void draw_glyphs(canvas *self, PangoLayout *layout, double left, double top, const canvas_style *style)
{
    if (style->halo) {
        self->lib->cairo_move_to(self->cairo, left, top);
        self->lib->pango_cairo_layout_path(self->cairo, layout);
        canvas_colour(self, 0xffffff);
        self->lib->cairo_set_line_width(self->cairo, 1.6);
        self->lib->cairo_set_line_join(self->cairo, CAIRO_LINE_JOIN_ROUND);
        self->lib->cairo_stroke(self->cairo);
    }
    canvas_colour(self, style->rgb);
    self->lib->cairo_move_to(self->cairo, left, top);
    self->lib->pango_cairo_show_layout(self->cairo, layout);
}

double canvas_text(canvas *self, double x, double y, const char *text, const canvas_style *style)
{
    int width = 0;
    int height = 0;
    PangoLayout *const layout = make_layout(self, text, style);
    self->lib->pango_layout_get_size(layout, &width, &height);
    const double left = box_left(x, style, points(width));
    if (self->format == CANVAS_SVG) {
        write_lines(self, layout, left, y, style);
    } else {
        draw_glyphs(self, layout, left, y, style);
    }
    self->lib->g_object_unref(layout);
    return points(height);
}

void canvas_text_turned(canvas *self, double x, double y, const char *text, const canvas_style *style)
{
    static const double quarter = 1.57079632679489661923;
    canvas_style plain = *style;
    plain.align = CANVAS_CENTRE;
    if (self->format == CANVAS_SVG) {
        canvas_bytes_print(&self->texts, "<g transform=\"translate(%.2f %.2f) rotate(-90)\">", x, y);
        canvas_text(self, 0.0, 0.0, text, &plain);
        canvas_bytes_print(&self->texts, "</g>\n");
        return;
    }
    self->lib->cairo_save(self->cairo);
    self->lib->cairo_translate(self->cairo, x, y);
    self->lib->cairo_rotate(self->cairo, -quarter);
    canvas_text(self, 0.0, 0.0, text, &plain);
    self->lib->cairo_restore(self->cairo);
}

void canvas_measure(canvas *self, const char *text, const canvas_style *style, double *width, double *height)
{
    int wide = 0;
    int high = 0;
    PangoLayout *const layout = make_layout(self, text, style);
    self->lib->pango_layout_get_size(layout, &wide, &high);
    *width = points(wide);
    *height = points(high);
    self->lib->g_object_unref(layout);
}
