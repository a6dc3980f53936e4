/* sweep_sensitivity.c - indices and coefficients of a column of a collected sweep, row by row. Not here: estimators (sensitivity), effects of grids
 * and lists (sweep_sensitivity_effects.c), maps (sweep_sensitivity_maps.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_sensitivity_private.h"

/* ---- Outputs */

static uxo_status no_column(uxo_sweep_result *sweep, const char *column, uxo_report *report)
{
    char names[1024] = "";
    for (size_t i = 0; i < uxo_result_sweep_column_count(sweep); i++) {
        const char *const name = uxo_result_sweep_column_name(sweep, i);
        const size_t length = strlen(name), used = strlen(names);
        if (length < 3 || strcmp(name + length - 3, "_se") != 0) {
            snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? ", " : "", name);
        }
    }
    return uxo_fail(report, UXO_ERR_USAGE, NULL, "the file has no column '%s'; it has %s", column, names);
}

uxo_status sweep_outputs_open(sweep_outputs *self, uxo_sweep_result *sweep, const char *column, uxo_report *report)
{
    char error[80];
    *self = (sweep_outputs){.sweep = sweep, .facts = uxo_result_sweep_facts(sweep)};
    self->value = uxo_result_sweep_column(sweep, column);
    snprintf(error, sizeof error, "%.70s_se", column);
    self->error = uxo_result_sweep_column(sweep, error);
    if (self->value == NULL) {
        return no_column(sweep, column, report);
    }
    if (strcmp(column, "dud_expectation_mean") == 0) {
        self->paired = "duds";
    } else if (strcmp(column, "accident_expectation_mean") == 0 && self->facts->paired_accidents != NULL) {
        self->paired = "accidents";
    }
    const uint32_t blocks = self->facts->blocks;
    const double *const size = uxo_result_sweep_block_sizes(sweep);
    const uint32_t batches = blocks < SWEEP_BATCHES ? blocks : SWEEP_BATCHES;
    self->batches = self->paired != NULL && batches >= UXO_SENSITIVITY_LEAST_BATCHES ? batches : 0;
    for (uint32_t b = 0; self->batches > 0 && b < blocks; b++) {
        self->weight[(uint64_t)b * self->batches / blocks] += size[b];
    }
    return UXO_OK;
}

/* One scenario's blocks, put together. block: [blocks][rows]. */
static void take_batches(sweep_outputs *self, uint32_t scenario, const float *block)
{
    const uint32_t blocks = self->facts->blocks;
    const double *const size = uxo_result_sweep_block_sizes(self->sweep);
    for (uint32_t i = 0; i < self->row_count; i++) {
        double *const batch = self->batch + ((size_t)i * self->facts->scenarios + scenario) * self->batches;
        for (uint32_t g = 0; g < self->batches; g++) {
            batch[g] = 0.0;
        }
        for (uint32_t b = 0; b < blocks; b++) {
            const uint32_t g = (uint32_t)((uint64_t)b * self->batches / blocks);
            batch[g] += size[b] / self->weight[g] * (double)block[(size_t)b * self->row_count + i];
        }
    }
}

uxo_status sweep_outputs_load(sweep_outputs *self, uint32_t row, uxo_report *report)
{
    static const size_t most = (size_t)1 << 28;
    const size_t scenarios = self->facts->scenarios, row_bytes = scenarios * self->batches * sizeof *self->batch;
    if (self->batches == 0 ||
        (self->batch != NULL && row >= self->first_row && row < self->first_row + self->row_count)) {
        return UXO_OK;
    }
    const size_t room = most / row_bytes > 1 ? most / row_bytes : 1;
    const uint32_t first = (uint32_t)(row / room * room); /* the same in whatever order rows are asked for */
    const size_t left = self->facts->rows - first;
    free(self->batch);
    self->first_row = first;
    self->row_count = (uint32_t)(room < left ? room : left);
    self->batch = malloc(self->row_count * row_bytes);
    float *const block = malloc((size_t)self->facts->blocks * self->row_count * sizeof *block);
    uxo_status status =
        self->batch != NULL && block != NULL
            ? UXO_OK
            : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the blocks of %zu scenarios", scenarios);
    for (uint32_t s = 0; status == UXO_OK && s < scenarios; s++) {
        status =
            uxo_result_sweep_block_rows(self->sweep, self->paired, s, self->first_row, self->row_count, block, report);
        if (status == UXO_OK) {
            take_batches(self, s, block);
        }
    }
    free(block);
    return status;
}

void sweep_outputs_free(sweep_outputs *self)
{
    free(self->batch);
    *self = (sweep_outputs){0};
}

