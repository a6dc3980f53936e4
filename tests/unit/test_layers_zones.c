/* test_layers_zones.c - zones to shares of cells: against GEOS cell by cell, overlaps, holes, names, people, tiles that are
 * alike. What files may hold: test_layers_zones_files.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "judge.h"
#include "reported.h"
#include "scratch.h"
#include "zone_reading.h"

#include "uxosim/gdal_library.h"

/* Area of a polygon in a cell by GEOS, as a share of the cell. */
typedef struct reference {
    uxo_gdal api;
    OGRGeometryH *shape;
    uint32_t count;
} reference;

static OGRGeometryH box(const uxo_gdal *api, double x, double y, double size)
{
    OGRGeometryH ring = api->OGR_G_CreateGeometry(wkbLinearRing), polygon = api->OGR_G_CreateGeometry(wkbPolygon);
    const double corner[5][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
    for (int i = 0; i < 5; i++) {
        api->OGR_G_AddPoint_2D(ring, x + size * corner[i][0], y + size * corner[i][1]);
    }
    api->OGR_G_AddGeometryDirectly(polygon, ring);
    return polygon;
}

static double common_share(const reference *self, OGRGeometryH shape, OGRGeometryH cell)
{
    OGRGeometryH common = self->api.OGR_G_Intersection(shape, cell);
    const OGRwkbGeometryType type = common != NULL ? self->api.OGR_G_GetGeometryType(common) : wkbUnknown;
    const bool ground = type == wkbPolygon || type == wkbMultiPolygon || type == wkbGeometryCollection;
    const double area =
        ground ? self->api.OGR_G_Area(common) : 0.0; /* what only touches has points and lines in common */
    self->api.OGR_G_DestroyGeometry(common);
    return area / self->api.OGR_G_Area(cell);
}

static void reference_open(reference *self, const zone_reading *of)
{
    uxo_report report;
    uxo_report_init(&report);
    assert_int_equal(uxo_gdal_open(&self->api, NULL, &report), UXO_OK);
    uxo_report_free(&report);
    self->count = of->zones.set[0].count;
    self->shape = calloc(self->count + 1, sizeof(OGRGeometryH));
    OGRGeometryH several = self->api.OGR_G_CreateGeometry(wkbMultiPolygon);
    for (uint32_t i = 0; i < self->count; i++) {
        int bytes = 0;
        GByte *const wkb = self->api.CPLHexToBinary(of->zones.set[0].item[i].geometry_wkb_hex, &bytes);
        assert_int_equal(self->api.OGR_G_CreateFromWkb(wkb, NULL, &self->shape[i], bytes), OGRERR_NONE);
        self->api.VSIFree(wkb);
        for (int k = 0; k < self->api.OGR_G_GetGeometryCount(self->shape[i]); k++) {
            self->api.OGR_G_AddGeometry(several, self->api.OGR_G_GetGeometryRef(self->shape[i], k));
        }
    }
    self->shape[self->count] = self->api.OGR_G_UnionCascaded(several);
    self->api.OGR_G_DestroyGeometry(several);
}

static void reference_close(reference *self)
{
    for (uint32_t i = 0; i <= self->count; i++) {
        self->api.OGR_G_DestroyGeometry(self->shape[i]);
    }
    free(self->shape);
}

/* Every cell of every zone to half a 255th, and what is outside. */
static void compare_with_reference(const zone_reading *self)
{
    reference other;
    double worst = 0.0, worst_outside = 0.0;
    reference_open(&other, self);
    for (uint32_t iy = 0; iy < self->grid.ny; iy++) {
        for (uint32_t ix = 0; ix < self->grid.nx; ix++) {
            const double half = 0.5 * self->grid.cell_size_m;
            OGRGeometryH cell = box(&other.api, uxo_grid_x_m(&self->grid, ix) - half,
                                    uxo_grid_y_m(&self->grid, iy) - half, self->grid.cell_size_m);
            for (uint32_t i = 0; i < other.count; i++) {
                const double share = common_share(&other, other.shape[i], cell);
                worst = fmax(worst, fabs(255.0 * share - zone_parts(self, ix, iy, i)));
            }
            const double outside = 1.0 - common_share(&other, other.shape[other.count], cell);
            worst_outside = fmax(worst_outside, fabs(255.0 * outside - zone_parts(self, ix, iy, other.count)));
            other.api.OGR_G_DestroyGeometry(cell);
        }
    }
    printf("  against GEOS: zones off by up to %.4f of a 255th, outside by %.4f\n", worst, worst_outside);
    assert_true(worst <= 0.5 + 1e-6);
    assert_true(worst_outside <= 1.0 + 1e-6); /* bounded by shares that are rounded themselves */
    reference_close(&other);
}

/* A star of random radii about a point, maybe with a hole: valid, and along no line of cells. */
static size_t write_star(char *text, size_t size, const char *name, double x, double y, double radius, bool hole,
                         unsigned *seed)
{
    enum { POINTS = 37 };
    double r[POINTS];
    size_t used = (size_t)snprintf(text, size,
                                   "{\"type\":\"Feature\",\"properties\":{\"NAME\":\"%s\",\"STATUS\":\"SHA\"},"
                                   "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[",
                                   name);
    for (int ring = 0; ring < (hole ? 2 : 1); ring++) {
        used += (size_t)snprintf(text + used, size - used, "%s[", ring > 0 ? "," : "");
        for (int i = 0; i <= POINTS; i++) {
            if (ring == 0 && i < POINTS) {
                *seed = *seed * 1103515245u + 12345u;
                r[i] = radius * (0.5 + 0.5 * (double)(*seed >> 16 & 0x7FFF) / 32768.0);
            }
            const double turn = (ring == 0 ? 1.0 : -1.0) * 2.0 * M_PI * (i % POINTS) / POINTS;
            const double at = ring == 0 ? r[i % POINTS] : 0.3 * radius;
            used += (size_t)snprintf(text + used, size - used, "%s[%.4f,%.4f]", i > 0 ? "," : "", x + at * cos(turn),
                                     y + at * sin(turn));
        }
        used += (size_t)snprintf(text + used, size - used, "]");
    }
    return used + (size_t)snprintf(text + used, size - used, "]}}");
}

static void shares_are_those_of_geos(void **state)
{
    zone_reading *const self = *state;
    static const double place[][3] = {{400.0, 500.0, 350.0},  {700.0, 650.0, 400.0},   {1270.0, 700.0, 260.0},
                                      {1950.0, 100.0, 300.0}, {1000.0, 1300.0, 180.0}, {33.0, 777.0, 9.0}};
    unsigned seed = 42;
    size_t used = (size_t)snprintf(self->text, ZONE_TEXT, "{\"type\":\"FeatureCollection\"," IN_UTM "\"features\":[");
    for (size_t i = 0; i < sizeof place / sizeof *place; i++) {
        char name[16];
        snprintf(name, sizeof name, "star %zu", i);
        used += (size_t)snprintf(self->text + used, ZONE_TEXT - used, "%s", i > 0 ? "," : "");
        used += write_star(self->text + used, ZONE_TEXT - used, name, 300000.0 + place[i][0], 5540000.0 + place[i][1],
                           place[i][2], i % 2 == 1, &seed);
    }
    snprintf(self->text + used, ZONE_TEXT - used, "]}");
    write_text("stars.geojson", self->text);
    const char *const file = "stars.geojson";
    const uxo_zone_source source = {"stars", {.file = file, .name_field = "NAME", .place = {.file = "scenario.yaml"}}};
    assert_int_equal(uxo_zones_read(&self->zones, self->crs, &self->grid, &source, 1, &self->report), UXO_OK);
    compare_with_reference(self);
}

/* Edges on lines of cells, in tiles that nothing else crosses; a zone as large as the grid and beyond; one within a cell. */
static const char boxes[] = COLLECTION(
    IN_UTM,
    FEATURE("\" All \"", "\"SHA\"", BOX("299000", "5539000", "303000", "5542000")) "," FEATURE(
        "\"Part\"", "\"CHA; \\\"odd\\\"\\n\"",
        BOX("300100", "5540100", "301910",
            "5541300")) "," FEATURE("\"Dot\"", "null",
                                    BOX("300003", "5540003", "300008",
                                        "5540013")) "," FEATURE("\"Cells\"", "\"\"",
                                                                POLYGON(BOX_RING(
                                                                    "300200", "5540200", "301000",
                                                                    "5541000") "," BOX_RING("300400", "5540400",
                                                                                            "300800", "5540800"))));

static void boxes_have_their_areas_and_words(void **state)
{
    zone_reading *const self = *state;
    assert_int_equal(zone_read_text(self, boxes), UXO_OK);
    const uxo_zone_set *const set = uxo_zones_find(&self->zones, "tasks");
    assert_ptr_equal(set, &self->zones.set[0]);
    assert_null(uxo_zones_find(&self->zones, "task"));
    assert_int_equal(set->count, 4);
    assert_int_equal(self->zones.column_count, 6);
    assert_string_equal(set->item[0].name, "All");
    assert_string_equal(set->item[0].status, "SHA");
    assert_string_equal(set->item[1].status, "CHA; \"odd\"\n"); /* as it stands */
    assert_string_equal(set->item[2].status, "");
    assert_near(set->item[0].area_ha, 280.0, 1e-9);                                         /* the grid */
    assert_near(set->item[1].area_ha, 181.0 * 1.2, 0.5 * 60.0 * 4.0 / 255.0 * 0.01 + 1e-9); /* half a column of cells */
    assert_near(set->item[2].area_ha, 0.04 * 32.0 / 255.0, 1e-12); /* 50 of 400 square metres: 31.9 of 255 */
    assert_near(set->item[3].area_ha, 48.0, 1e-9);
    assert_near(set->area_outside_ha, 0.0, 0.0);
    assert_near(set->item[0].population, 7.0, 0.0); /* of the field, for the whole polygon */
    compare_with_reference(self);
    assert_reported(&self->report, UXO_WARNING, "76.7 % of 'All' (920.00 ha) lies off the grid and is not counted");
    assert_count(&self->report, UXO_WARNING, 1); /* overlaps are no news */
}

static void tiles_that_are_alike_cost_a_number(void **state)
{
    zone_reading *const self = *state;
    uxo_grid_init(&self->grid, 300000.0, 5540000.0, 20.0, 1280, 1280); /* 400 tiles */
    assert_int_equal(zone_read_text(self, COLLECTION(IN_UTM, FEATURE("\"Large\"", "null",
                                                                     BOX("301280", "5541280", "320480", "5560480")))),
                     UXO_OK);
    for (size_t tile = 0; tile < self->zones.tile_count; tile++) {
        assert_null(self->zones.cells[tile]); /* its edges are those of tiles */
    }
    assert_int_equal(self->zones.mix_count, 3); /* nothing, the zone, outside */
    assert_int_equal(zone_parts(self, 64, 256, 0), 255);
    assert_int_equal(zone_parts(self, 63, 256, 1), 255);
    assert_int_equal(zone_parts(self, 1023, 1215, 0), 255);
    assert_int_equal(zone_parts(self, 1024, 1215, 0), 0);
}

static void people_live_by_share(void **state)
{
    zone_reading *const self = *state;
    uxo_population population;
    assert_true(uxo_population_init(&population, &self->grid));
    assert_true(uxo_population_add(&population, &self->grid, 0, 69, 8.0));   /* Dot: 32 of 255 */
    assert_true(uxo_population_add(&population, &self->grid, 95, 40, 10.0)); /* Part: half of the column */
    assert_int_equal(zone_read_text(self, boxes), UXO_OK);
    assert_true(uxo_zones_count_people(&self->zones, &population));
    const uxo_zone_set *const set = &self->zones.set[0];
    assert_near(set->item[0].population, 18.0, 1e-9);
    assert_near(set->item[1].population, 10.0 * 128.0 / 255.0, 1e-9);
    assert_near(set->item[2].population, 8.0 * 32.0 / 255.0, 1e-9);
    assert_near(set->item[3].population, 0.0, 0.0);
    assert_near(set->population_outside, 0.0, 0.0);
    uxo_population_free(&population);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, zone_reading_open, zone_reading_close)
    const struct CMUnitTest tests[] = {
        TEST(shares_are_those_of_geos),
        TEST(boxes_have_their_areas_and_words),
        TEST(tiles_that_are_alike_cost_a_number),
        TEST(people_live_by_share),
    };
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
