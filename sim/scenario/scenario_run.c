/* scenario_run.c - the sections `run` and `output`: how much is computed, by which estimator, and what of it is
 * written. Rules that join several of their keys are here. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scenario_private.h"

const char *uxo_estimator_word(uxo_estimator estimator)
{
    return estimator == UXO_ESTIMATOR_ANALOG ? "analog" : "expected-value";
}

int32_t uxo_assembly_today(void)
{
    return (int32_t)(time(NULL) / 86400);
}

static void refuse(assembly *self, const uxo_place *place, const char *text)
{
    uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_DATA, place, "%s", text));
}

static void read_as_of(assembly *self)
{
    int32_t *const day = &self->out->as_of_day;
    const uxo_node *const as_of = uxo_assembly_node(self, "run.as_of");
    *day = UXO_NO_DATE;
    if (as_of != NULL && uxo_schema_date(as_of->text, day) && *day > uxo_assembly_today()) {
        uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_DATA, &as_of->place,
                                         "run.as_of: %s is in the future; only strikes that have happened are modelled",
                                         as_of->text));
    }
}

static void read_until(assembly *self)
{
    uxo_until *const until = &self->out->until;
    const bool has_least = uxo_assembly_node(self, "run.until.min_density_per_ha") != NULL;
    until->given = true;
    until->relative_error = uxo_assembly_number(self, "run.until.relative_error");
    until->min_density_per_ha = has_least ? uxo_assembly_number(self, "run.until.min_density_per_ha") : NAN;
    self->out->realisations = (uint32_t)uxo_assembly_number(self, "run.until.max_realisations");
}

/* How many realisations: a number of them, or until an error is reached. */
static void read_length(assembly *self)
{
    const uxo_node *const run = uxo_node_get(self->root, "run");
    if (run == NULL || run->kind != UXO_NODE_MAPPING) {
        return; /* reported by the schema */
    }
    const uxo_node *const realisations = uxo_node_get(run, "realisations"), *const until = uxo_node_get(run, "until");
    if (realisations != NULL && until != NULL) {
        refuse(self, &until->key_place, "run: both realisations and until are given; keep one of them");
    } else if (until != NULL) {
        read_until(self);
    } else if (realisations != NULL) {
        self->out->realisations = (uint32_t)uxo_assembly_number(self, "run.realisations");
    } else {
        refuse(self, &run->key_place,
               "run: say how much is computed, with `realisations: 2000` or `until: {relative_error: 0.01}`");
    }
}

void uxo_assembly_run(assembly *self)
{
    uxo_scenario *const out = self->out;
    const double quantiles[3] = {0.05, 0.5, 0.95};
    memcpy(out->quantile, quantiles, sizeof quantiles);
    read_as_of(self);
    if (!uxo_schema_unsigned(uxo_assembly_text(self, "run.seed"), &out->seed)) {
        out->seed = 1;
    }
    read_length(self);
    out->estimator = strcmp(uxo_assembly_text(self, "run.estimator"), "analog") == 0 ? UXO_ESTIMATOR_ANALOG
                                                                                     : UXO_ESTIMATOR_EXPECTED_VALUE;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The numbers of a sound list, ascending; refused when two are equal. */
static void take_numbers(assembly *self, const char *path, const uxo_node *list, double **out, uint32_t *count)
{
    const char *why;
    *out = calloc(list->count, sizeof **out);
    if (*out == NULL) {
        uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_MEMORY, NULL, "out of memory"));
        return;
    }
    for (const uxo_node *item = list->first; item != NULL; item = item->next) {
        *count += uxo_schema_number(item->text, &(*out)[*count], &why);
    }
    qsort(*out, *count, sizeof **out, by_value);
    for (uint32_t i = 1; i < *count; i++) {
        if ((*out)[i] == (*out)[i - 1]) {
            uxo_assembly_note(
                self, uxo_fail(self->report, UXO_ERR_DATA, &list->place, "%s: %.15g is there twice", path, (*out)[i]));
        }
    }
}

