/* test_result.c - what is written is read back, bit by bit; equal runs give equal bytes; nothing is left of a failed
 * write; foreign, newer and incomplete files are refused; public copies keep sums and lose strikes.
 */
#define _GNU_SOURCE /* memmem */
#include <dirent.h>
#include <hdf5.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "result_fixture.h"
#include "uxosim/digest.h"

static char folder[] = "/tmp/uxosim-result-XXXXXX";

static int enter(void **state)
{
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

/* Number of files in the folder; removes them. */
static int clear(void)
{
    int count = 0;
    DIR *const open = opendir(".");
    for (struct dirent *entry = readdir(open); entry != NULL; entry = readdir(open)) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            count++;
            unlink(entry->d_name);
        }
    }
    closedir(open);
    return count;
}

static int leave(void **state)
{
    (void)state;
    clear();
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static uxo_result *open_result(const char *path)
{
    uxo_report report;
    uxo_result *result = NULL;
    uxo_report_init(&report);
    const uxo_status status = uxo_result_open(&result, path, &report);
    uxo_report_print(&report, 0, 10, stderr);
    uxo_report_free(&report);
    assert_int_equal(status, UXO_OK);
    return result;
}

static float *read_layer(uxo_result *result, const char *layer)
{
    uxo_report report;
    uxo_report_init(&report);
    const uxo_grid *const grid = uxo_result_grid(result);
    float *const cells = malloc(uxo_grid_cell_count(grid) * sizeof *cells);
    assert_int_equal(uxo_result_read_rows(result, layer, 0, 0, grid->ny, cells, &report), UXO_OK);
    uxo_report_free(&report);
    return cells;
}

/* Every cell of every layer against what the engine gives. */
static void check_layers(const result_fixture *fixture, uxo_result *result)
{
    const uxo_scenario *const scenario = &fixture->model.scenario;
    const uxo_grid *const grid = &scenario->grid;
    float tile[UXO_TILE_CELLS];
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_COUNT; layer++) {
        if (uxo_layer_planes(scenario, layer) == 0) {
            assert_null(uxo_result_layer_unit(result, uxo_layer_describe(layer)->name));
            continue;
        }
        float *const cells = read_layer(result, uxo_layer_describe(layer)->name);
        for (size_t t = 0; t < uxo_grid_tile_count(grid); t++) {
            uxo_outcome_tile(scenario, &fixture->outcome, layer, t, tile);
            for (uint32_t c = 0; c < UXO_TILE_CELLS; c++) {
                const size_t x = t % grid->tiles_x * UXO_TILE + c % UXO_TILE;
                const size_t y = t / grid->tiles_x * UXO_TILE + c / UXO_TILE;
                if (x < grid->nx && y < grid->ny) {
                    const float read = cells[y * grid->nx + x];
                    assert_true(read == tile[c] || (isnan(read) && isnan(tile[c])));
                }
            }
        }
        free(cells);
    }
}

/* Persons of each row: on its cells, where there is a raster; nobody is counted outside the grid. */
static void check_population(const result_fixture *fixture)
{
    const uxo_scenario *const scenario = &fixture->model.scenario;
    const double *const persons = fixture->table.value[UXO_COLUMN_POPULATION];
    const uint32_t districts = scenario->districts.count;
    for (uint32_t i = 0; i < districts; i++) {
        assert_true(persons[i] == scenario->districts.item[i].population);
    }
    assert_true(isnan(persons[districts + 1]));
    if (scenario->population.persons != NULL) {
        assert_true(persons[districts] == scenario->districts.population_outside);
        assert_true(persons[districts + 2] == scenario->population.on_grid);
    } else {
        assert_true(isnan(persons[districts]));
    }
}

static void check_districts(const result_fixture *fixture, uxo_result *result)
{
    uxo_report report;
    uxo_district_table table;
    uxo_report_init(&report);
    assert_int_equal(uxo_result_read_districts(result, &table, &report), UXO_OK);
    assert_int_equal(table.rows, fixture->table.rows);
    for (uint32_t row = 0; row < table.rows; row++) {
        assert_string_equal(table.name[row], fixture->table.name[row]);
        for (int column = 0; column < UXO_COLUMN_COUNT; column++) {
            const double read = table.value[column][row];
            const double written = fixture->table.value[column][row];
            assert_true(read == written || (isnan(read) && isnan(written)));
        }
        const bool has = fixture->model.scenario.has_districts && row < fixture->model.scenario.districts.count;
        assert_string_equal(uxo_result_district_geometry(result, row),
                            has ? fixture->model.district[row].geometry_wkb_hex : "");
    }
    check_population(fixture);
    uxo_district_table_free(&table);
    uxo_report_free(&report);
}

