/* schema_campaign.c - keys of a scenario: what all strikes share beside the catalogue. Data only, see schema_table.c. */
#include "schema_private.h"

/* Of log odds: e^10 turns 1 % into 99.5 %. ASSUMED. */
#define MOST_LOG_ODDS 10.0

#define RELIABILITY                                                                                  \
    .type = UXO_TYPE_RATE, .unit = "1", .minimum = 0, .maximum = 1, .per_default = UXO_PER_CAMPAIGN, \
    .per_allowed = "campaign", .default_text = "1"

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
    {.path = "campaign",
     .type = UXO_TYPE_SECTION,
     .meaning = "What all strikes of the theatre share, whatever their munition."},
    {.path = "campaign.dud_rate_log_odds_shift",
     .type = UXO_TYPE_REAL,
     .unit = "1",
     .minimum = -MOST_LOG_ODDS,
     .maximum = MOST_LOG_ODDS,
     .per_default = UXO_PER_CAMPAIGN,
     .per_allowed = "campaign",
     .default_text = "0",
     .example = "{normal: {mean: 0, sd: 0.3}}",
     .meaning = "Added to the log odds of every munition's mean failure rate: what stocks and conditions of the "
                "theatre do to all types alike."},
    {.path = "campaign.reliability",
     .type = UXO_TYPE_SECTION,
     .meaning = "By status of the strike: factor of its confidence, shared by all reports of that class. A strike "
                "exists with probability confidence x reliability."},
    {.path = "campaign.reliability.confirmed", RELIABILITY, .example = "1", .meaning = "Of confirmed strikes."},
    {.path = "campaign.reliability.probable",
     RELIABILITY,
     .example = "{uniform: [0.8, 1]}",
     .meaning = "Of probable ones."},
    {.path = "campaign.reliability.alleged",
     RELIABILITY,
     .example = "{uniform: [0.3, 1]}",
     .meaning = "Of alleged ones."},
};

const uxo_schema_part uxo_schema_campaign = {campaign_rows, sizeof campaign_rows / sizeof *campaign_rows};
