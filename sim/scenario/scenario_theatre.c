/* scenario_theatre.c - the section `campaign`: what all strikes share beside the catalogue. */
#include <stdio.h>

#include "scenario_private.h"
#include "uxosim/distribution.h"

/* A sound quantity, else the constant that holds without it. True: it is something else than that. */
static bool read_quantity(assembly *self, const char *path, double otherwise, uxo_quantity *out)
{
    const uxo_node *const node = uxo_assembly_node(self, path);
    *out = uxo_quantity_constant(otherwise);
    if (node == NULL) {
        return false;
    }
    uxo_assembly_note(self,
                      uxo_distribution_read(node, uxo_schema_find(UXO_DOCUMENT_SCENARIO, path), out, self->report));
    return out->form != UXO_FORM_CONSTANT || out->p[0] != otherwise;
}

void uxo_assembly_theatre(assembly *self)
{
    uxo_theatre *const theatre = &self->out->theatre;
    theatre->shifts = read_quantity(self, "campaign.dud_rate_log_odds_shift", 0.0, &theatre->rate_shift);
    for (int i = 0; i < UXO_STRIKE_STATUS_COUNT; i++) {
        char path[64];
        snprintf(path, sizeof path, "campaign.reliability.%s", uxo_strike_status_word((uxo_strike_status)i));
        theatre->discounts = read_quantity(self, path, 1.0, &theatre->reliability[i]) || theatre->discounts;
    }
}