static void check_inputs(const result_fixture *fixture, uxo_result *result)
{
    const uxo_grid *const grid = &fixture->model.scenario.grid;
    if (fixture->model.scenario.has_districts) {
        float *const district = read_layer(result, "district");
        for (size_t i = 0; i < uxo_grid_cell_count(grid); i++) {
            const uint32_t x = (uint32_t)(i % grid->nx);
            const uint32_t y = (uint32_t)(i / grid->nx);
            const uint16_t expected = uxo_area_map_at(&fixture->model.scenario.districts.map,
                                                      uxo_grid_tile_of(grid, x, y), uxo_grid_cell_in_tile(x, y));
            assert_true(expected == UXO_NO_DISTRICT ? isnan(district[i]) : district[i] == (float)expected);
        }
        free(district);
    }
    assert_int_equal(uxo_result_layer_unit(result, "population") != NULL,
                     fixture->model.scenario.population.persons != NULL);
}

static void check_texts(const result_fixture *fixture, uxo_result *result)
{
    size_t count = 0;
    assert_string_equal(uxo_result_text(result, "/", "title"), fixture->model.scenario.title);
    assert_string_equal(uxo_result_text(result, "/", "summary"), UXO_SENTENCE);
    assert_string_equal(uxo_result_text(result, "/", "seed"), "18446744073709551557");
    assert_string_equal(uxo_result_text(result, "/", "as_of"), "2022-12-31");
    assert_null(uxo_result_text(result, "/", "no such attribute"));
    assert_null(uxo_result_text(result, "/no/such/group", "title"));
    assert_true(isnan(uxo_result_number(result, "/nowhere", "x")));
    assert_string_equal(uxo_result_strings(result, "/provenance/scenario", &count)[0],
                        fixture->model.scenario.scenario_text);
    assert_int_equal(count, 1);
    assert_string_equal(uxo_result_strings(result, "/provenance/used_mark", &count)[3], "override");
    assert_int_equal(count, RESULT_FIXTURE_USED);
    assert_string_equal(uxo_result_strings(result, "/provenance/input_name", &count)[2], "районы.geojson");
    assert_null(uxo_result_strings(result, "/provenance/nothing", &count));
    assert_int_equal(count, 0);
    assert_null(uxo_result_numbers(result, "/dud_density", &count)); /* rank 2 */
}

static void check_strikes(const result_fixture *fixture, uxo_result *result)
{
    size_t count = 0;
    const uxo_strikes *const strikes = &fixture->model.scenario.strikes;
    const char *const *const id = uxo_result_strings(result, "/strikes/id", &count);
    assert_int_equal(count, strikes->count);
    assert_true(uxo_result_number(result, "/strikes", "count") == strikes->count);
    if (strikes->count == 0) {
        assert_null(id);
        return;
    }
    assert_string_equal(id[0], "A");
    assert_string_equal(uxo_result_strings(result, "/strikes/event", &count)[0], "A");
    assert_string_equal(uxo_result_strings(result, "/strikes/event", &count)[1], "");
    assert_string_equal(uxo_result_strings(result, "/strikes/date", &count)[0], "2022-01-01");
    assert_string_equal(uxo_result_strings(result, "/strikes/munition", &count)[0], "{m: 1}");
    assert_string_equal(uxo_result_strings(result, "/strikes/carriers", &count)[1], "{range: [1, 4], per: strike}");
    assert_string_equal(uxo_result_strings(result, "/strikes/site_id", &count)[1], "A-other-report");
    assert_true(uxo_result_numbers(result, "/strikes/site_strike", &count)[2] == 1.0);
    const double *const expected = uxo_result_numbers(result, "/strikes/expected_duds", &count);
    assert_true(fabs(expected[0] + expected[1] - uxo_result_number(result, "/", "expected_duds")) < 1e-9 * expected[0]);
    assert_true(fabs(expected[0] - 644.0 * 0.16) < 1e-9);
    assert_true(fabs(expected[1] - 0.9 * 2.5 * 644.0 * 0.16) < 1e-9);
}

