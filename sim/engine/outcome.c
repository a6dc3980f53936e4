/* outcome.c - from tallies to estimates: memory of an outcome, containment, map layers with their standard errors. */
#include "outcome.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

uxo_status uxo_outcome_init(uxo_outcome *self, const uxo_scenario *scenario, uxo_report *report)
{
    const size_t strikes = scenario->strikes.count;
    memset(self, 0, sizeof *self);
    self->realisations = scenario->realisations;
    self->columns = uxo_scenario_column_count(scenario);
    self->tile_count = uxo_grid_tile_count(&scenario->grid);
    self->dud_count = calloc((size_t)self->realisations * self->columns, sizeof *self->dud_count);
    self->campaign = calloc((size_t)self->realisations * scenario->campaign_count + 1, sizeof *self->campaign);
    self->strike_duds = calloc(strikes * self->columns + 1, sizeof *self->strike_duds);
    self->strike_carriers = calloc(strikes + 1, sizeof *self->strike_carriers);
    self->tile = calloc(self->tile_count, sizeof *self->tile);
    if (self->dud_count == NULL || self->campaign == NULL || self->strike_duds == NULL ||
        self->strike_carriers == NULL || self->tile == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %u realisations of %u districts",
                        self->realisations, scenario->districts.count);
    }
    return UXO_OK;
}

void uxo_outcome_free(uxo_outcome *self)
{
    for (size_t i = 0; self->tile != NULL && i < self->tile_count; i++) {
        free(self->tile[i]);
    }
    free(self->tile);
    free(self->dud_count);
    free(self->campaign);
    free(self->strike_duds);
    free(self->strike_carriers);
    free(self->contained_sum);
    free(self->contained_share);
    memset(self, 0, sizeof *self);
}

static int compare_sums(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left;
    const uint64_t b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

/* Sums of all cells that have any, ascending. */
static uint64_t *sorted_sums(const uxo_outcome *self, size_t *count)
{
    size_t nonzero = 0;
    for (size_t t = 0; t < self->tile_count; t++) {
        for (size_t c = 0; self->tile[t] != NULL && c < UXO_TILE_CELLS; c++) {
            nonzero += self->tile[t]->sum[c] > 0;
        }
    }
    uint64_t *const sums = malloc((nonzero + 1) * sizeof *sums);
    *count = 0;
    for (size_t t = 0; sums != NULL && t < self->tile_count; t++) {
        for (size_t c = 0; self->tile[t] != NULL && c < UXO_TILE_CELLS; c++) {
            if (self->tile[t]->sum[c] > 0) {
                sums[(*count)++] = self->tile[t]->sum[c];
            }
        }
    }
    if (sums != NULL) {
        qsort(sums, *count, sizeof *sums, compare_sums);
    }
    return sums;
}

uxo_status uxo_outcome_rank_cells(uxo_outcome *self, uxo_report *report)
{
    size_t count;
    uint64_t *const sums = sorted_sums(self, &count);
    self->contained_share = malloc((count + 1) * sizeof *self->contained_share);
    self->contained_sum = sums;
    if (sums == NULL || self->contained_share == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for ranking %zu cells", count);
    }
    /* From the densest down; cells with equal sums are contained together. Written back to front, then moved to the
     * front. */
    uint64_t inside = 0;
    size_t at = count;
    for (size_t i = count; i > 0;) {
        const uint64_t value = sums[i - 1];
        while (i > 0 && sums[i - 1] == value) {
            inside += value;
            i--;
        }
        at--;
        sums[at] = value;
        self->contained_share[at] = (double)inside / (double)self->total_duds;
    }
    self->contained_count = count - at;
    memmove(sums, sums + at, self->contained_count * sizeof *sums);
    memmove(self->contained_share, self->contained_share + at, self->contained_count * sizeof *self->contained_share);
    return UXO_OK;
}

/* Share of all duds inside the smallest area that holds a cell with this sum. Duds outside the grid count in the whole.
 */
static double contained_share(const uxo_outcome *self, uint64_t sum)
{
    if (self->contained_count == 0) {
        return NAN; /* no dud on the grid: there is no such area */
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

/* 95 % upper limit of a probability of which no (or every) realisation was a hit: 1 - 0.05^(1/R), about 3/R; the
 * standard error that such a proportion would have is what is stated instead of 0. */
static double bound_of_nothing(uint32_t realisations)
{
    const double n = (double)realisations;
    const double limit = fmin(1.0, -log(0.05) / n);
    return sqrt(limit / n);
}

static double probability_error(uint32_t hits, uint32_t realisations)
{
    if (hits == 0 || hits == realisations) {
        return bound_of_nothing(realisations);
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
        return (double)sum / n / cell_ha;
    case UXO_LAYER_DUD_PROBABILITY:
        return (double)hits / n;
    case UXO_LAYER_DUD_COUNT_SD:
        return count_sd(sum, sum_squares, outcome->realisations);
    case UXO_LAYER_DUD_CONTAINMENT:
        return contained_share(outcome, sum);
    case UXO_LAYER_DUD_DENSITY_SE:
        return (sum == 0 ? bound_of_nothing(outcome->realisations)
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
    for (size_t c = 0; c < UXO_TILE_CELLS; c++) {
        values[c] = empty;
        if (tally != NULL && tally->sum[c] > 0) {
            values[c] = (float)layer_value(scenario, outcome, layer, tally->sum[c], 2 * tally->pairs[c] + tally->sum[c],
                                           (uint32_t)(tally->sum[c] - tally->repeats[c]));
        }
    }
}
