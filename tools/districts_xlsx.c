/* districts_xlsx.c - the table as a spreadsheet: exact numbers as numbers, units and meanings on a sheet of their own. The only
 * libxlsxwriter. Not here: whether what was written is whole (xlsx_parts.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "districts.h"
#include "text_output.h"
#include "uxosim/atomic_file.h"
#include "xlsx_parts.h"

/* One day for all: equal results give equal files. 1980-01-01, the first that a ZIP archive knows. */
static const time_t CREATED = 315532800;

enum { WIDE = 34, NARROW = 14 };

typedef struct xlsx {
    lxw_workbook *book;
    lxw_format *head, *wrap, *whole, *two, *four;
    lxw_error error; /* the first one */
} xlsx;

static void keep(xlsx *self, lxw_error error)
{
    self->error = self->error == LXW_NO_ERROR ? error : self->error;
}

static void put_text(xlsx *self, lxw_worksheet *sheet, uint32_t row, uint32_t column, const char *text,
                     lxw_format *format)
{
    keep(self, worksheet_write_string(sheet, row, (lxw_col_t)column, text, format));
}

static lxw_format *number_format(const xlsx *self, uxo_district_column column)
{
    const char *const name = uxo_column(column)->name;
    if (strcmp(name, "population") == 0 || strcmp(name, "people_affected_mean") == 0 || strstr(name, "_p05") != NULL ||
        strstr(name, "_p50") != NULL || strstr(name, "_p95") != NULL) {
        return strstr(name, "_se") != NULL ? self->two : self->whole;
    }
    return strncmp(name, "p_top", 5) == 0 || strstr(name, "per_ha") != NULL ? self->four : self->two;
}

static void open_formats(xlsx *self)
{
    self->head = workbook_add_format(self->book);
    format_set_bold(self->head);
    format_set_bottom(self->head, LXW_BORDER_THIN);
    self->wrap = workbook_add_format(self->book);
    format_set_text_wrap(self->wrap);
    format_set_align(self->wrap, LXW_ALIGN_VERTICAL_TOP);
    self->whole = workbook_add_format(self->book);
    format_set_num_format(self->whole, "#,##0");
    self->two = workbook_add_format(self->book);
    format_set_num_format(self->two, "#,##0.00");
    self->four = workbook_add_format(self->book);
    format_set_num_format(self->four, "#,##0.0000");
}

/* Name and kind, of zones their status. */
static uint32_t text_columns(const uxo_district_table *table)
{
    return table->status != NULL ? 3 : 2;
}

static void write_row(xlsx *self, lxw_worksheet *sheet, const uxo_district_table *table, uint32_t at, uint32_t row)
{
    uint32_t next = text_columns(table);
    put_text(self, sheet, at, 0, table->name[row], NULL);
    put_text(self, sheet, at, 1, districts_row_kind(table, row), NULL);
    if (table->status != NULL) {
        put_text(self, sheet, at, 2, table->status[row], NULL);
    }
    for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_CSV_COUNT; column++) {
        if (!uxo_district_table_has(table, column)) {
            continue;
        }
        if (!isnan(table->value[column][row])) {
            keep(self, worksheet_write_number(sheet, at, (lxw_col_t)next, table->value[column][row],
                                              number_format(self, column)));
        }
        next++;
    }
}

/* Districts can be filtered and sorted; the special rows below stay where they are. */
static void write_table(xlsx *self, const uxo_district_table *table, const uint32_t *order)
{
    lxw_worksheet *const sheet = workbook_add_worksheet(self->book, "Hazard");
    const uint32_t districts = table->rows - DISTRICTS_SPECIAL_ROWS;
    uint32_t next = text_columns(table);
    put_text(self, sheet, 0, 0, districts_noun(table), self->head);
    put_text(self, sheet, 0, 1, "kind", self->head);
    if (table->status != NULL) {
        put_text(self, sheet, 0, 2, "status", self->head);
    }
    for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_CSV_COUNT; column++) {
        if (uxo_district_table_has(table, column)) {
            put_text(self, sheet, 0, next++, uxo_column(column)->name, self->head);
        }
    }
    for (uint32_t i = 0; i < table->rows; i++) {
        write_row(self, sheet, table, i + 1, i < districts ? order[i] : i);
    }
    put_text(self, sheet, table->rows + 2, 0, UXO_SENTENCE, NULL);
    keep(self, worksheet_set_column(sheet, 0, 0, WIDE, NULL));
    keep(self, worksheet_set_column(sheet, 1, (lxw_col_t)(next - 1), NARROW, NULL));
    worksheet_freeze_panes(sheet, 1, 1);
    if (districts > 0) {
        keep(self, worksheet_autofilter(sheet, 0, 0, districts, (lxw_col_t)(next - 1)));
    }
    keep(self, worksheet_set_footer(sheet, "&LModelled, not surveyed&RPage &P of &N"));
    worksheet_set_landscape(sheet);
    worksheet_repeat_rows(sheet, 0, 0);
}

