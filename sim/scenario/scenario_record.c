/* scenario_record.c - what a result must be able to say about itself: every value used with its mark and source. Nothing
 * here depends on the machine: no absolute paths, times or hosts. Input files: scenario_inputs.c.
 */
#include <stdlib.h>
#include <string.h>

#include "scenario_private.h"
#include "uxosim/calendar.h"
#include "uxosim/distribution.h"
#include "uxosim/path.h"

/* Takes path (copied), value (taken over, may be NULL after a failed allocation) and source (copied). */
static uxo_status add_used(assembly *self, const char *path, char *value, uxo_mark mark, const char *source)
{
    uxo_scenario *const out = self->out;
    uxo_used_value *const larger = realloc(out->used, (out->used_count + (size_t)1) * sizeof *larger);
    if (larger != NULL) {
        out->used = larger;
        out->used[out->used_count] = (uxo_used_value){strdup(path), value, mark, strdup(source)};
    }
    if (larger == NULL || value == NULL || larger[out->used_count].path == NULL ||
        larger[out->used_count].source == NULL) {
        if (larger == NULL) {
            free(value);
        } else {
            out->used_count++;
        }
        return uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    out->used_count++;
    return UXO_OK;
}

static uxo_status add_given(assembly *self, const char *path, const uxo_node *node, bool is_path)
{
    char source[512];
    const bool set = uxo_node_is_overridden(node);
    snprintf(source, sizeof source, "%s:%u", uxo_path_name(self->file), (unsigned)node->place.line);
    return add_used(self, path,
                    is_path && node->text != NULL ? uxo_assembly_portable_name(node->text) : uxo_node_print(node),
                    set ? UXO_MARK_OVERRIDE : UXO_MARK_GIVEN, set ? "--set" : source);
}

static bool is_of_people(const char *path)
{
    return strncmp(path, "exposure.", 9) == 0 || strncmp(path, "risk.", 5) == 0;
}

/* Is a default of this key in force? Those of parts that the scenario leaves out are not. */
static bool default_applies(const assembly *self, const uxo_key_row *row)
{
    if (row->default_text == NULL) {
        return false;
    }
    if (strcmp(row->path, "grid.margin_m") == 0) {
        return uxo_node_at(self->root, "grid.around") != NULL;
    }
    /* Parts that may be left out whole, and then change nothing. */
    static const char *const part[] = {"layers.cleared", "campaign", "strikes.displacement.motor",
                                       "strikes.displacement.cargo"};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        const size_t length = strlen(part[i]);
        if (strncmp(row->path, part[i], length) == 0 && row->path[length] == '.') {
            return uxo_node_at(self->root, part[i]) != NULL;
        }
    }
    if (strcmp(row->path, "run.until.max_realisations") == 0) {
        return self->out->until.given;
    }
    if (is_of_people(row->path)) {
        return self->out->people.given;
    }
    const bool of_maps =
        strcmp(row->path, "output.quantiles") == 0 || strcmp(row->path, "output.density_thresholds_per_ha") == 0;
    return !of_maps || self->out->estimator == UXO_ESTIMATOR_EXPECTED_VALUE;
}

/* Takes value over. */
static uxo_status add_default(assembly *self, const uxo_key_row *row, const char *path, char *value)
{
    char source[640];
    snprintf(source, sizeof source, "built-in default%s%s", row->source != NULL ? ": " : "",
             row->source != NULL ? row->source : "");
    return add_used(self, path, value, UXO_MARK_DEFAULT, source);
}

static bool is_leaf(const uxo_key_row *row)
{
    const bool of_location = strstr(row->path, "location_error.") != NULL;
    return row->type != UXO_TYPE_SECTION && row->type != UXO_TYPE_OPEN && strchr(row->path, '*') == NULL &&
           !of_location;
}

