/* sweep_maps.c - see sweep_maps.h and sweep_chunks.h. */
#include "uxosim/sweep_maps.h"

#include <stdlib.h>
#include <string.h>

#include "sweep_chunks.h"

typedef struct block {
    unsigned char *bytes;
    size_t size, capacity;
    result_packers packers;
    result_form form[UXO_LAYER_COUNT];
} block;

result_form sweep_form(const uxo_grid *grid)
{
    return (result_form){.width = grid->nx < UXO_CHUNK ? grid->nx : UXO_CHUNK,
                         .height = grid->ny < UXO_CHUNK ? grid->ny : UXO_CHUNK,
                         .item_bytes = sizeof(float),
                         .level = RESULT_LEVEL_MAPS,
                         .shuffled = true};
}

static bool add_piece(block *self, const uint32_t *number, const void *bytes, size_t size)
{
    const size_t wanted = self->size + SWEEP_PIECE_NUMBERS * sizeof *number + size;
    if (wanted > self->capacity) {
        unsigned char *const larger = realloc(self->bytes, 2 * wanted);
        if (larger == NULL) {
            return false;
        }
        self->bytes = larger;
        self->capacity = 2 * wanted;
    }
    for (int i = 0; i < SWEEP_PIECE_NUMBERS; i++) {
        for (size_t k = 0; k < sizeof *number; k++) {
            self->bytes[self->size++] = (unsigned char)(number[i] >> (8 * k));
        }
    }
    if (size > 0) {
        memcpy(self->bytes + self->size, bytes, size);
    }
    self->size += size;
    return true;
}

bool sweep_next_piece(const unsigned char *bytes, size_t size, size_t *at, sweep_piece *out)
{
    uint32_t number[SWEEP_PIECE_NUMBERS] = {0};
    if (size - *at < sizeof number) {
        return false;
    }
    for (int i = 0; i < SWEEP_PIECE_NUMBERS; i++) {
        for (size_t k = 0; k < sizeof *number; k++) {
            number[i] |= (uint32_t)bytes[(*at)++] << (8 * k);
        }
    }
    *out = (sweep_piece){number[0], number[1], number[2], number[3], number[4], bytes + *at};
    if (out->kind == SWEEP_LAYER) {
        return true;
    }
    if (out->kind != SWEEP_CHUNK || out->size > size - *at) {
        return false;
    }
    *at += out->size;
    return true;
}

static uxo_status open_layer(void *user, uxo_layer layer, const uxo_layer_facts *facts)
{
    uint32_t number[SWEEP_PIECE_NUMBERS] = {SWEEP_LAYER, (uint32_t)layer, 0, 0, 0};
    memcpy(&number[4], &facts->empty, sizeof facts->empty);
    block *const self = user;
    self->form[layer].empty = number[4];
    return add_piece(self, number, NULL, 0) ? UXO_OK : UXO_ERR_MEMORY;
}

static bool pack_chunk(void *user, uxo_layer layer, const float *values, uxo_packed *out)
{
    block *const self = user;
    return result_pack(&self->packers, &self->form[layer], values, out);
}

static uxo_status store_chunk(void *user, uxo_layer layer, uint32_t plane, uint32_t chunk_x, uint32_t chunk_y,
                              const uxo_packed *packed)
{
    const uint32_t number[SWEEP_PIECE_NUMBERS] = {SWEEP_CHUNK, (uint32_t)layer, chunk_x, chunk_y,
                                                  (uint32_t)packed->size};
    (void)plane;
    return packed->size == 0 || add_piece(user, number, packed->bytes, packed->size) ? UXO_OK : UXO_ERR_MEMORY;
}

uxo_status uxo_sweep_maps_compute(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *outcome,
                                  void **bytes, size_t *size, uxo_report *report)
{
    block self = {.bytes = NULL};
    for (int layer = 0; layer < UXO_LAYER_COUNT; layer++) {
        self.form[layer] = sweep_form(&scenario->grid);
    }
    const uxo_map_sink sink = {&self, open_layer, pack_chunk, store_chunk};
    const uxo_status status = uxo_engine_maps(scenario, options, outcome, &sink, report);
    result_packers_free(&self.packers);
    if (status != UXO_OK) {
        free(self.bytes);
        return status;
    }
    *bytes = self.bytes;
    *size = self.size;
    return UXO_OK;
}
