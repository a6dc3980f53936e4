/* sweep_folder.c - what a plan was made of: see sweep_folder.h. Not here: plan.json as text (sweep_folder_file.c), plan.csv (sweep_plan.c). */
#include "sweep_folder.h"

#include <stdlib.h>
#include <string.h>

#include "uxosim_build_info.h"

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
        snprintf(path, room, "%s%s%s", whole ? "" : folder, whole ? "" : "/", name);
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

uxo_status sweep_folder_identify(sweep_folder *self, uxo_report *report)
{
    size_t length = 0;
    FILE *const out = open_memstream(&self->identity, &length);
    if (out == NULL) {
        return out_of_memory(report);
    }
    fprintf(out, "uxosim\t%s (%s)\nsweep file\t%s\n", UXOSIM_VERSION, UXOSIM_COMMIT, self->sweep_sha256);
    for (uint32_t i = 0; i < self->input_count; i++) {
        fprintf(out, "input %u, %s: %s\t%s\n", i + 1, self->input[i].role, self->input[i].name, self->input[i].sha256);
    }
    return fclose(out) == 0 && uxo_digest_bytes(self->identity, strlen(self->identity), self->digest)
               ? UXO_OK
               : out_of_memory(report);
}

uxo_status sweep_folder_knows(const sweep_folder *self, const uxo_scenario *scenario, uxo_report *report)
{
    for (uint32_t i = 0; i < scenario->input_count; i++) {
        if (!has_input(self, &scenario->input[i])) {
            return uxo_fail(report, UXO_ERR_DATA, NULL, "the input '%s' (%s) is not what the plan was made with",
                            scenario->input[i].path, scenario->input[i].role);
        }
    }
    return UXO_OK;
}

uxo_status sweep_folder_verify(const sweep_folder *self, uxo_sweep *sweep, uxo_report *report)
{
    const size_t errors_before = report->error_count;
    char digest[UXO_DIGEST_SIZE];
    uint64_t bytes;
    UXO_TRY(uxo_sweep_read(sweep, self->sweep_path, report));
    if (!uxo_digest_bytes(sweep->text, strlen(sweep->text), digest) || strcmp(digest, self->sweep_sha256) != 0) {
        uxo_report_add(report, UXO_ERROR, NULL,
                       "'%s' has changed since it was planned: plan it again, into another folder", self->sweep_path);
    }
    for (uint32_t i = 0; i < self->input_count; i++) {
        const uxo_input_file *const input = &self->input[i];
        const bool there = uxo_digest_file(input->path, &bytes, digest);
        if (!there || strcmp(digest, input->sha256) != 0) {
            uxo_report_add(report, UXO_ERROR, NULL, "'%s' (%s) %s since the sweep was planned", input->path,
                           input->role, there ? "has changed" : "cannot be read any more");
        }
    }
    return uxo_report_status(report, errors_before);
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
