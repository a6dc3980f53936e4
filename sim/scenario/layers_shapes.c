/* layers_shapes.c - see layers_shapes.h. Even-odd rule along scan lines, so that holes and parts need no care. */
#include "layers_shapes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool add_edge(layers_shape *self, const double from[2], const double to[2])
{
    const size_t count = self->edge_count;
    if ((count & (count - 1)) == 0) {
        layers_edge *const larger = realloc(self->edge, (count == 0 ? 1 : 2 * count) * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        self->edge = larger;
    }
    const bool up = from[1] < to[1] || (from[1] == to[1] && from[0] <= to[0]);
    const double *const south = up ? from : to, *const north = up ? to : from;
    self->edge[self->edge_count++] = (layers_edge){south[0], south[1], north[0], north[1]};
    return true;
}

static bool add_rings(layers_shape *self, const uxo_gdal *api, OGRGeometryH geometry)
{
    const int parts = api->OGR_G_GetGeometryCount(geometry);
    for (int i = 0; i < parts; i++) {
        if (!add_rings(self, api, api->OGR_G_GetGeometryRef(geometry, i))) {
            return false;
        }
    }
    const int points = parts > 0 ? 0 : api->OGR_G_GetPointCount(geometry);
    double from[2] = {0.0, 0.0};
    for (int i = 0; i < points; i++) {
        const double to[2] = {api->OGR_G_GetX(geometry, i), api->OGR_G_GetY(geometry, i)};
        if (i > 0 && !add_edge(self, from, to)) {
            return false;
        }
        memcpy(from, to, sizeof from);
    }
    return true;
}

bool layers_shapes_add(layers_shapes *self, const uxo_gdal *api, OGRGeometryH geometry, int64_t fid, uint32_t value)
{
    const uint32_t count = self->count;
    if ((count & (count - 1)) == 0) {
        layers_shape *const larger = realloc(self->item, (count == 0 ? 1 : 2 * (size_t)count) * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        self->item = larger;
    }
    layers_shape *const shape = &self->item[self->count++];
    *shape = (layers_shape){.fid = fid, .value = value};
    api->OGR_G_GetEnvelope(geometry, &shape->bounds);
    return add_rings(shape, api, geometry);
}

void layers_shapes_free(layers_shapes *self)
{
    for (uint32_t i = 0; i < self->count; i++) {
        free(self->item[i].edge);
    }
    free(self->item);
    memset(self, 0, sizeof *self);
}

void layers_inside_free(layers_inside *self)
{
    free(self->edge);
    free(self->crossing);
    self->edge = NULL;
    self->crossing = NULL;
    self->room = 0;
}

/* The part of the grid that a tile is, in metres; rows are counted from the north. */
typedef struct tile_frame {
    double west_m, south_m, cell_size_m; /* south_m: of its last row */
    uint32_t columns, rows;
} tile_frame;

static tile_frame frame_of(const uxo_grid *grid, uint32_t tile_x, uint32_t tile_y)
{
    const uint32_t x = tile_x * UXO_TILE, y = tile_y * UXO_TILE;
    const uint32_t columns = grid->nx - x < UXO_TILE ? grid->nx - x : UXO_TILE;
    const uint32_t rows = grid->ny - y < UXO_TILE ? grid->ny - y : UXO_TILE;
    return (tile_frame){grid->xmin_m + x * grid->cell_size_m, grid->ymin_m + (grid->ny - y - rows) * grid->cell_size_m,
                        grid->cell_size_m, columns, rows};
}

static bool make_room(layers_inside *self, size_t edges)
{
    if (self->room >= edges) {
        return true;
    }
    const layers_edge **const edge = realloc(self->edge, 2 * edges * sizeof *edge);
    self->edge = edge != NULL ? edge : self->edge;
    double *const crossing = realloc(self->crossing, edges * sizeof *crossing);
    self->crossing = crossing != NULL ? crossing : self->crossing;
    self->room = edge != NULL && crossing != NULL ? edges : self->room;
    return edge != NULL && crossing != NULL;
}

/* Edges whose crossings count in the rows of a slab: all that reach into it and do not lie wholly to the east. */
static size_t choose_edges(const layers_edge *const *from, size_t count, double south, double north, double east,
                           const layers_edge **to)
{
    size_t chosen = 0;
    for (size_t i = 0; i < count; i++) {
        const layers_edge *const edge = from[i];
        if (edge->y1 >= south && edge->y0 <= north && fmin(edge->x0, edge->x1) <= east) {
            to[chosen++] = edge;
        }
    }
    return chosen;
}

static double x_at(const layers_edge *edge, double y)
{
    return edge->x0 + (y - edge->y0) * ((edge->x1 - edge->x0) / (edge->y1 - edge->y0));
}

/* Marks the cells of a row that an edge runs through; rounding may add a neighbour, which costs time only. */
static bool mark_cut(const tile_frame *frame, const layers_edge *edge, double south, uint8_t *cover)
{
    const double north = south + frame->cell_size_m;
    const bool flat = edge->y0 == edge->y1;
    const double a = flat || edge->y0 >= south ? edge->x0 : x_at(edge, south);
    const double b = flat || edge->y1 <= north ? edge->x1 : x_at(edge, north);
    const double low = floor((fmin(a, b) - frame->west_m) / frame->cell_size_m);
    const double high = floor((fmax(a, b) - frame->west_m) / frame->cell_size_m);
    bool any = false;
    for (double x = fmax(low, 0.0); x <= fmin(high, (double)frame->columns - 1.0); x += 1.0) {
        cover[(uint32_t)x] = LAYERS_PARTLY;
        any = true;
    }
    return any;
}

static size_t find_crossings(const layers_edge *const *edge, size_t count, double y, double *crossing)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (edge[i]->y0 <= y && y < edge[i]->y1) {
            const double x = x_at(edge[i], y);
            size_t at = found++;
            for (; at > 0 && crossing[at - 1] > x; at--) {
                crossing[at] = crossing[at - 1];
            }
            crossing[at] = x;
        }
    }
    return found;
}

