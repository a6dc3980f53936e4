/* kernels_field_avx512.c - the field kernels for avx512: 16 lanes at a time. They are written in kernels_field_template.h. */
#if defined(__x86_64__)

#include <immintrin.h>
#include <sleef.h>
#include <string.h>

#include "kernels_field_private.h"

enum { WIDTH = 16 };
#define KERNELS uxo_field_kernels_avx512
#define NAME "avx512"
#define EXPONENTIAL_M1(x) Sleef_cinz_expm1f16_u10avx512fnofma(x)
#define LOGARITHM_1P(x) Sleef_cinz_log1pf16_u10avx512fnofma(x)

#include "kernels_field_template.h"

#else

typedef int uxo_field_kernels_avx512_are_for_another_processor;

#endif
