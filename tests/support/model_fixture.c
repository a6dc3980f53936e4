/* model_fixture.c - scenarios built in memory. */
#include "model_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

uxo_quantity quantity_uniform(double a, double b, uxo_per per)
{
    uxo_quantity quantity = uxo_quantity_constant(a);
    quantity.form = UXO_FORM_UNIFORM;
    quantity.per = per;
    quantity.p[1] = b;
    return quantity;
}

uxo_quantity quantity_range(double a, double b)
{
    uxo_quantity quantity = quantity_uniform(a, b, UXO_PER_STRIKE);
    quantity.form = UXO_FORM_RANGE;
    quantity.integer = true;
    return quantity;
}

uxo_quantity quantity_beta(double alpha, double beta, uxo_per per)
{
    uxo_quantity quantity = quantity_uniform(alpha, beta, per);
    quantity.form = UXO_FORM_BETA;
    return quantity;
}

uxo_quantity normal_campaign(double mean, double sd)
{
    uxo_quantity quantity = quantity_uniform(mean, sd, UXO_PER_CAMPAIGN);
    quantity.form = UXO_FORM_NORMAL;
    return quantity;
}

void fixture_init(model_fixture *self, double xmin_m, double ymin_m, double cell_size_m, uint32_t nx, uint32_t ny,
                  uint32_t realisations, uint64_t seed)
{
    memset(self, 0, sizeof *self);
    uxo_scenario *const scenario = &self->scenario;
    scenario->seed = seed;
    scenario->realisations = realisations;
    scenario->estimator = UXO_ESTIMATOR_ANALOG;
    scenario->quantile[0] = 0.05;
    scenario->quantile[1] = 0.5;
    scenario->quantile[2] = 0.95;
    uxo_grid_init(&scenario->grid, xmin_m, ymin_m, cell_size_m, nx, ny);
    scenario->catalogue.item = self->munition;
    scenario->catalogue.count = 1;
    scenario->strikes.item = self->strike;
    scenario->strikes.site = self->site;
    scenario->campaign = self->campaign;
    assert_int_equal(uxo_districts_none(&scenario->districts, &scenario->grid), UXO_OK);
    uxo_munition *const munition = &self->munition[0];
    snprintf(munition->id, sizeof munition->id, "m");
    munition->submunitions_per_carrier = uxo_quantity_constant(644.0);
    munition->dud_rate = uxo_quantity_constant(0.16);
    munition->carrier_failure = uxo_quantity_constant(0.0);
    munition->spread_along_m = uxo_quantity_constant(0.0);
    munition->spread_across_m = uxo_quantity_constant(0.0);
    munition->pattern_along_m = uxo_quantity_constant(50.0);
    munition->pattern_across_m = uxo_quantity_constant(25.0);
    for (int i = 1; i < FIXTURE_MUNITIONS; i++) {
        self->munition[i] = *munition;
    }
}

void fixture_free(model_fixture *self)
{
    if (self->district != NULL) {
        for (uint32_t i = 0; i < self->scenario.districts.count; i++) {
            free(self->district[i].name);
        }
        free(self->district);
        self->scenario.districts.item = NULL;
        self->scenario.districts.count = 0;
    }
    uxo_districts_free(&self->scenario.districts);
}

uxo_strike *fixture_strike(model_fixture *self, const char *id, double x_m, double y_m)
{
    uxo_strikes *const strikes = &self->scenario.strikes;
    assert_true(strikes->count < FIXTURE_STRIKES);
    uxo_strike *const strike = &self->strike[strikes->count++];
    snprintf(strike->id, sizeof strike->id, "%s", id);
    strike->key = uxo_key_make(self->scenario.seed, UXO_LEVEL_STRIKE, id);
    strike->day = UXO_NO_DATE;
    strike->first_site = strikes->site_count;
    strike->mixture = (uxo_mixture){.count = 1, .munition = {0}, .weight = {1.0}};
    strike->carriers = uxo_quantity_constant(1.0);
    strike->heading_deg = uxo_quantity_constant(90.0);
    strike->heading_sd_deg = uxo_quantity_constant(0.0);
    strike->confidence = uxo_quantity_constant(1.0);
    fixture_site(self, id, x_m, y_m);
    return strike;
}

