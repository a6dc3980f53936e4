/* drawing_memory.c - memory of one thread's drawing. */
#include <stdlib.h>
#include <string.h>

#include "drawing.h"

/* Takes the next `count` elements of 4 or 8 bytes from the block of memory. */
static void *take(char **at, size_t count, size_t size)
{
    void *const here = *at;
    *at += count * size;
    return here;
}

/* All arrays of lanes in one aligned block, cleared: kernels read whole groups. */
static bool allocate_lanes(uxo_drawing *self)
{
    enum { ALIGNMENT = 64, WORD_ARRAYS = 9 + 1, DOUBLE_ARRAYS = 4 };
    const size_t bytes = (WORD_ARRAYS * sizeof(uint32_t) + DOUBLE_ARRAYS * sizeof(double)) * UXO_LANE_ROOM;
    uxo_lanes *const lanes = &self->lanes;
    uint32_t **const words[] = {&lanes->key0,  &lanes->key1,    &lanes->purpose, &lanes->carrier,
                                &lanes->block, &lanes->word[0], &lanes->word[1], &self->count};
    self->memory = aligned_alloc(ALIGNMENT, bytes);
    if (self->memory == NULL) {
        return false;
    }
    memset(self->memory, 0, bytes);
    char *at = self->memory;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        *words[i] = take(&at, UXO_LANE_ROOM, sizeof(uint32_t));
    }
    for (int i = 0; i < 2; i++) {
        lanes->z[i] = take(&at, UXO_LANE_ROOM, sizeof(float));
    }
    for (int i = 0; i < 4; i++) {
        self->count_input[i] = take(&at, UXO_LANE_ROOM, sizeof(double));
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
