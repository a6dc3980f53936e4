/* test_weights.c - the district table with weights of realisations: weights 0, 1 and 2 give what a table gives in which such realisations are
 * left out, there once, and there twice; errors know how many realisations there are, as weighted. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "model_fixture.h"
#include "uxosim/stats.h"
#include "uxosim/summary.h"

enum { REALISATIONS = 600 };

/* Copies the rows of realisation r to row `at`. */
static void copy_rows(const uxo_outcome *from, uint32_t r, uxo_outcome *to, uint32_t at)
{
    const size_t columns = from->columns;
    memcpy(to->dud_count + at * columns, from->dud_count + r * columns, columns * sizeof *to->dud_count);
    memcpy(to->conditional + at * columns, from->conditional + r * columns, columns * sizeof *to->conditional);
    memcpy(to->affected_ha + at * columns, from->affected_ha + r * columns, columns * sizeof *to->affected_ha);
    memcpy(to->people_affected + at * columns, from->people_affected + r * columns, columns * sizeof(double));
}

static void fill(const model_fixture *fixture, const uxo_outcome *outcome, const double *weight,
                 uxo_district_table *table)
{
    uxo_report report;
    uxo_report_init(&report);
    assert_int_equal(uxo_district_table_init(table, fixture->scenario.districts.count, &report), UXO_OK);
    assert_int_equal(uxo_district_table_fill(table, &fixture->scenario, outcome, weight, &report), UXO_OK);
    uxo_report_free(&report);
}

static void run_fixture(model_fixture *fixture, uxo_outcome *outcome)
{
    fixture_init(fixture, 0.0, 0.0, 20.0, 60, 60, REALISATIONS, 5);
    fixture->scenario.estimator = UXO_ESTIMATOR_EXPECTED_VALUE;
    fixture_halves(fixture);
    assert_true(uxo_population_init(&fixture->scenario.population, &fixture->scenario.grid));
    assert_true(uxo_population_add(&fixture->scenario.population, &fixture->scenario.grid, 20, 30, 50.0));
    fixture->scenario.population.on_grid = 50.0;
    fixture_strike(fixture, "a", 400.0, 600.0)->confidence = uxo_quantity_constant(0.6);
    fixture_strike(fixture, "b", 800.0, 500.0)->carriers = quantity_range(1.0, 4.0);
    fixture->munition[0].dud_rate = quantity_uniform(0.05, 0.3, UXO_PER_STRIKE);
    fixture->munition[0].spread_along_m = uxo_quantity_constant(80.0);
    fixture_run(fixture, 1, outcome);
}

static bool is_error(uxo_district_column column)
{
    const char *const name = uxo_column(column)->name;
    return strcmp(name + strlen(name) - 3, "_se") == 0;
}

/* Values agree; a standard deviation but for its denominator, errors but for the number of realisations. */
static void compare(const uxo_district_table *weighted, const uxo_district_table *repeated, double effective,
                    double count)
{
    int compared = 0;
    for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_COUNT; column++) {
        for (uint32_t row = 0; row < weighted->rows; row++) {
            const double a = weighted->value[column][row], b = repeated->value[column][row];
            if (isnan(b)) {
                assert_true(isnan(a));
            } else if (column == UXO_COLUMN_DUDS_SD) {
                assert_near(a, b * sqrt(effective / (effective - 1.0) * (count - 1.0) / count), 1e-9 * b);
            } else if (!is_error(column)) {
                compared++;
                assert_near(a, b, 1e-12 * fabs(b));
            } else if (strstr(uxo_column(column)->name, "_p0") == NULL &&
                       strstr(uxo_column(column)->name, "_p95") == NULL &&
                       strstr(uxo_column(column)->name, "_p50") == NULL) {
                assert_near(a * sqrt(effective), b * sqrt(count), 0.02 * b * sqrt(count));
            } else { /* half of a distance of two order statistics: larger, but not smoothly */
                assert_true(a >= b);
            }
        }
    }
    assert_true(compared > 40);
}

static void repeats_and_weights(void **state)
{
    (void)state;
    model_fixture fixture;
    uxo_outcome outcome, repeated;
    uxo_district_table a, b;
    double weight[REALISATIONS];
    uint32_t count = 0;
    run_fixture(&fixture, &outcome);
    repeated = outcome;
    const size_t cells = (size_t)2 * REALISATIONS * outcome.columns;
    repeated.dud_count = calloc(cells, sizeof *repeated.dud_count);
    repeated.conditional = calloc(cells, sizeof(double));
    repeated.affected_ha = calloc(cells, sizeof(double));
    repeated.people_affected = calloc(cells, sizeof(double));
    for (uint32_t r = 0; r < REALISATIONS; r++) {
        weight[r] = (double)(r * 7 % 3);
        for (uint32_t k = 0; k < r * 7 % 3; k++) {
            copy_rows(&outcome, r, &repeated, count++);
        }
    }
    repeated.realisations = count;
    fill(&fixture, &outcome, weight, &a);
    fill(&fixture, &repeated, NULL, &b);
    const double effective = uxo_stats_effective(weight, REALISATIONS);
    assert_near(effective, 600.0 * 600.0 / 1000.0, 1e-9); /* 200 once, 200 twice */
    compare(&a, &b, effective, (double)count);
    for (uint32_t r = 0; r < REALISATIONS; r++) {
        weight[r] *= 0.125; /* only their shares count */
    }
    uxo_district_table_free(&b);
    fill(&fixture, &outcome, weight, &b);
    compare(&a, &b, 1e9, 1e9);
    uxo_district_table_free(&a);
    uxo_district_table_free(&b);
    free(repeated.dud_count);
    free(repeated.conditional);
    free(repeated.affected_ha);
    free(repeated.people_affected);
    uxo_outcome_free(&outcome);
    uxo_population_free(&fixture.scenario.population);
    fixture_free(&fixture);
}

/* A district that is first in every realisation that counts: its error is that of as few realisations as count. */
static void certain_places_have_the_error_of_what_counts(void **state)
{
    (void)state;
    model_fixture fixture;
    uxo_outcome outcome;
    uxo_district_table all, few;
    double weight[REALISATIONS] = {0.0};
    run_fixture(&fixture, &outcome);
    for (uint32_t r = 0; r < REALISATIONS; r++) {
        outcome.conditional[(size_t)r * outcome.columns] = 2.0;
        outcome.conditional[(size_t)r * outcome.columns + 1] = 1.0;
        weight[r] = r < 20 ? 1.0 : 0.0;
    }
    fill(&fixture, &outcome, NULL, &all);
    fill(&fixture, &outcome, weight, &few);
    assert_true(all.value[UXO_COLUMN_P_TOP1][0] == 1.0 && few.value[UXO_COLUMN_P_TOP1][0] == 1.0);
    assert_near(all.value[UXO_COLUMN_P_TOP1_SE][0], sqrt(2.995732273553991 / 600.0 / 600.0), 1e-12);
    assert_near(few.value[UXO_COLUMN_P_TOP1_SE][0], sqrt(2.995732273553991 / 20.0 / 20.0), 1e-12);
    uxo_district_table_free(&all);
    uxo_district_table_free(&few);
    uxo_outcome_free(&outcome);
    uxo_population_free(&fixture.scenario.population);
    fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(repeats_and_weights),
                                       cmocka_unit_test(certain_places_have_the_error_of_what_counts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
