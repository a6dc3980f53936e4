/* expectation.c - expected numbers in closed form. Means multiply: existence, carriers, type, opening, load and rate
 * are drawn independently of each other, and p_s has the mean m. */
#include "uxosim/expectation.h"

#include "uxosim/portable_math.h"

/* GSL and libm are behind some means: rounded so that the value does not depend on the processor. */
enum { EXPECTATION_DIGITS = 12 };

static double over_types(const uxo_scenario *scenario, const uxo_strike *strike, bool duds)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < strike->mixture.count; i++) {
        const uxo_munition *const munition = &scenario->catalogue.item[strike->mixture.munition[i]];
        double each = uxo_quantity_mean(&munition->submunitions_per_carrier);
        if (duds) {
            each *= (1.0 - uxo_quantity_mean(&munition->carrier_failure)) * uxo_quantity_mean(&munition->dud_rate);
        }
        sum += strike->mixture.weight[i] * each;
    }
    return sum;
}

double uxo_expected_carriers(const uxo_strike *strike)
{
    const double expected = uxo_quantity_mean(&strike->confidence) * uxo_quantity_mean(&strike->carriers);
    return uxo_round_digits(expected, EXPECTATION_DIGITS);
}

double uxo_expected_submunitions(const uxo_scenario *scenario, const uxo_strike *strike)
{
    return uxo_round_digits(uxo_expected_carriers(strike) * over_types(scenario, strike, false), EXPECTATION_DIGITS);
}

double uxo_expected_duds(const uxo_scenario *scenario, const uxo_strike *strike)
{
    return uxo_round_digits(uxo_expected_carriers(strike) * over_types(scenario, strike, true), EXPECTATION_DIGITS);
}

double uxo_expected_total(const uxo_scenario *scenario)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        sum += uxo_expected_duds(scenario, &scenario->strikes.item[i]);
    }
    return uxo_round_digits(sum, EXPECTATION_DIGITS);
}
