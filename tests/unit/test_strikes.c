/* test_strikes.c - the strike list: what is read from good rows, events, dates, what reaches the grid. Complaints:
 * test_strikes_bad.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "reported.h"
#include "scratch.h"
#include "strikes_fixture.h"

static const uxo_strike *find(const strikes_fixture *self, const char *id)
{
    for (uint32_t i = 0; i < self->strikes.count; i++) {
        if (strcmp(self->strikes.item[i].id, id) == 0) {
            return &self->strikes.item[i];
        }
    }
    fail_msg("no strike %s", id);
    return NULL;
}

static const uxo_site *site(const strikes_fixture *self, const uxo_strike *strike, uint32_t i)
{
    return &self->strikes.site[strike->first_site + i];
}

static void every_column_is_read(void **state)
{
    strikes_fixture *const self = *state;
    assert_int_equal(strikes_fixture_read(
                         self, "id,lon,lat,date,evidence,source,status,munition,carriers,location_r95_m,heading_deg,"
                               "heading_sd_deg,confidence\n"
                               "a,36.25,50.0,2022-02-25,crater,\"Jones, \"\"A\"\"\",alleged,rocket,3,80,45,5,0.5\n"
                               "b,36.26,50.0,2022-02-26,,,,\"{rocket: 3, bomb: 1}\",\"{range: [1, 4]}\",,unknown,,\n"),
                     UXO_OK);
    assert_int_equal(self->strikes.count, 2);
    const uxo_strike *const a = find(self, "a");
    assert_near(site(self, a, 0)->x_m, 302928.623598, 0.0005); /* cs2cs */
    assert_near(site(self, a, 0)->y_m, 5542254.889425, 0.0005);
    assert_near(site(self, a, 0)->north_rad, 2.1072962594 * 3.14159265358979 / 180.0, 2e-9); /* proj_factors */
    assert_int_equal(a->day, 19048);
    assert_int_equal(site(self, a, 0)->evidence, UXO_EVIDENCE_CRATER);
    assert_int_equal(a->status, UXO_STRIKE_ALLEGED);
    assert_string_equal(site(self, a, 0)->source, "Jones, \"A\"");
    assert_int_equal(site(self, a, 0)->row, 2);
    assert_int_equal(a->mixture.count, 1);
    assert_int_equal(a->mixture.munition[0], 1);
    assert_near(a->carriers.p[0], 3.0, 0.0);
    assert_near(site(self, a, 0)->location_size_m.p[0], 80.0, 0.0);
    assert_int_equal(site(self, a, 0)->location_kind, UXO_LOCATION_R95);
    assert_false(a->heading_unknown);
    assert_near(a->heading_deg.p[0], 45.0, 0.0);
    assert_near(a->heading_sd_deg.p[0], 5.0, 0.0);
    assert_near(a->confidence.p[0], 0.5, 0.0);
    const uxo_key key = uxo_key_make(7, UXO_LEVEL_STRIKE, "a");
    assert_memory_equal(&a->key, &key, sizeof key);
    const uxo_strike *const b = find(self, "b");
    assert_int_equal(b->mixture.count, 2);
    assert_near(b->mixture.weight[0], 0.25, 1e-15); /* bomb is the first of the catalogue */
    assert_int_equal(b->carriers.form, UXO_FORM_RANGE);
    assert_int_equal(b->carriers.per, UXO_PER_STRIKE);
    assert_true(b->heading_unknown);
    assert_near(b->confidence.p[0], 0.9, 0.0); /* the fixture's defaults */
    assert_int_equal(site(self, b, 0)->location_kind, UXO_LOCATION_DISC);
    assert_near(site(self, b, 0)->location_size_m.p[0], 150.0, 0.0);
    assert_int_equal(b->status, UXO_STRIKE_CONFIRMED);
    assert_int_equal(self->strikes.newest_day, 19049);
    assert_count(&self->report, UXO_WARNING, 0);
}

