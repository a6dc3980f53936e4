/* accidents.c - see accidents.h. */
#include "accidents.h"

#include <stdlib.h>

#include "outcome.h"

void uxo_accidents_begin(uxo_worker *self, const uxo_scenario *scenario)
{
    uxo_exposure_draw draw;
    uxo_exposure_of(&scenario->people, self->campaign, &draw);
    uxo_exposure_table_fill(&self->chance, &draw);
}

/* What one dud needs to know. */
typedef struct setting {
    uxo_worker *worker;
    const uxo_scenario *scenario;
    const uxo_accident_rows *to;
    uint32_t realisation;
    size_t job;
    uint32_t word[4]; /* uniforms of the duds 4 `block` ... 4 `block` + 3 of the job's carrier */
    uint32_t block;
    bool any; /* of them known */
} setting;

/* Dud d has word d % 4 of block d / 4. */
static double uniform_of(setting *self, uint32_t dud)
{
    const uxo_scatter_jobs *const jobs = &self->worker->jobs;
    if (!self->any || self->block != dud / 4) {
        const uint32_t counter[4] = {dud / 4, UXO_PURPOSE_ACCIDENT, jobs->carrier[self->job], self->realisation};
        const uint32_t key[2] = {jobs->key0[self->job], jobs->key1[self->job]};
        uxo_philox(counter, key, self->word);
        self->block = dud / 4;
        self->any = true;
    }
    return uxo_uniform_of_word(self->word[dud % 4]);
}

typedef struct chances {
    double first, second; /* by the end of the first year, of the second */
} chances;

static chances on_class(const uxo_worker *worker, uint32_t ground, uxo_density at)
{
    return (chances){uxo_exposure_share(&worker->chance, ground, at, 0),
                     uxo_exposure_share(&worker->chance, ground, at, 1)};
}

/* Where activities keep to ground classes: on which kind of a cell a dud lies is not known, but on which so many remain. */
static chances on_cell(const setting *self, size_t tile, uint32_t cell, uxo_density at)
{
    uxo_worker *const worker = self->worker;
    const uxo_surface *const surface = &self->scenario->surface;
    const uxo_surface_tile *const on = &surface->tile[tile];
    chances sum = {0.0, 0.0};
    double remain = 0.0;
    if (on->kind_count == 1) {
        return on_class(worker, surface->kind[on->kind[0]].ground, at);
    }
    for (uint32_t k = 0; k < on->kind_count; k++) {
        const uint8_t weight = on->weight[(size_t)k * UXO_TILE_CELLS + cell];
        if (weight > 0) {
            const double share = (double)weight * uxo_remaining_on(&worker->thinning->remaining, on->kind[k]);
            const chances here = on_class(worker, surface->kind[on->kind[k]].ground, at);
            sum.first += share * here.first;
            sum.second += share * here.second;
            remain += share;
        }
    }
    return remain > 0.0 ? (chances){sum.first / remain, sum.second / remain} : (chances){0.0, 0.0};
}

/* Cells of several kinds have no chance of their own that could be multiplied with their duds. */
static void add_to_cell(const uxo_accident_rows *to, size_t tile, uint32_t cell, double chance)
{
    if (to->of_cell != NULL && to->of_cell[tile] != NULL) {
        const uint64_t parts = (uint64_t)(chance * UXO_ACCIDENT_PARTS + 0.5);
#pragma omp atomic
        to->of_cell[tile][cell] += parts;
    }
}

/* By the shares of its cell. */
static void add_to_zones(const setting *self, size_t tile, uint32_t cell, double chance, bool accident)
{
    const uxo_zones *const zones = &self->scenario->zones;
    uint32_t count;
    const uxo_zone_share *const share = uxo_zones_shares(zones, uxo_zones_mix(zones, tile, cell), &count);
    for (uint32_t i = 0; i < count; i++) {
        self->to->zone_chance[share[i].column] += chance * (double)share[i].parts / (double)UXO_ZONE_PARTS;
        self->to->zone_accidents[share[i].column] += accident ? share[i].parts : 0;
    }
}

