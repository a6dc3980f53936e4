/* result_redact.c - a public copy of a result: coarser, without strikes and what would lead back to them.
 *
 * What may stay is listed; everything else goes, so that a later field is left out until someone decides. Not here:
 * rasters and tables as such (result_raster.c, hdf5_tables.c).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result_redact.h"
#include "result_whole.h"

static uxo_grid coarse_grid(const uxo_grid *fine, uint32_t factor)
{
    uxo_grid grid;
    const uint32_t nx = (uint32_t)(((uint64_t)fine->nx + factor - 1) / factor);
    const uint32_t ny = (uint32_t)(((uint64_t)fine->ny + factor - 1) / factor);
    const double cell_m = fine->cell_size_m * factor;
    uxo_grid_init(&grid, fine->xmin_m, uxo_grid_ymax_m(fine) - cell_m * ny, cell_m, nx, ny);
    return grid;
}

static void copy_text(const redaction *self, const char *name)
{
    const char *const text = uxo_result_text(self->source, "/", name);
    if (text != NULL) {
        h5_text(self->out, self->out->file, name, text);
    }
}

static void copy_number(const redaction *self, const char *name)
{
    const double number = uxo_result_number(self->source, "/", name);
    if (!isnan(number)) {
        h5_number(self->out, self->out->file, name, number);
    }
}

/* The seed stays out: with it, a guessed strike list could be tested against the file. */
static void write_header(const redaction *self)
{
    static const char *const texts[] = {"title", "summary", "comment", "source"};
    static const char *const numbers[] = {"expected_duds", "simulated_duds_mean", "intact_carriers_mean",
                                          "intact_submunitions_mean"};
    h5_output *const out = self->out;
    h5_word(out, out->file, "Conventions", "CF-1.8");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        copy_text(self, texts[i]);
    }
    h5_text(out, out->file, "format", "uxosim-result");
    h5_integer(out, out->file, "format_version", UXO_RESULT_FORMAT_VERSION);
    copy_text(self, "as_of");
    copy_text(self, "estimator");
    h5_integer(out, out->file, "realisations", (int32_t)uxo_result_number(self->source, "/", "realisations"));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        copy_number(self, numbers[i]);
    }
    copy_text(self, "map_method");
    copy_text(self, "self_check");
    h5_text(out, out->file, "redacted",
            "A public copy: coarser cells; strikes, their provenance, the scenario, the seed and all draws were left "
            "out, because they "
            "show what was reported, by whom and where.");
    h5_number(out, out->file, "redacted_block_m", self->coarse.cell_size_m);
}

/* Of districts (zones NULL) or of a set of zones. */
static void write_areas(const redaction *self, const char *zones)
{
    uxo_district_table table;
    char path[RESULT_ZONE_PATH];
    snprintf(path, sizeof path, "%s%.100s", zones != NULL ? "zones/" : "districts", zones != NULL ? zones : "");
    const uxo_status status = zones != NULL ? uxo_result_read_zones(self->source, zones, &table, self->out->report)
                                            : uxo_result_read_districts(self->source, &table, self->out->report);
    if (status != UXO_OK) {
        self->out->status = status;
        return;
    }
    const char **const geometry = calloc(table.rows, sizeof *geometry);
    if (geometry == NULL) {
        self->out->status = uxo_fail(self->out->report, UXO_ERR_MEMORY, NULL, "out of memory");
    } else {
        for (uint32_t i = 0; i < table.rows; i++) {
            geometry[i] = uxo_result_geometry(self->source, zones, i);
        }
        h5_close_group(result_write_area_table(self->out, path, &table, geometry));
        if (zones == NULL) {
            redaction_write_evidence(self, table.rows);
        }
    }
    free(geometry);
    uxo_district_table_free(&table);
}

static void write_zones(const redaction *self)
{
    const size_t count = uxo_result_zone_count(self->source);
    const char **const ids = calloc(count + 1, sizeof *ids);
    bool good = ids != NULL;
    for (size_t i = 0; good && i < count; i++) {
        ids[i] = uxo_result_zone_id(self->source, i);
        good = ids[i] != NULL;
    }
    if (!good) {
        self->out->status = uxo_fail(self->out->report, UXO_ERR_MEMORY, NULL, "out of memory");
    } else if (count > 0) {
        h5_close_group(result_write_zone_group(self->out, ids, count));
    }
    for (size_t i = 0; i < count && self->out->status == UXO_OK; i++) {
        write_areas(self, ids[i]);
    }
    free(ids);
}

static void write_parts(h5_output *out, void *user)
{
    redaction *const self = user;
    result_map map;
    self->out = out;
    write_header(self);
    result_write_axes(self->out, &map, &self->coarse);
    result_copy_crs(self->out, self->source, &self->coarse);
    redaction_write_layers(self, &map);
    write_areas(self, NULL);
    write_zones(self);
    redaction_write_variance(self);
    redaction_write_provenance(self);
    result_close_axes(&map);
    h5_integer(self->out, self->out->file, "complete", 1);
}

/* A zone smaller than a block tells of its ground what the coarse map does not. */
static void warn_of_zones(const redaction *self, uxo_report *report)
{
    const double block_ha = uxo_grid_cell_ha(&self->coarse);
    for (size_t s = 0; s < uxo_result_zone_count(self->source); s++) {
        const char *const id = uxo_result_zone_id(self->source, s);
        uxo_district_table table;
        uint32_t small = 0;
        if (id == NULL || uxo_result_read_zones(self->source, id, &table, report) != UXO_OK) {
            continue;
        }
        for (uint32_t i = 0; i + 3 < table.rows; i++) {
            const double area_ha = table.value[UXO_COLUMN_AREA_HA][i];
            small += area_ha > 0.0 && area_ha < block_ha;
        }
        if (small > 0) {
            uxo_report_add(
                report, UXO_WARNING, NULL,
                "%u of %u zones of '%s' are smaller than a block: their rows tell more of the place than the map does",
                small, table.rows - 3, id);
        }
        uxo_district_table_free(&table);
    }
}

static void say_what_went(const redaction *self, const char *path, uxo_report *report)
{
    uxo_report_add(report, UXO_NOTE, NULL,
                   "'%s': cells of %g m, sums of duds and persons as before; rows of districts%s as before", path,
                   self->coarse.cell_size_m, uxo_result_zone_count(self->source) > 0 ? " and zones" : "");
    uxo_report_add(report, UXO_NOTE, NULL,
                   "left out because it shows what was reported, by whom and where: strikes, scenario text, command "
                   "line, values below "
                   "'strikes', hashes of scenario and strike list, seed, draws, counts per realisation");
}

uxo_status uxo_result_redact(uxo_result *self, const char *path, double block_m, uxo_report *report)
{
    if (!(block_m > 0.0) || !isfinite(block_m)) {
        return uxo_fail(report, UXO_ERR_USAGE, NULL, "the block size has to be above 0 m");
    }
    /* 1e-9: 100 m out of cells of 0.1 m are 1000 cells, not 1001. */
    const double blocks = ceil(block_m / self->grid.cell_size_m * (1.0 - 1e-9));
    const uint32_t factor = blocks < 1.0 ? 1 : blocks < 1e9 ? (uint32_t)blocks : 1000000000;
    redaction redact = {.source = self, .factor = factor, .coarse = coarse_grid(&self->grid, factor)};
    UXO_TRY(result_write_whole(path, NULL, write_parts, &redact, report));
    say_what_went(&redact, path, report);
    warn_of_zones(&redact, report);
    return UXO_OK;
}
