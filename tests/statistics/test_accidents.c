/* test_accidents.c - accidents against closed forms: binomial given everything, mixed over what people do, by district and cell, with either
 * estimator. ctest-timeout: 300 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "map_run.h"
#include "people_fixture.h"
#include "surface_fixture.h"
#include "uxosim/summary.h"

enum { SEED = 20261124, R = 20000, SIDE = 50 };
/* The pattern of 50 x 25 m lies within the 1000 m of the grid but for 1e-20. */
static const double LOAD = 644.0, RATE = 0.16, CELL_M = 20.0;

static double chance(double residents_per_m2, double contact_m2)
{
    return 0.5 * (1.0 - exp(-residents_per_m2 * contact_m2));
}

static void begin(model_fixture *fixture, uint32_t realisations)
{
    fixture_init(fixture, 0.0, 0.0, CELL_M, SIDE, SIDE, realisations, SEED);
    fixture_strike(fixture, "s", 500.0, 500.0);
}

/* Accidents of each realisation, all columns together. */
static double *accident_totals(const uxo_outcome *outcome)
{
    double *const totals = calloc(outcome->realisations, sizeof *totals);
    for (size_t r = 0; r < outcome->realisations; r++) {
        for (uint32_t c = 0; c < outcome->columns; c++) {
            totals[r] += outcome->accidents[r * outcome->columns + c];
        }
    }
    return totals;
}

static double sum_of(const double *values, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
    }
    return sum;
}

/* N duds-to-be with rate p and chance K: Binomial(N, p K). */
static void accidents_of_one_strike_are_binomial(void **state)
{
    static model_fixture fixture;
    const double residents = 0.05, k = chance(residents, 10.0), p = RATE * k;
    uxo_outcome outcome;
    (void)state;
    begin(&fixture, R);
    people_begin(&fixture, people_everywhere, &residents);
    fixture_run(&fixture, 2, &outcome);
    double *const totals = accident_totals(&outcome);
    const moments found = judge_moments(totals, R);
    assert_true(judge_z("mean", found.mean, LOAD * p, sqrt(LOAD * p * (1.0 - p) / R)));
    assert_true(judge_z("variance", found.variance, LOAD * p * (1.0 - p), found.variance_error));
    assert_true(judge_z("chances of the duds", sum_of(outcome.accident_chance, 2 * R) / R, LOAD * p,
                        sqrt(LOAD * RATE * (1.0 - RATE) * k * k / R) + 1.3e-4 * LOAD * p));
    /* W(2) = 2: what is left of the hazardous duds has the same chance again. */
    const double second = chance(residents, 20.0) - k;
    assert_true(judge_z("second year", sum_of(outcome.second_year, R) / R, LOAD * RATE * second,
                        sqrt(LOAD * RATE * (1.0 - RATE) * second * second / R) + 2.6e-4 * LOAD * p));
    free(totals);
    uxo_outcome_free(&outcome);
    people_end(&fixture);
    fixture_free(&fixture);
}

/* Which duds have an accident says nothing of which others have: neighbours in the stream of uniforms are independent. Pairs of accidents in
 * one realisation have the binomial's mean (the variance above); pairs in two districts their product. */
static void districts_have_their_own(void **state)
{
    static model_fixture fixture;
    const double residents = 0.05, p = RATE * chance(residents, 10.0);
    uxo_outcome outcome;
    double both = 0.0;
    (void)state;
    begin(&fixture, R);
    fixture_halves(&fixture);
    people_begin(&fixture, people_everywhere, &residents);
    fixture_run(&fixture, 2, &outcome);
    for (size_t r = 0; r < R; r++) {
        both += (double)outcome.accidents[r * 4] * (double)outcome.accidents[r * 4 + 1];
    }
    const double expected = LOAD * (LOAD - 1.0) * 0.25 * p * p, half = 0.5 * LOAD * p;
    assert_true(judge_z("product of two districts", both / R, expected, sqrt(half * half * (2.0 * half + 1.0) / R)));
    uxo_outcome_free(&outcome);
    people_end(&fixture);
    fixture_free(&fixture);
}

