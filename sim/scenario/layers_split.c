/* layers_split.c - see layers_split.h. A source cell is a rectangle or a quadrilateral in the grid's system; what of
 * its area lies in a grid cell is what of its persons live there.
 */
#include "layers_split.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Longest edge that may be taken for straight [m]: a parallel sags by L^2 tan(latitude) / (8 R) there, 2 cm at 45
 * degrees. */
#define STRAIGHT_M 1000.0

enum { MAX_VERTICES = 12, MAX_PARTS = 256 };

typedef struct polygon {
    int count;
    double x[MAX_VERTICES], y[MAX_VERTICES];
} polygon;

bool layers_splitter_init(layers_splitter *self, const uxo_grid *grid, const layers_split_source *source,
                          uxo_population *population)
{
    memset(self, 0, sizeof *self);
    self->grid = grid;
    self->source = *source;
    self->population = population;
    self->node_row = -2;
    self->node_count = (size_t)(source->end_column - source->first_column) + 1;
    for (int i = 0; i < 2; i++) {
        self->x[i] = malloc(self->node_count * sizeof(double));
        self->y[i] = malloc(self->node_count * sizeof(double));
    }
    self->success = malloc((self->node_count > MAX_PARTS + 1 ? self->node_count : MAX_PARTS + 1) * sizeof(int));
    self->share = malloc((size_t)grid->nx * sizeof *self->share);
    if (self->x[0] == NULL || self->x[1] == NULL || self->y[0] == NULL || self->y[1] == NULL || self->success == NULL ||
        self->share == NULL) {
        layers_splitter_free(self);
        return false;
    }
    return true;
}

void layers_splitter_free(layers_splitter *self)
{
    for (int i = 0; i < 2; i++) {
        free(self->x[i]);
        free(self->y[i]);
    }
    free(self->success);
    free(self->share);
    memset(self, 0, sizeof *self);
}

/* Nodes along one line of the source, from column `first` in steps of `step`, in the grid's system; NaN where PROJ
 * fails. */
static void place_nodes(layers_splitter *self, double first, double step, double row, size_t count, double *x,
                        double *y)
{
    const double *const f = self->source.frame;
    for (size_t i = 0; i < count; i++) {
        const double column = first + step * (double)i;
        x[i] = f[0] + f[1] * column + f[2] * row;
        y[i] = f[3] + f[4] * column + f[5] * row;
    }
    if (self->source.to_grid == NULL) {
        return;
    }
    self->source.api->OCTTransformEx(self->source.to_grid, (int)count, x, y, NULL, self->success);
    for (size_t i = 0; i < count; i++) {
        const bool good = self->success[i] && isfinite(x[i]) && isfinite(y[i]);
        x[i] = good ? layers_round_m(x[i]) : NAN;
        y[i] = good ? layers_round_m(y[i]) : NAN;
    }
}

static double area(const polygon *p)
{
    double twice = 0.0;
    for (int i = 1; i + 1 < p->count; i++) { /* about the first vertex: coordinates are large, cells are small */
        twice += (p->x[i] - p->x[0]) * (p->y[i + 1] - p->y[0]) - (p->x[i + 1] - p->x[0]) * (p->y[i] - p->y[0]);
    }
    return 0.5 * fabs(twice);
}

/* Half-plane side * (v - bound) >= 0 of a polygon, v its x or y. Sutherland and Hodgman (1974), CACM 17:32. */
static void clip(const polygon *in, polygon *out, bool by_y, double bound, double side)
{
    const double *const v = by_y ? in->y : in->x;
    out->count = 0;
    for (int i = 0; i < in->count && out->count + 2 <= MAX_VERTICES; i++) {
        const int j = i + 1 < in->count ? i + 1 : 0;
        const double a = side * (v[i] - bound);
        const double b = side * (v[j] - bound);
        if (a >= 0.0) {
            out->x[out->count] = in->x[i];
            out->y[out->count++] = in->y[i];
        }
        if ((a > 0.0 && b < 0.0) || (a < 0.0 && b > 0.0)) {
            const double t = a / (a - b);
            out->x[out->count] = by_y ? in->x[i] + t * (in->x[j] - in->x[i]) : bound;
            out->y[out->count++] = by_y ? bound : in->y[i] + t * (in->y[j] - in->y[i]);
        }
    }
}

/* Cells [first, end) of an axis that an interval touches. */
static void cell_range(double low, double high, double origin, double size, uint32_t count, uint32_t range[2])
{
    range[0] = (uint32_t)fmax(0.0, fmin(count, floor((low - origin) / size)));
    range[1] = (uint32_t)fmax(0.0, fmin(count, ceil((high - origin) / size)));
}

