/* result_districts.c - /districts: the table, the polygons and what each realisation found. Not here: its numbers
 * (summary). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result_parts.h"

enum { SPECIAL_ROWS = 3 };

uint32_t result_kept_rows(uint32_t realisations, size_t columns, size_t item_bytes)
{
    const size_t limit = (size_t)256 * 1024 * 1024;
    const size_t row = columns * item_bytes;
    const size_t most = row > 0 ? limit / row : realisations;
    return realisations <= most ? realisations : (uint32_t)(most > 0 ? most : 1);
}

static void write_kinds(h5_output *out, hid_t group, const h5_dimension *row)
{
    uint8_t *const kind = calloc(row->length, 1);
    if (kind == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        return;
    }
    for (uint8_t i = 0; i < SPECIAL_ROWS; i++) {
        kind[row->length - SPECIAL_ROWS + i] = (uint8_t)(i + 1);
    }
    static const uint8_t values[] = {0, 1, 2, 3};
    const hid_t dataset = h5_table(out, group, "row_kind", H5T_NATIVE_UINT8, kind, row, 1);
    h5_text(out, dataset, "long_name", "what the row is about");
    h5_attribute(out, dataset, "flag_values", H5T_NATIVE_UINT8, values, sizeof values);
    h5_word(out, dataset, "flag_meanings", "district outside_every_district outside_the_grid total");
    h5_close_dataset(dataset);
    free(kind);
}

static void write_columns(h5_output *out, hid_t group, const uxo_district_table *table, const h5_dimension *row)
{
    for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_COUNT; column++) {
        if (!uxo_district_table_has(table, column)) {
            continue;
        }
        const uxo_column_info *const info = uxo_column(column);
        const hid_t dataset = h5_table(out, group, info->name, H5T_NATIVE_DOUBLE, table->value[column], row, 1);
        h5_number(out, dataset, "_FillValue", (double)NAN);
        h5_text(out, dataset, "long_name", info->sentence);
        h5_word(out, dataset, "units", info->unit);
        h5_close_dataset(dataset);
    }
}

hid_t result_write_district_table(h5_output *out, const uxo_district_table *table, const char *const *geometry)
{
    const hid_t group = h5_group(out, "districts");
    h5_text(out, group, "long_name",
            "districts in the order of their file, then outside every district, outside the grid, total");
    h5_dimension row = h5_plain_dimension(out, group, "row", table->rows);
    hid_t dataset = h5_texts(out, group, "name", (const char *const *)table->name, &row);
    h5_text(out, dataset, "long_name", "name of the row");
    h5_close_dataset(dataset);
    write_kinds(out, group, &row);
    write_columns(out, group, table, &row);
    dataset = h5_texts(out, group, "geometry_wkb", geometry, &row);
    h5_text(out, dataset, "long_name",
            "polygon as well-known binary in hexadecimal, in the system of /crs; empty: none");
    h5_close_dataset(dataset);
    h5_close_dimension(&row);
    return group;
}

/* A table of [realisations][districts + 2]: whole numbers, or reals that are stored as floats. */
typedef struct realisation_table {
    const char *name, *sentence, *unit;
    const uint32_t *count;
    const double *real;
} realisation_table;

/* Where it goes. All such tables have items of 4 bytes, so that as many realisations are kept of each. */
typedef struct realisation_axes {
    h5_dimension axis[2];
    uint32_t kept;
    bool cut;
} realisation_axes;

static void write_table(h5_output *out, hid_t group, const realisation_table *table, const realisation_axes *axes)
{
    const size_t items = (size_t)axes->kept * axes->axis[1].length;
    hid_t dataset = H5I_INVALID_HID;
    if (table->count != NULL) {
        dataset = h5_table(out, group, table->name, H5T_NATIVE_UINT32, table->count, axes->axis, 2);
    } else {
        float *const values = malloc(items * sizeof *values);
        if (values == NULL) {
            out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
            return;
        }
        for (size_t i = 0; i < items; i++) {
            values[i] = (float)table->real[i];
        }
        dataset = h5_table(out, group, table->name, H5T_NATIVE_FLOAT, values, axes->axis, 2);
        const float missing = NAN;
        h5_attribute(out, dataset, "_FillValue", H5T_NATIVE_FLOAT, &missing, 1);
        free(values);
    }
    h5_text(out, dataset, "long_name", table->sentence);
    h5_word(out, dataset, "units", table->unit);
    h5_integer(out, dataset, "kept", (int32_t)axes->kept);
    h5_close_dataset(dataset);
}

/* What each realisation found in each column, or its first rows. */
static void write_realisations(h5_output *out, hid_t group, const uxo_result_run *run, const h5_dimension *realisation)
{
    const uxo_outcome *const outcome = run->outcome;
    const realisation_table tables[] = {
        {"dud_count", "duds in each realisation; columns as the rows of the other tables, without the total", "1",
         outcome->dud_count, NULL},
        {"background_count",
         "duds of unreported strikes in each realisation, none of which are in dud_count; columns as of dud_count; "
         "outside the grid "
         "as far as their area goes",
         "1", outcome->background_count, NULL},
        {"dud_expectation",
         "duds expected in each realisation given all its draws but the last, which says of each submunition whether "
         "it fails and where it lies; columns as of dud_count",
         "1", NULL, outcome->conditional},
        {"affected_ha",
         "area of aligned blocks of 100 m that expect at least 0.05 duds in each realisation; columns as of dud_count, "
         "unknown outside the grid",
         "hectare", NULL, outcome->affected_ha},
        {"accidents",
         "accidents in the first year after people's return in each realisation, drawn dud by dud; columns as of "
         "dud_count; 0 outside the grid, where nobody is known to live",
         "1", outcome->accidents, NULL},
        {"accident_expectation",
         "accidents expected in the first year in each realisation given all its draws but the last; columns as of "
         "dud_count, unknown outside the grid",
         "1", NULL, outcome->accident_expectation}};
    realisation_axes axes = {.kept = result_kept_rows(outcome->realisations, outcome->columns, sizeof(uint32_t))};
    axes.cut = axes.kept < outcome->realisations;
    axes.axis[0] = axes.cut ? h5_plain_dimension(out, group, "kept_realisation", axes.kept) : *realisation;
    axes.axis[1] = h5_plain_dimension(out, group, "dud_count_column", outcome->columns);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (tables[i].count != NULL || tables[i].real != NULL) {
            write_table(out, group, &tables[i], &axes);
        }
    }
    h5_close_dimension(&axes.axis[1]);
    if (axes.cut) {
        h5_close_dimension(&axes.axis[0]);
    }
}

void result_write_districts(h5_output *out, const uxo_result_run *run, const h5_dimension *realisation)
{
    const uxo_districts *const districts = &run->scenario->districts;
    const char **const geometry = calloc(run->districts->rows, sizeof *geometry);
    if (geometry == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        return;
    }
    for (uint32_t i = 0; i < districts->count && i < run->districts->rows; i++) {
        geometry[i] = districts->item[i].geometry_wkb_hex;
    }
    const hid_t group = result_write_district_table(out, run->districts, geometry);
    write_realisations(out, group, run, realisation);
    h5_close_group(group);
    free(geometry);
}
