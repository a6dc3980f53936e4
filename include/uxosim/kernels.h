/* kernels.h - the innermost loops: Philox blocks by the lane, turned into normals, counts and cells.
 *
 * Every instruction set gives the same bits: 32-bit integers and single IEEE operations only (the logarithm, sine and
 * cosine of the normals are polynomials of ours, written down once for all sets).
 * The set is chosen at run time. What the draws mean is in draws.h.
 */
#ifndef UXOSIM_KERNELS_H
#define UXOSIM_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uxosim/rng.h"

/* Arrays of lanes have room for whole groups: a multiple of this many, on every instruction set. What the lanes behind
 * the last one hold is of no matter. */
enum { UXO_LANE_GROUP = 16 };

/* Counts by inversion walk at most this far.
 * Their mean is below UXO_INVERSION_MEAN, so that 1e-24 of the mass lies beyond. */
enum { UXO_INVERSION_STEPS = 128 };
#define UXO_INVERSION_MEAN 30.0

/* Addresses of blocks, one a lane, and what comes out. */
typedef struct uxo_lanes {
    uint32_t *key0, *key1;
    uint32_t *purpose;
    uint32_t *carrier;
    uint32_t *block;
    float *z[2];       /* out */
    uint32_t *word[2]; /* out: the block's third and fourth word */
} uxo_lanes;

/* Carriers whose duds are to be placed: arrays, one value a job, with room for a group behind the last. Offsets are
 * floats within a cell, so that a dud 1000 cells away is off by less than 1e-4 of a cell. A job may be part of a carrier.
 */
typedef struct uxo_scatter_jobs {
    uint32_t *key0, *key1, *carrier;
    uint32_t *first;          /* a lane less this is the lane's block */
    int32_t *column, *row;    /* cell of the release point, from the south-west corner, within +- UXO_FARTHEST_CELL */
    float *x, *y;             /* where in that cell, 0 ... 1 */
    float *xa, *xc, *ya, *yc; /* cells for each standard deviation or semi-axis along, across */
    float *hole, *rest;       /* of ovals, see scatter_shapes: squares of the inner edge, and of the outer less it */
} uxo_scatter_jobs;

/* Beyond this release points are put on it, and duds no farther from them: grids have at most UXO_MAX_SIDE_CELLS = 2^30 columns. */
#define UXO_FARTHEST_CELL 1073741760

typedef struct uxo_cell_grid {
    int32_t columns, rows;
    uint32_t tiles_x;
    uint32_t outside; /* the tile of what lies outside the grid */
} uxo_cell_grid;

typedef bool uxo_scatter(const uxo_scatter_jobs *jobs, const uint32_t *job, size_t count, uint32_t realisation,
                         const uxo_cell_grid *grid, uint32_t mark, uint32_t *const tile[2], uint32_t *const cell[2]);

/* One way to compute all of it.
 *
 * scatter  two duds from each block under the purpose SCATTER: tile and cell within it (see grid.h) of the points
 *          x + xa z0 + xc z1, y + ya z0 + yc z1. job[lane]: whose; ascending, without gaps. The cell comes or'ed with
 *          `mark`. True: all of them are inside the grid; may be false when only a lane behind the last is not
 * scatter_shapes  the same where jobs may be ovals: those whose `rest` is above 0 get, in the place of the normals, a point
 *          between two circles
 *          Model  radius sqrt(hole + rest u), which makes it uniform by area; u and the angle from the words of the
 *                 normals, so that gaussian jobs are as above
 * draws    two normals and two words from each block
 *          Model  Box and Muller 1958: radius from one word, 31 bits, so that no normal exceeds
 *                 sqrt(2 ln 2^32) = 6.66 (beyond lies 3e-11 of the mass); angle from the next
 * counts   binomial counts by inversion: u uniform, none = P(0), ratio = (n + 1) p/(1-p), odds = p/(1-p)
 */
typedef struct uxo_kernels {
    const char *name;
    uxo_scatter *scatter, *scatter_shapes;
    void (*draws)(const uxo_lanes *lanes, size_t count, uint32_t realisation);
    void (*counts)(const double *u, const double *none, const double *ratio, const double *odds, uint32_t *out,
                   size_t count);
} uxo_kernels;

/* The widest kernels that this processor runs; with a name ("portable", "sse2", "avx2", "avx512") those, or NULL when
 * the processor does not have them. */
const uxo_kernels *uxo_kernels_select(const char *name);

/* One block as `draws` gives it, for those who need a single one. */
typedef struct uxo_block {
    float z[2];
    uint32_t word[2];
} uxo_block;
uxo_block uxo_block_at(uxo_key key, uint32_t realisation, uint32_t carrier, uxo_purpose purpose, uint32_t block);
/* The same without its normals, which are left 0: for those who need the words alone. */
uxo_block uxo_block_words(uxo_key key, uint32_t realisation, uint32_t carrier, uxo_purpose purpose, uint32_t block);

/* Uniform on (0, 1), 52 bits, from two words; and from one word, 32 bits. */
static inline double uxo_uniform_of_words(uint32_t high, uint32_t low)
{
    return ((double)((((uint64_t)high << 32) | low) >> 12) + 0.5) * 0x1p-52;
}

static inline double uxo_uniform_of_word(uint32_t word)
{
    return ((double)word + 0.5) * 0x1p-32;
}

/* One count by inversion, as `counts` gives it. */
uint32_t uxo_count_by_inversion(double u, double none, double ratio, double odds);

#endif
