/* summary.c - the tables of districts and of zones from what was found in each realisation. The total is a row of its own, from per-realisation
 * sums: quantiles of districts are never added. */
#include "uxosim/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outcome.h"
#include "uxosim/stats.h"

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

/* p_top1 and p_top3. */
enum { PODIUMS = 2, MOST_PLACES = 3 };
static const uint32_t PLACES[PODIUMS] = {1, MOST_PLACES};

/* The first districts of one realisation: those above `last` are among them, those at `last` share what places are left. */
typedef struct first_places {
    double last, share;
} first_places;

/* A district that expects nothing has no place, even if places are left. */
static first_places places_of(const double *duds, uint32_t districts, uint32_t places)
{
    double first[MOST_PLACES] = {0.0}; /* descending */
    uint32_t above = 0, level = 0;
    for (uint32_t i = 0; i < districts; i++) {
        double duds_here = duds[i];
        for (uint32_t k = 0; k < places; k++) {
            if (duds_here > first[k]) {
                const double pushed = first[k];
                first[k] = duds_here;
                duds_here = pushed;
            }
        }
    }
    const double last = first[places - 1];
    for (uint32_t i = 0; i < districts; i++) {
        above += duds[i] > last;
        level += duds[i] == last;
    }
    return (first_places){last, last > 0.0 && level > 0 ? (double)(places - above) / (double)level : 0.0};
}

static double place_of(const first_places *first, double duds)
{
    return duds > first->last ? 1.0 : duds == first->last ? first->share : 0.0;
}

/* What each realisation found in a set of areas: rows of `stride` numbers, of which `columns` are of the set. */
typedef struct findings {
    uint32_t areas, columns;
    size_t stride;
    const uint32_t *dud_count;                        /* of districts, which have whole duds ... */
    const uint64_t *dud_parts;                        /* ... or of zones, in 255ths */
    const double *conditional, *affected_ha, *people; /* NULL with `analog` */
} findings;

static findings of_districts(const uxo_scenario *scenario, const uxo_outcome *outcome)
{
    return (findings){
        scenario->districts.count, outcome->columns,     outcome->columns,        outcome->dud_count, NULL,
        outcome->conditional,      outcome->affected_ha, outcome->people_affected};
}

static findings of_zones(const uxo_zone_set *set, const uxo_zone_outcome *zones)
{
    const bool expected = zones->conditional != NULL;
    const uint32_t first = set->first_column;
    return (findings){set->count,
                      uxo_zone_set_columns(set),
                      zones->columns,
                      NULL,
                      zones->dud_parts + first,
                      expected ? zones->conditional + first : NULL,
                      expected ? zones->affected_ha + first : NULL,
                      expected ? zones->people_affected + first : NULL};
}

/* What the rows are computed from, and memory for it. */
typedef struct filling {
    uxo_district_table *table;
    const uxo_scenario *scenario;
    uint32_t realisations;
    findings found;
    const double *weight;
    double *values;               /* [realisations] of one row */
    uxo_weighted *scratch;        /* [realisations] */
    double *conditional;          /* [areas] means */
    first_places *first[PODIUMS]; /* [realisations] */
} filling;

static void summarise(const filling *self, uxo_summary *summary)
{
    uxo_stats_summarise(self->values, self->weight, self->realisations, self->scenario->quantile, self->scratch,
                        summary);
}

