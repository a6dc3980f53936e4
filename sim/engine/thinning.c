/* thinning.c - see thinning.h. */
#include "thinning.h"

#include <stdlib.h>
#include <string.h>

#include "buckets.h"

bool uxo_thinning_init(uxo_thinning *self, const uxo_scenario *scenario)
{
    enum { ALIGNMENT = 64, ARRAYS = 9 };
    memset(self, 0, sizeof *self);
    self->scenario = scenario;
    self->rate = malloc(UXO_LANE_CAPACITY * sizeof *self->rate);
    self->most = malloc(UXO_LANE_CAPACITY * sizeof *self->most);
    self->memory = aligned_alloc(ALIGNMENT, ARRAYS * UXO_LANE_ROOM * sizeof(uint32_t));
    if (!uxo_remaining_init(&self->remaining, &scenario->surface) || self->rate == NULL || self->most == NULL ||
        self->memory == NULL) {
        return false;
    }
    memset(self->memory, 0, ARRAYS * UXO_LANE_ROOM * sizeof(uint32_t)); /* kernels read whole groups */
    uint32_t *const words = self->memory;
    uxo_lanes *const lanes = &self->lanes;
    uint32_t **const arrays[] = {&lanes->key0,  &lanes->key1,    &lanes->purpose, &lanes->carrier,
                                 &lanes->block, &lanes->word[0], &lanes->word[1]};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        *arrays[i] = words + i * UXO_LANE_ROOM;
    }
    for (size_t i = 0; i < 2; i++) {
        lanes->z[i] = (float *)(void *)(words + (ARRAYS - 2 + i) * UXO_LANE_ROOM);
    }
    return true;
}

void uxo_thinning_free(uxo_thinning *self)
{
    uxo_remaining_free(&self->remaining);
    free(self->rate);
    free(self->most);
    free(self->memory);
    memset(self, 0, sizeof *self);
}

void uxo_thinning_begin(uxo_thinning *self, const double *campaign)
{
    self->campaign = campaign;
    self->mean = 0.0;
    self->variance = 0.0;
    uxo_remaining_forget(&self->remaining);
}

/* One block a lane, at the address of the points that the lane holds. */
static void draw_lanes(uxo_thinning *self, const uxo_kernels *kernels, uint32_t realisation,
                       const uxo_scattered *points)
{
    const uxo_scatter_jobs *const jobs = points->jobs;
    const uxo_lanes *const lanes = &self->lanes;
    for (size_t lane = 0; lane < *points->lane_count; lane++) {
        const uint32_t job = points->job_of[lane];
        lanes->key0[lane] = jobs->key0[job];
        lanes->key1[lane] = jobs->key1[job];
        lanes->carrier[lane] = jobs->carrier[job];
        lanes->block[lane] = (uint32_t)lane - jobs->first[job];
        lanes->purpose[lane] = UXO_PURPOSE_SURFACE;
    }
    kernels->draws(lanes, *points->lane_count, realisation);
}

/* Does this candidate remain? */
static bool stays(uxo_thinning *self, const uxo_scattered *points, size_t lane, uint32_t half, double most)
{
    const uint32_t cell = points->cell[half][lane] & ((UINT32_C(1) << UXO_ENTRY_CELL_BITS) - 1);
    const double share = uxo_remaining_on_cell(&self->remaining, points->tile[half][lane], cell);
    const double chance = share < most ? share / most : 1.0;
    self->mean += chance;
    self->variance += chance * (1.0 - chance);
    return uxo_uniform_of_word(self->lanes.word[half][lane]) < chance;
}

/* Duds of one job from the candidates in lanes from .. on to lanes to .. on; they never overtake. */
static uint32_t thin_job(uxo_thinning *self, const uxo_scattered *points, size_t job, size_t from, size_t to)
{
    const uxo_lane_job *const of = &points->job[job];
    uint32_t kept = 0;
    uxo_remaining_turn(&self->remaining, self->rate[job], self->scenario->strikes.item[of->strike].day, self->campaign);
    for (uint32_t i = 0; i < of->duds; i++) {
        const size_t lane = from + i / 2;
        if (stays(self, points, lane, i % 2, self->most[job])) {
            const size_t place = to + kept / 2;
            points->tile[kept % 2][place] = points->tile[i % 2][lane];
            points->cell[kept % 2][place] = points->cell[i % 2][lane];
            kept++;
        }
    }
    self->removed += of->duds - kept;
    return kept;
}

/* A job that keeps duds to the place of one that has come before: whose it is, its first block. Lanes from .. on have become to .. on. */
static void move_job(uxo_thinning *self, uxo_scatter_jobs *jobs, size_t job, size_t place, size_t from, size_t to)
{
    jobs->key0[place] = jobs->key0[job];
    jobs->key1[place] = jobs->key1[job];
    jobs->carrier[place] = jobs->carrier[job];
    jobs->first[place] = jobs->first[job] - (uint32_t)(from - to);
    self->rate[place] = self->rate[job];
    self->most[place] = self->most[job];
}

void uxo_thinning_apply(uxo_thinning *self, const uxo_kernels *kernels, uint32_t realisation,
                        const uxo_scattered *points)
{
    size_t from = 0, to = 0, jobs = 0;
    draw_lanes(self, kernels, realisation, points);
    for (size_t j = 0; j < *points->job_count; j++) {
        const uxo_lane_job candidates = points->job[j];
        const uint32_t kept = thin_job(self, points, j, from, to);
        if (kept > 0) {
            move_job(self, points->jobs, j, jobs, from, to);
            points->job[jobs++] = (uxo_lane_job){candidates.strike, kept};
        }
        from += candidates.duds - candidates.duds / 2;
        to += kept - kept / 2;
    }
    *points->lane_count = to;
    *points->job_count = jobs;
}
