/* test_scenario_record.c - the record of values and inputs, and where inputs are looked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scenario_fixture.h"

static void the_record_says_where_every_value_is_from(void **state)
{
    (void)state;
    static const char *const sets[] = {"grid.cell_size_m=50", "override.a.dud_rate=0.1", "title=A new title"};
    scenario_fixture f;
    scenario_fixture_init(&f);
    scenario_fixture_must_read(&f, HEAD GRID REST STRIKES, sets, 3);
    const uxo_scenario *const s = &f.scenario;
    scenario_fixture_expect(s, "format", "1", UXO_MARK_GIVEN, "s.yaml:1");
    scenario_fixture_expect(s, "title", "A new title", UXO_MARK_OVERRIDE, "--set");
    scenario_fixture_expect(s, "run.seed", "1", UXO_MARK_DEFAULT, "built-in default");
    scenario_fixture_expect(s, "run.as_of", "2023-02-06", UXO_MARK_DEFAULT,
                            "built-in default: the newest date in the inputs");
    scenario_fixture_expect(s, "grid.cell_size_m", "50", UXO_MARK_OVERRIDE, "--set");
    scenario_fixture_expect(s, "grid.crs", "EPSG:32637", UXO_MARK_GIVEN, "s.yaml:3");
    scenario_fixture_expect(s, "strikes.defaults.carriers", "{range: [1, 3], per: campaign}", UXO_MARK_GIVEN,
                            "s.yaml:5");
    scenario_fixture_expect(s, "strikes.defaults.heading_deg", "unknown", UXO_MARK_DEFAULT, "built-in default");
    scenario_fixture_expect(s, "munitions.a.dud_rate", "0.1", UXO_MARK_OVERRIDE, "--set");
    scenario_fixture_expect(s, "munitions.a.pattern", "{along_m: {uniform: [10, 20], per: campaign}, across_m: 5}",
                            UXO_MARK_GIVEN, "s3");
    scenario_fixture_expect(s, "munitions.b.carrier_failure", "0", UXO_MARK_DEFAULT, "built-in default");
    assert_null(scenario_fixture_used(s, "munitions.c.dud_rate"));
    assert_null(scenario_fixture_used(s, "grid.margin_m"));
    assert_string_equal(s->overrides_text, "grid.cell_size_m=50\noverride.a.dud_rate=0.1\ntitle=A new title\n");
    assert_string_equal(s->scenario_text, HEAD GRID REST STRIKES);
    assert_int_equal(s->grid.nx, 200);
    scenario_fixture_free(&f);
}

static void digest_with(const char *set, char digest[UXO_DIGEST_SIZE])
{
    scenario_fixture f;
    scenario_fixture_init(&f);
    scenario_fixture_must_read(&f, HEAD GRID REST STRIKES, &set, set != NULL ? 1 : 0);
    assert_true(uxo_scenario_digest(&f.scenario, digest));
    scenario_fixture_free(&f);
}

/* The digest is of what is simulated: not of words, of munitions that nobody used, of the same number in other digits. */
static void the_digest_is_of_what_is_simulated(void **state)
{
    (void)state;
    static const char *const same[] = {"title=Another", "run.as_of=2023-03-01", "override.a.dud_rate=0.10",
                                       "override.c.dud_rate=0.3"};
    static const char *const other[] = {"run.seed=7", "override.a.dud_rate=0.2", "grid.cell_size_m=50",
                                        "strikes.defaults.confidence=0.6", "run.estimator=analog"};
    char base[UXO_DIGEST_SIZE], plain[UXO_DIGEST_SIZE], digest[UXO_DIGEST_SIZE];
    digest_with(NULL, plain);
    digest_with("override.a.dud_rate=0.1", base);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        digest_with(same[i], digest);
        assert_string_equal(digest, strncmp(same[i], "override.a", 10) == 0 ? base : plain);
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        digest_with(other[i], digest);
        assert_string_not_equal(digest, plain);
    }
}

static void inputs_are_named_and_digested(void **state)
{
    (void)state;
    scenario_fixture f;
    scenario_fixture_init(&f);
    scenario_fixture_must_read(&f, HEAD AROUND DISTRICTS REST STRIKES, NULL, 0);
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
    assert_int_equal(f.scenario.input[2].bytes, strlen(scenario_fixture_strikes));
    scenario_fixture_free(&f);
}

