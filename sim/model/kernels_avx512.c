/* kernels_avx512.c - the kernels for avx512: 16 lanes at a time. They are written in kernels_template.h. */
#if defined(__x86_64__)

#include <immintrin.h>
#include <sleef.h>

#include "kernels_private.h"
#include <string.h>

enum { WIDTH = 16 };
#define KERNELS uxo_kernels_avx512
#define NAME "avx512"
#define INTEGERS __m512i
#define FLOATS __m512
#define FLOAT_PAIR Sleef___m512_2
#define LOAD(p) _mm512_loadu_si512((const __m512i *)(const void *)(p))
#define STORE(p, v) _mm512_storeu_si512((__m512i *)(void *)(p), (v))
#define STORE_FLOATS(p, v) _mm512_storeu_ps((p), (v))
#define SET_32(x) _mm512_set1_epi32(x)
#define SET_64(x) _mm512_set1_epi64(x)
#define SET_FLOAT(x) _mm512_set1_ps(x)
#define MULTIPLY_EVEN(a, b) _mm512_mul_epu32((a), (b))
#define SHIFT_RIGHT_64(a, n) _mm512_srli_epi64((a), (n))
#define SHIFT_LEFT_64(a, n) _mm512_slli_epi64((a), (n))
#define SHIFT_RIGHT_32(a, n) _mm512_srli_epi32((a), (n))
#define ADD(a, b) _mm512_add_epi32((a), (b))
#define XOR(a, b) _mm512_xor_si512((a), (b))
#define OR(a, b) _mm512_or_si512((a), (b))
#define AND(a, b) _mm512_and_si512((a), (b))
#define AND_NOT(a, b) _mm512_andnot_si512((a), (b))
#define TO_FLOATS(a) _mm512_cvtepi32_ps(a)
#define PLUS(a, b) _mm512_add_ps((a), (b))
#define MULTIPLY(a, b) _mm512_mul_ps((a), (b))
#define SQUARE_ROOT(a) _mm512_sqrt_ps(a)
#define LOGARITHM(a) Sleef_cinz_logf16_u10avx512fnofma(a)
#define SINE_COSINE(a) Sleef_cinz_sincospif16_u05avx512fnofma(a)

#include "kernels_template.h"

#else

typedef int uxo_kernels_avx512_is_for_another_processor;

#endif
