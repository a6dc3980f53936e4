/* sweep_folder_file.c - plan.json, written and read back (JSON is YAML). Paths in it are relative to the folder, so that a project may be
 * moved as a whole. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "json_output.h"
#include "output.h"
#include "sweep_folder.h"
#include "uxosim/schema.h"
#include "uxosim_build_info.h"

enum { PLAN_VERSION = 1 };

/* The path of a file as seen from a folder; both are there. To be freed. */
static char *relative_path(const char *folder, const char *file)
{
    char *const from = realpath(folder, NULL), *const to = realpath(file, NULL);
    char *path = NULL;
    size_t length = 0, same = 0;
    FILE *const out = from != NULL && to != NULL ? open_memstream(&path, &length) : NULL;
    if (out != NULL) {
        for (size_t i = 0; from[i] == to[i] && from[i] != '\0'; i++) {
            same = from[i] == '/' ? i : same;
        }
        const size_t all = strlen(from);
        if (strncmp(from, to, all) == 0 && to[all] == '/') {
            same = all; /* the file lies in the folder */
        }
        for (const char *at = from + same; *at != '\0'; at++) {
            if (*at == '/' && at[1] != '\0') {
                fputs("../", out);
            }
        }
        fputs(to + same + 1, out);
        fclose(out);
    }
    free(from);
    free(to);
    return path;
}

static void put_path(json_output *json, const char *key, const char *folder, const char *file)
{
    char *const path = relative_path(folder, file);
    json_text(json, key, path != NULL ? path : file);
    free(path);
}

static void put_estimate(json_output *json, const sweep_estimate *estimate)
{
    json_open(json, "estimate", '{');
    json_number(json, "seconds", estimate->seconds);
    json_number(json, "largest_seconds", estimate->largest_s);
    json_number(json, "largest_mib", estimate->largest_mib);
    json_number(json, "disk_mb", estimate->disk_mb);
    json_raw(json, "probed", estimate->probed ? "true" : "false");
    json_close(json, '}');
}

