/* expected_maps.c - the maps of `expected-value` from beginning to end: what is wanted, bands of the map whose carriers
 * fit into memory, chunks in order, containment. */
#include "expected_maps.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "expected.h"
#include "expected_order.h"
#include "outcome.h"
#include "uxosim/expectation.h"
#include "uxosim/portable_math.h"
#include "uxosim/stats.h"

/* For the carriers of a band, unless the options say otherwise; a map of which more would be needed is cut into bands.
 * ASSUMED as a fair share of memory; does not affect results. */
static const double TABLE_BYTES = 192.0 * 1048576.0;

typedef struct maps_run {
    uxo_chunk_plan plan;
    const uxo_engine_options *options;
    uxo_outcome *outcome;
    const uxo_kernels *kernels;
    uxo_chunk_worker *worker; /* [threads] */
    int threads;
    double table_bytes; /* for the carriers of a band */
    uint32_t *strikes; /* that may reach the band */
    uint32_t strike_count;
    uint32_t first_chunk_row; /* of the band */
} maps_run;

static bool must_stop(const maps_run *self)
{
    return uxo_is_stopped(self->options->stop);
}

/* What is wanted, and the facts of every layer. */

/* The standard error that is stated where no realisation reached a cell: that of a proportion at its 95 % upper limit,
 * times what one carrier is expected to leave in the cell where it leaves most. */
static double unreached_error(const uxo_scenario *scenario, uint32_t realisations)
{
    const double pi = 3.14159265358979323846;
    const double h = scenario->grid.cell_size_m;
    double most = 0.0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const uxo_mixture *const mixture = &scenario->strikes.item[i].mixture;
        for (uint32_t j = 0; j < mixture->count; j++) {
            const uxo_munition *const munition = &scenario->catalogue.item[mixture->munition[j]];
            const double area = 2.0 * pi * uxo_quantity_mean(&munition->pattern_along_m) *
                                uxo_quantity_mean(&munition->pattern_across_m);
            const double duds =
                uxo_quantity_mean(&munition->submunitions_per_carrier) * uxo_quantity_mean(&munition->dud_rate);
            most = fmax(most, duds * fmin(1.0, h * h / area));
        }
    }
    return uxo_round_digits(most, 12) * uxo_outcome_nominal_error(realisations);
}

static void state_facts(maps_run *self)
{
    const uxo_scenario *const scenario = self->plan.scenario;
    const double cell_ha = uxo_grid_cell_ha(&scenario->grid);
    uxo_layer_facts *const facts = self->plan.facts;
    for (int layer = 0; layer < UXO_LAYER_COUNT; layer++) {
        facts[layer] = (uxo_layer_facts){0.0f, NAN};
    }
    if (self->plan.closed_form) {
        double mean, probability;
        uxo_marginal_map_bounds(&self->plan.marginal, &scenario->grid, &mean, &probability);
        facts[UXO_LAYER_DUD_DENSITY].numerical_error_bound = uxo_round_digits(mean / cell_ha, 3);
        facts[UXO_LAYER_DUD_DENSITY_SE].numerical_error_bound = facts[UXO_LAYER_DUD_DENSITY].numerical_error_bound;
        facts[UXO_LAYER_DUD_PROBABILITY].numerical_error_bound = uxo_round_digits(probability, 3);
        facts[UXO_LAYER_DUD_PROBABILITY_SE].numerical_error_bound =
            facts[UXO_LAYER_DUD_PROBABILITY].numerical_error_bound;
        return;
    }
    const double error = unreached_error(scenario, self->outcome->realisations);
    facts[UXO_LAYER_DUD_DENSITY_SE].empty = (float)(error / cell_ha);
    facts[UXO_LAYER_DUD_PROBABILITY_SE].empty = (float)fmin(error, uxo_outcome_nominal_error(self->outcome->realisations));
}

