/* result_provenance.c - /draws and /provenance: what was drawn and what everything rests on. Not here, because equal
 * inputs have to give equal bytes: compiler, flags, time, host, threads, absolute paths.
 */
#include <gsl/gsl_version.h>
#include <sleef.h>
#include <stdlib.h>
#include <string.h>

#include "result_parts.h"

static void out_of_memory(h5_output *out)
{
    out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
}

/* One column of texts that lie at a fixed distance in an array of structs. */
static void write_column(h5_output *out, hid_t group, const char *name, const char *sentence, const char *const *texts,
                         const h5_dimension *dimension)
{
    const hid_t dataset = h5_texts(out, group, name, texts, dimension);
    h5_text(out, dataset, "long_name", sentence);
    h5_close_dataset(dataset);
}

static void write_campaign(h5_output *out, hid_t group, const uxo_result_run *run, const h5_dimension *realisation,
                           const char **names)
{
    const uxo_scenario *const scenario = run->scenario;
    const uint32_t count = scenario->campaign_count;
    for (uint32_t i = 0; i < count; i++) {
        names[i] = scenario->campaign[i].name;
    }
    h5_dimension item = h5_plain_dimension(out, group, "campaign_item", count);
    write_column(out, group, "campaign_name", "what was drawn once per realisation", names, &item);
    const uint32_t kept = result_kept_rows(run->outcome->realisations, count, sizeof(double));
    const bool cut = kept < run->outcome->realisations;
    h5_dimension rows = cut ? h5_plain_dimension(out, group, "kept_realisation", kept) : *realisation;
    const h5_dimension dimensions[2] = {rows, item};
    const hid_t dataset = h5_table(out, group, "campaign", H5T_NATIVE_DOUBLE, run->outcome->campaign, dimensions, 2);
    h5_text(out, dataset, "long_name", "draws shared by all strikes of a realisation; columns as campaign_name");
    h5_integer(out, dataset, "kept", (int32_t)kept);
    h5_close_dataset(dataset);
    h5_close_dimension(&item);
    if (cut) {
        h5_close_dimension(&rows);
    }
}

/* One number per realisation, as many as are kept; `dimension` is that of a table that is cut. */
static void write_per_realisation(h5_output *out, hid_t group, const char *name, const char *dimension,
                                  const char *sentence, const double *values, uint32_t realisations,
                                  const h5_dimension *realisation)
{
    const uint32_t kept = result_kept_rows(realisations, 1, sizeof(double));
    const bool cut = kept < realisations;
    h5_dimension rows = cut ? h5_plain_dimension(out, group, dimension, kept) : *realisation;
    const hid_t dataset = h5_table(out, group, name, H5T_NATIVE_DOUBLE, values, &rows, 1);
    h5_text(out, dataset, "long_name", sentence);
    h5_word(out, dataset, "units", "1");
    h5_integer(out, dataset, "kept", (int32_t)kept);
    h5_close_dataset(dataset);
    if (cut) {
        h5_close_dimension(&rows);
    }
}

static void write_weights(h5_output *out, const uxo_result_run *run, const h5_dimension *realisation)
{
    const uint32_t kept = result_kept_rows(run->outcome->realisations, 1, sizeof(double));
    double *const weight = malloc(((size_t)kept + 1) * sizeof *weight);
    if (weight == NULL) {
        out_of_memory(out);
        return;
    }
    for (uint32_t i = 0; i < kept; i++) {
        weight[i] = 1.0;
    }
    write_per_realisation(out, out->file, "realisation_weight", "kept_realisation",
                          "weight of a realisation in all statistics", weight, run->outcome->realisations, realisation);
    free(weight);
}

void result_write_draws(h5_output *out, const uxo_result_run *run, const h5_dimension *realisation)
{
    const hid_t group = h5_group(out, "draws");
    const char **const names = calloc((size_t)run->scenario->campaign_count + 1, sizeof *names);
    write_weights(out, run, realisation);
    if (names == NULL) {
        out_of_memory(out);
    } else if (run->scenario->campaign_count > 0) {
        write_campaign(out, group, run, realisation, names);
    }
    write_per_realisation(out, group, "duds_given", "kept_duds_given",
                          "duds expected in a realisation given all its draws but the last, wherever they fall",
                          run->outcome->given_mean, run->outcome->realisations, realisation);
    free(names);
    h5_close_group(group);
}

static const char *mark_word(uxo_mark mark)
{
    static const char *const word[] = {
        [UXO_MARK_DEFAULT] = "default", [UXO_MARK_GIVEN] = "given", [UXO_MARK_OVERRIDE] = "override"};
    return word[mark];
}

static void write_used(h5_output *out, hid_t group, const uxo_scenario *scenario, const char **texts)
{
    static const struct {
        const char *name, *sentence;
    } column[] = {{"used_path", "key of every value that was used"},
                  {"used_value", "the value as YAML"},
                  {"used_mark", "default, given or override (of the command line)"},
                  {"used_source", "where the value comes from"}};
    h5_dimension used = h5_plain_dimension(out, group, "used", scenario->used_count);
    for (size_t c = 0; c < sizeof column / sizeof *column; c++) {
        for (uint32_t i = 0; i < scenario->used_count; i++) {
            const uxo_used_value *const value = &scenario->used[i];
            texts[i] = c == 0 ? value->path : c == 1 ? value->value : c == 2 ? mark_word(value->mark) : value->source;
        }
        write_column(out, group, column[c].name, column[c].sentence, texts, &used);
    }
    h5_close_dimension(&used);
}

