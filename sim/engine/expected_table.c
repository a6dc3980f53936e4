/* expected_table.c - see expected_table.h. */
#include "expected_table.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "uxosim/expectation.h"

static bool grow_sources(uxo_table_part *self, size_t capacity)
{
    uxo_carrier_source *const source = realloc(self->source, capacity * sizeof *source);
    self->source = source != NULL ? source : self->source;
    return source != NULL;
}

static bool grow_part(uxo_table_part *self, const uxo_table_order *order)
{
    const bool fine = order->want_fine, coarse = order->want_coarse;
    const size_t capacity = self->capacity == 0 ? 4096 : 2 * (size_t)self->capacity;
    uint32_t *const realisation = realloc(self->realisation, capacity * sizeof *realisation);
    self->realisation = realisation != NULL ? realisation : self->realisation;
    uxo_placed_pattern *const at_cells = fine ? realloc(self->fine, capacity * sizeof *at_cells) : NULL;
    self->fine = at_cells != NULL ? at_cells : self->fine;
    uxo_placed_pattern *const at_lattice = coarse ? realloc(self->coarse, capacity * sizeof *at_lattice) : NULL;
    self->coarse = at_lattice != NULL ? at_lattice : self->coarse;
    if (realisation == NULL || (fine && at_cells == NULL) || (coarse && at_lattice == NULL) || capacity > UINT32_MAX ||
        (order->scenario->surface.given && !grow_sources(self, capacity))) {
        self->out_of_memory = true;
        return false;
    }
    self->capacity = (uint32_t)capacity;
    return true;
}

typedef struct visitor {
    const uxo_table_order *order;
    uxo_table_part *part;
    uint32_t realisation;
} visitor;

static void visit_carriers(void *user, const uxo_drawn_carrier *carriers, size_t count)
{
    const visitor *const self = user;
    const uxo_table_order *const order = self->order;
    const uxo_grid *const grid = &order->scenario->grid;
    uxo_table_part *const part = self->part;
    for (size_t i = 0; i < count; i++) {
        const uxo_carrier_draw *const draw = &carriers[i].draw;
        const double amount = (double)draw->load * carriers[i].rate;
        if (!draw->opened || !(amount > 0.0)) {
            continue;
        }
        if (part->count == part->capacity && !grow_part(part, order)) {
            return;
        }
        const uint32_t at = part->count++;
        part->realisation[at] = self->realisation;
        if (part->source != NULL) {
            part->source[at] = (uxo_carrier_source){carriers[i].strike, carriers[i].rate};
        }
        if (order->want_fine) {
            part->fine[at] = uxo_place_carrier(grid, &carriers[i], amount);
        }
        if (order->want_coarse) {
            part->coarse[at] = uxo_place_carrier_coarse(grid, order->stride, &carriers[i], amount);
        }
    }
}

static void draw_part(uxo_table_part *self, const uxo_table_order *order)
{
    uxo_drawing drawing;
    if (!uxo_drawing_init(&drawing, order->scenario)) {
        self->out_of_memory = true;
        uxo_drawing_free(&drawing);
        return;
    }
    visitor user = {order, self, 0};
    for (uint32_t r = self->first; r < self->end && !self->out_of_memory && !uxo_is_stopped(order->stop); r++) {
        user.realisation = r;
        uxo_drawing_realise(&drawing, order->scenario, order->kernels, uxo_draw_from(r),
                            order->outcome->campaign + (size_t)r * order->scenario->campaign_count, order->strikes,
                            order->strike_count, UXO_DRAW_PLACES_OF_ALL | UXO_DRAW_NO_COUNTS, visit_carriers, &user);
    }
    uxo_drawing_free(&drawing);
}

/* Rectangle of parts within the band. */
typedef struct part_range {
    uint32_t x0, x1, y0, y1; /* x0 <= x < x1, y0 <= y < y1 */
} part_range;

static uint32_t clamp_part(double cells, double side, uint32_t count)
{
    const double part = cells / side; /* cut off, which above 0 is rounding down */
    return part < 0.0 ? 0 : part > (double)(count - 1) ? count - 1 : (uint32_t)part;
}

/* What an index is made of. */
typedef struct index_order {
    const uxo_placed_pattern *item;
    uint32_t count;
    double step;        /* of the lattice, in cells */
    double west, north; /* of the band, in cells */
    double side;        /* of a part, in cells */
    uint32_t across, down;
} index_order;

/* A lattice that is coarser than the cells reaches one of its steps beyond the west and north edges of a part and two
 * beyond the others. */
static part_range parts_of(const index_order *order, uint32_t item)
{
    const uxo_placed_pattern *const gaussian = &order->item[item];
    const double step = order->step / (double)gaussian->points;
    const double margin = 2.0 * step + 1.0;
    const double x = gaussian->x * step - order->west, y = gaussian->y * step - order->north;
    const double half_x = (double)gaussian->extent.half_width * step + margin;
    const double half_y = (double)gaussian->extent.half_height * step + margin;
    const double west = x - half_x, east = x + half_x, north = y - half_y, south = y + half_y;
    if (east < 0.0 || west >= (double)order->across * order->side || south < 0.0 ||
        north >= (double)order->down * order->side) {
        return (part_range){0, 0, 0, 0};
    }
    return (part_range){clamp_part(west, order->side, order->across), clamp_part(east, order->side, order->across) + 1,
                        clamp_part(north, order->side, order->down), clamp_part(south, order->side, order->down) + 1};
}

