/* test_scenario.c - the assembly: paths, grid, as_of, shared quantities and their indices, the record of values and
 * inputs. Works in a folder of its own below the current one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../sim/scenario/scenario_private.h" /* equal keys cannot be had from real names */
#include "uxosim/scenario.h"

#define HEAD "format: 1\nrun: {realisations: 100}\n"
#define GRID "grid: {crs: EPSG:32637, cell_size_m: 100, bounds_m: [296000, 5530000, 306000, 5545000]}\n"
#define AROUND "grid: {crs: EPSG:32637, cell_size_m: 70, around: districts, margin_m: 250}\n"
#define DISTRICTS "layers: {districts: {file: districts.geojson, name: NAME}}\n"
#define REST "munitions: munitions.yaml\n"
#define STRIKES                                                                                                   \
    "strikes: {file: strikes.csv, defaults: {munition: b, carriers: {range: [1, 3], per: campaign}, confidence: " \
    "0.5}}\n"

static const char munitions[] =
    "munitions:\n"
    "  a: {name: A, submunitions_per_carrier: {range: [10, 20]}, dud_rate: {uniform: [0.1, 0.2], per: campaign},\n"
    "      pattern: {along_m: {uniform: [10, 20], per: campaign}, across_m: 5},\n"
    "      sources: {submunitions_per_carrier: s1, dud_rate: s2, pattern: s3}}\n"
    "  b: {name: B, submunitions_per_carrier: 10, dud_rate: {uniform: [0.1, 0.2], per: strike}, pattern: {along_m: 5, "
    "across_m: 5},\n"
    "      sources: {submunitions_per_carrier: s4, dud_rate: s5, pattern: s6}}\n"
    "  c: {name: C, submunitions_per_carrier: 10, dud_rate: {uniform: [0.1, 0.2], per: campaign}, pattern: {along_m: "
    "5, across_m: 5},\n"
    "      sources: {submunitions_per_carrier: s7, dud_rate: s8, pattern: s9}}\n";
static const char strikes[] =
    "id,x_m,y_m,date,munition,carriers\n"
    "r1,300000,5535000,2023-01-05,a,\nr2,301000,5536000,2023-02-06,,2\nr3,302000,5537000,2022-05-01,,\n";
static const char districts[] =
    "{\"type\": \"FeatureCollection\", \"crs\": {\"type\": \"name\", \"properties\": {\"name\": "
    "\"urn:ogc:def:crs:EPSG::32637\"}},\n"
    "\"features\": [{\"type\": \"Feature\", \"properties\": {\"NAME\": \"North\"}, \"geometry\": {\"type\": "
    "\"Polygon\", \"coordinates\":\n"
    "[[[299010, 5534020], [303030, 5534020], [303030, 5538040], [299010, 5538040], [299010, 5534020]]]}}]}\n";

typedef struct fixture {
    char folder[64];
    char path[128];
    uxo_scenario scenario;
    uxo_report report;
} fixture;

static void write_file(const fixture *self, const char *name, const char *text)
{
    char path[192];
    snprintf(path, sizeof path, "%s/%s", self->folder, name);
    FILE *const file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void remove_file(const fixture *self, const char *name)
{
    char path[192];
    snprintf(path, sizeof path, "%s/%s", self->folder, name);
    (void)remove(path);
}

static void prepare(fixture *self)
{
    memset(self, 0, sizeof *self);
    strcpy(self->folder, "scenario-XXXXXX");
    assert_non_null(mkdtemp(self->folder));
    snprintf(self->path, sizeof self->path, "%s/s.yaml", self->folder);
    write_file(self, "munitions.yaml", munitions);
    write_file(self, "strikes.csv", strikes);
    write_file(self, "districts.geojson", districts);
    uxo_report_init(&self->report);
}

static uxo_status read_scenario(fixture *self, const char *text, const char *const *sets, size_t count)
{
    write_file(self, "s.yaml", text);
    const uxo_status status = uxo_scenario_read(&self->scenario, self->path, sets, count, &self->report);
    return status;
}

static void must_read(fixture *self, const char *text, const char *const *sets, size_t count)
{
    if (read_scenario(self, text, sets, count) != UXO_OK) {
        uxo_report_print(&self->report, 0, 20, stderr);
        fail();
    }
}

static void clean(fixture *self)
{
    static const char *const name[] = {
        "s.yaml", "munitions.yaml", "strikes.csv", "districts.geojson", "data/strikes.csv", "data"};
    uxo_scenario_free(&self->scenario);
    uxo_scenario_free(&self->scenario); /* twice is allowed */
    uxo_report_free(&self->report);
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        remove_file(self, name[i]);
    }
    assert_int_equal(rmdir(self->folder), 0);
}

