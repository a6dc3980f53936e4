/* expected_blocks.c - what is expected in each realisation, given all its draws but the last: per district, and the area
 * of the blocks of 100 m that expect at least 0.05 duds, with who lives there. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "expected.h"
#include "expected_order.h"
#include "expected_squares.h"
#include "expected_table.h"

/* Duds in a block from which on it counts as affected: the contract of affected_ha. */
static const double AFFECTED_DUDS = 0.05;

/* Duds on mixed squares are added up as integers of this many parts of a dud, so that the order of threads cannot be seen;
 * there is room for 8e12 duds, more than can be drawn. */
static const double MIXED_PARTS = 1048576.0;

typedef struct blocks_worker {
    uxo_drawing drawing;
    uxo_patch patch;
    int64_t *mixed;                    /* [columns] parts of duds */
    int64_t *zone_mixed, *zone_beyond; /* [columns of zones] likewise */
    bool ready;
} blocks_worker;

typedef struct blocks_run {
    const uxo_scenario *scenario;
    const uxo_engine_options *options;
    const uxo_kernels *kernels;
    const uxo_field_kernels *field;
    uxo_outcome *outcome;
    uxo_squares squares;
    int64_t *mixed; /* [columns] of all threads */
    int64_t *zone_mixed, *zone_beyond;
} blocks_run;

typedef struct visitor {
    const blocks_run *run;
    uxo_patch *patch;
} visitor;

static void visit_carriers(void *user, const uxo_drawn_carrier *carriers, size_t count)
{
    const visitor *const self = user;
    for (size_t i = 0; i < count; i++) {
        const uxo_carrier_draw *const draw = &carriers[i].draw;
        const double amount = (double)draw->load * carriers[i].rate;
        if (draw->opened && amount > 0.0) {
            const uxo_covariance covariance =
                uxo_covariance_turned(draw->pattern_along_m, draw->pattern_across_m, carriers[i].of_strike->bearing_sin,
                                      carriers[i].of_strike->bearing_cos);
            const uxo_placed_gaussian placed = uxo_place_gaussian(&self->run->squares.grid, (uxo_lattice){1, 1},
                                                                  draw->x_m, draw->y_m, covariance, amount);
            uxo_patch_add(self->patch, self->run->field, &placed, 0.0, 0.0);
        }
    }
}

/* Rows of the outcome that a realisation fills. */
typedef struct rows {
    double *conditional, *affected_ha, *people;
    int64_t *mixed;
    uxo_zone_rows zones;
} rows;

static void add_conditional(const uxo_square_piece *piece, const float *value, const rows *to)
{
    for (uint32_t i = 0; i < UXO_PIECE_SQUARES; i++) {
        if (piece->column[i] != UXO_MIXED_SQUARE && piece->area_ha[i] > 0.0) {
            to->conditional[piece->column[i]] += (double)value[i];
        }
    }
    for (uint32_t i = 0; i < piece->mixed_count; i++) {
        const uxo_square_share *const part = &piece->mixed[i];
        const double duds = (double)value[part->square] * part->share;
        to->conditional[part->column] += duds;
        to->mixed[part->column] += (int64_t)(duds * MIXED_PARTS + 0.5);
    }
}

/* Area and people of the affected blocks of a piece that is whole and of one column. */
static void add_uniform(const uxo_square_piece *piece, const double *block, uint32_t per_side, const rows *to)
{
    const uint32_t across = UXO_PIECE / per_side;
    double people = 0.0;
    uint32_t affected = 0;
    for (uint32_t i = 0; i < across * across; i++) {
        if (block[i] >= AFFECTED_DUDS) {
            people += piece->block_people[i];
            affected++;
        }
    }
    to->affected_ha[piece->column[0]] += (double)(affected * per_side * per_side) * piece->area_ha[0];
    to->people[piece->column[0]] += people;
}

/* Area and people of the affected blocks of a piece; `affected` by square. */
static void add_affected(const uxo_square_piece *piece, const bool *affected, const rows *to)
{
    for (uint32_t i = 0; i < UXO_PIECE_SQUARES; i++) {
        if (affected[i] && piece->column[i] != UXO_MIXED_SQUARE) {
            to->affected_ha[piece->column[i]] += piece->area_ha[i];
            to->people[piece->column[i]] += piece->people[i];
        }
    }
    for (uint32_t i = 0; i < piece->mixed_count; i++) {
        const uxo_square_share *const part = &piece->mixed[i];
        if (affected[part->square]) {
            to->affected_ha[part->column] += part->area_ha;
            to->people[part->column] += part->people;
        }
    }
}

