/* expected_blocks.c - what is expected in each realisation, given all its draws but the last: per district, and the area
 * of the blocks of 100 m that expect at least 0.05 duds, with who lives there. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "expected.h"
#include "expected_order.h"
#include "expected_squares_field.h"
#include "expected_table.h"

/* Duds in a block from which on it counts as affected: the contract of affected_ha. */
static const double AFFECTED_DUDS = 0.05;

typedef struct blocks_worker {
    uxo_drawing drawing;
    uxo_exposure_table chance; /* of an accident, in the present realisation; where there are people */
    uxo_patch patch;
    uxo_squares_field surface;
    int64_t *mixed; /* [columns] parts of duds; then [columns] those between kinds of surface */
    bool ready;
} blocks_worker;

typedef struct blocks_run {
    const uxo_scenario *scenario;
    const uxo_engine_options *options;
    const uxo_kernels *kernels;
    const uxo_field_kernels *field;
    uxo_outcome *outcome;
    uxo_squares squares;
    int64_t *mixed; /* of all threads */
    bool failed;    /* some thread had no memory */
} blocks_run;

typedef struct visitor {
    const blocks_run *run;
    uxo_patch *patch;
    uxo_squares_field *surface; /* NULL: none */
} visitor;

static void visit_carriers(void *user, const uxo_drawn_carrier *carriers, size_t count)
{
    const visitor *const self = user;
    for (size_t i = 0; i < count; i++) {
        const uxo_carrier_draw *const draw = &carriers[i].draw;
        const double amount = (double)draw->load * carriers[i].rate;
        if (draw->opened && amount > 0.0) {
            const uxo_placed_pattern placed =
                uxo_place_carrier_coarse(&self->run->squares.grid, 1, &carriers[i], amount);
            if (self->surface != NULL) {
                uxo_squares_field_add(self->surface, self->patch, &carriers[i], &placed);
            } else {
                uxo_patch_add(self->patch, self->run->field, &placed, 0.0, 0.0);
            }
        }
    }
}