static void inputs_are_found_from_data_dir(void **state)
{
    (void)state;
    scenario_fixture f;
    scenario_fixture_init(&f);
    char folder[128], set[4400], here[4096];
    snprintf(folder, sizeof folder, "%s/data", f.folder);
    assert_int_equal(mkdir(folder, 0777), 0);
    scenario_fixture_write(&f, "data/strikes.csv", "id,x_m,y_m,munition,carriers\nonly,300000,5535000,b,1\n");
    scenario_fixture_must_read(&f, HEAD "data_dir: data\n" GRID REST STRIKES, NULL, 0);
    assert_string_equal(f.scenario.strikes.item[0].id, "only");
    assert_string_equal(f.scenario.input[2].name, "strikes.csv");
    assert_int_equal(f.scenario.as_of_day, UXO_NO_DATE);
    uxo_scenario_free(&f.scenario);
    assert_non_null(getcwd(here, sizeof here));
    snprintf(set, sizeof set, "data_dir=%s/%s", here, folder);
    const char *const sets[] = {set, "title=a/b '/no/such place/x' c"};
    scenario_fixture_must_read(&f, HEAD GRID REST STRIKES, sets, 2);
    assert_string_equal(f.scenario.overrides_text,
                        "data_dir=.../data\ntitle=a/b '.../such place/x' c\n"); /* no absolute path in a result */
    scenario_fixture_expect(&f.scenario, "data_dir", ".../data", UXO_MARK_OVERRIDE, "--set");
    for (uint32_t i = 0; i < f.scenario.used_count; i++) {
        assert_null(strstr(f.scenario.used[i].value, here));
        assert_null(strstr(f.scenario.used[i].source, here));
    }
    scenario_fixture_free(&f);
}

static void missing_inputs_give_way_to_bad_data(void **state)
{
    (void)state;
    scenario_fixture f;
    scenario_fixture_init(&f);
    scenario_fixture_remove(&f, "strikes.csv");
    assert_int_equal(scenario_fixture_read(&f, HEAD GRID REST STRIKES, NULL, 0), UXO_ERR_NOINPUT);
    uxo_scenario_free(&f.scenario);
    assert_int_equal(scenario_fixture_read(&f, HEAD "titel: x\n" GRID REST STRIKES, NULL, 0), UXO_ERR_DATA);
    uxo_scenario_free(&f.scenario);
    scenario_fixture_remove(&f, "munitions.yaml");
    const size_t before = f.report.error_count;
    assert_int_equal(
        scenario_fixture_read(
            &f, HEAD AROUND "layers: {districts: {file: no.shp, name: N}, population: {file: no.tif}}\n" REST STRIKES,
            NULL, 0),
        UXO_ERR_NOINPUT);
    assert_true(f.report.error_count >= before + 4);
    scenario_fixture_free(&f);
}

/* A VRT names its source; the source of that one is found by way of it. */
static void sources_of_a_vrt_are_inputs(void **state)
{
    (void)state;
    static const char *const own[] = {"pop.asc", "pop.prj", "one.vrt", "two.vrt"};
    static const char vrt[] =
        "<VRTDataset rasterXSize=\"2\" rasterYSize=\"1\"><SRS>EPSG:32637</SRS><GeoTransform>300000, 1000, 0, "
        "5537000, 0, -1000</GeoTransform><VRTRasterBand dataType=\"Float32\" band=\"1\"><SimpleSource>"
        "<SourceFilename relativeToVRT=\"1\">%s</SourceFilename><SourceBand>1</SourceBand>"
        "</SimpleSource></VRTRasterBand></VRTDataset>";
    char text[1024], path[256];
    scenario_fixture f;
    scenario_fixture_init(&f);
    scenario_fixture_write(&f, "pop.asc",
                           "ncols 2\nnrows 1\nxllcorner 300000\nyllcorner 5536000\ncellsize 1000\n1 2\n");
    scenario_fixture_write(&f, "pop.prj",
                           "PROJCS[\"x\",GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563"
                           "]],PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433]],PROJECTION["
                           "\"Transverse_Mercator\"],PARAMETER[\"latitude_of_origin\",0],PARAMETER["
                           "\"central_meridian\",39],PARAMETER[\"scale_factor\",0.9996],PARAMETER["
                           "\"false_easting\",500000],PARAMETER[\"false_northing\",0],UNIT[\"metre\",1]]");
    snprintf(text, sizeof text, vrt, "pop.asc");
    scenario_fixture_write(&f, "one.vrt", text);
    snprintf(text, sizeof text, vrt, "one.vrt");
    scenario_fixture_write(&f, "two.vrt", text);
    scenario_fixture_must_read(&f, HEAD GRID "layers: {population: {file: two.vrt}}\n" REST STRIKES, NULL, 0);
    assert_int_equal(f.scenario.input_count, 6);
    assert_string_equal(f.scenario.input[3].name, "two.vrt");
    assert_string_equal(f.scenario.input[4].name, "one.vrt");
    assert_string_equal(f.scenario.input[5].name, "pop.asc");
    assert_string_equal(f.scenario.input[5].role, "population");
    snprintf(path, sizeof path, "./%s/../%s/pop.asc", f.folder, f.folder);
    assert_ptr_equal(uxo_scenario_input_at(&f.scenario, path), &f.scenario.input[5]);
    assert_null(uxo_scenario_input_at(&f.scenario, f.folder));
    assert_null(uxo_scenario_input_at(&f.scenario, "no such file"));
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        scenario_fixture_remove(&f, own[i]);
    }
    scenario_fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_record_says_where_every_value_is_from),
        cmocka_unit_test(the_digest_is_of_what_is_simulated),
        cmocka_unit_test(inputs_are_named_and_digested),
        cmocka_unit_test(inputs_are_found_from_data_dir),
        cmocka_unit_test(missing_inputs_give_way_to_bad_data),
        cmocka_unit_test(sources_of_a_vrt_are_inputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
