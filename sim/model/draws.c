/* draws.c - one realisation, level by level. Every draw has its own address, so the order of calls does not matter. */
#include "uxosim/draws.h"

#include <math.h>

#include "uxosim/portable_math.h"

/* Radius that holds 95 % of a circular normal, in standard deviations: sqrt(-2 ln 0.05). */
static const double R95_PER_SIGMA = 2.4477468306808166;
static const double DEGREES_PER_RADIAN = 57.295779513082320877;

/* Address of the draws of one strike (or of one of its carriers) in one realisation. */
typedef struct address {
    uxo_key key;
    uint32_t realisation;
    uint32_t carrier;
} address;

/* Value of a quantity at the level of `at`: shared, constant or drawn there. */
static double value_of(const uxo_quantity *quantity, const double *campaign, address at, uxo_purpose purpose)
{
    if (quantity->campaign_index >= 0) {
        return campaign[quantity->campaign_index];
    }
    if (quantity->form == UXO_FORM_CONSTANT) {
        return quantity->p[0];
    }
    uxo_stream stream = uxo_stream_at(at.key, at.realisation, at.carrier, purpose);
    return uxo_quantity_sample(quantity, &stream);
}

static bool varies_per_carrier(const uxo_quantity *quantity)
{
    return quantity->per == UXO_PER_CARRIER && quantity->form != UXO_FORM_CONSTANT;
}

/* At strike level; NaN for what is drawn per carrier. */
static double strike_value(const uxo_quantity *quantity, const double *campaign, address at, uxo_purpose purpose)
{
    return varies_per_carrier(quantity) ? NAN : value_of(quantity, campaign, at, purpose);
}

/* At carrier level: what the strike has, unless it is drawn here. */
static double carrier_value(const uxo_quantity *quantity, double of_strike, address at, uxo_purpose purpose)
{
    return varies_per_carrier(quantity) ? value_of(quantity, NULL, at, purpose) : of_strike;
}

void uxo_draw_campaign(const uxo_scenario *scenario, uint32_t realisation, double *values)
{
    for (uint32_t i = 0; i < scenario->campaign_count; i++) {
        const uxo_campaign_item *const item = &scenario->campaign[i];
        uxo_stream stream = uxo_stream_at(item->key, realisation, 0, UXO_PURPOSE_CAMPAIGN_VALUE);
        values[i] = uxo_quantity_sample(&item->quantity, &stream);
    }
}

void uxo_draw_campaign_independent(const uxo_scenario *scenario, const uxo_strike *strike, uint32_t realisation,
                                   const double *shared, double *values)
{
    for (uint32_t i = 0; i < scenario->campaign_count; i++) {
        const uxo_campaign_item *const item = &scenario->campaign[i];
        values[i] = shared[i];
        if (item->is_failure_rate) {
            uxo_stream stream = uxo_stream_at(strike->key, realisation, i, UXO_PURPOSE_INDEPENDENT);
            values[i] = uxo_quantity_sample(&item->quantity, &stream);
        }
    }
}

static bool draw_existence(const uxo_strike *strike, const double *campaign, address at)
{
    const double confidence = value_of(&strike->confidence, campaign, at, UXO_PURPOSE_CONFIDENCE);
    uxo_stream stream = uxo_stream_at(at.key, at.realisation, 0, UXO_PURPOSE_EXISTENCE);
    return uxo_stream_uniform(&stream) < confidence;
}

static uint32_t draw_munition(const uxo_mixture *mixture, address at)
{
    uxo_stream stream = uxo_stream_at(at.key, at.realisation, 0, UXO_PURPOSE_MUNITION);
    double u = uxo_stream_uniform(&stream);
    uint32_t i = 0;
    while (i + 1 < mixture->count && u >= mixture->weight[i]) {
        u -= mixture->weight[i++];
    }
    return mixture->munition[i];
}

