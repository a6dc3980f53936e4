/* result_sweep_design.c - the design of a collected sweep: what each scenario sets, and where all of it is from. */
#include <stdlib.h>
#include <string.h>

#include "result_sweep_parts.h"

static void write_attributes(h5_output *out, const uxo_sweep_collection *from)
{
    char source[128];
    const uxo_sweep *const sweep = from->sweep;
    const uint64_t seed = from->scenario->seed, design_seed = sweep->seed;
    snprintf(source, sizeof source, "uxosim %s", from->version);
    h5_word(out, out->file, "Conventions", "CF-1.8");
    h5_text(out, out->file, "title", sweep->title);
    h5_text(out, out->file, "summary", UXO_SENTENCE);
    h5_text(out, out->file, "comment", UXO_SENTENCE);
    h5_text(out, out->file, "source", source);
    h5_word(out, out->file, "format", "uxosim-sweep");
    h5_integer(out, out->file, "format_version", UXO_SWEEP_FORMAT_VERSION);
    h5_word(out, out->file, "estimator", uxo_estimator_word(from->scenario->estimator));
    h5_integer(out, out->file, "realisations", (int32_t)from->scenario->realisations);
    h5_attribute(out, out->file, "seed", H5T_NATIVE_UINT64, &seed, 1);
    h5_word(out, out->file, "design", uxo_design_kind_name(sweep->design.kind));
    h5_integer(out, out->file, "design_rows", (int32_t)sweep->design.base_rows);
    h5_integer(out, out->file, "design_dimensions", (int32_t)sweep->axis_count);
    h5_integer(out, out->file, "design_scenarios", (int32_t)sweep->design.rows);
    h5_attribute(out, out->file, "design_seed", H5T_NATIVE_UINT64, &design_seed, 1);
    h5_integer(out, out->file, "second_order", sweep->design.second_order ? 1 : 0);
    h5_integer(out, out->file, "design_replicates", (int32_t)sweep->design.replicates);
    h5_integer(out, out->file, "baseline", sweep->has_baseline ? (int32_t)sweep->design.rows : -1);
    h5_word(out, out->file, "identity", from->identity);
}

/* 0 there, 1 never finished, 2 failed. */
static void write_missing(sweep_output *self)
{
    h5_output *const out = self->out;
    uint8_t *const missing = calloc(self->scenarios, sizeof *missing);
    int32_t count = 0;
    for (uint32_t s = 0; missing != NULL && s < self->scenarios; s++) {
        const uxo_task_state state = uxo_sweep_store_entry(self->from->store, s + 1)->state;
        missing[s] = (uint8_t)(state == UXO_TASK_DONE     ? UXO_SWEEP_PRESENT
                               : state == UXO_TASK_FAILED ? UXO_SWEEP_FAILED
                                                          : UXO_SWEEP_MISSING);
        count += missing[s] != UXO_SWEEP_PRESENT;
    }
    if (missing == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        return;
    }
    h5_integer(out, out->file, "missing_scenarios", count);
    const hid_t dataset = h5_table(out, out->file, "missing", H5T_NATIVE_UINT8, missing, &self->scenario, 1);
    h5_text(out, dataset, "long_name", "0: the scenario is there; 1: it was never finished; 2: it failed");
    h5_close_dataset(dataset);
    free(missing);
}

/* Texts and numbers of one slab of scenarios; texts are freed by the next or the last call. */
typedef struct value_slab {
    char **text;
    double *number, *point;
} value_slab;

static bool fill_slab(const sweep_output *self, uint32_t first, uint32_t count, value_slab *slab)
{
    const uint32_t axes = self->from->sweep->axis_count;
    bool whole = true;
    for (size_t i = 0; i < (size_t)count * axes; i++) {
        const uint32_t scenario = first + (uint32_t)(i / axes), axis = (uint32_t)(i % axes);
        free(slab->text[i]);
        slab->text[i] = uxo_sweep_value(self->from->sweep, scenario, axis);
        slab->number[i] = uxo_sweep_number(self->from->sweep, scenario, axis);
        slab->point[i] = uxo_sweep_point(self->from->sweep, scenario, axis);
        whole = whole && slab->text[i] != NULL;
    }
    return whole;
}

