/* map_cells.c - see map_cells.h. Not here: how maps are drawn (figures_map.c) or packed (report_layers.c). */
#include "map_cells.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_AT_ONCE = 256 };

map_cells_source map_cells_source_make(uxo_result *result, const uxo_grid *grid, uint32_t factor,
                                       const uxo_district_table *table)
{
    const double outside = table->rows >= 2 ? table->value[UXO_COLUMN_DUDS_MEAN][table->rows - 2] : 0.0;
    return (map_cells_source){result, *grid, factor, outside > 0.0 ? outside : 0.0};
}

/* A block on its way: cells seen, and their sum or maximum. */
typedef struct cell_blocks {
    double *value;
    uint32_t *seen; /* cells with a number */
} cell_blocks;

static void take_cell(const cell_blocks *blocks, size_t block, double value, map_cells_rule how)
{
    if (isnan(value)) {
        return;
    }
    if (how != MAP_CELLS_LARGEST) {
        blocks->value[block] += value;
    } else if (blocks->seen[block] == 0 || value > blocks->value[block]) {
        blocks->value[block] = value;
    }
    blocks->seen[block]++;
}

/* A map of the result, and what becomes of it. */
typedef struct cell_map {
    const char *layer;
    uint32_t plane;
    map_cells_rule how;
} cell_map;

static uxo_status take_rows(const map_cells_source *self, const cell_map *map, const cell_blocks *blocks, float *rows,
                            uxo_report *report)
{
    const uxo_grid *const fine = uxo_result_grid(self->result);
    for (uint32_t y = 0; y < fine->ny; y += ROWS_AT_ONCE) {
        const uint32_t count = fine->ny - y < ROWS_AT_ONCE ? fine->ny - y : ROWS_AT_ONCE;
        UXO_TRY(uxo_result_read_rows(self->result, map->layer, map->plane, y, count, rows, report));
        for (size_t i = 0; i < (size_t)count * fine->nx; i++) {
            const size_t row = (y + i / fine->nx) / self->factor;
            const size_t column = i % fine->nx / self->factor;
            take_cell(blocks, row * self->grid.nx + column, (double)rows[i], map->how);
        }
    }
    return UXO_OK;
}

/* A block that reaches beyond the old grid is a mean over all of it, as in `uxosim redact`: sums stay. */
static void finish_blocks(const map_cells_source *self, const cell_blocks *blocks, map_cells_rule how, float *cells)
{
    const bool is_mean = how == MAP_CELLS_MEAN || how == MAP_CELLS_MOST_SPREAD;
    const double share = is_mean ? 1.0 / ((double)self->factor * self->factor) : 1.0;
    for (size_t i = 0; i < uxo_grid_cell_count(&self->grid); i++) {
        cells[i] = blocks->seen[i] > 0 ? (float)(blocks->value[i] * share) : NAN;
    }
}

static uxo_status read_reduced(const map_cells_source *self, const cell_map *map, float *cells, uxo_report *report)
{
    const size_t count = uxo_grid_cell_count(&self->grid);
    const cell_blocks blocks = {calloc(count, sizeof(double)), calloc(count, sizeof(uint32_t))};
    float *const rows = malloc((size_t)ROWS_AT_ONCE * uxo_result_grid(self->result)->nx * sizeof *rows);
    uxo_status status = UXO_OK;
    if (blocks.value == NULL || blocks.seen == NULL || rows == NULL) {
        status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    } else {
        status = take_rows(self, map, &blocks, rows, report);
        finish_blocks(self, &blocks, map->how, cells);
    }
    free(rows);
    free(blocks.seen);
    free(blocks.value);
    return status;
}

typedef struct ranked_cell {
    float density;
    uint32_t index;
} ranked_cell;

static int denser_first(const void *left, const void *right)
{
    const ranked_cell *const a = left;
    const ranked_cell *const b = right;
    return a->density > b->density ? -1 : a->density < b->density ? 1 : a->index < b->index ? -1 : 1;
}

/* Share of all expected duds, those outside the grid included, in the smallest area that holds a cell: cells of equal density
 * are contained together; one without duds lies outside of every such area. */
static void contain(const map_cells_source *self, const ranked_cell *ranked, size_t count, float *cells)
{
    const double cell_ha = uxo_grid_cell_ha(&self->grid);
    double total = self->outside_duds;
    double inside = 0.0;
    for (size_t i = 0; i < count; i++) {
        total += (double)ranked[i].density * cell_ha;
    }
    for (size_t i = 0; i < count;) {
        size_t end = i;
        for (; end < count && !(ranked[end].density < ranked[i].density); end++) {
            inside += (double)ranked[end].density * cell_ha;
        }
        const bool is_empty = !(ranked[i].density > 0.0f) || !(total > 0.0);
        for (; i < end; i++) {
            cells[ranked[i].index] = is_empty ? 1.0f : (float)fmin(inside / total, 1.0);
        }
    }
}

