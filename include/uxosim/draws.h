/* draws.h - one realisation, level by level: campaign, strike, carrier. Pure functions of the scenario and an address; no files,
 * no printing, no threads.
 *
 * Model   docs/model.md#one-realisation
 */
#ifndef UXOSIM_DRAWS_H
#define UXOSIM_DRAWS_H

#include "uxosim/scenario.h"

enum { UXO_MAX_SITES = 1024, UXO_MAX_CARRIERS = 100000 };

/* One strike in one realisation. */
typedef struct uxo_strike_draw {
    bool exists;                 /* it was a cluster strike */
    const uxo_munition *munition;
    uint32_t carriers;
    double bearing_sin, bearing_cos; /* heading on the grid, clockwise from grid north */
    double mean_rate;            /* m: where it does not vary per carrier */
    double rate;                 /* p_s, likewise */
    double spread_along_m, spread_across_m;
    double pattern_along_m, pattern_across_m;
    double carrier_failure;
    uint32_t site_offset, site_stride_seed; /* see uxo_draw_site */
} uxo_strike_draw;

/* One carrier in one realisation. */
typedef struct uxo_carrier_draw {
    bool opened;
    uint32_t load;               /* submunitions in it */
    double rate;                 /* failure probability of each */
    double x_m, y_m;             /* release point, grid's system */
    double pattern_along_m, pattern_across_m;
} uxo_carrier_draw;

/* Campaign level: values[scenario->campaign_count]. */
void uxo_draw_campaign(const uxo_scenario *scenario, uint32_t realisation, double *values);

/* Strike level. `campaign`: the vector of this realisation. */
void uxo_draw_strike(const uxo_scenario *scenario, const uxo_strike *strike, uint32_t realisation, const double *campaign,
                     uxo_strike_draw *out);

/* Carrier level: carrier 0 <= j < draw->carriers. */
void uxo_draw_carrier(const uxo_scenario *scenario, const uxo_strike *strike, const uxo_strike_draw *draw, uint32_t realisation,
                      const double *campaign, uint32_t carrier, uxo_carrier_draw *out);

/* Duds of a carrier: Binomial(load, rate), addressed like everything else. 0 if it did not open. */
uint32_t uxo_draw_dud_count(const uxo_strike *strike, const uxo_carrier_draw *carrier, uint32_t realisation, uint32_t index);

#endif
