/* canvas.h - a page to draw on, written as PNG (300 dpi), SVG or PDF. The only cairo and Pango in the project.
 *
 * Units are points (1/72 inch), y points down. Text is real text in PDF and SVG, shaped by Pango in any script and
 * direction. Equal drawings give equal bytes: no dates, no random names. Not here: what is drawn (figures*.c).
 */
#ifndef UXOSIM_TOOLS_CANVAS_H
#define UXOSIM_TOOLS_CANVAS_H

#include "canvas_library.h"

typedef enum canvas_format { CANVAS_PNG, CANVAS_SVG, CANVAS_PDF, CANVAS_FORMAT_COUNT } canvas_format;

/* "png", "svg", "pdf". */
const char *canvas_extension(canvas_format format);

/* Bytes that grow. */
typedef struct canvas_bytes {
    unsigned char *data;
    size_t size, capacity;
    bool failed; /* out of memory */
} canvas_bytes;

typedef struct canvas {
    const canvas_library *lib; /* borrowed */
    cairo_t *cairo;            /* for lines, areas and images */
    canvas_format format;
    double width, height;
    cairo_surface_t *surface;
    PangoFontMap *fonts;
    PangoContext *context;
    canvas_bytes file;  /* what cairo writes */
    canvas_bytes texts; /* <text> elements of an SVG, which cairo would turn into outlines */
} canvas;

/* Title and description stand in the file for those who cannot see it. UXO_ERR_MEMORY when there is none. */
typedef struct canvas_about {
    const char *title, *description, *program;
} canvas_about;

UXO_MUST_USE uxo_status canvas_open(canvas *self, const canvas_library *lib, canvas_format format, double width,
                                    double height, const canvas_about *about, uxo_report *report);
/* Drops it. */
void canvas_abandon(canvas *self);
/* Ends the drawing and writes the file, whole or not at all. Frees the canvas in any case. */
UXO_MUST_USE uxo_status canvas_save(canvas *self, const canvas_about *about, const char *path, uxo_report *report);

typedef enum canvas_align { CANVAS_LEFT, CANVAS_CENTRE, CANVAS_RIGHT } canvas_align;

typedef struct canvas_style {
    double size; /* of the letters, points */
    bool bold;
    bool halo; /* an edge of paper about the letters, to be read on a map */
    canvas_align align;
    uint32_t rgb;
    double width; /* to wrap at, or to cut at with an ellipsis when `one_line`; 0: neither */
    bool one_line;
} canvas_style;

/* Text with its upper edge at y; x is its left edge, middle or right edge, as `align` says. With a width and any other
 * alignment than left, x is still that point. Returns the height. */
double canvas_text(canvas *self, double x, double y, const char *text, const canvas_style *style);
/* The same, turned to be read from the right-hand side: upwards, its middle at y, its upper edge at x. Latin letters only. */
void canvas_text_turned(canvas *self, double x, double y, const char *text, const canvas_style *style);
/* The size it would have. */
void canvas_measure(canvas *self, const char *text, const canvas_style *style, double *width, double *height);

void canvas_colour(canvas *self, uint32_t rgb);
void canvas_line(canvas *self, double x0, double y0, double x1, double y1, double thickness, uint32_t rgb);
void canvas_fill(canvas *self, double x, double y, double width, double height, uint32_t rgb);
void canvas_frame(canvas *self, double x, double y, double width, double height, double thickness, uint32_t rgb);
/* Diagonal hatching: no data. */
void canvas_hatch(canvas *self, double x, double y, double width, double height, uint32_t rgb);

#endif