/* The planes of a layer that only expected-value gives: as given, or the default. */
static void read_planes(assembly *self, const char *path, double **out, uint32_t *count)
{
    const uxo_node *const given = uxo_node_at(self->root, path), *const list = uxo_assembly_node(self, path);
    if (self->out->estimator != UXO_ESTIMATOR_EXPECTED_VALUE) {
        if (given != NULL) {
            uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_DATA, &given->key_place,
                                             "%s: its maps come from the estimator expected-value, and run.estimator "
                                             "is %s; leave it out",
                                             path, uxo_estimator_word(self->out->estimator)));
        }
        return;
    }
    if (list != NULL) {
        take_numbers(self, path, list, out, count);
        return;
    }
    uxo_yaml yaml;
    const char *const text = uxo_schema_find(UXO_DOCUMENT_SCENARIO, path)->default_text;
    const uxo_status status = uxo_yaml_read_text(&yaml, path, text, strlen(text), 1, 1, self->report);
    uxo_assembly_note(self, status);
    if (status == UXO_OK) {
        take_numbers(self, path, yaml.root, out, count);
    }
    uxo_yaml_free(&yaml);
}

/* A layer that only one estimator gives, named with the other. */
static void check_origin(assembly *self, const uxo_node *item)
{
    static const struct {
        const char *layer;
        uxo_estimator origin;
    } known[] = {{"dud_count_sd", UXO_ESTIMATOR_ANALOG},
                 {"dud_density_sd", UXO_ESTIMATOR_EXPECTED_VALUE},
                 {"dud_density_quantile", UXO_ESTIMATOR_EXPECTED_VALUE},
                 {"exceedance_probability", UXO_ESTIMATOR_EXPECTED_VALUE}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(item->text, known[i].layer) == 0 && self->out->estimator != known[i].origin) {
            uxo_assembly_note(self, uxo_fail(self->report, UXO_ERR_DATA, &item->place,
                                             "output.layers: '%s' comes from the estimator %s, and run.estimator is %s",
                                             item->text, uxo_estimator_word(known[i].origin),
                                             uxo_estimator_word(self->out->estimator)));
        }
    }
}

/* A layer that nothing is known for. */
static void check_population(assembly *self, const uxo_node *item)
{
    if (strcmp(item->text, "accident_density") == 0 && uxo_node_at(self->root, "layers.population") == NULL) {
        uxo_assembly_note(self,
                          uxo_fail(self->report, UXO_ERR_DATA, &item->place,
                                   "output.layers: 'accident_density' needs layers.population, which is not given"));
    }
}

static void read_layers(assembly *self)
{
    const uxo_node *const list = uxo_assembly_node(self, "output.layers");
    if (list == NULL || list->kind != UXO_NODE_SEQUENCE) {
        return;
    }
    self->out->layer = calloc(list->count, sizeof *self->out->layer);
    for (const uxo_node *item = list->first; self->out->layer != NULL && item != NULL; item = item->next) {
        check_origin(self, item);
        check_population(self, item);
        self->out->layer[self->out->layer_count++] = strdup(item->text);
    }
}

void uxo_assembly_output(assembly *self)
{
    uxo_scenario *const out = self->out;
    const bool unsound =
        uxo_node_at(self->root, "run.estimator") != NULL && uxo_assembly_node(self, "run.estimator") == NULL;
    if (unsound) {
        return; /* reported by the schema; what it gives cannot be known */
    }
    read_layers(self);
    read_planes(self, "output.quantiles", &out->map_quantile, &out->map_quantile_count);
    read_planes(self, "output.density_thresholds_per_ha", &out->threshold_per_ha, &out->threshold_count);
    out->variance_realisations = uxo_assembly_node(self, "output.variance_realisations") != NULL
                                     ? (uint32_t)uxo_assembly_number(self, "output.variance_realisations")
                                     : UXO_VARIANCE_AUTO;
}
