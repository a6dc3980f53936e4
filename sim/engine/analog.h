/* analog.h - one thread's share of the `analog` estimator: realisations into points (analog.c), points into tallies
 * (tally.c). */
#ifndef UXOSIM_ENGINE_ANALOG_H
#define UXOSIM_ENGINE_ANALOG_H

#include <omp.h>

#include "buckets.h"
#include "thinning.h"
#include "uxosim/engine.h"
#include "uxosim/exposure.h"

#define UXO_MIXED_TILE UINT32_MAX

/* What a worker has not yet added to the tally of a tile: for each cell 16 bits with the stamp of the realisation whose dud fell there last, and 16
 * with the number of duds. A stamp is that of one realisation until the tiles are flushed; none is 0. */
enum { UXO_STAMPS = 0xFFFF };
typedef struct uxo_recent {
    uint32_t **word;   /* [tiles][UXO_TILE_CELLS]; NULL: no dud of this worker ever fell there */
    uint32_t *entries; /* [tiles] duds in it: no cell has more */
} uxo_recent;

bool uxo_recent_init(uxo_recent *self, size_t tiles);
void uxo_recent_free(uxo_recent *self);
/* Adds a tile to its tally and forgets its stamps. */
void uxo_recent_flush(uxo_recent *self, size_t tile, uxo_tile_tally *tally);

/* One thread's scratch. Nothing is allocated per realisation. */
typedef struct uxo_worker {
    uxo_buckets buckets;
    uxo_recent recent;
    uxo_slabs recent_memory;
    uint32_t stamp; /* of the next realisation, see uxo_recent */
    double *campaign;
    uxo_drawing drawing;
    bool has_ovals; /* of the scenario: patterns that are not gaussian */
    /* duds placed together */
    uxo_scatter_jobs jobs;
    uxo_lane_job *job;           /* [UXO_LANE_CAPACITY] */
    uint32_t *job_of;            /* of each lane */
    uint32_t *tile[2], *cell[2]; /* of the first and second dud of each lane */
    uint32_t *column_of;         /* [tiles + 1] column of all duds in a tile; UXO_MIXED_TILE: it has several */
    size_t lane_count, job_count;
    uxo_exposure_table chance; /* of an accident, in the present realisation; where there are people */
    uxo_thinning *thinning;    /* NULL: no surface, every candidate is a dud */
    /* what this thread has counted */
    uint64_t *strike_duds;                           /* [strikes][columns] */
    uint64_t *strike_carriers;                       /* [strikes] */
    double given_mean, given_variance;               /* of the present realisation, see uxo_outcome */
    uint64_t *intact_carriers, *intact_submunitions; /* [columns] by the release point */
    uint64_t *zone_carriers, *zone_submunitions;     /* [columns of zones] likewise, in 255ths */
    uint64_t total_duds;
    uint16_t *repeat_stamp; /* [UXO_TILE_CELLS] of the realisation that had more than one dud in the cell last */
    uint32_t *cell_count;   /* likewise: duds of that realisation in it */
    uint32_t largest_count; /* in any cell and realisation */
    void *memory;           /* of all lanes */
} uxo_worker;

bool uxo_worker_init(uxo_worker *self, const uxo_scenario *scenario);
void uxo_worker_free(uxo_worker *self);

/* Column of a dud: entry as in a bucket. */
static inline uint32_t uxo_analog_column(const uxo_worker *self, const uxo_scenario *scenario, uint32_t tile,
                                         uint32_t entry)
{
    const uint32_t column = self->column_of[tile];
    if (column != UXO_MIXED_TILE) {
        return column;
    }
    const uint32_t cell = entry & ((UINT32_C(1) << UXO_ENTRY_CELL_BITS) - 1);
    const uint16_t district = uxo_area_map_at(&scenario->districts.map, tile, cell);
    return district == UXO_NO_DISTRICT ? scenario->districts.count : district;
}

/* Simulates one realisation: points into the buckets under `stamp`, its rows of the outcome. */
void uxo_analog_realise(uxo_worker *self, const uxo_scenario *scenario, const uxo_kernels *kernels,
                        uint32_t realisation, uint32_t stamp, uxo_outcome *outcome);

/* Duds by column only, added to dud_row[columns]: of the realisation or realisations that `from` says. accident_row: the accidents expected of
 * them in the first year are added there; NULL: not wanted, or nobody is there. */
void uxo_analog_count(uxo_worker *self, const uxo_scenario *scenario, const uxo_kernels *kernels, uxo_draw_source from,
                      uint32_t *dud_row, double *accident_row);

/* The same as if what all strikes of a campaign share in failure rates were drawn for each strike anew. campaign: scratch, as long as the
 * vector. */
void uxo_analog_count_independent(uxo_worker *self, const uxo_scenario *scenario, const uxo_kernels *kernels,
                                  uint32_t realisation, double *campaign, uint32_t *dud_row);

/* The tally of one tile, which all workers add to. */
typedef struct uxo_shared_tally {
    uxo_tile_tally **tally; /* NULL in it: no dud ever fell there */
    omp_lock_t *lock;       /* to be held while it is touched */
} uxo_shared_tally;

/* Tallies what the worker has in its bucket for one tile. What it adds up first is its own, so that nothing but the rare
 * touch of the tally is seen by other threads. False: out of memory. */
UXO_MUST_USE bool uxo_analog_tally(uxo_worker *self, size_t tile, const uxo_shared_tally *to);

#endif