static void round_trip(const result_fixture_options *options)
{
    result_fixture fixture;
    result_fixture_init(&fixture, options);
    result_fixture_write(&fixture, "a.nc");
    uxo_result *const result = open_result("a.nc");
    const uxo_grid *const grid = uxo_result_grid(result);
    assert_memory_equal(grid, &fixture.model.scenario.grid, sizeof *grid);
    assert_string_equal(uxo_result_crs_wkt(result), uxo_crs_wkt2(fixture.model.scenario.crs));
    check_layers(&fixture, result);
    check_districts(&fixture, result);
    check_inputs(&fixture, result);
    check_texts(&fixture, result);
    check_strikes(&fixture, result);
    uxo_result_close(result);
    result_fixture_free(&fixture);
    assert_int_equal(clear(), 1);
}

static void reads_what_was_written(void **state)
{
    (void)state;
    const result_fixture_options usual = result_fixture_usual();
    round_trip(&usual);
    for (unsigned i = 0; i < 8; i++) {
        result_fixture_options options = usual;
        options.districts = (i & 1) != 0;
        options.population = (i & 1) != 0;
        options.strikes = (i & 2) != 0;
        options.nx = options.ny = (i & 4) != 0 ? 1 : 65;
        options.cell_size_m = (i & 4) != 0 ? 1000.0 : 12.5;
        options.realisations = (i & 4) != 0 ? 1 : 20;
        round_trip(&options);
    }
}

static void several_chunks(void **state)
{
    (void)state;
    result_fixture_options options = result_fixture_usual();
    options.nx = 513;
    options.ny = 777;
    options.realisations = 5;
    round_trip(&options);
}

static size_t slurp(const char *path, char **bytes)
{
    FILE *const file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    const size_t size = (size_t)ftell(file);
    rewind(file);
    *bytes = malloc(size);
    assert_int_equal(fread(*bytes, 1, size, file), size);
    fclose(file);
    return size;
}

static bool holds(const char *path, const char *text)
{
    char *bytes;
    const size_t size = slurp(path, &bytes);
    const bool found = memmem(bytes, size, text, strlen(text)) != NULL;
    free(bytes);
    return found;
}

static void equal_runs_equal_bytes(void **state)
{
    (void)state;
    const result_fixture_options options = result_fixture_usual();
    char *bytes[2];
    size_t size[2];
    for (int i = 0; i < 2; i++) {
        result_fixture fixture;
        char *const between = malloc(1000 + 100000 * (size_t)i); /* other addresses */
        result_fixture_init(&fixture, &options);
        result_fixture_write(&fixture, "a.nc");
        result_fixture_free(&fixture);
        size[i] = slurp("a.nc", &bytes[i]);
        free(between);
        clear();
    }
    assert_int_equal(size[0], size[1]);
    assert_memory_equal(bytes[0], bytes[1], size[0]);
    free(bytes[0]);
    free(bytes[1]);
}

static void chosen_layers(void **state)
{
    (void)state;
    const result_fixture_options options = result_fixture_usual();
    char name[] = "dud_probability";
    char *list[] = {name};
    result_fixture fixture;
    result_fixture_init(&fixture, &options);
    fixture.model.scenario.layer = list;
    fixture.model.scenario.layer_count = 1;
    result_fixture_write(&fixture, "a.nc");
    uxo_result *const result = open_result("a.nc");
    assert_int_equal(uxo_result_layer_count(result), 3);
    assert_string_equal(uxo_result_layer_name(result, 0), "dud_probability");
    assert_null(uxo_result_text(result, "/dud_probability", "ancillary_variables"));
    assert_null(uxo_result_layer_unit(result, "dud_density"));
    uxo_result_close(result);
    result_fixture_free(&fixture);
    clear();
}

