/* lines.h - lines on the ground, as straight segments in the grid's system: a path that somebody walks. */
#ifndef UXOSIM_LINES_H
#define UXOSIM_LINES_H

#include "uxosim/layers.h"

typedef struct uxo_segment {
    double x0_m, y0_m, x1_m, y1_m; /* longer than 0 */
} uxo_segment;

typedef struct uxo_lines {
    uxo_segment *segment; /* owned */
    size_t count;
} uxo_lines;

/* Reads all lines of a vector layer (any format and system that GDAL knows; `file` may end in |layername=NAME) one after the other; curves
 * become chords. Between vertices a line is straight on the grid. Errors: features that are not lines, a file without any. */
UXO_MUST_USE uxo_status uxo_lines_read(uxo_lines *self, const uxo_crs *crs, const char *file, const uxo_place *place,
                                       uxo_report *report);
void uxo_lines_free(uxo_lines *self);

/* Cuts off what lies off the grid. */
void uxo_lines_clip(uxo_lines *self, const uxo_grid *grid);

/* Cuts every segment where it crosses from one cell into another: each piece then lies in one cell, that of its middle. False: out of memory. */
bool uxo_lines_cut(uxo_lines *self, const uxo_grid *grid);

double uxo_segment_length_m(const uxo_segment *self);
double uxo_lines_length_m(const uxo_lines *self);

#endif
