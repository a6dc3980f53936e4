/* implied.c - casualties that a scenario implies for each dud, for `check`: carriers are drawn as in a run, duds are taken at four points of
 * each pattern. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "drawing.h"
#include "uxosim/engine.h"

/* One realisation, added up. */
typedef struct implied_sum {
    const uxo_scenario *scenario;
    const uxo_exposure_draw *draw;
    double duds, accidents; /* on the grid */
} implied_sum;

static double chance_at(const implied_sum *self, double x_m, double y_m)
{
    const uxo_people *const people = &self->scenario->people;
    const uxo_density at = people->map.density[uxo_people_block_at(&people->map, x_m, y_m)];
    const double contacts = (double)at.residents_per_m2 * self->draw->contact_m2[0] * self->draw->years[0];
    return uxo_exposure_accident(self->draw->hazardous, contacts);
}

/* The mean of a function over a gaussian by its values one standard deviation out in each corner, exact up to cubics. */
static void visit_carriers(void *user, const uxo_drawn_carrier *carriers, size_t count)
{
    implied_sum *const self = user;
    for (size_t i = 0; i < count; i++) {
        const uxo_carrier_draw *const draw = &carriers[i].draw;
        for (int corner = 0; draw->opened && corner < 4; corner++) {
            const double duds = 0.25 * (double)draw->load * carriers[i].rate;
            uxo_carrier_draw at = *draw;
            uint32_t ix, iy;
            uxo_draw_place_from(carriers[i].of_strike, draw->x_m, draw->y_m,
                                corner % 2 == 0 ? draw->pattern_along_m : -draw->pattern_along_m,
                                corner / 2 == 0 ? draw->pattern_across_m : -draw->pattern_across_m, &at);
            if (uxo_grid_locate(&self->scenario->grid, at.x_m, at.y_m, &ix, &iy)) {
                self->duds += duds;
                self->accidents += duds * chance_at(self, at.x_m, at.y_m);
            }
        }
    }
}

static void find_realisation(const uxo_scenario *scenario, uxo_drawing *drawing, uint32_t realisation, double *campaign,
                             uxo_implied *out)
{
    uxo_exposure_draw draw;
    implied_sum sum = {.scenario = scenario, .draw = &draw};
    const uxo_draw_source from = uxo_draw_from(realisation);
    uxo_draw_campaign(scenario, from, campaign);
    uxo_exposure_of(&scenario->people, campaign, &draw);
    uxo_drawing_realise(drawing, scenario, uxo_kernels_select(NULL), from, campaign, NULL, scenario->strikes.count,
                        UXO_DRAW_PLACES_OF_ALL | UXO_DRAW_NO_COUNTS, visit_carriers, &sum);
    out->duds[realisation] = sum.duds;
    out->casualties[realisation] = sum.accidents * draw.casualties;
}

void uxo_implied_free(uxo_implied *self)
{
    free(self->duds);
    free(self->casualties);
    *self = (uxo_implied){0, NULL, NULL};
}

uxo_status uxo_engine_implied(const uxo_scenario *scenario, uint32_t count, uxo_implied *out, uxo_report *report)
{
    bool out_of_memory = false;
    *out = (uxo_implied){count, calloc((size_t)count + 1, sizeof *out->duds),
                         calloc((size_t)count + 1, sizeof *out->casualties)};
    out_of_memory = out->duds == NULL || out->casualties == NULL;
#pragma omp parallel
    {
        uxo_drawing drawing;
        double *const campaign = calloc((size_t)scenario->campaign_count + 1, sizeof *campaign);
        const bool good = uxo_drawing_init(&drawing, scenario) && campaign != NULL;
        if (!good) {
#pragma omp atomic write
            out_of_memory = true;
        }
#pragma omp barrier
#pragma omp for schedule(dynamic, 16)
        for (uint32_t r = 0; r < count; r++) {
            if (!out_of_memory) {
                find_realisation(scenario, &drawing, r, campaign, out);
            }
        }
        uxo_drawing_free(&drawing);
        free(campaign);
    }
    return out_of_memory ? uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory") : UXO_OK;
}
