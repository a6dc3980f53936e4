/* expected_squares_field.c - see expected_squares_field.h. */
#include "expected_squares_field.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool uxo_squares_field_init(uxo_squares_field *self, const uxo_scenario *scenario, uxo_squares *squares,
                            const uxo_field_kernels *kernels, int64_t *between_kinds)
{
    memset(self, 0, sizeof *self);
    if (!scenario->surface.given) {
        return true;
    }
    self->scenario = scenario;
    self->squares = squares;
    self->kernels = kernels;
    self->between_kinds = between_kinds;
    const bool patch = uxo_patch_init(&self->own, squares->grid.nx, squares->grid.ny, UXO_PIECE, false) &&
                       (!scenario->people.by_class ||
                        uxo_patch_init(&self->accidents, squares->grid.nx, squares->grid.ny, UXO_PIECE, false));
    return uxo_remaining_init(&self->remaining, &scenario->surface) && patch;
}

void uxo_squares_field_free(uxo_squares_field *self)
{
    uxo_remaining_free(&self->remaining);
    uxo_patch_free(&self->own);
    uxo_patch_free(&self->accidents);
    free(self->share);
    memset(self, 0, sizeof *self);
}

void uxo_squares_field_begin(uxo_squares_field *self, const double *campaign, const uxo_exposure_table *chance)
{
    self->campaign = campaign;
    self->chance = self->scenario->people.by_class ? chance : NULL;
    self->accidents_between = 0.0;
    if (self->chance != NULL) {
        uxo_patch_clear(&self->accidents);
    }
    self->given = 0.0;
    self->on_grid = 0.0;
    uxo_remaining_forget(&self->remaining);
}

/* sum of value x factor over a piece: columns first, so that the compiler adds sixteen at a time, always in one order. */
static double sum_over(const float *value, const float *factor)
{
    double column[UXO_PIECE] = {0.0}, sum = 0.0;
    for (uint32_t row = 0; row < UXO_PIECE; row++) {
        for (uint32_t x = 0; x < UXO_PIECE; x++) {
            column[x] += (double)(value[row * UXO_PIECE + x] * factor[row * UXO_PIECE + x]);
        }
    }
    for (uint32_t x = 0; x < UXO_PIECE; x++) {
        sum += column[x];
    }
    return sum;
}

static int64_t parts_of(double duds)
{
    return (int64_t)(duds * UXO_DUD_PARTS + 0.5);
}

/* A square counts all of its kinds by area, as if what falls on it were spread evenly: all of it may lie on any of them. */
static void count_between_kinds(uxo_squares_field *self, const uxo_square_piece *piece, const float *own)
{
    float least = self->share[0], most = self->share[0];
    for (uint32_t k = 1; k < piece->kinds.count; k++) {
        least = self->share[k] < least ? self->share[k] : least;
        most = self->share[k] > most ? self->share[k] : most;
    }
    const double spread = (double)(most - least);
    if (piece->uniform) {
        self->between_kinds[piece->column[0]] += parts_of(sum_over(own, piece->several_kinds) * spread);
        return;
    }
    for (uint32_t i = 0; i < UXO_PIECE_SQUARES; i++) {
        if (piece->column[i] != UXO_MIXED_SQUARE && piece->area_ha[i] > 0.0) {
            self->between_kinds[piece->column[i]] += parts_of((double)(own[i] * piece->several_kinds[i]) * spread);
        }
    }
    for (uint32_t i = 0; i < piece->mixed_count; i++) {
        const uxo_square_share *const part = &piece->mixed[i];
        const double duds = (double)(own[part->square] * piece->several_kinds[part->square]) * part->share;
        self->between_kinds[part->column] += parts_of(duds * spread);
    }
}

static bool room_for(uxo_squares_field *self, uint32_t kinds)
{
    if (kinds > self->share_room) {
        float *const grown = realloc(self->share, kinds * sizeof *grown);
        self->share = grown != NULL ? grown : self->share;
        self->share_room = grown != NULL ? kinds : self->share_room;
    }
    return kinds <= self->share_room;
}

