/* test_redraw.c - a result file alone gives the scenario again, and its realisations; those are what the maps were made of. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "map_run.h"
#include "reported.h"
#include "result_reading.h"
#include "scenario_fixture.h"
#include "scratch.h"
#include "uxosim/redraw.h"

/* With everything that a strike list can say: places in both ways, distributions, events, columns that are not ours. */
static const char rich_strikes[] =
    "id,witness,lon,lat,x_m,y_m,date,event,munition,carriers,heading_deg,heading_sd_deg,confidence,location_r95_m,"
    "source,evidence\n"
    "p,\"A name, and more\",,,300100.3333,5535000,2023-01-05,,\"{a: 0.25, c: 0.75}\",\"{range: [1, "
    "9]}\",30,10,0.9,150,me,dud\n"
    "q,x,36.2,49.953,,,2023-01-06,E,a,,,,,,,crater\n"
    "r,x,36.201,49.951,,,2023-01-06,E,,,,,,80,,motor\n"
    "\"s, \"\"t\"\"\",x,,,299500,5534500,,,b,3,unknown,,\"{uniform: [0.1, 0.9], per: strike}\",,,\n"
    "u,x,,,301000,5536000,2023-02-06,,,,\"{normal: {mean: 80, sd: 5}}\",,,,,\n"
    "v,x,,,299000,5533000,2023-02-06,,,2,,,,,,\n"
    "w,x,,,299300,5533900,2023-02-06,,,2,,,,,,\n"
    "far,x,,,399300,5533900,2023-02-07,,a,2,,,,,,\n";
static const char rich_scenario[] =
    "format: 1\nrun: {seed: 77, realisations: 40, estimator: expected-value}\n"
    "grid: {crs: \"EPSG:32637\", cell_size_m: 50, around: districts, margin_m: 500}\n"
    "layers: {districts: {file: districts.geojson, name: NAME}}\nmunitions: munitions.yaml\n"
    "override: {b: {dud_rate: {uniform: [0.2, 0.3], per: carrier}, pattern: {along_m: 60, across_m: 40}, sources: "
    "{dud_rate: s, pattern: s}},\n"
    "  a: {pattern: {along_m: {uniform: [30, 60], per: strike}, across_m: 45}, sources: {pattern: s}},\n"
    "  c: {pattern: {shape: ring, along_m: 90, across_m: 50, width: {uniform: [0.2, 0.6], per: strike}}, sources: "
    "{pattern: s}}}\n"
    "campaign: {dud_rate_log_odds_shift: {normal: {mean: 0, sd: 0.3}}, reliability: {alleged: {uniform: [0.2, 0.6]}, "
    "confirmed: 0.95}}\n"
    "background: {density_per_km2: {uniform: [0, 1]}, munition: {a: 0.5, c: 0.5}, carriers: {range: [1, 3]}}\n"
    "strikes: {file: strikes.csv, events: {F: [v, w]}, defaults: {munition: b, carriers: {range: [1, 3], per: "
    "campaign}, "
    "confidence: {uniform: [0.5, 0.9], per: campaign}, location_error: {disc_m: 150}},\n"
    "  displacement: {motor: {along_m: {normal: {mean: -300, sd: 100}}, across_m: {normal: {mean: 0, sd: 50}}}}}\n";

static const char *const sets[] = {"override.a.carrier_failure={uniform: [0, 0.2],\n per: strike}", "run.seed=78"};

static void check_quantity(const uxo_quantity *a, const uxo_quantity *b)
{
    assert_int_equal(a->form, b->form);
    assert_int_equal(a->campaign_index, b->campaign_index);
    assert_memory_equal(a->p, b->p, sizeof a->p);
    assert_true(a->lower == b->lower && a->upper == b->upper);
    assert_int_equal(a->choices, b->choices);
}

