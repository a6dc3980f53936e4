/* kernels_avx2.c - the kernels for avx2: 8 lanes at a time. They are written in kernels_template.h. */
#if defined(__x86_64__)

#include <immintrin.h>

#include "kernels_private.h"

enum { WIDTH = 8 };
#define KERNELS uxo_kernels_avx2
#define NAME "avx2"
#define MULTIPLY_EVEN(a, b) (words) _mm256_mul_epu32((__m256i)(a), (__m256i)(b))
/* Low (high) words of the products of even and of odd lanes, back in their lanes. */
#define LOW_WORDS(even, odd) (words) _mm256_blend_epi32((__m256i)(even), (__m256i)((odd) << 32), 0xAA)
#define HIGH_WORDS(even, odd) (words) _mm256_blend_epi32((__m256i)((even) >> 32), (__m256i)(odd), 0xAA)
#define SQUARE_ROOT(a) (floats) _mm256_sqrt_ps((__m256)(a))
#define MINIMUM(a, b) (floats) _mm256_min_ps((__m256)(a), (__m256)(b))
#define MAXIMUM(a, b) (floats) _mm256_max_ps((__m256)(a), (__m256)(b))
#define FLOOR(a) (whole) _mm256_cvttps_epi32(_mm256_floor_ps((__m256)(a)))
#define BY_SIGN(sign, a, b) (floats) _mm256_blendv_ps((__m256)(b), (__m256)(a), (__m256)(sign))
#define TAKE(type, array, index)                                                                                  \
    (type) _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i *)(const void *)((array) + (index)[0])), \
                                       (__m256i)((index) - (index)[0]))

#include "kernels_template.h"

#else

typedef int uxo_kernels_avx2_is_for_another_processor;

#endif
