/* draws.h - one realisation, level by level: campaign, strike, carrier. Pure functions of the scenario and an address;
 * no files, no printing, no threads.
 *
 * Model   docs/model.md, "One realisation"
 * Source  the levels are those of the hierarchical model recommended there (Beta-binomial between strikes about a mean
 * that the whole campaign shares)
 */
#ifndef UXOSIM_DRAWS_H
#define UXOSIM_DRAWS_H

#include "uxosim/scenario.h"

/* One strike in one realisation. Fields after `exists` have no meaning when it is false. */
typedef struct uxo_strike_draw {
    bool exists; /* it was a cluster strike */
    const uxo_munition *munition;
    uint32_t carriers;
    double bearing_sin, bearing_cos;          /* heading on the grid, clockwise from grid north */
    double rate;                              /* p_s, failure rate of its submunitions; unless it varies per carrier */
    double carrier_failure;                   /* likewise */
    double load;                              /* submunitions per carrier, likewise */
    double spread_along_m, spread_across_m;   /* likewise */
    double pattern_along_m, pattern_across_m; /* likewise */
    double centre_x_m, centre_y_m; /* true centre; strikes with several sites have one for each, see uxo_draw_carrier */
    uint16_t site_order[UXO_MAX_SITES]; /* the order in which carriers are spread over the sites; only with several */
} uxo_strike_draw;

/* One carrier in one realisation. */
typedef struct uxo_carrier_draw {
    bool opened;
    uint32_t load;   /* submunitions in it */
    uint32_t duds;   /* of them failed: Binomial(load, rate); 0 if it did not open */
    double rate;     /* failure probability of each */
    double x_m, y_m; /* release point, grid's system */
    double pattern_along_m, pattern_across_m;
} uxo_carrier_draw;

/* Campaign level: values[scenario->campaign_count]. */
void uxo_draw_campaign(const uxo_scenario *scenario, uint32_t realisation, double *values);

/* The same with the failure rates drawn for this strike alone: what a model without shared rates would do. */
void uxo_draw_campaign_independent(const uxo_scenario *scenario, const uxo_strike *strike, uint32_t realisation,
                                   const double *shared, double *values);

/* Strike level. campaign: the vector of this realisation. */
void uxo_draw_strike(const uxo_scenario *scenario, const uxo_strike *strike, uint32_t realisation,
                     const double *campaign, uxo_strike_draw *out);

/* Carrier level: 0 <= carrier < draw->carriers. */
void uxo_draw_carrier(const uxo_scenario *scenario, const uxo_strike *strike, const uxo_strike_draw *draw,
                      uint32_t realisation, const double *campaign, uint32_t carrier, uxo_carrier_draw *out);

/* Carrier level without places: load, rate and duds only. The same numbers as uxo_draw_carrier gives. */
void uxo_draw_carrier_count(const uxo_strike *strike, const uxo_strike_draw *draw, uint32_t realisation,
                            uint32_t carrier, uxo_carrier_draw *out);

#endif
