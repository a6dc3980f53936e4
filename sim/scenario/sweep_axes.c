/* sweep_axes.c - one axis of a sweep: its key, and values or a distribution. Not here: which keys may vary (sweep_keys.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_private.h"
#include "uxosim/distribution.h"

static bool out_of_memory(uxo_report *report)
{
    return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory while reading a sweep") == UXO_OK;
}

void sweep_check_value(const uxo_node *value, const sweep_target *target, bool within, uxo_report *report)
{
    if (!target->inside && !within) {
        (void)!uxo_schema_check(target->document, value, target->path, report);
    }
}

/* The row by which a distribution of an axis is read: that of the key, where a value is the key's; else any number. A distribution of an axis
 * says which scenarios there are, not how a scenario varies. */
static uxo_key_row row_of_axis(const sweep_target *target, bool within)
{
    static const double ANY = 1e12; /* a bound against slips of the pen: ASSUMED */
    uxo_key_row row = *target->row;
    if (target->inside || within || row.type == UXO_TYPE_LOCATION) {
        row = (uxo_key_row){.path = target->row->path, .type = UXO_TYPE_REAL, .minimum = -ANY, .maximum = ANY};
    }
    row.type = row.type == UXO_TYPE_INTEGER  ? UXO_TYPE_COUNT
               : row.type == UXO_TYPE_NUMBER ? (row.minimum >= 0.0 ? UXO_TYPE_POSITIVE : UXO_TYPE_REAL)
                                             : row.type;
    row.must_say_per = false;
    row.per_default = UXO_PER_CAMPAIGN;
    row.per_allowed = "campaign";
    return row;
}

static bool takes_numbers(const uxo_key_row *row)
{
    return row->type == UXO_TYPE_RATE || row->type == UXO_TYPE_POSITIVE || row->type == UXO_TYPE_REAL ||
           row->type == UXO_TYPE_COUNT || row->type == UXO_TYPE_HEADING;
}

/* The key of an axis that is a form of distribution; NULL: none, or several, which is complained of. */
static const uxo_node *find_form(const uxo_node *node, uxo_report *report)
{
    const uxo_node *form = NULL;
    for (const uxo_node *child = node->first; child != NULL; child = child->next) {
        if (strcmp(child->key, "key") == 0 || strcmp(child->key, "as") == 0) {
            continue;
        }
        if (form != NULL) {
            uxo_report_add(report, UXO_ERROR, &child->key_place, "axis '%.60s': '%s' besides '%s'; keep one of them",
                           node->key, child->key, form->key);
            return NULL;
        }
        form = child;
    }
    if (form == NULL) {
        uxo_report_add(report, UXO_ERROR, &node->key_place,
                       "axis '%.60s' has no values; write values: [a, b, c] or a distribution such as uniform: [a, b]",
                       node->key);
    }
    return form;
}

static bool read_values(const uxo_node *values, const sweep_target *target, bool within, uxo_sweep_axis *out,
                        uxo_report *report)
{
    if (values->kind != UXO_NODE_SEQUENCE || values->count == 0) {
        uxo_report_add(report, UXO_ERROR, &values->place,
                       "values: a list with at least one value is wanted, in square brackets: [a, b]");
        return false;
    }
    const size_t errors_before = report->error_count;
    out->value = calloc(values->count, sizeof *out->value);
    for (const uxo_node *item = values->first; out->value != NULL && item != NULL; item = item->next) {
        sweep_check_value(item, target, within, report);
        char *const text = uxo_node_print(item);
        if (text == NULL) {
            return out_of_memory(report);
        }
        out->value[out->value_count++] = text;
    }
    return out->value != NULL ? report->error_count == errors_before : out_of_memory(report);
}

static bool read_form(const uxo_node *node, const uxo_node *form, const sweep_target *target, bool within,
                      uxo_sweep_axis *out, uxo_report *report)
{
    const uxo_key_row row = row_of_axis(target, within);
    uxo_node alone = *form, mapping = *node;
    if (!takes_numbers(&row)) {
        uxo_report_add(report, UXO_ERROR, &form->key_place,
                       "%s: '%.60s' takes no numbers; give the axis values: [a, b]", form->key, target->path);
        return false;
    }
    alone.next = NULL;
    mapping.first = &alone;
    mapping.count = 1;
    return uxo_distribution_read(&mapping, &row, &out->quantity, report) == UXO_OK;
}

