/* test_scenario.c - the assembly: paths, grid, as_of, shared quantities and their indices. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../../sim/scenario/scenario_private.h" /* equal keys cannot be had from real names */
#include "scenario_fixture.h"

static void values_and_defaults_arrive(void **state)
{
    (void)state;
    scenario_fixture f;
    scenario_fixture_init(&f);
    scenario_fixture_must_read(&f, HEAD GRID REST STRIKES, NULL, 0);
    assert_string_equal(f.scenario.title, "Untitled scenario");
    assert_int_equal(f.scenario.realisations, 100);
    assert_true(f.scenario.seed == 1);
    assert_int_equal(f.scenario.estimator, UXO_ESTIMATOR_EXPECTED_VALUE);
    assert_false(f.scenario.until.given);
    assert_int_equal(f.scenario.grid.nx, 100);
    assert_int_equal(f.scenario.grid.ny, 150);
    assert_string_equal(f.scenario.crs_text, "EPSG:32637");
    assert_int_equal(f.scenario.as_of_day, 19394); /* 2023-02-06, the newest date */
    assert_int_equal(f.scenario.strikes.count, 3);
    assert_false(f.scenario.has_districts);
    assert_string_equal(f.scenario.overrides_text, "");
    assert_string_equal(f.scenario.scenario_text, HEAD GRID REST STRIKES);
    scenario_fixture_free(&f);
}

static void the_grid_lies_around_districts_on_whole_multiples(void **state)
{
    (void)state;
    scenario_fixture f;
    scenario_fixture_init(&f);
    scenario_fixture_must_read(&f, HEAD AROUND DISTRICTS REST STRIKES, NULL, 0);
    const uxo_grid *const g = &f.scenario.grid;
    assert_true(fmod(g->xmin_m, 70.0) == 0.0 && fmod(g->ymin_m, 70.0) == 0.0);
    assert_true(g->xmin_m <= 299010 - 250 && g->xmin_m > 299010 - 250 - 70);
    assert_true(g->ymin_m <= 5534020 - 250 && g->ymin_m > 5534020 - 250 - 70);
    assert_true(uxo_grid_xmax_m(g) >= 303030 + 250 && uxo_grid_xmax_m(g) < 303030 + 250 + 70);
    assert_true(uxo_grid_ymax_m(g) >= 5538040 + 250 && uxo_grid_ymax_m(g) < 5538040 + 250 + 70);
    assert_true(f.scenario.has_districts);
    assert_int_equal(f.scenario.districts.count, 1);
    scenario_fixture_free(&f);
}

/* Bounds as decimals have them, none of which is a double: whole to within the doubles next to them, and no more. */
static void whole_cells_are_known_by_their_decimals(void **state)
{
    (void)state;
    static const struct {
        const char *bounds, *cell;
        uint32_t nx, ny; /* 0: refused */
    } cases[] = {
        {"[304000.3, 5540000.1, 304010.7, 5540010.4]", "0.1", 104, 103},
        {"[304000.03, 5540000.01, 304001.07, 5540001.04]", "0.01", 104, 103},
        {"[304000.1, 5540000.3, 304003.1, 5540003.3]", "0.3", 10, 10},
        {"[304000.3, 5540000.1, 304010.7, 5540010.40000002]", "0.1", 0, 0},
        {"[304000.3, 5540000.1, 304010.70000001, 5540010.4]", "0.1", 0, 0},
        {"[304000, 5540000, 304020, 5540020.0000001]", "20", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1024];
        scenario_fixture f;
        scenario_fixture_init(&f);
        snprintf(text, sizeof text, HEAD "grid: {crs: \"EPSG:32637\", cell_size_m: %s, bounds_m: %s}\n" REST STRIKES,
                 cases[i].cell, cases[i].bounds);
        (void)scenario_fixture_read(&f, text, NULL, 0); /* no strike reaches so small a grid */
        size_t complaints = 0;
        for (size_t m = 0; m < f.report.count; m++) {
            complaints += strstr(f.report.item[m].text, "not a whole number") != NULL;
        }
        assert_int_equal(complaints, cases[i].nx == 0);
        assert_int_equal(f.scenario.grid.nx, cases[i].nx);
        assert_int_equal(f.scenario.grid.ny, cases[i].ny);
        scenario_fixture_free(&f);
    }
}

static void shared_quantities_have_names_keys_and_indices(void **state)
{
    (void)state;
    static const char *const name[] = {"a.submunitions_per_carrier", "a.dud_rate", "a.pattern.along_m",
                                       "defaults.carriers"};
    scenario_fixture f;
    scenario_fixture_init(&f);
    scenario_fixture_must_read(&f, HEAD GRID REST STRIKES, NULL, 0);
    const uxo_scenario *const s = &f.scenario;
    assert_int_equal(s->campaign_count, 4); /* nothing of c, which no strike used; b varies per strike */
    for (uint32_t i = 0; i < 4; i++) {
        const uxo_key key = uxo_key_make(s->seed, UXO_LEVEL_CAMPAIGN, name[i]);
        assert_string_equal(s->campaign[i].name, name[i]);
        assert_memory_equal(&s->campaign[i].key, &key, sizeof key);
        assert_int_equal(s->campaign[i].is_failure_rate, i == 1);
        assert_int_equal(s->campaign[i].quantity.campaign_index, i);
    }
    assert_int_equal(s->catalogue.item[0].submunitions_per_carrier.campaign_index, 0);
    assert_int_equal(s->catalogue.item[0].dud_rate.campaign_index, 1);
    assert_int_equal(s->catalogue.item[0].pattern_along_m.campaign_index, 2);
    assert_int_equal(s->catalogue.item[0].pattern_across_m.campaign_index, -1);
    assert_int_equal(s->catalogue.item[1].dud_rate.campaign_index, -1);
    assert_int_equal(s->catalogue.item[2].dud_rate.campaign_index, -1);
    assert_int_equal(s->strikes.item[0].carriers.campaign_index, 3);  /* r1 uses the default */
    assert_int_equal(s->strikes.item[1].carriers.campaign_index, -1); /* r2 says how many */
    assert_int_equal(s->strikes.item[2].carriers.campaign_index, 3);
    scenario_fixture_free(&f);
}

static void equal_random_keys_are_refused(void **state)
{
    (void)state;
    uxo_strike strike[3] = {
        {.id = "one", .key = {{1, 2}}}, {.id = "two", .key = {{1, 3}}}, {.id = "three", .key = {{1, 2}}}};
    uxo_scenario scenario = {.strikes = {.item = strike, .count = 3}};
    uxo_report report;
    uxo_report_init(&report);
    char file[] = "s.yaml";
    assembly self = {.out = &scenario, .report = &report, .file = file};
    assert_int_equal(uxo_assembly_campaign(&self), UXO_ERR_DATA);
    assert_int_equal(report.error_count, 1);
    assert_non_null(strstr(report.item[0].text, "'one'"));
    assert_non_null(strstr(report.item[0].text, "'three'"));
    strike[2].key.word[1] = 4;
    assert_int_equal(uxo_assembly_campaign(&self), UXO_OK);
    uxo_report_free(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_defaults_arrive),
        cmocka_unit_test(the_grid_lies_around_districts_on_whole_multiples),
        cmocka_unit_test(whole_cells_are_known_by_their_decimals),
        cmocka_unit_test(shared_quantities_have_names_keys_and_indices),
        cmocka_unit_test(equal_random_keys_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
