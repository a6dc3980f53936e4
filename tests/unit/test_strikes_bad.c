/* test_strikes_bad.c - every complaint about a strike list: its words, its line and column. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reported.h"
#include "scratch.h"
#include "strikes_fixture.h"

#define HEAD "id,lon,lat,date,event,munition,carriers,location_r95_m,heading_deg,confidence\n"

static const struct {
    const char *text, *message;
} bad[] = {
    /* the file */
    {"", "strikes.csv:0:0: the file is empty; a strike list has a header line"},
    {"\n\n \n", "strikes.csv:0:0: the file is empty"},
    {"\xFF\xFEi\0d", "strikes.csv:0:0: the file is UTF-16; save it as UTF-8"},
    {"id,lon,lat\na,\xE9,50\n", "strikes.csv:2:3: byte 0xE9 is not UTF-8 text"},
    {"id,lon,lat\n\"a,36.25,50\n", "strikes.csv:2:1: this quote is never closed"},
    {"id,lon,lat\n\"a\"b,36.25,50\n", "strikes.csv:2:4: text after a closing quote"},
    {"id,lon,lat\na\"b,36.25,50\n", "strikes.csv:2:2: a quote inside a cell"},
    /* the header */
    {"lon,lat\n36.25,50\n", "strikes.csv:1:0: there is no column 'id'"},
    {"id,lon\na,36.25\n", "strikes.csv:1:0: there are no columns 'lon' and 'lat'"},
    {"id,Lon,Lat\na,36.25,50\n", "strikes.csv:1:0: there are no columns 'lon' and 'lat'"},
    {"id,lon,lat,id\na,36.25,50,b\n", "strikes.csv:1:12: column 'id' is there twice"},
    {"id,lon,,lat\na,36.25,,50\n", "strikes.csv:1:8: column 3 has no name"},
    /* rows */
    {"id,lon,lat\na,36.25\n", "strikes.csv:2:3: the row has 2 cells, the header has 3"},
    {"id,lon,lat,carriers\na,36.25,50,{range: [1, 4]}\n",
     "the row has 5 cells, the header has 4; a cell that holds the separator has to be in double quotes"},
    {HEAD ",36.25,50,,,,,,,\n", "strikes.csv:2:1: the report has no id"},
    {HEAD "a,36.25,50,,,,,,,\nb,36.3,50,,,,,,,\na,36.25,50,,,,,,,\n",
     "strikes.csv:4:1: the id 'a' is that of line 2 already"},
    {HEAD "0123456789012345678901234567890123456789012345678901234567890123,36.25,50,,,,,,,\n",
     "strikes.csv:2:1: id has 64 bytes, at most 63 are allowed"},
    {HEAD "\"a\nb\",36.25,50,,,,,,,\n", "strikes.csv:2:1: id holds a control character or a line break"},
    /* places */
    {HEAD "a,36.25,,,,,,,,\n", "strikes.csv:2:1: the report has no place; lon and lat are both needed"},
    {HEAD "a,,,,,,,,,\n", "the report has no place; give lon and lat, or x_m and y_m"},
    {"id,x_m,y_m\na,,5540000\n", "the report has no place; x_m and y_m are both needed"},
    {"id,lon,lat,x_m,y_m\na,36.25,50,302928,5542254\n",
     "strikes.csv:2:12: a place is given by lon and lat or by x_m and y_m, not by both"},
    {"id;lon;lat\na;36,25;50\n", "strikes.csv:2:3: lon is '36,25': write the decimal point as a point, not as a comma"},
    {HEAD "a,36.25,150,,,,,,,\n", "strikes.csv:2:9: lat is 150; allowed is a latitude in degrees, -90 to 90"},
    {HEAD "a,-181,50,,,,,,,\n", "strikes.csv:2:3: lon is -181; allowed is a longitude in degrees, -180 to 180"},
    {HEAD "a,36.25E,50,,,,,,,\n", "strikes.csv:2:3: lon: '36.25E' is more than a number"},
    {HEAD "a,nan,50,,,,,,,\n", "strikes.csv:2:3: lon: 'nan' is not"},
    {HEAD "a,50,36.25,,,,,,,\n", "strikes.csv:2:3: longitude 50, latitude 36.25 lies off the grid, the other way round "
                                 "it lies on it: are the two swapped?"},
    {"id,x_m,y_m\na,1e12,5540000\n",
     "strikes.csv:2:3: x_m is 1e12; allowed is a number of metres in the grid's system"},
    /* dates */
    {HEAD "a,36.25,50,2022-02-30,,,,,,\n",
     "strikes.csv:2:12: date is '2022-02-30'; allowed is a day that exists, as 2022-02-25"},
    {HEAD "a,36.25,50,25.02.2022,,,,,,\n", "strikes.csv:2:12: date is '25.02.2022'"},
    {HEAD "a,36.25,50,2024-01-01,,,,,,\n", "strikes.csv:2:12: date 2024-01-01 is in the future"},
    /* words */
    {"id,lon,lat,evidence\na,36.25,50,creater\n", "strikes.csv:2:12: evidence is 'creater'; allowed is one of strike, "
                                                  "crater, motor, cargo, dud, other; did you mean 'crater'?"},
    {"id,lon,lat,status\na,36.25,50,sure\n",
     "strikes.csv:2:12: status is 'sure'; allowed is one of confirmed, probable, alleged"},
    /* quantities */
    {HEAD "a,36.25,50,,,rokket,,,,\n", "strikes.csv:2:14: unknown munition 'rokket'; did you mean 'rocket'?"},
    {HEAD "a,36.25,50,,,\"{rocket: 1, b52: 2}\",,,,\n", "strikes.csv:2:27: unknown munition 'b52'"},
    {HEAD "a,36.25,50,,,,0,,,\n", "strikes.csv:2:15: carriers: "},
    {HEAD "a,36.25,50,,,,2.5,,,\n", "strikes.csv:2:15: carriers: "},
    {HEAD "a,36.25,50,,,,\"{range: [4, 1]}\",,,\n", "strikes.csv:2:"},
    {HEAD "a,36.25,50,,,,\"{range: [1, 4\",,,\n", "strikes.csv:2:"},
    {HEAD "a,36.25,50,,,,\"{rnage: [1, 4]}\",,,\n", "did you mean 'range'?"},
    {HEAD "a,36.25,50,,,,\"{range: [1, 4], per: campaign}\",,,\n", "strikes.csv:2:"},
    {HEAD "a,36.25,50,,,,,\"{uniform: [50, 100], per: campaign}\",,\n",
     "strikes.csv:2:16: location_r95_m of one row cannot be drawn `per: campaign`"},
    {HEAD "a,36.25,50,,,,,-5,,\n", "strikes.csv:2:16: location_r95_m: "},
    {HEAD "a,36.25,50,,,,,,north,\n", "strikes.csv:2:17: heading_deg: "},
    {HEAD "a,36.25,50,,,,,,,90 %\n", "strikes.csv:2:18: confidence: "},
    {HEAD "a,36.25,50,,,,,,,1.5\n", "strikes.csv:2:18: confidence: "},
    {HEAD "a,36.25,50,,,,,,,\"0,9\"\n",
     "strikes.csv:2:18: confidence is '0,9': write the decimal point as a point, not as a comma"},
    /* events */
    {HEAD "a,36.25,50,2022-02-25,E,,,,,\nb,36.26,50,2022-02-26,E,,,,,\n",
     "strikes.csv:3:1: 'b' and 'a' (line 2) are one strike, 'E', but differ in date; give it once, or the same"},
    {HEAD "a,36.25,50,,E,rocket,,,,\nb,36.26,50,,E,,,,,\nc,36.26,50,,E,bomb,,,,\n",
     "strikes.csv:4:1: 'c' and 'a' (line 2) are one strike, 'E', but differ in munition"},
    {HEAD "a,36.25,50,,E,,1,,,\nb,36.26,50,,E,,2,,,\n", "but differ in carriers"},
    {HEAD "a,36.25,50,,E,,,,10,\nb,36.26,50,,E,,,,unknown,\n", "but differ in heading_deg"},
    {HEAD "a,36.25,50,,E,,,,,0.5\nb,36.26,50,,E,,,,,\"{uniform: [0.4, 0.6]}\"\n", "but differ in confidence"},
    {HEAD "a,36.25,50,,b,,,,,\nb,36.26,50,,,,,,,\n",
     "strikes.csv:2:1: event 'b' has the name of the report in line 3, which is not of it"},
};