/* Byte order mark, other separators and ends of line, blank rows, quoted line breaks: the same strikes. */
static void csv_of_every_house_is_read(void **state)
{
    static const char *const texts[] = {
        "id,lon,lat,date\na,36.25,50.0,2022-02-25\nb,36.26,50.0,2022-03-25\n",
        "\xEF\xBB\xBFid,lon,lat,date\r\na,36.25,50.0,2022-02-25\r\nb,36.26,50.0,2022-03-25",
        "id;lon;lat;date\na;36.25;50.0;2022-02-25\n;;;\n\nb;36.26;50.0;2022-03-25\n;;;\n",
        "id\tlon\tlat\tdate\ra\t36.25\t50.0\t2022-02-25\rb\t36.26\t50.0\t2022-03-25\r",
        ("\"lat\" , \"id\",lon , date,source\n50.0, \" a "
         "\",\t36.25,2022-02-25,\"two\nlines\"\n+5e1,b,36.26,2022-03-25,\n"),
        "date,y_m,x_m,id\n2022-03-25,5542228.5722,303645.1520,b\n2022-02-25,5542254.8894,302928.6236,a\n",
    };
    strikes_fixture *const self = *state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(strikes_fixture_read(self, texts[i]), UXO_OK);
        assert_int_equal(self->strikes.count, 2);
        assert_string_equal(self->strikes.item[0].id, "a"); /* sorted by id */
        assert_near(self->strikes.site[0].x_m, 302928.6236, 0.001);
        assert_near(self->strikes.site[0].lon_deg, 36.25, 6e-8);
        assert_int_equal(self->strikes.item[1].day, 19076);
        assert_count(&self->report, UXO_WARNING, 0);
    }
}

static void rows_of_one_event_are_one_strike(void **state)
{
    strikes_fixture *const self = *state;
    assert_int_equal(strikes_fixture_read(self, "id,lon,lat,event,date,status,carriers\n"
                                                "z,36.25,50.0,E,2022-02-25,alleged,\n"
                                                "y,36.26,50.0,F,,,\n"
                                                "c,36.27,50.0,E,,probable,4\n"
                                                "b,36.28,50.0,,2022-02-25,,\n"),
                     UXO_OK);
    assert_int_equal(self->strikes.count, 3);
    const uxo_strike *const e = find(self, "E");
    assert_int_equal(e->site_count, 2);
    assert_string_equal(site(self, e, 0)->id, "c");
    assert_string_equal(site(self, e, 1)->id, "z");
    assert_int_equal(e->status, UXO_STRIKE_PROBABLE); /* the strongest */
    assert_near(e->carriers.p[0], 4.0, 0.0);
    assert_int_equal(e->day, 19048);
    assert_string_equal(self->strikes.item[0].id, "E"); /* strikes ascend by id, sites too */
    assert_string_equal(self->strikes.item[1].id, "F");
    assert_int_equal(self->strikes.undated, 1);
    assert_reported(&self->report, UXO_WARNING, "1 of 4 reports have no date: y;");
}

static void events_of_the_scenario_are_used(void **state)
{
    strikes_fixture *const self = *state;
    strikes_fixture_events(
        self,
        "{E: [a, b], F: {reports: [c], munition: bomb, carriers: {range: [2, 6]}, heading_deg: 90, heading_sd_deg: 4, "
        "confidence: 0.25}}");
    assert_int_equal(
        strikes_fixture_read(self, "id,lon,lat,munition,event\na,36.25,50.0,rocket,E\nb,36.27,50.0,,\nc,36.3,50,,\n"),
        UXO_OK);
    assert_int_equal(find(self, "E")->site_count, 2);
    assert_int_equal(find(self, "E")->mixture.count, 1); /* the row's, not the default's */
    const uxo_strike *const f = find(self, "F");
    assert_int_equal(f->site_count, 1);
    assert_int_equal(f->mixture.munition[0], 0);
    assert_near(f->carriers.p[1], 6.0, 0.0);
    assert_near(f->heading_deg.p[0], 90.0, 0.0);
    assert_near(f->heading_sd_deg.p[0], 4.0, 0.0);
    assert_near(f->confidence.p[0], 0.25, 0.0);
}

