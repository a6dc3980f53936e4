/* drawing.c - strikes and carriers of one realisation, in two stages of lanes: blocks of strikes, blocks of carriers. Memory is in
 * drawing_memory.c. */
#include "drawing.h"

/* What a call is about. */
typedef struct order {
    const uxo_scenario *scenario;
    const uxo_kernels *kernels;
    uxo_draw_source from;
    const double *campaign;
    unsigned flags;
    uxo_carrier_visit *visit;
    void *user;
} order;

/* The blocks of the lanes. Where groups of draws are from two realisations lane by lane: of a carrier's block the normals are its place, the
 * words count its duds. */
static void draw_lanes(const order *to, const uxo_lanes *lanes, size_t count)
{
    if (to->from.other_groups == 0) {
        to->kernels->draws(lanes, count, to->from.realisation);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const uxo_key key = {{lanes->key0[i], lanes->key1[i]}};
        const uxo_purpose purpose = (uxo_purpose)lanes->purpose[i];
        const uint32_t of_normals = uxo_draw_number(to->from, purpose);
        const uint32_t of_words =
            purpose == UXO_PURPOSE_CARRIER ? uxo_draw_number_of_group(to->from, UXO_GROUP_SCATTER) : of_normals;
        const uxo_block normals = uxo_block_at(key, of_normals, lanes->carrier[i], purpose, lanes->block[i]);
        const uxo_block words = uxo_block_words(key, of_words, lanes->carrier[i], purpose, lanes->block[i]);
        for (int half = 0; half < 2; half++) {
            lanes->z[half][i] = normals.z[half];
            lanes->word[half][i] = words.word[half];
        }
    }
}

/* Load and opening of a carrier, and how its duds are to be counted. */
static inline const uxo_count_plan *load_carrier(uxo_drawing *self, const order *to, size_t i)
{
    uxo_drawn_carrier *const carrier = &self->carrier[i];
    const uxo_strike_draw *const draw = carrier->of_strike;
    if (draw->alike) {
        carrier->draw.opened = true;
        carrier->draw.load = draw->plan.load;
        carrier->draw.duds = 0;
        return &draw->plan;
    }
    uxo_draw_carrier_load(&to->scenario->strikes.item[carrier->strike], draw, to->from, carrier->index, &carrier->draw,
                          &self->plan[i]);
    return &self->plan[i];
}

static void count_carriers(uxo_drawing *self, const order *to)
{
    const uxo_lanes *const lanes = &self->lanes;
    for (size_t i = 0; i < self->carrier_count; i++) {
        const uxo_count_plan *const plan = load_carrier(self, to, i);
        const bool inversion = self->carrier[i].draw.opened && !plan->rejection;
        self->plan_of[i] = plan;
        self->carrier[i].rate = plan->failure_rate;
        self->carrier[i].most = plan->rate;
        self->count_input[0][i] = uxo_uniform_of_words(lanes->word[0][i], lanes->word[1][i]);
        self->count_input[1][i] = inversion ? plan->none : 1.0; /* 1: ends at once with none */
        self->count_input[2][i] = plan->ratio;
        self->count_input[3][i] = plan->odds;
    }
    if ((to->flags & UXO_DRAW_NO_COUNTS) != 0) {
        return;
    }
    to->kernels->counts(self->count_input[0], self->count_input[1], self->count_input[2], self->count_input[3],
                        self->count, self->carrier_count);
    for (size_t i = 0; i < self->carrier_count; i++) {
        uxo_drawn_carrier *const carrier = &self->carrier[i];
        const uxo_count_plan *const plan = self->plan_of[i];
        if (carrier->draw.opened) {
            carrier->draw.duds = plan->rejection
                                     ? uxo_draw_count_of(plan, self->count[i], carrier->key, to->from, carrier->index)
                                     : uxo_draw_count_inverted(plan, self->count[i]);
        }
    }
}

