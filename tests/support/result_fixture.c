/* result_fixture.c - a whole run built in memory. */
#include "result_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "uxosim/layers.h"

static const char *const DISTRICT_NAME[RESULT_FIXTURE_DISTRICTS] = {
    "Харків, \"північ\"", "<b>bold & brave</b>\nsecond line", "منطقة الشمال", "=1+1; 'quoted'"};

result_fixture_options result_fixture_usual(void)
{
    return (result_fixture_options){300000.0, 5540000.0, 20.0, 300, 130, 50, true, true, true, UXO_ESTIMATOR_ANALOG};
}

/* The polygon of a rectangle as little-endian WKB in hexadecimal, clockwise as Shapefiles have it. */
static char *rectangle_hex(double x0, double y0, double x1, double y1)
{
    const double point[10] = {x0, y0, x0, y1, x1, y1, x1, y0, x0, y0};
    unsigned char bytes[13 + sizeof point] = {1, 3, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0};
    char *const hex = malloc(2 * sizeof bytes + 1);
    assert_non_null(hex);
    memcpy(bytes + 13, point, sizeof point);
    for (size_t i = 0; i < sizeof bytes; i++) {
        snprintf(hex + 2 * i, 3, "%02X", bytes[i]);
    }
    return hex;
}

/* Vertical stripes that leave the last fifth of the columns to no district. */
static uint16_t stripe(const uxo_grid *grid, uint32_t ix)
{
    const uint32_t district = (uint32_t)((uint64_t)ix * (RESULT_FIXTURE_DISTRICTS + 1) / grid->nx);
    return district < RESULT_FIXTURE_DISTRICTS ? (uint16_t)district : UXO_NO_DISTRICT;
}

static void add_district(uxo_scenario *scenario, uint32_t i)
{
    const uxo_grid *const grid = &scenario->grid;
    uxo_district *const district = &scenario->districts.item[i];
    uint32_t first = grid->nx;
    uint32_t count = 0;
    for (uint32_t ix = 0; ix < grid->nx; ix++) {
        if (stripe(grid, ix) == i) {
            first = ix < first ? ix : first;
            count++;
        }
    }
    const double x0 = grid->xmin_m + first * grid->cell_size_m;
    district->name = strdup(DISTRICT_NAME[i]);
    district->area_ha = count * grid->ny * uxo_grid_cell_ha(grid);
    district->polygon_ha = district->area_ha;
    district->population = 0.5 * count * grid->ny;
    district->population_attribute = NAN;
    district->geometry_wkb_hex = rectangle_hex(x0, grid->ymin_m, x0 + count * grid->cell_size_m, uxo_grid_ymax_m(grid));
}

static void add_districts(model_fixture *model)
{
    uxo_scenario *const scenario = &model->scenario;
    const uxo_grid *const grid = &scenario->grid;
    model->district = calloc(RESULT_FIXTURE_DISTRICTS, sizeof *model->district);
    scenario->has_districts = true;
    scenario->districts.item = model->district;
    scenario->districts.count = RESULT_FIXTURE_DISTRICTS;
    for (uint32_t i = 0; i < RESULT_FIXTURE_DISTRICTS; i++) {
        add_district(scenario, i);
    }
    for (size_t tile = 0; tile < uxo_grid_tile_count(grid); tile++) {
        uint16_t *const cells = malloc(UXO_TILE_CELLS * sizeof *cells);
        memset(cells, 0xFF, UXO_TILE_CELLS * sizeof *cells);
        scenario->districts.map.cells[tile] = cells;
    }
    for (uint32_t iy = 0; iy < grid->ny; iy++) {
        for (uint32_t ix = 0; ix < grid->nx; ix++) {
            scenario->districts.map.cells[uxo_grid_tile_of(grid, ix, iy)][uxo_grid_cell_in_tile(ix, iy)] =
                stripe(grid, ix);
        }
    }
}