static void order_of_rows_does_not_matter(void **state)
{
    strikes_fixture *const self = *state;
    assert_int_equal(strikes_fixture_read(self, "id,lon,lat,event\n1,36.25,50.0,E\n10,36.26,50.0,\n2,36.27,50.0,E\n"),
                     UXO_OK);
    const uxo_strikes first = self->strikes;
    self->strikes = (uxo_strikes){0};
    assert_int_equal(strikes_fixture_read(self, "id,lon,lat,event\n2,36.27,50.0,E\n10,36.26,50.0,\n1,36.25,50.0,E\n"),
                     UXO_OK);
    assert_int_equal(self->strikes.count, first.count);
    for (uint32_t i = 0; i < first.count; i++) {
        assert_string_equal(self->strikes.item[i].id, first.item[i].id);
        assert_memory_equal(&self->strikes.item[i].key, &first.item[i].key, sizeof(uxo_key));
        assert_int_equal(self->strikes.item[i].first_site, first.item[i].first_site);
    }
    for (uint32_t i = 0; i < first.site_count; i++) {
        assert_string_equal(self->strikes.site[i].id, first.site[i].id);
        assert_near(self->strikes.site[i].x_m, first.site[i].x_m, 0.0);
    }
    uxo_strikes copy = first;
    uxo_strikes_free(&copy);
}

/* As GDAL writes dates to formats without a type for them. */
static void dates_with_slashes_and_midnights_are_read(void **state)
{
    strikes_fixture *const self = *state;
    assert_int_equal(strikes_fixture_read(self,
                                          "id,lon,lat,date\na,36.25,50.0,2022/02/25\nb,36.27,50.0,2022-02-25T00:00:00\n"
                                          "c,36.29,50.0,2022/02/25 00:00:00\n"),
                     UXO_OK);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(self->strikes.item[i].day, 19048);
    }
    assert_int_equal(strikes_fixture_read(self, "id,lon,lat,date\na,36.25,50.0,2022/02/30\n"), UXO_ERR_DATA);
    assert_int_equal(strikes_fixture_read(self, "id,lon,lat,date\na,36.25,50.0,2022-02-25 12:30:00\n"), UXO_ERR_DATA);
}

static void reach_adds_variances(void **state)
{
    strikes_fixture *const self = *state;
    assert_int_equal(
        strikes_fixture_read(self, "id,lon,lat,munition,location_r95_m\na,36.25,50.0,rocket,100\nb,36.27,50.0,bomb,\n"),
        UXO_OK);
    const double sigma = 100.0 / sqrt(-2.0 * log(0.05));
    /* rocket: spread 80 x 60 m, pattern 60 x 40 m; bomb: no spread, 30 x 50 m, the fixture's disc of 150 m */
    assert_near(find(self, "a")->reach_m, 5.0 * sqrt(sigma * sigma + 80.0 * 80.0 + 60.0 * 60.0), 1e-9);
    assert_near(find(self, "b")->reach_m, 5.0 * 50.0 + 150.0, 1e-9);
}

