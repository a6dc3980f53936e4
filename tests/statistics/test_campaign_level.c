/* test_campaign_level.c - what all strikes share beside the catalogue, and parts that lie off the release point: draws against numbers that
 * were worked out without the engine.
 *
 * Seed 20261124. Each judged z fails with probability 7e-6 when nothing is wrong.
 */
#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "judge.h"
#include "model_fixture.h"
#include "uxosim/draws.h"
#include "uxosim/expectation.h"
#include "uxosim/portable_math.h"

enum { SEED = 20261124, R = 40000 };

static uxo_quantity quantity_normal(double mean, double sd, double bound, uxo_per per)
{
    uxo_quantity quantity = uxo_quantity_constant(0.0);
    quantity.form = UXO_FORM_NORMAL;
    quantity.per = per;
    quantity.p[0] = mean;
    quantity.p[1] = sd;
    quantity.lower = -bound;
    quantity.upper = bound;
    return quantity;
}

/* E[logistic(logit m + S)] for S normal: Gauss-Hermite. */
static double shifted(double rate, double mean, double sd)
{
    enum { NODES = 40 };
    gsl_integration_fixed_workspace *const workspace =
        gsl_integration_fixed_alloc(gsl_integration_fixed_hermite, NODES, mean, 0.5 / (sd * sd), 0.0, 0.0);
    double sum = 0.0, mass = 0.0;
    for (size_t i = 0; i < NODES; i++) {
        const double weight = gsl_integration_fixed_weights(workspace)[i];
        sum += weight / (1.0 + exp(-log(rate / (1.0 - rate)) - gsl_integration_fixed_nodes(workspace)[i]));
        mass += weight;
    }
    gsl_integration_fixed_free(workspace);
    return sum / mass;
}

static double of_uniform(double rate, void *user)
{
    (void)user;
    return shifted(rate, 0.4, 0.5) / (0.3 - 0.05);
}

static double of_beta(double rate, void *user)
{
    (void)user;
    return rate > 0.0 && rate < 1.0 ? shifted(rate, 0.4, 0.5) * gsl_ran_beta_pdf(rate, 0.5, 4.5) : 0.0;
}

static double integral(double (*f)(double, void *), double low, double high)
{
    double value, error;
    size_t evaluations;
    gsl_integration_cquad_workspace *const workspace = gsl_integration_cquad_workspace_alloc(200);
    const gsl_function function = {f, NULL};
    assert_int_equal(gsl_integration_cquad(&function, low, high, 0.0, 1e-9, workspace, &value, &error, &evaluations),
                     0);
    gsl_integration_cquad_workspace_free(workspace);
    return value;
}

/* The closed form against GSL's quadrature. */
static void shifted_means_are_exact(void **state)
{
    (void)state;
    const uxo_quantity shift = quantity_normal(0.4, 0.5, 10.0, UXO_PER_CAMPAIGN);
    const uxo_quantity constant = uxo_quantity_constant(0.16), none = uxo_quantity_constant(0.0),
                       up = uxo_quantity_constant(log(2.0));
    const uxo_quantity uniform = quantity_uniform(0.05, 0.3, UXO_PER_CAMPAIGN);
    const uxo_quantity beta = quantity_beta(0.5, 4.5, UXO_PER_CAMPAIGN),
                       spike = quantity_beta(0.002, 0.018, UXO_PER_STRIKE);
    assert_near(uxo_quantity_shifted_mean(&constant, &shift), shifted(0.16, 0.4, 0.5), 1e-9);
    assert_near(uxo_quantity_shifted_mean(&constant, &up), 0.32 / (0.84 + 0.32), 1e-15);
    assert_near(uxo_quantity_shifted_mean(&uniform, &shift), integral(of_uniform, 0.05, 0.3), 1e-8);
    assert_near(uxo_quantity_shifted_mean(&beta, &shift), integral(of_beta, 0.0, 1.0), 1e-7);
    assert_near(uxo_quantity_shifted_mean(&uniform, &none), 0.175, 1e-10);
    assert_near(uxo_quantity_shifted_mean(&beta, &none), 0.1, 1e-10);
    assert_near(uxo_quantity_shifted_mean(&spike, &none), 0.1, 1e-10);
}

