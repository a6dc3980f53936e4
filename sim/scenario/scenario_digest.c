/* scenario_digest.c - a digest of what a simulation takes from a scenario. Here is whatever the engine reads, under the condition under which it reads
 * it; not what only names, explains or reports: titles, sources, files, the record of values, choices of output. Two scenarios with one digest give the
 * same numbers. Where it is not plain that a part is not read it is taken, so two with different digests may give the same numbers, too.
 *
 * Districts and zones follow from the grid and from files that a caller compares by their own digests. The background is an origin of its own, which no
 * number of another one contains.
 */
#include <string.h>

#include "uxosim/digest.h"
#include "uxosim/scenario.h"

typedef struct seen {
    const uxo_scenario *scenario;
    uxo_digest *digest;
} seen;

static void take_bytes(seen *self, const void *bytes, size_t size)
{
    uxo_digest_add(self->digest, bytes, size);
}

static void take_number(seen *self, double value)
{
    const double plain = value + 0.0; /* 0 and -0 are one number */
    take_bytes(self, &plain, sizeof plain);
}

static void take_whole(seen *self, uint64_t value)
{
    take_bytes(self, &value, sizeof value);
}

static void take_text(seen *self, const char *text)
{
    take_bytes(self, text, strlen(text) + 1);
}

static void take_quantity(seen *self, const uxo_quantity *quantity)
{
    const bool constant = quantity->form == UXO_FORM_CONSTANT;
    take_whole(self, (uint64_t)quantity->form);
    take_whole(self, constant ? 0 : (uint64_t)quantity->per);
    take_whole(self, quantity->integer);
    take_number(self, quantity->lower);
    take_number(self, quantity->upper);
    for (int i = 0; i < 3; i++) {
        take_number(self, quantity->p[i]);
    }
    take_whole(self, quantity->choices);
    for (uint32_t i = 0; i < quantity->choices; i++) {
        take_number(self, quantity->value[i]);
        take_number(self, quantity->weight[i]);
    }
    /* By its name, which its random stream follows from. */
    take_text(self, quantity->campaign_index >= 0 ? self->scenario->campaign[quantity->campaign_index].name : "");
}

static void take_grid(seen *self, const uxo_grid *grid)
{
    take_number(self, grid->xmin_m);
    take_number(self, grid->ymin_m);
    take_number(self, grid->cell_size_m);
    take_whole(self, grid->nx);
    take_whole(self, grid->ny);
}

/* What is drawn once per realisation: names and their order. The quantities are taken where they belong. */
static void take_run(seen *self)
{
    const uxo_scenario *const scenario = self->scenario;
    take_whole(self, scenario->seed);
    take_whole(self, scenario->realisations);
    take_whole(self, (uint64_t)scenario->estimator);
    take_text(self, uxo_crs_wkt2(scenario->crs));
    take_grid(self, &scenario->grid);
    for (uint32_t i = 0; i < scenario->campaign_count; i++) {
        if (!scenario->campaign[i].background_only) {
            take_text(self, scenario->campaign[i].name);
            take_whole(self, (uint64_t)scenario->campaign[i].group);
        }
    }
    take_text(self, ""); /* no name */
}

static void take_munition(seen *self, const uxo_munition *munition)
{
    const uxo_quantity *const part[] = {&munition->submunitions_per_carrier, &munition->dud_rate,
                                        &munition->carrier_failure,          &munition->spread_along_m,
                                        &munition->spread_across_m,          &munition->pattern_along_m,
                                        &munition->pattern_across_m,         &munition->pattern_width};
    take_text(self, munition->id);
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        take_quantity(self, part[i]);
    }
    take_whole(self, munition->varies_between_strikes);
    if (munition->varies_between_strikes) {
        take_quantity(self, &munition->concentration);
    }
    take_whole(self, (uint64_t)munition->shape);
}

static void take_strike(seen *self, const uxo_strike *strike)
{
    take_text(self, strike->id);
    take_whole(self, strike->key.word[0]);
    take_whole(self, strike->key.word[1]);
    take_whole(self, (uint64_t)(int64_t)strike->day);
    take_whole(self, self->scenario->theatre.discounts ? (uint64_t)strike->status : 0);
    take_whole(self, strike->first_site);
    take_whole(self, strike->site_count);
    take_whole(self, strike->mixture.count);
    for (uint32_t i = 0; i < strike->mixture.count; i++) {
        take_text(self, self->scenario->catalogue.item[strike->mixture.munition[i]].id);
        take_number(self, strike->mixture.weight[i]);
    }
    take_quantity(self, &strike->carriers);
    take_quantity(self, &strike->confidence);
    take_whole(self, strike->heading_unknown);
    if (!strike->heading_unknown) {
        take_quantity(self, &strike->heading_deg);
        take_quantity(self, &strike->heading_sd_deg);
    }
    take_number(self, strike->reach_m);
}

