/* test_layers_population.c - persons are conserved whatever the source's cells and system, and land where they live. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "judge.h"
#include "raster_file.h"
#include "reported.h"
#include "scratch.h"

#include "uxosim/layers.h"

typedef struct fixture {
    uxo_crs *crs;
    uxo_grid grid;
    uxo_report report;
    uxo_population population;
} fixture;

static int open_fixture(void **state)
{
    fixture *const self = calloc(1, sizeof *self);
    uxo_report_init(&self->report);
    assert_int_equal(uxo_crs_open(&self->crs, "EPSG:32637", NULL, &self->report), UXO_OK);
    uxo_grid_init(&self->grid, 300000.0, 5540000.0, 50.0, 30, 20); /* 1500 m x 1000 m */
    *state = self;
    return 0;
}

static int close_fixture(void **state)
{
    fixture *const self = *state;
    uxo_population_free(&self->population);
    uxo_population_free(&self->population);
    uxo_report_free(&self->report);
    uxo_crs_free(self->crs);
    free(self);
    return 0;
}

static uxo_status read_raster(fixture *self, const char *file)
{
    const uxo_place place = {.file = "scenario.yaml", .line = 12};
    uxo_report_free(&self->report);
    uxo_population_free(&self->population);
    return uxo_population_read(&self->population, self->crs, &self->grid, file, &place, &self->report);
}

static double of_cell(const fixture *self, uint32_t ix, uint32_t iy)
{
    return (double)uxo_population_at(&self->population, uxo_grid_tile_of(&self->grid, ix, iy),
                                     uxo_grid_cell_in_tile(ix, iy));
}

static double sum(const fixture *self)
{
    double total = 0.0;
    for (uint32_t iy = 0; iy < self->grid.ny; iy++) {
        for (uint32_t ix = 0; ix < self->grid.nx; ix++) {
            total += of_cell(self, ix, iy);
        }
    }
    return total;
}

static double at(const fixture *self, double x_m, double y_m)
{
    uint32_t ix, iy;
    assert_true(uxo_grid_locate(&self->grid, x_m, y_m, &ix, &iy));
    return of_cell(self, ix, iy);
}

static double uneven(int column, int row)
{
    return (column * 7 + row * 13) % 11 == 0 ? -1.0 : 1.0 + (column * 31 + row * 17) % 23; /* some without data */
}

static double ten(int column, int row)
{
    (void)column;
    (void)row;
    return 10.0;
}

static double one_person(int column, int row)
{
    return column == 0 && row == 0 ? 1.0 : 0.0;
}

static void check_conserved(fixture *self, double expected)
{
    assert_near(self->population.source_total, expected, 1e-9 * expected);
    assert_near(self->population.on_grid, expected, 1e-9 * expected);
    assert_near(sum(self), expected, 2e-6 * expected); /* cells are in single precision */
    assert_count(&self->report, UXO_NOTE, 0);
}

static double total_of(int columns, int rows, double (*value)(int, int))
{
    double total = 0.0;
    for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
            total += value(column, row) > 0.0 ? value(column, row) : 0.0;
        }
    }
    return total;
}

static void the_same_system_conserves(void **state)
{
    static const struct {
        double x0, y0, size;
        int columns, rows;
    } rasters[] = {
        {300000.0, 5540000.0, 50.0, 30, 20},   /* the grid's own cells */
        {300013.0, 5540007.0, 100.0, 14, 9},   /* coarser, offset */
        {300000.5, 5540000.25, 7.5, 190, 130}, /* finer, no multiple */
        {300100.0, 5540100.0, 800.0, 1, 1},    /* one cell */
    };
    fixture *const self = *state;
    for (size_t i = 0; i < sizeof rasters / sizeof rasters[0]; i++) {
        const int columns = rasters[i].columns;
        const int rows = rasters[i].rows;
        double (*const value)(int, int) = columns == 1 ? ten : uneven;
        raster_write("p", RASTER_UTM_37N, rasters[i].x0, rasters[i].y0, rasters[i].size, columns, rows, value);
        assert_int_equal(read_raster(self, "p.asc"), UXO_OK);
        check_conserved(self, total_of(columns, rows, value));
    }
    assert_near(at(self, 300125.0, 5540125.0), 10.0 * 2500.0 / 640000.0, 1e-7);
    assert_near(at(self, 300075.0, 5540125.0), 0.0, 0.0);
}

