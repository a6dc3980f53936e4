/* munitions.c - the catalogue: entries from YAML, the scenario's overrides on top, a source for every number. What a
 * value may be is in the schema; how it is drawn is in sim/model.
 */
#include "uxosim/munitions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "munitions_private.h"
#include "uxosim/distribution.h"
#include "uxosim/path.h"
#include "uxosim/schema.h"

#define ENTRY "munitions.*."

static const char *const source_key[UXO_SOURCE_COUNT] = {
#define X(id, key) key,
    UXO_MUNITION_SOURCES(X)
#undef X
};

/* An entry as the catalogue has it, and what the scenario says about it; either may be NULL. */
typedef struct entry {
    const uxo_node *base;
    const uxo_node *over;
    uxo_report *report;
} entry;

static const uxo_node *pick(const entry *self, const char *path)
{
    const uxo_node *const over = uxo_node_at(self->over, path);
    return over != NULL ? over : uxo_node_at(self->base, path);
}

static char *format_origin(const char *prefix, const uxo_place *place)
{
    char text[512];
    snprintf(text, sizeof text, "%s%s:%u", prefix, uxo_path_name(place->file), (unsigned)place->line);
    return strdup(text);
}

/* "{shape: gaussian, along_m: 60, across_m: 40}" from values that may come from both files. */
static char *group_text(const entry *self, const char *group, const char *const *keys, size_t count)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    if (out == NULL) {
        return NULL;
    }
    const char *separator = "{";
    for (size_t i = 0; i < count; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s.%s", group, keys[i]);
        const uxo_node *const node = pick(self, path);
        char *const value = node != NULL ? uxo_node_print(node) : NULL;
        if (value != NULL) {
            fprintf(out, "%s%s: %s", separator, keys[i], value);
            separator = ", ";
        }
        free(value);
    }
    fputs("}", out);
    fclose(out);
    return text;
}

static const char *shape_of(const entry *self)
{
    const uxo_node *const node = pick(self, "pattern.shape");
    return node != NULL && node->text != NULL ? node->text : "gaussian";
}

static char *value_text(const entry *self, uxo_munition_source which, const uxo_node *value)
{
    static const char *const spread[] = {"along", "across"};
    static const char *const pattern[] = {"shape", "along_m", "across_m", "width"};
    static const char *const between[] = {"concentration"};
    switch (which) {
    case UXO_SOURCE_CARRIER_SPREAD:
        return value != NULL ? group_text(self, source_key[which], spread, 2) : strdup("{along: 0, across: 0}");
    case UXO_SOURCE_PATTERN:
        return group_text(self, source_key[which], pattern, strcmp(shape_of(self), "ring") == 0 ? 4 : 3);
    case UXO_SOURCE_BETWEEN_STRIKES:
        return value != NULL ? group_text(self, source_key[which], between, 1) : NULL;
    case UXO_SOURCE_CARRIER_FAILURE:
        return value != NULL ? uxo_node_print(value) : strdup("0");
    default:
        return value != NULL ? uxo_node_print(value) : NULL;
    }
}

/* Where one number comes from, and that somebody said why it is what it is. */
static void take_source(const entry *self, uxo_munition_source which, uxo_munition *out)
{
    char path[128];
    const char *const key = source_key[which];
    snprintf(path, sizeof path, "sources.%s", key);
    const uxo_node *const over = uxo_node_get(self->over, key);
    const uxo_node *const value = over != NULL ? over : uxo_node_get(self->base, key);
    const uxo_node *const over_source = uxo_node_at(self->over, path);
    const uxo_node *const source = over != NULL || over_source != NULL ? over_source : uxo_node_at(self->base, path);
    out->text[which] = value_text(self, which, value);
    out->mark[which] = value == NULL ? UXO_MARK_DEFAULT : over != NULL ? UXO_MARK_OVERRIDE : UXO_MARK_GIVEN;
    if (value == NULL) {
        out->origin[which] = strdup("default");
        return;
    }
    if (uxo_node_is_overridden(value)) {
        out->origin[which] = strdup("--set");
        return;
    }
    out->origin[which] = format_origin(over != NULL ? "override " : "", &value->key_place);
    if (source == NULL) {
        uxo_report_add(
            self->report, UXO_ERROR, &value->key_place,
            "%s has no source; say under `sources: {%s: \"...\"}` where it is from, or \"ASSUMED: ...\" and why%s", key,
            key, over != NULL ? " (a replaced number needs a new source)" : "");
        return;
    }
    out->source[which] = strdup(source->text);
}

