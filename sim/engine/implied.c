/* implied.c - casualties that a scenario implies for each dud, for `check`: carriers are drawn as in a run, duds are taken at four points of
 * each pattern. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "drawing.h"
#include "remaining.h"
#include "uxosim/engine.h"

/* One realisation, added up. */
typedef struct implied_sum {
    const uxo_scenario *scenario;
    const uxo_exposure_draw *draw;
    const double *campaign;
    uxo_remaining remaining; /* with a surface only */
    double duds, accidents;  /* on the grid */
} implied_sum;

static double chance_on(const implied_sum *self, uint32_t ground, double density)
{
    const double contacts = density * self->draw->contact_m2[ground] * self->draw->years[0];
    return uxo_exposure_accident(self->draw->hazardous, contacts);
}

/* Duds and accidents of `submunitions` in one cell: with a surface what remains on each of its kinds, of a carrier turned to. */
static void add_cell(implied_sum *self, double submunitions, double rate, uint32_t ix, uint32_t iy)
{
    const uxo_scenario *const scenario = self->scenario;
    const uxo_people_map *const map = &scenario->people.map;
    const double density = (double)map->density[uxo_people_block_of_cell(map, ix, iy)].residents_per_m2;
    if (!scenario->surface.given) {
        self->duds += submunitions * rate;
        self->accidents += submunitions * rate * chance_on(self, 0, density);
        return;
    }
    const uxo_surface_tile *const on = &scenario->surface.tile[uxo_grid_tile_of(&scenario->grid, ix, iy)];
    const uint32_t cell = uxo_grid_cell_in_tile(ix, iy);
    for (uint32_t k = 0; k < on->kind_count; k++) {
        const double weight = on->kind_count == 1 ? 1.0 : (double)on->weight[(size_t)k * UXO_TILE_CELLS + cell] / 255.0;
        const double duds = submunitions * weight * uxo_remaining_on(&self->remaining, on->kind[k]);
        self->duds += duds;
        self->accidents += duds * chance_on(self, scenario->surface.kind[on->kind[k]].ground, density);
    }
}

/* Standard deviation of a pattern along an axis, as a multiple of its size there. */
static double deviation_of(uxo_shape shape, double width)
{
    switch (shape) {
    case UXO_SHAPE_UNIFORM_ELLIPSE:
        return 0.5;
    case UXO_SHAPE_RING: /* uniform between 1 - width/2 and 1 + width/2 of the semi-axes */
        return sqrt(0.5 * (1.0 + 0.25 * width * width));
    default:
        return 1.0;
    }
}

/* The mean of a function over a pattern by its values one standard deviation out in each corner, exact up to cubics. */
static void visit_carriers(void *user, const uxo_drawn_carrier *carriers, size_t count)
{
    implied_sum *const self = user;
    for (size_t i = 0; i < count; i++) {
        const uxo_carrier_draw *const draw = &carriers[i].draw;
        if (self->scenario->surface.given) {
            uxo_remaining_turn(&self->remaining, carriers[i].rate, self->scenario->strikes.item[carriers[i].strike].day,
                               self->campaign);
        }
        const double out = deviation_of(carriers[i].of_strike->munition->shape, draw->pattern_width);
        const double along = out * draw->pattern_along_m, across = out * draw->pattern_across_m;
        for (int corner = 0; draw->opened && corner < 4; corner++) {
            uxo_carrier_draw at = *draw;
            uint32_t ix, iy;
            uxo_draw_place_from(carriers[i].of_strike, draw->x_m, draw->y_m, corner % 2 == 0 ? along : -along,
                                corner / 2 == 0 ? across : -across, &at);
            if (uxo_grid_locate(&self->scenario->grid, at.x_m, at.y_m, &ix, &iy)) {
                add_cell(self, 0.25 * (double)draw->load, carriers[i].rate, ix, iy);
            }
        }
    }
}

static void find_realisation(implied_sum *sum, uxo_drawing *drawing, uint32_t realisation, double *campaign,
                             uxo_implied *out)
{
    const uxo_scenario *const scenario = sum->scenario;
    uxo_exposure_draw draw;
    sum->draw = &draw;
    sum->campaign = campaign;
    sum->duds = 0.0;
    sum->accidents = 0.0;
    uxo_remaining_forget(&sum->remaining);
    const uxo_draw_source from = uxo_draw_from(realisation);
    uxo_draw_campaign(scenario, from, campaign);
    uxo_exposure_of(&scenario->people, campaign, &draw);
    uxo_drawing_realise(drawing, scenario, uxo_kernels_select(NULL), from, campaign, NULL, scenario->strikes.count,
                        UXO_DRAW_PLACES_OF_ALL | UXO_DRAW_NO_COUNTS, visit_carriers, sum);
    out->duds[realisation] = sum->duds;
    out->casualties[realisation] = sum->accidents * draw.casualties;
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
        implied_sum sum = {.scenario = scenario};
        const bool good = uxo_drawing_init(&drawing, scenario) && campaign != NULL &&
                          (!scenario->surface.given || uxo_remaining_init(&sum.remaining, &scenario->surface));
        if (!good) {
#pragma omp atomic write
            out_of_memory = true;
        }
#pragma omp barrier
#pragma omp for schedule(dynamic, 16)
        for (uint32_t r = 0; r < count; r++) {
            if (!out_of_memory) {
                find_realisation(&sum, &drawing, r, campaign, out);
            }
        }
        uxo_drawing_free(&drawing);
        uxo_remaining_free(&sum.remaining);
        free(campaign);
    }
    return out_of_memory ? uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory") : UXO_OK;
}
