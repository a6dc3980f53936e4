/* scatter.h - standard normal pairs by the block: the innermost kernel of the `analog` estimator.
 *
 * One lane is one Philox block and gives the offsets of two duds in units of the pattern's standard deviations. Every
 * instruction set gives the same bits: 32-bit integers, IEEE single-precision operations and SLEEF's `cinz` functions
 * only.
 */
#ifndef UXOSIM_SCATTER_H
#define UXOSIM_SCATTER_H

#include <stddef.h>
#include <stdint.h>

enum { UXO_SCATTER_GROUP = 16 /* lanes are computed in groups of this many, on every instruction set */ };

/* Blocks to compute, as arrays by lane. */
typedef struct uxo_scatter_lanes {
    uint32_t *key0, *key1; /* the strike's key */
    uint32_t *carrier;
    uint32_t *block; /* duds 2 block and 2 block + 1 of the carrier */
    float *z[4];     /* out: offsets of the first dud (0, 1) and of the second (2, 3) */
} uxo_scatter_lanes;

/* Normals of the addresses (key, SCATTER, carrier, realisation, block) of lanes 0 .. count - 1.
 *
 * Model   Box and Muller 1958: radius from the first word of a pair, 31 bits, so that no offset exceeds sqrt(2 ln 2^32)
 * = 6.66 standard deviations (beyond lies 2e-10 of the mass); angle from the second Shapes  count is rounded up to
 * whole groups: the arrays have room for that, what the last lanes hold is of no matter Errors  none
 */
typedef void uxo_scatter_kernel(const uxo_scatter_lanes *lanes, size_t count, uint32_t realisation);

uxo_scatter_kernel uxo_scatter_portable;
#if defined(__x86_64__)
uxo_scatter_kernel uxo_scatter_sse2;
uxo_scatter_kernel uxo_scatter_avx2;
uxo_scatter_kernel uxo_scatter_avx512;
#endif

/* The widest kernel that this processor runs; with a name ("portable", "sse2", "avx2", "avx512") that one, or NULL when
 * the processor does not have it. *chosen, if not NULL, gets the name. */
uxo_scatter_kernel *uxo_scatter_select(const char *name, const char **chosen);

#endif
