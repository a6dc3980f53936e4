/* kernels_field_private.h - what the field kernels of all instruction sets share. */
#ifndef UXOSIM_MODEL_KERNELS_FIELD_PRIVATE_H
#define UXOSIM_MODEL_KERNELS_FIELD_PRIVATE_H

#include "uxosim/kernels_field.h"

#define FIELD_THRESHOLD 1e-6f /* exp(-UXO_FIELD_CUT / 2) */
#define FIELD_DEAD 32.0f      /* q/2 at 8 standard deviations */
#define FIELD_STEEP 80.0f     /* what falls by exp of this from one row to the next is gone there; exponential_of reaches so far */

extern const uxo_field_kernels uxo_field_kernels_portable;
#if defined(__x86_64__)
extern const uxo_field_kernels uxo_field_kernels_sse2, uxo_field_kernels_avx2, uxo_field_kernels_avx512;
#endif

/* Rows between two starts of the recurrence: rounding grows with their square, 3e-5 for these. */
enum { FIELD_LONGEST = 32 };
/* Stretches that the rows of one call are cut into, at most; a call has at most FIELD_MOST_ROWS. */
enum { FIELD_MOST_ROWS = 64, FIELD_STRETCHES = FIELD_MOST_ROWS + 1 };
/* Order statistics that are searched together. 64: of every three steps one halves 31 bits, so they always end. */
enum { FIELD_RANKS = 3, FIELD_STEPS = 3 * 33 };

/* A stretch begins near the ridge of the strip's middle; that of another lane is off by up to 8 b/c rows, where q is up
 * to 64 b^2/c less. Lanes that are dead at q = 64 may then not come back to the cut at 27.6. Gaussians so narrow and
 * oblique that they would are started on every row. */
static inline uint32_t field_longest(const uxo_gaussian *gaussian)
{
    return 64.0f * gaussian->b * gaussian->b <= 36.0f * gaussian->c ? FIELD_LONGEST : 1;
}

#endif
