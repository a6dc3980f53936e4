/* work_memory.h - a work store in memory, for tests of the engine: it counts what is asked of it, and can lose, change and refuse. */
#ifndef UXOSIM_TESTS_WORK_MEMORY_H
#define UXOSIM_TESTS_WORK_MEMORY_H

#include <pthread.h>
#include <signal.h>

#include "uxosim/work_store.h"

typedef struct work_unit {
    uxo_work_kind kind;
    uint32_t a, b;
    void *bytes;
    size_t size;
} work_unit;

typedef struct work_memory {
    pthread_mutex_t lock;
    work_unit *unit;
    size_t count, capacity;
    int keeps, found;           /* calls that kept or gave something */
    int fail_keep;              /* the first is 1; 0: never */
    int stop_after;             /* so many that were kept, *stop is set; 0: never */
    volatile sig_atomic_t stop; /* for the engine's options */
} work_memory;

void work_memory_init(work_memory *self);
void work_memory_free(work_memory *self);
uxo_work_store work_memory_store(work_memory *self, uint32_t part, uint32_t parts, bool complete);

/* Copies all units of another one, as a merge does. */
void work_memory_add(work_memory *self, const work_memory *other);

/* The first such unit; NULL: there is none. */
work_unit *work_memory_at(work_memory *self, uxo_work_kind kind, uint32_t a, uint32_t b);
/* Loses it; it is there. */
void work_memory_drop(work_memory *self, uxo_work_kind kind, uint32_t a, uint32_t b);

#endif
