/* kernels_avx512.c - the kernels for avx512: 16 lanes at a time. They are written in kernels_template.h. */
#if defined(__x86_64__)

#include <immintrin.h>

#include "kernels_private.h"

enum { WIDTH = 16 };
#define KERNELS uxo_kernels_avx512
#define NAME "avx512"
#define MULTIPLY_EVEN(a, b) (words) _mm512_mul_epu32((__m512i)(a), (__m512i)(b))
/* Low (high) words of the products of even and of odd lanes, back in their lanes. */
#define LOW_WORDS(even, odd) (words) _mm512_mask_shuffle_epi32((__m512i)(even), 0xAAAA, (__m512i)(odd), _MM_PERM_CCAA)
#define HIGH_WORDS(even, odd) (words) _mm512_mask_shuffle_epi32((__m512i)(odd), 0x5555, (__m512i)(even), _MM_PERM_DDBB)
#define SQUARE_ROOT(a) (floats) _mm512_sqrt_ps((__m512)(a))
#define MINIMUM(a, b) (floats) _mm512_min_ps((__m512)(a), (__m512)(b))
#define MAXIMUM(a, b) (floats) _mm512_max_ps((__m512)(a), (__m512)(b))
#define FLOOR(a) (whole) _mm512_cvt_roundps_epi32((__m512)(a), _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC)
/* Of the words m, those of lanes whose sign bit is set in `sign` from a, else from b. */
#define BY_SIGN(sign, a, b) \
    (floats) _mm512_mask_blend_ps(_mm512_movepi32_mask((__m512i)(sign)), (__m512)(b), (__m512)(a))
/* array[index of each lane]: the lanes of a group have neighbouring indices, at most a group apart. */
#define TAKE(type, array, index) \
    (type) _mm512_permutexvar_epi32((__m512i)((index) - (index)[0]), _mm512_loadu_si512((array) + (index)[0]))

#include "kernels_template.h"

#else

typedef int uxo_kernels_avx512_is_for_another_processor;

#endif
