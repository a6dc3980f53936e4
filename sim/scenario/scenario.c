/* scenario.c - from a scenario file and everything it names to one const uxo_scenario. All errors that can be found in
 * one pass are found: what depends on a broken part is skipped, the rest is read. */
#include "uxosim/scenario.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "background_private.h"
#include "scenario_private.h"

void uxo_assembly_note(assembly *self, uxo_status status)
{
    static const uxo_status order[] = {UXO_OK, UXO_ERR_NOINPUT, UXO_ERR_IO, UXO_ERR_DATA, UXO_ERR_MEMORY};
    size_t old = 0, new = 3;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        old = order[i] == self->status ? i : old;
        new = order[i] == status ? i : new;
    }
    self->status = new > old ? status : self->status;
}

const uxo_node *uxo_assembly_node(const assembly *self, const char *path)
{
    const uxo_node *const node = uxo_node_at(self->root, path);
    uxo_report scratch;
    if (node == NULL) {
        return NULL;
    }
    uxo_report_init(&scratch);
    const uxo_status status = uxo_schema_check(UXO_DOCUMENT_SCENARIO, node, path, &scratch);
    uxo_report_free(&scratch);
    return status == UXO_OK ? node : NULL;
}

const char *uxo_assembly_text(const assembly *self, const char *path)
{
    const uxo_node *const node = uxo_assembly_node(self, path);
    return node != NULL ? node->text : uxo_schema_find(UXO_DOCUMENT_SCENARIO, path)->default_text;
}

double uxo_assembly_number(const assembly *self, const char *path)
{
    const char *const text = uxo_assembly_text(self, path);
    const char *why;
    double value = 0.0;
    return text != NULL && uxo_schema_number(text, &value, &why) ? value : 0.0;
}

char *uxo_assembly_join(const char *folder, const char *name)
{
    if (name[0] == '/' || folder[0] == '\0') {
        return strdup(name);
    }
    const size_t length = strlen(folder);
    const size_t room = length + strlen(name) + 2;
    char *const path = malloc(room);
    if (path != NULL) {
        snprintf(path, room, "%s%s%s", folder, folder[length - 1] == '/' ? "" : "/", name);
    }
    return path;
}

char *uxo_assembly_input(assembly *self, const char *key, const char *folder)
{
    const uxo_node *const node = uxo_assembly_node(self, key);
    if (node == NULL) {
        return NULL;
    }
    char *const path = uxo_assembly_join(folder, node->text);
    if (path == NULL) {
        uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory"));
        return NULL;
    }
    const bool of_data = strcmp(key, "munitions") != 0; /* GDAL has formats that are folders */
    struct stat status;
    errno = 0;
    const size_t length = uxo_layers_path_length(path);
    const char mark = path[length];
    path[length] = '\0'; /* of "towns.gpkg|layername=raions" the file only */
    const bool good = access(path, R_OK) == 0 && (of_data || stat(path, &status) != 0 || !S_ISDIR(status.st_mode));
    path[length] = mark;
    if (good) {
        return path;
    }
    errno = errno == 0 ? EISDIR : errno;
    uxo_assembly_note(self,
                      uxo_fail(self->report, UXO_ERR_NOINPUT, &node->place,
                               "%s: cannot read '%s': %s; the path is relative to %s", key, path, strerror(errno),
                               !of_data                                       ? "the scenario file"
                               : uxo_node_get(self->root, "data_dir") != NULL ? "data_dir"
                                                                              : "the scenario file (or to data_dir)"));
    free(path);
    return NULL;
}