static bool read_quantity(const entry *self, const char *path, uxo_quantity *out)
{
    char full[128];
    snprintf(full, sizeof full, ENTRY "%s", path);
    const uxo_node *const node = pick(self, path);
    *out = uxo_quantity_constant(0.0);
    return node != NULL &&
           uxo_distribution_read(node, uxo_schema_find(UXO_DOCUMENT_CATALOGUE, full), out, self->report) == UXO_OK;
}

/* A new entry made by an override has to be whole; entries of the catalogue were checked by the schema. */
static void require_whole(const entry *self)
{
    static const char *const required[] = {"name", "submunitions_per_carrier", "dud_rate", "pattern.along_m",
                                           "pattern.across_m"};
    for (size_t i = 0; self->base == NULL && i < sizeof required / sizeof *required; i++) {
        if (uxo_node_at(self->over, required[i]) == NULL) {
            uxo_report_add(self->report, UXO_ERROR, &self->over->key_place,
                           "'%.60s' is not in the catalogue, so its entry must be whole: '%s' is missing",
                           self->over->key, required[i]);
        }
    }
}

static void require_pairs(const entry *self)
{
    static const char *const pair[2] = {"carrier_spread_m.along", "carrier_spread_m.across"};
    const bool along = pick(self, pair[0]) != NULL, across = pick(self, pair[1]) != NULL;
    if (along != across) {
        uxo_report_add(self->report, UXO_ERROR, &pick(self, "carrier_spread_m")->key_place,
                       "carrier_spread_m takes both along and across; '%s' is missing", along ? "across" : "along");
    }
}

static void check_id(const entry *self)
{
    const uxo_node *const node = self->base != NULL ? self->base : self->over;
    const size_t length = strlen(node->key);
    if (length >= UXO_ID_SIZE ||
        strspn(node->key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") != length) {
        uxo_report_add(self->report, UXO_ERROR, &node->key_place,
                       "'%.80s' cannot be a munition's id; letters, digits, dots, hyphens and underscores, at most %d",
                       node->key, UXO_ID_SIZE - 1);
    }
}

/* Like snprintf, but never leaves half a UTF-8 character at the end. */
static void copy_text(char *out, size_t size, const char *text)
{
    size_t length = strlen(text);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    memcpy(out, text, length);
    out[length] = '\0';
}

/* A rate drawn for each carrier leaves no strike rate that the concentration could spread: the model would ignore it. */
static void require_strike_rate(const entry *self, const uxo_munition *out)
{
    static const char *const key = "dud_rate_between_strikes";
    if (!out->varies_between_strikes || out->dud_rate.form == UXO_FORM_CONSTANT ||
        out->dud_rate.per != UXO_PER_CARRIER) {
        return;
    }
    const bool rate_is_newer = uxo_node_get(self->over, "dud_rate") != NULL && uxo_node_get(self->over, key) == NULL;
    uxo_report_add(self->report, UXO_ERROR, &pick(self, rate_is_newer ? "dud_rate" : key)->key_place,
                   "%.60s: %s and a dud_rate with `per: carrier` exclude each other, because a rate drawn for each "
                   "carrier leaves no strike rate to vary about it. Use `per: campaign` or `per: strike` for dud_rate, "
                   "or leave %s out%s",
                   out->id, key, key,
                   uxo_node_get(self->base, key) != NULL && rate_is_newer ? " of the catalogue" : "");
}

/* Sizes mean something else with another shape: whoever replaces it has to give them anew. */
static void require_sizes_of_shape(const entry *self, const char *shape)
{
    static const char *const size[] = {"pattern.along_m", "pattern.across_m"};
    const uxo_node *const old = uxo_node_at(self->base, "pattern.shape");
    const uxo_node *const new = uxo_node_at(self->over, "pattern.shape");
    if (new == NULL || self->base == NULL || strcmp(old != NULL ? old->text : "gaussian", shape) == 0) {
        return;
    }
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        if (uxo_node_at(self->over, size[i]) == NULL) {
            uxo_report_add(self->report, UXO_ERROR, &new->key_place,
                           "%s of the catalogue belongs to another shape (a gaussian's are standard deviations, an "
                           "oval's are semi-axes); with 'pattern.shape: %s' give it too",
                           size[i], shape);
        }
    }
}