static uxo_status containment_of_blocks(const map_cells_source *self, float *cells, uxo_report *report)
{
    const cell_map density = {"dud_density", 0, MAP_CELLS_MEAN};
    const size_t count = uxo_grid_cell_count(&self->grid);
    ranked_cell *const ranked = malloc((count + 1) * sizeof *ranked);
    uxo_status status = ranked != NULL ? read_reduced(self, &density, cells, report)
                                       : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    size_t known = 0;
    for (size_t i = 0; i < count && status == UXO_OK; i++) {
        if (!isnan(cells[i])) {
            ranked[known++] = (ranked_cell){cells[i], (uint32_t)i};
        }
    }
    if (status == UXO_OK && known > 0) {
        qsort(ranked, known, sizeof *ranked, denser_first);
        contain(self, ranked, known, cells);
    }
    free(ranked);
    return status;
}

/* Rules of blocks, by name: what is not listed is not shown until someone decides. */
static const struct {
    const char *layer;
    map_cells_rule rule;
} RULES[] = {
    {"dud_density", MAP_CELLS_MEAN},
    {"accident_density", MAP_CELLS_MEAN},
    {"background_density", MAP_CELLS_MEAN},
    {"dud_probability", MAP_CELLS_LARGEST},
    {"exceedance_probability", MAP_CELLS_LARGEST},
    {"dud_probability_standard_error", MAP_CELLS_LARGEST},
    {"dud_density_sd", MAP_CELLS_MOST_SPREAD},
    {"dud_density_standard_error", MAP_CELLS_MOST_SPREAD},
    {"dud_count_sd", MAP_CELLS_SUM_SPREAD},
};

/* A public copy of large cells has no layer of containment, but the densities that it comes from. */
map_cells_rule map_cells_rule_of(const map_cells_source *self, const char *layer)
{
    const bool is_stored = uxo_result_layer_unit(self->result, layer) != NULL;
    if (is_stored && self->factor == 1) {
        return MAP_CELLS_AS_STORED;
    }
    if (strcmp(layer, "dud_containment") == 0) {
        return uxo_result_layer_unit(self->result, "dud_density") != NULL ? MAP_CELLS_CONTAINMENT : MAP_CELLS_NONE;
    }
    for (size_t i = 0; is_stored && i < sizeof RULES / sizeof *RULES; i++) {
        if (strcmp(RULES[i].layer, layer) == 0) {
            return RULES[i].rule;
        }
    }
    return MAP_CELLS_NONE;
}

uxo_status map_cells_read(const map_cells_source *self, const char *layer, uint32_t plane, float **cells,
                          uxo_report *report)
{
    const cell_map map = {layer, plane, map_cells_rule_of(self, layer)};
    *cells = malloc((uxo_grid_cell_count(&self->grid) + 1) * sizeof **cells);
    if (*cells == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    const uxo_status status = map.how == MAP_CELLS_CONTAINMENT ? containment_of_blocks(self, *cells, report)
                                                               : read_reduced(self, &map, *cells, report);
    if (status != UXO_OK) {
        free(*cells);
        *cells = NULL;
    }
    return status;
}

void map_cells_say(const map_cells_source *self, const char *layer, char *text, size_t size)
{
    const double block_m = self->grid.cell_size_m;
    const double fine_m = uxo_result_grid(self->result)->cell_size_m;
    switch (map_cells_rule_of(self, layer)) {
    case MAP_CELLS_LARGEST:
        snprintf(text, size, "Blocks of %g m, each with the largest number of any of its cells of %g m.%s", block_m,
                 fine_m, strcmp(layer, "dud_probability") == 0 ? " That of the block is higher." : "");
        break;
    case MAP_CELLS_MOST_SPREAD:
        snprintf(text, size,
                 "Blocks of %g m, each with the mean of its cells of %g m; that of the block is at most this.", block_m,
                 fine_m);
        break;
    case MAP_CELLS_SUM_SPREAD:
        snprintf(text, size,
                 "Blocks of %g m, each with the sum over its cells of %g m; that of the block is at most this.",
                 block_m, fine_m);
        break;
    case MAP_CELLS_CONTAINMENT:
        snprintf(text, size, "Found on blocks of %g m.%s", block_m,
                 self->factor > 1 ? " The areas of single cells are smaller." : "");
        break;
    case MAP_CELLS_MEAN:
        snprintf(text, size, "Means over blocks of %g m; single cells (%g m) hold more and less.", block_m, fine_m);
        break;
    default:
        snprintf(text, size, "Cells of %g m.", fine_m);
    }
    if (strstr(layer, "standard_error") != NULL) {
        const size_t used = strlen(text);
        snprintf(text + used, size - used, " Where no realisation had a dud, a bound.");
    }
}
