/* expectation.h - what is known without simulating: expected duds of each strike and of all of them, in closed form.
 *
 * Holds when there is no ground effect and no clearance.
 * Source: linearity of expectation; the variance by the law of total variance over strike and carrier levels with the
 * campaign level held fixed or not (docs/model.md#closed-forms).
 */
#ifndef UXOSIM_EXPECTATION_H
#define UXOSIM_EXPECTATION_H

#include "uxosim/scenario.h"

/* E[duds of this strike], everything uncertain averaged: confidence x E[carriers] x sum over types of
 * weight x P(opens) x E[load] x E[m]. */
double uxo_expected_duds(const uxo_scenario *scenario, const uxo_strike *strike);
double uxo_expected_carriers(const uxo_strike *strike);
double uxo_expected_submunitions(const uxo_scenario *scenario, const uxo_strike *strike);

/* Sum over the strikes of the scenario. */
double uxo_expected_total(const uxo_scenario *scenario);

#endif
