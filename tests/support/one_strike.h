/* one_strike.h - what one strike leaves at a place, by quadrature over all that is uncertain about it: heading by 181
 * equidistant nodes, places and spreads by Gauss-Hermite, rates by Gauss-Jacobi, carriers and loads by enumeration, cells
 * by Gauss-Legendre. No random numbers. */
#ifndef UXOSIM_TESTS_ONE_STRIKE_H
#define UXOSIM_TESTS_ONE_STRIKE_H

#include "model_fixture.h"

/* Of the duds expected in a cell, given all draws but those of the submunitions: mean, mean square, and P(no dud). */
typedef struct strike_moments {
    double mean, square, none;
} strike_moments;

/* Of the cell whose centre lies (x, y) from the strike's reported place [m]. Constants, ranges and Betas only. */
strike_moments one_strike_by_quadrature(const model_fixture *fixture, const uxo_strike *strike, double x, double y);

/* A scenario of one strike at the middle of the grid: cells of 10 m, patterns of 60 m x 35 m, 50 submunitions of which a
 * tenth fail. Freed by fixture_free. */
uxo_strike *one_strike_begin(model_fixture *fixture);

#endif