static void check_same_strikes(const uxo_scenario *a, const uxo_scenario *b)
{
    assert_int_equal(a->strikes.count, b->strikes.count);
    assert_int_equal(a->strikes.site_count, b->strikes.site_count);
    assert_int_equal(a->strikes.out_of_reach_count, b->strikes.out_of_reach_count);
    assert_int_equal(a->as_of_day, b->as_of_day);
    for (uint32_t i = 0; i < a->strikes.count; i++) {
        const uxo_strike *const s = &a->strikes.item[i], *const t = &b->strikes.item[i];
        assert_string_equal(s->id, t->id);
        assert_memory_equal(&s->key, &t->key, sizeof s->key);
        assert_memory_equal(&s->mixture, &t->mixture, sizeof s->mixture);
        assert_int_equal(s->day, t->day);
        assert_int_equal(s->heading_unknown, t->heading_unknown);
        assert_true(s->reach_m == t->reach_m);
        check_quantity(&s->carriers, &t->carriers);
        check_quantity(&s->heading_deg, &t->heading_deg);
        check_quantity(&s->heading_sd_deg, &t->heading_sd_deg);
        check_quantity(&s->confidence, &t->confidence);
    }
    for (uint32_t i = 0; i < a->strikes.site_count; i++) {
        const uxo_site *const s = &a->strikes.site[i], *const t = &b->strikes.site[i];
        assert_string_equal(s->id, t->id);
        assert_true(s->x_m == t->x_m && s->y_m == t->y_m && s->north_rad == t->north_rad);
        assert_int_equal(s->location_kind, t->location_kind);
        check_quantity(&s->location_size_m, &t->location_size_m);
    }
}

static void check_same_surface(const uxo_surface *a, const uxo_surface *b)
{
    assert_int_equal(a->given, b->given);
    assert_int_equal(a->ground_count, b->ground_count);
    assert_int_equal(a->task_count, b->task_count);
    assert_int_equal(a->kind_count, b->kind_count);
    assert_int_equal(a->reference, b->reference);
    for (uint32_t i = 0; i < a->ground_count; i++) {
        assert_string_equal(a->ground[i].name, b->ground[i].name);
        check_quantity(&a->ground[i].log_odds, &b->ground[i].log_odds);
    }
    for (uint32_t i = 0; i < a->task_count; i++) {
        assert_string_equal(a->task[i].name, b->task[i].name);
        assert_int_equal(a->task[i].day, b->task[i].day);
        check_quantity(&a->task[i].coverage, &b->task[i].coverage);
        check_quantity(&a->task[i].detection, &b->task[i].detection);
    }
    for (uint32_t i = 0; i < a->kind_count; i++) {
        assert_int_equal(a->kind[i].ground, b->kind[i].ground);
        assert_int_equal(a->kind[i].task_count, b->kind[i].task_count);
        for (uint32_t k = 0; k < a->kind[i].task_count; k++) {
            assert_int_equal(a->task_of_kind[a->kind[i].first_task + k], b->task_of_kind[b->kind[i].first_task + k]);
        }
    }
    for (size_t t = 0; a->given && t < a->tile_count; t++) {
        const uxo_surface_tile *const one = &a->tile[t], *const other = &b->tile[t];
        assert_int_equal(one->kind_count, other->kind_count);
        assert_memory_equal(one->kind, other->kind, one->kind_count * sizeof *one->kind);
        assert_true(one->kind_count == 1 ||
                    memcmp(one->weight, other->weight, (size_t)one->kind_count * UXO_TILE_CELLS) == 0);
    }
}

static void check_same(const uxo_scenario *a, const uxo_scenario *b)
{
    assert_memory_equal(&a->grid, &b->grid, sizeof a->grid);
    assert_int_equal(a->catalogue.count, b->catalogue.count);
    assert_int_equal(a->campaign_count, b->campaign_count);
    for (uint32_t i = 0; i < a->campaign_count; i++) {
        assert_string_equal(a->campaign[i].name, b->campaign[i].name);
        assert_memory_equal(&a->campaign[i].key, &b->campaign[i].key, sizeof a->campaign[i].key);
        check_quantity(&a->campaign[i].quantity, &b->campaign[i].quantity);
    }
    check_same_surface(&a->surface, &b->surface);
    check_same_strikes(a, b);
}

static void run_and_write(const uxo_scenario *scenario, const char *path, uxo_outcome *outcome)
{
    const uxo_engine_options engine = {.threads = 2};
    uxo_report report;
    uxo_district_table table;
    uxo_report_init(&report);
    assert_int_equal(uxo_engine_run(scenario, &engine, outcome, &report), UXO_OK);
    assert_int_equal(uxo_district_table_init(&table, scenario->districts.count, &report), UXO_OK);
    assert_int_equal(uxo_district_table_fill(&table, scenario, outcome, NULL, &report), UXO_OK);
    const uxo_result_run run = {scenario, &engine, outcome, &table, "0.0.0-test", "0123", "3.x", NULL};
    const uxo_status status = uxo_result_write(path, &run, &report);
    uxo_report_print(&report, 0, 20, stderr);
    assert_int_equal(status, UXO_OK);
    uxo_district_table_free(&table);
    uxo_report_free(&report);
}

