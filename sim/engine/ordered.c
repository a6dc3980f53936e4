/* ordered.c - a loop whose iterations are worked on by many threads and committed one by one in ascending order. Not
 * here: what the iterations are.
 *
 * A result that is ready before its turn waits in a list; no thread waits for another, but for the lock. So one slow
 * iteration holds up the commits, not the work. */
#include <omp.h>
#include <stdlib.h>

#include "uxosim/maps.h"

typedef struct ordered {
    const uxo_ordered_loop *loop;
    size_t count;
    omp_lock_t lock; /* of everything below */
    size_t taken;    /* iterations that a thread has begun */
    size_t turn;     /* the one to be committed next */
    bool committing; /* some thread is at it */
    void **result;   /* [count] of those that are done */
    bool *done;      /* [count] */
    uxo_status status;
} ordered;

int uxo_ordered_threads(int threads)
{
    return threads > 0 ? threads : omp_get_max_threads();
}

/* The next iteration; false when there is none or the loop has failed. */
static bool take(ordered *self, size_t *index)
{
    omp_set_lock(&self->lock);
    const bool any = self->status == UXO_OK && self->taken < self->count;
    if (any) {
        *index = self->taken++;
    }
    omp_unset_lock(&self->lock);
    return any;
}

/* Commits all that are ready. Called and left with the lock held, which is free during a commit: who finishes then
 * leaves its result to this thread. */
static void commit_ready(ordered *self)
{
    if (self->committing) {
        return;
    }
    self->committing = true;
    while (self->status == UXO_OK && self->turn < self->count && self->done[self->turn]) {
        const size_t index = self->turn++;
        void *const result = self->result[index];
        self->result[index] = NULL;
        omp_unset_lock(&self->lock);
        const uxo_status status = self->loop->commit(self->loop->user, index, result);
        omp_set_lock(&self->lock);
        self->status = self->status == UXO_OK ? status : self->status;
    }
    self->committing = false;
}

static void work_and_commit(ordered *self)
{
    const int thread = omp_get_thread_num();
    size_t index;
    while (take(self, &index)) {
        void *result = NULL;
        const uxo_status status = self->loop->work(self->loop->user, thread, index, &result);
        omp_set_lock(&self->lock);
        self->result[index] = result;
        self->done[index] = true;
        self->status = self->status == UXO_OK ? status : self->status;
        commit_ready(self);
        omp_unset_lock(&self->lock);
    }
}

uxo_status uxo_ordered_run(const uxo_ordered_loop *loop, size_t count, int threads)
{
    ordered self = {.loop = loop, .count = count, .status = UXO_OK};
    self.result = calloc(count + 1, sizeof *self.result);
    self.done = calloc(count + 1, sizeof *self.done);
    if (self.result == NULL || self.done == NULL) {
        self.status = UXO_ERR_MEMORY;
    } else {
        omp_init_lock(&self.lock);
#pragma omp parallel num_threads(uxo_ordered_threads(threads))
        work_and_commit(&self);
        omp_destroy_lock(&self.lock);
        for (size_t i = self.turn; i < self.taken; i++) {
            if (self.result[i] != NULL) {
                loop->discard(loop->user, self.result[i]);
            }
        }
    }
    free(self.result);
    free(self.done);
    return self.status;
}
