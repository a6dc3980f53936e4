/* result_write.c - a run's result file from beginning to end. Not here: its parts (result_*.c) and the layers of HDF5
 * (hdf5_*.c). */
#include <stdlib.h>
#include <string.h>

#include "result_parts.h"
#include "result_surface.h"
#include "result_whole.h"
#include "uxosim/background_strikes.h"
#include "uxosim/expectation.h"
#include "uxosim/stats.h"

static const char *estimator_word(uxo_estimator estimator)
{
    return estimator == UXO_ESTIMATOR_ANALOG ? "analog" : "expected-value";
}

/* How the maps of mean, spread and probability came about. */
static void write_method(h5_output *out, const uxo_outcome *outcome)
{
    char text[160];
    if (outcome->conditional == NULL) {
        h5_text(out, out->file, "map_method", "counted points");
        return;
    }
    snprintf(text, sizeof text, "sampled: %s", outcome->why_sampled != NULL ? outcome->why_sampled : "");
    h5_text(out, out->file, "map_method", outcome->closed_form ? "closed form" : text);
}

/* The relative standard errors that a run with `until` has come to. */
static void write_until(h5_output *out, const uxo_result_run *run)
{
    const uxo_until_errors *const errors = &run->outcome->until;
    if (run->scenario->until.given) {
        h5_number(out, out->file, "until_relative_error", run->scenario->until.relative_error);
        h5_integer(out, out->file, "until_reached", errors->reached ? 1 : 0);
        h5_number(out, out->file, "until_district_error", errors->district);
        h5_number(out, out->file, "until_density_error", errors->density);
        h5_number(out, out->file, "until_probability_error", errors->probability);
    }
}

/* What unreported strikes add, apart from all else. */
static void write_background(h5_output *out, const uxo_result_run *run)
{
    const uxo_scenario *const scenario = run->scenario;
    const uxo_outcome *const outcome = run->outcome;
    double on_grid = 0.0;
    if (!scenario->background.given) {
        return;
    }
    for (size_t i = 0; i < (size_t)outcome->realisations * outcome->columns; i++) {
        on_grid += (i + 1) % outcome->columns != 0 ? (double)outcome->background_count[i] : 0.0;
    }
    const uxo_grid *const grid = &scenario->grid;
    h5_number(out, out->file, "expected_background_duds",
              uxo_background_density_per_ha(scenario) * (double)uxo_grid_cell_count(grid) * uxo_grid_cell_ha(grid));
    h5_number(out, out->file, "simulated_background_duds_mean", on_grid / (double)outcome->realisations);
}

/* Accidents on the grid in the first year, as drawn, and in the second, A(2) - A(1), as the drawn duds let expect. */
static void write_accidents(h5_output *out, const uxo_result_run *run)
{
    uxo_summary summary;
    double first = 0.0;
    const uxo_outcome *const outcome = run->outcome;
    if (outcome->accidents == NULL) {
        return;
    }
    uxo_weighted *const scratch = malloc(outcome->realisations * sizeof *scratch);
    if (scratch == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        return;
    }
    for (size_t i = 0; i < (size_t)outcome->realisations * outcome->columns; i++) {
        first += (double)outcome->accidents[i];
    }
    uxo_stats_summarise(outcome->second_year, NULL, outcome->realisations, run->scenario->quantile, scratch, &summary);
    h5_number(out, out->file, "accidents_year1_mean", first / (double)outcome->realisations);
    h5_number(out, out->file, "accidents_year2_mean", summary.mean);
    h5_number(out, out->file, "accidents_year2_mean_se", summary.mean_se);
    free(scratch);
}

/* What is known after the maps, when the run has checked itself. */
static void write_totals(h5_output *out, const uxo_result_run *run)
{
    uxo_outcome *const outcome = run->outcome;
    if (h5_output_stopped(out)) {
        return;
    }
    out->status = uxo_engine_self_check(run->scenario, outcome, out->report);
    const double realisations = outcome->realisations;
    h5_integer(out, out->file, "realisations", (int32_t)outcome->realisations);
    h5_number(out, out->file, "expected_duds", uxo_expected_total(run->scenario));
    h5_number(out, out->file, "simulated_duds_mean", (double)outcome->total_duds / realisations);
    h5_number(out, out->file, "intact_carriers_mean", (double)outcome->intact_carriers / realisations);
    h5_number(out, out->file, "intact_submunitions_mean", (double)outcome->intact_submunitions / realisations);
    write_background(out, run);
    write_accidents(out, run);
    write_method(out, outcome);
    write_until(out, run);
    h5_text(out, out->file, "self_check", outcome->self_check);
}

static void write_header(h5_output *out, const uxo_result_run *run)
{
    const uxo_scenario *const scenario = run->scenario;
    char text[UXO_DAY_SIZE];
    char source[128];
    snprintf(source, sizeof source, "uxosim %s", run->version);
    h5_word(out, out->file, "Conventions", "CF-1.8");
    h5_text(out, out->file, "title", scenario->title);
    h5_text(out, out->file, "summary", UXO_SENTENCE);
    h5_text(out, out->file, "comment", UXO_SENTENCE);
    h5_text(out, out->file, "source", source);
    h5_text(out, out->file, "format", "uxosim-result");
    h5_integer(out, out->file, "format_version", UXO_RESULT_FORMAT_VERSION);
    uxo_day_text(scenario->as_of_day, text);
    h5_text(out, out->file, "as_of", text[0] != '\0' ? text : "undated");
    h5_text(out, out->file, "estimator", estimator_word(scenario->estimator));
    h5_attribute(out, out->file, "seed", H5T_NATIVE_UINT64, &scenario->seed, 1);
    h5_attribute(out, out->file, "district_quantiles", H5T_NATIVE_DOUBLE, scenario->quantile, 3);
}

static void write_parts(h5_output *out, void *user)
{
    const uxo_result_run *const run = *(const uxo_result_run *const *)user;
    result_map map;
    write_header(out, run);
    result_write_axes(out, &map, &run->scenario->grid);
    result_write_crs(out, run->scenario->crs, &run->scenario->grid);
    result_write_layers(out, &map, run);
    result_write_inputs(out, &map, run);
    write_totals(out, run);
    h5_dimension realisation = h5_plain_dimension(out, out->file, "realisation", run->outcome->realisations);
    result_write_districts(out, run, &realisation);
    result_write_zones(out, run, &realisation);
    result_write_variance(out, run);
    result_write_ranking(out, run);
    result_write_strikes(out, run);
    result_write_draws(out, run, &realisation);
    result_write_surface(out, run->scenario);
    result_write_provenance(out, run);
    h5_close_dimension(&realisation);
    result_close_axes(&map);
    h5_integer(out, out->file, "complete", 1);
}

uxo_status uxo_result_write(const char *path, const uxo_result_run *run, uxo_report *report)
{
    return result_write_whole(path, run->engine->stop, write_parts, &run, report);
}