static void bounds(const polygon *p, double low[2], double high[2])
{
    low[0] = high[0] = p->x[0];
    low[1] = high[1] = p->y[0];
    for (int i = 1; i < p->count; i++) {
        low[0] = fmin(low[0], p->x[i]);
        high[0] = fmax(high[0], p->x[i]);
        low[1] = fmin(low[1], p->y[i]);
        high[1] = fmax(high[1], p->y[i]);
    }
}

/* row counts from the south here */
static void add(layers_splitter *self, uint32_t column, uint32_t row, double persons)
{
    if (persons > 0.0 && !uxo_population_add(self->population, self->grid, column, self->grid->ny - 1 - row, persons)) {
        self->out_of_memory = true;
    }
    self->on_grid += persons;
}

/* Shares of one slab of the polygon, row by row: `strip` is what of it lies in grid row `row`. */
static void spread_strip(layers_splitter *self, const polygon *strip, uint32_t row, double persons_per_m2)
{
    const uxo_grid *const grid = self->grid;
    double low[2], high[2];
    uint32_t range[2];
    bounds(strip, low, high);
    cell_range(low[0], high[0], grid->xmin_m, grid->cell_size_m, grid->nx, range);
    for (uint32_t column = range[0]; column < range[1]; column++) {
        polygon right, cell;
        clip(strip, &right, false, grid->xmin_m + column * grid->cell_size_m, 1.0);
        clip(&right, &cell, false, grid->xmin_m + (column + 1) * grid->cell_size_m, -1.0);
        const double part = cell.count > 2 ? area(&cell) : 0.0;
        if (part > 0.0) {
            add(self, column, row, part * persons_per_m2);
        }
    }
}

static void spread_polygon(layers_splitter *self, const polygon *p, double persons)
{
    const uxo_grid *const grid = self->grid;
    double low[2], high[2];
    uint32_t columns[2], rows[2];
    bounds(p, low, high);
    if (!(high[0] > grid->xmin_m && low[0] < uxo_grid_xmax_m(grid) && high[1] > grid->ymin_m &&
          low[1] < uxo_grid_ymax_m(grid))) {
        return; /* also where PROJ failed: NaN */
    }
    self->touched = true;
    const double whole = area(p);
    if (persons <= 0.0 || !(whole > 0.0)) {
        return;
    }
    cell_range(low[0], high[0], grid->xmin_m, grid->cell_size_m, grid->nx, columns);
    cell_range(low[1], high[1], grid->ymin_m, grid->cell_size_m, grid->ny, rows);
    const bool in_grid = low[0] >= grid->xmin_m && high[0] <= uxo_grid_xmax_m(grid) && low[1] >= grid->ymin_m &&
                         high[1] <= uxo_grid_ymax_m(grid);
    if (in_grid && columns[1] - columns[0] == 1 && rows[1] - rows[0] == 1) {
        add(self, columns[0], rows[0], persons);
        return;
    }
    for (uint32_t row = rows[0]; row < rows[1]; row++) {
        polygon above, strip;
        clip(p, &above, true, grid->ymin_m + row * grid->cell_size_m, 1.0);
        clip(&above, &strip, true, grid->ymin_m + (row + 1) * grid->cell_size_m, -1.0);
        if (strip.count > 2) {
            spread_strip(self, &strip, row, persons / whole);
        }
    }
}

/* How much of [low, high) lies in cell `index` of an axis. */
static double share(double low, double high, double origin, double size, uint32_t index)
{
    const double west = origin + index * size, east = origin + (index + 1) * size;
    const double from = low > west ? low : west, to = high < east ? high : east;
    return to > from ? (to - from) / (high - low) : 0.0;
}

/* Persons of one row of cells, by the shares of its columns. */
static void add_row(layers_splitter *self, const uint32_t columns[2], uint32_t row, double persons)
{
    const uint32_t iy = self->grid->ny - 1 - row;
    float *line = NULL; /* of the tile's cells in this row */
    for (uint32_t column = columns[0]; column < columns[1]; column++) {
        const double part = persons * self->share[column - columns[0]];
        if (line == NULL || column % UXO_TILE == 0) {
            float *const cells =
                part > 0.0 ? uxo_population_cells(self->population, uxo_grid_tile_of(self->grid, column, iy)) : NULL;
            self->out_of_memory = self->out_of_memory || (part > 0.0 && cells == NULL);
            line = cells != NULL ? cells + uxo_grid_cell_in_tile(0, iy) : NULL;
        }
        if (line != NULL) {
            line[column % UXO_TILE] += (float)part;
        }
        self->on_grid += part;
    }
}

