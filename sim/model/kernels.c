/* kernels.c - choice of the kernels at run time, and those that need no particular processor: the reference for the
 * others. */
#include "uxosim/kernels.h"

#include <string.h>

#include "kernels_private.h"

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
    uxo_kernels_normal_pair(word[0], word[1], &out.z[0], &out.z[1]);
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

/* Walks up from zero: P(k) = P(k-1) ((n+1)/k - 1) p/(1-p). Sums of masses never fall (what rounding leaves of P(n + 1) is below half a unit in
 * the last place of a sum that is nearly 1), so it does not matter how far the kernels walk on behind the count. */
uint32_t uxo_count_by_inversion(double u, double none, double ratio, double odds)
{
    double mass = none, below = none;
    uint32_t k = 0;
    while (u > below && k < UXO_INVERSION_STEPS) {
        k++;
        mass *= ratio * uxo_kernels_inverse[k] - odds;
        below += mass;
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

/* The four words of a lane of a job. */
static void scatter_words(const uxo_scatter_jobs *jobs, uint32_t job, uint32_t lane, uint32_t realisation,
                          uint32_t word[4])
{
    const uxo_key key = {{jobs->key0[job], jobs->key1[job]}};
    address_words(key, realisation, jobs->carrier[job], UXO_PURPOSE_SCATTER, lane - jobs->first[job], word);
}

static bool place_dud(const uxo_scatter_jobs *jobs, uint32_t j, float along, float across, const uxo_cell_grid *grid,
                      uint32_t mark, uint32_t *tile, uint32_t *cell)
{
    const float x = jobs->x[j] + (jobs->xa[j] * along + jobs->xc[j] * across);
    const float y = jobs->y[j] + (jobs->ya[j] * along + jobs->yc[j] * across);
    const int32_t column = jobs->column[j] + uxo_kernels_floor(x), row = jobs->row[j] + uxo_kernels_floor(y);
    return uxo_kernels_cell(column, row, grid, mark, tile, cell);
}

static bool portable_scatter(const uxo_scatter_jobs *jobs, const uint32_t *job, size_t count, uint32_t realisation,
                             const uxo_cell_grid *grid, uint32_t mark, uint32_t *const tile[2], uint32_t *const cell[2])
{
    bool all_inside = true;
    for (size_t i = 0; i < count; i++) {
        uint32_t word[4];
        scatter_words(jobs, job[i], (uint32_t)i, realisation, word);
        for (int half = 0; half < 2; half++) {
            float along, across;
            uxo_kernels_normal_pair(word[2 * half], word[2 * half + 1], &along, &across);
            all_inside &= place_dud(jobs, job[i], along, across, grid, mark, &tile[half][i], &cell[half][i]);
        }
    }
    return all_inside;
}

static bool portable_scatter_shapes(const uxo_scatter_jobs *jobs, const uint32_t *job, size_t count,
                                    uint32_t realisation, const uxo_cell_grid *grid, uint32_t mark,
                                    uint32_t *const tile[2], uint32_t *const cell[2])
{
    bool all_inside = true;
    for (size_t i = 0; i < count; i++) {
        const uint32_t j = job[i];
        uint32_t word[4];
        scatter_words(jobs, j, (uint32_t)i, realisation, word);
        for (int half = 0; half < 2; half++) {
            float along, across;
            uxo_kernels_shape_pair(jobs->hole[j], jobs->rest[j], word[2 * half], word[2 * half + 1], &along, &across);
            all_inside &= place_dud(jobs, j, along, across, grid, mark, &tile[half][i], &cell[half][i]);
        }
    }
    return all_inside;
}

static const uxo_kernels PORTABLE = {"portable", portable_scatter, portable_scatter_shapes, portable_draws,
                                     portable_counts};

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
