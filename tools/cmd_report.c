/* cmd_report.c - `uxosim report`: a result as one page that works without a network. Not here: what is on it (report_*.c, report/), figures for print (figures*.c). */
#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "commands.h"
#include "figures.h"
#include "output.h"
#include "report.h"
#include "uxosim/path.h"

/* As `uxosim redact` has it: coarser than the error of a good report, finer than a settlement. ASSUMED: no standard gives a number. */
static const double PUBLIC_BLOCK_M = 100.0;

typedef struct arguments {
    const char *result, *output, *figures;
    bool internal;
    double block_m;
} arguments;

static error_t parse(int key, char *text, struct argp_state *state)
{
    arguments *const self = state->input;
    char *end = NULL;
    switch (key) {
    case 'b':
        self->block_m = strtod(text, &end);
        if (*end != '\0' || end == text || !(self->block_m >= PUBLIC_BLOCK_M) || self->block_m > 1e6) {
            argp_error(state, "--block-m is a number of metres from %g to 1000000, not '%s'", PUBLIC_BLOCK_M, text);
        }
        return 0;
    case 'f':
        self->figures = text;
        return 0;
    case 'i':
        self->internal = true;
        return 0;
    case 'o':
        self->output = text;
        return 0;
    default:
        return arguments_parse(key, text, state, "result", &self->result, NULL);
    }
}

static uint64_t cells_of(const uxo_grid *grid, double factor)
{
    return (uint64_t)((double)grid->nx / factor + 1.0) * (uint64_t)((double)grid->ny / factor + 1.0);
}

/* At least what is wanted, and as much more as keeps the page light: twice as long until it fits. */
static double public_block_m(const uxo_grid *grid, double block_m)
{
    while (cells_of(grid, block_m / grid->cell_size_m > 1.0 ? block_m / grid->cell_size_m : 1.0) > REPORT_MOST_CELLS) {
        block_m *= 2.0;
    }
    return block_m;
}

/* The public copy, open, its name gone already: whatever ends the program, nothing of it is left. */
static uxo_status open_copy(uxo_result *full, double block_m, const char *path, uxo_result **copy, uxo_report *report)
{
    uxo_report notes; /* of what `redact` says: of notes, the page says its own; of warnings, none is lost */
    uxo_report_init(&notes);
    uxo_status status = uxo_result_redact(full, path, block_m, &notes);
    if (status == UXO_OK) {
        status = uxo_result_open(copy, path, &notes);
        unlink(path);
    }
    for (size_t i = 0; i < notes.count; i++) {
        if (status != UXO_OK || notes.item[i].severity == UXO_WARNING) {
            uxo_report_add(report, notes.item[i].severity, NULL, "%s", notes.item[i].text);
        }
    }
    uxo_report_free(&notes);
    return status;
}

static uxo_status public_copy(uxo_result *full, double block_m, uxo_result **copy, uxo_report *report)
{
    const char *const folder = getenv("TMPDIR");
    char place[4096], path[4128];
    snprintf(place, sizeof place, "%s/uxosim-report-XXXXXX", folder != NULL && folder[0] == '/' ? folder : P_tmpdir);
    if (mkdtemp(place) == NULL) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot write into a temporary folder like '%s'", place);
    }
    snprintf(path, sizeof path, "%s/public.nc", place);
    const uxo_status status = open_copy(full, block_m, path, copy, report);
    rmdir(place);
    return status;
}

static uxo_status write_page(const arguments *self, report_page *page)
{
    char *const name = self->output == NULL ? tool_output_name(uxo_path_name(self->result), ".html") : NULL;
    const char *const path = self->output != NULL ? self->output : name;
    tool_output output;
    uxo_status status = path != NULL ? tool_output_apart(path, self->result, page->report)
                                     : uxo_fail(page->report, UXO_ERR_MEMORY, NULL, "out of memory");
    if (status == UXO_OK) {
        status = tool_output_open(&output, path, page->report);
    }
    if (status == UXO_OK) {
        status = report_write(page, output.stream);
        if (status == UXO_OK) {
            status = tool_output_close(&output, page->report);
        } else {
            tool_output_abandon(&output);
        }
    }
    if (status == UXO_OK) {
        uxo_report_add(page->report, UXO_NOTE, NULL, "'%s': %s, cells of %g m", path,
                       page->is_internal ? "INTERNAL, with strike positions: not for publication"
                                         : "for the public, without strike positions",
                       uxo_result_grid(page->result)->cell_size_m);
    }
    free(name);
    return status;
}

