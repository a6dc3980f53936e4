/* sweep_folder.c - what a plan was made of: see sweep_folder.h. Not here: plan.json as text (sweep_folder_file.c), plan.csv (sweep_plan.c). */
#include "sweep_folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sweep_origin.h"
#include "text_output.h"
#include "uxosim/library_versions.h"
#include "uxosim/records.h"
#include "uxosim_build_info.h"

/* What lines of the identity are about. */
#define OF_SWEEP "sweep"
#define OF_BASE "scenario"

static uxo_status out_of_memory(uxo_report *report)
{
    return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a sweep");
}

char *sweep_folder_join(const char *folder, const char *name)
{
    const size_t room = strlen(folder) + strlen(name) + 2;
    char *const path = malloc(room);
    if (path != NULL) {
        const bool whole = name[0] == '/' || folder[0] == '\0';
        const bool ends = whole || folder[strlen(folder) - 1] == '/';
        snprintf(path, room, "%s%s%s", whole ? "" : folder, ends ? "" : "/", name);
    }
    return path;
}

uxo_status sweep_folder_init(sweep_folder *self, const char *path, const uxo_sweep *sweep, uxo_report *report)
{
    memset(self, 0, sizeof *self);
    self->path = strdup(path);
    self->sweep_path = strdup(sweep->path);
    self->tasks = uxo_sweep_scenarios(sweep);
    return self->path != NULL && self->sweep_path != NULL &&
                   uxo_digest_bytes(sweep->text, strlen(sweep->text), self->sweep_sha256)
               ? UXO_OK
               : out_of_memory(report);
}

static bool has_input(const sweep_folder *self, const uxo_input_file *input)
{
    bool found = false;
    for (uint32_t i = 0; i < self->input_count; i++) {
        found =
            found || (strcmp(self->input[i].role, input->role) == 0 && strcmp(self->input[i].name, input->name) == 0 &&
                      strcmp(self->input[i].sha256, input->sha256) == 0);
    }
    return found;
}

uxo_status sweep_folder_add_inputs(sweep_folder *self, const uxo_scenario *scenario, uxo_report *report)
{
    for (uint32_t i = 0; i < scenario->input_count; i++) {
        const uxo_input_file *const input = &scenario->input[i];
        if (has_input(self, input)) {
            continue;
        }
        uxo_input_file *const larger = realloc(self->input, (self->input_count + (size_t)1) * sizeof *larger);
        if (larger == NULL) {
            return out_of_memory(report);
        }
        self->input = larger;
        uxo_input_file *const copy = &larger[self->input_count++];
        *copy = *input;
        copy->role = strdup(input->role);
        copy->name = strdup(input->name);
        copy->path = strdup(input->path);
        if (copy->role == NULL || copy->name == NULL || copy->path == NULL) {
            return out_of_memory(report);
        }
    }
    return UXO_OK;
}

/* What the sweep file and its base say, key by key. */
static uxo_status write_origins(FILE *out, const uxo_sweep *sweep, uxo_report *report)
{
    uxo_yaml yaml;
    uxo_status status = uxo_yaml_read_text(&yaml, sweep->path, sweep->text, strlen(sweep->text), 1, 1, report);
    if (status == UXO_OK && !sweep_origin_write(out, OF_SWEEP, yaml.root)) {
        status = out_of_memory(report);
    }
    uxo_yaml_free(&yaml);
    UXO_TRY(status);
    status = uxo_yaml_read_file(&yaml, sweep->base, report);
    if (status == UXO_OK && !sweep_origin_write(out, OF_BASE, yaml.root)) {
        status = out_of_memory(report);
    }
    uxo_yaml_free(&yaml);
    return status;
}

void sweep_folder_input_line(const sweep_folder *self, uint32_t input, char *name, size_t size)
{
    text_fit(name, size, "input %u, %s: %s", input + 1, self->input[input].role, self->input[input].name);
    for (char *at = name; *at != '\0';
         at++) { /* tabs and ends of lines have a meaning there; numbers tell names apart */
        *at = (unsigned char)*at < ' ' || *at == 0x7F ? ' ' : *at;
    }
}

uxo_status sweep_folder_identify(sweep_folder *self, const uxo_sweep *sweep, uxo_report *report)
{
    char line[1024];
    size_t length = 0;
    FILE *const out = open_memstream(&self->identity, &length);
    if (out == NULL) {
        return out_of_memory(report);
    }
    fprintf(out, "uxosim\t%s (%s)\n", UXOSIM_VERSION, UXOSIM_COMMIT);
    uxo_library_version version[UXO_LIBRARIES_MOST];
    const uint32_t libraries = uxo_library_versions(version);
    for (uint32_t i = 0; i < libraries; i++) {
        fprintf(out, "%s\t%s\n", version[i].name, version[i].text);
    }
    const uxo_status status = write_origins(out, sweep, report);
    fprintf(out, SWEEP_TEXT_LINE "\t%s\n", self->sweep_sha256);
    for (uint32_t i = 0; i < self->input_count; i++) {
        sweep_folder_input_line(self, i, line, sizeof line);
        fprintf(out, "%s\t%s\n", line, self->input[i].sha256);
    }
    const bool good = fclose(out) == 0 && uxo_digest_bytes(self->identity, strlen(self->identity), self->digest);
    return status != UXO_OK ? status : good ? UXO_OK : out_of_memory(report);
}

