/* kernels_field_sse2.c - the field kernels for sse2: 4 lanes at a time. They are written in kernels_field_template.h. */
#if defined(__x86_64__)

#include <immintrin.h>
#include <sleef.h>
#include <string.h>

#include "kernels_field_private.h"

enum { WIDTH = 4 };
#define KERNELS uxo_field_kernels_sse2
#define NAME "sse2"
#define EXPONENTIAL_M1(x) Sleef_cinz_expm1f4_u10sse2(x)
#define LOGARITHM_1P(x) Sleef_cinz_log1pf4_u10sse2(x)

#include "kernels_field_template.h"

#else

typedef int uxo_field_kernels_sse2_are_for_another_processor;

#endif
