/* kernels_sse2.c - the kernels for sse2: 4 lanes at a time. They are written in kernels_template.h. */
#if defined(__x86_64__)

#include <immintrin.h>

#include "kernels_private.h"

enum { WIDTH = 4 };
#define KERNELS uxo_kernels_sse2
#define NAME "sse2"
#define MULTIPLY_EVEN(a, b) (words) _mm_mul_epu32((__m128i)(a), (__m128i)(b))
/* Low (high) words of the products of even and of odd lanes, back in their lanes. */
#define LOW_WORDS(even, odd) (words)(((even)&UINT64_C(0xFFFFFFFF)) | ((odd) << 32))
#define HIGH_WORDS(even, odd) (words)(((even) >> 32) | ((odd) & ~UINT64_C(0xFFFFFFFF)))
#define SQUARE_ROOT(a) (floats) _mm_sqrt_ps((__m128)(a))
#define MINIMUM(a, b) (floats) _mm_min_ps((__m128)(a), (__m128)(b))
#define MAXIMUM(a, b) (floats) _mm_max_ps((__m128)(a), (__m128)(b))
#define BY_SIGN(sign, a, b) (floats)(((words)(a)&negative(sign)) | ((words)(b) & ~negative(sign)))
#define TAKE(type, array, index)                                                           \
    (type)                                                                                 \
    {                                                                                      \
        (array)[(index)[0]], (array)[(index)[1]], (array)[(index)[2]], (array)[(index)[3]] \
    }

#include "kernels_template.h"

#else

typedef int uxo_kernels_sse2_is_for_another_processor;

#endif
