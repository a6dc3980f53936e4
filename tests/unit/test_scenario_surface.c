/* test_scenario_surface.c - ground, clearance and what all strikes share, from a scenario's text to quantities, names and records. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "judge.h"
#include "reported.h"
#include "scenario_fixture.h"
#include "uxosim/expectation.h"

#define CRS_37N "\"crs\": {\"type\": \"name\", \"properties\": {\"name\": \"urn:ogc:def:crs:EPSG::32637\"}}"
#define GROUND_AND_CLEARED                                                                                             \
    "layers:\n  ground: {file: ground.geojson, field: C, classes: {p: paved, s: soil, m: soil, v: field}, reference: " \
    "paved}\n  cleared: {file: cleared.geojson, date: D, name: N, coverage: COV, detection: {uniform: [0.9, 1]}}\n"

static const char ground[] =
    "{\"type\": \"FeatureCollection\", " CRS_37N ", \"features\": [\n"
    "{\"type\": \"Feature\", \"properties\": {\"C\": \"s\"}, \"geometry\": {\"type\": \"Polygon\", \"coordinates\": "
    "[[[299000, 5534000], [302000, 5534000], [302000, 5537000], [299000, 5537000], [299000, 5534000]]]}},\n"
    "{\"type\": \"Feature\", \"properties\": {\"C\": \"v\"}, \"geometry\": {\"type\": \"Polygon\", \"coordinates\": "
    "[[[303000, 5534000], [304000, 5534000], [304000, 5537000], [303000, 5537000], [303000, 5534000]]]}}]}\n";
static const char cleared[] =
    "{\"type\": \"FeatureCollection\", " CRS_37N ", \"features\": [\n"
    "{\"type\": \"Feature\", \"properties\": {\"N\": \"T1\", \"D\": \"2023-01-20\", \"COV\": \"{uniform: [0.5, "
    "0.9]}\"}, "
    "\"geometry\": {\"type\": \"Polygon\", \"coordinates\": [[[299500, 5534500], [300500, 5534500], [300500, 5535500], "
    "[299500, 5535500], [299500, 5534500]]]}},\n"
    "{\"type\": \"Feature\", \"properties\": {\"N\": \"T2\", \"D\": \"2023-06-30\", \"COV\": \"0.75\"}, \"geometry\": "
    "{\"type\": \"Polygon\", \"coordinates\": [[[300000, 5535000], [302000, 5535000], [302000, 5537000], [300000, "
    "5537000], [300000, 5535000]]]}}]}\n";

static void open_fixture(scenario_fixture *self)
{
    scenario_fixture_init(self);
    scenario_fixture_write(self, "ground.geojson", ground);
    scenario_fixture_write(self, "cleared.geojson", cleared);
}

static void close_fixture(scenario_fixture *self)
{
    scenario_fixture_remove(self, "ground.geojson");
    scenario_fixture_remove(self, "cleared.geojson");
    scenario_fixture_free(self);
}

static const uxo_campaign_item *find_item(const uxo_scenario *scenario, const char *name)
{
    for (uint32_t i = 0; i < scenario->campaign_count; i++) {
        if (strcmp(scenario->campaign[i].name, name) == 0) {
            assert_int_equal(scenario->campaign[i].quantity.campaign_index, i);
            return &scenario->campaign[i];
        }
    }
    fail_msg("no shared quantity '%s'", name);
    return NULL;
}

static void classes_and_tasks_become_shared_quantities(void **state)
{
    (void)state;
    scenario_fixture f;
    open_fixture(&f);
    scenario_fixture_must_read(
        &f, HEAD GRID GROUND_AND_CLEARED REST STRIKES "ground: {dud_rate_log_odds: {field: {uniform: [-0.5, 0.5]}}}\n",
        NULL, 0);
    const uxo_scenario *const s = &f.scenario;
    const uxo_surface *const surface = &s->surface;
    assert_true(surface->given && !uxo_expectation_is_exact(s));
    assert_int_equal(surface->ground_count, 3);
    assert_int_equal(surface->reference, 0);
    assert_string_equal(surface->ground[0].name, "paved");
    assert_string_equal(surface->ground[1].name, "soil");
    assert_near(surface->ground[0].log_odds.p[0], 0.0, 0.0);
    assert_near(surface->ground[1].area_ha, 900.0, 1e-6);
    const uxo_campaign_item *const soil = find_item(s, "ground.dud_rate_log_odds.soil");
    const uxo_campaign_item *const field = find_item(s, "ground.dud_rate_log_odds.field");
    assert_true(soil->is_failure_rate && soil->quantity.form == UXO_FORM_NORMAL);
    assert_near(soil->quantity.p[0], 0.3, 0.0);
    assert_near(soil->quantity.p[1], 0.4, 0.0);
    assert_int_equal(field->quantity.form, UXO_FORM_UNIFORM);
    assert_int_equal(surface->ground[1].log_odds.campaign_index, soil->quantity.campaign_index);
    find_item(s, "cleared.T1.coverage");
    find_item(s, "cleared.T1.detection");
    const uxo_campaign_item *const second = find_item(s, "cleared.T2.detection");
    assert_int_equal(surface->task[1].detection.campaign_index, second->quantity.campaign_index);
    assert_int_equal(surface->task[1].coverage.campaign_index, -1);
    assert_near(surface->task[1].coverage.p[0], 0.75, 0.0);
    assert_int_equal(s->as_of_day, surface->task[1].day); /* newest of all inputs */
    scenario_fixture_expect(s, "ground.dud_rate_log_odds.soil", "{normal: {mean: 0.3, sd: 0.4}}", UXO_MARK_DEFAULT,
                            "ASSUMED: no coefficient has been published");
    scenario_fixture_expect(s, "ground.dud_rate_log_odds.field", "{uniform: [-0.5, 0.5]}", UXO_MARK_GIVEN, "s.yaml:9");
    scenario_fixture_expect(s, "layers.ground.classes", "{p: paved, s: soil, m: soil, v: field}", UXO_MARK_GIVEN,
                            "s.yaml:5");
    scenario_fixture_expect(s, "cleared.T2.coverage", "0.75", UXO_MARK_GIVEN, "layers.cleared");
    scenario_fixture_expect(s, "run.as_of", "2023-06-30", UXO_MARK_DEFAULT,
                            "built-in default: the newest date in the inputs");
    assert_string_equal(s->input[3].role, "ground");
    assert_string_equal(s->input[4].role, "cleared");
    close_fixture(&f);
}

