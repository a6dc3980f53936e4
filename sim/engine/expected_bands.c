/* expected_bands.c - the maps of `expected-value` band by band: which carriers a band needs, and blocks of realisations
 * where not even the lowest band fits into memory. */
#include <math.h>
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

/* A chunk is one thread's work, so a band of a few of them may take more memory before it is cut further. */
enum { FEW_CHUNKS = 4 };
static const double FEW_CHUNKS_ROOM = 1.5;

/* Is there a chunk to be made within the reach of a site? */
static bool reaches_work(const uxo_maps_run *self, const uxo_site *site, double reach_m)
{
    const uxo_grid *const grid = &self->plan.scenario->grid;
    const double chunk_m = UXO_CHUNK * grid->cell_size_m;
    const double beyond_m = reach_m + 2.0 * (double)self->plan.tile.stride * grid->cell_size_m;
    const double x = site->x_m - grid->xmin_m, y = uxo_grid_ymax_m(grid) - site->y_m;
    const double last_x = (double)(self->first_chunk_x + self->chunks_across - 1);
    const double last_y = (double)(self->first_chunk_y + self->chunks_down - 1);
    const double from_x = fmax((double)self->first_chunk_x, floor((x - beyond_m) / chunk_m));
    const double from_y = fmax((double)self->first_chunk_y, floor((y - beyond_m) / chunk_m));
    const double to_x = fmin(last_x, floor((x + beyond_m) / chunk_m));
    const double to_y = fmin(last_y, floor((y + beyond_m) / chunk_m));
    return from_x <= to_x && from_y <= to_y &&
           uxo_maps_to_make(
               self, (uxo_chunk_box){(uint32_t)from_x, (uint32_t)to_x + 1, (uint32_t)from_y, (uint32_t)to_y + 1}) > 0;
}

/* Strikes that may reach the band, and chunks to be made in it. */
static void find_strikes(uxo_maps_run *self, uxo_tile_band band)
{
    const uxo_scenario *const scenario = self->plan.scenario;
    const uxo_grid *const grid = &scenario->grid;
    const double tile_m = UXO_TILE * grid->cell_size_m;
    const double margin_m = 2.0 * (double)self->plan.tile.stride * grid->cell_size_m;
    const double north = uxo_grid_ymax_m(grid) - (double)band.from_y * tile_m + margin_m;
    const double south = uxo_grid_ymax_m(grid) - (double)band.to_y * tile_m - margin_m;
    const double west = grid->xmin_m + (double)band.from_x * tile_m - margin_m;
    const double east = grid->xmin_m + (double)band.to_x * tile_m + margin_m;
    self->strike_count = 0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const uxo_strike *const strike = &scenario->strikes.item[i];
        const double reach_m = uxo_strike_hard_reach_m(scenario, strike);
        bool near = false;
        for (uint32_t s = 0; s < strike->site_count; s++) {
            const uxo_site *const site = &scenario->strikes.site[strike->first_site + s];
            near =
                near || (site->y_m - reach_m <= north && site->y_m + reach_m >= south && site->x_m - reach_m <= east &&
                         site->x_m + reach_m >= west && (self->state == NULL || reaches_work(self, site, reach_m)));
        }
        if (near) {
            self->strikes[self->strike_count++] = i;
        }
    }
}

/* Tiles of the band that begins at (first_chunk_x, first_chunk_y). */
static uxo_tile_band band_of(const uxo_maps_run *self)
{
    const uxo_grid *const grid = &self->plan.scenario->grid;
    const uint32_t to_x = (self->first_chunk_x + self->chunks_across) * UXO_CHUNK_TILES;
    const uint32_t to_y = (self->first_chunk_y + self->chunks_down) * UXO_CHUNK_TILES;
    return (uxo_tile_band){self->first_chunk_x * UXO_CHUNK_TILES, to_x < grid->tiles_x ? to_x : grid->tiles_x,
                           self->first_chunk_y * UXO_CHUNK_TILES, to_y < grid->tiles_y ? to_y : grid->tiles_y};
}

/* As many rows of chunks from here on as fit; where not one does, as many of its chunks, and one at least. A band that
 * does not begin at the west edge goes on with the row it is in. */
static void choose_band(uxo_maps_run *self)
{
    const uxo_grid *const grid = &self->plan.scenario->grid;
    self->chunks_across = uxo_chunks_x(grid) - self->first_chunk_x;
    self->chunks_down = self->first_chunk_x > 0 ? 1 : uxo_chunks_y(grid) - self->first_chunk_y;
    for (;;) {
        find_strikes(self, band_of(self));
        const uxo_table_order order = order_of(self, band_of(self));
        const uint32_t chunks = self->chunks_across * self->chunks_down;
        const double room = chunks <= FEW_CHUNKS ? FEW_CHUNKS_ROOM * self->table_bytes : self->table_bytes;
        if (chunks == 1 || uxo_carrier_table_bytes(&order) <= room) {
            return;
        }
        if (self->chunks_down > 1) {
            self->chunks_down = (self->chunks_down + 1) / 2;
        } else {
            self->chunks_across = (self->chunks_across + 1) / 2;
        }
    }
}

