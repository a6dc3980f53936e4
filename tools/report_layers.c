/* report_layers.c - maps as the page has them: a byte per cell on a logarithmic scale, deflated. Not here: colours (report/src/colours.json), what cells of blocks are (map_cells.c).
 *
 * 0 is zero, 255 no value; 1 to 254 are even steps of the logarithm from `max` / 10^5 (and below) to `max`, so a value reads back
 * within 2.3 %. A share has even steps of 1/200, rounded up: "at most 0.5" stays exact.
 * Bytes are stored as differences to the left neighbour (of a row's first cell: to the one above), which compress better.
 */
#include <libdeflate.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "map_cells.h"
#include "report.h"
#include "uxosim/portable_math.h"

enum { LEVELS = 254, NO_VALUE = 255, SHARE_STEPS = 200 };
static const double DECADES = 5.0;

/* A plane of a layer. */
typedef struct plane {
    const char *layer, *title; /* title: "" or "quantile 0.05" */
    const char *unit, *meaning;
    const char *blocks; /* how the numbers of its cells came about */
    bool is_share;
    double error_bound; /* NaN: none */
    const float *cell;  /* [ny * nx] */
    double max, least;  /* of the values above zero; 0: there are none */
} plane;

static void find_range(plane *self, size_t cells)
{
    self->max = 0.0;
    self->least = INFINITY;
    for (size_t i = 0; i < cells; i++) {
        const double value = (double)self->cell[i];
        self->max = value > self->max ? value : self->max;
        self->least = value > 0.0 && value < self->least ? value : self->least;
    }
}

static unsigned char level_of(const plane *self, double value, double log_max)
{
    if (isnan(value)) {
        return NO_VALUE;
    }
    if (!(value > 0.0)) {
        return 0;
    }
    if (self->is_share) {
        return (unsigned char)fmin(SHARE_STEPS, fmax(1.0, ceil(value * SHARE_STEPS - 1e-6)));
    }
    const double decades = (uxo_log(value) - log_max) * 0.43429448190325182; /* 1 / ln 10 */
    const double level = floor(LEVELS + decades * (LEVELS - 1) / DECADES + 0.5);
    return (unsigned char)fmin(LEVELS, fmax(1.0, level));
}

static void fill_bytes(const plane *self, const uxo_grid *grid, unsigned char *bytes)
{
    const double log_max = self->max > 0.0 ? uxo_log(self->max) : 0.0;
    for (size_t i = 0; i < uxo_grid_cell_count(grid); i++) {
        bytes[i] = level_of(self, (double)self->cell[i], log_max);
    }
    for (uint32_t y = grid->ny; y-- > 0;) {
        unsigned char *const row = bytes + (size_t)y * grid->nx;
        for (uint32_t x = grid->nx; x-- > 1;) {
            row[x] = (unsigned char)(row[x] - row[x - 1]);
        }
    }
    for (uint32_t y = grid->ny; y-- > 1;) {
        unsigned char *const first = bytes + (size_t)y * grid->nx;
        *first = (unsigned char)(*first - *(first - grid->nx));
    }
}

/* Deflated and as base64; NULL: out of memory. To be freed. */
static char *packed(const unsigned char *bytes, size_t count)
{
    struct libdeflate_compressor *const compressor = libdeflate_alloc_compressor(9);
    const size_t room = compressor != NULL ? libdeflate_deflate_compress_bound(compressor, count) : 0;
    unsigned char *const out = room > 0 ? malloc(room) : NULL;
    const size_t used = out != NULL ? libdeflate_deflate_compress(compressor, bytes, count, out, room) : 0;
    char *const text = used > 0 ? report_base64(out, used) : NULL;
    libdeflate_free_compressor(compressor);
    free(out);
    return text;
}

static uxo_status out_of_memory(report_page *self)
{
    return uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
}

static uxo_status write_plane(report_page *self, plane *what)
{
    const uxo_grid *const grid = uxo_result_grid(self->result);
    json_output *const json = &self->json;
    unsigned char *const bytes = malloc(uxo_grid_cell_count(grid) + 1);
    if (bytes == NULL) {
        return out_of_memory(self);
    }
    find_range(what, uxo_grid_cell_count(grid));
    fill_bytes(what, grid, bytes);
    char *const text = packed(bytes, uxo_grid_cell_count(grid));
    free(bytes);
    if (text == NULL) {
        return out_of_memory(self);
    }
    json_open(json, NULL, '{');
    json_text(json, "layer", what->layer);
    json_text(json, "plane", what->title);
    json_text(json, "unit", what->unit);
    json_text(json, "meaning", what->meaning);
    json_text(json, "blocks", what->blocks);
    json_text(json, "scale", what->is_share ? "share" : "log");
    json_number(json, "max", what->max);
    json_number(json, "least", what->max > 0.0 ? what->least : 0.0);
    json_number(json, "error_bound", what->error_bound);
    json_text(json, "cells", text);
    json_close(json, '}');
    free(text);
    return UXO_OK;
}

