/* compare_private.h - private to compare*.c: the two sides of a comparison. */
#ifndef UXOSIM_RESULT_COMPARE_PRIVATE_H
#define UXOSIM_RESULT_COMPARE_PRIVATE_H

#include "uxosim/compare.h"

/* One of the two results. */
typedef struct compare_side {
    uxo_result *result;       /* borrowed */
    uxo_district_table table; /* owned */
    const double *weight;     /* [realisations]; NULL: ones */
    double whole;             /* their sum */
    uint32_t realisations;    /* 0: the file does not say what single ones found */
    uint32_t *row;            /* [rows of the comparison] row of the table; owned */
} compare_side;

/* What each realisation found, of one side. value[realisation * columns + row]; columns: districts + 2. */
typedef struct compare_table {
    const double *value; /* NULL: not in the file, or not of all realisations */
    size_t columns;
} compare_table;

compare_table compare_table_of(const compare_side *side, const char *name);
/* Of a realisation, row of the side's table of districts; the last is the total, without what is unknown. */
double compare_value_at(const compare_side *side, const compare_table *table, size_t realisation, uint32_t row);
static inline double compare_weight(const compare_side *side, size_t realisation)
{
    return side->weight != NULL ? side->weight[realisation] : 1.0;
}

UXO_MUST_USE uxo_status compare_columns(uxo_compare *self, const compare_side side[2], uxo_report *report);
UXO_MUST_USE uxo_status compare_rankings(uxo_compare *self, const compare_side side[2], uxo_report *report);
UXO_MUST_USE uxo_status compare_values(uxo_compare *self, const compare_side side[2], uxo_report *report);

#endif
