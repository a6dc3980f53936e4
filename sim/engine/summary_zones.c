/* summary_zones.c - the table of a set of zones. Not here: its rows (summary.c), their order (summary_ranks.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "summary_private.h"

static const double *of_set(const double *table, uint32_t first)
{
    return table != NULL ? table + first : NULL;
}

static uxo_findings of_zones(const uxo_zone_set *set, const uxo_zone_outcome *zones)
{
    const uint32_t first = set->first_column;
    return (uxo_findings){.areas = set->count,
                          .columns = uxo_zone_set_columns(set),
                          .stride = zones->columns,
                          .duds = {.parts = zones->dud_parts + first},
                          .accidents = {.parts = zones->accident_parts != NULL ? zones->accident_parts + first : NULL},
                          .conditional = of_set(zones->conditional, first),
                          .affected_ha = of_set(zones->affected_ha, first),
                          .people_affected = of_set(zones->people_affected, first),
                          .accident_expectation = of_set(zones->accident_expectation, first),
                          .accident_chance = of_set(zones->accident_chance, first)};
}

/* Names, status, areas and persons of zones and of what is outside them. */
static uxo_status fill_zones(uxo_district_table *self, const uxo_scenario *scenario, const uxo_zone_set *set,
                             uxo_report *report)
{
    static const char *const special[] = {UXO_ROW_OUTSIDE_ZONES, UXO_ROW_OUTSIDE_GRID, UXO_ROW_TOTAL};
    bool good = true;
    self->status = calloc(self->rows, sizeof *self->status);
    for (uint32_t i = 0; i < self->rows && self->status != NULL; i++) {
        const bool zone = i < set->count;
        self->name[i] = strdup(zone ? set->item[i].name : special[i - set->count]);
        self->status[i] = strdup(zone ? set->item[i].status : "");
        good = good && self->name[i] != NULL && self->status[i] != NULL;
        self->value[UXO_COLUMN_AREA_HA][i] = zone ? set->item[i].area_ha : NAN;
        self->value[UXO_COLUMN_POPULATION][i] = zone ? set->item[i].population : NAN;
    }
    self->value[UXO_COLUMN_AREA_HA][set->count] = set->area_outside_ha;
    if (uxo_population_given(&scenario->population)) {
        self->value[UXO_COLUMN_POPULATION][set->count] = set->population_outside;
    }
    return good && self->status != NULL ? UXO_OK
                                        : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for names of zones");
}

static void fill_intact(uxo_district_table *self, const uxo_zone_set *set, const uxo_outcome *outcome)
{
    const double parts = (double)outcome->realisations * (double)UXO_ZONE_PARTS;
    for (uint32_t i = 0; i <= set->count && outcome->zones.carrier_parts != NULL; i++) {
        const uint32_t column = set->first_column + i;
        self->value[UXO_COLUMN_INTACT_CARRIERS][i] = (double)outcome->zones.carrier_parts[column] / parts;
        self->value[UXO_COLUMN_INTACT_SUBMUNITIONS][i] = (double)outcome->zones.submunition_parts[column] / parts;
    }
}

uxo_status uxo_zone_table_fill(uxo_district_table *self, const uxo_scenario *scenario, const uxo_zone_set *set,
                               const uxo_outcome *outcome, const uxo_district_table *districts, const double *weight,
                               uxo_report *report)
{
    uxo_filling fill = {.table = self,
                        .scenario = scenario,
                        .outcome = outcome,
                        .found = of_zones(set, &outcome->zones),
                        .weight = weight};
    UXO_TRY(fill_zones(self, scenario, set, report));
    UXO_TRY(uxo_filling_rows(&fill, set->count + 1, report));
    fill_intact(self, set, outcome);
    for (int c = 0; c < UXO_COLUMN_COUNT; c++) {
        for (uint32_t row = 1; row <= 2; row++) { /* outside the grid, total */
            self->value[c][self->rows - row] = districts->value[c][districts->rows - row];
        }
    }
    return UXO_OK;
}
