/* layers_cover.c - see layers_cover.h. */
#include "layers_cover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROW = UXO_TILE + 1 };

static bool add_edge(layers_outline *self, const layers_cover_edge *edge)
{
    if (self->count == self->capacity) {
        const size_t capacity = 2 * self->capacity + 16;
        layers_cover_edge *const larger = realloc(self->edge, capacity * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        self->edge = larger;
        self->capacity = capacity;
    }
    self->edge[self->count++] = *edge;
    return true;
}

/* Twice the area within a ring, positive where it goes counter-clockwise on the map; about its first point, since coordinates are large. */
static double ring_area(const uxo_gdal *api, OGRGeometryH ring, int points)
{
    const double x0 = api->OGR_G_GetX(ring, 0), y0 = api->OGR_G_GetY(ring, 0);
    double twice = 0.0;
    for (int i = 1; i + 1 < points; i++) {
        const double ax = api->OGR_G_GetX(ring, i) - x0, ay = api->OGR_G_GetY(ring, i) - y0;
        const double bx = api->OGR_G_GetX(ring, i + 1) - x0, by = api->OGR_G_GetY(ring, i + 1) - y0;
        twice += ax * by - bx * ay;
    }
    return twice;
}

/* Exterior rings go counter-clockwise and holes clockwise, however the file has them. */
static bool add_ring(layers_outline *self, const uxo_gdal *api, OGRGeometryH ring, bool hole, const uxo_grid *grid)
{
    const int points = api->OGR_G_GetPointCount(ring);
    const bool turn = (ring_area(api, ring, points) < 0.0) != hole;
    for (int i = 0; i < points; i++) {
        const int from = turn ? (i + 1) % points : i, to = turn ? i : (i + 1) % points;
        const layers_cover_edge edge = {
            (layers_round_m(api->OGR_G_GetX(ring, from)) - grid->xmin_m) / grid->cell_size_m,
            (uxo_grid_ymax_m(grid) - layers_round_m(api->OGR_G_GetY(ring, from))) / grid->cell_size_m,
            (layers_round_m(api->OGR_G_GetX(ring, to)) - grid->xmin_m) / grid->cell_size_m,
            (uxo_grid_ymax_m(grid) - layers_round_m(api->OGR_G_GetY(ring, to))) / grid->cell_size_m};
        self->low_u = fmin(self->low_u, edge.u0);
        self->high_u = fmax(self->high_u, edge.u0);
        self->low_v = fmin(self->low_v, edge.v0);
        self->high_v = fmax(self->high_v, edge.v0);
        if ((edge.v0 < edge.v1 || edge.v0 > edge.v1) && !add_edge(self, &edge)) {
            return false;
        }
    }
    return true;
}

static bool add_polygons(layers_outline *self, const uxo_gdal *api, OGRGeometryH geometry, const uxo_grid *grid)
{
    const bool polygon = api->OGR_GT_Flatten(api->OGR_G_GetGeometryType(geometry)) == wkbPolygon;
    const int parts = api->OGR_G_GetGeometryCount(geometry);
    bool good = true;
    for (int i = 0; i < parts && good; i++) {
        OGRGeometryH part = api->OGR_G_GetGeometryRef(geometry, i);
        good = polygon ? add_ring(self, api, part, i > 0, grid) : add_polygons(self, api, part, grid);
    }
    return good;
}

bool layers_outline_init(layers_outline *self, const uxo_gdal *api, OGRGeometryH geometry, const uxo_grid *grid)
{
    *self = (layers_outline){NULL, 0, 0, INFINITY, INFINITY, -INFINITY, -INFINITY};
    return add_polygons(self, api, geometry, grid);
}

void layers_outline_free(layers_outline *self)
{
    free(self->edge);
    memset(self, 0, sizeof *self);
}

bool layers_cover_init(layers_cover_scratch *self, const uxo_grid *grid)
{
    memset(self, 0, sizeof *self);
    self->grid = grid;
    self->tile = calloc(grid->tiles_x, sizeof *self->tile);
    self->spare = calloc(grid->tiles_x, sizeof *self->spare);
    return self->tile != NULL && self->spare != NULL;
}

void layers_cover_free(layers_cover_scratch *self)
{
    for (uint32_t i = 0; self->spare != NULL && i < self->spare_count; i++) {
        free(self->spare[i]);
    }
    free(self->tile); /* all of its memory is spare between two bands */
    free(self->spare);
    memset(self, 0, sizeof *self);
}

/* The changes along one row of a tile; NULL when memory runs out. */
static double *changes_of(layers_cover_scratch *self, uint32_t tile, uint32_t row)
{
    const size_t bytes = (size_t)UXO_TILE * ROW * sizeof(double);
    if (self->tile[tile] == NULL) {
        double *const memory = self->spare_count > 0 ? self->spare[--self->spare_count] : malloc(bytes);
        if (memory == NULL) {
            self->out_of_memory = true;
            return NULL;
        }
        memset(memory, 0, bytes);
        self->tile[tile] = memory;
    }
    return self->tile[tile] + (size_t)row * ROW;
}

/* Part of an edge within one cell: all to its east is covered by the height that it spans, the cell itself by what lies right of it. */
static void add_in_cell(layers_cover_scratch *self, uint32_t row, uint32_t column, double middle_u, double height)
{
    double *const change = changes_of(self, column / UXO_TILE, row);
    if (change != NULL) {
        const double west = middle_u - (double)column; /* of the cell, left of the edge */
        change[column % UXO_TILE] += height * (1.0 - west);
        change[column % UXO_TILE + 1] += height * west;
    }
}

/* Part of an edge within one row, from u0 to u1, which spans `height` of it. */
static void add_in_row(layers_cover_scratch *self, uint32_t row, double u0, double u1, double height)
{
    const double end = (double)(self->grid->tiles_x * (uint64_t)UXO_TILE);
    double west = fmin(u0, u1), east = fmax(u0, u1);
    if (west >= end) {
        return;
    }
    if (east <= 0.0) {
        self->running[row] += height;
        return;
    }
    const double per_column = height / (east - west); /* not used where the edge is upright */
    if (west < 0.0) {
        self->running[row] -= per_column * west;
        west = 0.0;
    }
    east = fmin(east, end);
    const uint32_t first = (uint32_t)west;
    if (east <= (double)first + 1.0) {
        const bool whole = west <= fmin(u0, u1) && east >= fmax(u0, u1);
        add_in_cell(self, row, first, 0.5 * (west + east), whole ? height : per_column * (east - west));
        return;
    }
    for (uint32_t column = first; (double)column < east; column++) {
        const double from = fmax(west, (double)column), to = fmin(east, (double)column + 1.0);
        add_in_cell(self, row, column, 0.5 * (from + to), per_column * (to - from));
    }
}

static void add_in_band(layers_cover_scratch *self, const layers_cover_edge *edge, double first_row)
{
    const bool down = edge->v1 > edge->v0;
    const double v0 = down ? edge->v0 : edge->v1, v1 = down ? edge->v1 : edge->v0;
    const double u0 = down ? edge->u0 : edge->u1, u1 = down ? edge->u1 : edge->u0;
    const double top = fmax(v0, first_row), bottom = fmin(v1, first_row + UXO_TILE);
    const double slope = (u1 - u0) / (v1 - v0);
    for (double row = floor(top); row < bottom; row += 1.0) {
        const double from = fmax(top, row), to = fmin(bottom, row + 1.0);
        const double height = down ? to - from : from - to;
        add_in_row(self, (uint32_t)(row - first_row), from <= v0 ? u0 : u0 + (from - v0) * slope,
                   to >= v1 ? u1 : u0 + (to - v0) * slope, height);
    }
}

static uint8_t to_weight(double share)
{
    return (uint8_t)(LAYERS_WHOLE * fmin(fmax(share, 0.0), 1.0) + 0.5);
}

/* Least and largest weight of a tile. */
typedef struct weight_range {
    uint8_t least, most;
} weight_range;

static weight_range widened(weight_range range, uint8_t weight)
{
    return (weight_range){weight < range.least ? weight : range.least, weight > range.most ? weight : range.most};
}

/* Weights of a tile that no edge comes to but along its rows. */
static weight_range weigh_rows(const layers_cover_scratch *self, uint8_t *weight)
{
    weight_range range = {LAYERS_WHOLE, 0};
    for (uint32_t row = 0; row < UXO_TILE; row++) {
        range = widened(range, to_weight(self->running[row]));
    }
    for (uint32_t row = 0; row < UXO_TILE && range.least < range.most; row++) {
        memset(weight + (size_t)row * UXO_TILE, to_weight(self->running[row]), UXO_TILE);
    }
    return range;
}

/* Weights of one tile; `running` goes on to the next. */
static weight_range weigh_tile(layers_cover_scratch *self, const double *changes, uint8_t *weight)
{
    weight_range range = {LAYERS_WHOLE, 0};
    for (uint32_t row = 0; row < UXO_TILE; row++) {
        const double *const change = changes + (size_t)row * ROW;
        double share = self->running[row];
        for (uint32_t x = 0; x < UXO_TILE; x++) {
            share += change[x];
            weight[row * UXO_TILE + x] = to_weight(share);
            range = widened(range, weight[row * UXO_TILE + x]);
        }
        self->running[row] = share + change[UXO_TILE];
    }
    return range;
}

/* First tile of the outline and the first one after it. */
static void tile_range(const layers_cover_scratch *self, const layers_outline *outline, uint32_t range[2])
{
    const double tiles = (double)self->grid->tiles_x;
    range[0] = (uint32_t)fmax(0.0, fmin(tiles, floor(outline->low_u / UXO_TILE)));
    range[1] = (uint32_t)fmax(0.0, fmin(tiles, floor(outline->high_u / UXO_TILE) + 1.0));
}

bool layers_cover_band(layers_cover_scratch *self, const layers_outline *outline, uint32_t tile_y,
                       layers_cover_visit *visit, void *user)
{
    const double first_row = (double)tile_y * UXO_TILE;
    uint8_t weight[UXO_TILE_CELLS];
    uint32_t tiles[2];
    if (!(outline->high_v > first_row && outline->low_v < first_row + UXO_TILE)) {
        return true;
    }
    memset(self->running, 0, sizeof self->running);
    for (size_t i = 0; i < outline->count; i++) {
        const layers_cover_edge *const edge = &outline->edge[i];
        if (fmax(edge->v0, edge->v1) > first_row && fmin(edge->v0, edge->v1) < first_row + UXO_TILE) {
            add_in_band(self, edge, first_row);
        }
    }
    tile_range(self, outline, tiles);
    bool good = !self->out_of_memory;
    for (uint32_t tile = tiles[0]; tile < tiles[1]; tile++) {
        double *const changes = self->tile[tile];
        const weight_range range = changes != NULL ? weigh_tile(self, changes, weight) : weigh_rows(self, weight);
        if (changes != NULL) {
            self->spare[self->spare_count++] = changes;
            self->tile[tile] = NULL;
        }
        good = good && (range.most == 0 || visit(user, tile, range.least == LAYERS_WHOLE ? NULL : weight));
    }
    return good;
}
