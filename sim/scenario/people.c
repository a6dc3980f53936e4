/* people.c - the map of people: a population on blocks, spread over what residents can reach. Reading of keys: scenario_people.c. */
#include "uxosim/people.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "uxosim/portable_math.h"

static const double BLOCK_M = 100.0; /* as of the affected area, so that squares of that are parts of a block */
static const double MOST_BLOCKS = 16777216.0;
static const double PARTS = 1048576.0; /* of a person, in the sums */

const char *uxo_people_key(uxo_people_quantity quantity)
{
    static const char *const key[] = {
#define X(id, key, group) key,
        UXO_PEOPLE_QUANTITIES(X)
#undef X
    };
    return key[quantity];
}

void uxo_people_map_free(uxo_people_map *self)
{
    free(self->density);
    self->density = NULL;
}

void uxo_people_free(uxo_people *self)
{
    free(self->activity);
    uxo_people_map_free(&self->map);
    memset(self, 0, sizeof *self);
}

static bool is_whole(double x)
{
    return fabs(x - floor(x + 0.5)) < 1e-9;
}

static void place_blocks(uxo_people_map *self, const uxo_grid *grid)
{
    const double width = uxo_grid_xmax_m(grid) - grid->xmin_m, height = uxo_grid_ymax_m(grid) - grid->ymin_m;
    const double least = fmax(grid->cell_size_m, sqrt(width * height / MOST_BLOCKS));
    const double side = BLOCK_M * fmax(1.0, ceil(least / BLOCK_M - 1e-9));
    const double west = floor(grid->xmin_m / side) * side, south = floor(grid->ymin_m / side) * side;
    const double east = ceil(uxo_grid_xmax_m(grid) / side) * side, north = ceil(uxo_grid_ymax_m(grid) / side) * side;
    uxo_grid_init(&self->blocks, west, south, side, (uint32_t)((east - west) / side + 0.5),
                  (uint32_t)((north - south) / side + 0.5));
    self->blocks_per_cell = grid->cell_size_m / side;
    self->first_column = (grid->xmin_m - west) / side;
    self->first_row = (uxo_grid_ymax_m(&self->blocks) - uxo_grid_ymax_m(grid)) / side;
    self->cells_fit = is_whole(side / grid->cell_size_m) && is_whole((grid->xmin_m - west) / grid->cell_size_m) &&
                      is_whole((grid->ymin_m - south) / grid->cell_size_m);
}

uint32_t uxo_people_block_at(const uxo_people_map *self, double x_m, double y_m)
{
    const uxo_grid *const blocks = &self->blocks;
    const double column = (x_m - blocks->xmin_m) / blocks->cell_size_m;
    const double row = (uxo_grid_ymax_m(blocks) - y_m) / blocks->cell_size_m;
    const uint32_t ix = (uint32_t)fmax(0.0, fmin(column, (double)blocks->nx - 0.5));
    const uint32_t iy = (uint32_t)fmax(0.0, fmin(row, (double)blocks->ny - 0.5));
    return iy * blocks->nx + ix;
}

/* Blocks that a cell lies in along one axis: at most two, as no cell is larger than a block. */
typedef struct split {
    uint32_t block;
    double share; /* of the cell in it; the rest is in the next one */
} split;

static split split_cell(double first, double blocks_per_cell, uint32_t index)
{
    const double from = first + (double)index * blocks_per_cell;
    const double near = floor(from + 1e-9); /* cells on a border of blocks */
    const double left = (near + 1.0 - from) / blocks_per_cell;
    return (split){(uint32_t)near, left < 1.0 - 1e-9 ? left : 1.0};
}

static void add_persons(const uxo_people_map *self, int64_t *sum, split x, split y, double persons)
{
    const uint32_t rows = y.share < 1.0 ? 2 : 1, columns = x.share < 1.0 ? 2 : 1;
    for (uint32_t down = 0; down < rows; down++) {
        for (uint32_t across = 0; across < columns; across++) {
            const double share = (across == 0 ? x.share : 1.0 - x.share) * (down == 0 ? y.share : 1.0 - y.share);
            if (share > 0.0) {
                sum[(size_t)(y.block + down) * self->blocks.nx + x.block + across] +=
                    (int64_t)(persons * share * PARTS + 0.5);
            }
        }
    }
}

/* Persons of one tile, whose first cell is the grid's cell (ix, iy), on the blocks. */
static void add_tile(const uxo_people_map *self, int64_t *sum, const uxo_grid *grid, const float *cells, uint32_t ix,
                     uint32_t iy)
{
    split column[UXO_TILE];
    const uint32_t width = grid->nx - ix < UXO_TILE ? grid->nx - ix : UXO_TILE;
    const uint32_t height = grid->ny - iy < UXO_TILE ? grid->ny - iy : UXO_TILE;
    for (uint32_t x = 0; x < width; x++) {
        column[x] = split_cell(self->first_column, self->blocks_per_cell, ix + x);
    }
    for (uint32_t y = 0; y < height; y++) {
        const split row = split_cell(self->first_row, self->blocks_per_cell, iy + y);
        for (uint32_t x = 0; x < width; x++) {
            const float persons = cells[y * UXO_TILE + x];
            if (persons > 0.0f) {
                add_persons(self, sum, column[x], row, (double)persons);
            }
        }
    }
}

