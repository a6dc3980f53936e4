/* test_walk.c - contacts on a strip: closed forms, lines on and off the grid, sums over realisations with weights. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "model_fixture.h"
#include "reported.h"
#include "surface_fixture.h"
#include "uxosim/redraw.h"
#include "uxosim/walk.h"

static const double QUANTILE[3] = {0.05, 0.5, 0.95};

/* Contacts in the first realisation, on one segment. */
static double contacts_on(const model_fixture *fixture, uxo_segment segment, double width_m)
{
    const uxo_engine_options options = {.threads = 1};
    const uxo_lines lines = {&segment, 1};
    uxo_report report;
    double contacts = NAN;
    uxo_report_init(&report);
    assert_int_equal(uxo_walk_contacts(&fixture->scenario, &options, &lines, width_m, 1, &contacts, &report), UXO_OK);
    uxo_report_free(&report);
    return contacts;
}

static double between(double low, double high, double sd)
{
    return 0.5 * (erf(high / sd / sqrt(2.0)) - erf(low / sd / sqrt(2.0)));
}

/* Rectangles of all widths: N p times the gaussian's share of each side. Strike at (500, 500), 644 x 0.16, sd 50 m east and 25 m north. */
static void a_rectangle_has_its_share(void **state)
{
    (void)state;
    static const double width[] = {0.5, 5.0, 6.25, 6.3, 24.0, 30.0, 90.0};
    model_fixture fixture;
    fixture_init(&fixture, 0.0, 0.0, 10.0, 100, 100, 10, 1);
    fixture_strike(&fixture, "s", 500.0, 500.0);
    for (size_t i = 0; i < sizeof width / sizeof *width; i++) {
        for (int k = 0; k < 4; k++) {
            const double y = 17.0 * k, w = width[i];
            const double east = contacts_on(&fixture, (uxo_segment){480.0, 500.0 + y, 570.0, 500.0 + y}, w);
            const double north = contacts_on(&fixture, (uxo_segment){500.0 - y, 700.0, 500.0 - y, 510.0}, w);
            const double densest = 644.0 * 0.16 * between(-20.0, 70.0, 50.0) * between(-w / 2, w / 2, 25.0);
            assert_near(east, 644.0 * 0.16 * between(-20.0, 70.0, 50.0) * between(y - w / 2, y + w / 2, 25.0),
                        1e-6 * densest);
            assert_near(north, 644.0 * 0.16 * between(10.0, 200.0, 25.0) * between(-y - w / 2, -y + w / 2, 50.0),
                        1e-6 * densest);
        }
    }
    fixture_free(&fixture);
}

/* The same strip, turned with the heading, has the same share. */
static void turning_both_changes_nothing(void **state)
{
    (void)state;
    const double pi = 3.14159265358979323846;
    model_fixture fixture;
    fixture_init(&fixture, 0.0, 0.0, 10.0, 100, 100, 10, 1);
    uxo_strike *const strike = fixture_strike(&fixture, "s", 500.0, 500.0);
    for (int degrees = 0; degrees < 360; degrees += 23) {
        const double bearing = pi * degrees / 180.0, c = cos(bearing), s = sin(bearing);
        strike->heading_deg = uxo_quantity_constant((double)degrees);
        /* along 60 m, from 10 m behind, 12 m to the right */
        const uxo_segment segment = {500.0 - 10.0 * s + 12.0 * c, 500.0 - 10.0 * c - 12.0 * s,
                                     500.0 + 50.0 * s + 12.0 * c, 500.0 + 50.0 * c - 12.0 * s};
        const double expected = 644.0 * 0.16 * between(-10.0, 50.0, 50.0) * between(10.0, 14.0, 25.0);
        assert_near(contacts_on(&fixture, segment, 4.0), expected, 1e-6 * expected);
    }
    fixture_free(&fixture);
}

