/* analog.c - the `analog` estimator: every dud is a point. Carriers come drawn (drawing.c); their duds are placed by the
 * lane and end in per-tile buckets. Not here: threads (engine.c), tallies (tally.c). */
#include "analog.h"

#include <string.h>

#include "accidents.h"
#include "uxosim/oval.h"
#include "zone_tally.h"

/* What every point needs to know of where it is going. */
typedef struct destination {
    const uxo_scenario *scenario;
    const uxo_kernels *kernels;
    uxo_cell_grid cell_grid;
    double cells_per_m;
    uint32_t realisation;
    uint32_t outside_grid, outside_districts; /* columns */
    uint32_t columns;
    uint32_t entry; /* realisation's share of a bucket entry */
    uint32_t *dud_row;
    uint64_t *zone_row;          /* NULL: zones are not wanted, or there are none */
    uint64_t *sample_count;      /* of the outcome; NULL: points go to the buckets ... */
    bool only_columns;           /* ... unless nothing but their district is wanted */
    uxo_accident_rows accidents; /* chance is NULL: none are asked for */
} destination;

/* Counts the duds of one job by column. Those that follow each other mostly belong to one: counted as runs. */
static void count_columns(const uxo_worker *self, const destination *to, const uint32_t *tile, const uint32_t *entry,
                          size_t count, uint64_t *strike_row)
{
    uint32_t column = to->outside_districts;
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t next = uxo_analog_column(self, to->scenario, tile[i], entry[i]);
        if (next != column) {
            to->dud_row[column] += (uint32_t)(i - start);
            strike_row[column] += i - start;
            column = next;
            start = i;
        }
    }
    to->dud_row[column] += (uint32_t)(count - start);
    strike_row[column] += count - start;
}

/* Columns of all duds of the lanes; lanes that hold only one dud lose their second. */
static void count_jobs(uxo_worker *self, const destination *to, bool all_inside)
{
    size_t lane = 0;
    for (size_t j = 0; j < self->job_count; j++) {
        const uxo_lane_job job = self->job[j];
        const size_t second = job.duds / 2, first = job.duds - second;
        uint64_t *const strike_row = self->strike_duds + (size_t)job.strike * to->columns;
        if (all_inside && to->outside_districts == 0) {
            to->dud_row[0] += job.duds;
            strike_row[0] += job.duds;
        } else {
            count_columns(self, to, self->tile[0] + lane, self->cell[0] + lane, first, strike_row);
            count_columns(self, to, self->tile[1] + lane, self->cell[1] + lane, second, strike_row);
        }
        lane += first;
        uint32_t *const last = &self->tile[1][lane - 1]; /* every other job has no such dud: not worth a branch */
        *last = first > second ? to->cell_grid.outside : *last;
    }
}

/* Duds of neighbouring lanes fall into the same few tiles, and each push has to wait for the one before it into the same
 * tile; so several runs of lanes are gone through side by side. What is outside the grid has a bucket that nobody reads.
 */
static void push_duds(uxo_buckets *buckets, const uint32_t *tile, const uint32_t *entry, size_t count)
{
    enum { RUNS = 4 };
    const size_t length = count / RUNS;
    for (size_t i = 0; i < length; i++) {
        for (size_t r = 0; r < RUNS; r++) {
            uxo_buckets_push(buckets, tile[i + r * length], entry[i + r * length]);
        }
    }
    for (size_t i = RUNS * length; i < count; i++) {
        uxo_buckets_push(buckets, tile[i], entry[i]);
    }
}

/* With `expected-value` points are counted in a sample of the cells only; from any thread. */
static void sample_duds(const uxo_worker *self, const destination *to)
{
    const uint32_t cell_mask = (UINT32_C(1) << UXO_ENTRY_CELL_BITS) - 1;
    for (uint32_t half = 0; half < 2; half++) {
        for (size_t i = 0; i < self->lane_count; i++) {
            const uint32_t cell = self->cell[half][i] & cell_mask, tile = self->tile[half][i];
            if (uxo_is_sample_cell(cell) && tile != to->cell_grid.outside) {
                uint64_t *const count = to->sample_count + (size_t)tile * UXO_SAMPLE_CELLS + uxo_sample_index(cell);
#pragma omp atomic
                ++*count;
            }
        }
    }
}

