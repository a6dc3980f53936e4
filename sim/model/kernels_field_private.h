/* kernels_field_private.h - what the field kernels of all instruction sets share. */
#ifndef UXOSIM_MODEL_KERNELS_FIELD_PRIVATE_H
#define UXOSIM_MODEL_KERNELS_FIELD_PRIVATE_H

#include "uxosim/kernels_field.h"

#define FIELD_THRESHOLD 1e-6f /* exp(-UXO_FIELD_CUT / 2) */
#define FIELD_DEAD 32.0f      /* q/2 at 8 standard deviations */

extern const uxo_field_kernels uxo_field_kernels_portable;
#if defined(__x86_64__)
extern const uxo_field_kernels uxo_field_kernels_sse2, uxo_field_kernels_avx2, uxo_field_kernels_avx512;
#endif

/* Rows between two starts of the recurrence: at most two standard deviations (of the narrowest cut through the
 * gaussian, along the rows), and 16. */
static inline uint32_t field_restart(const uxo_gaussian *gaussian)
{
    const uint32_t longest = 16;
    uint32_t rows = 1;
    while (rows < longest && (float)(4 * rows * rows) * gaussian->c <= 4.0f) {
        rows *= 2;
    }
    return rows;
}

#endif