/* ---- Rows */

/* Is there a number of any scenario? */
static bool has_numbers(const sweep_outputs *outputs, uint32_t row)
{
    for (uint32_t s = 0; s < outputs->facts->design_scenarios; s++) {
        if (!isnan(sweep_output(outputs, s, row))) {
            return true;
        }
    }
    return false;
}

static double mean_of(const double *value, uint32_t count)
{
    double sum = 0.0;
    uint32_t known = 0;
    for (uint32_t s = 0; s < count; s++) {
        sum += isnan(value[s]) ? 0.0 : value[s];
        known += isnan(value[s]) ? 0 : 1;
    }
    return sum / known;
}

/* Batches of a row; NULL where they do not have a number for every scenario that has one. */
static const double *batches_of(const sweep_outputs *outputs, uint32_t row, const double *value)
{
    const double *const batch = sweep_output_batches(outputs, 0, row);
    for (size_t k = 0; batch != NULL && k < (size_t)outputs->facts->design_scenarios * outputs->batches; k++) {
        if (isnan(batch[k]) && !isnan(value[k / outputs->batches])) {
            return NULL;
        }
    }
    return batch;
}

static uxo_status fill_indices(uxo_sweep_row *out, const sweep_outputs *outputs, uint32_t row, const double *value,
                               uxo_report *report)
{
    const uxo_sweep_facts *const facts = outputs->facts;
    const uxo_sensitivity_spec spec = {.dimensions = facts->parameters,
                                       .base_rows = facts->design_rows,
                                       .second_order = facts->second_order,
                                       .replicates = facts->replicates,
                                       .seed = facts->design_seed};
    const uxo_sensitivity_output output = {.value = value,
                                           .batch = batches_of(outputs, row, value),
                                           .batch_weight = outputs->weight,
                                           .batches = outputs->batches};
    return uxo_sensitivity_make(&out->index, &spec, &output, report);
}

/* What is used in one row after the other. */
typedef struct row_room {
    double *value; /* [design_scenarios] */
    double *place; /* [design_scenarios][parameters] of a latin hypercube; else NULL */
} row_room;

static uxo_status fill_row(uxo_sweep_sensitivity *self, sweep_outputs *outputs, uint32_t row, const row_room *room,
                           uxo_report *report)
{
    const uxo_sweep_facts *const facts = outputs->facts;
    uxo_sweep_row *const out = &self->row[row];
    double *const value = room->value;
    for (uint32_t s = 0; s < facts->design_scenarios; s++) {
        value[s] = sweep_output(outputs, s, row);
    }
    out->known = true;
    out->mean = mean_of(value, facts->design_scenarios);
    if (self->design == UXO_DESIGN_SOBOL) {
        UXO_TRY(fill_indices(out, outputs, row, value, report));
    } else if (self->design == UXO_DESIGN_LATIN_HYPERCUBE) {
        UXO_TRY(uxo_sensitivity_regress(&out->rank, facts->design_scenarios, facts->parameters, room->place, value,
                                        facts->design_seed, 0, report));
    }
    sweep_effects_fill(self, outputs, row);
    if (!sweep_effects_known(self, row)) {
        char missing[UXO_SWEEP_MISSING_TEXT];
        uxo_sweep_sensitivity_missing(outputs->sweep, missing);
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        self->design == UXO_DESIGN_GRID
                            ? "no axis has all of its values at any combination of the others; missing scenarios: %s"
                            : "the scenario that all others are compared with is missing, or all others; missing "
                              "scenarios: %s",
                        missing);
    }
    return UXO_OK;
}

/* A row other than the total that has too few scenarios is not known: the rest goes on. */
static uxo_status fill_or_skip(uxo_sweep_sensitivity *self, sweep_outputs *outputs, uint32_t row, const row_room *room,
                               uxo_report *report)
{
    uxo_report own;
    UXO_TRY(sweep_outputs_load(outputs, row, report));
    uxo_report_init(&own);
    const bool total = row + 1 == self->rows;
    const uxo_status status = fill_row(self, outputs, row, room, total ? report : &own);
    if (!total && status == UXO_ERR_DATA) {
        self->row[row].known = false;
    } else if (!total && status != UXO_OK) {
        (void)uxo_fail(report, status, NULL, "%s", own.count > 0 ? own.item[0].text : "a row of the table");
    }
    uxo_report_free(&own);
    return !total && status == UXO_ERR_DATA ? UXO_OK : status;
}