/* The same for a rectangle along the axes, where shares of rows and columns multiply. */
static void spread_rectangle(layers_splitter *self, const polygon *p, double persons)
{
    const uxo_grid *const grid = self->grid;
    double low[2], high[2];
    uint32_t columns[2], rows[2];
    if (self->touched && !(persons > 0.0)) {
        return;
    }
    bounds(p, low, high);
    cell_range(low[0], high[0], grid->xmin_m, grid->cell_size_m, grid->nx, columns);
    cell_range(low[1], high[1], grid->ymin_m, grid->cell_size_m, grid->ny, rows);
    self->touched = self->touched || (columns[0] < columns[1] && rows[0] < rows[1]);
    if (!(persons > 0.0) || rows[0] >= rows[1]) {
        return;
    }
    for (uint32_t column = columns[0]; column < columns[1]; column++) {
        self->share[column - columns[0]] = share(low[0], high[0], grid->xmin_m, grid->cell_size_m, column);
    }
    for (uint32_t row = rows[0]; row < rows[1]; row++) {
        add_row(self, columns, row, persons * share(low[1], high[1], grid->ymin_m, grid->cell_size_m, row));
    }
}

static bool is_rectangle(const polygon *p)
{
    return p->x[0] == p->x[3] && p->x[1] == p->x[2] && p->y[0] == p->y[1] && p->y[2] == p->y[3];
}

/* Into how many parts an edge has to be cut. */
static int parts_of(const polygon *p)
{
    double longest = 0.0;
    for (int i = 0; i < 4; i++) {
        longest = fmax(longest, hypot(p->x[(i + 1) % 4] - p->x[i], p->y[(i + 1) % 4] - p->y[i]));
    }
    const double parts = ceil(longest / STRAIGHT_M);
    return parts > 1.0 ? (int)fmin(parts, MAX_PARTS) : 1;
}

static void spread_large(layers_splitter *self, int column, int row, int parts, double persons)
{
    double x[2][MAX_PARTS + 1], y[2][MAX_PARTS + 1];
    const double step = 1.0 / parts;
    const size_t count = (size_t)parts + 1;
    place_nodes(self, column, step, row, count, x[0], y[0]);
    for (int j = 0; j < parts; j++) {
        const int up = j % 2;
        place_nodes(self, column, step, row + (j + 1) * step, count, x[1 - up], y[1 - up]);
        for (int i = 0; i < parts; i++) {
            const polygon p = {4,
                               {x[up][i], x[up][i + 1], x[1 - up][i + 1], x[1 - up][i]},
                               {y[up][i], y[up][i + 1], y[1 - up][i + 1], y[1 - up][i]}};
            spread_polygon(self, &p, persons * step * step);
        }
    }
}

/* A source cell so large that its sagging edges matter is outside only if it is far outside. */
static bool may_touch(const layers_splitter *self, const polygon *p)
{
    double low[2], high[2];
    bounds(p, low, high);
    const double margin = 0.1 * ((high[0] - low[0]) + (high[1] - low[1]));
    const uxo_grid *const grid = self->grid;
    return high[0] + margin > grid->xmin_m && low[0] - margin < uxo_grid_xmax_m(grid) &&
           high[1] + margin > grid->ymin_m && low[1] - margin < uxo_grid_ymax_m(grid);
}

void layers_splitter_row(layers_splitter *self, int row, const double *value)
{
    const size_t count = self->node_count;
    const double first = self->source.first_column;
    const int up = row % 2;
    if (self->node_row != row) {
        place_nodes(self, first, 1.0, row, count, self->x[up], self->y[up]);
    }
    place_nodes(self, first, 1.0, row + 1, count, self->x[1 - up], self->y[1 - up]);
    self->node_row = row + 1;
    const double *const x0 = self->x[up];
    const double *const y0 = self->y[up];
    const double *const x1 = self->x[1 - up];
    const double *const y1 = self->y[1 - up];
    for (size_t i = 0; i + 1 < count; i++) {
        const polygon p = {4, {x0[i], x0[i + 1], x1[i + 1], x1[i]}, {y0[i], y0[i + 1], y1[i + 1], y1[i]}};
        const int parts = self->source.to_grid != NULL ? parts_of(&p) : 1;
        if (is_rectangle(&p)) {
            spread_rectangle(self, &p, value[i]);
        } else if (parts == 1) {
            spread_polygon(self, &p, value[i]);
        } else if (may_touch(self, &p)) {
            spread_large(self, self->source.first_column + (int)i, row, parts, value[i]);
        }
    }
}
