/* place.h - where a carrier's pattern comes to lie on a lattice. Not here: adding it up (patch.h). */
#ifndef UXOSIM_ENGINE_PLACE_H
#define UXOSIM_ENGINE_PLACE_H

#include "drawing.h"
#include "patch.h"

/* Points of a lattice on the map: `points` of them to a cell's side (1: its centre), or one in `stride` cells, at the
 * centres of columns 0, stride ... One of the two is 1. */
typedef struct uxo_lattice {
    uint32_t points, stride;
} uxo_lattice;

/* Points to a cell's side that a pattern with this smallest standard deviation needs: at least two to a standard
 * deviation, so that the relative error below is 0.004 at 4 standard deviations. */
uint32_t uxo_lattice_points(const uxo_grid *grid, double smallest_sd_m);

/* Narrower patterns are widened to this, in sides of what a point stands for. */
#define UXO_NARROWEST_SD 0.6454972243679028

/* A gaussian on a lattice: `amount` duds about (x_m, y_m) with this covariance, averaged over the point's share of a cell
 * (stride > 1: over a cell).
 * Model  the mean of a gaussian over a square of side h is nearly the gaussian with h^2/12 added to its variances; the
 *        relative error is h^4/(2880 sigma^4) (3 - 6 t^2 + t^4) per axis at t standard deviations. A pattern narrower
 *        than h/2 is drawn that wide: its duds are all there, a little farther apart */
typedef struct uxo_covariance {
    double xx, xy, yy; /* east, north [m2] */
} uxo_covariance;
uxo_placed_pattern uxo_place_gaussian(const uxo_grid *grid, uxo_lattice lattice, double x_m, double y_m,
                                      uxo_covariance covariance, double amount);

/* An oval or ring of `amount` duds about (x_m, y_m) on the lattice of the cells; every cell has its exact share. */
typedef struct uxo_oval_sizes {
    double along_m, across_m; /* semi-axes */
    double bearing_sin, bearing_cos;
    double inner, outer; /* edges, in sizes of the semi-axes */
} uxo_oval_sizes;
uxo_placed_pattern uxo_place_oval(const uxo_grid *grid, double x_m, double y_m, const uxo_oval_sizes *sizes,
                                  double amount);

/* The pattern of a carrier that has its place; `amount` duds of its load. The lattice: that of the cells, finer where a
 * gaussian is narrow, or one in `stride` cells, which is 1 where there are ovals (uxo_order_stride). */
uxo_placed_pattern uxo_place_carrier(const uxo_grid *grid, const uxo_drawn_carrier *carrier, double amount);
uxo_placed_pattern uxo_place_carrier_coarse(const uxo_grid *grid, uint32_t stride, const uxo_drawn_carrier *carrier,
                                            double amount);

/* Covariance of a gaussian with these standard deviations along and across a bearing (clockwise from grid north). */
uxo_covariance uxo_covariance_turned(double along_m, double across_m, double bearing_sin, double bearing_cos);

#endif