/* Room for so many items; what was in it is lost. */
static bool make_room(uxo_table_index *self, size_t items)
{
    if (items > self->capacity) {
        free(self->item);
        self->item = malloc(items * sizeof *self->item);
        self->capacity = self->item != NULL ? items : 0;
    }
    return items <= self->capacity;
}

static bool make_index(uxo_table_index *self, const index_order *order)
{
    const size_t parts = (size_t)order->across * order->down;
    size_t *const end = calloc(parts + 1, sizeof *end); /* where the next carrier of a part goes */
    free(self->from);
    self->across = order->across;
    self->from = calloc(parts + 1, sizeof *self->from);
    if (end == NULL || self->from == NULL) {
        free(end);
        return false;
    }
    for (uint32_t i = 0; i < order->count; i++) {
        const part_range range = parts_of(order, i);
        for (uint32_t y = range.y0; y < range.y1; y++) {
            for (uint32_t x = range.x0; x < range.x1; x++) {
                self->from[(size_t)y * order->across + x + 1]++;
            }
        }
    }
    for (size_t part = 0; part < parts; part++) {
        self->from[part + 1] += self->from[part];
        end[part] = self->from[part];
    }
    const bool complete = make_room(self, self->from[parts] + 1);
    for (uint32_t i = 0; complete && i < order->count; i++) {
        const part_range range = parts_of(order, i);
        for (uint32_t y = range.y0; y < range.y1; y++) {
            for (uint32_t x = range.x0; x < range.x1; x++) {
                self->item[end[(size_t)y * order->across + x]++] = i;
            }
        }
    }
    free(end);
    return complete;
}

static index_order index_order_of(const uxo_table_order *order, const uxo_placed_pattern *item, uint32_t count,
                                  uint32_t tiles, double step)
{
    const uint32_t rows = order->band.to_y - order->band.from_y;
    return (index_order){.item = item,
                         .count = count,
                         .step = step,
                         .west = (double)order->band.from_x * UXO_TILE,
                         .north = (double)order->band.from_y * UXO_TILE,
                         .side = (double)(tiles * UXO_TILE),
                         .across = uxo_band_units_across(&order->band, tiles),
                         .down = (rows + tiles - 1) / tiles};
}

static void index_part(uxo_table_part *self, const uxo_table_order *order)
{
    if (order->want_fine) {
        const index_order fine = index_order_of(order, self->fine, self->count, 1, 1.0);
        self->fine_index.tiles = 1;
        self->out_of_memory = !make_index(&self->fine_index, &fine);
    }
    if (order->want_coarse) {
        const index_order coarse =
            index_order_of(order, self->coarse, self->count, order->coarse_tiles, (double)order->stride);
        self->coarse_index.tiles = order->coarse_tiles;
        self->out_of_memory = !make_index(&self->coarse_index, &coarse) || self->out_of_memory;
    }
}

/* So that no thread waits long for another that the machine has held up. */
enum { PARTS_PER_THREAD = 4 };

/* So many parts without carriers; the memory of a table with as many is kept: to give it back and to get it anew takes longer than to draw what
 * goes into it. */
static bool begin_parts(uxo_carrier_table *self, uint32_t parts)
{
    if (self->part != NULL && self->part_count == parts) {
        for (uint32_t p = 0; p < parts; p++) {
            self->part[p].count = 0;
        }
        return true;
    }
    uxo_carrier_table_free(self);
    self->part = calloc(parts + 1, sizeof *self->part);
    self->part_count = self->part != NULL ? parts : 0;
    return self->part != NULL;
}

uxo_status uxo_carrier_table_make(uxo_carrier_table *self, const uxo_table_order *order, uxo_report *report)
{
    const uint32_t count = order->end - order->first;
    const uint32_t wanted = (uint32_t)order->threads > 1 ? PARTS_PER_THREAD * (uint32_t)order->threads : 1;
    const uint32_t parts = wanted < count ? wanted : count;
    if (!begin_parts(self, parts)) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for carriers");
    }
    self->band = order->band;
#pragma omp parallel for num_threads(order->threads) schedule(dynamic, 1)
    for (uint32_t p = 0; p < parts; p++) {
        uxo_table_part *const part = &self->part[p];
        part->first = order->first + (uint32_t)((uint64_t)count * p / parts);
        part->end = order->first + (uint32_t)((uint64_t)count * (p + 1) / parts);
        draw_part(part, order);
        if (!part->out_of_memory) {
            index_part(part, order);
        }
    }
    for (uint32_t p = 0; p < parts; p++) {
        if (self->part[p].out_of_memory) {
            return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the carriers of %u realisations", count);
        }
    }
    /* Carriers may be missing then: a chunk without any would be taken for an empty one. */
    return uxo_is_stopped(order->stop) ? UXO_ERR_INTERRUPTED : UXO_OK;
}