static void values_and_defaults_arrive(void **state)
{
    (void)state;
    fixture f;
    prepare(&f);
    must_read(&f, HEAD GRID REST STRIKES, NULL, 0);
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
    clean(&f);
}

static void the_grid_lies_around_districts_on_whole_multiples(void **state)
{
    (void)state;
    fixture f;
    prepare(&f);
    must_read(&f, HEAD AROUND DISTRICTS REST STRIKES, NULL, 0);
    const uxo_grid *const g = &f.scenario.grid;
    assert_true(fmod(g->xmin_m, 70.0) == 0.0 && fmod(g->ymin_m, 70.0) == 0.0);
    assert_true(g->xmin_m <= 299010 - 250 && g->xmin_m > 299010 - 250 - 70);
    assert_true(g->ymin_m <= 5534020 - 250 && g->ymin_m > 5534020 - 250 - 70);
    assert_true(uxo_grid_xmax_m(g) >= 303030 + 250 && uxo_grid_xmax_m(g) < 303030 + 250 + 70);
    assert_true(uxo_grid_ymax_m(g) >= 5538040 + 250 && uxo_grid_ymax_m(g) < 5538040 + 250 + 70);
    assert_true(f.scenario.has_districts);
    assert_int_equal(f.scenario.districts.count, 1);
    clean(&f);
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
        fixture f;
        prepare(&f);
        snprintf(text, sizeof text, HEAD "grid: {crs: \"EPSG:32637\", cell_size_m: %s, bounds_m: %s}\n" REST STRIKES,
                 cases[i].cell, cases[i].bounds);
        (void)read_scenario(&f, text, NULL, 0); /* no strike reaches so small a grid */
        size_t complaints = 0;
        for (size_t m = 0; m < f.report.count; m++) {
            complaints += strstr(f.report.item[m].text, "not a whole number") != NULL;
        }
        assert_int_equal(complaints, cases[i].nx == 0);
        assert_int_equal(f.scenario.grid.nx, cases[i].nx);
        assert_int_equal(f.scenario.grid.ny, cases[i].ny);
        clean(&f);
    }
}

static void shared_quantities_have_names_keys_and_indices(void **state)
{
    (void)state;
    static const char *const name[] = {"a.submunitions_per_carrier", "a.dud_rate", "a.pattern.along_m",
                                       "defaults.carriers"};
    fixture f;
    prepare(&f);
    must_read(&f, HEAD GRID REST STRIKES, NULL, 0);
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
    clean(&f);
}

static const uxo_used_value *find_used(const uxo_scenario *scenario, const char *path)
{
    const uxo_used_value *found = NULL;
    for (uint32_t i = 0; i < scenario->used_count; i++) {
        if (strcmp(scenario->used[i].path, path) == 0) {
            assert_null(found); /* once only */
            found = &scenario->used[i];
        }
    }
    return found;
}

static void expect_used(const uxo_scenario *scenario, const char *path, const char *value, uxo_mark mark,
                        const char *source)
{
    const uxo_used_value *const used = find_used(scenario, path);
    if (used == NULL) {
        fail_msg("%s is not recorded", path);
        return;
    }
    assert_string_equal(used->value, value);
    assert_int_equal(used->mark, mark);
    assert_string_equal(used->source, source);
}

