/* districts.h - private to tools: the table of districts, or of a set of zones, in its formats. `run` prints the same table at its end. */
#ifndef UXOSIM_TOOLS_DISTRICTS_H
#define UXOSIM_TOOLS_DISTRICTS_H

#include <stdio.h>

#include "uxosim/result.h"

enum { DISTRICTS_SPECIAL_ROWS = 3 };

typedef enum districts_format {
    FORMAT_TABLE,
    FORMAT_CSV,
    FORMAT_JSON,
    FORMAT_GEOJSON,
    FORMAT_GPKG,
    FORMAT_XLSX,
    FORMAT_COUNT
} districts_format;

/* The table for people: aligned, rounded, with the sentence that every output carries. order: indices of the districts'
 * rows, or NULL for the order of their file. title may be "". */
void districts_print_table(const uxo_district_table *table, const uint32_t *order, const char *title,
                           double realisations, FILE *out);

/* Below the table: carriers that did not open, with the districts that have most of them; nothing where all opened. */
void districts_print_intact(const uxo_district_table *table, FILE *out);

/* Order of the districts by a column's name or "district": largest first, ranks and names ascending, NaN last, ties as
 * in the file. NULL key: as in the file. An unknown key is UXO_ERR_USAGE and lists the keys. The result is to be freed.
 */
UXO_MUST_USE uxo_status districts_order(const uxo_district_table *table, const char *key, uint32_t **order,
                                        uxo_report *report);

/* A field of a CSV file, quoted where it has to be. */
void districts_write_csv_text(const char *text, FILE *out);
void districts_write_csv(const uxo_district_table *table, const uint32_t *order, FILE *out);
/* zones: the set that the table is of; NULL: of districts. */
void districts_write_json(const uxo_result *result, const char *zones, const uxo_district_table *table,
                          const uint32_t *order, FILE *out);
UXO_MUST_USE uxo_status districts_write_geojson(uxo_result *result, const char *zones, const uxo_district_table *table,
                                                const uint32_t *order, FILE *out, uxo_report *report);
/* path: where the finished file goes; written atomically. */
UXO_MUST_USE uxo_status districts_write_gpkg(uxo_result *result, const char *zones, const uxo_district_table *table,
                                             const uint32_t *order, const char *path, uxo_report *report);

UXO_MUST_USE uxo_status districts_write_xlsx(const uxo_result *result, const uxo_district_table *table,
                                             const uint32_t *order, const char *path, uxo_report *report);

/* Shares of groups of draws in the variance of each row, and how sure the order of the districts is. Formats: table, csv, json.
 * UXO_ERR_DATA where the file holds none. */
UXO_MUST_USE uxo_status districts_write_variance(uxo_result *result, const uxo_district_table *table,
                                                 districts_format format, FILE *out, uxo_report *report);
UXO_MUST_USE uxo_status districts_write_ranking(uxo_result *result, districts_format format, FILE *out,
                                                uxo_report *report);

/* Short name of a column (at most ten ASCII characters: Shapefile's limit) for geodata. Stable. */
const char *districts_short_name(uxo_district_column column);
/* "district" or "zone": what a row of the table is. */
const char *districts_noun(const uxo_district_table *table);
/* "district", "outside_every_district" ... of a row. */
const char *districts_row_kind(const uxo_district_table *table, uint32_t row);

#endif