static void free_part(uxo_table_part *self)
{
    free(self->realisation);
    free(self->fine);
    free(self->coarse);
    free(self->source);
    free(self->fine_index.from);
    free(self->fine_index.item);
    free(self->coarse_index.from);
    free(self->coarse_index.item);
}

void uxo_carrier_table_free(uxo_carrier_table *self)
{
    const uint32_t parts = self->part != NULL ? self->part_count : 0;
#pragma omp parallel for schedule(dynamic, 1) if (parts > 1)
    for (uint32_t p = 0; p < parts; p++) {
        free_part(&self->part[p]);
    }
    free(self->part);
    memset(self, 0, sizeof *self);
}

/* Half the length of a munition's pattern, with sizes like these: a gaussian's to where it is cut off. */
static double half_length_m(const uxo_munition *munition, double (*size)(const uxo_quantity *))
{
    const double length_m = fmax(size(&munition->pattern_along_m), size(&munition->pattern_across_m));
    const double width = munition->shape == UXO_SHAPE_RING ? size(&munition->pattern_width) : 0.0;
    return length_m *
           (munition->shape == UXO_SHAPE_GAUSSIAN ? sqrt(UXO_FIELD_CUT) : uxo_oval_outer(munition->shape, width));
}

double uxo_carrier_half_length_m(const uxo_scenario *scenario, const uxo_strike *strike)
{
    double largest_m = 0.0;
    for (uint32_t j = 0; j < strike->mixture.count; j++) {
        const uxo_munition *const munition = &scenario->catalogue.item[strike->mixture.munition[j]];
        largest_m = fmax(largest_m, half_length_m(munition, uxo_quantity_mean));
    }
    return largest_m;
}

/* Parts of the map, so many cells to a side, that the pattern of one carrier reaches: its ellipse's box and what it straddles,
 * but no more than there are. */
static double parts_reached(const uxo_table_order *order, const uxo_strike *strike, double side_cells)
{
    const double side_m = side_cells * order->scenario->grid.cell_size_m;
    const double across = 2.0 * uxo_carrier_half_length_m(order->scenario, strike) / side_m + 1.0;
    const double cells = (double)uxo_band_tiles(&order->band) * UXO_TILE_CELLS;
    return fmin(across * across, cells / (side_cells * side_cells) + 1.0);
}

double uxo_carrier_table_bytes(const uxo_table_order *order)
{
    const double growth = 1.5; /* of arrays that double, on average */
    double bytes = 0.0;
    for (uint32_t i = 0; i < order->strike_count; i++) {
        const uint32_t index = order->strikes != NULL ? order->strikes[i] : i;
        const uxo_strike *const strike = &order->scenario->strikes.item[index];
        const double coarse = parts_reached(order, strike, (double)(order->coarse_tiles * UXO_TILE));
        double each = growth * sizeof(uint32_t);
        each += order->scenario->surface.given ? growth * sizeof(uxo_carrier_source) : 0.0;
        each += order->want_fine
                    ? growth * sizeof(uxo_placed_pattern) + parts_reached(order, strike, UXO_TILE) * sizeof(uint32_t)
                    : 0.0;
        each += order->want_coarse ? growth * sizeof(uxo_placed_pattern) + coarse * sizeof(uint32_t) : 0.0;
        bytes += uxo_expected_carriers(order->scenario, strike) * each;
    }
    return bytes * (double)(order->end - order->first);
}

double uxo_strike_hard_reach_m(const uxo_scenario *scenario, const uxo_strike *strike)
{
    const double normal_bound = 6.67; /* sqrt(2 ln 2^32), see uxo_kernels.draws */
    double location = 0.0, spread = 0.0, pattern = 0.0, off = 0.0;
    for (uint32_t i = 0; i < strike->site_count; i++) {
        const uxo_site *const site = &scenario->strikes.site[strike->first_site + i];
        off = fmax(off, uxo_displacement_high_m(&scenario->strikes.displacement[site->evidence], 1e-9));
        const double size = uxo_quantity_high(&site->location_size_m);
        const double farthest =
            site->location_kind == UXO_LOCATION_DISC ? size : normal_bound * size / UXO_R95_PER_SIGMA;
        location = fmax(location, farthest);
    }
    for (uint32_t i = 0; i < strike->mixture.count; i++) {
        const uxo_munition *const munition = &scenario->catalogue.item[strike->mixture.munition[i]];
        spread = fmax(
            spread, fmax(uxo_quantity_high(&munition->spread_along_m), uxo_quantity_high(&munition->spread_across_m)));
        pattern = fmax(pattern, half_length_m(munition, uxo_quantity_high));
    }
    const double cells = 2.0 * scenario->grid.cell_size_m;
    return location + off + normal_bound * spread + hypot(pattern, sqrt(UXO_FIELD_CUT) * cells) + cells;
}