static void the_record_says_where_every_value_is_from(void **state)
{
    (void)state;
    static const char *const sets[] = {"grid.cell_size_m=50", "override.a.dud_rate=0.1", "title=A new title"};
    fixture f;
    prepare(&f);
    must_read(&f, HEAD GRID REST STRIKES, sets, 3);
    const uxo_scenario *const s = &f.scenario;
    expect_used(s, "format", "1", UXO_MARK_GIVEN, "s.yaml:1");
    expect_used(s, "title", "A new title", UXO_MARK_OVERRIDE, "--set");
    expect_used(s, "run.seed", "1", UXO_MARK_DEFAULT, "built-in default");
    expect_used(s, "run.as_of", "2023-02-06", UXO_MARK_DEFAULT, "built-in default: the newest date in the inputs");
    expect_used(s, "grid.cell_size_m", "50", UXO_MARK_OVERRIDE, "--set");
    expect_used(s, "grid.crs", "EPSG:32637", UXO_MARK_GIVEN, "s.yaml:3");
    expect_used(s, "strikes.defaults.carriers", "{range: [1, 3], per: campaign}", UXO_MARK_GIVEN, "s.yaml:5");
    expect_used(s, "strikes.defaults.heading_deg", "unknown", UXO_MARK_DEFAULT, "built-in default");
    expect_used(s, "munitions.a.dud_rate", "0.1", UXO_MARK_OVERRIDE, "--set");
    expect_used(s, "munitions.a.pattern", "{along_m: {uniform: [10, 20], per: campaign}, across_m: 5}", UXO_MARK_GIVEN,
                "s3");
    expect_used(s, "munitions.b.carrier_failure", "0", UXO_MARK_DEFAULT, "built-in default");
    assert_null(find_used(s, "munitions.c.dud_rate"));
    assert_null(find_used(s, "grid.margin_m"));
    assert_string_equal(s->overrides_text, "grid.cell_size_m=50\noverride.a.dud_rate=0.1\ntitle=A new title\n");
    assert_string_equal(s->scenario_text, HEAD GRID REST STRIKES);
    assert_int_equal(s->grid.nx, 200);
    clean(&f);
}

static void inputs_are_named_and_digested(void **state)
{
    (void)state;
    fixture f;
    prepare(&f);
    must_read(&f, HEAD AROUND DISTRICTS REST STRIKES, NULL, 0);
    static const char *const role[] = {"scenario", "munitions", "strikes", "districts"};
    static const char *const name[] = {"s.yaml", "munitions.yaml", "strikes.csv", "districts.geojson"};
    assert_int_equal(f.scenario.input_count, 4);
    for (uint32_t i = 0; i < 4; i++) {
        char command[256], line[128] = "";
        const uxo_input_file *const input = &f.scenario.input[i];
        assert_string_equal(input->role, role[i]);
        assert_string_equal(input->name, name[i]);
        snprintf(command, sizeof command, "sha256sum %s/%s", f.folder, name[i]); /* an independent implementation */
        FILE *const pipe = popen(command, "r");
        assert_non_null(pipe);
        assert_non_null(fgets(line, sizeof line, pipe));
        pclose(pipe);
        assert_memory_equal(line, input->sha256, 64);
    }
    assert_int_equal(f.scenario.input[2].bytes, strlen(strikes));
    clean(&f);
}