static uxo_status plan_tiles(maps_run *self, uxo_report *report)
{
    const uxo_scenario *const scenario = self->plan.scenario;
    uxo_tile_plan *const tile = &self->plan.tile;
    const uint32_t realisations = self->outcome->realisations;
    tile->scenario = scenario;
    tile->kernels = self->plan.kernels;
    tile->stop = self->options->stop;
    tile->realisations = realisations;
    tile->sampled = realisations < UXO_SAMPLED_REALISATIONS ? realisations : UXO_SAMPLED_REALISATIONS;
    tile->quantile_count = self->plan.planes[UXO_LAYER_DUD_DENSITY_QUANTILE];
    tile->threshold_count = self->plan.planes[UXO_LAYER_EXCEEDANCE_PROBABILITY];
    tile->samples = tile->quantile_count + tile->threshold_count > 0;
    tile->moments = !self->plan.closed_form;
    tile->stride = uxo_order_stride(scenario);
    tile->unit = uxo_order_unit(tile->stride);
    tile->rank = calloc((size_t)tile->quantile_count + 1, sizeof *tile->rank);
    tile->threshold = calloc((size_t)tile->threshold_count + 1, sizeof *tile->threshold);
    if (tile->rank == NULL || tile->threshold == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    for (uint32_t i = 0; i < tile->quantile_count; i++) {
        tile->rank[i] = uxo_stats_rank(scenario->map_quantile[i], tile->sampled);
    }
    for (uint32_t i = 0; i < tile->threshold_count; i++) {
        tile->threshold[i] = (float)(scenario->threshold_per_ha[i] * uxo_grid_cell_ha(&scenario->grid));
    }
    return UXO_OK;
}

static uxo_status plan_maps(maps_run *self, uxo_report *report)
{
    uxo_chunk_plan *const plan = &self->plan;
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_DUD_CONTAINMENT; layer++) {
        plan->planes[layer] = uxo_layer_planes(plan->scenario, layer);
        plan->first[layer] = plan->plane_count;
        plan->plane_count += plan->planes[layer];
    }
    plan->closed_form = uxo_marginal_applies(plan->scenario, &self->outcome->why_sampled);
    self->outcome->closed_form = plan->closed_form;
    if (plan->closed_form) {
        UXO_TRY(uxo_marginal_map_make(&plan->marginal, plan->scenario, report));
    }
    state_facts(self);
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_DUD_CONTAINMENT; layer++) {
        if (plan->planes[layer] > 0) {
            UXO_TRY(plan->sink->open(plan->sink->user, layer, &plan->facts[layer]));
        }
    }
    if (uxo_layer_planes(plan->scenario, UXO_LAYER_DUD_CONTAINMENT) > 0) {
        plan->mean = calloc(uxo_grid_tile_count(&plan->scenario->grid), sizeof *plan->mean);
        if (plan->mean == NULL) {
            return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the maps");
        }
    }
    return plan_tiles(self, report);
}

/* Bands. */

static uxo_table_order order_of(const maps_run *self, uxo_tile_band band)
{
    const uxo_tile_plan *const tile = &self->plan.tile;
    return (uxo_table_order){.scenario = self->plan.scenario,
                             .kernels = self->kernels,
                             .outcome = self->outcome,
                             .end = self->outcome->realisations,
                             .band = band,
                             .strikes = self->strikes,
                             .strike_count = self->strike_count,
                             .stride = tile->stride,
                             .coarse_tiles = tile->unit / UXO_TILE,
                             .want_fine = tile->moments || (tile->samples && tile->stride == 1),
                             .want_coarse = tile->samples && tile->stride > 1,
                             .threads = self->threads,
                             .stop = self->options->stop};
}

static void find_strikes(maps_run *self, uxo_tile_band band)
{
    const uxo_scenario *const scenario = self->plan.scenario;
    const uxo_grid *const grid = &scenario->grid;
    const double margin_m = 2.0 * (double)self->plan.tile.stride * grid->cell_size_m;
    const double north = uxo_grid_ymax_m(grid) - (double)band.from_y * UXO_TILE * grid->cell_size_m + margin_m;
    const double south = uxo_grid_ymax_m(grid) - (double)band.to_y * UXO_TILE * grid->cell_size_m - margin_m;
    self->strike_count = 0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const uxo_strike *const strike = &scenario->strikes.item[i];
        const double reach_m = uxo_strike_hard_reach_m(scenario, strike);
        bool near = false;
        for (uint32_t s = 0; s < strike->site_count; s++) {
            const double y = scenario->strikes.site[strike->first_site + s].y_m;
            near = near || (y - reach_m <= north && y + reach_m >= south);
        }
        if (near) {
            self->strikes[self->strike_count++] = i;
        }
    }
}

