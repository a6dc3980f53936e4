/* surface_reading.c - see surface_reading.h. */
#include "surface_reading.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"

int surface_reading_open(void **state)
{
    surface_reading *const self = calloc(1, sizeof *self);
    uxo_report_init(&self->report);
    assert_int_equal(uxo_crs_open(&self->crs, "EPSG:32637", NULL, &self->report), UXO_OK);
    uxo_grid_init(&self->grid, 300000.0, 5540000.0, 50.0, 100, 70); /* 5000 m x 3500 m, two tiles either way */
    *state = self;
    return 0;
}

int surface_reading_close(void **state)
{
    surface_reading *const self = *state;
    uxo_surface_free(&self->surface);
    uxo_surface_free(&self->surface);
    uxo_report_free(&self->report);
    uxo_crs_free(self->crs);
    free(self);
    return 0;
}

static void add_class(surface_reading *self, const char *name)
{
    uxo_ground_class *const larger = realloc(self->surface.ground, (self->surface.ground_count + 1) * sizeof *larger);
    assert_non_null(larger);
    self->surface.ground = larger;
    larger[self->surface.ground_count++] =
        (uxo_ground_class){.name = strdup(name), .log_odds = uxo_quantity_constant(0.0)};
}

uxo_status surface_read(surface_reading *self, const char *ground_file, const char *field, const char *cleared_file)
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

void surface_must_read(surface_reading *self, const char *ground_file, const char *field, const char *cleared_file)
{
    if (surface_read(self, ground_file, field, cleared_file) != UXO_OK) {
        uxo_report_print(&self->report, 0, 20, stderr);
        fail();
    }
    assert_true(self->surface.given);
    assert_int_equal(self->surface.kind[0].ground, 0);
    assert_int_equal(self->surface.kind[0].task_count, 0);
}

/* Weight of a kind at a cell, and all there is to be said about a tile. */
static uint32_t weight_of(const surface_reading *self, uint32_t kind, uint32_t ix, uint32_t iy)
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

bool surface_has_task(const surface_reading *self, uint32_t kind, uint32_t task)
{
    const uxo_surface_kind *const of = &self->surface.kind[kind];
    bool found = false;
    for (uint32_t i = 0; i < of->task_count; i++) {
        found = found || self->surface.task_of_kind[of->first_task + i] == task;
    }
    return found;
}

double surface_class_share(const surface_reading *self, uint32_t class, uint32_t ix, uint32_t iy)
{
    uint32_t sum = 0;
    for (uint32_t kind = 0; kind < self->surface.kind_count; kind++) {
        sum += self->surface.kind[kind].ground == class ? weight_of(self, kind, ix, iy) : 0;
    }
    return (double)sum / 255.0;
}

double surface_task_share(const surface_reading *self, uint32_t task, uint32_t ix, uint32_t iy)
{
    uint32_t sum = 0;
    for (uint32_t kind = 0; kind < self->surface.kind_count; kind++) {
        sum += surface_has_task(self, kind, task) ? weight_of(self, kind, ix, iy) : 0;
    }
    return (double)sum / 255.0;
}

double surface_class_ha(const surface_reading *self, uint32_t class)
{
    double sum = 0.0;
    for (uint32_t iy = 0; iy < self->grid.ny; iy++) {
        for (uint32_t ix = 0; ix < self->grid.nx; ix++) {
            sum += surface_class_share(self, class, ix, iy) * uxo_grid_cell_ha(&self->grid);
        }
    }
    assert_near(sum, self->surface.ground[class].area_ha, 1e-9 * (1.0 + sum));
    return sum;
}

double surface_task_ha(const surface_reading *self, uint32_t task)
{
    double sum = 0.0;
    for (uint32_t iy = 0; iy < self->grid.ny; iy++) {
        for (uint32_t ix = 0; ix < self->grid.nx; ix++) {
            sum += surface_task_share(self, task, ix, iy) * uxo_grid_cell_ha(&self->grid);
        }
    }
    assert_near(sum, self->surface.task[task].area_ha, 1e-9 * (1.0 + sum));
    return sum;
}