static void inputs_are_found_from_data_dir(void **state)
{
    (void)state;
    fixture f;
    prepare(&f);
    char folder[128], set[4400], here[4096];
    snprintf(folder, sizeof folder, "%s/data", f.folder);
    assert_int_equal(mkdir(folder, 0777), 0);
    write_file(&f, "data/strikes.csv", "id,x_m,y_m,munition,carriers\nonly,300000,5535000,b,1\n");
    must_read(&f, HEAD "data_dir: data\n" GRID REST STRIKES, NULL, 0);
    assert_string_equal(f.scenario.strikes.item[0].id, "only");
    assert_string_equal(f.scenario.input[2].name, "strikes.csv");
    assert_int_equal(f.scenario.as_of_day, UXO_NO_DATE);
    uxo_scenario_free(&f.scenario);
    assert_non_null(getcwd(here, sizeof here));
    snprintf(set, sizeof set, "data_dir=%s/%s", here, folder);
    const char *const sets[] = {set, "title=a/b '/no/such place/x' c"};
    must_read(&f, HEAD GRID REST STRIKES, sets, 2);
    assert_string_equal(f.scenario.overrides_text,
                        "data_dir=.../data\ntitle=a/b '.../such place/x' c\n"); /* no absolute path in a result */
    expect_used(&f.scenario, "data_dir", ".../data", UXO_MARK_OVERRIDE, "--set");
    for (uint32_t i = 0; i < f.scenario.used_count; i++) {
        assert_null(strstr(f.scenario.used[i].value, here));
        assert_null(strstr(f.scenario.used[i].source, here));
    }
    clean(&f);
}

static void missing_inputs_give_way_to_bad_data(void **state)
{
    (void)state;
    fixture f;
    prepare(&f);
    remove_file(&f, "strikes.csv");
    assert_int_equal(read_scenario(&f, HEAD GRID REST STRIKES, NULL, 0), UXO_ERR_NOINPUT);
    uxo_scenario_free(&f.scenario);
    assert_int_equal(read_scenario(&f, HEAD "titel: x\n" GRID REST STRIKES, NULL, 0), UXO_ERR_DATA);
    uxo_scenario_free(&f.scenario);
    remove_file(&f, "munitions.yaml");
    const size_t before = f.report.error_count;
    assert_int_equal(
        read_scenario(
            &f, HEAD AROUND "layers: {districts: {file: no.shp, name: N}, population: {file: no.tif}}\n" REST STRIKES,
            NULL, 0),
        UXO_ERR_NOINPUT);
    assert_true(f.report.error_count >= before + 4);
    clean(&f);
}

static void as_of_and_seed_are_taken(void **state)
{
    (void)state;
    fixture f;
    prepare(&f);
    must_read(&f,
              "format: 1\nrun: {realisations: 7, seed: 18446744073709551615, as_of: 2023-12-31}\n" GRID REST STRIKES,
              NULL, 0);
    assert_true(f.scenario.seed == UINT64_MAX);
    assert_int_equal(f.scenario.as_of_day, 19722);
    uxo_scenario_free(&f.scenario);
    assert_int_equal(
        read_scenario(&f, "format: 1\nrun: {realisations: 7, as_of: 2999-12-31}\n" GRID REST STRIKES, NULL, 0),
        UXO_ERR_DATA);
    clean(&f);
}

static void output_layers_are_listed(void **state)
{
    (void)state;
    fixture f;
    prepare(&f);
    must_read(&f, HEAD GRID REST STRIKES "output: {layers: [dud_density, district]}\n", NULL, 0);
    assert_int_equal(f.scenario.layer_count, 2);
    assert_string_equal(f.scenario.layer[1], "district");
    uxo_scenario_free(&f.scenario);
    must_read(&f, HEAD GRID REST STRIKES "output: {layers: all}\n", NULL, 0);
    assert_null(f.scenario.layer);
    clean(&f);
}

