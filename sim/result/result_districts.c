/* result_districts.c - /districts: the table, the polygons and what each realisation found. Not here: its numbers
 * (summary), how such tables are written (result_areas.c). */
#include <stdlib.h>

#include "result_parts.h"

/* What each realisation found in each column, or its first rows. */
static void write_realisations(h5_output *out, hid_t group, const uxo_result_run *run, const h5_dimension *realisation)
{
    const uxo_outcome *const outcome = run->outcome;
    const result_realisation_table tables[] = {
        {.name = "dud_count",
         .sentence = "duds in each realisation; columns as the rows of the other tables, without the total",
         .unit = "1",
         .count = outcome->dud_count},
        {.name = "background_count",
         .sentence =
             "duds of unreported strikes in each realisation, none of which are in dud_count; columns as of dud_count; "
             "outside the grid "
             "as far as their area goes",
         .unit = "1",
         .count = outcome->background_count},
        {.name = "dud_expectation",
         .sentence = RESULT_DUD_EXPECTATION,
         .unit = "1",
         .real = outcome->conditional,
         .stride = outcome->columns},
        {.name = "affected_ha",
         .sentence = RESULT_AFFECTED_HA,
         .unit = "hectare",
         .real = outcome->affected_ha,
         .stride = outcome->columns},
        {.name = "accidents", .sentence = RESULT_ACCIDENTS, .unit = "1", .count = outcome->accidents},
        {.name = "accident_expectation",
         .sentence = RESULT_ACCIDENT_EXPECTATION,
         .unit = "1",
         .real = outcome->accident_expectation,
         .stride = outcome->columns}};
    result_write_realisations(out, group, tables, sizeof tables / sizeof *tables, outcome->columns, realisation);
}

void result_write_districts(h5_output *out, const uxo_result_run *run, const h5_dimension *realisation)
{
    const uxo_districts *const districts = &run->scenario->districts;
    const char **const geometry = calloc(run->districts->rows, sizeof *geometry);
    if (geometry == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        return;
    }
    for (uint32_t i = 0; i < districts->count && i < run->districts->rows; i++) {
        geometry[i] = districts->item[i].geometry_wkb_hex;
    }
    const hid_t group = result_write_area_table(out, "districts", run->districts, geometry);
    write_realisations(out, group, run, realisation);
    h5_close_group(group);
    free(geometry);
}
