/* sweep_sensitivity_contrasts.c - effects of a grid and differences from a reference cell by cell of a layer that a sweep kept: weighted sums of the
 * maps of scenarios, the weights of each adding up to zero. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result_file.h"
#include "sweep_sensitivity_private.h"
#include "uxosim/map_file.h"

enum { MOST_CONTRASTS = 100, NAME_SIZE = 128, SENTENCE_SIZE = 320 };

typedef struct contrast {
    char name[NAME_SIZE], sentence[SENTENCE_SIZE];
    char error_name[NAME_SIZE], error_sentence[SENTENCE_SIZE];
} contrast;

typedef struct contrast_maps {
    uxo_sweep_result *sweep;
    const char *layer;
    char error_layer[NAME_SIZE]; /* its standard errors; "": the sweep did not keep them */
    uint32_t scenarios, contrasts, strip;
    contrast *list;
    double *weight;              /* [contrasts][scenarios] */
    float *cells, *errors;       /* [strip][nx] of one scenario */
    double *sum, *scale, *noise; /* [contrasts][strip][nx]: of weight x value, of its size, of (weight x error)^2 */
} contrast_maps;

static bool is_there(const contrast_maps *self, uint32_t scenario)
{
    return uxo_result_sweep_missing(self->sweep)[scenario] == UXO_SWEEP_PRESENT;
}

/* ---- Which contrasts */

/* One more; its weights are zero. */
static uxo_status add_contrast(contrast_maps *self, contrast **added, uxo_report *report)
{
    if (self->contrasts == MOST_CONTRASTS) {
        return uxo_fail(report, UXO_ERR_USAGE, NULL,
                        "the sweep has more than %d values or differences, which makes too many maps for one file; "
                        "`uxosim compare` gives maps of two results",
                        MOST_CONTRASTS);
    }
    const size_t now = self->contrasts + (size_t)1;
    contrast *const list = realloc(self->list, now * sizeof *list);
    self->list = list != NULL ? list : self->list;
    double *const weight = realloc(self->weight, now * self->scenarios * sizeof *weight);
    self->weight = weight != NULL ? weight : self->weight;
    if (list == NULL || weight == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for maps of %zu contrasts", now);
    }
    for (uint32_t s = 0; s < self->scenarios; s++) {
        weight[(now - 1) * self->scenarios + s] = 0.0;
    }
    *added = &list[self->contrasts++];
    return UXO_OK;
}

static void name_errors(const contrast_maps *self, contrast *one)
{
    snprintf(one->error_name, NAME_SIZE, "%.100s_standard_error", one->name);
    snprintf(one->error_sentence, SENTENCE_SIZE,
             "standard error of %.100s, from %.80s of the scenarios as if these were independent runs: too large",
             one->name, self->error_layer);
}

/* A set of scenarios that differ in one axis alone, of which none is missing. */
static bool set_complete(const contrast_maps *self, uint32_t first, uint32_t stride, uint32_t levels)
{
    for (uint32_t level = 0; level < levels; level++) {
        if (!is_there(self, first + level * stride)) {
            return false;
        }
    }
    return true;
}

/* One value of an axis less the mean of all, averaged over complete sets, as in sweep_sensitivity_effects.c. Without any: no map. */
static uxo_status add_value(contrast_maps *self, uint32_t axis, uint32_t level, uxo_report *report)
{
    const uint32_t levels = sweep_grid_levels(self->sweep, axis), stride = sweep_grid_stride(self->sweep, axis);
    const uint32_t scenarios = uxo_result_sweep_facts(self->sweep)->design_scenarios;
    uint32_t sets = 0;
    for (uint32_t s = 0; s < scenarios; s++) {
        sets += s / stride % levels == 0 && set_complete(self, s, stride, levels) ? 1 : 0;
    }
    if (sets == 0) {
        return UXO_OK;
    }
    contrast *one;
    UXO_TRY(add_contrast(self, &one, report));
    double *const weight = self->weight + (size_t)(self->contrasts - 1) * self->scenarios;
    for (uint32_t s = 0; s < scenarios; s++) {
        const uint32_t own = s / stride % levels;
        if (set_complete(self, s - own * stride, stride, levels)) {
            weight[s] = ((own == level ? 1.0 : 0.0) - 1.0 / levels) / sets;
        }
    }
    const char *const name = uxo_result_sweep_parameter(self->sweep, axis);
    snprintf(one->name, NAME_SIZE, "effect_%.80s_%u", name, level + 1);
    snprintf(one->sentence, SENTENCE_SIZE,
             "%.60s where %.60s is %.60s, less the mean over its %u values, at %u of %u combinations of the other axes",
             self->layer, name, uxo_result_sweep_value(self->sweep, level * stride, axis), levels, sets,
             scenarios / levels);
    name_errors(self, one);
    return UXO_OK;
}

