/* sixty_strikes.h - sixty strikes that lie out of each other's reach, at the centres of squares of 800 m: cells at the same
 * place beside each of them are independent and have one law. */
#ifndef UXOSIM_TESTS_SIXTY_STRIKES_H
#define UXOSIM_TESTS_SIXTY_STRIKES_H

#include "map_run.h"

enum { ACROSS = 10, DOWN = 6, STRIKES = ACROSS * DOWN, APART = 80 }; /* APART [cells] */

/* A grid of cells of 10 m with room for all. */
void sixty_begin(model_fixture *fixture, uint32_t realisations, uint64_t seed);

/* Load, rates that vary between strikes, and spread of carriers; patterns are the test's. */
void sixty_munition(uxo_munition *munition);

/* The next strike, number i from the south-west: number of carriers, confidence and heading are uncertain. */
uxo_strike *sixty_strike(model_fixture *fixture, int i);

/* Plane 0 of a layer in the cell so many cells east and south of a strike's. */
double sixty_beside(const map_run *run, uxo_layer layer, int strike, const int place[2]);

#endif
