/* schema.c - checks a tree against the table of keys: unknown and missing keys, types, ranges. Rules that join several
 * keys (either bounds_m or around) belong to whoever reads them.
 */
#include "uxosim/schema.h"

#include <string.h>

#include "schema_private.h"
#include "uxosim/distribution.h"

enum { PATH = 256 };

typedef struct checker {
    uxo_document document;
    bool partial; /* required keys may be missing: an override */
    uxo_report *report;
} checker;

static void check_value(const checker *self, const uxo_node *node, const uxo_key_row *row);

/* Is the path that of the row? "*" in the row's stands for any word. */
static bool is_path_of(const char *row, const char *path)
{
    while (*row != '\0') {
        const size_t length = strcspn(row, "."), other = strcspn(path, ".");
        const bool any = length == 1 && row[0] == '*' && other > 0;
        if (!any && (length != other || strncmp(row, path, length) != 0)) {
            return false;
        }
        row += length;
        path += other;
        if (*row != *path) {
            return false;
        }
        row += *row != '\0';
        path += *path != '\0';
    }
    return *path == '\0';
}

const uxo_key_row *uxo_schema_find(uxo_document document, const char *path)
{
    const size_t count = uxo_schema_row_count(document);
    for (size_t i = 0; i < count; i++) {
        const uxo_key_row *const row = uxo_schema_row(document, i);
        if (strcmp(row->path, path) == 0) {
            return row;
        }
    }
    for (size_t i = 0; i < count; i++) {
        const uxo_key_row *const row = uxo_schema_row(document, i);
        if (row->path[0] == path[0] && is_path_of(row->path, path)) {
            return row;
        }
    }
    return NULL;
}

/* The last word of `path` if it is a direct child of `parent`. */
static const char *child_word(const char *path, const char *parent)
{
    return uxo_schema_is_child(path, parent) ? uxo_schema_last(path) : NULL;
}

static const uxo_key_row *find_child(uxo_document document, const char *parent, const char *word)
{
    const size_t count = uxo_schema_row_count(document);
    for (size_t i = 0; i < count; i++) {
        const uxo_key_row *const row = uxo_schema_row(document, i);
        const char *const last = child_word(row->path, parent);
        if (last != NULL && strcmp(last, word) == 0) {
            return row;
        }
    }
    return NULL;
}

static void refuse_unknown(const checker *self, const uxo_node *node, const char *parent)
{
    enum { MOST = 32 };
    const char *name[MOST];
    const size_t count = uxo_schema_row_count(self->document);
    size_t known = 0;
    for (size_t i = 0; i < count && known < MOST; i++) {
        const uxo_key_row *const row = uxo_schema_row(self->document, i);
        const char *const last = child_word(row->path, parent);
        if (last != NULL) {
            name[known++] = last;
        }
    }
    const char *const nearest = uxo_schema_nearest(node->key, name, known);
    if (nearest != NULL) {
        uxo_report_add(self->report, UXO_ERROR, &node->key_place, "unknown key '%.60s'; did you mean '%s'?", node->key,
                       nearest);
        return;
    }
    char all[PATH * 2] = "";
    size_t used = 0;
    for (size_t i = 0; i < known && used < sizeof all; i++) {
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", i > 0 ? ", " : "", name[i]);
    }
    uxo_report_add(self->report, UXO_ERROR, &node->key_place, "unknown key '%.60s'; the keys here are: %s", node->key,
                   all);
}

static void require_keys(const checker *self, const uxo_node *node, const char *parent)
{
    const size_t count = uxo_schema_row_count(self->document);
    const uxo_place *const place = node->key != NULL ? &node->key_place : &node->place;
    for (size_t i = 0; i < count && !self->partial; i++) {
        const uxo_key_row *const row = uxo_schema_row(self->document, i);
        const char *const last = child_word(row->path, parent);
        if (last != NULL && row->required && uxo_node_get(node, last) == NULL) {
            char wanted[UXO_SCHEMA_TEXT];
            uxo_schema_describe(row, wanted, sizeof wanted);
            uxo_report_add(self->report, UXO_ERROR, place, "the key '%s' is missing%s%.60s%s; it takes %s", last,
                           node->key != NULL ? " in '" : "", node->key != NULL ? node->key : "",
                           node->key != NULL ? "'" : "", wanted);
        }
    }
}

static void check_keys(const checker *self, const uxo_node *node, const char *path)
{
    const bool open = find_child(self->document, path, "*") != NULL;
    for (const uxo_node *child = node->first; child != NULL; child = child->next) {
        const uxo_key_row *const row = find_child(self->document, path, open ? "*" : child->key);
        if (row == NULL) {
            refuse_unknown(self, child, path);
        } else {
            check_value(self, child, row);
        }
    }
    require_keys(self, node, path);
}

