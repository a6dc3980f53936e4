/* test_invariance.c - what must not change a result: threads, kernels, order of strikes; and what must change it just
 * so: shifts, coarser cells, quarter turns. Scenarios are drawn at random from printed seeds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "model_fixture.h"

enum { SCENARIOS = 6, STRIKES = 12 };

/* An arbitrary scenario: grid of any size about the origin, strikes of every kind. Same seed, same scenario, whatever
 * the cells. */
static void arbitrary(model_fixture *fixture, uint64_t seed, double half_m, double cell_m)
{
    const uint32_t n = (uint32_t)(2.0 * half_m / cell_m + 0.5);
    uxo_stream stream =
        uxo_stream_at(uxo_key_make(seed, UXO_LEVEL_STRIKE, "arbitrary"), 0, 0, UXO_PURPOSE_CAMPAIGN_VALUE);
    fixture_init(fixture, -half_m, -half_m, cell_m, n, n, 150, seed);
    uxo_munition *const munition = &fixture->munition[0];
    munition->submunitions_per_carrier = quantity_range(20.0, 90.0);
    munition->dud_rate = quantity_uniform(0.05, 0.6, UXO_PER_CAMPAIGN);
    munition->varies_between_strikes = true;
    munition->concentration = uxo_quantity_constant(15.0);
    munition->carrier_failure = uxo_quantity_constant(0.1);
    munition->spread_along_m = uxo_quantity_constant(60.0);
    munition->spread_across_m = quantity_uniform(10.0, 50.0, UXO_PER_CARRIER);
    munition->pattern_along_m = quantity_uniform(30.0, 120.0, UXO_PER_STRIKE);
    for (int i = 1; i < 3; i++) {
        fixture->munition[i] = *munition;
        fixture->munition[i].shape = (uxo_shape)i;
    }
    fixture->munition[2].pattern_width = quantity_uniform(0.1, 1.9, UXO_PER_CARRIER);
    fixture->scenario.catalogue.count = 3;
    fixture_share(fixture, &munition->dud_rate, "m.dud_rate", true);
    for (int i = 0; i < STRIKES; i++) {
        char id[16];
        snprintf(id, sizeof id, "s%02d", i);
        const double x = (uxo_stream_uniform(&stream) - 0.5) * 2.2 * half_m,
                     y = (uxo_stream_uniform(&stream) - 0.5) * 2.2 * half_m;
        uxo_strike *const strike = fixture_strike(fixture, id, x, y);
        strike->carriers = quantity_range(1.0, 6.0);
        if (i % 3 == 1) {
            strike->mixture = (uxo_mixture){.count = 3, .munition = {0, 1, 2}, .weight = {0.2, 0.4, 0.4}};
        }
        strike->confidence = uxo_quantity_constant(0.8);
        strike->heading_unknown = i % 3 == 0;
        strike->heading_deg = uxo_quantity_constant(360.0 * uxo_stream_uniform(&stream));
        strike->heading_sd_deg = uxo_quantity_constant(10.0);
        uxo_site *const site = &fixture->site[fixture->scenario.strikes.site_count - 1];
        site->location_kind = i % 2 == 0 ? UXO_LOCATION_R95 : UXO_LOCATION_DISC;
        site->location_size_m = uxo_quantity_constant(100.0);
        if (i % 4 == 0) {
            snprintf(id, sizeof id, "s%02db", i);
            fixture_site(fixture, id, y, x);
        }
    }
}

static void assert_same_outcome(const uxo_outcome *a, const uxo_outcome *b)
{
    assert_int_equal(a->total_duds, b->total_duds);
    assert_int_equal(a->intact_carriers, b->intact_carriers);
    assert_memory_equal(a->dud_count, b->dud_count, (size_t)a->realisations * a->columns * sizeof *a->dud_count);
    for (size_t t = 0; t < a->tile_count; t++) {
        assert_int_equal(a->tile[t] == NULL, b->tile[t] == NULL);
        if (a->tile[t] != NULL) {
            assert_memory_equal(a->tile[t], b->tile[t], sizeof *a->tile[t]);
        }
    }
}

static void threads_and_kernels_change_nothing(void **state)
{
    static model_fixture fixture;
    static const char *const kernels[] = {"portable", "sse2", "avx2", "avx512"};
    (void)state;
    for (uint64_t seed = 1; seed <= SCENARIOS; seed++) {
        uxo_outcome reference;
        uxo_report report;
        uxo_report_init(&report);
        arbitrary(&fixture, seed, 700.0, 14.0);
        fixture_run(&fixture, 1, &reference);
        assert_true(reference.total_duds > 0);
        for (int threads = 2; threads <= 8; threads += 3) {
            uxo_outcome other;
            fixture_run(&fixture, threads, &other);
            assert_same_outcome(&reference, &other);
            uxo_outcome_free(&other);
        }
        for (size_t k = 0; k < sizeof kernels / sizeof kernels[0]; k++) {
            uxo_outcome other;
            const uxo_engine_options options = {.threads = 2, .kernel = kernels[k]};
            const uxo_status status = uxo_engine_run(&fixture.scenario, &options, &other, &report);
            if (status == UXO_OK) {
                assert_same_outcome(&reference, &other);
            } else {
                printf("this processor has no %s\n", kernels[k]);
            }
            uxo_outcome_free(&other);
        }
        uxo_report_free(&report);
        uxo_outcome_free(&reference);
        fixture_free(&fixture);
    }
}