/* The grid is 300000 to 320000 m east: a rocket with a place error of 100 m reaches 540 m. */
static void strikes_out_of_reach_are_left_out(void **state)
{
    strikes_fixture *const self = *state;
    assert_int_equal(
        strikes_fixture_read(
            self,
            "id,x_m,y_m,munition,location_r95_m,event\nin,310000,5540000,rocket,100,\nnear,299480,5540000,rocket,100,\n"
            "far,299300,5540000,rocket,100,\nfar2,310000,5560700,rocket,100,\n"
            "far3,290000,5540000,rocket,100,E\nfar4,300500,5540000,rocket,100,E\n"),
        UXO_OK);
    assert_int_equal(self->strikes.count, 3);
    assert_string_equal(self->strikes.item[0].id, "E"); /* one of its places reaches the grid */
    assert_int_equal(self->strikes.item[0].site_count, 2);
    assert_string_equal(self->strikes.item[1].id, "in");
    assert_string_equal(self->strikes.item[2].id, "near");
    assert_string_equal(site(self, &self->strikes.item[2], 0)->id, "near");
    assert_int_equal(self->strikes.out_of_reach_count, 2);
    assert_string_equal(self->strikes.out_of_reach[0], "far");
    assert_reported(&self->report, UXO_WARNING,
                    "2 of 5 strikes lie so far from the grid that nothing of them reaches it; left out: far, far2");
    assert_int_equal(strikes_fixture_read(self, "id,x_m,y_m\nfar,100000,5540000\n"), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "none of the 1 strikes reaches the grid");
}

static void lookalikes_are_pointed_out(void **state)
{
    strikes_fixture *const self = *state;
    assert_int_equal(strikes_fixture_read(
                         self,
                         "id,x_m,y_m,date,munition\n" /* the disc of 150 m: closer than 300 m */
                         "a 1,301000,5541000,2022-02-25,\nb,301250,5541000,2022-02-25,\nc,301500,5541000,2022-02-25,\n"
                         "d,301000,5541290,2022-02-26,\n"             /* another day */
                         "e,301000,5541010,2022-02-25,rocket\n"       /* another munition */
                         "f,301800,5541001,2022-02-25,\n"             /* 300.002 m from c */
                         "g,301000,5541000,,\nh,301000,5541000,,\n"), /* undated: nothing to go by */
                     UXO_OK);
    assert_reported(&self->report, UXO_WARNING,
                    "3 reports look like one strike (same date and munition, at most 250 m from one to the next): "
                    "\"a 1\", b, c. If they are, add under strikes: events: {\"event-a 1\": [\"a 1\", b, c]}");
    assert_count(&self->report, UXO_WARNING, 2); /* and that two have no date */
    strikes_fixture_events(self, "{\"event-a 1\": [\"a 1\", b]}");
    assert_int_equal(
        strikes_fixture_read(self, "id,x_m,y_m,date\na 1,301000,5541000,2022-02-25\nb,301250,5541000,2022-02-25\n"
                                   "c,301500,5541000,2022-02-25\n"),
        UXO_OK);
    assert_reported(&self->report, UXO_WARNING, "add under strikes: events: {\"event-a 1\": [c, \"a 1\", b]}");
    strikes_fixture_events(self, "{E: [\"a 1\", b, c]}");
    assert_int_equal(
        strikes_fixture_read(self, "id,x_m,y_m,date\na 1,301000,5541000,2022-02-25\nb,301250,5541000,2022-02-25\n"
                                   "c,301500,5541000,2022-02-25\n"),
        UXO_OK);
    assert_count(&self->report, UXO_WARNING, 0);
}

static void many_rows_take_little_time(void **state)
{
    enum { ROWS = 20000 };
    strikes_fixture *const self = *state;
    char *const text = malloc(64 * ROWS);
    size_t used = (size_t)snprintf(text, 64, "id,x_m,y_m,date\n");
    for (int i = 0; i < ROWS; i++) { /* pairs 100 m apart, all on one day */
        used += (size_t)snprintf(text + used, 64, "r%05d,%d,%d,2022-02-25\n", i,
                                 300000 + (i / 2 % 100) * 1000 + i % 2 * 100, 5540000 + i / 200 * 1000);
    }
    assert_int_equal(strikes_fixture_read(self, text), UXO_OK);
    assert_true(self->strikes.count < ROWS); /* the grid is smaller than all that */
    assert_reported(&self->report, UXO_WARNING, "so far from the grid");
    assert_reported(&self->report, UXO_WARNING, "9900 more groups of reports look like one strike each");
    assert_count(&self->report, UXO_WARNING, 102);
    free(text);
}