static uxo_status add_difference(contrast_maps *self, uint32_t scenario, uint32_t reference, uxo_report *report)
{
    contrast *one;
    UXO_TRY(add_contrast(self, &one, report));
    double *const weight = self->weight + (size_t)(self->contrasts - 1) * self->scenarios;
    weight[scenario] = 1.0;
    weight[reference] = -1.0;
    snprintf(one->name, NAME_SIZE, "difference_%u", scenario + 1);
    size_t used = (size_t)snprintf(one->sentence, SENTENCE_SIZE, "%.60s of scenario %u less that of scenario %u",
                                   self->layer, scenario + 1, reference + 1);
    for (uint32_t j = 0; j < uxo_result_sweep_facts(self->sweep)->parameters && used + 130 < SENTENCE_SIZE; j++) {
        used += (size_t)snprintf(one->sentence + used, SENTENCE_SIZE - used, "%s %.60s = %.60s", j == 0 ? ":" : ",",
                                 uxo_result_sweep_parameter(self->sweep, j),
                                 uxo_result_sweep_value(self->sweep, scenario, j));
    }
    name_errors(self, one);
    return UXO_OK;
}

static uxo_status find_contrasts(contrast_maps *self, bool differences, uxo_report *report)
{
    const uxo_sweep_facts *const facts = uxo_result_sweep_facts(self->sweep);
    char missing[UXO_SWEEP_MISSING_TEXT];
    const uint32_t reference = facts->baseline >= 0 ? (uint32_t)facts->baseline : 0;
    if (!differences && strcmp(facts->design, uxo_design_kind_name(UXO_DESIGN_GRID)) == 0) {
        for (uint32_t axis = 0; axis < facts->parameters; axis++) {
            for (uint32_t level = 0; level < sweep_grid_levels(self->sweep, axis); level++) {
                UXO_TRY(add_value(self, axis, level, report));
            }
        }
    } else if (is_there(self, reference)) {
        for (uint32_t s = 0; s < facts->design_scenarios; s++) {
            if (s != reference && is_there(self, s)) {
                UXO_TRY(add_difference(self, s, reference, report));
            }
        }
    }
    uxo_sweep_sensitivity_missing(self->sweep, missing);
    return self->contrasts > 0
               ? UXO_OK
               : uxo_fail(report, UXO_ERR_DATA, NULL,
                          "no two scenarios are there that can be compared; missing scenarios: %s", missing);
}

/* ---- Their maps */

static bool allocate(contrast_maps *self)
{
    static const size_t most = (size_t)1 << 28;
    const uint32_t nx = uxo_result_sweep_grid(self->sweep)->nx;
    const size_t row = (size_t)nx * self->contrasts * 3 * sizeof *self->sum;
    self->strip = most / row >= UXO_CHUNK ? UXO_CHUNK : most / row > 1 ? (uint32_t)(most / row) : 1;
    const size_t cells = (size_t)self->strip * nx;
    self->cells = malloc(cells * sizeof *self->cells);
    self->errors = malloc(cells * sizeof *self->errors);
    self->sum = malloc(self->contrasts * cells * sizeof *self->sum);
    self->scale = malloc(self->contrasts * cells * sizeof *self->scale);
    self->noise = malloc(self->contrasts * cells * sizeof *self->noise);
    return self->cells != NULL && self->errors != NULL && self->sum != NULL && self->scale != NULL &&
           self->noise != NULL;
}

/* Adds one scenario's cells to every contrast that has a weight for it. */
static uxo_status add_scenario(contrast_maps *self, uint32_t scenario, uint32_t first, uint32_t rows,
                               uxo_report *report)
{
    const size_t count = (size_t)rows * uxo_result_sweep_grid(self->sweep)->nx;
    bool read = false;
    for (uint32_t c = 0; c < self->contrasts; c++) {
        const double weight = self->weight[(size_t)c * self->scenarios + scenario];
        if (!(fabs(weight) > 0.0)) {
            continue;
        }
        if (!read) {
            UXO_TRY(uxo_result_sweep_rows(self->sweep, self->layer, scenario, first, rows, self->cells, report));
        }
        if (!read && self->error_layer[0] != '\0') {
            UXO_TRY(uxo_result_sweep_rows(self->sweep, self->error_layer, scenario, first, rows, self->errors, report));
        }
        read = true;
        for (size_t i = 0; i < count; i++) {
            const double part = weight * (double)self->cells[i];
            const double error = self->error_layer[0] != '\0' ? weight * (double)self->errors[i] : 0.0;
            self->sum[c * count + i] += part;
            self->scale[c * count + i] += fabs(part);
            self->noise[c * count + i] += error * error;
        }
    }
    return UXO_OK;
}

