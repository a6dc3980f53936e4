/* expected_surface.c - see expected_surface.h. */
#include "expected_surface.h"

#include <stdlib.h>
#include <string.h>

#include "expected_tile.h"

enum { BLOCK_CELLS = UXO_TILE_BLOCK_ROWS * UXO_STRIP, BLOCKS = UXO_TILE_CELLS / BLOCK_CELLS };

static uint32_t most_kinds(const uxo_surface *surface)
{
    uint32_t most = 1;
    for (size_t tile = 0; tile < surface->tile_count; tile++) {
        most = surface->tile[tile].kind_count > most ? surface->tile[tile].kind_count : most;
    }
    return most;
}

bool uxo_surface_field_init(uxo_surface_field *self, const uxo_scenario *scenario)
{
    memset(self, 0, sizeof *self);
    if (!scenario->surface.given) {
        return true;
    }
    const size_t kinds = most_kinds(&scenario->surface);
    const bool accidents = scenario->people.by_class;
    self->most_kinds = kinds;
    self->chance = accidents ? malloc(BLOCKS * kinds * BLOCK_CELLS * sizeof *self->chance) : NULL;
    self->scenario = scenario;
    self->block = calloc(BLOCKS, sizeof *self->block);
    self->share = malloc(kinds * sizeof *self->share);
    self->memory = aligned_alloc(64, BLOCKS * kinds * BLOCK_CELLS * sizeof(float));
    if (!uxo_patch_init(&self->own, UXO_TILE, UXO_TILE, UXO_TILE_BLOCK_ROWS, false) ||
        !uxo_remaining_init(&self->remaining, &scenario->surface) || self->block == NULL || self->share == NULL ||
        self->memory == NULL || (accidents && self->chance == NULL)) {
        return false;
    }
    for (size_t block = 0; block < BLOCKS; block++) {
        self->block[block].weight = (float *)self->memory + block * kinds * BLOCK_CELLS;
        self->block[block].kind = malloc(kinds * sizeof *self->block[block].kind);
        if (self->block[block].kind == NULL) {
            return false;
        }
    }
    return true;
}

void uxo_surface_field_free(uxo_surface_field *self)
{
    for (size_t block = 0; self->block != NULL && block < BLOCKS; block++) {
        free(self->block[block].kind);
    }
    uxo_patch_free(&self->own);
    uxo_remaining_free(&self->remaining);
    free(self->block);
    free(self->share);
    free(self->chance);
    free(self->memory);
    memset(self, 0, sizeof *self);
}

/* Weights of one kind of a tile on a block. False: it has none there. */
static bool weights_on_block(const uint8_t *of_tile, uint32_t block, float *weight)
{
    const uint32_t strips = UXO_TILE / UXO_STRIP;
    const uint8_t *const corner =
        of_tile + (size_t)(block / strips) * UXO_TILE_BLOCK_ROWS * UXO_TILE + block % strips * UXO_STRIP;
    bool any = false;
    for (size_t i = 0; i < BLOCK_CELLS; i++) {
        const uint8_t parts = corner[i / UXO_STRIP * UXO_TILE + i % UXO_STRIP];
        any = any || parts > 0;
        weight[i] = (float)parts / 255.0f;
    }
    return any;
}

static void turn_block(uxo_block_kinds *self, const uxo_surface_tile *tile, uint32_t block)
{
    self->count = 0;
    for (uint32_t k = 0; k < tile->kind_count; k++) {
        float *const weight = self->weight + (size_t)self->count * BLOCK_CELLS;
        if (tile->kind_count == 1) {
            for (size_t i = 0; i < BLOCK_CELLS; i++) {
                weight[i] = 1.0f;
            }
        } else if (!weights_on_block(tile->weight + (size_t)k * UXO_TILE_CELLS, block, weight)) {
            continue;
        }
        self->kind[self->count++] = tile->kind[k];
    }
}

