/* compare_values.c - what differs in the scenarios behind two results: values by their keys, inputs by their digests, version, seed. */
#include <stdlib.h>
#include <string.h>

#include "compare_private.h"

/* Values of one result by their keys: attributes, scenario, inputs. */
typedef struct value_list {
    const char **key, **value;
    size_t count;
} value_list;

static const char *const ATTRIBUTES[] = {"source", "as_of", "estimator", "seed", "realisations"};
enum { ATTRIBUTE_COUNT = sizeof ATTRIBUTES / sizeof *ATTRIBUTES };

static void append(value_list *list, const char *key, const char *value)
{
    list->key[list->count] = key;
    list->value[list->count] = value;
    list->count++;
}

static void append_table(uxo_result *result, const char *keys, const char *values, value_list *list, size_t capacity)
{
    size_t count = 0, others = 0;
    const char *const *const key = uxo_result_strings(result, keys, &count);
    const char *const *const value = uxo_result_strings(result, values, &others);
    for (size_t i = 0; key != NULL && value != NULL && others == count && i < count && list->count < capacity; i++) {
        append(list, key[i], value[i]);
    }
}

static bool list_values(uxo_result *result, value_list *list)
{
    size_t used = 0, inputs = 0;
    (void)uxo_result_strings(result, "/provenance/used_path", &used);
    (void)uxo_result_strings(result, "/provenance/input_role", &inputs);
    const size_t capacity = ATTRIBUTE_COUNT + used + inputs;
    *list = (value_list){calloc(capacity, sizeof *list->key), calloc(capacity, sizeof *list->value), 0};
    if (list->key == NULL || list->value == NULL) {
        return false;
    }
    for (size_t i = 0; i < ATTRIBUTE_COUNT; i++) {
        const char *const text = uxo_result_text(result, "/", ATTRIBUTES[i]);
        if (text != NULL) {
            append(list, ATTRIBUTES[i], text);
        }
    }
    append_table(result, "/provenance/used_path", "/provenance/used_value", list, capacity);
    append_table(result, "/provenance/input_role", "/provenance/input_sha256", list, capacity);
    return true;
}

/* Value of a key; the same place is tried first. A key that occurs again (inputs of one role) is that of its own number. */
static const char *find(const value_list *list, const value_list *other, size_t index)
{
    const char *const key = other->key[index];
    size_t before = 0;
    if (index < list->count && strcmp(list->key[index], key) == 0) {
        return list->value[index];
    }
    for (size_t i = 0; i < index; i++) {
        before += strcmp(other->key[i], key) == 0;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->key[i], key) == 0 && before-- == 0) {
            return list->value[i];
        }
    }
    return NULL;
}

static void collect(uxo_compare *self, const value_list list[2])
{
    for (size_t i = 0; i < list[0].count; i++) {
        const char *const second = find(&list[1], &list[0], i);
        if (second == NULL || strcmp(list[0].value[i], second) != 0) {
            self->value[self->values++] = (uxo_compare_value){list[0].key[i], list[0].value[i], second};
        }
    }
    for (size_t i = 0; i < list[1].count; i++) {
        if (find(&list[0], &list[1], i) == NULL) {
            self->value[self->values++] = (uxo_compare_value){list[1].key[i], NULL, list[1].value[i]};
        }
    }
}

uxo_status compare_values(uxo_compare *self, const compare_side side[2], uxo_report *report)
{
    value_list list[2] = {{0}, {0}};
    bool good = list_values(side[0].result, &list[0]) && list_values(side[1].result, &list[1]);
    self->value = good ? calloc(list[0].count + list[1].count + 1, sizeof *self->value) : NULL;
    good = self->value != NULL;
    if (good) {
        collect(self, list);
    }
    for (int s = 0; s < 2; s++) {
        free(list[s].key);
        free(list[s].value);
    }
    return good ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the values of two scenarios");
}
