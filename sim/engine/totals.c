/* totals.c - totals without places, for `check`: the same draws as a run, no points, no tallies. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "uxosim/draws.h"
#include "uxosim/engine.h"

static double strike_total(const uxo_strike *strike, const uxo_strike_draw *draw, uxo_draw_source from)
{
    double duds = 0.0;
    for (uint32_t j = 0; j < draw->carriers; j++) {
        uxo_carrier_draw carrier;
        uxo_draw_carrier_count(strike, draw, from, j, &carrier);
        duds += (double)carrier.duds;
    }
    return duds;
}

static double realisation_total(const uxo_scenario *scenario, uint32_t realisation, bool independent, double *shared,
                                double *own)
{
    double duds = 0.0;
    const uxo_draw_source from = uxo_draw_from(realisation);
    uxo_draw_campaign(scenario, from, shared);
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const uxo_strike *const strike = &scenario->strikes.item[i];
        uxo_strike_draw draw;
        if (independent) {
            uxo_draw_campaign_independent(scenario, strike, from, shared, own);
        }
        uxo_draw_strike_count(scenario, strike, from, independent ? own : shared, &draw);
        duds += draw.exists ? strike_total(strike, &draw, from) : 0.0;
    }
    return duds;
}

/* Without places nothing is known of the ground: all of it counts as the reference class, and not cleared. */
static uxo_scenario without_surface(const uxo_scenario *scenario)
{
    uxo_scenario plain = *scenario; /* borrows everything */
    plain.surface.given = false;
    return plain;
}

uxo_status uxo_engine_totals(const uxo_scenario *scenario, uint32_t count, bool independent, double *totals,
                             uxo_report *report)
{
    const uxo_scenario plain = without_surface(scenario);
    const size_t items = scenario->campaign_count + 1;
    bool out_of_memory = false;
#pragma omp parallel
    {
        double *const values = calloc(2 * items, sizeof *values);
        if (values == NULL) {
#pragma omp atomic write
            out_of_memory = true;
        }
#pragma omp for schedule(dynamic, 16)
        for (uint32_t r = 0; r < count; r++) {
            totals[r] = values != NULL ? realisation_total(&plain, r, independent, values, values + items) : NAN;
        }
        free(values);
    }
    return out_of_memory ? uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory") : UXO_OK;
}
