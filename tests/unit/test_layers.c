/* test_layers.c - reference systems: what is refused, where points land, which way north is, what CF says. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "reported.h"
#include "scratch.h"

#include "uxosim/layers.h"

static void only_projected_metres_are_taken(void **state)
{
    static const struct {
        const char *definition, *message;
    } cases[] = {
        {"EPSG:4326",
         "reference system 'EPSG:4326' (WGS 84) is geographic (degrees); allowed is a projected system in metres"},
        {"EPSG:2263", "is in units of 0.30480061 m (US survey foot)"},
        {"EPSG:99999", "unknown reference system 'EPSG:99999'"},
        {"UTM 37", "unknown reference system 'UTM 37'"},
        {"", "unknown reference system ''"},
        {"EPSG:2053", "counts its axes to the west and south"},
        {"EPSG:5972", "has a vertical part"},
        {"EPSG:4978", "is not projected"},
        {"http://epsg.io/32637.wkt", "unknown reference system 'http://epsg.io/32637.wkt'"},
        {"/vsimem/a.prj", "unknown reference system '/vsimem/a.prj'"},
        {"grid.prj", "unknown reference system 'grid.prj'"},
    };
    (void)state;
    write_text("grid.prj", "EPSG:32637"); /* a file of that name is not read */
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uxo_report report;
        uxo_crs *crs = NULL;
        const uxo_place place = {.file = "scenario.yaml", .line = 4, .column = 8};
        uxo_report_init(&report);
        assert_int_equal(uxo_crs_open(&crs, cases[i].definition, &place, &report), UXO_ERR_DATA);
        assert_null(crs);
        assert_reported(&report, UXO_ERROR, cases[i].message);
        assert_reported(&report, UXO_ERROR, "scenario.yaml:4:8: ");
        assert_count(&report, UXO_ERROR, 1);
        uxo_report_free(&report);
    }
}

static uxo_crs *open_crs(const char *definition)
{
    uxo_report report;
    uxo_crs *crs = NULL;
    uxo_report_init(&report);
    assert_int_equal(uxo_crs_open(&crs, definition, NULL, &report), UXO_OK);
    assert_count(&report, UXO_WARNING, 0);
    uxo_report_free(&report);
    return crs;
}

/* Coordinates: cs2cs; convergence and scale: proj_factors; both of PROJ 9.1.1 run apart from this program. East and
 * west of the central meridian (39 E), south of the equator, another projection. */
static const struct {
    const char *crs;
    double lon_deg, lat_deg, x_m, y_m, convergence_deg, scale;
} points[] = {
    {"EPSG:32637", 36.25, 50.0, 302928.623598, 5542254.889425, -2.1072962594362457, 1.0000770160},
    {"EPSG:32637", 41.5, 50.0, 679157.864191, 5541625.749826, 1.915617515402321, 0.9999942322},
    {"EPSG:32637", 39.0, 50.0, 500000.0, 5538630.702867, 0.0, 0.9996},
    {"EPSG:32637", 36.1, -20.0, 196544.903843, -2214109.465805, 0.9926203930616471, 1.0007383201},
    {"EPSG:2154", 2.35, 48.85, 652301.564831, 6861302.725900, -0.4716450472854641, 0.9998878003},
    {"EPSG:2154", 5.4, 43.3, 894829.409053, 6247498.204342, 1.7414586361438817, 1.0005950017},
};

static void systems_are_said_in_several_ways(void **state)
{
    static const char *const same[] = {
        "epsg:32637",
        "urn:ogc:def:crs:EPSG::32637",
        "+proj=utm +zone=37 +datum=WGS84 +units=m +no_defs",
        "+proj=utm +zone=37 +datum=WGS84 +type=crs",
        "PROJCS[\"a\",GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS "
        "84\",6378137,298.257223563]],PRIMEM[\"Greenwich\","
        "0],UNIT[\"degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"latitude_of_origin\","
        "0],"
        "PARAMETER[\"central_meridian\",39],PARAMETER[\"scale_factor\",0.9996],PARAMETER[\"false_easting\",500000],"
        "PARAMETER[\"false_northing\",0],UNIT[\"metre\",1]]",
    };
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        uxo_crs *const crs = open_crs(same[i]);
        double x_m, y_m;
        assert_true(uxo_crs_project(crs, 36.25, 50.0, &x_m, &y_m));
        assert_true(fabs(x_m - 302928.623598) < 0.001 && fabs(y_m - 5542254.889425) < 0.001);
        uxo_crs_free(crs);
    }
}

