/* test_kernels.c - the kernels of every instruction set give the bits of the portable ones. Laws are in
 * statistics/test_samplers.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "instruction_sets.h"
#include "uxosim/grid.h"
#include "uxosim/kernels.h"

enum { LANES = 4096 };

typedef struct lane_memory {
    uint32_t words[7][LANES];
    float z[2][LANES];
} lane_memory;

static uxo_lanes lanes_of(lane_memory *memory)
{
    return (uxo_lanes){memory->words[0],
                       memory->words[1],
                       memory->words[2],
                       memory->words[3],
                       memory->words[4],
                       {memory->z[0], memory->z[1]},
                       {memory->words[5], memory->words[6]}};
}

static lane_memory *new_memory(void)
{
    lane_memory *const memory = calloc(1, sizeof *memory);
    for (uint32_t i = 0; i < LANES; i++) {
        memory->words[0][i] = i * 2654435761u;
        memory->words[1][i] = ~i;
        memory->words[2][i] = i % 25;
        memory->words[3][i] = i / 7;
        memory->words[4][i] = i % 7;
    }
    return memory;
}

/* The kernels that a test is about, by the name in its state; a processor that has none of them skips the test. */
static const uxo_kernels *kernels_of(void *const *state)
{
    const uxo_kernels *const kernels = uxo_kernels_select(*state);
    if (kernels == NULL) {
        print_message("this processor has no %s\n", (const char *)*state);
        skip();
    }
    return kernels;
}

static void lanes_have_the_same_bits(void **state)
{
    const uxo_kernels *const kernels = kernels_of(state);
    const uxo_kernels *const portable = uxo_kernels_select("portable");
    lane_memory *const reference = new_memory(), *const other = new_memory();
    const uxo_lanes expected = lanes_of(reference), found = lanes_of(other);
    for (uint32_t realisation = 0; realisation < 40; realisation++) {
        portable->draws(&expected, LANES, realisation);
        kernels->draws(&found, LANES, realisation);
        assert_memory_equal(other, reference, sizeof *other);
    }
    free(reference);
    free(other);
}

static void counts_are_the_same(void **state)
{
    static double input[4][LANES];
    static uint32_t expected[LANES], found[LANES];
    const uxo_kernels *const kernels = kernels_of(state);
    for (uint32_t i = 0; i < LANES; i++) {
        const uxo_block block = uxo_block_at((uxo_key){{5, 6}}, i, 0, UXO_PURPOSE_CARRIER, 0);
        const double n = 1.0 + i % 90, p = (1.0 + i % 49) / 150.0;
        input[0][i] = i == 0 ? 1.0 : uxo_uniform_of_words(block.word[0], block.word[1]);
        input[1][i] = i % 10 == 9 ? 1.0 : pow(1.0 - p, n);
        input[2][i] = (n + 1.0) * p / (1.0 - p);
        input[3][i] = p / (1.0 - p);
        expected[i] = uxo_count_by_inversion(input[0][i], input[1][i], input[2][i], input[3][i]);
    }
    memset(found, 0, sizeof found);
    kernels->counts(input[0], input[1], input[2], input[3], found, LANES);
    assert_memory_equal(found, expected, sizeof found);
}

enum { JOBS = 8, ROOM = JOBS + UXO_LANE_GROUP };

/* Jobs of 1000, 13, 7, 1, 6, 999, 3 and 14 lanes: near the corners, far out, and with patterns that are no numbers. */
typedef struct job_memory {
    uint32_t key0[ROOM], key1[ROOM], carrier[ROOM], first[ROOM];
    int32_t column[ROOM], row[ROOM];
    float x[ROOM], y[ROOM], xa[ROOM], xc[ROOM], ya[ROOM], yc[ROOM], hole[ROOM], rest[ROOM];
    uint32_t job[LANES];
    size_t lanes;
} job_memory;