static void quantiles_and_thresholds_ascend(void **state)
{
    (void)state;
    static const double quantile[] = {0.05, 0.5, 0.95}, threshold[] = {1, 10};
    fixture f;
    prepare(&f);
    must_read(&f, HEAD GRID REST STRIKES, NULL, 0);
    assert_int_equal(f.scenario.map_quantile_count, 3);
    assert_memory_equal(f.scenario.map_quantile, quantile, sizeof quantile);
    assert_int_equal(f.scenario.threshold_count, 2);
    assert_memory_equal(f.scenario.threshold_per_ha, threshold, sizeof threshold);
    expect_used(&f.scenario, "output.quantiles", "[0.05, 0.5, 0.95]", UXO_MARK_DEFAULT, "built-in default");
    uxo_scenario_free(&f.scenario);
    must_read(&f, HEAD GRID REST STRIKES "output: {quantiles: [0.9, 0.1], density_thresholds_per_ha: [0.5]}\n", NULL,
              0);
    assert_int_equal(f.scenario.map_quantile_count, 2);
    assert_true(f.scenario.map_quantile[0] == 0.1 && f.scenario.map_quantile[1] == 0.9);
    assert_int_equal(f.scenario.threshold_count, 1);
    assert_true(f.scenario.threshold_per_ha[0] == 0.5);
    expect_used(&f.scenario, "output.quantiles", "[0.9, 0.1]", UXO_MARK_GIVEN, "s.yaml:6");
    uxo_scenario_free(&f.scenario);
    must_read(&f, "format: 1\nrun: {realisations: 9, estimator: analog}\n" GRID REST STRIKES, NULL, 0);
    assert_int_equal(f.scenario.estimator, UXO_ESTIMATOR_ANALOG);
    assert_int_equal(f.scenario.map_quantile_count + f.scenario.threshold_count, 0); /* it has no such maps */
    assert_null(find_used(&f.scenario, "output.quantiles"));
    assert_null(find_used(&f.scenario, "output.density_thresholds_per_ha"));
    clean(&f);
}

static void a_run_may_last_until_an_error_is_reached(void **state)
{
    (void)state;
    fixture f;
    prepare(&f);
    must_read(&f, "format: 1\nrun: {until: {relative_error: 0.02}}\n" GRID REST STRIKES, NULL, 0);
    assert_true(f.scenario.until.given && f.scenario.until.relative_error == 0.02);
    assert_true(isnan(f.scenario.until.min_density_per_ha));
    assert_int_equal(f.scenario.realisations, 1000000);
    expect_used(&f.scenario, "run.until.relative_error", "0.02", UXO_MARK_GIVEN, "s.yaml:2");
    expect_used(&f.scenario, "run.until.max_realisations", "1000000", UXO_MARK_DEFAULT, "built-in default");
    expect_used(&f.scenario, "run.until.min_density_per_ha", "1 % of the largest density", UXO_MARK_DEFAULT,
                "built-in default");
    assert_null(find_used(&f.scenario, "run.realisations"));
    uxo_scenario_free(&f.scenario);
    must_read(
        &f,
        "format: 1\nrun: {until: {relative_error: 0.5, min_density_per_ha: 0.1, max_realisations: 1000}}\n" GRID REST
            STRIKES,
        NULL, 0);
    assert_true(f.scenario.until.min_density_per_ha == 0.1);
    assert_int_equal(f.scenario.realisations, 1000);
    expect_used(&f.scenario, "run.until.min_density_per_ha", "0.1", UXO_MARK_GIVEN, "s.yaml:2");
    uxo_scenario_free(&f.scenario);
    must_read(&f, HEAD GRID REST STRIKES, NULL, 0);
    assert_null(find_used(&f.scenario, "run.until.max_realisations"));
    assert_null(find_used(&f.scenario, "run.until.min_density_per_ha"));
    clean(&f);
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
        cmocka_unit_test(the_record_says_where_every_value_is_from),
        cmocka_unit_test(inputs_are_named_and_digested),
        cmocka_unit_test(inputs_are_found_from_data_dir),
        cmocka_unit_test(missing_inputs_give_way_to_bad_data),
        cmocka_unit_test(as_of_and_seed_are_taken),
        cmocka_unit_test(output_layers_are_listed),
        cmocka_unit_test(quantiles_and_thresholds_ascend),
        cmocka_unit_test(a_run_may_last_until_an_error_is_reached),
        cmocka_unit_test(equal_random_keys_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