/* The share that remains, through all of it: log odds, coverage x detection of what is later than the strike. */
static void remaining_shares(void **state)
{
    (void)state;
    scenario_fixture f;
    static const char *const sets[] = {"layers.cleared.coverage=0.8", "layers.cleared.detection=0.9",
                                       "ground.dud_rate_log_odds.soil=0.5", "ground.dud_rate_log_odds.field=-0.5"};
    open_fixture(&f);
    scenario_fixture_must_read(&f, HEAD GRID GROUND_AND_CLEARED REST STRIKES "ground: {dud_rate_log_odds: {}}\n", sets,
                               4);
    const uxo_surface *const surface = &f.scenario.surface;
    const size_t tile = uxo_grid_tile_of(&f.scenario.grid, 42, 94);
    uint32_t both = UINT32_MAX;
    for (uint32_t kind = 0; kind < surface->kind_count; kind++) {
        both = surface->kind[kind].task_count == 2 ? kind : both; /* 300000 to 300500, 5535000 to 5535500 */
    }
    assert_true(both != UINT32_MAX && surface->tile[tile].kind_count > 1);
    assert_int_equal(uxo_surface_ground_at(surface, tile, uxo_grid_cell_in_tile(42, 94)), 1);
    const double odds = exp(0.5) * 0.2 / 0.8, soil = odds / (1.0 + odds);
    const int32_t first = surface->task[0].day;
    assert_near(uxo_surface_share(surface, both, 0.2, first - 1, NULL), soil * 0.28 * 0.28, 1e-12);
    assert_near(uxo_surface_share(surface, both, 0.2, first, NULL), soil * 0.28,
                1e-12); /* the day itself: not after it */
    assert_near(uxo_surface_share(surface, both, 0.2, surface->task[1].day, NULL), soil, 1e-12);
    assert_near(uxo_surface_share(surface, both, 0.2, UXO_NO_DATE, NULL), soil * 0.28 * 0.28, 1e-12);
    assert_near(uxo_surface_share(surface, 0, 0.2, first, NULL), 0.2, 0.0);
    close_fixture(&f);
}

