/* draws.h - one realisation, level by level: campaign, strike, carrier.
 *
 * Pure functions of the scenario and an address; no files, no printing, no threads.
 *
 * Model   docs/model.md, "One realisation"
 * Source  the levels are those of the hierarchical model recommended there (Beta-binomial between strikes about a mean
 *         that the whole campaign shares)
 */
#ifndef UXOSIM_DRAWS_H
#define UXOSIM_DRAWS_H

#include "uxosim/kernels.h"
#include "uxosim/scenario.h"

/* How a number of duds, Binomial(load, rate), is drawn: by inversion of the smaller of rate and 1 - rate, or by
 * rejection. Where there is a surface (surface.h) these are candidates: so many as would remain where most remain. */
typedef struct uxo_count_plan {
    uint32_t load;
    double rate;
    double failure_rate;      /* on the reference class; `rate` is that or more */
    bool flipped;             /* counts those that functioned */
    bool rejection;           /* too large for inversion */
    double none, ratio, odds; /* see uxo_kernels.counts */
} uxo_count_plan;

/* One strike in one realisation. Fields after `exists` have no meaning when it is false. NaN: varies per carrier. */
typedef struct uxo_strike_draw {
    bool exists; /* it was a cluster strike */
    const uxo_munition *munition;
    uint32_t carriers;
    double bearing_sin, bearing_cos; /* heading on the grid, clockwise from grid north */
    double rate;                     /* p_s, failure rate of its submunitions on the reference class */
    double rate_shift;               /* of the log odds of mean rates in this realisation */
    double ground_odds;              /* uxo_surface_largest_odds of this realisation; 1 without a surface */
    double load;                     /* submunitions per carrier */
    double carrier_failure;
    double spread_along_m, spread_across_m;
    double pattern_along_m, pattern_across_m;
    double pattern_width;          /* of a ring, relative; other shapes: 0 */
    double centre_x_m, centre_y_m; /* true centre of its first site */
    bool has_plan;                 /* load and rate are the strike's: one plan for all its carriers */
    bool alike; /* its carriers differ by place and count alone: one site, all open, the rest is the strike's */
    uxo_count_plan plan;
    const uint16_t *site_order; /* the order in which carriers are spread over several sites; else NULL */
} uxo_strike_draw;

/* One carrier in one realisation. */
typedef struct uxo_carrier_draw {
    bool opened;
    uint32_t load;   /* submunitions in it */
    uint32_t duds;   /* of them failed; 0 if it did not open */
    double x_m, y_m; /* release point, grid's system */
    double pattern_along_m, pattern_across_m;
    double pattern_width; /* of a ring, relative; other shapes: 0 */
} uxo_carrier_draw;

/* Blocks that a strike's draws are made of, in this order; carrier words and purposes in uxo_strike_blocks. */
enum { UXO_BLOCK_HEADING, UXO_BLOCK_LOCATION, UXO_BLOCK_RATE_A, UXO_BLOCK_RATE_B, UXO_STRIKE_BLOCKS };
typedef struct uxo_block_address {
    uxo_purpose purpose;
    uint32_t carrier;
} uxo_block_address;
extern const uxo_block_address uxo_strike_blocks[UXO_STRIKE_BLOCKS];

/* Campaign level: values[scenario->campaign_count]. */
void uxo_draw_campaign(const uxo_scenario *scenario, uxo_draw_source from, double *values);

/* The same with the failure rates drawn for this strike alone: what a model without shared rates would do. */
void uxo_draw_campaign_independent(const uxo_scenario *scenario, const uxo_strike *strike, uxo_draw_source from,
                                   const double *shared, double *values);

/* Strike level.
 *
 * campaign    the vector of this realisation
 * site_order  room for strike->site_count, NULL where places do not matter
 */
void uxo_draw_strike(const uxo_scenario *scenario, const uxo_strike *strike, uxo_draw_source from,
                     const double *campaign, uint16_t *site_order, uxo_strike_draw *out);

/* The same where places do not matter: heading and centre have no meaning, the rest is as above. */
void uxo_draw_strike_count(const uxo_scenario *scenario, const uxo_strike *strike, uxo_draw_source from,
                           const double *campaign, uxo_strike_draw *out);

/* The two halves of it, for those who compute blocks by the lane: whether there is a strike, and everything else. */
bool uxo_draw_existence(const uxo_scenario *scenario, const uxo_strike *strike, uxo_draw_source from,
                        const double *campaign);
void uxo_draw_strike_of(const uxo_scenario *scenario, const uxo_strike *strike, uxo_draw_source from,
                        const double *campaign, const uxo_block blocks[UXO_STRIKE_BLOCKS], uint16_t *site_order,
                        uxo_strike_draw *out);

/* Carrier level, 0 <= carrier < draw->carriers: load, opening and duds, without a place. */
void uxo_draw_carrier_count(const uxo_strike *strike, const uxo_strike_draw *draw, uxo_draw_source from,
                            uint32_t carrier, uxo_carrier_draw *out);

/* The parts of it, for those who work by the lane:
 *
 * load   load, opening and how to count
 * count  the count itself, from u
 * place  places, from normals
 */
void uxo_draw_carrier_load(const uxo_strike *strike, const uxo_strike_draw *draw, uxo_draw_source from,
                           uint32_t carrier, uxo_carrier_draw *out, uxo_count_plan *plan);
uint32_t uxo_draw_count_of(const uxo_count_plan *plan, uint32_t by_inversion, uxo_key key, uxo_draw_source from,
                           uint32_t carrier);
void uxo_draw_carrier_place(const uxo_scenario *scenario, const uxo_strike *strike, const uxo_strike_draw *draw,
                            uxo_draw_source from, const double *campaign, uint32_t carrier, const float z[2],
                            uxo_carrier_draw *out);

/* The same for the common case, inline. Of a count by inversion the dud count; of a carrier that is like the others of its strike (see `alike`)
 * the place. */
static inline uint32_t uxo_draw_count_inverted(const uxo_count_plan *plan, uint32_t by_inversion)
{
    const uint32_t count = by_inversion < plan->load ? by_inversion : plan->load;
    return plan->flipped ? plan->load - count : count;
}

static inline void uxo_draw_place_from(const uxo_strike_draw *draw, double x_m, double y_m, double along_m,
                                       double across_m, uxo_carrier_draw *out)
{
    out->x_m = x_m + (along_m * draw->bearing_sin + across_m * draw->bearing_cos);
    out->y_m = y_m + (along_m * draw->bearing_cos - across_m * draw->bearing_sin);
}

static inline void uxo_draw_place_alike(const uxo_strike_draw *draw, float along, float across, uxo_carrier_draw *out)
{
    uxo_draw_place_from(draw, draw->centre_x_m, draw->centre_y_m, (double)along * draw->spread_along_m,
                        (double)across * draw->spread_across_m, out);
    out->pattern_along_m = draw->pattern_along_m;
    out->pattern_across_m = draw->pattern_across_m;
    out->pattern_width = draw->pattern_width;
}

#endif
