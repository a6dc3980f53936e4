/* test_layers_zones_files.c - what files of zones may hold: several sets, other systems, zones off the grid; every complaint by
 * its words. Shares of cells: test_layers_zones.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "reported.h"
#include "scratch.h"
#include "zone_reading.h"

/* Two sets in one map: each has its columns, and the second does not change the first. */
static void sets_stand_side_by_side(void **state)
{
    zone_reading *const self = *state;
    const char *const file[] = {"tasks.geojson", "villages.geojson"};
    write_text(file[0], COLLECTION(IN_UTM, FEATURE("\"A\"", "null", BOX("300000", "5540000", "300050", "5540050"))));
    write_text(file[1], COLLECTION(IN_UTM, FEATURE("\"A\"", "null", BOX("300030", "5540030", "300090", "5540090"))));
    assert_int_equal(zone_read_files(self, file, 2), UXO_OK);
    assert_int_equal(self->zones.column_count, 6);
    assert_int_equal(self->zones.set[1].first_column, 3);
    const uint32_t iy = self->grid.ny - 2; /* 20 m to 40 m north of the edge; column 1 likewise */
    assert_int_equal(zone_parts(self, 1, iy, 0), 255);
    assert_int_equal(zone_parts(self, 1, iy, 1), 0);
    assert_int_equal(zone_parts(self, 1, iy, 3), 64); /* a quarter: 63.75 */
    assert_int_equal(zone_parts(self, 1, iy, 4), 191);
    assert_int_equal(zone_parts(self, 99, 0, 1), 255);
    assert_int_equal(zone_parts(self, 99, 0, 4), 255);
    assert_near(self->zones.set[0].item[0].area_ha, 0.25, 1e-3);
}

/* The same polygon in degrees: to a 255th, but for edges that are straight in one system and bent in the other. */
static void other_systems_are_turned_to_the_grid(void **state)
{
    zone_reading *const self = *state;
    const double corner[4][2] = {
        {300333.0, 5540222.0}, {301444.0, 5540181.0}, {301400.0, 5541111.0}, {300290.0, 5541070.0}};
    char points[512] = "", degrees[512] = "", json[2][2048];
    for (int i = 0; i <= 4; i++) {
        double lon = 0.0, lat = 0.0;
        assert_true(uxo_crs_unproject(self->crs, corner[i % 4][0], corner[i % 4][1], &lon, &lat));
        snprintf(points + strlen(points), sizeof points - strlen(points), "%s[%.3f,%.3f]", i > 0 ? "," : "",
                 corner[i % 4][0], corner[i % 4][1]);
        snprintf(degrees + strlen(degrees), sizeof degrees - strlen(degrees), "%s[%.10f,%.10f]", i > 0 ? "," : "", lon,
                 lat);
    }
    static const char form[] =
        "{\"type\":\"FeatureCollection\",%s\"features\":[{\"type\":\"Feature\",\"properties\":{"
        "\"NAME\":\"Z\",\"STATUS\":null,\"N\":null},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[%s]]}}]}";
    snprintf(json[0], sizeof json[0], form, IN_UTM, points);
    snprintf(json[1], sizeof json[1], form, "", degrees);
    const char *const file[] = {"tasks.geojson", "villages.geojson"};
    write_text(file[0], json[0]);
    write_text(file[1], json[1]);
    assert_int_equal(zone_read_files(self, file, 2), UXO_OK);
    for (uint32_t iy = 0; iy < self->grid.ny; iy++) {
        for (uint32_t ix = 0; ix < self->grid.nx; ix++) {
            const double difference = (double)zone_parts(self, ix, iy, 0) - (double)zone_parts(self, ix, iy, 3);
            assert_true(fabs(difference) <= 2.0);
        }
    }
    assert_near(self->zones.set[0].item[0].area_ha, self->zones.set[1].item[0].area_ha, 0.02);
}

static void what_is_off_the_grid_is_said(void **state)
{
    zone_reading *const self = *state;
    assert_int_equal(
        zone_read_text(
            self,
            COLLECTION(IN_UTM, FEATURE("\"In\"", "null", BOX("300100", "5540100", "300200", "5540200")) "," FEATURE(
                                   "\"Far\"", "null",
                                   BOX("310000", "5540000", "310100",
                                       "5540100")) "," FEATURE("\"Speck\"", "null",
                                                               BOX("300501", "5540501", "300501.5", "5540501.5")))),
        UXO_OK);
    assert_reported(&self->report, UXO_WARNING,
                    "1 of 3 zones lie wholly off the grid and stay empty in every table: 'Far'");
    assert_reported(&self->report, UXO_WARNING,
                    "'Speck' (0.0000 ha) covers less than a 510th of any cell; it stays empty in every table (cells "
                    "are 0.0400 ha)");
    assert_near(self->zones.set[0].item[1].area_ha, 0.0, 0.0);
    assert_int_equal(zone_read_text(self, COLLECTION(IN_UTM, FEATURE("\"Far\"", "null",
                                                                     BOX("310000", "5540000", "310100", "5540100")))),
                     UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "no zone of 'tasks.geojson' overlaps the grid");
    assert_int_equal(self->zones.set_count, 0);
}

static void bad_zones_are_refused_together(void **state)
{
    zone_reading *const self = *state;
    assert_int_equal(
        zone_read_text(
            self,
            COLLECTION(
                IN_UTM,
                FEATURE("\"A\"", "null", BOX("300000", "5540000", "300100", "5540100")) "," FEATURE(
                    "\" A\"", "null",
                    BOX("300200", "5540000", "300300",
                        "5540100")) "," FEATURE("\"\"", "null",
                                                BOX("300400", "5540000", "300500",
                                                    "5540100")) "," FEATURE("\"outside every zone\"", "null",
                                                                            BOX("300400", "5540000", "300500",
                                                                                "5540100")) "," FEATURE("\"Point\"",
                                                                                                        "null",
                                                                                                        "{\"type\":"
                                                                                                        "\"Point\","
                                                                                                        "\"coordinates"
                                                                                                        "\":[300000,"
                                                                                                        "5540000]}"))),
        UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "the name 'A' is that of feature 0 already");
    assert_reported(&self->report, UXO_ERROR, "the zone has no name; every one needs a name of its own");
    assert_reported(&self->report, UXO_ERROR,
                    "the name is that of a row of every table ('outside every zone', 'outside the grid', 'total')");
    assert_reported(&self->report, UXO_ERROR, "'Point' is a POINT; zones are polygons");
    assert_count(&self->report, UXO_ERROR, 4);
    assert_int_equal(zone_read_text(self, COLLECTION(IN_UTM, "")), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "'tasks.geojson' holds no zones");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, zone_reading_open, zone_reading_close)
    const struct CMUnitTest tests[] = {
        TEST(sets_stand_side_by_side),
        TEST(other_systems_are_turned_to_the_grid),
        TEST(what_is_off_the_grid_is_said),
        TEST(bad_zones_are_refused_together),
    };
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