static uxo_status record_keys(assembly *self)
{
    const size_t count = uxo_schema_row_count(UXO_DOCUMENT_SCENARIO);
    for (size_t i = 0; i < count; i++) {
        const uxo_key_row *const row = uxo_schema_row(UXO_DOCUMENT_SCENARIO, i);
        const uxo_node *const node = uxo_node_at(self->root, row->path);
        if (!is_leaf(row)) {
            continue;
        }
        if (node != NULL) {
            UXO_TRY(add_given(self, row->path, node, row->type == UXO_TYPE_PATH));
        } else if (default_applies(self, row)) {
            UXO_TRY(add_default(self, row, row->path, strdup(row->default_text)));
        }
    }
    return UXO_OK;
}

static uxo_status record_as_of(assembly *self)
{
    char text[UXO_DAY_SIZE];
    if (uxo_node_at(self->root, "run.as_of") != NULL || self->out->as_of_day == UXO_NO_DATE) {
        return UXO_OK;
    }
    uxo_day_text(self->out->as_of_day, text);
    return add_used(self, "run.as_of", strdup(text), UXO_MARK_DEFAULT,
                    "built-in default: the newest date in the inputs");
}

static uxo_status record_until(assembly *self)
{
    static const char path[] = "run.until.min_density_per_ha";
    if (!self->out->until.given || uxo_node_at(self->root, path) != NULL) {
        return UXO_OK;
    }
    return add_used(self, path, strdup("1 % of the largest density"), UXO_MARK_DEFAULT, "built-in default");
}

static uxo_status record_events(assembly *self)
{
    const uxo_node *const events = uxo_node_at(self->root, "strikes.events");
    for (const uxo_node *node = events != NULL ? events->first : NULL; node != NULL; node = node->next) {
        char path[256];
        snprintf(path, sizeof path, "strikes.events.%.200s", node->key);
        UXO_TRY(add_given(self, path, node, false));
    }
    return UXO_OK;
}

static uxo_status record_zones(assembly *self)
{
    for (const uxo_node *set = uxo_assembly_first_zones(self); set != NULL; set = set->next) {
        for (const uxo_node *node = set->first; node != NULL; node = node->next) {
            char path[256];
            snprintf(path, sizeof path, "layers.zones.%.60s.%.60s", set->key, node->key);
            UXO_TRY(add_given(self, path, node, strcmp(node->key, "file") == 0));
        }
    }
    return UXO_OK;
}

static uxo_status record_task(assembly *self, const char *name, const char *key, const uxo_quantity *quantity)
{
    char path[160], value[256], given[64];
    snprintf(path, sizeof path, "cleared.%s.%s", name, key);
    snprintf(given, sizeof given, "layers.cleared.%s", key);
    uxo_distribution_describe(quantity, value, sizeof value);
    return uxo_node_at(self->root, given) != NULL
               ? add_used(self, path, strdup(value), UXO_MARK_GIVEN, "layers.cleared")
               : add_used(self, path, strdup(value), UXO_MARK_DEFAULT, "built-in default: ASSUMED");
}

/* Ground classes with what they do, and where values of the file go; tasks by name, where fields of the file say more. */
static uxo_status record_surface(assembly *self)
{
    static const char effects[] = "ground.dud_rate_log_odds";
    const uxo_surface *const surface = &self->out->surface;
    const uxo_node *const classes = uxo_node_at(self->root, "layers.ground.classes");
    const uxo_node *const given = uxo_node_at(self->root, effects);
    if (classes != NULL) {
        UXO_TRY(add_given(self, "layers.ground.classes", classes, false));
    }
    for (uint32_t i = 1; i < surface->ground_count; i++) {
        char path[160];
        const uxo_node *const node = uxo_node_get(given, surface->ground[i].name);
        snprintf(path, sizeof path, "%s.%s", effects, surface->ground[i].name);
        UXO_TRY(node != NULL ? add_given(self, path, node, false)
                             : add_used(self, path, strdup("{normal: {mean: 0.3, sd: 0.4}}"), UXO_MARK_DEFAULT,
                                        "ASSUMED: no coefficient has been published"));
    }
    for (uint32_t i = 0; i < surface->task_count; i++) {
        const uxo_clearance_task *const task = &surface->task[i];
        char day[UXO_DAY_SIZE], path[160];
        uxo_day_text(task->day, day);
        snprintf(path, sizeof path, "cleared.%s.date", task->name);
        UXO_TRY(add_used(self, path, strdup(day), UXO_MARK_GIVEN, "layers.cleared"));
        UXO_TRY(record_task(self, task->name, "coverage", &task->coverage));
        UXO_TRY(record_task(self, task->name, "detection", &task->detection));
    }
    return UXO_OK;
}