/* Mean total with a shift; `missed`: the shift is left out of the run but not of the closed form. */
static bool shift_is_right(uxo_per rate_level, bool between, bool missed)
{
    static model_fixture fixture;
    uxo_outcome outcome;
    fixture_init(&fixture, -500.0, -500.0, 100.0, 10, 10, R / 4, SEED + (uint64_t)rate_level);
    uxo_munition *const munition = &fixture.munition[0];
    uxo_theatre *const theatre = &fixture.scenario.theatre;
    munition->submunitions_per_carrier = uxo_quantity_constant(60.0);
    munition->dud_rate = quantity_beta(2.0, 14.0, rate_level);
    munition->varies_between_strikes = between;
    munition->concentration = uxo_quantity_constant(12.0);
    theatre->rate_shift = quantity_normal(0.4, 0.5, 10.0, UXO_PER_CAMPAIGN);
    theatre->shifts = true;
    munition->shifted_rate = uxo_quantity_shifted_mean(&munition->dud_rate, &theatre->rate_shift);
    fixture_share(&fixture, &theatre->rate_shift, "campaign.dud_rate_log_odds_shift", true);
    if (rate_level == UXO_PER_CAMPAIGN) {
        fixture_share(&fixture, &munition->dud_rate, "m.dud_rate", true);
    }
    fixture_strike(&fixture, "s", 0.0, 0.0)->carriers = uxo_quantity_constant(2.0);
    fixture_strike(&fixture, "t", 100.0, 0.0);
    const double expected = uxo_expected_total(&fixture.scenario);
    assert_near(expected, 180.0 * munition->shifted_rate, 1e-9);
    assert_true(uxo_expectation_is_exact(&fixture.scenario));
    theatre->shifts = !missed;
    fixture_run(&fixture, 2, &outcome);
    double *const totals = fixture_totals(&outcome);
    const moments found = judge_moments(totals, outcome.realisations);
    const bool right = judge_z("mean total", found.mean, expected, found.mean_error);
    free(totals);
    uxo_outcome_free(&outcome);
    fixture_free(&fixture);
    return right;
}

static void the_shift_reaches_rates_of_every_level(void **state)
{
    (void)state;
    assert_true(shift_is_right(UXO_PER_CAMPAIGN, true, false));
    assert_true(shift_is_right(UXO_PER_STRIKE, true, false));
    assert_true(shift_is_right(UXO_PER_STRIKE, false, false));
    assert_true(shift_is_right(UXO_PER_CARRIER, false, false));
    assert_false(shift_is_right(UXO_PER_CAMPAIGN, true, true)); /* a shift that is lost is noticed */
    assert_false(shift_is_right(UXO_PER_CARRIER, false, true));
}

/* S strikes of confidence c and a shared reliability U(0.2, 0.8): mean S c E[u], variance S E[cu(1 - cu)] + S^2 c^2 Var u. `independent`:
 * a reliability for each strike, which has the same mean. */
