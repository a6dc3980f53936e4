/* test_layers_districts.c - district polygons: cells, areas, every complaint by its words. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "judge.h"
#include "reported.h"
#include "scratch.h"

#include "uxosim/layers.h"

#define IN_UTM "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::32637\"}},"
#define COLLECTION(crs, features) "{\"type\":\"FeatureCollection\"," crs "\"features\":[" features "]}"
#define FEATURE(name, geometry) "{\"type\":\"Feature\",\"properties\":{\"NAME\":" name "},\"geometry\":" geometry "}"
#define POLYGON(points) "{\"type\":\"Polygon\",\"coordinates\":[[" points "]]}"
#define BOX(x0, y0, x1, y1) POLYGON("[" x0 "," y0 "],[" x1 "," y0 "],[" x1 "," y1 "],[" x0 "," y1 "],[" x0 "," y0 "]")

typedef struct fixture {
    uxo_crs *crs;
    uxo_grid grid;
    uxo_report report;
    uxo_districts districts;
} fixture;

static int open_fixture(void **state)
{
    fixture *const self = calloc(1, sizeof *self);
    uxo_report_init(&self->report);
    assert_int_equal(uxo_crs_open(&self->crs, "EPSG:32637", NULL, &self->report), UXO_OK);
    uxo_grid_init(&self->grid, 300000.0, 5540000.0, 20.0, 100, 70); /* two tiles by two, cut short */
    *state = self;
    return 0;
}

static int close_fixture(void **state)
{
    fixture *const self = *state;
    uxo_districts_free(&self->districts);
    uxo_districts_free(&self->districts); /* twice does no harm */
    uxo_report_free(&self->report);
    uxo_crs_free(self->crs);
    free(self);
    return 0;
}

static uxo_status read_as(fixture *self, const char *file, const char *name_field, const char *population)
{
    const uxo_area_source source = {file, name_field, population, NULL, {.file = "scenario.yaml", .line = 9}};
    return uxo_districts_read(&self->districts, self->crs, &self->grid, &source, &self->report);
}

static uxo_status read_text(fixture *self, const char *text)
{
    write_text("districts.geojson", text);
    return read_as(self, "districts.geojson", "NAME", NULL);
}

static uint16_t at(const fixture *self, double x_m, double y_m)
{
    uint32_t ix, iy;
    assert_true(uxo_grid_locate(&self->grid, x_m, y_m, &ix, &iy));
    return uxo_area_map_at(&self->districts.map, uxo_grid_tile_of(&self->grid, ix, iy), uxo_grid_cell_in_tile(ix, iy));
}

/* West: 30 x 70 cells. East overlaps it by 5 columns and lies partly off the grid. */
static const char two[] =
    COLLECTION(IN_UTM, FEATURE("\" West \"", BOX("300000", "5540000", "300600", "5541400")) "," FEATURE(
                           "\"East\"", BOX("300500", "5540000", "302400", "5541400")));

static void the_first_in_the_file_owns_a_cell(void **state)
{
    fixture *const self = *state;
    assert_int_equal(read_text(self, two), UXO_OK);
    assert_int_equal(self->districts.count, 2);
    assert_string_equal(self->districts.item[0].name, "West");
    assert_near(self->districts.item[0].area_ha, 30 * 70 * 0.04, 1e-9);
    assert_near(self->districts.item[0].polygon_ha, 84.0, 1e-9);
    assert_near(self->districts.item[1].area_ha, 70 * 70 * 0.04, 1e-9);
    assert_true(isnan(self->districts.item[0].population));
    assert_int_equal(at(self, 300599.0, 5540001.0), 0);
    assert_int_equal(at(self, 300601.0, 5541399.0), 1);
    assert_int_equal(strncmp(self->districts.item[0].geometry_wkb_hex, "0106000000", 10), 0);
    assert_reported(&self->report, UXO_WARNING,
                    "'East' overlaps 'West' (feature 0) by 14.00 ha; those cells count for 'West'");
    assert_reported(&self->report, UXO_WARNING,
                    "districts.geojson: feature 1:0:0: 21.1 % of 'East' (56.00 ha) lies off the grid");
    assert_count(&self->report, UXO_WARNING, 2);
}

