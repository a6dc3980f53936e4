/* test_shapes.c - ovals and rings in both estimators: the law of their points, masses inside a radius, points against the
 * exact shares of cells, the two estimators against each other with everything uncertain; and that a pattern one or two
 * per cent off is noticed.
 *
 * Each judged z fails with probability 7e-6, each chi-square and each comparison with a uniform law with 2e-6, when
 * nothing is wrong.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../sim/engine/expected_order.h"
#include "../../sim/engine/place.h"
#include "judge.h"
#include "sixty_strikes.h"

enum { SEED = 20261122 };
static const double PI = 3.14159265358979323846;

static void make_oval(uxo_munition *munition, uxo_shape shape, double along_m, double across_m, double width)
{
    munition->shape = shape;
    munition->pattern_along_m = uxo_quantity_constant(along_m);
    munition->pattern_across_m = uxo_quantity_constant(across_m);
    munition->pattern_width = uxo_quantity_constant(shape == UXO_SHAPE_RING ? width : 0.0);
}

/* Duds of one carrier in cells of 2^-16 semi-axes, read back from where they lie: the squares of their distances are
 * uniform between those of the edges, their directions all round. */
static void points_lie_evenly(void **state)
{
    enum { LANES = 2048, ROUNDS = 40, SIDE = 1 << 20, PER_AXIS = 1 << 16, ROOM = 1 + UXO_LANE_GROUP };
    static const double inners[] = {0.0, 0.75, 0.99, 0.0}, outers[] = {1.0, 1.25, 1.01, 2.0};
    static uint32_t job[LANES + UXO_LANE_GROUP], tile[2][LANES], cell[2][LANES];
    static double square[2 * LANES * ROUNDS], direction[2 * LANES * ROUNDS];
    (void)state;
    for (int k = 0; k < 4; k++) {
        const double inner = inners[k], rest = outers[k] * outers[k] - inner * inner;
        uint32_t key0[ROOM] = {SEED}, key1[ROOM] = {(uint32_t)k}, zero[ROOM] = {0};
        int32_t centre[ROOM] = {SIDE / 2};
        float half[ROOM] = {0.5f}, scale[ROOM] = {(float)PER_AXIS}, none[ROOM] = {0.0f};
        float hole[ROOM] = {(float)(inner * inner)}, between[ROOM] = {(float)rest};
        const uxo_scatter_jobs jobs = {key0, key1,  zero, zero, centre, centre, half,
                                       half, scale, none, none, scale,  hole,   between};
        const uxo_cell_grid grid = {SIDE, SIDE, SIDE / UXO_TILE, UINT32_MAX};
        size_t count = 0;
        for (uint32_t r = 0; r < ROUNDS; r++) {
            assert_true(uxo_kernels_select(NULL)->scatter_shapes(&jobs, job, LANES, r, &grid, 0,
                                                                 (uint32_t *const[2]){tile[0], tile[1]},
                                                                 (uint32_t *const[2]){cell[0], cell[1]}));
            for (int i = 0; i < 2 * LANES; i++) {
                const uint32_t t = tile[i % 2][i / 2], c = cell[i % 2][i / 2];
                const double x = (double)(t % grid.tiles_x * UXO_TILE + c % UXO_TILE) - SIDE / 2;
                const double y = (double)(SIDE - 1 - (t / grid.tiles_x * UXO_TILE + c / UXO_TILE)) - SIDE / 2;
                const double radius = hypot(x, y) / PER_AXIS;
                square[count] = (radius * radius - inner * inner) / rest;
                direction[count++] = 0.5 + atan2(y, x) / (2.0 * PI);
                assert_true(radius > inner - 3.0 / PER_AXIS && radius < outers[k] + 3.0 / PER_AXIS);
            }
        }
        printf("edges %g and %g\n", inner, outers[k]);
        if (rest >= 1.0) { /* a thinner ring's tails are thinner than a cell */
            assert_true(judge_tails("tails of the square of the distance", square, count));
        }
        assert_true(judge_uniform("square of the distance", square, count));
        assert_true(judge_uniform("direction", direction, count));
    }
}

