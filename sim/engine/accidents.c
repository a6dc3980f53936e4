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
    const uxo_worker *worker;
    const uxo_scenario *scenario;
    const uxo_accident_rows *to;
    uint32_t realisation;
} setting;

/* Uniforms of the duds of one carrier, four from a block: dud d has word d % 4 of block d / 4. */
typedef struct uniforms {
    uint32_t job, block; /* that `word` is of */
    bool any;
    uint32_t word[4];
} uniforms;

static double uniform_of(const setting *self, uniforms *from, uint32_t job, uint32_t dud)
{
    const uxo_scatter_jobs *const jobs = &self->worker->jobs;
    const uint32_t block = dud / 4;
    if (!from->any || from->job != job || from->block != block) {
        const uint32_t counter[4] = {block, UXO_PURPOSE_ACCIDENT, jobs->carrier[job], self->realisation};
        const uint32_t key[2] = {jobs->key0[job], jobs->key1[job]};
        uxo_philox(counter, key, from->word);
        from->job = job;
        from->block = block;
        from->any = true;
    }
    return uxo_uniform_of_word(from->word[dud % 4]);
}

/* One dud in a place. */
static void add_dud(const setting *self, uniforms *from, size_t lane, uint32_t half)
{
    const uxo_worker *const worker = self->worker;
    const uxo_grid *const grid = &self->scenario->grid;
    const uint32_t tile = worker->tile[half][lane], entry = worker->cell[half][lane];
    if (tile >= uxo_grid_tile_count(grid)) {
        return;
    }
    const uint32_t cell = entry & ((UINT32_C(1) << UXO_ENTRY_CELL_BITS) - 1);
    const uxo_people_map *const map = &self->scenario->people.map;
    const uint32_t block = uxo_people_block_of_cell(map, tile % grid->tiles_x * UXO_TILE + cell % UXO_TILE,
                                                    tile / grid->tiles_x * UXO_TILE + cell / UXO_TILE);
    const uxo_density at = map->density[block];
    if (!(at.residents_per_m2 > 0.0f)) {
        return;
    }
    const double chance = uxo_exposure_share(&worker->chance, 0, at, 0);
    const uint32_t column = uxo_analog_column(worker, self->scenario, tile, entry);
    self->to->chance[column] += chance;
    *self->to->second_year += uxo_exposure_share(&worker->chance, 0, at, 1) - chance;
    if (self->to->accidents != NULL) {
        const uint32_t job = worker->job_of[lane], dud = 2 * ((uint32_t)lane - worker->jobs.first[job]) + half;
        self->to->accidents[column] += uniform_of(self, from, job, dud) < chance;
    }
}

void uxo_accidents_draw(const uxo_worker *self, const uxo_scenario *scenario, uint32_t realisation,
                        const uxo_accident_rows *to)
{
    const setting here = {self, scenario, to, realisation};
    uniforms from = {.any = false};
    for (size_t lane = 0; lane < self->lane_count; lane++) {
        add_dud(&here, &from, lane, 0);
        add_dud(&here, &from, lane, 1);
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
