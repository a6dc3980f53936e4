/* strip.h - the share of one carrier's duds that lies on a strip along a straight segment. Not here: which carriers, which strips (walk.c). */
#ifndef UXOSIM_ENGINE_STRIP_H
#define UXOSIM_ENGINE_STRIP_H

#include "drawing.h"
#include "uxosim/lines.h"

/* A carrier's pattern: where it lies, and in what measure it is the unit normal or even between two circles. */
typedef struct uxo_strip_carrier {
    double x_m, y_m, sine, cosine; /* of the bearing, clockwise from grid north */
    double along_m, across_m;      /* standard deviations or semi-axes */
    bool is_oval;
    double inner, outer; /* of an oval: its edges, in semi-axes */
    double reach_m;      /* farther than this lies nothing that is added up */
} uxo_strip_carrier;

/* Of a carrier that opened and has its place. */
uxo_strip_carrier uxo_strip_carrier_of(const uxo_drawn_carrier *carrier);

/* Share on the rectangle of this width about the segment: of a gaussian within 1e-6 of the densest such strip, of ovals and rings exact. */
double uxo_strip_share(const uxo_strip_carrier *self, const uxo_segment *segment, double width_m);

#endif
