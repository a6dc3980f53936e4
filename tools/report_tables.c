/* report_tables.c - tables of a result that the page shows as they are: variance, ranks, assumptions, provenance, strikes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "report.h"

/* Numbers of a dataset if there are as many as wanted, else NULL. */
static const double *numbers_of(report_page *self, const char *path, size_t wanted)
{
    size_t count = 0;
    const double *const numbers = uxo_result_numbers(self->result, path, &count);
    return count == wanted ? numbers : NULL;
}

/* numbers[rows][columns] as an array of arrays; nothing where there are none. */
static void write_matrix(report_page *self, const char *key, const char *path, size_t rows, size_t columns)
{
    const double *const numbers = numbers_of(self, path, rows * columns);
    if (numbers == NULL) {
        return;
    }
    json_open(&self->json, key, '[');
    for (size_t i = 0; i < rows; i++) {
        report_write_numbers(self, NULL, numbers + i * columns, columns);
    }
    json_close(&self->json, ']');
}

static void write_list(report_page *self, const char *key, const char *path)
{
    size_t count = 0;
    const double *const numbers = uxo_result_numbers(self->result, path, &count);
    if (numbers != NULL) {
        report_write_numbers(self, key, numbers, count);
    }
}

static size_t write_texts(report_page *self, const char *key, const char *path)
{
    size_t count = 0;
    const char *const *const texts = uxo_result_strings(self->result, path, &count);
    json_open(&self->json, key, '[');
    for (size_t i = 0; texts != NULL && i < count; i++) {
        json_text(&self->json, NULL, texts[i]);
    }
    json_close(&self->json, ']');
    return count;
}

void report_write_variance(report_page *self)
{
    size_t groups = 0;
    if (uxo_result_strings(self->result, "/variance/group_name", &groups) == NULL) {
        return;
    }
    json_open(&self->json, "variance", '{');
    (void)write_texts(self, "group", "/variance/group_name");
    (void)write_texts(self, "meaning", "/variance/group_meaning");
    const size_t rows = write_texts(self, "row", "/variance/row_name");
    static const char *const table[] = {
        "duds_first_order",          "duds_first_order_se",          "duds_total",          "duds_total_se",
        "log_accidents_first_order", "log_accidents_first_order_se", "log_accidents_total", "log_accidents_total_se"};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char path[96];
        snprintf(path, sizeof path, "/variance/%s", table[i]);
        write_matrix(self, table[i], path, groups, rows);
    }
    write_list(self, "independent_p05", "/variance/independent_duds_p05");
    write_list(self, "independent_p95", "/variance/independent_duds_p95");
    json_close(&self->json, '}');
}

static void write_criterion(report_page *self, uxo_ranking_criterion criterion, size_t districts)
{
    /* Pairs of more districts than this are a figure that nobody can read. */
    enum { MOST_PAIRED = 200 };
    const char *const name = uxo_ranking_name(criterion);
    char path[4][96];
    static const char *const suffix[] = {"expected_rank", "rank_p05", "rank_p95", "before"};
    for (size_t i = 0; i < 4; i++) {
        snprintf(path[i], sizeof path[i], "/ranking/%s_%s", name, suffix[i]);
    }
    if (numbers_of(self, path[0], districts) == NULL) {
        return;
    }
    json_open(&self->json, NULL, '{');
    json_text(&self->json, "by", name);
    json_text(&self->json, "meaning", uxo_ranking_sentence(criterion));
    write_list(self, "expected_rank", path[0]);
    write_list(self, "rank_p05", path[1]);
    write_list(self, "rank_p95", path[2]);
    if (districts <= MOST_PAIRED) {
        write_matrix(self, "before", path[3], districts, districts);
    }
    json_close(&self->json, '}');
}

void report_write_ranking(report_page *self)
{
    size_t districts = 0;
    if (uxo_result_strings(self->result, "/ranking/name", &districts) == NULL) {
        return;
    }
    json_open(&self->json, "ranking", '{');
    json_number(&self->json, "separated", UXO_SEPARATED);
    (void)write_texts(self, "name", "/ranking/name");
    json_open(&self->json, "criterion", '[');
    for (uxo_ranking_criterion i = (uxo_ranking_criterion)0; i < UXO_RANKING_COUNT; i++) {
        write_criterion(self, i, districts);
    }
    json_close(&self->json, ']');
    json_close(&self->json, '}');
}

