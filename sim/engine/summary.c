/* summary.c - the district table from the duds of each realisation. The total is a row of its own, from per-realisation
 * sums: quantiles of districts are never added. */
#include "uxosim/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "uxosim/stats.h"

const uxo_column_info *uxo_column(uxo_district_column column)
{
    static const uxo_column_info columns[] = {
#define X(id, name, unit, sentence) {name, unit, sentence},
        UXO_DISTRICT_COLUMNS(X)
#undef X
    };
    return &columns[column];
}

int uxo_column_find(const char *name)
{
    for (int i = 0; i < UXO_COLUMN_COUNT; i++) {
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

/* Duds of one row of the table in each realisation; the last row is the total. */
static void row_values(const uint32_t *dud_count, uint32_t columns, uint32_t realisations, uint32_t row, double *values)
{
    for (uint32_t r = 0; r < realisations; r++) {
        const uint32_t *const counts = dud_count + (size_t)r * columns;
        if (row < columns) {
            values[r] = (double)counts[row];
            continue;
        }
        values[r] = 0.0;
        for (uint32_t c = 0; c < columns; c++) {
            values[r] += (double)counts[c];
        }
    }
}

static void fill_row(uxo_district_table *self, uint32_t row, const uxo_summary *summary)
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

uxo_status uxo_district_table_fill(uxo_district_table *self, const uxo_scenario *scenario, const uint32_t *dud_count,
                                   const double *weight, uint32_t realisations, uxo_report *report)
{
    const uint32_t columns = uxo_scenario_column_count(scenario);
    double *const values = malloc(realisations * sizeof *values);
    uxo_weighted *const scratch = malloc(realisations * sizeof *scratch);
    uxo_status status = fill_places(self, scenario, report);
    if (values == NULL || scratch == NULL) {
        status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %u realisations", realisations);
    }
    for (uint32_t row = 0; status == UXO_OK && row < self->rows; row++) {
        uxo_summary summary;
        row_values(dud_count, columns, realisations, row, values);
        uxo_stats_summarise(values, weight, realisations, scenario->quantile, scratch, &summary);
        fill_row(self, row, &summary);
    }
    if (status == UXO_OK) {
        uxo_stats_rank_descending(self->value[UXO_COLUMN_DUDS_MEAN], scenario->districts.count,
                                  self->value[UXO_COLUMN_RANK_DUDS]);
    }
    free(values);
    free(scratch);
    return status;
}
