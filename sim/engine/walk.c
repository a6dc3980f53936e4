/* walk.c - see walk.h. Realisations are independent: each is one thread's, and its sum is in the order of its carriers. */
#include "uxosim/walk.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "drawing.h"
#include "expected_table.h"
#include "outcome.h"
#include "remaining.h"
#include "strip.h"
#include "uxosim/portable_math.h"
#include "uxosim/stats.h"

/* Rectangle about segments. */
typedef struct box {
    double west, east, south, north;
} box;

/* Segments that follow each other and are left out together where a carrier does not reach their box: a line over a surface consists of one for
 * each cell. */
enum { TOGETHER = 32 };

static box box_of(const uxo_segment *segment, size_t count, double margin_m)
{
    box all = {INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (size_t i = 0; i < count; i++) {
        const uxo_segment *const s = &segment[i];
        all.west = fmin(all.west, fmin(s->x0_m, s->x1_m) - margin_m);
        all.east = fmax(all.east, fmax(s->x0_m, s->x1_m) + margin_m);
        all.south = fmin(all.south, fmin(s->y0_m, s->y1_m) - margin_m);
        all.north = fmax(all.north, fmax(s->y0_m, s->y1_m) + margin_m);
    }
    return all;
}

/* One for each TOGETHER of them; to be freed, NULL when memory runs out. */
static box *boxes_of(const uxo_lines *lines, double margin_m)
{
    box *const boxes = calloc(lines->count / TOGETHER + 1, sizeof *boxes);
    for (size_t s = 0; boxes != NULL && s < lines->count; s += TOGETHER) {
        const size_t left = lines->count - s;
        boxes[s / TOGETHER] = box_of(lines->segment + s, left < TOGETHER ? left : TOGETHER, margin_m);
    }
    return boxes;
}

static bool is_near(const box *self, double x_m, double y_m, double reach_m)
{
    return x_m + reach_m >= self->west && x_m - reach_m <= self->east && y_m + reach_m >= self->south &&
           y_m - reach_m <= self->north;
}

/* The cell of a segment of a line that was cut. */
typedef struct place_of_segment {
    size_t tile;
    uint32_t cell;
} place_of_segment;

/* All that the realisations share, and one of them. */
typedef struct visitor {
    const uxo_scenario *scenario;
    const uxo_lines *lines;
    const place_of_segment *place; /* of each segment, with a surface only */
    double width_m;
    box near;         /* about all segments */
    const box *boxes; /* about each TOGETHER of them */
    const double *campaign;
    uxo_remaining *remaining; /* of this thread, likewise */
    double contacts;
} visitor;

/* What of one carrier's submunitions remains on the strip beside some segments: a share of those that fell there, by cell where there is a
 * surface. */
static double beside(const visitor *self, double rate, const uxo_strip_carrier *carrier, size_t first, size_t end)
{
    double sum = 0.0;
    for (size_t s = first; s < end; s++) {
        const double share = uxo_strip_share(carrier, &self->lines->segment[s], self->width_m);
        if (share > 0.0) {
            const double remains =
                self->place == NULL ? rate
                                    : uxo_remaining_on_cell(self->remaining, self->place[s].tile, self->place[s].cell);
            sum += share * remains;
        }
    }
    return sum;
}

static double contacts_of(const visitor *self, const uxo_drawn_carrier *drawn, const uxo_strip_carrier *carrier)
{
    const size_t count = self->lines->count;
    double sum = 0.0;
    if (self->place != NULL) {
        uxo_remaining_turn(self->remaining, drawn->rate, self->scenario->strikes.item[drawn->strike].day,
                           self->campaign);
    }
    for (size_t s = 0; s < count; s += TOGETHER) {
        if (is_near(&self->boxes[s / TOGETHER], carrier->x_m, carrier->y_m, carrier->reach_m)) {
            sum += beside(self, drawn->rate, carrier, s, count - s < TOGETHER ? count : s + TOGETHER);
        }
    }
    return (double)drawn->draw.load * sum;
}

static void visit_carriers(void *user, const uxo_drawn_carrier *carriers, size_t count)
{
    visitor *const self = user;
    for (size_t i = 0; i < count; i++) {
        const uxo_carrier_draw *const draw = &carriers[i].draw;
        const double amount = (double)draw->load * carriers[i].rate;
        const uxo_strip_carrier carrier = uxo_strip_carrier_of(&carriers[i]);
        if (!draw->opened || !(amount > 0.0) || !is_near(&self->near, draw->x_m, draw->y_m, carrier.reach_m)) {
            continue;
        }
        self->contacts += contacts_of(self, &carriers[i], &carrier);
    }
}

/* Strikes of which anything may lie on the strip; returns how many. */
static uint32_t find_strikes(const uxo_scenario *scenario, const box *near, uint32_t *strikes)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const uxo_strike *const strike = &scenario->strikes.item[i];
        const double reach_m = uxo_strike_hard_reach_m(scenario, strike);
        bool reaches = false;
        for (uint32_t s = 0; s < strike->site_count; s++) {
            const uxo_site *const site = &scenario->strikes.site[strike->first_site + s];
            reaches = reaches || is_near(near, site->x_m, site->y_m, reach_m);
        }
        if (reaches) {
            strikes[count++] = i;
        }
    }
    return count;
}

