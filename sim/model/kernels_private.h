/* kernels_private.h - what the kernels of all instruction sets share. */
#ifndef UXOSIM_MODEL_KERNELS_PRIVATE_H
#define UXOSIM_MODEL_KERNELS_PRIVATE_H

#include "uxosim/kernels.h"

#if defined(__x86_64__)
extern const uxo_kernels uxo_kernels_sse2, uxo_kernels_avx2, uxo_kernels_avx512;
#endif
extern const double uxo_kernels_inverse[UXO_INVERSION_STEPS + 1];

/* 1 + cell of one dud, 0 or more than the size when outside. One is added before truncation, so that truncation is the
 * floor for all that is not outside anyway. Comparisons are such that NaN is outside. */
static inline void uxo_kernels_cell(const double place[6], double nx, double ny, float z0, float z1, uint32_t *column,
                                    uint32_t *row)
{
    const double along = (double)z0, across = (double)z1;
    double x = place[0] + (place[1] * along + place[2] * across) + 1.0;
    double y = place[3] + (place[4] * along + place[5] * across) + 1.0;
    x = x > 0.0 ? x : 0.0;
    y = y > 0.0 ? y : 0.0;
    x = x < nx + 1.0 ? x : nx + 1.0;
    y = y < ny + 1.0 ? y : ny + 1.0;
    *column = (uint32_t)(int32_t)x;
    *row = (uint32_t)(int32_t)y;
}

#endif
