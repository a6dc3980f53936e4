/* strikes_given.c - strike-level values (munition, carriers, heading, confidence) from YAML nodes: defaults, events,
 * cells.
 *
 * Not here: the forms of distributions (distribution.c).
 */
#include <stdlib.h>
#include <string.h>

#include "strikes_private.h"

void strikes_given_free(strikes_given *self)
{
    free(self->mixture);
    free(self->carriers);
    free(self->heading);
    free(self->heading_sd);
    free(self->confidence);
    memset(self, 0, sizeof *self);
}

static const uxo_key_row *find_row(const char *at, const char *key)
{
    char path[128];
    snprintf(path, sizeof path, "%s.%s", at, key);
    return uxo_schema_find(UXO_DOCUMENT_SCENARIO, path);
}

uxo_mixture *strikes_read_mixture(strikes_reader *self, const uxo_node *node, const uxo_key_row *row)
{
    const char *word[UXO_MAX_CHOICES];
    double weight[UXO_MAX_CHOICES];
    uint32_t count = 0;
    bool good = true;
    if (!uxo_distribution_read_weights(node, row, word, weight, &count, self->report)) {
        return NULL;
    }
    uxo_mixture *const mixture = calloc(1, sizeof *mixture);
    for (uint32_t i = 0; mixture != NULL && i < count; i++) {
        const int32_t index = uxo_catalogue_find(self->catalogue, word[i]);
        if (index < 0) {
            const char *const nearest = uxo_catalogue_nearest(self->catalogue, word[i]);
            const uxo_node *const weights = uxo_node_get(node, "choice") != NULL ? uxo_node_get(node, "choice") : node;
            const uxo_node *const wrong = uxo_node_get(weights, word[i]); /* NULL where there is just the one word */
            uxo_report_add(self->report, UXO_ERROR, wrong != NULL ? &wrong->key_place : &node->place,
                           "unknown munition '%s'%s%s%s", word[i],
                           nearest != NULL ? "; did you mean '" : "; `uxosim munitions` lists the catalogue",
                           nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
            good = false;
            continue;
        }
        mixture->munition[mixture->count] = (uint32_t)index;
        mixture->weight[mixture->count++] = weight[i];
    }
    if (!good) {
        free(mixture);
        return NULL;
    }
    return mixture;
}

uxo_quantity *strikes_read_quantity(strikes_reader *self, const uxo_node *node, const uxo_key_row *row)
{
    uxo_quantity *const quantity = malloc(sizeof *quantity);
    if (quantity == NULL || uxo_distribution_read(node, row, quantity, self->report) != UXO_OK) {
        free(quantity);
        return NULL;
    }
    if (quantity->per == UXO_PER_UNSAID && quantity->form != UXO_FORM_CONSTANT) {
        quantity->per = UXO_PER_STRIKE;
    }
    return quantity;
}

strikes_heading *strikes_read_heading(strikes_reader *self, const uxo_node *node, const uxo_key_row *row)
{
    strikes_heading *const heading = calloc(1, sizeof *heading);
    if (heading == NULL) {
        return NULL;
    }
    if (node->kind == UXO_NODE_SCALAR && strcmp(node->text, "unknown") == 0) {
        heading->unknown = true;
        heading->deg = uxo_quantity_constant(0.0);
        return heading;
    }
    uxo_quantity *const quantity = strikes_read_quantity(self, node, row);
    if (quantity == NULL) {
        free(heading);
        return NULL;
    }
    heading->deg = *quantity;
    free(quantity);
    return heading;
}

void strikes_read_given(strikes_reader *self, const uxo_node *map, const char *at, strikes_given *out)
{
    const uxo_node *node;
    memset(out, 0, sizeof *out);
    if ((node = uxo_node_get(map, "munition")) != NULL) {
        out->mixture = strikes_read_mixture(self, node, find_row(at, "munition"));
    }
    if ((node = uxo_node_get(map, "carriers")) != NULL) {
        out->carriers = strikes_read_quantity(self, node, find_row(at, "carriers"));
    }
    if ((node = uxo_node_get(map, "heading_deg")) != NULL) {
        out->heading = strikes_read_heading(self, node, find_row(at, "heading_deg"));
    }
    if ((node = uxo_node_get(map, "heading_sd_deg")) != NULL) {
        out->heading_sd = strikes_read_quantity(self, node, find_row(at, "heading_sd_deg"));
    }
    if ((node = uxo_node_get(map, "confidence")) != NULL) {
        out->confidence = strikes_read_quantity(self, node, find_row(at, "confidence"));
    }
}

/* Fills in what the scenario leaves out, from the schema's default texts. */
static uxo_status add_built_in(strikes_reader *self)
{
    static const char *const keys[] = {"heading_deg", "heading_sd_deg", "confidence"};
    strikes_given *const given = &self->defaults;
    const bool have[] = {given->heading != NULL, given->heading_sd != NULL, given->confidence != NULL};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const uxo_key_row *const row = find_row("strikes.defaults", keys[i]);
        const char *const text = row != NULL && row->default_text != NULL ? row->default_text
                                 : i == 0                                 ? "unknown"
                                 : i == 1                                 ? "0"
                                                                          : "1";
        const uxo_node node = {
            .kind = UXO_NODE_SCALAR, .text = text, .key = keys[i], .place = {.file = "built-in default"}};
        if (have[i]) {
            continue;
        }
        if (i == 0) {
            given->heading = strikes_read_heading(self, &node, row);
        } else if (i == 1) {
            given->heading_sd = strikes_read_quantity(self, &node, row);
        } else {
            given->confidence = strikes_read_quantity(self, &node, row);
        }
    }
    return given->heading != NULL && given->heading_sd != NULL && given->confidence != NULL ? UXO_OK : UXO_ERR_MEMORY;
}