static bool reliability_is_right(bool independent)
{
    enum { STRIKES = 20 };
    static model_fixture fixture;
    static double count[R];
    const double c = 0.9, u = 0.5, var_u = 0.36 / 12.0;
    fixture_init(&fixture, -500.0, -500.0, 100.0, 10, 10, R, SEED + 9);
    uxo_theatre *const theatre = &fixture.scenario.theatre;
    for (int i = 0; i < UXO_STRIKE_STATUS_COUNT; i++) {
        theatre->reliability[i] = uxo_quantity_constant(1.0);
    }
    theatre->discounts = true;
    theatre->reliability[UXO_STRIKE_PROBABLE] = quantity_uniform(0.2, 0.8, UXO_PER_CAMPAIGN);
    fixture_share(&fixture, &theatre->reliability[UXO_STRIKE_PROBABLE], "campaign.reliability.probable", false);
    for (int i = 0; i < STRIKES + 1; i++) {
        char id[16];
        snprintf(id, sizeof id, "s%d", i);
        uxo_strike *const strike = fixture_strike(&fixture, id, 0.0, 0.0);
        strike->confidence = uxo_quantity_constant(c);
        strike->status = i < STRIKES ? UXO_STRIKE_PROBABLE : UXO_STRIKE_CONFIRMED;
    }
    assert_near(uxo_expected_existence(&fixture.scenario, &fixture.strike[0]), c * u, 1e-12);
    assert_near(uxo_expected_existence(&fixture.scenario, &fixture.strike[STRIKES]), c, 1e-12);
    double confirmed = 0.0;
    for (uint32_t r = 0; r < R; r++) {
        double campaign[FIXTURE_CAMPAIGN];
        uxo_draw_campaign(&fixture.scenario, uxo_draw_from(r), campaign);
        count[r] = 0.0;
        for (int i = 0; i < STRIKES; i++) {
            if (independent) {
                uxo_draw_campaign(&fixture.scenario, uxo_draw_from(r * STRIKES + (uint32_t)i), campaign);
            }
            count[r] +=
                uxo_draw_existence(&fixture.scenario, &fixture.strike[i], uxo_draw_from(r), campaign) ? 1.0 : 0.0;
        }
        confirmed +=
            uxo_draw_existence(&fixture.scenario, &fixture.strike[STRIKES], uxo_draw_from(r), campaign) ? 1.0 : 0.0;
    }
    const moments found = judge_moments(count, R);
    const double single = c * u - c * c * (u * u + var_u);
    const bool mean = judge_z("strikes", found.mean, STRIKES * c * u, found.mean_error);
    const bool variance = judge_z("variance of strikes", found.variance,
                                  STRIKES * single + STRIKES * STRIKES * c * c * var_u, found.variance_error);
    const bool others = judge_z("confirmed", confirmed / R, c, sqrt(c * (1.0 - c) / R));
    fixture_free(&fixture);
    return mean && variance && others;
}

static void reliability_is_shared(void **state)
{
    (void)state;
    assert_true(reliability_is_right(false));
    assert_false(reliability_is_right(true)); /* one that is drawn for each strike is noticed */
}

static void draw_place(const model_fixture *fixture, uint32_t realisation, double place[2])
{
    double campaign[FIXTURE_CAMPAIGN];
    uxo_strike_draw draw;
    uint16_t order[FIXTURE_SITES];
    uxo_draw_campaign(&fixture->scenario, uxo_draw_from(realisation), campaign);
    uxo_draw_strike(&fixture->scenario, &fixture->strike[0], uxo_draw_from(realisation), campaign, order, &draw);
    place[0] = draw.centre_x_m;
    place[1] = draw.centre_y_m;
}

