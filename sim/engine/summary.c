/* summary.c - rows of the tables of districts and of zones from what was found in each realisation. The total of districts is a row of its own,
 * from per-realisation sums: quantiles of districts are never added. Not here: what zones have beside (summary_zones.c). */
#include "uxosim/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "summary_private.h"

static void fill_duds(uxo_district_table *self, uint32_t row, const uxo_summary *summary)
{
    const double area_ha = self->value[UXO_COLUMN_AREA_HA][row];
    self->value[UXO_COLUMN_DUDS_MEAN][row] = summary->mean;
    self->value[UXO_COLUMN_DUDS_SD][row] = summary->sd;
    self->value[UXO_COLUMN_DUDS_P05][row] = summary->quantile[0];
    self->value[UXO_COLUMN_DUDS_P50][row] = summary->quantile[1];
    self->value[UXO_COLUMN_DUDS_P95][row] = summary->quantile[2];
    self->value[UXO_COLUMN_DUDS_MEAN_SE][row] = summary->mean_se;
    self->value[UXO_COLUMN_DUDS_SD_SE][row] = summary->sd_se;
    self->value[UXO_COLUMN_DUDS_P05_SE][row] = summary->quantile_se[0];
    self->value[UXO_COLUMN_DUDS_P50_SE][row] = summary->quantile_se[1];
    self->value[UXO_COLUMN_DUDS_P95_SE][row] = summary->quantile_se[2];
    /* The total holds duds outside the grid, so its density would be one of nothing in particular. */
    if (area_ha > 0.0 && row + 1 < self->rows) {
        self->value[UXO_COLUMN_DUDS_PER_HA][row] = summary->mean / area_ha;
        self->value[UXO_COLUMN_DUDS_PER_HA_SE][row] = summary->mean_se / area_ha;
    }
}

/* Names, areas and persons. "Outside the grid" has neither area nor persons; the total's are those of the whole grid.
 */
static uxo_status fill_places(uxo_district_table *self, const uxo_scenario *scenario, uxo_report *report)
{
    const uint32_t districts = scenario->districts.count;
    const double grid_ha = (double)uxo_grid_cell_count(&scenario->grid) * uxo_grid_cell_ha(&scenario->grid);
    double area_ha = 0.0;
    double persons = 0.0;
    for (uint32_t i = 0; i < districts; i++) {
        const uxo_district *const district = &scenario->districts.item[i];
        self->name[i] = strdup(district->name);
        self->value[UXO_COLUMN_AREA_HA][i] = district->area_ha;
        self->value[UXO_COLUMN_POPULATION][i] = district->population;
        area_ha += district->area_ha;
        persons += isnan(district->population) ? 0.0 : district->population;
    }
    self->name[districts] = strdup(UXO_ROW_OUTSIDE_DISTRICTS);
    self->name[districts + 1] = strdup(UXO_ROW_OUTSIDE_GRID);
    self->name[districts + 2] = strdup(UXO_ROW_TOTAL);
    self->value[UXO_COLUMN_AREA_HA][districts] = fmax(0.0, grid_ha - area_ha);
    self->value[UXO_COLUMN_AREA_HA][districts + 2] = grid_ha;
    if (uxo_population_given(&scenario->population)) {
        self->value[UXO_COLUMN_POPULATION][districts] = scenario->districts.population_outside;
        self->value[UXO_COLUMN_POPULATION][districts + 2] = scenario->population.on_grid;
    } else if (persons > 0.0) {
        self->value[UXO_COLUMN_POPULATION][districts + 2] = persons;
    }
    for (uint32_t row = 0; row < self->rows; row++) {
        if (self->name[row] == NULL) {
            return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for district names");
        }
    }
    return UXO_OK;
}

/* Rows of the table are the columns of the outcome, and the total. */
static void fill_intact(uxo_district_table *self, const uxo_outcome *outcome)
{
    if (outcome->column_carriers == NULL || outcome->column_submunitions == NULL) {
        return;
    }
    const double realisations = (double)outcome->realisations;
    double *const carriers = self->value[UXO_COLUMN_INTACT_CARRIERS];
    double *const submunitions = self->value[UXO_COLUMN_INTACT_SUBMUNITIONS];
    for (uint32_t row = 0; row + 1 < self->rows; row++) {
        carriers[row] = (double)outcome->column_carriers[row] / realisations;
        submunitions[row] = (double)outcome->column_submunitions[row] / realisations;
    }
    carriers[self->rows - 1] = (double)outcome->intact_carriers / realisations;
    submunitions[self->rows - 1] = (double)outcome->intact_submunitions / realisations;
}

