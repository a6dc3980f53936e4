/* outcome.c - from tallies to estimates: memory of an outcome, containment, map layers with their standard errors. */
#include "outcome.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool uxo_grow_rows(void *table, uint32_t from, uint32_t to, size_t row_bytes)
{
    void *rows; /* `table` is the address of a pointer of any type, which only memcpy may read */
    memcpy(&rows, table, sizeof rows);
    char *const grown = realloc(rows, (size_t)to * row_bytes + 1);
    if (grown == NULL) {
        return false;
    }
    memset(grown + (size_t)from * row_bytes, 0, (size_t)(to - from) * row_bytes);
    rows = grown;
    memcpy(table, &rows, sizeof rows);
    return true;
}

uxo_status uxo_outcome_grow(uxo_outcome *self, const uxo_scenario *scenario, uint32_t realisations, uxo_report *report)
{
    const uint32_t from = self->realisations;
    const size_t row = self->columns * sizeof(double);
    bool complete = uxo_grow_rows(&self->dud_count, from, realisations, self->columns * sizeof *self->dud_count) &&
                    uxo_grow_rows(&self->campaign, from, realisations, scenario->campaign_count * sizeof(double)) &&
                    uxo_grow_rows(&self->given_mean, from, realisations, sizeof *self->given_mean) &&
                    uxo_grow_rows(&self->given_variance, from, realisations, sizeof *self->given_variance);
    if (scenario->background.given) {
        complete =
            complete && uxo_grow_rows(&self->background_count, from, realisations, self->columns * sizeof(uint32_t));
    }
    if (scenario->surface.given) {
        complete = complete && uxo_grow_rows(&self->kept_mean, from, realisations, sizeof *self->kept_mean) &&
                   uxo_grow_rows(&self->kept_variance, from, realisations, sizeof *self->kept_variance);
    }
    if (scenario->estimator == UXO_ESTIMATOR_EXPECTED_VALUE) {
        complete = complete && uxo_grow_rows(&self->conditional, from, realisations, row) &&
                   uxo_grow_rows(&self->affected_ha, from, realisations, row) &&
                   uxo_grow_rows(&self->people_affected, from, realisations, row) &&
                   uxo_grow_rows(&self->accounted, from, realisations, sizeof *self->accounted);
    }
    if (scenario->people.given) {
        complete = complete && uxo_grow_rows(&self->accidents, from, realisations, self->columns * sizeof(uint32_t)) &&
                   uxo_grow_rows(&self->accident_chance, from, realisations, row) &&
                   uxo_grow_rows(&self->second_year, from, realisations, sizeof(double));
    }
    if (scenario->people.given && scenario->estimator == UXO_ESTIMATOR_EXPECTED_VALUE) {
        complete = complete && uxo_grow_rows(&self->accident_expectation, from, realisations, row) &&
                   uxo_grow_rows(&self->accident_mixed, from, realisations, sizeof(double));
    }
    complete = complete && uxo_zone_outcome_grow(&self->zones, scenario, from, realisations);
    self->realisations = realisations;
    return complete ? UXO_OK
                    : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %u realisations of %u districts",
                               realisations, scenario->districts.count);
}

uxo_status uxo_outcome_init(uxo_outcome *self, const uxo_scenario *scenario, uxo_report *report)
{
    const size_t strikes = scenario->strikes.count;
    const bool expected = scenario->estimator == UXO_ESTIMATOR_EXPECTED_VALUE;
    memset(self, 0, sizeof *self);
    self->columns = uxo_scenario_column_count(scenario);
    self->tile_count = uxo_grid_tile_count(&scenario->grid);
    self->strike_duds = calloc(strikes * self->columns + 1, sizeof *self->strike_duds);
    self->strike_carriers = calloc(strikes + 1, sizeof *self->strike_carriers);
    self->column_carriers = calloc(self->columns, sizeof *self->column_carriers);
    self->column_submunitions = calloc(self->columns, sizeof *self->column_submunitions);
    self->tile = calloc(self->tile_count, sizeof *self->tile);
    self->mixed = calloc(self->columns, sizeof *self->mixed);
    self->between_kinds = calloc(self->columns, sizeof *self->between_kinds);
    self->map_column = calloc(self->columns, sizeof *self->map_column);
    self->sample_count = expected ? calloc(self->tile_count * UXO_SAMPLE_CELLS, sizeof *self->sample_count) : NULL;
    self->shared_parts =
        expected ? calloc(2 * ((size_t)self->columns + scenario->zones.column_count), sizeof *self->shared_parts)
                 : NULL;
    if (self->strike_duds == NULL || self->strike_carriers == NULL || self->column_carriers == NULL ||
        self->column_submunitions == NULL || self->tile == NULL || self->mixed == NULL || self->between_kinds == NULL ||
        self->map_column == NULL || (expected && (self->sample_count == NULL || self->shared_parts == NULL)) ||
        !uxo_outcome_accident_parts(self, scenario) || !uxo_zone_outcome_init(&self->zones, scenario)) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %u strikes and %zu tiles",
                        scenario->strikes.count, self->tile_count);
    }
    return UXO_OK;
}

