/* distribution_forms.c - the forms of a distribution, each from the value of its key to sound parameters. */
#include <math.h>
#include <string.h>

#include "distribution_private.h"
#include "schema_private.h"

static bool is_rate(const uxo_key_row *row)
{
    return row->type == UXO_TYPE_RATE;
}

/* May it be negative? Then there is neither a log-normal nor a count. */
static bool is_signed(const uxo_key_row *row)
{
    return row->type == UXO_TYPE_HEADING || row->type == UXO_TYPE_REAL;
}

static bool refuse(const uxo_distribution_context *self, const char *text)
{
    uxo_schema_refuse(self->form, self->row, self->report, "%s", text);
    return false;
}

/* A list of `count` numbers in ascending order, each within the bounds of the key. */
static bool read_ascending(const uxo_distribution_context *self, uint32_t count, const char *example, double *value)
{
    const uxo_node *const list = self->form;
    if (list->kind != UXO_NODE_SEQUENCE || list->count != count) {
        const bool commas = list->kind == UXO_NODE_SEQUENCE && list->count == 2 * count;
        uxo_schema_refuse(list, self->row, self->report, "'%s' takes %u numbers: %s%s", list->key, (unsigned)count,
                          example, commas ? "; decimals are written with a point, not a comma" : "");
        return false;
    }
    bool good = true;
    uint32_t i = 0;
    for (const uxo_node *item = list->first; item != NULL; item = item->next, i++) {
        good = uxo_schema_read_number(item, self->row, &value[i], self->report) && good;
    }
    for (i = 1; good && i < count; i++) {
        if (value[i] < value[i - 1]) {
            uxo_schema_refuse(list, self->row, self->report, "the numbers of '%s' must ascend: %s", list->key, example);
            return false;
        }
    }
    return good;
}

static bool make_constant(const uxo_distribution_context *self, double value)
{
    self->out->form = UXO_FORM_CONSTANT;
    self->out->p[0] = value;
    return true;
}

/* Two numbers of a mapping with exactly these keys. */
static bool read_pair(const uxo_distribution_context *self, const char *first, const char *second,
                      const uxo_node *node[2])
{
    const uxo_node *const map = self->form;
    node[0] = uxo_node_get(map, first);
    node[1] = uxo_node_get(map, second);
    if (node[0] == NULL || node[1] == NULL || map->count != 2) {
        uxo_schema_refuse(map, self->row, self->report, "'%s' takes {%s: ..., %s: ...}", map->key, first, second);
        return false;
    }
    return true;
}

/* A number that is a parameter, not a value of the key, so that the bounds of the key do not hold for it. */
static bool read_parameter(const uxo_distribution_context *self, const uxo_node *node, double minimum, bool open,
                           double maximum, double *value)
{
    uxo_key_row row = {.path = self->row->path,
                       .type = UXO_TYPE_NUMBER,
                       .unit = self->row->unit,
                       .minimum = minimum,
                       .minimum_open = open,
                       .maximum = maximum};
    uxo_node unnamed = *node;
    unnamed.key = NULL;
    return uxo_schema_read_number(&unnamed, &row, value, self->report);
}

static bool read_uniform(const uxo_distribution_context *self)
{
    double end[2] = {0.0};
    if (!read_ascending(self, 2, "[lowest, highest]", end)) {
        return false;
    }
    if (end[0] == end[1]) {
        return make_constant(self, end[0]);
    }
    self->out->form = UXO_FORM_UNIFORM;
    memcpy(self->out->p, end, sizeof end);
    return true;
}

static bool read_range(const uxo_distribution_context *self)
{
    double end[2] = {0.0};
    if (is_rate(self->row)) {
        return refuse(self, "'range' draws whole numbers, and a rate lies between 0 and 1; use uniform");
    }
    if (!read_ascending(self, 2, "[first, last]", end)) {
        return false;
    }
    if (end[0] != floor(end[0]) || end[1] != floor(end[1])) {
        return refuse(self, "'range' takes whole numbers; use uniform for others");
    }
    if (end[0] == end[1]) {
        return make_constant(self, end[0]);
    }
    self->out->form = UXO_FORM_RANGE;
    memcpy(self->out->p, end, sizeof end);
    return true;
}

static bool read_triangular(const uxo_distribution_context *self)
{
    double point[3];
    if (!read_ascending(self, 3, "[lowest, most likely, highest]", point)) {
        return false;
    }
    if (point[0] == point[2]) {
        return make_constant(self, point[0]);
    }
    self->out->form = UXO_FORM_TRIANGULAR;
    memcpy(self->out->p, point, sizeof point);
    return true;
}

static bool read_interval90(const uxo_distribution_context *self)
{
    double end[2] = {0.0};
    if (is_signed(self->row)) {
        return refuse(self,
                      self->row->type == UXO_TYPE_HEADING
                          ? "'interval90' is for rates and positive quantities; use normal or uniform for a direction"
                          : "'interval90' is for rates and positive quantities; use normal or uniform for what may "
                            "be negative");
    }
    if (!read_ascending(self, 2, "[5 % point, 95 % point]", end)) {
        return false;
    }
    if (end[0] == end[1]) {
        return make_constant(self, end[0]);
    }
    if (!is_rate(self->row)) {
        if (end[0] <= 0.0) {
            return refuse(
                self,
                "the ends of 'interval90' must be greater than 0 (a log-normal is fitted); use uniform or triangular");
        }
        self->out->form = UXO_FORM_LOGNORMAL;
        uxo_distribution_lognormal_from_interval(end[0], end[1], &self->out->p[0], &self->out->p[1]);
        return true;
    }
    if (end[0] <= 0.0 || end[1] >= 1.0) {
        return refuse(
            self,
            "the ends of 'interval90' of a rate must lie inside 0 and 1 (a Beta is fitted); use uniform or triangular");
    }
    self->out->form = UXO_FORM_BETA;
    if (!uxo_distribution_beta_from_interval(end[0], end[1], &self->out->p[0], &self->out->p[1])) {
        return refuse(
            self,
            "no usable Beta has these 5 % and 95 % points (the interval is too narrow or too wide); use uniform or "
            "triangular, or one number if it is that well known");
    }
    return true;
}

