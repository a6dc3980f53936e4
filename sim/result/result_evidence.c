/* result_evidence.c - how well the strikes behind a table are attested: which are undated, where most duds come from alleged ones.
 * Not here: what is done about it (tools/claims*). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result_parts.h"
#include "result_redact.h"

static const double MOST = 0.5;

/* Sums over strikes; the last row is the total of the others. */
static void add_duds(uxo_result_evidence *self, double *all, const char *const *status, const double *duds,
                     size_t strikes)
{
    const size_t columns = self->rows - 1;
    for (size_t s = 0; s < strikes; s++) {
        const double alleged = strcmp(status[s], "alleged") == 0 ? 1.0 : 0.0;
        for (size_t c = 0; c < columns; c++) {
            const double here = duds[s * columns + c];
            all[c] += here;
            all[columns] += here;
            self->alleged_share[c] += alleged * here;
            self->alleged_share[columns] += alleged * here;
        }
    }
    for (uint32_t row = 0; row < self->rows; row++) {
        self->alleged_share[row] = all[row] > 0.0 ? self->alleged_share[row] / all[row] : NAN;
        self->mostly_alleged[row] = self->alleged_share[row] > MOST;
    }
}

static uxo_status read_strikes(uxo_result_evidence *self, uxo_result *result, uxo_report *report)
{
    size_t strikes = 0, dates = 0, numbers = 0;
    const char *const *const status = uxo_result_strings(result, "/strikes/status", &strikes);
    const char *const *const date = uxo_result_strings(result, "/strikes/date", &dates);
    const double *const duds = uxo_result_numbers(result, "/strikes/duds_mean", &numbers);
    if (!isnan(uxo_result_number(result, "/strikes", "count")) && status == NULL) {
        self->known = true; /* a list without strikes */
        return UXO_OK;
    }
    if (status == NULL || date == NULL || duds == NULL || dates != strikes ||
        numbers != strikes * ((size_t)self->rows - 1)) {
        return UXO_OK;
    }
    double *const all = calloc(self->rows, sizeof *all);
    if (all == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    add_duds(self, all, status, duds, strikes);
    free(all);
    for (size_t s = 0; s < strikes; s++) {
        self->undated += date[s][0] == '\0';
        self->any_alleged = self->any_alleged || strcmp(status[s], "alleged") == 0;
    }
    self->known = true;
    return UXO_OK;
}

/* A public copy keeps the answers, not the list. */
static void read_public(uxo_result_evidence *self, uxo_result *result)
{
    size_t count = 0;
    const double undated = uxo_result_number(result, "/evidence", "undated_strikes");
    const double *const mostly = uxo_result_numbers(result, "/evidence/duds_mostly_alleged", &count);
    self->known = mostly != NULL && count == self->rows && !isnan(undated);
    for (uint32_t row = 0; self->known && row < self->rows; row++) {
        self->mostly_alleged[row] = mostly[row] > 0.0;
        self->alleged_share[row] = NAN;
    }
    self->undated = self->known ? (size_t)undated : 0;
    self->any_alleged = !(uxo_result_number(result, "/evidence", "any_alleged") <= 0.0); /* older copies do not say */
}

uxo_status uxo_result_read_evidence(uxo_result *result, uint32_t rows, uxo_result_evidence *self, uxo_report *report)
{
    *self = (uxo_result_evidence){.rows = rows,
                                  .alleged_share = calloc((size_t)rows + 1, sizeof *self->alleged_share),
                                  .mostly_alleged = calloc((size_t)rows + 1, sizeof *self->mostly_alleged)};
    if (self->alleged_share == NULL || self->mostly_alleged == NULL) {
        uxo_result_evidence_free(self);
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    const uxo_status status = read_strikes(self, result, report);
    if (status != UXO_OK) {
        uxo_result_evidence_free(self);
    } else if (!self->known) {
        read_public(self, result);
    }
    return status;
}

void uxo_result_evidence_free(uxo_result_evidence *self)
{
    free(self->alleged_share);
    free(self->mostly_alleged);
    *self = (uxo_result_evidence){.rows = 0};
}

void redaction_write_evidence(const redaction *self, uint32_t rows)
{
    uxo_result_evidence evidence;
    h5_output *const out = self->out;
    const uxo_status status = uxo_result_read_evidence(self->source, rows, &evidence, out->report);
    if (status != UXO_OK) {
        out->status = out->status == UXO_OK ? status : out->status;
        return;
    }
    if (evidence.known) {
        const hid_t group = h5_group(out, "evidence");
        h5_integer(out, group, "undated_strikes", (int32_t)evidence.undated);
        h5_integer(out, group, "any_alleged", evidence.any_alleged ? 1 : 0);
        h5_dimension row = h5_plain_dimension(out, group, "evidence_row", rows);
        const hid_t dataset =
            h5_table(out, group, "duds_mostly_alleged", H5T_NATIVE_UINT8, evidence.mostly_alleged, &row, 1);
        h5_text(out, dataset, "long_name",
                "1 where more than half of the expected duds come from strikes that are only alleged; rows as of "
                "/districts");
        h5_close_dataset(dataset);
        h5_close_dimension(&row);
        h5_close_group(group);
    }
    uxo_result_evidence_free(&evidence);
}