/* A full disk, at many points of the file. */
static void full_disk(void **state)
{
    (void)state;
    const result_fixture_options options = result_fixture_usual();
    result_fixture fixture;
    struct rlimit before;
    result_fixture_init(&fixture, &options);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (rlim_t bytes = 0; bytes < 100000; bytes += 9973) {
        uxo_report report;
        const struct rlimit limit = {bytes, before.rlim_max};
        uxo_report_init(&report);
        setrlimit(RLIMIT_FSIZE, &limit);
        const uxo_status status = uxo_result_write("a.nc", &fixture.run, &report);
        setrlimit(RLIMIT_FSIZE, &before);
        assert_int_equal(status, UXO_ERR_IO);
        assert_int_equal(report.error_count, 1);
        assert_non_null(strstr(report.item[0].text, "File too large"));
        assert_int_equal(clear(), 0);
        uxo_report_free(&report);
    }
    result_fixture_write(&fixture, "a.nc");
    assert_int_equal(clear(), 1);
    result_fixture_free(&fixture);
}

static void interrupted(void **state)
{
    (void)state;
    const result_fixture_options options = result_fixture_usual();
    const volatile sig_atomic_t stop = SIGINT;
    uxo_report report;
    result_fixture fixture;
    uxo_report_init(&report);
    result_fixture_init(&fixture, &options);
    result_fixture_write(&fixture, "a.nc");
    fixture.engine.stop = &stop;
    assert_int_equal(uxo_result_write("a.nc", &fixture.run, &report), UXO_ERR_INTERRUPTED);
    uxo_result_close(open_result("a.nc")); /* the one before is still there */
    assert_int_equal(clear(), 1);
    assert_int_equal(uxo_result_write("a.nc", &fixture.run, &report), UXO_ERR_INTERRUPTED);
    assert_int_equal(clear(), 0);
    assert_int_equal(uxo_result_write("no/such/folder/a.nc", &fixture.run, &report), UXO_ERR_CANTCREATE);
    result_fixture_free(&fixture);
    uxo_report_free(&report);
}

static void expect_refusal(const char *path, uxo_status expected, const char *words)
{
    uxo_report report;
    uxo_result *result = NULL;
    uxo_report_init(&report);
    assert_int_equal(uxo_result_open(&result, path, &report), expected);
    assert_null(result);
    assert_int_equal(report.error_count, 1);
    const char *const said = report.item[0].text;
    if (strstr(said, words) == NULL) {
        fail_msg("'%s' does not say '%s'", said, words);
    }
    uxo_report_free(&report);
}

/* Seals anew what HDF5 has changed: whatever it left of the old seal, then the digest of all of it. */
static void seal(const char *path)
{
    char hex[UXO_DIGEST_SIZE];
    uint64_t bytes;
    assert_true(uxo_digest_file(path, &bytes, hex));
    FILE *const file = fopen(path, "ab");
    fprintf(file, "\nuxosim-sha256 %s\n", hex);
    fclose(file);
}

static void set_mark(const char *path, const char *name, int32_t value)
{
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
    assert_true(H5Awrite(attribute, H5T_NATIVE_INT32, &value) >= 0);
    H5Aclose(attribute);
    H5Fclose(file);
    seal(path);
}

