/* kernels_field_avx2.c - the field kernels for avx2: 8 lanes at a time. They are written in kernels_field_template.h. */
#if defined(__x86_64__)

#include <immintrin.h>
#include <sleef.h>
#include <string.h>

#include "kernels_field_private.h"

enum { WIDTH = 8 };
#define KERNELS uxo_field_kernels_avx2
#define NAME "avx2"
#define EXPONENTIAL_M1(x) Sleef_cinz_expm1f8_u10avx(x)
#define LOGARITHM_1P(x) Sleef_cinz_log1pf8_u10avx(x)

#include "kernels_field_template.h"

#else

typedef int uxo_field_kernels_avx2_are_for_another_processor;

#endif