static void read_location(strikes_reader *self)
{
    const uxo_node *const location = uxo_node_get(self->source->defaults, "location_error");
    const uxo_node *const disc = uxo_node_get(location, "disc_m");
    const uxo_node *const r95 = uxo_node_get(location, "r95_m");
    self->location_kind = disc != NULL ? UXO_LOCATION_DISC : UXO_LOCATION_R95;
    self->location_size_m = uxo_quantity_constant(0.0); /* without an error places are exact */
    if (location == NULL) {
        return;
    }
    if ((disc == NULL) == (r95 == NULL)) {
        uxo_report_add(self->report, UXO_ERROR, &location->place,
                       "location_error is {r95_m: ...} or {disc_m: ...}, one of the two");
        return;
    }
    uxo_quantity *const size =
        strikes_read_quantity(self, disc != NULL ? disc : r95,
                              find_row("strikes.defaults.location_error", disc != NULL ? "disc_m" : "r95_m"));
    if (size != NULL) {
        self->location_size_m = *size;
        free(size);
    }
}

/* Index of a scalar among words; the first of them where the key is absent. */
static int read_word(const uxo_node *map, const char *key, const char *const *words, int count)
{
    const uxo_node *const node = uxo_node_get(map, key);
    for (int i = 0; node != NULL && node->kind == UXO_NODE_SCALAR && i < count; i++) {
        if (strcmp(node->text, words[i]) == 0) {
            return i;
        }
    }
    return 0; /* other words are errors of the schema check */
}

uxo_status strikes_read_defaults(strikes_reader *self)
{
    const size_t errors = self->report->error_count;
    const uxo_node *const map = self->source->defaults;
    strikes_read_given(self, map, "strikes.defaults", &self->defaults);
    read_location(self);
    self->evidence = (uxo_evidence)read_word(map, "evidence", strikes_evidence_words, STRIKES_EVIDENCE_WORDS);
    self->status = (uxo_strike_status)read_word(map, "status", strikes_status_words, STRIKES_STATUS_WORDS);
    UXO_TRY(uxo_report_status(self->report, errors));
    return add_built_in(self);
}

bool strikes_same_quantity(const uxo_quantity *a, const uxo_quantity *b)
{
    if (a->form != b->form || a->per != b->per || a->integer != b->integer || a->choices != b->choices) {
        return false;
    }
    for (int i = 0; i < 3; i++) {
        if (a->p[i] != b->p[i]) {
            return false;
        }
    }
    for (uint32_t i = 0; a->form == UXO_FORM_CHOICE && i < a->choices; i++) {
        if (a->value[i] != b->value[i] || a->weight[i] != b->weight[i]) {
            return false;
        }
    }
    return true;
}

bool strikes_same_mixture(const uxo_mixture *a, const uxo_mixture *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        if (a->munition[i] != b->munition[i] || a->weight[i] != b->weight[i]) {
            return false;
        }
    }
    return true;
}
