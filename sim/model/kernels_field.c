/* kernels_field.c - choice of the field kernels at run time, and those that need no particular processor: the reference
 * for the others. Gaussians in lattice units. */
#include "uxosim/kernels_field.h"

#include <math.h>
#include <sleef.h>
#include <string.h>

#include "kernels_field_private.h"
#include "uxosim/portable_math.h"

enum { WIDTH = 4 };
typedef float four __attribute__((vector_size(16)));

#define EACH_LANE(function, x)                                                 \
    (four)                                                                     \
    {                                                                          \
        function((x)[0]), function((x)[1]), function((x)[2]), function((x)[3]) \
    }

static inline four exponential_m1(four x)
{
    return EACH_LANE(Sleef_cinz_expm1f1_u10purec, x);
}

static inline four logarithm_1p(four x)
{
    return EACH_LANE(Sleef_cinz_log1pf1_u10purec, x);
}

#define KERNELS uxo_field_kernels_portable
#define NAME "portable"
#define EXPONENTIAL_M1(x) exponential_m1(x)
#define LOGARITHM_1P(x) logarithm_1p(x)

#include "kernels_field_template.h"

const uxo_field_kernels *uxo_field_kernels_select(const char *name)
{
    const struct {
        const uxo_field_kernels *kernels;
        int available;
    } all[] = {
#if defined(__x86_64__)
        {&uxo_field_kernels_avx512, __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")},
        {&uxo_field_kernels_avx2, __builtin_cpu_supports("avx2")},
        {&uxo_field_kernels_sse2, 1},
#endif
        {&uxo_field_kernels_portable, 1},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i].available && (name == NULL || strcmp(name, all[i].kernels->name) == 0)) {
            return all[i].kernels;
        }
    }
    return NULL;
}

uxo_gaussian uxo_gaussian_make(double x, double y, double cxx, double cxy, double cyy, double weight)
{
    const double c = cxx / (cxx * cyy - cxy * cxy);
    return (uxo_gaussian){.x = (float)x,
                          .y = (float)y,
                          .g = (float)(1.0 / cxx),
                          .lean = (float)(cxy / cxx),
                          .c = (float)c,
                          .weight = (float)weight,
                          .decay = (float)uxo_exp(-c),
                          .cut = (float)UXO_FIELD_CUT};
}

uxo_gaussian_extent uxo_gaussian_extent_of(const uxo_gaussian *gaussian)
{
    const double g = (double)gaussian->g, lean = (double)gaussian->lean, cut = (double)gaussian->cut;
    const double variance = 1.0 / (double)gaussian->c + lean * lean / g; /* along the rows */
    return (uxo_gaussian_extent){.half_width = (float)sqrt(cut / g),
                                 .half_height = (float)sqrt(cut * variance),
                                 .top_dx = (float)(lean / g * sqrt(cut / variance))};
}

/* fmaxf and fminf are calls, for the sake of NaN. */
static inline float larger(float a, float b)
{
    return a > b ? a : b;
}

static inline float smaller(float a, float b)
{
    return a < b ? a : b;
}

bool uxo_gaussian_rows(const uxo_gaussian *gaussian, const uxo_gaussian_extent *extent, float column, int *first,
                       int *last)
{
    const float from = larger(column - gaussian->x, -extent->half_width);
    const float to = smaller(column + (float)(UXO_STRIP - 1) - gaussian->x, extent->half_width);
    if (from > to) {
        return false;
    }
    /* dy = lean dx +- sqrt((cut - g dx^2) / c) on the ellipse. */
    const float g = gaussian->g, lean = gaussian->lean, c = gaussian->c;
    const float root_from = sqrtf(larger(0.0f, gaussian->cut - g * from * from) / c);
    const float root_to = sqrtf(larger(0.0f, gaussian->cut - g * to * to) / c);
    float top = larger(lean * from + root_from, lean * to + root_to);
    float bottom = smaller(lean * from - root_from, lean * to - root_to);
    top = extent->top_dx >= from && extent->top_dx <= to ? extent->half_height : top;
    bottom = -extent->top_dx >= from && -extent->top_dx <= to ? -extent->half_height : bottom;
    *first = (int)ceilf(gaussian->y + bottom);
    *last = (int)floorf(gaussian->y + top);
    return *first <= *last;
}