static void write_values(sweep_output *self, hid_t group, value_slab *slab)
{
    h5_output *const out = self->out;
    const h5_dimension axes[2] = {self->scenario, self->parameter};
    const hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, H5T_VARIABLE);
    H5Tset_cset(text, H5T_CSET_UTF8);
    h5_series value = h5_series_open(out, group, "value", text, axes, 2, self->slab);
    h5_series number = h5_series_open(out, group, "number", H5T_NATIVE_DOUBLE, axes, 2, self->slab);
    h5_series point = h5_series_open(out, out->file, "unit_point", H5T_NATIVE_DOUBLE, axes, 2, self->slab);
    h5_text(out, value.dataset, "long_name", "value of the axis as YAML; empty: as in the base scenario");
    h5_text(out, number.dataset, "long_name", "value of the axis where it is a number");
    h5_text(out, point.dataset, "long_name", "point of the design in (0, 1)");
    for (uint32_t s = 0; s < self->scenarios && !h5_output_stopped(out); s += self->slab) {
        const uint32_t count = self->scenarios - s < self->slab ? self->scenarios - s : self->slab;
        if (!fill_slab(self, s, count, slab)) {
            out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        }
        h5_series_write(out, &value, s, count, slab->text);
        h5_series_write(out, &number, s, count, slab->number);
        h5_series_write(out, &point, s, count, slab->point);
    }
    h5_series_close(&value);
    h5_series_close(&number);
    h5_series_close(&point);
    H5Tclose(text);
}

static void write_names(sweep_output *self, hid_t group)
{
    h5_output *const out = self->out;
    const uxo_sweep *const sweep = self->from->sweep;
    const char **const text = calloc((size_t)sweep->axis_count + 1, sizeof *text);
    for (int which = 0; text != NULL && which < 2; which++) {
        for (uint32_t i = 0; i < sweep->axis_count; i++) {
            text[i] = which == 0 ? sweep->axis[i].name : sweep->axis[i].key;
        }
        const hid_t dataset = h5_texts(out, group, which == 0 ? "name" : "key", text, &self->parameter);
        h5_text(out, dataset, "long_name", which == 0 ? "name of the axis" : "key of the scenario that it sets");
        h5_close_dataset(dataset);
    }
    free(text);
}

void sweep_write_design(sweep_output *self)
{
    h5_output *const out = self->out;
    const size_t items = (size_t)self->slab * self->from->sweep->axis_count;
    write_attributes(out, self->from);
    self->scenario = h5_plain_dimension(out, out->file, "scenario", self->scenarios);
    self->parameter = h5_plain_dimension(out, out->file, "parameter", self->from->sweep->axis_count);
    write_missing(self);
    const hid_t group = h5_group(out, "parameters");
    value_slab slab = {calloc(items, sizeof *slab.text), calloc(items, sizeof *slab.number),
                       calloc(items, sizeof *slab.point)};
    write_names(self, group);
    if (slab.text == NULL || slab.number == NULL || slab.point == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
    } else {
        write_values(self, group, &slab);
    }
    for (size_t i = 0; slab.text != NULL && i < items; i++) {
        free(slab.text[i]);
    }
    free(slab.text);
    free(slab.number);
    free(slab.point);
    h5_close_group(group);
}

void sweep_write_provenance(sweep_output *self)
{
    enum { ROLE, NAME, DIGEST, TEXTS };
    static const char *const name[TEXTS] = {"input_role", "input_name", "input_sha256"};
    h5_output *const out = self->out;
    const uint32_t count = self->from->input_count;
    const char **const text = calloc((size_t)count + 1, sizeof *text);
    uint64_t *const bytes = calloc((size_t)count + 1, sizeof *bytes);
    const hid_t group = h5_group(out, "provenance");
    h5_single_text(out, group, "sweep", self->from->sweep->text);
    h5_single_text(out, group, "scenario", self->from->scenario->scenario_text);
    h5_dimension input = h5_plain_dimension(out, group, "input", count);
    for (int which = 0; text != NULL && bytes != NULL && which < TEXTS; which++) {
        for (uint32_t i = 0; i < count; i++) {
            const uxo_input_file *const file = &self->from->input[i];
            text[i] = which == ROLE ? file->role : which == NAME ? file->name : file->sha256;
            bytes[i] = file->bytes;
        }
        h5_close_dataset(h5_texts(out, group, name[which], text, &input));
    }
    if (text == NULL || bytes == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
    } else {
        h5_close_dataset(h5_table(out, group, "input_bytes", H5T_NATIVE_UINT64, bytes, &input, 1));
    }
    h5_close_dimension(&input);
    h5_close_group(group);
    free(text);
    free(bytes);
}