static void write_meanings(xlsx *self, const uxo_district_table *table)
{
    static const char *const head[] = {"column", "unit", "meaning"};
    lxw_worksheet *const sheet = workbook_add_worksheet(self->book, "Columns");
    uint32_t row = 1;
    for (uint32_t i = 0; i < sizeof head / sizeof *head; i++) {
        put_text(self, sheet, 0, i, head[i], self->head);
    }
    for (uxo_district_column column = (uxo_district_column)0; column < UXO_COLUMN_CSV_COUNT; column++) {
        const uxo_column_info *const info = uxo_column(column);
        char sentence[UXO_SENTENCE_SIZE];
        if (uxo_district_table_has(table, column)) {
            put_text(self, sheet, row, 0, info->name, self->wrap);
            put_text(self, sheet, row, 1, info->unit, self->wrap);
            uxo_column_sentence(column, districts_noun(table), sentence, sizeof sentence);
            put_text(self, sheet, row++, 2, sentence, self->wrap);
        }
    }
    keep(self, worksheet_set_column(sheet, 0, 0, WIDE, NULL));
    keep(self, worksheet_set_column(sheet, 2, 2, 3 * WIDE, NULL));
    worksheet_freeze_panes(sheet, 1, 0);
}

static void write_origin(xlsx *self, const uxo_result *result, bool zones)
{
    static const char *const names[] = {"title",        "summary", "source",     "as_of",      "estimator",
                                        "realisations", "seed",    "map_method", "self_check", "redacted"};
    lxw_worksheet *const sheet = workbook_add_worksheet(self->book, "About");
    uint32_t row = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *const text = uxo_result_text(result, "/", names[i]);
        if (text != NULL) {
            put_text(self, sheet, row, 0, names[i], self->head);
            put_text(self, sheet, row++, 1, text, self->wrap);
        }
    }
    put_text(self, sheet, row, 0, "rows", self->head);
    put_text(self, sheet, row, 1,
             zones ? "Zones may overlap: rows do not add up to the total, which is that of the districts. A cell "
                     "counts by the "
                     "share of its area. An empty cell: no meaning for that row."
                   : "Rows add up to the total, intervals (p05, p95) do not. An empty cell: no meaning for that row.",
             self->wrap);
    keep(self, worksheet_set_column(sheet, 0, 0, NARROW, NULL));
    keep(self, worksheet_set_column(sheet, 1, 1, 3 * WIDE, NULL));
}

/* Returns what went wrong first; closes in any case. */
static lxw_error write_book(const uxo_result *result, const uxo_district_table *table, const uint32_t *order,
                            const char *path)
{
    xlsx self = {.book = workbook_new(path)};
    if (self.book == NULL) {
        return LXW_ERROR_MEMORY_MALLOC_FAILED;
    }
    const char *const title = uxo_result_text(result, "/", "title");
    char comment[] = UXO_SENTENCE;
    char *const name = text_for_line(title != NULL ? title : "");
    lxw_doc_properties properties = {.title = name, .comments = comment, .created = CREATED};
    keep(&self, workbook_set_properties(self.book, &properties));
    free(name);
    open_formats(&self);
    write_table(&self, table, order);
    write_meanings(&self, table);
    write_origin(&self, result, table->status != NULL);
    keep(&self, workbook_close(self.book));
    return self.error;
}

uxo_status districts_write_xlsx(const uxo_result *result, const uxo_district_table *table, const uint32_t *order,
                                const char *path, uxo_report *report)
{
    uxo_atomic_file file;
    UXO_TRY(uxo_atomic_begin(&file, path, report));
    const lxw_error error = write_book(result, table, order, file.temporary);
    uxo_status status = UXO_OK;
    if (error != LXW_NO_ERROR) {
        status = uxo_fail(report, UXO_ERR_IO, NULL, "cannot write '%s': %s", path, lxw_strerror(error));
    } else if (!xlsx_is_whole(file.temporary)) {
        status = uxo_fail(report, UXO_ERR_IO, NULL,
                          "cannot write '%s': is the disk, or that for temporary files, full?", path);
    }
    if (status != UXO_OK) {
        uxo_atomic_abandon(&file);
        return status;
    }
    return uxo_atomic_commit(&file, report);
}
