/* summary.c - the district table from what was found in each realisation. The total is a row of its own, from per-realisation
 * sums: quantiles of districts are never added. */
#include "uxosim/summary.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "outcome.h"
#include "uxosim/stats.h"

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

/* What the rows are computed from, and memory for it. */
typedef struct filling {
    uxo_district_table *table;
    const uxo_scenario *scenario;
    const uxo_outcome *outcome;
    const double *weight;
    int threads;
    double *values;               /* [realisations] of one row; of this thread, see of_thread */
    uxo_weighted *scratch;        /* [realisations] likewise */
    double *conditional;          /* [districts] means */
    first_places *first[PODIUMS]; /* [realisations] */
} filling;

/* What the calling thread of a team works with. */
static filling of_thread(const filling *all)
{
    const size_t before = (size_t)omp_get_thread_num() * all->outcome->realisations;
    filling self = *all;
    self.values += before;
    self.scratch += before;
    return self;
}

static void summarise(const filling *self, uxo_summary *summary)
{
    uxo_stats_summarise(self->values, self->weight, self->outcome->realisations, self->scenario->quantile,
                        self->scratch, summary);
}

/* Duds of one row of the table in each realisation; the last row is the total. */
static void take_duds(const filling *self, uint32_t row)
{
    const uint32_t columns = self->outcome->columns;
    for (uint32_t r = 0; r < self->outcome->realisations; r++) {
        const uint32_t *const counts = self->outcome->dud_count + (size_t)r * columns;
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

/* The same of area or people; the total is that of the grid, beyond which nothing is known of the ground. */
static void take_reals(const filling *self, const double *table, uint32_t row)
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

static void fill_affected(const filling *self, uint32_t row)
{
    double *const *const value = self->table->value;
    uxo_summary summary;
    if (row + 1 == self->outcome->columns) {
        return; /* outside the grid */
    }
    take_reals(self, self->outcome->affected_ha, row);
    summarise(self, &summary);
    value[UXO_COLUMN_AFFECTED_HA_MEAN][row] = summary.mean;
    value[UXO_COLUMN_AFFECTED_HA_P05][row] = summary.quantile[0];
    value[UXO_COLUMN_AFFECTED_HA_P95][row] = summary.quantile[2];
    value[UXO_COLUMN_AFFECTED_HA_MEAN_SE][row] = summary.mean_se;
    value[UXO_COLUMN_AFFECTED_HA_P05_SE][row] = summary.quantile_se[0];
    value[UXO_COLUMN_AFFECTED_HA_P95_SE][row] = summary.quantile_se[2];
    if (uxo_population_given(&self->scenario->population)) {
        take_reals(self, self->outcome->people_affected, row);
        summarise(self, &summary);
        value[UXO_COLUMN_PEOPLE_AFFECTED_MEAN][row] = summary.mean;
        value[UXO_COLUMN_PEOPLE_AFFECTED_MEAN_SE][row] = summary.mean_se;
    }
}

/* Mean rank and places among the first of one district. */
static void fill_places_among(const filling *self, uint32_t district)
{
    static const uxo_district_column column[PODIUMS] = {UXO_COLUMN_P_TOP1, UXO_COLUMN_P_TOP3};
    static const uxo_district_column error[PODIUMS] = {UXO_COLUMN_P_TOP1_SE, UXO_COLUMN_P_TOP3_SE};
    const uxo_outcome *const outcome = self->outcome;
    const uint32_t realisations = outcome->realisations;
    uxo_summary summary;
    take_reals(self, outcome->conditional, district);
    summarise(self, &summary);
    self->conditional[district] = summary.mean;
    for (int p = 0; p < PODIUMS; p++) {
        for (uint32_t r = 0; r < realisations; r++) {
            const double duds = outcome->conditional[(size_t)r * outcome->columns + district];
            self->values[r] = place_of(&self->first[p][r], duds);
        }
        summarise(self, &summary);
        const bool contested = self->scenario->districts.count > PLACES[p];
        self->table->value[column[p]][district] = summary.mean;
        self->table->value[error[p]][district] =
            contested && !(summary.sd > 0.0) ? uxo_outcome_nominal_error(realisations) : summary.mean_se;
    }
}

static void fill_ranks(const filling *self)
{
    const uint32_t districts = self->scenario->districts.count;
    const double *means = self->table->value[UXO_COLUMN_DUDS_MEAN];
    if (self->outcome->conditional != NULL) {
        for (uint32_t r = 0; r < self->outcome->realisations; r++) {
            const double *const row = self->outcome->conditional + (size_t)r * self->outcome->columns;
            for (int p = 0; p < PODIUMS; p++) {
                self->first[p][r] = places_of(row, districts, PLACES[p]);
            }
        }
#pragma omp parallel for num_threads(self->threads) schedule(dynamic, 1)
        for (uint32_t i = 0; i < districts; i++) {
            const filling mine = of_thread(self);
            fill_places_among(&mine, i);
        }
        means = self->conditional;
    }
    uxo_stats_rank_descending(means, districts, self->table->value[UXO_COLUMN_RANK_DUDS]);
}

static bool filling_init(filling *self)
{
    const size_t realisations = self->outcome->realisations, of_all = (size_t)self->threads * realisations;
    self->values = malloc(of_all * sizeof *self->values);
    self->scratch = malloc(of_all * sizeof *self->scratch);
    self->conditional = malloc(((size_t)self->scenario->districts.count + 1) * sizeof *self->conditional);
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

static void fill_row(const filling *self, uint32_t row)
{
    uxo_summary summary;
    take_duds(self, row);
    summarise(self, &summary);
    fill_duds(self->table, row, &summary);
    if (self->outcome->affected_ha != NULL) {
        fill_affected(self, row);
    }
}

uxo_status uxo_district_table_fill(uxo_district_table *self, const uxo_scenario *scenario, const uxo_outcome *outcome,
                                   const double *weight, uxo_report *report)
{
    filling fill = {.table = self, .scenario = scenario, .outcome = outcome, .weight = weight};
    fill.threads = outcome->threads > 1 ? outcome->threads : 1; /* of the run; sorting is what takes the time */
    uxo_status status = fill_places(self, scenario, report);
    if (!filling_init(&fill)) {
        status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %u realisations", outcome->realisations);
    }
    if (status == UXO_OK) {
#pragma omp parallel for num_threads(fill.threads) schedule(dynamic, 1)
        for (uint32_t row = 0; row < self->rows; row++) {
            const filling mine = of_thread(&fill);
            fill_row(&mine, row);
        }
        fill_intact(self, outcome);
        fill_ranks(&fill);
    }
    filling_free(&fill);
    return status;
}