/* The draws one by one, as `check` takes them, and by the lane, as a run does: the same duds in every realisation. */
static void totals_without_places_are_those_of_the_run(void **state)
{
    static model_fixture fixture;
    (void)state;
    for (uint64_t seed = 41; seed <= 40 + SCENARIOS; seed++) {
        uxo_outcome outcome;
        uxo_report report;
        double totals[150];
        uxo_report_init(&report);
        arbitrary(&fixture, seed, 500.0, 20.0);
        fixture.munition[0].dud_rate.p[1] = 0.95; /* counts by inversion, flipped and by rejection */
        fixture.campaign[0].quantity.p[1] = 0.95;
        fixture_run(&fixture, 2, &outcome);
        assert_int_equal(uxo_engine_totals(&fixture.scenario, 150, false, totals, &report), UXO_OK);
        for (size_t r = 0; r < 150; r++) {
            double sum = 0.0;
            for (uint32_t c = 0; c < outcome.columns; c++) {
                sum += outcome.dud_count[r * outcome.columns + c];
            }
            assert_near(sum, totals[r], 0.0);
        }
        uxo_report_free(&report);
        uxo_outcome_free(&outcome);
        fixture_free(&fixture);
    }
}

static void the_order_of_strikes_changes_nothing(void **state)
{
    static model_fixture fixture;
    (void)state;
    for (uint64_t seed = 11; seed <= 10 + SCENARIOS; seed++) {
        uxo_outcome forwards, backwards;
        arbitrary(&fixture, seed, 500.0, 20.0);
        fixture_run(&fixture, 2, &forwards);
        for (size_t i = 0; i < STRIKES / 2; i++) {
            const uxo_strike strike = fixture.strike[i];
            fixture.strike[i] = fixture.strike[STRIKES - 1 - i];
            fixture.strike[STRIKES - 1 - i] = strike;
        }
        fixture_run(&fixture, 2, &backwards);
        assert_same_outcome(&forwards, &backwards);
        uxo_outcome_free(&forwards);
        uxo_outcome_free(&backwards);
        fixture_free(&fixture);
    }
}

static uint64_t cell_sum(const uxo_outcome *outcome, const uxo_grid *grid, uint32_t ix, uint32_t iy)
{
    const uxo_tile_tally *const tile = outcome->tile[uxo_grid_tile_of(grid, ix, iy)];
    return tile != NULL ? tile->sum[uxo_grid_cell_in_tile(ix, iy)] : 0;
}

/* Cells twice or five times as wide hold what their parts held; what lies outside stays outside. */
static void coarser_cells_conserve_totals(void **state)
{
    static model_fixture fine_fixture, coarse_fixture;
    (void)state;
    for (uint64_t seed = 21; seed <= 20 + SCENARIOS; seed++) {
        const uint32_t factor = seed % 2 == 0 ? 2 : 5;
        uxo_outcome fine, coarse;
        arbitrary(&fine_fixture, seed, 500.0, 10.0);
        arbitrary(&coarse_fixture, seed, 500.0, 10.0 * factor);
        fixture_run(&fine_fixture, 2, &fine);
        fixture_run(&coarse_fixture, 2, &coarse);
        assert_memory_equal(fine.dud_count, coarse.dud_count,
                            (size_t)fine.realisations * fine.columns * sizeof *fine.dud_count);
        const uxo_grid *const grid = &coarse_fixture.scenario.grid;
        for (uint32_t iy = 0; iy < grid->ny; iy++) {
            for (uint32_t ix = 0; ix < grid->nx; ix++) {
                uint64_t parts = 0;
                for (uint32_t k = 0; k < factor * factor; k++) {
                    parts += cell_sum(&fine, &fine_fixture.scenario.grid, ix * factor + k % factor,
                                      iy * factor + k / factor);
                }
                assert_int_equal(parts, cell_sum(&coarse, grid, ix, iy));
            }
        }
        printf("  seed %d: %llu duds, all %u cells hold what their %u parts held\n", (int)seed,
               (unsigned long long)fine.total_duds, grid->nx * grid->ny, factor * factor);
        uxo_outcome_free(&fine);
        uxo_outcome_free(&coarse);
        fixture_free(&fine_fixture);
        fixture_free(&coarse_fixture);
    }
}

/* Grid and strikes moved together by whole and odd metres, or turned together by 90 degrees: the same map, moved or
 * turned. Single points may fall on the other side of an edge by rounding: at most one in 100,000. */