/* What all threads read. */
typedef struct walk_plan {
    const uxo_scenario *scenario;
    const uxo_engine_options *options;
    const uxo_kernels *kernels;
    visitor visitor; /* copied for each realisation */
    const uint32_t *strikes;
    uint32_t strike_count, count;
} walk_plan;

static bool walk_all(const walk_plan *plan, double *contacts)
{
    const uxo_scenario *const scenario = plan->scenario;
    bool out_of_memory = false;
#pragma omp parallel num_threads(uxo_ordered_threads(plan->options->threads))
    {
        uxo_drawing drawing;
        uxo_remaining remaining = {.surface = NULL};
        double *const campaign = calloc((size_t)scenario->campaign_count + 1, sizeof *campaign);
        const bool complete = uxo_drawing_init(&drawing, scenario) && campaign != NULL &&
                              (!scenario->surface.given || uxo_remaining_init(&remaining, &scenario->surface));
        if (!complete) {
#pragma omp atomic write
            out_of_memory = true;
        }
#pragma omp for schedule(dynamic, 4)
        for (uint32_t r = 0; r < plan->count; r++) {
            visitor user = plan->visitor;
            user.campaign = campaign;
            user.remaining = &remaining;
            if (complete && !uxo_is_stopped(plan->options->stop)) {
                uxo_draw_campaign(scenario, uxo_draw_from(r), campaign);
                if (scenario->surface.given) {
                    uxo_remaining_forget(&remaining);
                }
                uxo_drawing_realise(&drawing, scenario, plan->kernels, uxo_draw_from(r), campaign, plan->strikes,
                                    plan->strike_count, UXO_DRAW_PLACES_OF_ALL | UXO_DRAW_NO_COUNTS, visit_carriers,
                                    &user);
                contacts[r] = user.contacts;
            }
        }
        uxo_drawing_free(&drawing);
        uxo_remaining_free(&remaining);
        free(campaign);
    }
    return !out_of_memory;
}

/* With a surface: the segments cut at the borders of cells, and the cell of each. False: out of memory. */
static bool cut_lines(const uxo_grid *grid, const uxo_lines *lines, uxo_lines *pieces, place_of_segment **place)
{
    pieces->count = lines->count;
    pieces->segment = malloc((lines->count + 1) * sizeof *pieces->segment);
    if (pieces->segment == NULL) {
        return false;
    }
    memcpy(pieces->segment, lines->segment, lines->count * sizeof *pieces->segment);
    *place = uxo_lines_cut(pieces, grid) ? calloc(pieces->count + 1, sizeof **place) : NULL;
    for (size_t s = 0; *place != NULL && s < pieces->count; s++) {
        const uxo_segment *const segment = &pieces->segment[s];
        uint32_t ix, iy;
        (*place)[s] = (place_of_segment){uxo_grid_tile_count(grid), 0}; /* beyond the grid */
        if (uxo_grid_locate(grid, 0.5 * (segment->x0_m + segment->x1_m), 0.5 * (segment->y0_m + segment->y1_m), &ix,
                            &iy)) {
            (*place)[s] = (place_of_segment){uxo_grid_tile_of(grid, ix, iy), uxo_grid_cell_in_tile(ix, iy)};
        }
    }
    return *place != NULL;
}