static uxo_status report_on(const arguments *self, uxo_result *shown, uxo_result *full, uxo_report *report)
{
    uxo_district_table table;
    UXO_TRY(uxo_result_read_districts(shown, &table, report));
    uxo_result_evidence evidence;
    uxo_status status = report_read_evidence(full, table.rows, &evidence, report);
    if (status == UXO_OK) {
        report_page page = {.result = shown,
                            .original = full,
                            .table = &table,
                            .evidence = &evidence,
                            .is_internal = self->internal,
                            .report = report};
        status = write_page(self, &page);
        uxo_result_evidence_free(&evidence);
    }
    uxo_district_table_free(&table);
    return status;
}

static uxo_status refuse_internal(const uxo_result *full, const char *path, uxo_report *report)
{
    const uxo_grid *const grid = uxo_result_grid(full);
    if (uxo_result_text(full, "/", "redacted") != NULL) {
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        "'%s' is a public copy: strikes and full resolution, which --internal shows, are not in it",
                        path);
    }
    if (uxo_grid_cell_count(grid) > REPORT_MOST_CELLS) {
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        "'%s' has %u x %u cells, too many for a page (%u): without --internal the page has larger "
                        "cells; `uxosim export` gives full maps for a GIS",
                        path, (unsigned)grid->nx, (unsigned)grid->ny, (unsigned)REPORT_MOST_CELLS);
    }
    return UXO_OK;
}

/* `shown`: the file itself, or its public copy. */
static uxo_status write_all(const arguments *self, uxo_result *shown, uxo_result *full, double block_m,
                            uxo_report *report)
{
    if (self->figures != NULL) {
        const figures_audience audience = {self->internal, block_m, uxo_result_sha256(shown)};
        UXO_TRY(figures_write(full, self->figures, &audience, report));
    }
    if (self->figures != NULL && self->output == NULL) {
        return UXO_OK;
    }
    if (self->internal) {
        UXO_TRY(refuse_internal(full, self->result, report));
    }
    return report_on(self, shown, full, report);
}

/* Reports that are known to less than a block still show as a peak in it. */
static void warn_of_peaks(uxo_result *full, double block_m, uxo_report *report)
{
    size_t count = 0, close = 0;
    const char *const *const error = uxo_result_strings(full, "/strikes/site_location_error", &count);
    for (size_t i = 0; error != NULL && i < count; i++) {
        const double radius = report_location_radius_m(error[i]);
        close += radius < block_m;
    }
    if (close > 0) {
        uxo_report_add(
            report, UXO_WARNING, NULL,
            "%zu of %zu reported places are known to less than %g m, the length of a public cell: peaks of the "
            "map point to them about as well as the reports do. --block-m makes larger cells",
            close, count, block_m);
    }
}

static uxo_status run_open(const arguments *self, uxo_result *full, uxo_report *report)
{
    const double block_m = public_block_m(uxo_result_grid(full), self->block_m);
    const bool is_copy =
        uxo_result_text(full, "/", "redacted") != NULL && uxo_result_grid(full)->cell_size_m >= block_m * (1.0 - 1e-9);
    if (self->internal || is_copy) {
        return write_all(self, full, full, block_m, report);
    }
    uxo_result *copy = NULL;
    UXO_TRY(public_copy(full, block_m, &copy, report));
    warn_of_peaks(full, uxo_result_grid(copy)->cell_size_m, report);
    const uxo_status status = write_all(self, copy, full, block_m, report);
    uxo_result_close(copy);
    return status;
}

static uxo_status run(const arguments *self, uxo_report *report)
{
    uxo_result *full = NULL;
    UXO_TRY(uxo_result_open(&full, self->result, report));
    const uxo_status status = run_open(self, full, report);
    uxo_result_close(full);
    return status;
}

int cmd_report(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"output", 'o', "FILE.html", 0, "default: the result's name with .html, in this folder; '-': standard output",
         0},
        {"figures", 'f', "DIR", 0,
         "every map and chart for print, as PNG (300 dpi), SVG and PDF in the folder DIR; the page then only with -o",
         0},
        {"block-m", 'b', "METRES", 0, "public cells are at least so long (default and least: 100)", 0},
        {"internal", 'i', NULL, 0,
         "with strike positions, their location error, and maps in full resolution: not for publication, and it says "
         "so on every figure",
         0},
        {0}};
    static const struct argp argp = {
        options,
        parse,
        "OUT.nc [--figures DIR]",
        "One page with maps, districts, intervals, what the spread hangs on, every assumption and how it was made. It "
        "needs no network and no other file. For the public by default: cells of at least 100 m, no strike positions. "
        "Undated strikes are refused.",
        NULL,
        NULL,
        NULL};
    arguments self = {NULL, NULL, NULL, false, PUBLIC_BLOCK_M};
    uxo_report report;
    argp_parse(&argp, argc, argv, 0, NULL, &self);
    uxo_report_init(&report);
    return tool_finish(run(&self, &report), &report);
}
