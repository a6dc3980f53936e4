/* points.h - realisations as points: threads that take blocks of them, and tallies that all threads share.
 *
 * A thread takes a block of realisations and tallies its duds itself, in words of its own that are added to the common
 * tallies now and then. Those are integers, so neither the number of threads nor the size of a block can be seen in the
 * result. Not here: what one realisation does (analog.c).
 */
#ifndef UXOSIM_ENGINE_POINTS_H
#define UXOSIM_ENGINE_POINTS_H

#include <omp.h>

#include "analog.h"

/* Enough that two threads seldom meet at one. */
enum { UXO_TILE_LOCKS = 256 };

typedef struct uxo_points {
    const uxo_scenario *scenario;
    const uxo_engine_options *options;
    const uxo_kernels *kernels;
    uxo_outcome *outcome;
    uxo_worker *workers;
    int threads;
    uint32_t block;                       /* realisations that a thread takes at a time, at most */
    omp_lock_t tile_lock[UXO_TILE_LOCKS]; /* of the tallies of tiles: that of the tile's index, modulo */
    omp_lock_t lock;                      /* of what follows */
    uint32_t begin, next, done, end;      /* realisations: the first, to be taken next, done, behind the last */
    uint64_t duds;                        /* of those done */
    bool out_of_memory;
    double last_progress;
    double started;
} uxo_points;

/* Free also after an error. */
UXO_MUST_USE uxo_status uxo_points_init(uxo_points *self, const uxo_scenario *scenario,
                                        const uxo_engine_options *options, uxo_outcome *outcome, uxo_report *report);
void uxo_points_free(uxo_points *self);
/* Since init. */
double uxo_points_seconds(const uxo_points *self);

/* Realisations from *done on, up to `end`, or fewer where it is time to keep what is known or to stop; *done is then behind the last. Rows and
 * sums of the outcome are whole up to there, but for an end without a store, where they are of no use. */
UXO_MUST_USE uxo_status uxo_points_run(uxo_points *self, uint32_t *done, uint32_t end, uxo_report *report);

#endif