/* Persons on each block, in parts. */
static void add_up(const uxo_people_map *self, const uxo_grid *grid, const uxo_population *population, int64_t *sum)
{
    for (size_t tile = 0; tile < population->tile_count; tile++) {
        if (population->cells[tile] != NULL) {
            add_tile(self, sum, grid, population->cells[tile], (uint32_t)(tile % grid->tiles_x) * UXO_TILE,
                     (uint32_t)(tile / grid->tiles_x) * UXO_TILE);
        }
    }
}

/* A line of `count` sums becomes one of sums over windows: `whole` neighbours to either side, and a part of the ones beyond. */
typedef struct window {
    int64_t whole;
    double part;
} window;

static window window_of(double range_m, double side_m)
{
    const double reach =
        fmax(range_m / side_m, 0.5) - 0.5; /* blocks beyond the own one's edge, a part of one included */
    const double whole = floor(reach + 1e-9);
    return (window){(int64_t)whole, fmax(0.0, reach - whole)};
}

static int64_t before(const int64_t *running, int64_t count, int64_t at)
{
    return running[at < 0 ? 0 : at > count ? count : at];
}

static void spread_line(int64_t *line, size_t stride, int64_t count, window over, int64_t *running)
{
    running[0] = 0;
    for (int64_t i = 0; i < count; i++) {
        running[i + 1] = running[i] + line[(size_t)i * stride];
    }
    for (int64_t i = 0; i < count; i++) {
        const int64_t first = i - over.whole, end = i + over.whole + 1;
        const int64_t inner = before(running, count, end) - before(running, count, first);
        const int64_t outer = before(running, count, end + 1) - before(running, count, first - 1) - inner;
        line[(size_t)i * stride] = inner + (int64_t)((double)outer * over.part + 0.5);
    }
}

/* Residents per square metre of the window about each block. */
static void find_densities(uxo_people_map *self, const int64_t *sum, double window_m2)
{
    const size_t count = uxo_grid_cell_count(&self->blocks);
    int64_t densest = 0;
    for (size_t i = 0; i < count; i++) {
        densest = sum[i] > densest ? sum[i] : densest;
    }
    const double scale = 1.0 / (PARTS * window_m2);
    const double steps = (double)UXO_DENSITY_STEPS, knots = (double)UXO_DENSITY_KNOTS;
    self->lowest_log = densest > 0 ? uxo_log((double)densest * scale) - (knots - 2.0) / steps : 0.0;
    for (size_t i = 0; i < count; i++) {
        const double density = (double)sum[i] * scale;
        const double at = sum[i] > 0 ? (uxo_log(density) - self->lowest_log) * steps : 0.0;
        const double place = at > 0.0 ? at : 0.0;
        const double knot = place < knots - 2.0 ? floor(place) : knots - 2.0;
        self->density[i] = (uxo_density){(float)density, (float)(place - knot), (uint16_t)knot};
        self->first_knot = sum[i] > 0 && knot < (double)self->first_knot ? (uint32_t)knot : self->first_knot;
    }
}

/* How different neighbours are, corners included. */
static void find_steepest(uxo_people_map *self)
{
    const uint32_t nx = self->blocks.nx, ny = self->blocks.ny;
    for (uint32_t iy = 0; iy < ny; iy++) {
        for (uint32_t ix = 0; ix < nx; ix++) {
            const uint32_t right = ix + 1 < nx ? ix + 1 : ix, left = ix > 0 ? ix - 1 : 0;
            const uint32_t below = iy + 1 < ny ? iy + 1 : iy;
            const float here = self->density[(size_t)iy * nx + ix].residents_per_m2;
            const float near[] = {self->density[(size_t)iy * nx + right].residents_per_m2,
                                  self->density[(size_t)below * nx + ix].residents_per_m2,
                                  self->density[(size_t)below * nx + right].residents_per_m2,
                                  self->density[(size_t)below * nx + left].residents_per_m2};
            for (size_t k = 0; k < sizeof near / sizeof *near; k++) {
                self->steepest = fmax(self->steepest, fabs((double)(near[k] - here)));
            }
        }
    }
}

bool uxo_people_map_init(uxo_people_map *self, const uxo_grid *grid, const uxo_population *population, double range_m)
{
    memset(self, 0, sizeof *self);
    self->first_knot = UXO_DENSITY_KNOTS;
    place_blocks(self, grid);
    const uxo_grid *const blocks = &self->blocks;
    const size_t count = uxo_grid_cell_count(blocks);
    const double side = blocks->cell_size_m, reach = fmax(range_m, 0.5 * side);
    const window over = window_of(range_m, side);
    const uint32_t longest = blocks->nx > blocks->ny ? blocks->nx : blocks->ny;
    int64_t *const sum = calloc(count, sizeof *sum);
    int64_t *const running = malloc(((size_t)longest + 1) * sizeof *running);
    self->density = malloc(count * sizeof *self->density);
    const bool complete = sum != NULL && running != NULL && self->density != NULL;
    if (complete) {
        add_up(self, grid, population, sum);
        for (uint32_t iy = 0; iy < blocks->ny; iy++) {
            spread_line(sum + (size_t)iy * blocks->nx, 1, blocks->nx, over, running);
        }
        for (uint32_t ix = 0; ix < blocks->nx; ix++) {
            spread_line(sum + ix, blocks->nx, blocks->ny, over, running);
        }
        find_densities(self, sum, 4.0 * reach * reach);
        find_steepest(self);
    }
    free(sum);
    free(running);
    return complete;
}
