/* self_check.c - what every run verifies of itself before anything is written. */
#include <math.h>
#include <stdio.h>

#include "uxosim/engine.h"
#include "uxosim/expectation.h"

/* False alarms of the test of the total: 2 (1 - Phi(6)) = 2e-9 a run. */
static const double LARGEST_Z = 6.0;
/* Below this the mean of totals is not near enough to normal for a z-score to mean anything. */
enum { MIN_REALISATIONS = 100 };
/* Expected occurrences over a run of which none at all is a defect: exp(-40) = 4e-18. */
static const double ENOUGH = 40.0;

typedef struct sums {
    uint64_t rows;    /* over realisations and all columns */
    uint64_t on_grid; /* without "outside the grid" */
    uint64_t cells;
    uint64_t strikes;
} sums;

static sums add_up(const uxo_scenario *scenario, const uxo_outcome *outcome)
{
    sums found = {0, 0, 0, 0};
    const uint32_t outside_grid = outcome->columns - 1;
    for (size_t r = 0; r < outcome->realisations; r++) {
        for (uint32_t c = 0; c < outcome->columns; c++) {
            const uint32_t count = outcome->dud_count[r * outcome->columns + c];
            found.rows += count;
            found.on_grid += c == outside_grid ? 0 : count;
        }
    }
    for (size_t t = 0; t < outcome->tile_count; t++) {
        for (size_t c = 0; outcome->tile[t] != NULL && c < UXO_TILE_CELLS; c++) {
            found.cells += outcome->tile[t]->sum[c];
        }
    }
    for (size_t i = 0; i < (size_t)scenario->strikes.count * outcome->columns; i++) {
        found.strikes += outcome->strike_duds[i];
    }
    return found;
}

static double expected_strikes(const uxo_scenario *scenario)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        sum += uxo_quantity_mean(&scenario->strikes.item[i].confidence);
    }
    return sum;
}

/* z of the mean total against its closed form; NaN when it cannot be tested. */
static double total_z(const uxo_scenario *scenario, const uxo_outcome *outcome)
{
    const double n = (double)outcome->realisations;
    const double mean = (double)outcome->total_duds / n;
    double squares = 0.0;
    for (size_t r = 0; r < outcome->realisations; r++) {
        double total = 0.0;
        for (uint32_t c = 0; c < outcome->columns; c++) {
            total += (double)outcome->dud_count[r * outcome->columns + c];
        }
        squares += (total - mean) * (total - mean);
    }
    const double error = sqrt(squares / (n - 1.0) / n);
    const double expected = uxo_expected_total(scenario);
    if (outcome->realisations < MIN_REALISATIONS) {
        return NAN;
    }
    if (error == 0.0) {
        /* Nothing varied: then the mean has to be the closed form, unless whatever leaves duds is too rare to have been
         * seen. */
        const bool too_rare = n * expected < ENOUGH || n * expected_strikes(scenario) < ENOUGH;
        return fabs(mean - expected) <= 1e-9 * expected || (mean == 0.0 && too_rare) ? 0.0 : INFINITY;
    }
    return (mean - expected) / error;
}

uxo_status uxo_engine_self_check(const uxo_scenario *scenario, const uxo_outcome *outcome, char *line, size_t size,
                                 uxo_report *report)
{
    const sums found = add_up(scenario, outcome);
    const bool exact =
        found.rows == outcome->total_duds && found.strikes == outcome->total_duds && found.cells == found.on_grid;
    const double z = total_z(scenario, outcome);
    const bool near = isnan(z) || fabs(z) <= LARGEST_Z;
    char tested[96];
    if (isnan(z)) {
        snprintf(tested, sizeof tested, "total not tested below %d realisations", MIN_REALISATIONS);
    } else {
        snprintf(tested, sizeof tested, "total against closed form |z| = %.2f (bound %.0f)", fabs(z), LARGEST_Z);
    }
    snprintf(line, size, "rows, cells and strikes %s the %llu duds simulated; %s",
             exact ? "add up to" : "DO NOT ADD UP TO", (unsigned long long)outcome->total_duds, tested);
    if (exact && near) {
        return UXO_OK;
    }
    return uxo_fail(report, UXO_ERR_SELFCHECK, NULL, "self-check failed: %s; nothing was written", line);
}
