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
    uxo_slabs recent_memory;
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
    uint16_t *repeat_stamp; /* [UXO_TILE_CELLS] of the realisation that had more than one dud in the cell last */
    uint32_t *cell_count;   /* likewise: duds of that realisation in it */
    uint32_t largest_count; /* in any cell and realisation */
    void *memory;           /* of all lanes */
} uxo_worker;

bool uxo_worker_init(uxo_worker *self, const uxo_scenario *scenario);
void uxo_worker_free(uxo_worker *self);

/* What has not yet been added to the tally of a tile: for each cell 16 bits with the stamp of the realisation whose dud fell there last, and 16
 * with the number of duds. A stamp is that of one realisation until the tiles are flushed; none is 0. */
enum { UXO_STAMPS = 0xFFFF };
typedef struct uxo_recent {
    uint32_t **
        word; /* [tiles][UXO_TILE_CELLS], in the memory of the worker that came there first; NULL: no dud ever fell there */
    uint32_t *entries; /* [tiles] duds in it: no cell has more */
} uxo_recent;

bool uxo_recent_init(uxo_recent *self, size_t tiles);
void uxo_recent_free(uxo_recent *self);
/* Adds a tile to its tally and forgets its stamps. */
void uxo_recent_flush(uxo_recent *self, size_t tile, uxo_tile_tally *tally);

/* Simulates one realisation: points into the buckets under `stamp`, its rows of the outcome. */
void uxo_analog_realise(uxo_worker *self, const uxo_scenario *scenario, const uxo_kernels *kernels,
                        uint32_t realisation, uint32_t stamp, uxo_outcome *outcome);

/* Duds by column only, added to dud_row[columns]: of the realisation or realisations that `from` says. */
void uxo_analog_count(uxo_worker *self, const uxo_scenario *scenario, const uxo_kernels *kernels, uxo_draw_source from,
                      uint32_t *dud_row);

/* The same as if what all strikes of a campaign share in failure rates were drawn for each strike anew. campaign: scratch, as long as the
 * vector. */
void uxo_analog_count_independent(uxo_worker *self, const uxo_scenario *scenario, const uxo_kernels *kernels,
                                  uint32_t realisation, double *campaign, uint32_t *dud_row);

/* Tallies what all `workers` have in their buckets for one tile. `scratch`: the worker of the calling thread. False: out of memory. */
UXO_MUST_USE bool uxo_analog_tally(uxo_worker *scratch, const uxo_worker *workers, int worker_count, size_t tile,
                                   uxo_recent *recent, uxo_tile_tally **tally);

#endif
