/* result_reading.c - see result_reading.h. */
#define _GNU_SOURCE /* memmem */
#include "result_reading.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

uxo_result *result_open_file(const char *path)
{
    uxo_report report;
    uxo_result *result = NULL;
    uxo_report_init(&report);
    const uxo_status status = uxo_result_open(&result, path, &report);
    uxo_report_print(&report, 0, 10, stderr);
    uxo_report_free(&report);
    assert_int_equal(status, UXO_OK);
    return result;
}

float *result_read_plane(uxo_result *result, const char *layer, uint32_t plane)
{
    uxo_report report;
    uxo_report_init(&report);
    const uxo_grid *const grid = uxo_result_grid(result);
    float *const cells = malloc(uxo_grid_cell_count(grid) * sizeof *cells);
    assert_int_equal(uxo_result_read_rows(result, layer, plane, 0, grid->ny, cells, &report), UXO_OK);
    uxo_report_free(&report);
    return cells;
}

size_t result_slurp(const char *path, char **bytes)
{
    FILE *const file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    const size_t size = (size_t)ftell(file);
    rewind(file);
    *bytes = malloc(size);
    assert_int_equal(fread(*bytes, 1, size, file), size);
    fclose(file);
    return size;
}

bool result_holds(const char *path, const char *text)
{
    char *bytes;
    const size_t size = result_slurp(path, &bytes);
    const bool found = memmem(bytes, size, text, strlen(text)) != NULL;
    free(bytes);
    return found;
}

/* Persons of each row: on its cells, where there is a raster; nobody is counted outside the grid. */
static void check_population(const result_fixture *fixture)
{
    const uxo_scenario *const scenario = &fixture->model.scenario;
    const double *const persons = fixture->table.value[UXO_COLUMN_POPULATION];
    const uint32_t districts = scenario->districts.count;
    for (uint32_t i = 0; i < districts; i++) {
        assert_true(persons[i] == scenario->districts.item[i].population);
    }
    assert_true(isnan(persons[districts + 1]));
    if (uxo_population_given(&scenario->population)) {
        assert_true(persons[districts] == scenario->districts.population_outside);
        assert_true(persons[districts + 2] == scenario->population.on_grid);
    } else {
        assert_true(isnan(persons[districts]));
    }
}

void result_check_districts(const result_fixture *fixture, uxo_result *result)
{
    uxo_report report;
    uxo_district_table table;
    uxo_report_init(&report);
    assert_int_equal(uxo_result_read_districts(result, &table, &report), UXO_OK);
    assert_int_equal(table.rows, fixture->table.rows);
    for (uint32_t row = 0; row < table.rows; row++) {
        assert_string_equal(table.name[row], fixture->table.name[row]);
        for (int column = 0; column < UXO_COLUMN_COUNT; column++) {
            const double read = table.value[column][row];
            const double written = fixture->table.value[column][row];
            assert_true(read == written || (isnan(read) && isnan(written)));
        }
        const bool has = fixture->model.scenario.has_districts && row < fixture->model.scenario.districts.count;
        assert_string_equal(uxo_result_geometry(result, NULL, row),
                            has ? fixture->model.district[row].geometry_wkb_hex : "");
    }
    check_population(fixture);
    uxo_district_table_free(&table);
    uxo_report_free(&report);
}
