/* test_surface.c - ground classes and clearance against what is known of them by hand, with both estimators: rates by
 * quadrature, shares by multiplication. The two estimators against each other on a patchwork: test_surface_patchwork.c. That
 * seeded defects are caught: test_surface_power.c.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

#include "judge.h"
#include "map_run.h"
#include "surface_fixture.h"

enum { SEED = 20261201, BEFORE = 19000, STRIKE_DAY = 19100, AFTER = 19200 };

static double with_odds(double p, double beta)
{
    return 1.0 / (1.0 + (1.0 - p) / p * exp(-beta));
}

static void all_of_last_kind(uint32_t ix, uint32_t iy, uint8_t *weight, const void *user)
{
    const model_fixture *const fixture = user;
    (void)ix;
    (void)iy;
    weight[fixture->scenario.surface.kind_count - 1] = 255;
}

/* Largest difference of a layer, relative to its largest value. */
static double difference(const map_run *a, const map_run *b, uxo_layer layer)
{
    double worst = 0.0, largest = 0.0;
    for (uint32_t plane = 0; plane < a->capture.planes[layer]; plane++) {
        for (uint32_t i = 0; i < a->grid->nx * a->grid->ny; i++) {
            const double value = map_run_at(a, layer, plane, i % a->grid->nx, i / a->grid->nx);
            largest = fmax(largest, value);
            worst = fmax(worst, fabs(value - map_run_at(b, layer, plane, i % a->grid->nx, i / a->grid->nx)));
        }
    }
    assert_true(largest > 0.0);
    return worst / largest;
}

static double quantiles[2] = {0.5, 0.9};
static double thresholds_per_ha[1] = {3.0};

/* Patterns much narrower than a cell and wide ones, so that P(no dud) goes by the series and exactly. */
static void three_strikes(model_fixture *fixture, double rate)
{
    fixture_init(fixture, 0.0, 0.0, 20.0, 90, 70, 300, SEED);
    uxo_munition *const munition = &fixture->munition[0];
    munition->submunitions_per_carrier = uxo_quantity_constant(100.0);
    munition->dud_rate = uxo_quantity_constant(rate);
    munition->pattern_along_m = quantity_uniform(5.0, 60.0, UXO_PER_CARRIER);
    munition->spread_along_m = uxo_quantity_constant(40.0);
    for (int i = 0; i < 3; i++) {
        char id[8];
        snprintf(id, sizeof id, "s%d", i);
        uxo_strike *const strike = fixture_strike(fixture, id, 400.0 + 500.0 * i, 700.0);
        strike->heading_unknown = true;
        strike->carriers = uxo_quantity_constant(4.0);
        fixture->site[i].location_size_m = uxo_quantity_constant(100.0);
    }
    map_run_prepare(fixture, quantiles, 2, thresholds_per_ha, 1);
    map_run_force_sampling(fixture);
}

static void one_class_is_another_rate(void **state)
{
    static const uxo_layer layers[] = {UXO_LAYER_DUD_DENSITY, UXO_LAYER_DUD_PROBABILITY, UXO_LAYER_DUD_DENSITY_SD,
                                       UXO_LAYER_DUD_DENSITY_QUANTILE};
    static model_fixture soil, plain;
    const double rate = 0.12, beta = 0.7;
    const uxo_engine_options options = {.threads = 2};
    map_run a, b;
    (void)state;
    three_strikes(&soil, rate);
    surface_begin(&soil);
    surface_kind(&soil, surface_class(&soil, "soil", uxo_quantity_constant(beta)), NULL, 0);
    surface_cover(&soil, all_of_last_kind, &soil);
    three_strikes(&plain, with_odds(rate, beta));
    map_run_make(&a, &soil, &options);
    map_run_make(&b, &plain, &options);
    assert_string_equal(a.outcome.why_sampled, "ground classes or clearance");
    for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++) {
        const double worst = difference(&a, &b, layers[i]);
        printf("  %s differs by %.1e\n", uxo_layer_describe(layers[i])->name, worst);
        assert_true(worst < 2e-5);
    }
    for (uint32_t r = 0; r < 300; r++) { /* the grid holds nearly all of it */
        assert_near(a.outcome.conditional[2 * r] / b.outcome.conditional[2 * r], 1.0, 1e-5);
        assert_near(a.outcome.affected_ha[2 * r], b.outcome.affected_ha[2 * r], 0.0);
    }
    const double duds = (double)b.outcome.total_duds;
    assert_true(judge_z("duds", (double)a.outcome.total_duds, duds, sqrt(2.0 * duds)));
    map_run_free(&a);
    map_run_free(&b);
    surface_fixture_free(&soil);
    surface_fixture_free(&plain);
}

