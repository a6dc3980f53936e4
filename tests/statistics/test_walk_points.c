/* test_walk_points.c - the risk of a walk against points: the strip is a row of cells, and every dud that `analog` puts there is met.
 *
 * Everything is uncertain: existence, munition's rate, carriers, place, heading, opening. Both sides see the same realisations, so that their
 * difference is what the last draw adds: given all others, contacts are nearly Poisson. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "judge.h"
#include "model_fixture.h"
#include "uxosim/walk.h"

enum { REALISATIONS = 40000, ROW = 31, COLUMNS = 64 };
static const double CELL_M = 8.0;

static void prepare(model_fixture *fixture)
{
    fixture_init(fixture, 1000.0, 2000.0, CELL_M, COLUMNS, 64, REALISATIONS, 22);
    fixture->munition[0].submunitions_per_carrier =
        uxo_quantity_constant(4000.0); /* and few fail: binomial is Poisson */
    fixture->munition[0].dud_rate = quantity_beta(2.0, 1000.0, UXO_PER_CAMPAIGN);
    fixture_share(fixture, &fixture->munition[0].dud_rate, "m.dud_rate", true);
    fixture->munition[0].carrier_failure = uxo_quantity_constant(0.2);
    fixture->munition[0].spread_along_m = uxo_quantity_constant(60.0);
    fixture->munition[0].spread_across_m = uxo_quantity_constant(20.0);
    uxo_strike *const near = fixture_strike(fixture, "near", 1200.0, 2280.0);
    near->carriers = quantity_range(1.0, 4.0);
    near->confidence = uxo_quantity_constant(0.7);
    near->heading_unknown = true;
    fixture->site[0].location_size_m = uxo_quantity_constant(120.0);
    uxo_strike *const far = fixture_strike(fixture, "far", 1500.0, 2150.0);
    far->heading_sd_deg = uxo_quantity_constant(20.0);
    fixture->site[1].location_kind = UXO_LOCATION_DISC;
    fixture->site[1].location_size_m = uxo_quantity_constant(80.0);
    fixture_cell_districts(fixture);
}

/* Duds of the row in each realisation. */
static double *points_of(const model_fixture *fixture)
{
    uxo_outcome outcome;
    double *const points = calloc(REALISATIONS, sizeof *points);
    assert_non_null(points);
    fixture_run(fixture, 2, &outcome);
    for (size_t r = 0; r < REALISATIONS; r++) {
        for (size_t c = 0; c < COLUMNS; c++) {
            points[r] += (double)outcome.dud_count[r * outcome.columns + (size_t)ROW * COLUMNS + c];
        }
    }
    uxo_outcome_free(&outcome);
    return points;
}

/* The walk along the row, at `width` times its width. */
static double *contacts_of(const model_fixture *fixture, double width)
{
    const uxo_grid *const grid = &fixture->scenario.grid;
    const double y_m = uxo_grid_y_m(grid, ROW);
    uxo_segment segment = {grid->xmin_m, y_m, uxo_grid_xmax_m(grid), y_m};
    const uxo_lines lines = {&segment, 1};
    const uxo_engine_options options = {.threads = 2};
    uxo_report report;
    double *const contacts = calloc(REALISATIONS, sizeof *contacts);
    uxo_report_init(&report);
    assert_non_null(contacts);
    assert_int_equal(
        uxo_walk_contacts(&fixture->scenario, &options, &lines, width * CELL_M, REALISATIONS, contacts, &report),
        UXO_OK);
    uxo_report_free(&report);
    return contacts;
}

/* Differences by realisation: of numbers, of whether there is one. */
static void differences(const double *points, const double *contacts, double *number, double *any)
{
    for (size_t r = 0; r < REALISATIONS; r++) {
        number[r] = points[r] - contacts[r];
        any[r] = (points[r] > 0.0 ? 1.0 : 0.0) - (1.0 - exp(-contacts[r]));
    }
}

static bool agree(const double *points, const double *contacts, const char *numbers, const char *probabilities)
{
    double *const number = calloc(REALISATIONS, sizeof *number), *const any = calloc(REALISATIONS, sizeof *any);
    assert_true(number != NULL && any != NULL);
    differences(points, contacts, number, any);
    const moments of_number = judge_moments(number, REALISATIONS), of_any = judge_moments(any, REALISATIONS);
    const bool first = judge_z(numbers, of_number.mean, 0.0, of_number.mean_error);
    const bool second = judge_z(probabilities, of_any.mean, 0.0, of_any.mean_error);
    free(number);
    free(any);
    return first && second;
}

static void points_on_the_strip(void **state)
{
    (void)state;
    model_fixture fixture;
    prepare(&fixture);
    double *const points = points_of(&fixture), *const contacts = contacts_of(&fixture, 1.0);
    assert_true(agree(points, contacts, "points less contacts", "a point less P(contact)"));
    free(points);
    free(contacts);
    fixture_free(&fixture);
}

/* A strip that is 5 % too wide is noticed. */
static void a_wrong_width_is_caught(void **state)
{
    (void)state;
    model_fixture fixture;
    prepare(&fixture);
    double *const points = points_of(&fixture), *const contacts = contacts_of(&fixture, 1.05);
    assert_false(
        agree(points, contacts, "points less contacts, 5 % too wide", "a point less P(contact), 5 % too wide"));
    free(points);
    free(contacts);
    fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(points_on_the_strip),
                                       cmocka_unit_test(a_wrong_width_is_caught)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
