/* analog.c - the `analog` estimator: every dud is a point. One realisation goes through three stages of lanes: blocks
 * of strikes, blocks of carriers, blocks of duds; its points end in per-tile buckets. Not here: threads (engine.c),
 * tallies (tally.c). */
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

/* Load, opening and number of duds of the carriers that have been collected. */
static void count_carriers(uxo_worker *self, const destination *to)
{
    const uxo_lanes *const lanes = &self->draw_lanes;
    to->kernels->draws(lanes, self->carrier_count, to->realisation);
    for (size_t i = 0; i < self->carrier_count; i++) {
        const uxo_lane_carrier carrier = self->carrier[i];
        const uxo_strike *const strike = &to->scenario->strikes.item[self->strike_index[carrier.slot]];
        uxo_count_plan *const plan = &self->plan[i];
        uxo_draw_carrier_load(strike, &self->strike[carrier.slot], to->realisation, carrier.index, &self->drawn[i],
                              plan);
        const bool inversion = self->drawn[i].opened && !plan->rejection;
        self->count_input[0][i] = uxo_uniform_of_words(lanes->word[0][i], lanes->word[1][i]);
        self->count_input[1][i] = inversion ? plan->none : 1.0; /* 1: ends at once with none */
        self->count_input[2][i] = plan->ratio;
        self->count_input[3][i] = plan->odds;
    }
    to->kernels->counts(self->count_input[0], self->count_input[1], self->count_input[2], self->count_input[3],
                        self->count, self->carrier_count);
}

/* Draws the carriers that have been collected and queues their duds. */
static void flush_carriers(uxo_worker *self, const destination *to)
{
    const uxo_lanes *const lanes = &self->draw_lanes;
    count_carriers(self, to);
    for (size_t i = 0; i < self->carrier_count; i++) {
        const uxo_lane_carrier carrier = self->carrier[i];
        const uint32_t index = self->strike_index[carrier.slot];
        const uxo_strike *const strike = &to->scenario->strikes.item[index];
        const uxo_strike_draw *const of_strike = &self->strike[carrier.slot];
        uxo_carrier_draw *const drawn = &self->drawn[i];
        if (!drawn->opened) {
            self->intact_carriers++;
            self->intact_submunitions += drawn->load;
            continue;
        }
        const double expected = (double)drawn->load * self->plan[i].rate;
        self->given_mean += expected;
        self->given_variance += expected * (1.0 - self->plan[i].rate);
        drawn->duds = uxo_draw_count_of(&self->plan[i], self->count[i], strike->key, to->realisation, carrier.index);
        if (drawn->duds > 0) {
            const float z[2] = {lanes->z[0][i], lanes->z[1][i]};
            uxo_draw_carrier_place(to->scenario, strike, of_strike, to->realisation, self->campaign, carrier.index, z,
                                   drawn);
            self->total_duds += drawn->duds;
            queue_duds(self, to, index, carrier.index, drawn->duds, make_place(&to->scenario->grid, of_strike, drawn));
        }
    }
    self->carrier_count = 0;
}

static void queue_carriers(uxo_worker *self, const destination *to, uint32_t slot)
{
    const uxo_lanes *const lanes = &self->draw_lanes;
    const uxo_key key = to->scenario->strikes.item[self->strike_index[slot]].key;
    for (uint32_t j = 0; j < self->strike[slot].carriers; j++) {
        if (self->carrier_count == UXO_LANE_CAPACITY) {
            flush_carriers(self, to);
        }
        const size_t lane = self->carrier_count++;
        self->carrier[lane] = (uxo_lane_carrier){slot, j};
        lanes->key0[lane] = key.word[0];
        lanes->key1[lane] = key.word[1];
        lanes->purpose[lane] = UXO_PURPOSE_CARRIER;
        lanes->carrier[lane] = j;
        lanes->block[lane] = 0;
    }
}

/* Draws the strikes slot 0 .. count - 1, then their carriers. */
static void flush_strikes(uxo_worker *self, const destination *to, uint32_t count)
{
    const uxo_lanes *const lanes = &self->draw_lanes;
    for (uint32_t slot = 0; slot < count; slot++) {
        const uxo_key key = to->scenario->strikes.item[self->strike_index[slot]].key;
        for (uint32_t b = 0; b < UXO_STRIKE_BLOCKS; b++) {
            const size_t lane = (size_t)slot * UXO_STRIKE_BLOCKS + b;
            lanes->key0[lane] = key.word[0];
            lanes->key1[lane] = key.word[1];
            lanes->purpose[lane] = (uint32_t)uxo_strike_blocks[b].purpose;
            lanes->carrier[lane] = uxo_strike_blocks[b].carrier;
            lanes->block[lane] = 0;
        }
    }
    to->kernels->draws(lanes, (size_t)count * UXO_STRIKE_BLOCKS, to->realisation);
    for (uint32_t slot = 0; slot < count; slot++) {
        const uxo_strike *const strike = &to->scenario->strikes.item[self->strike_index[slot]];
        uxo_block blocks[UXO_STRIKE_BLOCKS];
        for (uint32_t b = 0; b < UXO_STRIKE_BLOCKS; b++) {
            const size_t lane = (size_t)slot * UXO_STRIKE_BLOCKS + b;
            blocks[b] =
                (uxo_block){{lanes->z[0][lane], lanes->z[1][lane]}, {lanes->word[0][lane], lanes->word[1][lane]}};
        }
        uxo_draw_strike_of(to->scenario, strike, to->realisation, self->campaign, blocks,
                           self->site_order + strike->first_site, &self->strike[slot]);
        self->strike_carriers[self->strike_index[slot]] += self->strike[slot].carriers;
    }
    for (uint32_t slot = 0; slot < count; slot++) {
        queue_carriers(self, to, slot);
    }
    flush_carriers(self, to);
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
    uint32_t count = 0;
    self->given_mean = 0.0;
    self->given_variance = 0.0;
    uxo_draw_campaign(scenario, realisation, self->campaign);
    if (scenario->campaign_count > 0) {
        memcpy(outcome->campaign + (size_t)realisation * scenario->campaign_count, self->campaign,
               scenario->campaign_count * sizeof *self->campaign);
    }
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        if (uxo_draw_existence(&scenario->strikes.item[i], realisation, self->campaign)) {
            self->strike_index[count++] = i;
        }
        if (count == UXO_STRIKE_CAPACITY) {
            flush_strikes(self, &to, count);
            count = 0;
        }
    }
    flush_strikes(self, &to, count);
    flush_duds(self, &to);
    outcome->given_mean[realisation] = self->given_mean;
    outcome->given_variance[realisation] = self->given_variance;
}