uxo_status sweep_folder_write(const sweep_folder *self, const uxo_sweep *sweep, uxo_report *report)
{
    tool_output output;
    json_output json;
    char *const path = sweep_folder_join(self->path, "plan.json");
    if (path == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a sweep");
    }
    const uxo_status status = tool_output_open(&output, path, report);
    free(path);
    UXO_TRY(status);
    json_init(&json, output.stream);
    json_open(&json, NULL, '{');
    json_text(&json, "format", "uxosim-sweep-plan");
    json_number(&json, "format_version", PLAN_VERSION);
    json_text(&json, "uxosim", UXOSIM_VERSION " (" UXOSIM_COMMIT ")");
    json_text(&json, "title", sweep->title);
    put_path(&json, "sweep", self->path, self->sweep_path);
    json_text(&json, "sweep_sha256", self->sweep_sha256);
    json_text(&json, "design", uxo_design_kind_name(sweep->design.kind));
    json_number(&json, "tasks", self->tasks);
    json_text(&json, "identity", self->digest);
    put_estimate(&json, &self->estimate);
    json_open(&json, "inputs", '[');
    for (uint32_t i = 0; i < self->input_count; i++) {
        json_open_inline(&json, NULL, '{');
        json_text(&json, "role", self->input[i].role);
        json_text(&json, "name", self->input[i].name);
        put_path(&json, "path", self->path, self->input[i].path);
        json_number(&json, "bytes", (double)self->input[i].bytes);
        json_text(&json, "sha256", self->input[i].sha256);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    fputc('\n', output.stream);
    return tool_output_close(&output, report);
}

static const char *text_at(const uxo_node *root, const char *path)
{
    const uxo_node *const node = uxo_node_at(root, path);
    return node != NULL && node->kind == UXO_NODE_SCALAR ? node->text : "";
}

static double number_at(const uxo_node *root, const char *path)
{
    const char *why;
    double value = 0.0;
    return uxo_schema_number(text_at(root, path), &value, &why) ? value : 0.0;
}

static bool read_inputs(sweep_folder *self, const uxo_node *inputs)
{
    bool whole = inputs != NULL && inputs->kind == UXO_NODE_SEQUENCE && inputs->count > 0;
    self->input = whole ? calloc(inputs->count, sizeof *self->input) : NULL;
    for (const uxo_node *node = self->input != NULL ? inputs->first : NULL; node != NULL; node = node->next) {
        uxo_input_file *const input = &self->input[self->input_count++];
        input->role = strdup(text_at(node, "role"));
        input->name = strdup(text_at(node, "name"));
        input->path = sweep_folder_join(self->path, text_at(node, "path"));
        input->bytes = (uint64_t)number_at(node, "bytes");
        snprintf(input->sha256, sizeof input->sha256, "%s", text_at(node, "sha256"));
        whole = whole && input->role != NULL && input->name != NULL && input->path != NULL;
    }
    return whole && self->input != NULL;
}

/* The tree as a plan of this program. */
static uxo_status read_tree(sweep_folder *self, const uxo_node *root, const char *path, uxo_report *report)
{
    static const char mine[] = UXOSIM_VERSION " (" UXOSIM_COMMIT ")";
    if (strcmp(text_at(root, "format"), "uxosim-sweep-plan") != 0 ||
        (int)number_at(root, "format_version") != PLAN_VERSION) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "'%s' is not a plan that this program can read", path);
    }
    if (strcmp(text_at(root, "uxosim"), mine) != 0) {
        return uxo_fail(
            report, UXO_ERR_DATA, NULL,
            "'%s' was made by uxosim %s, and this is %s: all tasks of a sweep are run by one program; plan it "
            "again, into another folder",
            path, text_at(root, "uxosim"), mine);
    }
    self->sweep_path = sweep_folder_join(self->path, text_at(root, "sweep"));
    snprintf(self->sweep_sha256, sizeof self->sweep_sha256, "%s", text_at(root, "sweep_sha256"));
    self->tasks = (uint32_t)number_at(root, "tasks");
    self->estimate = (sweep_estimate){.seconds = number_at(root, "estimate.seconds"),
                                      .largest_s = number_at(root, "estimate.largest_seconds"),
                                      .largest_mib = number_at(root, "estimate.largest_mib"),
                                      .disk_mb = number_at(root, "estimate.disk_mb"),
                                      .probed = strcmp(text_at(root, "estimate.probed"), "true") == 0};
    if (!read_inputs(self, uxo_node_get(root, "inputs")) || self->sweep_path == NULL || self->tasks == 0) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "'%s' is damaged: plan the sweep again", path);
    }
    UXO_TRY(sweep_folder_identify(self, report));
    return strcmp(self->digest, text_at(root, "identity")) == 0
               ? UXO_OK
               : uxo_fail(report, UXO_ERR_DATA, NULL, "'%s' has been changed: plan the sweep again", path);
}

uxo_status sweep_folder_open(sweep_folder *self, const char *folder, uxo_report *report)
{
    uxo_yaml yaml;
    struct stat status;
    memset(self, 0, sizeof *self);
    self->path = strdup(folder);
    char *const path = sweep_folder_join(folder, "plan.json");
    if (path == NULL || self->path == NULL) {
        free(path);
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a sweep");
    }
    uxo_status result;
    if (stat(path, &status) != 0) {
        result =
            uxo_fail(report, UXO_ERR_NOINPUT, NULL,
                     "'%s' is not the folder of a sweep: cannot read its plan.json (%s); `uxosim sweep plan` makes one",
                     folder, strerror(errno));
    } else {
        result = uxo_yaml_read_file(&yaml, path, report);
        if (result == UXO_OK) {
            result = read_tree(self, yaml.root, path, report);
        }
        uxo_yaml_free(&yaml);
    }
    free(path);
    return result;
}
