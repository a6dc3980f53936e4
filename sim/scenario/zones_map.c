/* zones_map.c - see zones_map.h. */
#include "zones_map.h"

#include <stdlib.h>
#include <string.h>

bool zone_covers_add(zone_covers *self, uint32_t column, const uint8_t *weight)
{
    if (self->count == self->capacity) {
        const uint32_t capacity = 2 * self->capacity + 4;
        zone_cover *const larger = realloc(self->item, capacity * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        self->item = larger;
        self->capacity = capacity;
    }
    uint8_t *copy = NULL;
    if (weight != NULL) {
        copy = malloc(UXO_TILE_CELLS);
        if (copy == NULL) {
            return false;
        }
        memcpy(copy, weight, UXO_TILE_CELLS);
    }
    self->item[self->count++] = (zone_cover){column, copy};
    return true;
}

void zone_covers_clear(zone_covers *self)
{
    for (uint32_t i = 0; i < self->count; i++) {
        free(self->item[i].weight);
    }
    self->count = 0;
}

void zone_covers_free(zone_covers *self)
{
    zone_covers_clear(self);
    free(self->item);
    memset(self, 0, sizeof *self);
}

/* What zones have of one cell. */
typedef struct cell_cover {
    uint32_t zones, most, sum;
} cell_cover;

static cell_cover cover_of_cell(const zone_covers *self, uint32_t cell)
{
    cell_cover found = {0, 0, 0};
    for (uint32_t i = 0; i < self->count; i++) {
        const uint32_t weight = self->item[i].weight != NULL ? self->item[i].weight[cell] : UXO_ZONE_PARTS;
        found.zones += weight > 0;
        found.sum += weight;
        found.most = weight > found.most ? weight : found.most;
    }
    return found;
}

static bool is_shared(cell_cover cover)
{
    return cover.zones > 1 && cover.most < UXO_ZONE_PARTS;
}

/* Is the whole tile in one of them? */
static bool is_whole(const zone_covers *self)
{
    for (uint32_t i = 0; i < self->count; i++) {
        if (self->item[i].weight == NULL) {
            return true;
        }
    }
    return false;
}

bool zone_covers_need_union(const zone_covers *self)
{
    if (self->count < 2 || is_whole(self)) {
        return false;
    }
    for (uint32_t cell = 0; cell < UXO_TILE_CELLS; cell++) {
        if (is_shared(cover_of_cell(self, cell))) {
            return true;
        }
    }
    return false;
}

bool zone_covers_outside(const zone_covers *self, const uint8_t *together, uint8_t *weight)
{
    bool any = false;
    if (is_whole(self)) {
        return false;
    }
    for (uint32_t cell = 0; cell < UXO_TILE_CELLS; cell++) {
        const cell_cover cover = cover_of_cell(self, cell);
        uint32_t inside = cover.most;
        if (is_shared(
                cover)) { /* shares are rounded one by one: together they are no less than the largest and no more than the sum */
            inside = together != NULL ? together[cell] : 0;
            inside = inside < cover.sum ? inside : cover.sum;
            inside = inside > cover.most ? inside : cover.most;
        }
        weight[cell] = (uint8_t)(UXO_ZONE_PARTS - inside);
        any = any || inside < UXO_ZONE_PARTS;
    }
    return any;
}

void zones_builder_free(zones_builder *self)
{
    free(self->slot);
    memset(self, 0, sizeof *self);
}

/* FNV-1a by words, with a last mixing step for the low bits. */
static uint32_t hash_of(const uxo_zone_share *share, uint32_t count)
{
    uint32_t hash = 2166136261u;
    for (uint32_t i = 0; i < count; i++) {
        hash = (hash ^ share[i].column) * 16777619u;
        hash = (hash ^ share[i].parts) * 16777619u;
    }
    return hash ^ hash >> 15;
}

static bool is_mix(const uxo_zones *zones, uint32_t mix, const uxo_zone_share *share, uint32_t count)
{
    uint32_t length;
    const uxo_zone_share *const other = uxo_zones_shares(zones, mix, &length);
    return length == count && memcmp(other, share, count * sizeof *share) == 0;
}

static bool grow_slots(zones_builder *self)
{
    const uxo_zones *const zones = self->zones;
    const uint32_t slot_count = 2 * self->slot_count;
    uint32_t *const slot = calloc(slot_count, sizeof *slot);
    if (slot == NULL) {
        return false;
    }
    for (uint32_t mix = 0; mix < zones->mix_count; mix++) {
        uint32_t length;
        const uxo_zone_share *const share = uxo_zones_shares(zones, mix, &length);
        uint32_t at = hash_of(share, length) & (slot_count - 1);
        while (slot[at] != 0) {
            at = (at + 1) & (slot_count - 1);
        }
        slot[at] = mix + 1;
    }
    free(self->slot);
    self->slot = slot;
    self->slot_count = slot_count;
    return true;
}

static bool grow_lists(zones_builder *self, uint32_t count)
{
    uxo_zones *const zones = self->zones;
    const uint32_t used = zones->mix_start[zones->mix_count];
    if (used + count > self->share_capacity) {
        const uint32_t capacity = 2 * (used + count) + 64;
        uxo_zone_share *const larger = realloc(zones->share, capacity * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        zones->share = larger;
        self->share_capacity = capacity;
    }
    if (zones->mix_count + 2 > self->mix_capacity) {
        const uint32_t capacity = 2 * zones->mix_count + 64;
        uint32_t *const larger = realloc(zones->mix_start, capacity * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        zones->mix_start = larger;
        self->mix_capacity = capacity;
    }
    return true;
}

/* The number of a list, a new one if it is new. False: out of memory. */
static bool find_mix(zones_builder *self, const uxo_zone_share *share, uint32_t count, uint32_t *mix)
{
    uxo_zones *const zones = self->zones;
    if (2 * (zones->mix_count + 1) > self->slot_count && !grow_slots(self)) {
        return false;
    }
    uint32_t at = hash_of(share, count) & (self->slot_count - 1);
    while (self->slot[at] != 0 && !is_mix(zones, self->slot[at] - 1, share, count)) {
        at = (at + 1) & (self->slot_count - 1);
    }
    if (self->slot[at] == 0) {
        if (!grow_lists(self, count)) {
            return false;
        }
        const uint32_t first = zones->mix_start[zones->mix_count];
        if (count > 0) {
            memcpy(zones->share + first, share, count * sizeof *share);
        }
        zones->mix_start[++zones->mix_count] = first + count;
        self->slot[at] = zones->mix_count;
    }
    *mix = self->slot[at] - 1;
    return true;
}

bool zones_builder_init(zones_builder *self, uxo_zones *zones, const uxo_grid *grid)
{
    enum { FIRST_SLOTS = 1024 };
    uint32_t nothing;
    *self = (zones_builder){.zones = zones, .slot_count = FIRST_SLOTS};
    self->slot = calloc(self->slot_count, sizeof *self->slot);
    zones->tile_count = uxo_grid_tile_count(grid);
    zones->uniform = calloc(zones->tile_count, sizeof *zones->uniform);
    zones->cells = calloc(zones->tile_count, sizeof *zones->cells);
    zones->mix_start = calloc(1, sizeof *zones->mix_start);
    return self->slot != NULL && zones->uniform != NULL && zones->cells != NULL && zones->mix_start != NULL &&
           find_mix(self, NULL, 0, &nothing); /* number 0 */
}

/* Room for the shares of a cell, old and new. */
typedef struct share_list {
    uxo_zone_share *item;
    size_t capacity;
} share_list;

/* The number of a list that goes on from that of `old` with what the covers have of a cell. False: out of memory. */
static bool extend(zones_builder *self, share_list *list, uint32_t old, const zone_covers *covers, uint32_t cell,
                   uint32_t *mix)
{
    uint32_t count;
    const uxo_zone_share *const share = uxo_zones_shares(self->zones, old, &count);
    const size_t most = (size_t)count + covers->count;
    if (most > list->capacity) {
        uxo_zone_share *const larger = realloc(list->item, 2 * most * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        list->item = larger;
        list->capacity = 2 * most;
    }
    if (count > 0) {
        memcpy(list->item, share, count * sizeof *share);
    }
    for (uint32_t i = 0; i < covers->count; i++) {
        const zone_cover *const cover = &covers->item[i];
        const uint32_t parts = cover->weight != NULL ? cover->weight[cell] : UXO_ZONE_PARTS;
        if (parts > 0) {
            list->item[count++] = (uxo_zone_share){cover->column, parts};
        }
    }
    return find_mix(self, list->item, count, mix);
}

static bool is_mixed(const zone_covers *covers)
{
    for (uint32_t i = 0; i < covers->count; i++) {
        if (covers->item[i].weight != NULL) {
            return true;
        }
    }
    return false;
}

bool zones_builder_add(zones_builder *self, size_t tile, const zone_covers *covers)
{
    uxo_zones *const zones = self->zones;
    share_list list = {NULL, 0};
    bool good = true;
    if (zones->cells[tile] == NULL && is_mixed(covers)) {
        zones->cells[tile] = malloc(UXO_TILE_CELLS * sizeof *zones->cells[tile]);
        good = zones->cells[tile] != NULL;
        for (uint32_t cell = 0; good && cell < UXO_TILE_CELLS; cell++) {
            zones->cells[tile][cell] = zones->uniform[tile];
        }
    }
    if (good && zones->cells[tile] == NULL) {
        good = extend(self, &list, zones->uniform[tile], covers, 0, &zones->uniform[tile]);
    }
    for (uint32_t cell = 0; good && zones->cells[tile] != NULL && cell < UXO_TILE_CELLS; cell++) {
        good = extend(self, &list, zones->cells[tile][cell], covers, cell, &zones->cells[tile][cell]);
    }
    free(list.item);
    return good;
}