uxo_site *fixture_site(model_fixture *self, const char *id, double x_m, double y_m)
{
    uxo_strikes *const strikes = &self->scenario.strikes;
    assert_true(strikes->site_count < FIXTURE_SITES);
    uxo_site *const site = &self->site[strikes->site_count++];
    snprintf(site->id, sizeof site->id, "%s", id);
    site->x_m = x_m;
    site->y_m = y_m;
    site->location_kind = UXO_LOCATION_R95;
    site->location_size_m = uxo_quantity_constant(0.0);
    self->strike[strikes->count - 1].site_count++;
    return site;
}

void fixture_blocks(model_fixture *self, uint32_t across, uint32_t down)
{
    uxo_scenario *const scenario = &self->scenario;
    const uxo_grid *const grid = &scenario->grid;
    const uint32_t count = across * down;
    assert_true(count < 60000);
    self->district = calloc(count, sizeof *self->district);
    scenario->districts.item = self->district;
    scenario->districts.count = count;
    for (uint32_t i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "cell %u", i);
        self->district[i].name = strdup(name);
        self->district[i].area_ha = uxo_grid_cell_ha(grid) * (double)(grid->nx / across * (grid->ny / down));
        self->district[i].population = NAN;
    }
    for (size_t tile = 0; tile < uxo_grid_tile_count(grid); tile++) {
        scenario->districts.map.cells[tile] = malloc(UXO_TILE_CELLS * sizeof(uint16_t));
        memset(scenario->districts.map.cells[tile], 0xFF, UXO_TILE_CELLS * sizeof(uint16_t));
    }
    for (uint32_t iy = 0; iy < grid->ny; iy++) {
        for (uint32_t ix = 0; ix < grid->nx; ix++) {
            scenario->districts.map.cells[uxo_grid_tile_of(grid, ix, iy)][uxo_grid_cell_in_tile(ix, iy)] =
                (uint16_t)(iy * down / grid->ny * across + ix * across / grid->nx);
        }
    }
}

void fixture_cell_districts(model_fixture *self)
{
    fixture_blocks(self, self->scenario.grid.nx, self->scenario.grid.ny);
}

void fixture_halves(model_fixture *self)
{
    fixture_blocks(self, 2, 1);
}

void fixture_share(model_fixture *self, uxo_quantity *quantity, const char *name, bool is_failure_rate)
{
    const uint32_t index = self->scenario.campaign_count++;
    assert_true(index < FIXTURE_CAMPAIGN);
    uxo_campaign_item *const item = &self->campaign[index];
    snprintf(item->name, sizeof item->name, "%s", name);
    item->quantity = *quantity;
    item->key = uxo_key_make(self->scenario.seed, UXO_LEVEL_CAMPAIGN, name);
    item->is_failure_rate = is_failure_rate;
    quantity->campaign_index = (int32_t)index;
}

void fixture_run(const model_fixture *self, int threads, uxo_outcome *outcome)
{
    uxo_report report;
    uxo_report_init(&report);
    const uxo_engine_options options = {.threads = threads};
    const uxo_status status = uxo_engine_run(&self->scenario, &options, outcome, &report);
    uxo_report_print(&report, 0, 10, stderr);
    uxo_report_free(&report);
    assert_int_equal(status, UXO_OK);
}

double *fixture_totals(const uxo_outcome *outcome)
{
    double *const totals = calloc(outcome->realisations, sizeof *totals);
    for (size_t r = 0; r < outcome->realisations; r++) {
        for (uint32_t c = 0; c < outcome->columns; c++) {
            totals[r] += outcome->dud_count[r * outcome->columns + c];
        }
    }
    return totals;
}
