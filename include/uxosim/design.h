/* design.h - which scenarios a sweep consists of: points of the open cube (0,1)^d, a row for each scenario, a dimension for each axis.
 *
 * Model   grid             every combination of the axes' values; the last axis changes fastest
 *         list             row r takes the r-th value of every axis
 *         latin hypercube  row r lies in stratum pi_j(r) of dimension j, pi_j a permutation of its own, uniformly within the stratum
 *         sobol            Saltelli's design for Sobol' indices: for each of `base_rows` the points A, B, AB_i (A with dimension i from
 *                          B) for every i and, for second order, BA_i. A and B are the first and the last d dimensions of one Sobol' sequence
 *                          in 2 d dimensions, so d <= 20. Two shifts of one sequence of d dimensions would not do: B would then be a function
 *                          of A, digit by digit, and every product of f(A) and f(B) wrong. The base rows may be several nets: replicates, each
 *                          the first base_rows / replicates points of the sequence with a shift of its own
 * Source  McKay, Beckman and Conover 1979, Technometrics 21:239 (latin hypercube); Bratley and Fox 1988, ACM TOMS 14:88 (the sequence, by
 *         GSL); Saltelli et al. 2010, Comput. Phys. Commun. 181:259 (A, B, AB_i); Owen 2022, arXiv:2008.08051 (the first point belongs to it)
 *
 * The sequence is scrambled by a seeded digital shift: every point becomes uniform, so that means over seeds have no bias, and the net stays
 * a net. The error stays that of the net, about (log n)^d / n for smooth outputs, and does not fall further as it would by Owen's nested
 * scrambling. It cannot be told from one net: bootstrap over rows takes rows as independent, which states it too large for many rows and too
 * small for few. Replicates are independent of each other and tell it (sensitivity.h); what they cost is that each is a smaller net.
 *
 * A row is a function of (kind, seed, size of the design, row): any task can make its own. The same on every machine: integers, and one
 * multiplication by a power of two or division.
 *
 * Not here: what an axis is, and what value a coordinate stands for (sweep.h). Nothing here looks at outputs: there is no objective.
 */
#ifndef UXOSIM_DESIGN_H
#define UXOSIM_DESIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "uxosim/error.h"

/* id, name as in a sweep file, sentence */
#define UXO_DESIGN_KINDS(X)                                                    \
    X(GRID, "grid", "every combination of the axes' values")                   \
    X(LIST, "list", "the n-th value of every axis makes scenario n")           \
    X(LATIN_HYPERCUBE, "latin_hypercube", "random, every axis evenly covered") \
    X(SOBOL, "sobol", "Saltelli's design on a scrambled Sobol' sequence, for Sobol' indices")

typedef enum uxo_design_kind {
#define X(id, name, sentence) UXO_DESIGN_##id,
    UXO_DESIGN_KINDS(X)
#undef X
        UXO_DESIGN_KIND_COUNT
} uxo_design_kind;

const char *uxo_design_kind_name(uxo_design_kind kind); /* "latin_hypercube" */
/* -1: there is no such kind. */
int uxo_design_kind_find(const char *name);

enum {
    UXO_DESIGN_SEQUENCE_DIMENSIONS = 40, /* of GSL's sequence; gsl_qrng_alloc does not refuse more, we do */
    UXO_DESIGN_SOBOL_AXES = UXO_DESIGN_SEQUENCE_DIMENSIONS / 2,
    UXO_DESIGN_MOST_BASE_ROWS = 1 << 20, /* of latin hypercubes and sobol designs; GSL's sequence has 2^30 */
    UXO_DESIGN_MOST_ROWS = 10000000,     /* scenarios of any design */
    UXO_DESIGN_LEAST_REPLICATES = 4,     /* but for one: with fewer an interval says next to nothing */
    UXO_DESIGN_MOST_REPLICATES = 64,
    UXO_DESIGN_REPLICATES = 8, /* where nothing is asked for and each has at least UXO_DESIGN_REPLICATE_ROWS */
    UXO_DESIGN_REPLICATE_ROWS = 8
};

/* What is asked for. Borrowed. */
typedef struct uxo_design_spec {
    uxo_design_kind kind;
    uint64_t seed;          /* of the design, not of the scenarios; grid and list do not use it */
    uint32_t dimensions;    /* axes, >= 1 */
    uint32_t base_rows;     /* latin hypercube: scenarios; sobol: rows of A; grid, list: not used */
    bool second_order;      /* sobol: BA_i, too */
    uint32_t replicates;    /* sobol: independent shifts, base_rows / replicates rows each; 0: one */
    const uint32_t *levels; /* grid, list: [dimensions] number of values; else not used */
} uxo_design_spec;

typedef struct uxo_design {
    uxo_design_kind kind;
    uint64_t seed;
    uint32_t dimensions;
    uint32_t base_rows; /* sobol: of A; else rows */
    bool second_order;
    uint32_t replicates; /* sobol: >= 1; else 1 */
    uint32_t rows;       /* scenarios */
    uint32_t *levels;    /* [dimensions] grid, list; owned */
    uint32_t
        *table; /* latin hypercube: [dimensions][rows] strata; sobol: [2 dimensions][bits] direction numbers; owned */
    uint64_t *shift; /* sobol: [replicates][2 dimensions] digital shifts, 52 bits; owned */
} uxo_design;

/* Replicates of a sobol design that asks for none: UXO_DESIGN_REPLICATES where they divide the rows and leave each enough of them, else one. */
uint32_t uxo_design_replicates(uint32_t base_rows);

/* Checks and prepares. `place`: where the design was asked for, for messages; may be NULL. A number of rows of a replicate that is no power of two
 * unbalances a sobol design: a warning. Time and memory O(rows dimensions) for latin hypercubes, O(base_rows dimensions) and little for
 * sobol.
 *
 * Errors  UXO_ERR_DATA, with what is allowed: no axes, no rows, more axes than a sobol design has, lists of different lengths, too many rows,
 *         replicates that do not divide the rows; UXO_ERR_MEMORY */
UXO_MUST_USE uxo_status uxo_design_init(uxo_design *self, const uxo_design_spec *spec, const uxo_place *place,
                                        uxo_report *report);
void uxo_design_free(uxo_design *self);

/* Coordinate of a row in a dimension, in (0, 1), never 0 or 1: a quantile function of either end may be taken. Grid and list: the middle of
 * the value's share of the axis. row < rows, dimension < dimensions. Thread-safe, O(1). */
double uxo_design_point(const uxo_design *self, uint32_t row, uint32_t dimension);

/* Grid and list: which of the axis' values, from 0. */
uint32_t uxo_design_level(const uxo_design *self, uint32_t row, uint32_t dimension);

/* Part of a sobol design that a row belongs to. Rows come base row by base row, in each A, B, AB_1 ... AB_d, BA_1 ... BA_d, so that the
 * first rows of a design with one replicate are one that is smaller; with several each replicate's rows follow the other's. */
typedef enum uxo_design_matrix { UXO_DESIGN_A, UXO_DESIGN_B, UXO_DESIGN_AB, UXO_DESIGN_BA } uxo_design_matrix;

typedef struct uxo_design_part {
    uint32_t base_row;
    uxo_design_matrix matrix;
    uint32_t dimension; /* that is exchanged, of AB and BA; else 0 */
} uxo_design_part;

/* Rows of a sobol design for each base row: 2 + d, with second order 2 + 2 d. */
uint32_t uxo_design_group(uint32_t dimensions, bool second_order);
uxo_design_part uxo_design_part_of(const uxo_design *self, uint32_t row);

#endif
