/* result_redact_layers.c - rasters of a public copy. Densities become the mean over a block and persons their sum, so
 * that sums stay.
 *
 * Probabilities, spreads and standard errors of blocks cannot be had from those of cells, which are correlated; they
 * are left out.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result_redact.h"

/* A raster of blocks in memory. */
typedef struct block_raster {
    const uxo_grid *grid;
    double *value;
    bool whole_numbers;
    double missing;
} block_raster;

static bool fill_blocks(void *user, const result_window *window, void *values)
{
    const block_raster *const blocks = user;
    float *const cells = values;
    uint16_t *const words = values;
    bool any = false;
    for (uint32_t row = 0; row < window->height; row++) {
        for (uint32_t column = 0; column < window->width; column++) {
            const uint32_t x = window->first_x + column;
            const uint32_t y = window->first_y + row;
            const bool inside = x < blocks->grid->nx && y < blocks->grid->ny;
            const double value = inside ? blocks->value[(size_t)y * blocks->grid->nx + x] : 0.0;
            const size_t cell = (size_t)row * window->width + column;
            if (blocks->whole_numbers) {
                words[cell] = isnan(value) ? (uint16_t)blocks->missing : (uint16_t)value;
                any = true;
            } else {
                cells[cell] = (float)value;
                any = any || cells[cell] != 0.0f;
            }
        }
    }
    return any;
}

/* Adds one row of cells to its blocks. */
static void add_row(const redaction *self, uint32_t row, const float *cells, double *value)
{
    double *const blocks = value + (size_t)(row / self->factor) * self->coarse.nx;
    for (uint32_t x = 0; x < self->source->grid.nx; x++) {
        blocks[x / self->factor] += (double)cells[x];
    }
}

static uxo_status sum_blocks(const redaction *self, const char *layer, double *value)
{
    const uxo_grid *const grid = &self->source->grid;
    const uint32_t slab = grid->ny < RESULT_CHUNK ? grid->ny : RESULT_CHUNK;
    float *const cells = malloc((size_t)slab * grid->nx * sizeof *cells);
    uxo_status status = cells != NULL ? UXO_OK : uxo_fail(self->out->report, UXO_ERR_MEMORY, NULL, "out of memory");
    for (uint32_t y = 0; y < grid->ny && status == UXO_OK; y += slab) {
        const uint32_t rows = grid->ny - y < slab ? grid->ny - y : slab;
        status = uxo_result_read_rows(self->source, layer, y, rows, cells, self->out->report);
        for (uint32_t row = 0; row < rows && status == UXO_OK; row++) {
            add_row(self, y + row, cells + (size_t)row * grid->nx, value);
        }
    }
    free(cells);
    return status;
}

static void write_layer(const redaction *self, const result_map *map, const result_layer *layer, double scale)
{
    const size_t count = uxo_grid_cell_count(&self->coarse);
    block_raster blocks = {&self->coarse, calloc(count, sizeof(double)), strcmp(layer->name, "district") == 0,
                           layer->missing};
    if (blocks.value == NULL) {
        self->out->status = uxo_fail(self->out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        return;
    }
    const uxo_status status = sum_blocks(self, layer->name, blocks.value);
    if (status != UXO_OK) {
        self->out->status = status;
    }
    for (size_t i = 0; i < count; i++) {
        blocks.value[i] *= scale;
    }
    result_raster described = {0};
    (void)result_describe_layer(layer->name, &described);
    result_raster raster = {.name = layer->name,
                            .unit = layer->unit,
                            .sentence = layer->sentence,
                            .comment = described.comment,
                            .missing = layer->missing,
                            .whole_numbers = blocks.whole_numbers,
                            .empty = blocks.whole_numbers ? layer->missing : 0.0,
                            .cell_methods = strcmp(layer->name, "population") == 0 ? "area: sum"
                                            : scale < 1.0                          ? "area: mean"
                                                                                   : NULL,
                            .fill = fill_blocks,
                            .user = &blocks};
    result_write_raster(self->out, map, &raster);
    free(blocks.value);
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text);
    const size_t end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

void redaction_write_layers(const redaction *self, const result_map *map)
{
    const double share = 1.0 / ((double)self->factor * self->factor); /* of a block, that one cell takes */
    for (size_t i = 0; i < self->source->layer_count && self->out->status == UXO_OK; i++) {
        const result_layer *const layer = &self->source->layer[i];
        if (self->factor == 1 || strcmp(layer->name, "population") == 0) {
            write_layer(self, map, layer, 1.0);
        } else if (ends_with(layer->name, "_density")) {
            write_layer(self, map, layer, share);
        } else {
            uxo_report_add(self->out->report, UXO_NOTE, NULL,
                           "layer '%s' is left out: its values for blocks of %g m cannot be had from those of cells",
                           layer->name, self->coarse.cell_size_m);
        }
    }
}