/* Machines of a cluster may have other modules than the one where the sweep was planned. No failure of a task: of where it is run. */
static uxo_status check_libraries(const sweep_folder *self, uxo_report *report)
{
    uxo_library_version version[UXO_LIBRARIES_MOST];
    const uint32_t libraries = uxo_library_versions(version);
    for (uint32_t i = 0; i < libraries; i++) {
        char planned[sizeof version->text] = "none";
        (void)!uxo_records_value(self->identity, version[i].name, planned, sizeof planned);
        if (strcmp(planned, version[i].text) != 0) {
            return uxo_fail(report, UXO_ERR_CANTCREATE, NULL,
                            "%s is %s here, and the sweep was planned with %s: all of a sweep is done with the same "
                            "libraries; use those (the same modules or image), or plan it again, into another folder",
                            version[i].name, version[i].text, planned);
        }
    }
    return UXO_OK;
}

uxo_status sweep_folder_knows(const sweep_folder *self, const uxo_scenario *scenario, uxo_report *report)
{
    UXO_TRY(check_libraries(self, report));
    for (uint32_t i = 0; i < scenario->input_count; i++) {
        if (!has_input(self, &scenario->input[i])) {
            return uxo_fail(report, UXO_ERR_DATA, NULL, "the input '%s' (%s) is not what the plan was made with",
                            scenario->input[i].path, scenario->input[i].role);
        }
    }
    return UXO_OK;
}

/* A file of keys that has changed: which of them differ. */
static uxo_status tell_changes(const sweep_folder *self, const char *path, const char *what, const uxo_node *root,
                               uxo_report *report)
{
    char *now = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&now, &length);
    const bool written = out != NULL && sweep_origin_write(out, what, root);
    if (out == NULL || fclose(out) != 0 || !written) {
        free(now);
        return out_of_memory(report);
    }
    const size_t differences = sweep_origin_compare(path, what, self->identity, now, report);
    free(now);
    uxo_report_add(report, UXO_ERROR, NULL,
                   differences > 0
                       ? "'%s' has changed since the sweep was planned: put it back as it was, or plan it again, into "
                         "another folder"
                       : "'%s' has changed since the sweep was planned, in comments, layout or order only: put it back "
                         "as it was, or plan it again, into another folder",
                   path);
    return UXO_OK;
}

static uxo_status not_there(const char *path, const char *role, uxo_report *report)
{
    return uxo_fail(report, UXO_ERR_NOINPUT, NULL,
                    "'%s' (%s) cannot be read any more: %s; put it back where it was when the sweep was planned", path,
                    role, strerror(errno));
}

static uxo_status verify_sweep(const sweep_folder *self, uxo_sweep *sweep, uxo_report *report)
{
    char digest[UXO_DIGEST_SIZE];
    uxo_yaml yaml;
    if (access(self->sweep_path, R_OK) != 0) {
        return uxo_fail(report, UXO_ERR_NOINPUT, NULL,
                        "the sweep file is not at '%s', where the plan in '%s' has it: %s; put it back, or say with "
                        "--sweep FILE where it is now (inputs are looked for from there)",
                        self->sweep_path, self->path, strerror(errno));
    }
    UXO_TRY(uxo_yaml_read_file(&yaml, self->sweep_path, report));
    uxo_status status = uxo_digest_bytes(yaml.text, yaml.length, digest) ? UXO_OK : out_of_memory(report);
    if (status == UXO_OK && strcmp(digest, self->sweep_sha256) != 0) {
        status = tell_changes(self, self->sweep_path, OF_SWEEP, yaml.root, report);
        status = status == UXO_OK ? UXO_ERR_DATA : status;
    }
    uxo_yaml_free(&yaml);
    UXO_TRY(status);
    uxo_report own; /* warnings were given by `plan` */
    uxo_report_init(&own);
    status = uxo_sweep_read(sweep, self->sweep_path, &own);
    for (size_t i = 0; i < own.count; i++) {
        if (own.item[i].severity == UXO_ERROR) {
            uxo_report_add(report, UXO_ERROR, &own.item[i].place, "%s", own.item[i].text);
        }
    }
    uxo_report_free(&own);
    return status;
}

static uxo_status verify_input(const sweep_folder *self, const uxo_input_file *input, uxo_report *report)
{
    char digest[UXO_DIGEST_SIZE];
    uint64_t bytes;
    uxo_yaml yaml;
    errno = 0;
    if (!uxo_digest_file(input->path, &bytes, digest)) {
        return not_there(input->path, input->role, report);
    }
    if (strcmp(digest, input->sha256) == 0) {
        return UXO_OK;
    }
    if (strcmp(input->role, "scenario") != 0) {
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        "'%s' (%s) has changed since the sweep was planned: put it back as it was, or plan it again, "
                        "into another folder",
                        input->path, input->role);
    }
    uxo_status status = uxo_yaml_read_file(&yaml, input->path, report);
    status = status == UXO_OK ? tell_changes(self, input->path, OF_BASE, yaml.root, report) : status;
    uxo_yaml_free(&yaml);
    return status == UXO_OK ? UXO_ERR_DATA : status;
}

uxo_status sweep_folder_verify(const sweep_folder *self, uxo_sweep *sweep, uxo_report *report)
{
    uxo_status worst = verify_sweep(self, sweep, report);
    if (worst == UXO_ERR_NOINPUT) {
        return worst; /* then the others are not where they were, either */
    }
    for (uint32_t i = 0; i < self->input_count; i++) {
        const uxo_status status = verify_input(self, &self->input[i], report);
        worst = status != UXO_OK && worst != UXO_ERR_DATA ? status : worst;
    }
    return worst;
}

void sweep_folder_free(sweep_folder *self)
{
    for (uint32_t i = 0; i < self->input_count; i++) {
        free(self->input[i].role);
        free(self->input[i].name);
        free(self->input[i].path);
    }
    free(self->input);
    free(self->path);
    free(self->sweep_path);
    free(self->identity);
    memset(self, 0, sizeof *self);
}
