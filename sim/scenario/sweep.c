/* sweep.c - reads a sweep file. Not here: its axes (sweep_axes.c), what a scenario sets (sweep_sets.c). */
#include "uxosim/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "sweep_private.h"
#include "uxosim/path.h"

static const uxo_node *sound(const uxo_node *root, const char *path)
{
    const uxo_node *const node = uxo_node_at(root, path);
    uxo_report scratch;
    uxo_report_init(&scratch);
    const bool good = node != NULL && uxo_schema_check(UXO_DOCUMENT_SWEEP, node, path, &scratch) == UXO_OK;
    uxo_report_free(&scratch);
    return good ? node : NULL;
}

static const char *text_of(const uxo_node *root, const char *path)
{
    const uxo_node *const node = sound(root, path);
    return node != NULL ? node->text : uxo_schema_find(UXO_DOCUMENT_SWEEP, path)->default_text;
}

/* A path of the file, from the current folder. */
static char *join(const char *file, const char *name)
{
    const size_t folder = name[0] == '/' ? 0 : (size_t)(uxo_path_name(file) - file);
    const size_t room = folder + strlen(name) + 1;
    char *const path = malloc(room);
    if (path != NULL) {
        snprintf(path, room, "%.*s%s", (int)folder, file, name);
    }
    return path;
}

static bool is_true(const uxo_node *node)
{
    return node != NULL && strcmp(node->text, "true") == 0;
}

/* What the section `design` asks for; false after a complaint, or where the schema complains. */
static bool read_kind(const uxo_node *root, uxo_design_spec *spec, uxo_report *report)
{
    const uxo_node *const section = sound(root, "design");
    const uxo_node *chosen = NULL;
    if (section == NULL) {
        return false;
    }
    for (const uxo_node *child = section->first; child != NULL; child = child->next) {
        const int kind = uxo_design_kind_find(child->key);
        if (kind < 0 || strcmp(child->text, "false") == 0) {
            continue;
        }
        if (chosen != NULL) {
            uxo_report_add(report, UXO_ERROR, &child->key_place, "design: '%s' besides '%s'; keep one of them",
                           child->key, chosen->key);
            return false;
        }
        chosen = child;
        spec->kind = (uxo_design_kind)kind;
        spec->base_rows = (uint32_t)strtoul(child->text, NULL, 10);
    }
    spec->second_order = is_true(uxo_node_get(section, "second_order"));
    const uxo_node *const replicates = uxo_node_get(section, "replicates");
    spec->replicates =
        replicates != NULL ? (uint32_t)strtoul(replicates->text, NULL, 10) : uxo_design_replicates(spec->base_rows);
    if (chosen == NULL) {
        uxo_report_add(report, UXO_ERROR, &section->key_place,
                       "design: one of grid: true, list: true, latin_hypercube: ROWS and sobol: ROWS is wanted");
    } else if (spec->second_order && spec->kind != UXO_DESIGN_SOBOL) {
        uxo_report_add(report, UXO_ERROR, &uxo_node_get(section, "second_order")->key_place,
                       "design: second_order goes with sobol");
        return false;
    } else if (replicates != NULL && spec->kind != UXO_DESIGN_SOBOL) {
        uxo_report_add(report, UXO_ERROR, &replicates->key_place, "design: replicates go with sobol");
        return false;
    }
    return chosen != NULL;
}

/* Would one of two keys set the other, too? Then the values of one axis would not be those that were used. */
static bool keys_meet(const char *a, const char *b)
{
    const size_t of_a = strlen(a), of_b = strlen(b), shorter = of_a < of_b ? of_a : of_b;
    const char after = of_a < of_b ? b[shorter] : a[shorter];
    return strncmp(a, b, shorter) == 0 && (after == '\0' || after == '.');
}

