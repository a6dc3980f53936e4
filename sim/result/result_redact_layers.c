/* result_redact_layers.c - rasters of a public copy. Densities become the mean over a block and persons their sum, so
 * that sums stay.
 *
 * Probabilities, quantiles, spreads and standard errors of blocks cannot be had from those of cells, which are
 * correlated; they are left out. Memory: one row of chunks.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result_redact.h"

/* One layer on its way, a row of chunks at a time. */
typedef struct layer_copy {
    const redaction *self;
    const result_layer *layer;
    double scale; /* of a sum over a block */
    result_sheet sheet;
    result_packers packers;
    float *source; /* [UXO_CHUNK][nx of the source] */
    double *block; /* [UXO_CHUNK][nx of the copy] */
    void *chunk;   /* [UXO_CHUNK_CELLS] floats or whole numbers */
} layer_copy;

/* Sums of the blocks of rows first .. first + UXO_CHUNK - 1 of the copy. */
static uxo_status sum_blocks(layer_copy *copy, uint32_t plane, uint32_t first)
{
    const redaction *const self = copy->self;
    const uxo_grid *const grid = &self->source->grid;
    const uint64_t begin = (uint64_t)first * self->factor;
    const uint64_t last = begin + (uint64_t)UXO_CHUNK * self->factor;
    const uint64_t end = last < grid->ny ? last : grid->ny;
    memset(copy->block, 0, (size_t)UXO_CHUNK * self->coarse.nx * sizeof *copy->block);
    for (uint64_t y = begin; y < end; y += UXO_CHUNK) {
        const uint32_t rows = end - y < UXO_CHUNK ? (uint32_t)(end - y) : UXO_CHUNK;
        UXO_TRY(uxo_result_read_rows(self->source, copy->layer->name, plane, (uint32_t)y, rows, copy->source,
                                     self->out->report));
        for (uint32_t row = 0; row < rows; row++) {
            const float *const cells = copy->source + (size_t)row * grid->nx;
            double *const blocks = copy->block + (size_t)((y + row) / self->factor - first) * self->coarse.nx;
            for (uint32_t x = 0; x < grid->nx; x++) {
                blocks[x / self->factor] += (double)cells[x];
            }
        }
    }
    return UXO_OK;
}

static bool is_whole_numbers(const result_layer *layer)
{
    return strcmp(layer->name, "district") == 0 || strcmp(layer->name, "ground") == 0;
}

static bool is_input(const result_layer *layer)
{
    return is_whole_numbers(layer) || strcmp(layer->name, "population") == 0;
}

static void fill_chunk(const layer_copy *copy, uint32_t chunk_x)
{
    const uint32_t nx = copy->self->coarse.nx;
    const bool whole_numbers = is_whole_numbers(copy->layer);
    float *const cells = copy->chunk;
    uint16_t *const words = copy->chunk;
    for (uint32_t row = 0; row < UXO_CHUNK; row++) {
        for (uint32_t column = 0; column < UXO_CHUNK; column++) {
            const uint32_t x = chunk_x * UXO_CHUNK + column;
            const size_t cell = (size_t)row * UXO_CHUNK + column;
            const double value = x < nx ? copy->block[(size_t)row * nx + x] * copy->scale : 0.0;
            if (whole_numbers) {
                words[cell] = isnan(value) ? (uint16_t)copy->layer->missing : (uint16_t)value;
            } else {
                cells[cell] = (float)value;
            }
        }
    }
}

static uxo_status copy_plane(layer_copy *copy, uint32_t plane)
{
    h5_output *const out = copy->self->out;
    const uxo_grid *const grid = &copy->self->coarse;
    for (uint32_t y = 0; y < uxo_chunks_y(grid); y++) {
        UXO_TRY(sum_blocks(copy, plane, y * UXO_CHUNK));
        for (uint32_t x = 0; x < uxo_chunks_x(grid); x++) {
            uxo_packed packed;
            fill_chunk(copy, x);
            if (!result_pack(&copy->packers, &copy->sheet.form, copy->chunk, &packed)) {
                return uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
            }
            result_store_chunk(out, &copy->sheet, plane, x, y, &packed);
            free(packed.bytes);
        }
    }
    return out->status;
}