static void a_header_alone_is_no_hazard(void **state)
{
    strikes_fixture *const self = *state;
    assert_int_equal(strikes_fixture_read(self, "id,lon,lat\n\n"), UXO_OK);
    assert_int_equal(self->strikes.count, 0);
    assert_reported(&self->report, UXO_WARNING, "the strike list has no rows: the hazard is zero everywhere");
}

static void other_columns_are_listed(void **state)
{
    strikes_fixture *const self = *state;
    assert_int_equal(strikes_fixture_read(self, "id,lon,lat,raion,Evidence,headin_deg\na,36.25,50.0,x,y,z\n"), UXO_OK);
    assert_reported(&self->report, UXO_NOTE, "strikes.csv:1:0: left alone, not columns of uxosim: 'raion'");
    assert_reported(
        &self->report, UXO_WARNING,
        "strikes.csv:1:18: column 'Evidence' is not one of uxosim's and is left alone; did you mean 'evidence'?");
    assert_reported(
        &self->report, UXO_WARNING,
        "strikes.csv:1:27: column 'headin_deg' is not one of uxosim's and is left alone; did you mean 'heading_deg'?");
}

#define POINT(id, properties, x, y)                               \
    "{\"type\":\"Feature\",\"properties\":{\"id\":" id properties \
    "},\"geometry\":{\"type\":\"Point\",\"coordinates\":[" x "," y "]}}"

static void points_of_other_formats_are_read(void **state)
{
    strikes_fixture *const self = *state;
    write_text(
        "strikes.geojson",
        "{\"type\":\"FeatureCollection\",\"features\":[" POINT(
            "12", ",\"date\":\"2022-02-25\",\"carriers\":{\"range\":[1,4]},\"confidence\":0.5,\"lat\":1,\"note\":\"x\"",
            "36.25", "50.0") "," POINT("13", ",\"date\":\"2022-02-26\",\"carriers\":2", "36.26", "50.0") "]}");
    assert_int_equal(strikes_fixture_read_file(self, "strikes.geojson"), UXO_OK);
    assert_int_equal(self->strikes.count, 2);
    const uxo_strike *const a = find(self, "12");
    assert_near(site(self, a, 0)->x_m, 302928.623598, 0.0005);
    assert_int_equal(a->day, 19048);
    assert_int_equal(a->carriers.form, UXO_FORM_RANGE);
    assert_near(a->confidence.p[0], 0.5, 0.0);
    assert_near(find(self, "13")->carriers.p[0], 2.0, 0.0);
    assert_reported(&self->report, UXO_NOTE, "strikes.geojson:0:0: left alone, not columns of uxosim: 'lat', 'note'");
    /* the same place in another system */
    write_text("strikes.geojson",
               "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:32636\"}},"
               "\"features\":[" POINT("12", "", "732896.384971", "5543693.157009") "]}");
    assert_int_equal(strikes_fixture_read_file(self, "strikes.geojson"), UXO_OK);
    assert_near(self->strikes.site[0].x_m, 302928.6236, 0.002);
    assert_near(self->strikes.site[0].lon_deg, 36.25, 1e-7);
    const double steps[2] = {self->strikes.site[0].lon_deg * 16777216.0, self->strikes.site[0].lat_deg * 16777216.0};
    assert_true(steps[0] == floor(steps[0]) && steps[1] == floor(steps[1])); /* without the last bits of PROJ */
}

