/* test_layers_surface.c - ground classes and clearance get the area of a cell that is theirs, whatever the source's cells,
 * rings and system. */
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

#include "uxosim/layers.h"

#define CRS_37N "\"crs\": {\"type\": \"name\", \"properties\": {\"name\": \"urn:ogc:def:crs:EPSG::32637\"}}"

/* Of a cell that one straight edge cuts, at most; see layers_shapes.h. */
static const double OF_A_CELL = 0.02;

typedef struct fixture {
    uxo_crs *crs;
    uxo_grid grid;
    uxo_report report;
    uxo_surface surface;
} fixture;

static int open_fixture(void **state)
{
    fixture *const self = calloc(1, sizeof *self);
    uxo_report_init(&self->report);
    assert_int_equal(uxo_crs_open(&self->crs, "EPSG:32637", NULL, &self->report), UXO_OK);
    uxo_grid_init(&self->grid, 300000.0, 5540000.0, 50.0, 100, 70); /* 5000 m x 3500 m, two tiles either way */
    *state = self;
    return 0;
}

static int close_fixture(void **state)
{
    fixture *const self = *state;
    uxo_surface_free(&self->surface);
    uxo_surface_free(&self->surface);
    uxo_report_free(&self->report);
    uxo_crs_free(self->crs);
    free(self);
    return 0;
}

/* An ESRI ASCII grid in the grid's system; values by column and row, row 0 north. */
static void write_raster(const char *name, const char *system, double x0, double y0, double size, int columns, int rows,
                         int (*value)(int, int))
{
    char file[64];
    snprintf(file, sizeof file, "%s.asc", name);
    FILE *const out = fopen(file, "w");
    assert_non_null(out);
    fprintf(out, "ncols %d\nnrows %d\nxllcorner %.12f\nyllcorner %.12f\ncellsize %.15f\nNODATA_value -1\n", columns,
            rows, x0, y0, size);
    for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
            fprintf(out, "%d ", value(column, row));
        }
        fputc('\n', out);
    }
    assert_int_equal(fclose(out), 0);
    snprintf(file, sizeof file, "%s.prj", name);
    write_text(file, system);
}

static const char utm[] =
    "PROJCS[\"WGS 84 / UTM zone 37N\",GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],"
    "PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],"
    "PARAMETER[\"latitude_of_origin\",0],PARAMETER[\"central_meridian\",39],PARAMETER[\"scale_factor\",0.9996],"
    "PARAMETER[\"false_easting\",500000],PARAMETER[\"false_northing\",0],UNIT[\"metre\",1]]";
static const char geographic[] =
    "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],"
    "UNIT[\"degree\",0.0174532925199433]]";

static void add_class(fixture *self, const char *name)
{
    uxo_ground_class *const larger = realloc(self->surface.ground, (self->surface.ground_count + 1) * sizeof *larger);
    assert_non_null(larger);
    self->surface.ground = larger;
    larger[self->surface.ground_count++] =
        (uxo_ground_class){.name = strdup(name), .log_odds = uxo_quantity_constant(0.0)};
}

/* Classes hard (the reference, value 1) and soft (value 2, and words of the same name). */
static uxo_status read_surface(fixture *self, const char *ground_file, const char *field, const char *cleared_file)
{
    static const char *const value[] = {"1", "2"};
    static const char *const word[] = {"hard", "soft"};
    static const uint32_t class_of[] = {0, 1};
    const uxo_quantity whole = uxo_quantity_constant(1.0), most = uxo_quantity_constant(0.9);
    const uxo_ground_source ground = {.file = ground_file,
                                      .field = field,
                                      .value = field != NULL ? word : value,
                                      .class_of = class_of,
                                      .value_count = 2,
                                      .place = {.file = "scenario.yaml", .line = 7}};
    const uxo_cleared_source cleared = {.file = cleared_file,
                                        .date_field = "D",
                                        .name_field = "N",
                                        .coverage = &whole,
                                        .detection = &most,
                                        .as_of_day = 20000,
                                        .today = 20001,
                                        .place = {.file = "scenario.yaml", .line = 9}};
    uxo_report_free(&self->report);
    uxo_surface_free(&self->surface);
    add_class(self, "hard");
    if (ground_file != NULL) {
        add_class(self, "soft");
    }
    return uxo_surface_read(&self->surface, self->crs, &self->grid, ground_file != NULL ? &ground : NULL,
                            cleared_file != NULL ? &cleared : NULL, &self->report);
}