static bool allocate(layer_copy *copy)
{
    copy->source = malloc((size_t)UXO_CHUNK * copy->self->source->grid.nx * sizeof *copy->source);
    copy->block = malloc((size_t)UXO_CHUNK * copy->self->coarse.nx * sizeof *copy->block);
    copy->chunk = malloc(UXO_CHUNK_CELLS * sizeof(float));
    return copy->source != NULL && copy->block != NULL && copy->chunk != NULL;
}

static void open_sheet(layer_copy *copy, const result_map *map)
{
    const result_layer *const layer = copy->layer;
    h5_output *const out = copy->self->out;
    const bool whole_numbers = is_whole_numbers(layer);
    const result_raster raster = {.name = layer->name,
                                  .unit = layer->unit,
                                  .sentence = layer->sentence,
                                  .comment = layer->comment,
                                  .axis = layer->axis,
                                  .missing = layer->missing,
                                  .whole_numbers = whole_numbers,
                                  .repetitive = is_input(layer),
                                  .smooth = layer->smooth,
                                  .empty = whole_numbers ? layer->missing : 0.0,
                                  .cell_methods = strcmp(layer->name, "population") == 0 ? "area: sum"
                                                  : copy->scale < 1.0                    ? "area: mean"
                                                                                         : NULL};
    copy->sheet = result_open_sheet(out, map, &raster);
    if (!isnan(layer->error_bound)) {
        h5_number(out, copy->sheet.dataset, "numerical_error_bound", layer->error_bound);
    }
}

/* What the numbers of the ground classes mean. */
static void copy_classes(const redaction *self, hid_t dataset)
{
    enum { MOST = UXO_MAX_GROUND_CLASSES };
    const char *const meanings = uxo_result_text(self->source, "/ground", "flag_meanings");
    uint16_t values[MOST];
    size_t count = 1;
    for (const char *c = meanings; c != NULL && *c != '\0'; c++) {
        count += *c == ' ';
    }
    for (size_t i = 0; i < MOST; i++) {
        values[i] = (uint16_t)i;
    }
    if (meanings != NULL && count <= MOST) {
        h5_attribute(self->out, dataset, "flag_values", H5T_NATIVE_UINT16, values, count);
        h5_word(self->out, dataset, "flag_meanings", meanings);
    }
}

static void copy_layer(const redaction *self, const result_map *map, const result_layer *layer, double scale)
{
    layer_copy copy = {.self = self, .layer = layer, .scale = scale};
    if (!allocate(&copy)) {
        self->out->status = uxo_fail(self->out->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    open_sheet(&copy, map);
    if (strcmp(layer->name, "ground") == 0) {
        copy_classes(self, copy.sheet.dataset);
    }
    for (uint32_t plane = 0; plane < layer->planes && self->out->status == UXO_OK; plane++) {
        const uxo_status status = copy_plane(&copy, plane);
        self->out->status = self->out->status == UXO_OK ? status : self->out->status;
    }
    result_close_sheet(&copy.sheet);
    result_packers_free(&copy.packers);
    free(copy.source);
    free(copy.block);
    free(copy.chunk);
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text);
    const size_t end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* Of layers with planes: they are only there when the cells stay as they are. */
static void write_plane_axes(const redaction *self, result_map *map)
{
    for (size_t i = 0; self->factor == 1 && i < self->source->layer_count; i++) {
        const result_layer *const layer = &self->source->layer[i];
        if (layer->axis != UXO_AXIS_NONE && map->plane[layer->axis].scale < 0) {
            result_write_plane_axis(self->out, map, layer->axis, layer->plane_value, layer->planes);
        }
    }
}

void redaction_write_layers(const redaction *self, result_map *map)
{
    const double share = 1.0 / ((double)self->factor * self->factor); /* of a block, that one cell takes */
    write_plane_axes(self, map);
    for (size_t i = 0; i < self->source->layer_count && self->out->status == UXO_OK; i++) {
        const result_layer *const layer = &self->source->layer[i];
        if (self->factor == 1 || strcmp(layer->name, "population") == 0) {
            copy_layer(self, map, layer, 1.0);
        } else if (ends_with(layer->name, "_density")) {
            copy_layer(self, map, layer, share);
        } else {
            uxo_report_add(self->out->report, UXO_NOTE, NULL,
                           "layer '%s' is left out: its values for blocks of %g m cannot be had from those of cells",
                           layer->name, self->coarse.cell_size_m);
        }
    }
}
