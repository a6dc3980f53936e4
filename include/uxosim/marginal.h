/* marginal.h - one strike averaged over everything that is uncertain about it, in closed form: sums of gaussians for the
 * mean and the mean square of the duds that it is expected to leave in a cell.
 *
 * Model   given a heading, carriers are independent and normal about a normal centre, so that the mean of F, of F^2 and of
 *         F_i F_j (F: a carrier's pattern integrated over a cell) are gaussians; headings are averaged by quadrature
 *         (docs/model.md#closed-form-maps)
 * Holds   for gaussian patterns of fixed size about one reported place with a normal error, where nothing is shared by
 *         strikes, and cells are small against the pattern
 * Errors  bounded for each strike, see below
 */
#ifndef UXOSIM_MARGINAL_H
#define UXOSIM_MARGINAL_H

#include "uxosim/scenario.h"

enum { UXO_MARGINAL_NODES = 49, UXO_MARGINAL_TERMS = UXO_MARGINAL_NODES * UXO_MAX_CHOICES };

/* amount x (gaussian density with this covariance about the strike's place) [m2, grid's east and north]. */
typedef struct uxo_marginal_term {
    double xx, xy, yy;
    double amount;
} uxo_marginal_term;

/* Sums over terms, with the density as a function of place [m-2], h the side of a cell:
 *
 * mean    h^2 sum: expected duds in a cell
 * pairs   h^4 sum: mean square of duds by pairs of different carriers
 * self    h^4 sum: mean square of duds by one carrier each
 *
 * self_taken: what P(no dud) has of `self`, as a share: E[n (n - 1) p^2] / E[n^2 p^2] of each term.
 */
typedef struct uxo_marginal {
    uint32_t count; /* of each of the three */
    uxo_marginal_term mean[UXO_MARGINAL_TERMS], pairs[UXO_MARGINAL_TERMS], self[UXO_MARGINAL_TERMS];
    double self_taken[UXO_MARGINAL_TERMS];
    bool certain;             /* nothing varies: the mean square is the square of the mean */
    double mean_peak;         /* duds per cell: no cell expects more of this strike */
    double mean_bound;        /* error of the mean, relative to its peak: quadrature, cells, rounding, cut-off tail */
    double probability_bound; /* error of ln P(no dud): that, and what the expansion leaves out */
} uxo_marginal;

/* Moments over what one strike of a munition draws, places and heading apart. K carriers, n submunitions, rate p. */
typedef struct uxo_load_moments {
    double mean;       /* E[K n p], existence and opening included */
    double pairs;      /* E[K (K - 1) n_i n_j p_i p_j] */
    double self;       /* E[K n^2 p^2] */
    double self_taken; /* E[n (n - 1) p^2] / E[n^2 p^2] */
    double sup;        /* about the largest K n p: high values, E[p^3] / E[p^2] */
} uxo_load_moments;

/* What is the same for strikes that are alike but for their place and heading: found for one, it serves the next ones. */
typedef struct uxo_marginal_memory {
    const uxo_strike *like; /* NULL: nothing is known yet */
    uxo_load_moments load[UXO_MAX_CHOICES];
    int angles; /* of the quadrature over headings: as many as it takes */
    double angle[UXO_MARGINAL_NODES], weight[UXO_MARGINAL_NODES];
    double of_peak,
        of_value; /* error of the mean, relative to its peak and to itself where it is at least 1 % of that */
} uxo_marginal_memory;

/* True when every strike of the scenario has a closed form. Else `why`: one phrase. */
bool uxo_marginal_applies(const uxo_scenario *scenario, const char **why);

/* Fills one strike's. cell_size_m is that of the scenario's grid. `memory` of the strike before, or empty. */
void uxo_marginal_of(const uxo_scenario *scenario, const uxo_strike *strike, uxo_marginal_memory *memory,
                     uxo_marginal *out);

/* What one strike leaves altogether: the mean of its square, and about the largest that there can be, of the duds that it
 * is expected to leave given its draws. For strikes to which the closed form applies. */
void uxo_marginal_total(const uxo_scenario *scenario, const uxo_strike *strike, uxo_marginal_memory *memory,
                        double *square, double *high);

#endif
