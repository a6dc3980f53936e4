/* claim.h - is a published number of duds consistent with what is claimed along with it: carriers, submunitions in each, failure rate.
 *
 * Model   fixed rate: of n submunitions each fails with probability m, independently: binomial(n, m).
 *         rate with a spread: every strike draws its own, p_s ~ Beta(m k, (1 - m) k), which all its carriers share; duds of a strike are
 *         beta-binomial, duds of all strikes the sum of independent ones. As many strikes as carriers: every carrier draws its own
 * Source  docs/model.md, One realisation; docs/claims.md. Johnson, Kemp and Kotz 2005, Univariate Discrete Distributions, 6.2.2
 *
 * Not here: what is not known of the claim's own numbers. The carriers, their load and the mean rate are taken as they are claimed.
 */
#ifndef UXOSIM_CLAIM_H
#define UXOSIM_CLAIM_H

#include "uxosim/error.h"

/* Above that many submunitions the law of a sum is not computed: memory. */
enum { UXO_CLAIM_MOST_SUBMUNITIONS = 5000000 };

typedef struct uxo_claim {
    uint32_t carriers;     /* >= 1, all of which opened */
    uint32_t submunitions; /* in each, >= 1; carriers x submunitions at most UXO_CLAIM_MOST_SUBMUNITIONS */
    uint32_t strikes;      /* 1 .. carriers: so many failure rates; carriers are dealt out evenly */
    uint32_t duds;         /* as claimed */
    double rate;           /* mean failure rate, above 0 and below 1 */
    double concentration;  /* k > 0 of the rates between strikes; NaN: not given, no law with a spread */
} uxo_claim;

/* The law of the number of duds, and where the claimed number stands in it. */
typedef struct uxo_claim_law {
    double mean, sd;
    double low,
        high; /* 5 % and 95 % quantiles: the smallest number that is not exceeded with at least that probability */
    double p_that_many; /* P(number >= claimed) */
    double p_that_few;  /* P(number <= claimed) */
} uxo_claim_law;

/* Relative error of the smaller of the two probabilities, while it is above 1e-290: products of characteristic functions, of laws tilted
 * so that the claimed number is their mean, and rounding. The larger one is 1 less a probability that is known as well. */
#define UXO_CLAIM_ERROR 1e-8

/* Fills both laws; `spread` with NaN where there is no concentration. The claim is within the bounds above. UXO_ERR_MEMORY. */
UXO_MUST_USE uxo_status uxo_claim_check(const uxo_claim *claim, uxo_claim_law *fixed, uxo_claim_law *spread,
                                        uxo_report *report);

#endif
