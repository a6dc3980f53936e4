/* sweep_folder_file.c - plan.json, written and read back (JSON is YAML). A project may be moved as a whole: the path of the sweep file is relative to the
 * folder, paths of inputs are relative to the sweep file's. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "json_output.h"
#include "output.h"
#include "sweep_folder.h"
#include "uxosim/path.h"
#include "uxosim/records.h"
#include "uxosim/schema.h"
#include "uxosim_build_info.h"

enum { PLAN_VERSION = 2 };

/* The folder that a file lies in, "" for the current one; to be freed. */
static char *folder_of(const char *file)
{
    return strndup(file, (size_t)(uxo_path_name(file) - file));
}

/* One path as seen from another one, both without links and dots; to be freed. */
static char *steps_between(const char *from, const char *to, const char *name)
{
    char *path = NULL;
    size_t length = 0, same = 0;
    FILE *const out = open_memstream(&path, &length);
    if (out == NULL) {
        return NULL;
    }
    size_t i = 0;
    for (; from[i] == to[i] && from[i] != '\0'; i++) {
        same = from[i] == '/' ? i : same;
    }
    if ((from[i] == '\0' || from[i] == '/') && (to[i] == '\0' || to[i] == '/')) {
        same = i; /* one of the folders lies in the other */
    }
    for (const char *at = from + same; *at != '\0'; at++) {
        if (*at == '/' && at[1] != '\0') {
            fputs("../", out);
        }
    }
    const char *const down = to + same + (to[same] == '/');
    fprintf(out, "%s%s%s", down, *down != '\0' ? "/" : "", name);
    fclose(out);
    return path;
}

/* The path of a file as seen from a folder; both are there. Links on the way to the file are gone, but not that which it may be itself: what it names lies
 * beside the link. To be freed. */
static char *relative_path(const char *folder, const char *file)
{
    char *const beside = folder_of(file);
    char *const from = realpath(folder[0] != '\0' ? folder : ".", NULL);
    char *const to = beside != NULL ? realpath(beside[0] != '\0' ? beside : ".", NULL) : NULL;
    char *const path = from != NULL && to != NULL ? steps_between(from, to, uxo_path_name(file)) : NULL;
    free(beside);
    free(from);
    free(to);
    return path;
}

/* An input as seen from the sweep file: as the files name it, so that links stay links and a path that is absolute stays so. */
static char *input_path(const char *sweep_folder_path, const char *file)
{
    const size_t length = strlen(sweep_folder_path);
    const bool below = strncmp(file, sweep_folder_path, length) == 0 && file[length] != '/';
    return below ? strdup(file + length) : file[0] == '/' ? strdup(file) : relative_path(sweep_folder_path, file);
}

/* Takes the path over. */
static void put_path(json_output *json, const char *key, char *path, const char *otherwise)
{
    json_text(json, key, path != NULL ? path : otherwise);
    free(path);
}

static void put_inputs(json_output *json, const sweep_folder *self)
{
    char *const beside = folder_of(self->sweep_path);
    json_open(json, "inputs", '[');
    for (uint32_t i = 0; beside != NULL && i < self->input_count; i++) {
        json_open_inline(json, NULL, '{');
        json_text(json, "role", self->input[i].role);
        json_text(json, "name", self->input[i].name);
        put_path(json, "path", input_path(beside, self->input[i].path), self->input[i].path);
        json_number(json, "bytes", (double)self->input[i].bytes);
        json_text(json, "sha256", self->input[i].sha256);
        json_close(json, '}');
    }
    json_close(json, ']');
    free(beside);
}

/* Line by line, as name and value. */
static void put_identity(json_output *json, const char *identity)
{
    json_open(json, "made_of", '[');
    for (const char *at = identity; *at != '\0';) {
        const size_t length = strcspn(at, "\n");
        char *const line = strndup(at, length);
        json_text(json, NULL, line != NULL ? line : "");
        free(line);
        at += length + (at[length] == '\n');
    }
    json_close(json, ']');
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
    put_path(&json, "sweep", relative_path(self->path, self->sweep_path), self->sweep_path);
    json_text(&json, "sweep_sha256", self->sweep_sha256);
    json_text(&json, "design", uxo_design_kind_name(sweep->design.kind));
    json_number(&json, "tasks", self->tasks);
    json_text(&json, "identity", self->digest);
    put_estimate(&json, &self->estimate);
    put_identity(&json, self->identity);
    put_inputs(&json, self);
    json_close(&json, '}');
    fputc('\n', output.stream);
    if (ftell(output.stream) > UXO_YAML_MAX_BYTES) {
        tool_output_abandon(&output);
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        "the scenarios have %u input files, more than a plan can hold (%d KiB of names and digests): "
                        "make several sweeps of them",
                        self->input_count, UXO_YAML_MAX_BYTES / 1024);
    }
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