static void every_complaint_has_its_words_and_place(void **state)
{
    strikes_fixture *const self = *state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(strikes_fixture_read(self, bad[i].text), UXO_ERR_DATA);
        assert_reported(&self->report, UXO_ERROR, bad[i].message);
        assert_int_equal(self->strikes.count, 0);
        assert_null(self->strikes.item);
    }
}

static void all_complaints_come_at_once(void **state)
{
    strikes_fixture *const self = *state;
    assert_int_equal(
        strikes_fixture_read(self,
                             HEAD "a,36.25,50,2022-02-30,,b52,0,,,\n\"x\"y\na,436.25,50,,,,,,,\nc,36.25,50,,a,,,,,\n"),
        UXO_ERR_DATA);
    assert_count(&self->report, UXO_ERROR, 7);
}

static void an_excerpt_shows_the_cell(void **state)
{
    strikes_fixture *const self = *state;
    assert_int_equal(strikes_fixture_read(self, "id,lon,lat\r\nab, 36.25x ,50\r\n"), UXO_ERR_DATA);
    assert_int_equal(self->report.item[0].place.line, 2);
    assert_int_equal(self->report.item[0].place.column, 5);
    assert_int_equal(self->report.item[0].place.width, 6);
    assert_string_equal(self->report.item[0].place.excerpt, "ab, 36.25x ,50");
}