static uxo_tile_band band_of(const uxo_grid *grid, uint32_t chunk_row, uint32_t chunk_rows)
{
    const uint32_t to = (chunk_row + chunk_rows) * UXO_CHUNK_TILES;
    return (uxo_tile_band){chunk_row * UXO_CHUNK_TILES, to < grid->tiles_y ? to : grid->tiles_y};
}

/* As many rows of chunks from here on as fit, and one at least. */
static uint32_t choose_band(maps_run *self, uint32_t chunk_row)
{
    const uxo_grid *const grid = &self->plan.scenario->grid;
    uint32_t rows = uxo_chunks_y(grid) - chunk_row;
    for (;;) {
        const uxo_tile_band band = band_of(grid, chunk_row, rows);
        find_strikes(self, band);
        const uxo_table_order order = order_of(self, band);
        if (rows == 1 || uxo_carrier_table_bytes(&order) <= self->table_bytes) {
            return rows;
        }
        rows = (rows + 1) / 2;
    }
}

/* Chunks of a band. */

static uxo_status make_chunk(void *user, int thread, size_t index, void **result)
{
    const maps_run *const self = user;
    const uint32_t chunks_x = uxo_chunks_x(&self->plan.scenario->grid);
    uxo_made_chunk *chunk = NULL;
    if (must_stop(self)) {
        return UXO_ERR_INTERRUPTED;
    }
    const uxo_status status = uxo_chunk_make(&self->plan, &self->worker[thread], (uint32_t)(index % chunks_x),
                                             self->first_chunk_row + (uint32_t)(index / chunks_x), &chunk);
    *result = chunk;
    return status == UXO_OK && must_stop(self) ? UXO_ERR_INTERRUPTED : status; /* what was gathered may be half */
}

static void discard(void *user, void *result)
{
    const maps_run *const self = user;
    uxo_made_chunk_free(result, &self->plan);
}

static uxo_status store_chunk(void *user, size_t index, void *result)
{
    const maps_run *const self = user;
    const uxo_chunk_plan *const plan = &self->plan;
    const uint32_t chunks_x = uxo_chunks_x(&plan->scenario->grid);
    const uint32_t x = (uint32_t)(index % chunks_x), y = self->first_chunk_row + (uint32_t)(index / chunks_x);
    const uxo_made_chunk *const chunk = result;
    uxo_status status = UXO_OK;
    if (chunk == NULL) {
        return UXO_OK;
    }
    for (uxo_layer layer = (uxo_layer)0; layer < UXO_LAYER_DUD_CONTAINMENT; layer++) {
        for (uint32_t i = 0; i < plan->planes[layer] && status == UXO_OK; i++) {
            const uxo_packed *const packed = &chunk->plane[plan->first[layer] + i];
            status = packed->size > 0 ? plan->sink->store(plan->sink->user, layer, i, x, y, packed) : UXO_OK;
        }
    }
    uxo_map_check *const check = &self->outcome->map_check;
    self->outcome->map_total += chunk->check.map_total;
    check->cells += chunk->check.cells.cells;
    check->squares += chunk->check.cells.squares;
    check->largest = fmax(check->largest, chunk->check.cells.largest);
    check->beyond += chunk->check.cells.beyond;
    discard(user, result);
    return status;
}

static uxo_status make_chunks(maps_run *self, uint32_t chunk_rows)
{
    const uxo_ordered_loop loop = {self, make_chunk, store_chunk, discard};
    const size_t chunks = (size_t)chunk_rows * uxo_chunks_x(&self->plan.scenario->grid);
    return uxo_ordered_run(&loop, chunks, self->threads);
}

/* Where not even one row of chunks fits, realisations come in blocks, and what the tiles gather is kept meanwhile. */

/* Units or tiles of a band that are gathered one by one. */
static size_t tiles_in(const maps_run *self, uxo_tile_band band)
{
    return (size_t)(band.to_y - band.from_y) * self->plan.scenario->grid.tiles_x;
}

