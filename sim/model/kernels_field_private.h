/* kernels_field_private.h - what the field kernels of all instruction sets share. */
#ifndef UXOSIM_MODEL_KERNELS_FIELD_PRIVATE_H
#define UXOSIM_MODEL_KERNELS_FIELD_PRIVATE_H

#include "uxosim/kernels_field.h"

/* exp(-cut / 2). */
static inline float field_threshold(const uxo_gaussian *gaussian)
{
    return gaussian->cut > (float)UXO_FIELD_CUT ? 1e-12f : 1e-6f;
}

/* q/2 from which on a lane is dead where a stretch of rows begins: 36 beyond the cut in q, see field_longest. */
static inline float field_dead(const uxo_gaussian *gaussian)
{
    return 0.5f * gaussian->cut + 18.2f;
}

/* Above this share of a load in one cell, what it takes from P(no dud) is computed exactly and not by its series. */
#define FIELD_SERIES_SHARE 0.01f

/* What falls by exp of this from one row to the next is gone there; exponential_of reaches so far. */
#define FIELD_STEEP 80.0f

extern const uxo_field_kernels uxo_field_kernels_portable;
#if defined(__x86_64__)
extern const uxo_field_kernels uxo_field_kernels_sse2, uxo_field_kernels_avx2, uxo_field_kernels_avx512;
#endif

/* Rows between two starts of the recurrence: rounding grows with their square, 3e-5 for these. */
enum { FIELD_LONGEST = 32 };
/* Stretches that the rows of one call are cut into, at most; a call has at most FIELD_MOST_ROWS. */
enum { FIELD_MOST_ROWS = 80, FIELD_STRETCHES = FIELD_MOST_ROWS + 1 };
/* Order statistics that are searched together. Of every three steps one halves 31 bits, so they always end. */
enum { FIELD_RANKS = 3, FIELD_STEPS = 3 * 33 };

/* A stretch begins within half a row of the ridge in the strip's middle; that of the outermost lanes is off by another
 * 7.5 times the lean in rows, and n rows off the ridge q is c n^2 more. Lanes that are dead at q = 64 may then not come back to the cut
 * at 27.6. Gaussians so narrow and oblique that they would are started on every row. */
static inline uint32_t field_longest(const uxo_gaussian *gaussian)
{
    const float lean = gaussian->lean > 0.0f ? gaussian->lean : -gaussian->lean;
    const float off = (7.5f * lean + 0.5f) * gaussian->c; /* rows, times c */
    return off * off <= 36.0f * gaussian->c ? FIELD_LONGEST : 1;
}

#endif
