/* analog.h - one thread's share of the `analog` estimator: realisations into points, points into tallies. */
#ifndef UXOSIM_ENGINE_ANALOG_H
#define UXOSIM_ENGINE_ANALOG_H

#include "buckets.h"
#include "uxosim/draws.h"
#include "uxosim/engine.h"
#include "uxosim/scatter.h"

enum { UXO_LANE_CAPACITY = 2048 };

/* Where the duds of a run of lanes belong. Offsets are in cells from the grid's south-west corner. */
typedef struct uxo_lane_job {
    double x, y;               /* release point */
    double x_along, x_across;  /* columns per standard normal, along and across the heading */
    double y_along, y_across;
    uint32_t strike;
    uint32_t duds;             /* of this job; its lanes are the next (duds + 1) / 2 */
} uxo_lane_job;

/* One thread's scratch. Nothing is allocated per realisation. */
typedef struct uxo_worker {
    uxo_buckets buckets;
    uxo_scatter_lanes lanes;
    void *lane_memory;
    size_t lane_count;
    uxo_lane_job *job;
    size_t job_count;
    double *campaign;
    uint64_t *strike_duds;     /* [strikes][columns] */
    uint64_t *strike_carriers; /* [strikes] */
    uint64_t intact_carriers, intact_submunitions, total_duds;
    uint32_t *cell_stamp;      /* [UXO_TILE_CELLS] */
    uint32_t *cell_count;
    uint32_t largest_count;    /* in any cell and realisation */
    uxo_strike_draw strike;
} uxo_worker;

bool uxo_worker_init(uxo_worker *self, const uxo_scenario *scenario);
void uxo_worker_free(uxo_worker *self);

/* Simulates one realisation: points into the buckets under `local`, its row of dud counts, its campaign vector. */
void uxo_analog_realise(uxo_worker *self, const uxo_scenario *scenario, uxo_scatter_kernel *kernel, uint32_t realisation,
                        uint32_t local, uint32_t *dud_row, double *campaign_row);

/* Tallies what all `workers` have in their buckets for one tile. `scratch`: the worker of the calling thread. */
void uxo_analog_tally(uxo_worker *scratch, const uxo_worker *workers, int worker_count, size_t tile, uxo_tile_tally *tally);

#endif
