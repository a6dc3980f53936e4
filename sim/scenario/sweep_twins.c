/* sweep_twins.c - scenarios of a sweep that are there twice, and axes that do not vary. Two scenarios that are alike would count twice in every
 * mean over scenarios, and so in the effects of all axes. Values are compared as what they say, not as texts: 0.1 is 0.10. */
#include <stdlib.h>
#include <string.h>

#include "sweep_private.h"

/* One value, or one row of a list, in words that are the same where the values are. */
typedef struct sweep_words {
    char *text; /* owned */
    uint32_t number;
    const uxo_node *node; /* where to complain */
} sweep_words;

static void write_scalar(FILE *out, const uxo_node *node, bool numbers)
{
    const char *why;
    double value;
    if (numbers && !node->quoted && uxo_schema_number(node->text, &value, &why)) {
        fprintf(out, "%.17g", value + 0.0); /* 0 and -0 are one number */
    } else {
        fprintf(out, "%zu:%s", strlen(node->text), node->text);
    }
}

/* The entry of a mapping with the next key in alphabetical order; NULL: there is none. */
static const uxo_node *next_entry(const uxo_node *mapping, const uxo_node *before)
{
    const uxo_node *next = NULL;
    for (const uxo_node *child = mapping->first; child != NULL; child = child->next) {
        if ((before == NULL || strcmp(child->key, before->key) > 0) &&
            (next == NULL || strcmp(child->key, next->key) < 0)) {
            next = child;
        }
    }
    return next;
}

static void write_words(FILE *out, const uxo_node *node, bool numbers)
{
    if (node->kind == UXO_NODE_SCALAR) {
        write_scalar(out, node, numbers);
    } else if (node->kind == UXO_NODE_SEQUENCE) {
        fputc('[', out);
        for (const uxo_node *child = node->first; child != NULL; child = child->next) {
            write_words(out, child, numbers);
            fputc(',', out);
        }
        fputc(']', out);
    } else {
        fputc('{', out);
        for (const uxo_node *child = next_entry(node, NULL); child != NULL; child = next_entry(node, child)) {
            fprintf(out, "%zu:%s=", strlen(child->key), child->key);
            write_words(out, child, numbers);
            fputc(',', out);
        }
        fputc('}', out);
    }
}

/* Do numbers of this key mean numbers, rather than names of files? */
static bool takes_numbers(const uxo_node *axis)
{
    sweep_target target;
    uxo_report scratch; /* what is wrong with the axis has been said */
    uxo_report_init(&scratch);
    const bool found = sweep_find_target(uxo_node_get(axis, "key"), &target, &scratch);
    uxo_report_free(&scratch);
    return found && target.row->type != UXO_TYPE_PATH && target.row->type != UXO_TYPE_STRING;
}

/* The values of an axis, each behind what `words` holds already; `fresh`: it holds nothing. False: out of memory. */
static bool add_words(sweep_words *words, uint32_t count, const uxo_node *axis, bool fresh)
{
    const bool numbers = takes_numbers(axis);
    const uxo_node *node = uxo_node_get(axis, "values")->first;
    for (uint32_t i = 0; i < count && node != NULL; i++, node = node->next) {
        char *text = NULL;
        size_t length = 0;
        FILE *const out = open_memstream(&text, &length);
        if (out == NULL) {
            return false;
        }
        if (fresh) {
            words[i] = (sweep_words){.number = i, .node = node};
        }
        fputs(words[i].text != NULL ? words[i].text : "", out);
        write_words(out, node, numbers);
        free(words[i].text);
        words[i].text = NULL;
        if (fclose(out) != 0) {
            free(text);
            return false;
        }
        words[i].text = text;
    }
    return true;
}

static void free_words(sweep_words *words, uint32_t count)
{
    for (uint32_t i = 0; words != NULL && i < count; i++) {
        free(words[i].text);
    }
    free(words);
}