/* A motor 400 m beyond the release point and 30 m to the right of the line of flight. */
static void parts_lie_beyond_the_release_point(void **state)
{
    (void)state;
    static model_fixture fixture;
    static const struct {
        double heading_deg, x_m, y_m; /* release point, by hand */
    } cases[] = {{0.0, -30.0, -400.0}, {90.0, -400.0, 30.0}, {180.0, 30.0, 400.0}, {270.0, 400.0, -30.0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double place[2];
        fixture_init(&fixture, -500.0, -500.0, 100.0, 10, 10, R, SEED + 20);
        fixture.scenario.strikes.displacement[UXO_EVIDENCE_MOTOR] =
            (uxo_displacement){true, uxo_quantity_constant(400.0), uxo_quantity_constant(30.0)};
        fixture_strike(&fixture, "s", 0.0, 0.0)->heading_deg = uxo_quantity_constant(cases[i].heading_deg);
        fixture.site[0].evidence = UXO_EVIDENCE_CRATER; /* nothing off that */
        draw_place(&fixture, 0, place);
        assert_near(place[0], 0.0, 0.0);
        fixture.site[0].evidence = UXO_EVIDENCE_MOTOR;
        draw_place(&fixture, 0, place);
        assert_near(place[0], cases[i].x_m, 1e-9);
        assert_near(place[1], cases[i].y_m, 1e-9);
        fixture_free(&fixture);
    }
}

/* Normal along and across, a location error as well, heading 40 degrees: the covariances add, the mean is turned. */
static bool cloud_is_right(double heading_deg)
{
    static model_fixture fixture;
    static double along[R], across[R];
    const double turn = 40.0 * 3.14159265358979323846 / 180.0;
    fixture_init(&fixture, -500.0, -500.0, 100.0, 10, 10, R, SEED + 30);
    fixture.scenario.strikes.displacement[UXO_EVIDENCE_CARGO] = (uxo_displacement){
        true, quantity_normal(300.0, 80.0, 1e5, UXO_PER_STRIKE), quantity_normal(-20.0, 40.0, 1e5, UXO_PER_STRIKE)};
    fixture_strike(&fixture, "s", 0.0, 0.0)->heading_deg = uxo_quantity_constant(heading_deg);
    fixture.site[0].evidence = UXO_EVIDENCE_CARGO;
    fixture.site[0].location_size_m = uxo_quantity_constant(30.0 * UXO_R95_PER_SIGMA);
    for (uint32_t r = 0; r < R; r++) {
        double place[2];
        draw_place(&fixture, r, place);
        along[r] = -(place[0] * sin(turn) + place[1] * cos(turn));
        across[r] = -(place[0] * cos(turn) - place[1] * sin(turn));
    }
    fixture_free(&fixture);
    const moments a = judge_moments(along, R), b = judge_moments(across, R);
    const bool means = judge_z("along", a.mean, 300.0, a.mean_error) && judge_z("across", b.mean, -20.0, b.mean_error);
    return judge_z("variance along", a.variance, 80.0 * 80.0 + 900.0, a.variance_error) &&
           judge_z("variance across", b.variance, 40.0 * 40.0 + 900.0, b.variance_error) && means;
}

static void the_displacement_has_its_distribution(void **state)
{
    (void)state;
    assert_true(cloud_is_right(40.0));
    assert_false(cloud_is_right(40.5)); /* turned by half a degree too much is noticed */
}

/* Two motors of one strike lie independently of each other; one shared by the campaign does not. The run itself: both estimators, self-check. */
static void both_estimators_know_displaced_parts(void **state)
{
    (void)state;
    static model_fixture fixture;
    static const uxo_estimator estimators[] = {UXO_ESTIMATOR_ANALOG, UXO_ESTIMATOR_EXPECTED_VALUE};
    double inside[2];
    for (int e = 0; e < 2; e++) {
        uxo_outcome outcome;
        fixture_init(&fixture, -2000.0, -2000.0, 100.0, 40, 40, 2000, SEED + 40);
        fixture_halves(&fixture);
        fixture.scenario.estimator = estimators[e];
        fixture.scenario.strikes.displacement[UXO_EVIDENCE_MOTOR] =
            (uxo_displacement){true, quantity_uniform(200.0, 1200.0, UXO_PER_STRIKE), uxo_quantity_constant(0.0)};
        uxo_strike *const strike = fixture_strike(&fixture, "s", 0.0, 0.0); /* heading east: released to the west */
        strike->carriers = uxo_quantity_constant(2.0);
        strike->reach_m = 1500.0;
        fixture_site(&fixture, "t", 100.0, 0.0);
        fixture.site[0].evidence = fixture.site[1].evidence = UXO_EVIDENCE_MOTOR;
        fixture_run(&fixture, 2, &outcome);
        double west = 0.0;
        for (uint32_t r = 0; r < outcome.realisations; r++) {
            west += outcome.dud_count[(size_t)r * outcome.columns];
        }
        inside[e] = west / (double)outcome.total_duds;
        uxo_outcome_free(&outcome);
        fixture_free(&fixture);
    }
    assert_true(inside[0] > 0.99 && inside[0] == inside[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shifted_means_are_exact),
        cmocka_unit_test(the_shift_reaches_rates_of_every_level),
        cmocka_unit_test(reliability_is_shared),
        cmocka_unit_test(parts_lie_beyond_the_release_point),
        cmocka_unit_test(the_displacement_has_its_distribution),
        cmocka_unit_test(both_estimators_know_displaced_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