/* 103.04 duds even on 2 ha, 100 m x 0.5 m: 0.2576 contacts; of them 0.40 x 0.13 count: 0.0133952, P = 0.01330588356. */
static void the_reference_walk(void **state)
{
    (void)state;
    const double pi = 3.14159265358979323846;
    model_fixture fixture;
    uxo_walk_risk risk;
    uxo_report report;
    uxo_report_init(&report);
    fixture_init(&fixture, 0.0, 0.0, 10.0, 100, 100, 1, 1);
    fixture_strike(&fixture, "s", 500.0, 500.0);
    fixture.munition[0].shape = UXO_SHAPE_UNIFORM_ELLIPSE;
    fixture.munition[0].pattern_along_m = uxo_quantity_constant(100.0);
    fixture.munition[0].pattern_across_m = uxo_quantity_constant(2e4 / pi / 100.0);
    const double contacts = contacts_on(&fixture, (uxo_segment){430.0, 520.0, 530.0, 520.0}, 0.5);
    assert_near(contacts, 0.2576, 1e-12);
    assert_int_equal(uxo_walk_summarise(&fixture.scenario, &contacts, NULL, 1, 0.40 * 0.13, QUANTILE, &risk, &report),
                     UXO_OK);
    assert_near(risk.contacts, 0.0133952, 1e-12);
    assert_near(risk.probability, 0.01330588356, 1e-11);
    uxo_report_free(&report);
    fixture_free(&fixture);
}

/* Share of a rectangle between two ellipses, by counting points; x along, y across the heading, from the centre. */
static double counted(double x0, double x1, double y0, double y1, double inner, double outer)
{
    enum { STEPS = 1500 };
    const double a = 80.0, b = 50.0, pi = 3.14159265358979323846;
    double points = 0.0;
    for (int i = 0; i < STEPS; i++) {
        for (int k = 0; k < STEPS; k++) {
            const double x = (x0 + (x1 - x0) * (i + 0.5) / STEPS) / a, y = (y0 + (y1 - y0) * (k + 0.5) / STEPS) / b;
            points += x * x + y * y <= outer * outer && x * x + y * y >= inner * inner;
        }
    }
    return points / STEPS / STEPS * (x1 - x0) * (y1 - y0) / (pi * a * b * (outer * outer - inner * inner));
}

/* Ovals and rings, strips of all widths that miss, touch, cross and cover them; the fixture's heading is east. */
static void ovals_have_their_share(void **state)
{
    (void)state;
    static const double strip[][4] = {/* x0, x1, y, width */ {-20.0, 30.0, 5.0, 4.0},
                                      {-100.0, 100.0, 0.0, 6.0},
                                      {-70.0, 30.0, 45.0, 20.0},
                                      {60.0, 120.0, -20.0, 50.0},
                                      {-200.0, 200.0, 0.0, 300.0},
                                      {-100.0, 100.0, 90.0, 2.0},
                                      {-95.0, -60.0, 10.0, 30.0},
                                      {-10.0, 20.0, 60.0, 10.0}};
    model_fixture fixture;
    fixture_init(&fixture, 0.0, 0.0, 10.0, 100, 100, 1, 1);
    fixture_strike(&fixture, "s", 500.0, 500.0);
    fixture.munition[0].pattern_along_m = uxo_quantity_constant(80.0);
    fixture.munition[0].pattern_across_m = uxo_quantity_constant(50.0);
    fixture.munition[0].pattern_width = uxo_quantity_constant(0.5);
    for (int ring = 0; ring < 2; ring++) {
        fixture.munition[0].shape = ring != 0 ? UXO_SHAPE_RING : UXO_SHAPE_UNIFORM_ELLIPSE;
        for (size_t i = 0; i < sizeof strip / sizeof *strip; i++) {
            const double *const s = strip[i];
            const double share =
                contacts_on(&fixture, (uxo_segment){500.0 + s[0], 500.0 + s[2], 500.0 + s[1], 500.0 + s[2]}, s[3]) /
                103.04;
            const double expected = counted(s[0], s[1], s[2] - 0.5 * s[3], s[2] + 0.5 * s[3], ring != 0 ? 0.75 : 0.0,
                                            ring != 0 ? 1.25 : 1.0);
            assert_near(share, expected, 2e-4 * (expected > 0.05 ? expected : 0.05));
        }
    }
    fixture_free(&fixture);
}

