/* summary_private.h - what the files that fill the district table share: what it is filled from. */
#ifndef UXOSIM_ENGINE_SUMMARY_PRIVATE_H
#define UXOSIM_ENGINE_SUMMARY_PRIVATE_H

#include <omp.h>

#include "uxosim/stats.h"
#include "uxosim/summary.h"

/* p_top1 and p_top3. */
enum { UXO_PODIUMS = 2 };

/* The first districts of one realisation: those above `last` are among them, those at `last` share what places are left. */
typedef struct uxo_first_places {
    double last, share;
} uxo_first_places;

/* A table of counts: of districts, which have whole duds and accidents, or of zones, which have 255ths. One of the two. */
typedef struct uxo_counts {
    const uint32_t *whole;
    const uint64_t *parts;
} uxo_counts;

/* What each realisation found in a set of areas: rows of `stride` numbers, of which `columns` are of the set. NULL: not with this estimator,
 * or without people. */
typedef struct uxo_findings {
    uint32_t areas, columns;
    size_t stride;
    uxo_counts duds, accidents;
    const double *conditional, *affected_ha, *people_affected, *accident_expectation, *accident_chance;
} uxo_findings;

/* What the rows are computed from, and memory for it. */
typedef struct uxo_filling {
    uxo_district_table *table;
    const uxo_scenario *scenario;
    const uxo_outcome *outcome;
    uxo_findings found;
    const double *weight;
    uint32_t realisations;
    double effective; /* realisations, as weighted */
    int threads;
    double *values;                       /* [realisations] of one row; of this thread, see uxo_filling_of_thread */
    uxo_weighted *scratch;                /* [realisations] likewise */
    double *duds, *accidents;             /* [areas] means of what is expected */
    double *ratio;                        /* [areas] accidents per affected hectare */
    double *per_accident[2];              /* [realisations] casualties, deaths; NULL: there are no people */
    uxo_first_places *first[UXO_PODIUMS]; /* [realisations] */
} uxo_filling;

/* What the calling thread of a team works with. */
static inline uxo_filling uxo_filling_of_thread(const uxo_filling *all)
{
    const size_t before = (size_t)omp_get_thread_num() * all->realisations;
    uxo_filling self = *all;
    self.values += before;
    self.scratch += before;
    return self;
}

/* Fills the first `rows` rows and the ranks of the areas; table, scenario, outcome, found and weight are set. */
UXO_MUST_USE uxo_status uxo_filling_rows(uxo_filling *self, uint32_t rows, uxo_report *report);

/* Of self->values; the second without quantiles. */
void uxo_filling_summarise(const uxo_filling *self, uxo_summary *summary);
void uxo_filling_moments(const uxo_filling *self, uxo_summary *summary);

/* Reals of one row of the table into self->values; the total is that of the grid, beyond which nothing is known of the ground. */
void uxo_filling_take_reals(const uxo_filling *self, const double *table, uint32_t row);

/* Ranks, and places among the first. */
void uxo_filling_ranks(const uxo_filling *self);

#endif
