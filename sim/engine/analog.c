/* analog.c - the `analog` estimator: every dud is a point. Carriers come drawn (drawing.c); their duds are placed by the
 * lane and end in per-tile buckets. Not here: threads (engine.c), tallies (tally.c). */
#include "analog.h"

#include <string.h>

/* What every point needs to know of where it is going. */
typedef struct destination {
    const uxo_scenario *scenario;
    const uxo_kernels *kernels;
    const uxo_area_map *districts; /* NULL: there are none */
    uxo_cell_grid cell_grid;
    uint32_t realisation;
    uint32_t outside_grid, outside_districts; /* columns */
    uint32_t columns;
    uint32_t entry; /* realisation's share of a bucket entry */
    uint32_t *dud_row;
} destination;

/* Duds that follow each other mostly belong to one district: counted as runs. */
typedef struct run_of_duds {
    uint64_t *strike_row;
    uint32_t *dud_row;
    uint32_t column;
    uint32_t length;
} run_of_duds;

static inline void end_run(run_of_duds *run)
{
    run->dud_row[run->column] += run->length;
    run->strike_row[run->column] += run->length;
    run->length = 0;
}

/* Puts one dud where it lies. */
static inline void place_dud(uxo_worker *self, const destination *to, run_of_duds *run, uint32_t tile, uint32_t cell)
{
    uint32_t at = to->outside_grid;
    if (tile != UXO_NO_TILE) {
        at = to->outside_districts;
        if (to->districts != NULL) {
            const uint16_t district = uxo_area_map_at(to->districts, tile, cell);
            at = district == UXO_NO_DISTRICT ? at : district;
        }
        uxo_buckets_push(&self->buckets, tile, to->entry | cell);
    }
    if (at != run->column) {
        end_run(run);
        run->column = at;
    }
    run->length++;
}

/* Computes the lanes that have been collected and places their duds. */
static void flush_duds(uxo_worker *self, const destination *to)
{
    float *const *const z = self->scatter_lanes.z;
    to->kernels->scatter(&self->scatter_lanes, self->lane_count, to->realisation);
    for (int half = 0; half < 2; half++) {
        to->kernels->cells(self->place, self->job_count, &to->cell_grid, z[2 * half], z[2 * half + 1], self->tile[half],
                           self->cell[half]);
    }
    size_t lane = 0;
    for (size_t j = 0; j < self->job_count; j++) {
        const uxo_lane_job job = self->job[j];
        run_of_duds run = {self->strike_duds + (size_t)job.strike * to->columns, to->dud_row, to->outside_districts, 0};
        for (uint32_t half = 0; half < 2; half++) {
            const uint32_t *const tile = self->tile[half] + lane, *const cell = self->cell[half] + lane;
            const size_t count = (job.duds + 1 - half) / 2;
            for (size_t i = 0; i < count; i++) {
                place_dud(self, to, &run, tile[i], cell[i]);
            }
        }
        end_run(&run);
        lane += self->place[j].blocks;
    }
    self->lane_count = 0;
    self->job_count = 0;
}

static uxo_cell_place make_place(const uxo_grid *grid, const uxo_strike_draw *strike, const uxo_carrier_draw *carrier)
{
    const double per_cell = 1.0 / grid->cell_size_m;
    return (uxo_cell_place){.x = (carrier->x_m - grid->xmin_m) / grid->cell_size_m,
                            .xa = carrier->pattern_along_m * strike->bearing_sin * per_cell,
                            .xc = carrier->pattern_across_m * strike->bearing_cos * per_cell,
                            .y = (carrier->y_m - grid->ymin_m) / grid->cell_size_m,
                            .ya = carrier->pattern_along_m * strike->bearing_cos * per_cell,
                            .yc = -carrier->pattern_across_m * strike->bearing_sin * per_cell};
}

/* Queues the duds of one carrier; a carrier with more than fits is queued in parts. */
static void queue_duds(uxo_worker *self, const destination *to, uint32_t strike, uint32_t carrier, uint32_t duds,
                       uxo_cell_place place)
{
    const uxo_lanes *const lanes = &self->scatter_lanes;
    const uxo_key key = to->scenario->strikes.item[strike].key;
    uint32_t block = 0;
    while (duds > 0) {
        if (self->lane_count == UXO_LANE_CAPACITY) {
            flush_duds(self, to);
        }
        const size_t room = UXO_LANE_CAPACITY - self->lane_count;
        const uint32_t wanted = duds / 2 + duds % 2;
        const uint32_t blocks = wanted < room ? wanted : (uint32_t)room;
        for (uint32_t i = 0; i < blocks; i++) {
            const size_t lane = self->lane_count++;
            lanes->key0[lane] = key.word[0];
            lanes->key1[lane] = key.word[1];
            lanes->carrier[lane] = carrier;
            lanes->block[lane] = block++;
        }
        const uint32_t queued = duds < 2 * blocks ? duds : 2 * blocks;
        place.blocks = blocks;
        self->place[self->job_count] = place;
        self->job[self->job_count++] = (uxo_lane_job){strike, queued};
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
            queue_duds(self, to, carrier->strike, carrier->index, carrier->draw.duds,
                       make_place(&to->scenario->grid, carrier->of_strike, &carrier->draw));
        }
    }
}

void uxo_analog_realise(uxo_worker *self, const uxo_scenario *scenario, const uxo_kernels *kernels,
                        uint32_t realisation, uint32_t local, uxo_outcome *outcome)
{
    const destination to = {
        .scenario = scenario,
        .kernels = kernels,
        .districts = scenario->districts.count > 0 ? &scenario->districts.map : NULL,
        .cell_grid = {(double)scenario->grid.nx, (double)scenario->grid.ny, scenario->grid.ny, scenario->grid.tiles_x},
        .realisation = realisation,
        .outside_districts = scenario->districts.count,
        .outside_grid = scenario->districts.count + 1,
        .columns = uxo_scenario_column_count(scenario),
        .entry = local << UXO_ENTRY_CELL_BITS,
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