/* q uniform on (a, b): E[K] = h (1 - (e^-ua - e^-ub) / (u (b - a))), and a spread that all duds of a realisation share. */
static void what_people_do_is_shared_by_all_duds(void **state)
{
    static model_fixture fixture;
    const double residents = 0.05, u = residents * 100.0, a = 0.02, b = 0.4;
    const double e1 = (exp(-u * a) - exp(-u * b)) / (u * (b - a));
    const double e2 = (exp(-2.0 * u * a) - exp(-2.0 * u * b)) / (2.0 * u * (b - a));
    const double mean_k = 0.5 * (1.0 - e1), square_k = 0.25 * (1.0 - 2.0 * e1 + e2);
    uxo_outcome outcome;
    (void)state;
    begin(&fixture, R);
    people_begin(&fixture, people_everywhere, &residents);
    people_share(&fixture, UXO_PEOPLE_DETONATION, quantity_uniform(a, b, UXO_PER_CAMPAIGN));
    fixture_run(&fixture, 2, &outcome);
    double *const totals = accident_totals(&outcome);
    const moments found = judge_moments(totals, R);
    const double mean = LOAD * RATE * mean_k;
    const double variance =
        mean - LOAD * RATE * RATE * square_k + LOAD * LOAD * RATE * RATE * (square_k - mean_k * mean_k);
    assert_true(judge_z("mean", found.mean, mean, sqrt(variance / R)));
    assert_true(judge_z("variance", found.variance, variance, found.variance_error));
    free(totals);
    uxo_outcome_free(&outcome);
    people_end(&fixture);
    fixture_free(&fixture);
}

/* West of x = 500 m 0.02 residents per m2, east of it 0.1. */
static double two_towns(uint32_t ix, uint32_t iy, const void *user)
{
    (void)iy;
    (void)user;
    return (ix < SIDE / 2 ? 0.02 : 0.1) * 400.0;
}

/* Half of the duds on either side of a border that is one of blocks: rows and maps of both estimators against exact chances. */
static void rows_and_maps_follow_the_people(void **state)
{
    static model_fixture fixture;
    static double quantile[1] = {0.5}, threshold[1] = {1.0};
    const double k[2] = {chance(0.02, 10.0), chance(0.1, 10.0)};
    (void)state;
    for (int estimator = 0; estimator < 2; estimator++) {
        map_run run;
        begin(&fixture, 2000);
        fixture_halves(&fixture);
        people_begin(&fixture, two_towns, NULL);
        if (estimator == 0) {
            map_run_prepare(&fixture, quantile, 1, threshold, 1);
        }
        map_run_make(&run, &fixture, &(uxo_engine_options){.threads = 2});
        for (int half = 0; half < 2; half++) {
            const double expected = 0.5 * LOAD * RATE * k[half];
            double drawn = 0.0, given = 0.0;
            for (size_t r = 0; r < 2000; r++) {
                drawn += (double)run.outcome.accidents[r * 4 + (size_t)half] / 2000.0;
                given += (estimator == 0 ? run.outcome.accident_expectation[r * 4 + (size_t)half] : expected) / 2000.0;
            }
            assert_true(judge_z("drawn", drawn, expected, sqrt(expected / 2000.0)));
            assert_near(given, expected, 3e-4 * expected);
        }
        double worst = 0.0;
        for (uint32_t iy = 15; iy < 35; iy++) {
            for (uint32_t ix = 15; ix < 35; ix++) {
                const double duds = map_run_at(&run, UXO_LAYER_DUD_DENSITY, 0, ix, iy);
                const double accidents = map_run_at(&run, UXO_LAYER_ACCIDENT_DENSITY, 0, ix, iy);
                worst = fmax(worst, duds > 0.0 ? fabs(accidents / duds / k[ix >= SIDE / 2] - 1.0) : accidents);
            }
        }
        printf("map: chance of a cell off by at most %.1e\n", worst);
        assert_true(worst < 1.4e-4);
        map_run_free(&run);
        people_end(&fixture);
        fixture_free(&fixture);
    }
}

/* The points are the same with either estimator and any number of threads, and so are their accidents. */
static void accidents_are_those_of_the_points(void **state)
{
    static model_fixture fixture;
    static double quantile[1] = {0.5}, threshold[1] = {1.0};
    const double residents = 0.05;
    uint32_t *first = NULL;
    (void)state;
    for (int run = 0; run < 4; run++) {
        uxo_outcome outcome;
        begin(&fixture, 500);
        fixture_halves(&fixture);
        people_begin(&fixture, people_everywhere, &residents);
        people_share(&fixture, UXO_PEOPLE_DETONATION, quantity_uniform(0.02, 0.4, UXO_PER_CAMPAIGN));
        if (run >= 2) {
            map_run_prepare(&fixture, quantile, 1, threshold, 1);
        }
        fixture_run(&fixture, 1 + run % 2 * 2, &outcome);
        if (run == 0) {
            first = malloc(2000 * sizeof *first);
            memcpy(first, outcome.accidents, 2000 * sizeof *first);
        }
        assert_memory_equal(first, outcome.accidents, 2000 * sizeof *first);
        uxo_outcome_free(&outcome);
        people_end(&fixture);
        fixture_free(&fixture);
    }
    free(first);
}

