/* sensitivity_private.h - what the parts of sensitivity share: terms of base rows and their sums, and how much indices vary with the rows. */
#ifndef UXOSIM_BASE_SENSITIVITY_PRIVATE_H
#define UXOSIM_BASE_SENSITIVITY_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "uxosim/sensitivity.h"

/* Terms of a base row: means of A and B, of their squares, then first order, total and second order, then the means of each batch. */
enum { MEAN_TERM, SQUARE_TERM, FIRST_TERM };

typedef struct sensitivity_work {
    const uxo_sensitivity_spec *spec;
    uint32_t group, rows;  /* scenarios a base row, base rows that are complete */
    uint32_t *kept;        /* [rows] which */
    uint32_t pairs, terms; /* second-order indices; terms without those of batches */
    uint32_t batches;      /* 0: noise is not known */
    uint32_t columns;      /* terms + batches */
    uint32_t indices;      /* 2 dimensions + pairs */
    double counted;        /* rows in the sums */
    double *term;          /* [rows][columns] */
    double *sum;           /* [columns] */
    double *scratch;       /* [2 group] */
    double *index;         /* [indices] */
    double *moment;        /* [4][indices]: value, spread over rows, mean and squares over batches */
} sensitivity_work;

/* Quantile 0.975 of the normal distribution. */
static const double sensitivity_normal = 1.959963984540054;

/* Sums of terms over base rows, each `count` times (NULL: once). */
void sensitivity_sum(sensitivity_work *self, const uint32_t *count);
/* Indices from the sums; NaN where noise leaves no variance. */
void sensitivity_indices(sensitivity_work *self);

/* Replicates that have a complete base row; 0: too few to tell an error, rows are resampled instead. */
uint32_t sensitivity_replicates_of(const sensitivity_work *self);
/* Variance of the indices from the choice of rows, into the second line of moments, in units in which 1.96 of its roots are half an interval.
 * Terms, sums and values have been made. False: out of memory. */
UXO_MUST_USE bool sensitivity_spread(sensitivity_work *self);

/* How often each of `rows` rows is in bootstrap sample number `sample`: rows draws with replacement, a function of (seed, sample, rows). */
void uxo_sensitivity_sample(uint64_t seed, uint32_t sample, uint32_t rows, uint32_t *count);

#endif