/* Every number of every activity; of built-in ones the source is that of the whole list. */
static uxo_status record_activity(assembly *self, const uxo_node *activity, bool built_in)
{
    const uxo_key_row *const row = uxo_schema_find(UXO_DOCUMENT_SCENARIO, "exposure.activities");
    for (const uxo_node *node = activity->first; node != NULL; node = node->next) {
        char path[256];
        snprintf(path, sizeof path, "exposure.activities.%.64s.%.64s", activity->key, node->key);
        UXO_TRY(built_in ? add_default(self, row, path, uxo_node_print(node)) : add_given(self, path, node, false));
    }
    return UXO_OK;
}

static uxo_status record_activities(assembly *self)
{
    const uxo_node *activities;
    uxo_yaml defaults;
    if (!self->out->people.given) {
        return UXO_OK;
    }
    uxo_status status = uxo_assembly_activities(self, &activities, &defaults);
    for (const uxo_node *node = activities->first; status == UXO_OK && node != NULL; node = node->next) {
        status = record_activity(self, node, activities == defaults.root);
    }
    uxo_yaml_free(&defaults);
    return status;
}

static uxo_status record_munition(assembly *self, const uxo_munition *munition)
{
    static const char *const key[UXO_SOURCE_COUNT] = {
#define X(id, key) key,
        UXO_MUNITION_SOURCES(X)
#undef X
    };
    for (int i = 0; i < UXO_SOURCE_COUNT; i++) {
        char path[256];
        if (munition->text[i] == NULL) {
            continue;
        }
        const char *const source = munition->source[i] != NULL             ? munition->source[i]
                                   : munition->mark[i] == UXO_MARK_DEFAULT ? "built-in default"
                                                                           : munition->origin[i];
        snprintf(path, sizeof path, "munitions.%s.%s", munition->id, key[i]);
        UXO_TRY(add_used(self, path, strdup(munition->text[i]), munition->mark[i], source));
    }
    return UXO_OK;
}

static bool is_in(const uxo_mixture *mixture, uint32_t munition)
{
    for (uint32_t i = 0; i < mixture->count; i++) {
        if (mixture->munition[i] == munition) {
            return true;
        }
    }
    return false;
}

bool uxo_scenario_lists_munition(const uxo_scenario *self, uint32_t munition)
{
    for (uint32_t i = 0; i < self->strikes.count; i++) {
        if (is_in(&self->strikes.item[i].mixture, munition)) {
            return true;
        }
    }
    return false;
}

bool uxo_scenario_uses_munition(const uxo_scenario *self, uint32_t munition)
{
    return uxo_scenario_lists_munition(self, munition) ||
           (self->background.given && is_in(&self->background.strike.mixture, munition));
}

uxo_status uxo_assembly_record(assembly *self)
{
    const uxo_scenario *const out = self->out;
    UXO_TRY(record_keys(self));
    UXO_TRY(record_as_of(self));
    UXO_TRY(record_until(self));
    UXO_TRY(record_events(self));
    UXO_TRY(record_zones(self));
    UXO_TRY(record_activities(self));
    UXO_TRY(record_surface(self));
    for (uint32_t i = 0; i < out->catalogue.count; i++) {
        if (uxo_scenario_uses_munition(out, i)) {
            UXO_TRY(record_munition(self, &out->catalogue.item[i]));
        }
    }
    return uxo_assembly_inputs(self);
}