/* Means of the table from the realisations, harm with its own draws, ranks by what is expected. */
static void the_table_says_what_was_drawn(void **state)
{
    static model_fixture fixture;
    static double quantile[1] = {0.5}, threshold[1] = {1.0};
    uxo_outcome outcome;
    uxo_district_table table;
    uxo_report report;
    double casualties = 0.0, accidents = 0.0;
    (void)state;
    uxo_report_init(&report);
    begin(&fixture, 1000);
    fixture_halves(&fixture);
    people_begin(&fixture, two_towns, NULL);
    people_share(&fixture, UXO_PEOPLE_CASUALTIES, quantity_uniform(1.0, 3.0, UXO_PER_CAMPAIGN));
    map_run_prepare(&fixture, quantile, 1, threshold, 1);
    fixture_run(&fixture, 2, &outcome);
    assert_int_equal(uxo_district_table_init(&table, 2, &report), UXO_OK);
    assert_int_equal(uxo_district_table_fill(&table, &fixture.scenario, &outcome, NULL, &report), UXO_OK);
    for (size_t r = 0; r < 1000; r++) {
        accidents += outcome.accidents[r * 4 + 1] / 1000.0;
        casualties += outcome.accidents[r * 4 + 1] * outcome.campaign[r] / 1000.0;
    }
    assert_near(table.value[UXO_COLUMN_ACCIDENTS_MEAN][1], accidents, 1e-9);
    assert_near(table.value[UXO_COLUMN_CASUALTIES_MEAN][1], casualties, 1e-9);
    assert_near(table.value[UXO_COLUMN_DEATHS_MEAN][1], 0.25 * casualties, 1e-9);
    assert_near(table.value[UXO_COLUMN_ACCIDENTS_MEAN][0] + table.value[UXO_COLUMN_ACCIDENTS_MEAN][1] +
                    table.value[UXO_COLUMN_ACCIDENTS_MEAN][2],
                table.value[UXO_COLUMN_ACCIDENTS_MEAN][4], 1e-9);
    assert_true(isnan(table.value[UXO_COLUMN_ACCIDENTS_MEAN][3])); /* outside the grid nothing is known */
    assert_true(table.value[UXO_COLUMN_ACCIDENTS_P95][1] >= table.value[UXO_COLUMN_ACCIDENTS_P50][1]);
    assert_near(table.value[UXO_COLUMN_RANK_ACCIDENTS][0], 2.0, 0.0);
    assert_near(table.value[UXO_COLUMN_RANK_ACCIDENTS][1], 1.0, 0.0);
    assert_near(table.value[UXO_COLUMN_RANK_ACCIDENTS_PER_HA][1], 1.0, 0.0);
    assert_near(table.value[UXO_COLUMN_P_TOP1][1], 1.0, 0.0); /* by accidents; by duds it would be about a half */
    assert_true(table.value[UXO_COLUMN_CASUALTIES_MEAN_SE][1] > 0.0);
    uxo_district_table_free(&table);
    uxo_outcome_free(&outcome);
    people_end(&fixture);
    fixture_free(&fixture);
    uxo_report_free(&report);
}

/* Every cell half of class 0, where nothing is done, half of class 1 (log odds +1, an activity); cleared in part after the strike. */
static void half_and_half(uint32_t ix, uint32_t iy, uint8_t *weight, const void *user)
{
    (void)ix;
    (void)iy;
    (void)user;
    weight[0] = 51; /* 1/5, uncleared paved */
    weight[1] = 204;
}