/* Duds in each block of a piece; returns those of the piece. Columns first, then groups of them: so that the compiler
 * adds sixteen at a time, always in the same order. */
static double add_blocks(const float *value, uint32_t per_side, double *block)
{
    const uint32_t across = UXO_PIECE / per_side;
    double all = 0.0;
    for (uint32_t band = 0; band < across; band++) {
        double column[UXO_PIECE] = {0.0};
        for (uint32_t row = band * per_side; row < (band + 1) * per_side; row++) {
            for (uint32_t x = 0; x < UXO_PIECE; x++) {
                column[x] += (double)value[row * UXO_PIECE + x];
            }
        }
        for (uint32_t x = 0; x < across; x++) {
            double duds = 0.0;
            for (uint32_t i = x * per_side; i < (x + 1) * per_side; i++) {
                duds += column[i];
            }
            block[band * across + x] = duds;
            all += duds;
        }
    }
    return all;
}

static bool find_affected(const double *block, uint32_t per_side, bool *affected)
{
    const uint32_t across = UXO_PIECE / per_side;
    bool any = false;
    for (uint32_t i = 0; i < across * across; i++) {
        any = any || block[i] >= AFFECTED_DUDS;
    }
    for (uint32_t i = 0; any && i < UXO_PIECE_SQUARES; i++) {
        affected[i] = block[i / UXO_PIECE / per_side * across + i % UXO_PIECE / per_side] >= AFFECTED_DUDS;
    }
    return any;
}

static void add_zones(const blocks_run *self, const uxo_square_piece *piece, const float *value, const double *block,
                      double duds, const uxo_zone_rows *to)
{
    const uint32_t side = self->squares.per_side;
    const double square_ha = uxo_grid_cell_ha(&self->squares.grid);
    uxo_piece_finds finds = {.value = value,
                             .duds = duds,
                             .block = block,
                             .blocks = UXO_PIECE / side * (UXO_PIECE / side),
                             .per_side = side,
                             .least = AFFECTED_DUDS,
                             .square_ha = square_ha,
                             .block_ha = square_ha * (double)(side * side),
                             .parts_per_dud = MIXED_PARTS};
    for (uint32_t i = 0; i < finds.blocks; i++) {
        finds.any = finds.any || block[i] >= AFFECTED_DUDS;
    }
    uxo_zone_piece_add(piece->zones, &finds, to);
}

static bool gather(blocks_run *self, const uxo_patch *patch, const rows *to)
{
    bool affected[UXO_PIECE_SQUARES];
    double block[UXO_PIECE_SQUARES];
    for (uint32_t slot = 0; slot < patch->touched_count; slot++) {
        const uxo_square_piece *const piece = uxo_squares_piece(&self->squares, patch->touched[slot]);
        const float *const value = patch->value + (size_t)slot * UXO_PIECE_SQUARES;
        if (piece == NULL) {
            return false;
        }
        const double duds = add_blocks(value, self->squares.per_side, block);
        if (piece->zones != NULL) {
            add_zones(self, piece, value, block, duds, &to->zones);
        }
        if (piece->uniform) {
            to->conditional[piece->column[0]] += duds;
            add_uniform(piece, block, self->squares.per_side, to);
            continue;
        }
        add_conditional(piece, value, to);
        if (find_affected(block, self->squares.per_side, affected)) {
            add_affected(piece, affected, to);
        }
    }
    return true;
}

static uxo_zone_rows zone_rows(const uxo_zone_outcome *zones, const blocks_worker *worker, uint32_t realisation)
{
    const size_t row = (size_t)realisation * zones->columns;
    return zones->columns == 0 ? (uxo_zone_rows){NULL, NULL, NULL, NULL, NULL}
                               : (uxo_zone_rows){zones->conditional + row, zones->affected_ha + row,
                                                 zones->people_affected + row, worker->zone_mixed, worker->zone_beyond};
}

