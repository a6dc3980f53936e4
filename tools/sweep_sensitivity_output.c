/* sweep_sensitivity_output.c - indices, coefficients, effects and differences for people, spreadsheets and programs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "districts.h"
#include "json_output.h"
#include "sweep_sensitivity.h"
#include "text_output.h"
#include "uxosim/number_text.h"

/* One number with its interval, whatever it is of. */
typedef struct entry {
    uint32_t row;
    const char *quantity; /* "first_order", "total", "second_order", "rank_coefficient", "effect", "difference" */
    char label[SENSITIVITY_LABEL];
    int64_t scenario; /* -1: none */
    double value, low, high;
    uint32_t sets, sets_of; /* effects of a grid: complete sets of scenarios, of how many; else 0 */
} entry;

typedef void visit_entry(const entry *entry, void *user);

/* Where numbers come from; differences are computed row by row. */
typedef struct sensitivity_source {
    uxo_sweep_sensitivity *found;
    const uxo_sweep_result *sweep;
    bool differences;
    uxo_report *report;
} sensitivity_source;

void sweep_effect_label(const uxo_sweep_result *sweep, const uxo_sweep_effect *effect, char text[SENSITIVITY_LABEL])
{
    if (effect->axis == UINT32_MAX) {
        snprintf(text, SENSITIVITY_LABEL, "scenario %u", effect->scenario + 1);
    } else {
        snprintf(text, SENSITIVITY_LABEL, "%.70s = %.70s", uxo_result_sweep_parameter(sweep, effect->axis),
                 uxo_result_sweep_value(sweep, effect->scenario, effect->axis));
    }
}

static void visit_index(uint32_t row, const char *quantity, const char *label, const uxo_sensitivity_index *index,
                        visit_entry *visit, void *user)
{
    entry one = {.row = row,
                 .quantity = quantity,
                 .scenario = -1,
                 .value = index->value,
                 .low = index->low,
                 .high = index->high};
    snprintf(one.label, sizeof one.label, "%s", label);
    visit(&one, user);
}

static void visit_effects(const uxo_sweep_result *sweep, uint32_t row, const char *quantity,
                          const uxo_sweep_effect *effect, size_t count, visit_entry *visit, void *user)
{
    for (size_t k = 0; k < count; k++) {
        const double half = effect[k].half, value = effect[k].difference;
        entry one = {.row = row,
                     .quantity = quantity,
                     .scenario = effect[k].scenario,
                     .value = value,
                     .low = value - half,
                     .high = value + half,
                     .sets = effect[k].sets,
                     .sets_of = effect[k].sets_of};
        sweep_effect_label(sweep, &effect[k], one.label);
        visit(&one, user);
    }
}

static void visit_pairs(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, uint32_t row,
                        visit_entry *visit, void *user)
{
    const uxo_sensitivity_index *pair = self->row[row].index.second;
    for (uint32_t i = 0; pair != NULL && i < self->axes; i++) {
        for (uint32_t j = i + 1; j < self->axes; j++) {
            char label[SENSITIVITY_LABEL];
            snprintf(label, sizeof label, "%.70s x %.70s", uxo_result_sweep_parameter(sweep, i),
                     uxo_result_sweep_parameter(sweep, j));
            visit_index(row, "second_order", label, pair++, visit, user);
        }
    }
}

/* Everything of a row. */
static uxo_status visit_row(const sensitivity_source *source, uint32_t row, visit_entry *visit, void *user)
{
    uxo_sweep_sensitivity *const self = source->found;
    const uxo_sweep_result *const sweep = source->sweep;
    const uxo_sweep_row *const from = &self->row[row];
    if (!from->known) {
        return UXO_OK;
    }
    if (source->differences) {
        UXO_TRY(uxo_sweep_sensitivity_differences(self, row, source->report));
        visit_effects(sweep, row, "difference", self->difference, self->baselines, visit, user);
        return UXO_OK;
    }
    for (uint32_t j = 0; j < self->axes; j++) {
        const char *const axis = uxo_result_sweep_parameter(sweep, j);
        if (self->design == UXO_DESIGN_SOBOL) {
            visit_index(row, "first_order", axis, &from->index.first[j], visit, user);
            visit_index(row, "total", axis, &from->index.total[j], visit, user);
        } else if (self->design == UXO_DESIGN_LATIN_HYPERCUBE) {
            visit_index(row, "rank_coefficient", axis, &from->rank.coefficient[j], visit, user);
        }
    }
    visit_pairs(self, sweep, row, visit, user);
    visit_effects(sweep, row, self->design == UXO_DESIGN_LIST ? "difference" : "effect", from->effect, self->effects,
                  visit, user);
    return UXO_OK;
}

/* ---- For people: the total, then districts by axis */