static size_t units_in(const maps_run *self, uxo_tile_band band)
{
    const uint32_t tiles = self->plan.tile.unit / UXO_TILE;
    return (size_t)((band.to_y - band.from_y + tiles - 1) / tiles) * uxo_units_across(&self->plan);
}

static void gather_tile(maps_run *self, size_t tile)
{
    const uint32_t tiles_x = self->plan.scenario->grid.tiles_x;
    const bool with_samples = self->plan.tile.samples && self->plan.tile.stride == 1;
    uxo_tile_gather(&self->plan.kept[tile], with_samples ? &self->plan.kept_samples[tile] : NULL,
                    &self->worker[omp_get_thread_num()].cells, &self->plan.tile, &self->plan.table,
                    (uint32_t)(tile % tiles_x), self->plan.table.band.from_y + (uint32_t)(tile / tiles_x));
}

static void gather_unit(maps_run *self, size_t unit)
{
    const uint32_t across = uxo_units_across(&self->plan);
    const uint32_t first_y = self->plan.table.band.from_y * UXO_TILE / self->plan.tile.unit;
    uxo_order_gather(&self->plan.kept_samples[unit], &self->worker[omp_get_thread_num()].lattice, &self->plan.tile,
                     &self->plan.table, (uint32_t)(unit % across), first_y + (uint32_t)(unit / across));
}

static void gather_block(maps_run *self, uxo_tile_band band)
{
    const uxo_tile_plan *const tile = &self->plan.tile;
    const size_t tiles = tile->moments || (tile->samples && tile->stride == 1) ? tiles_in(self, band) : 0;
    const size_t units = tile->samples && tile->stride > 1 ? units_in(self, band) : 0;
#pragma omp parallel for num_threads(self->threads) schedule(dynamic, 1)
    for (size_t i = 0; i < tiles + units; i++) {
        if (must_stop(self)) {
            continue;
        }
        if (i < tiles) {
            gather_tile(self, i);
        } else {
            gather_unit(self, i - tiles);
        }
    }
}

static uxo_status gather_blocks(maps_run *self, uxo_table_order order, uint32_t block, uxo_report *report)
{
    const uint32_t end = order.end;
    for (uint32_t first = 0; first < end && !must_stop(self); first += block) {
        order.first = first;
        order.end = end - first < block ? end : first + block;
        uxo_carrier_table_free(&self->plan.table);
        UXO_TRY(uxo_carrier_table_make(&self->plan.table, &order, report));
        gather_block(self, order.band);
    }
    return must_stop(self) ? UXO_ERR_INTERRUPTED : UXO_OK;
}

static void free_kept(maps_run *self, uxo_tile_band band)
{
    for (size_t t = 0; self->plan.kept != NULL && t < tiles_in(self, band); t++) {
        uxo_tile_state_free(&self->plan.kept[t]);
    }
    for (size_t u = 0; self->plan.kept_samples != NULL && u < units_in(self, band); u++) {
        uxo_sample_state_free(&self->plan.kept_samples[u]);
    }
    free(self->plan.kept);
    free(self->plan.kept_samples);
    self->plan.kept = NULL;
    self->plan.kept_samples = NULL;
}

static bool make_kept(maps_run *self, uxo_tile_band band)
{
    const size_t tiles = tiles_in(self, band), units = units_in(self, band);
    self->plan.kept = calloc(tiles, sizeof *self->plan.kept);
    self->plan.kept_samples = calloc(units, sizeof *self->plan.kept_samples);
    bool complete = self->plan.kept != NULL && self->plan.kept_samples != NULL;
    for (size_t t = 0; complete && t < tiles; t++) {
        complete = uxo_tile_state_init(&self->plan.kept[t], &self->plan.tile);
    }
    for (size_t u = 0; complete && self->plan.tile.samples && u < units; u++) {
        complete = uxo_sample_state_init(&self->plan.kept_samples[u], &self->plan.tile);
    }
    return complete;
}

