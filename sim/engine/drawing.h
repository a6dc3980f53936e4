/* drawing.h - one realisation drawn: its strikes and their carriers, by the lane, in batches, handed to whoever asked. Not here: what the
 * draws mean (draws.h), where duds lie and what is counted (analog.c). */
#ifndef UXOSIM_ENGINE_DRAWING_H
#define UXOSIM_ENGINE_DRAWING_H

#include "uxosim/draws.h"

/* Carriers drawn together, at most; strikes drawn together are fewer, as each takes several lanes. Arrays have room for whole groups of
 * lanes. */
enum {
    UXO_LANE_CAPACITY = 2048,
    UXO_LANE_ROOM = UXO_LANE_CAPACITY + UXO_LANE_GROUP,
    UXO_STRIKE_CAPACITY = UXO_LANE_CAPACITY / UXO_STRIKE_BLOCKS
};

/* Arrays of lanes lie in one block, `lane_bytes` for each lane: aligned and cleared, as kernels read whole groups. NULL without memory; freed
 * by free. They are taken from its start `*at` one after the other, of elements of `size` bytes: each is whole groups, and so aligned. */
void *uxo_lane_block(size_t lane_bytes);
void *uxo_lane_take(char **at, size_t size);

/* One carrier of one realisation, drawn. */
typedef struct uxo_drawn_carrier {
    uint32_t strike;                  /* index in the scenario */
    uxo_key key;                      /* of the strike */
    uint32_t index;                   /* of the carrier within the strike */
    const uxo_strike_draw *of_strike; /* what its strike drew; valid during the visit */
    uxo_carrier_draw draw;            /* opened, load, duds; place and pattern where they were asked for */
    double rate;                      /* failure rate of its submunitions on the reference class of the ground */
    double most; /* share of them that `duds` is a count with: the same, or more where there is a surface (surface.h) */
} uxo_drawn_carrier;

/* Called with the carriers of a batch. Every carrier of every strike that exists is visited once, in the order of strikes and carriers,
 * whether it opened or not. */
typedef void uxo_carrier_visit(void *user, const uxo_drawn_carrier *carriers, size_t count);

enum {
    UXO_DRAW_PLACES_OF_ALL = 1,   /* every carrier that opened gets its place; else only those with duds */
    UXO_DRAW_NO_COUNTS = 2,       /* duds are not counted and are 0: maps of expected values need none */
    UXO_DRAW_PLACES_OF_INTACT = 4 /* carriers that did not open get theirs, too */
};

/* One thread's lanes and scratch. Nothing is allocated per realisation. */
typedef struct uxo_drawing {
    uxo_key *key;           /* [strikes] of each strike of the scenario, */
    bool *certain;          /* and whether it is in every realisation: near at hand, the strikes themselves are large */
    uint16_t *site_order;   /* [sites] */
    uint32_t *strike_index; /* [UXO_STRIKE_CAPACITY] of the strikes drawn together */
    uxo_strike_draw *strike;        /* likewise */
    uxo_drawn_carrier *carrier;     /* [UXO_LANE_CAPACITY] of the carriers drawn together */
    uxo_count_plan *plan;           /* likewise, of those that have one of their own */
    const uxo_count_plan **plan_of; /* likewise */
    size_t carrier_count;
    uxo_lanes lanes;        /* of strikes, then of their carriers */
    double *count_input[4]; /* u, none, ratio, odds */
    uint32_t *count;
    void *memory; /* of all lanes */
} uxo_drawing;

bool uxo_drawing_init(uxo_drawing *self, const uxo_scenario *scenario);
void uxo_drawing_free(uxo_drawing *self);

/* Draws strikes and their carriers in one realisation.
 *
 * from      the realisation, or those that its groups of draws are from
 * campaign  the vector of this realisation, drawn by the caller
 * strikes   indices of those to draw, [strike_count]; NULL: the first strike_count of the scenario
 * flags     of UXO_DRAW_*
 */
void uxo_drawing_realise(uxo_drawing *self, const uxo_scenario *scenario, const uxo_kernels *kernels,
                         uxo_draw_source from, const double *campaign, const uint32_t *strikes, uint32_t strike_count,
                         unsigned flags, uxo_carrier_visit *visit, void *user);

#endif
