/* expected_squares_field.h - ground and clearance in the squares of districts and affected area: what remains of the
 * carriers of one realisation, strike by strike. */
#ifndef UXOSIM_ENGINE_EXPECTED_SQUARES_FIELD_H
#define UXOSIM_ENGINE_EXPECTED_SQUARES_FIELD_H

#include "drawing.h"
#include "expected_squares.h"

/* One thread's. */
typedef struct uxo_squares_field {
    const uxo_scenario *scenario;
    uxo_squares *squares;
    const uxo_field_kernels *kernels;
    const double *campaign; /* of the realisation */
    uxo_remaining remaining;
    uxo_patch own; /* of the carriers of `strike` with `rate`, as on the reference class */
    uint32_t strike;
    double rate;
    float *share; /* [share_room] of the kinds of one piece */
    uint32_t share_room;
    /* of the realisation, as if all ground were of the reference class: */
    double given;   /* load x rate of all carriers that opened */
    double on_grid; /* of it, on squares of the grid */
    int64_t
        *between_kinds; /* [columns] parts of duds that squares of several kinds may be off by, at most; the caller's */
    /* Where activities keep to ground classes: */
    const uxo_exposure_table *chance; /* of the realisation; NULL: not wanted */
    uxo_patch accidents;      /* expected on each square; its blocks are touched as those of the caller's patch */
    double accidents_between; /* of them, what squares of several kinds may be off by, at most */
    bool out_of_memory;
} uxo_squares_field;

/* Does nothing for a scenario without a surface. */
bool uxo_squares_field_init(uxo_squares_field *self, const uxo_scenario *scenario, uxo_squares *squares,
                            const uxo_field_kernels *kernels, int64_t *between_kinds);
void uxo_squares_field_free(uxo_squares_field *self);

/* A realisation: its campaign draws, its carriers, the rest of them. What remains is added to `patch`. */
void uxo_squares_field_begin(uxo_squares_field *self, const double *campaign, const uxo_exposure_table *chance);
void uxo_squares_field_add(uxo_squares_field *self, uxo_patch *patch, const uxo_drawn_carrier *carrier,
                           const uxo_placed_pattern *placed);
void uxo_squares_field_end(uxo_squares_field *self, uxo_patch *patch);

#endif
