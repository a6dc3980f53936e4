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

typedef struct uxo_agreement {
    bool rows;      /* every realisation's row of the districts holds what its draws make certain */
    bool districts; /* points of every column within their bound */
    bool zones;     /* points of every zone, too */
    bool cells;     /* points of every sample cell within theirs */
    bool map;       /* the map's total, too */
    double
        district_z; /* the largest |z| on the grid: (points - expected) / sqrt(expected), errors of squares included */
    double map_share;   /* |map's total - the districts'| / the districts' */
    double closed_form; /* z of the districts against a map in closed form, by their spread; NaN: there is none */
} uxo_agreement;

/* After the maps of a run by `expected-value`. */
void uxo_agreement_find(const uxo_scenario *scenario, const uxo_outcome *outcome, uxo_agreement *out);

/* |sum of independent trials - its mean| stays below this but for once in exp(level) / 2 times: Bernstein's inequality for
 * terms of at most `largest` about their means. */
double uxo_bernstein_bound(double level, double variance, double largest);

#endif