uxo_status report_write_ledger(report_page *self)
{
    ledger assumptions;
    UXO_TRY(ledger_read(&assumptions, self->result, self->report));
    ledger_write_rows(&assumptions, &self->json);
    ledger_free(&assumptions);
    return UXO_OK;
}

/* Texts of several datasets of one length as objects. */
static void write_records(report_page *self, const char *key, const char *const *path, const char *const *field,
                          size_t fields)
{
    enum { MOST_FIELDS = 8 };
    const char *const *texts[MOST_FIELDS];
    size_t count[MOST_FIELDS];
    json_open(&self->json, key, '[');
    for (size_t f = 0; f < fields; f++) {
        texts[f] = uxo_result_strings(self->result, path[f], &count[f]);
        count[0] = count[f] < count[0] ? count[f] : count[0];
    }
    for (size_t i = 0; i < count[0]; i++) {
        json_open_inline(&self->json, NULL, '{');
        for (size_t f = 0; f < fields; f++) {
            json_text(&self->json, field[f], texts[f][i]);
        }
        json_close(&self->json, '}');
    }
    json_close(&self->json, ']');
}

void report_write_provenance(report_page *self)
{
    static const char *const version[] = {"uxosim_version", "uxosim_commit", "gsl_version",       "hdf5_version",
                                          "gdal_version",   "sleef_version", "libdeflate_version"};
    static const char *const input[] = {"/provenance/input_role", "/provenance/input_name", "/provenance/input_sha256"};
    static const char *const input_field[] = {"role", "name", "sha256"};
    static const char *const source[] = {"/provenance/source_munition", "/provenance/source_number",
                                         "/provenance/source_text", "/provenance/source_origin"};
    static const char *const source_field[] = {"munition", "number", "text", "origin"};
    json_open(&self->json, "provenance", '{');
    json_open(&self->json, "versions", '{');
    for (size_t i = 0; i < sizeof version / sizeof *version; i++) {
        report_write_text(self, version[i], "/provenance", version[i]);
    }
    json_close(&self->json, '}');
    report_write_text(self, "block_m", "/", "redacted_block_m");
    json_text(&self->json, self->is_internal ? "result_sha256" : "copy_sha256", uxo_result_sha256(self->result));
    write_records(self, "inputs", input, input_field, 3);
    write_records(self, "sources", source, source_field, 4);
    json_close(&self->json, '}');
}

double report_location_radius_m(const char *location_error)
{
    const char *const colon = strchr(location_error, ':');
    char *end = NULL;
    const double radius = colon != NULL ? strtod(colon + 1, &end) : NAN;
    return end != NULL && strcmp(end, "}") == 0 ? radius : NAN;
}

void report_write_strikes(report_page *self)
{
    size_t count[6], least = SIZE_MAX;
    static const char *const path[6] = {"/strikes/site_id",     "/strikes/site_date",   "/strikes/site_evidence",
                                        "/strikes/site_status", "/strikes/site_source", "/strikes/site_location_error"};
    static const char *const field[6] = {"id", "date", "evidence", "status", "source", "location_error"};
    const char *const *text[6];
    for (size_t f = 0; f < 6; f++) {
        text[f] = uxo_result_strings(self->result, path[f], &count[f]);
        least = count[f] < least ? count[f] : least;
    }
    const double *const x = numbers_of(self, "/strikes/site_x", least);
    const double *const y = numbers_of(self, "/strikes/site_y", least);
    json_open(&self->json, "strikes", '[');
    for (size_t i = 0; x != NULL && y != NULL && i < least; i++) {
        json_open_inline(&self->json, NULL, '{');
        for (size_t f = 0; f < 6; f++) {
            json_text(&self->json, field[f], text[f][i]);
        }
        json_number(&self->json, "x_m", x[i]);
        json_number(&self->json, "y_m", y[i]);
        json_number(&self->json, "radius_m", report_location_radius_m(text[5][i]));
        json_close(&self->json, '}');
    }
    json_close(&self->json, ']');
}
