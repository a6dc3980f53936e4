/* expectation.h - what is known without simulating: expected duds of each strike and of all of them, in closed form.
 *
 * Where ground classes or clearance are given these are numbers before them, on the reference class.
 * Source: linearity of expectation; the variance by the law of total variance over strike and carrier levels with the
 * campaign level held fixed or not (docs/model.md#closed-forms).
 */
#ifndef UXOSIM_EXPECTATION_H
#define UXOSIM_EXPECTATION_H

#include "uxosim/scenario.h"

/* E[duds of this strike], everything uncertain averaged: confidence x E[carriers] x sum over types of
 * weight x P(opens) x E[load] x E[m]. */
double uxo_expected_duds(const uxo_scenario *scenario, const uxo_strike *strike);
double uxo_expected_carriers(const uxo_scenario *scenario, const uxo_strike *strike);
double uxo_expected_submunitions(const uxo_scenario *scenario, const uxo_strike *strike);

/* Sum over the strikes of the scenario. */
double uxo_expected_total(const uxo_scenario *scenario);

/* Is what is expected that of the simulation too? Not with ground classes or clearance: what they leave depends on places. */
bool uxo_expectation_is_exact(const uxo_scenario *scenario);

/* P(it was a cluster strike): mean confidence times mean reliability of reports of its status. */
double uxo_expected_existence(const uxo_scenario *scenario, const uxo_strike *strike);
/* Mean failure rate of a munition, the campaign's shift of log odds included. */
double uxo_expected_rate(const uxo_scenario *scenario, const uxo_munition *munition);

#endif
