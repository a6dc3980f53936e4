/* surface_fixture.c - see surface_fixture.h. */
#include "surface_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

uint32_t surface_class(model_fixture *fixture, const char *name, uxo_quantity log_odds)
{
    uxo_surface *const surface = &fixture->scenario.surface;
    surface->ground = realloc(surface->ground, (surface->ground_count + 1) * sizeof *surface->ground);
    assert_non_null(surface->ground);
    surface->ground[surface->ground_count] = (uxo_ground_class){.name = strdup(name), .log_odds = log_odds};
    return surface->ground_count++;
}

uint32_t surface_task(model_fixture *fixture, const char *name, int32_t day, uxo_quantity coverage,
                      uxo_quantity detection)
{
    uxo_surface *const surface = &fixture->scenario.surface;
    surface->task = realloc(surface->task, (surface->task_count + 1) * sizeof *surface->task);
    assert_non_null(surface->task);
    surface->task[surface->task_count] =
        (uxo_clearance_task){.name = strdup(name), .day = day, .coverage = coverage, .detection = detection};
    return surface->task_count++;
}

uint32_t surface_kind(model_fixture *fixture, uint32_t ground, const uint32_t *tasks, uint32_t count)
{
    uxo_surface *const surface = &fixture->scenario.surface;
    uint32_t first = 0;
    for (uint32_t k = 0; k < surface->kind_count; k++) {
        first += surface->kind[k].task_count;
    }
    surface->kind = realloc(surface->kind, (surface->kind_count + 1) * sizeof *surface->kind);
    surface->task_of_kind = realloc(surface->task_of_kind, (first + count + 1) * sizeof *surface->task_of_kind);
    assert_true(surface->kind != NULL && surface->task_of_kind != NULL);
    for (uint32_t i = 0; i < count; i++) {
        surface->task_of_kind[first + i] = tasks[i];
    }
    surface->kind[surface->kind_count] = (uxo_surface_kind){ground, first, count};
    return surface->kind_count++;
}

uxo_quantity surface_share(model_fixture *fixture, uxo_quantity quantity, const char *name)
{
    fixture_share(fixture, &quantity, name, false);
    return quantity;
}

static void forget_tiles(uxo_surface *surface)
{
    for (size_t t = 0; t < surface->tile_count; t++) {
        free((void *)(uintptr_t)surface->tile[t].kind);
        free((void *)(uintptr_t)surface->tile[t].weight);
    }
    free(surface->tile);
}

/* Kinds that any cell has; of a single one no weights are kept. */
static uxo_surface_tile pack_tile(const uint8_t *weight, uint32_t kinds)
{
    uint32_t *const kind = malloc(kinds * sizeof *kind);
    uint8_t *const packed = malloc((size_t)kinds * UXO_TILE_CELLS);
    uxo_surface_tile tile = {0, kind, packed};
    assert_true(kind != NULL && packed != NULL);
    for (uint32_t k = 0; k < kinds; k++) {
        bool any = false;
        for (size_t i = 0; i < UXO_TILE_CELLS; i++) {
            packed[(size_t)tile.kind_count * UXO_TILE_CELLS + i] = weight[i * kinds + k];
            any = any || weight[i * kinds + k] > 0;
        }
        kind[tile.kind_count] = k;
        tile.kind_count += any;
    }
    if (tile.kind_count == 1) {
        free(packed);
        tile.weight = NULL;
    }
    return tile;
}

void surface_cover(model_fixture *fixture, surface_paint *paint, const void *user)
{
    uxo_surface *const surface = &fixture->scenario.surface;
    const uxo_grid *const grid = &fixture->scenario.grid;
    const uint32_t kinds = surface->kind_count;
    uint8_t *const weight = malloc((size_t)kinds * UXO_TILE_CELLS);
    forget_tiles(surface);
    surface->tile_count = uxo_grid_tile_count(grid);
    surface->tile = calloc(surface->tile_count, sizeof *surface->tile);
    assert_true(weight != NULL && surface->tile != NULL);
    for (size_t t = 0; t < surface->tile_count; t++) {
        memset(weight, 0, (size_t)kinds * UXO_TILE_CELLS);
        for (uint32_t i = 0; i < UXO_TILE_CELLS; i++) {
            const uint32_t ix = (uint32_t)(t % grid->tiles_x) * UXO_TILE + i % UXO_TILE;
            const uint32_t iy = (uint32_t)(t / grid->tiles_x) * UXO_TILE + i / UXO_TILE;
            uint8_t *const cell = weight + (size_t)i * kinds;
            uint32_t sum = 0;
            if (ix < grid->nx && iy < grid->ny) {
                paint(ix, iy, cell, user);
            } else {
                cell[0] = 255;
            }
            for (uint32_t k = 0; k < kinds; k++) {
                sum += cell[k];
            }
            assert_int_equal(sum, 255);
        }
        surface->tile[t] = pack_tile(weight, kinds);
    }
    free(weight);
}

static void all_reference(uint32_t ix, uint32_t iy, uint8_t *weight, const void *user)
{
    (void)ix;
    (void)iy;
    (void)user;
    weight[0] = 255;
}

void surface_begin(model_fixture *fixture)
{
    memset(&fixture->scenario.surface, 0, sizeof fixture->scenario.surface);
    fixture->scenario.surface.given = true;
    surface_class(fixture, "reference", uxo_quantity_constant(0.0));
    surface_kind(fixture, 0, NULL, 0);
    surface_cover(fixture, all_reference, NULL);
}

void surface_fixture_free(model_fixture *fixture)
{
    uxo_surface_free(&fixture->scenario.surface);
    fixture_free(fixture);
}

enum { CLASSES = 4, TASKS = 2 };

static void two_classes(uint32_t ix, uint32_t iy, uint8_t *weight, const void *user)
{
    const uint32_t first = (ix / 3 + 2 * (iy / 2)) % CLASSES, part = (37 * ix + 91 * iy) % 256;
    const uint32_t task = ix > 20 && iy < 30 ? CLASSES : ix > 30 ? 2 * CLASSES : 0;
    (void)user;
    weight[task + first] = (uint8_t)(255 - part);
    weight[task + (first + 1) % CLASSES] = (uint8_t)part;
}

void surface_patchwork(model_fixture *fixture, int32_t day)
{
    static const char *const names[] = {"reference", "soil", "mud", "rock"};
    uint32_t task[TASKS];
    surface_begin(fixture);
    surface_class(fixture, names[1], surface_share(fixture, normal_campaign(0.3, 0.4), "ground.soil"));
    surface_class(fixture, names[2], surface_share(fixture, normal_campaign(0.8, 0.5), "ground.mud"));
    surface_class(fixture, names[3], uxo_quantity_constant(-0.6));
    const uxo_quantity found = surface_share(fixture, quantity_uniform(0.5, 0.9, UXO_PER_CAMPAIGN), "a.detection");
    task[0] = surface_task(fixture, "a", day, uxo_quantity_constant(0.9), found);
    task[1] = surface_task(fixture, "b", day, uxo_quantity_constant(1.0), uxo_quantity_constant(0.7));
    for (uint32_t k = 1; k < CLASSES * (TASKS + 1); k++) {
        surface_kind(fixture, k % CLASSES, &task[k >= CLASSES ? k / CLASSES - 1 : 0], k >= CLASSES);
    }
    surface_cover(fixture, two_classes, NULL);
}
