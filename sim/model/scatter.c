/* scatter.c - choice of the kernel at run time, and the one that needs no particular processor. */
#include "uxosim/scatter.h"

#include <math.h>
#include <sleef.h>
#include <string.h>

#include "uxosim/rng.h"

static void normal_pair(uint32_t radius_word, uint32_t angle_word, float *first, float *second)
{
    const float u = ((float)(int32_t)(radius_word >> 1) + 0.5f) * 0x1p-31f;
    const float radius = sqrtf(-2.0f * Sleef_cinz_logf1_u10purec(u));
    const Sleef_float_2 direction = Sleef_cinz_sincospif1_u05purec((float)(int32_t)angle_word * 0x1p-31f);
    *first = radius * direction.y;
    *second = radius * direction.x;
}

void uxo_scatter_portable(const uxo_scatter_lanes *lanes, size_t count, uint32_t realisation)
{
    for (size_t i = 0; i < count; i++) {
        const uint32_t counter[4] = {lanes->block[i], UXO_PURPOSE_SCATTER, lanes->carrier[i], realisation};
        const uint32_t key[2] = {lanes->key0[i], lanes->key1[i]};
        uint32_t word[4];
        uxo_philox(counter, key, word);
        normal_pair(word[0], word[1], &lanes->z[0][i], &lanes->z[1][i]);
        normal_pair(word[2], word[3], &lanes->z[2][i], &lanes->z[3][i]);
    }
}

typedef struct named_kernel {
    const char *name;
    uxo_scatter_kernel *kernel;
    int available;
} named_kernel;

uxo_scatter_kernel *uxo_scatter_select(const char *name, const char **chosen)
{
    const named_kernel kernels[] = {
#if defined(__x86_64__)
        {"avx512", uxo_scatter_avx512, __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")},
        {"avx2", uxo_scatter_avx2, __builtin_cpu_supports("avx2")},
        {"sse2", uxo_scatter_sse2, 1},
#endif
        {"portable", uxo_scatter_portable, 1},
    };
    for (size_t i = 0; i < sizeof kernels / sizeof kernels[0]; i++) {
        if (kernels[i].available && (name == NULL || strcmp(name, kernels[i].name) == 0)) {
            if (chosen != NULL) {
                *chosen = kernels[i].name;
            }
            return kernels[i].kernel;
        }
    }
    return NULL;
}
