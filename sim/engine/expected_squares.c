/* expected_squares.c - see expected_squares.h. */
#include "expected_squares.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double BLOCK_M = 100.0; /* side of the blocks that affected area is counted in */
static const uint32_t MOST_PER_SIDE = 16;

double uxo_squares_side_m(double smallest_sd_m)
{
    uint32_t per_side = 1;
    while (per_side < MOST_PER_SIDE && BLOCK_M / (double)per_side > 1.5 * smallest_sd_m) {
        per_side *= 2;
    }
    return BLOCK_M / (double)per_side;
}

bool uxo_squares_init(uxo_squares *self, const uxo_scenario *scenario, double smallest_sd_m)
{
    const uxo_grid *const grid = &scenario->grid;
    const double west = floor(grid->xmin_m / BLOCK_M) * BLOCK_M, south = floor(grid->ymin_m / BLOCK_M) * BLOCK_M;
    const double east = ceil(uxo_grid_xmax_m(grid) / BLOCK_M) * BLOCK_M;
    const double north = ceil(uxo_grid_ymax_m(grid) / BLOCK_M) * BLOCK_M;
    const double side = uxo_squares_side_m(smallest_sd_m);
    *self = (uxo_squares){.scenario = scenario, .per_side = (uint32_t)(BLOCK_M / side + 0.5)};
    uxo_grid_init(&self->grid, west, south, side, (uint32_t)((east - west) / side + 0.5),
                  (uint32_t)((north - south) / side + 0.5));
    self->pieces_x = (self->grid.nx + UXO_PIECE - 1) / UXO_PIECE;
    self->pieces_y = (self->grid.ny + UXO_PIECE - 1) / UXO_PIECE;
    self->piece = calloc((size_t)self->pieces_x * self->pieces_y, sizeof *self->piece);
    for (size_t i = 0; i < UXO_SQUARE_LOCKS; i++) {
        omp_init_lock(&self->lock[i]);
    }
    return self->piece != NULL;
}

static void free_piece(uxo_square_piece *piece)
{
    uxo_zone_piece_free(piece->zones);
    free(piece->mixed);
    free(piece->density);
    free(piece->kinds.kind);
    free(piece->kinds.weight);
    free(piece->on_grid);
    free(piece->several_kinds);
    free(piece);
}

void uxo_squares_free(uxo_squares *self)
{
    for (size_t i = 0; self->piece != NULL && i < (size_t)self->pieces_x * self->pieces_y; i++) {
        if (self->piece[i] != NULL) {
            free_piece(self->piece[i]);
        }
    }
    if (self->piece != NULL || self->grid.nx > 0) {
        for (size_t i = 0; i < UXO_SQUARE_LOCKS; i++) {
            omp_destroy_lock(&self->lock[i]);
        }
        self->grid.nx = 0;
    }
    free(self->piece);
    self->piece = NULL;
}

/* What lies in one square, column by column; columns are few, so they are searched. */
typedef struct columns_found {
    uint32_t count, capacity;
    uxo_square_share *item;
} columns_found;

static uxo_square_share *column_of(columns_found *found, uint32_t column)
{
    for (uint32_t i = 0; i < found->count; i++) {
        if (found->item[i].column == column) {
            return &found->item[i];
        }
    }
    if (found->count == found->capacity) {
        const uint32_t capacity = 2 * found->capacity + 8;
        uxo_square_share *const item = realloc(found->item, capacity * sizeof *item);
        if (item == NULL) {
            return NULL;
        }
        found->item = item;
        found->capacity = capacity;
    }
    found->item[found->count] = (uxo_square_share){.column = column};
    return &found->item[found->count++];
}