double uxo_outcome_given(const uxo_outcome *self, uint32_t realisation)
{
    if (self->kept_mean == NULL) {
        return self->given_mean[realisation];
    }
    double sum = 0.0; /* known only where it lies */
    for (uint32_t c = 0; c < self->columns; c++) {
        sum += self->conditional[(size_t)realisation * self->columns + c];
    }
    return sum;
}

void uxo_outcome_free(uxo_outcome *self)
{
    for (size_t i = 0; self->tile != NULL && i < self->tile_count; i++) {
        free(self->tile[i]);
    }
    uxo_outcome_free_accidents(self);
    free(self->tile);
    free(self->dud_count);
    free(self->campaign);
    free(self->background_count);
    free(self->given_mean);
    free(self->given_variance);
    free(self->strike_duds);
    free(self->strike_carriers);
    free(self->column_carriers);
    free(self->column_submunitions);
    free(self->kept_mean);
    free(self->kept_variance);
    free(self->contained_sum);
    free(self->contained_share);
    free(self->conditional);
    free(self->affected_ha);
    free(self->people_affected);
    free(self->sample_count);
    free(self->mixed);
    uxo_zone_outcome_free(&self->zones);
    free(self->accounted);
    free(self->between_kinds);
    free(self->map_column);
    free(self->shared_parts);
    free(self->pairs.row);
    uxo_variance_free(&self->variance);
    for (int i = 0; i < UXO_RANKING_COUNT; i++) {
        uxo_ranking_free(&self->ranking[i]);
    }
    memset(self, 0, sizeof *self);
}