/* Two halves of a grid about a strike: what remains in each is half of the load times a share. */
enum { HALVES_R = 20000, LOAD = 80 };

static void two_halves(model_fixture *fixture, int32_t day)
{
    fixture_init(fixture, -1000.0, -800.0, 50.0, 40, 32, HALVES_R, SEED + 1);
    fixture_halves(fixture);
    fixture->munition[0].submunitions_per_carrier = uxo_quantity_constant(LOAD);
    fixture->munition[0].dud_rate = quantity_uniform(0.05, 0.4, UXO_PER_CAMPAIGN);
    fixture->munition[0].pattern_along_m = uxo_quantity_constant(160.0);
    fixture->munition[0].pattern_across_m = uxo_quantity_constant(120.0);
    fixture_share(fixture, &fixture->munition[0].dud_rate, "m.dud_rate", true);
    fixture_strike(fixture, "s", 0.0, 0.0)->day = day;
    map_run_prepare(fixture, NULL, 0, NULL, 0);
    surface_begin(fixture);
}

/* Kind 1 in the west, kind 2 in the east. */
static void west_and_east(uint32_t ix, uint32_t iy, uint8_t *weight, const void *user)
{
    (void)iy;
    (void)user;
    weight[ix < 20 ? 1 : 2] = 255;
}

/* Mean duds of both halves by points and by expectations. */
static bool halves_are_right(const model_fixture *fixture, double west, double east)
{
    static double values[HALVES_R];
    const double share[] = {west, east};
    const uxo_engine_options options = {.threads = 2};
    bool right = true;
    uxo_outcome outcome;
    uxo_report report;
    uxo_report_init(&report);
    assert_int_equal(uxo_engine_run(&fixture->scenario, &options, &outcome, &report), UXO_OK);
    for (uint32_t half = 0; half < 2; half++) {
        const double expected = 0.5 * LOAD * share[half];
        for (size_t r = 0; r < HALVES_R; r++) {
            values[r] = outcome.dud_count[r * outcome.columns + half];
        }
        moments found = judge_moments(values, HALVES_R);
        right = judge_z(half == 0 ? "points, west" : "points, east", found.mean, expected, found.mean_error) && right;
        for (size_t r = 0; r < HALVES_R; r++) {
            values[r] = outcome.conditional[r * outcome.columns + half];
        }
        found = judge_moments(values, HALVES_R);
        /* Where nothing varies but rates, squares of 100 m are right to 2e-4 of the sum. */
        const double error = hypot(found.mean_error, 2e-4 * expected / JUDGE_BOUND);
        right = judge_z(half == 0 ? "expected, west" : "expected, east", found.mean, expected, error) && right;
    }
    uxo_report_free(&report);
    uxo_outcome_free(&outcome);
    return right;
}

/* Mean of the logistic of logit p + beta, p uniform, beta by its quantiles: midpoints. */
static double mean_share(double low, double high, double (*beta_at)(double u))
{
    enum { N = 2000 };
    double sum = 0.0;
    for (int i = 0; i < N; i++) {
        const double beta = beta_at((i + 0.5) / N);
        for (int j = 0; j < 200; j++) {
            sum += with_odds(low + (high - low) * (j + 0.5) / 200.0, beta);
        }
    }
    return sum / N / 200.0;
}

static double soil_beta(double u)
{
    return 0.3 + 0.4 * gsl_cdf_ugaussian_Pinv(u);
}

static double mud_beta(double u)
{
    return -0.5 + 2.0 * u;
}

static void classes_have_their_quadrature(void **state)
{
    static model_fixture fixture;
    (void)state;
    two_halves(&fixture, STRIKE_DAY);
    const uxo_quantity soil = surface_share(&fixture, normal_campaign(0.3, 0.4), "ground.soil");
    const uxo_quantity mud = surface_share(&fixture, quantity_uniform(-0.5, 1.5, UXO_PER_CAMPAIGN), "ground.mud");
    surface_kind(&fixture, surface_class(&fixture, "soil", soil), NULL, 0);
    surface_kind(&fixture, surface_class(&fixture, "mud", mud), NULL, 0);
    surface_cover(&fixture, west_and_east, NULL);
    assert_true(halves_are_right(&fixture, mean_share(0.05, 0.4, soil_beta), mean_share(0.05, 0.4, mud_beta)));
    surface_fixture_free(&fixture);
}