/* Of the duds of a cell, those on class 1: 204/255 p' of 51/255 p + 204/255 p'. Only they can have an accident. */
static void activities_keep_to_their_ground(void **state)
{
    static model_fixture fixture;
    static double quantile[1] = {0.5}, threshold[1] = {1.0};
    const double residents = 0.05, k = chance(residents, 10.0);
    const double odds = exp(1.0) * RATE / (1.0 - RATE), p1 = odds / (1.0 + odds);
    const double duds = LOAD * (0.2 * RATE + 0.8 * p1 * 0.5), accidents = LOAD * 0.8 * p1 * 0.5 * k;
    (void)state;
    for (int estimator = 0; estimator < 2; estimator++) {
        map_run run;
        begin(&fixture, 4000);
        fixture.strike[0].day = 10;
        surface_begin(&fixture);
        const uint32_t soil = surface_class(&fixture, "soil", uxo_quantity_constant(1.0));
        const uint32_t task = surface_task(&fixture, "t", 20, uxo_quantity_constant(1.0), uxo_quantity_constant(0.5));
        (void)surface_kind(&fixture, soil, &task, 1);
        surface_cover(&fixture, half_and_half, NULL);
        people_begin(&fixture, people_everywhere, &residents);
        fixture.scenario.people.class_count = fixture.scenario.surface.ground_count;
        fixture.scenario.people.by_class = true;
        fixture.scenario.people.activity[0].classes = UINT64_C(1) << soil;
        if (estimator == 0) {
            map_run_prepare(&fixture, quantile, 1, threshold, 1);
        }
        map_run_make(&run, &fixture, &(uxo_engine_options){.threads = 2});
        double *const totals = accident_totals(&run.outcome);
        const double n = 4000.0, p = accidents / LOAD;
        assert_true(judge_z("drawn", sum_of(totals, 4000) / n, accidents, sqrt(accidents * (1.0 - p) / n)));
        if (estimator == 0) {
            double given = 0.0;
            for (size_t r = 0; r < 4000; r++) {
                given += run.outcome.accident_expectation[r * 2] / n;
            }
            assert_near(given, accidents, 3e-4 * accidents);
        }
        double on_map = 0.0, duds_on_map = 0.0;
        for (uint32_t i = 0; i < SIDE * SIDE; i++) {
            on_map += map_run_at(&run, UXO_LAYER_ACCIDENT_DENSITY, 0, i % SIDE, i / SIDE) * 0.04;
            duds_on_map += map_run_at(&run, UXO_LAYER_DUD_DENSITY, 0, i % SIDE, i / SIDE) * 0.04;
        }
        /* analog: the map is of the duds that were drawn */
        assert_near(on_map / duds_on_map, accidents / duds, 3e-4 * accidents / duds);
        uxo_report report;
        uxo_report_init(&report);
        assert_int_equal(uxo_engine_self_check(&fixture.scenario, &run.outcome, &report), UXO_OK);
        printf("%s\n", run.outcome.self_check);
        uxo_report_free(&report);
        free(totals);
        map_run_free(&run);
        people_end(&fixture);
        surface_fixture_free(&fixture);
    }
}

/* Classes, clearance and log odds at random, activities on two of four classes: map, districts and points of both estimators say the same. */
static void a_patchwork_of_ground_is_the_same_for_all(void **state)
{
    static model_fixture fixture;
    static double quantile[1] = {0.5}, threshold[1] = {1.0};
    enum { N = 2000 };
    double total[4]; /* map, districts, map and points of analog */
    (void)state;
    for (int estimator = 0; estimator < 2; estimator++) {
        map_run run;
        begin(&fixture, N);
        fixture.strike[0].day = 10;
        fixture_halves(&fixture);
        surface_patchwork(&fixture, 20);
        people_begin(&fixture, two_towns, NULL);
        uxo_people *const people = &fixture.scenario.people;
        people->class_count = fixture.scenario.surface.ground_count;
        people->by_class = true;
        people->activity[0].classes = 0x2;
        people->activity[1] = people->activity[0];
        people->activity[1].classes = 0x5;
        people->activity[1].ground_m2_per_person_year = uxo_quantity_constant(20.0);
        people->activity_count = 2;
        if (estimator == 0) {
            map_run_prepare(&fixture, quantile, 1, threshold, 1);
        }
        map_run_make(&run, &fixture, &(uxo_engine_options){.threads = 2});
        total[2 * estimator] = 0.0;
        for (uint32_t i = 0; i < SIDE * SIDE; i++) {
            total[2 * estimator] += map_run_at(&run, UXO_LAYER_ACCIDENT_DENSITY, 0, i % SIDE, i / SIDE) * 0.04;
        }
        const double *const table = estimator == 0 ? run.outcome.accident_expectation : run.outcome.accident_chance;
        total[2 * estimator + 1] = 0.0;
        for (size_t r = 0; r < N; r++) {
            total[2 * estimator + 1] += sum_of(table + r * 4, 3) / N;
        }
        uxo_report report;
        uxo_report_init(&report);
        assert_int_equal(uxo_engine_self_check(&fixture.scenario, &run.outcome, &report), UXO_OK);
        uxo_report_free(&report);
        map_run_free(&run);
        people_end(&fixture);
        surface_fixture_free(&fixture);
    }
    printf("map %.6f, districts %.6f; analog: map %.6f, points %.6f\n", total[0], total[1], total[2], total[3]);
    assert_near(total[1], total[0], 3e-3 * total[0]);
    assert_near(total[3], total[2], 1e-6 * total[2]); /* every cell is of several kinds: the same sum */
    /* The points' own chance is all that differs: at most as for independent ones of chance one half. */
    assert_true(judge_z("points against map", total[3], total[0], sqrt(0.5 * total[0] / N)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accidents_of_one_strike_are_binomial),
        cmocka_unit_test(districts_have_their_own),
        cmocka_unit_test(what_people_do_is_shared_by_all_duds),
        cmocka_unit_test(rows_and_maps_follow_the_people),
        cmocka_unit_test(accidents_are_those_of_the_points),
        cmocka_unit_test(the_table_says_what_was_drawn),
        cmocka_unit_test(activities_keep_to_their_ground),
        cmocka_unit_test(a_patchwork_of_ground_is_the_same_for_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
