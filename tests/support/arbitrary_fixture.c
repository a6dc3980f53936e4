/* arbitrary_fixture.c - see arbitrary_fixture.h. */
#include "arbitrary_fixture.h"

#include <stdio.h>

#include "map_run.h"

const char *arbitrary_name(arbitrary_kind what)
{
    static const char *const names[ARBITRARY_KINDS] = {"sampled", "closed form", "coarse lattice", "ovals and rings"};
    return names[what];
}

static void choose_munition(model_fixture *fixture, arbitrary_kind what)
{
    uxo_munition *const munition = &fixture->munition[0];
    const double scale = what == ARBITRARY_COARSE ? 4.0 : 1.0;
    munition->submunitions_per_carrier = quantity_range(10.0, 30.0);
    munition->dud_rate = quantity_uniform(0.05, 0.3, UXO_PER_CAMPAIGN);
    munition->carrier_failure = uxo_quantity_constant(0.1);
    munition->spread_along_m = uxo_quantity_constant(60.0);
    munition->spread_across_m = quantity_uniform(10.0, 50.0, UXO_PER_CARRIER);
    munition->pattern_along_m = quantity_uniform(50.0 * scale, 120.0 * scale, UXO_PER_STRIKE);
    munition->pattern_across_m = quantity_uniform(20.0 * scale, 60.0 * scale, UXO_PER_CARRIER);
    for (int i = 1; i < 3; i++) {
        fixture->munition[i] = *munition;
        fixture->munition[i].shape = (uxo_shape)i;
    }
    fixture->munition[2].pattern_width = quantity_uniform(0.1, 1.9, UXO_PER_CARRIER);
    fixture->scenario.catalogue.count = what == ARBITRARY_SHAPES ? 3 : 1;
    if (what == ARBITRARY_CLOSED) {
        munition->dud_rate = uxo_quantity_constant(0.1);
        munition->spread_across_m = uxo_quantity_constant(30.0);
        munition->pattern_along_m = uxo_quantity_constant(90.0);
        munition->pattern_across_m = uxo_quantity_constant(45.0);
    } else {
        fixture_share(fixture, &munition->dud_rate, "m.dud_rate", true);
    }
}

void arbitrary_init(model_fixture *fixture, uint64_t seed, arbitrary_kind what)
{
    static double quantiles[3] = {0.1, 0.5, 0.95}, thresholds_per_ha[2] = {0.5, 5.0};
    const double xmin_m = 330.0, ymin_m = -1210.0, width_m = 6000.0, height_m = 11000.0;
    uxo_stream stream =
        uxo_stream_at(uxo_key_make(seed, UXO_LEVEL_STRIKE, "arbitrary"), 0, 0, UXO_PURPOSE_CAMPAIGN_VALUE);
    fixture_init(fixture, xmin_m, ymin_m, 20.0, 300, 550, 70, seed);
    choose_munition(fixture, what);
    for (int i = 0; i < ARBITRARY_STRIKES; i++) {
        char id[16];
        snprintf(id, sizeof id, "s%02d", i);
        const double x = xmin_m + uxo_stream_uniform(&stream) * width_m,
                     y = ymin_m + uxo_stream_uniform(&stream) * height_m;
        uxo_strike *const strike = fixture_strike(fixture, id, x, y);
        strike->carriers = quantity_range(1.0, 3.0);
        if (what == ARBITRARY_SHAPES) {
            strike->mixture = (uxo_mixture){.count = 3, .munition = {0, 1, 2}, .weight = {0.2, 0.4, 0.4}};
        }
        strike->confidence = uxo_quantity_constant(0.8);
        strike->heading_unknown = i % 3 == 0;
        strike->heading_deg = uxo_quantity_constant(360.0 * uxo_stream_uniform(&stream));
        strike->heading_sd_deg = uxo_quantity_constant(10.0);
        uxo_site *const site = &fixture->site[fixture->scenario.strikes.site_count - 1];
        site->location_size_m = uxo_quantity_constant(150.0);
        site->location_kind = i % 2 == 0 || what == ARBITRARY_CLOSED ? UXO_LOCATION_R95 : UXO_LOCATION_DISC;
        if (i % 4 == 1 && what != ARBITRARY_CLOSED) {
            snprintf(id, sizeof id, "s%02db", i);
            fixture_site(fixture, id, x + 700.0, y + 300.0);
        }
    }
    map_run_prepare(fixture, quantiles, 3, thresholds_per_ha, 2);
}
