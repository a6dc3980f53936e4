/* strikes_source.c - where rows come from: the header of a CSV, the fields of another format.
 *
 * Not here: what is in a cell (strikes_rows.c).
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "strikes_private.h"

static const char *const column_names[STRIKES_COLUMNS] = {
#define X(id, name) name,
    STRIKES_COLUMN_LIST(X)
#undef X
};

const char *strikes_column_name(strikes_column column)
{
    return column_names[column];
}

const char *strikes_nearest_column(const char *name)
{
    static const char *const other_words[][2] = {
        {"longitude", "lon"},
        {"lng", "lon"},
        {"long", "lon"},
        {"latitude", "lat"},
        {"easting", "x_m"},
        {"northing", "y_m"},
        {"x", "x_m"},
        {"y", "y_m"},
        {"weapon", "munition"},
        {"heading", "heading_deg"},
        {"azimuth", "heading_deg"},
        {"bearing", "heading_deg"},
    };
    for (size_t i = 0; i < STRIKES_COLUMNS; i++) {
        if (strcasecmp(name, column_names[i]) == 0) {
            return column_names[i];
        }
    }
    for (size_t i = 0; i < sizeof other_words / sizeof other_words[0]; i++) {
        if (strcasecmp(name, other_words[i][0]) == 0) {
            return other_words[i][1];
        }
    }
    /* the same first letter, for "note" is not a slip of "date" */
    const char *const nearest = uxo_schema_nearest(name, column_names, STRIKES_COLUMNS);
    return nearest != NULL && strncasecmp(nearest, name, 1) == 0 ? nearest : NULL;
}

static int find_column(const char *name)
{
    for (int i = 0; i < STRIKES_COLUMNS; i++) {
        if (strcmp(name, column_names[i]) == 0) {
            return i;
        }
    }
    return -1;
}

/* Which known column each column of the file is, -1: left alone; their names are gathered for one note. */
typedef struct header {
    int *column;
    size_t count;
    bool has[STRIKES_COLUMNS];
    char ignored[1024];
    size_t ignored_count;
} header;

static void add_ignored(header *self, const char *name)
{
    const size_t used = strlen(self->ignored);
    if (used + strlen(name) + 8 < sizeof self->ignored) {
        snprintf(self->ignored + used, sizeof self->ignored - used, "%s'%s'", self->ignored_count > 0 ? ", " : "",
                 name);
    } else if (used + 6 < sizeof self->ignored && strstr(self->ignored, ", ...") == NULL) {
        snprintf(self->ignored + used, sizeof self->ignored - used, ", ...");
    }
    self->ignored_count++;
}

static void add_column(header *self, size_t index, const char *name, const uxo_place *place, uxo_report *report)
{
    const int column = find_column(name);
    self->column[index] = -1;
    if (column >= 0 && self->has[column]) {
        uxo_report_add(report, UXO_ERROR, place, "column '%s' is there twice", name);
    } else if (column >= 0) {
        self->has[column] = true;
        self->column[index] = column;
    } else {
        const char *const nearest = strikes_nearest_column(name);
        if (nearest != NULL) {
            uxo_report_add(report, UXO_WARNING, place,
                           "column '%s' is not one of uxosim's and is left alone; did you mean '%s'?", name, nearest);
        } else {
            add_ignored(self, name);
        }
    }
}

static void note_ignored(const header *self, const uxo_place *place, uxo_report *report)
{
    if (self->ignored_count > 0) {
        uxo_report_add(report, UXO_NOTE, place, "left alone, not columns of uxosim: %s", self->ignored);
    }
}

static uxo_status check_required(strikes_reader *self, const header *columns)
{
    const size_t errors = self->report->error_count;
    const uxo_place place = {.file = self->csv.file, .line = self->csv.cell_count > 0 ? self->csv.cell[0].line : 1};
    const bool *const has = columns->has;
    if (!has[COLUMN_ID]) {
        uxo_report_add(self->report, UXO_ERROR, &place, "there is no column 'id'; every report needs an id of its own");
    }
    if (!(has[COLUMN_LON] && has[COLUMN_LAT]) && !(has[COLUMN_X_M] && has[COLUMN_Y_M])) {
        uxo_report_add(
            self->report, UXO_ERROR, &place,
            "there are no columns 'lon' and 'lat' (degrees, WGS 84), nor 'x_m' and 'y_m' (metres, the grid's system)");
    }
    return uxo_report_status(self->report, errors);
}

static uxo_status read_header(strikes_reader *self, header *columns)
{
    csv_reader *const csv = &self->csv;
    const size_t errors = self->report->error_count;
    const csv_result result = csv_next(csv);
    if (result == CSV_END) {
        const uxo_place place = {.file = csv->file};
        return uxo_fail(self->report, UXO_ERR_DATA, &place,
                        "the file is empty; a strike list has a header line, such as: id,lon,lat,date");
    }
    UXO_TRY(result == CSV_BAD ? UXO_ERR_DATA : UXO_OK);
    columns->count = csv->cell_count;
    columns->column = malloc(columns->count * sizeof *columns->column);
    if (columns->column == NULL) {
        return uxo_fail(self->report, UXO_ERR_MEMORY, &self->source->place, "out of memory");
    }
    for (size_t i = 0; i < columns->count; i++) {
        const csv_cell *const cell = &csv->cell[i];
        const uxo_place place = csv_place(csv, cell->line_start, cell->line, cell->column, cell->width);
        if (cell->text[0] == '\0') {
            uxo_report_add(self->report, UXO_ERROR, &place, "column %zu has no name", i + 1);
            columns->column[i] = -1;
        } else {
            add_column(columns, i, cell->text, &place, self->report);
        }
    }
    const uxo_place place = {.file = csv->file, .line = csv->cell[0].line};
    note_ignored(columns, &place, self->report);
    const uxo_status status = check_required(self, columns);
    return status != UXO_OK ? status : uxo_report_status(self->report, errors);
}