/* Share of all that lies within z times the semi-axes. */
static double share_within(uxo_shape shape, double width, double z)
{
    const double inner = uxo_oval_inner(shape, width), outer = uxo_oval_outer(shape, width);
    return fmin(1.0, fmax(0.0, z * z - inner * inner) / (outer * outer - inner * inner));
}

static double sum_within(const map_run *run, double along_m, double across_m, double z)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < run->grid->nx * run->grid->ny; i++) {
        const uint32_t ix = i % run->grid->nx, iy = i / run->grid->nx;
        if (hypot(uxo_grid_x_m(run->grid, ix) / along_m, uxo_grid_y_m(run->grid, iy) / across_m) <= z) {
            sum += map_run_at(run, UXO_LAYER_DUD_DENSITY, 0, ix, iy) * uxo_grid_cell_ha(run->grid);
        }
    }
    return sum;
}

/* Cells of a metre, semi-axes of 100 and 60: counted by the centres of cells, which is right to a part in a thousand. */
static void masses_inside_a_radius_are_known(void **state)
{
    enum { R = 300 };
    static const double zs[] = {0.3, 0.6, 0.8, 0.95, 1.1, 1.2, 1.5};
    static const double widths[] = {0.0, 0.5, 1.5};
    static model_fixture fixture;
    const double along_m = 100.0, across_m = 60.0, duds = 644.0 * 0.16;
    const uxo_engine_options options = {.threads = 2};
    (void)state;
    for (size_t k = 0; k < sizeof widths / sizeof widths[0]; k++) {
        const uxo_shape shape = k == 0 ? UXO_SHAPE_UNIFORM_ELLIPSE : UXO_SHAPE_RING;
        map_run expected, points;
        fixture_init(&fixture, -180.0, -120.0, 1.0, 360, 240, R, SEED + k);
        make_oval(&fixture.munition[0], shape, along_m, across_m, widths[k]);
        fixture_strike(&fixture, "s", 0.0, 0.0);
        map_run_prepare(&fixture, NULL, 0, NULL, 0);
        map_run_make(&expected, &fixture, &options);
        assert_string_equal(expected.outcome.why_sampled, "a pattern that is not gaussian");
        fixture.scenario.estimator = UXO_ESTIMATOR_ANALOG;
        map_run_make(&points, &fixture, &options);
        for (size_t i = 0; i < sizeof zs / sizeof zs[0]; i++) {
            char name[64];
            const double share = share_within(shape, widths[k], zs[i]);
            const double found = sum_within(&expected, along_m, across_m, zs[i]) / duds;
            snprintf(name, sizeof name, "width %g, within %g of the semi-axes", widths[k], zs[i]);
            printf("  %-58s %.6f against %.6f\n", name, found, share);
            assert_near(found, share, 1.5e-3);
            const double counted = sum_within(&points, along_m, across_m, zs[i]) / duds;
            const double error = sqrt(found * (1.0 - 0.16 * found) / (R * duds));
            assert_true(judge_z(name, counted, found, fmax(error, 1e-5)));
        }
        map_run_free(&expected);
        map_run_free(&points);
        fixture_free(&fixture);
    }
}

/* What is put into the expectation, not into the engine. */
typedef struct defect {
    const char *name;
    double along, across, width, bearing_deg, shift_m;
} defect;

enum { SIDE = 40, POINT_REALISATIONS = 4000 };
static const double CELL_M = 7.0;

