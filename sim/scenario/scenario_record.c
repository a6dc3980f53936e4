/* scenario_record.c - what a result must be able to say about itself: every value used with its mark and source, every
 * input file with its SHA-256. Nothing here depends on the machine: no absolute paths, times or hosts.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "scenario_private.h"
#include "uxosim/calendar.h"
#include "uxosim/digest.h"
#include "uxosim/path.h"

/* The name of an input as the scenario writes it; of an absolute path only the last part, after "...". */
static char *portable_name(const char *name)
{
    const size_t room = strlen(name) + 5;
    char *const copy = malloc(room);
    if (copy != NULL) {
        snprintf(copy, room, "%s%s", name[0] == '/' ? ".../" : "", name[0] == '/' ? uxo_path_name(name) : name);
    }
    return copy;
}

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
    return add_used(self, path, is_path && node->text != NULL ? portable_name(node->text) : uxo_node_print(node),
                    set ? UXO_MARK_OVERRIDE : UXO_MARK_GIVEN, set ? "--set" : source);
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
    if (strcmp(row->path, "run.until.max_realisations") == 0) {
        return self->out->until.given;
    }
    const bool of_maps =
        strcmp(row->path, "output.quantiles") == 0 || strcmp(row->path, "output.density_thresholds_per_ha") == 0;
    return !of_maps || self->out->estimator == UXO_ESTIMATOR_EXPECTED_VALUE;
}

static bool is_leaf(const uxo_key_row *row)
{
    const bool of_location = strstr(row->path, "location_error.") != NULL;
    return row->type != UXO_TYPE_SECTION && row->type != UXO_TYPE_OPEN && strchr(row->path, '*') == NULL &&
           !of_location;
}

