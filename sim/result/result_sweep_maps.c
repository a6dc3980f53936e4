/* result_sweep_maps.c - maps of a collected sweep: chunks go from the records to the file as they are. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result_sweep_parts.h"
#include "sweep_chunks.h"

/* Scenarios take the place of the planes that a result has along this axis. */
static const uxo_layer_axis SCENARIO_AXIS = UXO_AXIS_QUANTILE;

static bool is_wanted(const uxo_sweep *sweep, const char *name)
{
    bool wanted = false;
    for (uint32_t i = 0; i < sweep->layer_count; i++) {
        wanted = wanted || strcmp(sweep->layer[i], name) == 0;
    }
    return wanted;
}

void sweep_open_maps(sweep_output *self)
{
    h5_output *const out = self->out;
    const uxo_scenario *const scenario = self->from->scenario;
    for (int layer = 0; layer < UXO_LAYER_COUNT; layer++) {
        self->sheet[layer].dataset = H5I_INVALID_HID;
    }
    if (self->from->sweep->layer_count == 0 || h5_output_stopped(out)) {
        return;
    }
    result_write_axes(out, &self->map, &scenario->grid);
    result_write_crs(out, scenario->crs, &scenario->grid);
    self->map.plane[SCENARIO_AXIS] = self->scenario;
    for (int layer = 0; layer < UXO_LAYER_COUNT; layer++) {
        const uxo_layer_info *const info = uxo_layer_describe((uxo_layer)layer);
        self->wanted[layer] = is_wanted(self->from->sweep, info->name);
        if (self->wanted[layer]) {
            const result_raster raster = {.name = info->name,
                                          .unit = info->unit,
                                          .sentence = info->sentence,
                                          .axis = SCENARIO_AXIS,
                                          .smooth = true,
                                          .empty = 0.0,
                                          .missing = (double)NAN};
            self->sheet[layer] = result_open_sheet(out, &self->map, &raster);
        }
    }
}

/* A chunk that holds one value. */
static bool pack_constant(const sweep_output *self, result_packers *packers, uint32_t bits, uxo_packed *out)
{
    result_form form = sweep_form(self->map.grid);
    float value;
    float *const cells = malloc((size_t)UXO_CHUNK_CELLS * sizeof *cells);
    memcpy(&value, &bits, sizeof value);
    for (size_t i = 0; cells != NULL && i < UXO_CHUNK_CELLS; i++) {
        cells[i] = value;
    }
    form.empty = ~bits; /* another one: so the chunk is packed */
    const bool good = cells != NULL && result_pack(packers, &form, cells, out);
    free(cells);
    return good;
}

/* Chunks of a layer that are not there and read as 0, where they mean something else. */
static void fill_layer(sweep_output *self, uint32_t scenario, int layer, uint32_t empty, const uint8_t *stored)
{
    uxo_packed packed = {NULL, 0};
    result_packers packers;
    memset(&packers, 0, sizeof packers);
    if (empty == 0 || h5_output_stopped(self->out)) {
        return;
    }
    if (!pack_constant(self, &packers, empty, &packed)) {
        self->out->status = uxo_fail(self->out->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    const uint32_t across = uxo_chunks_x(self->map.grid), chunks = across * uxo_chunks_y(self->map.grid);
    for (uint32_t c = 0; c < chunks; c++) {
        if (stored == NULL || !stored[c]) {
            result_store_chunk(self->out, &self->sheet[layer], scenario, c % across, c / across, &packed);
        }
    }
    free(packed.bytes);
    result_packers_free(&packers);
}

/* One layer's chunks; the value of the others. */
static uint32_t store_layer(sweep_output *self, uint32_t scenario, int layer, const void *block, size_t size,
                            uint8_t *stored)
{
    const uint32_t across = uxo_chunks_x(self->map.grid), down = uxo_chunks_y(self->map.grid);
    uint32_t empty = 0;
    size_t at = 0;
    sweep_piece piece;
    memset(stored, 0, (size_t)across * down);
    while (sweep_next_piece(block, size, &at, &piece)) {
        if (piece.layer != (uint32_t)layer) {
            continue;
        }
        if (piece.kind == SWEEP_LAYER) {
            empty = piece.size;
        } else if (piece.chunk_x < across && piece.chunk_y < down) {
            const uxo_packed packed = {(void *)(uintptr_t)piece.bytes, piece.size};
            result_store_chunk(self->out, &self->sheet[layer], scenario, piece.chunk_x, piece.chunk_y, &packed);
            stored[piece.chunk_y * across + piece.chunk_x] = 1;
        }
    }
    if (at != size && self->out->status == UXO_OK) {
        self->out->status =
            uxo_fail(self->out->report, UXO_ERR_DATA, NULL, "the maps of scenario %u cannot be read", scenario + 1);
    }
    return empty;
}

void sweep_write_maps(sweep_output *self, uint32_t scenario, const void *block, size_t size)
{
    const float missing = NAN;
    uint32_t missing_bits;
    if (self->from->sweep->layer_count == 0 || h5_output_stopped(self->out)) {
        return;
    }
    memcpy(&missing_bits, &missing, sizeof missing_bits);
    uint8_t *const stored = calloc(uxo_chunks_x(self->map.grid), uxo_chunks_y(self->map.grid));
    if (stored == NULL) {
        self->out->status = uxo_fail(self->out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        return;
    }
    for (int layer = 0; layer < UXO_LAYER_COUNT; layer++) {
        if (self->wanted[layer]) {
            const uint32_t empty =
                block != NULL ? store_layer(self, scenario, layer, block, size, stored) : missing_bits;
            fill_layer(self, scenario, layer, empty, block != NULL ? stored : NULL);
        }
    }
    free(stored);
}

void sweep_close_maps(sweep_output *self)
{
    for (int layer = 0; layer < UXO_LAYER_COUNT; layer++) {
        result_close_sheet(&self->sheet[layer]);
    }
    if (self->map.grid != NULL) {
        self->map.plane[SCENARIO_AXIS] = (h5_dimension){H5I_INVALID_HID, 0}; /* the scenarios' own: closed elsewhere */
        result_close_axes(&self->map);
    }
}