/* Chi-square of the points of many realisations over cells, those that expect little together. */
static bool points_agree(const model_fixture *fixture, const uxo_outcome *outcome, const defect *damage)
{
    const uxo_munition *const munition = &fixture->munition[0];
    const double bearing = (fixture->strike[0].heading_deg.p[0] + damage->bearing_deg) * PI / 180.0;
    const double width = munition->pattern_width.p[0] * damage->width;
    const double all = 644.0 * 0.16 * POINT_REALISATIONS;
    const uxo_oval_sizes sizes = {munition->pattern_along_m.p[0] * damage->along,
                                  munition->pattern_across_m.p[0] * damage->across,
                                  sin(bearing),
                                  cos(bearing),
                                  uxo_oval_inner(munition->shape, width),
                                  uxo_oval_outer(munition->shape, width)};
    const uxo_placed_pattern placed = uxo_place_oval(&fixture->scenario.grid, 3.0 + damage->shift_m, -5.0, &sizes, all);
    uxo_patch patch;
    double sum = 0.0, rest_found = 0.0, rest_expected = 0.0, terms = 0.0;
    assert_true(uxo_patch_init(&patch, SIDE, SIDE, UXO_PATCH_MAX_ROWS, false));
    uxo_patch_add(&patch, uxo_field_kernels_select(NULL), &placed, 0.0, 0.0);
    for (uint32_t cell = 0; cell < SIDE * SIDE; cell++) {
        const uint32_t ix = cell % SIDE, iy = cell / SIDE, slot = patch.slot[ix / UXO_STRIP];
        const size_t at = slot * uxo_patch_block_size(&patch) + iy * UXO_STRIP + ix % UXO_STRIP;
        const double expected = slot == UXO_PATCH_UNTOUCHED ? 0.0 : (double)patch.value[at];
        double found = 0.0;
        for (size_t r = 0; r < POINT_REALISATIONS; r++) {
            found += (double)outcome->dud_count[r * outcome->columns + cell];
        }
        if (expected < 50.0) {
            rest_found += found;
            rest_expected += expected;
        } else {
            sum += (found - expected) * (found - expected) / (expected * (1.0 - 0.16 * expected / all));
            terms += 1.0;
        }
    }
    uxo_patch_free(&patch);
    if (rest_expected > 0.0) {
        sum += (rest_found - rest_expected) * (rest_found - rest_expected) / rest_expected;
        terms += 1.0;
    }
    return judge_chi_square(damage->name, sum, terms);
}

/* Every cell a district of its own: its points over all realisations. */
static void points_have_the_shares_of_cells(void **state)
{
    static const defect damages[] = {
        {"no defect", 1.0, 1.0, 1.0, 0.0, 0.0},           {"1 % too long", 1.01, 1.0, 1.0, 0.0, 0.0},
        {"1 % too narrow", 1.0, 0.99, 1.0, 0.0, 0.0},     {"ring 5 % too broad", 1.0, 1.0, 1.05, 0.0, 0.0},
        {"turned by 2 degrees", 1.0, 1.0, 1.0, 2.0, 0.0}, {"1 m too far east", 1.0, 1.0, 1.0, 0.0, 1.0},
    };
    static model_fixture fixture;
    uxo_outcome outcome;
    (void)state;
    for (int k = 0; k < 2; k++) {
        const uxo_shape shape = k == 0 ? UXO_SHAPE_UNIFORM_ELLIPSE : UXO_SHAPE_RING;
        printf("%s\n", k == 0 ? "ellipse" : "ring");
        fixture_init(&fixture, -0.5 * SIDE * CELL_M, -0.5 * SIDE * CELL_M, CELL_M, SIDE, SIDE, POINT_REALISATIONS,
                     SEED + 10 + (uint64_t)k);
        make_oval(&fixture.munition[0], shape, 90.0, 55.0, 0.5);
        fixture_strike(&fixture, "s", 3.0, -5.0)->heading_deg = uxo_quantity_constant(33.0);
        fixture_cell_districts(&fixture);
        fixture_run(&fixture, 2, &outcome);
        for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
            const bool changes_nothing = k == 0 && damages[i].width > 1.0; /* an ellipse has no width */
            assert_int_equal(points_agree(&fixture, &outcome, &damages[i]), i == 0 || changes_nothing);
        }
        uxo_outcome_free(&outcome);
        fixture_free(&fixture);
    }
}

enum { EXPECTED_R = 1500, POINT_R = 9000 };
static const int PLACES[5][2] = {{0, 0}, {4, 1}, {-3, 4}, {7, -5}, {-9, 0}};
enum { PLACES_TRIED = 5 };

