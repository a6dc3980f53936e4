/* test_normals.c - the normals of the kernels against the normal law, tails and dependence included.
 *
 * Seed 20261122. Each z fails with probability 7e-6 when nothing is wrong, each Kolmogorov-Smirnov test with 2e-6.
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "uxosim/grid.h"
#include "uxosim/kernels.h"

enum { SEED = 20261122, LANES = 1024, ROUNDS = 8000, TAILS = 5 };

/* Standard deviations beyond which normals are counted; the last few expect 230, 19 and 0.7 of 33 million. */
static const double TAIL[TAILS] = {3.0, 4.0, 4.5, 5.0, 5.5};

/* What is gathered of a pair of normals. */
typedef struct pairs {
    double beyond[TAILS]; /* normals of either sign */
    double above[TAILS];  /* positive ones alone */
    double product, square_product;
    double *u; /* of the first of each pair of the first rounds, then of the second */
    size_t kept, room, count;
} pairs;

static void gather(pairs *self, double a, double b)
{
    for (int t = 0; t < TAILS; t++) {
        self->above[t] += (a > TAIL[t]) + (b > TAIL[t]);
        self->beyond[t] += (fabs(a) > TAIL[t]) + (fabs(b) > TAIL[t]);
    }
    self->product += a * b;
    self->square_product += (a * a - 1.0) * (b * b - 1.0);
    if (self->kept < self->room) {
        self->u[self->kept] = gsl_cdf_ugaussian_P(a);
        self->u[self->room + self->kept++] = gsl_cdf_ugaussian_P(b);
    }
    self->count++;
}

static bool judge_pairs(pairs *self)
{
    bool good = true;
    const double n = (double)self->count;
    for (int t = 0; t < TAILS; t++) {
        char name[64];
        const double expected = 2.0 * n * 2.0 * gsl_cdf_ugaussian_Q(TAIL[t]);
        snprintf(name, sizeof name, "beyond %g sd", TAIL[t]);
        good = judge_z(name, self->beyond[t], expected, sqrt(expected) + 0.5) && good;
        good = judge_z("above", self->above[t], 0.5 * expected, sqrt(0.5 * expected) + 0.5) && good;
    }
    good = judge_z("mean product of a pair", self->product / n, 0.0, 1.0 / sqrt(n)) && good;
    good = judge_z("mean product of its centred squares", self->square_product / n, 0.0, 2.0 / sqrt(n)) && good;
    good = judge_uniform("first of the pair", self->u, self->kept) && good;
    return judge_uniform("second of the pair", self->u + self->room, self->kept) && good;
}

static pairs *new_pairs(void)
{
    pairs *const self = calloc(1, sizeof *self);
    self->room = 400000;
    self->u = calloc(2 * self->room, sizeof *self->u);
    return self;
}

static void free_pairs(pairs *self)
{
    free(self->u);
    free(self);
}

static void normals_of_draws_have_their_law(void **state)
{
    static uint32_t words[7][LANES];
    static float z[2][LANES];
    const uxo_lanes lanes = {words[0], words[1], words[2], words[3], words[4], {z[0], z[1]}, {words[5], words[6]}};
    pairs *const found = new_pairs();
    (void)state;
    printf("draws, seed %d\n", SEED);
    for (uint32_t i = 0; i < LANES; i++) {
        words[0][i] = SEED;
        words[1][i] = 1;
        words[2][i] = UXO_PURPOSE_CARRIER;
        words[3][i] = i / 8;
        words[4][i] = i % 8;
    }
    for (uint32_t r = 0; r < 2 * ROUNDS; r++) {
        uxo_kernels_select(NULL)->draws(&lanes, LANES, r);
        for (size_t i = 0; i < LANES; i++) {
            gather(found, (double)z[0][i], (double)z[1][i]);
        }
    }
    assert_true(judge_pairs(found));
    free_pairs(found);
}

/* Duds of one carrier in cells of 2^-16 standard deviations: their normals, read back from where they lie. */
static void normals_of_scattered_duds_have_their_law(void **state)
{
    enum { SIDE = 1 << 20, CELLS_PER_SD = 1 << 16, JOB_ROOM = 1 + UXO_LANE_GROUP };
    static uint32_t job[LANES], tile[2][LANES], cell[2][LANES];
    uint32_t key0[JOB_ROOM] = {SEED}, key1[JOB_ROOM] = {2}, zero[JOB_ROOM] = {0};
    int32_t centre[JOB_ROOM] = {SIDE / 2};
    float half[JOB_ROOM] = {0.5f}, scale[JOB_ROOM] = {(float)CELLS_PER_SD}, none[JOB_ROOM] = {0.0f};
    const uxo_scatter_jobs jobs = {key0, key1,  zero, zero, centre, centre, half,
                                   half, scale, none, none, scale,  none,   none};
    const uxo_cell_grid grid = {SIDE, SIDE, SIDE / UXO_TILE, UINT32_MAX};
    pairs *const found[2] = {new_pairs(), new_pairs()};
    (void)state;
    printf("scatter, seed %d\n", SEED);
    for (uint32_t r = 0; r < ROUNDS; r++) {
        uxo_kernels_select(NULL)->scatter(&jobs, job, LANES, r, &grid, 0, (uint32_t *const[2]){tile[0], tile[1]},
                                          (uint32_t *const[2]){cell[0], cell[1]});
        for (int k = 0; k < 2; k++) {
            for (size_t i = 0; i < LANES; i++) {
                const uint32_t ix = tile[k][i] % grid.tiles_x * UXO_TILE + cell[k][i] % UXO_TILE;
                const uint32_t iy = tile[k][i] / grid.tiles_x * UXO_TILE + cell[k][i] / UXO_TILE;
                gather(found[k], ((double)ix - SIDE / 2) / CELLS_PER_SD,
                       ((double)(SIDE - 1 - iy) - SIDE / 2) / CELLS_PER_SD);
            }
        }
    }
    for (int k = 0; k < 2; k++) {
        assert_true(judge_pairs(found[k]));
        free_pairs(found[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normals_of_draws_have_their_law),
        cmocka_unit_test(normals_of_scattered_duds_have_their_law),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
