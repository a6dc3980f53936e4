/* marginal_angles.h - private to sim/model: quadrature over the heading of a strike. */
#ifndef UXOSIM_MODEL_MARGINAL_ANGLES_H
#define UXOSIM_MODEL_MARGINAL_ANGLES_H

#include "uxosim/scenario.h"

/* GSL and libm are behind nodes, weights and moments: rounded so that they do not depend on the processor. */
enum { MARGINAL_DIGITS = 12 };

/* Rules from coarse to fine; the last one only checks the one before. */
enum { MARGINAL_LEVELS = 4, MARGINAL_MOST_ANGLES = 97 };

/* Angles from the reported heading [rad] and their weights, which add up to 1. */
typedef struct marginal_angles {
    int count;
    double angle[MARGINAL_MOST_ANGLES], weight[MARGINAL_MOST_ANGLES];
} marginal_angles;

/* A normal error: Gauss-Hermite's nodes, or equidistant ones where it is wide. Unknown: equidistant. Known exactly: one. */
void marginal_angles_of(const uxo_strike *strike, int level, marginal_angles *rule);

#endif