uxo_status uxo_walk_contacts(const uxo_scenario *scenario, const uxo_engine_options *options, const uxo_lines *lines,
                             double width_m, uint32_t count, double *contacts, uxo_report *report)
{
    const uxo_kernels *const kernels = uxo_kernels_select(options->kernel);
    if (kernels == NULL) {
        return uxo_fail(report, UXO_ERR_USAGE, NULL, "this processor has no kernels '%s'", options->kernel);
    }
    uxo_lines pieces = {NULL, 0};
    place_of_segment *place = NULL;
    uint32_t *const strikes = calloc((size_t)scenario->strikes.count + 1, sizeof *strikes);
    bool complete = strikes != NULL && (!scenario->surface.given || cut_lines(&scenario->grid, lines, &pieces, &place));
    const uxo_lines *const walked = place != NULL ? &pieces : lines;
    box *const boxes = complete ? boxes_of(walked, 0.5 * width_m) : NULL;
    complete = complete && boxes != NULL;
    if (complete) {
        walk_plan plan = {.scenario = scenario,
                          .options = options,
                          .kernels = kernels,
                          .visitor = {.scenario = scenario,
                                      .lines = walked,
                                      .place = place,
                                      .width_m = width_m,
                                      .near = box_of(lines->segment, lines->count, 0.5 * width_m),
                                      .boxes = boxes},
                          .strikes = strikes,
                          .count = count};
        plan.strike_count = find_strikes(scenario, &plan.visitor.near, strikes);
        complete = walk_all(&plan, contacts);
    }
    uxo_lines_free(&pieces);
    free(place);
    free(boxes);
    free(strikes);
    if (!complete) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a walk");
    }
    return uxo_is_stopped(options->stop) ? UXO_ERR_INTERRUPTED : UXO_OK;
}

bool uxo_walk_detonations(const uxo_scenario *scenario, uint32_t count, double *contacts)
{
    static const uxo_people_quantity share[] = {UXO_PEOPLE_ACCESSIBLE_SHARE, UXO_PEOPLE_HAZARDOUS_SHARE,
                                                UXO_PEOPLE_DETONATION};
    double *const campaign = calloc((size_t)scenario->campaign_count + 1, sizeof *campaign);
    if (!scenario->people.given || campaign == NULL) {
        free(campaign);
        return false;
    }
    for (uint32_t r = 0; r < count; r++) {
        uxo_draw_campaign(scenario, uxo_draw_from(r), campaign);
        for (size_t i = 0; i < sizeof share / sizeof *share; i++) {
            const uxo_quantity *const quantity = &scenario->people.quantity[share[i]];
            contacts[r] *= quantity->campaign_index >= 0 ? campaign[quantity->campaign_index] : quantity->p[0];
        }
    }
    free(campaign);
    return true;
}

uxo_status uxo_walk_summarise(const uxo_scenario *scenario, const double *contacts, const double *weight,
                              uint32_t count, double factor, const double q[3], uxo_walk_risk *out, uxo_report *report)
{
    double *const values = calloc((size_t)count + 1, sizeof *values);
    uxo_weighted *const scratch = malloc(((size_t)count + 1) * sizeof *scratch);
    if (values == NULL || scratch == NULL) {
        free(values);
        free(scratch);
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %u realisations", (unsigned)count);
    }
    uxo_summary summary;
    for (uint32_t r = 0; r < count; r++) {
        values[r] = contacts[r] * factor;
    }
    uxo_stats_summarise(values, weight, count, q, scratch, &summary);
    *out = (uxo_walk_risk){.contacts = summary.mean, .contacts_se = summary.mean_se};
    for (uint32_t r = 0; r < count; r++) {
        values[r] = -uxo_expm1(-values[r]);
    }
    uxo_stats_summarise(values, weight, count, q, scratch, &summary);
    out->probability = summary.mean;
    out->probability_se = summary.mean_se;
    for (int i = 0; i < 3; i++) {
        out->quantile[i] = summary.quantile[i];
        out->quantile_se[i] = summary.quantile_se[i];
    }
    out->effective = uxo_stats_effective(weight, count);
    if (scenario->strikes.count > 0 && !(summary.mean > 0.0)) {
        out->probability_se = out->contacts_se = uxo_outcome_nominal_error(fmax(1.0, out->effective));
    }
    free(values);
    free(scratch);
    return UXO_OK;
}
