/* expected_bands.c - the maps of `expected-value` band by band: which carriers a band needs, and blocks of realisations
 * where not even the lowest band fits into memory. */
#include <omp.h>
#include <stdlib.h>

#include "expected_maps.h"

static uxo_table_order order_of(const uxo_maps_run *self, uxo_tile_band band)
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

static void find_strikes(uxo_maps_run *self, uxo_tile_band band)
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
static uint32_t choose_band(uxo_maps_run *self, uint32_t chunk_row)
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

/* Where not even one row of chunks fits, realisations come in blocks, and what the tiles gather is kept meanwhile. */

/* Units or tiles of a band that are gathered one by one. */
static size_t tiles_in(const uxo_maps_run *self, uxo_tile_band band)
{
    return (size_t)(band.to_y - band.from_y) * self->plan.scenario->grid.tiles_x;
}

static size_t units_in(const uxo_maps_run *self, uxo_tile_band band)
{
    const uint32_t tiles = self->plan.tile.unit / UXO_TILE;
    return (size_t)((band.to_y - band.from_y + tiles - 1) / tiles) * uxo_units_across(&self->plan);
}

static void gather_tile(uxo_maps_run *self, size_t tile)
{
    const uint32_t tiles_x = self->plan.scenario->grid.tiles_x;
    const bool with_samples = self->plan.tile.samples && self->plan.tile.stride == 1;
    uxo_tile_gather(&self->plan.kept[tile], with_samples ? &self->plan.kept_samples[tile] : NULL,
                    &self->worker[omp_get_thread_num()].cells, &self->plan.tile, &self->plan.table,
                    (uint32_t)(tile % tiles_x), self->plan.table.band.from_y + (uint32_t)(tile / tiles_x));
}

static void gather_unit(uxo_maps_run *self, size_t unit)
{
    const uint32_t across = uxo_units_across(&self->plan);
    const uint32_t first_y = self->plan.table.band.from_y * UXO_TILE / self->plan.tile.unit;
    uxo_order_gather(&self->plan.kept_samples[unit], &self->worker[omp_get_thread_num()].lattice, &self->plan.tile,
                     &self->plan.table, (uint32_t)(unit % across), first_y + (uint32_t)(unit / across));
}

static void gather_block(uxo_maps_run *self, uxo_tile_band band)
{
    const uxo_tile_plan *const tile = &self->plan.tile;
    const size_t tiles = tile->moments || (tile->samples && tile->stride == 1) ? tiles_in(self, band) : 0;
    const size_t units = tile->samples && tile->stride > 1 ? units_in(self, band) : 0;
#pragma omp parallel for num_threads(self->threads) schedule(dynamic, 1)
    for (size_t i = 0; i < tiles + units; i++) {
        if (uxo_maps_stopped(self)) {
            continue;
        }
        if (i < tiles) {
            gather_tile(self, i);
        } else {
            gather_unit(self, i - tiles);
        }
    }
}

static uxo_status gather_blocks(uxo_maps_run *self, uxo_table_order order, uint32_t block, uxo_report *report)
{
    const uint32_t end = order.end;
    for (uint32_t first = 0; first < end && !uxo_maps_stopped(self); first += block) {
        order.first = first;
        order.end = end - first < block ? end : first + block;
        uxo_carrier_table_free(&self->plan.table);
        UXO_TRY(uxo_carrier_table_make(&self->plan.table, &order, report));
        gather_block(self, order.band);
    }
    return uxo_maps_stopped(self) ? UXO_ERR_INTERRUPTED : UXO_OK;
}

static void free_kept(uxo_maps_run *self, uxo_tile_band band)
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

static bool make_kept(uxo_maps_run *self, uxo_tile_band band)
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

static uxo_status make_band(uxo_maps_run *self, uint32_t chunk_rows, uxo_report *report)
{
    const uxo_grid *const grid = &self->plan.scenario->grid;
    const uxo_table_order order = order_of(self, band_of(grid, self->first_chunk_row, chunk_rows));
    const double bytes = uxo_carrier_table_bytes(&order);
    if (!order.want_fine && !order.want_coarse) {
        self->plan.table.band = order.band;
        return uxo_maps_chunks(self, chunk_rows);
    }
    if (bytes <= self->table_bytes) {
        UXO_TRY(uxo_carrier_table_make(&self->plan.table, &order, report));
        return uxo_maps_chunks(self, chunk_rows);
    }
    const double fitting = (double)order.end * self->table_bytes / bytes;
    uxo_status status = make_kept(self, order.band)
                            ? gather_blocks(self, order, fitting < 1.0 ? 1 : (uint32_t)fitting, report)
                            : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the maps");
    if (status == UXO_OK) {
        status = uxo_maps_chunks(self, chunk_rows);
    }
    free_kept(self, order.band);
    return status;
}

uxo_status uxo_maps_bands(uxo_maps_run *self, uxo_report *report)
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
