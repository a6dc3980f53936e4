/* schema_background.c - keys of a scenario: strikes that nobody reported. Data only, see schema_table.c. */
#include "schema_private.h"

static const uxo_key_row background_rows[] = {
    {.path = "background",
     .type = UXO_TYPE_SECTION,
     .meaning = "Strikes that nobody reported, anywhere with the same probability. Kept apart from the listed ones: "
                "`background_density` and `/districts/background_count` in the result, never in `dud_density`."},
    {.path = "background.density_per_km2",
     .type = UXO_TYPE_POSITIVE,
     .unit = "km-2",
     .minimum = 0,
     .maximum = 1000,
     .required = true,
     .per_default = UXO_PER_CAMPAIGN,
     .per_allowed = "campaign",
     .example = "{interval90: [0.001, 0.02]}",
     .meaning = "Unreported strikes per square kilometre; their number in a realisation is Poisson. Without a default: "
                "it is the author's judgement."},
    {.path = "background.munition",
     .type = UXO_TYPE_MIXTURE,
     .required = true,
     .example = "{example-rocket: 0.7, unknown: 0.3}",
     .meaning = "Their munition, or weights by munition."},
    {.path = "background.carriers",
     .type = UXO_TYPE_COUNT,
     .unit = "1",
     .minimum = 1,
     .maximum = 100000,
     .required = true,
     .per_default = UXO_PER_STRIKE,
     .per_allowed = UXO_SCHEMA_STRIKE_LEVELS,
     .example = "{range: [1, 4]}",
     .meaning = "Carriers of each of them."},
};

const uxo_schema_part uxo_schema_background = {background_rows, sizeof background_rows / sizeof *background_rows};