/* Heading on the grid: reported (or any) true heading, its error, the convergence at the strike's first site. */
static void draw_bearing(const uxo_strike *strike, double north_rad, const double *campaign, address at,
                         uxo_strike_draw *out)
{
    double heading_deg;
    if (strike->heading_unknown) {
        uxo_stream stream = uxo_stream_at(at.key, at.realisation, 0, UXO_PURPOSE_HEADING);
        heading_deg = 360.0 * uxo_stream_uniform(&stream);
    } else {
        heading_deg = value_of(&strike->heading_deg, campaign, at, UXO_PURPOSE_HEADING);
        const double sd_deg = value_of(&strike->heading_sd_deg, campaign, at, UXO_PURPOSE_HEADING_SD);
        if (sd_deg > 0.0) {
            double z[2];
            uxo_stream stream = uxo_stream_at(at.key, at.realisation, 0, UXO_PURPOSE_HEADING_ERROR);
            uxo_stream_normal_pair(&stream, z);
            heading_deg += sd_deg * z[0];
        }
    }
    uxo_sincospi((heading_deg + north_rad * DEGREES_PER_RADIAN) / 180.0, &out->bearing_sin, &out->bearing_cos);
}

/* True centre about the reported place of one site. */
static void draw_centre(const uxo_site *site, const double *campaign, uxo_key key, uint32_t realisation, uint32_t index,
                        double *x_m, double *y_m)
{
    const address at = {key, realisation, index};
    const double size_m = value_of(&site->location_size_m, campaign, at, UXO_PURPOSE_LOCATION_SIZE);
    *x_m = site->x_m;
    *y_m = site->y_m;
    if (!(size_m > 0.0)) {
        return;
    }
    uxo_stream stream = uxo_stream_at(key, realisation, index, UXO_PURPOSE_LOCATION);
    double east, north;
    if (site->location_kind == UXO_LOCATION_R95) {
        double z[2];
        uxo_stream_normal_pair(&stream, z);
        east = z[0] / R95_PER_SIGMA;
        north = z[1] / R95_PER_SIGMA;
    } else {
        const double radius = sqrt(uxo_stream_uniform(&stream));
        double sine, cosine;
        uxo_sincospi(2.0 * uxo_stream_uniform(&stream), &sine, &cosine);
        east = radius * cosine;
        north = radius * sine;
    }
    *x_m += size_m * east;
    *y_m += size_m * north;
}

/* A random order of the sites: each gets the floor or the ceiling of carriers / sites. */
static void draw_site_order(uint32_t sites, address at, uint16_t *order)
{
    uxo_stream stream = uxo_stream_at(at.key, at.realisation, 0, UXO_PURPOSE_PLACES);
    for (uint32_t i = 0; i < sites; i++) {
        const uint32_t j = (uint32_t)((double)(i + 1) * uxo_stream_uniform(&stream));
        order[i] = j == i ? (uint16_t)i : order[j];
        order[j] = (uint16_t)i;
    }
}

/* p_s ~ Beta(m k, (1 - m) k); m = 0 and m = 1 leave nothing to vary. */
static double draw_rate(const uxo_munition *munition, const double *campaign, address at)
{
    const double mean = strike_value(&munition->dud_rate, campaign, at, UXO_PURPOSE_MEAN_RATE);
    if (!munition->varies_between_strikes || !(mean > 0.0 && mean < 1.0)) {
        return mean; /* NaN when it varies per carrier */
    }
    const double k = value_of(&munition->concentration, campaign, at, UXO_PURPOSE_CONCENTRATION);
    uxo_stream stream = uxo_stream_at(at.key, at.realisation, 0, UXO_PURPOSE_STRIKE_RATE);
    return uxo_stream_beta(&stream, mean * k, (1.0 - mean) * k);
}

void uxo_draw_strike(const uxo_scenario *scenario, const uxo_strike *strike, uint32_t realisation,
                     const double *campaign, uxo_strike_draw *out)
{
    const address at = {strike->key, realisation, 0};
    const uxo_site *const site = &scenario->strikes.site[strike->first_site];
    out->exists = draw_existence(strike, campaign, at);
    if (!out->exists) {
        return;
    }
    const uxo_munition *const munition = &scenario->catalogue.item[draw_munition(&strike->mixture, at)];
    out->munition = munition;
    out->carriers = (uint32_t)value_of(&strike->carriers, campaign, at, UXO_PURPOSE_CARRIERS);
    out->rate = draw_rate(munition, campaign, at);
    out->carrier_failure = strike_value(&munition->carrier_failure, campaign, at, UXO_PURPOSE_CARRIER_FAILURE);
    out->load = strike_value(&munition->submunitions_per_carrier, campaign, at, UXO_PURPOSE_LOAD);
    out->spread_along_m = strike_value(&munition->spread_along_m, campaign, at, UXO_PURPOSE_SPREAD_ALONG);
    out->spread_across_m = strike_value(&munition->spread_across_m, campaign, at, UXO_PURPOSE_SPREAD_ACROSS);
    out->pattern_along_m = strike_value(&munition->pattern_along_m, campaign, at, UXO_PURPOSE_PATTERN_ALONG);
    out->pattern_across_m = strike_value(&munition->pattern_across_m, campaign, at, UXO_PURPOSE_PATTERN_ACROSS);
    draw_bearing(strike, site->north_rad, campaign, at, out);
    draw_centre(site, campaign, strike->key, realisation, 0, &out->centre_x_m, &out->centre_y_m);
    if (strike->site_count > 1) {
        draw_site_order(strike->site_count, at, out->site_order);
    }
}