static bool read_beta(const uxo_distribution_context *self)
{
    const uxo_node *node[2];
    double mean, concentration;
    if (!is_rate(self->row)) {
        return refuse(self, "'beta' lies between 0 and 1 and is for rates; use interval90, triangular or uniform");
    }
    if (!read_pair(self, "mean", "concentration", node)) {
        return false;
    }
    const bool good = read_parameter(self, node[0], 0.0, true, 1.0, &mean);
    if (!read_parameter(self, node[1], 0.0, true, 1e6, &concentration) || !good) {
        return false;
    }
    if (mean >= 1.0) {
        return refuse(self, "the mean of 'beta' must lie inside 0 and 1");
    }
    if (concentration < 0.01) {
        return refuse(self, "the concentration of 'beta' must be at least 0.01; below that the rate is either 0 or 1");
    }
    self->out->form = UXO_FORM_BETA;
    self->out->p[0] = mean * concentration;
    self->out->p[1] = (1.0 - mean) * concentration;
    return true;
}

static bool read_normal(const uxo_distribution_context *self)
{
    const uxo_node *node[2];
    const double span = self->row->maximum - self->row->minimum;
    double mean, sd;
    if (is_rate(self->row)) {
        return refuse(self, "'normal' leaves 0 to 1, so it is not for rates; use interval90 or beta");
    }
    if (!read_pair(self, "mean", "sd", node)) {
        return false;
    }
    const bool good =
        read_parameter(self, node[0], self->row->minimum, self->row->minimum_open, self->row->maximum, &mean);
    if (!read_parameter(self, node[1], 0.0, false, span, &sd) || !good) {
        return false;
    }
    self->out->form = UXO_FORM_NORMAL;
    self->out->p[0] = mean;
    self->out->p[1] = sd;
    if (sd > 0.0) {
        return true;
    }
    return self->out->integer && mean != floor(mean)
               ? refuse(self, "with a spread of 0 this is the constant mean, which must be a whole number")
               : make_constant(self, mean);
}

static bool read_poisson(const uxo_distribution_context *self)
{
    double mean;
    if (is_rate(self->row) || is_signed(self->row)) {
        return refuse(self,
                      is_rate(self->row)
                          ? "'poisson' draws whole numbers, and a rate lies between 0 and 1; use interval90 or beta"
                      : self->row->type == UXO_TYPE_HEADING
                          ? "'poisson' draws counts; use normal or uniform for a direction"
                          : "'poisson' draws counts; use normal or uniform for what may be negative");
    }
    if (self->form->kind != UXO_NODE_SCALAR) {
        return refuse(self, "'poisson' takes one number, its mean");
    }
    if (!read_parameter(self, self->form, 0.0, true, self->row->maximum, &mean)) {
        return false;
    }
    if (mean < 0.1) {
        return refuse(self, "the mean of 'poisson' must be at least 0.1");
    }
    self->out->form = UXO_FORM_POISSON;
    self->out->p[0] = mean;
    self->out->lower = self->row->minimum_open && self->out->lower == 0.0 ? 1.0 : self->out->lower;
    return true;
}

static void sort_choice(uxo_quantity *out)
{
    for (uint32_t i = 1; i < out->choices; i++) {
        for (uint32_t j = i; j > 0 && out->value[j] < out->value[j - 1]; j--) {
            const double value = out->value[j], weight = out->weight[j];
            out->value[j] = out->value[j - 1];
            out->weight[j] = out->weight[j - 1];
            out->value[j - 1] = value;
            out->weight[j - 1] = weight;
        }
    }
}

static bool read_choice(const uxo_distribution_context *self)
{
    const char *word[UXO_MAX_CHOICES];
    uxo_quantity *const out = self->out;
    if (self->form->kind != UXO_NODE_MAPPING) {
        return refuse(self, "'choice' takes weights by value: {1: 0.6, 4: 0.4}");
    }
    if (!uxo_distribution_weights(self->form, self->row, word, out->weight, &out->choices, self->report)) {
        return false;
    }
    for (uint32_t i = 0; i < out->choices; i++) {
        uxo_node key = {
            .kind = UXO_NODE_SCALAR, .text = word[i], .place = uxo_node_get(self->form, word[i])->key_place};
        if (!uxo_schema_read_number(&key, self->row, &out->value[i], self->report)) {
            return false;
        }
    }
    sort_choice(out);
    for (uint32_t i = 1; i < out->choices; i++) {
        if (out->value[i] == out->value[i - 1]) {
            return refuse(self, "'choice' names the same value twice");
        }
    }
    out->form = UXO_FORM_CHOICE;
    return out->choices > 1 || make_constant(self, out->value[0]);
}

bool uxo_distribution_read_form(const uxo_distribution_context *self)
{
    static const struct {
        const char *key;
        bool (*read)(const uxo_distribution_context *self);
    } reader[] = {{"uniform", read_uniform},       {"range", read_range},  {"triangular", read_triangular},
                  {"interval90", read_interval90}, {"beta", read_beta},    {"normal", read_normal},
                  {"poisson", read_poisson},       {"choice", read_choice}};
    for (size_t i = 0; i < sizeof reader / sizeof *reader; i++) {
        if (strcmp(self->form->key, reader[i].key) == 0) {
            return reader[i].read(self);
        }
    }
    return false;
}
