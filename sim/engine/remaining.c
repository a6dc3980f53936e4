/* remaining.c - see remaining.h. */
#include "remaining.h"

#include <stdlib.h>
#include <string.h>

bool uxo_remaining_init(uxo_remaining *self, const uxo_surface *surface)
{
    memset(self, 0, sizeof *self);
    self->surface = surface;
    self->share = calloc((size_t)surface->kind_count + 1, sizeof *self->share);
    self->set_at = calloc((size_t)surface->kind_count + 1, sizeof *self->set_at);
    return self->share != NULL && self->set_at != NULL;
}

void uxo_remaining_free(uxo_remaining *self)
{
    free(self->share);
    free(self->set_at);
    memset(self, 0, sizeof *self);
}

void uxo_remaining_forget(uxo_remaining *self)
{
    self->campaign = NULL;
}

void uxo_remaining_turn(uxo_remaining *self, double rate, int32_t day, const double *campaign)
{
    const bool same_rate = !(self->rate < rate) && !(self->rate > rate);
    if (self->campaign == campaign && campaign != NULL && self->day == day && same_rate) {
        return;
    }
    if (++self->now == 0) { /* once round: nothing may look as if it were of now */
        memset(self->set_at, 0, self->surface->kind_count * sizeof *self->set_at);
        self->now = 1;
    }
    self->rate = rate;
    self->day = day;
    self->campaign = campaign;
}

void uxo_remaining_work_out(uxo_remaining *self, uint32_t kind)
{
    self->share[kind] = uxo_surface_share(self->surface, kind, self->rate, self->day, self->campaign);
    self->set_at[kind] = self->now;
}

double uxo_remaining_on_cell(uxo_remaining *self, size_t tile, uint32_t cell)
{
    const uxo_surface *const surface = self->surface;
    if (tile >= surface->tile_count) {
        return uxo_remaining_on(self, 0);
    }
    const uxo_surface_tile *const on = &surface->tile[tile];
    if (on->kind_count == 1) {
        return uxo_remaining_on(self, on->kind[0]);
    }
    double share = 0.0;
    for (uint32_t k = 0; k < on->kind_count; k++) {
        const uint8_t weight = on->weight[(size_t)k * UXO_TILE_CELLS + cell];
        if (weight > 0) {
            share += (double)weight * uxo_remaining_on(self, on->kind[k]);
        }
    }
    return share / 255.0;
}
