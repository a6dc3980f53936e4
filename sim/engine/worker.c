/* worker.c - memory of one thread's scratch. */
#include <stdlib.h>
#include <string.h>

#include "analog.h"
#include "uxosim/oval.h"

/* All arrays of lanes in one block. */
static bool allocate_lanes(uxo_worker *self)
{
    enum { ARRAYS = 19 };
    uxo_scatter_jobs *const jobs = &self->jobs;
    uint32_t **const words[] = {&jobs->key0,    &jobs->key1,    &jobs->carrier, &jobs->first,  &self->job_of,
                                &self->tile[0], &self->tile[1], &self->cell[0], &self->cell[1]};
    float **const floats[] = {&jobs->x, &jobs->y, &jobs->xa, &jobs->xc, &jobs->ya, &jobs->yc, &jobs->hole, &jobs->rest};
    self->memory = uxo_lane_block(ARRAYS * sizeof(uint32_t));
    if (self->memory == NULL) {
        return false;
    }
    char *at = self->memory;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        *words[i] = uxo_lane_take(&at, sizeof(uint32_t));
    }
    for (size_t i = 0; i < sizeof floats / sizeof floats[0]; i++) {
        *floats[i] = uxo_lane_take(&at, sizeof(float));
    }
    jobs->column = uxo_lane_take(&at, sizeof(int32_t));
    jobs->row = uxo_lane_take(&at, sizeof(int32_t));
    return true;
}

/* Where all duds of a tile count, so that they need not be asked one by one. */
static bool find_columns(uxo_worker *self, const uxo_scenario *scenario)
{
    const size_t tiles = uxo_grid_tile_count(&scenario->grid);
    const uint32_t districts = scenario->districts.count;
    self->column_of = malloc((tiles + 1) * sizeof *self->column_of);
    if (self->column_of == NULL) {
        return false;
    }
    for (size_t tile = 0; tile < tiles; tile++) {
        const uxo_area_map *const map = &scenario->districts.map;
        self->column_of[tile] = districts == 0                          ? districts
                                : map->cells[tile] != NULL              ? UXO_MIXED_TILE
                                : map->uniform[tile] == UXO_NO_DISTRICT ? districts
                                                                        : map->uniform[tile];
    }
    self->column_of[tiles] = districts + 1;
    return true;
}

static bool make_thinning(uxo_worker *self, const uxo_scenario *scenario)
{
    if (!scenario->surface.given) {
        return true;
    }
    self->thinning = malloc(sizeof *self->thinning);
    return self->thinning != NULL && uxo_thinning_init(self->thinning, scenario);
}

bool uxo_worker_init(uxo_worker *self, const uxo_scenario *scenario)
{
    const size_t strikes = scenario->strikes.count;
    const size_t columns = uxo_scenario_column_count(scenario);
    memset(self, 0, sizeof *self);
    self->has_ovals = uxo_oval_occurs(scenario);
    self->campaign = calloc(scenario->campaign_count + 1, sizeof *self->campaign);
    self->job = malloc(UXO_LANE_CAPACITY * sizeof *self->job);
    self->strike_duds = calloc(strikes * columns + 1, sizeof *self->strike_duds);
    self->strike_carriers = calloc(strikes + 1, sizeof *self->strike_carriers);
    self->intact_carriers = calloc(columns, sizeof *self->intact_carriers);
    self->intact_submunitions = calloc(columns, sizeof *self->intact_submunitions);
    self->zone_carriers = calloc(scenario->zones.column_count + (size_t)1, sizeof *self->zone_carriers);
    self->zone_submunitions = calloc(scenario->zones.column_count + (size_t)1, sizeof *self->zone_submunitions);
    self->repeat_stamp = malloc(UXO_TILE_CELLS * sizeof *self->repeat_stamp);
    self->cell_count = malloc(UXO_TILE_CELLS * sizeof *self->cell_count);
    self->stamp = 1;
    return uxo_recent_init(&self->recent, uxo_grid_tile_count(&scenario->grid)) &&
           uxo_buckets_init(&self->buckets, uxo_grid_tile_count(&scenario->grid) + 1) &&
           (!scenario->people.given || uxo_exposure_table_init(&self->chance, &scenario->people)) &&
           uxo_drawing_init(&self->drawing, scenario) && allocate_lanes(self) && self->campaign != NULL &&
           self->job != NULL && find_columns(self, scenario) && self->repeat_stamp != NULL &&
           self->strike_duds != NULL && self->strike_carriers != NULL && self->cell_count != NULL &&
           self->intact_carriers != NULL && self->intact_submunitions != NULL && self->zone_carriers != NULL &&
           self->zone_submunitions != NULL && make_thinning(self, scenario);
}

void uxo_worker_free(uxo_worker *self)
{
    uxo_buckets_free(&self->buckets);
    uxo_recent_free(&self->recent);
    uxo_slabs_free(&self->recent_memory);
    uxo_drawing_free(&self->drawing);
    uxo_exposure_table_free(&self->chance);
    free(self->campaign);
    free(self->job);
    free(self->column_of);
    free(self->strike_duds);
    free(self->strike_carriers);
    free(self->intact_carriers);
    free(self->intact_submunitions);
    free(self->zone_carriers);
    free(self->zone_submunitions);
    if (self->thinning != NULL) {
        uxo_thinning_free(self->thinning);
    }
    free(self->thinning);
    free(self->repeat_stamp);
    free(self->cell_count);
    free(self->memory);
    memset(self, 0, sizeof *self);
}