static void read_shape(const entry *self, uxo_munition *out)
{
    const uxo_node *const width = pick(self, "pattern.width");
    const char *const shape = shape_of(self);
    out->shape = strcmp(shape, "ring") == 0              ? UXO_SHAPE_RING
                 : strcmp(shape, "uniform-ellipse") == 0 ? UXO_SHAPE_UNIFORM_ELLIPSE
                                                         : UXO_SHAPE_GAUSSIAN;
    require_sizes_of_shape(self, shape);
    (void)read_quantity(self, "pattern.width", &out->pattern_width);
    if (out->shape == UXO_SHAPE_RING && width == NULL) {
        uxo_report_add(self->report, UXO_ERROR, &pick(self, "pattern.shape")->key_place,
                       "pattern.shape: a ring needs its 'width', relative to the semi-axes: 0.5 lies between 0.75 and "
                       "1.25 of them");
    } else if (out->shape != UXO_SHAPE_RING && width != NULL) {
        if (uxo_node_at(self->over, "pattern.width") != NULL || self->over == NULL) {
            uxo_report_add(self->report, UXO_ERROR, &width->key_place,
                           "pattern.width: only a ring has one, this pattern is '%s'", shape);
        }
        out->pattern_width = uxo_quantity_constant(0.0);
    }
}

static void read_entry(const entry *self, uxo_munition *out)
{
    const uxo_node *const name = pick(self, "name");
    copy_text(out->id, sizeof out->id, self->base != NULL ? self->base->key : self->over->key);
    copy_text(out->name, sizeof out->name, name != NULL && name->text != NULL ? name->text : out->id);
    check_id(self);
    require_whole(self);
    require_pairs(self);
    (void)read_quantity(self, "submunitions_per_carrier", &out->submunitions_per_carrier);
    (void)read_quantity(self, "dud_rate", &out->dud_rate);
    out->varies_between_strikes = read_quantity(self, "dud_rate_between_strikes.concentration", &out->concentration);
    require_strike_rate(self, out);
    (void)read_quantity(self, "carrier_failure", &out->carrier_failure);
    (void)read_quantity(self, "carrier_spread_m.along", &out->spread_along_m);
    (void)read_quantity(self, "carrier_spread_m.across", &out->spread_across_m);
    (void)read_quantity(self, "pattern.along_m", &out->pattern_along_m);
    (void)read_quantity(self, "pattern.across_m", &out->pattern_across_m);
    read_shape(self, out);
    for (int i = 0; i < UXO_SOURCE_COUNT; i++) {
        take_source(self, (uxo_munition_source)i, out);
    }
}

static int compare_ids(const void *left, const void *right)
{
    return strcmp(((const uxo_munition *)left)->id, ((const uxo_munition *)right)->id);
}