/* Duds of one row of the table in each realisation; the last row of districts is the total. */
static void take_duds(const filling *self, uint32_t row)
{
    const findings *const found = &self->found;
    for (uint32_t r = 0; r < self->realisations; r++) {
        if (found->dud_parts != NULL) {
            self->values[r] = (double)found->dud_parts[r * found->stride + row] / (double)UXO_ZONE_PARTS;
            continue;
        }
        const uint32_t *const counts = found->dud_count + r * found->stride;
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

/* The same of area or people; the total is that of the grid, beyond which nothing is known of the ground. */
static void take_reals(const filling *self, const double *table, uint32_t row)
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

static void fill_affected(const filling *self, uint32_t row)
{
    double *const *const value = self->table->value;
    uxo_summary summary;
    if (row + 1 == self->found.columns) {
        return; /* outside the grid */
    }
    take_reals(self, self->found.affected_ha, row);
    summarise(self, &summary);
    value[UXO_COLUMN_AFFECTED_HA_MEAN][row] = summary.mean;
    value[UXO_COLUMN_AFFECTED_HA_P05][row] = summary.quantile[0];
    value[UXO_COLUMN_AFFECTED_HA_P95][row] = summary.quantile[2];
    value[UXO_COLUMN_AFFECTED_HA_MEAN_SE][row] = summary.mean_se;
    value[UXO_COLUMN_AFFECTED_HA_P05_SE][row] = summary.quantile_se[0];
    value[UXO_COLUMN_AFFECTED_HA_P95_SE][row] = summary.quantile_se[2];
    if (uxo_population_given(&self->scenario->population)) {
        take_reals(self, self->found.people, row);
        uxo_stats_moments(self->values, self->weight, self->realisations, &summary);
        value[UXO_COLUMN_PEOPLE_AFFECTED_MEAN][row] = summary.mean;
        value[UXO_COLUMN_PEOPLE_AFFECTED_MEAN_SE][row] = summary.mean_se;
    }
}

/* Mean rank and places among the first of one district. */
static void fill_places_among(const filling *self, uint32_t district)
{
    static const uxo_district_column column[PODIUMS] = {UXO_COLUMN_P_TOP1, UXO_COLUMN_P_TOP3};
    static const uxo_district_column error[PODIUMS] = {UXO_COLUMN_P_TOP1_SE, UXO_COLUMN_P_TOP3_SE};
    const findings *const found = &self->found;
    uxo_summary summary;
    take_reals(self, found->conditional, district);
    uxo_stats_moments(self->values, self->weight, self->realisations, &summary);
    self->conditional[district] = summary.mean;
    for (int p = 0; p < PODIUMS; p++) {
        for (uint32_t r = 0; r < self->realisations; r++) {
            const double duds = found->conditional[r * found->stride + district];
            self->values[r] = place_of(&self->first[p][r], duds);
        }
        uxo_stats_moments(self->values, self->weight, self->realisations, &summary);
        const bool contested = found->areas > PLACES[p];
        self->table->value[column[p]][district] = summary.mean;
        self->table->value[error[p]][district] =
            contested && !(summary.sd > 0.0) ? uxo_outcome_nominal_error(self->realisations) : summary.mean_se;
    }
}

static void fill_ranks(const filling *self)
{
    const uint32_t districts = self->found.areas;
    const double *means = self->table->value[UXO_COLUMN_DUDS_MEAN];
    if (self->found.conditional != NULL) {
        for (uint32_t r = 0; r < self->realisations; r++) {
            const double *const row = self->found.conditional + r * self->found.stride;
            for (int p = 0; p < PODIUMS; p++) {
                self->first[p][r] = places_of(row, districts, PLACES[p]);
            }
        }
        for (uint32_t i = 0; i < districts; i++) {
            fill_places_among(self, i);
        }
        means = self->conditional;
    }
    uxo_stats_rank_descending(means, districts, self->table->value[UXO_COLUMN_RANK_DUDS]);
}

static bool filling_init(filling *self)
{
    const size_t realisations = self->realisations;
    self->values = malloc(realisations * sizeof *self->values);
    self->scratch = malloc(realisations * sizeof *self->scratch);
    self->conditional = malloc(((size_t)self->found.areas + 1) * sizeof *self->conditional);
    bool complete = self->values != NULL && self->scratch != NULL && self->conditional != NULL;
    for (int p = 0; p < PODIUMS; p++) {
        self->first[p] = malloc(realisations * sizeof *self->first[p]);
        complete = complete && self->first[p] != NULL;
    }
    return complete;
}

static void filling_free(filling *self)
{
    free(self->values);
    free(self->scratch);
    free(self->conditional);
    for (int p = 0; p < PODIUMS; p++) {
        free(self->first[p]);
    }
}

/* The first `rows` rows of the table, and the ranks of its areas. */
static uxo_status fill_rows(filling *self, uint32_t rows, uxo_report *report)
{
    if (!filling_init(self)) {
        filling_free(self);
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %u realisations", self->realisations);
    }
    for (uint32_t row = 0; row < rows; row++) {
        uxo_summary summary;
        take_duds(self, row);
        summarise(self, &summary);
        fill_duds(self->table, row, &summary);
        if (self->found.affected_ha != NULL) {
            fill_affected(self, row);
        }
    }
    fill_ranks(self);
    filling_free(self);
    return UXO_OK;
}

uxo_status uxo_district_table_fill(uxo_district_table *self, const uxo_scenario *scenario, const uxo_outcome *outcome,
                                   const double *weight, uxo_report *report)
{
    filling fill = {.table = self,
                    .scenario = scenario,
                    .realisations = outcome->realisations,
                    .found = of_districts(scenario, outcome),
                    .weight = weight};
    UXO_TRY(fill_places(self, scenario, report));
    return fill_rows(&fill, self->rows, report);
}

/* Names, status, areas and persons; what lies outside the grid, and the total, are those of the districts' table. */
static uxo_status fill_zones(uxo_district_table *self, const uxo_scenario *scenario, const uxo_zone_set *set,
                             uxo_report *report)
{
    static const char *const special[] = {UXO_ROW_OUTSIDE_ZONES, UXO_ROW_OUTSIDE_GRID, UXO_ROW_TOTAL};
    bool good = true;
    self->status = calloc(self->rows, sizeof *self->status);
    for (uint32_t i = 0; i < self->rows && self->status != NULL; i++) {
        const bool zone = i < set->count;
        self->name[i] = strdup(zone ? set->item[i].name : special[i - set->count]);
        self->status[i] = strdup(zone ? set->item[i].status : "");
        good = good && self->name[i] != NULL && self->status[i] != NULL;
        self->value[UXO_COLUMN_AREA_HA][i] = zone ? set->item[i].area_ha : NAN;
        self->value[UXO_COLUMN_POPULATION][i] = zone ? set->item[i].population : NAN;
    }
    self->value[UXO_COLUMN_AREA_HA][set->count] = set->area_outside_ha;
    if (uxo_population_given(&scenario->population)) {
        self->value[UXO_COLUMN_POPULATION][set->count] = set->population_outside;
    }
    return good && self->status != NULL ? UXO_OK
                                        : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for names of zones");
}

uxo_status uxo_zone_table_fill(uxo_district_table *self, const uxo_scenario *scenario, const uxo_zone_set *set,
                               const uxo_outcome *outcome, const uxo_district_table *districts, const double *weight,
                               uxo_report *report)
{
    filling fill = {.table = self,
                    .scenario = scenario,
                    .realisations = outcome->realisations,
                    .found = of_zones(set, &outcome->zones),
                    .weight = weight};
    UXO_TRY(fill_zones(self, scenario, set, report));
    UXO_TRY(fill_rows(&fill, set->count + 1, report));
    for (int c = 0; c < UXO_COLUMN_COUNT; c++) {
        for (uint32_t row = 1; row <= 2; row++) {
            self->value[c][self->rows - row] = districts->value[c][districts->rows - row];
        }
    }
    return UXO_OK;
}