static uxo_status read_record(strikes_reader *self, const header *columns)
{
    csv_reader *const csv = &self->csv;
    strikes_row row = {.number = csv->cell[0].line};
    if (csv->cell_count != columns->count) {
        const csv_cell *const last =
            &csv->cell[csv->cell_count > columns->count ? columns->count : csv->cell_count - 1];
        const uxo_place place = csv_place(csv, last->line_start, last->line, last->column, last->width);
        uxo_report_add(self->report, UXO_ERROR, &place, "the row has %zu cells, the header has %zu%s", csv->cell_count,
                       columns->count,
                       csv->cell_count > columns->count ? "; a cell that holds the separator has to be in double quotes"
                                                        : "");
        return UXO_OK;
    }
    for (size_t i = 0; i < columns->count; i++) {
        const int column = columns->column[i];
        if (column >= 0) {
            row.cell[column] = &csv->cell[i];
            row.text[column] = csv->cell[i].text[0] != '\0' ? csv->cell[i].text : NULL;
        }
    }
    return strikes_add_row(self, &row);
}

static uxo_status read_records(strikes_reader *self, header *columns)
{
    csv_result result;
    UXO_TRY(read_header(self, columns));
    while ((result = csv_next(&self->csv)) != CSV_END && !self->too_many) {
        if (result == CSV_RECORD) {
            UXO_TRY(read_record(self, columns));
        }
    }
    if (self->csv.out_of_memory) {
        return uxo_fail(self->report, UXO_ERR_MEMORY, &self->source->place, "out of memory");
    }
    return UXO_OK;
}

uxo_status strikes_read_csv(strikes_reader *self, const char *text, size_t length)
{
    header columns = {0};
    const size_t errors = self->report->error_count;
    UXO_TRY(csv_init(&self->csv, self->source->file, text, length, self->report));
    const uxo_status status = read_records(self, &columns);
    free(columns.column);
    return status != UXO_OK ? status : uxo_report_status(self->report, errors);
}

/* Fields of another format: the header is read with the first feature. */
typedef struct feature_context {
    strikes_reader *reader;
    header columns;
    bool started;
} feature_context;

/* The geometry says where it is: such columns of the table are left alone. */
static bool is_place(int column)
{
    return column == COLUMN_LON || column == COLUMN_LAT || column == COLUMN_X_M || column == COLUMN_Y_M;
}

/* The column that a DBF, whose names have at most ten characters, holds only the start of; the name itself otherwise. */
static const char *full_name(const char *name, const uxo_place *place, uxo_report *report)
{
    enum { DBF_CHARACTERS = 10 };
    const char *found = NULL;
    size_t matches = 0;
    for (size_t i = 0; strlen(name) == DBF_CHARACTERS && i < STRIKES_COLUMNS; i++) {
        if (strncmp(column_names[i], name, DBF_CHARACTERS) == 0 && column_names[i][DBF_CHARACTERS] != '\0') {
            found = column_names[i];
            matches++;
        }
    }
    if (matches != 1) {
        return name;
    }
    uxo_report_add(report, UXO_NOTE, place, "field '%s' is taken for '%s': a shapefile cuts names at %d characters",
                   name, found, DBF_CHARACTERS);
    return found;
}

static uxo_status start_features(feature_context *self, const uxo_point_feature *feature)
{
    uxo_report *const report = self->reader->report;
    const size_t errors = report->error_count;
    const uxo_place place = {.file = self->reader->source->file};
    header *const columns = &self->columns;
    self->started = true;
    columns->count = feature->field_count;
    columns->column = malloc((columns->count + 1) * sizeof *columns->column);
    if (columns->column == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, &place, "out of memory");
    }
    for (size_t i = 0; i < columns->count; i++) {
        add_column(columns, i, full_name(feature->field_name[i], &place, report), &place, report);
        if (is_place(columns->column[i])) {
            add_ignored(columns, feature->field_name[i]);
            columns->column[i] = -1;
        }
    }
    note_ignored(columns, &place, report);
    if (!columns->has[COLUMN_ID]) {
        uxo_report_add(report, UXO_ERROR, &place, "there is no field 'id'; every report needs an id of its own");
    }
    return uxo_report_status(report, errors);
}

static uxo_status visit_feature(const uxo_point_feature *feature, void *user, uxo_report *report)
{
    (void)report;
    feature_context *const self = user;
    if (!self->started) {
        UXO_TRY(start_features(self, feature));
    }
    strikes_row row = {.feature = feature, .number = (uint32_t)feature->fid};
    for (size_t i = 0; i < self->columns.count && i < feature->field_count; i++) {
        const int column = self->columns.column[i];
        if (column >= 0 && feature->field_text[i] != NULL && feature->field_text[i][0] != '\0') {
            row.text[column] = feature->field_text[i];
        }
    }
    return strikes_add_row(self->reader, &row);
}

uxo_status strikes_read_features(strikes_reader *self)
{
    feature_context context = {.reader = self};
    const uxo_status status =
        uxo_layers_points(self->crs, self->source->file, &self->source->place, visit_feature, &context, self->report);
    free(context.columns.column);
    return status;
}