/* Adds the part of a cell in the square; x and y in cells from the north-west corner. */
static bool add_cell(const uxo_scenario *scenario, uint32_t ix, uint32_t iy, double area, columns_found *found)
{
    const uxo_grid *const grid = &scenario->grid;
    const size_t tile = uxo_grid_tile_of(grid, ix, iy);
    const uint32_t cell = uxo_grid_cell_in_tile(ix, iy);
    const uint16_t district =
        scenario->districts.count > 0 ? uxo_area_map_at(&scenario->districts.map, tile, cell) : UXO_NO_DISTRICT;
    uxo_square_share *const at = column_of(found, district == UXO_NO_DISTRICT ? scenario->districts.count : district);
    if (at == NULL) {
        return false;
    }
    at->area_ha += area * uxo_grid_cell_ha(grid);
    if (uxo_population_given(&scenario->population)) {
        at->people += area * (double)uxo_population_at(&scenario->population, tile, cell);
    }
    return true;
}

/* A square whole in cells: nobody to tell apart, so its area is all there is to know. */
static bool is_plain(const uxo_scenario *scenario)
{
    return scenario->districts.count == 0 && !uxo_population_given(&scenario->population);
}

static bool look_at_square(const uxo_scenario *scenario, uxo_span x, uxo_span y, columns_found *found)
{
    const uxo_grid *const grid = &scenario->grid;
    uint32_t x0, x1, y0, y1;
    uxo_span_touched(x, grid->nx, &x0, &x1);
    uxo_span_touched(y, grid->ny, &y0, &y1);
    found->count = 0;
    if (is_plain(scenario)) {
        uxo_square_share *const all = column_of(found, 0);
        const uxo_span across = {0.0, (double)grid->nx}, down = {0.0, (double)grid->ny};
        if (all != NULL) {
            all->area_ha = uxo_span_overlap(x, across) * uxo_span_overlap(y, down) * uxo_grid_cell_ha(grid);
            found->count = all->area_ha > 0.0 ? 1 : 0;
        }
        return all != NULL;
    }
    for (uint32_t iy = y0; iy < y1; iy++) {
        for (uint32_t ix = x0; ix < x1; ix++) {
            const double area = uxo_span_overlap(x, uxo_span_of_cell(ix)) * uxo_span_overlap(y, uxo_span_of_cell(iy));
            if (area > 0.0 && !add_cell(scenario, ix, iy, area, found)) {
                return false;
            }
        }
    }
    return true;
}

