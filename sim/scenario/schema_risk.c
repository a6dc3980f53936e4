/* schema_risk.c - keys of a scenario: who uses the ground, and what comes of it. Data only, see schema_table.c. Where defaults are from:
 * docs/sources.md, "From contact to accident". */
#include "schema_private.h"

#define PER_CAMPAIGN .per_default = UXO_PER_CAMPAIGN, .per_allowed = "campaign"
#define SHARE .type = UXO_TYPE_RATE, .unit = "1", .minimum = 0, .maximum = 1, PER_CAMPAIGN
#define YEARS \
    .type = UXO_TYPE_POSITIVE, .unit = "years", .minimum = 0, .minimum_open = true, .maximum = 1000, PER_CAMPAIGN

static const uxo_key_row risk_rows[] = {
    {.path = "exposure",
     .type = UXO_TYPE_SECTION,
     .meaning =
         "Who uses the ground, and how. With layers.population accidents are computed; what is left out here has "
         "the defaults, which are wide. Everything is drawn once per realisation."},
    {.path = "exposure.range_m",
     .type = UXO_TYPE_NUMBER,
     .unit = "m",
     .minimum = 50,
     .maximum = 20000,
     .default_text = "300",
     .example = "300",
     .source = "ASSUMED: yards, paths and plots within some minutes' walk of the home",
     .meaning = "Residents use the ground of a square about their home that reaches this far to each side."},
    {.path = "exposure.return_share",
     SHARE,
     .default_text = "{uniform: [0.5, 1]}",
     .example = "{uniform: [0.5, 1]}",
     .source = "ASSUMED: between half of the residents and all of them; time runs from their return",
     .meaning = "Share of the residents of layers.population who are there in the time looked at."},
    {.path = "exposure.accessible_share",
     SHARE,
     .default_text = "{interval90: [0.15, 0.8]}",
     .example = "{interval90: [0.15, 0.8]}",
     .source = "low end: 15-30 % of contaminated land in southern Lebanon was used before clearance (Landmine Action "
               "2008 via landmine.de [V2]); high end ASSUMED, for towns, where homes and yards are used at once",
     .meaning =
         "Share of the duds that lie where people can meet them: not below rubble, on roofs, in fenced or unused "
         "places."},
    {.path = "exposure.activities",
     .type = UXO_TYPE_OPEN,
     .default_text =
         "{everyday: {participation: 1, ground_m2_per_person_year: {interval90: [10, 180]}}, gardening: "
         "{participation: {interval90: [0.05, 0.3]}, ground_m2_per_person_year: {interval90: [30, 400]}}, handling: "
         "{participation: {interval90: [0.01, 0.08]}, ground_m2_per_person_year: {interval90: [50, 1500]}}}",
     .source =
         "ASSUMED, and confounded with risk.detonation_per_contact: 20 to 360 m of ground not trodden before, half a "
         "metre wide; plots that are dug; search for scrap and play by few. Farming and handling were behind 22 and "
         "24 % of accidents in Laos (UXO Lao [V]). The sizes are such that, with the other defaults, towns lie within "
         "the 0.2-10 casualties per 1,000 duds seen in Lebanon, Kosovo and Afghanistan [D on V]",
     .meaning =
         "What people do on the ground, by names of your choice. A list that is given replaces the default one."},
    {.path = "exposure.activities.*", .type = UXO_TYPE_SECTION, .meaning = "One activity."},
    {.path = "exposure.activities.*.participation",
     SHARE,
     .required = true,
     .example = "{interval90: [0.05, 0.3]}",
     .meaning = "Share of the people there who do it."},
    {.path = "exposure.activities.*.ground_m2_per_person_year",
     .type = UXO_TYPE_POSITIVE,
     .unit = "m2",
     .minimum = 0,
     .maximum = 1e7,
     PER_CAMPAIGN,
     .required = true,
     .example = "{interval90: [30, 400]}",
     .meaning =
         "Ground that one of them touches in a year at the rate of the first days: new ground, not the same path "
         "over and over."},
    {.path = "exposure.activities.*.classes",
     .type = UXO_TYPE_STRINGS,
     .allowed = "all",
     .default_text = "all",
     .example = "all",
     .meaning = "Classes of layers.ground on which it is done."},
    {.path = "exposure.decline",
     .type = UXO_TYPE_SECTION,
     .meaning =
         "How contacts become rarer after people's return: f exp(-t/fast) + (1 - f) exp(-t/slow), as people learn "
         "and duds are marked or taken away."},
    {.path = "exposure.decline.fast_share",
     SHARE,
     .default_text = "{interval90: [0.85, 0.98]}",
     .example = "{interval90: [0.85, 0.98]}",
     .source =
         "from counts over time: 0.93 in Lebanon 2006-08, 0.94-0.99 in Kosovo 1999-2013 (docs/sources.md [D on V]); "
         "the width is ASSUMED",
     .meaning = "f, the share of the fast decline at the beginning."},
    {.path = "exposure.decline.fast_years",
     YEARS,
     .default_text = "{interval90: [0.04, 0.17]}",
     .example = "{interval90: [0.04, 0.17]}",
     .source =
         "from counts over time: 24 days in Lebanon 2006, a month or so in Kosovo 1999 (docs/sources.md [D on V]); "
         "two weeks to two months, the width is ASSUMED",
     .meaning = "Time in which the fast part falls to 37 %."},
    {.path = "exposure.decline.slow_years",
     YEARS,
     .default_text = "{interval90: [0.8, 5]}",
     .example = "{interval90: [0.8, 5]}",
     .source = "from counts over time: 1.1 years in Lebanon 2007-08, 3.5 years in Laos 2008-15 (docs/sources.md [D on "
               "V]); the width is ASSUMED",
     .meaning = "Time in which the slow part falls to 37 %."},

    {.path = "risk",
     .type = UXO_TYPE_SECTION,
     .meaning = "From contact to accident and harm. As with exposure, what is left out has the defaults."},
    {.path = "risk.hazardous_share",
     SHARE,
     .default_text = "{interval90: [0.2, 0.6]}",
     .example = "{interval90: [0.2, 0.6]}",
     .source = "40 % of duds hazardous (US field manual via FAS [V2]); the width is ASSUMED",
     .meaning = "Share of the duds that can go off when touched at all. A dud has one accident at most."},
    {.path = "risk.detonation_per_contact",
     SHARE,
     .default_text = "{interval90: [0.02, 0.4]}",
     .example = "{interval90: [0.02, 0.4]}",
     .source =
         "13 % per encounter (US field manual via FAS [V2]); 25 experts' belief could not be told from uniform in "
         "three of six cases (Risk Analysis 28:825 [V]), so the width is ASSUMED large",
     .meaning = "Probability that a hazardous dud goes off when it is touched."},
    {.path = "risk.casualties_per_accident",
     .type = UXO_TYPE_POSITIVE,
     .unit = "1",
     .minimum = 0,
     .minimum_open = true,
     .maximum = 1000,
     PER_CAMPAIGN,
     .default_text = "{interval90: [1.4, 3]}",
     .example = "{interval90: [1.4, 3]}",
     .source = "47 in 24 accidents, Laos January-September 2016, and 7 in 3 in 2015 [D on V]; the width is ASSUMED",
     .meaning = "People killed or injured in one accident."},
    {.path = "risk.deaths_per_casualty",
     SHARE,
     .default_text = "{interval90: [0.09, 0.33]}",
     .example = "{interval90: [0.09, 0.33]}",
     .source = "10 % Lebanon, 20 % Kosovo, 23 % Afghanistan, 31 % Laos 2007 [D on V]",
     .meaning = "Share of the casualties who die."},
};

const uxo_schema_part uxo_schema_risk = {risk_rows, sizeof risk_rows / sizeof *risk_rows};