/* The lines that the plan was known by, and their digest. */
static bool read_identity(sweep_folder *self, const uxo_node *lines)
{
    size_t length = 0;
    FILE *const out =
        lines != NULL && lines->kind == UXO_NODE_SEQUENCE ? open_memstream(&self->identity, &length) : NULL;
    for (const uxo_node *line = out != NULL ? lines->first : NULL; line != NULL; line = line->next) {
        fprintf(out, "%s\n", line->kind == UXO_NODE_SCALAR ? line->text : "");
    }
    return out != NULL && fclose(out) == 0 && uxo_digest_bytes(self->identity, length, self->digest);
}

/* Are the digests those of the lines? */
static bool digests_fit(const sweep_folder *self)
{
    char line[1024], digest[UXO_DIGEST_SIZE];
    bool fit = uxo_records_value(self->identity, SWEEP_TEXT_LINE, digest, sizeof digest) &&
               strcmp(digest, self->sweep_sha256) == 0;
    for (uint32_t i = 0; fit && i < self->input_count; i++) {
        sweep_folder_input_line(self, i, line, sizeof line);
        fit = uxo_records_value(self->identity, line, digest, sizeof digest) &&
              strcmp(digest, self->input[i].sha256) == 0;
    }
    return fit;
}

static bool read_inputs(sweep_folder *self, const uxo_node *inputs)
{
    char *const beside = folder_of(self->sweep_path);
    bool whole = beside != NULL && inputs != NULL && inputs->kind == UXO_NODE_SEQUENCE && inputs->count > 0;
    self->input = whole ? calloc(inputs->count, sizeof *self->input) : NULL;
    for (const uxo_node *node = self->input != NULL ? inputs->first : NULL; node != NULL; node = node->next) {
        uxo_input_file *const input = &self->input[self->input_count++];
        input->role = strdup(text_at(node, "role"));
        input->name = strdup(text_at(node, "name"));
        input->path = sweep_folder_join(beside, text_at(node, "path"));
        input->bytes = (uint64_t)number_at(node, "bytes");
        snprintf(input->sha256, sizeof input->sha256, "%s", text_at(node, "sha256"));
        whole = whole && input->role != NULL && input->name != NULL && input->path != NULL;
    }
    free(beside);
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
    if (self->sweep_path == NULL) {
        self->sweep_path = sweep_folder_join(self->path, text_at(root, "sweep"));
    }
    snprintf(self->sweep_sha256, sizeof self->sweep_sha256, "%s", text_at(root, "sweep_sha256"));
    self->tasks = (uint32_t)number_at(root, "tasks");
    self->estimate = (sweep_estimate){.seconds = number_at(root, "estimate.seconds"),
                                      .largest_s = number_at(root, "estimate.largest_seconds"),
                                      .largest_mib = number_at(root, "estimate.largest_mib"),
                                      .disk_mb = number_at(root, "estimate.disk_mb"),
                                      .probed = strcmp(text_at(root, "estimate.probed"), "true") == 0};
    if (self->sweep_path == NULL || !read_inputs(self, uxo_node_get(root, "inputs")) ||
        !read_identity(self, uxo_node_get(root, "made_of")) || self->tasks == 0) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "'%s' is damaged: plan the sweep again", path);
    }
    return strcmp(self->digest, text_at(root, "identity")) == 0 && digests_fit(self)
               ? UXO_OK
               : uxo_fail(report, UXO_ERR_DATA, NULL, "'%s' has been changed: plan the sweep again", path);
}

uxo_status sweep_folder_open(sweep_folder *self, const char *folder, const char *sweep_path, uxo_report *report)
{
    uxo_yaml yaml;
    struct stat status;
    memset(self, 0, sizeof *self);
    self->path = strdup(folder);
    self->sweep_path = sweep_path != NULL ? strdup(sweep_path) : NULL;
    char *const path = sweep_folder_join(folder, "plan.json");
    if (path == NULL || self->path == NULL || (sweep_path != NULL && self->sweep_path == NULL)) {
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
