/* figures_cells.c - cells of a layer for the maps of the figures, on their grid, which may be coarser than the result's. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figures_private.h"

enum { ROWS_AT_ONCE = 256 };

typedef enum reduction { MEAN_OF_CELLS, LARGEST_CELL } reduction;

/* A block on its way: cells seen, and their sum or maximum. */
typedef struct cell_blocks {
    double *value;
    uint32_t *seen; /* cells with a number */
} cell_blocks;

static void take_cell(const cell_blocks *blocks, size_t block, double value, reduction how)
{
    if (isnan(value)) {
        return;
    }
    if (how == MEAN_OF_CELLS) {
        blocks->value[block] += value;
    } else if (blocks->seen[block] == 0 || value > blocks->value[block]) {
        blocks->value[block] = value;
    }
    blocks->seen[block]++;
}

static uxo_status take_rows(const figures_source *source, const char *layer, reduction how, const cell_blocks *blocks,
                            float *rows, uxo_report *report)
{
    const uxo_grid *const fine = uxo_result_grid(source->result);
    for (uint32_t y = 0; y < fine->ny; y += ROWS_AT_ONCE) {
        const uint32_t count = fine->ny - y < ROWS_AT_ONCE ? fine->ny - y : ROWS_AT_ONCE;
        UXO_TRY(uxo_result_read_rows(source->result, layer, 0, y, count, rows, report));
        for (size_t i = 0; i < (size_t)count * fine->nx; i++) {
            const size_t row = (y + i / fine->nx) / source->factor;
            const size_t column = i % fine->nx / source->factor;
            take_cell(blocks, row * source->grid.nx + column, (double)rows[i], how);
        }
    }
    return UXO_OK;
}

/* A block that reaches beyond the old grid is a mean over all of it, as in `uxosim redact`: sums stay. */
static void finish_blocks(const figures_source *source, const cell_blocks *blocks, reduction how, float *cells)
{
    const double share = 1.0 / ((double)source->factor * source->factor);
    for (size_t i = 0; i < uxo_grid_cell_count(&source->grid); i++) {
        const double value = how == MEAN_OF_CELLS ? blocks->value[i] * share : blocks->value[i];
        cells[i] = blocks->seen[i] > 0 ? (float)value : NAN;
    }
}

static uxo_status read_reduced(const figures_source *source, const char *layer, reduction how, float *cells,
                               uxo_report *report)
{
    const size_t count = uxo_grid_cell_count(&source->grid);
    const cell_blocks blocks = {calloc(count, sizeof(double)), calloc(count, sizeof(uint32_t))};
    float *const rows = malloc((size_t)ROWS_AT_ONCE * uxo_result_grid(source->result)->nx * sizeof *rows);
    uxo_status status = UXO_OK;
    if (blocks.value == NULL || blocks.seen == NULL || rows == NULL) {
        status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    } else {
        status = take_rows(source, layer, how, &blocks, rows, report);
        finish_blocks(source, &blocks, how, cells);
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
 * are contained together. */
static void contain(const figures_source *source, ranked_cell *ranked, size_t count, float *cells)
{
    const uxo_district_table *const table = &source->table;
    const double outside = table->rows >= 2 ? table->value[UXO_COLUMN_DUDS_MEAN][table->rows - 2] : 0.0;
    const double cell_ha = uxo_grid_cell_ha(&source->grid);
    double total = outside > 0.0 ? outside : 0.0;
    double inside = 0.0;
    for (size_t i = 0; i < count; i++) {
        total += (double)ranked[i].density * cell_ha;
    }
    for (size_t i = 0; i < count;) {
        size_t end = i;
        for (; end < count && !(ranked[end].density < ranked[i].density); end++) {
            inside += (double)ranked[end].density * cell_ha;
        }
        for (; i < end; i++) {
            cells[ranked[i].index] = total > 0.0 ? (float)fmin(inside / total, 1.0) : NAN;
        }
    }
}

static uxo_status containment_of_blocks(const figures_source *source, float *cells, uxo_report *report)
{
    const size_t count = uxo_grid_cell_count(&source->grid);
    ranked_cell *const ranked = malloc(count * sizeof *ranked);
    uxo_status status = ranked != NULL ? read_reduced(source, "dud_density", MEAN_OF_CELLS, cells, report)
                                       : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    size_t known = 0;
    for (size_t i = 0; i < count && status == UXO_OK; i++) {
        if (!isnan(cells[i])) {
            ranked[known++] = (ranked_cell){cells[i], (uint32_t)i};
        }
    }
    if (status == UXO_OK && known > 0) {
        qsort(ranked, known, sizeof *ranked, denser_first);
        contain(source, ranked, known, cells);
    }
    free(ranked);
    return status;
}

static bool is_containment(const char *layer)
{
    return strcmp(layer, "dud_containment") == 0;
}

/* A public copy of large cells has no layer of containment, but the densities that it comes from. */
static bool from_density(const figures_source *source, const char *layer)
{
    return is_containment(layer) && (source->factor > 1 || uxo_result_layer_unit(source->result, layer) == NULL);
}

bool figures_has_cells(const figures_source *source, const char *layer)
{
    return uxo_result_layer_unit(source->result, from_density(source, layer) ? "dud_density" : layer) != NULL;
}

uxo_status figures_read_cells(const figures_source *source, const char *layer, float **cells, uxo_report *report)
{
    *cells = malloc(uxo_grid_cell_count(&source->grid) * sizeof **cells);
    if (*cells == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    const reduction how = strstr(layer, "probability") != NULL || is_containment(layer) ? LARGEST_CELL : MEAN_OF_CELLS;
    const uxo_status status = from_density(source, layer) ? containment_of_blocks(source, *cells, report)
                                                          : read_reduced(source, layer, how, *cells, report);
    if (status != UXO_OK) {
        free(*cells);
        *cells = NULL;
    }
    return status;
}