static void thin_duds(uxo_worker *self, const destination *to)
{
    const uxo_scattered points = {&self->jobs, self->job_of,      self->job,       self->tile,
                                  self->cell,  &self->lane_count, &self->job_count};
    const uint64_t before = self->thinning->removed;
    uxo_thinning_apply(self->thinning, to->kernels, to->realisation, &points);
    self->total_duds -= self->thinning->removed - before;
}

/* Computes the lanes that have been collected and places their duds. */
static void flush_duds(uxo_worker *self, const destination *to)
{
    uxo_scatter *const scatter = self->has_ovals ? to->kernels->scatter_shapes : to->kernels->scatter;
    const bool all_inside = scatter(&self->jobs, self->job_of, self->lane_count, to->realisation, &to->cell_grid,
                                    to->entry, self->tile, self->cell);
    if (self->thinning != NULL) {
        thin_duds(self, to);
    }
    count_jobs(self, to, all_inside);
    for (int half = 0; half < 2 && to->zone_row != NULL; half++) {
        uxo_zone_tally_add(&to->scenario->zones, self->tile[half], self->cell[half], self->lane_count,
                           to->cell_grid.outside, to->zone_row);
    }
    if (to->accidents.chance != NULL) {
        uxo_accidents_draw(self, to->scenario, to->realisation, &to->accidents);
    }
    if (to->sample_count != NULL) {
        sample_duds(self, to);
    } else if (!to->only_columns) {
        push_duds(&self->buckets, self->tile[0], self->cell[0], self->lane_count);
        push_duds(&self->buckets, self->tile[1], self->cell[1], self->lane_count);
    }
    self->lane_count = 0;
    self->job_count = 0;
}

/* Whole cells from the south-west corner, and the rest. */
static inline int32_t split_cells(double cells, float *rest)
{
    const double farthest = (double)UXO_FARTHEST_CELL;
    cells = cells > -farthest ? cells : -farthest;
    cells = cells < farthest ? cells : farthest;
    const int32_t toward_zero = (int32_t)cells;
    const int32_t whole = toward_zero - (cells < (double)toward_zero);
    *rest = (float)(cells - (double)whole);
    return whole;
}

static inline void fill_job(const destination *to, const uxo_drawn_carrier *carrier, const uxo_scatter_jobs *jobs,
                            size_t job)
{
    const uxo_grid *const grid = &to->scenario->grid;
    const double per_cell = to->cells_per_m;
    const uxo_strike_draw *const strike = carrier->of_strike;
    const double along = carrier->draw.pattern_along_m * per_cell, across = carrier->draw.pattern_across_m * per_cell;
    jobs->key0[job] = carrier->key.word[0];
    jobs->key1[job] = carrier->key.word[1];
    jobs->carrier[job] = carrier->index;
    jobs->column[job] = split_cells((carrier->draw.x_m - grid->xmin_m) * per_cell, &jobs->x[job]);
    jobs->row[job] = split_cells((carrier->draw.y_m - grid->ymin_m) * per_cell, &jobs->y[job]);
    jobs->xa[job] = (float)(along * strike->bearing_sin);
    jobs->xc[job] = (float)(across * strike->bearing_cos);
    jobs->ya[job] = (float)(along * strike->bearing_cos);
    jobs->yc[job] = (float)(-across * strike->bearing_sin);
}

/* A gaussian has neither a hole nor a rest. */
static inline void fill_shape(const uxo_drawn_carrier *carrier, const uxo_scatter_jobs *jobs, size_t job)
{
    const uxo_shape shape = carrier->of_strike->munition->shape;
    const double inner = uxo_oval_inner(shape, carrier->draw.pattern_width);
    const double outer = uxo_oval_outer(shape, carrier->draw.pattern_width);
    const bool is_oval = shape != UXO_SHAPE_GAUSSIAN;
    jobs->hole[job] = is_oval ? (float)(inner * inner) : 0.0f;
    jobs->rest[job] = is_oval ? (float)(outer * outer - inner * inner) : 0.0f;
}

/* Says whose the next lanes are. By whole groups: most carriers need one, and what is too much is overwritten by the next. */
static inline void assign_lanes(uint32_t *job_of, size_t count, uint32_t job)
{
    size_t i = 0;
    do {
        for (size_t k = 0; k < UXO_LANE_GROUP; k++) {
            job_of[i + k] = job;
        }
        i += UXO_LANE_GROUP;
    } while (i < count);
}

