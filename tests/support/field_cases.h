/* field_cases.h - inputs for tests of the kernels of fields, at random from seed 20261124: gaussians near a strip, what
 * remains on three kinds of ground, sums, columns to be ordered. */
#ifndef UXOSIM_TESTS_FIELD_CASES_H
#define UXOSIM_TESTS_FIELD_CASES_H

#include "uxosim/kernels_field.h"
#include "uxosim/rng.h"

enum { MOST_ROWS = 64, STRIP_POINTS = MOST_ROWS * UXO_STRIP };

/* Streams of different numbers are independent. */
uxo_stream field_stream(uint32_t number);
double field_between(uxo_stream *stream, double low, double high);

/* A gaussian and part of a strip near it, at most that far away, as a multiple of its larger standard deviation. */
typedef struct field_case {
    double xx, xy, yy, x, y, weight; /* [lattice units] */
    double determinant, ratio;
    float column, row;
    uint32_t rows;
} field_case;

/* Standard deviations of the minor axis [lattice units], and how many times longer the major one may be. */
field_case field_random(uxo_stream *stream, double narrowest, double widest, double most_ratio);
uxo_gaussian field_gaussian(const field_case *self);

/* Amounts of a carrier with a load of 40, from nearly nothing to a third of it in one point, on three kinds. */
enum { KINDS = 3, REMAIN_LOAD = 40 };
typedef struct remain_memory {
    float own[STRIP_POINTS], weight[KINDS * STRIP_POINTS], share[KINDS];
    float values[STRIP_POINTS], loss[STRIP_POINTS], values_alone[STRIP_POINTS];
} remain_memory;

void remain_fill(remain_memory *self, uint32_t number);
/* With the losses, and without into values_alone. */
void remain_over(const uxo_field_kernels *kernels, remain_memory *self);

typedef struct sums_memory {
    float values[STRIP_POINTS], loss[STRIP_POINTS], shift[STRIP_POINTS];
    float d[STRIP_POINTS], dd[STRIP_POINTS], q[STRIP_POINTS], qq[STRIP_POINTS];
} sums_memory;

/* Losses from 1e-9 to 40, some 0. */
void sums_fill(sums_memory *self, uint32_t number);
void sums_accumulate(const uxo_field_kernels *kernels, sums_memory *self);

/* Values to be ordered, [count][SELECT_STRIDE], by column: at random over many magnitudes, with ties, with zeros, all equal,
 * two far apart, denormal; then again. To be freed. */
enum { SELECT_STRIDE = UXO_STRIP + 5 };
float *field_columns(uint32_t count, uint32_t number);

/* Seven ranks with both ends, some the same. */
enum { RANKS = 7 };
void field_ranks(uint32_t count, uint32_t rank[RANKS]);

/* How many values are ordered. */
enum { FIELD_COUNTS_TRIED = 8 };
extern const uint32_t FIELD_COUNTS[FIELD_COUNTS_TRIED];

#endif