static int compare_words(const void *left, const void *right)
{
    const sweep_words *const a = left, *const b = right;
    const int order = strcmp(a->text, b->text);
    return order != 0 ? order : a->number < b->number ? -1 : 1;
}

/* Sorts them, complains of each that is there before (with `of_list`, as rows), and says how many there are but for those. */
static uint32_t find_twins(sweep_words *words, uint32_t count, bool of_list, uxo_report *report)
{
    uint32_t distinct = 0;
    qsort(words, count, sizeof *words, compare_words);
    for (uint32_t i = 0, first = 0; i < count; i++) {
        if (i == 0 || strcmp(words[i].text, words[first].text) != 0) {
            first = i;
            distinct++;
            continue;
        }
        char *const twin = uxo_node_print(words[first].node), *const text = uxo_node_print(words[i].node);
        const bool same_text = twin != NULL && text != NULL && strcmp(twin, text) == 0;
        if (report != NULL && of_list) {
            uxo_report_add(report, UXO_ERROR, &words[i].node->place,
                           "values: scenario %u of the list is scenario %u again: all axes have the same values there, "
                           "and it would count twice",
                           words[i].number + 1, words[first].number + 1);
        } else if (report != NULL) {
            uxo_report_add(report, UXO_ERROR, &words[i].node->place,
                           "values: %.60s is there twice%s%.60s; its scenarios would count twice",
                           text != NULL ? text : "", same_text || twin == NULL ? "" : ", before as ",
                           same_text || twin == NULL ? "" : twin);
        }
        free(twin);
        free(text);
    }
    return distinct;
}

/* How many values of an axis differ; those that do not are complained of unless the report is NULL. 0: out of memory. */
static uint32_t count_values(const uxo_node *axis, uint32_t count, uxo_report *report)
{
    sweep_words *const words = calloc((size_t)count + 1, sizeof *words);
    const uint32_t distinct =
        words != NULL && add_words(words, count, axis, true) ? find_twins(words, count, false, report) : 0;
    free_words(words, count);
    return distinct;
}

static bool check_list(const uxo_sweep *sweep, const uxo_node *axes, uxo_report *report)
{
    const uint32_t count = sweep->axis[0].value_count;
    sweep_words *const words = calloc((size_t)count + 1, sizeof *words);
    bool good = words != NULL, fits = true;
    for (const uxo_node *axis = axes->first; good && axis != NULL; axis = axis->next) {
        fits = fits && uxo_node_get(axis, "values")->count == count; /* complained of with the design */
        good = !fits || add_words(words, count, axis, axis == axes->first);
    }
    if (good && fits) {
        (void)find_twins(words, count, true, report);
    }
    free_words(words, count);
    return good;
}

/* Has any axis more than one value? If not there is one scenario, which is said of the design. */
static bool any_varies(const uxo_sweep *sweep)
{
    bool varies = false;
    for (uint32_t a = 0; a < sweep->axis_count; a++) {
        varies = varies || sweep->axis[a].value_count != 1;
    }
    return varies;
}

bool sweep_check_twins(const uxo_sweep *sweep, const uxo_node *axes, uxo_design_kind kind, uxo_report *report)
{
    const bool of_list = kind == UXO_DESIGN_LIST;
    bool good = true;
    uint32_t a = 0;
    for (const uxo_node *axis = axes->first; good && axis != NULL; axis = axis->next, a++) {
        const uint32_t count = sweep->axis[a].value_count;
        const uint32_t distinct = count > 0 ? count_values(axis, count, of_list ? NULL : report) : 0;
        good = count == 0 || distinct > 0;
        if (distinct == 1 && !sweep->has_baseline && any_varies(sweep)) {
            uxo_report_add(report, UXO_WARNING, &axis->key_place,
                           "axis '%.60s' does not vary: all scenarios have the same value, and nothing can be said of "
                           "what it matters; give it a second value, or a baseline to compare with",
                           axis->key);
        }
    }
    return good && (!of_list || check_list(sweep, axes, report));
}
