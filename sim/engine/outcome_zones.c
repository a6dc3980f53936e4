/* outcome_zones.c - memory of what a run finds in the zones. */
#include <stdlib.h>
#include <string.h>

#include "outcome.h"

bool uxo_zone_outcome_init(uxo_zone_outcome *self, const uxo_scenario *scenario)
{
    const size_t columns = scenario->zones.column_count;
    self->columns = scenario->zones.column_count;
    if (columns == 0) {
        return true;
    }
    self->mixed = calloc(columns, sizeof *self->mixed);
    self->beyond = calloc(columns, sizeof *self->beyond);
    self->carrier_parts = calloc(columns, sizeof *self->carrier_parts);
    self->submunition_parts = calloc(columns, sizeof *self->submunition_parts);
    return self->mixed != NULL && self->beyond != NULL && self->carrier_parts != NULL &&
           self->submunition_parts != NULL;
}

bool uxo_zone_outcome_grow(uxo_zone_outcome *self, const uxo_scenario *scenario, uint32_t from, uint32_t to)
{
    const bool expected = scenario->estimator == UXO_ESTIMATOR_EXPECTED_VALUE, people = scenario->people.given;
    const size_t reals = self->columns * sizeof(double), parts = self->columns * sizeof(uint64_t);
    return self->columns == 0 ||
           (uxo_grow_rows(&self->dud_parts, from, to, parts) &&
            (!people || (uxo_grow_rows(&self->accident_parts, from, to, parts) &&
                         uxo_grow_rows(&self->accident_chance, from, to, reals))) &&
            (!expected || (uxo_grow_rows(&self->conditional, from, to, reals) &&
                           uxo_grow_rows(&self->affected_ha, from, to, reals) &&
                           uxo_grow_rows(&self->people_affected, from, to, reals))) &&
            (!expected || !people || uxo_grow_rows(&self->accident_expectation, from, to, reals)));
}

void uxo_zone_outcome_free(uxo_zone_outcome *self)
{
    free(self->dud_parts);
    free(self->accident_parts);
    free(self->accident_chance);
    free(self->carrier_parts);
    free(self->submunition_parts);
    free(self->conditional);
    free(self->affected_ha);
    free(self->people_affected);
    free(self->accident_expectation);
    free(self->mixed);
    free(self->beyond);
    memset(self, 0, sizeof *self);
}
