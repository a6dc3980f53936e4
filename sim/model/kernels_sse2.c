/* kernels_sse2.c - the kernels for sse2: 4 lanes at a time. They are written in kernels_template.h. */
#if defined(__x86_64__)

#include <immintrin.h>
#include <sleef.h>

#include "kernels_private.h"
#include <string.h>

enum { WIDTH = 4 };
#define KERNELS uxo_kernels_sse2
#define NAME "sse2"
#define INTEGERS __m128i
#define FLOATS __m128
#define FLOAT_PAIR Sleef___m128_2
#define LOAD(p) _mm_loadu_si128((const __m128i *)(const void *)(p))
#define STORE(p, v) _mm_storeu_si128((__m128i *)(void *)(p), (v))
#define STORE_FLOATS(p, v) _mm_storeu_ps((p), (v))
#define SET_32(x) _mm_set1_epi32(x)
#define SET_64(x) _mm_set1_epi64x(x)
#define SET_FLOAT(x) _mm_set1_ps(x)
#define MULTIPLY_EVEN(a, b) _mm_mul_epu32((a), (b))
#define SHIFT_RIGHT_64(a, n) _mm_srli_epi64((a), (n))
#define SHIFT_LEFT_64(a, n) _mm_slli_epi64((a), (n))
#define SHIFT_RIGHT_32(a, n) _mm_srli_epi32((a), (n))
#define ADD(a, b) _mm_add_epi32((a), (b))
#define XOR(a, b) _mm_xor_si128((a), (b))
#define OR(a, b) _mm_or_si128((a), (b))
#define AND(a, b) _mm_and_si128((a), (b))
#define AND_NOT(a, b) _mm_andnot_si128((a), (b))
#define TO_FLOATS(a) _mm_cvtepi32_ps(a)
#define PLUS(a, b) _mm_add_ps((a), (b))
#define MULTIPLY(a, b) _mm_mul_ps((a), (b))
#define SQUARE_ROOT(a) _mm_sqrt_ps(a)
#define LOGARITHM(a) Sleef_cinz_logf4_u10sse2(a)
#define SINE_COSINE(a) Sleef_cinz_sincospif4_u05sse2(a)

#include "kernels_template.h"

#else

typedef int uxo_kernels_sse2_is_for_another_processor;

#endif
