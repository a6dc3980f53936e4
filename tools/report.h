/* report.h - private to tools: the page that `uxosim report` writes, part by part. The page's own source: tools/report/.
 *
 * The page is a template with the program's style and script in it (embedded at build time) and one block of JSON. Names and texts of the
 * data are only ever JSON, which the script shows as text: markup in them stays text.
 */
#ifndef UXOSIM_TOOLS_REPORT_H
#define UXOSIM_TOOLS_REPORT_H

#include "json_output.h"
#include "uxosim/result.h"

/* One page on its way. Everything borrowed. */
typedef struct report_page {
    uxo_result *result;   /* what is shown: for the public a redacted copy, so that nothing else can be on the page */
    uxo_result *original; /* the file itself: counts over realisations, of which only a summary is shown */
    const uxo_district_table *table; /* of `result` */
    const uxo_result_evidence *evidence;
    bool is_internal; /* with strikes, in full resolution */
    json_output json;
    uxo_report *report;
} report_page;

/* A page of more cells than this is slow to open; such maps belong into a GIS. */
#define REPORT_MOST_CELLS UINT64_C(4000000)

/* How well the strikes are attested. UXO_ERR_DATA where some are undated (which ones: of what was cleared or found since they happened,
 * nothing is known), or where the file does not say. Nothing is to be freed after an error. */
UXO_MUST_USE uxo_status report_read_evidence(uxo_result *result, uint32_t rows, uxo_result_evidence *evidence,
                                             uxo_report *report);

/* The whole page. */
UXO_MUST_USE uxo_status report_write(report_page *self, FILE *out);

/* Parts of the data, each a member of the object that is open (report_data.c, report_tables.c, report_layers.c, report_shapes.c,
 * report_curves.c). */
UXO_MUST_USE uxo_status report_write_data(report_page *self);
void report_write_variance(report_page *self);
void report_write_ranking(report_page *self);
UXO_MUST_USE uxo_status report_write_ledger(report_page *self);
void report_write_provenance(report_page *self);
void report_write_strikes(report_page *self);
/* "{disc_m: 150}" -> 150 m; NaN where the error is a distribution itself. */
double report_location_radius_m(const char *location_error);
UXO_MUST_USE uxo_status report_write_layers(report_page *self);
/* Layers of the file that the page cannot have. */
void report_write_left_out(report_page *self);
UXO_MUST_USE uxo_status report_write_shapes(report_page *self);
/* Columns and rows of a table. */
void report_write_rows(report_page *self, const uxo_district_table *table);
/* Sets of zones, each with its table and outlines. */
UXO_MUST_USE uxo_status report_write_zones(report_page *self);
UXO_MUST_USE uxo_status report_write_curves(report_page *self);
/* Degrees of WGS 84 on a lattice over the grid, for the cursor (report_degrees.c). */
UXO_MUST_USE uxo_status report_write_degrees(report_page *self);

/* Bytes as base64 (RFC 4648), to be freed; NULL: out of memory. */
char *report_base64(const unsigned char *bytes, size_t count);

/* Members of the open container; nothing where the file does not have it. */
void report_write_text(report_page *self, const char *key, const char *group, const char *attribute);
/* numbers[first .. first + count) as an array in one line. */
void report_write_numbers(report_page *self, const char *key, const double *numbers, size_t count);

#endif
