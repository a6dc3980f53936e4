/* ranking.h - how sure an order of districts is: the rank of each over realisations, and for every two of them how often one is before the
 * other.
 *
 * Model   in each realisation districts are ranked by what it expects of them given all draws but the last (conditional expectations, not
 *         single counts); 1 is most, those that tie share the mean of their ranks
 */
#ifndef UXOSIM_RANKING_H
#define UXOSIM_RANKING_H

#include "uxosim/error.h"

/* By what districts are ranked. */
#define UXO_RANKINGS(X)                             \
    X(DUDS, "duds", "expected duds")                \
    X(ACCIDENTS, "accidents", "expected accidents") \
    X(ACCIDENTS_PER_HA, "accidents_per_affected_ha", "expected accidents per affected hectare")

typedef enum uxo_ranking_criterion {
#define X(id, name, sentence) UXO_RANKED_BY_##id,
    UXO_RANKINGS(X)
#undef X
        UXO_RANKING_COUNT
} uxo_ranking_criterion;

const char *uxo_ranking_name(uxo_ranking_criterion criterion);     /* "duds" */
const char *uxo_ranking_sentence(uxo_ranking_criterion criterion); /* "expected duds" */

/* More districts than this are ranked, but not compared two by two. */
enum { UXO_MOST_COMPARED = 512 };

/* Two districts are told apart where one is before the other with this probability. */
#define UXO_SEPARATED 0.9

/* Owned. */
typedef struct uxo_ranking {
    uint32_t districts; /* 0: there is none */
    double *expected;   /* [districts] mean rank */
    double *low, *high; /* [districts] its 5 % and 95 % quantiles */
    double *before;     /* [districts][districts] P(row is before column), ties half; NULL: too many */
} uxo_ranking;

/* What districts are ranked by. */
typedef struct uxo_ranking_values {
    const double *value; /* [realisation * stride + district] */
    size_t stride;
    uint32_t realisations;
    const double *weight; /* [realisation], or NULL */
} uxo_ranking_values;

/* False: out of memory. */
UXO_MUST_USE bool uxo_ranking_make(uxo_ranking *self, const uxo_ranking_values *values, uint32_t districts,
                                   int threads);
void uxo_ranking_free(uxo_ranking *self);

#endif
