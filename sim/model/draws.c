/* draws.c - campaign and strike level of one realisation. Every draw has its own address, so the order of calls does
 * not matter. Rates are in draws_rate.c, the carrier level in draws_carrier.c. */
#include "uxosim/draws.h"

#include "draws_private.h"
#include "uxosim/portable_math.h"

static const double DEGREES_PER_RADIAN = 57.295779513082320877;

const uxo_block_address uxo_strike_blocks[UXO_STRIKE_BLOCKS] = {
    [UXO_BLOCK_HEADING] = {UXO_PURPOSE_HEADING, 0},
    [UXO_BLOCK_LOCATION] = {UXO_PURPOSE_LOCATION, 0},
    [UXO_BLOCK_RATE_A] = {UXO_PURPOSE_STRIKE_RATE, 0},
    [UXO_BLOCK_RATE_B] = {UXO_PURPOSE_STRIKE_RATE, 1},
};

void uxo_draw_campaign(const uxo_scenario *scenario, uxo_draw_source from, double *values)
{
    for (uint32_t i = 0; i < scenario->campaign_count; i++) {
        const uxo_campaign_item *const item = &scenario->campaign[i];
        uxo_stream stream =
            uxo_stream_at(item->key, uxo_draw_number_of_group(from, item->group), 0, UXO_PURPOSE_CAMPAIGN_VALUE);
        values[i] = uxo_quantity_sample(&item->quantity, &stream);
    }
}

void uxo_draw_campaign_independent(const uxo_scenario *scenario, const uxo_strike *strike, uxo_draw_source from,
                                   const double *shared, double *values)
{
    for (uint32_t i = 0; i < scenario->campaign_count; i++) {
        const uxo_campaign_item *const item = &scenario->campaign[i];
        values[i] = shared[i];
        if (item->is_failure_rate) {
            uxo_stream stream =
                uxo_stream_at(strike->key, uxo_draw_number(from, UXO_PURPOSE_INDEPENDENT), i, UXO_PURPOSE_INDEPENDENT);
            values[i] = uxo_quantity_sample(&item->quantity, &stream);
        }
    }
}

bool uxo_draw_existence(const uxo_scenario *scenario, const uxo_strike *strike, uxo_draw_source from,
                        const double *campaign)
{
    const draw_address at = {strike->key, from, 0};
    const uxo_theatre *const theatre = &scenario->theatre;
    double confidence = draw_value(&strike->confidence, campaign, at, UXO_PURPOSE_CONFIDENCE);
    if (theatre->discounts) {
        confidence *= draw_shared(&theatre->reliability[strike->status], campaign);
    }
    if (confidence >= 1.0) {
        return true;
    }
    uxo_stream stream = draw_stream(at, 0, UXO_PURPOSE_EXISTENCE);
    return uxo_stream_uniform(&stream) < confidence;
}

static uint32_t draw_munition(const uxo_mixture *mixture, draw_address at)
{
    if (mixture->count == 1) {
        return mixture->munition[0];
    }
    uxo_stream stream = draw_stream(at, 0, UXO_PURPOSE_MUNITION);
    double u = uxo_stream_uniform(&stream);
    uint32_t i = 0;
    while (i + 1 < mixture->count && u >= mixture->weight[i]) {
        u -= mixture->weight[i++];
    }
    return mixture->munition[i];
}

/* Heading on the grid: reported (or any) true heading, its error, the convergence at the strike's first site. */
static void draw_bearing(const uxo_strike *strike, double north_rad, const double *campaign, draw_address at,
                         const uxo_block *block, uxo_strike_draw *out)
{
    double heading_deg;
    if (strike->heading_unknown) {
        heading_deg = 360.0 * uxo_uniform_of_words(block->word[0], block->word[1]);
    } else {
        heading_deg = draw_value(&strike->heading_deg, campaign, at, UXO_PURPOSE_HEADING_VALUE);
        heading_deg += draw_value(&strike->heading_sd_deg, campaign, at, UXO_PURPOSE_HEADING_SD) * (double)block->z[0];
    }
    uxo_sincospi((heading_deg + north_rad * DEGREES_PER_RADIAN) / 180.0, &out->bearing_sin, &out->bearing_cos);
}