/* Threads do not show; segments add up; nothing far away is lost or added. */
static void sums_do_not_depend_on_threads(void **state)
{
    (void)state;
    enum { N = 200 };
    model_fixture fixture;
    double one[N], four[N], halves[N];
    uxo_report report;
    uxo_report_init(&report);
    fixture_init(&fixture, 0.0, 0.0, 10.0, 100, 100, N, 7);
    fixture_strike(&fixture, "s", 500.0, 500.0)->carriers = quantity_range(1.0, 5.0);
    fixture_strike(&fixture, "t", 300.0, 600.0)->confidence = uxo_quantity_constant(0.5);
    fixture_strike(&fixture, "far", 9000.0, 600.0);
    fixture.munition[0].spread_along_m = fixture.munition[0].spread_across_m = uxo_quantity_constant(40.0);
    fixture_share(&fixture, &fixture.munition[0].dud_rate, "m.dud_rate", true);
    uxo_segment whole[1] = {{200.0, 400.0, 600.0, 800.0}};
    uxo_segment parts[2] = {{200.0, 400.0, 300.0, 500.0}, {300.0, 500.0, 600.0, 800.0}};
    const uxo_lines lines = {whole, 1}, two = {parts, 2};
    const uxo_engine_options single = {.threads = 1}, several = {.threads = 4};
    assert_int_equal(uxo_walk_contacts(&fixture.scenario, &single, &lines, 2.0, N, one, &report), UXO_OK);
    assert_int_equal(uxo_walk_contacts(&fixture.scenario, &several, &lines, 2.0, N, four, &report), UXO_OK);
    assert_int_equal(uxo_walk_contacts(&fixture.scenario, &several, &two, 2.0, N, halves, &report), UXO_OK);
    assert_memory_equal(one, four, sizeof one);
    for (int r = 0; r < N; r++) {
        assert_near(one[r], halves[r], 1e-9 * (1.0 + one[r]));
    }
    uxo_report_free(&report);
    fixture_free(&fixture);
}

/* Weights of 0, 1, 2 are realisations left out, kept, and there twice: means and quantiles are those of the table so written out, and the
 * errors those of Kish's number. */
static void weights_are_repeats(void **state)
{
    (void)state;
    enum { N = 300 };
    double contacts[N], weight[N], repeated[2 * N];
    size_t count = 0;
    uxo_walk_risk weighted, plain;
    model_fixture fixture;
    uxo_report report;
    uxo_report_init(&report);
    fixture_init(&fixture, 0.0, 0.0, 10.0, 10, 10, N, 7);
    fixture_strike(&fixture, "s", 50.0, 50.0);
    for (int r = 0; r < N; r++) {
        contacts[r] = 0.01 * (double)(r * 37 % 101);
        weight[r] = (double)(r % 3);
        for (int k = 0; k < r % 3; k++) {
            repeated[count++] = contacts[r];
        }
    }
    assert_int_equal(uxo_walk_summarise(&fixture.scenario, contacts, weight, N, 1.0, QUANTILE, &weighted, &report),
                     UXO_OK);
    assert_int_equal(
        uxo_walk_summarise(&fixture.scenario, repeated, NULL, (uint32_t)count, 1.0, QUANTILE, &plain, &report), UXO_OK);
    assert_near(weighted.probability, plain.probability, 1e-14);
    assert_near(weighted.contacts, plain.contacts, 1e-14);
    for (int i = 0; i < 3; i++) {
        assert_true(weighted.quantile[i] == plain.quantile[i]);
    }
    assert_near(weighted.effective, 300.0 * 300.0 / 500.0, 1e-9); /* (100 + 200)^2 / (100 + 400) */
    assert_near(weighted.probability_se, plain.probability_se * sqrt(300.0 / 180.0), 0.01 * plain.probability_se);
    uxo_report_free(&report);
    fixture_free(&fixture);
}

/* P(at least one) is a mean of probabilities, not that of the mean: with one certain strike in ten realisations a tenth, not 1 - exp(-0.1 n). */
static void not_from_the_mean(void **state)
{
    (void)state;
    const double contacts[10] = {50.0};
    uxo_walk_risk risk;
    model_fixture fixture;
    uxo_report report;
    uxo_report_init(&report);
    fixture_init(&fixture, 0.0, 0.0, 10.0, 10, 10, 10, 7);
    fixture_strike(&fixture, "s", 50.0, 50.0);
    assert_int_equal(uxo_walk_summarise(&fixture.scenario, contacts, NULL, 10, 1.0, QUANTILE, &risk, &report), UXO_OK);
    assert_near(risk.probability, 0.1, 1e-12);
    assert_near(risk.contacts, 5.0, 1e-12);
    assert_near(risk.probability_se, sqrt(0.1 * 0.9 / 9.0), 1e-12);
    assert_true(risk.quantile[0] == 0.0 && risk.quantile[1] == 0.0);
    assert_int_equal(uxo_walk_summarise(&fixture.scenario, contacts + 1, NULL, 9, 1.0, QUANTILE, &risk, &report),
                     UXO_OK);
    assert_true(risk.probability == 0.0 && risk.probability_se > 0.1); /* nothing met in nine is no proof of nothing */
    fixture.scenario.strikes.count = 0;
    assert_int_equal(uxo_walk_summarise(&fixture.scenario, contacts + 1, NULL, 9, 1.0, QUANTILE, &risk, &report),
                     UXO_OK);
    assert_true(risk.probability == 0.0 && risk.probability_se == 0.0);
    uxo_report_free(&report);
    fixture_free(&fixture);
}