static char *folder_of(const char *path)
{
    const char *const slash = strrchr(path, '/');
    return slash == NULL ? strdup("") : strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

static void read_catalogue(assembly *self)
{
    char *const path = uxo_assembly_input(self, "munitions", self->folder);
    if (path != NULL) {
        uxo_catalogue *const before = self->previous != NULL ? &self->previous->catalogue : NULL;
        uxo_assembly_note(self, uxo_catalogue_read_next(&self->out->catalogue, before, path,
                                                        uxo_assembly_node(self, "override"), self->report));
    }
    free(path);
}

static void open_crs(assembly *self)
{
    const uxo_node *const crs = uxo_assembly_node(self, "grid.crs");
    if (crs != NULL) {
        self->out->crs_text = strdup(crs->text);
        uxo_assembly_note(self, uxo_crs_open(&self->out->crs, crs->text, &crs->place, self->report));
    }
}

static void read_districts(assembly *self)
{
    uxo_scenario *const out = self->out;
    if (uxo_node_at(self->root, "layers.districts") == NULL) {
        uxo_assembly_note(self, uxo_districts_none(&out->districts, &out->grid));
        return;
    }
    char *const path = uxo_assembly_input(self, "layers.districts.file", self->data_folder);
    const uxo_node *const section = uxo_assembly_node(self, "layers.districts");
    if (path != NULL && section != NULL) {
        const uxo_area_source source = {.file = path,
                                        .name_field = uxo_assembly_text(self, "layers.districts.name"),
                                        .population_field = uxo_assembly_text(self, "layers.districts.population"),
                                        .place = uxo_node_get(section, "file")->place};
        out->has_districts = true;
        uxo_assembly_note(self, uxo_districts_read(&out->districts, out->crs, &out->grid, &source, self->report));
    }
    free(path);
}

static void read_population(assembly *self)
{
    const uxo_node *const file = uxo_assembly_node(self, "layers.population.file");
    char *const path = uxo_assembly_input(self, "layers.population.file", self->data_folder);
    if (path != NULL) {
        uxo_assembly_note(self, uxo_population_read(&self->out->population, self->out->crs, &self->out->grid, path,
                                                    &file->place, self->report));
    }
    free(path);
}

void uxo_assembly_strikes(assembly *self, const char *file, const char *text)
{
    uxo_scenario *const out = self->out;
    const uxo_node *const section = uxo_assembly_node(self, "strikes");
    if (section == NULL) {
        uxo_assembly_note(self, UXO_ERR_DATA); /* reported by the schema */
        return;
    }
    const uxo_strikes_source source = {.file = file,
                                       .place = uxo_node_get(section, "file")->place,
                                       .defaults = uxo_node_get(section, "defaults"),
                                       .displacement = uxo_node_get(section, "displacement"),
                                       .events = uxo_node_get(section, "events"),
                                       .as_of_day = out->as_of_day,
                                       .today = uxo_assembly_today(),
                                       .seed = out->seed};
    const uxo_status status =
        text != NULL ? uxo_strikes_read_text(&out->strikes, &source, text, strlen(text), out->crs, &out->grid,
                                             &out->catalogue, self->report)
                     : uxo_strikes_read(&out->strikes, &source, out->crs, &out->grid, &out->catalogue, self->report);
    uxo_assembly_note(self, status);
    if (out->as_of_day == UXO_NO_DATE && status == UXO_OK) {
        out->as_of_day = out->strikes.newest_day;
    }
}

static void read_strikes(assembly *self)
{
    char *const path = uxo_assembly_input(self, "strikes.file", self->data_folder);
    if (path != NULL && self->out->catalogue.count > 0) {
        uxo_assembly_strikes(self, path, NULL);
    }
    free(path);
}

void uxo_assembly_sections(assembly *self)
{
    const uxo_node *const section = uxo_assembly_node(self, "background");
    if (section != NULL) {
        uxo_assembly_note(self, background_read(&self->out->background, section, &self->out->grid,
                                                &self->out->catalogue, self->report));
    }
}

/* Missing files are reported even where a broken grid or catalogue keeps us from reading the others. */
static void find_inputs(assembly *self)
{
    static const char *const key[] = {"layers.districts.file", "layers.population.file", "layers.ground.file",
                                      "layers.cleared.file", "strikes.file"};
    for (size_t i = 0; i < sizeof key / sizeof *key; i++) {
        free(uxo_assembly_input(self, key[i], self->data_folder));
    }
    (void)uxo_assembly_check_zones(self);
}

/* The grid, and what lies on it whatever happened there. False: there is no grid. */
static bool read_layers(assembly *self)
{
    uxo_scenario *const out = self->out;
    if (uxo_assembly_take_layers(self)) {
        return true;
    }
    open_crs(self);
    if (out->crs == NULL || uxo_assembly_grid(self) != UXO_OK) {
        return false;
    }
    read_districts(self);
    uxo_assembly_zones(self);
    read_population(self);
    uxo_districts_count_people(&out->districts, &out->grid, &out->population);
    if (!uxo_zones_count_people(&out->zones, &out->population)) {
        uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory for zones"));
    }
    return true;
}

static void assemble(assembly *self)
{
    uxo_scenario *const out = self->out;
    uxo_assembly_run(self);
    uxo_assembly_output(self);
    read_catalogue(self);
    const bool catalogue_good = out->catalogue.count > 0 && self->status != UXO_ERR_MEMORY;
    if (!read_layers(self)) {
        find_inputs(self);
        return;
    }
    uxo_assembly_theatre(self);
    if (catalogue_good) {
        read_strikes(self);
        uxo_assembly_sections(self);
    } else {
        free(uxo_assembly_input(self, "strikes.file", self->data_folder));
    }
    uxo_assembly_surface(self);
    uxo_assembly_people(self);
}

static uxo_status finish(assembly *self)
{
    if (self->status == UXO_OK) {
        uxo_assembly_note(self, uxo_assembly_campaign(self));
    }
    if (self->status == UXO_OK) {
        uxo_assembly_note(self, uxo_assembly_record(self));
    }
    return self->status;
}

uxo_status uxo_assembly_apply_sets(uxo_yaml *yaml, const char *const *sets, size_t count, uxo_report *report)
{
    const size_t errors_before = report->error_count;
    for (size_t i = 0; i < count; i++) {
        (void)!uxo_yaml_set(yaml, sets[i], report);
    }
    return uxo_report_status(report, errors_before);
}

/* Writes a --set argument without anything about this machine: of an absolute path only its last part stays. */
static void write_portable(FILE *out, const char *set)
{
    const char *const value = strchr(set, '=');
    for (const char *at = set; *at != '\0'; at++) {
        const bool begins = at > set && *at == '/' && strchr("= ,:{[\"'", at[-1]) != NULL;
        if (!begins) {
            fputc(*at == '\n' ? ' ' : *at, out); /* the same to YAML in flow style; one argument stays one line */
            continue;
        }
        const size_t length = value != NULL && at == value + 1 ? strlen(at) : strcspn(at, " ,}]\"'");
        size_t last = length;
        while (last > 0 && at[last - 1] != '/') {
            last--;
        }
        fprintf(out, ".../%.*s", (int)(length - last), at + last);
        at += length - 1;
    }
    fputc('\n', out);
}

static char *join_sets(const char *const *sets, size_t count)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    if (out == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        write_portable(out, sets[i]);
    }
    fclose(out);
    return text;
}