static const char CONTAINMENT[] = "dud_containment";

static uxo_status write_layer(report_page *self, const map_cells_source *maps, const char *layer)
{
    const uint32_t stored = uxo_result_layer_planes(maps->result, layer);
    const char *const sentence = uxo_result_layer_sentence(maps->result, layer);
    char blocks[200], group[160];
    map_cells_say(maps, layer, blocks, sizeof blocks);
    snprintf(group, sizeof group, "/%s", layer);
    for (uint32_t i = 0; i < (stored > 0 ? stored : 1); i++) {
        char title[128] = "";
        float *cell = NULL;
        (void)uxo_result_plane_name(maps->result, layer, i, title, sizeof title);
        UXO_TRY(map_cells_read(maps, layer, i, &cell, self->report));
        plane what = {.layer = layer,
                      .title = title,
                      .unit = stored > 0 ? uxo_result_layer_unit(maps->result, layer) : "1",
                      .meaning = sentence != NULL ? sentence
                                                  : "share of all expected duds inside the smallest area that contains "
                                                    "this cell",
                      .blocks = blocks,
                      .is_share = strcmp(layer, CONTAINMENT) == 0,
                      .error_bound = uxo_result_number(maps->result, group, "numerical_error_bound"),
                      .cell = cell};
        const uxo_status status = write_plane(self, &what);
        free(cell);
        UXO_TRY(status);
    }
    return UXO_OK;
}

/* Population and classes are inputs, which others publish. */
static bool is_input(const char *layer)
{
    return strcmp(layer, "population") == 0 || strcmp(layer, "district") == 0 || strcmp(layer, "ground") == 0;
}

static uxo_status write_all(report_page *self, const map_cells_source *maps)
{
    for (size_t i = 0; i < uxo_result_layer_count(maps->result); i++) {
        const char *const layer = uxo_result_layer_name(maps->result, i);
        if (!is_input(layer) && map_cells_rule_of(maps, layer) != MAP_CELLS_NONE) {
            UXO_TRY(write_layer(self, maps, layer));
        }
    }
    /* A public copy has no containment: that of its larger cells follows from their density alone. */
    const bool is_stored = uxo_result_layer_unit(maps->result, CONTAINMENT) != NULL;
    return is_stored || map_cells_rule_of(maps, CONTAINMENT) == MAP_CELLS_NONE ? UXO_OK
                                                                               : write_layer(self, maps, CONTAINMENT);
}

/* Out of the file itself: of blocks more can be said than a copy of them holds, and nothing but what map_cells.c lists is. */
static map_cells_source maps_of(const report_page *self)
{
    const uxo_grid *const shown = uxo_result_grid(self->result);
    const double factor = shown->cell_size_m / uxo_result_grid(self->original)->cell_size_m;
    return map_cells_source_make(self->original, shown, (uint32_t)(factor + 0.5), self->table);
}

void report_write_left_out(report_page *self)
{
    const map_cells_source maps = maps_of(self);
    json_open_inline(&self->json, "left_out", '[');
    for (size_t i = 0; i < uxo_result_layer_count(self->original); i++) {
        const char *const layer = uxo_result_layer_name(self->original, i);
        if (!is_input(layer) && map_cells_rule_of(&maps, layer) == MAP_CELLS_NONE) {
            json_text(&self->json, NULL, layer);
        }
    }
    json_close(&self->json, ']');
}

uxo_status report_write_layers(report_page *self)
{
    const map_cells_source maps = maps_of(self);
    const uint64_t cells = uxo_grid_cell_count(&maps.grid);
    if (cells > REPORT_MOST_CELLS) {
        return uxo_fail(self->report, UXO_ERR_DATA, NULL, "%llu cells are too many for a page (%u)",
                        (unsigned long long)cells, (unsigned)REPORT_MOST_CELLS);
    }
    json_number(&self->json, "decades", DECADES);
    json_open(&self->json, "layers", '[');
    const uxo_status status = write_all(self, &maps);
    json_close(&self->json, ']');
    return status;
}
