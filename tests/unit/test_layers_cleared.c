/* test_layers_cleared.c - cleared tasks get the area of a cell that is theirs, on ground of any class; every complaint about
 * them by its words. Ground classes: test_layers_surface.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "raster_file.h"
#include "reported.h"
#include "scratch.h"
#include "surface_reading.h"

/* Of a cell that one straight edge cuts, at most; see layers_shapes.h. */
static const double OF_A_CELL = 0.02;

static double striped(int column, int row)
{
    (void)row;
    return 1 + (column / 3) % 2;
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
    surface_reading *const self = *state;
    char text[4096];
    begin_tasks(text, sizeof text);
    add_task(text, sizeof text, "west", "\"2022-03-01\"", 110.0, 110.0, 515.0, 400.0);
    add_task(text, sizeof text, "east", "\"2022-03-02\"", 625.0, 110.0, 390.0, 400.0);
    add_task(text, sizeof text, "across", "\"2022-03-03\"", 400.0, 300.0, 2700.0, 100.0);
    end_tasks(text, sizeof text);
    surface_must_read(self, NULL, NULL, "tasks.geojson");
    assert_int_equal(self->surface.task_count, 3);
    assert_string_equal(self->surface.task[2].name, "across");
    assert_int_equal(self->surface.task[0].day, 19052);
    assert_near(surface_task_ha(self, 0), 51.5 * 0.4, 0.02);
    assert_near(surface_task_ha(self, 1), 39.0 * 0.4, 0.02);
    assert_near(surface_task_ha(self, 2), 27.0, 0.02);
    assert_near(surface_task_share(self, 0, 12, 64), 0.5, 1.01 / 255.0); /* the cell from 600 to 650 */
    assert_near(surface_task_share(self, 1, 12, 64), 0.5, 1.01 / 255.0);
    for (uint32_t kind = 0; kind < self->surface.kind_count; kind++) {
        assert_false(surface_has_task(self, kind, 0) && surface_has_task(self, kind, 1)); /* neither gap nor overlap */
    }
    assert_near(surface_task_share(self, 0, 10, 62) + surface_task_share(self, 2, 10, 62), 2.0, 0.0); /* in both */
    assert_int_equal(self->surface.tile[1].kind_count, 1); /* north-east: nothing there */
}

/* The share of ground and clearance together, where both cut a cell. */
static void tasks_on_ground(void **state)
{
    surface_reading *const self = *state;
    char text[4096];
    raster_write("fine", RASTER_UTM_37N, 300000.0, 5540000.0, 25.0, 200, 140,
                 striped); /* soft from 75 m on, every 150 m */
    begin_tasks(text, sizeof text);
    add_task(text, sizeof text, "t", "\"2022/03/01\"", 60.0, 0.0, 15.0, 3500.0);
    end_tasks(text, sizeof text);
    surface_must_read(self, "fine.asc", NULL, "tasks.geojson");
    assert_near(surface_class_share(self, 1, 1, 3), 0.5, 1.01 / 255.0); /* the cell from 50 to 100 */
    assert_near(surface_task_share(self, 0, 1, 3), 0.3, 1.01 / 128.0);
    for (uint32_t kind = 0; kind < self->surface.kind_count; kind++) {
        assert_false(self->surface.kind[kind].ground == 1 &&
                     surface_has_task(self, kind, 0)); /* all cleared ground is hard */
    }
}

static void tasks_off_and_one_cell(void **state)
{
    surface_reading *const self = *state;
    char text[4096];
    begin_tasks(text, sizeof text);
    add_task(text, sizeof text, "corner", "\"2022-03-01\"", -100.0, -100.0, 110.0, 120.0);
    add_task(text, sizeof text, "away", "\"2022-03-01\"", 9000.0, 0.0, 100.0, 100.0);
    end_tasks(text, sizeof text);
    uxo_grid_init(&self->grid, 300000.0, 5540000.0, 50.0, 1, 1);
    surface_must_read(self, NULL, NULL, "tasks.geojson");
    assert_near(surface_task_share(self, 0, 0, 0), 0.2 * 0.4, OF_A_CELL);
    assert_near(surface_task_ha(self, 1), 0.0, 0.0);
}

static void bad_tasks(void **state)
{
    surface_reading *const self = *state;
    char text[4096];
    begin_tasks(text, sizeof text);
    add_task(text, sizeof text, "a", "null", 0.0, 0.0, 100.0, 100.0);
    add_task(text, sizeof text, "b", "\"2022-02-30\"", 0.0, 0.0, 100.0, 100.0);
    add_task(text, sizeof text, "b", "\"2024-10-05\"", 0.0, 0.0, 100.0, 100.0); /* day 20001 */
    add_task(text, sizeof text, "", "\"2024-10-06\"", 0.0, 0.0, 100.0, 100.0);
    end_tasks(text, sizeof text);
    assert_int_equal(surface_read(self, NULL, NULL, "tasks.geojson"), UXO_ERR_DATA);
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
        cmocka_unit_test_setup_teardown(tasks_share_borders_and_overlap, surface_reading_open, surface_reading_close),
        cmocka_unit_test_setup_teardown(tasks_on_ground, surface_reading_open, surface_reading_close),
        cmocka_unit_test_setup_teardown(tasks_off_and_one_cell, surface_reading_open, surface_reading_close),
        cmocka_unit_test_setup_teardown(bad_tasks, surface_reading_open, surface_reading_close),
    };
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
