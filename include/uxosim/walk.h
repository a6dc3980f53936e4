/* walk.h - what somebody who walks along a path meets: contacts with duds on a strip of some width.
 *
 * Model   in a realisation the duds on a strip are nearly a Poisson process with the conditional density, so that P(at least one contact) is
 *         1 - exp(-integral of the density over the strip); the probability is the mean of that over realisations, never that of the mean
 *         map (docs/model.md, "A walk")
 */
#ifndef UXOSIM_WALK_H
#define UXOSIM_WALK_H

#include "uxosim/engine.h"
#include "uxosim/lines.h"

/* Duds on the strip expected in realisations 0 .. count - 1, given all draws of each but the last. The strip lies along the middle of the
 * segments; ground that it covers twice counts twice. Carriers are integrated as they were drawn, not by way of cells: along a segment in
 * closed form, across it by Gauss and Legendre, within 1e-6 of the densest strip.
 *
 *   contacts  out  [count]
 *
 * Errors  UXO_ERR_MEMORY, UXO_ERR_INTERRUPTED, UXO_ERR_USAGE (kernel)
 */
UXO_MUST_USE uxo_status uxo_walk_contacts(const uxo_scenario *scenario, const uxo_engine_options *options,
                                          const uxo_lines *lines, double width_m, uint32_t count, double *contacts,
                                          uxo_report *report);

/* With people (people.h): multiplies the contacts of realisations 0 .. count - 1 by the shares that were drawn in them: accessible x hazardous
 * x detonation per contact. What is left are detonations. False: there are no people. */
bool uxo_walk_detonations(const uxo_scenario *scenario, uint32_t count, double *contacts);

/* P(at least one), expected contacts and their spread, over realisations. */
typedef struct uxo_walk_risk {
    double probability, probability_se;
    double quantile[3], quantile_se[3]; /* of the probability, at the given shares */
    double contacts, contacts_se;
    double effective; /* realisations, as weighted (Kish) */
} uxo_walk_risk;

/* Sums up. `factor`: share of the duds that count, in (0, 1]; weight NULL: all one. Where all realisations agree on 0 although there are
 * strikes, errors are nominal ones. */
UXO_MUST_USE uxo_status uxo_walk_summarise(const uxo_scenario *scenario, const double *contacts, const double *weight,
                                           uint32_t count, double factor, const double q[3], uxo_walk_risk *out,
                                           uxo_report *report);

#endif
