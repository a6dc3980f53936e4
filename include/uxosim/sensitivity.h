/* sensitivity.h - how much of an output's spread over the scenarios of a sweep goes back to each axis, and how sure that is.
 *
 * Model   first order  S_i = V(E[y | x_i]) / V(y): what would vanish on average if axis i were known
 *         total        T_i = E[V(y | all but x_i)] / V(y): what would remain if all the others were known
 *         second order S_ij: what i and j do together beyond S_i + S_j
 *         of axes that are independent of each other, over the ranges that the sweep gives them: no statement about anything outside of these
 * Source  Saltelli et al. 2010, Comput. Phys. Commun. 181:259, table 2 (b) for S and Saltelli 2002, ibid. 145:280 for S_ij; Jansen 1999, ibid.
 *         117:35 for T; convergence: Sarrazin, Pianosi and Wagener 2016, Environ. Model. Softw. 79:135
 *
 * Intervals  95 %. With replicates, which are independent of each other (design.h): value -+ Student's quantile times the error by leaving out one
 *         replicate after the other; they hold the truth in about 93 % of cases with 8. Without: -+ 1.96 standard deviations of a seeded bootstrap
 *         over base rows; rows A, B, AB_i, BA_i of one base row stay together, and every output is resampled alike. That takes base rows as
 *         independent. Those of a Sobol' sequence are not, they cover evenly: for smooth outputs and many rows such intervals are several times
 *         too wide, and at 64 rows they may hold the truth in 6 of 10 cases only, because the error of a single net is one and the same in all
 *         rows. Neither is ever cut at 0 or 1: estimates that chance puts outside are left there, or their mean would be wrong
 *
 * Noise   an output is itself an estimate, a mean over realisations, with the same random numbers in every scenario. Without more knowledge
 *         what is estimated is the indices of the output as simulated. With its means over batches of realisations (batch) it is those of the
 *         output's expectation: every sum is one of products of two outputs, and the mean product of their noise, as batches show it, is taken
 *         off. So sums have no bias; their ratio has one of the order of (1 / base rows + noise^2). The intervals then also hold the noise, by
 *         the jackknife over batches, Student's of as many less one. Where noise is not common to the scenarios rows show it too, and it counts twice: too wide, again. Where
 *         common noise moves an output's slope by half of itself, 85 to 90 % of the intervals hold the truth, and not 95
 *
 * Not here: which scenarios there are (design.h), what an output is.
 */
#ifndef UXOSIM_SENSITIVITY_H
#define UXOSIM_SENSITIVITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uxosim/error.h"

/* Width of the widest interval of a first-order or total index below which indices are said to have converged. */
#define UXO_SENSITIVITY_CONVERGED 0.05

enum { UXO_SENSITIVITY_SAMPLES = 1000, UXO_SENSITIVITY_LEAST_ROWS = 8, UXO_SENSITIVITY_LEAST_BATCHES = 4 };

/* Quantile 0.975 of Student's distribution: half a 95 % interval in standard errors that are known from degrees + 1 equal parts. Degrees from 1 on; of
 * more than 63 that of 63, 2 % more than the normal one. */
double uxo_sensitivity_student(uint32_t degrees);

/* A value and its 95 % interval; NaN where there is no variance. */
typedef struct uxo_sensitivity_index {
    double value, low, high;
} uxo_sensitivity_index;

typedef struct uxo_sensitivity_spec {
    uint32_t dimensions, base_rows;
    bool second_order;
    uint32_t
        replicates; /* independent nets, base_rows / replicates rows each, one after the other; 0 or 1: one, and a bootstrap */
    uint64_t seed;    /* of the bootstrap */
    uint32_t samples; /* of the bootstrap; 0: UXO_SENSITIVITY_SAMPLES */
} uxo_sensitivity_spec;

/* One output of every scenario. Borrowed. */
typedef struct uxo_sensitivity_output {
    const double *value; /* [rows of the design, in its order]; NaN: missing */
    const double *batch; /* [rows][batches] means over batches of realisations, whose mean is value; NULL: not known */
    const double *batch_weight; /* [batches] sums of weights of their realisations; NULL: all equal */
    uint32_t batches;           /* >= UXO_SENSITIVITY_LEAST_BATCHES where batch is given */
} uxo_sensitivity_output;