/* The map of mean density against redrawn realisations, cell by cell. Maps are summed 32 realisations at a time in single precision:
 * within 32 x 2^-24 of the largest value. */
static void check_maps(uxo_result *result, const uxo_scenario *again, uint32_t realisations)
{
    const uxo_engine_options engine = {.threads = 1};
    const uxo_grid *const grid = &again->grid;
    float *const map = result_read_plane(result, "dud_density", 0);
    float *const tile = malloc((size_t)realisations * UXO_TILE_CELLS * sizeof *tile);
    double largest = 0.0;
    uxo_report report;
    uxo_report_init(&report);
    assert_non_null(tile);
    for (uint32_t t = 0; t < grid->tiles_x * grid->tiles_y; t++) {
        const uint32_t tx = t % grid->tiles_x, ty = t / grid->tiles_x;
        assert_int_equal(uxo_redraw_tile(again, &engine, 0, realisations, tx, ty, tile, &report), UXO_OK);
        for (uint32_t c = 0; c < UXO_TILE_CELLS; c++) {
            const uint32_t ix = tx * UXO_TILE + c % UXO_TILE, iy = ty * UXO_TILE + c / UXO_TILE;
            double sum = 0.0, most = 0.0;
            if (ix >= grid->nx || iy >= grid->ny) {
                continue;
            }
            for (uint32_t r = 0; r < realisations; r++) {
                const double duds = (double)tile[(size_t)r * UXO_TILE_CELLS + c];
                sum += duds;
                most = fmax(most, duds);
            }
            const double mean = sum / realisations / uxo_grid_cell_ha(grid);
            const double rounding = 0x1p-19 * most / uxo_grid_cell_ha(grid);
            const double stored = (double)map[(size_t)iy * grid->nx + ix];
            largest = fmax(largest, mean);
            assert_true(fabs(mean - stored) <= rounding);
        }
    }
    assert_true(largest > 0.01);
    uxo_report_free(&report);
    free(tile);
    free(map);
}

static void check_from_files(scenario_fixture *fixture, const char *text)
{
    char path[128];
    uxo_outcome outcome;
    uxo_result *result = NULL;
    uxo_scenario again;
    scenario_fixture_must_read(fixture, text, sets, 2);
    snprintf(path, sizeof path, "%s/r.nc", fixture->folder);
    run_and_write(&fixture->scenario, path, &outcome);
    scenario_fixture_remove(fixture, "munitions.yaml");
    scenario_fixture_remove(fixture, "strikes.csv");
    scenario_fixture_remove(fixture, "strikes.geojson");
    scenario_fixture_remove(fixture, "districts.geojson");
    scenario_fixture_remove(fixture, "ground.geojson");
    scenario_fixture_remove(fixture, "cleared.geojson");
    scenario_fixture_remove(fixture, "s.yaml");
    assert_int_equal(uxo_result_open(&result, path, &fixture->report), UXO_OK);
    const uxo_status status = uxo_result_scenario(result, &again, &fixture->report);
    uxo_report_print(&fixture->report, 0, 20, stderr);
    assert_int_equal(status, UXO_OK);
    check_same(&fixture->scenario, &again);
    assert_int_equal(uxo_result_realisations(result), 40);
    assert_null(strstr(again.strikes.rows, "A name"));
    check_maps(result, &again, 40);
    uxo_scenario_free(&again);
    uxo_result_close(result);
    uxo_outcome_free(&outcome);
    scenario_fixture_remove(fixture, "r.nc");
}

static void the_file_alone_draws_again(void **state)
{
    (void)state;
    scenario_fixture fixture;
    scenario_fixture_init(&fixture);
    scenario_fixture_write(&fixture, "strikes.csv", rich_strikes);
    check_from_files(&fixture, rich_scenario);
    scenario_fixture_free(&fixture);
}