static void must_read(fixture *self, const char *ground_file, const char *field, const char *cleared_file)
{
    if (read_surface(self, ground_file, field, cleared_file) != UXO_OK) {
        uxo_report_print(&self->report, 0, 20, stderr);
        fail();
    }
    assert_true(self->surface.given);
    assert_int_equal(self->surface.kind[0].ground, 0);
    assert_int_equal(self->surface.kind[0].task_count, 0);
}

/* Weight of a kind at a cell, and all there is to be said about a tile. */
static uint32_t weight_of(const fixture *self, uint32_t kind, uint32_t ix, uint32_t iy)
{
    const uxo_surface_tile *const tile = &self->surface.tile[uxo_grid_tile_of(&self->grid, ix, iy)];
    const uint32_t cell = uxo_grid_cell_in_tile(ix, iy);
    uint32_t sum = 0, wanted = 0;
    if (tile->kind_count == 1) {
        return tile->kind[0] == kind ? 255 : 0;
    }
    for (uint32_t i = 0; i < tile->kind_count; i++) {
        const uint32_t weight = tile->weight[(size_t)i * UXO_TILE_CELLS + cell];
        assert_true(i == 0 || tile->kind[i] > tile->kind[i - 1]);
        sum += weight;
        wanted += tile->kind[i] == kind ? weight : 0;
    }
    assert_int_equal(sum, 255);
    return wanted;
}

static bool has_task(const fixture *self, uint32_t kind, uint32_t task)
{
    const uxo_surface_kind *const of = &self->surface.kind[kind];
    bool found = false;
    for (uint32_t i = 0; i < of->task_count; i++) {
        found = found || self->surface.task_of_kind[of->first_task + i] == task;
    }
    return found;
}

/* Share of a cell that is of a class, or lies in a task (all classes). */
static double class_share(const fixture *self, uint32_t class, uint32_t ix, uint32_t iy)
{
    uint32_t sum = 0;
    for (uint32_t kind = 0; kind < self->surface.kind_count; kind++) {
        sum += self->surface.kind[kind].ground == class ? weight_of(self, kind, ix, iy) : 0;
    }
    return (double)sum / 255.0;
}

static double task_share(const fixture *self, uint32_t task, uint32_t ix, uint32_t iy)
{
    uint32_t sum = 0;
    for (uint32_t kind = 0; kind < self->surface.kind_count; kind++) {
        sum += has_task(self, kind, task) ? weight_of(self, kind, ix, iy) : 0;
    }
    return (double)sum / 255.0;
}

static double class_ha(const fixture *self, uint32_t class)
{
    double sum = 0.0;
    for (uint32_t iy = 0; iy < self->grid.ny; iy++) {
        for (uint32_t ix = 0; ix < self->grid.nx; ix++) {
            sum += class_share(self, class, ix, iy) * uxo_grid_cell_ha(&self->grid);
        }
    }
    assert_near(sum, self->surface.ground[class].area_ha, 1e-9 * (1.0 + sum));
    return sum;
}

static double task_ha(const fixture *self, uint32_t task)
{
    double sum = 0.0;
    for (uint32_t iy = 0; iy < self->grid.ny; iy++) {
        for (uint32_t ix = 0; ix < self->grid.nx; ix++) {
            sum += task_share(self, task, ix, iy) * uxo_grid_cell_ha(&self->grid);
        }
    }
    assert_near(sum, self->surface.task[task].area_ha, 1e-9 * (1.0 + sum));
    return sum;
}

static int chequered(int column, int row)
{
    return 1 + (column + row) % 2;
}

static int striped(int column, int row)
{
    (void)row;
    return 1 + (column / 3) % 2;
}

static int with_holes(int column, int row)
{
    return column < 40 ? -1 : row == 0 && column == 41 ? 77 : 1 + (column + row) % 2;
}

/* Source cells of half a grid cell: a quarter of the cell each, two of them soft. */
static void finer_raster(void **state)
{
    fixture *const self = *state;
    write_raster("fine", utm, 300000.0, 5540000.0, 25.0, 200, 140, chequered);
    must_read(self, "fine.asc", NULL, NULL);
    assert_count(&self->report, UXO_WARNING, 0);
    for (uint32_t i = 0; i < 60; i++) {
        assert_near(class_share(self, 1, i, i), 0.5, 1.01 / 255.0);
    }
    assert_int_equal(self->surface.kind_count, 2);
}