/* Rows of the outcome that a realisation fills. */
typedef struct rows {
    double *conditional, *affected_ha, *people;
    int64_t *mixed;
    double *accidents, *accident_mixed; /* NULL: there are no people */
    const uxo_exposure_table *chance;
    const uxo_patch *
        by_class; /* accidents of each square where activities keep to ground classes, blocks as of the duds; else NULL */
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
        to->mixed[part->column] += (int64_t)(duds * UXO_DUD_PARTS + 0.5);
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

/* Accidents of the duds of a piece that is whole and of one column. */
static void add_accidents_uniform(const uxo_square_piece *piece, const double *block, uint32_t per_side, const rows *to)
{
    const uint32_t across = UXO_PIECE / per_side;
    double accidents = 0.0;
    for (uint32_t i = 0; i < across * across; i++) {
        accidents += block[i] > 0.0 ? block[i] * uxo_exposure_share(to->chance, 0, piece->density[i], 0) : 0.0;
    }
    to->accidents[piece->column[0]] += accidents;
}

/* Accidents of each square of a piece, from its duds. */
static void find_accidents(const uxo_square_piece *piece, const float *value, uint32_t per_side, const rows *to,
                           float *accidents)
{
    const uint32_t across = UXO_PIECE / per_side;
    float chance[UXO_PIECE_SQUARES];
    for (uint32_t i = 0; i < across * across; i++) {
        chance[i] = (float)uxo_exposure_share(to->chance, 0, piece->density[i], 0);
    }
    for (uint32_t i = 0; i < UXO_PIECE_SQUARES; i++) {
        accidents[i] = value[i] * chance[i / UXO_PIECE / per_side * across + i % UXO_PIECE / per_side];
    }
}

/* Beyond the grid nobody is known to live. */
static void add_accidents(const uxo_square_piece *piece, const float *accidents, const rows *to)
{
    for (uint32_t i = 0; i < UXO_PIECE_SQUARES; i++) {
        if (piece->column[i] != UXO_MIXED_SQUARE && piece->area_ha[i] > 0.0) {
            to->accidents[piece->column[i]] += (double)accidents[i];
        }
    }
    for (uint32_t i = 0; i < piece->mixed_count; i++) {
        const uxo_square_share *const part = &piece->mixed[i];
        const double here = (double)accidents[part->square] * part->share;
        to->accidents[part->column] += here;
        *to->accident_mixed += here;
    }
}

/* Accidents of a piece; block: its duds by block. */
static void gather_accidents(const uxo_square_piece *piece, uint32_t slot, const float *value, const double *block,
                             uint32_t per_side, const rows *to)
{
    float accidents[UXO_PIECE_SQUARES];
    if (to->by_class != NULL) {
        add_accidents(piece, to->by_class->value + (size_t)slot * UXO_PIECE_SQUARES, to);
    } else if (piece->uniform) {
        add_accidents_uniform(piece, block, per_side, to);
    } else {
        find_accidents(piece, value, per_side, to, accidents);
        add_accidents(piece, accidents, to);
    }
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
        if (to->accidents != NULL) {
            gather_accidents(piece, slot, value, block, self->squares.per_side, to);
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

static rows rows_of(const blocks_run *self, blocks_worker *worker, uint32_t realisation, const double *campaign)
{
    uxo_outcome *const outcome = self->outcome;
    const size_t row = (size_t)realisation * outcome->columns;
    rows to = {.conditional = outcome->conditional + row,
               .affected_ha = outcome->affected_ha + row,
               .people = outcome->people_affected + row,
               .mixed = worker->mixed};
    if (self->scenario->people.given) {
        uxo_exposure_draw draw;
        uxo_exposure_of(&self->scenario->people, campaign, &draw);
        uxo_exposure_table_fill(&worker->chance, &draw);
        to.accidents = outcome->accident_expectation + row;
        to.accident_mixed = outcome->accident_mixed + realisation;
        to.chance = &worker->chance;
        to.by_class = self->scenario->people.by_class ? &worker->surface.accidents : NULL;
    }
    return to;
}

/* What the draws make certain and no square has lies outside the grid: returns how many duds there are in all, as if all
 * ground were of the reference class. */
static double fill_outside(const blocks_run *self, const blocks_worker *worker, uint32_t realisation, const rows *to)
{
    const uint32_t outside = self->outcome->columns - 1;
    double on_grid = 0.0, given = self->outcome->given_mean[realisation];
    if (self->scenario->surface.given) {
        on_grid = worker->surface.on_grid;
        given = worker->surface.given;
    } else {
        for (uint32_t c = 0; c < outside; c++) {
            on_grid += to->conditional[c];
        }
    }
    to->conditional[outside] = fmax(0.0, given - on_grid);
    to->affected_ha[outside] = NAN; /* nothing is known of the ground beyond the grid */
    to->people[outside] = NAN;
    if (to->accidents != NULL) {
        to->accidents[outside] = NAN;
    }
    return given > 0.0 ? (on_grid + to->conditional[outside]) / given : 1.0;
}

static bool realise(blocks_run *self, blocks_worker *worker, uint32_t realisation)
{
    uxo_outcome *const outcome = self->outcome;
    const bool surface = self->scenario->surface.given;
    const double *const campaign = outcome->campaign + (size_t)realisation * self->scenario->campaign_count;
    visitor user = {self, &worker->patch, surface ? &worker->surface : NULL};
    const rows to = rows_of(self, worker, realisation, campaign);
    if (surface) {
        uxo_squares_field_begin(&worker->surface, campaign, to.chance);
    }
    uxo_drawing_realise(&worker->drawing, self->scenario, self->kernels, uxo_draw_from(realisation), campaign, NULL,
                        self->scenario->strikes.count, UXO_DRAW_PLACES_OF_ALL | UXO_DRAW_NO_COUNTS, visit_carriers,
                        &user);
    if (surface) {
        uxo_squares_field_end(&worker->surface, &worker->patch);
    }
    const bool complete =
        gather(self, &worker->patch, &to) && !worker->patch.out_of_memory && !worker->surface.out_of_memory;
    uxo_patch_clear(&worker->patch);
    if (to.by_class != NULL) {
        *to.accident_mixed += worker->surface.accidents_between;
    }
    outcome->accounted[realisation] = fill_outside(self, worker, realisation, &to);
    return complete;
}

static bool worker_init(blocks_worker *self, blocks_run *run)
{
    memset(self, 0, sizeof *self);
    self->mixed = calloc(2 * (size_t)run->outcome->columns, sizeof *self->mixed);
    self->ready = uxo_drawing_init(&self->drawing, run->scenario) &&
                  (!run->scenario->people.given || uxo_exposure_table_init(&self->chance, &run->scenario->people));
    self->ready = uxo_squares_field_init(&self->surface, run->scenario, &run->squares, run->field,
                                         self->mixed + run->outcome->columns) &&
                  self->ready;
    self->ready = uxo_patch_init(&self->patch, run->squares.grid.nx, run->squares.grid.ny, UXO_PIECE, false) &&
                  self->ready && self->mixed != NULL;
    return self->ready;
}

static void worker_free(blocks_worker *self)
{
    uxo_drawing_free(&self->drawing);
    uxo_exposure_table_free(&self->chance);
    uxo_patch_free(&self->patch);
    uxo_squares_field_free(&self->surface);
    free(self->mixed);
}

/* Called by one thread at a time. */
static void gather_worker(blocks_run *self, const blocks_worker *worker, bool good)
{
    self->failed = self->failed || !good;
    for (uint32_t c = 0; worker->mixed != NULL && c < 2 * self->outcome->columns; c++) {
        self->mixed[c] += worker->mixed[c];
    }
}

static bool run_blocks(blocks_run *self, uint32_t first, uint32_t end)
{
    const volatile sig_atomic_t *const stop = self->options->stop;
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
        omp_set_lock(&self->squares.lock[0]); /* nobody makes pieces any more */
        gather_worker(self, &worker, good);
        omp_unset_lock(&self->squares.lock[0]);
        worker_free(&worker);
    }
    for (uint32_t c = 0; c < self->outcome->columns; c++) {
        self->outcome->mixed[c] += (double)self->mixed[c] / UXO_DUD_PARTS;
        self->outcome->between_kinds[c] += (double)self->mixed[self->outcome->columns + c] / UXO_DUD_PARTS;
    }
    return !self->failed;
}

uxo_status uxo_expected_blocks(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *outcome,
                               uint32_t first, uint32_t end, uxo_report *report)
{
    blocks_run self = {.scenario = scenario,
                       .options = options,
                       .kernels = uxo_kernels_select(options->kernel),
                       .field = uxo_field_kernels_select(options->kernel),
                       .outcome = outcome};
    self.mixed = calloc(2 * (size_t)outcome->columns, sizeof *self.mixed);
    const bool complete = self.mixed != NULL &&
                          uxo_squares_init(&self.squares, scenario, uxo_smallest_sd_m(scenario)) &&
                          run_blocks(&self, first, end);
    uxo_squares_free(&self.squares);
    free(self.mixed);
    if (!complete) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for districts and affected area");
    }
    return uxo_is_stopped(options->stop) ? UXO_ERR_INTERRUPTED : UXO_OK;
}