static bool add_mixed(uxo_square_piece *piece, uint32_t square, const columns_found *found, double square_ha)
{
    uxo_square_share *const grown = realloc(piece->mixed, ((size_t)piece->mixed_count + found->count) * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    piece->mixed = grown;
    for (uint32_t i = 0; i < found->count; i++) {
        uxo_square_share share = found->item[i];
        share.square = square;
        share.share = share.area_ha / square_ha;
        piece->mixed[piece->mixed_count++] = share;
    }
    piece->column[square] = UXO_MIXED_SQUARE;
    return true;
}

/* A square that lies partly beyond the grid is mixed too: the rest is nobody's. */
static bool fill_square(uxo_square_piece *piece, uint32_t square, const columns_found *found, double square_ha)
{
    const double whole = 1.0 - 1e-9;
    piece->column[square] = 0;
    piece->area_ha[square] = 0.0;
    piece->people[square] = 0.0;
    if (found->count == 0) {
        return true;
    }
    if (found->count > 1 || found->item[0].area_ha < whole * square_ha) {
        return add_mixed(piece, square, found, square_ha);
    }
    piece->column[square] = found->item[0].column;
    piece->area_ha[square] = found->item[0].area_ha;
    piece->people[square] = found->item[0].people;
    return true;
}

static bool is_uniform(const uxo_square_piece *piece)
{
    for (uint32_t i = 0; i < UXO_PIECE_SQUARES; i++) {
        if (piece->column[i] != piece->column[0] || !(piece->area_ha[i] > 0.0)) {
            return false;
        }
    }
    return piece->column[0] != UXO_MIXED_SQUARE;
}

static void add_people(uxo_square_piece *piece, uint32_t per_side)
{
    const uint32_t across = UXO_PIECE / per_side;
    for (uint32_t i = 0; i < UXO_PIECE_SQUARES; i++) {
        piece->block_people[i / UXO_PIECE / per_side * across + i % UXO_PIECE / per_side] += piece->people[i];
    }
}

/* Who can reach each block. */
static bool find_density(const uxo_squares *self, uint32_t index, uxo_square_piece *piece)
{
    if (!self->scenario->people.given) {
        return true;
    }
    const uint32_t across = UXO_PIECE / self->per_side;
    const double west = self->grid.xmin_m + (double)(index % self->pieces_x) * UXO_PIECE * self->grid.cell_size_m;
    const double north =
        uxo_grid_ymax_m(&self->grid) - (double)(index / self->pieces_x) * UXO_PIECE * self->grid.cell_size_m;
    const uxo_people_map *const map = &self->scenario->people.map;
    piece->density = malloc((size_t)across * across * sizeof *piece->density);
    for (uint32_t i = 0; piece->density != NULL && i < across * across; i++) {
        const double x_m = west + ((double)(i % across) + 0.5) * BLOCK_M;
        const double y_m = north - ((double)(i / across) + 0.5) * BLOCK_M;
        piece->density[i] = map->density[uxo_people_block_at(map, x_m, y_m)];
    }
    return piece->density != NULL;
}

void uxo_squares_span(const uxo_squares *self, uint32_t piece, uint32_t square, uxo_span *x, uxo_span *y)
{
    const uxo_grid *const grid = &self->scenario->grid;
    const double side = self->grid.cell_size_m / grid->cell_size_m; /* of a square, in cells */
    const double left = (self->grid.xmin_m - grid->xmin_m) / grid->cell_size_m;
    const double top = (uxo_grid_ymax_m(grid) - uxo_grid_ymax_m(&self->grid)) / grid->cell_size_m;
    const double column = (double)(piece % self->pieces_x * UXO_PIECE + square % UXO_PIECE);
    const double row = (double)(piece / self->pieces_x * UXO_PIECE + square / UXO_PIECE);
    *x = (uxo_span){left + column * side, left + (column + 1.0) * side};
    *y = (uxo_span){top + row * side, top + (row + 1.0) * side};
}

static uxo_square_piece *make_piece(const uxo_squares *self, uint32_t index)
{
    const double square_ha = uxo_grid_cell_ha(&self->grid);
    uxo_square_piece *const piece = calloc(1, sizeof *piece);
    columns_found found = {0, 0, NULL};
    bool complete = piece != NULL;
    for (uint32_t i = 0; complete && i < UXO_PIECE_SQUARES; i++) {
        uxo_span x, y;
        uxo_squares_span(self, index, i, &x, &y);
        complete = look_at_square(self->scenario, x, y, &found) && fill_square(piece, i, &found, square_ha);
    }
    complete = complete && find_density(self, index, piece);
    free(found.item);
    complete = complete && (!self->scenario->surface.given || uxo_square_piece_kinds(piece, self, index));
    if (complete && self->scenario->zones.set_count > 0) {
        piece->zones = uxo_zone_piece_make(self, index);
        complete = piece->zones != NULL;
    }
    if (complete) {
        piece->uniform = is_uniform(piece);
        add_people(piece, self->per_side);
    }
    if (!complete && piece != NULL) {
        free_piece(piece);
    }
    return complete ? piece : NULL;
}

const uxo_square_piece *uxo_squares_piece(uxo_squares *self, uint32_t index)
{
    uxo_square_piece *piece;
    omp_lock_t *const lock = &self->lock[index % UXO_SQUARE_LOCKS];
#pragma omp atomic read acquire
    piece = self->piece[index];
    if (piece != NULL) {
        return piece;
    }
    omp_set_lock(lock);
    piece = self->piece[index];
    if (piece == NULL) {
        piece = make_piece(self, index);
#pragma omp atomic write release
        self->piece[index] = piece;
    }
    omp_unset_lock(lock);
    return piece;
}
