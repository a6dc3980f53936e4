/* compare_columns.c - differences of the columns of two tables of districts, paired by realisation where the files hold what each found. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare_private.h"

/* Means over realisations that the files hold one by one: name of the mean, of the realisations' table, unit. */
static const struct {
    const char *name, *table, *unit;
} BY_REALISATION[] = {{"duds_mean", "dud_count", "1"},
                      {"dud_expectation_mean", "dud_expectation", "1"},
                      {"accidents_year1_mean", "accidents", "1"},
                      {"accident_expectation_mean", "accident_expectation", "1"},
                      {"affected_ha_mean", "affected_ha", "hectare"}};
enum { BY_REALISATION_COUNT = sizeof BY_REALISATION / sizeof *BY_REALISATION };

static uxo_compare_column *add_column(uxo_compare *self, const char *name, const char *unit, uxo_report *report)
{
    double *const block =
        self->columns < UXO_COMPARE_MOST_COLUMNS ? calloc(5 * (size_t)self->rows, sizeof *block) : NULL;
    if (block == NULL) {
        (void)uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a column");
        return NULL;
    }
    uxo_compare_column *const column = &self->column[self->columns++];
    snprintf(column->name, sizeof column->name, "%s", name);
    snprintf(column->unit, sizeof column->unit, "%s", unit);
    column->first = block;
    column->second = block + self->rows;
    column->difference = block + 2 * (size_t)self->rows;
    column->error = block + 3 * (size_t)self->rows;
    column->unpaired = block + 4 * (size_t)self->rows;
    return column;
}

static double root_of_squares(double a, double b)
{
    return sqrt(a * a + b * b);
}

/* Weighted mean of a row over realisations. */
static double mean_of(const compare_side *side, const compare_table *table, uint32_t row)
{
    double sum = 0.0;
    for (uint32_t r = 0; r < side->realisations; r++) {
        sum += compare_weight(side, r) * compare_value_at(side, table, r, row);
    }
    return sum / side->whole;
}

/* Standard error of the difference of two means: each realisation pulls its mean by weight times deviation over the sum of weights. With
 * `which` 0 or 1 of that side alone. */
static double pull_error(const compare_side side[2], const compare_table table[2], const uint32_t row[2],
                         const double mean[2], int which)
{
    const uint32_t n = side[which == 1].realisations;
    double squares = 0.0;
    for (uint32_t r = 0; r < n; r++) {
        double pull = 0.0;
        for (int s = 0; s < 2; s++) {
            if (which == 2 || which == s) {
                const double off = compare_value_at(&side[s], &table[s], r, row[s]) - mean[s];
                pull += (s == 1 ? 1.0 : -1.0) * compare_weight(&side[s], r) * off / side[s].whole;
            }
        }
        squares += pull * pull;
    }
    return n > 1 ? sqrt(squares * n / (n - 1.0)) : NAN;
}

/* Is the mean over realisations what the table of districts says? */
static bool agrees(double mean, double said)
{
    return isnan(said) || fabs(mean - said) <= 1e-5 * fmax(fabs(said), 1e-12);
}

static bool all_agree(const uxo_compare *self, const compare_side *side, const compare_table *table, const double *said)
{
    bool good = table->value != NULL;
    for (uint32_t i = 0; good && said != NULL && i < self->rows; i++) {
        good = agrees(mean_of(side, table, side->row[i]), said[side->row[i]]);
    }
    return good;
}

/* A column that both files have by realisations. False: they have not, or their tables do not fit the means. */
static bool column_by_realisation(uxo_compare *self, const compare_side side[2], int which, uxo_report *report,
                                  uxo_status *status)
{
    compare_table table[2];
    const int csv = uxo_column_find(BY_REALISATION[which].name);
    for (int s = 0; s < 2; s++) {
        table[s] = compare_table_of(&side[s], BY_REALISATION[which].table);
        if (!all_agree(self, &side[s], &table[s], csv >= 0 ? side[s].table.value[csv] : NULL)) {
            return false;
        }
    }
    uxo_compare_column *const column = add_column(self, BY_REALISATION[which].name, BY_REALISATION[which].unit, report);
    if (column == NULL) {
        *status = UXO_ERR_MEMORY;
        return true;
    }
    column->paired = self->paired;
    for (uint32_t i = 0; i < self->rows; i++) {
        const uint32_t row[2] = {side[0].row[i], side[1].row[i]};
        double mean[2];
        for (int s = 0; s < 2; s++) {
            mean[s] = mean_of(&side[s], &table[s], row[s]);
            const double said = csv >= 0 ? side[s].table.value[csv][row[s]] : mean[s];
            *(s == 0 ? &column->first[i] : &column->second[i]) = said;
        }
        column->difference[i] = column->second[i] - column->first[i];
        column->unpaired[i] =
            root_of_squares(pull_error(side, table, row, mean, 0), pull_error(side, table, row, mean, 1));
        column->error[i] = isnan(column->difference[i]) ? NAN
                           : column->paired             ? pull_error(side, table, row, mean, 2)
                                                        : column->unpaired[i];
    }
    return true;
}

static bool ends_with_error(const char *name)
{
    const size_t length = strlen(name);
    return length > 3 && strcmp(name + length - 3, "_se") == 0;
}

/* A column of the csv by its numbers and their errors alone. */
static uxo_status column_by_errors(uxo_compare *self, const compare_side side[2], int csv, uxo_report *report)
{
    const uxo_column_info *const info = uxo_column((uxo_district_column)csv);
    char error_name[72];
    snprintf(error_name, sizeof error_name, "%s_se", info->name);
    const int error = uxo_column_find(error_name);
    uxo_compare_column *const column = add_column(self, info->name, info->unit, report);
    if (column == NULL) {
        return UXO_ERR_MEMORY;
    }
    for (uint32_t i = 0; i < self->rows; i++) {
        const uint32_t a = side[0].row[i], b = side[1].row[i];
        column->first[i] = side[0].table.value[csv][a];
        column->second[i] = side[1].table.value[csv][b];
        column->difference[i] = column->second[i] - column->first[i];
        column->error[i] =
            error >= 0 ? root_of_squares(side[0].table.value[error][a], side[1].table.value[error][b]) : NAN;
        column->unpaired[i] = column->error[i];
    }
    return UXO_OK;
}

static bool is_rank(const char *name)
{
    return strncmp(name, "rank_", 5) == 0;
}

uxo_status compare_columns(uxo_compare *self, const compare_side side[2], uxo_report *report)
{
    bool done[UXO_COLUMN_COUNT] = {false};
    for (int k = 0; k < BY_REALISATION_COUNT; k++) {
        uxo_status status = UXO_OK;
        const int csv = uxo_column_find(BY_REALISATION[k].name);
        const bool found = column_by_realisation(self, side, k, report, &status);
        UXO_TRY(status);
        if (csv >= 0) {
            done[csv] = found;
        }
    }
    for (int csv = 0; csv < UXO_COLUMN_CSV_COUNT; csv++) {
        const char *const name = uxo_column((uxo_district_column)csv)->name;
        if (!done[csv] && !ends_with_error(name) && !is_rank(name) &&
            uxo_district_table_has(&side[0].table, (uxo_district_column)csv) &&
            uxo_district_table_has(&side[1].table, (uxo_district_column)csv)) {
            UXO_TRY(column_by_errors(self, side, csv, report));
        }
    }
    return UXO_OK;
}
