/* analog.c - the `analog` estimator: every dud is a point. Realisations become points in per-tile buckets, buckets
 * become integer tallies. Not here: threads and the order of work (engine.c). */
#include "analog.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool allocate_lanes(uxo_worker *self)
{
    enum { ARRAYS = 8, ALIGNMENT = 64 };
    const size_t bytes = UXO_LANE_CAPACITY * sizeof(uint32_t);
    self->lane_memory = aligned_alloc(ALIGNMENT, ARRAYS * bytes);
    if (self->lane_memory == NULL) {
        return false;
    }
    memset(self->lane_memory, 0, ARRAYS * bytes);
    uint32_t *const words = self->lane_memory;
    float *const floats = self->lane_memory;
    self->lanes.key0 = words;
    self->lanes.key1 = words + UXO_LANE_CAPACITY;
    self->lanes.carrier = words + 2 * UXO_LANE_CAPACITY;
    self->lanes.block = words + 3 * UXO_LANE_CAPACITY;
    for (int i = 0; i < 4; i++) {
        self->lanes.z[i] = floats + (4 + i) * UXO_LANE_CAPACITY;
    }
    return true;
}

bool uxo_worker_init(uxo_worker *self, const uxo_scenario *scenario)
{
    const size_t strikes = scenario->strikes.count;
    const size_t columns = uxo_scenario_column_count(scenario);
    memset(self, 0, sizeof *self);
    self->job = malloc(UXO_LANE_CAPACITY * sizeof *self->job);
    self->campaign = calloc(scenario->campaign_count + 1, sizeof *self->campaign);
    self->strike_duds = calloc(strikes * columns + 1, sizeof *self->strike_duds);
    self->strike_carriers = calloc(strikes + 1, sizeof *self->strike_carriers);
    self->cell_stamp = malloc(UXO_TILE_CELLS * sizeof *self->cell_stamp);
    self->cell_count = malloc(UXO_TILE_CELLS * sizeof *self->cell_count);
    return uxo_buckets_init(&self->buckets, uxo_grid_tile_count(&scenario->grid)) && allocate_lanes(self) &&
           self->job != NULL && self->campaign != NULL && self->strike_duds != NULL && self->strike_carriers != NULL &&
           self->cell_stamp != NULL && self->cell_count != NULL;
}

void uxo_worker_free(uxo_worker *self)
{
    uxo_buckets_free(&self->buckets);
    free(self->lane_memory);
    free(self->job);
    free(self->campaign);
    free(self->strike_duds);
    free(self->strike_carriers);
    free(self->cell_stamp);
    free(self->cell_count);
    memset(self, 0, sizeof *self);
}

/* What every point needs to know of where it is going. */
typedef struct destination {
    const uxo_grid *grid;
    const uxo_area_map *districts;
    uint32_t outside_grid, outside_districts; /* columns */
    uint32_t columns;
    uint32_t entry; /* realisation's share of a bucket entry */
    uint32_t *dud_row;
} destination;

/* Puts one dud where it lies: column and row are in cells from the south-west corner. */
static inline void place_dud(uxo_worker *self, const destination *to, uint64_t *strike_row, double column, double row)
{
    const uxo_grid *const grid = to->grid;
    /* Half-open cells: truncation is the floor inside the grid. Written so that NaN lies outside. */
    if (!(column >= 0.0 && column < (double)grid->nx && row >= 0.0 && row < (double)grid->ny)) {
        to->dud_row[to->outside_grid]++;
        strike_row[to->outside_grid]++;
        return;
    }
    const uint32_t ix = (uint32_t)column;
    const uint32_t iy = grid->ny - 1 - (uint32_t)row;
    const size_t tile = uxo_grid_tile_of(grid, ix, iy);
    const uint32_t cell = uxo_grid_cell_in_tile(ix, iy);
    const uint16_t district = uxo_area_map_at(to->districts, tile, cell);
    const uint32_t at = district == UXO_NO_DISTRICT ? to->outside_districts : district;
    to->dud_row[at]++;
    strike_row[at]++;
    uxo_buckets_push(&self->buckets, tile, to->entry | cell);
}

/* Computes the lanes that have been collected and places their duds. */
static void flush(uxo_worker *self, const destination *to, uxo_scatter_kernel *kernel, uint32_t realisation)
{
    const float *const *const z = (const float *const *)self->lanes.z;
    kernel(&self->lanes, self->lane_count, realisation);
    size_t lane = 0;
    for (size_t j = 0; j < self->job_count; j++) {
        const uxo_lane_job *const job = &self->job[j];
        uint64_t *const strike_row = self->strike_duds + (size_t)job->strike * to->columns;
        for (uint32_t dud = 0; dud < job->duds; dud++) {
            const size_t i = lane + dud / 2;
            const double along = (double)z[2 * (dud % 2)][i];
            const double across = (double)z[2 * (dud % 2) + 1][i];
            place_dud(self, to, strike_row, job->x + (job->x_along * along + job->x_across * across),
                      job->y + (job->y_along * along + job->y_across * across));
        }
        lane += (job->duds + 1) / 2;
    }
    self->lane_count = 0;
    self->job_count = 0;
}