static uxo_status make_band(maps_run *self, uint32_t chunk_rows, uxo_report *report)
{
    const uxo_grid *const grid = &self->plan.scenario->grid;
    const uxo_table_order order = order_of(self, band_of(grid, self->first_chunk_row, chunk_rows));
    const double bytes = uxo_carrier_table_bytes(&order);
    if (!order.want_fine && !order.want_coarse) {
        self->plan.table.band = order.band;
        return make_chunks(self, chunk_rows);
    }
    if (bytes <= self->table_bytes) {
        UXO_TRY(uxo_carrier_table_make(&self->plan.table, &order, report));
        return make_chunks(self, chunk_rows);
    }
    const double fitting = (double)order.end * self->table_bytes / bytes;
    uxo_status status = make_kept(self, order.band)
                            ? gather_blocks(self, order, fitting < 1.0 ? 1 : (uint32_t)fitting, report)
                            : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the maps");
    if (status == UXO_OK) {
        status = make_chunks(self, chunk_rows);
    }
    free_kept(self, order.band);
    return status;
}

static uxo_status make_bands(maps_run *self, uxo_report *report)
{
    const uint32_t rows = uxo_chunks_y(&self->plan.scenario->grid);
    for (uint32_t row = 0; row < rows;) {
        self->first_chunk_row = row;
        const uint32_t band = choose_band(self, row);
        const uxo_status status = make_band(self, band, report);
        uxo_carrier_table_free(&self->plan.table);
        if (status == UXO_ERR_MEMORY && report->count == 0) {
            return uxo_fail(report, status, NULL, "out of memory for the maps");
        }
        UXO_TRY(status);
        row += band;
    }
    return UXO_OK;
}

static double expected_total(const maps_run *self)
{
    double sum = 0.0;
    if (self->plan.closed_form) {
        return uxo_expected_total(self->plan.scenario);
    }
    for (uint32_t r = 0; r < self->outcome->realisations; r++) {
        sum += self->outcome->given_mean[r];
    }
    return sum / (double)self->outcome->realisations;
}

static uxo_status run_maps(maps_run *self, uxo_report *report)
{
    UXO_TRY(plan_maps(self, report));
    self->strikes = calloc((size_t)self->plan.scenario->strikes.count + 1, sizeof *self->strikes);
    self->worker = calloc((size_t)self->threads, sizeof *self->worker);
    bool complete = self->strikes != NULL && self->worker != NULL;
    for (int t = 0; complete && t < self->threads; t++) {
        complete = uxo_chunk_worker_init(&self->worker[t], &self->plan);
    }
    if (!complete) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %d threads", self->threads);
    }
    self->outcome->map_total = 0.0;
    self->outcome->map_check = (uxo_map_check){0, 0.0, 0.0, 0};
    UXO_TRY(make_bands(self, report));
    return self->plan.mean != NULL ? uxo_containment_maps(&self->plan, self->options, expected_total(self), report)
                                   : UXO_OK;
}

static void free_maps(maps_run *self)
{
    const size_t tiles = uxo_grid_tile_count(&self->plan.scenario->grid);
    for (int t = 0; self->worker != NULL && t < self->threads; t++) {
        uxo_chunk_worker_free(&self->worker[t]);
    }
    for (size_t t = 0; self->plan.mean != NULL && t < tiles; t++) {
        free(self->plan.mean[t]);
    }
    free(self->worker);
    free(self->strikes);
    free(self->plan.mean);
    free(self->plan.tile.rank);
    free(self->plan.tile.threshold);
    uxo_marginal_map_free(&self->plan.marginal);
    uxo_carrier_table_free(&self->plan.table);
}

uxo_status uxo_expected_maps(const uxo_scenario *scenario, const uxo_engine_options *options, uxo_outcome *outcome,
                             const uxo_map_sink *sink, uxo_report *report)
{
    maps_run self = {.options = options, .outcome = outcome, .threads = uxo_ordered_threads(options->threads)};
    self.table_bytes = options->table_bytes > 0.0 ? options->table_bytes : TABLE_BYTES;
    self.kernels = uxo_kernels_select(options->kernel);
    self.plan = (uxo_chunk_plan){.scenario = scenario,
                                 .outcome = outcome,
                                 .sink = sink,
                                 .kernels = uxo_field_kernels_select(options->kernel)};
    const uxo_status status = run_maps(&self, report);
    free_maps(&self);
    return status;
}
