/* layers_surface.c - ground classes and cleared polygons to kinds of surface and their share of every cell, tile by tile.
 *
 * Not here: what the files say at a point (layers_ground.c, layers_ground_raster.c, layers_cleared.c).
 */
#include "layers_surface.h"

#include <stdlib.h>
#include <string.h>

/* A kind while kinds are being found: its parent and one task more. A class has neither. */
typedef struct known_kind {
    uint32_t ground;
    uint32_t parent, task;         /* LAYERS_UNSET: none */
    uint32_t first_child, sibling; /* LAYERS_UNSET: none */
} known_kind;

typedef struct kind_tree {
    known_kind *item;
    uint32_t count;
} kind_tree;

static bool add_kind(kind_tree *self, known_kind kind)
{
    const uint32_t count = self->count;
    if ((count & (count - 1)) == 0) {
        known_kind *const larger = realloc(self->item, (count == 0 ? 1 : 2 * (size_t)count) * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        self->item = larger;
    }
    self->item[self->count++] = kind;
    return true;
}

/* The kind with one task more; LAYERS_UNSET: out of memory. Tasks come in ascending order, so that a set of them is one kind. */
static uint32_t with_task(kind_tree *self, uint32_t parent, uint32_t task)
{
    for (uint32_t child = self->item[parent].first_child; child != LAYERS_UNSET; child = self->item[child].sibling) {
        if (self->item[child].task == task) {
            return child;
        }
    }
    const known_kind kind = {self->item[parent].ground, parent, task, LAYERS_UNSET, self->item[parent].first_child};
    if (!add_kind(self, kind)) {
        return LAYERS_UNSET;
    }
    self->item[parent].first_child = self->count - 1;
    return self->count - 1;
}

uint32_t *layers_tile_points(layers_ground_tile *self, uint32_t cell)
{
    if (self->whole[cell] != LAYERS_MIXED) {
        if (self->mixed == self->room) {
            const uint32_t room = self->room == 0 ? 64 : 2 * self->room;
            uint32_t *const larger = realloc(self->points, (size_t)room * LAYERS_POINTS * sizeof *larger);
            if (larger == NULL) {
                self->out_of_memory = true;
                return NULL;
            }
            self->points = larger;
            self->room = room;
        }
        self->points_at[cell] = self->mixed++;
        uint32_t *const points = self->points + (size_t)self->points_at[cell] * LAYERS_POINTS;
        for (uint32_t i = 0; i < LAYERS_POINTS; i++) {
            points[i] = self->whole[cell];
        }
        self->whole[cell] = LAYERS_MIXED;
    }
    return self->points + (size_t)self->points_at[cell] * LAYERS_POINTS;
}

typedef struct surface_builder {
    uxo_surface *surface;
    const uxo_grid *grid;
    layers_ground *ground; /* NULL: none */
    layers_shapes tasks;
    kind_tree kinds;
    layers_ground_tile tile;
    layers_inside *inside;
    uint32_t *slot_of_kind; /* of the tile being packed; LAYERS_UNSET: does not occur */
    uint32_t slots_room;
    uint64_t *points_of_class, *points_of_task; /* over the grid, for areas */
    uint64_t uncovered;
} surface_builder;

static void begin_tile(surface_builder *self, uint32_t x, uint32_t y)
{
    layers_ground_tile *const tile = &self->tile;
    const uint32_t columns = self->grid->nx - x * UXO_TILE, rows = self->grid->ny - y * UXO_TILE;
    tile->grid = self->grid;
    tile->x = x;
    tile->y = y;
    tile->columns = columns < UXO_TILE ? columns : UXO_TILE;
    tile->rows = rows < UXO_TILE ? rows : UXO_TILE;
    tile->mixed = 0;
    for (uint32_t i = 0; i < UXO_TILE_CELLS; i++) {
        tile->whole[i] = LAYERS_UNSET;
    }
}

/* What no layer covers is of the reference class. */
static uint32_t settle(surface_builder *self, uint32_t ground, uint32_t points)
{
    const uint32_t settled = ground == LAYERS_UNSET ? self->surface->reference : ground;
    self->uncovered += ground == LAYERS_UNSET ? points : 0;
    self->points_of_class[settled] += points;
    return settled;
}

static void settle_tile(surface_builder *self)
{
    layers_ground_tile *const tile = &self->tile;
    for (uint32_t row = 0; row < tile->rows; row++) {
        for (uint32_t column = 0; column < tile->columns; column++) {
            const uint32_t cell = row * UXO_TILE + column;
            if (tile->whole[cell] != LAYERS_MIXED) {
                tile->whole[cell] = settle(self, tile->whole[cell], LAYERS_POINTS);
                continue;
            }
            uint32_t *const points = layers_tile_points(tile, cell);
            for (uint32_t i = 0; i < LAYERS_POINTS; i++) {
                points[i] = settle(self, points[i], 1);
            }
        }
    }
}

/* Lays one task over the points of one cell. */
static bool clear_cell(surface_builder *self, uint32_t cell, uint32_t task)
{
    layers_ground_tile *const tile = &self->tile;
    const bool partly = self->inside->cover[cell] == LAYERS_PARTLY;
    if (!partly && tile->whole[cell] != LAYERS_MIXED) {
        tile->whole[cell] = with_task(&self->kinds, tile->whole[cell], task);
        self->points_of_task[task] += LAYERS_POINTS;
        return tile->whole[cell] != LAYERS_UNSET;
    }
    uint32_t *const points = layers_tile_points(tile, cell);
    uint32_t before = LAYERS_UNSET, after = LAYERS_UNSET; /* neighbours are mostly alike */
    for (uint32_t i = 0; points != NULL && i < LAYERS_POINTS; i++) {
        if (!partly || layers_inside_at(self->inside, cell, i)) {
            after = points[i] == before ? after : with_task(&self->kinds, points[i], task);
            before = points[i];
            points[i] = after;
            self->points_of_task[task]++;
            if (after == LAYERS_UNSET) {
                return false;
            }
        }
    }
    return points != NULL;
}

static bool clear_tile(surface_builder *self)
{
    layers_ground_tile *const tile = &self->tile;
    bool memory = true;
    for (uint32_t s = 0; memory && s < self->tasks.count; s++) {
        const layers_shape *const shape = &self->tasks.item[s];
        if (!layers_shape_cover(shape, self->grid, tile->x, tile->y, self->inside, &memory)) {
            continue;
        }
        for (uint32_t cell = 0; memory && cell < UXO_TILE_CELLS; cell++) {
            memory = self->inside->cover[cell] == LAYERS_OUT || clear_cell(self, cell, shape->value);
        }
    }
    return memory;
}

static bool grow_slots(surface_builder *self)
{
    if (self->slots_room >= self->kinds.count) {
        return true;
    }
    uint32_t *const larger = realloc(self->slot_of_kind, 2 * (size_t)self->kinds.count * sizeof *larger);
    if (larger == NULL) {
        return false;
    }
    self->slot_of_kind = larger;
    for (; self->slots_room < 2 * self->kinds.count; self->slots_room++) {
        larger[self->slots_room] = LAYERS_UNSET;
    }
    return true;
}

/* Marks the kinds of the tile and hands out their slots in ascending order; how many there are. */
static uint32_t number_kinds(surface_builder *self)
{
    const layers_ground_tile *const tile = &self->tile;
    uint32_t count = 0;
    for (uint32_t cell = 0; cell < UXO_TILE_CELLS; cell++) {
        if (cell % UXO_TILE < tile->columns && cell / UXO_TILE < tile->rows && tile->whole[cell] != LAYERS_MIXED) {
            self->slot_of_kind[tile->whole[cell]] = 0;
        }
    }
    for (size_t i = 0; i < (size_t)tile->mixed * LAYERS_POINTS; i++) {
        self->slot_of_kind[tile->points[i]] = 0;
    }
    for (uint32_t kind = 0; kind < self->kinds.count; kind++) {
        if (self->slot_of_kind[kind] != LAYERS_UNSET) {
            self->slot_of_kind[kind] = count++;
        }
    }
    return count;
}

static void fill_weights(surface_builder *self, uint8_t *weight)
{
    const layers_ground_tile *const tile = &self->tile;
    for (uint32_t cell = 0; cell < UXO_TILE_CELLS; cell++) {
        if (cell % UXO_TILE >= tile->columns || cell / UXO_TILE >= tile->rows) {
            weight[cell] = LAYERS_POINTS; /* beyond the grid: nothing is looked up there, but weights add up */
        } else if (tile->whole[cell] != LAYERS_MIXED) {
            weight[(size_t)self->slot_of_kind[tile->whole[cell]] * UXO_TILE_CELLS + cell] = LAYERS_POINTS;
        } else {
            const uint32_t *const points = tile->points + (size_t)tile->points_at[cell] * LAYERS_POINTS;
            for (uint32_t i = 0; i < LAYERS_POINTS; i++) {
                weight[(size_t)self->slot_of_kind[points[i]] * UXO_TILE_CELLS + cell]++;
            }
        }
    }
}

static bool pack_tile(surface_builder *self, uxo_surface_tile *out)
{
    if (!grow_slots(self)) {
        return false;
    }
    const uint32_t count = number_kinds(self);
    uint32_t *const kind = malloc(count * sizeof *kind);
    uint8_t *const weight = count > 1 ? calloc(count, UXO_TILE_CELLS) : NULL;
    *out = (uxo_surface_tile){count, kind, weight};
    if (kind == NULL || (count > 1 && weight == NULL)) {
        return false;
    }
    if (weight != NULL) {
        fill_weights(self, weight);
    }
    for (uint32_t i = 0; i < self->kinds.count; i++) {
        if (self->slot_of_kind[i] != LAYERS_UNSET) {
            kind[self->slot_of_kind[i]] = i;
            self->slot_of_kind[i] = LAYERS_UNSET;
        }
    }
    return true;
}

/* Tasks of a kind, from the root down to it. */
static uint32_t count_tasks(const kind_tree *kinds, uint32_t kind)
{
    uint32_t count = 0;
    for (; kinds->item[kind].task != LAYERS_UNSET; kind = kinds->item[kind].parent) {
        count++;
    }
    return count;
}

static bool store_kinds(surface_builder *self)
{
    uxo_surface *const out = self->surface;
    const kind_tree *const kinds = &self->kinds;
    uint32_t total = 0;
    for (uint32_t i = 0; i < kinds->count; i++) {
        total += count_tasks(kinds, i);
    }
    out->kind_count = kinds->count;
    out->kind = calloc(kinds->count, sizeof *out->kind);
    out->task_of_kind = calloc(total + (size_t)1, sizeof *out->task_of_kind);
    if (out->kind == NULL || out->task_of_kind == NULL) {
        return false;
    }
    uint32_t next = 0;
    for (uint32_t i = 0; i < kinds->count; i++) {
        const uint32_t count = count_tasks(kinds, i);
        out->kind[i] = (uxo_surface_kind){kinds->item[i].ground, next, count};
        uint32_t at = i;
        for (uint32_t j = count; j > 0; j--) {
            out->task_of_kind[next + j - 1] = kinds->item[at].task;
            at = kinds->item[at].parent;
        }
        next += count;
    }
    return true;
}

/* One kind for each class without a task, the reference first: kind numbers and class numbers are the same but for that. */
static bool store_classes(surface_builder *self)
{
    bool good = true;
    for (uint32_t i = 0; good && i < self->surface->ground_count; i++) {
        good = add_kind(&self->kinds, (known_kind){i, LAYERS_UNSET, LAYERS_UNSET, LAYERS_UNSET, LAYERS_UNSET});
    }
    return good;
}

static uxo_status build_tiles(surface_builder *self, uxo_report *report)
{
    uxo_surface *const out = self->surface;
    out->tile_count = uxo_grid_tile_count(self->grid);
    out->tile = calloc(out->tile_count, sizeof *out->tile);
    bool good = out->tile != NULL && store_classes(self);
    for (size_t t = 0; good && t < out->tile_count; t++) {
        begin_tile(self, (uint32_t)(t % self->grid->tiles_x), (uint32_t)(t / self->grid->tiles_x));
        if (self->ground != NULL) {
            UXO_TRY(layers_ground_lay(self->ground, &self->tile, self->inside));
        }
        settle_tile(self);
        good = clear_tile(self) && pack_tile(self, &out->tile[t]);
    }
    return good && store_kinds(self) ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the ground");
}

static void report_ground(surface_builder *self, const uxo_ground_source *source, uxo_report *report)
{
    uxo_surface *const out = self->surface;
    const double per_point = uxo_grid_cell_ha(self->grid) / LAYERS_POINTS;
    const double grid_ha = (double)uxo_grid_cell_count(self->grid) * uxo_grid_cell_ha(self->grid);
    for (uint32_t i = 0; i < out->ground_count; i++) {
        out->ground[i].area_ha = (double)self->points_of_class[i] * per_point;
    }
    for (uint32_t i = 0; i < out->task_count; i++) {
        out->task[i].area_ha = (double)self->points_of_task[i] * per_point;
    }
    const double bare_ha = (double)self->uncovered * per_point;
    if (source != NULL && bare_ha >= grid_ha) {
        uxo_report_add(report, UXO_ERROR, &source->place,
                       "'%s' covers nothing of the grid; do its coordinates and grid.bounds_m belong together?",
                       source->file);
    } else if (source != NULL && self->uncovered > 0) {
        uxo_report_add(
            report, UXO_WARNING, &source->place,
            "%.3g %% of the grid (%.4g ha) has no class in '%s' (no data, or outside it) and counts as '%s', "
            "the reference class",
            100.0 * bare_ha / grid_ha, bare_ha, source->file, out->ground[out->reference].name);
    }
}

static uxo_status build(surface_builder *self, const uxo_crs *crs, const uxo_ground_source *ground,
                        const uxo_cleared_source *cleared, uxo_report *report)
{
    const size_t errors = report->error_count;
    uxo_status status = UXO_OK;
    if (cleared != NULL) {
        status = layers_cleared_read(self->surface, &self->tasks, crs, cleared, report);
    }
    if (ground != NULL) {
        const uxo_status opened = layers_ground_open(&self->ground, crs, ground, report);
        status = status == UXO_OK ? opened : status;
    }
    UXO_TRY(status);
    self->points_of_class = calloc(self->surface->ground_count, sizeof *self->points_of_class);
    self->points_of_task = calloc(self->surface->task_count + (size_t)1, sizeof *self->points_of_task);
    self->inside = calloc(1, sizeof *self->inside);
    if (self->points_of_class == NULL || self->points_of_task == NULL || self->inside == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    UXO_TRY(build_tiles(self, report));
    if (self->ground != NULL) {
        layers_ground_complain(self->ground, report);
    }
    if (report->error_count == errors) {
        report_ground(self, ground, report);
    }
    return uxo_report_status(report, errors);
}

uxo_status uxo_surface_read(uxo_surface *self, const uxo_crs *crs, const uxo_grid *grid,
                            const uxo_ground_source *ground, const uxo_cleared_source *cleared, uxo_report *report)
{
    surface_builder *const builder = calloc(1, sizeof *builder); /* too large for a stack */
    if (builder == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    builder->surface = self;
    builder->grid = grid;
    const uxo_status status = build(builder, crs, ground, cleared, report);
    self->given = status == UXO_OK;
    layers_ground_close(builder->ground);
    layers_shapes_free(&builder->tasks);
    if (builder->inside != NULL) {
        layers_inside_free(builder->inside);
    }
    free(builder->inside);
    free(builder->kinds.item);
    free(builder->tile.points);
    free(builder->slot_of_kind);
    free(builder->points_of_class);
    free(builder->points_of_task);
    free(builder);
    return status;
}