static void lines_are_cut_at_the_grid(void **state)
{
    (void)state;
    uxo_grid grid;
    uxo_grid_init(&grid, 0.0, 0.0, 10.0, 10, 5);
    uxo_segment segment[] = {{-50.0, 25.0, 150.0, 25.0}, {20.0, 20.0, 30.0, 20.0},  {-10.0, -10.0, -20.0, 60.0},
                             {50.0, -50.0, 50.0, 25.0},  {-10.0, 40.0, 10.0, 60.0}, {90.0, 0.0, 110.0, 20.0}};
    uxo_lines lines = {segment, sizeof segment / sizeof *segment};
    uxo_lines_clip(&lines, &grid);
    assert_int_equal(lines.count, 4);
    assert_near(uxo_lines_length_m(&lines), 100.0 + 10.0 + 25.0 + sqrt(200.0), 1e-9);
    assert_near(segment[0].x0_m, 0.0, 1e-12);
    assert_near(segment[0].x1_m, 100.0, 1e-12);
}

/* Pieces that lie in one cell each and are together what they were cut from; along borders, through corners, backwards. */
static void lines_are_cut_at_cells(void **state)
{
    (void)state;
    static const uxo_segment whole[] = {
        {500003.0, 5500001.0, 500057.3, 5500033.9}, {500060.0, 5500040.0, 500000.0, 5500000.0},
        {500010.0, 5500005.0, 500010.0, 5500045.0}, {500030.0, 5500020.0, 500005.0, 5500020.0},
        {500001.0, 5500001.0, 500002.0, 5500001.0}, {500000.0, 5500000.0, 500060.0, 5500060.0}};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        uxo_grid grid;
        uxo_grid_init(&grid, 500000.0, 5500000.0, 10.0, 6, 6);
        uxo_lines lines = {malloc(sizeof *lines.segment), 1};
        lines.segment[0] = whole[i];
        assert_true(uxo_lines_cut(&lines, &grid));
        assert_near(uxo_lines_length_m(&lines), uxo_segment_length_m(&whole[i]), 1e-6);
        assert_true(lines.count < 16);
        for (size_t s = 0; s < lines.count; s++) {
            const uxo_segment *const piece = &lines.segment[s];
            const double x = 0.5 * (piece->x0_m + piece->x1_m), y = 0.5 * (piece->y0_m + piece->y1_m);
            const double west = floor((x - 500000.0) / 10.0 + 1e-7) * 10.0 + 500000.0;
            const double south = floor((y - 5500000.0) / 10.0 + 1e-7) * 10.0 + 5500000.0;
            assert_true(fmin(piece->x0_m, piece->x1_m) > west - 1e-5 &&
                        fmax(piece->x0_m, piece->x1_m) < west + 10.0 + 1e-5);
            assert_true(fmin(piece->y0_m, piece->y1_m) > south - 1e-5 &&
                        fmax(piece->y0_m, piece->y1_m) < south + 10.0 + 1e-5);
        }
        uxo_lines_free(&lines);
    }
}