static uxo_status read_tree(uxo_scenario *out, uxo_scenario *previous, uxo_yaml *yaml, const char *path,
                            const char *const *sets, size_t set_count, uxo_report *report)
{
    assembly self = {.out = out, .previous = previous, .root = yaml->root, .report = report};
    out->scenario_text = strndup(yaml->text, yaml->length);
    out->overrides_text = join_sets(sets, set_count);
    uxo_assembly_note(&self, uxo_assembly_apply_sets(yaml, sets, set_count, report));
    uxo_assembly_note(&self, uxo_schema_check(UXO_DOCUMENT_SCENARIO, yaml->root, "", report));
    out->given_text = uxo_assembly_given(yaml->root);
    self.file = strdup(path);
    self.folder = folder_of(path);
    const uxo_node *const data_dir = uxo_assembly_node(&self, "data_dir");
    if (self.folder != NULL) {
        self.data_folder = data_dir != NULL ? uxo_assembly_join(self.folder, data_dir->text) : strdup(self.folder);
    }
    out->title = strdup(uxo_assembly_text(&self, "title"));
    if (self.file == NULL || self.data_folder == NULL || out->title == NULL || out->scenario_text == NULL ||
        out->overrides_text == NULL || out->given_text == NULL) {
        self.status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory while reading %s", path);
    } else {
        assemble(&self);
        self.status = finish(&self);
    }
    uxo_open_file_close(&self.districts);
    free(self.file);
    free(self.folder);
    free(self.data_folder);
    return self.status;
}

uxo_status uxo_scenario_read(uxo_scenario *self, const char *path, const char *const *sets, size_t set_count,
                             uxo_report *report)
{
    return uxo_scenario_read_next(self, NULL, path, sets, set_count, report);
}

uxo_status uxo_scenario_read_next(uxo_scenario *self, uxo_scenario *previous, const char *path, const char *const *sets,
                                  size_t set_count, uxo_report *report)
{
    uxo_yaml yaml;
    memset(self, 0, sizeof *self);
    uxo_status status = uxo_yaml_read_file(&yaml, path, report);
    if (status == UXO_OK) {
        status = read_tree(self, previous, &yaml, path, sets, set_count, report);
    }
    uxo_yaml_free(&yaml);
    return status;
}

static void free_record(uxo_scenario *self)
{
    for (uint32_t i = 0; i < self->used_count; i++) {
        free(self->used[i].path);
        free(self->used[i].value);
        free(self->used[i].source);
    }
    for (uint32_t i = 0; i < self->input_count; i++) {
        free(self->input[i].role);
        free(self->input[i].name);
        free(self->input[i].path);
    }
    free(self->used);
    free(self->input);
}

void uxo_scenario_free(uxo_scenario *self)
{
    for (uint32_t i = 0; i < self->layer_count; i++) {
        free(self->layer[i]);
    }
    free(self->layer);
    free(self->map_quantile);
    free(self->threshold_per_ha);
    free_record(self);
    free(self->campaign);
    uxo_strikes_free(&self->strikes);
    uxo_population_free(&self->population);
    uxo_surface_free(&self->surface);
    uxo_zones_free(&self->zones);
    uxo_people_free(&self->people);
    uxo_districts_free(&self->districts);
    uxo_catalogue_free(&self->catalogue);
    uxo_crs_free(self->crs);
    free(self->title);
    free(self->scenario_text);
    free(self->overrides_text);
    free(self->given_text);
    free(self->crs_text);
    free(self->layers_key);
    memset(self, 0, sizeof *self);
}