static uxo_status fill_rows(uxo_sweep_sensitivity *self, sweep_outputs *outputs, uxo_report *report)
{
    const bool cube = self->design == UXO_DESIGN_LATIN_HYPERCUBE;
    row_room room = {.value = malloc(outputs->facts->design_scenarios * sizeof *room.value),
                     .place = cube ? sweep_axis_places(outputs->sweep) : NULL};
    uxo_status status = room.value != NULL && (room.place != NULL || !cube)
                            ? UXO_OK
                            : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    for (uint32_t row = 0; status == UXO_OK && row < self->rows; row++) {
        if (has_numbers(outputs, row)) {
            status = fill_or_skip(self, outputs, row, &room, report);
        }
    }
    free(room.value);
    free(room.place);
    return status;
}

uxo_status sweep_check_design(const uxo_sweep_result *sweep, uxo_design_kind *kind, uxo_report *report)
{
    const uxo_sweep_facts *const facts = uxo_result_sweep_facts(sweep);
    const int found = uxo_design_kind_find(facts->design);
    const uint64_t group = uxo_design_group(facts->parameters, facts->second_order);
    if (found < 0 || facts->parameters == 0 || facts->design_scenarios == 0 ||
        (found == UXO_DESIGN_SOBOL && (uint64_t)facts->design_rows * group != facts->design_scenarios) ||
        (found == UXO_DESIGN_GRID && !sweep_grid_fits(sweep))) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "the file's design '%s' does not fit its %u scenarios",
                        facts->design, facts->design_scenarios);
    }
    *kind = (uxo_design_kind)found;
    return UXO_OK;
}

uxo_status uxo_sweep_sensitivity_make(uxo_sweep_sensitivity *self, uxo_sweep_result *sweep, const char *column,
                                      uxo_report *report)
{
    const uxo_sweep_facts *const facts = uxo_result_sweep_facts(sweep);
    *self = (uxo_sweep_sensitivity){
        .axes = facts->parameters, .rows = facts->rows, .missing = facts->missing, .reference = -1};
    snprintf(self->column, sizeof self->column, "%s", column);
    UXO_TRY(sweep_check_design(sweep, &self->design, report));
    self->row = calloc(self->rows, sizeof *self->row);
    self->outputs = calloc(1, sizeof *self->outputs);
    if (self->row == NULL || self->outputs == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    UXO_TRY(sweep_outputs_open(self->outputs, sweep, column, report));
    self->batches = self->outputs->batches;
    self->paired = self->batches > 0;
    UXO_TRY(sweep_effects_count(self, self->outputs, report));
    return fill_rows(self, self->outputs, report);
}

uxo_status uxo_sweep_sensitivity_differences(uxo_sweep_sensitivity *self, uint32_t row, uxo_report *report)
{
    if (self->difference == NULL) {
        self->difference = calloc(self->baselines, sizeof *self->difference);
    }
    if (self->difference == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %zu differences", self->baselines);
    }
    UXO_TRY(sweep_outputs_load(self->outputs, row, report));
    for (size_t k = 0; k < self->baselines; k++) {
        self->difference[k] =
            sweep_difference(self->outputs, row, (uint32_t)k, (uint32_t)self->outputs->facts->baseline);
    }
    return UXO_OK;
}

void uxo_sweep_sensitivity_missing(const uxo_sweep_result *sweep, char text[UXO_SWEEP_MISSING_TEXT])
{
    enum { MOST = 8 };
    const uxo_sweep_facts *const facts = uxo_result_sweep_facts(sweep);
    const uint8_t *const missing = uxo_result_sweep_missing(sweep);
    uint32_t named = 0;
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t s = 0; s < facts->scenarios && named < MOST; s++) {
        if (missing[s] != UXO_SWEEP_PRESENT) {
            used += (size_t)snprintf(text + used, UXO_SWEEP_MISSING_TEXT - used, "%s%u", named > 0 ? ", " : "", s + 1);
            named++;
        }
    }
    if (named == 0) {
        snprintf(text, UXO_SWEEP_MISSING_TEXT, "none");
    } else if (facts->missing > named) {
        snprintf(text + used, UXO_SWEEP_MISSING_TEXT - used, " and %u others", facts->missing - named);
    }
}

void uxo_sweep_sensitivity_free(uxo_sweep_sensitivity *self)
{
    for (uint32_t row = 0; self->row != NULL && row < self->rows; row++) {
        uxo_sensitivity_free(&self->row[row].index);
        uxo_sensitivity_regression_free(&self->row[row].rank);
        free(self->row[row].effect);
    }
    free(self->row);
    free(self->difference);
    if (self->outputs != NULL) {
        sweep_outputs_free(self->outputs);
    }
    free(self->outputs);
    *self = (uxo_sweep_sensitivity){0};
}
