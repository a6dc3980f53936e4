/* layers_population.c - persons per source cell to persons per grid cell: which source cells, and what is wrong with
 * them.
 *
 * Not here: splitting one source cell over grid cells (layers_split.c).
 */
#include "layers_source.h"
#include "layers_split.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct population_reader {
    layers_source source;
    int window[4];        /* columns [0, 2), rows [1, 3) that may touch the grid */
    double *value;        /* one row */
    unsigned char *valid; /* one row of the mask */
    uint64_t negative_count;
    int negative_at[2];
    double negative;
} population_reader;

static uxo_status check_kind(const population_reader *self)
{
    const uxo_gdal *const api = &self->source.gdal.api;
    return api->GDALDataTypeIsComplex(api->GDALGetRasterDataType(self->source.band)) ||
                   api->GDALGetRasterColorTable(self->source.band) != NULL
               ? layers_source_fail(&self->source, "holds complex numbers or palette colours, not persons per cell")
               : UXO_OK;
}

/* Columns and rows of the source that may touch the grid, from points along the grid's edge. False: none. */
static bool find_window(population_reader *self, const uxo_grid *grid)
{
    enum { PER_SIDE = 64 };
    const uxo_gdal *const api = &self->source.gdal.api;
    double back[6];
    double low[2] = {INFINITY, INFINITY};
    double high[2] = {-INFINITY, -INFINITY};
    bool all = api->GDALInvGeoTransform(self->source.frame, back);
    for (int i = 0; i <= PER_SIDE; i++) {
        for (int j = 0; j <= PER_SIDE;
             j++) { /* the whole face: an edge is not enough where a pole of the source lies inside */
            double x = grid->xmin_m + (uxo_grid_xmax_m(grid) - grid->xmin_m) * i / PER_SIDE;
            double y = grid->ymin_m + (uxo_grid_ymax_m(grid) - grid->ymin_m) * j / PER_SIDE;
            int success = TRUE;
            if (self->source.from_grid != NULL) {
                api->OCTTransformEx(self->source.from_grid, 1, &x, &y, NULL, &success);
            }
            all = all && success && isfinite(x) && isfinite(y);
            const double at[2] = {back[0] + back[1] * x + back[2] * y, back[3] + back[4] * x + back[5] * y};
            for (int axis = 0; axis < 2; axis++) {
                low[axis] = fmin(low[axis], at[axis]);
                high[axis] = fmax(high[axis], at[axis]);
            }
        }
    }
    const int size[2] = {self->source.nx, self->source.ny};
    for (int axis = 0; axis < 2; axis++) {
        /* between two points of the grid's edge a curved border may bulge by less than this */
        const double margin = 2.0 + 0.02 * (high[axis] - low[axis]);
        self->window[axis] = all ? (int)fmax(0.0, fmin(size[axis], floor(low[axis] - margin))) : 0;
        self->window[2 + axis] = all ? (int)fmax(0.0, fmin(size[axis], ceil(high[axis] + margin))) : size[axis];
    }
    return self->window[0] < self->window[2] && self->window[1] < self->window[3];
}

/* Persons of one row into self->value; negative ones are remembered. False when GDAL cannot read it. */
static bool read_row(population_reader *self, int row, double *total)
{
    const uxo_gdal *const api = &self->source.gdal.api;
    if (api->GDALRasterIO(self->source.band, GF_Read, 0, row, self->source.nx, 1, self->value, self->source.nx, 1,
                          GDT_Float64, 0, 0) != CE_None) {
        return false;
    }
    if (self->source.mask != NULL && api->GDALRasterIO(self->source.mask, GF_Read, 0, row, self->source.nx, 1,
                                                       self->valid, self->source.nx, 1, GDT_Byte, 0, 0) != CE_None) {
        return false;
    }
    double sum = 0.0;
    for (int column = 0; column < self->source.nx; column++) {
        const unsigned char valid = self->source.mask != NULL ? self->valid[column] : UINT8_MAX;
        const double value = layers_source_is_missing(&self->source, self->value[column], valid)
                                 ? 0.0
                                 : self->value[column] * self->source.scale + self->source.offset;
        if (value < 0.0 || isinf(value)) {
            if (self->negative_count++ == 0) {
                self->negative = value;
                self->negative_at[0] = column;
                self->negative_at[1] = row;
            }
            self->value[column] = 0.0;
            continue;
        }
        self->value[column] = value;
        sum += value;
    }
    *total += sum;
    return true;
}

