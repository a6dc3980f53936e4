/* kernels_private.h - what the kernels of all instruction sets share: the numbers of the polynomials, and the whole of it for one lane, which
 * the wide ones (kernels_template.h) repeat operation by operation. */
#ifndef UXOSIM_MODEL_KERNELS_PRIVATE_H
#define UXOSIM_MODEL_KERNELS_PRIVATE_H

#include <math.h>
#include <string.h>

#include "uxosim/grid.h"
#include "uxosim/kernels.h"

#if defined(__x86_64__)
extern const uxo_kernels uxo_kernels_sse2, uxo_kernels_avx2, uxo_kernels_avx512;
#endif
extern const double uxo_kernels_inverse[UXO_INVERSION_STEPS + 1];

/* log(1 + f) = f - f^2/2 + f^3 P(f) for sqrt(1/2) <= 1 + f < sqrt(2), and ln 2 in two parts.
 * Source: Moshier, Cephes library, logf.c; relative error below 1e-7 */
#define LOG_P0 7.0376836292e-2f
#define LOG_P1 -1.1514610310e-1f
#define LOG_P2 1.1676998740e-1f
#define LOG_P3 -1.2420140846e-1f
#define LOG_P4 1.4249322787e-1f
#define LOG_P5 -1.6668057665e-1f
#define LOG_P6 2.0000714765e-1f
#define LOG_P7 -2.4999993993e-1f
#define LOG_P8 3.3333331174e-1f
#define LN2_HIGH 0.693359375f
#define LN2_LOW -2.12194440e-4f
#define ROOT_HALF_BITS 0x3F3504F3
#define MANTISSA_BITS 0x007FFFFF
#define EXPONENT_SHIFT 23

/* sin(pi f) = f S(f^2) and cos(pi f) = 1 + f^2 C(f^2) for |f| <= 1/4, of least largest error: 3e-9 of the sine, 3e-8 of the cosine. */
#define SIN_1 3.141592644f
#define SIN_3 -5.167707829f
#define SIN_5 2.549767297f
#define SIN_7 -0.5890786472f
#define COS_2 -4.934791816f
#define COS_4 4.05770179f
#define COS_6 -1.307280012f

/* -2 ln u for 2^-32 <= u <= 1. */
static inline float uxo_kernels_minus_two_log(float u)
{
    int32_t bits;
    memcpy(&bits, &u, sizeof bits);
    const int32_t above = bits - ROOT_HALF_BITS;
    const float exponent = (float)(above >> EXPONENT_SHIFT);
    const int32_t mantissa = (above & MANTISSA_BITS) + ROOT_HALF_BITS;
    float f;
    memcpy(&f, &mantissa, sizeof f);
    f = f - 1.0f;
    const float square = f * f;
    float p = LOG_P0 * f + LOG_P1;
    p = p * f + LOG_P2;
    p = p * f + LOG_P3;
    p = p * f + LOG_P4;
    p = p * f + LOG_P5;
    p = p * f + LOG_P6;
    p = p * f + LOG_P7;
    p = p * f + LOG_P8;
    const float small = (p * f) * square + exponent * LN2_LOW;
    return ((small - 0.5f * square) + f + exponent * LN2_HIGH) * -2.0f;
}

/* Uniform on (0, 1] from 31 bits of a word. */
static inline float uxo_kernels_uniform(uint32_t word)
{
    return ((float)(int32_t)(word >> 1) + 0.5f) * 0x1p-31f;
}

/* A point at the square of this radius: of the word 30 bits give an angle within 45 degrees of an axis, one which axis, one
 * its sign. */
static inline void uxo_kernels_point(float radius_square, uint32_t angle_word, float *first, float *second)
{
    float radius = sqrtf(radius_square);
    const float f = (float)(int32_t)(angle_word << 2) * 0x1p-33f;
    const float square = f * f;
    const float sine = (((SIN_7 * square + SIN_5) * square + SIN_3) * square + SIN_1) * f;
    const float cosine = ((COS_6 * square + COS_4) * square + COS_2) * square + 1.0f;
    radius = (angle_word & UINT32_C(0x40000000)) != 0 ? -radius : radius;
    const int other_axis = (angle_word & UINT32_C(0x80000000)) != 0;
    *first = radius * (other_axis ? sine : cosine);
    *second = radius * (other_axis ? cosine : sine);
}

/* Two normals from two words: the first gives the radius, the second the angle. */
static inline void uxo_kernels_normal_pair(uint32_t radius_word, uint32_t angle_word, float *first, float *second)
{
    uxo_kernels_point(uxo_kernels_minus_two_log(uxo_kernels_uniform(radius_word)), angle_word, first, second);
}

/* The same for a job that may be an oval. */
static inline void uxo_kernels_shape_pair(float hole, float rest, uint32_t radius_word, uint32_t angle_word,
                                          float *first, float *second)
{
    const float u = uxo_kernels_uniform(radius_word);
    uxo_kernels_point(rest > 0.0f ? hole + rest * u : uxo_kernels_minus_two_log(u), angle_word, first, second);
}

/* Whole cells of a distance; what is not a number is as far as can be. */
static inline int32_t uxo_kernels_floor(float cells)
{
    cells = cells > (float)-UXO_FARTHEST_CELL ? cells : (float)-UXO_FARTHEST_CELL;
    cells = cells < (float)UXO_FARTHEST_CELL ? cells : (float)UXO_FARTHEST_CELL;
    return (int32_t)floorf(cells);
}

/* Tile and cell of one dud, and whether it is inside the grid; column and row from the south-west corner. */
static inline bool uxo_kernels_cell(int32_t column, int32_t row, const uxo_cell_grid *grid, uint32_t mark,
                                    uint32_t *tile, uint32_t *cell)
{
    const bool inside = (column > -1) & (column < grid->columns) & (row > -1) & (row < grid->rows);
    const uint32_t ix = (uint32_t)column, iy = (uint32_t)(grid->rows - 1 - row);
    *tile = inside ? iy / UXO_TILE * grid->tiles_x + ix / UXO_TILE : grid->outside;
    *cell = (iy % UXO_TILE * UXO_TILE + ix % UXO_TILE) | mark;
    return inside;
}

#endif