/* Queues the duds of one carrier; a carrier with more than fits is queued in parts. */
static inline void queue_duds(uxo_worker *self, const destination *to, const uxo_drawn_carrier *carrier)
{
    uint32_t duds = carrier->draw.duds, block = 0;
    while (duds > 0) {
        if (self->lane_count == UXO_LANE_CAPACITY) {
            flush_duds(self, to);
        }
        const size_t room = UXO_LANE_CAPACITY - self->lane_count, job = self->job_count++;
        const uint32_t wanted = duds / 2 + duds % 2;
        const uint32_t blocks = wanted < room ? wanted : (uint32_t)room;
        const uint32_t queued = duds < 2 * blocks ? duds : 2 * blocks;
        fill_job(to, carrier, &self->jobs, job);
        if (self->has_ovals) {
            fill_shape(carrier, &self->jobs, job);
        }
        self->jobs.first[job] = (uint32_t)self->lane_count - block;
        self->job[job] = (uxo_lane_job){carrier->strike, queued};
        if (self->thinning != NULL) {
            self->thinning->rate[job] = carrier->rate;
            self->thinning->most[job] = carrier->most;
        }
        assign_lanes(self->job_of + self->lane_count, blocks, (uint32_t)job);
        self->lane_count += blocks;
        block += blocks;
        duds -= queued;
    }
}

/* A carrier that did not open belongs where it would have opened. */
static void count_intact(uxo_worker *self, const destination *to, const uxo_carrier_draw *draw)
{
    const uxo_grid *const grid = &to->scenario->grid;
    uint32_t column = to->outside_grid, ix, iy;
    if (uxo_grid_locate(grid, draw->x_m, draw->y_m, &ix, &iy)) {
        column = uxo_analog_column(self, to->scenario, (uint32_t)uxo_grid_tile_of(grid, ix, iy),
                                   uxo_grid_cell_in_tile(ix, iy));
    }
    self->intact_carriers[column]++;
    self->intact_submunitions[column] += draw->load;
    if (to->zone_row != NULL && column != to->outside_grid) {
        const uint32_t tile = (uint32_t)uxo_grid_tile_of(grid, ix, iy), cell = uxo_grid_cell_in_tile(ix, iy);
        uxo_zone_tally_weigh(&to->scenario->zones, tile, cell, 1, self->zone_carriers);
        uxo_zone_tally_weigh(&to->scenario->zones, tile, cell, draw->load, self->zone_submunitions);
    }
}

/* What visit_carriers is called with. */
typedef struct visitor {
    uxo_worker *worker;
    const destination *to;
} visitor;

static void visit_carriers(void *user, const uxo_drawn_carrier *carriers, size_t count)
{
    uxo_worker *const self = ((const visitor *)user)->worker;
    const destination *const to = ((const visitor *)user)->to;
    double given_mean = self->given_mean, given_variance = self->given_variance;
    for (size_t i = 0; i < count; i++) {
        const uxo_drawn_carrier *const carrier = &carriers[i];
        self->strike_carriers[carrier->strike]++;
        if (!carrier->draw.opened) {
            if (!to->only_columns) {
                count_intact(self, to, &carrier->draw);
            }
            continue;
        }
        const double expected = (double)carrier->draw.load * carrier->most;
        given_mean += expected;
        given_variance += expected * (1.0 - carrier->most);
        self->total_duds += carrier->draw.duds;
        queue_duds(self, to, carrier);
    }
    self->given_mean = given_mean;
    self->given_variance = given_variance;
}

static destination destination_of(const uxo_scenario *scenario, const uxo_kernels *kernels, uxo_draw_source from,
                                  uint32_t *dud_row)
{
    return (destination){
        .scenario = scenario,
        .kernels = kernels,
        .cell_grid = {(int32_t)scenario->grid.nx, (int32_t)scenario->grid.ny, scenario->grid.tiles_x,
                      (uint32_t)uxo_grid_tile_count(&scenario->grid)},
        .cells_per_m = 1.0 / scenario->grid.cell_size_m,
        .realisation = uxo_draw_number_of_group(from, UXO_GROUP_SCATTER),
        .outside_districts = scenario->districts.count,
        .outside_grid = scenario->districts.count + 1,
        .columns = uxo_scenario_column_count(scenario),
        .dud_row = dud_row,
    };
}

