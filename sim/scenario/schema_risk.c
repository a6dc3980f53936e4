/* schema_risk.c - keys of a scenario: who uses the ground, and what comes of it. Data only, see schema_table.c. */
#include "schema_private.h"

static const uxo_key_row risk_rows[] = {
    {.path = "exposure",
     .type = UXO_TYPE_SECTION,
     .later = UXO_SCHEMA_LATER,
     .example = "{}",
     .meaning = "Who uses the ground, and how."},
    {.path = "risk",
     .type = UXO_TYPE_SECTION,
     .later = UXO_SCHEMA_LATER,
     .example = "{}",
     .meaning = "From contact to accident and harm."},
};

const uxo_schema_part uxo_schema_risk = {risk_rows, sizeof risk_rows / sizeof *risk_rows};
