/* scenario_inputs.c - the record of input files: names without anything of this machine, sizes, SHA-256. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "scenario_private.h"
#include "uxosim/digest.h"
#include "uxosim/path.h"

char *uxo_assembly_portable_name(const char *name)
{
    const size_t room = strlen(name) + 5;
    char *const copy = malloc(room);
    if (copy != NULL) {
        snprintf(copy, room, "%s%s", name[0] == '/' ? ".../" : "", name[0] == '/' ? uxo_path_name(name) : name);
    }
    return copy;
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
    const char *const where = path != NULL ? path : self->file;
    *input = (uxo_input_file){.role = strdup(role), .name = uxo_assembly_portable_name(name), .path = strdup(where)};
    if (input->role == NULL || input->name == NULL || input->path == NULL) {
        return uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    if (path == NULL) { /* the scenario itself, as it was read */
        input->bytes = strlen(out->scenario_text);
        (void)uxo_digest_bytes(out->scenario_text, (size_t)input->bytes, input->sha256);
        return UXO_OK;
    }
    /* The stamp first: what is written while the file is digested, or since the scenario before this one, is seen by the next. */
    if (!uxo_file_stamp_of(path, &input->stamp) ||
        (!uxo_assembly_take_digest(self, input) && !uxo_digest_file(path, &input->bytes, input->sha256))) {
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

/* The name of a file that GDAL found by way of another one: from the same folder on, where it is there or below. */
static char *found_name(const char *path, const char *from_path, const char *from_name)
{
    const size_t folder = (size_t)(uxo_path_name(from_path) - from_path);
    const size_t name_folder = (size_t)(uxo_path_name(from_name) - from_name);
    if (from_name[0] == '/' || strncmp(path, from_path, folder) != 0 || path[folder] == '/') {
        return strdup(path);
    }
    const size_t room = name_folder + strlen(path + folder) + 1;
    char *const name = malloc(room);
    if (name != NULL) {
        snprintf(name, room, "%.*s%s", (int)name_folder, from_name, path + folder);
    }
    return name;
}

/* What GDAL reads besides, such as the sources of a VRT. */
static uxo_status add_found(assembly *self, const char *role, const char *name, const char *path)
{
    uxo_file_list files;
    UXO_TRY(uxo_layers_files(&files, path, NULL, self->report));
    uxo_status status = UXO_OK;
    for (size_t i = 1; i < files.count && status == UXO_OK; i++) {
        struct stat information;
        if (stat(files.path[i], &information) != 0 || !S_ISREG(information.st_mode) ||
            uxo_scenario_input_at(self->out, files.path[i]) != NULL) {
            continue;
        }
        char *const found = found_name(files.path[i], path, name);
        status = found != NULL ? add_input(self, role, found, files.path[i])
                               : uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory");
        free(found);
    }
    uxo_file_list_free(&files);
    return status;
}

static uxo_status record_input(assembly *self, const char *role, const char *key, const char *folder)
{
    const uxo_node *const node = uxo_assembly_node(self, key);
    struct stat status;
    bool taken = false;
    if (node == NULL) {
        return UXO_OK;
    }
    UXO_TRY(uxo_assembly_take_inputs(self, role, &taken));
    if (taken) {
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
        const bool by_gdal =
            strncmp(key, "layers.", 7) == 0 || (strcmp(key, "strikes.file") == 0 && !uxo_strikes_is_csv(path));
        result = result == UXO_OK && by_gdal ? add_found(self, role, node->text, path) : result;
    }
    free(path);
    return result;
}

uxo_status uxo_assembly_inputs(assembly *self)
{
    UXO_TRY(add_input(self, "scenario", uxo_path_name(self->file), NULL));
    UXO_TRY(record_input(self, "munitions", "munitions", self->folder));
    UXO_TRY(record_input(self, "strikes", "strikes.file", self->data_folder));
    UXO_TRY(record_input(self, "districts", "layers.districts.file", self->data_folder));
    for (const uxo_node *node = uxo_assembly_first_zones(self); node != NULL; node = node->next) {
        char role[64], key[128];
        snprintf(role, sizeof role, "zones.%s", node->key);
        snprintf(key, sizeof key, "layers.zones.%s.file", node->key);
        UXO_TRY(record_input(self, role, key, self->data_folder));
    }
    UXO_TRY(record_input(self, "population", "layers.population.file", self->data_folder));
    UXO_TRY(record_input(self, "ground", "layers.ground.file", self->data_folder));
    return record_input(self, "cleared", "layers.cleared.file", self->data_folder);
}

const uxo_input_file *uxo_scenario_input_at(const uxo_scenario *self, const char *path)
{
    struct stat wanted, found;
    if (stat(path, &wanted) != 0) {
        return NULL;
    }
    for (uint32_t i = 0; i < self->input_count; i++) {
        if (stat(self->input[i].path, &found) == 0 && found.st_dev == wanted.st_dev && found.st_ino == wanted.st_ino) {
            return &self->input[i];
        }
    }
    return NULL;
}