typedef struct printing {
    const uxo_sweep_result *sweep;
    text_table table;
    bool share; /* numbers are shares, not quantities */
} printing;

static void number_text(bool share, double value, char text[TEXT_NUMBER_SIZE])
{
    if (isnan(value)) {
        snprintf(text, TEXT_NUMBER_SIZE, "-");
    } else if (share) {
        snprintf(text, TEXT_NUMBER_SIZE, "%.2f", value);
    } else {
        text_about(text, value);
    }
}

static void print_entry(const entry *one, void *user)
{
    printing *const self = user;
    char number[3][TEXT_NUMBER_SIZE], interval[2 * TEXT_NUMBER_SIZE + 8];
    number_text(self->share, one->value, number[0]);
    number_text(self->share, one->low, number[1]);
    number_text(self->share, one->high, number[2]);
    snprintf(interval, sizeof interval, "%s to %s", number[1], number[2]);
    const char *const cell[] = {uxo_result_sweep_row_name(self->sweep, one->row), one->label, one->quantity, number[0],
                                isnan(one->low) ? "-" : interval};
    if (!self->table.failed) {
        text_table_add(&self->table, cell);
    }
}

static void print_head(const uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, bool differences, FILE *out)
{
    const uxo_sweep_facts *const facts = uxo_result_sweep_facts(sweep);
    char *const title = text_for_line(facts->title);
    fprintf(out, "%s\n%u scenarios (%s)", title != NULL ? title : "", facts->design_scenarios, facts->design);
    if (self->missing > 0) {
        char missing[UXO_SWEEP_MISSING_TEXT];
        uxo_sweep_sensitivity_missing(sweep, missing);
        fprintf(out, ", %u of them MISSING (%s)", self->missing, missing);
    }
    fputs("\n\n", out);
    free(title);
    fprintf(out, "%s of %s\n\n",
            differences                                  ? "Differences from the baseline"
            : self->design == UXO_DESIGN_SOBOL           ? "Sobol' indices"
            : self->design == UXO_DESIGN_LATIN_HYPERCUBE ? "Standardised rank regression coefficients"
            : self->design == UXO_DESIGN_LIST            ? "Differences from the reference"
                                              : "Effects of values, averaged over the values of the other axes,",
            self->column);
}

static uxo_status print_people(const sensitivity_source *source, FILE *out)
{
    const uxo_sweep_sensitivity *const self = source->found;
    const uxo_sweep_result *const sweep = source->sweep;
    const bool differences = source->differences;
    uxo_status status = UXO_OK;
    static const char *const head[] = {"District", "Axis", "", "", "95 % interval"};
    printing print = {.sweep = sweep,
                      .share = !differences &&
                               (self->design == UXO_DESIGN_SOBOL || self->design == UXO_DESIGN_LATIN_HYPERCUBE)};
    print_head(self, sweep, differences, out);
    text_table_init(&print.table, 5);
    if (!print.table.failed) {
        print.table.left[0] = print.table.left[1] = print.table.left[2] = true;
        text_table_add(&print.table, head);
        text_table_add(&print.table, NULL);
    }
    for (uint32_t row = self->rows; status == UXO_OK && row-- > 0;) { /* the total first */
        status = visit_row(source, row, print_entry, &print);
        if (self->row[row].known && row > 0 && !print.table.failed) {
            text_table_add(&print.table, NULL);
        }
    }
    text_table_print(&print.table, out);
    text_table_free(&print.table);
    fputc('\n', out);
    sweep_sensitivity_explain(self, sweep, differences, out);
    return status;
}

/* ---- For programs */

typedef struct writing {
    const uxo_sweep_sensitivity *of;
    const uxo_sweep_result *sweep;
    FILE *out;
    json_output json;
} writing;

static void write_number(double value, FILE *out)
{
    char number[UXO_NUMBER_SIZE];
    fprintf(out, ",%s", isnan(value) ? "" : uxo_number_text(number, value));
}

static void csv_entry(const entry *one, void *user)
{
    writing *const self = user;
    districts_write_csv_text(uxo_result_sweep_row_name(self->sweep, one->row), self->out);
    fprintf(self->out, ",%s,%s,", self->of->column, one->quantity);
    districts_write_csv_text(one->label, self->out);
    if (one->scenario >= 0) {
        fprintf(self->out, ",%lld", (long long)one->scenario + 1);
    } else {
        fputc(',', self->out);
    }
    write_number(one->value, self->out);
    write_number(one->low, self->out);
    write_number(one->high, self->out);
    write_number(one->sets_of > 0 ? (double)one->sets : (double)NAN, self->out);
    write_number(one->sets_of > 0 ? (double)one->sets_of : (double)NAN, self->out);
    fputc('\n', self->out);
}

