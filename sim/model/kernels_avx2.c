/* kernels_avx2.c - the kernels for avx2: 8 lanes at a time. They are written in kernels_template.h. */
#if defined(__x86_64__)

#include <immintrin.h>
#include <sleef.h>

#include "kernels_private.h"
#include <string.h>

enum { WIDTH = 8 };
#define KERNELS uxo_kernels_avx2
#define NAME "avx2"
#define INTEGERS __m256i
#define FLOATS __m256
#define FLOAT_PAIR Sleef___m256_2
#define LOAD(p) _mm256_loadu_si256((const __m256i *)(const void *)(p))
#define STORE(p, v) _mm256_storeu_si256((__m256i *)(void *)(p), (v))
#define STORE_FLOATS(p, v) _mm256_storeu_ps((p), (v))
#define SET_32(x) _mm256_set1_epi32(x)
#define SET_64(x) _mm256_set1_epi64x(x)
#define SET_FLOAT(x) _mm256_set1_ps(x)
#define MULTIPLY_EVEN(a, b) _mm256_mul_epu32((a), (b))
#define SHIFT_RIGHT_64(a, n) _mm256_srli_epi64((a), (n))
#define SHIFT_LEFT_64(a, n) _mm256_slli_epi64((a), (n))
#define SHIFT_RIGHT_32(a, n) _mm256_srli_epi32((a), (n))
#define ADD(a, b) _mm256_add_epi32((a), (b))
#define XOR(a, b) _mm256_xor_si256((a), (b))
#define OR(a, b) _mm256_or_si256((a), (b))
#define AND(a, b) _mm256_and_si256((a), (b))
#define AND_NOT(a, b) _mm256_andnot_si256((a), (b))
#define TO_FLOATS(a) _mm256_cvtepi32_ps(a)
#define PLUS(a, b) _mm256_add_ps((a), (b))
#define MULTIPLY(a, b) _mm256_mul_ps((a), (b))
#define SQUARE_ROOT(a) _mm256_sqrt_ps(a)
#define LOGARITHM(a) Sleef_cinz_logf8_u10avx(a)
#define SINE_COSINE(a) Sleef_cinz_sincospif8_u05avx(a)

#include "kernels_template.h"

#else

typedef int uxo_kernels_avx2_is_for_another_processor;

#endif
