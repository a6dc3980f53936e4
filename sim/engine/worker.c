/* worker.c - memory of one thread's scratch. */
#include <stdlib.h>
#include <string.h>

#include "analog.h"

/* Takes the next `count` elements of 4 or 8 bytes from the worker's block of memory. */
static void *take(char **at, size_t count, size_t size)
{
    void *const here = *at;
    *at += count * size;
    return here;
}

static void take_lanes(char **at, uxo_lanes *lanes)
{
    uint32_t **const words[] = {&lanes->key0,  &lanes->key1,    &lanes->purpose, &lanes->carrier,
                                &lanes->block, &lanes->word[0], &lanes->word[1]};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        *words[i] = take(at, UXO_LANE_ROOM, sizeof(uint32_t));
    }
    for (int i = 0; i < 4; i++) {
        lanes->z[i] = take(at, UXO_LANE_ROOM, sizeof(float));
    }
}

/* All arrays of lanes in one aligned block, cleared: kernels read whole groups. */
static bool allocate_lanes(uxo_worker *self)
{
    enum { ALIGNMENT = 64, LANE_ARRAYS = 11, OTHER_ARRAYS = 4 };
    const size_t bytes = (LANE_ARRAYS + OTHER_ARRAYS) * UXO_LANE_ROOM * sizeof(uint32_t);
    self->memory = aligned_alloc(ALIGNMENT, bytes);
    if (self->memory == NULL) {
        return false;
    }
    memset(self->memory, 0, bytes);
    char *at = self->memory;
    take_lanes(&at, &self->scatter_lanes);
    for (int i = 0; i < 2; i++) {
        self->tile[i] = take(&at, UXO_LANE_ROOM, sizeof(uint32_t));
        self->cell[i] = take(&at, UXO_LANE_ROOM, sizeof(uint32_t));
    }
    return true;
}

bool uxo_worker_init(uxo_worker *self, const uxo_scenario *scenario)
{
    const size_t strikes = scenario->strikes.count;
    const size_t columns = uxo_scenario_column_count(scenario);
    memset(self, 0, sizeof *self);
    self->campaign = calloc(scenario->campaign_count + 1, sizeof *self->campaign);
    self->job = malloc(UXO_LANE_CAPACITY * sizeof *self->job);
    self->place = malloc(UXO_LANE_CAPACITY * sizeof *self->place);
    self->strike_duds = calloc(strikes * columns + 1, sizeof *self->strike_duds);
    self->strike_carriers = calloc(strikes + 1, sizeof *self->strike_carriers);
    self->cell_stamp = malloc(UXO_TILE_CELLS * sizeof *self->cell_stamp);
    self->repeat_stamp = malloc(UXO_TILE_CELLS * sizeof *self->repeat_stamp);
    self->cell_count = malloc(UXO_TILE_CELLS * sizeof *self->cell_count);
    self->cell_sum = malloc(UXO_TILE_CELLS * sizeof *self->cell_sum);
    return uxo_buckets_init(&self->buckets, uxo_grid_tile_count(&scenario->grid)) &&
           uxo_drawing_init(&self->drawing, scenario) && allocate_lanes(self) && self->campaign != NULL &&
           self->job != NULL && self->place != NULL && self->repeat_stamp != NULL && self->cell_sum != NULL &&
           self->strike_duds != NULL && self->strike_carriers != NULL && self->cell_stamp != NULL &&
           self->cell_count != NULL;
}

void uxo_worker_free(uxo_worker *self)
{
    uxo_buckets_free(&self->buckets);
    uxo_drawing_free(&self->drawing);
    free(self->campaign);
    free(self->job);
    free(self->place);
    free(self->strike_duds);
    free(self->strike_carriers);
    free(self->cell_stamp);
    free(self->repeat_stamp);
    free(self->cell_count);
    free(self->cell_sum);
    free(self->memory);
    memset(self, 0, sizeof *self);
}
