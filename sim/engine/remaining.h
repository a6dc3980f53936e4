/* remaining.h - what remains of the submunitions of one carrier on each kind of surface (surface.h), remembered for the
 * next ones: those of one strike mostly have the same rate. */
#ifndef UXOSIM_ENGINE_REMAINING_H
#define UXOSIM_ENGINE_REMAINING_H

#include "uxosim/scenario.h"

typedef struct uxo_remaining {
    const uxo_surface *surface;
    double *share;    /* [kinds] of the submunitions */
    uint32_t *set_at; /* [kinds] when it was worked out */
    uint32_t now;     /* shares of another time are not those of the present carrier */
    double rate;
    int32_t day;
    const double *campaign; /* NULL: no carrier yet */
} uxo_remaining;

bool uxo_remaining_init(uxo_remaining *self, const uxo_surface *surface);
void uxo_remaining_free(uxo_remaining *self);

/* The carriers that follow are of another realisation, even if `campaign` lies where it lay before. */
void uxo_remaining_forget(uxo_remaining *self);
/* Turns to a carrier: its failure rate on the reference class, the day of its strike, the campaign draws. */
void uxo_remaining_turn(uxo_remaining *self, double rate, int32_t day, const double *campaign);
void uxo_remaining_work_out(uxo_remaining *self, uint32_t kind);

/* Share of the carrier's submunitions that remains on a kind. */
static inline double uxo_remaining_on(uxo_remaining *self, uint32_t kind)
{
    if (self->set_at[kind] != self->now) {
        uxo_remaining_work_out(self, kind);
    }
    return self->share[kind];
}

/* The same as a multiple of its failure rate, which is not 0. */
static inline float uxo_remaining_factor(uxo_remaining *self, uint32_t kind)
{
    return (float)(uxo_remaining_on(self, kind) / self->rate);
}

/* The same on a cell, for which its kinds count by area. Beyond the grid: that of kind 0. */
double uxo_remaining_on_cell(uxo_remaining *self, size_t tile, uint32_t cell);

#endif