static void read_axes(uxo_sweep *self, const uxo_node *axes, bool only_values, uxo_report *report)
{
    self->axis = calloc((size_t)axes->count + 1, sizeof *self->axis);
    for (const uxo_node *node = axes->first; self->axis != NULL && node != NULL; node = node->next) {
        uxo_sweep_axis *const axis = &self->axis[self->axis_count++];
        (void)sweep_read_axis(node, only_values, axis, report);
        for (uint32_t i = 0; axis->key != NULL && i + 1 < self->axis_count; i++) {
            if (self->axis[i].key != NULL && keys_meet(self->axis[i].key, axis->key)) {
                uxo_report_add(report, UXO_ERROR, &node->key_place,
                               strcmp(self->axis[i].key, axis->key) == 0
                                   ? "axis '%.60s' sets the same key as '%s'"
                                   : "axis '%.60s' overlaps axis '%s': one key is a part of the other",
                               node->key, self->axis[i].name);
            }
        }
    }
}

static void refuse_axis(const uxo_sweep *self, const uxo_node *node, uxo_report *report)
{
    const char **const name = calloc((size_t)self->axis_count + 1, sizeof *name);
    for (uint32_t i = 0; name != NULL && i < self->axis_count; i++) {
        name[i] = self->axis[i].name;
    }
    const char *const nearest = name != NULL ? uxo_schema_nearest(node->key, name, self->axis_count) : NULL;
    uxo_report_add(report, UXO_ERROR, &node->key_place, "baseline: there is no axis '%.60s'%s%s%s", node->key,
                   nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                   nearest != NULL ? "'?" : "");
    free(name);
}

static void read_baseline(uxo_sweep *self, const uxo_node *root, uxo_report *report)
{
    const uxo_node *const baseline = uxo_node_get(root, "baseline"), *const axes = uxo_node_get(root, "axes");
    if (baseline == NULL || baseline->kind != UXO_NODE_MAPPING) {
        return;
    }
    self->has_baseline = true;
    self->baseline = calloc((size_t)self->axis_count + 1, sizeof *self->baseline);
    for (const uxo_node *node = baseline->first; self->baseline != NULL && node != NULL; node = node->next) {
        uint32_t i = 0;
        while (i < self->axis_count && strcmp(self->axis[i].name, node->key) != 0) {
            i++;
        }
        if (i == self->axis_count) {
            refuse_axis(self, node, report);
            continue;
        }
        sweep_target target;
        const uxo_node *const axis = uxo_node_get(axes, node->key), *const key = uxo_node_get(axis, "key");
        uxo_report scratch;
        uxo_report_init(&scratch); /* what is wrong with the axis has been said */
        if (key != NULL && key->kind == UXO_NODE_SCALAR && sweep_find_target(key, &target, &scratch)) {
            sweep_check_value(node, &target, uxo_node_get(axis, "as") != NULL, report);
        }
        uxo_report_free(&scratch);
        self->baseline[i] = uxo_node_print(node);
    }
}

static void read_layers(uxo_sweep *self, const uxo_node *root, uxo_report *report)
{
    const uxo_node *const layers = sound(root, "layers");
    if (layers == NULL) {
        return;
    }
    for (uint32_t i = 0; i < self->axis_count; i++) {
        if (self->axis[i].moves_grid) {
            uxo_report_add(
                report, UXO_ERROR, &layers->key_place,
                "layers: the axis '%s' changes the grid, so that maps of two scenarios do not fit; leave one "
                "of the two out",
                self->axis[i].name);
        }
    }
    self->layer = calloc(layers->count, sizeof *self->layer);
    for (const uxo_node *item = layers->first; self->layer != NULL && item != NULL; item = item->next) {
        for (uint32_t i = 0; i < self->layer_count; i++) {
            if (strcmp(self->layer[i], item->text) == 0) {
                uxo_report_add(report, UXO_ERROR, &item->place, "layers: '%s' is there twice", item->text);
            }
        }
        self->layer[self->layer_count++] = strdup(item->text);
    }
}