static void points_of_other_formats_too(void **state)
{
    (void)state;
    scenario_fixture fixture;
    scenario_fixture_init(&fixture);
    scenario_fixture_write(&fixture, "strikes.geojson",
                           "{\"type\":\"FeatureCollection\",\"features\":["
                           "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[36.2,49.953]},"
                           "\"properties\":{\"id\":\"p\",\"munition\":"
                           "\"a\",\"carriers\":\"{range: [2, 3]}\",\"lat\":3,\"date\":\"2022-05-06\",\"event\":\"G\"}},"
                           "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[36.201,49.954]},"
                           "\"properties\":{\"id\":\"v\",\"munition\":"
                           "null,\"carriers\":null,\"event\":null}},"
                           "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[36.202,49.952]},"
                           "\"properties\":{\"id\":\"w\"}}]}");
    char text[2048];
    snprintf(text, sizeof text, "%s", rich_scenario);
    char *const name = strstr(text, "strikes.csv");
    memmove(name + 15, name + 11, strlen(name + 11) + 1);
    memcpy(name, "strikes.geojson", 15);
    check_from_files(&fixture, text);
    scenario_fixture_free(&fixture);
}

/* Ground by polygons, clearance with quantities by field; cells of several kinds, tiles of one. */
static void ground_and_clearance_too(void **state)
{
    (void)state;
    scenario_fixture fixture;
    scenario_fixture_init(&fixture);
    scenario_fixture_write(&fixture, "strikes.csv", rich_strikes);
    scenario_fixture_write(
        &fixture, "ground.geojson",
        "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::"
        "32637\"}},"
        "\"features\":["
        "{\"type\":\"Feature\",\"properties\":{\"K\":\"field\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
        "[[[299013,5534023],[301017,5534023],[301517,5538040],[299013,5538040],[299013,5534023]]]}}]}");
    scenario_fixture_write(
        &fixture, "cleared.geojson",
        "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::"
        "32637\"}},"
        "\"features\":["
        "{\"type\":\"Feature\",\"properties\":{\"N\":\"t1\",\"D\":\"2023-03-01\"},\"geometry\":{\"type\":\"Polygon\","
        "\"coordinates\":"
        "[[[300013,5534523],[300917,5534523],[300917,5535640],[300013,5535640],[300013,5534523]]]}},"
        "{\"type\":\"Feature\",\"properties\":{\"N\":\"t2\",\"D\":\"2023-01-20\"},\"geometry\":{\"type\":\"Polygon\","
        "\"coordinates\":"
        "[[[300513,5534023],[301217,5534023],[301217,5536640],[300513,5536640],[300513,5534023]]]}}]}");
    char text[4096];
    snprintf(text, sizeof text, "%s", rich_scenario);
    char *const end = strstr(text, "name: NAME}}");
    assert_non_null(end);
    static const char more[] =
        "name: NAME}, ground: {file: ground.geojson, field: K, classes: {field: soil, road: paved}, reference: "
        "paved},\n"
        "  cleared: {file: cleared.geojson, date: D, name: N, coverage: {uniform: [0.3, 0.9]}, detection: 0.8}}";
    memmove(end + sizeof more - 1, end + 12, strlen(end + 12) + 1);
    memcpy(end, more, sizeof more - 1);
    check_from_files(&fixture, text);
    scenario_fixture_remove(&fixture, "ground.geojson");
    scenario_fixture_remove(&fixture, "cleared.geojson");
    scenario_fixture_free(&fixture);
}

/* A file whose draws are not those of this program is refused, and so is one that does not hold them. */
static void other_draws_are_refused(void **state)
{
    (void)state;
    scenario_fixture fixture;
    char path[128];
    uxo_outcome outcome;
    uxo_result *result = NULL;
    uxo_scenario again;
    scenario_fixture_init(&fixture);
    scenario_fixture_write(&fixture, "strikes.csv", rich_strikes);
    scenario_fixture_must_read(&fixture, rich_scenario, sets, 2);
    snprintf(path, sizeof path, "%s/r.nc", fixture.folder);
    fixture.scenario.strikes.item[0].key.word[0] ^= 1; /* as if the ids of random streams were made otherwise */
    run_and_write(&fixture.scenario, path, &outcome);
    assert_int_equal(uxo_result_open(&result, path, &fixture.report), UXO_OK);
    assert_int_equal(uxo_result_scenario(result, &again, &fixture.report), UXO_ERR_DATA);
    assert_reported(&fixture.report, UXO_ERROR,
                    "cannot be drawn again: the expected duds differ from those in the file");
    uxo_scenario_free(&again);
    uxo_result_close(result);
    uxo_outcome_free(&outcome);
    scenario_fixture_remove(&fixture, "r.nc");
    scenario_fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_alone_draws_again), cmocka_unit_test(points_of_other_formats_too),
        cmocka_unit_test(ground_and_clearance_too), cmocka_unit_test(other_draws_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