/* The corner of a box in longitude and latitude: cells by the sign of their offset from it, in two systems. */
/* Corners are rounded to 1024ths of a metre, the grid's are not. */
static void a_district_that_ends_with_the_grid_is_on_it(void **state)
{
    fixture *const self = *state;
    uxo_grid_init(&self->grid, 300000.1, 5540000.3, 20.0, 100, 70);
    assert_int_equal(
        read_text(self, COLLECTION(IN_UTM, FEATURE("\"All\"", BOX("300000.1", "5540000.3", "302000.1", "5541400.3")))),
        UXO_OK);
    assert_count(&self->report, UXO_WARNING, 0);
    uxo_districts_free(&self->districts);
    assert_int_equal(
        read_text(self, COLLECTION(IN_UTM, FEATURE("\"All\"", BOX("300000.1", "5540000.3", "302000.11", "5541400.3")))),
        UXO_OK);
    assert_reported(&self->report, UXO_WARNING,
                    "0.000551 % of 'All' (0.001543 ha) lies off the grid and is not counted");
}

static void systems_agree(void **state)
{
    fixture *const self = *state;
    double lon, lat;
    char text[1024];
    assert_true(uxo_crs_unproject(self->crs, 301000.0, 5540700.0, &lon, &lat));
    snprintf(text, sizeof text,
             COLLECTION("", FEATURE("\"A\"", POLYGON("[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f]"))), lon, lat,
             lon + 0.01, lat, lon, lat + 0.01, lon, lat);
    assert_int_equal(read_text(self, text), UXO_OK); /* GeoJSON is WGS 84 */
    assert_int_equal(at(self, 301030.0, 5540730.0), 0);
    assert_int_equal(at(self, 300970.0, 5540730.0), UXO_NO_DISTRICT);
    assert_int_equal(at(self, 301030.0, 5540670.0), UXO_NO_DISTRICT);
    /* two degrees west of the central meridian true north leans east: the western edge leans with it */
    assert_int_equal(at(self, 301030.0, 5541390.0), 0);
    assert_int_equal(at(self, 301010.0, 5541390.0), UXO_NO_DISTRICT);
}

static void a_grid_of_one_cell(void **state)
{
    fixture *const self = *state;
    uxo_grid_init(&self->grid, 300013.0, 5540007.0, 5.0, 1, 1);
    assert_int_equal(read_text(self, two), UXO_OK);
    assert_int_equal(at(self, 300013.0, 5540007.0), 0);
    assert_near(self->districts.item[0].area_ha, 0.0025, 1e-12);
    assert_reported(&self->report, UXO_WARNING,
                    "1 of 2 districts lie wholly off the grid and stay empty in every table: 'East'");
}

static void cells_belong_by_their_centre(void **state)
{
    fixture *const self = *state;
    uxo_grid_init(&self->grid, 299990.0, 5539985.0, 20.0, 65, 130); /* offset by a part of a cell */
    assert_int_equal(
        read_text(self, COLLECTION(IN_UTM, FEATURE("\"A\"", BOX("300001", "5540000", "300059", "5540043")))), UXO_OK);
    /* centres at 300000, 300020, 300040, 300060; 5539995, 5540015, 5540035, 5540055 */
    assert_near(self->districts.item[0].area_ha, 2 * 2 * 0.04, 1e-12);
    assert_int_equal(at(self, 300020.0, 5540015.0), 0);
    assert_int_equal(at(self, 300040.0, 5540035.0), 0);
    assert_int_equal(at(self, 300000.0, 5540015.0), UXO_NO_DISTRICT);
}

static void holes_and_parts(void **state)
{
    fixture *const self = *state;
    assert_int_equal(
        read_text(
            self,
            COLLECTION(
                IN_UTM,
                FEATURE("\"A\"",
                        "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[300000,5540000],[300200,5540000],[300200,"
                        "5540200],[300000,5540200],[300000,5540000]],[[300040,5540040],[300040,5540080],[300080,"
                        "5540080],[300080,5540040],[300040,5540040]]],[[[301000,5540000],[301020,5540000],[301020,"
                        "5540020],[301000,5540020],[301000,5540000]]]]}"))),
        UXO_OK);
    assert_near(self->districts.item[0].area_ha, (100 - 4 + 1) * 0.04, 1e-12);
    assert_int_equal(at(self, 300050.0, 5540050.0), UXO_NO_DISTRICT);
    assert_int_equal(at(self, 301010.0, 5540010.0), 0);
}