static uxo_status read_design(uxo_sweep *self, const uxo_node *root, uxo_design_spec *spec, uxo_report *report)
{
    uint32_t *const levels = calloc((size_t)self->axis_count + 1, sizeof *levels);
    if (levels == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory while reading a sweep");
    }
    for (uint32_t i = 0; i < self->axis_count; i++) {
        levels[i] = self->axis[i].value_count;
    }
    spec->seed = self->seed;
    spec->dimensions = self->axis_count;
    spec->levels = levels;
    const uxo_place *const place = &uxo_node_get(root, "design")->key_place;
    const uxo_status status = uxo_design_init(&self->design, spec, place, report);
    free(levels);
    return status == UXO_OK && self->design.rows == 1 && !self->has_baseline
               ? uxo_fail(report, UXO_ERR_DATA, place,
                          "design: there is one scenario, so that nothing varies; give an axis a second value, or a "
                          "`baseline` to compare with (one scenario alone is `uxosim run --set`)")
               : status;
}

static bool is_whole(const uxo_sweep *self)
{
    bool whole = self->text != NULL && self->path != NULL && self->title != NULL && self->output != NULL;
    for (uint32_t i = 0; i < self->layer_count; i++) {
        whole = whole && self->layer[i] != NULL;
    }
    return whole && self->axis != NULL && (!self->has_baseline || self->baseline != NULL);
}

static uxo_status read_tree(uxo_sweep *self, const uxo_yaml *yaml, const char *path, uxo_report *report)
{
    const size_t errors_before = report->error_count;
    const uxo_node *const root = yaml->root, *const axes = uxo_node_get(root, "axes");
    const uxo_node *const base = sound(root, "base");
    uxo_design_spec spec = {0};
    (void)!uxo_schema_check(UXO_DOCUMENT_SWEEP, root, "", report);
    self->path = strdup(path);
    self->text = strndup(yaml->text, yaml->length);
    self->title = strdup(text_of(root, "title"));
    self->output = join(path, text_of(root, "output"));
    self->base = base != NULL ? join(path, base->text) : NULL;
    if (!uxo_schema_unsigned(text_of(root, "seed"), &self->seed)) {
        self->seed = 1;
    }
    const bool kind_known = read_kind(root, &spec, report);
    if (axes == NULL || axes->kind != UXO_NODE_MAPPING || axes->count == 0) {
        return axes == NULL || axes->kind != UXO_NODE_MAPPING
                   ? UXO_ERR_DATA /* reported by the schema */
                   : uxo_fail(report, UXO_ERR_DATA, &axes->key_place, "axes: there is none");
    }
    read_axes(self, axes, kind_known && (spec.kind == UXO_DESIGN_GRID || spec.kind == UXO_DESIGN_LIST), report);
    read_baseline(self, root, report);
    read_layers(self, root, report);
    UXO_TRY(uxo_report_status(report, errors_before));
    const bool memory = sweep_check_twins(self, axes, spec.kind, report);
    for (uint32_t i = 0; i < self->axis_count; i++) {
        self->axis[i].place.file = self->path; /* the name in the tree goes with the tree */
    }
    UXO_TRY(uxo_report_status(report, errors_before));
    if (!memory || !is_whole(self) || self->base == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory while reading %s", path);
    }
    return read_design(self, root, &spec, report);
}

uxo_status uxo_sweep_read(uxo_sweep *self, const char *path, uxo_report *report)
{
    uxo_yaml yaml;
    memset(self, 0, sizeof *self);
    uxo_status status = uxo_yaml_read_file(&yaml, path, report);
    if (status == UXO_OK) {
        status = read_tree(self, &yaml, path, report);
    }
    uxo_yaml_free(&yaml);
    return status;
}

static void free_texts(char **text, uint32_t count)
{
    for (uint32_t i = 0; text != NULL && i < count; i++) {
        free(text[i]);
    }
    free(text);
}

void uxo_sweep_free(uxo_sweep *self)
{
    free_texts(self->baseline, self->axis_count);
    free_texts(self->layer, self->layer_count);
    for (uint32_t i = 0; i < self->axis_count; i++) {
        sweep_free_axis(&self->axis[i]);
    }
    free(self->axis);
    uxo_design_free(&self->design);
    free(self->path);
    free(self->text);
    free(self->title);
    free(self->base);
    free(self->output);
    memset(self, 0, sizeof *self);
}