/* Accidents of what remains on one square: what remains on each kind times the chance there. Returns what they may be off by. */
static double square_accidents(const uxo_squares_field *self, const uxo_square_piece *piece, uint32_t square,
                               uxo_density at, double *accidents)
{
    double sum = 0.0, least = INFINITY, most = 0.0;
    for (uint32_t k = 0; k < piece->kinds.count; k++) {
        const float weight = piece->kinds.weight[(size_t)k * UXO_PIECE_SQUARES + square];
        if (weight > 0.0f) {
            const uint32_t ground = self->scenario->surface.kind[piece->kinds.kind[k]].ground;
            const double here = (double)self->share[k] * uxo_exposure_share(self->chance, ground, at, 0);
            sum += (double)weight * here;
            least = fmin(least, here);
            most = fmax(most, here);
        }
    }
    *accidents = sum;
    return most > least ? most - least : 0.0;
}

static bool add_accidents(uxo_squares_field *self, uint32_t block, const uxo_square_piece *piece, const float *own)
{
    const uint32_t per_side = self->squares->per_side, across = UXO_PIECE / per_side;
    float *const values = uxo_patch_touch(&self->accidents, block);
    for (uint32_t i = 0; values != NULL && i < UXO_PIECE_SQUARES; i++) {
        if (own[i] > 0.0f) {
            const uxo_density at = piece->density[i / UXO_PIECE / per_side * across + i % UXO_PIECE / per_side];
            double accidents;
            self->accidents_between += (double)own[i] * square_accidents(self, piece, i, at, &accidents);
            values[i] += (float)((double)own[i] * accidents);
        }
    }
    return values != NULL;
}

/* What remains of the carriers that have been added up. */
static void flush(uxo_squares_field *self, uxo_patch *patch)
{
    if (self->own.touched_count > 0) {
        uxo_remaining_turn(&self->remaining, self->rate, self->scenario->strikes.item[self->strike].day,
                           self->campaign);
    }
    for (uint32_t slot = 0; slot < self->own.touched_count; slot++) {
        const uint32_t block = self->own.touched[slot];
        const float *const own = self->own.value + (size_t)slot * UXO_PIECE_SQUARES;
        const uxo_square_piece *const piece = uxo_squares_piece(self->squares, block);
        float *const values = uxo_patch_touch(patch, block);
        if (piece == NULL || values == NULL || !room_for(self, piece->kinds.count)) {
            self->out_of_memory = true;
            break;
        }
        uxo_block_shares(&piece->kinds, &self->remaining, self->share);
        self->kernels->remain(own, piece->kinds.weight, self->share, piece->kinds.count, 1.0f, values, NULL,
                              UXO_PIECE_SQUARES);
        self->on_grid += sum_over(own, piece->on_grid);
        if (self->chance != NULL && !add_accidents(self, block, piece, own)) {
            self->out_of_memory = true;
            break;
        }
        if (piece->kinds.count > 1) {
            count_between_kinds(self, piece, own);
        }
    }
    self->out_of_memory = self->out_of_memory || self->own.out_of_memory;
    uxo_patch_clear(&self->own);
}

void uxo_squares_field_add(uxo_squares_field *self, uxo_patch *patch, const uxo_drawn_carrier *carrier,
                           const uxo_placed_pattern *placed)
{
    const bool same_rate = !(carrier->rate < self->rate) && !(carrier->rate > self->rate);
    if (self->own.touched_count > 0 && (carrier->strike != self->strike || !same_rate)) {
        flush(self, patch);
    }
    self->strike = carrier->strike;
    self->rate = carrier->rate;
    self->given += (double)carrier->draw.load * carrier->rate;
    uxo_patch_add(&self->own, self->kernels, placed, 0.0, 0.0);
}

void uxo_squares_field_end(uxo_squares_field *self, uxo_patch *patch)
{
    flush(self, patch);
}