/* Owned. */
typedef struct uxo_sensitivity {
    uint32_t dimensions;
    uint32_t base_rows;            /* that were used */
    uint32_t replicates;           /* that tell the error; 0: a bootstrap does */
    uint32_t missing;              /* base rows left out, because one of their scenarios is missing */
    double mean, variance;         /* of the output over A and B; the variance less that of noise */
    double noise_share;            /* of the variance as simulated, put there by noise; NaN: not known */
    uxo_sensitivity_index *first;  /* [dimensions] */
    uxo_sensitivity_index *total;  /* [dimensions] */
    uxo_sensitivity_index *second; /* [pairs] in the order (0,1), (0,2) ... (1,2) ...; NULL: not asked for */
    double widest;                 /* width of the widest interval of first and total */
    bool converged;                /* widest <= UXO_SENSITIVITY_CONVERGED */
    double rows_wanted;            /* base rows at which it would be, if the width falls as 1 / sqrt(rows) */
} uxo_sensitivity;

/* Errors  UXO_ERR_DATA: fewer than UXO_SENSITIVITY_LEAST_ROWS base rows are complete; UXO_ERR_MEMORY. Thread-safe; the same bytes everywhere. */
UXO_MUST_USE uxo_status uxo_sensitivity_make(uxo_sensitivity *self, const uxo_sensitivity_spec *spec,
                                             const uxo_sensitivity_output *output, uxo_report *report);
void uxo_sensitivity_free(uxo_sensitivity *self);

/* The same for one of very many outputs, such as a cell of a map: first order and total with standard errors by the delta method, without
 * knowledge of noise. value: [base_rows][2 + dimensions (+ dimensions)], complete. replicate: [base_rows] which one a row is of, ascending; NULL,
 * or with fewer than UXO_DESIGN_LEAST_REPLICATES: rows are taken as independent. scratch: base_rows numbers. out: 4 x
 * [dimensions]: first, its error, total, its error; NaN where nothing varies. */
void uxo_sensitivity_quick(const uxo_sensitivity_spec *spec, const double *value, const uint32_t *replicate,
                           double *scratch, double *out);

/* Standardised rank regression coefficients: what can be said from a latin hypercube, which does not give Sobol' indices.
 *
 * Model   ranks of the output against ranks of all axes, by least squares, in units of standard deviations. For independent axes and an output
 *         that rises or falls with each its square is the share of the ranks' variance. `determination` (R^2) is how much of that they explain
 *         together: where it is low the coefficients leave out what is not monotonic or is interaction
 * Source  Iman and Conover 1979, Technometrics 21:499; Saltelli and Sobol' 1995, Reliab. Eng. Syst. Saf. 50:225. Intervals as above, by
 *         bootstrap with ranks taken anew in each sample */
typedef struct uxo_sensitivity_regression {
    uint32_t dimensions;
    uint32_t rows;                      /* that were used */
    uint32_t missing;                   /* rows left out */
    uxo_sensitivity_index *coefficient; /* [dimensions]; NaN where the axis or the output does not vary */
    double determination;
} uxo_sensitivity_regression;

/* Below this determination the coefficients are not to be relied on. ASSUMED: customary. */
#define UXO_SENSITIVITY_DETERMINATION 0.7

/* point: [rows][dimensions] coordinates or values of the axes; value: [rows], NaN: missing. Errors  UXO_ERR_DATA: fewer complete rows than
 * dimensions + UXO_SENSITIVITY_LEAST_ROWS; UXO_ERR_MEMORY. */
UXO_MUST_USE uxo_status uxo_sensitivity_regress(uxo_sensitivity_regression *self, uint32_t rows, uint32_t dimensions,
                                                const double *point, const double *value, uint64_t seed,
                                                uint32_t samples, uxo_report *report);
void uxo_sensitivity_regression_free(uxo_sensitivity_regression *self);

#endif