static int compare_sums(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left;
    const uint64_t b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

/* Sums up to this are counted instead of sorted. */
enum { COUNTED_SUMS = 1 << 20 };

/* Cells by their sum, and the sums that are too large for that. */
typedef struct cell_sums {
    uint32_t *cells; /* [counted] */
    uint64_t counted;
    uint64_t *large;
    size_t large_count;
} cell_sums;

static bool collect_sums(const uxo_outcome *self, cell_sums *out)
{
    size_t large = 0;
    uint64_t largest = 0;
    for (size_t t = 0; t < self->tile_count; t++) {
        for (size_t c = 0; self->tile[t] != NULL && c < UXO_TILE_CELLS; c++) {
            const uint64_t sum = self->tile[t]->sum[c];
            large += sum >= COUNTED_SUMS;
            largest = sum > largest ? sum : largest;
        }
    }
    out->counted = largest < COUNTED_SUMS ? largest + 1 : COUNTED_SUMS;
    out->large_count = 0;
    out->cells = calloc(out->counted, sizeof *out->cells);
    out->large = malloc((large + 1) * sizeof *out->large);
    if (out->cells == NULL || out->large == NULL) {
        return false;
    }
    for (size_t t = 0; t < self->tile_count; t++) {
        for (size_t c = 0; self->tile[t] != NULL && c < UXO_TILE_CELLS; c++) {
            const uint64_t sum = self->tile[t]->sum[c];
            if (sum < out->counted) {
                out->cells[sum]++;
            } else {
                out->large[out->large_count++] = sum;
            }
        }
    }
    qsort(out->large, out->large_count, sizeof *out->large, compare_sums);
    return true;
}

static size_t distinct_sums(const cell_sums *sums)
{
    size_t count = 0;
    for (size_t i = 0; i < sums->large_count; i++) {
        count += i == 0 || sums->large[i] != sums->large[i - 1];
    }
    for (size_t sum = 1; sum < sums->counted; sum++) {
        count += sums->cells[sum] > 0;
    }
    return count;
}

/* From the densest down; cells with equal sums are contained together. */
static void fill_shares(uxo_outcome *self, const cell_sums *sums)
{
    uint64_t inside = 0;
    size_t at = self->contained_count;
    for (size_t i = sums->large_count; i > 0; i--) {
        inside += sums->large[i - 1];
        if (i == 1 || sums->large[i - 2] != sums->large[i - 1]) {
            at--;
            self->contained_sum[at] = sums->large[i - 1];
            self->contained_share[at] = (double)inside / (double)self->total_duds;
        }
    }
    for (uint64_t sum = sums->counted - 1; sum > 0; sum--) {
        if (sums->cells[sum] > 0) {
            inside += sum * sums->cells[sum];
            at--;
            self->contained_sum[at] = sum;
            self->contained_share[at] = (double)inside / (double)self->total_duds;
        }
    }
}

/* Mean number of duds in a cell where there are any, over realisations and cells; at least one. */
static double mean_duds_per_hit(const uxo_outcome *self)
{
    uint64_t duds = 0, hits = 0;
    for (size_t t = 0; t < self->tile_count; t++) {
        for (size_t c = 0; self->tile[t] != NULL && c < UXO_TILE_CELLS; c++) {
            duds += self->tile[t]->sum[c];
            hits += self->tile[t]->sum[c] - self->tile[t]->repeats[c];
        }
    }
    return hits > 0 ? (double)duds / (double)hits : 1.0;
}

uxo_status uxo_outcome_rank_cells(uxo_outcome *self, uxo_report *report)
{
    self->duds_per_hit = mean_duds_per_hit(self);
    cell_sums sums = {NULL, 0, NULL, 0};
    bool complete = collect_sums(self, &sums);
    if (complete) {
        self->contained_count = distinct_sums(&sums);
        self->contained_sum = malloc((self->contained_count + 1) * sizeof *self->contained_sum);
        self->contained_share = malloc((self->contained_count + 1) * sizeof *self->contained_share);
        complete = self->contained_sum != NULL && self->contained_share != NULL;
    }
    if (complete) {
        fill_shares(self, &sums);
    }
    free(sums.cells);
    free(sums.large);
    return complete ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for ranking cells");
}

/* Share of all duds inside the smallest area that holds a cell with this sum. Duds outside the grid count in the whole.
 */
static double contained_share(const uxo_outcome *self, uint64_t sum)
{
    if (self->contained_count == 0) {
        return NAN; /* no dud on the grid: there is no such area */
    }
    /* Small sums mostly all occur: each then stands at its own place. */
    if (sum > 0 && sum <= self->contained_count && self->contained_sum[sum - 1] == sum) {
        return self->contained_share[sum - 1];
    }
    const uint64_t *const found =
        sum == 0 ? NULL : bsearch(&sum, self->contained_sum, self->contained_count, sizeof sum, compare_sums);
    return self->contained_share[found != NULL ? found - self->contained_sum : 0];
}

/* sd of the count in a cell over realisations, from exact sums: n sum(c^2) - (sum c)^2 in 128 bits, since both terms
 * are large and nearly equal for dense cells. */
static double count_sd(uint64_t sum, uint64_t sum_squares, uint32_t realisations)
{
    __extension__ typedef unsigned __int128 wide;
    if (realisations < 2) {
        return NAN;
    }
    const wide scaled = (wide)realisations * sum_squares - (wide)sum * sum;
    const double n = (double)realisations;
    return sqrt((double)scaled / (n * (n - 1.0)));
}

double uxo_outcome_nominal_error(double realisations)
{
    const double minus_log_of_5_percent = 2.995732273553991;
    return sqrt(fmin(1.0, minus_log_of_5_percent / realisations) / realisations);
}

static double probability_error(uint32_t hits, uint32_t realisations)
{
    if (hits == 0 || hits == realisations) {
        return uxo_outcome_nominal_error(realisations);
    }
    const double n = (double)realisations;
    const double p = (double)hits / n;
    return sqrt(p * (1.0 - p) / n);
}

static double layer_value(const uxo_scenario *scenario, const uxo_outcome *outcome, uxo_layer layer, uint64_t sum,
                          uint64_t sum_squares, uint32_t hits)
{
    const double n = (double)outcome->realisations;
    const double cell_ha = uxo_grid_cell_ha(&scenario->grid);
    switch (layer) {
    case UXO_LAYER_DUD_DENSITY:
    case UXO_LAYER_ACCIDENT_DENSITY: /* without the chance, which is the cell's */
        return (double)sum / n / cell_ha;
    case UXO_LAYER_DUD_PROBABILITY:
        return (double)hits / n;
    case UXO_LAYER_DUD_COUNT_SD:
        return count_sd(sum, sum_squares, outcome->realisations);
    case UXO_LAYER_DUD_CONTAINMENT:
        return contained_share(outcome, sum);
    case UXO_LAYER_DUD_DENSITY_SE:
        return (sum == 0 ? uxo_outcome_nominal_error(outcome->realisations) * outcome->duds_per_hit
                         : count_sd(sum, sum_squares, outcome->realisations) / sqrt(n)) /
               cell_ha;
    case UXO_LAYER_DUD_PROBABILITY_SE:
        return probability_error(hits, outcome->realisations);
    default:
        return NAN;
    }
}

float uxo_outcome_empty_value(const uxo_scenario *scenario, const uxo_outcome *outcome, uxo_layer layer)
{
    return (float)layer_value(scenario, outcome, layer, 0, 0, 0);
}

void uxo_outcome_tile(const uxo_scenario *scenario, const uxo_outcome *outcome, uxo_layer layer, size_t tile,
                      float *values)
{
    const uxo_tile_tally *const tally = outcome->tile[tile];
    const float empty = uxo_outcome_empty_value(scenario, outcome, layer);
    for (uint32_t c = 0; c < UXO_TILE_CELLS; c++) {
        values[c] = empty;
        if (tally != NULL && tally->sum[c] > 0) {
            values[c] = (float)layer_value(scenario, outcome, layer, tally->sum[c], 2 * tally->pairs[c] + tally->sum[c],
                                           (uint32_t)(tally->sum[c] - tally->repeats[c]));
        }
        if (layer == UXO_LAYER_ACCIDENT_DENSITY && tally != NULL) {
            values[c] = uxo_outcome_accident_density(scenario, outcome, tile, c, values[c]);
        }
    }
}