static uxo_scatter_jobs new_jobs(job_memory *memory)
{
    static const struct {
        int32_t column, row;
        float x, y, xa, xc, ya, yc;
        uint32_t lanes;
    } jobs[JOBS] = {{10, 7, 0.5f, 0.25f, 3.0f, -4.0f, 2.0f, 5.0f, 1000},
                    {-3, 5, 0.0f, 0.0f, 1e9f, 1e9f, 1e12f, 0.0f, 13},
                    {5, 0, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 7},
                    {0, 1, NAN, 0.0f, 0.0f, 0.0f, INFINITY, 0.0f, 1},
                    {129, 66, 0.999f, 0.999f, 0.01f, 0.0f, 0.0f, 0.01f, 6},
                    {70, 60, 0.0f, 0.0f, 30.0f, 0.0f, 0.0f, 30.0f, 999},
                    {UXO_FARTHEST_CELL, -UXO_FARTHEST_CELL, 0.0f, 0.0f, 1e9f, 0.0f, 0.0f, 1e9f, 3},
                    {64, 3, 0.0f, 0.0f, 0.3f, 0.4f, 0.4f, -0.3f, 14}};
    memset(memory, 0, sizeof *memory);
    for (uint32_t j = 0; j < JOBS; j++) {
        memory->key0[j] = 77 + j;
        memory->key1[j] = ~j;
        memory->carrier[j] = j % 3;
        memory->first[j] = (uint32_t)memory->lanes - 5 * j; /* later parts of carriers start at a later block */
        memory->column[j] = jobs[j].column;
        memory->row[j] = jobs[j].row;
        memory->x[j] = jobs[j].x;
        memory->y[j] = jobs[j].y;
        memory->xa[j] = jobs[j].xa;
        memory->xc[j] = jobs[j].xc;
        memory->ya[j] = jobs[j].ya;
        memory->yc[j] = jobs[j].yc;
        for (uint32_t i = 0; i < jobs[j].lanes; i++) {
            memory->job[memory->lanes++] = j;
        }
    }
    return (uxo_scatter_jobs){memory->key0, memory->key1, memory->carrier, memory->first, memory->column,
                              memory->row,  memory->x,    memory->y,       memory->xa,    memory->xc,
                              memory->ya,   memory->yc,   memory->hole,    memory->rest};
}

/* Two duds a lane. */
typedef struct placed {
    uint32_t tile[2][LANES], cell[2][LANES];
} placed;

static void scatter_jobs(const uxo_kernels *kernels, const job_memory *memory, const uxo_scatter_jobs *jobs,
                         uint32_t mark, placed *out)
{
    const uxo_cell_grid grid = {130, 67, 3, 6};
    kernels->scatter(jobs, memory->job, memory->lanes, 3, &grid, mark, (uint32_t *const[2]){out->tile[0], out->tile[1]},
                     (uint32_t *const[2]){out->cell[0], out->cell[1]});
}

static void scattered_duds_are_the_same(void **state)
{
    static job_memory memory;
    static placed expected, found;
    const uxo_kernels *const kernels = kernels_of(state);
    const uxo_scatter_jobs jobs = new_jobs(&memory);
    scatter_jobs(uxo_kernels_select("portable"), &memory, &jobs, UINT32_C(9) << 12, &expected);
    scatter_jobs(kernels, &memory, &jobs, UINT32_C(9) << 12, &found);
    for (int half = 0; half < 2; half++) {
        assert_memory_equal(found.tile[half], expected.tile[half], memory.lanes * sizeof(uint32_t));
        assert_memory_equal(found.cell[half], expected.cell[half], memory.lanes * sizeof(uint32_t));
    }
}

/* The same jobs as ovals and rings, some of them gaussians still, one of a size that is no number. */
static void make_shapes(job_memory *memory)
{
    static const float holes[JOBS] = {0.5625f, 0.0f, 0.81f, 0.0f, 0.25f, 0.0f, 0.0f, 0.0f};
    static const float rests[JOBS] = {1.0f, 1.0f, 0.4f, 2.0f, NAN, 0.0f, 4.0f, 0.0f};
    memcpy(memory->hole, holes, sizeof holes);
    memcpy(memory->rest, rests, sizeof rests);
}

static void scatter_shapes(const uxo_kernels *kernels, const job_memory *memory, const uxo_scatter_jobs *jobs,
                           placed *out)
{
    const uxo_cell_grid grid = {130, 67, 3, 6};
    kernels->scatter_shapes(jobs, memory->job, memory->lanes, 3, &grid, 0,
                            (uint32_t *const[2]){out->tile[0], out->tile[1]},
                            (uint32_t *const[2]){out->cell[0], out->cell[1]});
}

static void scattered_shapes_are_the_same(void **state)
{
    static job_memory memory;
    static placed expected, found;
    const uxo_kernels *const kernels = kernels_of(state);
    const uxo_scatter_jobs jobs = new_jobs(&memory);
    make_shapes(&memory);
    scatter_shapes(uxo_kernels_select("portable"), &memory, &jobs, &expected);
    scatter_shapes(kernels, &memory, &jobs, &found);
    for (int half = 0; half < 2; half++) {
        assert_memory_equal(found.tile[half], expected.tile[half], memory.lanes * sizeof(uint32_t));
        assert_memory_equal(found.cell[half], expected.cell[half], memory.lanes * sizeof(uint32_t));
    }
}