static void check_list(const checker *self, const uxo_node *node, const uxo_key_row *row)
{
    char wanted[UXO_SCHEMA_TEXT];
    uxo_schema_describe(row, wanted, sizeof wanted);
    if (node->kind == UXO_NODE_SCALAR && row->type == UXO_TYPE_STRINGS && row->allowed != NULL) {
        uxo_schema_check_scalar(node, row, self->report);
        return;
    }
    if (node->kind != UXO_NODE_SEQUENCE || node->count == 0) {
        uxo_schema_refuse(node, row, self->report, "%s is wanted, in square brackets: [a, b]", wanted);
        return;
    }
    uint32_t least, most;
    if (uxo_schema_list_length(row, &least, &most) && (node->count < least || node->count > most)) {
        const bool commas = least == most && node->count == 2 * least;
        uxo_schema_refuse(node, row, self->report, "%s is wanted, but here are %u%s", wanted, (unsigned)node->count,
                          commas ? "; decimals are written with a point, not a comma" : "");
        return;
    }
    for (const uxo_node *item = node->first; item != NULL; item = item->next) {
        double value;
        if (row->type == UXO_TYPE_NUMBERS) {
            (void)uxo_schema_read_number(item, row, &value, self->report);
        } else if (item->kind != UXO_NODE_SCALAR || item->text[0] == '\0') {
            uxo_schema_refuse(item, row, self->report, "an item of the list must be a name");
        } else {
            uxo_schema_check_scalar(item, row, self->report);
        }
    }
}

static void check_location(const checker *self, const uxo_node *node, const uxo_key_row *row)
{
    if (node->kind != UXO_NODE_MAPPING) {
        uxo_schema_refuse(node, row, self->report,
                          "write {r95_m: 150} (95 %% within that radius) or {disc_m: 150} (anywhere on that disc)");
        return;
    }
    check_keys(self, node, row->path);
    if (node->count != 1) {
        uxo_schema_refuse(node, row, self->report, "one of r95_m and disc_m is wanted, not %s",
                          node->count == 0 ? "none" : "both");
    }
}

static void check_section(const checker *self, const uxo_node *node, const uxo_key_row *row)
{
    const uxo_key_row *const bare = row->allowed != NULL ? find_child(self->document, row->path, row->allowed) : NULL;
    if (bare != NULL && node->kind == UXO_NODE_SEQUENCE) {
        check_list(self, node, bare);
    } else if (node->kind != UXO_NODE_MAPPING) {
        const bool empty = node->kind == UXO_NODE_SCALAR && node->text[0] == '\0';
        uxo_schema_refuse(node, row, self->report, "%s wanted, %s%s",
                          bare != NULL ? "a list or `key: value` lines are" : "`key: value` lines are",
                          empty ? "but there is nothing" : "not ",
                          empty                             ? ""
                          : node->kind == UXO_NODE_SEQUENCE ? "a list"
                                                            : "a single value");
    } else if (row->same_as != NULL) {
        const checker other = {UXO_DOCUMENT_CATALOGUE, true, self->report};
        check_keys(&other, node, row->same_as);
    } else {
        check_keys(self, node, row->path);
    }
}

static void check_mixture(const checker *self, const uxo_node *node, const uxo_key_row *row)
{
    double weight[UXO_MAX_CHOICES];
    const char *word[UXO_MAX_CHOICES];
    uint32_t count;
    (void)uxo_distribution_read_weights(node, row, word, weight, &count, self->report);
}

static void check_value(const checker *self, const uxo_node *node, const uxo_key_row *row)
{
    uxo_quantity quantity;
    if (row->later != NULL && row->later_words == NULL) {
        uxo_report_add(self->report, UXO_ERROR, &node->key_place, "'%s': %s", node->key, row->later);
        return;
    }
    switch (row->type) {
    case UXO_TYPE_SECTION:
    case UXO_TYPE_OPEN:
        check_section(self, node, row);
        break;
    case UXO_TYPE_NUMBERS:
    case UXO_TYPE_STRINGS:
        check_list(self, node, row);
        break;
    case UXO_TYPE_HEADING:
        if (node->kind == UXO_NODE_SCALAR && strcmp(node->text, "unknown") == 0) {
            break;
        }
        (void)!uxo_distribution_read(node, row, &quantity, self->report);
        break;
    case UXO_TYPE_RATE:
    case UXO_TYPE_POSITIVE:
    case UXO_TYPE_REAL:
    case UXO_TYPE_COUNT:
        if (row->or_field && uxo_schema_names_field(node)) {
            break;
        }
        (void)!uxo_distribution_read(node, row, &quantity, self->report);
        break;
    case UXO_TYPE_LOCATION:
        check_location(self, node, row);
        break;
    case UXO_TYPE_MIXTURE:
        check_mixture(self, node, row);
        break;
    case UXO_TYPE_ANY:
        break;
    default:
        uxo_schema_check_scalar(node, row, self->report);
    }
}

uxo_status uxo_schema_check(uxo_document document, const uxo_node *root, const char *at, uxo_report *report)
{
    const checker self = {document, false, report};
    const size_t errors_before = report->error_count;
    const uxo_key_row *const row = uxo_schema_find(document, at);
    if (row != NULL) {
        check_value(&self, root, row);
    } else if (root->kind != UXO_NODE_MAPPING) {
        uxo_report_add(report, UXO_ERROR, &root->place, "`key: value` lines are wanted, not %s",
                       root->kind == UXO_NODE_SEQUENCE ? "a list" : "a single value");
    } else {
        check_keys(&self, root, at);
    }
    return uxo_report_status(report, errors_before);
}
