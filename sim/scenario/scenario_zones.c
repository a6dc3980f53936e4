/* scenario_zones.c - the section layers.zones: sets of areas by a name of the user's choice. Not here: reading them (layers_zones.c). */
#include <stdlib.h>
#include <string.h>

#include "scenario_private.h"

enum { MOST_ID = 40, MOST_PATH = 128 };

/* A name that is one word in a path of the result file, in a command and in a key. */
static bool is_id(const char *id)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const size_t length = strlen(id);
    return length > 0 && length <= MOST_ID && strchr(letters, id[0]) != NULL &&
           strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}

static const char *key_text(const assembly *self, const char *id, const char *key)
{
    char path[MOST_PATH];
    snprintf(path, sizeof path, "layers.zones.%s.%s", id, key);
    return uxo_assembly_text(self, path);
}

static char *find_file(assembly *self, const char *id)
{
    char path[MOST_PATH];
    snprintf(path, sizeof path, "layers.zones.%s.file", id);
    return uxo_assembly_input(self, path, self->data_folder);
}

const uxo_node *uxo_assembly_first_zones(const assembly *self)
{
    const uxo_node *const zones = uxo_node_at(self->root, "layers.zones");
    return zones != NULL && zones->kind == UXO_NODE_MAPPING ? zones->first : NULL;
}

/* Names of sets, and files that cannot be read. */
bool uxo_assembly_check_zones(assembly *self)
{
    bool good = true;
    for (const uxo_node *node = uxo_assembly_first_zones(self); node != NULL; node = node->next) {
        if (!is_id(node->key)) {
            uxo_assembly_note(
                self, uxo_fail(self->report, UXO_ERR_DATA, &node->key_place,
                               "'%.60s' cannot name a set of zones: letters, digits, '-' and '_' can, at most %d, a "
                               "letter first",
                               node->key, (int)MOST_ID));
            good = false;
            continue;
        }
        char *const path = find_file(self, node->key);
        good = good && path != NULL;
        free(path);
    }
    return good;
}

static void read_sets(assembly *self, uxo_zone_source *source, uint32_t count)
{
    uint32_t s = 0;
    bool good = true;
    for (const uxo_node *node = uxo_assembly_first_zones(self); node != NULL && s < count; node = node->next, s++) {
        source[s].id = node->key;
        source[s].area.file = find_file(self, node->key);
        source[s].area.name_field = key_text(self, node->key, "name");
        source[s].area.status_field = key_text(self, node->key, "status");
        source[s].area.population_field = key_text(self, node->key, "population");
        good = good && source[s].area.file != NULL && uxo_node_get(node, "file") != NULL;
        if (good) {
            source[s].area.place = uxo_node_get(node, "file")->place;
        }
    }
    if (good) {
        uxo_scenario *const out = self->out;
        uxo_assembly_note(self, uxo_zones_read(&out->zones, out->crs, &out->grid, source, count, self->report));
    }
    for (s = 0; s < count; s++) {
        free((char *)(uintptr_t)source[s].area.file);
    }
}

void uxo_assembly_zones(assembly *self)
{
    uint32_t count = 0;
    if (!uxo_assembly_check_zones(self) ||
        (uxo_node_at(self->root, "layers.zones") != NULL && uxo_assembly_node(self, "layers.zones") == NULL)) {
        return;
    }
    for (const uxo_node *node = uxo_assembly_first_zones(self); node != NULL; node = node->next) {
        count++;
    }
    if (count == 0) {
        return;
    }
    uxo_zone_source *const source = calloc(count, sizeof *source);
    if (source == NULL) {
        uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory"));
        return;
    }
    read_sets(self, source, count);
    free(source);
}