void draw_centre(const uxo_scenario *scenario, const uxo_site *site, const double *campaign,
                 const uxo_strike_draw *draw, draw_address at, const uxo_block *block, double *x_m, double *y_m)
{
    const double size_m = draw_value(&site->location_size_m, campaign, at, UXO_PURPOSE_LOCATION_SIZE);
    double scale_m = size_m / UXO_R95_PER_SIGMA;
    if (site->location_kind == UXO_LOCATION_DISC) {
        /* Direction of the normals, which is uniform, and a radius of its own: uniform on the disc. */
        const double a = (double)block->z[0], b = (double)block->z[1];
        const double length = sqrt(a * a + b * b);
        const double radius_m = size_m * sqrt(uxo_uniform_of_words(block->word[0], block->word[1]));
        scale_m = length > 0.0 ? radius_m / length : 0.0;
    }
    *x_m = site->x_m + scale_m * (double)block->z[0];
    *y_m = site->y_m + scale_m * (double)block->z[1];
    const uxo_displacement *const off = &scenario->strikes.displacement[site->evidence];
    if (off->given) {
        const double along_m = draw_value(&off->along_m, campaign, at, UXO_PURPOSE_DISPLACEMENT_ALONG);
        const double across_m = draw_value(&off->across_m, campaign, at, UXO_PURPOSE_DISPLACEMENT_ACROSS);
        *x_m -= along_m * draw->bearing_sin + across_m * draw->bearing_cos;
        *y_m -= along_m * draw->bearing_cos - across_m * draw->bearing_sin;
    }
}

/* A random order of the sites: each gets the floor or the ceiling of carriers / sites. */
static void draw_site_order(uint32_t sites, draw_address at, uint16_t *order)
{
    uxo_stream stream = draw_stream(at, 0, UXO_PURPOSE_PLACES);
    for (uint32_t i = 0; i < sites; i++) {
        const uint32_t j = (uint32_t)((double)(i + 1) * uxo_stream_uniform(&stream));
        order[i] = j == i ? (uint16_t)i : order[j];
        order[j] = (uint16_t)i;
    }
}

/* p_s ~ Beta(m k, (1 - m) k); m = 0 and m = 1 leave nothing to vary. shift: of the log odds of m. */
static double draw_rate(const uxo_munition *munition, double shift, const double *campaign, draw_address at,
                        const uxo_block *first_a, const uxo_block *first_b)
{
    const uxo_quantity *const mean_rate = &munition->dud_rate;
    if (!munition->varies_between_strikes && mean_rate->form == UXO_FORM_BETA && mean_rate->per == UXO_PER_STRIKE) {
        return draw_shifted(draw_beta(at.key, uxo_draw_number(at.from, UXO_PURPOSE_STRIKE_RATE), mean_rate->p[0],
                                      mean_rate->p[1], first_a, first_b),
                            shift);
    }
    const double mean = draw_shifted(draw_strike_value(mean_rate, campaign, at, UXO_PURPOSE_MEAN_RATE), shift);
    if (!munition->varies_between_strikes || !(mean > 0.0 && mean < 1.0)) {
        return mean; /* NaN when it varies per carrier */
    }
    const double k = draw_value(&munition->concentration, campaign, at, UXO_PURPOSE_CONCENTRATION);
    return draw_beta(at.key, uxo_draw_number(at.from, UXO_PURPOSE_STRIKE_RATE), mean * k, (1.0 - mean) * k, first_a,
                     first_b);
}

