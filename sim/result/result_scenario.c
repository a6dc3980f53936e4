/* result_scenario.c - the scenario of a run from its result alone, and the proof that it draws what the run drew. Not here: reading texts
 * (sim/scenario), drawing (sim/engine). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result_file.h"
#include "result_surface.h"
#include "uxosim/redraw.h"

/* Realisations that are drawn again to see that they are those of the file. */
enum { COMPARED = 16 };

uint32_t uxo_result_realisations(const uxo_result *self)
{
    const double count = uxo_result_number(self, "/", "realisations");
    return count >= 1.0 && count <= (double)UINT32_MAX ? (uint32_t)count : 0;
}

uxo_status uxo_result_weights(uxo_result *self, const double **weight, uint32_t *count, uxo_report *report)
{
    size_t kept = 0;
    const double *const found = uxo_result_numbers(self, "/realisation_weight", &kept);
    double total = 0.0;
    bool sound = kept <= uxo_result_realisations(self);
    for (size_t i = 0; i < kept; i++) {
        sound = sound && found[i] >= 0.0 && isfinite(found[i]);
        total += found[i];
    }
    if (!sound || !(total > 0.0)) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "'%s' has no weights of its realisations that can be used",
                        self->path);
    }
    *weight = found;
    *count = (uint32_t)kept;
    return UXO_OK;
}

static const char *single_text(uxo_result *self, const char *path)
{
    size_t count = 0;
    const char *const *const texts = uxo_result_strings(self, path, &count);
    return count == 1 ? texts[0] : NULL;
}

static uxo_status find_texts(uxo_result *self, uxo_scenario_kept *kept, uxo_report *report)
{
    const char *const redacted = uxo_result_text(self, "/", "redacted");
    *kept = (uxo_scenario_kept){.scenario = single_text(self, "/provenance/scenario"),
                                .overrides = single_text(self, "/provenance/overrides"),
                                .catalogue = single_text(self, "/provenance/munitions"),
                                .strikes = single_text(self, "/provenance/strikes"),
                                .crs = self->crs_wkt,
                                .grid = self->grid};
    if (redacted != NULL) {
        return uxo_fail(
            report, UXO_ERR_DATA, NULL,
            "'%s' is a public copy: it does not hold the strikes, from which realisations could be drawn again; "
            "use the result that it was made of",
            self->path);
    }
    if (kept->scenario == NULL || kept->overrides == NULL || kept->catalogue == NULL || kept->strikes == NULL) {
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        "'%s' does not hold what its realisations were drawn from (/provenance/munitions, "
                        "/provenance/strikes): it was written by an older uxosim; run the scenario again",
                        self->path);
    }
    return UXO_OK;
}

/* Persons by cell, a row of chunks at a time: values as they were stored. */
static uxo_status read_population(uxo_result *self, uxo_population *out, uxo_report *report)
{
    const uxo_grid *const grid = &self->grid;
    float *const rows = malloc((size_t)UXO_CHUNK * grid->nx * sizeof *rows);
    bool memory = rows != NULL && uxo_population_init(out, grid);
    uxo_status status = UXO_OK;
    for (uint32_t first = 0; memory && status == UXO_OK && first < grid->ny; first += UXO_CHUNK) {
        const uint32_t count = grid->ny - first < UXO_CHUNK ? grid->ny - first : UXO_CHUNK;
        status = uxo_result_read_rows(self, "population", 0, first, count, rows, report);
        for (size_t i = 0; memory && status == UXO_OK && i < (size_t)count * grid->nx; i++) {
            if (rows[i] > 0.0f) {
                memory = uxo_population_add(out, grid, (uint32_t)(i % grid->nx), first + (uint32_t)(i / grid->nx),
                                            (double)rows[i]);
                out->on_grid += (double)rows[i];
            }
        }
    }
    free(rows);
    out->source_total = out->on_grid;
    return memory ? status : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for the population");
}

static uxo_status read_inputs(uxo_result *self, uxo_scenario_kept *kept, uxo_report *report)
{
    if (result_has_surface(self)) {
        UXO_TRY(result_read_surface(self, &kept->surface, report));
    }
    return result_find_layer(self, "population") != NULL ? read_population(self, &kept->population, report) : UXO_OK;
}

static uxo_status refuse_draws(const uxo_result *self, const char *what, uxo_report *report)
{
    const char *const version = uxo_result_text(self, "/provenance", "uxosim_version");
    return uxo_fail(report, UXO_ERR_DATA, NULL,
                    "the realisations of '%s' cannot be drawn again: %s differ from those in the file, which is of "
                    "uxosim %s; use that version, or run the scenario again",
                    self->path, what, version != NULL ? version : "(unknown)");
}

static uxo_status compare_draws(uxo_result *self, const uxo_scenario *scenario, uxo_report *report)
{
    const uxo_engine_options options = {.threads = 1};
    const uint32_t columns = scenario->campaign_count;
    size_t given_count = 0, campaign_rows = 0, campaign_columns = 0, strike_count = 0;
    const double *const given = uxo_result_numbers(self, "/draws/duds_given", &given_count);
    const double *const campaign = uxo_result_table(self, "/draws/campaign", &campaign_rows, &campaign_columns);
    const char *const *const strike = uxo_result_strings(self, "/strikes/id", &strike_count);
    if (strike_count != scenario->strikes.count || given == NULL || (columns > 0 && campaign == NULL) ||
        campaign_columns != columns) {
        return refuse_draws(self, "the numbers of strikes or shared quantities", report);
    }
    for (uint32_t i = 0; i < scenario->strikes.count; i++) {
        if (strcmp(strike[i], scenario->strikes.item[i].id) != 0) {
            return refuse_draws(self, "the strikes", report);
        }
    }
    double *const again = result_keep(self, calloc((size_t)COMPARED * (columns + 1), sizeof *again));
    const uint32_t count = given_count < COMPARED ? (uint32_t)given_count : COMPARED;
    if (again == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    UXO_TRY(uxo_redraw_given(scenario, &options, 0, count, again, again + COMPARED, report));
    const size_t shared = (campaign_rows < count ? campaign_rows : count) * columns;
    if ((shared > 0 && memcmp(campaign, again + COMPARED, shared * sizeof *again) != 0)) {
        return refuse_draws(self, "the shared quantities", report);
    }
    return memcmp(given, again, count * sizeof *again) == 0 ? UXO_OK : refuse_draws(self, "the expected duds", report);
}

uxo_status uxo_result_scenario(uxo_result *self, uxo_scenario *scenario, uxo_report *report)
{
    uxo_scenario_kept kept;
    uxo_report inner;
    memset(scenario, 0, sizeof *scenario);
    UXO_TRY(find_texts(self, &kept, report));
    const uxo_status inputs = read_inputs(self, &kept, report);
    if (inputs != UXO_OK) {
        uxo_surface_free(&kept.surface);
        uxo_population_free(&kept.population);
        return inputs;
    }
    uxo_report_init(&inner); /* its warnings were given when the scenario was run */
    uxo_status status = uxo_scenario_rebuild(scenario, &kept, &inner);
    for (size_t i = 0; status != UXO_OK && i < inner.count; i++) {
        const uxo_message *const message = &inner.item[i];
        if (message->severity == UXO_ERROR) {
            uxo_report_add(report, UXO_ERROR, NULL, "'%s' holds a scenario that cannot be read: %s", self->path,
                           message->text);
        }
    }
    uxo_report_free(&inner);
    return status == UXO_OK ? compare_draws(self, scenario, report) : status;
}
