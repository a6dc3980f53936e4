/* variance.h - where the spread of a result comes from: shares of groups of draws in the variance of each district's and of the total
 * number of duds, and of the logarithm of the accidents expected of them.
 *
 * Model   first-order share S_g = Var(E[Y | g]) / Var(Y), what would vanish on average if group g were known; total share
 *         T_g = E[Var(Y | all but g)] / Var(Y), what would remain if all else were known. Groups are of draws that do not depend on each
 *         other (UXO_DRAW_GROUPS), so that shares have a meaning; the sum of S_g is at most 1 and what it lacks is interaction
 * Source  Sobol' 2001, Math. Comput. Simul. 55:271; S by Saltelli et al. 2010, Comput. Phys. Commun. 181:259, T by Jansen 1999,
 *         Comput. Phys. Commun. 117:35. Errors by the jackknife over pairs of realisations
 *
 * Not here: what a group is (rng.h).
 */
#ifndef UXOSIM_VARIANCE_H
#define UXOSIM_VARIANCE_H

#include "uxosim/error.h"
#include "uxosim/scenario.h"

/* Shares of one group in the variance of one quantity; NaN where there is no variance, or where it hangs on fewer than
 * five values or half of the pairs: their number over their kurtosis. */
typedef struct uxo_variance_share {
    double first, first_se;
    double total, total_se;
} uxo_variance_share;

/* From n pairs: a and b of two realisations, c of the first with one group of draws of the second. n >= 3. */
uxo_variance_share uxo_variance_share_of(const double *a, const double *b, const double *c, size_t n);

/* Share of one quantity that is drawn once per realisation, of the total number of duds. */
typedef struct uxo_variance_item {
    double first, first_se;
} uxo_variance_item;

/* First-order share of an input in the variance of y, from n realisations that were drawn anyhow: x[i * stride] and y[i]; inputs are
 * independent of each other. NaN for fewer than 80, or where y does not vary. False: out of memory.
 * Model   variance between sqrt(n)/2 slices of equal numbers of sorted inputs, less what chance puts there (omega squared); a lower bound,
 *         since what happens within a slice is left out: 1 / slices^2 of it for an even slope. Error by the jackknife over 20 groups
 * Source  Plischke, Borgonovo and Smith 2013, Eur. J. Oper. Res. 226:536 (given-data estimators) */
UXO_MUST_USE bool uxo_variance_item_share(const double *x, size_t stride, const double *y, size_t n,
                                          uxo_variance_item *out);

/* Fewer accidents than this are as good as none. ASSUMED: one in a hundred in the first year. */
#define UXO_LEAST_ACCIDENTS 0.01

/* What a run has found. Owned. Rows are those of the district table: districts, outside every district, outside the grid, total. */
typedef struct uxo_variance {
    uint32_t pairs; /* 0: not asked for */
    uint32_t rows;
    uxo_variance_share *duds; /* [UXO_GROUP_COUNT][rows] */
    /* Of ln max(accidents expected of the duds, UXO_LEAST_ACCIDENTS), since accidents span orders of magnitude; NULL: nobody is there */
    uxo_variance_share *log_accidents;
    uxo_variance_item *item;           /* [campaign_count] shares in the total */
    uxo_variance_item *item_accidents; /* likewise, of the logarithm of accidents; NULL: nobody is there */
    /* Had every strike drawn its own mean failure rates: */
    double *independent_sd;          /* [rows] */
    double *independent_quantile[3]; /* [rows] each, at scenario->quantile */
} uxo_variance;

void uxo_variance_free(uxo_variance *self);

#endif