/* Where not even one chunk fits, realisations come in blocks, and what the tiles gather is kept meanwhile. */

/* Units of samples in a band. */
static size_t units_in(const uxo_maps_run *self, uxo_tile_band band)
{
    const uint32_t tiles = self->plan.tile.unit / UXO_TILE;
    return (size_t)((band.to_y - band.from_y + tiles - 1) / tiles) * uxo_band_units_across(&band, tiles);
}

static void gather_tile(uxo_maps_run *self, size_t tile)
{
    const uxo_tile_band *const band = &self->plan.table.band;
    const size_t across = band->to_x - band->from_x;
    const bool with_samples = self->plan.tile.samples && self->plan.tile.stride == 1;
    uxo_tile_gather(&self->plan.kept[tile], with_samples ? &self->plan.kept_samples[tile] : NULL,
                    &self->worker[omp_get_thread_num()].bench, &self->plan.tile, &self->plan.table,
                    band->from_x + (uint32_t)(tile % across), band->from_y + (uint32_t)(tile / across));
}

static void gather_unit(uxo_maps_run *self, size_t unit)
{
    const uxo_tile_band *const band = &self->plan.table.band;
    const uint32_t tiles = self->plan.tile.unit / UXO_TILE;
    const uint32_t across = uxo_band_units_across(band, tiles);
    uxo_order_gather(&self->plan.kept_samples[unit], &self->worker[omp_get_thread_num()].lattice, &self->plan.tile,
                     &self->plan.table, band->from_x / tiles + (uint32_t)(unit % across),
                     band->from_y / tiles + (uint32_t)(unit / across));
}

static void gather_block(uxo_maps_run *self, uxo_tile_band band)
{
    const uxo_tile_plan *const tile = &self->plan.tile;
    const size_t tiles = tile->moments || (tile->samples && tile->stride == 1) ? uxo_band_tiles(&band) : 0;
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
        UXO_TRY(uxo_carrier_table_make(&self->plan.table, &order, report));
        gather_block(self, order.band);
    }
    return uxo_maps_stopped(self) ? UXO_ERR_INTERRUPTED : UXO_OK;
}

static void free_kept(uxo_maps_run *self, uxo_tile_band band)
{
    for (size_t t = 0; self->plan.kept != NULL && t < uxo_band_tiles(&band); t++) {
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
    const size_t tiles = uxo_band_tiles(&band), units = units_in(self, band);
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

static uxo_status make_band(uxo_maps_run *self, uxo_report *report)
{
    const uxo_table_order order = order_of(self, band_of(self));
    const double bytes = uxo_carrier_table_bytes(&order);
    const uxo_chunk_box chunks = {self->first_chunk_x, self->first_chunk_x + self->chunks_across, self->first_chunk_y,
                                  self->first_chunk_y + self->chunks_down};
    if ((!order.want_fine && !order.want_coarse) || uxo_maps_to_make(self, chunks) == 0) {
        self->plan.table.band = order.band;
        return uxo_maps_chunks(self, report);
    }
    if (bytes <= self->table_bytes || self->chunks_across * self->chunks_down > 1) {
        UXO_TRY(uxo_carrier_table_make(&self->plan.table, &order, report));
        return uxo_maps_chunks(self, report);
    }
    const double fitting = (double)order.end * self->table_bytes / bytes;
    uxo_status status = make_kept(self, order.band)
                            ? gather_blocks(self, order, fitting < 1.0 ? 1 : (uint32_t)fitting, report)
                            : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the maps");
    if (status == UXO_OK) {
        status = uxo_maps_chunks(self, report);
    }
    free_kept(self, order.band);
    return status;
}

uxo_status uxo_maps_bands(uxo_maps_run *self, uxo_report *report)
{
    const uxo_grid *const grid = &self->plan.scenario->grid;
    self->first_chunk_x = 0;
    self->first_chunk_y = 0;
    while (self->first_chunk_y < uxo_chunks_y(grid)) {
        choose_band(self);
        const uxo_status status = make_band(self, report);
        if (status == UXO_ERR_MEMORY && report->count == 0) {
            return uxo_fail(report, status, NULL, "out of memory for the maps");
        }
        UXO_TRY(status);
        self->first_chunk_x += self->chunks_across;
        if (self->first_chunk_x == uxo_chunks_x(grid)) {
            self->first_chunk_x = 0;
            self->first_chunk_y += self->chunks_down;
        }
    }
    return UXO_OK;
}