void uxo_filling_summarise(const uxo_filling *self, uxo_summary *summary)
{
    uxo_stats_summarise(self->values, self->weight, self->realisations, self->scenario->quantile, self->scratch,
                        summary);
}

void uxo_filling_moments(const uxo_filling *self, uxo_summary *summary)
{
    uxo_stats_moments(self->values, self->weight, self->realisations, summary);
}

/* Duds or accidents of one row of the table in each realisation; the last row of districts is the total. */
static void take_counts(const uxo_filling *self, const uxo_counts *table, uint32_t row)
{
    const uxo_findings *const found = &self->found;
    for (uint32_t r = 0; r < self->realisations; r++) {
        if (table->parts != NULL) {
            self->values[r] = (double)table->parts[r * found->stride + row] / (double)UXO_ZONE_PARTS;
            continue;
        }
        const uint32_t *const counts = table->whole + r * found->stride;
        if (row < found->columns) {
            self->values[r] = (double)counts[row];
            continue;
        }
        self->values[r] = 0.0;
        for (uint32_t c = 0; c < found->columns; c++) {
            self->values[r] += (double)counts[c];
        }
    }
}

void uxo_filling_take_reals(const uxo_filling *self, const double *table, uint32_t row)
{
    const uint32_t columns = self->found.columns;
    for (uint32_t r = 0; r < self->realisations; r++) {
        const double *const reals = table + r * self->found.stride;
        if (row < columns) {
            self->values[r] = reals[row];
            continue;
        }
        self->values[r] = 0.0;
        for (uint32_t c = 0; c + 1 < columns; c++) {
            self->values[r] += reals[c];
        }
    }
}

static void fill_affected(const uxo_filling *self, uint32_t row)
{
    double *const *const value = self->table->value;
    uxo_summary summary;
    if (row + 1 == self->found.columns) {
        return; /* outside the grid */
    }
    uxo_filling_take_reals(self, self->found.affected_ha, row);
    uxo_filling_summarise(self, &summary);
    value[UXO_COLUMN_AFFECTED_HA_MEAN][row] = summary.mean;
    value[UXO_COLUMN_AFFECTED_HA_P05][row] = summary.quantile[0];
    value[UXO_COLUMN_AFFECTED_HA_P95][row] = summary.quantile[2];
    value[UXO_COLUMN_AFFECTED_HA_MEAN_SE][row] = summary.mean_se;
    value[UXO_COLUMN_AFFECTED_HA_P05_SE][row] = summary.quantile_se[0];
    value[UXO_COLUMN_AFFECTED_HA_P95_SE][row] = summary.quantile_se[2];
    if (uxo_population_given(&self->scenario->population)) {
        uxo_filling_take_reals(self, self->found.people_affected, row);
        uxo_filling_moments(self, &summary);
        value[UXO_COLUMN_PEOPLE_AFFECTED_MEAN][row] = summary.mean;
        value[UXO_COLUMN_PEOPLE_AFFECTED_MEAN_SE][row] = summary.mean_se;
    }
}

/* Casualties and deaths are accidents times what an accident does in the realisation. */
static void fill_accidents(const uxo_filling *self, uint32_t row)
{
    static const uxo_district_column harm[2] = {UXO_COLUMN_CASUALTIES_MEAN, UXO_COLUMN_DEATHS_MEAN};
    static const uxo_district_column harm_error[2] = {UXO_COLUMN_CASUALTIES_MEAN_SE, UXO_COLUMN_DEATHS_MEAN_SE};
    double *const *const value = self->table->value;
    uxo_summary summary;
    if (row + 1 == self->found.columns) {
        return; /* outside the grid */
    }
    take_counts(self, &self->found.accidents, row);
    uxo_filling_summarise(self, &summary);
    value[UXO_COLUMN_ACCIDENTS_MEAN][row] = summary.mean;
    value[UXO_COLUMN_ACCIDENTS_P05][row] = summary.quantile[0];
    value[UXO_COLUMN_ACCIDENTS_P50][row] = summary.quantile[1];
    value[UXO_COLUMN_ACCIDENTS_P95][row] = summary.quantile[2];
    value[UXO_COLUMN_ACCIDENTS_MEAN_SE][row] = summary.mean_se;
    value[UXO_COLUMN_ACCIDENTS_P05_SE][row] = summary.quantile_se[0];
    value[UXO_COLUMN_ACCIDENTS_P50_SE][row] = summary.quantile_se[1];
    value[UXO_COLUMN_ACCIDENTS_P95_SE][row] = summary.quantile_se[2];
    for (int k = 0; k < 2; k++) {
        take_counts(self, &self->found.accidents, row);
        for (uint32_t r = 0; r < self->realisations; r++) {
            self->values[r] *= self->per_accident[k][r];
        }
        uxo_filling_moments(self, &summary);
        value[harm[k]][row] = summary.mean;
        value[harm_error[k]][row] = summary.mean_se;
    }
}