/* Cells in degrees, coarse and fine, wholly on the grid. */
static void another_system_conserves(void **state)
{
    static const double sizes[] = {0.004, 0.0011, 0.0002};
    fixture *const self = *state;
    double lon, lat;
    assert_true(uxo_crs_unproject(self->crs, 300300.0, 5540300.0, &lon, &lat));
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const int n = (int)(0.004 / sizes[i]);
        raster_write("p", RASTER_GEOGRAPHIC, lon, lat, sizes[i], n, n, uneven);
        assert_int_equal(read_raster(self, "p.asc"), UXO_OK);
        check_conserved(self, total_of(n, n, uneven));
    }
}

/* One person in one small cell of degrees: the cell at that place, on a grid with other than square shape. */
static void a_person_is_found_at_home(void **state)
{
    fixture *const self = *state;
    double lon, lat;
    assert_true(uxo_crs_unproject(self->crs, 300820.0, 5540230.0, &lon, &lat));
    raster_write("p", RASTER_GEOGRAPHIC, lon, lat - 0.0001, 0.0001, 3, 1,
                 one_person); /* its north-west corner; 7 m x 11 m */
    assert_int_equal(read_raster(self, "p.asc"), UXO_OK);
    assert_near(at(self, 300825.0, 5540225.0), 1.0, 0.0);
    assert_near(sum(self), 1.0, 0.0);
}

static void tiles_without_people_hold_nothing(void **state)
{
    fixture *const self = *state;
    size_t tiles = 0;
    uxo_grid_init(&self->grid, 300000.0, 5540000.0, 5.0, 1000, 1000);
    raster_write("p", RASTER_UTM_37N, 302000.0, 5541000.0, 700.0, 2, 1, one_person); /* the second cell is empty */
    assert_int_equal(read_raster(self, "p.asc"), UXO_OK);
    assert_near(sum(self), 1.0, 2e-6);
    for (size_t tile = 0; tile < self->population.tile_count; tile++) {
        tiles += self->population.cells[tile] != NULL;
    }
    assert_int_equal(self->population.tile_count, 256);
    assert_int_equal(tiles, 9); /* columns 400 to 539, rows 660 to 799: three tiles each way */
}

static void half_of_it_outside_is_reported(void **state)
{
    fixture *const self = *state;
    raster_write("p", RASTER_UTM_37N, 299000.0, 5540000.0, 1000.0, 2, 1, ten);
    assert_int_equal(read_raster(self, "p.asc"), UXO_OK);
    assert_near(self->population.source_total, 20.0, 0.0);
    assert_near(self->population.on_grid, 10.0, 1e-12);
    assert_reported(&self->report, UXO_NOTE,
                    "10 of the 20 persons of 'p.asc' (50 %) live outside the grid and are not counted");
}

/* Source cells far larger than the grid: their straight edges would be wrong by much, parts of a kilometre are not. */
static void a_huge_source_cell_is_cut(void **state)
{
    fixture *const self = *state;
    raster_write("p", RASTER_GEOGRAPHIC, 36.0, 49.9, 0.25, 2, 1, ten);
    assert_int_equal(read_raster(self, "p.asc"), UXO_OK);
    /* density of the cell 36.00-36.25 E, 49.90-50.15 N: its area on the ellipsoid is 498.6 km2 (cos(50.025) 111.3 x
     * 111.2 km2 / 16), the grid has 1.5 km2; what of it lies on the grid: all, for the grid is west of 36.25 */
    double lon, lat;
    assert_true(uxo_crs_unproject(self->crs, 301500.0, 5540000.0, &lon, &lat));
    assert_true(lon < 36.25);
    assert_near(sum(self), 10.0 * 1.5 / 498.6, 1e-4);
    const double first = at(self, 300025.0, 5540025.0);
    assert_near(at(self, 301475.0, 5540975.0), first, 2e-3 * first);
}

