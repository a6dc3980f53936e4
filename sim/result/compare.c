/* compare.c - two results side by side: which rows they have in common, whether they are paired. Not here: columns (compare_columns.c), ranks
 * (compare_ranks.c), scenarios (compare_values.c), maps (compare_maps.c). */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare_private.h"
#include "uxosim/stats.h"

compare_table compare_table_of(const compare_side *side, const char *name)
{
    char path[96];
    compare_table table = {NULL, 0};
    size_t rows = 0;
    snprintf(path, sizeof path, "/districts/%s", name);
    const double *const value =
        side->realisations > 0 ? uxo_result_table(side->result, path, &rows, &table.columns) : NULL;
    if (rows == side->realisations && table.columns + 1 == side->table.rows) {
        table.value = value;
    }
    return table;
}

double compare_value_at(const compare_side *side, const compare_table *table, size_t realisation, uint32_t row)
{
    const double *const value = table->value + realisation * table->columns;
    if (row + 1 < side->table.rows) {
        return value[row];
    }
    double sum = 0.0;
    for (size_t i = 0; i < table->columns; i++) {
        sum += isnan(value[i]) ? 0.0 : value[i];
    }
    return sum;
}

/* Realisations whose weights and counts are all in the file; none of a public copy. */
static uxo_status open_side(compare_side *side, uxo_result *result, uxo_report *report)
{
    *side = (compare_side){.result = result};
    UXO_TRY(uxo_result_read_districts(result, &side->table, report));
    const uint32_t realisations = uxo_result_realisations(result);
    uint32_t kept = 0;
    size_t weights = 0;
    if (uxo_result_numbers(result, "/realisation_weight", &weights) != NULL && weights > 0) {
        UXO_TRY(uxo_result_weights(result, &side->weight, &kept, report));
    }
    side->realisations = kept == realisations ? realisations : 0;
    for (uint32_t r = 0; r < side->realisations; r++) {
        side->whole += compare_weight(side, r);
    }
    return UXO_OK;
}

/* Row of that name among the districts; UINT32_MAX: none. The same place is tried first: names may occur twice. */
static uint32_t find_row(const uxo_district_table *table, const char *name, uint32_t guess)
{
    const uint32_t districts = table->rows - 3;
    if (guess < districts && strcmp(table->name[guess], name) == 0) {
        return guess;
    }
    for (uint32_t i = 0; i < districts; i++) {
        if (strcmp(table->name[i], name) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

static void name_missing(const uxo_district_table *in, const uxo_district_table *of, const char *which,
                         uxo_report *report)
{
    char names[400] = "";
    uint32_t count = 0;
    for (uint32_t i = 0; i + 3 < in->rows; i++) {
        if (find_row(of, in->name[i], i) == UINT32_MAX) {
            const size_t used = strlen(names);
            snprintf(names + used, sizeof names - used, "%s%s", count > 0 ? ", " : "", in->name[i]);
            count++;
        }
    }
    if (count > 0) {
        uxo_report_add(report, UXO_NOTE, NULL, "%u districts are only in the %s file and are left out: %s", count,
                       which, names);
    }
}

static uxo_status match_rows(uxo_compare *self, compare_side side[2], uxo_report *report)
{
    const uxo_district_table *const a = &side[0].table, *const b = &side[1].table;
    self->name = calloc(a->rows, sizeof *self->name);
    side[0].row = calloc(a->rows, sizeof *side[0].row);
    side[1].row = calloc(a->rows, sizeof *side[1].row);
    if (self->name == NULL || side[0].row == NULL || side[1].row == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    for (uint32_t i = 0; i < a->rows; i++) {
        const uint32_t last = a->rows - i; /* 3, 2, 1: what is no district */
        const uint32_t other = last <= 3 ? b->rows - last : find_row(b, a->name[i], i);
        if (other != UINT32_MAX) {
            side[0].row[self->rows] = i;
            side[1].row[self->rows] = other;
            self->rows++;
        }
    }
    if (self->rows == 3 && a->rows > 3 && b->rows > 3) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "the files have no district in common: '%s' ... against '%s' ...",
                        a->name[0], b->name[0]);
    }
    name_missing(a, b, "first", report);
    name_missing(b, a, "second", report);
    return UXO_OK;
}

/* Names outlive the tables. */
static uxo_status keep_names(uxo_compare *self, const compare_side *side, uxo_report *report)
{
    size_t count = 0;
    const char *const *const name = uxo_result_strings(side->result, "/districts/name", &count);
    if (name == NULL || count != side->table.rows) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "the first file's districts have no names");
    }
    for (uint32_t i = 0; i < self->rows; i++) {
        self->name[i] = name[side->row[i]];
    }
    return UXO_OK;
}