/* Chances of accidents on a block of a tile, times the weights of its kinds. */
static void turn_chance(const uxo_surface_field *self, size_t tile, uint32_t block, const uxo_exposure_table *chance)
{
    const uint32_t strips = UXO_TILE / UXO_STRIP;
    const uxo_scenario *const scenario = self->scenario;
    const uxo_people_map *const map = &scenario->people.map;
    const uxo_block_kinds *const kinds = &self->block[block];
    for (uint32_t i = 0; i < BLOCK_CELLS; i++) {
        const uint32_t x = block % strips * UXO_STRIP + i % UXO_STRIP;
        const uint32_t y = block / strips * UXO_TILE_BLOCK_ROWS + i / UXO_STRIP;
        const uint32_t ix = (uint32_t)(tile % scenario->grid.tiles_x) * UXO_TILE + x;
        const uint32_t iy = (uint32_t)(tile / scenario->grid.tiles_x) * UXO_TILE + y;
        const bool inside = ix < scenario->grid.nx && iy < scenario->grid.ny;
        for (uint32_t k = 0; k < kinds->count; k++) {
            float *const at = self->chance + ((size_t)block * self->most_kinds + k) * BLOCK_CELLS + i;
            const uint32_t ground = scenario->surface.kind[kinds->kind[k]].ground;
            *at = inside ? kinds->weight[(size_t)k * BLOCK_CELLS + i] *
                               (float)uxo_exposure_share(chance, ground,
                                                         map->density[uxo_people_block_of_cell(map, ix, iy)], 0)
                         : 0.0f;
        }
    }
}

void uxo_surface_field_turn(uxo_surface_field *self, size_t tile, const uxo_exposure_table *chance, double *accidents)
{
    const uxo_surface_tile *const of = &self->scenario->surface.tile[tile];
    self->plain = of->kind_count == 1 && of->kind[0] == 0;
    self->accidents = of->kind_count > 1 && self->chance != NULL ? accidents : NULL;
    for (uint32_t block = 0; !self->plain && block < BLOCKS; block++) {
        turn_block(&self->block[block], of, block);
        if (self->accidents != NULL) {
            turn_chance(self, tile, block, chance);
        }
    }
}

/* Accidents expected of one carrier on a block: what remains on each kind times the chance there. */
static void add_accidents(const uxo_surface_field *self, uint32_t block, const float *own)
{
    const float *const chance = self->chance + (size_t)block * self->most_kinds * BLOCK_CELLS;
    double *const to = self->accidents + (size_t)block * BLOCK_CELLS;
    for (size_t i = 0; i < BLOCK_CELLS; i++) {
        float sum = 0.0f;
        for (uint32_t k = 0; k < self->block[block].count; k++) {
            sum += self->share[k] * chance[(size_t)k * BLOCK_CELLS + i];
        }
        to[i] += (double)(own[i] * sum);
    }
}

void uxo_block_shares(const uxo_block_kinds *kinds, uxo_remaining *remaining, float *share)
{
    for (uint32_t k = 0; k < kinds->count; k++) {
        share[k] = uxo_remaining_factor(remaining, kinds->kind[k]);
    }
}

void uxo_surface_field_add(uxo_surface_field *self, const uxo_field_kernels *kernels, uxo_patch *patch,
                           const uxo_placed_pattern *placed, const uxo_carrier_source *source, const double *campaign,
                           double column, double row)
{
    if (self->plain) {
        uxo_patch_add(patch, kernels, placed, column, row);
        return;
    }
    uxo_remaining_turn(&self->remaining, source->rate, self->scenario->strikes.item[source->strike].day, campaign);
    uxo_patch_add(&self->own, kernels, placed, column, row);
    for (uint32_t slot = 0; slot < self->own.touched_count; slot++) {
        const uint32_t block = self->own.touched[slot];
        const uxo_block_kinds *const kinds = &self->block[block];
        float *const values = uxo_patch_touch(patch, block);
        if (values == NULL) {
            break; /* the patch remembers */
        }
        float *const excess = patch->with_excess ? patch->excess + (size_t)patch->slot[block] * BLOCK_CELLS : NULL;
        uxo_block_shares(kinds, &self->remaining, self->share);
        kernels->remain(self->own.value + (size_t)slot * BLOCK_CELLS, kinds->weight, self->share, kinds->count,
                        placed->load, values, excess, BLOCK_CELLS);
        if (self->accidents != NULL) {
            add_accidents(self, block, self->own.value + (size_t)slot * BLOCK_CELLS);
        }
    }
    patch->out_of_memory = patch->out_of_memory || self->own.out_of_memory;
    uxo_patch_clear(&self->own);
}