static uxo_status fill_strip(contrast_maps *self, uint32_t first, uint32_t strip, uint32_t offset, uint32_t rows,
                             float *cells, uxo_report *report)
{
    const size_t nx = uxo_result_sweep_grid(self->sweep)->nx, count = strip * nx;
    for (size_t i = 0; i < self->contrasts * count; i++) {
        self->sum[i] = self->scale[i] = self->noise[i] = 0.0;
    }
    for (uint32_t s = 0; s < self->scenarios; s++) {
        UXO_TRY(add_scenario(self, s, first, strip, report));
    }
    for (uint32_t c = 0; c < self->contrasts; c++) {
        float *const out = cells + ((size_t)c * rows + offset) * nx;
        float *const error = cells + (((size_t)self->contrasts + c) * rows + offset) * nx;
        for (size_t i = 0; i < count; i++) {
            const double sum = self->sum[c * count + i];
            out[i] = fabs(sum) <= 1e-12 * self->scale[c * count + i] ? 0.0F : (float)sum; /* zero but for rounding */
            if (self->error_layer[0] != '\0') {
                error[i] = (float)sqrt(self->noise[c * count + i]);
            }
        }
    }
    return UXO_OK;
}

static uxo_status fill(void *user, uint32_t first_row, uint32_t rows, float *cells, uxo_report *report)
{
    contrast_maps *const self = user;
    for (uint32_t done = 0; done < rows; done += self->strip) {
        const uint32_t strip = rows - done < self->strip ? rows - done : self->strip;
        UXO_TRY(fill_strip(self, first_row + done, strip, done, rows, cells, report));
    }
    return UXO_OK;
}

static uxo_status write_maps(contrast_maps *self, const char *path, const char *version, uxo_report *report)
{
    const bool errors = self->error_layer[0] != '\0';
    const size_t layers = (size_t)self->contrasts * (errors ? 2 : 1);
    const char *const unit = uxo_result_layer_unit(uxo_result_sweep_file(self->sweep), self->layer);
    uxo_map_layer *const layer = calloc(layers, sizeof *layer);
    char text[512];
    snprintf(text, sizeof text, "How %.60s differs: %.400s", self->layer, uxo_result_sweep_facts(self->sweep)->title);
    const uxo_map_text texts[] = {{"title", text}, {"layer", self->layer}};
    if (layer == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    for (uint32_t c = 0; c < self->contrasts; c++) {
        const contrast *const one = &self->list[c];
        layer[c] = (uxo_map_layer){.name = one->name, .unit = unit, .sentence = one->sentence};
        if (errors) {
            layer[c].ancillary = one->error_name;
            layer[self->contrasts + c] =
                (uxo_map_layer){.name = one->error_name, .unit = unit, .sentence = one->error_sentence};
        } else {
            layer[c].comment = "no error: the sweep did not keep the layer of standard errors";
        }
    }
    const uxo_map_file file = {.kind = "sensitivity",
                               .version = version,
                               .text = texts,
                               .texts = sizeof texts / sizeof *texts,
                               .like = uxo_result_sweep_file(self->sweep),
                               .layer = layer,
                               .layers = layers,
                               .fill = fill,
                               .user = self};
    const uxo_status status = uxo_map_file_write(path, &file, report);
    free(layer);
    return status;
}

uxo_status sweep_contrast_maps(uxo_sweep_result *sweep, const char *layer, bool differences, const char *path,
                               const char *version, uxo_report *report)
{
    contrast_maps self = {.sweep = sweep, .layer = layer, .scenarios = uxo_result_sweep_facts(sweep)->scenarios};
    char error_layer[NAME_SIZE];
    snprintf(error_layer, sizeof error_layer, "%.100s_standard_error", layer);
    for (size_t i = 0; i < uxo_result_sweep_layer_count(sweep); i++) {
        if (strcmp(uxo_result_sweep_layer_name(sweep, i), error_layer) == 0) {
            snprintf(self.error_layer, sizeof self.error_layer, "%s", error_layer);
        }
    }
    uxo_status status = find_contrasts(&self, differences, report);
    if (status == UXO_OK && !allocate(&self)) {
        status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a row of cells of %u maps", self.contrasts);
    }
    if (status == UXO_OK) {
        status = write_maps(&self, path, version, report);
    }
    free(self.list);
    free(self.weight);
    free(self.cells);
    free(self.errors);
    free(self.sum);
    free(self.scale);
    free(self.noise);
    return status;
}
