/* figures_source.c - what is the same on all figures of a result: its table, grid, texts. Not here: cells (figures_cells.c). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figures_private.h"
#include "report.h"
#include "uxosim/layers.h"
#include "uxosim/path.h"

/* More cells than dots on the paper are of no use. */
static const uint32_t MOST_CELLS = 1600;

static uint32_t map_factor(const uxo_grid *grid, const figures_audience *audience)
{
    /* 1e-9: 100 m out of cells of 0.1 m are 1000 cells, not 1001. */
    const double blocks = ceil(audience->block_m / grid->cell_size_m * (1.0 - 1e-9));
    const uint32_t side = grid->nx > grid->ny ? grid->nx : grid->ny;
    const uint32_t factor = audience->internal || blocks < 1.0 ? 1 : blocks < (double)side ? (uint32_t)blocks : side;
    const uint32_t least = (side + MOST_CELLS - 1) / MOST_CELLS;
    return factor > least ? factor : least;
}

static uxo_grid map_grid(const uxo_grid *fine, uint32_t factor)
{
    uxo_grid grid;
    const uint32_t nx = (fine->nx + factor - 1) / factor;
    const uint32_t ny = (fine->ny + factor - 1) / factor;
    const double cell_m = fine->cell_size_m * factor;
    uxo_grid_init(&grid, fine->xmin_m, uxo_grid_ymax_m(fine) - cell_m * ny, cell_m, nx, ny);
    return grid;
}

/* "WGS 84 / UTM zone 38N (EPSG:32638)": the first name of the WKT, and the code at its end. */
static void read_system(figures_source *self)
{
    const char *const wkt = uxo_result_crs_wkt(self->result);
    const char *const name = strchr(wkt, '"');
    const char *const code = strrchr(wkt, 'I');
    const int length = name != NULL ? (int)strcspn(name + 1, "\"") : 0;
    unsigned number = 0;
    snprintf(self->system, sizeof self->system, "%.*s", length < 150 ? length : 150, name != NULL ? name + 1 : "");
    if (code != NULL && sscanf(code, "ID[\"EPSG\",%u]]", &number) == 1) {
        const size_t used = strlen(self->system);
        snprintf(self->system + used, sizeof self->system - used, " (EPSG:%u)", number);
    }
}

static uxo_status read_north(figures_source *self, uxo_report *report)
{
    uxo_crs *crs = NULL;
    double scale = 0.0;
    UXO_TRY(uxo_crs_open(&crs, uxo_result_crs_wkt(self->result), NULL, report));
    self->has_north = uxo_crs_true_north(
        crs, self->maps.grid.xmin_m + self->maps.grid.nx * self->maps.grid.cell_size_m / 2.0,
        self->maps.grid.ymin_m + self->maps.grid.ny * self->maps.grid.cell_size_m / 2.0, &self->north_rad, &scale);
    uxo_crs_free(crs);
    return UXO_OK;
}

/* What a public copy may name, too. */
static bool is_public_role(const char *role)
{
    static const char *const roles[] = {"munitions", "districts", "population", "zones", "ground"};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        if (strncmp(role, roles[i], strlen(roles[i])) == 0) {
            return true;
        }
    }
    return false;
}

static const char *input_of(figures_source *self, const char *dataset, size_t index)
{
    char path[64];
    size_t count = 0;
    snprintf(path, sizeof path, "/provenance/%s", dataset);
    const char *const *const texts = uxo_result_strings(self->result, path, &count);
    return texts != NULL && index < count ? texts[index] : "";
}

/* Inputs by role and name; of the strikes only on internal figures. */
static void read_origin(figures_source *self)
{
    size_t count = 0;
    const char *const *const role = uxo_result_strings(self->result, "/provenance/input_role", &count);
    char *const text = self->origin;
    for (size_t i = 0; role != NULL && i < count; i++) {
        const size_t used = strlen(text);
        if (strcmp(role[i], "scenario") != 0 && (self->internal || is_public_role(role[i]))) {
            snprintf(text + used, sizeof self->origin - used, "%s%s: %s", used > 0 ? "; " : "", role[i],
                     uxo_path_name(input_of(self, "input_name", i)));
        }
    }
    if (!self->internal) {
        const size_t used = strlen(text);
        snprintf(text + used, sizeof self->origin - used, "%sreported strikes (list withheld)", used > 0 ? "; " : "");
    }
}

/* What the figure is of: the scenario where it may be named; else the public copy, which tells nothing that the copy does not. */
static void read_run(figures_source *self, const char *public_sha256)
{
    char hash[64] = "";
    size_t count = 0;
    const char *const *const role = uxo_result_strings(self->result, "/provenance/input_role", &count);
    const char *const commit = uxo_result_text(self->result, "/provenance", "uxosim_commit");
    const char *const estimator = uxo_result_text(self->result, "/", "estimator");
    for (size_t i = 0; self->internal && role != NULL && i < count; i++) {
        if (strcmp(role[i], "scenario") == 0) {
            snprintf(hash, sizeof hash, "scenario SHA-256 %.16s", input_of(self, "input_sha256", i));
        }
    }
    if (!self->internal) {
        snprintf(hash, sizeof hash, "public copy SHA-256 %.16s", public_sha256);
    }
    snprintf(self->run, sizeof self->run, "%s (%.12s); %s; %.0f realisations, %s", self->program,
             commit != NULL ? commit : "commit unknown", hash, uxo_result_number(self->result, "/", "realisations"),
             estimator != NULL ? estimator : "");
}

/* A figure says up to when: strikes without a date do not. */
static uxo_status check_dates(const figures_source *self, uxo_report *report)
{
    uxo_result_evidence evidence;
    UXO_TRY(report_read_evidence(self->result, self->table.rows, &evidence, report));
    uxo_result_evidence_free(&evidence);
    return UXO_OK;
}

static uxo_status check_audience(uxo_result *result, bool internal, uxo_report *report)
{
    if (internal && uxo_result_text(result, "/", "redacted") != NULL) {
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        "this is a public copy: there is nothing internal in it; leave out --internal");
    }
    return UXO_OK;
}

void figures_source_close(figures_source *self)
{
    uxo_district_table_free(&self->table);
    memset(self, 0, sizeof *self);
}

uxo_status figures_source_open(figures_source *self, uxo_result *result, const figures_audience *audience,
                               uxo_report *report)
{
    memset(self, 0, sizeof *self);
    const char *const title = uxo_result_text(result, "/", "title");
    const char *const as_of = uxo_result_text(result, "/", "as_of");
    const char *const program = uxo_result_text(result, "/", "source");
    self->result = result;
    self->internal = audience->internal;
    self->title = title != NULL ? title : "";
    self->as_of = as_of != NULL ? as_of : "undated";
    self->program = program != NULL ? program : "uxosim";
    UXO_TRY(canvas_library_open(&self->lib, report));
    UXO_TRY(check_audience(result, audience->internal, report));
    const uint32_t factor = map_factor(uxo_result_grid(result), audience);
    const uxo_grid grid = map_grid(uxo_result_grid(result), factor);
    self->maps = (map_cells_source){.result = result, .grid = grid, .factor = factor};
    read_system(self);
    UXO_TRY(read_north(self, report));
    read_origin(self);
    read_run(self, audience->public_sha256);
    UXO_TRY(uxo_result_read_districts(result, &self->table, report));
    self->maps = map_cells_source_make(result, &grid, factor, &self->table);
    const uxo_status status = check_dates(self, report);
    if (status != UXO_OK) {
        figures_source_close(self);
    }
    return status;
}
