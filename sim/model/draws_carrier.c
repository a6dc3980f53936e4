/* draws_carrier.c - carrier level of one realisation: load, opening, number of duds, release point. */
#include "draws_private.h"

/* x^n by squaring: n roundings at most, so P(0) is as right as 1 - p is. */
static double whole_power(double x, uint32_t n)
{
    double power = (n & 1) != 0 ? x : 1.0;
    for (n >>= 1; n != 0; n >>= 1) {
        x *= x;
        power *= (n & 1) != 0 ? x : 1.0;
    }
    return power;
}

void draw_count_plan(uint32_t load, double failure_rate, double ground_odds, uxo_count_plan *plan)
{
    const double rate = ground_odds > 1.0 ? uxo_surface_most(failure_rate, ground_odds) : failure_rate;
    const bool flipped = rate > 0.5;
    const double p = flipped ? 1.0 - rate : rate;
    const double n = (double)load;
    *plan = (uxo_count_plan){.load = load, .rate = rate, .failure_rate = failure_rate, .flipped = flipped};
    if (!(p > 0.0)) {
        plan->none = 1.0; /* nothing (or, flipped, everything) */
        return;
    }
    plan->rejection = n * p >= UXO_INVERSION_MEAN;
    plan->odds = p / (1.0 - p);
    plan->ratio = (n + 1.0) * plan->odds;
    plan->none = whole_power(1.0 - p, load);
}

uint32_t uxo_draw_count_of(const uxo_count_plan *plan, uint32_t by_inversion, uxo_key key, uxo_draw_source from,
                           uint32_t carrier)
{
    if (plan->rejection) {
        uxo_stream stream =
            uxo_stream_at(key, uxo_draw_number(from, UXO_PURPOSE_DUD_COUNT), carrier, UXO_PURPOSE_DUD_COUNT);
        return uxo_stream_binomial(&stream, plan->load, plan->rate);
    }
    return uxo_draw_count_inverted(plan, by_inversion);
}

void uxo_draw_carrier_load(const uxo_strike *strike, const uxo_strike_draw *draw, uxo_draw_source from,
                           uint32_t carrier, uxo_carrier_draw *out, uxo_count_plan *plan)
{
    const draw_address at = {strike->key, from, carrier};
    const uxo_munition *const munition = draw->munition;
    const double failure =
        draw_carrier_value(&munition->carrier_failure, draw->carrier_failure, at, UXO_PURPOSE_CARRIER_FAILURE);
    if (draw->has_plan) {
        *plan = draw->plan;
    } else {
        const double load = draw_carrier_value(&munition->submunitions_per_carrier, draw->load, at, UXO_PURPOSE_LOAD);
        const double rate =
            draw_varies_per_carrier(&munition->dud_rate)
                ? draw_shifted(draw_value(&munition->dud_rate, NULL, at, UXO_PURPOSE_MEAN_RATE), draw->rate_shift)
                : draw->rate;
        draw_count_plan((uint32_t)load, rate, draw->ground_odds, plan);
    }
    out->load = plan->load;
    out->duds = 0;
    out->opened = true;
    if (failure > 0.0) {
        uxo_stream stream = draw_stream(at, at.carrier, UXO_PURPOSE_OPENED);
        out->opened = !(uxo_stream_uniform(&stream) < failure);
    }
}

static void count_duds(const uxo_strike *strike, const uxo_count_plan *plan, uxo_draw_source from, uint32_t carrier,
                       const uxo_block *block, uxo_carrier_draw *out)
{
    if (out->opened) {
        const double u = uxo_uniform_of_words(block->word[0], block->word[1]);
        const uint32_t count = plan->rejection ? 0 : uxo_count_by_inversion(u, plan->none, plan->ratio, plan->odds);
        out->duds = uxo_draw_count_of(plan, count, strike->key, from, carrier);
    }
}

void uxo_draw_carrier_count(const uxo_strike *strike, const uxo_strike_draw *draw, uxo_draw_source from,
                            uint32_t carrier, uxo_carrier_draw *out)
{
    uxo_count_plan plan;
    const uxo_block block = uxo_block_words(strike->key, uxo_draw_number_of_group(from, UXO_GROUP_SCATTER), carrier,
                                            UXO_PURPOSE_CARRIER, 0);
    uxo_draw_carrier_load(strike, draw, from, carrier, out, &plan);
    count_duds(strike, &plan, from, carrier, &block, out);
}

void uxo_draw_carrier_place(const uxo_scenario *scenario, const uxo_strike *strike, const uxo_strike_draw *draw,
                            uxo_draw_source from, const double *campaign, uint32_t carrier, const float z[2],
                            uxo_carrier_draw *out)
{
    const draw_address at = {strike->key, from, carrier};
    const uxo_munition *const munition = draw->munition;
    const uint32_t site = draw->site_order != NULL ? draw->site_order[carrier % strike->site_count] : 0;
    double x_m = draw->centre_x_m, y_m = draw->centre_y_m;
    if (site != 0) {
        const uxo_block block =
            uxo_block_at(strike->key, uxo_draw_number(from, UXO_PURPOSE_LOCATION), site, UXO_PURPOSE_LOCATION, 0);
        draw_centre(scenario, &scenario->strikes.site[strike->first_site + site], campaign, draw,
                    (draw_address){strike->key, from, site}, &block, &x_m, &y_m);
    }
    const double along = (double)z[0] * draw_carrier_value(&munition->spread_along_m, draw->spread_along_m, at,
                                                           UXO_PURPOSE_SPREAD_ALONG);
    const double across = (double)z[1] * draw_carrier_value(&munition->spread_across_m, draw->spread_across_m, at,
                                                            UXO_PURPOSE_SPREAD_ACROSS);
    uxo_draw_place_from(draw, x_m, y_m, along, across, out);
    out->pattern_along_m =
        draw_carrier_value(&munition->pattern_along_m, draw->pattern_along_m, at, UXO_PURPOSE_PATTERN_ALONG);
    out->pattern_across_m =
        draw_carrier_value(&munition->pattern_across_m, draw->pattern_across_m, at, UXO_PURPOSE_PATTERN_ACROSS);
    out->pattern_width =
        munition->shape == UXO_SHAPE_RING
            ? draw_carrier_value(&munition->pattern_width, draw->pattern_width, at, UXO_PURPOSE_PATTERN_WIDTH)
            : 0.0;
}