static void wrong_rasters_are_named(void **state)
{
    fixture *const self = *state;
    raster_write("p", RASTER_UTM_37N, 300000.0, 5540000.0, 100.0, 2, 1, ten);
    write_text("negative.asc", "ncols 3\nnrows 2\nxllcorner 300000\nyllcorner 5540000\ncellsize 100\n1 2 3\n4 -5 -6\n");
    write_text("negative.prj", RASTER_UTM_37N);
    assert_int_equal(read_raster(self, "negative.asc"), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR,
                    "scenario.yaml:12:0: 'negative.asc' has 2 values that are negative or infinite, the first -5 in "
                    "column 1, row 1");
    assert_false(uxo_population_given(&self->population));
    raster_write("nowhere", NULL, 300000.0, 5540000.0, 100.0, 2, 1, ten);
    assert_int_equal(read_raster(self, "nowhere.asc"), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "'nowhere.asc' does not say its reference system");
    raster_write("far", RASTER_UTM_37N, 400000.0, 5540000.0, 100.0, 2, 1, ten);
    assert_int_equal(read_raster(self, "far.asc"), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "'far.asc' does not overlap the grid");
    raster_write("far", RASTER_GEOGRAPHIC, -120.0, -30.0, 0.1, 2, 1, ten);
    assert_int_equal(read_raster(self, "far.asc"), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "'far.asc' does not overlap the grid");
    write_text("two.vrt", "<VRTDataset rasterXSize=\"2\" rasterYSize=\"1\"><VRTRasterBand dataType=\"Float32\" "
                          "band=\"1\"/><VRTRasterBand "
                          "dataType=\"Float32\" band=\"2\"/></VRTDataset>");
    assert_int_equal(read_raster(self, "two.vrt"), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "'two.vrt' has 2 bands; persons per cell is a raster of one band");
    write_text("words.asc", "persons per cell\n");
    assert_int_equal(read_raster(self, "words.asc"), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "cannot read 'words.asc' as a raster");
    assert_int_equal(read_raster(self, "missing.tif"), UXO_ERR_NOINPUT);
    assert_reported(&self->report, UXO_ERROR, "cannot open 'missing.tif'");
    assert_int_equal(read_raster(self, "https://localhost/p.tif"), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "is not a local file");
    assert_int_not_equal(access("p.asc.aux.xml", F_OK), 0);
}

static void districts_count_their_people(void **state)
{
    fixture *const self = *state;
    uxo_districts districts;
    const uxo_area_source source = {"halves.geojson", "N", "P", NULL, {.file = "scenario.yaml"}};
    write_text("halves.geojson", "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":"
                                 "\"EPSG:32637\"}},\"features\":[{\"type\":"
                                 "\"Feature\",\"properties\":{\"N\":\"West\",\"P\":123},\"geometry\":{\"type\":"
                                 "\"Polygon\",\"coordinates\":[[[300000,5540000],"
                                 "[300500,5540000],[300500,5541000],[300000,5541000],[300000,5540000]]]}}]}");
    assert_int_equal(uxo_districts_read(&districts, self->crs, &self->grid, &source, &self->report), UXO_OK);
    uxo_districts_count_people(&districts, &self->grid, &self->population);
    assert_near(districts.item[0].population, 123.0, 0.0); /* no raster: the attribute */
    raster_write("p", RASTER_UTM_37N, 300000.0, 5540000.0, 50.0, 30, 20, ten);
    assert_int_equal(read_raster(self, "p.asc"), UXO_OK);
    uxo_districts_count_people(&districts, &self->grid, &self->population);
    assert_near(districts.item[0].population, 10 * 20 * 10.0, 1e-9);
    assert_near(districts.population_outside, 20 * 20 * 10.0, 1e-9);
    uxo_districts_count_people(&districts, &self->grid, &self->population); /* counted anew, not on top */
    assert_near(districts.population_outside, 20 * 20 * 10.0, 1e-9);
    assert_near(districts.item[0].population_attribute, 123.0, 0.0);
    uxo_districts_free(&districts);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_system_conserves),         TEST(another_system_conserves),       TEST(a_person_is_found_at_home),
        TEST(tiles_without_people_hold_nothing), TEST(half_of_it_outside_is_reported), TEST(a_huge_source_cell_is_cut),
        TEST(wrong_rasters_are_named),           TEST(districts_count_their_people),
    };
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
