/* expected_blocks.c - what is expected in each realisation, given all its draws but the last: carriers added up on squares. Not here:
 * whose the squares are (expected_gather.c). */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "expected.h"
#include "expected_gather.h"
#include "expected_order.h"
#include "expected_squares_field.h"
#include "expected_table.h"
#include "taking.h"

typedef struct blocks_worker {
    uxo_drawing drawing;
    uxo_exposure_table chance; /* of an accident, in the present realisation; where there are people */
    uxo_patch patch;
    uxo_squares_field surface;
    int64_t *
        mixed; /* [columns] parts of duds; then [columns] those between kinds of surface; then [columns of zones] twice, see
                       uxo_zone_rows */
    bool ready;
} blocks_worker;

typedef struct blocks_run {
    const uxo_scenario *scenario;
    const uxo_engine_options *options;
    const uxo_kernels *kernels;
    const uxo_field_kernels *field;
    uxo_outcome *outcome;
    uxo_squares squares;
    uxo_taking taking;
    size_t mixed_count; /* of the outcome's shared_parts */
    bool failed;        /* some thread had no memory */
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

static bool gather(blocks_run *self, const uxo_patch *patch, const uxo_gather_rows *to)
{
    for (uint32_t slot = 0; slot < patch->touched_count; slot++) {
        const uxo_square_piece *const piece = uxo_squares_piece(&self->squares, patch->touched[slot]);
        if (piece == NULL) {
            return false;
        }
        uxo_gather_piece(&self->squares, piece, slot, patch->value + (size_t)slot * UXO_PIECE_SQUARES, to);
    }
    return true;
}

static uxo_zone_rows zone_rows_of(const uxo_zone_outcome *zones, int64_t *mixed, uint32_t realisation)
{
    const size_t row = (size_t)realisation * zones->columns;
    return (uxo_zone_rows){.conditional = zones->conditional + row,
                           .affected_ha = zones->affected_ha + row,
                           .people = zones->people_affected + row,
                           .accidents = zones->accident_expectation != NULL ? zones->accident_expectation + row : NULL,
                           .mixed = mixed,
                           .beyond = mixed + zones->columns};
}

static uxo_gather_rows rows_of(const blocks_run *self, blocks_worker *worker, uint32_t realisation,
                               const double *campaign)
{
    uxo_outcome *const outcome = self->outcome;
    const size_t row = (size_t)realisation * outcome->columns;
    uxo_gather_rows to = {.conditional = outcome->conditional + row,
                          .affected_ha = outcome->affected_ha + row,
                          .people = outcome->people_affected + row,
                          .mixed = worker->mixed};
    if (outcome->zones.columns > 0) {
        to.zones = zone_rows_of(&outcome->zones, worker->mixed + 2 * (size_t)outcome->columns, realisation);
    }
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
static double fill_outside(const blocks_run *self, const blocks_worker *worker, uint32_t realisation,
                           const uxo_gather_rows *to)
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
    uxo_zones_end_row(&self->scenario->zones, to->conditional[outside], &to->zones);
    return given > 0.0 ? (on_grid + to->conditional[outside]) / given : 1.0;
}

static bool realise(blocks_run *self, blocks_worker *worker, uint32_t realisation)
{
    uxo_outcome *const outcome = self->outcome;
    const bool surface = self->scenario->surface.given;
    const double *const campaign = outcome->campaign + (size_t)realisation * self->scenario->campaign_count;
    visitor user = {self, &worker->patch, surface ? &worker->surface : NULL};
    const uxo_gather_rows to = rows_of(self, worker, realisation, campaign);
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
    self->mixed = calloc(run->mixed_count, sizeof *self->mixed);
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
    for (size_t c = 0; worker->mixed != NULL && c < self->mixed_count; c++) {
        self->outcome->shared_parts[c] += (uint64_t)worker->mixed[c];
    }
}

static bool run_blocks(blocks_run *self)
{
#pragma omp parallel num_threads(uxo_ordered_threads(self->options->threads))
    {
        blocks_worker worker;
        bool good = worker_init(&worker, self);
        uint32_t r;
        while (good && uxo_take(&self->taking, &r)) {
            good = realise(self, &worker, r);
        }
#pragma omp barrier
        omp_set_lock(&self->squares.lock[0]); /* nobody makes pieces any more */
        gather_worker(self, &worker, good);
        omp_unset_lock(&self->squares.lock[0]);
        worker_free(&worker);
    }
    return !self->failed;
}

void uxo_expected_share(uxo_outcome *outcome)
{
    const uint64_t *const columns = outcome->shared_parts, *const zones = columns + 2 * (size_t)outcome->columns;
    for (uint32_t c = 0; c < outcome->columns; c++) {
        outcome->mixed[c] = (double)columns[c] / UXO_DUD_PARTS;
        outcome->between_kinds[c] = (double)columns[outcome->columns + c] / UXO_DUD_PARTS;
    }
    for (uint32_t c = 0; c < outcome->zones.columns; c++) {
        outcome->zones.mixed[c] = (double)zones[c] / UXO_DUD_PARTS;
        outcome->zones.beyond[c] = (double)zones[outcome->zones.columns + c] / UXO_DUD_PARTS;
    }
}

uxo_status uxo_expected_blocks(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *outcome,
                               uint32_t *done, uint32_t end, uxo_report *report)
{
    blocks_run self = {.scenario = scenario,
                       .options = options,
                       .kernels = uxo_kernels_select(options->kernel),
                       .field = uxo_field_kernels_select(options->kernel),
                       .outcome = outcome,
                       .taking = {options, *done, *done, end}};
    self.mixed_count = 2 * ((size_t)outcome->columns + outcome->zones.columns);
    const bool complete = uxo_squares_init(&self.squares, scenario, uxo_smallest_sd_m(scenario)) && run_blocks(&self);
    uxo_squares_free(&self.squares);
    if (!complete) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for districts and affected area");
    }
    *done = uxo_taken(&self.taking);
    return UXO_OK;
}
