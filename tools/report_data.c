/* report_data.c - the block of JSON that the page's script reads: what the result is, its districts, and the parts of the other report_*.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "districts.h"
#include "districts_json.h"
#include "report.h"

/* Ids of strikes without a date, the first ones; NULL: out of memory. To be freed. */
static char *undated_ids(uxo_result *result)
{
    enum { MOST_NAMED = 20 };
    size_t count = 0, dates = 0, found = 0, length = 0;
    char *text = NULL;
    const char *const *const id = uxo_result_strings(result, "/strikes/id", &count);
    const char *const *const date = uxo_result_strings(result, "/strikes/date", &dates);
    FILE *const out = open_memstream(&text, &length);
    for (size_t i = 0; out != NULL && id != NULL && date != NULL && i < count && i < dates; i++) {
        if (date[i][0] == '\0' && found++ < MOST_NAMED) {
            fprintf(out, "%s%s", found > 1 ? ", " : "", id[i]);
        }
    }
    if (out != NULL) {
        fputs(found == 0 ? "which ones is not in this public copy" : found > MOST_NAMED ? ", ..." : "", out);
    }
    if (out == NULL || fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static uxo_status refuse_undated(uxo_result *result, size_t undated, uxo_report *report)
{
    char *const ids = undated_ids(result);
    const uxo_status status =
        ids == NULL
            ? uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory")
            : uxo_fail(report, UXO_ERR_DATA, NULL,
                       "no page about undated strikes: of what was cleared or found since nothing is known. %zu "
                       "without a date: %s",
                       undated, ids);
    free(ids);
    return status;
}

uxo_status report_read_evidence(uxo_result *result, uint32_t rows, uxo_result_evidence *evidence, uxo_report *report)
{
    UXO_TRY(uxo_result_read_evidence(result, rows, evidence, report));
    uxo_status status = UXO_OK;
    if (evidence->undated > 0) {
        status = refuse_undated(result, evidence->undated, report);
    } else if (!evidence->known) {
        status = uxo_fail(report, UXO_ERR_DATA, NULL,
                          "the file does not say how its strikes are attested (dates, status): a public copy made by "
                          "an earlier version? Make it again by `uxosim redact`");
    }
    if (status != UXO_OK) {
        uxo_result_evidence_free(evidence);
    }
    return status;
}

void report_write_text(report_page *self, const char *key, const char *group, const char *attribute)
{
    const char *const text = uxo_result_text(self->result, group, attribute);
    if (text != NULL && text[0] != '\0') {
        json_text(&self->json, key, text);
    }
}

void report_write_numbers(report_page *self, const char *key, const double *numbers, size_t count)
{
    json_open_inline(&self->json, key, '[');
    for (size_t i = 0; i < count; i++) {
        json_number(&self->json, NULL, numbers[i]);
    }
    json_close(&self->json, ']');
}

static void write_header(report_page *self)
{
    json_output *const json = &self->json;
    json_text(json, "format", "uxosim-report");
    json_raw(json, "format_version", "1");
    json_raw(json, "internal", self->is_internal ? "true" : "false");
    json_text(json, "sentence", UXO_SENTENCE);
    districts_json_header(json, self->result);
    json_number(json, "intact_carriers", uxo_result_number(self->result, "/", "intact_carriers_mean"));
    json_number(json, "intact_submunitions", uxo_result_number(self->result, "/", "intact_submunitions_mean"));
    json_number(json, "accidents_year2", uxo_result_number(self->result, "/", "accidents_year2_mean"));
}

static uxo_status write_grid(report_page *self)
{
    const uxo_grid *const grid = uxo_result_grid(self->result);
    json_output *const json = &self->json;
    json_open(json, "grid", '{');
    json_number(json, "xmin_m", grid->xmin_m);
    json_number(json, "ymin_m", grid->ymin_m);
    json_number(json, "cell_size_m", grid->cell_size_m);
    json_number(json, "computed_cell_size_m", uxo_result_grid(self->original)->cell_size_m);
    json_number(json, "nx", grid->nx);
    json_number(json, "ny", grid->ny);
    report_write_text(self, "crs", "/crs", "long_name");
    const uxo_status status = report_write_degrees(self);
    json_close(json, '}');
    return status;
}

uxo_status report_write_data(report_page *self)
{
    json_open(&self->json, NULL, '{');
    write_header(self);
    UXO_TRY(write_grid(self));
    json_raw(&self->json, "mostly_alleged",
             self->evidence->mostly_alleged[self->table->rows - 1] != 0 ? "true" : "false");
    report_write_rows(self, self->table);
    UXO_TRY(report_write_shapes(self));
    UXO_TRY(report_write_zones(self));
    UXO_TRY(report_write_layers(self));
    report_write_left_out(self);
    UXO_TRY(report_write_curves(self));
    report_write_variance(self);
    report_write_ranking(self);
    UXO_TRY(report_write_ledger(self));
    report_write_provenance(self);
    if (self->is_internal) {
        report_write_strikes(self);
    }
    json_close(&self->json, '}');
    return UXO_OK;
}