/* Source cells that neither fit the grid's nor lie along them in whole numbers: borders of stripes fall anywhere. */
static void unaligned_raster(void **state)
{
    fixture *const self = *state;
    write_raster("offset", utm, 299990.0, 5539983.0, 37.0, 140, 97, striped);
    must_read(self, "offset.asc", NULL, NULL);
    for (uint32_t ix = 0; ix < self->grid.nx; ix++) {
        double soft = 0.0; /* exactly, by intervals */
        for (int stripe = 0; stripe < 24; stripe++) {
            const double low = 299990.0 + 37.0 * (6 * stripe + 3), high = low + 3 * 37.0;
            const double from = fmax(low, 300000.0 + 50.0 * ix), to = fmin(high, 300000.0 + 50.0 * (ix + 1));
            soft += to > from ? (to - from) / 50.0 : 0.0;
        }
        assert_near(class_share(self, 1, ix, 5), soft, 1.01 / 128.0);
    }
}

/* 1" cells of another system; the whole is conserved and the border lies where PROJ has it. */
static void geographic_raster(void **state)
{
    fixture *const self = *state;
    double lon[2], lat;
    assert_true(uxo_crs_unproject(self->crs, 299500.0, 5539500.0, &lon[0], &lat));
    write_raster("degrees", geographic, lon[0], lat, 0.0005, 200, 100, striped);
    must_read(self, "degrees.asc", NULL, NULL);
    double hits = 0.0, cells = 0.0;
    for (uint32_t iy = 0; iy < self->grid.ny; iy += 3) {
        for (uint32_t ix = 0; ix < self->grid.nx; ix++) {
            double at[2];
            assert_true(uxo_crs_unproject(self->crs, uxo_grid_x_m(&self->grid, ix), uxo_grid_y_m(&self->grid, iy),
                                          &at[0], &at[1]));
            const double column = (at[0] - lon[0]) / 0.0005, inside = fmod(column, 3.0);
            if (inside > 0.75 && inside < 2.25) { /* half a cell is 0.7 source cells at most */
                const double expected = (int)(column / 3.0) % 2 == 1 ? 1.0 : 0.0;
                hits += class_share(self, 1, ix, iy) == expected;
                cells += 1.0;
            }
        }
    }
    assert_true(cells > 500.0);
    assert_near(hits, cells, 0.5);
}

static void holes_and_unknown_values(void **state)
{
    fixture *const self = *state;
    write_raster("holes", utm, 300000.0, 5540000.0, 50.0, 100, 70, with_holes);
    assert_int_equal(read_surface(self, "holes.asc", NULL, NULL), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "'holes.asc' holds 77 on the grid");
    assert_count(&self->report, UXO_WARNING, 0);
    uxo_grid_init(&self->grid, 300000.0, 5540000.0, 50.0, 100, 69); /* without the row that has it */
    must_read(self, "holes.asc", NULL, NULL);
    assert_reported(
        &self->report, UXO_WARNING,
        "40 % of the grid (690 ha) has no class in 'holes.asc' (no data, or outside it) and counts as 'hard'");
    assert_near(class_ha(self, 1), 0.25 * 30 * 69, 1e-9);
    uxo_grid_init(&self->grid, 300000.0, 5540000.0, 50.0, 41, 70); /* the value lies beyond the eastern edge */
    must_read(self, "holes.asc", NULL, NULL);
    uxo_grid_init(&self->grid, 300000.0, 5540000.0, 50.0, 100, 69);
    write_raster("away", utm, 310000.0, 5540000.0, 50.0, 10, 10, chequered);
    assert_int_equal(read_surface(self, "away.asc", NULL, NULL), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "covers nothing of the grid");
}