static void json_entry(const entry *one, void *user)
{
    writing *const self = user;
    json_open_inline(&self->json, NULL, '{');
    json_text(&self->json, "quantity", one->quantity);
    json_text(&self->json, "of", one->label);
    if (one->scenario >= 0) {
        json_number(&self->json, "scenario", (double)one->scenario + 1.0);
    }
    json_number(&self->json, "value", one->value);
    json_number(&self->json, "low", one->low);
    json_number(&self->json, "high", one->high);
    if (one->sets_of > 0) {
        json_number(&self->json, "sets", one->sets);
        json_number(&self->json, "sets_of", one->sets_of);
    }
    json_close(&self->json, '}');
}

static uxo_status json_row(writing *self, const sensitivity_source *source, uint32_t row)
{
    const uxo_sweep_row *const from = &self->of->row[row];
    json_open(&self->json, NULL, '{');
    json_text(&self->json, "district", uxo_result_sweep_row_name(self->sweep, row));
    json_number(&self->json, "mean", from->mean);
    if (self->of->design == UXO_DESIGN_SOBOL) {
        json_number(&self->json, "variance", from->index.variance);
        json_number(&self->json, "noise_share", from->index.noise_share);
        json_number(&self->json, "base_rows", from->index.base_rows);
        json_number(&self->json, "base_rows_missing", from->index.missing);
        json_number(&self->json, "replicates", from->index.replicates);
        json_text(&self->json, "intervals", from->index.replicates > 0 ? "replicates" : "bootstrap");
        json_number(&self->json, "widest_interval", from->index.widest);
        json_raw(&self->json, "converged", from->index.converged ? "true" : "false");
    } else if (self->of->design == UXO_DESIGN_LATIN_HYPERCUBE) {
        json_number(&self->json, "determination", from->rank.determination);
    } else {
        json_number(&self->json, "reference", from->reference);
    }
    json_open(&self->json, "numbers", '[');
    const uxo_status status = visit_row(source, row, json_entry, self);
    json_close(&self->json, ']');
    json_close(&self->json, '}');
    return status;
}

/* Axes that can have no coefficient. */
static void json_unordered(writing *self)
{
    json_open_inline(&self->json, "axes_without_order", '[');
    for (uint32_t j = 0; j < self->of->axes; j++) {
        uint32_t value[2];
        if (uxo_sweep_axis_kind_of(self->sweep, j, value) == UXO_SWEEP_AXIS_NO_ORDER) {
            json_text(&self->json, NULL, uxo_result_sweep_parameter(self->sweep, j));
        }
    }
    json_close(&self->json, ']');
}

static uxo_status write_json(writing *self, const sensitivity_source *source)
{
    uxo_status status = UXO_OK;
    json_init(&self->json, self->out);
    json_open(&self->json, NULL, '{');
    json_text(&self->json, "note", UXO_SENTENCE);
    json_text(&self->json, "title", uxo_result_sweep_facts(self->sweep)->title);
    json_text(&self->json, "design", uxo_result_sweep_facts(self->sweep)->design);
    json_text(&self->json, "column", self->of->column);
    json_raw(&self->json, "paired", self->of->paired ? "true" : "false");
    json_number(&self->json, "scenarios", uxo_result_sweep_facts(self->sweep)->design_scenarios);
    json_number(&self->json, "missing_scenarios", self->of->missing);
    if (self->of->design == UXO_DESIGN_LATIN_HYPERCUBE) {
        json_unordered(self);
    }
    json_open(&self->json, "districts", '[');
    for (uint32_t row = 0; status == UXO_OK && row < self->of->rows; row++) {
        if (self->of->row[row].known) {
            status = json_row(self, source, row);
        }
    }
    json_close(&self->json, ']');
    json_open(&self->json, "districts_left_out", '[');
    for (uint32_t row = 0; row < self->of->rows; row++) {
        if (!self->of->row[row].known) {
            json_text(&self->json, NULL, uxo_result_sweep_row_name(self->sweep, row));
        }
    }
    json_close(&self->json, ']');
    json_close(&self->json, '}');
    fputc('\n', self->out);
    return status;
}

uxo_status sweep_sensitivity_write(uxo_sweep_sensitivity *self, const uxo_sweep_result *sweep, bool differences,
                                   sensitivity_format format, FILE *out, uxo_report *report)
{
    const sensitivity_source source = {self, sweep, differences, report};
    writing write = {.of = self, .sweep = sweep, .out = out};
    uxo_status status = UXO_OK;
    if (format == SENSITIVITY_TABLE) {
        status = print_people(&source, out);
    } else if (format == SENSITIVITY_JSON) {
        status = write_json(&write, &source);
    } else {
        fputs("district,column,quantity,of,scenario,value,low,high,sets,sets_of\n", out);
        for (uint32_t row = 0; status == UXO_OK && row < self->rows; row++) {
            status = visit_row(&source, row, csv_entry, &write);
        }
    }
    return status;
}
