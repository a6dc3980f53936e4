/* map_capture.c - see map_capture.h. */
#include "map_capture.h"

#include <stdlib.h>
#include <string.h>

void map_capture_init(map_capture *self, const uxo_scenario *scenario)
{
    memset(self, 0, sizeof *self);
    self->grid = &scenario->grid;
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_COUNT; layer++) {
        self->planes[layer] = uxo_layer_planes(scenario, layer);
    }
}

void map_capture_free(map_capture *self)
{
    for (int layer = 0; layer < UXO_LAYER_COUNT; layer++) {
        for (int plane = 0; plane < MAP_CAPTURE_PLANES; plane++) {
            free(self->plane[layer][plane]);
        }
    }
    memset(self, 0, sizeof *self);
}

static uxo_status open_layer(void *user, uxo_layer layer, const uxo_layer_facts *facts)
{
    map_capture *const self = user;
    const size_t cells = uxo_grid_cell_count(self->grid);
    self->broken += self->opened[layer] || self->planes[layer] == 0;
    self->opened[layer] = true;
    self->facts[layer] = *facts;
    for (uint32_t plane = 0; plane < self->planes[layer]; plane++) {
        float *const values = malloc(cells * sizeof *values);
        for (size_t i = 0; i < cells; i++) {
            values[i] = facts->empty;
        }
        self->plane[layer][plane] = values;
    }
    return ++self->opens == self->fail_open ? UXO_ERR_IO : UXO_OK;
}

static bool pack(void *user, uxo_layer layer, const float *values, uxo_packed *out)
{
    map_capture *const self = user;
    (void)layer;
    out->size = UXO_CHUNK_CELLS * sizeof *values;
    out->bytes = malloc(out->size);
    memcpy(out->bytes, values, out->size);
    return atomic_fetch_add(&self->packs, 1) + 1 != self->fail_pack;
}

static uxo_status store(void *user, uxo_layer layer, uint32_t plane, uint32_t chunk_x, uint32_t chunk_y,
                        const uxo_packed *packed)
{
    map_capture *const self = user;
    const float *const values = packed->bytes;
    const bool last_pass = layer == UXO_LAYER_DUD_CONTAINMENT;
    const uint64_t chunk = (uint64_t)chunk_y * uxo_chunks_x(self->grid) + chunk_x;
    const uint64_t place = (uint64_t)last_pass << 60 | chunk << 16 | (uint64_t)layer << 8 | plane;
    self->broken += self->stores > 0 && place <= self->last;
    self->broken += !self->opened[layer] || plane >= self->planes[layer];
    self->last = place;
    for (uint32_t row = 0; packed->size > 0 && row < UXO_CHUNK && chunk_y * UXO_CHUNK + row < self->grid->ny; row++) {
        for (uint32_t x = chunk_x * UXO_CHUNK; x < self->grid->nx && x < (chunk_x + 1) * UXO_CHUNK; x++) {
            self->plane[layer][plane][(size_t)(chunk_y * UXO_CHUNK + row) * self->grid->nx + x] =
                values[row * UXO_CHUNK + x % UXO_CHUNK];
        }
    }
    return ++self->stores == self->fail_store ? UXO_ERR_IO : UXO_OK;
}

uxo_map_sink map_capture_sink(map_capture *self)
{
    return (uxo_map_sink){self, open_layer, pack, store};
}
