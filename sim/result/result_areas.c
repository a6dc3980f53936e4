/* result_areas.c - tables of areas, of districts or of zones: names, kinds, columns, polygons, and what each realisation found. Not here:
 * which there are (result_districts.c, result_zones.c). */
#include <math.h>
#include <stdlib.h>

#include "result_parts.h"

enum { SPECIAL_ROWS = 3 };

uint32_t result_kept_rows(uint32_t realisations, size_t columns, size_t item_bytes)
{
    const size_t limit = (size_t)256 * 1024 * 1024;
    const size_t row = columns * item_bytes;
    const size_t most = row > 0 ? limit / row : realisations;
    return realisations <= most ? realisations : (uint32_t)(most > 0 ? most : 1);
}

static void write_kinds(h5_output *out, hid_t group, bool zones, const h5_dimension *row)
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
    h5_word(out, dataset, "flag_meanings",
            zones ? "zone outside_every_zone outside_the_grid total"
                  : "district outside_every_district outside_the_grid total");
    h5_close_dataset(dataset);
    free(kind);
}

static void write_columns(h5_output *out, hid_t group, const uxo_district_table *table, const h5_dimension *row)
{
    for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_COUNT; column++) {
        if (!uxo_district_table_has(table, column)) {
            continue;
        }
        char sentence[UXO_SENTENCE_SIZE];
        const uxo_column_info *const info = uxo_column(column);
        const hid_t dataset = h5_table(out, group, info->name, H5T_NATIVE_DOUBLE, table->value[column], row, 1);
        h5_number(out, dataset, "_FillValue", (double)NAN);
        uxo_column_sentence(column, table->status != NULL ? "zone" : "district", sentence, sizeof sentence);
        h5_text(out, dataset, "long_name", sentence);
        h5_word(out, dataset, "units", info->unit);
        h5_close_dataset(dataset);
    }
}

hid_t result_write_area_table(h5_output *out, const char *path, const uxo_district_table *table,
                              const char *const *geometry)
{
    const bool zones = table->status != NULL;
    const hid_t group = h5_group(out, path);
    h5_text(out, group, "long_name",
            zones
                ? "zones in the order of their file, then outside every zone, outside the grid, total; a cell counts "
                  "by the "
                  "share of its area, in 255ths; zones may overlap, so that rows do not add up to the total, which is "
                  "that of the districts"
                : "districts in the order of their file, then outside every district, outside the grid, total");
    h5_dimension row = h5_plain_dimension(out, group, "row", table->rows);
    hid_t dataset = h5_texts(out, group, "name", (const char *const *)table->name, &row);
    h5_text(out, dataset, "long_name", "name of the row");
    h5_close_dataset(dataset);
    if (zones) {
        dataset = h5_texts(out, group, "status", (const char *const *)table->status, &row);
        h5_text(out, dataset, "long_name", "status of the zone as its file has it; neither used nor changed");
        h5_close_dataset(dataset);
    }
    write_kinds(out, group, zones, &row);
    write_columns(out, group, table, &row);
    dataset = h5_texts(out, group, "geometry_wkb", geometry, &row);
    h5_text(out, dataset, "long_name",
            "polygon as well-known binary in hexadecimal, in the system of /crs; empty: none");
    h5_close_dataset(dataset);
    h5_close_dimension(&row);
    return group;
}

/* Where they go. All such tables have items of 4 bytes, so that as many realisations are kept of each. */
typedef struct realisation_axes {
    h5_dimension axis[2];
    uint32_t kept;
    bool cut;
} realisation_axes;

static float real_at(const result_realisation_table *table, size_t realisation, size_t column)
{
    const size_t at = realisation * table->stride + column;
    return table->real != NULL ? (float)table->real[at] : (float)((double)table->parts[at] / (double)UXO_ZONE_PARTS);
}

static hid_t write_reals(h5_output *out, hid_t group, const result_realisation_table *table,
                         const realisation_axes *axes)
{
    const size_t columns = axes->axis[1].length;
    const float missing = NAN;
    float *const values = malloc((axes->kept * columns + 1) * sizeof *values);
    if (values == NULL) {
        out->status = uxo_fail(out->report, UXO_ERR_MEMORY, NULL, "out of memory");
        return H5I_INVALID_HID;
    }
    for (size_t r = 0; r < axes->kept; r++) {
        for (size_t c = 0; c < columns; c++) {
            values[r * columns + c] = real_at(table, r, c);
        }
    }
    const hid_t dataset = h5_table(out, group, table->name, H5T_NATIVE_FLOAT, values, axes->axis, 2);
    h5_attribute(out, dataset, "_FillValue", H5T_NATIVE_FLOAT, &missing, 1);
    free(values);
    return dataset;
}

void result_write_realisations(h5_output *out, hid_t group, const result_realisation_table *tables, size_t count,
                               uint32_t columns, const h5_dimension *realisation)
{
    const uint32_t realisations = (uint32_t)realisation->length;
    realisation_axes axes = {.kept = result_kept_rows(realisations, columns, sizeof(uint32_t))};
    axes.cut = axes.kept < realisations;
    axes.axis[0] = axes.cut ? h5_plain_dimension(out, group, "kept_realisation", axes.kept) : *realisation;
    axes.axis[1] = h5_plain_dimension(out, group, "dud_count_column", columns);
    for (const result_realisation_table *table = tables; table < tables + count; table++) {
        if (table->count != NULL || table->real != NULL || table->parts != NULL) {
            const hid_t dataset = table->count != NULL
                                      ? h5_table(out, group, table->name, H5T_NATIVE_UINT32, table->count, axes.axis, 2)
                                      : write_reals(out, group, table, &axes);
            h5_text(out, dataset, "long_name", table->sentence);
            h5_word(out, dataset, "units", table->unit);
            h5_integer(out, dataset, "kept", (int32_t)axes.kept);
            h5_close_dataset(dataset);
        }
    }
    h5_close_dimension(&axes.axis[1]);
    if (axes.cut) {
        h5_close_dimension(&axes.axis[0]);
    }
}
