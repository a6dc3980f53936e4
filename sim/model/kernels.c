/* kernels.c - choice of the kernels at run time, and those that need no particular processor: the reference for the
 * others. */
#include "uxosim/kernels.h"

#include <math.h>
#include <sleef.h>
#include <string.h>

#include "kernels_private.h"

static void normal_pair(uint32_t radius_word, uint32_t angle_word, float *first, float *second)
{
    const float u = ((float)(int32_t)(radius_word >> 1) + 0.5f) * 0x1p-31f;
    const float radius = sqrtf(-2.0f * Sleef_cinz_logf1_u10purec(u));
    const Sleef_float_2 direction = Sleef_cinz_sincospif1_u05purec((float)(int32_t)angle_word * 0x1p-31f);
    *first = radius * direction.y;
    *second = radius * direction.x;
}

static void portable_scatter(const uxo_lanes *lanes, size_t count, uint32_t realisation)
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

static void address_words(uxo_key key, uint32_t realisation, uint32_t carrier, uxo_purpose purpose, uint32_t block,
                          uint32_t word[4])
{
    const uint32_t counter[4] = {block, (uint32_t)purpose, carrier, realisation};
    uxo_philox(counter, key.word, word);
}

uxo_block uxo_block_words(uxo_key key, uint32_t realisation, uint32_t carrier, uxo_purpose purpose, uint32_t block)
{
    uint32_t word[4];
    address_words(key, realisation, carrier, purpose, block, word);
    return (uxo_block){{0.0f, 0.0f}, {word[2], word[3]}};
}

uxo_block uxo_block_at(uxo_key key, uint32_t realisation, uint32_t carrier, uxo_purpose purpose, uint32_t block)
{
    uint32_t word[4];
    uxo_block out;
    address_words(key, realisation, carrier, purpose, block, word);
    normal_pair(word[0], word[1], &out.z[0], &out.z[1]);
    out.word[0] = word[2];
    out.word[1] = word[3];
    return out;
}

static void portable_draws(const uxo_lanes *lanes, size_t count, uint32_t realisation)
{
    for (size_t i = 0; i < count; i++) {
        const uxo_key key = {{lanes->key0[i], lanes->key1[i]}};
        const uxo_block block =
            uxo_block_at(key, realisation, lanes->carrier[i], (uxo_purpose)lanes->purpose[i], lanes->block[i]);
        lanes->z[0][i] = block.z[0];
        lanes->z[1][i] = block.z[1];
        lanes->word[0][i] = block.word[0];
        lanes->word[1][i] = block.word[1];
    }
}

/* 1/k, each correctly rounded, so that a step costs no division. Filled by the compiler. */
#define I(k) (1.0 / (double)(k))
#define I8(k) I(k), I(k + 1), I(k + 2), I(k + 3), I(k + 4), I(k + 5), I(k + 6), I(k + 7)
#define I32(k) I8(k), I8(k + 8), I8(k + 16), I8(k + 24)
const double uxo_kernels_inverse[UXO_INVERSION_STEPS + 1] = {0.0, I32(1), I32(33), I32(65), I32(97)};

/* Walks up from zero: P(k) = P(k-1) ((n+1)/k - 1) p/(1-p). */
uint32_t uxo_count_by_inversion(double u, double none, double ratio, double odds)
{
    double mass = none;
    uint32_t k = 0;
    while (u > mass && k < UXO_INVERSION_STEPS) {
        u -= mass;
        k++;
        mass = mass * (ratio * uxo_kernels_inverse[k] - odds);
    }
    return k;
}

static void portable_counts(const double *u, const double *none, const double *ratio, const double *odds, uint32_t *out,
                            size_t count)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = uxo_count_by_inversion(u[i], none[i], ratio[i], odds[i]);
    }
}

static void portable_cells(const uxo_cell_place *places, size_t count, const uxo_cell_grid *grid, const float *z0,
                           const float *z1, uint32_t *tile, uint32_t *cell)
{
    size_t lane = 0;
    for (size_t p = 0; p < count; p++) {
        for (size_t i = 0; i < places[p].blocks; i++, lane++) {
            uxo_kernels_cell(&places[p], grid, z0[lane], z1[lane], &tile[lane], &cell[lane]);
        }
    }
}

static const uxo_kernels PORTABLE = {"portable", portable_scatter, portable_draws, portable_counts, portable_cells};

const uxo_kernels *uxo_kernels_select(const char *name)
{
    const struct {
        const uxo_kernels *kernels;
        int available;
    } all[] = {
#if defined(__x86_64__)
        {&uxo_kernels_avx512, __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")},
        {&uxo_kernels_avx2, __builtin_cpu_supports("avx2")},
        {&uxo_kernels_sse2, 1},
#endif
        {&PORTABLE, 1},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i].available && (name == NULL || strcmp(name, all[i].kernels->name) == 0)) {
            return all[i].kernels;
        }
    }
    return NULL;
}
