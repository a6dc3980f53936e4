/* scenario_people.c - the sections `exposure` and `risk`, or their defaults, where there is a population to be exposed. */
#include <stdlib.h>
#include <string.h>

#include "scenario_private.h"
#include "uxosim/distribution.h"

/* A value: what the scenario says, or the schema's default. */
static void read_quantity(assembly *self, const uxo_node *node, const uxo_key_row *row, uxo_quantity *out)
{
    uxo_yaml yaml = {.root = NULL};
    uxo_status status = UXO_OK;
    if (node == NULL) {
        status = uxo_yaml_read_text(&yaml, row->path, row->default_text, strlen(row->default_text), 1, 1, self->report);
        node = yaml.root;
    }
    *out = uxo_quantity_constant(0.0);
    if (status == UXO_OK && node != NULL) {
        status = uxo_distribution_read(node, row, out, self->report);
    }
    uxo_assembly_note(self, status);
    uxo_yaml_free(&yaml);
}

/* Bits of the classes that an activity is done on. */
static uint64_t read_classes(assembly *self, const uxo_node *list)
{
    const uxo_surface *const surface = &self->out->surface;
    uint64_t classes = 0;
    if (list == NULL || list->kind != UXO_NODE_SEQUENCE) {
        return UINT64_MAX;
    }
    for (const uxo_node *item = list->first; item != NULL; item = item->next) {
        uint32_t found = 0;
        while (found < surface->ground_count && strcmp(surface->ground[found].name, item->text) != 0) {
            found++;
        }
        if (found < surface->ground_count && found < UXO_MOST_GROUND_CLASSES) {
            classes |= UINT64_C(1) << found;
            continue;
        }
        uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_DATA, &item->place,
                                         surface->ground_count > 0
                                             ? "there is no ground class '%.60s' in layers.ground"
                                             : "'%.60s' would be a class of layers.ground, which is not given",
                                         item->text));
    }
    return classes;
}

static void read_activity(assembly *self, const uxo_node *node, uxo_activity *out)
{
    static const char at[] = "exposure.activities.*.";
    char path[64];
    const size_t length = strlen(node->key);
    if (length == 0 || length >= UXO_ID_SIZE ||
        strspn(node->key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != length) {
        uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_DATA, &node->key_place,
                                         "'%.80s' cannot be an activity's name; letters, digits, hyphens and "
                                         "underscores, at most %d",
                                         node->key, UXO_ID_SIZE - 1));
        return;
    }
    memcpy(out->name, node->key, length);
    snprintf(path, sizeof path, "%sparticipation", at);
    read_quantity(self, uxo_node_get(node, "participation"), uxo_schema_find(UXO_DOCUMENT_SCENARIO, path),
                  &out->participation);
    snprintf(path, sizeof path, "%sground_m2_per_person_year", at);
    read_quantity(self, uxo_node_get(node, "ground_m2_per_person_year"), uxo_schema_find(UXO_DOCUMENT_SCENARIO, path),
                  &out->ground_m2_per_person_year);
    out->classes = read_classes(self, uxo_node_get(node, "classes"));
    self->out->people.by_class = self->out->people.by_class || out->classes != UINT64_MAX;
}

static void read_activities(assembly *self, const uxo_node *activities)
{
    uxo_people *const people = &self->out->people;
    people->activity = calloc((size_t)activities->count + 1, sizeof *people->activity);
    if (people->activity == NULL) {
        uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory"));
        return;
    }
    for (const uxo_node *node = activities->first; node != NULL; node = node->next) {
        read_activity(self, node, &people->activity[people->activity_count++]);
    }
}

uxo_status uxo_assembly_activities(assembly *self, const uxo_node **activities, uxo_yaml *defaults)
{
    static const char path[] = "exposure.activities";
    memset(defaults, 0, sizeof *defaults);
    *activities = uxo_node_at(self->root, path);
    if (*activities != NULL) {
        return UXO_OK;
    }
    const char *const text = uxo_schema_find(UXO_DOCUMENT_SCENARIO, path)->default_text;
    UXO_TRY(uxo_yaml_read_text(defaults, path, text, strlen(text), 1, 1, self->report));
    *activities = defaults->root;
    return UXO_OK;
}

/* Given without anybody to apply it to. */
static void warn_of_nobody(assembly *self)
{
    static const char *const section[] = {"exposure", "risk"};
    for (size_t i = 0; i < sizeof section / sizeof *section; i++) {
        const uxo_node *const node = uxo_node_get(self->root, section[i]);
        if (node != NULL) {
            uxo_report_add(self->report, UXO_WARNING, &node->key_place,
                           "'%s' is of no use without layers.population: no accidents are computed", section[i]);
        }
    }
}

/* A section that is there has to be sound before anything of it is read; what is wrong has been reported. */
static bool is_sound(const assembly *self, const char *section)
{
    return uxo_node_get(self->root, section) == NULL || uxo_assembly_node(self, section) != NULL;
}

void uxo_assembly_people(assembly *self)
{
    uxo_people *const people = &self->out->people;
    const uxo_node *activities;
    uxo_yaml defaults;
    if (uxo_node_at(self->root, "layers.population") == NULL) {
        warn_of_nobody(self);
        return;
    }
    if (!is_sound(self, "exposure") || !is_sound(self, "risk") || !uxo_population_given(&self->out->population)) {
        return;
    }
    for (int i = 0; i < UXO_PEOPLE_QUANTITY_COUNT; i++) {
        const char *const key = uxo_people_key((uxo_people_quantity)i);
        read_quantity(self, uxo_node_at(self->root, key), uxo_schema_find(UXO_DOCUMENT_SCENARIO, key),
                      &people->quantity[i]);
    }
    const uxo_status status = uxo_assembly_activities(self, &activities, &defaults);
    uxo_assembly_note(self, status);
    if (status == UXO_OK) {
        read_activities(self, activities);
    }
    uxo_yaml_free(&defaults);
    people->range_m = uxo_assembly_number(self, "exposure.range_m");
    people->class_count = self->out->surface.ground_count > 0 ? self->out->surface.ground_count : 1;
    people->given = true;
    if (uxo_assembly_take_people(self)) {
        return;
    }
    if (!uxo_people_map_init(&people->map, &self->out->grid, &self->out->population, people->range_m)) {
        uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory for the map of people"));
    }
}
