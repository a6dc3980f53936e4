/* until.c - see until.h. The maps are made as they are for a file, but into memory: only the four layers that are asked
 * for. A run that keeps its work keeps their errors. */
#include "until.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "uxosim/marginal.h"

/* Largest relative standard error of the mean count of a district; means of 0 are left out. Without districts: of all that
 * lies on the grid. */
static double district_error(const uxo_outcome *outcome)
{
    const double n = (double)outcome->realisations;
    const uint32_t districts = outcome->columns > 2 ? outcome->columns - 2 : 1;
    double largest = 0.0;
    for (uint32_t c = 0; c < districts; c++) {
        double sum = 0.0, squares = 0.0;
        for (size_t r = 0; r < outcome->realisations; r++) {
            sum += (double)outcome->dud_count[r * outcome->columns + c];
        }
        for (size_t r = 0; r < outcome->realisations; r++) {
            const double d = (double)outcome->dud_count[r * outcome->columns + c] - sum / n;
            squares += d * d;
        }
        if (sum > 0.0) {
            largest = fmax(largest, sqrt(squares / (n - 1.0) * n) / sum);
        }
    }
    return largest;
}

/* The layers in memory, chunk by chunk; a chunk that holds nothing is not there. */
enum { DENSITY, PROBABILITY, DENSITY_ERROR, PROBABILITY_ERROR, LAYERS };

typedef struct map_memory {
    const uxo_scenario *scenario;
    uint32_t chunks_x;
    float **chunk[LAYERS]; /* [chunks] */
} map_memory;

static int index_of(uxo_layer layer)
{
    switch (layer) {
    case UXO_LAYER_DUD_DENSITY:
        return DENSITY;
    case UXO_LAYER_DUD_PROBABILITY:
        return PROBABILITY;
    case UXO_LAYER_DUD_DENSITY_SE:
        return DENSITY_ERROR;
    default:
        return PROBABILITY_ERROR;
    }
}

static uxo_status open_layer(void *user, uxo_layer layer, const uxo_layer_facts *facts)
{
    (void)user;
    (void)layer;
    (void)facts;
    return UXO_OK;
}

static bool pack_layer(void *user, uxo_layer layer, const float *values, uxo_packed *out)
{
    (void)user;
    (void)layer;
    out->size = UXO_CHUNK_CELLS * sizeof *values;
    out->bytes = malloc(out->size);
    if (out->bytes != NULL) {
        memcpy(out->bytes, values, out->size);
    }
    return out->bytes != NULL;
}