/* One point of every cell of the row. Cells that no edge runs through have all their points on one side. */
static void scan(const tile_frame *frame, const double *crossing, size_t count, uint32_t point, uint32_t first_cell,
                 layers_inside *out)
{
    const double offset = layers_point_x(point) * frame->cell_size_m;
    size_t west = 0;
    for (uint32_t x = 0; x < frame->columns; x++) {
        const double at = frame->west_m + x * frame->cell_size_m + offset;
        while (west < count && crossing[west] <= at) {
            west++;
        }
        const uint32_t cell = first_cell + x;
        if (out->cover[cell] == LAYERS_PARTLY) {
            out->points[cell][point / 8] |= (uint8_t)((west & 1) << (point % 8));
        } else if (point == 0) {
            out->cover[cell] = (west & 1) != 0 ? LAYERS_IN : LAYERS_OUT;
        }
    }
}

static bool cover_row(const tile_frame *frame, uint32_t row, size_t near, layers_inside *out)
{
    const double south = frame->south_m + (frame->rows - 1 - row) * frame->cell_size_m;
    const double east = frame->west_m + frame->columns * frame->cell_size_m;
    const layers_edge **const edge = out->edge + near;
    const size_t count = choose_edges(out->edge, near, south, south + frame->cell_size_m, east, edge);
    const uint32_t first_cell = row * UXO_TILE;
    bool any = false, cut = false;
    for (size_t i = 0; i < count; i++) {
        cut = mark_cut(frame, edge[i], south, out->cover + first_cell) || cut;
    }
    for (uint32_t x = 0; cut && x < frame->columns; x++) {
        memset(out->points[first_cell + x], 0, LAYERS_POINT_BYTES);
    }
    for (uint32_t point = 0; point < (cut ? (uint32_t)LAYERS_POINTS : 1); point++) {
        const double y = south + layers_point_y(point) * frame->cell_size_m;
        scan(frame, out->crossing, find_crossings(edge, count, y, out->crossing), point, first_cell, out);
    }
    for (uint32_t x = 0; x < frame->columns; x++) {
        any = any || out->cover[first_cell + x] != LAYERS_OUT;
    }
    return any;
}

bool layers_shape_cover(const layers_shape *shape, const uxo_grid *grid, uint32_t tile_x, uint32_t tile_y,
                        layers_inside *out, bool *memory)
{
    const tile_frame frame = frame_of(grid, tile_x, tile_y);
    const double east = frame.west_m + frame.columns * frame.cell_size_m;
    const double north = frame.south_m + frame.rows * frame.cell_size_m;
    const OGREnvelope *const e = &shape->bounds;
    if (e->MinX >= east || e->MaxX <= frame.west_m || e->MinY >= north || e->MaxY <= frame.south_m) {
        return false;
    }
    if (!make_room(out, shape->edge_count)) {
        *memory = false;
        return false;
    }
    size_t near = 0;
    bool any = false;
    memset(out->cover, LAYERS_OUT, sizeof out->cover);
    for (size_t i = 0; i < shape->edge_count; i++) {
        const layers_edge *const edge = &shape->edge[i];
        near += choose_edges(&edge, 1, frame.south_m, north, east, out->edge + near);
    }
    for (uint32_t row = 0; row < frame.rows; row++) {
        any = cover_row(&frame, row, near, out) || any;
    }
    return any;
}
