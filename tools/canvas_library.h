/* canvas_library.h - cairo and Pango, loaded when a figure is drawn.
 *
 * They bring some thirty libraries, whose loading would add a third to the start of every command (docs/decisions/0007-gdal-when-needed.md has the
 * same of GDAL). So the program is not linked to them: whoever draws calls their functions through this struct.
 */
#ifndef UXOSIM_TOOLS_CANVAS_LIBRARY_H
#define UXOSIM_TOOLS_CANVAS_LIBRARY_H

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <pango/pangocairo.h>

#include "uxosim/error.h"

/* Every function of theirs that uxosim calls. A new one is added here. */
/* clang-format off */
#define CANVAS_FUNCTIONS(X) \
    X(cairo_arc) X(cairo_clip) X(cairo_close_path) X(cairo_create) X(cairo_destroy) X(cairo_fill) \
    X(cairo_fill_preserve) X(cairo_font_options_create) X(cairo_font_options_destroy) \
    X(cairo_font_options_set_antialias) X(cairo_font_options_set_hint_metrics) X(cairo_font_options_set_hint_style) \
    X(cairo_get_source) X(cairo_image_surface_create) X(cairo_image_surface_get_data) \
    X(cairo_image_surface_get_stride) X(cairo_line_to) X(cairo_move_to) X(cairo_new_path) X(cairo_paint) \
    X(cairo_pattern_set_filter) X(cairo_pdf_surface_create_for_stream) X(cairo_pdf_surface_set_metadata) \
    X(cairo_rectangle) X(cairo_restore) X(cairo_rotate) X(cairo_save) X(cairo_scale) X(cairo_set_dash) \
    X(cairo_set_line_cap) X(cairo_set_line_join) X(cairo_set_line_width) X(cairo_set_source_rgb) \
    X(cairo_set_source_surface) X(cairo_status) X(cairo_status_to_string) X(cairo_stroke) X(cairo_stroke_preserve) \
    X(cairo_surface_destroy) X(cairo_surface_finish) X(cairo_surface_flush) X(cairo_surface_mark_dirty) \
    X(cairo_surface_set_device_scale) X(cairo_surface_status) X(cairo_surface_write_to_png_stream) \
    X(cairo_svg_surface_create_for_stream) X(cairo_svg_surface_set_document_unit) X(cairo_translate) \
    X(g_object_unref) X(pango_cairo_context_set_font_options) X(pango_cairo_font_map_new) \
    X(pango_cairo_font_map_set_resolution) X(pango_cairo_layout_path) X(pango_cairo_show_layout) \
    X(pango_cairo_update_context) X(pango_context_set_round_glyph_positions) X(pango_font_description_free) \
    X(pango_font_description_new) X(pango_font_description_set_absolute_size) \
    X(pango_font_description_set_family_static) X(pango_font_description_set_weight) \
    X(pango_font_map_create_context) X(pango_layout_get_baseline) X(pango_layout_get_direction) \
    X(pango_layout_get_extents) X(pango_layout_get_iter) X(pango_layout_get_line_readonly) X(pango_layout_get_size) \
    X(pango_layout_get_text) X(pango_layout_is_ellipsized) X(pango_layout_iter_free) \
    X(pango_layout_iter_get_baseline) X(pango_layout_iter_get_line_extents) X(pango_layout_iter_get_line_readonly) \
    X(pango_layout_iter_next_line) X(pango_layout_line_x_to_index) X(pango_layout_new) X(pango_layout_set_alignment) \
    X(pango_layout_set_auto_dir) X(pango_layout_set_ellipsize) X(pango_layout_set_font_description) \
    X(pango_layout_set_single_paragraph_mode) X(pango_layout_set_text) X(pango_layout_set_width) \
    X(pango_layout_set_wrap)
/* clang-format on */

typedef struct canvas_library {
#define X(name) __typeof__(name) *name;
    CANVAS_FUNCTIONS(X)
#undef X
} canvas_library;

/* Loads them, or finds that they are loaded already; they stay until the program ends. An error when this machine has none. */
UXO_MUST_USE uxo_status canvas_library_open(canvas_library *self, uxo_report *report);

#endif