/* What an accident does in each realisation. */
static bool take_harm(uxo_filling *self)
{
    const uxo_outcome *const outcome = self->outcome;
    uxo_exposure_draw draw;
    if (outcome->accidents == NULL) {
        return true;
    }
    for (int k = 0; k < 2; k++) {
        self->per_accident[k] = malloc(outcome->realisations * sizeof **self->per_accident);
    }
    if (self->per_accident[0] == NULL || self->per_accident[1] == NULL) {
        return false;
    }
    for (uint32_t r = 0; r < outcome->realisations; r++) {
        uxo_exposure_of(&self->scenario->people, outcome->campaign + (size_t)r * self->scenario->campaign_count, &draw);
        self->per_accident[0][r] = draw.casualties;
        self->per_accident[1][r] = draw.casualties * draw.deaths;
    }
    return true;
}

static bool filling_init(uxo_filling *self)
{
    const size_t realisations = self->realisations, of_all = (size_t)self->threads * realisations;
    const size_t districts = (size_t)self->found.areas + 1;
    self->values = malloc(of_all * sizeof *self->values);
    self->scratch = malloc(of_all * sizeof *self->scratch);
    self->ratio = malloc(districts * sizeof *self->ratio);
    self->duds = malloc(districts * sizeof *self->duds);
    self->accidents = malloc(districts * sizeof *self->accidents);
    bool complete = self->values != NULL && self->scratch != NULL && self->duds != NULL && self->accidents != NULL &&
                    self->ratio != NULL && take_harm(self);
    for (int p = 0; p < UXO_PODIUMS; p++) {
        self->first[p] = malloc(realisations * sizeof *self->first[p]);
        complete = complete && self->first[p] != NULL;
    }
    return complete;
}

static void filling_free(uxo_filling *self)
{
    free(self->values);
    free(self->scratch);
    free(self->duds);
    free(self->accidents);
    free(self->ratio);
    free(self->per_accident[0]);
    free(self->per_accident[1]);
    for (int p = 0; p < UXO_PODIUMS; p++) {
        free(self->first[p]);
    }
}

static void fill_row(const uxo_filling *self, uint32_t row)
{
    uxo_summary summary;
    take_counts(self, &self->found.duds, row);
    uxo_filling_summarise(self, &summary);
    fill_duds(self->table, row, &summary);
    if (self->found.affected_ha != NULL) {
        fill_affected(self, row);
    }
    if (self->outcome->accidents != NULL) {
        fill_accidents(self, row);
    }
}

uxo_status uxo_filling_rows(uxo_filling *self, uint32_t rows, uxo_report *report)
{
    self->realisations = self->outcome->realisations;
    self->effective = uxo_stats_effective(self->weight, self->realisations);
    self->threads = self->outcome->threads > 1 ? self->outcome->threads : 1; /* of the run; sorting takes the time */
    if (!filling_init(self)) {
        filling_free(self);
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %u realisations", self->realisations);
    }
#pragma omp parallel for num_threads(self->threads) schedule(dynamic, 1)
    for (uint32_t row = 0; row < rows; row++) {
        const uxo_filling mine = uxo_filling_of_thread(self);
        fill_row(&mine, row);
    }
    uxo_filling_ranks(self);
    filling_free(self);
    return UXO_OK;
}

static uxo_findings of_districts(const uxo_scenario *scenario, const uxo_outcome *outcome)
{
    return (uxo_findings){.areas = scenario->districts.count,
                          .columns = outcome->columns,
                          .stride = outcome->columns,
                          .duds = {.whole = outcome->dud_count},
                          .accidents = {.whole = outcome->accidents},
                          .conditional = outcome->conditional,
                          .affected_ha = outcome->affected_ha,
                          .people_affected = outcome->people_affected,
                          .accident_expectation = outcome->accident_expectation,
                          .accident_chance = outcome->accident_chance};
}

uxo_status uxo_district_table_fill(uxo_district_table *self, const uxo_scenario *scenario, const uxo_outcome *outcome,
                                   const double *weight, uxo_report *report)
{
    uxo_filling fill = {.table = self,
                        .scenario = scenario,
                        .outcome = outcome,
                        .found = of_districts(scenario, outcome),
                        .weight = weight};
    UXO_TRY(fill_places(self, scenario, report));
    UXO_TRY(uxo_filling_rows(&fill, self->rows, report));
    fill_intact(self, outcome);
    return UXO_OK;
}
