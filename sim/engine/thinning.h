/* thinning.h - candidates into duds: with a surface, so many submunitions of a carrier are placed as would remain where
 * most do, and each stays with the chance that it has where it lies (docs/model.md, "Ground and clearance").
 *
 * Exact: of n independent submunitions each is a candidate with chance p_max and stays with p(where it lies) / p_max.
 */
#ifndef UXOSIM_ENGINE_THINNING_H
#define UXOSIM_ENGINE_THINNING_H

#include "drawing.h"
#include "remaining.h"

/* Duds that a run of lanes holds: those of the job of the same index. */
typedef struct uxo_lane_job {
    uint32_t strike;
    uint32_t duds;
} uxo_lane_job;

/* One thread's. */
typedef struct uxo_thinning {
    const uxo_scenario *scenario;
    const double *campaign; /* of the realisation */
    uxo_remaining remaining;
    double *rate, *most;   /* [UXO_LANE_CAPACITY] of each job: on the reference class, of its candidates */
    uxo_lanes lanes;       /* one draw for the two candidates of a lane */
    void *memory;          /* of all lanes */
    double mean, variance; /* of the realisation: duds expected of its candidates where they lie */
    uint64_t removed;      /* candidates that are no duds, of all realisations */
} uxo_thinning;

bool uxo_thinning_init(uxo_thinning *self, const uxo_scenario *scenario);
void uxo_thinning_free(uxo_thinning *self);

/* Before the jobs of a realisation. */
void uxo_thinning_begin(uxo_thinning *self, const double *campaign);

/* Lanes as scattered; arrays of a worker. */
typedef struct uxo_scattered {
    uxo_scatter_jobs *jobs;
    const uint32_t *job_of;
    uxo_lane_job *job;
    uint32_t *const *tile, *const *cell;
    size_t *lane_count, *job_count;
} uxo_scattered;

/* Leaves the duds: lanes, jobs and their counts close ranks, in order; of jobs also whose they are, and their rates. */
void uxo_thinning_apply(uxo_thinning *self, const uxo_kernels *kernels, uint32_t realisation,
                        const uxo_scattered *points);

#endif
