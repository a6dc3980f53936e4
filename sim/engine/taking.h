/* taking.h - numbers in ascending order, taken one by one by many threads: until there are none left, or it is time to keep what is done,
 * or to stop. All that were taken are worked on to their end, so that what is done has no gaps. */
#ifndef UXOSIM_ENGINE_TAKING_H
#define UXOSIM_ENGINE_TAKING_H

#include "uxosim/engine.h"

typedef struct uxo_taking {
    const uxo_engine_options *options;
    uint32_t begin, next, end;
} uxo_taking;

/* Is it time to leave the loops, whatever there is left to do? */
static inline bool uxo_must_pause(const uxo_engine_options *options)
{
    const uxo_work_store *const store = options->store;
    return uxo_is_stopped(options->stop) || (store != NULL && !store->complete && store->due(store->user));
}

/* The next number; false: the thread is to leave its loop. The first is taken unless the run is to stop, so that there is progress however often
 * something is to be kept. */
static inline bool uxo_take(uxo_taking *self, uint32_t *number)
{
    uint32_t taken;
    if (uxo_is_stopped(self->options->stop)) {
        return false;
    }
    if (uxo_must_pause(self->options)) {
#pragma omp atomic read
        taken = self->next;
        if (taken > self->begin) {
            return false;
        }
    }
#pragma omp atomic capture
    taken = self->next++;
    *number = taken;
    return taken < self->end;
}

/* Behind all that were taken, when no thread is in the loop any more. */
static inline uint32_t uxo_taken(const uxo_taking *self)
{
    return self->next < self->end ? self->next : self->end;
}

#endif