/* Campaign quantities by name that both drew, and of which every realisation drew the same number. */
static void count_shared(const compare_side side[2], size_t *common, size_t *shared)
{
    size_t names[2], rows[2], columns[2];
    const char *const *name[2];
    const double *drawn[2];
    *common = *shared = 0;
    for (int s = 0; s < 2; s++) {
        name[s] = uxo_result_strings(side[s].result, "/draws/campaign_name", &names[s]);
        drawn[s] = uxo_result_table(side[s].result, "/draws/campaign", &rows[s], &columns[s]);
        if (drawn[s] == NULL || columns[s] != names[s] || rows[s] != rows[0]) {
            return;
        }
    }
    for (size_t i = 0; i < names[0]; i++) {
        for (size_t j = 0; j < names[1]; j++) {
            if (strcmp(name[0][i], name[1][j]) == 0) {
                size_t r = 0;
                while (r < rows[0] && !(fabs(drawn[0][r * columns[0] + i] - drawn[1][r * columns[1] + j]) > 0.0)) {
                    r++;
                }
                *shared += r == rows[0];
                (*common)++;
            }
        }
    }
}

/* Of the run with fewer realisations: exact where pairing leaves one set of numbers, and on the safe side where there are two. */
static double degrees_of(const compare_side side[2])
{
    double least = INFINITY;
    for (int s = 0; s < 2; s++) {
        const bool weighted = side[s].realisations > 0 && side[s].weight != NULL;
        least = fmin(least, weighted ? uxo_stats_effective(side[s].weight, side[s].realisations)
                                     : (double)uxo_result_realisations(side[s].result));
    }
    return fmax(0.0, least - 1.0);
}

double uxo_compare_half(const uxo_compare *self, double probability)
{
    return self->degrees > 0.0 ? gsl_cdf_tdist_Pinv(0.5 + 0.5 * probability, self->degrees) : (double)INFINITY;
}

static void decide_pairing(uxo_compare *self, const compare_side side[2])
{
    const char *const seed[2] = {uxo_result_text(side[0].result, "/", "seed"),
                                 uxo_result_text(side[1].result, "/", "seed")};
    const char *why = NULL;
    if (seed[0] == NULL || seed[1] == NULL) {
        why = "a file does not say its seed (a public copy)";
    } else if (strcmp(seed[0], seed[1]) != 0) {
        why = "the seeds differ";
    } else if (uxo_result_realisations(side[0].result) != uxo_result_realisations(side[1].result)) {
        why = "the numbers of realisations differ";
    } else if (side[0].realisations == 0 || side[1].realisations == 0) {
        why = "a file does not hold all of its realisations";
    }
    self->paired = why == NULL;
    if (!self->paired) {
        snprintf(self->pairing, sizeof self->pairing, "Not paired: %s. Errors are those of independent runs%s.", why,
                 seed[0] != NULL && seed[1] != NULL && strcmp(seed[0], seed[1]) == 0
                     ? ", as a rule too large for one seed"
                     : "");
        return;
    }
    size_t common, shared;
    count_shared(side, &common, &shared);
    snprintf(self->pairing, sizeof self->pairing,
             "Paired by realisation: both have seed %s and %u realisations. Of %zu quantities that both draw once per "
             "realisation %zu "
             "were drawn alike in every one.",
             seed[0], side[0].realisations, common, shared);
}

static uxo_status compare(uxo_compare *self, compare_side side[2], uxo_report *report)
{
    UXO_TRY(match_rows(self, side, report));
    UXO_TRY(keep_names(self, &side[0], report));
    decide_pairing(self, side);
    self->degrees = degrees_of(side);
    UXO_TRY(compare_columns(self, side, report));
    UXO_TRY(compare_rankings(self, side, report));
    return compare_values(self, side, report);
}

uxo_status uxo_compare_make(uxo_compare *self, uxo_result *first, uxo_result *second, uxo_report *report)
{
    compare_side side[2] = {{0}, {0}};
    *self = (uxo_compare){0};
    uxo_status status = open_side(&side[0], first, report);
    if (status == UXO_OK) {
        status = open_side(&side[1], second, report);
    }
    if (status == UXO_OK) {
        status = compare(self, side, report);
    }
    for (int s = 0; s < 2; s++) {
        uxo_district_table_free(&side[s].table);
        free(side[s].row);
    }
    return status;
}

void uxo_compare_free(uxo_compare *self)
{
    for (size_t i = 0; i < self->columns; i++) {
        free(self->column[i].first); /* one block */
    }
    for (size_t i = 0; i < self->rankings; i++) {
        free(self->ranking[i].first); /* one block */
    }
    free(self->name);
    free(self->value);
    *self = (uxo_compare){0};
}
