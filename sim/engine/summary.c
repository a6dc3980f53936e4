/* summary.c - the district table from what was found in each realisation. The total is a row of its own, from per-realisation
 * sums: quantiles of districts are never added. */
#include "uxosim/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "summary_private.h"

const uxo_column_info *uxo_column(uxo_district_column column)
{
    static const uxo_column_info columns[] = {
#define X(id, name, unit, sentence) {name, unit, sentence},
        UXO_DISTRICT_COLUMNS(X) UXO_DISTRICT_FILE_COLUMNS(X)
#undef X
    };
    return &columns[column];
}

int uxo_column_find(const char *name)
{
    for (int i = 0; i < UXO_COLUMN_CSV_COUNT; i++) {
        if (strcmp(uxo_column((uxo_district_column)i)->name, name) == 0) {
            return i;
        }
    }
    return -1;
}

uxo_status uxo_district_table_init(uxo_district_table *self, uint32_t districts, uxo_report *report)
{
    memset(self, 0, sizeof *self);
    self->rows = districts + 3;
    self->name = calloc(self->rows, sizeof *self->name);
    bool complete = self->name != NULL;
    for (int c = 0; c < UXO_COLUMN_COUNT; c++) {
        self->value[c] = malloc(self->rows * sizeof *self->value[c]);
        complete = complete && self->value[c] != NULL;
        for (uint32_t row = 0; self->value[c] != NULL && row < self->rows; row++) {
            self->value[c][row] = NAN;
        }
    }
    return complete ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %u districts", districts);
}

void uxo_district_table_free(uxo_district_table *self)
{
    for (uint32_t row = 0; self->name != NULL && row < self->rows; row++) {
        free(self->name[row]);
    }
    free(self->name);
    for (int c = 0; c < UXO_COLUMN_COUNT; c++) {
        free(self->value[c]);
    }
    memset(self, 0, sizeof *self);
}

bool uxo_district_table_has(const uxo_district_table *self, uxo_district_column column)
{
    for (uint32_t row = 0; row < self->rows; row++) {
        if (!isnan(self->value[column][row])) {
            return true;
        }
    }
    return false;
}

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
    uxo_stats_summarise(self->values, self->weight, self->outcome->realisations, self->scenario->quantile,
                        self->scratch, summary);
}

/* Duds or accidents of one row of the table in each realisation; the last row is the total. */
static void take_counts(const uxo_filling *self, const uint32_t *table, uint32_t row)
{
    const uint32_t columns = self->outcome->columns;
    for (uint32_t r = 0; r < self->outcome->realisations; r++) {
        const uint32_t *const counts = table + (size_t)r * columns;
        if (row < columns) {
            self->values[r] = (double)counts[row];
            continue;
        }
        self->values[r] = 0.0;
        for (uint32_t c = 0; c < columns; c++) {
            self->values[r] += (double)counts[c];
        }
    }
}

void uxo_filling_take_reals(const uxo_filling *self, const double *table, uint32_t row)
{
    const uint32_t columns = self->outcome->columns;
    for (uint32_t r = 0; r < self->outcome->realisations; r++) {
        const double *const reals = table + (size_t)r * columns;
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
    if (row + 1 == self->outcome->columns) {
        return; /* outside the grid */
    }
    uxo_filling_take_reals(self, self->outcome->affected_ha, row);
    uxo_filling_summarise(self, &summary);
    value[UXO_COLUMN_AFFECTED_HA_MEAN][row] = summary.mean;
    value[UXO_COLUMN_AFFECTED_HA_P05][row] = summary.quantile[0];
    value[UXO_COLUMN_AFFECTED_HA_P95][row] = summary.quantile[2];
    value[UXO_COLUMN_AFFECTED_HA_MEAN_SE][row] = summary.mean_se;
    value[UXO_COLUMN_AFFECTED_HA_P05_SE][row] = summary.quantile_se[0];
    value[UXO_COLUMN_AFFECTED_HA_P95_SE][row] = summary.quantile_se[2];
    if (uxo_population_given(&self->scenario->population)) {
        uxo_filling_take_reals(self, self->outcome->people_affected, row);
        uxo_filling_summarise(self, &summary);
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
    if (row + 1 == self->outcome->columns) {
        return; /* outside the grid */
    }
    take_counts(self, self->outcome->accidents, row);
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
        take_counts(self, self->outcome->accidents, row);
        for (uint32_t r = 0; r < self->outcome->realisations; r++) {
            self->values[r] *= self->per_accident[k][r];
        }
        uxo_filling_summarise(self, &summary);
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
    const size_t realisations = self->outcome->realisations, of_all = (size_t)self->threads * realisations;
    const size_t districts = (size_t)self->scenario->districts.count + 1;
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
    take_counts(self, self->outcome->dud_count, row);
    uxo_filling_summarise(self, &summary);
    fill_duds(self->table, row, &summary);
    if (self->outcome->affected_ha != NULL) {
        fill_affected(self, row);
    }
    if (self->outcome->accidents != NULL) {
        fill_accidents(self, row);
    }
}

uxo_status uxo_district_table_fill(uxo_district_table *self, const uxo_scenario *scenario, const uxo_outcome *outcome,
                                   const double *weight, uxo_report *report)
{
    uxo_filling fill = {.table = self,
                        .scenario = scenario,
                        .outcome = outcome,
                        .weight = weight,
                        .effective = uxo_stats_effective(weight, outcome->realisations)};
    fill.threads = outcome->threads > 1 ? outcome->threads : 1; /* of the run; sorting is what takes the time */
    uxo_status status = fill_places(self, scenario, report);
    if (!filling_init(&fill)) {
        status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %u realisations", outcome->realisations);
    }
    if (status == UXO_OK) {
#pragma omp parallel for num_threads(fill.threads) schedule(dynamic, 1)
        for (uint32_t row = 0; row < self->rows; row++) {
            const uxo_filling mine = uxo_filling_of_thread(&fill);
            fill_row(&mine, row);
        }
        fill_intact(self, outcome);
        uxo_filling_ranks(&fill);
    }
    filling_free(&fill);
    return status;
}
