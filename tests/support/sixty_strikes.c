/* sixty_strikes.c - see sixty_strikes.h. */
#include "sixty_strikes.h"

#include <stdio.h>

void sixty_begin(model_fixture *fixture, uint32_t realisations, uint64_t seed)
{
    fixture_init(fixture, 0.0, 0.0, 10.0, ACROSS * APART, DOWN * APART, realisations, seed);
}

void sixty_munition(uxo_munition *munition)
{
    munition->submunitions_per_carrier = quantity_range(20.0, 40.0);
    munition->dud_rate = uxo_quantity_constant(0.12);
    munition->varies_between_strikes = true;
    munition->concentration = uxo_quantity_constant(20.0);
    munition->spread_along_m = uxo_quantity_constant(30.0);
    munition->spread_across_m = uxo_quantity_constant(15.0);
}

uxo_strike *sixty_strike(model_fixture *fixture, int i)
{
    char id[16];
    snprintf(id, sizeof id, "s%02d", i);
    uxo_strike *const strike =
        fixture_strike(fixture, id, 400.0 + 800.0 * (i % ACROSS), 400.0 + 800.0 * (double)(i / ACROSS));
    strike->carriers = quantity_range(1.0, 3.0);
    strike->confidence = uxo_quantity_constant(0.8);
    strike->heading_sd_deg = uxo_quantity_constant(15.0);
    return strike;
}

double sixty_beside(const map_run *run, uxo_layer layer, int strike, const int place[2])
{
    const uint32_t ix = (uint32_t)(strike % ACROSS * APART + APART / 2 + place[0]);
    const uint32_t iy = (uint32_t)((DOWN - 1 - strike / ACROSS) * APART + APART / 2 + place[1]);
    return map_run_at(run, layer, 0, ix, iy);
}