static uxo_status take_tree(uxo_catalogue *self, const uxo_node *root, const uxo_node *override, uxo_catalogue *before,
                            uxo_report *report)
{
    const size_t errors_before = report->error_count;
    memset(self, 0, sizeof *self);
    if (before == NULL) { /* else the same text has passed */
        UXO_TRY(uxo_schema_check(UXO_DOCUMENT_CATALOGUE, root, "", report));
    }
    const uxo_node *const munitions = uxo_node_get(root, "munitions");
    const size_t most = (size_t)munitions->count + (override != NULL ? override->count : 0);
    self->item = calloc(most > 0 ? most : 1, sizeof *self->item);
    if (self->item == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory while reading the catalogue");
    }
    for (const uxo_node *node = munitions->first; node != NULL; node = node->next) {
        const entry one = {node, uxo_node_get(override, node->key), report};
        uxo_munition *const item = &self->item[self->count++];
        if (one.over != NULL || !munitions_take_entry(before, node->key, item)) {
            read_entry(&one, item);
            item->as_in_catalogue = one.over == NULL;
        }
    }
    for (const uxo_node *node = override != NULL ? override->first : NULL; node != NULL; node = node->next) {
        const entry one = {NULL, node, report};
        if (uxo_node_get(munitions, node->key) == NULL) {
            read_entry(&one, &self->item[self->count++]);
        }
    }
    if (self->count == 0) {
        uxo_report_add(report, UXO_ERROR, &munitions->key_place, "the catalogue holds no munition");
    }
    qsort(self->item, self->count, sizeof *self->item, compare_ids);
    return uxo_report_status(report, errors_before);
}

uxo_status uxo_catalogue_from_tree(uxo_catalogue *self, const uxo_node *root, const uxo_node *override,
                                   uxo_report *report)
{
    return take_tree(self, root, override, NULL, report);
}

/* The entries of a document, and its text. */
static uxo_status from_yaml(uxo_catalogue *self, const uxo_yaml *yaml, const uxo_node *override, uxo_catalogue *before,
                            uxo_report *report)
{
    const bool same = before != NULL && before->text != NULL && strlen(before->text) == yaml->length &&
                      memcmp(before->text, yaml->text, yaml->length) == 0;
    UXO_TRY(take_tree(self, yaml->root, override, same ? before : NULL, report));
    self->text = strndup(yaml->text, yaml->length);
    return self->text != NULL ? UXO_OK
                              : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory while reading the catalogue");
}

uxo_status uxo_catalogue_read(uxo_catalogue *self, const char *path, const uxo_node *override, uxo_report *report)
{
    return uxo_catalogue_read_next(self, NULL, path, override, report);
}

uxo_status uxo_catalogue_read_next(uxo_catalogue *self, uxo_catalogue *before, const char *path,
                                   const uxo_node *override, uxo_report *report)
{
    uxo_yaml yaml;
    memset(self, 0, sizeof *self);
    uxo_status status = uxo_yaml_read_file(&yaml, path, report);
    if (status == UXO_OK) {
        status = from_yaml(self, &yaml, override, before, report);
    }
    uxo_yaml_free(&yaml);
    return status;
}

uxo_status uxo_catalogue_read_text(uxo_catalogue *self, const char *name, const char *text, size_t length,
                                   const uxo_node *override, uxo_report *report)
{
    uxo_yaml yaml;
    memset(self, 0, sizeof *self);
    uxo_status status = uxo_yaml_read_text(&yaml, name, text, length, 1, 1, report);
    if (status == UXO_OK) {
        status = from_yaml(self, &yaml, override, NULL, report);
    }
    uxo_yaml_free(&yaml);
    return status;
}

void uxo_catalogue_free(uxo_catalogue *self)
{
    for (uint32_t i = 0; i < self->count; i++) {
        for (int k = 0; k < UXO_SOURCE_COUNT; k++) {
            free(self->item[i].source[k]);
            free(self->item[i].origin[k]);
            free(self->item[i].text[k]);
        }
    }
    free(self->item);
    free(self->text);
    memset(self, 0, sizeof *self);
}

int32_t uxo_catalogue_find(const uxo_catalogue *self, const char *id)
{
    uint32_t low = 0, high = self->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = strcmp(self->item[middle].id, id);
        if (order == 0) {
            return (int32_t)middle;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return -1;
}

const char *uxo_catalogue_nearest(const uxo_catalogue *self, const char *id)
{
    const char *nearest = NULL;
    const char **const ids = calloc(self->count > 0 ? self->count : 1, sizeof *ids);
    for (uint32_t i = 0; ids != NULL && i < self->count; i++) {
        ids[i] = self->item[i].id;
    }
    if (ids != NULL) {
        nearest = uxo_schema_nearest(id, ids, self->count);
    }
    free(ids);
    return nearest;
}
