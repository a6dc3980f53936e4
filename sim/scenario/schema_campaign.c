/* schema_campaign.c - keys of a scenario: what all strikes share beside the catalogue. Data only, see schema_table.c. */
#include "schema_private.h"

/* Of log odds: e^10 turns 1 % into 99.5 %. ASSUMED. */
#define MOST_LOG_ODDS 10.0

static const uxo_key_row campaign_rows[] = {
    {.path = "ground",
     .type = UXO_TYPE_SECTION,
     .meaning = "What ground classes (layers.ground) do to the failure rate."},
    {.path = "ground.dud_rate_log_odds",
     .type = UXO_TYPE_OPEN,
     .meaning = "By class, the reference excepted: what is added to the log odds of failure. No coefficient has been "
                "published; a class that is not named "
                "here has {normal: {mean: 0.3, sd: 0.4}} (ASSUMED)."},
    {.path = "ground.dud_rate_log_odds.*",
     .type = UXO_TYPE_REAL,
     .unit = "1",
     .minimum = -MOST_LOG_ODDS,
     .maximum = MOST_LOG_ODDS,
     .per_default = UXO_PER_CAMPAIGN,
     .per_allowed = "campaign",
     .example = "{normal: {mean: 0.3, sd: 0.4}}",
     .meaning = "Shift of the log odds on this class; positive: more duds."},
};

const uxo_schema_part uxo_schema_campaign = {campaign_rows, sizeof campaign_rows / sizeof *campaign_rows};