/* Draws the carriers that have been collected and hands them over. */
static void flush_carriers(uxo_drawing *self, const order *to)
{
    const uxo_lanes *const lanes = &self->lanes;
    const bool all = (to->flags & UXO_DRAW_PLACES_OF_ALL) != 0, intact = (to->flags & UXO_DRAW_PLACES_OF_INTACT) != 0;
    draw_lanes(to, lanes, self->carrier_count);
    count_carriers(self, to);
    for (size_t i = 0; i < self->carrier_count; i++) {
        uxo_drawn_carrier *const carrier = &self->carrier[i];
        const float z[2] = {lanes->z[0][i], lanes->z[1][i]};
        if (carrier->of_strike->alike) {
            uxo_draw_place_alike(carrier->of_strike, z[0], z[1], &carrier->draw);
        } else if (carrier->draw.duds > 0 || (carrier->draw.opened ? all : intact)) {
            uxo_draw_carrier_place(to->scenario, &to->scenario->strikes.item[carrier->strike], carrier->of_strike,
                                   to->from, to->campaign, carrier->index, z, &carrier->draw);
        }
    }
    if (self->carrier_count > 0) {
        to->visit(to->user, self->carrier, self->carrier_count);
    }
    self->carrier_count = 0;
}

static void queue_carriers(uxo_drawing *self, const order *to, uint32_t slot)
{
    const uxo_lanes *const lanes = &self->lanes;
    const uint32_t index = self->strike_index[slot];
    const uxo_key key = self->key[index];
    for (uint32_t j = 0; j < self->strike[slot].carriers; j++) {
        if (self->carrier_count == UXO_LANE_CAPACITY) {
            flush_carriers(self, to);
        }
        const size_t lane = self->carrier_count++;
        self->carrier[lane].strike = index;
        self->carrier[lane].key = key;
        self->carrier[lane].index = j;
        self->carrier[lane].of_strike = &self->strike[slot];
        lanes->key0[lane] = key.word[0];
        lanes->key1[lane] = key.word[1];
        lanes->purpose[lane] = UXO_PURPOSE_CARRIER;
        lanes->carrier[lane] = j;
        lanes->block[lane] = 0;
    }
}

/* Draws the strikes slot 0 .. count - 1, then their carriers. */
static void flush_strikes(uxo_drawing *self, const order *to, uint32_t count)
{
    const uxo_lanes *const lanes = &self->lanes;
    for (uint32_t slot = 0; slot < count; slot++) {
        const uxo_key key = self->key[self->strike_index[slot]];
        for (uint32_t b = 0; b < UXO_STRIKE_BLOCKS; b++) {
            const size_t lane = (size_t)slot * UXO_STRIKE_BLOCKS + b;
            lanes->key0[lane] = key.word[0];
            lanes->key1[lane] = key.word[1];
            lanes->purpose[lane] = (uint32_t)uxo_strike_blocks[b].purpose;
            lanes->carrier[lane] = uxo_strike_blocks[b].carrier;
            lanes->block[lane] = 0;
        }
    }
    draw_lanes(to, lanes, (size_t)count * UXO_STRIKE_BLOCKS);
    for (uint32_t slot = 0; slot < count; slot++) {
        const uxo_strike *const strike = &to->scenario->strikes.item[self->strike_index[slot]];
        uxo_block blocks[UXO_STRIKE_BLOCKS];
        for (uint32_t b = 0; b < UXO_STRIKE_BLOCKS; b++) {
            const size_t lane = (size_t)slot * UXO_STRIKE_BLOCKS + b;
            blocks[b] =
                (uxo_block){{lanes->z[0][lane], lanes->z[1][lane]}, {lanes->word[0][lane], lanes->word[1][lane]}};
        }
        uxo_draw_strike_of(to->scenario, strike, to->from, to->campaign, blocks, self->site_order + strike->first_site,
                           &self->strike[slot]);
    }
    for (uint32_t slot = 0; slot < count; slot++) {
        queue_carriers(self, to, slot);
    }
    flush_carriers(self, to);
}

void uxo_drawing_realise(uxo_drawing *self, const uxo_scenario *scenario, const uxo_kernels *kernels,
                         uxo_draw_source from, const double *campaign, const uint32_t *strikes, uint32_t strike_count,
                         unsigned flags, uxo_carrier_visit *visit, void *user)
{
    const order to = {scenario, kernels, from, campaign, flags, visit, user};
    uint32_t count = 0;
    for (uint32_t i = 0; i < strike_count; i++) {
        const uint32_t index = strikes != NULL ? strikes[i] : i;
        if (self->certain[index] || uxo_draw_existence(scenario, &scenario->strikes.item[index], from, campaign)) {
            self->strike_index[count++] = index;
        }
        if (count == UXO_STRIKE_CAPACITY) {
            flush_strikes(self, &to, count);
            count = 0;
        }
    }
    flush_strikes(self, &to, count);
}