static const struct {
    const char *text, *message;
} wrong[] = {
    {COLLECTION(
         IN_UTM,
         FEATURE("\"Bow\"",
                 POLYGON("[300000,5540000],[300100,5540100],[300100,5540000],[300000,5540100],[300000,5540000]"))),
     "districts.geojson: feature 0:0:0: the polygon of 'Bow' is invalid: Self-intersection at or near point 300050"},
    {COLLECTION(IN_UTM, FEATURE("\"A\"", BOX("300000", "5540000", "300100", "5540100")) "," FEATURE(
                            "\"A \"", BOX("300200", "5540000", "300300", "5540100"))),
     "feature 1:0:0: the name 'A' is that of feature 0 already"},
    {COLLECTION(IN_UTM, FEATURE("\"  \"", BOX("300000", "5540000", "300100", "5540100"))),
     "feature 0:0:0: the district has no name"},
    {COLLECTION(IN_UTM, FEATURE("null", BOX("300000", "5540000", "300100", "5540100")) "," FEATURE(
                            "\"B\"", BOX("300200", "5540000", "300300", "5540100"))),
     "feature 0:0:0: the district has no name"},
    {COLLECTION(IN_UTM, FEATURE("\"A\"", "{\"type\":\"Point\",\"coordinates\":[300000,5540000]}")),
     "'A' is a POINT; districts are polygons"},
    {COLLECTION(IN_UTM,
                FEATURE("\"A\"", "{\"type\":\"LineString\",\"coordinates\":[[300000,5540000],[300001,5540000]]}")),
     "'A' is a LINESTRING; districts are polygons"},
    {COLLECTION(IN_UTM, FEATURE("\"A\"", "null")), "'A' has no geometry"},
    {COLLECTION(IN_UTM, FEATURE("\"A\"", "{\"type\":\"Polygon\",\"coordinates\":[]}")), "'A' has no geometry"},
    {COLLECTION(IN_UTM, FEATURE("\"A\"", BOX("300000", "5540000", "300100", "5540100")) "," FEATURE(
                            "\"B\"", BOX("300000", "5540000", "300100", "5540101"))),
     "feature 1:0:0: 'B' and 'A' (feature 0) share 1.00 ha, 100 % of the smaller one"},
    {COLLECTION(IN_UTM, FEATURE("\"A\"", BOX("400000", "5540000", "400100", "5540100"))),
     "scenario.yaml:9:0: no district of 'districts.geojson' overlaps the grid"},
    {COLLECTION(IN_UTM, ""), "scenario.yaml:9:0: 'districts.geojson' holds no districts"},
    {"not a map", "scenario.yaml:9:0: cannot read 'districts.geojson' as vector data"},
};

static void wrong_districts_are_named(void **state)
{
    fixture *const self = *state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(read_text(self, wrong[i].text), UXO_ERR_DATA);
        assert_reported(&self->report, UXO_ERROR, wrong[i].message);
        assert_int_equal(self->districts.count, 0);
        uxo_report_free(&self->report);
    }
}

static void all_wrong_districts_are_named_together(void **state)
{
    fixture *const self = *state;
    assert_int_equal(
        read_text(
            self,
            COLLECTION(
                IN_UTM,
                FEATURE("\"\"", BOX("300000", "5540000", "300100", "5540100")) "," FEATURE("\"P\"", "null") "," FEATURE(
                    "\"Bow\"",
                    POLYGON("[300000,5540000],[300100,5540100],[300100,5540000],[300000,5540100],[300000,5540000]")))),
        UXO_ERR_DATA);
    assert_count(&self->report, UXO_ERROR, 3);
}

static void wrong_files_and_fields_are_named(void **state)
{
    fixture *const self = *state;
    write_text("districts.geojson", two);
    assert_int_equal(read_as(self, "districts.geojson", "NAMES", NULL), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR,
                    "'districts.geojson' has no field 'NAMES' (name); did you mean 'NAME'? It has 'NAME'");
    assert_int_equal(read_as(self, "districts.geojson", "NAME", "NAME"), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR,
                    "feature 0:0:0: the population of 'West' is ' West '; it has to be a number of at least 0");
    assert_int_equal(read_as(self, "districts.geojson|layername=raions", "NAME", NULL), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "has no layer 'raions'; it has 'districts'");
    assert_int_equal(read_as(self, "districts.geojson|layername=districts", "NAME", NULL), UXO_OK);
    uxo_districts_free(&self->districts);
    assert_int_equal(read_as(self, "missing.gpkg", "NAME", NULL), UXO_ERR_NOINPUT);
    assert_reported(&self->report, UXO_ERROR, "cannot open 'missing.gpkg': No such file");
    assert_int_equal(read_as(self, "/vsicurl/http://localhost/d.geojson", "NAME", NULL), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "is not a local file");
    write_text("plain.csv", "NAME,WKT\nA,\"POLYGON((0 0,1 0,1 1,0 0))\"\n");
    assert_int_equal(read_as(self, "plain.csv", "NAME", NULL), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "'plain.csv' does not say its reference system");
    assert_int_not_equal(access("plain.csv.aux.xml", F_OK), 0);
}

