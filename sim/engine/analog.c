/* analog.c - the `analog` estimator: every dud is a point. Carriers come drawn (drawing.c); their duds are placed by the
 * lane and end in per-tile buckets. Not here: threads (engine.c), tallies (tally.c). */
#include "analog.h"

#include <math.h>
#include <string.h>

/* What every point needs to know of where it is going. */
typedef struct destination {
    const uxo_scenario *scenario;
    const uxo_kernels *kernels;
    uxo_cell_grid cell_grid;
    uint32_t realisation;
    uint32_t outside_grid, outside_districts; /* columns */
    uint32_t columns;
    uint32_t entry; /* realisation's share of a bucket entry */
    uint32_t *dud_row;
} destination;

/* Column of a dud. */
static inline uint32_t find_column(const uxo_worker *self, const destination *to, uint32_t tile, uint32_t entry)
{
    const uint32_t column = self->column_of[tile];
    if (column != UXO_MIXED_TILE) {
        return column;
    }
    const uint32_t cell = entry & ((UINT32_C(1) << UXO_ENTRY_CELL_BITS) - 1);
    const uint16_t district = uxo_area_map_at(&to->scenario->districts.map, tile, cell);
    return district == UXO_NO_DISTRICT ? to->outside_districts : district;
}

/* Counts the duds of one job by column. Those that follow each other mostly belong to one: counted as runs. */
static void count_columns(const uxo_worker *self, const destination *to, const uint32_t *tile, const uint32_t *entry,
                          size_t count, uint64_t *strike_row)
{
    uint32_t column = to->outside_districts;
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t next = find_column(self, to, tile[i], entry[i]);
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
        if (first > second) {
            self->tile[1][lane + second] = to->cell_grid.outside;
        }
        lane += first;
    }
}

/* Duds of neighbouring lanes fall into the same few tiles, and each push has to wait for the one before it into the same
 * tile; so several runs of lanes are gone through side by side. What is outside the grid has a bucket that nobody reads.
 */
static void push_duds(uxo_worker *self)
{
    enum { RUNS = 4 };
    const size_t length = self->lane_count / RUNS;
    for (uint32_t half = 0; half < 2; half++) {
        const uint32_t *const tile = self->tile[half], *const cell = self->cell[half];
        for (size_t i = 0; i < length; i++) {
            for (size_t r = 0; r < RUNS; r++) {
                uxo_buckets_push(&self->buckets, tile[i + r * length], cell[i + r * length]);
            }
        }
        for (size_t i = RUNS * length; i < self->lane_count; i++) {
            uxo_buckets_push(&self->buckets, tile[i], cell[i]);
        }
    }
}

/* Computes the lanes that have been collected and places their duds. */
static void flush_duds(uxo_worker *self, const destination *to)
{
    const bool all_inside = to->kernels->scatter(&self->jobs, self->job_of, self->lane_count, to->realisation,
                                                 &to->cell_grid, to->entry, self->tile, self->cell);
    count_jobs(self, to, all_inside);
    push_duds(self);
    self->lane_count = 0;
    self->job_count = 0;
}

/* Whole cells from the south-west corner, and the rest. */
static int32_t split_cells(double cells, float *rest)
{
    const double farthest = (double)UXO_FARTHEST_CELL;
    cells = cells > -farthest ? cells : -farthest;
    cells = cells < farthest ? cells : farthest;
    const double whole = floor(cells);
    *rest = (float)(cells - whole);
    return (int32_t)whole;
}

static void fill_place(const uxo_grid *grid, const uxo_drawn_carrier *carrier, const uxo_scatter_jobs *jobs, size_t job)
{
    const double per_cell = 1.0 / grid->cell_size_m;
    const uxo_strike_draw *const strike = carrier->of_strike;
    const double along = carrier->draw.pattern_along_m * per_cell, across = carrier->draw.pattern_across_m * per_cell;
    jobs->column[job] = split_cells((carrier->draw.x_m - grid->xmin_m) / grid->cell_size_m, &jobs->x[job]);
    jobs->row[job] = split_cells((carrier->draw.y_m - grid->ymin_m) / grid->cell_size_m, &jobs->y[job]);
    jobs->xa[job] = (float)(along * strike->bearing_sin);
    jobs->xc[job] = (float)(across * strike->bearing_cos);
    jobs->ya[job] = (float)(along * strike->bearing_cos);
    jobs->yc[job] = (float)(-across * strike->bearing_sin);
}

