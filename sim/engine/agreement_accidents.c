/* agreement_accidents.c - accidents drawn against chances, chances against districts: see agreement.h. Sums in the order of realisations. */
#include <math.h>

#include "agreement.h"

/* The most that the chance of an accident can be in a realisation, and how fast it grows with the number of residents. */
typedef struct most_chance {
    double chance, per_density;
} most_chance;

static most_chance most_of(const uxo_scenario *scenario, const uxo_outcome *outcome, size_t realisation)
{
    const uxo_people_map *const map = &scenario->people.map;
    uxo_exposure_draw draw;
    double contact_m2 = 0.0;
    uxo_exposure_of(&scenario->people, outcome->campaign + realisation * scenario->campaign_count, &draw);
    for (uint32_t g = 0; g < scenario->people.class_count; g++) {
        contact_m2 = fmax(contact_m2, draw.contact_m2[g]);
    }
    const double densest = exp(map->lowest_log + (double)(UXO_DENSITY_KNOTS - 2) / UXO_DENSITY_STEPS);
    const double contacts = contact_m2 * draw.years[0];
    return (most_chance){uxo_exposure_accident(draw.hazardous, densest * contacts), draw.hazardous * contacts};
}

/* Sums over realisations that bounds of accidents are made of. */
typedef struct accident_sums {
    double largest;      /* chance of one dud */
    double border;       /* of accidents on the wrong side of a border */
    double misplaced;    /* of accidents by duds that are reckoned to a neighbouring block of people */
    double mixed, error; /* on squares that columns share; relative error of sums over squares */
} accident_sums;

static accident_sums sum_accidents(const uxo_scenario *scenario, const uxo_outcome *outcome)
{
    const uxo_squares_error error = uxo_squares_error_of(scenario);
    accident_sums sums = {.error = error.sum};
    for (size_t r = 0; r < outcome->realisations; r++) {
        const most_chance most = most_of(scenario, outcome, r);
        const double steep = fmin(most.chance, most.per_density * scenario->people.map.steepest);
        sums.largest = fmax(sums.largest, most.chance);
        sums.border += error.border * outcome->given_mean[r] * most.chance;
        sums.misplaced += scenario->people.map.cells_fit ? 0.0 : outcome->given_mean[r] * steep;
        sums.mixed += outcome->accident_mixed != NULL ? outcome->accident_mixed[r] : 0.0;
    }
    return sums;
}

/* Variances are at most the mean times the largest chance; drawn accidents are counted one by one. */
static void compare_accidents(const uxo_outcome *outcome, const accident_sums *sums, uint32_t column,
                              uxo_accident_agreement *out)
{
    const double level = UXO_AGREEMENT_LEVEL + log((double)outcome->columns);
    double drawn = 0.0, chance = 0.0, expected = 0.0;
    for (size_t r = 0; r < outcome->realisations; r++) {
        const size_t at = r * outcome->columns + column;
        drawn += (double)outcome->accidents[at];
        chance += outcome->accident_chance[at];
        expected += outcome->accident_expectation != NULL ? outcome->accident_expectation[at] : 0.0;
    }
    const double tiny = 1e-9 * chance; /* sums of doubles round */
    out->drawn = out->drawn && fabs(drawn - chance) <= uxo_bernstein_bound(level, chance, 1.0) + tiny;
    out->drawn_z = chance > 0.0 ? fmax(out->drawn_z, fabs(drawn - chance) / sqrt(chance)) : out->drawn_z;
    if (outcome->accident_expectation == NULL) {
        return;
    }
    const double kinds = outcome->between_kinds[column] * sums->largest;
    const double allowed = sums->error * expected + sums->border + sums->misplaced + sums->mixed + kinds;
    const double variance = sums->largest * (expected + allowed);
    out->squares =
        out->squares && fabs(chance - expected) <= uxo_bernstein_bound(level, variance, sums->largest) + allowed + tiny;
    if (expected > 0.0) {
        out->squares_z = fmax(out->squares_z, fabs(chance - expected) / sqrt(sums->largest * expected));
    }
}

void uxo_agreement_of_accidents(const uxo_scenario *scenario, const uxo_outcome *outcome, uxo_accident_agreement *out)
{
    const accident_sums sums = sum_accidents(scenario, outcome);
    *out = (uxo_accident_agreement){true, true, 0.0, outcome->accident_expectation != NULL ? 0.0 : NAN};
    for (uint32_t c = 0; c + 1 < outcome->columns; c++) {
        compare_accidents(outcome, &sums, c, out);
    }
}