static void clearance_is_compared_with_the_strikes(void **state)
{
    (void)state;
    scenario_fixture f;
    open_fixture(&f);
    scenario_fixture_write(&f, "strikes.csv", "id,x_m,y_m,date,munition,carriers\nr1,300000,5535000,,a,1\n");
    scenario_fixture_must_read(&f, HEAD GRID GROUND_AND_CLEARED REST STRIKES, NULL, 0);
    assert_reported(&f.report, UXO_WARNING, "1 of 1 strikes are not dated; they count as before every clearance");
    uxo_scenario_free(&f.scenario);
    scenario_fixture_write(&f, "strikes.csv", "id,x_m,y_m,date,munition,carriers\nr1,300000,5535000,2023-03-01,a,1\n");
    scenario_fixture_must_read(&f, HEAD GRID GROUND_AND_CLEARED REST STRIKES, NULL, 0);
    assert_reported(&f.report, UXO_WARNING,
                    "1 of 2 clearance tasks are not later than the oldest strike and remove nothing");
    uxo_scenario_free(&f.scenario);
    const char *const sets[] = {"run.as_of=2023-06-29"};
    assert_int_equal(scenario_fixture_read(&f, HEAD GRID GROUND_AND_CLEARED REST STRIKES, sets, 1), UXO_ERR_DATA);
    assert_reported(&f.report, UXO_ERROR, "the date 2023-06-30 is after run.as_of");
    close_fixture(&f);
}

static void campaign_and_displacement(void **state)
{
    (void)state;
    scenario_fixture f;
    open_fixture(&f);
    scenario_fixture_write(&f, "strikes.csv",
                           "id,x_m,y_m,date,munition,carriers,evidence,status\n"
                           "r1,300000,5535000,2023-01-05,a,,motor,alleged\nr2,301000,5536000,2023-02-06,a,2,cargo,\n");
    scenario_fixture_must_read(
        &f,
        HEAD GRID REST "strikes: {file: strikes.csv, defaults: {munition: b, carriers: 2}, displacement: {motor: "
                       "{along_m: {uniform: [100, 900], per: campaign}, across_m: {normal: {mean: 0, sd: 50}}}}}\n"
                       "campaign: {dud_rate_log_odds_shift: 0.7, reliability: {alleged: 0.5}}\n",
        NULL, 0);
    const uxo_scenario *const s = &f.scenario;
    const uxo_displacement *const motor = &s->strikes.displacement[UXO_EVIDENCE_MOTOR];
    assert_true(motor->given && !s->strikes.displacement[UXO_EVIDENCE_CARGO].given);
    assert_int_equal(motor->along_m.campaign_index,
                     find_item(s, "displacement.motor.along_m")->quantity.campaign_index);
    assert_int_equal(motor->across_m.campaign_index, -1);
    assert_int_equal(motor->across_m.per, UXO_PER_STRIKE);
    assert_near(s->strikes.item[0].reach_m - s->strikes.item[1].reach_m, hypot(900.0, 213.24), 0.5);
    assert_near(uxo_expected_existence(s, &s->strikes.item[0]), 0.5, 0.0);
    assert_near(uxo_expected_existence(s, &s->strikes.item[1]), 1.0, 0.0);
    assert_true(s->theatre.shifts && s->theatre.discounts);
    assert_true(uxo_expected_rate(s, &s->catalogue.item[0]) > 0.25 && uxo_expectation_is_exact(s));
    scenario_fixture_expect(s, "campaign.dud_rate_log_odds_shift", "0.7", UXO_MARK_GIVEN, "s.yaml:6");
    scenario_fixture_expect(s, "campaign.reliability.confirmed", "1", UXO_MARK_DEFAULT, "built-in default");
    uxo_scenario_free(&f.scenario);
    scenario_fixture_must_read(&f, HEAD GRID REST STRIKES, NULL, 0);
    assert_false(f.scenario.theatre.shifts || f.scenario.theatre.discounts || f.scenario.surface.given);
    assert_null(
        scenario_fixture_used(&f.scenario, "campaign.dud_rate_log_odds_shift")); /* no trace of what is not used */
    assert_null(scenario_fixture_used(&f.scenario, "layers.cleared.coverage"));
    close_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_and_tasks_become_shared_quantities),
        cmocka_unit_test(remaining_shares),
        cmocka_unit_test(clearance_is_compared_with_the_strikes),
        cmocka_unit_test(campaign_and_displacement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
