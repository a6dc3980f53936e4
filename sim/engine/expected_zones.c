/* expected_zones.c - see expected_zones.h. */
#include "expected_zones.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "expected_squares.h"

/* A square is whole in a zone but for rounding. */
static const double WHOLE = 1.0 - 1e-9;

/* What one column has of one square. */
typedef struct zone_part {
    uint32_t column, square;
    double share, people;
} zone_part;

static uint32_t block_of(uint32_t square, uint32_t per_side)
{
    return square / UXO_PIECE / per_side * (UXO_PIECE / per_side) + square % UXO_PIECE / per_side;
}

/* Parts of a piece as they are found, square by square. */
typedef struct part_list {
    zone_part *item;
    size_t count, capacity;
    size_t of_square; /* where those of the present square begin */
} part_list;

static bool add_part(part_list *self, const zone_part *part)
{
    for (size_t i = self->of_square; i < self->count; i++) {
        if (self->item[i].column == part->column) {
            self->item[i].share += part->share;
            self->item[i].people += part->people;
            return true;
        }
    }
    if (self->count == self->capacity) {
        const size_t capacity = 2 * self->capacity + UXO_PIECE_SQUARES;
        zone_part *const larger = realloc(self->item, capacity * sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        self->item = larger;
        self->capacity = capacity;
    }
    self->item[self->count++] = *part;
    return true;
}

/* Cells of a square that are made of the same zones: their share of its area, and their people. */
typedef struct alike_cells {
    uint32_t mix;
    double share, people;
} alike_cells;

static bool add_cells(part_list *self, const uxo_zones *zones, const alike_cells *cells, uint32_t square)
{
    uint32_t count;
    bool good = true;
    const uxo_zone_share *const share = uxo_zones_shares(zones, cells->mix, &count);
    for (uint32_t i = 0; i < count && good && cells->share > 0.0; i++) {
        const double weight = (double)share[i].parts / (double)UXO_ZONE_PARTS;
        const zone_part part = {share[i].column, square, weight * cells->share, weight * cells->people};
        good = add_part(self, &part);
    }
    return good;
}

/* All parts of one square; returns its people. */
static double look_at_square(const uxo_squares *squares, uint32_t piece, uint32_t square, part_list *list,
                             bool *complete)
{
    const uxo_scenario *const scenario = squares->scenario;
    const uxo_grid *const grid = &scenario->grid;
    uxo_span x, y;
    uint32_t x0, x1, y0, y1;
    double people = 0.0;
    alike_cells alike = {0, 0.0, 0.0};
    uxo_squares_span(squares, piece, square, &x, &y);
    uxo_span_touched(x, grid->nx, &x0, &x1);
    uxo_span_touched(y, grid->ny, &y0, &y1);
    const double whole = (x.to - x.from) * (y.to - y.from);
    list->of_square = list->count;
    for (uint32_t iy = y0; iy < y1 && *complete; iy++) {
        for (uint32_t ix = x0; ix < x1 && *complete; ix++) {
            const double area = uxo_span_overlap(x, uxo_span_of_cell(ix)) * uxo_span_overlap(y, uxo_span_of_cell(iy));
            const size_t tile = uxo_grid_tile_of(grid, ix, iy);
            const uint32_t cell = uxo_grid_cell_in_tile(ix, iy), mix = uxo_zones_mix(&scenario->zones, tile, cell);
            if (mix != alike.mix) {
                *complete = add_cells(list, &scenario->zones, &alike, square);
                alike = (alike_cells){mix, 0.0, 0.0};
            }
            const double live_here = uxo_population_given(&scenario->population)
                                         ? area * (double)uxo_population_at(&scenario->population, tile, cell)
                                         : 0.0;
            alike.share += area / whole;
            alike.people += live_here;
            people += live_here;
        }
    }
    *complete = *complete && add_cells(list, &scenario->zones, &alike, square);
    return people;
}

static int compare_parts(const void *left, const void *right)
{
    const zone_part *const a = left;
    const zone_part *const b = right;
    if (a->column != b->column) {
        return a->column < b->column ? -1 : 1;
    }
    const bool part_a = a->share < WHOLE, part_b = b->share < WHOLE;
    return part_a != part_b ? part_a - part_b : (a->square > b->square) - (a->square < b->square);
}

/* Room for as many parts and columns as the list has. */
static bool make_room(uxo_zone_piece *self, const part_list *list)
{
    size_t columns = 0;
    for (size_t i = 0; i < list->count; i++) {
        columns += i == 0 || list->item[i].column != list->item[i - 1].column;
    }
    self->column = malloc((columns + 1) * sizeof *self->column);
    self->square = malloc((list->count + 1) * sizeof *self->square);
    self->share = malloc((list->count + 1) * sizeof *self->share);
    self->people = malloc((list->count + 1) * sizeof *self->people);
    return self->column != NULL && self->square != NULL && self->share != NULL && self->people != NULL;
}

/* To the room that is needed; a smaller block is always to be had, else the larger one stays. */
static void *fit(void *memory, size_t bytes)
{
    void *const fitting = realloc(memory, bytes + 1);
    return fitting != NULL ? fitting : memory;
}

/* Sorted parts to columns; those of a column that has everything are dropped. */
static bool gather_columns(uxo_zone_piece *self, part_list *list)
{
    uint32_t kept = 0, shares = 0;
    qsort(list->item, list->count, sizeof *list->item, compare_parts);
    if (!make_room(self, list)) {
        return false;
    }
    for (size_t i = 0, end; i < list->count; i = end) {
        uint32_t whole = 0;
        for (end = i; end < list->count && list->item[end].column == list->item[i].column; end++) {
            whole += list->item[end].share >= WHOLE;
        }
        const uint32_t count = whole == UXO_PIECE_SQUARES ? 0 : (uint32_t)(end - i);
        self->column[self->column_count++] = (uxo_zone_column){list->item[i].column, kept, count, whole, shares};
        for (uint32_t k = 0; k < count; k++, kept++) {
            self->square[kept] = (uint8_t)list->item[i + k].square;
            self->people[kept] = list->item[i + k].people;
            if (k >= whole) {
                self->share[shares++] = list->item[i + k].share;
            }
        }
    }
    self->square = fit(self->square, kept * sizeof *self->square);
    self->share = fit(self->share, shares * sizeof *self->share);
    self->people = fit(self->people, kept * sizeof *self->people);
    return true;
}

uxo_zone_piece *uxo_zone_piece_make(const uxo_squares *squares, uint32_t piece)
{
    uxo_zone_piece *const self = calloc(1, sizeof *self);
    part_list list = {NULL, 0, 0, 0};
    bool complete = self != NULL;
    if (complete) {
        self->block_people = calloc(UXO_PIECE_SQUARES, sizeof *self->block_people);
        list.item = malloc(sizeof *list.item); /* sorting takes an array, if an empty one */
        list.capacity = 1;
        complete = self->block_people != NULL && list.item != NULL;
    }
    for (uint32_t i = 0; i < UXO_PIECE_SQUARES && complete; i++) {
        self->block_people[block_of(i, squares->per_side)] += look_at_square(squares, piece, i, &list, &complete);
    }
    complete = complete && gather_columns(self, &list);
    free(list.item);
    if (!complete) {
        uxo_zone_piece_free(self);
    }
    return complete ? self : NULL;
}

void uxo_zone_piece_free(uxo_zone_piece *self)
{
    if (self != NULL) {
        free(self->column);
        free(self->square);
        free(self->share);
        free(self->people);
        free(self->block_people);
        free(self);
    }
}

/* A zone that has the whole piece. */
static void add_whole(const uxo_zone_piece *self, uint32_t column, const uxo_piece_finds *finds,
                      const uxo_zone_rows *to)
{
    to->conditional[column] += finds->duds;
    uint32_t affected = 0;
    for (uint32_t i = 0; finds->any && i < finds->blocks; i++) {
        if (finds->block[i] >= finds->least) {
            affected++;
            to->people[column] += self->block_people[i];
        }
    }
    to->affected_ha[column] += (double)affected * finds->block_ha;
}

static void add_affected(const uxo_zone_piece *self, const uxo_zone_column *column, const uxo_piece_finds *finds,
                         const uxo_zone_rows *to)
{
    for (uint32_t i = 0; i < column->count; i++) {
        if (finds->block[block_of(self->square[column->first + i], finds->per_side)] >= finds->least) {
            const double share = i < column->whole ? 1.0 : self->share[column->first_share + i - column->whole];
            to->affected_ha[column->column] += share * finds->square_ha;
            to->people[column->column] += self->people[column->first + i];
        }
    }
}

/* Sums of some squares, four at a time, always in the same order: one by one each would wait for the last. */
static double sum_squares(const float *value, const uint8_t *square, uint32_t count)
{
    double sum[4] = {0.0, 0.0, 0.0, 0.0};
    uint32_t i = 0;
    for (; i + 4 <= count; i += 4) {
        for (uint32_t k = 0; k < 4; k++) {
            sum[k] += (double)value[square[i + k]];
        }
    }
    for (; i < count; i++) {
        sum[0] += (double)value[square[i]];
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static void add_parts(const uxo_zone_piece *self, const uxo_zone_column *column, const uxo_piece_finds *finds,
                      const uxo_zone_rows *to)
{
    const uint8_t *const whole = self->square + column->first, *const part = whole + column->whole;
    const double *const share = self->share + column->first_share;
    double in = 0.0, out = 0.0;
    for (uint32_t i = 0; i < column->count - column->whole; i++) {
        const double value = (double)finds->value[part[i]];
        in += value * share[i];
        out += value * (1.0 - share[i]);
    }
    to->conditional[column->column] += sum_squares(finds->value, whole, column->whole) + in;
    to->mixed[column->column] += (int64_t)(in * finds->parts_per_dud + 0.5);
    to->beyond[column->column] += (int64_t)(out * finds->parts_per_dud + 0.5);
    if (finds->any) {
        add_affected(self, column, finds, to);
    }
}

void uxo_zone_piece_add(const uxo_zone_piece *self, const uxo_piece_finds *finds, const uxo_zone_rows *to)
{
    for (uint32_t c = 0; c < self->column_count; c++) {
        const uxo_zone_column *const column = &self->column[c];
        if (column->count == 0) {
            add_whole(self, column->column, finds, to);
        } else {
            add_parts(self, column, finds, to);
        }
    }
}

void uxo_zone_piece_accidents(const uxo_zone_piece *self, const float *accidents, const uxo_zone_rows *to)
{
    double all = 0.0;
    for (uint32_t i = 0; i < UXO_PIECE_SQUARES; i++) {
        all += (double)accidents[i];
    }
    for (uint32_t c = 0; c < self->column_count; c++) {
        const uxo_zone_column *const column = &self->column[c];
        const uint8_t *const whole = self->square + column->first, *const part = whole + column->whole;
        const double *const share = self->share + column->first_share;
        double sum = column->count == 0 ? all : sum_squares(accidents, whole, column->whole);
        for (uint32_t i = 0; column->count > 0 && i < column->count - column->whole; i++) {
            sum += (double)accidents[part[i]] * share[i];
        }
        to->accidents[column->column] += sum;
    }
}

void uxo_zones_end_row(const uxo_zones *zones, double expected_outside, const uxo_zone_rows *to)
{
    for (uint32_t s = 0; s < zones->set_count; s++) {
        const uint32_t outside = zones->set[s].first_column + zones->set[s].count + 1;
        to->conditional[outside] = expected_outside;
        to->affected_ha[outside] = NAN; /* nothing is known of the ground beyond the grid */
        to->people[outside] = NAN;
        if (to->accidents != NULL) {
            to->accidents[outside] = NAN;
        }
    }
}