/* A DBF has ten characters for a name: those that say which column it was are taken. */
static void cut_names_are_completed(void **state)
{
    strikes_fixture *const self = *state;
    write_text("strikes.geojson", "{\"type\":\"FeatureCollection\",\"features\":[" POINT(
                                      "12", ",\"location_r\":300,\"heading_de\":45,\"heading_sd\":20,\"heading_d\":1",
                                      "36.25", "50.0") "]}");
    assert_int_equal(strikes_fixture_read_file(self, "strikes.geojson"), UXO_OK);
    assert_near(self->strikes.item[0].heading_deg.p[0], 45.0, 0.0);
    assert_near(self->strikes.item[0].heading_sd_deg.p[0], 20.0, 0.0);
    assert_near(self->strikes.site[0].location_size_m.p[0], 300.0, 0.0);
    assert_reported(&self->report, UXO_NOTE,
                    "field 'location_r' is taken for 'location_r95_m': a shapefile cuts names at 10 characters");
    assert_reported(&self->report, UXO_NOTE, "field 'heading_sd' is taken for 'heading_sd_deg'");
    assert_reported(&self->report, UXO_WARNING, "column 'heading_d' is not one of uxosim's");
    write_text("strikes.geojson", "{\"type\":\"FeatureCollection\",\"features\":[" POINT(
                                      "12", ",\"location_r\":300,\"location_r95_m\":200", "36.25", "50.0") "]}");
    assert_int_equal(strikes_fixture_read_file(self, "strikes.geojson"), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "column 'location_r95_m' is there twice");
}

static void wrong_points_are_named_by_feature(void **state)
{
    strikes_fixture *const self = *state;
    write_text(
        "bad.geojson",
        "{\"type\":\"FeatureCollection\",\"features\":[" POINT(
            "\"a\"", ",\"date\":\"2022-02-30\",\"carriers\":0", "36.25",
            "50.0") "," POINT("null", "", "36.25",
                              "50.0") ","
                                      "{\"type\":\"Feature\",\"properties\":{\"id\":\"c\"},\"geometry\":{\"type\":"
                                      "\"LineString\",\"coordinates\":[[36,50],[37,50]]}},"
                                      "{\"type\":\"Feature\",\"properties\":{\"id\":\"d\"},\"geometry\":null}]}");
    assert_int_equal(strikes_fixture_read_file(self, "bad.geojson"), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "bad.geojson: feature 0: field date:0:0: date is '2022-02-30'");
    assert_reported(&self->report, UXO_ERROR, "bad.geojson: feature 0: field carriers:");
    assert_reported(&self->report, UXO_ERROR, "bad.geojson: feature 1:0:0: the report has no id");
    assert_reported(&self->report, UXO_ERROR, "bad.geojson: feature 2:0:0: a report is one point, this is LINESTRING");
    assert_reported(&self->report, UXO_ERROR,
                    "bad.geojson: feature 3:0:0: a report is one point, this is a feature without geometry");
    write_text("bad.geojson", "{\"type\":\"FeatureCollection\",\"features\":["
                              "{\"type\":\"Feature\",\"properties\":{\"ID\":\"c\"},\"geometry\":{\"type\":\"Point\","
                              "\"coordinates\":[36,50]}}]}");
    assert_int_equal(strikes_fixture_read_file(self, "bad.geojson"), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "bad.geojson:0:0: there is no field 'id'");
    assert_int_equal(strikes_fixture_read_file(self, "missing.csv"), UXO_ERR_NOINPUT);
    assert_reported(&self->report, UXO_ERROR, "scenario.yaml:20:0: cannot open 'missing.csv'");
    assert_int_equal(strikes_fixture_read_file(self, "missing.gpkg"), UXO_ERR_NOINPUT);
    assert_int_equal(strikes_fixture_read_file(self, "/tmp/.csv/../"), UXO_ERR_NOINPUT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, strikes_fixture_open, strikes_fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_column_is_read),
        TEST(csv_of_every_house_is_read),
        TEST(rows_of_one_event_are_one_strike),
        TEST(events_of_the_scenario_are_used),
        TEST(order_of_rows_does_not_matter),
        TEST(dates_with_slashes_and_midnights_are_read),
        TEST(reach_adds_variances),
        TEST(strikes_out_of_reach_are_left_out),
        TEST(lookalikes_are_pointed_out),
        TEST(many_rows_take_little_time),
        TEST(a_header_alone_is_no_hazard),
        TEST(other_columns_are_listed),
        TEST(points_of_other_formats_are_read),
        TEST(cut_names_are_completed),
        TEST(wrong_points_are_named_by_feature),
    };
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