void uxo_draw_strike_of(const uxo_scenario *scenario, const uxo_strike *strike, uxo_draw_source from,
                        const double *campaign, const uxo_block blocks[UXO_STRIKE_BLOCKS], uint16_t *site_order,
                        uxo_strike_draw *out)
{
    const draw_address at = {strike->key, from, 0};
    const uxo_site *const site = &scenario->strikes.site[strike->first_site];
    const uxo_munition *const munition = &scenario->catalogue.item[draw_munition(&strike->mixture, at)];
    out->exists = true;
    out->munition = munition;
    out->carriers = (uint32_t)draw_value(&strike->carriers, campaign, at, UXO_PURPOSE_CARRIERS);
    out->rate_shift = scenario->theatre.shifts ? draw_shared(&scenario->theatre.rate_shift, campaign) : 0.0;
    out->rate =
        draw_rate(munition, out->rate_shift, campaign, at, &blocks[UXO_BLOCK_RATE_A], &blocks[UXO_BLOCK_RATE_B]);
    out->carrier_failure = draw_strike_value(&munition->carrier_failure, campaign, at, UXO_PURPOSE_CARRIER_FAILURE);
    out->load = draw_strike_value(&munition->submunitions_per_carrier, campaign, at, UXO_PURPOSE_LOAD);
    out->spread_along_m = draw_strike_value(&munition->spread_along_m, campaign, at, UXO_PURPOSE_SPREAD_ALONG);
    out->spread_across_m = draw_strike_value(&munition->spread_across_m, campaign, at, UXO_PURPOSE_SPREAD_ACROSS);
    out->pattern_along_m = draw_strike_value(&munition->pattern_along_m, campaign, at, UXO_PURPOSE_PATTERN_ALONG);
    out->pattern_across_m = draw_strike_value(&munition->pattern_across_m, campaign, at, UXO_PURPOSE_PATTERN_ACROSS);
    out->ground_odds = scenario->surface.given ? uxo_surface_largest_odds(&scenario->surface, campaign) : 1.0;
    out->pattern_width = munition->shape == UXO_SHAPE_RING
                             ? draw_strike_value(&munition->pattern_width, campaign, at, UXO_PURPOSE_PATTERN_WIDTH)
                             : 0.0;
    out->has_plan = !isnan(out->rate) && !isnan(out->load);
    if (out->has_plan) {
        draw_count_plan((uint32_t)out->load, out->rate, out->ground_odds, &out->plan);
    }
    out->alike = out->has_plan && strike->site_count == 1 && out->carrier_failure <= 0.0 &&
                 !isnan(out->spread_along_m + out->spread_across_m + out->pattern_along_m + out->pattern_across_m +
                        out->pattern_width);
    draw_bearing(strike, site->north_rad, campaign, at, &blocks[UXO_BLOCK_HEADING], out);
    draw_centre(scenario, site, campaign, out, at, &blocks[UXO_BLOCK_LOCATION], &out->centre_x_m, &out->centre_y_m);
    out->site_order = NULL;
    if (strike->site_count > 1 && site_order != NULL) {
        draw_site_order(strike->site_count, at, site_order);
        out->site_order = site_order;
    }
}

static void draw_whole_strike(const uxo_scenario *scenario, const uxo_strike *strike, uxo_draw_source from,
                              const double *campaign, bool with_places, uint16_t *site_order, uxo_strike_draw *out)
{
    uxo_block blocks[UXO_STRIKE_BLOCKS];
    out->exists = uxo_draw_existence(scenario, strike, from, campaign);
    if (!out->exists) {
        return;
    }
    for (int i = 0; i < UXO_STRIKE_BLOCKS; i++) {
        const bool is_place = i == UXO_BLOCK_HEADING || i == UXO_BLOCK_LOCATION;
        const uxo_block_address at = uxo_strike_blocks[i];
        blocks[i] = is_place && !with_places
                        ? (uxo_block){{0.0f, 0.0f}, {0, 0}}
                        : uxo_block_at(strike->key, uxo_draw_number(from, at.purpose), at.carrier, at.purpose, 0);
    }
    uxo_draw_strike_of(scenario, strike, from, campaign, blocks, site_order, out);
}

void uxo_draw_strike(const uxo_scenario *scenario, const uxo_strike *strike, uxo_draw_source from,
                     const double *campaign, uint16_t *site_order, uxo_strike_draw *out)
{
    draw_whole_strike(scenario, strike, from, campaign, true, site_order, out);
}

void uxo_draw_strike_count(const uxo_scenario *scenario, const uxo_strike *strike, uxo_draw_source from,
                           const double *campaign, uxo_strike_draw *out)
{
    draw_whole_strike(scenario, strike, from, campaign, false, NULL, out);
}