void uxo_analog_realise(uxo_worker *self, const uxo_scenario *scenario, const uxo_kernels *kernels,
                        uint32_t realisation, uint32_t stamp, uxo_outcome *outcome)
{
    const uxo_draw_source from = uxo_draw_from(realisation);
    destination to =
        destination_of(scenario, kernels, from, outcome->dud_count + (size_t)realisation * outcome->columns);
    to.entry = stamp << UXO_ENTRY_CELL_BITS;
    to.sample_count = outcome->sample_count;
    if (outcome->zones.dud_parts != NULL) {
        to.zone_row = outcome->zones.dud_parts + (size_t)realisation * outcome->zones.columns;
    }
    visitor user = {self, &to};
    self->given_mean = 0.0;
    self->given_variance = 0.0;
    uxo_draw_campaign(scenario, from, self->campaign);
    if (scenario->campaign_count > 0) {
        memcpy(outcome->campaign + (size_t)realisation * scenario->campaign_count, self->campaign,
               scenario->campaign_count * sizeof *self->campaign);
    }
    if (self->thinning != NULL) {
        uxo_thinning_begin(self->thinning, self->campaign);
    }
    if (scenario->people.given) {
        const size_t row = (size_t)realisation * outcome->columns;
        to.accidents = (uxo_accident_rows){.accidents = outcome->accidents + row,
                                           .chance = outcome->accident_chance + row,
                                           .second_year = outcome->second_year + realisation,
                                           .of_cell = outcome->accident_parts};
        if (outcome->zones.accident_parts != NULL) {
            to.accidents.zone_accidents = outcome->zones.accident_parts + (size_t)realisation * outcome->zones.columns;
            to.accidents.zone_chance = outcome->zones.accident_chance + (size_t)realisation * outcome->zones.columns;
        }
        uxo_accidents_begin(self, scenario);
    }
    uxo_drawing_realise(&self->drawing, scenario, kernels, from, self->campaign, NULL, scenario->strikes.count,
                        UXO_DRAW_PLACES_OF_INTACT, visit_carriers, &user);
    flush_duds(self, &to);
    if (to.zone_row != NULL) {
        uxo_zone_tally_outside(&scenario->zones, to.dud_row[to.outside_grid], to.zone_row);
    }
    if (self->thinning != NULL) {
        outcome->kept_mean[realisation] = self->thinning->mean;
        outcome->kept_variance[realisation] = self->thinning->variance;
    }
    outcome->given_mean[realisation] = self->given_mean;
    outcome->given_variance[realisation] = self->given_variance;
}

void uxo_analog_count(uxo_worker *self, const uxo_scenario *scenario, const uxo_kernels *kernels, uxo_draw_source from,
                      uint32_t *dud_row, double *accident_row)
{
    destination to = destination_of(scenario, kernels, from, dud_row);
    double second_year = 0.0;
    to.only_columns = true;
    visitor user = {self, &to};
    uxo_draw_campaign(scenario, from, self->campaign);
    if (accident_row != NULL) {
        to.accidents = (uxo_accident_rows){.chance = accident_row, .second_year = &second_year};
        uxo_accidents_begin(self, scenario);
    }
    if (self->thinning != NULL) {
        uxo_thinning_begin(self->thinning, self->campaign);
    }
    uxo_drawing_realise(&self->drawing, scenario, kernels, from, self->campaign, NULL, scenario->strikes.count, 0,
                        visit_carriers, &user);
    flush_duds(self, &to);
}

void uxo_analog_count_independent(uxo_worker *self, const uxo_scenario *scenario, const uxo_kernels *kernels,
                                  uint32_t realisation, double *campaign, uint32_t *dud_row)
{
    const uxo_draw_source from = uxo_draw_from(realisation);
    destination to = destination_of(scenario, kernels, from, dud_row);
    to.only_columns = true;
    visitor user = {self, &to};
    uxo_draw_campaign(scenario, from, self->campaign);
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        uxo_draw_campaign_independent(scenario, &scenario->strikes.item[i], from, self->campaign, campaign);
        if (self->thinning != NULL) {
            uxo_thinning_begin(self->thinning, campaign);
        }
        uxo_drawing_realise(&self->drawing, scenario, kernels, from, campaign, &i, 1, 0, visit_carriers, &user);
        flush_duds(self, &to);
    }
}
