/* distribution.c - a quantity from a YAML node: a number, or which form of distribution, and at which level it varies.
 * The forms are in distribution_forms.c, weights in distribution_weights.c, the solution of {interval90} in
 * distribution_solve.c.
 */
#include "uxosim/distribution.h"

#include <string.h>

#include "distribution_private.h"
#include "schema_private.h"

#define FORMS "uniform|range|triangular|interval90|beta|normal|poisson|choice"

static void explain_per(const uxo_node *node, const uxo_key_row *row, uxo_report *report)
{
    uxo_schema_refuse(
        node, row, report,
        "a distribution of a failure rate must say at which level it varies, because the interval of every total "
        "depends "
        "on it. Add `per: campaign` if nobody knows the rate of the type (all strikes share it; the interval of the "
        "total "
        "stays wide), `per: strike` if it differs from strike to strike (it averages out over many strikes), or "
        "`per: carrier` (it averages out even faster). A published range is usually `per: campaign`");
}

static bool read_per(const uxo_node *node, const uxo_node *per, const uxo_key_row *row, uxo_quantity *out,
                     uxo_report *report)
{
    static const char *const word[] = {"", "campaign", "strike", "carrier"};
    if (per == NULL) {
        out->per = row->per_default;
        if (row->must_say_per && out->form != UXO_FORM_CONSTANT) {
            explain_per(node, row, report);
            return false;
        }
        return true;
    }
    for (int i = UXO_PER_CAMPAIGN; per->kind == UXO_NODE_SCALAR && i <= UXO_PER_CARRIER; i++) {
        if (strcmp(per->text, word[i]) == 0 && uxo_schema_is_word(word[i], row->per_allowed)) {
            out->per = (uxo_per)i;
            return true;
        }
    }
    char allowed[UXO_SCHEMA_TEXT];
    uxo_schema_list_words(row->per_allowed, allowed, sizeof allowed);
    uxo_report_add(report, UXO_ERROR, &per->place, "per: '%.60s' is not possible here. Allowed: %s",
                   per->kind == UXO_NODE_SCALAR ? per->text : "a list or mapping", allowed);
    return false;
}

/* The one key of a mapping that is a form. */
static const uxo_node *find_form(const uxo_node *node, const uxo_key_row *row, uxo_report *report)
{
    static const char *const known[] = {"uniform", "range",   "triangular", "interval90", "beta",
                                        "normal",  "poisson", "choice",     "per"};
    const uxo_node *form = NULL;
    for (const uxo_node *child = node->first; child != NULL; child = child->next) {
        if (strcmp(child->key, "per") == 0) {
            continue;
        }
        if (!uxo_schema_is_word(child->key, FORMS)) {
            const char *const nearest = uxo_schema_nearest(child->key, known, sizeof known / sizeof *known);
            uxo_report_add(report, UXO_ERROR, &child->key_place, "unknown distribution '%.60s'%s%s%s", child->key,
                           nearest != NULL
                               ? "; did you mean '"
                               : "; known are uniform, range, triangular, interval90, beta, normal, poisson, choice",
                           nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
            return NULL;
        }
        if (form != NULL) {
            uxo_report_add(report, UXO_ERROR, &child->key_place,
                           "a second distribution in one place ('%s' is there already); keep one", form->key);
            return NULL;
        }
        form = child;
    }
    if (form == NULL) {
        uxo_schema_refuse(node, row, report, "a distribution is missing, for example {uniform: [lowest, highest]}");
    }
    return form;
}

uxo_status uxo_distribution_read(const uxo_node *node, const uxo_key_row *row, uxo_quantity *out, uxo_report *report)
{
    *out = uxo_quantity_constant(0.0);
    uxo_quantity read = *out;
    read.integer = row->type == UXO_TYPE_COUNT;
    read.lower = row->minimum;
    read.upper = row->maximum;
    if (node->kind != UXO_NODE_MAPPING) {
        if (!uxo_schema_read_number(node, row, &read.p[0], report)) {
            return UXO_ERR_DATA;
        }
        *out = read;
        return UXO_OK;
    }
    const uxo_node *const form = find_form(node, row, report);
    if (form == NULL) {
        return UXO_ERR_DATA;
    }
    const uxo_distribution_context self = {form, row, &read, report};
    const bool good = uxo_distribution_read_form(&self);
    if (!read_per(node, uxo_node_get(node, "per"), row, &read, report) || !good) {
        return UXO_ERR_DATA;
    }
    *out = read;
    return UXO_OK;
}