static void take_sites(seen *self)
{
    const uxo_strikes *const strikes = &self->scenario->strikes;
    for (uint32_t i = 0; i < strikes->site_count; i++) {
        const uxo_site *const site = &strikes->site[i];
        take_text(self, site->id);
        take_number(self, site->x_m);
        take_number(self, site->y_m);
        take_number(self, site->north_rad);
        take_whole(self, (uint64_t)(int64_t)site->day);
        take_whole(self, strikes->displacement[site->evidence].given ? (uint64_t)site->evidence + 1 : 0);
        take_whole(self, (uint64_t)site->location_kind);
        take_quantity(self, &site->location_size_m);
    }
    for (int i = 0; i < UXO_EVIDENCE_COUNT; i++) {
        take_whole(self, strikes->displacement[i].given);
        if (strikes->displacement[i].given) {
            take_quantity(self, &strikes->displacement[i].along_m);
            take_quantity(self, &strikes->displacement[i].across_m);
        }
    }
}

static void take_strikes(seen *self)
{
    const uxo_scenario *const scenario = self->scenario;
    for (uint32_t i = 0; i < scenario->catalogue.count; i++) {
        if (uxo_scenario_lists_munition(scenario, i)) {
            take_munition(self, &scenario->catalogue.item[i]);
        }
    }
    take_whole(self, scenario->strikes.count);
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        take_strike(self, &scenario->strikes.item[i]);
    }
    take_sites(self);
}

/* Reliability is that of reports: of a class without any it is not read. */
static void take_theatre(seen *self)
{
    const uxo_theatre *const theatre = &self->scenario->theatre;
    bool there[UXO_STRIKE_STATUS_COUNT] = {false};
    for (uint32_t i = 0; i < self->scenario->strikes.count; i++) {
        there[self->scenario->strikes.item[i].status] = true;
    }
    take_whole(self, theatre->shifts);
    if (theatre->shifts) {
        take_quantity(self, &theatre->rate_shift);
    }
    take_whole(self, theatre->discounts);
    for (int i = 0; theatre->discounts && i < UXO_STRIKE_STATUS_COUNT; i++) {
        if (there[i]) {
            take_quantity(self, &theatre->reliability[i]);
        }
    }
}

static void take_population(seen *self)
{
    const uxo_population *const population = &self->scenario->population;
    take_whole(self, uxo_population_given(population));
    for (size_t t = 0; uxo_population_given(population) && t < population->tile_count; t++) {
        take_whole(self, population->cells[t] != NULL);
        if (population->cells[t] != NULL) {
            take_bytes(self, population->cells[t], UXO_TILE_CELLS * sizeof *population->cells[t]);
        }
    }
}

/* Their map follows from population, grid and range. */
static void take_people(seen *self)
{
    const uxo_people *const people = &self->scenario->people;
    take_whole(self, people->given);
    if (!people->given) {
        return;
    }
    take_number(self, people->range_m);
    for (int i = 0; i < UXO_PEOPLE_QUANTITY_COUNT; i++) {
        take_quantity(self, &people->quantity[i]);
    }
    take_whole(self, people->class_count);
    take_whole(self, people->activity_count);
    for (uint32_t i = 0; i < people->activity_count; i++) {
        take_text(self, people->activity[i].name);
        take_quantity(self, &people->activity[i].participation);
        take_quantity(self, &people->activity[i].ground_m2_per_person_year);
        take_whole(self, people->activity[i].classes);
    }
}

static void take_kinds(seen *self, const uxo_surface *surface)
{
    for (uint32_t i = 0; i < surface->kind_count; i++) {
        const uxo_surface_kind *const kind = &surface->kind[i];
        take_whole(self, kind->ground);
        take_whole(self, kind->task_count);
        take_bytes(self, surface->task_of_kind + kind->first_task, kind->task_count * sizeof *surface->task_of_kind);
    }
    for (size_t t = 0; t < surface->tile_count; t++) {
        const uxo_surface_tile *const tile = &surface->tile[t];
        take_whole(self, tile->kind_count);
        take_bytes(self, tile->kind, tile->kind_count * sizeof *tile->kind);
        if (tile->kind_count > 1) {
            take_bytes(self, tile->weight, (size_t)tile->kind_count * UXO_TILE_CELLS);
        }
    }
}

static void take_surface(seen *self)
{
    const uxo_surface *const surface = &self->scenario->surface;
    take_whole(self, surface->given);
    if (!surface->given) {
        return;
    }
    take_whole(self, surface->ground_count);
    take_whole(self, surface->reference);
    for (uint32_t i = 0; i < surface->ground_count; i++) {
        take_text(self, surface->ground[i].name);
        take_quantity(self, &surface->ground[i].log_odds);
    }
    take_whole(self, surface->task_count);
    for (uint32_t i = 0; i < surface->task_count; i++) {
        take_text(self, surface->task[i].name);
        take_whole(self, (uint64_t)(int64_t)surface->task[i].day);
        take_quantity(self, &surface->task[i].coverage);
        take_quantity(self, &surface->task[i].detection);
    }
    take_whole(self, surface->kind_count);
    take_kinds(self, surface);
}

bool uxo_scenario_digest(const uxo_scenario *self, char hex[UXO_DIGEST_SIZE])
{
    seen all = {.scenario = self, .digest = uxo_digest_begin()};
    hex[0] = '\0';
    if (all.digest == NULL) {
        return false;
    }
    take_run(&all);
    take_strikes(&all);
    take_theatre(&all);
    take_population(&all);
    take_people(&all);
    take_surface(&all);
    return uxo_digest_end(all.digest, hex);
}
