/* result_read_areas.c - tables of districts and of zones of an open result. Not here: tables as such (result_read_tables.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result_file.h"

enum { PATH_SIZE = RESULT_ZONE_PATH + RESULT_NAME_SIZE };

/* "/districts/NAME" or "/zones/SET/NAME". */
static void path_of(const char *zones, const char *name, char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "%s%.*s/%s", zones != NULL ? "/zones/" : "/districts", RESULT_ZONE_PATH - 16,
             zones != NULL ? zones : "", name);
}

static bool copy_texts(char **to, const char *const *from, uint32_t rows)
{
    for (uint32_t i = 0; i < rows; i++) {
        char *const text = strdup(from[i]);
        if (text == NULL) {
            return false;
        }
        free(to[i]);
        to[i] = text;
    }
    return true;
}

static bool fill_status(uxo_result *self, const char *zones, uxo_district_table *table)
{
    char path[PATH_SIZE];
    size_t rows = 0;
    path_of(zones, "status", path);
    const char *const *const status = uxo_result_strings(self, path, &rows);
    table->status = calloc(table->rows, sizeof *table->status);
    return status != NULL && rows == table->rows && table->status != NULL &&
           copy_texts(table->status, status, table->rows);
}

static uxo_status fill_table(uxo_result *self, const char *zones, uxo_district_table *table, const char *const *names,
                             uxo_report *report)
{
    if (!copy_texts(table->name, names, table->rows)) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    if (zones != NULL && !fill_status(self, zones, table)) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "'%s' does not say the status of its zones '%s'", self->path,
                        zones);
    }
    for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_COUNT; column++) {
        char path[PATH_SIZE];
        size_t count = 0;
        path_of(zones, uxo_column(column)->name, path);
        const double *const values = uxo_result_numbers(self, path, &count);
        for (uint32_t i = 0; i < table->rows; i++) {
            table->value[column][i] = values != NULL && i < count ? values[i] : NAN;
        }
    }
    return UXO_OK;
}

static uxo_status read_table(uxo_result *self, const char *zones, uxo_district_table *table, uxo_report *report)
{
    enum { SPECIAL_ROWS = 3 };
    char path[PATH_SIZE];
    size_t rows = 0;
    memset(table, 0, sizeof *table);
    path_of(zones, "name", path);
    const char *const *const names = uxo_result_strings(self, path, &rows);
    if (names == NULL || rows < SPECIAL_ROWS || rows - SPECIAL_ROWS > UINT16_MAX) {
        return uxo_fail(report, UXO_ERR_DATA, NULL, "'%s' has no table of %s", self->path,
                        zones != NULL ? "these zones" : "districts");
    }
    UXO_TRY(uxo_district_table_init(table, (uint32_t)rows - SPECIAL_ROWS, report));
    const uxo_status status = fill_table(self, zones, table, names, report);
    if (status != UXO_OK) {
        uxo_district_table_free(table);
    }
    return status;
}

uxo_status uxo_result_read_districts(uxo_result *self, uxo_district_table *table, uxo_report *report)
{
    return read_table(self, NULL, table, report);
}

static const char *zone_sets(const uxo_result *self)
{
    const char *const sets = uxo_result_text(self, "/zones", "sets");
    return sets != NULL ? sets : "";
}

size_t uxo_result_zone_count(uxo_result *self)
{
    const char *at = zone_sets(self);
    size_t count = *at != '\0';
    for (; (at = strchr(at, ',')) != NULL; at++) {
        count++;
    }
    return count;
}

const char *uxo_result_zone_id(uxo_result *self, size_t index)
{
    const char *at = zone_sets(self);
    for (size_t i = 0; i < index; i++) {
        at += strcspn(at, ",");
        at += strspn(at, ", ");
    }
    return result_keep(self, strndup(at, strcspn(at, ",")));
}

uxo_status uxo_result_read_zones(uxo_result *self, const char *id, uxo_district_table *table, uxo_report *report)
{
    memset(table, 0, sizeof *table);
    for (size_t i = 0; i < uxo_result_zone_count(self); i++) {
        const char *const there = uxo_result_zone_id(self, i);
        if (there != NULL && strcmp(there, id) == 0) {
            return read_table(self, id, table, report);
        }
    }
    const char *const sets = zone_sets(self);
    if (sets[0] == '\0') {
        return uxo_fail(report, UXO_ERR_USAGE, NULL, "'%s' has no zones", self->path);
    }
    return uxo_fail(report, UXO_ERR_USAGE, NULL, "'%s' has no zones '%s'; it has %s", self->path, id, sets);
}

const char *uxo_result_geometry(uxo_result *self, const char *zones, uint32_t row)
{
    char path[PATH_SIZE];
    path_of(zones, "geometry_wkb", path);
    if (self->geometry == NULL || strcmp(self->geometry_path, path) != 0) {
        self->geometry = uxo_result_strings(self, path, &self->geometry_count);
        snprintf(self->geometry_path, sizeof self->geometry_path, "%s", path);
    }
    return self->geometry != NULL && row < self->geometry_count ? self->geometry[row] : "";
}
