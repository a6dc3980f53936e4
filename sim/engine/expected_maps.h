/* expected_maps.h - private to the maps of `expected-value`: one run of them, and its steps. */
#ifndef UXOSIM_ENGINE_EXPECTED_MAPS_H
#define UXOSIM_ENGINE_EXPECTED_MAPS_H

#include "expected_chunk.h"
#include "expected_planes.h"

/* A chunk that threads are at. */
typedef struct uxo_maps_slot {
    bool busy;
    uxo_open_chunk chunk;
} uxo_maps_slot;

/* What becomes of a chunk in this run. */
typedef enum uxo_chunk_state {
    UXO_CHUNK_TO_MAKE,
    UXO_CHUNK_KEPT,     /* it is in the store */
    UXO_CHUNK_ELSEWHERE /* another part of the run makes it */
} uxo_chunk_state;

/* One run. */
typedef struct uxo_maps_run {
    uxo_chunk_plan plan;
    const uxo_engine_options *options;
    uxo_outcome *outcome;
    const uxo_kernels *kernels;
    uxo_chunk_worker *worker; /* [threads] */
    uxo_maps_slot *slot;      /* [uxo_maps_slots] */
    int threads;
    double table_bytes; /* for the carriers of a band */
    uint32_t *strikes;  /* that may reach the band */
    uint32_t strike_count;
    uint32_t first_chunk_x, first_chunk_y; /* of the band */
    uint32_t chunks_across, chunks_down;
    const uxo_work_store *store; /* NULL: every chunk is made here and now */
    bool delivers;               /* chunks go to the sink; not so in a part of a run */
    uxo_chunk_state *state;      /* [chunks of the map]; NULL: all are to be made */
    uint32_t
        *to_make; /* [chunks_y + 1][chunks_x + 1] of the map: chunks to be made north-west of a corner; with `state` */
    double started, last_progress;
} uxo_maps_run;

/* Chunks that are worked on together. */
enum { UXO_MAPS_GROUP = 4 };

/* Chunks that may be open at a time: a group, and one for every thread that is still at an earlier one. */
static inline int uxo_maps_slots(const uxo_maps_run *self)
{
    return UXO_MAPS_GROUP + self->threads - 1;
}

static inline bool uxo_maps_stopped(const uxo_maps_run *self)
{
    return uxo_is_stopped(self->options->stop);
}

/* What is wanted, what is known of every layer: opens the layers. */
UXO_MUST_USE uxo_status uxo_maps_plan(uxo_maps_run *self, uxo_report *report);

/* The map band by band, each of which is as high as its carriers fit into memory. */
UXO_MUST_USE uxo_status uxo_maps_bands(uxo_maps_run *self, uxo_report *report);

/* The chunks of the band whose carriers are in self->plan.table (or were gathered), in order. */
UXO_MUST_USE uxo_status uxo_maps_chunks(uxo_maps_run *self, uxo_report *report);

/* What the store has of the chunks, and what this run is to make. */
UXO_MUST_USE uxo_status uxo_maps_look_up(uxo_maps_run *self, uxo_report *report);
void uxo_maps_forget(uxo_maps_run *self);
uxo_chunk_state uxo_maps_state(const uxo_maps_run *self, uint32_t chunk_x, uint32_t chunk_y);

/* Chunks of the map, first .. end - 1 along each axis. */
typedef struct uxo_chunk_box {
    uint32_t first_x, end_x, first_y, end_y;
} uxo_chunk_box;

/* How many of them are to be made. */
uint32_t uxo_maps_to_make(const uxo_maps_run *self, uxo_chunk_box box);

/* A chunk that has been made, into the store; or one that is there, out of it. NULL: nothing lies on it. */
UXO_MUST_USE uxo_status uxo_maps_keep(const uxo_maps_run *self, uint32_t chunk_x, uint32_t chunk_y,
                                      const uxo_made_chunk *chunk, uxo_report *report);
UXO_MUST_USE uxo_status uxo_maps_find(const uxo_maps_run *self, uint32_t chunk_x, uint32_t chunk_y,
                                      uxo_made_chunk **out, uxo_report *report);

/* Share of all expected duds in cells at least as dense as a cell, from the means of all tiles. Cells whose means agree
 * to one part in 4096 are contained together. */
typedef struct uxo_containment {
    double *share; /* by bin of the mean's bits */
    float whole;   /* share of a cell with nothing in it: all that lies on the grid; NaN: there is nothing */
} uxo_containment;

UXO_MUST_USE uxo_status uxo_containment_make(uxo_containment *self, const uxo_chunk_plan *plan, double total,
                                             uxo_report *report);
void uxo_containment_free(uxo_containment *self);
float uxo_containment_of(const uxo_containment *self, float mean);

/* The layer of it: opened, computed, stored. */
UXO_MUST_USE uxo_status uxo_containment_maps(const uxo_chunk_plan *plan, const uxo_engine_options *options,
                                             double total, uxo_report *report);

#endif
