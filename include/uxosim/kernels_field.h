/* kernels_field.h - the innermost loops of `expected-value`: gaussians added to lattices by recurrence, statistics of
 * what was added, order statistics.
 *
 * A lattice is a square arrangement of points at unit distance, columns to the east, rows to the south. It is worked on
 * in strips of UXO_STRIP columns. Every instruction set gives the same bits: single IEEE operations and SLEEF's `cinz`
 * functions only.
 *
 * Not here: which gaussians there are (sim/engine/expected_*), what they mean (docs/model.md).
 */
#ifndef UXOSIM_KERNELS_FIELD_H
#define UXOSIM_KERNELS_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UXO_STRIP = 16 };

/* What lies beyond this value of q = d' C^-1 d is cut off: 1e-6 of a gaussian's mass. q = 2 ln 1e6. */
#define UXO_FIELD_CUT 27.631021115928547
#define UXO_FIELD_CUT_SHARE 1e-6
#define UXO_FIELD_WIDE_CUT (2.0 * UXO_FIELD_CUT)

/* weight exp(-q/2), q = g dx^2 + c (dy - lean dx)^2, about (x, y): the square completed, since the sum of products of a
 * long, oblique gaussian cancels to nothing but rounding. Where q exceeds `cut`: 0. That is UXO_FIELD_CUT or, for
 * squares of such gaussians, which are narrower, UXO_FIELD_WIDE_CUT: so that they end where the gaussian itself does. */
typedef struct uxo_gaussian {
    float x, y; /* of the centre, in the lattice's columns and rows */
    float g, lean, c;
    float weight;
    float decay; /* exp(-c) */
    float cut;
} uxo_gaussian;

/* How far a gaussian reaches: the ellipse q = cut. */
typedef struct uxo_gaussian_extent {
    float half_width, half_height; /* along columns and rows */
    float top_dx;                  /* where it is highest: the largest dy is at dx = top_dx */
} uxo_gaussian_extent;

/* Sums over realisations of one cell, about a shift: Welford's trick with a fixed reference, since sums of squares of
 * nearly equal numbers have no digits left. q = 1 - exp(-value - excess). */
typedef struct uxo_strip_sums {
    float *d, *dd; /* of value - shift, and its square */
    float *q, *qq;
} uxo_strip_sums;

/* One way to compute all of it. `rows` rows of a strip, 80 at most, `pitch` floats apart.
 *
 * add         adds the gaussian to the strip whose first point is at (column, row)
 *             Model  recurrence f(y+1) = f(y) g(y), g(y+1) = g(y) exp(-c), started anew often enough that neither
 *                    leaves the range of a float and rounding stays below 3e-5 relative
 * add_excess  the same, and to `excess` what a carrier with this load takes from ln P(no dud) beyond the value:
 *             -load ln(1 - p F) - value with p F = value / load, by its series: for p F < 0.01, 3e-7 of the loss
 * add_excess_of  the excess of values[count], exactly, of carriers with this load
 * remain      adds what remains of own[count], amounts of a carrier with this load, on points that are of several kinds:
 *             own x sum over kinds of weight[kind][count] x share[kind]; and to `excess`, but for NULL, what it has, as
 *             above: by the series for p F < 0.01, else exactly. count: a multiple of UXO_STRIP
 * accumulate  adds value - shift ... to the sums of `count` cells, a multiple of UXO_STRIP
 * select      for each of UXO_STRIP columns of values[count][stride] the rank-th smallest, rank from 1; values >= 0
 */
typedef struct uxo_field_kernels {
    const char *name;
    void (*add)(const uxo_gaussian *gaussian, float column, float row, uint32_t rows, float *values, size_t pitch);
    void (*add_excess)(const uxo_gaussian *gaussian, float load, float column, float row, uint32_t rows, float *values,
                       float *excess, size_t pitch);
    void (*add_excess_of)(const float *values, float load, float *excess, size_t count);
    void (*remain)(const float *own, const float *weight, const float *share, uint32_t kinds, float load, float *values,
                   float *excess, size_t count);
    void (*accumulate)(const float *values, const float *excess, const float *shift, const uxo_strip_sums *sums,
                       size_t count);
    void (*select)(const float *values, size_t count, size_t stride, const uint32_t *rank, uint32_t ranks, float *out);
} uxo_field_kernels;

/* As uxo_kernels_select. */
const uxo_field_kernels *uxo_field_kernels_select(const char *name);

/* A gaussian about (x, y) with this covariance [lattice units squared]; cxx cyy > cxy^2. Cut at UXO_FIELD_CUT. */
uxo_gaussian uxo_gaussian_make(double x, double y, double cxx, double cxy, double cyy, double weight);
uxo_gaussian_extent uxo_gaussian_extent_of(const uxo_gaussian *gaussian);
/* First and last row (inclusive, may be negative or beyond) that the gaussian reaches in the strip from `column`; false:
 * none. */
bool uxo_gaussian_rows(const uxo_gaussian *gaussian, const uxo_gaussian_extent *extent, float column, int *first,
                       int *last);

#endif
