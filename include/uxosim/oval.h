/* oval.h - filled ovals and rings on a lattice: the share of theirs that lies in each cell, exactly.
 *
 * Cells are the unit squares about the lattice's points, columns to the east, rows to the south; they are worked on in
 * strips of UXO_STRIP columns, as those of gaussians are (kernels_field.h). Not here: what a pattern is (docs/model.md),
 * where carriers come down (sim/engine/place.h).
 *
 * Model   duds lie evenly between two ellipses of one centre and one proportion; without the inner one: an ellipse
 * Source  sheared and scaled the ellipse is the unit circle and a cell a parallelogram. G(u, t), the area of the circle
 *         above t and left of the line u, is made of (t sqrt(1 - t^2) + asin t) / 2 at t and where the line meets the
 *         circle; a cell is a second difference of G
 */
#ifndef UXOSIM_OVAL_H
#define UXOSIM_OVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "uxosim/kernels_field.h"
#include "uxosim/scenario.h"

/* About its centre, wherever that is. The reference ellipse has the pattern's semi-axes. */
typedef struct uxo_oval {
    float half_height;  /* of the reference ellipse, rows */
    float half_chord;   /* half its width in the row of its centre, columns */
    float lean;         /* how far the middle of its lowest row lies to the east of the centre, in half chords */
    float inner, outer; /* edges, in sizes of the reference ellipse; inner 0: there is no hole */
    float amount;       /* duds on all of it */
} uxo_oval;

/* Semi-axes along and across, their squares turned to the lattice (see uxo_covariance) and their product
 * [lattice units squared]. */
uxo_oval uxo_oval_make(double xy, double yy, double product, double inner, double outer, double amount);

/* Half its width and half its height [columns, rows]. */
void uxo_oval_reach(const uxo_oval *oval, float *half_width, float *half_height);

/* One of the two ellipses against the vertical lines between the columns of a strip, in its unit circle. */
typedef struct uxo_oval_edge {
    double u[UXO_STRIP + 1];                                 /* of the lines; negative: west of the centre */
    double from[UXO_STRIP + 1], to[UXO_STRIP + 1];           /* where they enter and leave; 1, 1: they pass by */
    double area_from[UXO_STRIP + 1], area_to[UXO_STRIP + 1]; /* the integral there */
    double above[UXO_STRIP + 1], below[UXO_STRIP + 1]; /* 2: what lies above `from` (below `to`) is west; else 0 */
    double first, last;                                /* the ellipse meets the strip between these */
    double full_first, full_last;                      /* and fills it between these; first > last: nowhere */
    double square;                                     /* of its size, in sizes of the reference ellipse */
} uxo_oval_edge;

/* A strip that an oval meets. */
typedef struct uxo_oval_strip {
    double half_lean;
    double duds;     /* by area of the reference ellipse's unit circle */
    double cell;     /* that area of a whole cell, */
    float full;      /* and duds in one that is full */
    int first, last; /* rows that the oval meets; may be negative or beyond */
    bool has_hole;
    uxo_oval_edge outer, inner;
} uxo_oval_strip;

/* Rows at most that are looked at together. */
enum { UXO_OVAL_ROWS = 80 };

/* Where the lines above and below some rows are in the two ellipses, and the integral there. */
typedef struct uxo_oval_rows {
    double outer[UXO_OVAL_ROWS + 1], inner[UXO_OVAL_ROWS + 1];
    double outer_area[UXO_OVAL_ROWS + 1], inner_area[UXO_OVAL_ROWS + 1];
} uxo_oval_rows;

/* The strip of columns column ... column + UXO_STRIP - 1, the oval's centre at (x, y). False: the oval does not meet it. */
bool uxo_oval_strip_of(const uxo_oval *oval, double x, double y, double column, uxo_oval_strip *out);

/* Rows row ... row + rows - 1, the oval's centre in row y. */
void uxo_oval_rows_of(const uxo_oval *oval, double y, int row, uint32_t rows, uxo_oval_rows *out);

/* Duds in each cell of the strip in `count` of those rows, from the one with index `from`: values[count][UXO_STRIP]. */
void uxo_oval_fill(const uxo_oval_strip *strip, const uxo_oval_rows *rows, uint32_t from, uint32_t count,
                   float *values);

/* The edges of a munition's pattern, in sizes of its semi-axes; width: of a ring. */
static inline double uxo_oval_inner(uxo_shape shape, double width)
{
    return shape == UXO_SHAPE_RING && width < 2.0 ? 1.0 - 0.5 * width : 0.0;
}

static inline double uxo_oval_outer(uxo_shape shape, double width)
{
    return shape == UXO_SHAPE_RING ? 1.0 + 0.5 * width : 1.0;
}

/* May any strike leave one? */
bool uxo_oval_occurs(const uxo_scenario *scenario);

#endif
