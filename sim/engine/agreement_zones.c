/* agreement_zones.c - what is found in zones against what is found on the grid, and points in them against what is expected: see agreement.h. */
#include <math.h>

#include "agreement.h"
#include "outcome.h"

/* Of each set, zones and what is outside of them hold everything on the grid at least once, and one column holds nothing twice. */
static bool row_is_held(const uxo_zones *zones, const uint64_t *parts, const uint32_t *counts, uint32_t columns)
{
    uint64_t on_grid = 0;
    for (uint32_t c = 0; c + 1 < columns; c++) {
        on_grid += (uint64_t)counts[c] * UXO_ZONE_PARTS;
    }
    for (uint32_t s = 0; s < zones->set_count; s++) {
        const uxo_zone_set *const set = &zones->set[s];
        uint64_t all = 0;
        for (uint32_t i = 0; i <= set->count; i++) {
            const uint64_t here = parts[set->first_column + i];
            all += here;
            if (here > on_grid) {
                return false;
            }
        }
        if (all < on_grid) {
            return false;
        }
    }
    return true;
}

static bool all_held(const uxo_zones *zones, const uxo_outcome *outcome)
{
    const uxo_zone_outcome *const found = &outcome->zones;
    for (size_t r = 0; r < outcome->realisations; r++) {
        const size_t row = r * outcome->columns, of_zones = r * found->columns;
        if (!row_is_held(zones, found->dud_parts + of_zones, outcome->dud_count + row, outcome->columns)) {
            return false;
        }
        if (found->accident_parts != NULL &&
            !row_is_held(zones, found->accident_parts + of_zones, outcome->accidents + row, outcome->columns)) {
            return false;
        }
    }
    return true;
}

/* Sums over realisations of one column. */
static double sum_parts(const uint64_t *table, const uxo_outcome *outcome, uint32_t column)
{
    uint64_t sum = 0;
    for (size_t r = 0; r < outcome->realisations; r++) {
        sum += table[r * outcome->zones.columns + column];
    }
    return (double)sum / (double)UXO_ZONE_PARTS;
}

static double sum_reals(const double *table, const uxo_outcome *outcome, uint32_t column)
{
    double sum = 0.0;
    for (size_t r = 0; r < outcome->realisations; r++) {
        sum += table[r * outcome->zones.columns + column];
    }
    return sum;
}

/* What all zones have in common. */
typedef struct whole_run {
    uxo_squares_error error;
    double all, between_kinds; /* duds expected everywhere; what squares of several kinds of surface may be off by */
    double level;
} whole_run;

/* Points count by the shares of their cells, which are at most 1: so their variance, too, is at most their mean. What lay on squares that are
 * partly in the zone may all lie in it, or none of it. */
static bool is_as_expected(const whole_run *run, const uxo_outcome *outcome, uint32_t column)
{
    const uxo_zone_outcome *const found = &outcome->zones;
    const double points = sum_parts(found->dud_parts, outcome, column);
    const double expected = sum_reals(found->conditional, outcome, column), border = run->error.border * run->all;
    const double base = run->error.sum * expected + run->between_kinds;
    const double less = base + fmin(border, expected) + found->mixed[column];
    const double more = base + border + found->beyond[column];
    const double bound = uxo_bernstein_bound(run->level, expected + more, 1.0);
    return points - expected <= bound + more && expected - points <= bound + less;
}

static bool accidents_are_near(const whole_run *run, const uxo_outcome *outcome, uint32_t column)
{
    const double drawn = sum_parts(outcome->zones.accident_parts, outcome, column);
    const double chance = sum_reals(outcome->zones.accident_chance, outcome, column);
    return fabs(drawn - chance) <= uxo_bernstein_bound(run->level, chance, 1.0) + 1e-9 * chance;
}

void uxo_agreement_of_zones(const uxo_scenario *scenario, const uxo_outcome *outcome, uxo_zone_agreement *out)
{
    const bool expected = outcome->zones.conditional != NULL, people = outcome->zones.accident_parts != NULL;
    whole_run run = {.level = UXO_AGREEMENT_LEVEL + log((double)outcome->zones.columns + 1.0)};
    *out = (uxo_zone_agreement){.held = all_held(&scenario->zones, outcome), .accidents = true, .expected = true};
    if (expected) {
        run.error = uxo_squares_error_of(scenario);
        for (uint32_t r = 0; r < outcome->realisations; r++) {
            run.all += uxo_outcome_given(outcome, r);
        }
        for (uint32_t c = 0; c < outcome->columns; c++) {
            run.between_kinds += outcome->between_kinds[c];
        }
    }
    for (uint32_t s = 0; s < scenario->zones.set_count; s++) {
        const uxo_zone_set *const set = &scenario->zones.set[s];
        for (uint32_t c = set->first_column; c <= set->first_column + set->count; c++) { /* the last: outside of all */
            out->expected = out->expected && (!expected || is_as_expected(&run, outcome, c));
            out->accidents = out->accidents && (!people || accidents_are_near(&run, outcome, c));
        }
    }
}