static void shifts_and_quarter_turns_move_the_map(void **state)
{
    static model_fixture fixture;
    (void)state;
    for (uint64_t seed = 31; seed <= 30 + SCENARIOS; seed++) {
        uxo_outcome plain, moved, turned;
        uint64_t moved_wrong = 0, turned_wrong = 0;
        arbitrary(&fixture, seed, 480.0, 16.0);
        fixture_run(&fixture, 2, &plain);
        const uxo_grid grid = fixture.scenario.grid;
        fixture.scenario.grid.xmin_m += 311807.0;
        fixture.scenario.grid.ymin_m += 5540123.0;
        for (uint32_t i = 0; i < fixture.scenario.strikes.site_count; i++) {
            fixture.site[i].x_m += 311807.0;
            fixture.site[i].y_m += 5540123.0;
        }
        fixture_run(&fixture, 2, &moved);
        fixture_free(&fixture);

        /* A turn is exact only without location errors, whose draws are along the axes of the grid. */
        arbitrary(&fixture, seed, 480.0, 16.0);
        for (uint32_t i = 0; i < fixture.scenario.strikes.site_count; i++) {
            fixture.site[i].location_size_m = uxo_quantity_constant(0.0);
        }
        uxo_outcome still;
        fixture_run(&fixture, 2, &still);
        for (uint32_t i = 0; i < fixture.scenario.strikes.site_count; i++) {
            const double x = fixture.site[i].x_m;
            fixture.site[i].x_m = fixture.site[i].y_m;
            fixture.site[i].y_m = -x;
            fixture.site[i].north_rad = 0.5 * M_PI; /* headings turn clockwise with the map */
        }
        fixture_run(&fixture, 2, &turned);
        for (uint32_t iy = 0; iy < grid.ny; iy++) {
            for (uint32_t ix = 0; ix < grid.nx; ix++) {
                const uint64_t a = cell_sum(&plain, &grid, ix, iy), b = cell_sum(&moved, &grid, ix, iy);
                const uint64_t c = cell_sum(&still, &grid, ix, iy), d = cell_sum(&turned, &grid, grid.ny - 1 - iy, ix);
                moved_wrong += a > b ? a - b : b - a;
                turned_wrong += c > d ? c - d : d - c;
            }
        }
        printf("  seed %d: %llu duds, %llu cells off after the shift, %llu after the turn\n", (int)seed,
               (unsigned long long)plain.total_duds, (unsigned long long)moved_wrong, (unsigned long long)turned_wrong);
        assert_true(plain.total_duds > 10000);
        assert_true((double)moved_wrong <= 2.0 + 2e-5 * (double)plain.total_duds);
        assert_true((double)turned_wrong <= 2.0 + 2e-5 * (double)still.total_duds);
        uxo_outcome_free(&plain);
        uxo_outcome_free(&moved);
        uxo_outcome_free(&still);
        uxo_outcome_free(&turned);
        fixture_free(&fixture);
    }
}

/* A heading of 30 degrees true east of north lies where trigonometry says, with and without convergence. */
static void headings_are_clockwise_from_true_north(void **state)
{
    static model_fixture fixture;
    (void)state;
    for (int variant = 0; variant < 2; variant++) {
        uxo_outcome outcome;
        double x = 0.0, y = 0.0, xy = 0.0, n = 0.0;
        fixture_init(&fixture, -640.0, -640.0, 10.0, 128, 128, 300, 5);
        fixture.munition[0].pattern_along_m = uxo_quantity_constant(150.0);
        fixture.munition[0].pattern_across_m = uxo_quantity_constant(5.0);
        fixture_strike(&fixture, "s", 0.0, 0.0)->heading_deg = uxo_quantity_constant(30.0);
        fixture.site[0].north_rad = variant == 0 ? 0.0 : -2.0 * M_PI / 180.0;
        fixture_run(&fixture, 2, &outcome);
        const uxo_grid *const grid = &fixture.scenario.grid;
        for (uint32_t iy = 0; iy < grid->ny; iy++) {
            for (uint32_t ix = 0; ix < grid->nx; ix++) {
                const double count = (double)cell_sum(&outcome, grid, ix, iy);
                const double cx = uxo_grid_x_m(grid, ix), cy = uxo_grid_y_m(grid, iy);
                x += count * cx * cx;
                y += count * cy * cy;
                xy += count * cx * cy;
                n += count;
            }
        }
        const double bearing_deg = 0.5 * atan2(2.0 * xy / n, (y - x) / n) * 180.0 / M_PI;
        printf("  principal axis at %.2f degrees from grid north\n", bearing_deg);
        assert_near(bearing_deg, variant == 0 ? 30.0 : 28.0, 0.3);
        uxo_outcome_free(&outcome);
        fixture_free(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_and_kernels_change_nothing),
        cmocka_unit_test(totals_without_places_are_those_of_the_run),
        cmocka_unit_test(the_order_of_strikes_changes_nothing),
        cmocka_unit_test(coarser_cells_conserve_totals),
        cmocka_unit_test(shifts_and_quarter_turns_move_the_map),
        cmocka_unit_test(headings_are_clockwise_from_true_north),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
