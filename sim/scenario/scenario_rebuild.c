/* scenario_rebuild.c - the scenario of a run again, from what its result keeps of it.
 *
 * Not here: the first assembly, from files (scenario.c).
 */
#include <stdlib.h>
#include <string.h>

#include "scenario_private.h"

/* The --set arguments again, one a line. */
static uxo_status apply_overrides(uxo_yaml *yaml, const char *overrides, uxo_report *report)
{
    char *const text = strdup(overrides);
    uxo_status status = text != NULL ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    char *rest = NULL;
    for (char *line = text != NULL ? strtok_r(text, "\n", &rest) : NULL; line != NULL && status == UXO_OK;
         line = strtok_r(NULL, "\n", &rest)) {
        status = uxo_assembly_apply_sets(yaml, (const char *const[]){line}, 1, report);
    }
    free(text);
    return status;
}

static void rebuild_catalogue(assembly *self, const uxo_scenario_kept *kept)
{
    uxo_assembly_note(self, uxo_catalogue_read_text(&self->out->catalogue, "munitions", kept->catalogue,
                                                    strlen(kept->catalogue), uxo_assembly_node(self, "override"),
                                                    self->report));
}

/* run.as_of, where it is not given, is the newest date of all inputs, and so of clearance too. */
static void extend_as_of(assembly *self)
{
    uxo_scenario *const out = self->out;
    for (uint32_t i = 0; uxo_assembly_node(self, "run.as_of") == NULL && i < out->surface.task_count; i++) {
        const int32_t day = out->surface.task[i].day;
        out->as_of_day = out->as_of_day == UXO_NO_DATE || day > out->as_of_day ? day : out->as_of_day;
    }
}

/* Places and grid are those of the result: nothing is projected or fitted to districts anew. */
static uxo_status rebuild(assembly *self, const uxo_scenario_kept *kept)
{
    static const uxo_place place = {.file = "the result's reference system"};
    uxo_scenario *const out = self->out;
    uxo_assembly_run(self);
    uxo_assembly_output(self);
    out->grid = kept->grid;
    rebuild_catalogue(self, kept);
    uxo_assembly_note(self, uxo_crs_open(&out->crs, kept->crs, &place, self->report));
    if (self->status == UXO_OK) {
        uxo_assembly_note(self, uxo_districts_none(&out->districts, &out->grid));
        uxo_assembly_theatre(self);
        uxo_assembly_strikes(self, "strikes", kept->strikes);
        uxo_assembly_sections(self);
        extend_as_of(self);
        uxo_assembly_people(self);
    }
    if (self->status == UXO_OK) {
        uxo_assembly_note(self, uxo_assembly_campaign(self));
    }
    return self->status;
}

static uxo_status rebuild_tree(uxo_scenario *out, uxo_yaml *yaml, const uxo_scenario_kept *kept, uxo_report *report)
{
    char none[] = "";
    assembly self = {
        .out = out, .root = yaml->root, .report = report, .file = none, .folder = none, .data_folder = none};
    UXO_TRY(apply_overrides(yaml, kept->overrides, report));
    UXO_TRY(uxo_schema_check(UXO_DOCUMENT_SCENARIO, yaml->root, "", report));
    out->title = strdup(uxo_assembly_text(&self, "title"));
    out->scenario_text = strdup(kept->scenario);
    out->overrides_text = strdup(kept->overrides);
    out->crs_text = strdup(kept->crs);
    if (out->title == NULL || out->scenario_text == NULL || out->overrides_text == NULL || out->crs_text == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    return rebuild(&self, kept);
}

uxo_status uxo_scenario_rebuild(uxo_scenario *self, uxo_scenario_kept *kept, uxo_report *report)
{
    uxo_yaml yaml;
    memset(self, 0, sizeof *self);
    self->surface = kept->surface;
    memset(&kept->surface, 0, sizeof kept->surface);
    self->population = kept->population;
    memset(&kept->population, 0, sizeof kept->population);
    uxo_status status = uxo_yaml_read_text(&yaml, "scenario", kept->scenario, strlen(kept->scenario), 1, 1, report);
    if (status == UXO_OK) {
        status = rebuild_tree(self, &yaml, kept, report);
    }
    uxo_yaml_free(&yaml);
    return status;
}