static uxo_status store_layer(void *user, uxo_layer layer, uint32_t plane, uint32_t chunk_x, uint32_t chunk_y,
                              const uxo_packed *packed)
{
    map_memory *const self = user;
    float *const copy = malloc(packed->size);
    (void)plane;
    if (copy == NULL) {
        return UXO_ERR_MEMORY;
    }
    memcpy(copy, packed->bytes, packed->size);
    self->chunk[index_of(layer)][(size_t)chunk_y * self->chunks_x + chunk_x] = copy;
    return UXO_OK;
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static size_t chunk_count(const map_memory *self)
{
    return (size_t)self->chunks_x * uxo_chunks_y(&self->scenario->grid);
}

/* Value of a layer; a chunk that was not stored holds zeros, or errors that nobody asks for. */
static float value_at(const map_memory *self, int layer, size_t chunk, size_t cell)
{
    return self->chunk[layer][chunk] != NULL ? self->chunk[layer][chunk][cell] : 0.0f;
}

/* Is the cell on the grid? */
static bool is_inside(const map_memory *self, size_t chunk, size_t cell)
{
    const uxo_grid *const grid = &self->scenario->grid;
    return chunk % self->chunks_x * UXO_CHUNK + cell % UXO_CHUNK < grid->nx &&
           chunk / self->chunks_x * UXO_CHUNK + cell / UXO_CHUNK < grid->ny;
}

static double least_density(const map_memory *self)
{
    const double share_of_largest = 0.01; /* the contract's default of min_density_per_ha */
    double largest = 0.0;
    if (!isnan(self->scenario->until.min_density_per_ha)) {
        return self->scenario->until.min_density_per_ha;
    }
    for (size_t chunk = 0; chunk < chunk_count(self); chunk++) {
        for (size_t cell = 0; self->chunk[DENSITY][chunk] != NULL && cell < UXO_CHUNK_CELLS; cell++) {
            if (is_inside(self, chunk, cell)) {
                largest = fmax(largest, (double)self->chunk[DENSITY][chunk][cell]);
            }
        }
    }
    return share_of_largest * largest;
}

/* Median of error / value over the cells that count; NaN where there are none. `room`: for all cells. */
static double median_error(const map_memory *self, int layer, int error, double least, double *room)
{
    size_t count = 0;
    for (size_t chunk = 0; chunk < chunk_count(self); chunk++) {
        for (size_t cell = 0; self->chunk[DENSITY][chunk] != NULL && cell < UXO_CHUNK_CELLS; cell++) {
            const double value = (double)value_at(self, layer, chunk, cell);
            if (is_inside(self, chunk, cell) && (double)self->chunk[DENSITY][chunk][cell] >= least && value > 0.0) {
                room[count++] = (double)value_at(self, error, chunk, cell) / value;
            }
        }
    }
    qsort(room, count, sizeof *room, compare_doubles);
    return count > 0 ? room[(count - 1) / 2] : (double)NAN;
}

static uxo_status measure_maps(map_memory *self, const uxo_scenario *scenario, const uxo_engine_options *options,
                               uxo_outcome *outcome, uxo_report *report)
{
    static char names[LAYERS][40] = {"dud_density", "dud_probability", "dud_density_standard_error",
                                     "dud_probability_standard_error"};
    char *list[LAYERS] = {names[0], names[1], names[2], names[3]};
    uxo_scenario four = *scenario; /* the same but for the layers; nothing of it is freed */
    four.layer = list;
    four.layer_count = LAYERS;
    const uxo_map_sink sink = {self, open_layer, pack_layer, store_layer};
    uxo_engine_options apart = *options;
    apart.store = NULL; /* what it keeps is of the run's own maps */
    UXO_TRY(uxo_engine_maps(&four, &apart, outcome, &sink, report));
    size_t cells = 0;
    for (size_t chunk = 0; chunk < chunk_count(self); chunk++) {
        cells += self->chunk[DENSITY][chunk] != NULL ? UXO_CHUNK_CELLS : 0;
    }
    double *const room = malloc((cells + 1) * sizeof *room);
    if (room == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the errors of the maps");
    }
    const double least = least_density(self);
    outcome->until.density = median_error(self, DENSITY, DENSITY_ERROR, least, room);
    outcome->until.probability = median_error(self, PROBABILITY, PROBABILITY_ERROR, least, room);
    outcome->until.maps_at = outcome->realisations;
    free(room);
    return UXO_OK;
}

/* The errors of the maps shrink with the root of the number of realisations: where they were that much too large, half of
 * what is needed is not looked at. */
static bool maps_may_do(const uxo_scenario *scenario, const uxo_outcome *outcome)
{
    const double margin = 1.25;
    if (outcome->until.maps_at == 0) {
        return true;
    }
    const double shrunk = sqrt((double)outcome->until.maps_at / (double)outcome->realisations);
    const double larger = fmax(outcome->until.density, outcome->until.probability);
    return larger * shrunk <= margin * scenario->until.relative_error;
}

/* In closed form maps have no standard error: nothing to look at, and no map to be made for it. */
static bool maps_have_no_error(const uxo_scenario *scenario)
{
    const char *why = NULL;
    return scenario->estimator == UXO_ESTIMATOR_EXPECTED_VALUE && uxo_marginal_applies(scenario, &why);
}

/* Makes the maps and measures them. */
static uxo_status make_and_measure(const uxo_scenario *scenario, const uxo_engine_options *options,
                                   uxo_outcome *outcome, uxo_report *report)
{
    map_memory memory = {.scenario = scenario, .chunks_x = uxo_chunks_x(&scenario->grid)};
    bool complete = true;
    for (int layer = 0; layer < LAYERS; layer++) {
        memory.chunk[layer] = calloc(chunk_count(&memory) + 1, sizeof *memory.chunk[layer]);
        complete = complete && memory.chunk[layer] != NULL;
    }
    const uxo_status status = complete
                                  ? measure_maps(&memory, scenario, options, outcome, report)
                                  : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the errors of the maps");
    for (int layer = 0; layer < LAYERS; layer++) {
        for (size_t chunk = 0; memory.chunk[layer] != NULL && chunk < chunk_count(&memory); chunk++) {
            free(memory.chunk[layer][chunk]);
        }
        free(memory.chunk[layer]);
    }
    return status;
}

/* What a run keeps of it. */
typedef struct kept_errors {
    double density, probability;
} kept_errors;

/* The same out of the store, where it is there; else it is kept there. */
static uxo_status find_or_measure(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *outcome,
                                  uxo_report *report)
{
    const uxo_work_store *const store = options->store;
    const uint32_t realisations = outcome->realisations;
    void *bytes = NULL;
    size_t size = 0;
    if (store == NULL) {
        return make_and_measure(scenario, options, outcome, report);
    }
    UXO_TRY(store->find(store->user, UXO_WORK_MAPS, realisations, 0, 0, &bytes, &size, report));
    kept_errors kept = {0.0, 0.0};
    if (bytes != NULL) {
        const bool fits = size == sizeof kept;
        memcpy(&kept, bytes, fits ? sizeof kept : 0);
        free(bytes);
        outcome->until.density = kept.density;
        outcome->until.probability = kept.probability;
        outcome->until.maps_at = realisations;
        return fits ? UXO_OK
                    : uxo_fail(report, UXO_ERR_DATA, NULL,
                               "what was kept of the errors of the maps of %u realisations is damaged", realisations);
    }
    UXO_TRY(uxo_engine_keep(scenario, options, outcome, report)); /* so that there is something to add them to */
    UXO_TRY(make_and_measure(scenario, options, outcome, report));
    kept = (kept_errors){outcome->until.density, outcome->until.probability};
    return store->keep(store->user, UXO_WORK_MAPS, realisations, 0, &kept, sizeof kept, report);
}

uxo_status uxo_until_measure(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *outcome,
                             uxo_report *report)
{
    const double wanted = scenario->until.relative_error;
    const bool last = outcome->realisations >= scenario->realisations;
    outcome->until.district = district_error(outcome);
    outcome->until.reached = false;
    if (!last && (outcome->until.district > wanted || !maps_may_do(scenario, outcome))) {
        return UXO_OK;
    }
    if (maps_have_no_error(scenario)) {
        outcome->until.density = 0.0;
        outcome->until.probability = 0.0;
        outcome->until.maps_at = outcome->realisations;
        outcome->until.reached = outcome->until.district <= wanted;
        return UXO_OK;
    }
    UXO_TRY(find_or_measure(scenario, options, outcome, report));
    /* Where no cell counts there is nothing to wait for; NaN says so. */
    outcome->until.reached = outcome->until.district <= wanted && !(outcome->until.density > wanted) &&
                             !(outcome->until.probability > wanted);
    return UXO_OK;
}
