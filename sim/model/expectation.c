/* expectation.c - expected numbers in closed form. Means multiply: existence, carriers, type, opening, load and rate
 * are drawn independently of each other, and p_s has the mean m. */
#include "uxosim/expectation.h"

#include "uxosim/portable_math.h"

/* GSL and libm are behind some means: rounded so that the value does not depend on the processor. */
enum { EXPECTATION_DIGITS = 12 };

bool uxo_expectation_is_exact(const uxo_scenario *scenario)
{
    return !scenario->surface.given;
}

double uxo_expected_existence(const uxo_scenario *scenario, const uxo_strike *strike)
{
    const double confidence = uxo_quantity_mean(&strike->confidence);
    return scenario->theatre.discounts ? confidence * uxo_quantity_mean(&scenario->theatre.reliability[strike->status])
                                       : confidence;
}

double uxo_expected_rate(const uxo_scenario *scenario, const uxo_munition *munition)
{
    return scenario->theatre.shifts ? munition->shifted_rate : uxo_quantity_mean(&munition->dud_rate);
}

static double over_types(const uxo_scenario *scenario, const uxo_strike *strike, bool duds)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < strike->mixture.count; i++) {
        const uxo_munition *const munition = &scenario->catalogue.item[strike->mixture.munition[i]];
        double each = uxo_quantity_mean(&munition->submunitions_per_carrier);
        if (duds) {
            each *= (1.0 - uxo_quantity_mean(&munition->carrier_failure)) * uxo_expected_rate(scenario, munition);
        }
        sum += strike->mixture.weight[i] * each;
    }
    return sum;
}

double uxo_expected_carriers(const uxo_scenario *scenario, const uxo_strike *strike)
{
    const double expected = uxo_expected_existence(scenario, strike) * uxo_quantity_mean(&strike->carriers);
    return uxo_round_digits(expected, EXPECTATION_DIGITS);
}

double uxo_expected_submunitions(const uxo_scenario *scenario, const uxo_strike *strike)
{
    return uxo_round_digits(uxo_expected_carriers(scenario, strike) * over_types(scenario, strike, false),
                            EXPECTATION_DIGITS);
}

double uxo_expected_duds(const uxo_scenario *scenario, const uxo_strike *strike)
{
    return uxo_round_digits(uxo_expected_carriers(scenario, strike) * over_types(scenario, strike, true),
                            EXPECTATION_DIGITS);
}

double uxo_expected_total(const uxo_scenario *scenario)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        sum += uxo_expected_duds(scenario, &scenario->strikes.item[i]);
    }
    return uxo_round_digits(sum, EXPECTATION_DIGITS);
}