/* With a surface: a walk along the middle of a row of cells, as wide as they are, meets what the tile drawn again expects there. */
static void the_ground_counts_by_cell(void **state)
{
    (void)state;
    enum { N = 60, ROW = 17 };
    model_fixture fixture;
    uxo_report report;
    double contacts[N];
    float *const tile = malloc((size_t)N * UXO_TILE_CELLS * sizeof *tile);
    const uxo_engine_options options = {.threads = 2};
    uxo_report_init(&report);
    assert_non_null(tile);
    fixture_init(&fixture, 0.0, 0.0, 10.0, 64, 64, N, 3);
    fixture_strike(&fixture, "s", 300.0, 460.0)->carriers = quantity_range(1.0, 4.0);
    fixture_strike(&fixture, "t", 200.0, 440.0)->day = 20000; /* after the clearance */
    fixture.munition[0].spread_along_m = uxo_quantity_constant(60.0);
    surface_patchwork(&fixture, 19000);
    fixture.strike[0].day = 18000;
    const double y_m = uxo_grid_y_m(&fixture.scenario.grid, ROW);
    uxo_segment row = {0.0, y_m, 640.0, y_m};
    const uxo_lines lines = {&row, 1};
    assert_int_equal(uxo_walk_contacts(&fixture.scenario, &options, &lines, 10.0, N, contacts, &report), UXO_OK);
    assert_int_equal(uxo_redraw_tile(&fixture.scenario, &options, 0, N, 0, 0, tile, &report), UXO_OK);
    double all = 0.0, off = 0.0;
    for (size_t r = 0; r < N; r++) {
        double expected = 0.0;
        for (size_t c = 0; c < UXO_TILE; c++) {
            expected += (double)tile[r * UXO_TILE_CELLS + ROW * UXO_TILE + c];
        }
        all += expected;
        off += fabs(contacts[r] - expected);
    }
    assert_true(all > 0.5 * N);
    assert_true(off < 2e-3 * all); /* the map's gaussians are means over cells by a second moment */
    fixture.scenario.surface.given = false;
    double plain[N];
    assert_int_equal(uxo_walk_contacts(&fixture.scenario, &options, &lines, 10.0, N, plain, &report), UXO_OK);
    double difference = 0.0;
    for (int r = 0; r < N; r++) {
        difference += fabs(plain[r] - contacts[r]);
    }
    assert_true(difference > 0.1 * all);
    fixture.scenario.surface.given = true;
    uxo_surface_free(&fixture.scenario.surface);
    free(tile);
    uxo_report_free(&report);
    fixture_free(&fixture);
}

/* Lines of several kinds, in degrees, become segments on the grid; other geometries are refused by feature. */
static void lines_are_read(void **state)
{
    (void)state;
    uxo_crs *crs = NULL;
    uxo_report report;
    uxo_lines lines;
    uxo_report_init(&report);
    assert_int_equal(uxo_crs_open(&crs, "EPSG:32637", NULL, &report), UXO_OK);
    write_text("walk_lines.geojson", "{\"type\":\"FeatureCollection\",\"features\":["
                                     "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"LineString\","
                                     "\"coordinates\":[[36.2,50,7],[36.2,50.01,7],"
                                     "[36.2,50.01,8]]}},"
                                     "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":"
                                     "\"MultiLineString\",\"coordinates\":[[[36.3,50],[36.31,50]],"
                                     "[[36.4,50],[36.41,50],[36.42,50]]]}}]}");
    assert_int_equal(uxo_lines_read(&lines, crs, "walk_lines.geojson", NULL, &report), UXO_OK);
    assert_int_equal(lines.count, 4);
    assert_near(uxo_segment_length_m(&lines.segment[0]), 1112.4, 1.5); /* 0.01 degrees of latitude */
    assert_near(uxo_segment_length_m(&lines.segment[1]), 717.0, 1.5);
    uxo_lines_free(&lines);
    write_text("walk_lines.geojson",
               "{\"type\":\"FeatureCollection\",\"features\":["
               "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Point\",\"coordinates\":[36.2,50]}},"
               "{\"type\":\"Feature\",\"properties\":{},\"geometry\":null}]}");
    assert_int_equal(uxo_lines_read(&lines, crs, "walk_lines.geojson", NULL, &report), UXO_ERR_DATA);
    assert_reported(&report, UXO_ERROR, "walk_lines.geojson: feature 0:0:0: a walk is a line, this is POINT");
    assert_reported(&report, UXO_ERROR,
                    "walk_lines.geojson: feature 1:0:0: a walk is a line, this is a feature without geometry");
    uxo_lines_free(&lines);
    write_text("walk_lines.geojson", "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"LineString\","
                                     "\"coordinates\":[[36.2,50],[36.2,50]]}}");
    assert_int_equal(uxo_lines_read(&lines, crs, "walk_lines.geojson", NULL, &report), UXO_ERR_DATA);
    assert_reported(&report, UXO_ERROR, "holds no line of any length");
    uxo_lines_free(&lines);
    remove("walk_lines.geojson");
    uxo_crs_free(crs);
    uxo_report_free(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_rectangle_has_its_share),
                                       cmocka_unit_test(turning_both_changes_nothing),
                                       cmocka_unit_test(the_reference_walk),
                                       cmocka_unit_test(ovals_have_their_share),
                                       cmocka_unit_test(sums_do_not_depend_on_threads),
                                       cmocka_unit_test(weights_are_repeats),
                                       cmocka_unit_test(not_from_the_mean),
                                       cmocka_unit_test(lines_are_cut_at_the_grid),
                                       cmocka_unit_test(lines_are_cut_at_cells),
                                       cmocka_unit_test(the_ground_counts_by_cell),
                                       cmocka_unit_test(lines_are_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