/* The next place of the plain word `value` in a text of flow style; NULL: there is none. */
static const char *find_place(const char *text, const char *from)
{
    for (const char *at = strstr(from, "value"); at != NULL; at = strstr(at + 1, "value")) {
        const bool begins = at == text || at[-1] == '[' || (at >= text + 2 && at[-1] == ' ' && strchr(":,", at[-2]));
        if (begins && strchr(",]}", at[strlen("value")]) != NULL) { /* the end of the text, too */
            return at;
        }
    }
    return NULL;
}

/* What stands about the value. */
static bool read_shape(const uxo_node *as, uxo_sweep_axis *out, uxo_report *report)
{
    char *const text = as != NULL ? uxo_node_print(as) : strdup("value");
    const char *const at = text != NULL ? find_place(text, text) : NULL;
    if (at != NULL && find_place(text, at + 1) == NULL) {
        out->before = strndup(text, (size_t)(at - text));
        out->after = strdup(at + strlen("value"));
    } else if (text != NULL) {
        uxo_report_add(report, UXO_ERROR, &as->place,
                       "as: the word `value` is wanted once, where the value goes, such as {beta: {mean: value, "
                       "concentration: 20}, per: campaign}; it is there %s",
                       at == NULL ? "nowhere" : "more than once");
        free(text);
        return false;
    }
    free(text);
    return (out->before != NULL && out->after != NULL) || out_of_memory(report);
}

static bool is_name(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    const size_t length = strlen(text);
    return length > 0 && length <= 40 && strspn(text, letters) == length;
}

bool sweep_read_axis(const uxo_node *node, bool only_values, uxo_sweep_axis *out, uxo_report *report)
{
    sweep_target target;
    const uxo_node *const key = uxo_node_get(node, "key"), *const as = uxo_node_get(node, "as");
    *out = (uxo_sweep_axis){.name = strdup(node->key), .place = node->key_place};
    out->excerpt = node->key_place.excerpt != NULL ? strdup(node->key_place.excerpt) : NULL;
    out->place.excerpt = out->excerpt;
    if (!is_name(node->key)) {
        uxo_report_add(report, UXO_ERROR, &node->key_place,
                       "'%.60s' cannot be an axis' name; letters, digits, hyphens and underscores, at most 40",
                       node->key);
    }
    if (out->name == NULL) {
        return out_of_memory(report);
    }
    if (node->kind != UXO_NODE_MAPPING || key == NULL || key->kind != UXO_NODE_SCALAR) {
        return false; /* reported by the schema */
    }
    out->key = strdup(key->text);
    if (out->key == NULL) {
        return out_of_memory(report);
    }
    const bool found = sweep_find_target(key, &target, report);
    const uxo_node *const form = find_form(node, report);
    if (!found || form == NULL) {
        return false;
    }
    out->moves_grid = strncmp(target.path, "grid.", 5) == 0;
    const bool values = strcmp(form->key, "values") == 0;
    if (!values && only_values) {
        uxo_report_add(report, UXO_ERROR, &form->key_place,
                       "axis '%.60s': grid and list take values: [a, b, c], no distribution", node->key);
        return false;
    }
    const bool good = values ? read_values(form, &target, as != NULL, out, report)
                             : read_form(node, form, &target, as != NULL, out, report);
    return read_shape(as, out, report) && good && is_name(node->key);
}

void sweep_free_axis(uxo_sweep_axis *self)
{
    for (uint32_t i = 0; self->value != NULL && i < self->value_count; i++) {
        free(self->value[i]);
    }
    free(self->value);
    free(self->name);
    free(self->key);
    free(self->before);
    free(self->after);
    free(self->excerpt);
    memset(self, 0, sizeof *self);
}