static void slivers_are_summed_and_small_districts_named(void **state)
{
    fixture *const self = *state;
    assert_int_equal(
        read_text(self,
                  COLLECTION(IN_UTM, FEATURE("\"A\"", BOX("300000", "5540000", "300600", "5541400")) "," FEATURE(
                                         "\"B\"", BOX("300599.9", "5540000", "301000",
                                                      "5541400")) "," FEATURE("\"Dot\"", BOX("301001", "5540001",
                                                                                             "301002", "5540002")))),
        UXO_OK);
    assert_reported(&self->report, UXO_NOTE, "1 pair of districts overlaps in slivers, 0.0139 ha in all");
    assert_reported(&self->report, UXO_WARNING, "feature 2:0:0: 'Dot' (0.0001 ha) holds the centre of no cell");
    assert_count(&self->report, UXO_WARNING, 1);
}

/* Every coordinate of a polygon is a whole multiple of 2^-10 m; their number. */
static uint32_t count_rounded(const char *hex)
{
    uint32_t points = 0;
    const size_t bytes = strlen(hex) / 2;
    unsigned char *const wkb = calloc(bytes, 1);
    for (size_t i = 0; i < bytes; i++) {
        const char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        wkb[i] = (unsigned char)strtoul(digits, NULL, 16);
    }
    uint32_t polygons, rings, size;
    memcpy(&polygons, wkb + 5, 4); /* MULTIPOLYGON; WKB in the order of this machine's bytes, see layers_districts.c */
    size_t at = 9;
    for (uint32_t p = 0; p < polygons; p++) {
        memcpy(&rings, wkb + at + 5, 4);
        at += 9;
        for (uint32_t r = 0; r < rings; r++) {
            memcpy(&size, wkb + at, 4);
            at += 4;
            for (uint32_t i = 0; i < 2 * size; i++, at += 8) {
                double value;
                memcpy(&value, wkb + at, 8);
                assert_true(value * 1024.0 == floor(value * 1024.0));
            }
            points += size;
        }
    }
    assert_int_equal(at, bytes);
    free(wkb);
    return points;
}

/* A spike 1 cm wide whose one side, when rounded, crosses the other; where they cross is a new vertex. */
static void what_rounding_folded_is_mended_and_rounded(void **state)
{
    fixture *const self = *state;
    static const char spiked[] = COLLECTION(
        IN_UTM,
        FEATURE(
            "\"Spike\"",
            POLYGON(
                "[300000,5540000],[300400,5540000],[300400,5540050],[300100.0097656,5540050],[300100.0292969,5540150],"
                "[300100.0171387,5540088],[300100,5540050],[300000,5540050],[300000,5540000]")));
    assert_int_equal(read_text(self, spiked), UXO_OK);
    assert_true(count_rounded(self->districts.item[0].geometry_wkb_hex) > 9);
    assert_near(self->districts.item[0].polygon_ha, 2.0, 1e-3);
    assert_near(self->districts.item[0].area_ha, 20 * 3 * 0.04,
                1e-12); /* cell centres up to 50 m, that on it included */
}

static void extent_is_that_of_the_rounded_polygons(void **state)
{
    fixture *const self = *state;
    double bounds[4];
    const uxo_area_source source = {"districts.geojson", "NAME", NULL, NULL, {.file = "scenario.yaml"}};
    write_text("districts.geojson", two);
    assert_int_equal(uxo_layers_extent(self->crs, &source, bounds, NULL, &self->report), UXO_OK);
    assert_near(bounds[0], 300000.0, 0.0);
    assert_near(bounds[1], 5540000.0, 0.0);
    assert_near(bounds[2], 302400.0, 0.0);
    assert_near(bounds[3], 5541400.0, 0.0);
    uxo_report_free(&self->report);
    assert_int_equal(uxo_districts_none(&self->districts, &self->grid), UXO_OK);
    assert_int_equal(at(self, 300000.0, 5540000.0), UXO_NO_DISTRICT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_in_the_file_owns_a_cell),
        TEST(a_district_that_ends_with_the_grid_is_on_it),
        TEST(systems_agree),
        TEST(a_grid_of_one_cell),
        TEST(cells_belong_by_their_centre),
        TEST(holes_and_parts),
        TEST(wrong_districts_are_named),
        TEST(all_wrong_districts_are_named_together),
        TEST(wrong_files_and_fields_are_named),
        TEST(slivers_are_summed_and_small_districts_named),
        TEST(what_rounding_folded_is_mended_and_rounded),
        TEST(extent_is_that_of_the_rounded_polygons),
    };
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