/* A gaussian among ovals lies where it would lie without them, an oval does not. */
static void gaussians_among_shapes_stay_where_they_are(void **state)
{
    static job_memory memory;
    static placed alone, among;
    const uxo_scatter_jobs jobs = new_jobs(&memory);
    size_t moved = 0;
    (void)state;
    make_shapes(&memory);
    scatter_jobs(uxo_kernels_select("portable"), &memory, &jobs, 0, &alone);
    scatter_shapes(uxo_kernels_select("portable"), &memory, &jobs, &among);
    for (size_t i = 0; i < memory.lanes; i++) {
        const bool same = alone.tile[0][i] == among.tile[0][i] && alone.cell[1][i] == among.cell[1][i];
        assert_true(same || memory.rest[memory.job[i]] > 0.0f);
        moved += !same;
    }
    assert_true(moved > 800);
}

/* First duds of each block against the normals of that block and the geometry of the grid, in double precision. */
static void scattered_duds_lie_where_they_should(void **state)
{
    static job_memory memory;
    static placed found;
    uxo_grid geometry;
    size_t compared = 0, inside_count = 0;
    const uxo_scatter_jobs jobs = new_jobs(&memory);
    (void)state;
    uxo_grid_init(&geometry, 0.0, 0.0, 1.0, 130, 67);
    scatter_jobs(uxo_kernels_select(NULL), &memory, &jobs, 0, &found);
    for (uint32_t i = 0; i < memory.lanes; i++) {
        const uint32_t j = memory.job[i];
        const uxo_key key = {{jobs.key0[j], jobs.key1[j]}};
        const uxo_block block = uxo_block_at(key, 3, jobs.carrier[j], UXO_PURPOSE_SCATTER, i - jobs.first[j]);
        const double a = (double)block.z[0], b = (double)block.z[1];
        const double x = jobs.column[j] + ((double)jobs.x[j] + ((double)jobs.xa[j] * a + (double)jobs.xc[j] * b));
        const double y = jobs.row[j] + ((double)jobs.y[j] + ((double)jobs.ya[j] * a + (double)jobs.yc[j] * b));
        uint32_t ix = 0, iy = 0;
        const bool inside = uxo_grid_locate(&geometry, x, y, &ix, &iy);
        if (fabs(x - nearbyint(x)) < 1e-4 || fabs(y - nearbyint(y)) < 1e-4) {
            continue; /* so near to an edge that single precision may see it on the other side */
        }
        assert_int_equal(inside, found.tile[0][i] != 6);
        assert_true(!inside || (found.tile[0][i] == uxo_grid_tile_of(&geometry, ix, iy) &&
                                found.cell[0][i] == uxo_grid_cell_in_tile(ix, iy)));
        compared++;
        inside_count += inside;
    }
    assert_true(compared > 1950 && inside_count > 900);
}

static void a_single_block_is_that_of_the_lanes(void **state)
{
    lane_memory *const memory = new_memory();
    const uxo_lanes lanes = lanes_of(memory);
    (void)state;
    uxo_kernels_select(NULL)->draws(&lanes, LANES, 11);
    for (uint32_t i = 0; i < LANES; i++) {
        const uxo_block block = uxo_block_at((uxo_key){{lanes.key0[i], lanes.key1[i]}}, 11, lanes.carrier[i],
                                             (uxo_purpose)lanes.purpose[i], lanes.block[i]);
        assert_memory_equal(&block.z[0], &lanes.z[0][i], sizeof(float));
        assert_memory_equal(&block.z[1], &lanes.z[1][i], sizeof(float));
        assert_int_equal(block.word[0], lanes.word[0][i]);
        assert_int_equal(block.word[1], lanes.word[1][i]);
    }
    free(memory);
}

static void selection_knows_names(void **state)
{
    (void)state;
    assert_non_null(uxo_kernels_select(NULL));
    assert_null(uxo_kernels_select("abacus"));
    assert_string_equal(uxo_kernels_select("portable")->name, "portable");
}

int main(void)
{
    INSTRUCTION_SETS;
    const struct CMUnitTest tests[] = {
        OF_EACH_SET(lanes_have_the_same_bits),
        OF_EACH_SET(counts_are_the_same),
        OF_EACH_SET(scattered_duds_are_the_same),
        OF_EACH_SET(scattered_shapes_are_the_same),
        cmocka_unit_test(gaussians_among_shapes_stay_where_they_are),
        cmocka_unit_test(scattered_duds_lie_where_they_should),
        cmocka_unit_test(a_single_block_is_that_of_the_lanes),
        cmocka_unit_test(selection_knows_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
