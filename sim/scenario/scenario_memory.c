/* scenario_memory.c - what a scenario takes over from the one that was read before it: layers that both say the same of, and digests of
 * files. Not here: munitions (munitions.c). */
#include <stdlib.h>
#include <string.h>

#include "scenario_private.h"

/* Everything that grid, districts, zones and population follow from; to be freed. NULL: out of memory. */
static char *print_key(const assembly *self)
{
    static const char *const part[] = {"grid", "layers.districts", "layers.zones", "layers.population"};
    char *text = NULL;
    size_t length = 0;
    bool whole = true;
    FILE *const out = open_memstream(&text, &length);
    if (out == NULL) {
        return NULL;
    }
    fprintf(out, "%s\n", self->data_folder);
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        const uxo_node *const node = uxo_node_at(self->root, part[i]);
        char *const printed = node != NULL ? uxo_node_print(node) : strdup("");
        fprintf(out, "%s\n", printed != NULL ? printed : "");
        whole = whole && printed != NULL;
        free(printed);
    }
    if (fclose(out) != 0 || !whole) {
        free(text);
        return NULL;
    }
    return text;
}

bool uxo_assembly_take_layers(assembly *self)
{
    uxo_scenario *const out = self->out, *const previous = self->previous;
    out->layers_key = print_key(self);
    if (previous == NULL || previous->layers_key == NULL || out->layers_key == NULL ||
        strcmp(previous->layers_key, out->layers_key) != 0) {
        return false;
    }
    out->crs = previous->crs;
    out->crs_text = previous->crs_text;
    out->grid = previous->grid;
    out->has_districts = previous->has_districts;
    out->districts = previous->districts;
    out->zones = previous->zones;
    out->population = previous->population;
    previous->crs = NULL;
    previous->crs_text = NULL;
    memset(&previous->districts, 0, sizeof previous->districts);
    memset(&previous->zones, 0, sizeof previous->zones);
    memset(&previous->population, 0, sizeof previous->population);
    self->layers_taken = true;
    return true;
}

bool uxo_assembly_take_people(assembly *self)
{
    uxo_people *const out = &self->out->people;
    if (!self->layers_taken || !self->previous->people.given || self->previous->people.range_m < out->range_m ||
        self->previous->people.range_m > out->range_m) {
        return false;
    }
    out->map = self->previous->people.map;
    memset(&self->previous->people.map, 0, sizeof self->previous->people.map);
    return true;
}

static bool is_of_layers(const char *role)
{
    return strcmp(role, "districts") == 0 || strcmp(role, "population") == 0 || strncmp(role, "zones.", 6) == 0;
}

uxo_status uxo_assembly_take_inputs(assembly *self, const char *role, bool *taken)
{
    uxo_scenario *const out = self->out;
    *taken = self->layers_taken && is_of_layers(role);
    for (uint32_t i = 0; *taken && i < self->previous->input_count; i++) {
        uxo_input_file *const input = &self->previous->input[i];
        if (strcmp(input->role, role) != 0) {
            continue;
        }
        uxo_input_file *const larger = realloc(out->input, (out->input_count + (size_t)1) * sizeof *larger);
        if (larger == NULL) {
            return uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
        }
        out->input = larger;
        out->input[out->input_count] = *input;
        out->input[out->input_count].role = strdup(role);
        out->input[out->input_count].name = strdup(input->name);
        out->input[out->input_count].path = strdup(input->path);
        const uxo_input_file *const copy = &out->input[out->input_count++];
        if (copy->role == NULL || copy->name == NULL || copy->path == NULL) {
            return uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
        }
    }
    return UXO_OK;
}

bool uxo_assembly_take_digest(const assembly *self, uxo_input_file *input)
{
    for (uint32_t i = 0; self->previous != NULL && i < self->previous->input_count; i++) {
        const uxo_input_file *const other = &self->previous->input[i];
        if (strcmp(other->path, input->path) == 0 && strcmp(other->role, input->role) == 0 &&
            uxo_file_stamp_same(&other->stamp, &input->stamp)) {
            input->bytes = other->bytes;
            memcpy(input->sha256, other->sha256, sizeof input->sha256);
            return true;
        }
    }
    return false;
}