/* EPSG replaced 2163 by 9311, which is on another ellipsoid: what is named is taken. */
static void a_deprecated_system_stays_what_it_is(void **state)
{
    uxo_report report;
    uxo_crs *crs = NULL;
    (void)state;
    uxo_report_init(&report);
    assert_int_equal(uxo_crs_open(&crs, "EPSG:2163", NULL, &report), UXO_OK);
    assert_reported(&report, UXO_WARNING,
                    "'EPSG:2163' (US National Atlas Equal Area) is deprecated; it is taken as it stands");
    assert_non_null(strstr(uxo_crs_wkt2(crs), "6370997"));
    uxo_crs_free(crs);
    uxo_report_free(&report);
}

static void points_land_where_proj_puts_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        uxo_crs *const crs = open_crs(points[i].crs);
        double x_m, y_m, lon, lat;
        assert_true(uxo_crs_project(crs, points[i].lon_deg, points[i].lat_deg, &x_m, &y_m));
        assert_near(x_m, points[i].x_m, 0.0005);
        assert_near(y_m, points[i].y_m, 0.0005);
        assert_true(x_m * 1024.0 == floor(x_m * 1024.0));
        assert_true(uxo_crs_unproject(crs, x_m, y_m, &lon, &lat));
        assert_near(lon, points[i].lon_deg, 5e-8);
        assert_near(lat, points[i].lat_deg, 5e-8);
        uxo_crs_free(crs);
    }
}

static void true_north_has_the_right_sign(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        uxo_crs *const crs = open_crs(points[i].crs);
        double north_rad, scale;
        assert_true(uxo_crs_true_north(crs, points[i].x_m, points[i].y_m, &north_rad, &scale));
        /* convergence: from true to grid north, clockwise; ours is the way back */
        assert_near(north_rad, -points[i].convergence_deg * 3.14159265358979323846 / 180.0, 2e-9);
        assert_near(scale, points[i].scale, 2e-9);
        assert_true(north_rad * 1073741824.0 == floor(north_rad * 1073741824.0));
        uxo_crs_free(crs);
    }
}

/* A point 1 km along a true heading: by geodesy on the ellipsoid and by north_rad on the grid. */
static void headings_turn_by_the_convergence(void **state)
{
    uxo_crs *const crs = open_crs("EPSG:32637");
    double x0, y0, x1, y1, north_rad, scale;
    (void)state;
    assert_true(uxo_crs_project(crs, 36.25, 50.0, &x0, &y0));
    assert_true(uxo_crs_true_north(crs, x0, y0, &north_rad, &scale));
    assert_true(uxo_crs_project(crs, 36.25, 50.009, &x1, &y1)); /* heading 0 */
    assert_near(atan2(x1 - x0, y1 - y0), 0.0 + north_rad, 2e-6);
    assert_true(
        uxo_crs_project(crs, 36.2501, 50.0, &x1, &y1)); /* heading 90; short, for a parallel is no great circle */
    assert_near(atan2(x1 - x0, y1 - y0), 1.57079632679489662 + north_rad, 2e-4);
    uxo_crs_free(crs);
}

static void expect_grid(const char *definition, double xmin_m, double ymin_m, double size_m, const char *message)
{
    uxo_crs *const crs = open_crs(definition);
    uxo_report report;
    uxo_grid grid;
    uxo_report_init(&report);
    uxo_grid_init(&grid, xmin_m, ymin_m, size_m, 10, 7);
    const uxo_status status = uxo_crs_check_grid(crs, &grid, NULL, &report);
    if (message == NULL) {
        assert_count(&report, UXO_ERROR, 0);
        assert_int_equal(status, UXO_OK);
    } else {
        assert_int_equal(status, UXO_ERR_DATA);
        assert_reported(&report, UXO_ERROR, message);
    }
    uxo_report_free(&report);
    uxo_crs_free(crs);
}

static void distorting_grids_are_refused(void **state)
{
    (void)state;
    expect_grid("EPSG:32637", 296000.0, 5530000.0, 2000.0, NULL);
    expect_grid("EPSG:32637", 296000.0, 5530000.0, 0.5, NULL);
    expect_grid("EPSG:3857", 4030000.0, 6440000.0, 2000.0,
                "a metre on the ground is 1.558"); /* Kharkiv in web Mercator */
    expect_grid("EPSG:32637", 1490000.0, 4060000.0, 2000.0, "a metre on the ground is 1.01");
    expect_grid("EPSG:3413", -5000.0, -5000.0, 2000.0, "the grid holds the north pole");
    expect_grid("EPSG:3031", -5000.0, -5000.0, 2000.0, "the grid holds the south pole");
    expect_grid("EPSG:32660", 828000.0, 100000.0, 2000.0, "the grid crosses the 180 degree meridian");
    expect_grid("EPSG:32637", 1e12, 5e12, 2000.0, "has no longitude and latitude");
}