static void add_strikes(model_fixture *model)
{
    const uxo_grid *const grid = &model->scenario.grid;
    const double width = uxo_grid_xmax_m(grid) - grid->xmin_m;
    const double height = uxo_grid_ymax_m(grid) - grid->ymin_m;
    uxo_strike *const first = fixture_strike(model, "A", grid->xmin_m + 0.4 * width, grid->ymin_m + 0.6 * height);
    first->day = 18993; /* 2022-01-01 */
    fixture_site(model, "A-other-report", grid->xmin_m + 0.4 * width, grid->ymin_m + 0.6 * height);
    uxo_strike *const second = fixture_strike(model, "B", uxo_grid_xmax_m(grid), uxo_grid_ymax_m(grid));
    second->carriers = quantity_range(1.0, 4.0);
    second->confidence = uxo_quantity_constant(0.9);
    for (uint32_t i = 0; i < model->scenario.strikes.site_count; i++) {
        uxo_site *const site = &model->site[i];
        site->day = i == 0 ? 18993 : UXO_NO_DATE;
        site->source = strdup("\"quoted\", <ref> & more; مصدر");
        uxo_crs_unproject(model->scenario.crs, site->x_m, site->y_m, &site->lon_deg, &site->lat_deg);
    }
}

static void add_provenance(result_fixture *self)
{
    static const char *const used[RESULT_FIXTURE_USED][4] = {
        {"grid.cell_size_m", "20", "1", "scenario.yaml:12"},
        {"munitions.m.dud_rate", "0.16", "1",
         "ASSUMED: a number for tests, of no certainty at all, in a sentence long enough to be wrapped"},
        {"strikes.defaults.confidence", "0.9", "0", "built-in default: ASSUMED"},
        {"run.realisations", "50", "2", "--set run.realisations=50"}};
    static const char *const input[RESULT_FIXTURE_INPUTS][2] = {
        {"scenario", "scenario.yaml"}, {"strikes", "strikes, \"final\".csv"}, {"districts", "районы.geojson"}};
    uxo_scenario *const scenario = &self->model.scenario;
    for (size_t i = 0; i < RESULT_FIXTURE_USED; i++) {
        self->used[i] = (uxo_used_value){strdup(used[i][0]), strdup(used[i][1]), (uxo_mark)(used[i][2][0] - '0'),
                                         strdup(used[i][3])};
    }
    for (size_t i = 0; i < RESULT_FIXTURE_INPUTS; i++) {
        self->input[i] = (uxo_input_file){.role = strdup(input[i][0]), .name = strdup(input[i][1]), .bytes = 1000 + i};
        memset(self->input[i].sha256, '0' + (int)i, 64);
    }
    scenario->used = self->used;
    scenario->used_count = RESULT_FIXTURE_USED;
    scenario->input = self->input;
    scenario->input_count = RESULT_FIXTURE_INPUTS;
    scenario->title = strdup("A test: \"quotes\", <markup> & Ґанок");
    scenario->scenario_text = strdup("format: 1\ntitle: \"тест\"\nstrikes: {file: secret-place.csv}\n");
    scenario->overrides_text = strdup("run.realisations=50\n");
    scenario->crs_text = strdup("EPSG:32637");
    scenario->as_of_day = 19357; /* 2022-12-31 */
    self->model.munition[0].source[UXO_SOURCE_DUD_RATE] = strdup("A source");
    self->model.munition[0].origin[UXO_SOURCE_DUD_RATE] = strdup("munitions.yaml:12");
}

static void run_engine(result_fixture *self, uxo_report *report)
{
    const uxo_scenario *const scenario = &self->model.scenario;
    fixture_run(&self->model, 1, &self->outcome);
    assert_int_equal(uxo_district_table_init(&self->table, scenario->districts.count, report), UXO_OK);
    assert_int_equal(uxo_district_table_fill(&self->table, scenario, &self->outcome, NULL, report), UXO_OK);
}

