/* agreement.h - the two estimators against each other: points, which `expected-value` draws too, against what it
 * integrates. They share every draw but the last, so that what is left is a sum of independent trials.
 *
 * Every bound that can fail a run is an inequality that holds for any number of realisations, at a false-alarm rate of
 * 1e-9 a run and bound (docs/model.md#what-a-run-checks), or the error of a sum over squares. Not here: the run's other checks
 * (self_check.c).
 */
#ifndef UXOSIM_ENGINE_AGREEMENT_H
#define UXOSIM_ENGINE_AGREEMENT_H

#include "uxosim/engine.h"

/* ln of twice the inverse of the false-alarm rate of a bound, 1e-9 a run. */
#define UXO_AGREEMENT_LEVEL 21.416413017506358

/* How near sums over the squares of the districts are to integrals, of all that is expected. */
typedef struct uxo_squares_error {
    double sum;     /* over all squares */
    double row;     /* the same in one realisation, which may have drawn an uncommonly narrow pattern */
    double border;  /* on the wrong side of borders along the squares */
    bool edges_fit; /* the grid's edges are edges of squares */
} uxo_squares_error;

uxo_squares_error uxo_squares_error_of(const uxo_scenario *scenario);

typedef struct uxo_agreement {
    bool rows;      /* every realisation's row of the districts holds what its draws make certain */
    bool districts; /* points of every column within their bound */
    bool zones;     /* points of every zone, too */
    bool cells;     /* points of every sample cell within theirs */
    bool map;       /* the map's total, too */
    double
        district_z; /* the largest |z| on the grid: (points - expected) / sqrt(expected), errors of squares included; with a
                       surface against the map */
    double map_share;   /* |map's total - the districts'| / the districts' */
    double closed_form; /* z of the districts against a map in closed form, by their spread; NaN: there is none */
} uxo_agreement;

/* After the maps of a run by `expected-value`. */
void uxo_agreement_find(const uxo_scenario *scenario, const uxo_outcome *outcome, uxo_agreement *out);

/* |sum of independent trials - its mean| stays below this but for once in exp(level) / 2 times: Bernstein's inequality for
 * terms of at most `largest` about their means. */
double uxo_bernstein_bound(double level, double variance, double largest);

/* Accidents drawn against what the duds of the same realisations let expect (both estimators), and that against what is expected without
 * points, over squares (`expected-value`); where there are people. */
typedef struct uxo_accident_agreement {
    bool drawn, squares;       /* within their bounds, column by column */
    double drawn_z, squares_z; /* largest; without any allowance for squares. squares_z is NaN with `analog` */
} uxo_accident_agreement;

void uxo_agreement_of_accidents(const uxo_scenario *scenario, const uxo_outcome *outcome, uxo_accident_agreement *out);

/* What is found in zones. */
typedef struct uxo_zone_agreement {
    bool held; /* no dud or accident on the grid is lost between zones, and none counts more than whole in one; exact */
    bool accidents; /* drawn accidents of every zone within their bound */
    bool expected;  /* points of every zone within their bound of what is expected; true with `analog` */
} uxo_zone_agreement;

void uxo_agreement_of_zones(const uxo_scenario *scenario, const uxo_outcome *outcome, uxo_zone_agreement *out);

#endif
