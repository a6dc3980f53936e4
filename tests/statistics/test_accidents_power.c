/* test_accidents_power.c - the tests of accidents can fail: seeded defects are caught by the same judgements, and by the run's check of
 * itself. */
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

enum { SEED = 20261125, R = 20000, SIDE = 50 };

typedef struct defect {
    const char *name;
    double hazardous, contact, years; /* times what is right */
    uint32_t lost;                    /* realisations whose accidents never arrived */
    bool several;                     /* a dud's chance is not bounded where it should be */
} defect;

/* z of mean and variance of a binomial number of accidents. */
static bool accidents_are_right(const defect *damage)
{
    static model_fixture fixture;
    const double residents = 0.05, load = 644.0, rate = 0.16;
    const double p = rate * 0.5 * (1.0 - exp(-residents * 10.0));
    uxo_outcome outcome;
    printf("%s, seed %d\n", damage->name, SEED);
    fixture_init(&fixture, 0.0, 0.0, 20.0, SIDE, SIDE, R, SEED);
    fixture_strike(&fixture, "s", 500.0, 500.0);
    people_begin(&fixture, people_everywhere, &residents);
    uxo_people *const people = &fixture.scenario.people;
    people->quantity[UXO_PEOPLE_HAZARDOUS_SHARE] = uxo_quantity_constant(0.5 * damage->hazardous);
    people->activity[0].ground_m2_per_person_year = uxo_quantity_constant(100.0 * damage->contact);
    if (damage->several) { /* half the contacts on twice as many duds: as many accidents at first, less saturation */
        people->quantity[UXO_PEOPLE_HAZARDOUS_SHARE] = uxo_quantity_constant(1.0);
        people->activity[0].ground_m2_per_person_year = uxo_quantity_constant(50.0);
    }
    if (damage->years < 1.0) { /* a decline where there should be none: W(1) as asked for */
        people->quantity[UXO_PEOPLE_FAST_SHARE] = uxo_quantity_constant(1.0);
        people->quantity[UXO_PEOPLE_FAST_YEARS] = uxo_quantity_constant(0.5 / (1.0 - damage->years));
    }
    fixture_run(&fixture, 2, &outcome);
    double *const totals = calloc(R, sizeof *totals);
    for (size_t r = 0; r + damage->lost < R; r++) {
        totals[r] = outcome.accidents[r * 2] + outcome.accidents[r * 2 + 1];
    }
    const moments found = judge_moments(totals, R);
    const bool mean = judge_z("mean", found.mean, load * p, sqrt(load * p * (1.0 - p) / R));
    const bool variance = judge_z("variance", found.variance, load * p * (1.0 - p), found.variance_error);
    free(totals);
    uxo_outcome_free(&outcome);
    people_end(&fixture);
    fixture_free(&fixture);
    return mean && variance;
}

static void an_undamaged_engine_passes(void **state)
{
    (void)state;
    assert_true(accidents_are_right(&(defect){"no defect", 1.0, 1.0, 1.0, 0, false}));
}

static void seeded_defects_are_caught(void **state)
{
    static const defect damages[] = {
        {"1 % more duds hazardous", 1.01, 1.0, 1.0, 0, false},
        {"1 % fewer duds hazardous", 0.99, 1.0, 1.0, 0, false},
        {"2 % more contacts", 1.0, 1.02, 1.0, 0, false},
        {"2 % fewer contacts", 1.0, 0.98, 1.0, 0, false},
        {"contacts that decline by 2 %", 1.0, 1.0, 0.98, 0, false},
        {"last block of 256 lost", 1.0, 1.0, 1.0, 256, false},
        {"too little saturation", 1.0, 1.0, 1.0, 0, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        assert_false(accidents_are_right(&damages[i]));
    }
}

static double two_towns(uint32_t ix, uint32_t iy, const void *user)
{
    (void)iy;
    (void)user;
    return (ix < SIDE / 2 ? 0.02 : 0.1) * 400.0;
}

typedef void damage_run(uxo_outcome *outcome);

static void leave_alone(uxo_outcome *outcome)
{
    (void)outcome;
}

static void lose_the_last_twentieth(uxo_outcome *outcome)
{
    const size_t rows = outcome->realisations, first = rows - rows / 20;
    memset(outcome->accidents + first * outcome->columns, 0, rows / 20 * outcome->columns * sizeof *outcome->accidents);
}

static void swap_districts(uxo_outcome *outcome)
{
    for (size_t r = 0; r < outcome->realisations; r++) {
        double *const row = outcome->accident_expectation + r * outcome->columns;
        const double west = row[0];
        row[0] = row[1];
        row[1] = west;
    }
}

static void expect_a_tenth_more(uxo_outcome *outcome)
{
    for (size_t i = 0; i < (size_t)outcome->realisations * outcome->columns; i++) {
        outcome->accident_expectation[i] *= 1.1;
    }
}

/* The run's check of itself sees what went wrong on the way. */
static void a_run_sees_its_own_defects(void **state)
{
    static const struct {
        damage_run *damage;
        const char *says;
    } cases[] = {{leave_alone, NULL},
                 {lose_the_last_twentieth, "accidents drawn against the chances of the duds"},
                 {swap_districts, "those against the districts"},
                 {expect_a_tenth_more, "those against the districts"}};
    static model_fixture fixture;
    static double quantile[1] = {0.5}, threshold[1] = {1.0};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        map_run run;
        uxo_report report;
        uxo_report_init(&report);
        fixture_init(&fixture, 0.0, 0.0, 20.0, SIDE, SIDE, 4000, SEED);
        fixture_strike(&fixture, "s", 500.0, 500.0);
        fixture_halves(&fixture);
        people_begin(&fixture, two_towns, NULL);
        map_run_prepare(&fixture, quantile, 1, threshold, 1);
        map_run_make(&run, &fixture, &(uxo_engine_options){.threads = 2});
        cases[i].damage(&run.outcome);
        const uxo_status status = uxo_engine_self_check(&fixture.scenario, &run.outcome, &report);
        printf("%s\n", run.outcome.self_check);
        assert_int_equal(status, cases[i].says == NULL ? UXO_OK : UXO_ERR_SELFCHECK);
        const char *const entry = cases[i].says != NULL ? strstr(run.outcome.self_check, cases[i].says) : NULL;
        assert_true(cases[i].says == NULL || (entry != NULL && strstr(entry, "OUT OF BOUNDS") != NULL));
        uxo_report_free(&report);
        map_run_free(&run);
        people_end(&fixture);
        fixture_free(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_undamaged_engine_passes),
        cmocka_unit_test(seeded_defects_are_caught),
        cmocka_unit_test(a_run_sees_its_own_defects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