/* A square of 1000 m with a hole of 300 m, turned by 0.3 rad, and one that overlaps it: the first has what they share. */
static void polygons_with_holes(void **state)
{
    fixture *const self = *state;
    char text[4096];
    const double c = cos(0.3), s = sin(0.3);
    size_t used =
        (size_t)snprintf(text, sizeof text,
                         "{\"type\": \"FeatureCollection\", " CRS_37N ", \"features\": [{\"type\": \"Feature\", "
                         "\"properties\": {\"C\": \"soft\"}, \"geometry\": {\"type\": \"Polygon\", "
                         "\"coordinates\": [");
    for (int ring = 0; ring < 2; ring++) {
        const double half = ring == 0 ? 500.0 : 150.0;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s[", ring > 0 ? "," : "");
        for (int i = 0; i < 5; i++) {
            const double x = (i == 1 || i == 2 ? half : -half), y = (i == 2 || i == 3 ? half : -half);
            used += (size_t)snprintf(text + used, sizeof text - used, "%s[%.9f, %.9f]", i > 0 ? "," : "",
                                     302017.0 + c * x - s * y, 5541713.0 + s * x + c * y);
        }
        used += (size_t)snprintf(text + used, sizeof text - used, "]");
    }
    snprintf(text + used, sizeof text - used,
             "]}}, {\"type\": \"Feature\", \"properties\": {\"C\": \"hard\"}, \"geometry\": {\"type\": \"Polygon\", "
             "\"coordinates\": [[[302017, 5540000], [302017, 5543500], [305000, 5543500], [305000, 5540000], "
             "[302017, 5540000]]]}}]}");
    write_text("polygons.geojson", text);
    must_read(self, "polygons.geojson", "C", NULL);
    assert_near(class_ha(self, 1), 100.0 - 9.0, 0.1);
    assert_reported(&self->report, UXO_WARNING, "counts as 'hard', the reference class");
    assert_near(class_share(self, 1, 40, 35), 0.0, 0.0); /* in the hole */
    assert_near(class_share(self, 1, 47, 35), 1.0, 0.0); /* in the square and in the other polygon */
}

static void unknown_words(void **state)
{
    fixture *const self = *state;
    write_text(
        "words.geojson",
        "{\"type\": \"FeatureCollection\", " CRS_37N ", \"features\": [{\"type\": \"Feature\", \"properties\": "
        "{\"C\": \"marsh\"}, \"geometry\": {\"type\": \"Polygon\", \"coordinates\": [[[300000, 5540000], [300100, "
        "5540000], [300100, 5540100], [300000, 5540000]]]}}]}");
    assert_int_equal(read_surface(self, "words.geojson", "C", NULL), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR,
                    "the field 'C' of 'words.geojson' holds 'marsh', which layers.ground.classes does not name");
    assert_int_equal(read_surface(self, "words.geojson", "K", NULL), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "has no field 'K'");
}

/* A rectangle as a task; corner and size in metres from the grid's south-west corner. */
static void add_task(char *text, size_t size, const char *name, const char *date, double x, double y, double width,
                     double height)
{
    const size_t used = strlen(text);
    const double w = 300000.0 + x, s = 5540000.0 + y, e = w + width, n = s + height;
    snprintf(text + used, size - used,
             "%s{\"type\": \"Feature\", \"properties\": {\"N\": \"%s\", \"D\": %s}, \"geometry\": {\"type\": "
             "\"Polygon\", \"coordinates\": [[[%.6f, %.6f], [%.6f, %.6f], [%.6f, %.6f], [%.6f, %.6f], [%.6f, %.6f]]]}}",
             text[used - 1] == '[' ? "" : ",", name, date, w, s, e, s, e, n, w, n, w, s);
}

static void begin_tasks(char *text, size_t size)
{
    snprintf(text, size, "{\"type\": \"FeatureCollection\", " CRS_37N ", \"features\": [");
}

static void end_tasks(char *text, size_t size)
{
    snprintf(text + strlen(text), size - strlen(text), "]}");
    write_text("tasks.geojson", text);
}

/* Two tasks with a common border that runs through cells, and a third across both. */
static void tasks_share_borders_and_overlap(void **state)
{
    fixture *const self = *state;
    char text[4096];
    begin_tasks(text, sizeof text);
    add_task(text, sizeof text, "west", "\"2022-03-01\"", 110.0, 110.0, 515.0, 400.0);
    add_task(text, sizeof text, "east", "\"2022-03-02\"", 625.0, 110.0, 390.0, 400.0);
    add_task(text, sizeof text, "across", "\"2022-03-03\"", 400.0, 300.0, 2700.0, 100.0);
    end_tasks(text, sizeof text);
    must_read(self, NULL, NULL, "tasks.geojson");
    assert_int_equal(self->surface.task_count, 3);
    assert_string_equal(self->surface.task[2].name, "across");
    assert_int_equal(self->surface.task[0].day, 19052);
    assert_near(task_ha(self, 0), 51.5 * 0.4, 0.02);
    assert_near(task_ha(self, 1), 39.0 * 0.4, 0.02);
    assert_near(task_ha(self, 2), 27.0, 0.02);
    assert_near(task_share(self, 0, 12, 64), 0.5, 1.01 / 255.0); /* the cell from 600 to 650 */
    assert_near(task_share(self, 1, 12, 64), 0.5, 1.01 / 255.0);
    for (uint32_t kind = 0; kind < self->surface.kind_count; kind++) {
        assert_false(has_task(self, kind, 0) && has_task(self, kind, 1)); /* neither gap nor overlap */
    }
    assert_near(task_share(self, 0, 10, 62) + task_share(self, 2, 10, 62), 2.0, 0.0); /* in both */
    assert_int_equal(self->surface.tile[1].kind_count, 1);                            /* north-east: nothing there */
}

/* The share of ground and clearance together, where both cut a cell. */
static void tasks_on_ground(void **state)
{
    fixture *const self = *state;
    char text[4096];
    write_raster("fine", utm, 300000.0, 5540000.0, 25.0, 200, 140, striped); /* soft from 75 m on, every 150 m */
    begin_tasks(text, sizeof text);
    add_task(text, sizeof text, "t", "\"2022/03/01\"", 60.0, 0.0, 15.0, 3500.0);
    end_tasks(text, sizeof text);
    must_read(self, "fine.asc", NULL, "tasks.geojson");
    assert_near(class_share(self, 1, 1, 3), 0.5, 1.01 / 255.0); /* the cell from 50 to 100 */
    assert_near(task_share(self, 0, 1, 3), 0.3, 1.01 / 128.0);
    for (uint32_t kind = 0; kind < self->surface.kind_count; kind++) {
        assert_false(self->surface.kind[kind].ground == 1 && has_task(self, kind, 0)); /* all cleared ground is hard */
    }
}

static void tasks_off_and_one_cell(void **state)
{
    fixture *const self = *state;
    char text[4096];
    begin_tasks(text, sizeof text);
    add_task(text, sizeof text, "corner", "\"2022-03-01\"", -100.0, -100.0, 110.0, 120.0);
    add_task(text, sizeof text, "away", "\"2022-03-01\"", 9000.0, 0.0, 100.0, 100.0);
    end_tasks(text, sizeof text);
    uxo_grid_init(&self->grid, 300000.0, 5540000.0, 50.0, 1, 1);
    must_read(self, NULL, NULL, "tasks.geojson");
    assert_near(task_share(self, 0, 0, 0), 0.2 * 0.4, OF_A_CELL);
    assert_near(task_ha(self, 1), 0.0, 0.0);
}

static void bad_tasks(void **state)
{
    fixture *const self = *state;
    char text[4096];
    begin_tasks(text, sizeof text);
    add_task(text, sizeof text, "a", "null", 0.0, 0.0, 100.0, 100.0);
    add_task(text, sizeof text, "b", "\"2022-02-30\"", 0.0, 0.0, 100.0, 100.0);
    add_task(text, sizeof text, "b", "\"2024-10-05\"", 0.0, 0.0, 100.0, 100.0); /* day 20001 */
    add_task(text, sizeof text, "", "\"2024-10-06\"", 0.0, 0.0, 100.0, 100.0);
    end_tasks(text, sizeof text);
    assert_int_equal(read_surface(self, NULL, NULL, "tasks.geojson"), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "tasks.geojson: feature 0:0:0: the task has no date");
    assert_reported(&self->report, UXO_ERROR, "feature 1:0:0: the date is '2022-02-30'; allowed is a day that exists");
    assert_reported(&self->report, UXO_ERROR, "feature 2:0:0: the date 2024-10-05 is after run.as_of");
    assert_reported(&self->report, UXO_ERROR, "feature 2:0:0: the name 'b' is that of feature 1 already");
    assert_reported(&self->report, UXO_ERROR, "feature 3:0:0: the task has no name");
    assert_reported(&self->report, UXO_ERROR, "feature 3:0:0: the date 2024-10-06 is in the future");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finer_raster, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(unaligned_raster, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(geographic_raster, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(holes_and_unknown_values, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(polygons_with_holes, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(unknown_words, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(tasks_share_borders_and_overlap, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(tasks_on_ground, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(tasks_off_and_one_cell, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(bad_tasks, open_fixture, close_fixture),
    };
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
