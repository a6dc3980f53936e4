/* report_layers.c - maps as the page has them: a byte per cell on a logarithmic scale, deflated. Not here: colours (report/src/colour.js).
 *
 * 0 is zero, 255 no value; 1 to 254 are even steps of the logarithm from `max` / 10^5 (and below) to `max`, so a value reads back
 * within 2.3 %. A share has even steps of 1/200, rounded up: "at most 0.5" stays exact.
 * Bytes are stored as differences to the left neighbour (of a row's first cell: to the one above), which compress better.
 */
#include <libdeflate.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "uxosim/portable_math.h"

enum { LEVELS = 254, NO_VALUE = 255, SHARE_STEPS = 200, STRIP_ROWS = 256 };
static const double DECADES = 5.0;

/* A plane of a layer. */
typedef struct plane {
    const char *layer, *title; /* title: "" or "quantile 0.05" */
    const char *unit, *meaning;
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
    json_text(json, "scale", what->is_share ? "share" : "log");
    json_number(json, "max", what->max);
    json_number(json, "least", what->max > 0.0 ? what->least : 0.0);
    json_number(json, "error_bound", what->error_bound);
    json_text(json, "cells", text);
    json_close(json, '}');
    free(text);
    return UXO_OK;
}

static uxo_status read_plane(report_page *self, const char *layer, uint32_t index, float *cell)
{
    const uxo_grid *const grid = uxo_result_grid(self->result);
    for (uint32_t row = 0; row < grid->ny; row += STRIP_ROWS) {
        const uint32_t rows = grid->ny - row < STRIP_ROWS ? grid->ny - row : STRIP_ROWS;
        UXO_TRY(
            uxo_result_read_rows(self->result, layer, index, row, rows, cell + (size_t)row * grid->nx, self->report));
    }
    return UXO_OK;
}

static uxo_status write_layer(report_page *self, const char *layer, float *cell)
{
    for (uint32_t i = 0; i < uxo_result_layer_planes(self->result, layer); i++) {
        char title[128] = "";
        char group[160];
        snprintf(group, sizeof group, "/%s", layer);
        (void)uxo_result_plane_name(self->result, layer, i, title, sizeof title);
        UXO_TRY(read_plane(self, layer, i, cell));
        plane what = {.layer = layer,
                      .title = title,
                      .unit = uxo_result_layer_unit(self->result, layer),
                      .meaning = uxo_result_layer_sentence(self->result, layer),
                      .is_share = strcmp(layer, "dud_containment") == 0,
                      .error_bound = uxo_result_number(self->result, group, "numerical_error_bound"),
                      .cell = cell};
        UXO_TRY(write_plane(self, &what));
    }
    return UXO_OK;
}

typedef struct ranked_cell {
    float value;
    uint32_t cell;
} ranked_cell;

/* Largest first, then by place. */
static int compare_cells(const void *left, const void *right)
{
    const ranked_cell *const a = left;
    const ranked_cell *const b = right;
    return a->value > b->value ? -1 : a->value < b->value ? 1 : a->cell < b->cell ? -1 : a->cell > b->cell;
}

/* From densities to shares, in place: cells of equal density are contained together. */
static void contain(float *cell, ranked_cell *order, size_t cells, double outside, double cell_ha)
{
    double sum = 0.0, total = 0.0;
    for (size_t i = 0; i < cells; i++) {
        order[i] = (ranked_cell){cell[i], (uint32_t)i};
    }
    qsort(order, cells, sizeof *order, compare_cells);
    for (size_t i = 0; i < cells; i++) {
        total += (double)order[i].value;
    }
    total += outside / cell_ha;
    for (size_t i = 0, end = 0; i < cells; i = end) {
        for (end = i; end < cells && order[end].value >= order[i].value; end++) {
            sum += (double)order[end].value;
        }
        for (size_t k = i; k < end; k++) {
            cell[order[k].cell] = order[k].value > 0.0f && total > 0.0 ? (float)(sum / total) : 1.0f;
        }
    }
}

/* A public copy has no containment: that of its larger cells follows from their density alone, so it is made anew. */
static uxo_status write_containment(report_page *self, float *cell)
{
    const uxo_grid *const grid = uxo_result_grid(self->result);
    const size_t cells = uxo_grid_cell_count(grid);
    const double outside = self->table->value[UXO_COLUMN_DUDS_MEAN][self->table->rows - 2];
    ranked_cell *const order = malloc((cells + 1) * sizeof *order);
    if (order == NULL) {
        return out_of_memory(self);
    }
    uxo_status status = read_plane(self, "dud_density", 0, cell);
    if (status == UXO_OK) {
        contain(cell, order, cells, isnan(outside) ? 0.0 : outside, uxo_grid_cell_ha(grid));
        plane what = {.layer = "dud_containment",
                      .title = "",
                      .unit = "1",
                      .meaning = "share of all expected duds inside the smallest area of such cells that contains "
                                 "this one, from dud_density of these cells",
                      .is_share = true,
                      .error_bound = NAN,
                      .cell = cell};
        status = write_plane(self, &what);
    }
    free(order);
    return status;
}

/* Population and classes are inputs, which others publish. */
static bool is_shown(const char *layer)
{
    return strcmp(layer, "population") != 0 && strcmp(layer, "district") != 0 && strcmp(layer, "ground") != 0;
}

static uxo_status write_all(report_page *self, float *cell)
{
    for (size_t i = 0; i < uxo_result_layer_count(self->result); i++) {
        const char *const layer = uxo_result_layer_name(self->result, i);
        if (is_shown(layer)) {
            UXO_TRY(write_layer(self, layer, cell));
        }
    }
    const bool has_density = uxo_result_layer_unit(self->result, "dud_density") != NULL;
    if (has_density && uxo_result_layer_unit(self->result, "dud_containment") == NULL) {
        UXO_TRY(write_containment(self, cell));
    }
    return UXO_OK;
}

uxo_status report_write_layers(report_page *self)
{
    const size_t cells = uxo_grid_cell_count(uxo_result_grid(self->result));
    float *const cell = cells <= REPORT_MOST_CELLS ? malloc((cells + 1) * sizeof *cell) : NULL;
    if (cell == NULL) {
        return cells <= REPORT_MOST_CELLS
                   ? out_of_memory(self)
                   : uxo_fail(self->report, UXO_ERR_DATA, NULL, "%zu cells are too many for a page (%u)", cells,
                              (unsigned)REPORT_MOST_CELLS);
    }
    json_number(&self->json, "decades", DECADES);
    json_open(&self->json, "layers", '[');
    const uxo_status status = write_all(self, cell);
    json_close(&self->json, ']');
    free(cell);
    return status;
}