void result_fixture_init(result_fixture *self, const result_fixture_options *options)
{
    uxo_report report;
    memset(self, 0, sizeof *self);
    uxo_report_init(&report);
    uxo_scenario *const scenario = &self->model.scenario;
    fixture_init(&self->model, options->xmin_m, options->ymin_m, options->cell_size_m, options->nx, options->ny,
                 options->realisations, UINT64_C(18446744073709551557));
    assert_int_equal(uxo_crs_open(&scenario->crs, "EPSG:32637", NULL, &report), UXO_OK);
    fixture_share(&self->model, &self->model.munition[0].dud_rate, "m.dud_rate", true);
    if (options->districts) {
        add_districts(&self->model);
    }
    if (options->population) {
        const size_t cells = uxo_grid_cell_count(&scenario->grid);
        assert_true(uxo_population_init(&scenario->population, &scenario->grid));
        for (size_t i = 0; i < cells; i++) {
            assert_true(uxo_population_add(&scenario->population, &scenario->grid, (uint32_t)(i % scenario->grid.nx),
                                           (uint32_t)(i / scenario->grid.nx), 0.5));
        }
        scenario->population.source_total = scenario->population.on_grid = 0.5 * (double)cells;
        scenario->districts.population_outside = scenario->population.on_grid;
        for (uint32_t i = 0; i < scenario->districts.count; i++) {
            scenario->districts.population_outside -= scenario->districts.item[i].population;
        }
    }
    if (options->strikes) {
        add_strikes(&self->model);
    }
    add_provenance(self);
    scenario->estimator = options->estimator;
    memcpy(self->quantile, (const double[]){0.05, 0.5, 0.95}, sizeof self->quantile);
    memcpy(self->threshold, (const double[]){1.0, 10.0}, sizeof self->threshold);
    scenario->map_quantile = self->quantile;
    scenario->map_quantile_count = RESULT_FIXTURE_QUANTILES;
    scenario->threshold_per_ha = self->threshold;
    scenario->threshold_count = RESULT_FIXTURE_THRESHOLDS;
    run_engine(self, &report);
    self->run = (uxo_result_run){scenario,     &self->engine,  &self->outcome, &self->table,
                                 "0.0.0-test", "0123456789ab", "3.x",          NULL};
    uxo_report_free(&report);
}

void result_fixture_free(result_fixture *self)
{
    uxo_scenario *const scenario = &self->model.scenario;
    for (uint32_t i = 0; i < scenario->strikes.site_count; i++) {
        free(self->model.site[i].source);
    }
    for (size_t i = 0; i < RESULT_FIXTURE_USED; i++) {
        free(self->used[i].path);
        free(self->used[i].value);
        free(self->used[i].source);
    }
    for (size_t i = 0; i < RESULT_FIXTURE_INPUTS; i++) {
        free(self->input[i].role);
        free(self->input[i].name);
    }
    for (uint32_t i = 0; scenario->has_districts && i < RESULT_FIXTURE_DISTRICTS; i++) {
        free(self->model.district[i].geometry_wkb_hex);
    }
    free(self->model.munition[0].source[UXO_SOURCE_DUD_RATE]);
    free(self->model.munition[0].origin[UXO_SOURCE_DUD_RATE]);
    uxo_population_free(&scenario->population);
    free(scenario->title);
    free(scenario->scenario_text);
    free(scenario->overrides_text);
    free(scenario->crs_text);
    uxo_crs_free(scenario->crs);
    uxo_district_table_free(&self->table);
    uxo_outcome_free(&self->outcome);
    fixture_free(&self->model);
}

void result_fixture_write(const result_fixture *self, const char *path)
{
    uxo_report report;
    uxo_report_init(&report);
    const uxo_status status = uxo_result_write(path, &self->run, &report);
    uxo_report_print(&report, 0, 10, stderr);
    uxo_report_free(&report);
    assert_int_equal(status, UXO_OK);
}
