/* surface.c - see surface.h. */
#include "uxosim/surface.h"

#include <stdlib.h>
#include <string.h>

#include "uxosim/portable_math.h"

void uxo_surface_free(uxo_surface *self)
{
    for (uint32_t i = 0; self->ground != NULL && i < self->ground_count; i++) {
        free(self->ground[i].name);
    }
    for (uint32_t i = 0; self->task != NULL && i < self->task_count; i++) {
        free(self->task[i].name);
    }
    for (size_t t = 0; self->tile != NULL && t < self->tile_count; t++) {
        free((void *)(uintptr_t)self->tile[t].kind);
        free((void *)(uintptr_t)self->tile[t].weight);
    }
    free(self->ground);
    free(self->task);
    free(self->kind);
    free(self->task_of_kind);
    free(self->tile);
    memset(self, 0, sizeof *self);
}

/* A campaign quantity: its draw, or the constant that it is. */
static double value_of(const uxo_quantity *quantity, const double *campaign)
{
    return quantity->campaign_index >= 0 ? campaign[quantity->campaign_index] : quantity->p[0];
}

double uxo_surface_largest_odds(const uxo_surface *self, const double *campaign)
{
    double largest = 0.0; /* of the reference class, which is beyond the grid at least */
    for (uint32_t i = 0; i < self->ground_count; i++) {
        const double beta = value_of(&self->ground[i].log_odds, campaign);
        largest = beta > largest ? beta : largest;
    }
    return largest > 0.0 ? uxo_exp(largest) : 1.0;
}

double uxo_surface_most(double rate, double odds)
{
    return odds > 1.0 ? odds * rate / (1.0 - rate + odds * rate) : rate;
}

double uxo_surface_share(const uxo_surface *self, uint32_t kind, double rate, int32_t day, const double *campaign)
{
    const uxo_surface_kind *const of = &self->kind[kind];
    const double beta = value_of(&self->ground[of->ground].log_odds, campaign);
    double share = rate;
    if (beta < 0.0 || beta > 0.0) {
        share = uxo_shift_log_odds(rate, beta);
    }
    for (uint32_t i = 0; i < of->task_count; i++) {
        const uxo_clearance_task *const task = &self->task[self->task_of_kind[of->first_task + i]];
        if (day == UXO_NO_DATE || task->day > day) {
            share *= 1.0 - value_of(&task->coverage, campaign) * value_of(&task->detection, campaign);
        }
    }
    return share;
}

uint32_t uxo_surface_ground_at(const uxo_surface *self, size_t tile, uint32_t cell)
{
    const uxo_surface_tile *const of = &self->tile[tile];
    uint32_t share[UXO_MAX_GROUND_CLASSES] = {0}, largest = 0;
    if (of->kind_count == 1) {
        return self->kind[of->kind[0]].ground;
    }
    for (uint32_t i = 0; i < of->kind_count; i++) {
        share[self->kind[of->kind[i]].ground] += of->weight[(size_t)i * UXO_TILE_CELLS + cell];
    }
    for (uint32_t i = 1; i < self->ground_count; i++) {
        largest = share[i] > share[largest] ? i : largest;
    }
    return largest;
}