typedef struct cf_seen {
    char text[4096];
} cf_seen;

static void see(const char *key, const char *text, const double *numbers, size_t count, void *user)
{
    cf_seen *const seen = user;
    size_t used = strlen(seen->text);
    snprintf(seen->text + used, sizeof seen->text - used, "%s=%.40s", key, text != NULL ? text : "");
    for (size_t i = 0; i < count; i++) {
        used = strlen(seen->text);
        snprintf(seen->text + used, sizeof seen->text - used, "%s%.10g", i > 0 ? " " : "", numbers[i]);
    }
    used = strlen(seen->text);
    snprintf(seen->text + used, sizeof seen->text - used, ";");
}

/* Parameters: what GDAL's netCDF driver writes for the same systems (and EPSG's own, for the scale factor of UPS). */
static void cf_names_the_projection(void **state)
{
    static const struct {
        const char *crs, *part;
    } cases[] = {
        {"EPSG:32637",
         "grid_mapping_name=transverse_mercator;longitude_of_central_meridian=39;latitude_of_projection_origin=0;"
         "scale_factor_at_central_meridian=0.9996;false_easting=500000;false_northing=0;semi_major_axis=6378137;"
         "inverse_flattening=298.2572236;longitude_of_prime_meridian=0;"},
        {"EPSG:2154",
         "grid_mapping_name=lambert_conformal_conic;longitude_of_central_meridian=3;latitude_of_projection_origin=46.5;"
         "standard_parallel=49 44;false_easting=700000;false_northing=6600000;"},
        {"EPSG:27572", "standard_parallel=47.6960145 45.89891896;"}, /* one parallel with a scale factor: the two that
                                                                        mean the same */
        {"EPSG:3035", "grid_mapping_name=lambert_azimuthal_equal_area;longitude_of_projection_origin=10;latitude_of_"
                      "projection_origin=52;"},
        {"EPSG:5070", "grid_mapping_name=albers_conical_equal_area;longitude_of_central_meridian=-96;latitude_of_"
                      "projection_origin=23;"
                      "standard_parallel=29.5 45.5;"},
        {"EPSG:3031", "grid_mapping_name=polar_stereographic;latitude_of_projection_origin=-90;standard_parallel=-71;"
                      "straight_vertical_longitude_from_pole=0;"},
        {"EPSG:32661", "latitude_of_projection_origin=90;scale_factor_at_projection_origin=0.994;"},
        {"EPSG:3395",
         "grid_mapping_name=mercator;longitude_of_projection_origin=0;scale_factor_at_projection_origin=1;"},
    };
    static const char *const without[] = {"EPSG:3857", "EPSG:2056", "EPSG:28992"};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uxo_crs *const crs = open_crs(cases[i].crs);
        cf_seen seen = {""};
        uxo_crs_cf_parameters(crs, see, &seen);
        if (strstr(seen.text, cases[i].part) == NULL) {
            fail_msg("%s: %s", cases[i].crs, seen.text);
        }
        assert_non_null(strstr(seen.text, ";crs_wkt=PROJCRS["));
        assert_null(strchr(uxo_crs_wkt2(crs), '\n'));
        uxo_crs_free(crs);
    }
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        uxo_crs *const crs = open_crs(without[i]);
        cf_seen seen = {""};
        uxo_crs_cf_parameters(crs, see, &seen);
        assert_null(strstr(seen.text, "grid_mapping_name="));
        assert_non_null(strstr(seen.text, ";crs_wkt=PROJCRS["));
        uxo_crs_free(crs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_projected_metres_are_taken),  cmocka_unit_test(points_land_where_proj_puts_them),
        cmocka_unit_test(systems_are_said_in_several_ways), cmocka_unit_test(a_deprecated_system_stays_what_it_is),
        cmocka_unit_test(true_north_has_the_right_sign),    cmocka_unit_test(headings_turn_by_the_convergence),
        cmocka_unit_test(distorting_grids_are_refused),     cmocka_unit_test(cf_names_the_projection),
    };
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