static void flip_byte(const char *path, long at)
{
    FILE *const file = fopen(path, "r+b");
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    const int byte = fgetc(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    fputc(byte ^ 1, file);
    fclose(file);
}

static void refuses(void **state)
{
    (void)state;
    const result_fixture_options options = result_fixture_usual();
    result_fixture fixture;
    result_fixture_init(&fixture, &options);
    result_fixture_write(&fixture, "a.nc");
    flip_byte("a.nc", 12345);
    expect_refusal("a.nc", UXO_ERR_DATA, "was damaged or changed after it was written");
    flip_byte("a.nc", 12345);
    uxo_result_close(open_result("a.nc"));
    expect_refusal("nothing.nc", UXO_ERR_NOINPUT, "No such file");
    FILE *const text = fopen("text.nc", "w");
    fputs("not HDF5", text);
    fclose(text);
    expect_refusal("text.nc", UXO_ERR_DATA, "not an HDF5 file");
    expect_refusal(".", UXO_ERR_DATA, "not an HDF5 file");
    H5Fclose(H5Fcreate("other.h5", H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    expect_refusal("other.h5", UXO_ERR_DATA, "does not end in the seal");
    seal("other.h5");
    expect_refusal("other.h5", UXO_ERR_DATA, "not a result of uxosim");
    set_mark("a.nc", "format_version", 2);
    expect_refusal("a.nc", UXO_ERR_DATA, "use a newer one");
    set_mark("a.nc", "format_version", 1);
    set_mark("a.nc", "complete", 0);
    expect_refusal("a.nc", UXO_ERR_DATA, "not complete");
    set_mark("a.nc", "complete", 1);
    uxo_result_close(open_result("a.nc"));
    assert_int_equal(truncate("a.nc", 20000), 0);
    expect_refusal("a.nc", UXO_ERR_DATA, "");
    result_fixture_free(&fixture);
    clear();
}

static double layer_sum(uxo_result *result, const char *layer)
{
    double sum = 0.0;
    float *const cells = read_layer(result, layer);
    for (size_t i = 0; i < uxo_grid_cell_count(uxo_result_grid(result)); i++) {
        sum += (double)cells[i];
    }
    free(cells);
    return sum;
}

static void redact_at(uxo_result *result, double block_m)
{
    static const char *const secret[] = {"A-other-report",     "secret-place", "strikes.defaults",
                                         "strikes, \"final\"", "1111111111",   "quoted\", <ref>"};
    const double area = pow(uxo_result_grid(result)->cell_size_m, 2.0);
    uxo_report report;
    uxo_report_init(&report);
    assert_int_equal(uxo_result_redact(result, "public.nc", block_m, &report), UXO_OK);
    uxo_result *const public = open_result("public.nc");
    const uxo_grid *const grid = uxo_result_grid(public);
    const double coarse_area = pow(grid->cell_size_m, 2.0);
    assert_true(grid->cell_size_m >= block_m || grid->cell_size_m >= uxo_result_grid(result)->cell_size_m);
    assert_true(grid->xmin_m == uxo_result_grid(result)->xmin_m);
    assert_true(fabs(uxo_grid_ymax_m(grid) - uxo_grid_ymax_m(uxo_result_grid(result))) < 1e-6);
    const double duds = layer_sum(result, "dud_density") * area;
    assert_true(fabs(layer_sum(public, "dud_density") * coarse_area - duds) < 1e-6 * duds);
    const double persons = layer_sum(result, "population");
    assert_true(fabs(layer_sum(public, "population") - persons) < 1e-6 * persons);
    assert_null(uxo_result_text(public, "/", "seed"));
    assert_true(isnan(uxo_result_number(public, "/strikes", "count")));
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++) {
        assert_true(holds("a.nc", secret[i]));
        assert_false(holds("public.nc", secret[i]));
    }
    assert_true(holds("public.nc", "munitions.m.dud_rate"));
    assert_true(holds("a.nc", "measured on the same realisations"));
    assert_true(holds("public.nc", "not that none can lie there"));
    uxo_result_close(public);
    uxo_report_free(&report);
}

static void public_copies(void **state)
{
    (void)state;
    static const double block_m[] = {20.0, 100.0, 110.0, 333.0, 5000.0, 1e6};
    const result_fixture_options options = result_fixture_usual();
    result_fixture fixture;
    result_fixture_init(&fixture, &options);
    result_fixture_write(&fixture, "a.nc");
    uxo_result *const result = open_result("a.nc");
    for (size_t i = 0; i < sizeof block_m / sizeof *block_m; i++) {
        redact_at(result, block_m[i]);
        uxo_result *const public = open_result("public.nc");
        check_districts(&fixture, public);
        assert_int_equal(uxo_result_layer_unit(public, "dud_probability") != NULL, i == 0);
        uxo_result_close(public);
    }
    uxo_result_close(result);
    result_fixture_free(&fixture);
    assert_int_equal(clear(), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_what_was_written),
                                       cmocka_unit_test(several_chunks),
                                       cmocka_unit_test(equal_runs_equal_bytes),
                                       cmocka_unit_test(chosen_layers),
                                       cmocka_unit_test(full_disk),
                                       cmocka_unit_test(interrupted),
                                       cmocka_unit_test(refuses),
                                       cmocka_unit_test(public_copies)};
    return cmocka_run_group_tests(tests, enter, leave);
}
