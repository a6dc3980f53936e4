/* draws_private.h - what the files of the draws share: addresses, and values at their level. */
#ifndef UXOSIM_MODEL_DRAWS_PRIVATE_H
#define UXOSIM_MODEL_DRAWS_PRIVATE_H

#include <math.h>

#include "uxosim/draws.h"
#include "uxosim/portable_math.h"

/* Address of the draws of one strike (carrier 0), or of one of its carriers or sites, in one realisation. */
typedef struct draw_address {
    uxo_key key;
    uxo_draw_source from;
    uint32_t carrier;
} draw_address;

static inline uxo_stream draw_stream(draw_address at, uint32_t carrier, uxo_purpose purpose)
{
    return uxo_stream_at(at.key, uxo_draw_number(at.from, purpose), carrier, purpose);
}

/* Value of a quantity at the level of `at`: shared, constant or drawn there. */
static inline double draw_value(const uxo_quantity *quantity, const double *campaign, draw_address at,
                                uxo_purpose purpose)
{
    if (quantity->campaign_index >= 0) {
        return campaign[quantity->campaign_index];
    }
    if (quantity->form == UXO_FORM_CONSTANT) {
        return quantity->p[0];
    }
    uxo_stream stream = draw_stream(at, at.carrier, purpose);
    return uxo_quantity_sample(quantity, &stream);
}

static inline bool draw_varies_per_carrier(const uxo_quantity *quantity)
{
    return quantity->per == UXO_PER_CARRIER && quantity->form != UXO_FORM_CONSTANT;
}

/* At strike level; NaN for what is drawn per carrier. */
static inline double draw_strike_value(const uxo_quantity *quantity, const double *campaign, draw_address at,
                                       uxo_purpose purpose)
{
    return draw_varies_per_carrier(quantity) ? NAN : draw_value(quantity, campaign, at, purpose);
}

/* At carrier level: what the strike has, unless it is drawn here. */
static inline double draw_carrier_value(const uxo_quantity *quantity, double of_strike, draw_address at,
                                        uxo_purpose purpose)
{
    return draw_varies_per_carrier(quantity) ? draw_value(quantity, NULL, at, purpose) : of_strike;
}

/* Of a campaign quantity: its draw, or the constant that it is. */
static inline double draw_shared(const uxo_quantity *quantity, const double *campaign)
{
    return quantity->campaign_index >= 0 ? campaign[quantity->campaign_index] : quantity->p[0];
}

/* A rate with its log odds shifted; without a shift the same bits. NaN stays NaN. */
static inline double draw_shifted(double rate, double shift)
{
    return shift < 0.0 || shift > 0.0 ? uxo_shift_log_odds(rate, shift) : rate;
}

/* True place about a reported one. at: carrier word = index of the site within its strike; block: LOCATION there; draw: for the heading. */
void draw_centre(const uxo_scenario *scenario, const uxo_site *site, const double *campaign,
                 const uxo_strike_draw *draw, draw_address at, const uxo_block *block, double *x_m, double *y_m);

/* p ~ Beta(a, b) from the first blocks of its two gammas; further blocks are computed where the first do not suffice.
 */
double draw_beta(uxo_key key, uint32_t realisation, double a, double b, const uxo_block *first_a,
                 const uxo_block *first_b);

/* How Binomial(load, uxo_surface_most(failure_rate, ground_odds)) is counted. */
void draw_count_plan(uint32_t load, double failure_rate, double ground_odds, uxo_count_plan *plan);

#endif