static void dates_after_as_of_are_refused(void **state)
{
    strikes_fixture *const self = *state;
    self->source.as_of_day = 19049; /* 2022-02-26 */
    assert_int_equal(strikes_fixture_read(self, HEAD "a,36.25,50,2022-02-26,,,,,,\nb,36.35,50,2022-02-27,,,,,,\n"),
                     UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "strikes.csv:3:12: date 2022-02-27 is after run.as_of");
    assert_count(&self->report, UXO_ERROR, 1);
}

static void what_nobody_says_is_asked_for(void **state)
{
    strikes_fixture *const self = *state;
    strikes_fixture_defaults(self, "{confidence: 0.9}");
    assert_int_equal(strikes_fixture_read(self, HEAD "a,36.25,50,,,,,,,\n"), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR,
                    "strikes.csv:2:1: strike 'a' has no munition: neither the list nor strikes.defaults.munition says");
    assert_reported(&self->report, UXO_ERROR, "strikes.csv:2:1: strike 'a' has no carriers");
    assert_int_equal(strikes_fixture_read(self, HEAD "a,36.25,50,,,rocket,2,,,\n"), UXO_OK); /* places are exact then */
    assert_true(self->strikes.site[0].location_size_m.p[0] == 0.0);
    self->source.defaults = NULL;
    assert_int_equal(strikes_fixture_read(self, HEAD "a,36.25,50,,,rocket,2,,,\n"), UXO_OK);
    assert_true(self->strikes.item[0].confidence.p[0] == 1.0);
    assert_true(self->strikes.item[0].heading_unknown);
}

static void wrong_events_are_named(void **state)
{
    static const struct {
        const char *events, *message;
    } cases[] = {
        {"{E: [a, report-2]}",
         "scenario.yaml:30:13: event 'E': the strike list has no report 'report-2'; did you mean 'report-1'?"},
        {"{E: [a], F: [report-1, a]}", "report 'a' is in two events, 'F' and 'E' (both in strikes.events)"},
        {"{F: [c]}", "report 'c' is in two events, 'F' and 'E' (the one its row says)"},
        {"{F: [a, a]}", "report 'a' is twice in event 'F'"},
        {"{F: []}", "event 'F' needs a list of report ids"},
        {"{F: {munition: bomb}}", "event 'F' needs a list of report ids"},
        {"{F: {reports: [a], munition: bmb}}", "unknown munition 'bmb'; did you mean 'bomb'?"},
        {"{F: {reports: [a], carriers: 0}}", "carriers: "},
        {"{F: {reports: [a], confidence: {uniform: [0, 1], per: campaign}}}", "scenario.yaml:30:"},
        {"{a: [c]}", "report 'c' is in two events"},
        {"{report-1: [a]}",
         "strikes.csv:2:1: event 'report-1' has the name of the report in line 3, which is not of it"},
    };
    strikes_fixture *const self = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        strikes_fixture_events(self, cases[i].events);
        assert_int_equal(
            strikes_fixture_read(self, "id,lon,lat,event\na,36.25,50,\nreport-1,36.27,50,\nc,36.29,50,E\n"),
            UXO_ERR_DATA);
        assert_reported(&self->report, UXO_ERROR, cases[i].message);
    }
}

static void too_few_carriers_for_the_places(void **state)
{
    strikes_fixture *const self = *state;
    assert_int_equal(
        strikes_fixture_read(self, "id,lon,lat,event,carriers\na,36.25,50,E,2\nb,36.26,50,E,\nc,36.27,50,E,\n"),
        UXO_OK);
    assert_reported(&self->report, UXO_WARNING,
                    "strikes.csv:2:1: event 'E' has 3 reported places but at most 2 carriers");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, strikes_fixture_open, strikes_fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_complaint_has_its_words_and_place),
        TEST(all_complaints_come_at_once),
        TEST(an_excerpt_shows_the_cell),
        TEST(dates_after_as_of_are_refused),
        TEST(what_nobody_says_is_asked_for),
        TEST(wrong_events_are_named),
        TEST(too_few_carriers_for_the_places),
    };
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
