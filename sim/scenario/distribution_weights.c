/* distribution_weights.c - weights by word: of munitions, of the values of a {choice}. */
#include <string.h>

#include "distribution_private.h"
#include "schema_private.h"

static bool read_weight(const uxo_node *node, const uxo_key_row *row, double *weight, uxo_report *report)
{
    const uxo_key_row number = {
        .path = row->path, .type = UXO_TYPE_NUMBER, .unit = "1", .minimum = 0.0, .maximum = 1e9};
    uxo_node unnamed = *node;
    unnamed.key = NULL;
    return uxo_schema_read_number(&unnamed, &number, weight, report);
}

/* Ascending by word, so that results do not depend on the order in the file. */
static void insert(const char **word, double *weight, uint32_t count, const char *new_word, double new_weight)
{
    uint32_t at = count;
    for (; at > 0 && strcmp(word[at - 1], new_word) > 0; at--) {
        word[at] = word[at - 1];
        weight[at] = weight[at - 1];
    }
    word[at] = new_word;
    weight[at] = new_weight;
}

bool uxo_distribution_weights(const uxo_node *map, const uxo_key_row *row, const char **word, double *weight,
                              uint32_t *count, uxo_report *report)
{
    const size_t errors_before = report->error_count;
    double sum = 0.0;
    *count = 0;
    if (map->count > UXO_MAX_CHOICES) {
        uxo_schema_refuse(map, row, report, "at most %d choices are possible, here are %u", UXO_MAX_CHOICES,
                          (unsigned)map->count);
        return false;
    }
    for (const uxo_node *child = map->first; child != NULL; child = child->next) {
        double one = 0.0;
        if (read_weight(child, row, &one, report) && one > 0.0) {
            insert(word, weight, (*count)++, child->key, one);
        }
    }
    if (report->error_count > errors_before) {
        return false;
    }
    if (*count == 0) {
        uxo_schema_refuse(map, row, report, "the weights add up to 0; give at least one choice a weight above 0");
        return false;
    }
    for (uint32_t i = 0; i < *count; i++) {
        sum += weight[i];
    }
    for (uint32_t i = 0; i < *count; i++) {
        weight[i] /= sum;
    }
    return true;
}

bool uxo_distribution_read_weights(const uxo_node *node, const uxo_key_row *row, const char **word, double *weight,
                                   uint32_t *count, uxo_report *report)
{
    *count = 0;
    if (node->kind == UXO_NODE_SCALAR && node->text[0] != '\0') {
        word[0] = node->text;
        weight[0] = 1.0;
        *count = 1;
        return true;
    }
    if (node->kind != UXO_NODE_MAPPING) {
        uxo_schema_refuse(node, row, report,
                          "the id of a munition is wanted, or weights by munition: {a: 0.6, b: 0.4}");
        return false;
    }
    const uxo_node *const choice = uxo_node_get(node, "choice");
    const uxo_node *const per = uxo_node_get(node, "per");
    if (choice == NULL) {
        return uxo_distribution_weights(node, row, word, weight, count, report);
    }
    if (node->count != 1u + (per != NULL) || choice->kind != UXO_NODE_MAPPING) {
        uxo_schema_refuse(node, row, report, "write {choice: {a: 0.6, b: 0.4}}");
        return false;
    }
    if (per != NULL && (per->kind != UXO_NODE_SCALAR || strcmp(per->text, "strike") != 0)) {
        uxo_schema_refuse(per, row, report,
                          "which munition it was is drawn for each strike; only `per: strike` is possible");
        return false;
    }
    return uxo_distribution_weights(choice, row, word, weight, count, report);
}