static uxo_lane_job make_job(const uxo_grid *grid, const uxo_strike_draw *strike, const uxo_carrier_draw *carrier,
                             uint32_t index)
{
    const double per_cell = 1.0 / grid->cell_size_m;
    return (uxo_lane_job){
        .x = (carrier->x_m - grid->xmin_m) / grid->cell_size_m,
        .y = (carrier->y_m - grid->ymin_m) / grid->cell_size_m,
        .x_along = carrier->pattern_along_m * strike->bearing_sin * per_cell,
        .x_across = carrier->pattern_across_m * strike->bearing_cos * per_cell,
        .y_along = carrier->pattern_along_m * strike->bearing_cos * per_cell,
        .y_across = -carrier->pattern_across_m * strike->bearing_sin * per_cell,
        .strike = index,
    };
}

/* Queues the duds of one carrier; a carrier with more than fits is queued in parts. */
static void queue_carrier(uxo_worker *self, const destination *to, uxo_scatter_kernel *kernel, uint32_t realisation,
                          const uxo_strike *strike, uint32_t carrier, uint32_t duds, uxo_lane_job job)
{
    uint32_t block = 0;
    while (duds > 0) {
        if (self->lane_count == UXO_LANE_CAPACITY || self->job_count == UXO_LANE_CAPACITY) {
            flush(self, to, kernel, realisation);
        }
        const size_t room = UXO_LANE_CAPACITY - self->lane_count;
        const uint32_t wanted = duds / 2 + duds % 2;
        const uint32_t blocks = wanted < room ? wanted : (uint32_t)room;
        for (uint32_t i = 0; i < blocks; i++) {
            const size_t lane = self->lane_count++;
            self->lanes.key0[lane] = strike->key.word[0];
            self->lanes.key1[lane] = strike->key.word[1];
            self->lanes.carrier[lane] = carrier;
            self->lanes.block[lane] = block++;
        }
        job.duds = duds < 2 * blocks ? duds : 2 * blocks;
        self->job[self->job_count++] = job;
        duds -= job.duds;
    }
}

static void realise_strike(uxo_worker *self, const uxo_scenario *scenario, const destination *to,
                           uxo_scatter_kernel *kernel, uint32_t realisation, uint32_t index)
{
    const uxo_strike *const strike = &scenario->strikes.item[index];
    uxo_draw_strike(scenario, strike, realisation, self->campaign, &self->strike);
    if (!self->strike.exists) {
        return;
    }
    self->strike_carriers[index] += self->strike.carriers;
    for (uint32_t j = 0; j < self->strike.carriers; j++) {
        uxo_carrier_draw carrier;
        uxo_draw_carrier(scenario, strike, &self->strike, realisation, self->campaign, j, &carrier);
        if (!carrier.opened) {
            self->intact_carriers++;
            self->intact_submunitions += carrier.load;
        }
        self->total_duds += carrier.duds;
        if (carrier.duds > 0) {
            queue_carrier(self, to, kernel, realisation, strike, j, carrier.duds,
                          make_job(&scenario->grid, &self->strike, &carrier, index));
        }
    }
}

void uxo_analog_realise(uxo_worker *self, const uxo_scenario *scenario, uxo_scatter_kernel *kernel,
                        uint32_t realisation, uint32_t local, uint32_t *dud_row, double *campaign_row)
{
    const destination to = {
        .grid = &scenario->grid,
        .districts = &scenario->districts.map,
        .outside_districts = scenario->districts.count,
        .outside_grid = scenario->districts.count + 1,
        .columns = uxo_scenario_column_count(scenario),
        .entry = local << UXO_ENTRY_CELL_BITS,
        .dud_row = dud_row,
    };
    uxo_draw_campaign(scenario, realisation, self->campaign);
    if (scenario->campaign_count > 0) {
        memcpy(campaign_row, self->campaign, scenario->campaign_count * sizeof *campaign_row);
    }
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        realise_strike(self, scenario, &to, kernel, realisation, i);
    }
    flush(self, &to, kernel, realisation);
}

/* Entries of one realisation follow each other within a worker's bucket, so a stamp tells whether a cell's count is of
 * this realisation: (c + 1)^2 = c^2 + 2 c + 1 keeps the sum of squares without a second pass. */
static void tally_chunk(uxo_worker *scratch, const uxo_chunk *chunk, uxo_tile_tally *tally)
{
    const uint32_t cell_mask = (UINT32_C(1) << UXO_ENTRY_CELL_BITS) - 1;
    for (uint32_t i = 0; i < chunk->used; i++) {
        const uint32_t cell = chunk->entry[i] & cell_mask;
        const uint32_t stamp = chunk->entry[i] >> UXO_ENTRY_CELL_BITS;
        const uint32_t count = scratch->cell_stamp[cell] == stamp ? scratch->cell_count[cell] : 0;
        scratch->cell_stamp[cell] = stamp;
        scratch->cell_count[cell] = count + 1;
        tally->sum[cell]++;
        tally->sum_squares[cell] += 2 * (uint64_t)count + 1;
        tally->hits[cell] += count == 0;
        scratch->largest_count = count + 1 > scratch->largest_count ? count + 1 : scratch->largest_count;
    }
}

void uxo_analog_tally(uxo_worker *scratch, const uxo_worker *workers, int worker_count, size_t tile,
                      uxo_tile_tally *tally)
{
    memset(scratch->cell_stamp, 0xFF, UXO_TILE_CELLS * sizeof *scratch->cell_stamp);
    for (int w = 0; w < worker_count; w++) {
        const uxo_buckets *const buckets = &workers[w].buckets;
        for (uint32_t next = buckets->head[tile]; next != 0; next = buckets->pool[next - 1].next) {
            tally_chunk(scratch, &buckets->pool[next - 1], tally);
        }
    }
}