/* Queues the duds of one carrier; a carrier with more than fits is queued in parts. */
static void queue_duds(uxo_worker *self, const destination *to, const uxo_drawn_carrier *carrier)
{
    const uxo_scatter_jobs *const jobs = &self->jobs;
    const uxo_key key = to->scenario->strikes.item[carrier->strike].key;
    uint32_t duds = carrier->draw.duds, block = 0;
    while (duds > 0) {
        if (self->lane_count == UXO_LANE_CAPACITY) {
            flush_duds(self, to);
        }
        const size_t room = UXO_LANE_CAPACITY - self->lane_count, job = self->job_count++;
        const uint32_t wanted = duds / 2 + duds % 2;
        const uint32_t blocks = wanted < room ? wanted : (uint32_t)room;
        const uint32_t queued = duds < 2 * blocks ? duds : 2 * blocks;
        jobs->key0[job] = key.word[0];
        jobs->key1[job] = key.word[1];
        jobs->carrier[job] = carrier->index;
        jobs->first[job] = (uint32_t)self->lane_count - block;
        fill_place(&to->scenario->grid, carrier, jobs, job);
        self->job[job] = (uxo_lane_job){carrier->strike, queued};
        for (uint32_t i = 0; i < blocks; i++) {
            self->job_of[self->lane_count + i] = (uint32_t)job;
        }
        self->lane_count += blocks;
        block += blocks;
        duds -= queued;
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
    for (size_t i = 0; i < count; i++) {
        const uxo_drawn_carrier *const carrier = &carriers[i];
        self->strike_carriers[carrier->strike]++;
        if (!carrier->draw.opened) {
            self->intact_carriers++;
            self->intact_submunitions += carrier->draw.load;
            continue;
        }
        const double expected = (double)carrier->draw.load * carrier->rate;
        self->given_mean += expected;
        self->given_variance += expected * (1.0 - carrier->rate);
        if (carrier->draw.duds > 0) {
            self->total_duds += carrier->draw.duds;
            queue_duds(self, to, carrier);
        }
    }
}

void uxo_analog_realise(uxo_worker *self, const uxo_scenario *scenario, const uxo_kernels *kernels,
                        uint32_t realisation, uint32_t stamp, uxo_outcome *outcome)
{
    const destination to = {
        .scenario = scenario,
        .kernels = kernels,
        .cell_grid = {(int32_t)scenario->grid.nx, (int32_t)scenario->grid.ny, scenario->grid.tiles_x,
                      (uint32_t)uxo_grid_tile_count(&scenario->grid)},
        .realisation = realisation,
        .outside_districts = scenario->districts.count,
        .outside_grid = scenario->districts.count + 1,
        .columns = uxo_scenario_column_count(scenario),
        .entry = stamp << UXO_ENTRY_CELL_BITS,
        .dud_row = outcome->dud_count + (size_t)realisation * outcome->columns,
    };
    visitor user = {self, &to};
    self->given_mean = 0.0;
    self->given_variance = 0.0;
    uxo_draw_campaign(scenario, realisation, self->campaign);
    if (scenario->campaign_count > 0) {
        memcpy(outcome->campaign + (size_t)realisation * scenario->campaign_count, self->campaign,
               scenario->campaign_count * sizeof *self->campaign);
    }
    uxo_drawing_realise(&self->drawing, scenario, kernels, realisation, self->campaign, NULL, scenario->strikes.count,
                        0, visit_carriers, &user);
    flush_duds(self, &to);
    outcome->given_mean[realisation] = self->given_mean;
    outcome->given_variance[realisation] = self->given_variance;
}
