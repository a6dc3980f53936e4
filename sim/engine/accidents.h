/* accidents.h - accidents from duds that are points: drawn one by one, and expected given the points; the mean over realisations of a dud's
 * chance, for the map. Accidents expected of squares: expected_blocks.c. */
#ifndef UXOSIM_ENGINE_ACCIDENTS_H
#define UXOSIM_ENGINE_ACCIDENTS_H

#include "analog.h"

/* Where the accidents of one realisation are added up, [columns] each. Outside the grid nobody is known to live: nothing is added there. */
typedef struct uxo_accident_rows {
    uint32_t *accidents;      /* drawn; NULL: not wanted */
    double *chance;           /* expected given the points: sum of their chances */
    double *second_year;      /* one number: expected in the second year */
    uint64_t *zone_accidents; /* [columns of zones] drawn, in 255ths; NULL: no zones, or not wanted */
    double *zone_chance;      /* [columns of zones]; likewise */
    uint64_t *
        *of_cell; /* [tiles] NULL, or parts of accidents by cell, of the outcome (see uxo_outcome.accident_parts) */
} uxo_accident_rows;

/* The chances of a realisation, from its campaign draws, into the worker's table. */
void uxo_accidents_begin(uxo_worker *self, const uxo_scenario *scenario);

/* The duds of the lanes that have been scattered, thinned and counted (analog.c). */
void uxo_accidents_draw(uxo_worker *self, const uxo_scenario *scenario, uint32_t realisation,
                        const uxo_accident_rows *to);

/* outcome->chance: the mean over realisations. */
UXO_MUST_USE uxo_status uxo_accidents_mean(const uxo_scenario *scenario, int threads, uxo_outcome *outcome,
                                           uxo_report *report);

#endif