static uxo_status spread_rows(population_reader *self, const uxo_grid *grid, uxo_population *out)
{
    layers_splitter splitter;
    const layers_split_source source = {&self->source.gdal.api, self->source.frame, self->source.to_grid,
                                        self->window[0], self->window[2]};
    if (!layers_splitter_init(&splitter, grid, &source, out)) {
        return uxo_fail(self->source.gdal.report, UXO_ERR_MEMORY, &self->source.gdal.place, "out of memory");
    }
    for (int row = 0; row < self->source.ny; row++) {
        if (!read_row(self, row, &out->source_total)) {
            layers_splitter_free(&splitter);
            return uxo_fail(self->source.gdal.report, UXO_ERR_DATA, &self->source.gdal.place,
                            "row %d of '%s' cannot be read: %s", row, self->source.file, self->source.gdal.failure);
        }
        if (row >= self->window[1] && row < self->window[3]) {
            layers_splitter_row(&splitter, row, self->value + self->window[0]);
        }
    }
    out->on_grid = splitter.on_grid;
    const bool touched = splitter.touched, out_of_memory = splitter.out_of_memory;
    layers_splitter_free(&splitter);
    if (out_of_memory) {
        return uxo_fail(self->source.gdal.report, UXO_ERR_MEMORY, &self->source.gdal.place, "out of memory");
    }
    return touched ? UXO_OK : layers_source_fail(&self->source, "does not overlap the grid");
}

static void report_people(population_reader *self, const uxo_population *out)
{
    uxo_report *const report = self->source.gdal.report;
    const double outside = out->source_total - out->on_grid;
    const double most_persons = 1e10; /* what is added up in fractions of a person fits 64 bits */
    if (self->negative_count > 0) {
        uxo_report_add(report, UXO_ERROR, &self->source.gdal.place,
                       "'%s' has %llu values that are negative or infinite, the first %.9g in column %d, row %d "
                       "(counted from 0); if "
                       "it means \"no data\" the file has to say so",
                       self->source.file, (unsigned long long)self->negative_count, self->negative,
                       self->negative_at[0], self->negative_at[1]);
    } else if (!(out->source_total < most_persons)) {
        uxo_report_add(report, UXO_ERROR, &self->source.gdal.place,
                       "'%s' holds %.3g persons, more than live on Earth; are these persons per cell?",
                       self->source.file, out->source_total);
    } else if (out->source_total <= 0.0) {
        uxo_report_add(report, UXO_WARNING, &self->source.gdal.place, "'%s' holds no persons at all",
                       self->source.file);
    } else if (out->on_grid <= 0.0) {
        uxo_report_add(report, UXO_WARNING, &self->source.gdal.place,
                       "none of the %.0f persons of '%s' lives on the grid", out->source_total, self->source.file);
    } else if (outside > 1e-9 * out->source_total) {
        uxo_report_add(report, UXO_NOTE, &self->source.gdal.place,
                       "%.0f of the %.0f persons of '%s' (%.2g %%) live outside the grid and are not counted", outside,
                       out->source_total, self->source.file, 100.0 * outside / out->source_total);
    }
}

static uxo_status read_population(population_reader *self, const uxo_grid *grid, uxo_population *out)
{
    const size_t errors = self->source.gdal.report->error_count;
    UXO_TRY(check_kind(self));
    if (!find_window(self, grid)) {
        return layers_source_fail(&self->source, "does not overlap the grid");
    }
    layers_gdal_clear(&self->source.gdal);
    self->value = malloc((size_t)self->source.nx * sizeof *self->value);
    self->valid = malloc((size_t)self->source.nx);
    if (self->value == NULL || self->valid == NULL || !uxo_population_init(out, grid)) {
        return uxo_fail(self->source.gdal.report, UXO_ERR_MEMORY, &self->source.gdal.place, "out of memory");
    }
    UXO_TRY(spread_rows(self, grid, out));
    report_people(self, out);
    return uxo_report_status(self->source.gdal.report, errors);
}

uxo_status uxo_population_read(uxo_population *self, const uxo_crs *crs, const uxo_grid *grid, const char *file,
                               const uxo_place *place, uxo_report *report)
{
    population_reader reader = {.negative_count = 0};
    memset(self, 0, sizeof *self);
    uxo_status status = layers_source_open(&reader.source, crs, file, "persons per cell", place, report);
    if (status == UXO_OK) {
        status = read_population(&reader, grid, self);
    }
    free(reader.value);
    free(reader.valid);
    layers_source_close(&reader.source);
    if (status != UXO_OK) {
        uxo_population_free(self);
    }
    return status;
}

bool uxo_population_init(uxo_population *self, const uxo_grid *grid)
{
    memset(self, 0, sizeof *self);
    self->tile_count = uxo_grid_tile_count(grid);
    self->cells = calloc(self->tile_count, sizeof *self->cells);
    return self->cells != NULL;
}

float *uxo_population_cells(uxo_population *self, size_t tile)
{
    float **const cells = &self->cells[tile];
    if (*cells == NULL) {
        *cells = calloc(UXO_TILE_CELLS, sizeof **cells);
    }
    return *cells;
}

bool uxo_population_add(uxo_population *self, const uxo_grid *grid, uint32_t ix, uint32_t iy, double persons)
{
    float *const cells = uxo_population_cells(self, uxo_grid_tile_of(grid, ix, iy));
    if (cells == NULL) {
        return false;
    }
    cells[uxo_grid_cell_in_tile(ix, iy)] += (float)persons;
    return true;
}

void uxo_population_free(uxo_population *self)
{
    for (size_t i = 0; i < self->tile_count && self->cells != NULL; i++) {
        free(self->cells[i]);
    }
    free(self->cells);
    memset(self, 0, sizeof *self);
}