void uxo_draw_carrier_count(const uxo_strike *strike, const uxo_strike_draw *draw, uint32_t realisation,
                            uint32_t carrier, uxo_carrier_draw *out)
{
    const address at = {strike->key, realisation, carrier};
    const uxo_munition *const munition = draw->munition;
    const double failure =
        carrier_value(&munition->carrier_failure, draw->carrier_failure, at, UXO_PURPOSE_CARRIER_FAILURE);
    out->load = (uint32_t)carrier_value(&munition->submunitions_per_carrier, draw->load, at, UXO_PURPOSE_LOAD);
    out->rate = carrier_value(&munition->dud_rate, draw->rate, at, UXO_PURPOSE_MEAN_RATE);
    out->opened = true;
    if (failure > 0.0) {
        uxo_stream stream = uxo_stream_at(at.key, at.realisation, at.carrier, UXO_PURPOSE_OPENED);
        out->opened = !(uxo_stream_uniform(&stream) < failure);
    }
    out->duds = 0;
    if (out->opened) {
        uxo_stream stream = uxo_stream_at(at.key, at.realisation, at.carrier, UXO_PURPOSE_DUD_COUNT);
        out->duds = uxo_stream_binomial(&stream, out->load, out->rate);
    }
}

/* Release point about the centre: normal, along and across the heading. */
static void draw_release(const uxo_strike_draw *draw, double along_sd_m, double across_sd_m, address at,
                         uxo_carrier_draw *out)
{
    if (!(along_sd_m > 0.0 || across_sd_m > 0.0)) {
        return;
    }
    double z[2];
    uxo_stream stream = uxo_stream_at(at.key, at.realisation, at.carrier, UXO_PURPOSE_RELEASE);
    uxo_stream_normal_pair(&stream, z);
    const double along = along_sd_m * z[0];
    const double across = across_sd_m * z[1];
    out->x_m += along * draw->bearing_sin + across * draw->bearing_cos;
    out->y_m += along * draw->bearing_cos - across * draw->bearing_sin;
}

void uxo_draw_carrier(const uxo_scenario *scenario, const uxo_strike *strike, const uxo_strike_draw *draw,
                      uint32_t realisation, const double *campaign, uint32_t carrier, uxo_carrier_draw *out)
{
    const address at = {strike->key, realisation, carrier};
    const uxo_munition *const munition = draw->munition;
    uxo_draw_carrier_count(strike, draw, realisation, carrier, out);
    out->x_m = draw->centre_x_m;
    out->y_m = draw->centre_y_m;
    if (strike->site_count > 1) {
        const uint32_t site = draw->site_order[carrier % strike->site_count];
        if (site != 0) {
            draw_centre(&scenario->strikes.site[strike->first_site + site], campaign, strike->key, realisation, site,
                        &out->x_m, &out->y_m);
        }
    }
    draw_release(draw, carrier_value(&munition->spread_along_m, draw->spread_along_m, at, UXO_PURPOSE_SPREAD_ALONG),
                 carrier_value(&munition->spread_across_m, draw->spread_across_m, at, UXO_PURPOSE_SPREAD_ACROSS), at,
                 out);
    out->pattern_along_m =
        carrier_value(&munition->pattern_along_m, draw->pattern_along_m, at, UXO_PURPOSE_PATTERN_ALONG);
    out->pattern_across_m =
        carrier_value(&munition->pattern_across_m, draw->pattern_across_m, at, UXO_PURPOSE_PATTERN_ACROSS);
}
