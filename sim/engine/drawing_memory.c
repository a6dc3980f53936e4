/* drawing_memory.c - memory of one thread's drawing. */
#include <stdlib.h>
#include <string.h>

#include "drawing.h"

void *uxo_lane_block(size_t lane_bytes)
{
    enum { ALIGNMENT = 64 };
    void *const block = aligned_alloc(ALIGNMENT, lane_bytes * UXO_LANE_ROOM);
    if (block != NULL) {
        memset(block, 0, lane_bytes * UXO_LANE_ROOM);
    }
    return block;
}

void *uxo_lane_take(char **at, size_t size)
{
    void *const here = *at;
    *at += UXO_LANE_ROOM * size;
    return here;
}

/* All arrays of lanes in one block. */
static bool allocate_lanes(uxo_drawing *self)
{
    enum { WORD_ARRAYS = 9 + 1, DOUBLE_ARRAYS = 4 };
    uxo_lanes *const lanes = &self->lanes;
    uint32_t **const words[] = {&lanes->key0,  &lanes->key1,    &lanes->purpose, &lanes->carrier,
                                &lanes->block, &lanes->word[0], &lanes->word[1], &self->count};
    self->memory = uxo_lane_block(WORD_ARRAYS * sizeof(uint32_t) + DOUBLE_ARRAYS * sizeof(double));
    if (self->memory == NULL) {
        return false;
    }
    char *at = self->memory;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        *words[i] = uxo_lane_take(&at, sizeof(uint32_t));
    }
    for (int i = 0; i < 2; i++) {
        lanes->z[i] = uxo_lane_take(&at, sizeof(float));
    }
    for (int i = 0; i < 4; i++) {
        self->count_input[i] = uxo_lane_take(&at, sizeof(double));
    }
    return true;
}

bool uxo_drawing_init(uxo_drawing *self, const uxo_scenario *scenario)
{
    const uint32_t strikes = scenario->strikes.count;
    memset(self, 0, sizeof *self);
    self->key = calloc((size_t)strikes + 1, sizeof *self->key);
    self->certain = calloc((size_t)strikes + 1, sizeof *self->certain);
    for (uint32_t i = 0; self->key != NULL && self->certain != NULL && i < strikes; i++) {
        const uxo_quantity *const confidence = &scenario->strikes.item[i].confidence;
        self->key[i] = scenario->strikes.item[i].key;
        self->certain[i] = confidence->campaign_index < 0 && confidence->form == UXO_FORM_CONSTANT &&
                           confidence->p[0] >= 1.0 && !scenario->theatre.discounts;
    }
    self->site_order = calloc(scenario->strikes.site_count + 1, sizeof *self->site_order);
    self->strike_index = malloc(UXO_STRIKE_CAPACITY * sizeof *self->strike_index);
    self->strike = malloc(UXO_STRIKE_CAPACITY * sizeof *self->strike);
    self->carrier = malloc(UXO_LANE_CAPACITY * sizeof *self->carrier);
    self->plan = malloc(UXO_LANE_CAPACITY * sizeof *self->plan);
    self->plan_of = malloc(UXO_LANE_CAPACITY * sizeof *self->plan_of);
    return allocate_lanes(self) && self->key != NULL && self->certain != NULL && self->site_order != NULL &&
           self->strike_index != NULL && self->strike != NULL && self->carrier != NULL && self->plan != NULL &&
           self->plan_of != NULL;
}

void uxo_drawing_free(uxo_drawing *self)
{
    free(self->key);
    free(self->certain);
    free(self->site_order);
    free(self->strike_index);
    free(self->strike);
    free(self->carrier);
    free(self->plan);
    free(self->plan_of);
    free(self->memory);
    memset(self, 0, sizeof *self);
}