static uxo_status record_keys(assembly *self)
{
    size_t count;
    const uxo_key_row *const rows = uxo_schema_rows(UXO_DOCUMENT_SCENARIO, &count);
    for (size_t i = 0; i < count; i++) {
        const uxo_node *const node = uxo_node_at(self->root, rows[i].path);
        if (!is_leaf(&rows[i])) {
            continue;
        }
        if (node != NULL) {
            UXO_TRY(add_given(self, rows[i].path, node, rows[i].type == UXO_TYPE_PATH));
        } else if (default_applies(self, &rows[i])) {
            UXO_TRY(add_used(self, rows[i].path, strdup(rows[i].default_text), UXO_MARK_DEFAULT, "built-in default"));
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

static bool is_used(const uxo_scenario *scenario, uint32_t munition)
{
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        const uxo_mixture *const mixture = &scenario->strikes.item[i].mixture;
        for (uint32_t k = 0; k < mixture->count; k++) {
            if (mixture->munition[k] == munition) {
                return true;
            }
        }
    }
    return false;
}

static uxo_status add_input(assembly *self, const char *role, const char *name, const char *path)
{
    uxo_scenario *const out = self->out;
    uxo_input_file *const larger = realloc(out->input, (out->input_count + (size_t)1) * sizeof *larger);
    if (larger == NULL) {
        return uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    out->input = larger;
    uxo_input_file *const input = &larger[out->input_count++];
    *input = (uxo_input_file){.role = strdup(role), .name = portable_name(name)};
    if (input->role == NULL || input->name == NULL) {
        return uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    if (path == NULL) { /* the scenario itself, as it was read */
        input->bytes = strlen(out->scenario_text);
        (void)uxo_digest_bytes(out->scenario_text, (size_t)input->bytes, input->sha256);
        return UXO_OK;
    }
    if (!uxo_digest_file(path, &input->bytes, input->sha256)) {
        const uxo_place place = {.file = path};
        return uxo_fail(self->report, UXO_ERR_NOINPUT, &place, "cannot be read");
    }
    return UXO_OK;
}

/* Files that belong to the named one, by the ending that the formats prescribe. A shapefile is several files. */
static uxo_status add_companions(assembly *self, const char *role, const char *name, const char *path)
{
    static const char *const instead[] = {".shx", ".dbf", ".prj", ".cpg", ".qpj", ".tfw", ".tifw",
                                          ".wld", ".aux", ".mid", ".dat", ".map", ".id",  ".csvt",
                                          ".hdr", ".SHX", ".DBF", ".PRJ", ".CPG"};
    static const char *const beside[] = {".aux.xml", ".msk", ".ovr"};
    char other[4096], other_name[4096];
    const char *const dot = strrchr(uxo_path_name(path), '.'), *const name_dot = strrchr(uxo_path_name(name), '.');
    for (size_t i = 0; i < sizeof instead / sizeof *instead + sizeof beside / sizeof *beside; i++) {
        const size_t plain = sizeof instead / sizeof *instead;
        const bool replace = i < plain;
        const char *const ending = replace ? instead[i] : beside[i - plain];
        if (replace && (dot == NULL || name_dot == NULL || strcmp(dot, ending) == 0)) {
            continue;
        }
        const int stem = replace ? (int)(dot - path) : (int)strlen(path);
        const int name_stem = replace ? (int)(name_dot - name) : (int)strlen(name);
        const int length = snprintf(other, sizeof other, "%.*s%s", stem, path, ending);
        const int name_length = snprintf(other_name, sizeof other_name, "%.*s%s", name_stem, name, ending);
        struct stat status;
        if (length < (int)sizeof other && name_length < (int)sizeof other_name && stat(other, &status) == 0 &&
            S_ISREG(status.st_mode)) {
            UXO_TRY(add_input(self, role, other_name, other));
        }
    }
    return UXO_OK;
}

/* A format that is a folder: its files in the order of their names. */
static uxo_status add_folder(assembly *self, const char *role, const char *name, const char *path)
{
    struct dirent **entry = NULL;
    const int count = scandir(path, &entry, NULL, alphasort);
    uxo_status status = UXO_OK;
    for (int i = 0; i < count; i++) {
        char *const file = uxo_assembly_join(path, entry[i]->d_name), *const file_name =
                                                                          uxo_assembly_join(name, entry[i]->d_name);
        struct stat information;
        if (status == UXO_OK && file != NULL && file_name != NULL && stat(file, &information) == 0 &&
            S_ISREG(information.st_mode)) {
            status = add_input(self, role, file_name, file);
        }
        free(file);
        free(file_name);
        free(entry[i]);
    }
    free(entry);
    return status;
}

static uxo_status record_input(assembly *self, const char *role, const char *key, const char *folder)
{
    const uxo_node *const node = uxo_assembly_node(self, key);
    struct stat status;
    if (node == NULL) {
        return UXO_OK;
    }
    char *const path = uxo_assembly_join(folder, node->text);
    uxo_status result = path == NULL ? uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory") : UXO_OK;
    if (path != NULL) {
        path[uxo_layers_path_length(path)] = '\0'; /* the layer is part of the name, not of the file */
    }
    if (path != NULL && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        result = add_folder(self, role, node->text, path);
    } else if (path != NULL) {
        result = add_input(self, role, node->text, path);
        result = result == UXO_OK ? add_companions(self, role, node->text, path) : result;
    }
    free(path);
    return result;
}

uxo_status uxo_assembly_record(assembly *self)
{
    const uxo_scenario *const out = self->out;
    UXO_TRY(record_keys(self));
    UXO_TRY(record_as_of(self));
    UXO_TRY(record_until(self));
    UXO_TRY(record_events(self));
    for (uint32_t i = 0; i < out->catalogue.count; i++) {
        if (is_used(out, i)) {
            UXO_TRY(record_munition(self, &out->catalogue.item[i]));
        }
    }
    UXO_TRY(add_input(self, "scenario", uxo_path_name(self->file), NULL));
    UXO_TRY(record_input(self, "munitions", "munitions", self->folder));
    UXO_TRY(record_input(self, "strikes", "strikes.file", self->data_folder));
    UXO_TRY(record_input(self, "districts", "layers.districts.file", self->data_folder));
    return record_input(self, "population", "layers.population.file", self->data_folder);
}
