/* map_file.c - writes maps and a table that were computed from results. Not here: what they are. */
#include "uxosim/map_file.h"

#include <math.h>
#include <stdlib.h>

#include "result_file.h"
#include "result_parts.h"
#include "result_whole.h"

/* All layers side by side: who fills them has all of a place at once. Owned. */
typedef struct sheets {
    result_sheet *sheet;
    result_packers packers;
    float *rows;  /* [layers][UXO_CHUNK][nx] */
    float *chunk; /* [UXO_CHUNK_CELLS] */
} sheets;

static uxo_status store_rows(h5_output *out, const uxo_map_file *file, sheets *self, size_t layer, uint32_t chunk_y,
                             uint32_t count)
{
    const uint32_t nx = uxo_result_grid(file->like)->nx;
    const float *const rows = self->rows + layer * count * nx;
    for (uint32_t x = 0; x < uxo_chunks_x(uxo_result_grid(file->like)); x++) {
        uxo_packed packed;
        for (size_t cell = 0; cell < UXO_CHUNK_CELLS; cell++) {
            const size_t row = cell / UXO_CHUNK, column = x * (size_t)UXO_CHUNK + cell % UXO_CHUNK;
            self->chunk[cell] = row < count && column < nx ? rows[row * nx + column] : 0.0F;
        }
        if (!result_pack(&self->packers, &self->sheet[layer].form, self->chunk, &packed)) {
            return uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        }
        result_store_chunk(out, &self->sheet[layer], 0, x, chunk_y, &packed);
        free(packed.bytes);
    }
    return out->status;
}

static uxo_status write_chunks(h5_output *out, const uxo_map_file *file, sheets *self)
{
    const uxo_grid *const grid = uxo_result_grid(file->like);
    for (uint32_t y = 0; y < uxo_chunks_y(grid); y++) {
        const uint32_t first = y * UXO_CHUNK;
        const uint32_t count = grid->ny - first < UXO_CHUNK ? grid->ny - first : UXO_CHUNK;
        UXO_TRY(file->fill(file->user, first, count, self->rows, out->report));
        for (size_t layer = 0; layer < file->layers; layer++) {
            UXO_TRY(store_rows(out, file, self, layer, y, count));
        }
    }
    return UXO_OK;
}

static result_sheet open_layer(h5_output *out, const uxo_map_layer *layer, const result_map *map)
{
    const result_raster raster = {.name = layer->name,
                                  .unit = layer->unit,
                                  .sentence = layer->sentence,
                                  .comment = layer->comment,
                                  .ancillary = layer->ancillary,
                                  .axis = UXO_AXIS_NONE,
                                  .missing = NAN,
                                  .empty = 0.0};
    return result_open_sheet(out, map, &raster);
}

static void write_layers(h5_output *out, const uxo_map_file *file, const result_map *map)
{
    sheets self = {.sheet = calloc(file->layers + 1, sizeof *self.sheet),
                   .rows = malloc(file->layers * UXO_CHUNK * map->grid->nx * sizeof *self.rows + 1),
                   .chunk = malloc(UXO_CHUNK_CELLS * sizeof *self.chunk)};
    if (self.sheet == NULL || self.rows == NULL || self.chunk == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    for (size_t i = 0; out->status == UXO_OK && i < file->layers; i++) {
        self.sheet[i] = open_layer(out, &file->layer[i], map);
    }
    if (out->status == UXO_OK) {
        const uxo_status status = write_chunks(out, file, &self);
        out->status = out->status == UXO_OK ? status : out->status;
    }
    for (size_t i = 0; self.sheet != NULL && i < file->layers; i++) {
        if (self.sheet[i].name != NULL) {
            result_close_sheet(&self.sheet[i]);
        }
    }
    result_packers_free(&self.packers);
    free(self.sheet);
    free(self.rows);
    free(self.chunk);
}

static void write_table(h5_output *out, const uxo_map_file *file)
{
    const hid_t group = h5_group(out, "rows");
    h5_dimension row = h5_plain_dimension(out, group, "row", file->rows);
    h5_close_dataset(h5_texts(out, group, "name", file->row_name, &row));
    for (size_t i = 0; i < file->columns; i++) {
        const uxo_map_column *const column = &file->column[i];
        const hid_t dataset = h5_table(out, group, column->name, H5T_NATIVE_DOUBLE, column->value, &row, 1);
        h5_text(out, dataset, "long_name", column->sentence);
        h5_word(out, dataset, "units", column->unit);
        h5_close_dataset(dataset);
    }
    h5_close_dimension(&row);
    h5_close_group(group);
}

static void write_parts(h5_output *out, void *user)
{
    const uxo_map_file *const file = *(const uxo_map_file *const *)user;
    result_map map;
    char source[128];
    h5_word(out, out->file, "Conventions", "CF-1.8");
    snprintf(source, sizeof source, "uxosim %s", file->version);
    for (size_t i = 0; i < file->texts; i++) {
        h5_text(out, out->file, file->text[i].name, file->text[i].text);
    }
    h5_text(out, out->file, "summary", UXO_SENTENCE);
    h5_text(out, out->file, "comment", UXO_SENTENCE);
    h5_text(out, out->file, "source", source);
    h5_text(out, out->file, "format", "uxosim-maps");
    h5_integer(out, out->file, "format_version", UXO_RESULT_FORMAT_VERSION);
    h5_text(out, out->file, "kind", file->kind);
    result_write_axes(out, &map, uxo_result_grid(file->like));
    result_copy_crs(out, file->like, map.grid);
    if (file->layers > 0) {
        write_layers(out, file, &map);
    }
    if (file->rows > 0 && out->status == UXO_OK) {
        write_table(out, file);
    }
    result_close_axes(&map);
    h5_integer(out, out->file, "complete", 1);
}

uxo_status uxo_map_file_write(const char *path, const uxo_map_file *file, uxo_report *report)
{
    return result_write_whole(path, NULL, write_parts, &file, report);
}