/* One dud in a place: the d-th of its carrier. */
static void add_dud(setting *self, uint32_t tile, uint32_t entry, uint32_t dud)
{
    const uxo_grid *const grid = &self->scenario->grid;
    const uxo_people *const people = &self->scenario->people;
    if (tile >= uxo_grid_tile_count(grid)) {
        return;
    }
    const uint32_t cell = entry & ((UINT32_C(1) << UXO_ENTRY_CELL_BITS) - 1);
    const uint32_t block = uxo_people_block_of_cell(&people->map, tile % grid->tiles_x * UXO_TILE + cell % UXO_TILE,
                                                    tile / grid->tiles_x * UXO_TILE + cell / UXO_TILE);
    const uxo_density at = people->map.density[block];
    if (!(at.residents_per_m2 > 0.0f)) {
        return;
    }
    const chances chance = people->by_class ? on_cell(self, tile, cell, at) : on_class(self->worker, 0, at);
    const uint32_t column = uxo_analog_column(self->worker, self->scenario, tile, entry);
    self->to->chance[column] += chance.first;
    *self->to->second_year += chance.second - chance.first;
    add_to_cell(self->to, tile, cell, chance.first);
    const bool accident = self->to->accidents != NULL && uniform_of(self, dud) < chance.first;
    if (self->to->accidents != NULL) {
        self->to->accidents[column] += accident;
    }
    if (self->to->zone_accidents != NULL) {
        add_to_zones(self, tile, cell, chance.first, accident);
    }
}

void uxo_accidents_draw(uxo_worker *self, const uxo_scenario *scenario, uint32_t realisation,
                        const uxo_accident_rows *to)
{
    size_t lane = 0;
    for (size_t j = 0; j < self->job_count; j++) {
        setting here = {.worker = self, .scenario = scenario, .to = to, .realisation = realisation, .job = j};
        const uint32_t duds = self->job[j].duds, first = 2 * ((uint32_t)lane - self->jobs.first[j]);
        if (scenario->people.by_class) {
            uxo_remaining_turn(&self->thinning->remaining, self->thinning->rate[j],
                               scenario->strikes.item[self->job[j].strike].day, self->campaign);
        }
        for (uint32_t d = 0; d < duds; d++) {
            add_dud(&here, self->tile[d % 2][lane + d / 2], self->cell[d % 2][lane + d / 2], first + d);
        }
        lane += duds - duds / 2;
    }
}

/* Realisations first .. end - 1 of the mean. Every knot is added up by one thread, in the order of realisations. */
static void add_to_mean(const uxo_scenario *scenario, int threads, uxo_exposure_draw *draws, uint32_t first,
                        uint32_t end, uxo_outcome *outcome)
{
    const double weight = 1.0 / (double)outcome->realisations;
    const size_t items = scenario->campaign_count;
#pragma omp parallel num_threads(threads)
    {
#pragma omp for schedule(static)
        for (uint32_t r = first; r < end; r++) {
            uxo_exposure_of(&scenario->people, outcome->campaign + r * items, &draws[r - first]);
        }
#pragma omp for schedule(static)
        for (uint32_t knot = outcome->chance.first_knot; knot < UXO_DENSITY_KNOTS; knot++) {
            for (uint32_t r = first; r < end; r++) {
                uxo_exposure_table_add(&outcome->chance, &draws[r - first], knot, weight);
            }
        }
    }
}

uxo_status uxo_accidents_mean(const uxo_scenario *scenario, int threads, uxo_outcome *outcome, uxo_report *report)
{
    enum { TOGETHER = 1024 };
    const uint32_t realisations = outcome->realisations;
    if (!scenario->people.given) {
        return UXO_OK;
    }
    uxo_exposure_table_free(&outcome->chance);
    uxo_exposure_draw *const draws = malloc(TOGETHER * sizeof *draws);
    const bool complete = draws != NULL && uxo_exposure_table_init(&outcome->chance, &scenario->people);
    for (uint32_t first = 0; complete && first < realisations; first += TOGETHER) {
        const uint32_t end = realisations - first < TOGETHER ? realisations : first + TOGETHER;
        add_to_mean(scenario, threads, draws, first, end, outcome);
    }
    free(draws);
    return complete ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for accidents");
}