/* West: one task, whose coverage and detection are drawn, and a second one over it. East: a task before the strike. */
static void clearance_leaves_its_share(void **state)
{
    static model_fixture fixture;
    (void)state;
    two_halves(&fixture, STRIKE_DAY);
    const uxo_quantity coverage = surface_share(&fixture, quantity_uniform(0.6, 1.0, UXO_PER_CAMPAIGN), "a.coverage");
    const uxo_quantity detection = surface_share(&fixture, quantity_uniform(0.5, 0.9, UXO_PER_CAMPAIGN), "a.detection");
    const uint32_t west[] = {
        surface_task(&fixture, "a", AFTER, coverage, detection),
        surface_task(&fixture, "b", AFTER + 1, uxo_quantity_constant(1.0), uxo_quantity_constant(0.25))};
    const uint32_t east[] = {
        surface_task(&fixture, "c", BEFORE, uxo_quantity_constant(1.0), uxo_quantity_constant(0.9)),
        surface_task(&fixture, "d", STRIKE_DAY, uxo_quantity_constant(1.0), uxo_quantity_constant(0.9))};
    surface_kind(&fixture, 0, west, 2);
    surface_kind(&fixture, 0, east, 2);
    surface_cover(&fixture, west_and_east, NULL);
    assert_true(halves_are_right(&fixture, 0.225 * (1.0 - 0.8 * 0.7) * 0.75, 0.225));
    surface_fixture_free(&fixture);
}

static void half_of_each(uint32_t ix, uint32_t iy, uint8_t *weight, const void *user)
{
    (void)ix;
    (void)iy;
    (void)user;
    weight[1] = 128;
    weight[2] = 127;
}

/* Cells half of which is cleared, on soil. A strike without a date is before every clearance. */
static void half_cleared_cells_keep_the_mean(void **state)
{
    static model_fixture fixture;
    (void)state;
    two_halves(&fixture, UXO_NO_DATE);
    const uint32_t soil = surface_class(&fixture, "soil", uxo_quantity_constant(-0.4));
    const uint32_t task[] = {
        surface_task(&fixture, "a", BEFORE, uxo_quantity_constant(0.9), uxo_quantity_constant(0.95))};
    surface_kind(&fixture, soil, NULL, 0);
    surface_kind(&fixture, soil, task, 1);
    surface_cover(&fixture, half_of_each, NULL);
    double on_soil = 0.0;
    for (int i = 0; i < 1000; i++) {
        on_soil += with_odds(0.05 + 0.35 * (i + 0.5) / 1000.0, -0.4) / 1000.0;
    }
    const double share = on_soil * (128.0 + 127.0 * (1.0 - 0.9 * 0.95)) / 255.0;
    assert_true(halves_are_right(&fixture, share, share));
    surface_fixture_free(&fixture);
}

/* Clearance on the day of the strike or before: the same duds, one by one, and the same expectations. */
static void clearance_before_the_strike_changes_nothing(void **state)
{
    static model_fixture plain, cleared;
    const uxo_engine_options options = {.threads = 2};
    map_run a, b;
    (void)state;
    three_strikes(&plain, 0.12);
    three_strikes(&cleared, 0.12);
    for (int i = 0; i < 3; i++) {
        cleared.strike[i].day = STRIKE_DAY + i;
    }
    surface_begin(&cleared);
    const uint32_t task[] = {
        surface_task(&cleared, "a", STRIKE_DAY, uxo_quantity_constant(1.0), uxo_quantity_constant(1.0))};
    surface_kind(&cleared, 0, task, 1);
    surface_cover(&cleared, all_of_last_kind, &cleared);
    map_run_make(&a, &plain, &options);
    map_run_make(&b, &cleared, &options);
    assert_memory_equal(a.outcome.dud_count, b.outcome.dud_count, 300 * 2 * sizeof *a.outcome.dud_count);
    assert_true(difference(&a, &b, UXO_LAYER_DUD_DENSITY) < 1e-6);
    assert_true(difference(&a, &b, UXO_LAYER_DUD_PROBABILITY) < 2e-5);
    assert_int_equal(b.outcome.removed_candidates, 0);
    map_run_free(&a);
    map_run_free(&b);
    surface_fixture_free(&plain);
    surface_fixture_free(&cleared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_class_is_another_rate),
        cmocka_unit_test(classes_have_their_quadrature),
        cmocka_unit_test(clearance_leaves_its_share),
        cmocka_unit_test(half_cleared_cells_keep_the_mean),
        cmocka_unit_test(clearance_before_the_strike_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