static void write_inputs(h5_output *out, hid_t group, const uxo_scenario *scenario, const char **texts)
{
    static const struct {
        const char *name, *sentence;
    } column[] = {{"input_role", "what the file is for"},
                  {"input_name", "as the scenario names it"},
                  {"input_sha256", "SHA-256 of its bytes"}};
    h5_dimension input = h5_plain_dimension(out, group, "input", scenario->input_count);
    for (size_t c = 0; c < sizeof column / sizeof *column; c++) {
        for (uint32_t i = 0; i < scenario->input_count; i++) {
            const uxo_input_file *const file = &scenario->input[i];
            texts[i] = c == 0 ? file->role : c == 1 ? file->name : file->sha256;
        }
        write_column(out, group, column[c].name, column[c].sentence, texts, &input);
    }
    uint64_t *const bytes = calloc((size_t)scenario->input_count + 1, sizeof *bytes);
    if (bytes == NULL) {
        out_of_memory(out);
        return;
    }
    for (uint32_t i = 0; i < scenario->input_count; i++) {
        bytes[i] = scenario->input[i].bytes;
    }
    const hid_t dataset = h5_table(out, group, "input_bytes", H5T_NATIVE_UINT64, bytes, &input, 1);
    h5_text(out, dataset, "long_name", "size of the file");
    h5_word(out, dataset, "units", "byte");
    h5_close_dataset(dataset);
    free(bytes);
    h5_close_dimension(&input);
}

typedef struct source_row {
    const char *munition, *number, *source, *origin;
} source_row;

/* The catalogue's sentences for the munitions that occur in the list; returns how many rows were filled. */
static size_t collect_sources(const uxo_scenario *scenario, source_row *row)
{
    static const char *const number[] = {
#define X(id, key) key,
        UXO_MUNITION_SOURCES(X)
#undef X
    };
    size_t count = 0;
    for (uint32_t i = 0; i < scenario->catalogue.count; i++) {
        const uxo_munition *const munition = &scenario->catalogue.item[i];
        if (!uxo_scenario_uses_munition(scenario, i)) {
            continue;
        }
        for (unsigned k = 0; k < UXO_SOURCE_COUNT; k++) {
            row[count++] = (source_row){munition->id, number[k], munition->source[k], munition->origin[k]};
        }
    }
    return count;
}

static void write_sources(h5_output *out, hid_t group, const uxo_scenario *scenario, const char **texts,
                          source_row *row)
{
    static const struct {
        const char *name, *sentence;
    } column[] = {{"source_munition", "munition of the catalogue that occurs in the strike list"},
                  {"source_number", "its number"},
                  {"source_text", "the catalogue's source of the number; empty: default or command line"},
                  {"source_origin", "where the number was read"}};
    const size_t count = collect_sources(scenario, row);
    h5_dimension source = h5_plain_dimension(out, group, "source", count);
    for (size_t c = 0; c < sizeof column / sizeof *column; c++) {
        for (size_t i = 0; i < count; i++) {
            texts[i] = c == 0 ? row[i].munition : c == 1 ? row[i].number : c == 2 ? row[i].source : row[i].origin;
        }
        write_column(out, group, column[c].name, column[c].sentence, texts, &source);
    }
    h5_close_dimension(&source);
}

static void write_versions(h5_output *out, hid_t group, const uxo_result_run *run)
{
    char text[64];
    unsigned major = 0;
    unsigned minor = 0;
    unsigned release = 0;
    H5get_libversion(&major, &minor, &release);
    h5_text(out, group, "uxosim_version", run->version);
    h5_text(out, group, "uxosim_commit", run->commit);
    h5_text(out, group, "gsl_version", gsl_version);
    snprintf(text, sizeof text, "%u.%u.%u", major, minor, release);
    h5_text(out, group, "hdf5_version", text);
    h5_text(out, group, "gdal_version", run->gdal_version != NULL ? run->gdal_version : "not said");
    snprintf(text, sizeof text, "%d.%d.%d", SLEEF_VERSION_MAJOR, SLEEF_VERSION_MINOR, SLEEF_VERSION_PATCHLEVEL);
    h5_text(out, group, "sleef_version", text);
    h5_text(out, group, "libdeflate_version", result_pack_version());
}

void result_write_provenance(h5_output *out, const uxo_result_run *run)
{
    const uxo_scenario *const scenario = run->scenario;
    const size_t sources = (size_t)scenario->catalogue.count * UXO_SOURCE_COUNT;
    size_t longest = scenario->used_count > scenario->input_count ? scenario->used_count : scenario->input_count;
    longest = longest > sources ? longest : sources;
    const char **const texts = calloc(longest + 1, sizeof *texts);
    source_row *const row = calloc(sources + 1, sizeof *row);
    const hid_t group = h5_group(out, "provenance");
    if (texts == NULL || row == NULL) {
        out_of_memory(out);
    } else {
        write_versions(out, group, run);
        h5_attribute(out, group, "seed", H5T_NATIVE_UINT64, &scenario->seed, 1);
        h5_text(out, group, "crs_given", scenario->crs_text);
        h5_single_text(out, group, "scenario", scenario->scenario_text);
        h5_single_text(out, group, "overrides", scenario->overrides_text);
        if (scenario->catalogue.text != NULL && scenario->strikes.rows != NULL) {
            h5_single_text(out, group, "munitions", scenario->catalogue.text);
            h5_single_text(out, group, "strikes", scenario->strikes.rows);
        }
        write_used(out, group, scenario, texts);
        write_inputs(out, group, scenario, texts);
        write_sources(out, group, scenario, texts, row);
    }
    h5_close_group(group);
    free(texts);
    free(row);
}