static bool realise(blocks_run *self, blocks_worker *worker, uint32_t realisation)
{
    uxo_outcome *const outcome = self->outcome;
    const uint32_t columns = outcome->columns;
    const size_t row = (size_t)realisation * columns;
    visitor user = {self, &worker->patch};
    const rows to = {outcome->conditional + row, outcome->affected_ha + row, outcome->people_affected + row,
                     worker->mixed, zone_rows(&outcome->zones, worker, realisation)};
    uxo_drawing_realise(&worker->drawing, self->scenario, self->kernels, uxo_draw_from(realisation),
                        outcome->campaign + (size_t)realisation * self->scenario->campaign_count, NULL,
                        self->scenario->strikes.count, UXO_DRAW_PLACES_OF_ALL | UXO_DRAW_NO_COUNTS, visit_carriers,
                        &user);
    const bool complete = gather(self, &worker->patch, &to) && !worker->patch.out_of_memory;
    uxo_patch_clear(&worker->patch);
    double on_grid = 0.0;
    for (uint32_t c = 0; c + 1 < columns; c++) {
        on_grid += to.conditional[c];
    }
    to.conditional[columns - 1] = fmax(0.0, outcome->given_mean[realisation] - on_grid);
    to.affected_ha[columns - 1] = NAN; /* nothing is known of the ground beyond the grid */
    to.people[columns - 1] = NAN;
    uxo_zones_end_row(&self->scenario->zones, to.conditional[columns - 1], &to.zones);
    return complete;
}

static bool worker_init(blocks_worker *self, const blocks_run *run)
{
    memset(self, 0, sizeof *self);
    self->mixed = calloc(run->outcome->columns, sizeof *self->mixed);
    self->zone_mixed = calloc(run->outcome->zones.columns + (size_t)1, sizeof *self->zone_mixed);
    self->zone_beyond = calloc(run->outcome->zones.columns + (size_t)1, sizeof *self->zone_beyond);
    self->ready = uxo_drawing_init(&self->drawing, run->scenario);
    self->ready = uxo_patch_init(&self->patch, run->squares.grid.nx, run->squares.grid.ny, UXO_PIECE, false) &&
                  self->ready && self->mixed != NULL && self->zone_mixed != NULL && self->zone_beyond != NULL;
    return self->ready;
}

static void worker_free(blocks_worker *self)
{
    uxo_drawing_free(&self->drawing);
    uxo_patch_free(&self->patch);
    free(self->mixed);
    free(self->zone_mixed);
    free(self->zone_beyond);
}

static bool run_blocks(blocks_run *self, uint32_t first, uint32_t end)
{
    const volatile sig_atomic_t *const stop = self->options->stop;
    bool failed = false;
#pragma omp parallel num_threads(uxo_ordered_threads(self->options->threads))
    {
        blocks_worker worker;
        bool good = worker_init(&worker, self);
#pragma omp for schedule(dynamic, 4)
        for (uint32_t r = first; r < end; r++) {
            if (good && !uxo_is_stopped(stop)) {
                good = realise(self, &worker, r);
            }
        }
        omp_set_lock(&self->squares.lock);
        failed = failed || !good;
        for (uint32_t c = 0; good && c < self->outcome->columns; c++) {
            self->mixed[c] += worker.mixed[c];
        }
        for (uint32_t c = 0; good && c < self->outcome->zones.columns; c++) {
            self->zone_mixed[c] += worker.zone_mixed[c];
            self->zone_beyond[c] += worker.zone_beyond[c];
        }
        omp_unset_lock(&self->squares.lock);
        worker_free(&worker);
    }
    for (uint32_t c = 0; c < self->outcome->columns; c++) {
        self->outcome->mixed[c] += (double)self->mixed[c] / MIXED_PARTS;
    }
    for (uint32_t c = 0; c < self->outcome->zones.columns; c++) {
        self->outcome->zones.mixed[c] += (double)self->zone_mixed[c] / MIXED_PARTS;
        self->outcome->zones.beyond[c] += (double)self->zone_beyond[c] / MIXED_PARTS;
    }
    return !failed;
}

uxo_status uxo_expected_blocks(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *outcome,
                               uint32_t first, uint32_t end, uxo_report *report)
{
    blocks_run self = {.scenario = scenario,
                       .options = options,
                       .kernels = uxo_kernels_select(options->kernel),
                       .field = uxo_field_kernels_select(options->kernel),
                       .outcome = outcome};
    self.mixed = calloc(outcome->columns, sizeof *self.mixed);
    self.zone_mixed = calloc(outcome->zones.columns + (size_t)1, sizeof *self.zone_mixed);
    self.zone_beyond = calloc(outcome->zones.columns + (size_t)1, sizeof *self.zone_beyond);
    const bool complete = self.mixed != NULL && self.zone_mixed != NULL && self.zone_beyond != NULL &&
                          uxo_squares_init(&self.squares, scenario, uxo_smallest_sd_m(scenario)) &&
                          run_blocks(&self, first, end);
    uxo_squares_free(&self.squares);
    free(self.mixed);
    free(self.zone_mixed);
    free(self.zone_beyond);
    if (!complete) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for districts and affected area");
    }
    return uxo_is_stopped(options->stop) ? UXO_ERR_INTERRUPTED : UXO_OK;
}
