/* analog.h - one thread's share of the `analog` estimator: realisations into points (analog.c), points into tallies
 * (tally.c). */
#ifndef UXOSIM_ENGINE_ANALOG_H
#define UXOSIM_ENGINE_ANALOG_H

#include "buckets.h"
#include "drawing.h"
#include "uxosim/engine.h"

#define UXO_MIXED_TILE UINT32_MAX

/* Duds that a run of lanes holds: those of the job of the same index. */
typedef struct uxo_lane_job {
    uint32_t strike;
    uint32_t duds;
} uxo_lane_job;

/* One thread's scratch. Nothing is allocated per realisation. */
typedef struct uxo_worker {
    uxo_buckets buckets;
    double *campaign;
    uxo_drawing drawing;
    /* duds placed together */
    uxo_scatter_jobs jobs;
    uxo_lane_job *job;           /* [UXO_LANE_CAPACITY] */
    uint32_t *job_of;            /* of each lane */
    uint32_t *tile[2], *cell[2]; /* of the first and second dud of each lane */
    uint32_t *column_of;         /* [tiles + 1] column of all duds in a tile; UXO_MIXED_TILE: it has several */
    size_t lane_count, job_count;
    /* what this thread has counted */
    uint64_t *strike_duds;             /* [strikes][columns] */
    uint64_t *strike_carriers;         /* [strikes] */
    double given_mean, given_variance; /* of the present realisation, see uxo_outcome */
    uint64_t intact_carriers, intact_submunitions, total_duds;
    uint16_t *cell_stamp;   /* [UXO_TILE_CELLS] realisation within the block that touched the cell last */
    uint16_t *repeat_stamp; /* likewise with more than one dud */
    uint32_t *cell_count;   /* duds of that realisation in it, where there is more than one */
    uint32_t *cell_sum;     /* of the block */
    uint32_t largest_count; /* in any cell and realisation */
    void *memory;           /* of all lanes */
} uxo_worker;

bool uxo_worker_init(uxo_worker *self, const uxo_scenario *scenario);
void uxo_worker_free(uxo_worker *self);

/* Simulates one realisation: points into the buckets under `local`, its rows of the outcome. */
void uxo_analog_realise(uxo_worker *self, const uxo_scenario *scenario, const uxo_kernels *kernels,
                        uint32_t realisation, uint32_t local, uxo_outcome *outcome);

/* Tallies what all `workers` have in their buckets for one tile. `scratch`: the worker of the calling thread. */
void uxo_analog_tally(uxo_worker *scratch, const uxo_worker *workers, int worker_count, size_t tile,
                      uxo_tile_tally *tally);

#endif
