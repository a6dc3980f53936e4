/* result_zones.c - /zones: a group for each set. Not here: its numbers (summary), how such tables are written (result_areas.c). */
#include <stdlib.h>
#include <string.h>

#include "result_parts.h"

hid_t result_write_zone_group(h5_output *out, const char *const *ids, size_t count)
{
    size_t room = 1;
    for (size_t i = 0; i < count; i++) {
        room += strlen(ids[i]) + 2;
    }
    char *const list = malloc(room);
    if (list == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        return H5I_INVALID_HID;
    }
    char *end = list;
    *end = '\0';
    for (size_t i = 0; i < count; i++) {
        end = stpcpy(stpcpy(end, i > 0 ? ", " : ""), ids[i]);
    }
    const hid_t group = h5_group(out, "zones");
    h5_text(out, group, "long_name", "further sets of areas, a group each");
    h5_text(out, group, "sets", list);
    free(list);
    return group;
}

/* What each realisation found, the columns of one set. */
static void write_realisations(h5_output *out, hid_t group, const uxo_zone_set *set, const uxo_zone_outcome *zones,
                               const h5_dimension *realisation)
{
    const size_t first = set->first_column;
    const result_realisation_table tables[] = {
        {.name = "dud_count",
         .sentence = "duds in each realisation, a dud by the share that its "
                     "cell has in the zone, in 255ths; columns as the rows of "
                     "the other tables, without the total",
         .unit = "1",
         .parts = zones->dud_parts + first,
         .stride = zones->columns},
        {.name = "dud_expectation",
         .sentence = RESULT_DUD_EXPECTATION,
         .unit = "1",
         .real = zones->conditional != NULL ? zones->conditional + first : NULL,
         .stride = zones->columns},
        {.name = "affected_ha",
         .sentence = RESULT_AFFECTED_HA,
         .unit = "hectare",
         .real = zones->affected_ha != NULL ? zones->affected_ha + first : NULL,
         .stride = zones->columns},
        {.name = "accidents",
         .sentence = RESULT_ACCIDENTS "; by share, as dud_count",
         .unit = "1",
         .parts = zones->accident_parts != NULL ? zones->accident_parts + first : NULL,
         .stride = zones->columns},
        {.name = "accident_expectation",
         .sentence = RESULT_ACCIDENT_EXPECTATION,
         .unit = "1",
         .real = zones->accident_expectation != NULL ? zones->accident_expectation + first : NULL,
         .stride = zones->columns}};
    result_write_realisations(out, group, tables, sizeof tables / sizeof *tables, uxo_zone_set_columns(set),
                              realisation);
}

static void write_set(h5_output *out, const uxo_result_run *run, uint32_t index, const h5_dimension *realisation)
{
    const uxo_zone_set *const set = &run->scenario->zones.set[index];
    const uxo_district_table *const table = &run->zones[index];
    char path[RESULT_ZONE_PATH];
    const char **const geometry = calloc(table->rows, sizeof *geometry);
    if (geometry == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        return;
    }
    for (uint32_t i = 0; i < set->count; i++) {
        geometry[i] = set->item[i].geometry_wkb_hex;
    }
    snprintf(path, sizeof path, "zones/%s", set->id);
    const hid_t group = result_write_area_table(out, path, table, geometry);
    write_realisations(out, group, set, &run->outcome->zones, realisation);
    h5_close_group(group);
    free(geometry);
}

void result_write_zones(h5_output *out, const uxo_result_run *run, const h5_dimension *realisation)
{
    const uxo_zones *const zones = &run->scenario->zones;
    const char **const ids = calloc((size_t)zones->set_count + 1, sizeof *ids);
    if (ids == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        return;
    }
    for (uint32_t s = 0; s < zones->set_count; s++) {
        ids[s] = zones->set[s].id;
    }
    if (zones->set_count > 0) {
        h5_close_group(result_write_zone_group(out, ids, zones->set_count));
    }
    for (uint32_t s = 0; s < zones->set_count && !h5_output_stopped(out); s++) {
        write_set(out, run, s, realisation);
    }
    free(ids);
}
