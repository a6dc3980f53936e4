/* test_layers_surface.c - ground classes get the area of a cell that is theirs, whatever the source's cells, rings and system.
 * Clearance: test_layers_cleared.c. */
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

static double chequered(int column, int row)
{
    return 1 + (column + row) % 2;
}

static double striped(int column, int row)
{
    (void)row;
    return 1 + (column / 3) % 2;
}

static double with_holes(int column, int row)
{
    return column < 40 ? -1 : row == 0 && column == 41 ? 77 : 1 + (column + row) % 2;
}

/* Source cells of half a grid cell: a quarter of the cell each, two of them soft. */
static void finer_raster(void **state)
{
    surface_reading *const self = *state;
    raster_write("fine", RASTER_UTM_37N, 300000.0, 5540000.0, 25.0, 200, 140, chequered);
    surface_must_read(self, "fine.asc", NULL, NULL);
    assert_count(&self->report, UXO_WARNING, 0);
    for (uint32_t i = 0; i < 60; i++) {
        assert_near(surface_class_share(self, 1, i, i), 0.5, 1.01 / 255.0);
    }
    assert_int_equal(self->surface.kind_count, 2);
}

/* Source cells that neither fit the grid's nor lie along them in whole numbers: borders of stripes fall anywhere. */
static void unaligned_raster(void **state)
{
    surface_reading *const self = *state;
    raster_write("offset", RASTER_UTM_37N, 299990.0, 5539983.0, 37.0, 140, 97, striped);
    surface_must_read(self, "offset.asc", NULL, NULL);
    for (uint32_t ix = 0; ix < self->grid.nx; ix++) {
        double soft = 0.0; /* exactly, by intervals */
        for (int stripe = 0; stripe < 24; stripe++) {
            const double low = 299990.0 + 37.0 * (6 * stripe + 3), high = low + 3 * 37.0;
            const double from = fmax(low, 300000.0 + 50.0 * ix), to = fmin(high, 300000.0 + 50.0 * (ix + 1));
            soft += to > from ? (to - from) / 50.0 : 0.0;
        }
        assert_near(surface_class_share(self, 1, ix, 5), soft, 1.01 / 128.0);
    }
}

/* 1" cells of another system; the whole is conserved and the border lies where PROJ has it. */
static void geographic_raster(void **state)
{
    surface_reading *const self = *state;
    double lon[2], lat;
    assert_true(uxo_crs_unproject(self->crs, 299500.0, 5539500.0, &lon[0], &lat));
    raster_write("degrees", RASTER_GEOGRAPHIC, lon[0], lat, 0.0005, 200, 100, striped);
    surface_must_read(self, "degrees.asc", NULL, NULL);
    double hits = 0.0, cells = 0.0;
    for (uint32_t iy = 0; iy < self->grid.ny; iy += 3) {
        for (uint32_t ix = 0; ix < self->grid.nx; ix++) {
            double at[2];
            assert_true(uxo_crs_unproject(self->crs, uxo_grid_x_m(&self->grid, ix), uxo_grid_y_m(&self->grid, iy),
                                          &at[0], &at[1]));
            const double column = (at[0] - lon[0]) / 0.0005, inside = fmod(column, 3.0);
            if (inside > 0.75 && inside < 2.25) { /* half a cell is 0.7 source cells at most */
                const double expected = (int)(column / 3.0) % 2 == 1 ? 1.0 : 0.0;
                hits += surface_class_share(self, 1, ix, iy) == expected;
                cells += 1.0;
            }
        }
    }
    assert_true(cells > 500.0);
    assert_near(hits, cells, 0.5);
}

static void holes_and_unknown_values(void **state)
{
    surface_reading *const self = *state;
    raster_write("holes", RASTER_UTM_37N, 300000.0, 5540000.0, 50.0, 100, 70, with_holes);
    assert_int_equal(surface_read(self, "holes.asc", NULL, NULL), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "'holes.asc' holds 77 on the grid");
    assert_count(&self->report, UXO_WARNING, 0);
    uxo_grid_init(&self->grid, 300000.0, 5540000.0, 50.0, 100, 69); /* without the row that has it */
    surface_must_read(self, "holes.asc", NULL, NULL);
    assert_reported(
        &self->report, UXO_WARNING,
        "40 % of the grid (690 ha) has no class in 'holes.asc' (no data, or outside it) and counts as 'hard'");
    assert_near(surface_class_ha(self, 1), 0.25 * 30 * 69, 1e-9);
    uxo_grid_init(&self->grid, 300000.0, 5540000.0, 50.0, 41, 70); /* the value lies beyond the eastern edge */
    surface_must_read(self, "holes.asc", NULL, NULL);
    uxo_grid_init(&self->grid, 300000.0, 5540000.0, 50.0, 100, 69);
    raster_write("away", RASTER_UTM_37N, 310000.0, 5540000.0, 50.0, 10, 10, chequered);
    assert_int_equal(surface_read(self, "away.asc", NULL, NULL), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "covers nothing of the grid");
}

/* A square of 1000 m with a hole of 300 m, turned by 0.3 rad, and one that overlaps it: the first has what they share. */
static void polygons_with_holes(void **state)
{
    surface_reading *const self = *state;
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
    surface_must_read(self, "polygons.geojson", "C", NULL);
    assert_near(surface_class_ha(self, 1), 100.0 - 9.0, 0.1);
    assert_reported(&self->report, UXO_WARNING, "counts as 'hard', the reference class");
    assert_near(surface_class_share(self, 1, 40, 35), 0.0, 0.0); /* in the hole */
    assert_near(surface_class_share(self, 1, 47, 35), 1.0, 0.0); /* in the square and in the other polygon */
}

static void unknown_words(void **state)
{
    surface_reading *const self = *state;
    write_text(
        "words.geojson",
        "{\"type\": \"FeatureCollection\", " CRS_37N ", \"features\": [{\"type\": \"Feature\", \"properties\": "
        "{\"C\": \"marsh\"}, \"geometry\": {\"type\": \"Polygon\", \"coordinates\": [[[300000, 5540000], [300100, "
        "5540000], [300100, 5540100], [300000, 5540000]]]}}]}");
    assert_int_equal(surface_read(self, "words.geojson", "C", NULL), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR,
                    "the field 'C' of 'words.geojson' holds 'marsh', which layers.ground.classes does not name");
    assert_int_equal(surface_read(self, "words.geojson", "K", NULL), UXO_ERR_DATA);
    assert_reported(&self->report, UXO_ERROR, "has no field 'K'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finer_raster, surface_reading_open, surface_reading_close),
        cmocka_unit_test_setup_teardown(unaligned_raster, surface_reading_open, surface_reading_close),
        cmocka_unit_test_setup_teardown(geographic_raster, surface_reading_open, surface_reading_close),
        cmocka_unit_test_setup_teardown(holes_and_unknown_values, surface_reading_open, surface_reading_close),
        cmocka_unit_test_setup_teardown(polygons_with_holes, surface_reading_open, surface_reading_close),
        cmocka_unit_test_setup_teardown(unknown_words, surface_reading_open, surface_reading_close),
    };
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