/* Sixty strikes out of each other's reach, of three munitions with three shapes, every size a distribution. */
static void sixty_strikes(model_fixture *fixture, uint32_t realisations, uint64_t seed)
{
    static const uxo_per levels[3] = {UXO_PER_STRIKE, UXO_PER_STRIKE, UXO_PER_CARRIER};
    sixty_begin(fixture, realisations, seed);
    fixture->scenario.catalogue.count = 3;
    for (int i = 0; i < 3; i++) {
        uxo_munition *const munition = &fixture->munition[i];
        sixty_munition(munition);
        munition->shape = (uxo_shape)i;
        munition->pattern_along_m = quantity_uniform(40.0, 110.0, levels[i]);
        munition->pattern_across_m = quantity_uniform(25.0, 60.0, levels[i]);
        munition->pattern_width = i == 2 ? quantity_uniform(0.2, 1.2, UXO_PER_CARRIER) : uxo_quantity_constant(0.0);
    }
    for (int i = 0; i < STRIKES; i++) {
        uxo_strike *const strike = sixty_strike(fixture, i);
        strike->mixture.count = 3;
        for (uint16_t j = 0; j < 3; j++) {
            strike->mixture.munition[j] = j;
            strike->mixture.weight[j] = 0.2 + 0.2 * (j > 0);
        }
        fixture->site[i].location_size_m = uxo_quantity_constant(UXO_R95_PER_SIGMA * 20.0);
    }
    map_run_prepare(fixture, NULL, 0, NULL, 0);
}

/* Other seeds, so that the two are independent; errors of the points from what is expected, since few hit a cell. */
static void the_estimators_agree(void **state)
{
    static model_fixture fixture;
    map_run expected, points;
    const double cell_ha = 0.01;
    const uxo_engine_options options = {.threads = 2};
    (void)state;
    sixty_strikes(&fixture, EXPECTED_R, SEED + 20);
    map_run_make(&expected, &fixture, &options);
    assert_int_equal(uxo_order_stride(&fixture.scenario), 1);
    fixture_free(&fixture);
    sixty_strikes(&fixture, POINT_R, SEED + 21);
    fixture.scenario.estimator = UXO_ESTIMATOR_ANALOG;
    map_run_make(&points, &fixture, &options);
    for (int place = 0; place < PLACES_TRIED; place++) {
        double density = 0.0, chance = 0.0;
        for (int i = 0; i < STRIKES; i++) {
            const double mean = sixty_beside(&expected, UXO_LAYER_DUD_DENSITY, i, PLACES[place]) * cell_ha;
            const double sd = sixty_beside(&expected, UXO_LAYER_DUD_DENSITY_SD, i, PLACES[place]) * cell_ha;
            const double p = sixty_beside(&expected, UXO_LAYER_DUD_PROBABILITY, i, PLACES[place]);
            const double p_error = sixty_beside(&expected, UXO_LAYER_DUD_PROBABILITY_SE, i, PLACES[place]);
            const double found = sixty_beside(&points, UXO_LAYER_DUD_DENSITY, i, PLACES[place]) * cell_ha;
            density += pow(found - mean, 2.0) / ((mean + sd * sd) / POINT_R + sd * sd / EXPECTED_R);
            chance += pow(sixty_beside(&points, UXO_LAYER_DUD_PROBABILITY, i, PLACES[place]) - p, 2.0) /
                      (p * (1.0 - p) / POINT_R + p_error * p_error);
        }
        printf("  %d cells east and %d south\n", PLACES[place][0], PLACES[place][1]);
        assert_true(judge_chi_square("density, points against expectations", density, STRIKES));
        assert_true(judge_chi_square("probability, points against expectations", chance, STRIKES));
    }
    map_run_free(&points);
    map_run_free(&expected);
    fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_lie_evenly),
        cmocka_unit_test(masses_inside_a_radius_are_known),
        cmocka_unit_test(points_have_the_shares_of_cells),
        cmocka_unit_test(the_estimators_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
