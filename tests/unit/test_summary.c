/* test_summary.c - the district table by hand: affected area, people, ranks and places, ties, what is outside. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "model_fixture.h"
#include "uxosim/summary.h"

enum { REALISATIONS = 4, DISTRICTS = 4, COLUMNS = DISTRICTS + 2 };

/* Columns: four districts, outside every district, outside the grid. */
typedef struct tables {
    uint32_t dud_count[REALISATIONS * COLUMNS];
    double conditional[REALISATIONS * COLUMNS], affected_ha[REALISATIONS * COLUMNS], people[REALISATIONS * COLUMNS];
} tables;

static tables TABLES = {
    .dud_count = {1, 2, 3, 0, 5, 6, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0},
    /* first alone; nothing anywhere; two tie for the first place; four tie for three places, of which one is "outside" */
    .conditional = {5.0, 3.0, 2.0, 1.0, 90.0, 7.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
                    4.0, 4.0, 0.0, 1.0, 0.0,  0.0, 2.0, 2.0, 2.0, 2.0, 2.0, 0.0},
    .affected_ha = {1.0, 2.0, 3.0, 4.0, 10.0, NAN, 0.0, 0.0, 0.0, 0.0, 0.0, NAN,
                    2.0, 2.0, 0.0, 0.0, 0.0,  NAN, 1.0, 0.0, 1.0, 0.0, 2.0, NAN},
    .people = {10.0, 20.0, 30.0, 40.0, 1.0, NAN, 0.0, 0.0, 0.0, 0.0, 0.0, NAN,
               0.0,  4.0,  0.0,  0.0,  0.0, NAN, 2.0, 0.0, 0.0, 0.0, 1.0, NAN}};

static void fill(model_fixture *fixture, uxo_district_table *table, bool expected, const double *weight)
{
    uxo_report report;
    uxo_report_init(&report);
    fixture_init(fixture, 0.0, 0.0, 100.0, 2, 2, REALISATIONS, 1);
    fixture_cell_districts(fixture);
    assert_true(uxo_population_init(&fixture->scenario.population, &fixture->scenario.grid));
    assert_true(uxo_population_add(&fixture->scenario.population, &fixture->scenario.grid, 0, 0, 50.0));
    static uint64_t intact[COLUMNS];
    const uxo_outcome outcome = {.realisations = REALISATIONS,
                                 .column_carriers = intact,
                                 .column_submunitions = intact,
                                 .columns = COLUMNS,
                                 .dud_count = TABLES.dud_count,
                                 .conditional = expected ? TABLES.conditional : NULL,
                                 .affected_ha = expected ? TABLES.affected_ha : NULL,
                                 .people_affected = expected ? TABLES.people : NULL};
    assert_int_equal(uxo_district_table_init(table, DISTRICTS, &report), UXO_OK);
    assert_int_equal(uxo_district_table_fill(table, &fixture->scenario, &outcome, weight, &report), UXO_OK);
    uxo_report_free(&report);
}

static void release(model_fixture *fixture, uxo_district_table *table)
{
    uxo_district_table_free(table);
    uxo_population_free(&fixture->scenario.population);
    fixture_free(fixture);
}

static void expect_row(const uxo_district_table *table, uxo_district_column column, const double want[DISTRICTS + 3])
{
    for (uint32_t row = 0; row < DISTRICTS + 3; row++) {
        const double found = table->value[column][row];
        if (isnan(want[row])) {
            assert_true(isnan(found));
        } else {
            assert_near(found, want[row], 1e-12);
        }
    }
}

static void rows_are_means_and_the_total_is_of_the_grid(void **state)
{
    static model_fixture fixture;
    uxo_district_table table;
    (void)state;
    fill(&fixture, &table, true, NULL);
    expect_row(&table, UXO_COLUMN_AFFECTED_HA_MEAN, (const double[]){1.0, 1.0, 1.0, 1.0, 3.0, NAN, 7.0});
    expect_row(&table, UXO_COLUMN_AFFECTED_HA_P95, (const double[]){2.0, 2.0, 3.0, 4.0, 10.0, NAN, 20.0});
    expect_row(&table, UXO_COLUMN_PEOPLE_AFFECTED_MEAN, (const double[]){3.0, 6.0, 7.5, 10.0, 0.5, NAN, 27.0});
    /* The total's own quantile, 20, is not the sum of the districts' quantiles, 21. Duds outside the grid do count. */
    assert_near(table.value[UXO_COLUMN_DUDS_MEAN][DISTRICTS + 2], 34.0 / 4.0, 1e-12);
    assert_true(table.value[UXO_COLUMN_AFFECTED_HA_MEAN_SE][0] > 0.0);
    release(&fixture, &table);
}

/* Of three places, those left are shared: 3/4 each where four tie. Expecting nothing gives none. */
static void places_are_shared_by_ties(void **state)
{
    static model_fixture fixture;
    uxo_district_table table;
    const double first[] = {(1.0 + 0.5 + 0.25) / 4.0, (0.5 + 0.25) / 4.0, 0.25 / 4.0, 0.25 / 4.0, NAN, NAN, NAN};
    const double three[] = {2.75 / 4.0, 2.75 / 4.0, 1.75 / 4.0, 1.75 / 4.0, NAN, NAN, NAN};
    (void)state;
    fill(&fixture, &table, true, NULL);
    expect_row(&table, UXO_COLUMN_P_TOP1, first);
    expect_row(&table, UXO_COLUMN_P_TOP3, three);
    /* Means 11, 9, 4, 4 of four: by points the last would be third and the third last. */
    expect_row(&table, UXO_COLUMN_RANK_DUDS, (const double[]){1.0, 2.0, 3.0, 3.0, NAN, NAN, NAN});
    release(&fixture, &table);
}

static void weights_count(void **state)
{
    static model_fixture fixture;
    uxo_district_table table;
    const double weight[REALISATIONS] = {0.0, 0.0, 2.0, 0.0};
    (void)state;
    fill(&fixture, &table, true, weight);
    expect_row(&table, UXO_COLUMN_AFFECTED_HA_MEAN, (const double[]){2.0, 2.0, 0.0, 0.0, 0.0, NAN, 4.0});
    expect_row(&table, UXO_COLUMN_P_TOP1, (const double[]){0.5, 0.5, 0.0, 0.0, NAN, NAN, NAN});
    expect_row(&table, UXO_COLUMN_RANK_DUDS, (const double[]){1.0, 1.0, 4.0, 3.0, NAN, NAN, NAN});
    release(&fixture, &table);
}

static void points_alone_leave_the_rest_empty(void **state)
{
    static model_fixture fixture;
    uxo_district_table table;
    (void)state;
    fill(&fixture, &table, false, NULL);
    assert_false(uxo_district_table_has(&table, UXO_COLUMN_AFFECTED_HA_MEAN));
    assert_false(uxo_district_table_has(&table, UXO_COLUMN_PEOPLE_AFFECTED_MEAN_SE));
    assert_false(uxo_district_table_has(&table, UXO_COLUMN_P_TOP3));
    expect_row(&table, UXO_COLUMN_RANK_DUDS, (const double[]){1.0, 4.0, 3.0, 2.0, NAN, NAN, NAN});
    release(&fixture, &table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_means_and_the_total_is_of_the_grid),
        cmocka_unit_test(places_are_shared_by_ties),
        cmocka_unit_test(weights_count),
        cmocka_unit_test(points_alone_leave_the_rest_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
