/* strikes_rows.c - one row of the strike list: text to report, whatever the file's format.
 *
 * Not here: columns and records (strikes_source.c), which rows are one strike (strikes_events.c).
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "strikes_row.h"

uxo_place strikes_cell_place(strikes_reader *self, const strikes_row *row, strikes_column column)
{
    if (row->feature != NULL) {
        const char *const name = row->text[column] != NULL ? strikes_column_name(column) : NULL;
        const size_t size = strlen(self->source->file) + 128;
        free(self->place_text);
        self->place_text = malloc(size);
        if (self->place_text != NULL) {
            snprintf(self->place_text, size, "%s: feature %" PRId64 "%s%s", self->source->file, row->feature->fid,
                     name != NULL ? ": field " : "", name != NULL ? name : "");
        }
        return (uxo_place){.file = self->place_text};
    }
    const csv_cell *const cell = row->cell[column];
    if (cell == NULL) {
        return (uxo_place){.file = self->csv.file, .line = row->number};
    }
    return csv_place(&self->csv, cell->line_start, cell->line, cell->column, cell->width);
}

/* "49,98": what a spreadsheet in most of Europe writes. */
static bool has_decimal_comma(const char *text)
{
    const char *p = text + (*text == '-' || *text == '+');
    const size_t before = strspn(p, "0123456789");
    const size_t after = p[before] == ',' ? strspn(p + before + 1, "0123456789") : 0;
    return before > 0 && after > 0 && p[before + 1 + after] == '\0';
}

static void complain_comma(row_context *self, strikes_column column)
{
    COMPLAIN(self, column, "%s is '%s': write the decimal point as a point, not as a comma",
             strikes_column_name(column), self->row->text[column]);
}

bool strikes_read_number(row_context *self, strikes_column column, double minimum, double maximum, const char *allowed,
                         double *value)
{
    const char *why = NULL;
    const char *const text = self->row->text[column];
    if (has_decimal_comma(text)) {
        complain_comma(self, column);
        return false;
    }
    if (!uxo_schema_number(text, value, &why)) {
        COMPLAIN(self, column, "%s: '%s' %s. Allowed: %s", strikes_column_name(column), text,
                 why != NULL ? why : "is not a number", allowed);
        return false;
    }
    if (!(*value >= minimum && *value <= maximum)) {
        COMPLAIN(self, column, "%s is %s; allowed is %s", strikes_column_name(column), text, allowed);
        return false;
    }
    return true;
}

static bool read_name(row_context *self, strikes_column column, char out[UXO_ID_SIZE])
{
    const char *const text = self->row->text[column];
    if (strlen(text) >= UXO_ID_SIZE) {
        COMPLAIN(self, column, "%s has %zu bytes, at most %d are allowed", strikes_column_name(column), strlen(text),
                 UXO_ID_SIZE - 1);
        return false;
    }
    for (const char *p = text; *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7F) {
            COMPLAIN(self, column, "%s holds a control character or a line break", strikes_column_name(column));
            return false;
        }
    }
    snprintf(out, UXO_ID_SIZE, "%s", text);
    return true;
}

static void read_date(row_context *self)
{
    int32_t day;
    const char *const text = self->row->text[COLUMN_DATE];
    const uxo_strikes_source *const source = self->reader->source;
    if (text == NULL) {
        return;
    }
    if (!uxo_schema_stored_date(text, &day)) {
        COMPLAIN(self, COLUMN_DATE, "date is '%s'; allowed is a day that exists, as 2022-02-25", text);
    } else if (day > source->today) {
        COMPLAIN(self, COLUMN_DATE, "date %s is in the future; uxosim is about strikes that have happened", text);
    } else if (source->as_of_day != UXO_NO_DATE && day > source->as_of_day) {
        COMPLAIN(self, COLUMN_DATE, "date %s is after run.as_of; leave the report out or set run.as_of to a later day",
                 text);
    } else {
        self->out->site.day = day;
    }
}

/* Index of the cell's word, `otherwise` where there is none or a wrong one. */
static int read_word(row_context *self, strikes_column column, const char *const *words, size_t count, int otherwise)
{
    char list[128] = "";
    const char *const text = self->row->text[column];
    for (size_t i = 0; text != NULL && i < count; i++) {
        if (strcmp(text, words[i]) == 0) {
            return (int)i;
        }
        const size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", words[i]);
    }
    if (text != NULL) {
        const char *const nearest = uxo_schema_nearest(text, words, count);
        COMPLAIN(self, column, "%s is '%s'; allowed is one of %s%s%s%s", strikes_column_name(column), text, list,
                 nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                 nearest != NULL ? "'?" : "");
    }
    return otherwise;
}

static void read_words(row_context *self)
{
    self->out->site.evidence = (uxo_evidence)read_word(self, COLUMN_EVIDENCE, strikes_evidence_words,
                                                       STRIKES_EVIDENCE_WORDS, (int)self->reader->evidence);
    self->out->site.status = (uxo_strike_status)read_word(self, COLUMN_STATUS, strikes_status_words,
                                                          STRIKES_STATUS_WORDS, (int)self->reader->status);
}

/* Nodes read from the text of a cell, counted from its first character: where they stand in the file. What cannot be
 * said exactly (a cell of several lines, another format) is the place of the cell. */
static void move_place(uxo_place *place, const uxo_place *cell, uint32_t offset)
{
    const uint32_t column = cell->column + offset + place->column - 1;
    const bool exact =
        cell->excerpt != NULL && cell->column > 0 && place->line == 1 && column <= cell->column + cell->width;
    const uint32_t width = place->width;
    *place = *cell;
    if (exact) {
        place->column = column;
        place->width = width;
    }
}

static void move_places(uxo_node *node, const uxo_place *cell, uint32_t offset)
{
    move_place(&node->place, cell, offset);
    move_place(&node->key_place, cell, offset);
    for (uxo_node *child = node->first; child != NULL; child = child->next) {
        move_places(child, cell, offset);
    }
}

/* Flow style through the YAML reader; its complaints are about the cell. */
static const uxo_node *flow_node(row_context *self, strikes_column column, const uxo_place *place, uxo_yaml *yaml)
{
    const char *const text = self->row->text[column];
    uxo_report inner;
    uxo_report_init(&inner);
    const uxo_status status = uxo_yaml_read_text(yaml, place->file, text, strlen(text), 1, 1, &inner);
    if (status != UXO_OK || yaml->root == NULL) {
        size_t first = 0;
        while (first < inner.count && inner.item[first].severity != UXO_ERROR) {
            first++;
        }
        uxo_report_add(self->reader->report, UXO_ERROR, place, "%s is '%s': %s", strikes_column_name(column), text,
                       first < inner.count ? inner.item[first].text : "not a value in YAML flow style");
        uxo_report_free(&inner);
        return NULL;
    }
    uxo_report_free(&inner);
    const bool quoted = place->excerpt != NULL && place->column > 0 && place->excerpt[place->column - 1] == '"';
    move_places(yaml->root, place, quoted ? 1 : 0);
    yaml->root->key = strikes_column_name(column);
    return yaml->root;
}

/* A cell as a YAML node. `yaml` has to be freed. The node's place lasts until the next place is asked for. */
static const uxo_node *cell_node(row_context *self, strikes_column column, uxo_node *scalar, uxo_yaml *yaml)
{
    const char *const text = self->row->text[column];
    *yaml = (uxo_yaml){0};
    if (has_decimal_comma(text)) {
        complain_comma(self, column);
        return NULL;
    }
    const uxo_place place = strikes_cell_place(self->reader, self->row, column);
    *scalar = (uxo_node){.kind = UXO_NODE_SCALAR, .text = text, .key = strikes_column_name(column), .place = place};
    return text[0] == '{' ? flow_node(self, column, &place, yaml) : scalar;
}

/* The schema's row of a cell, under the name that the file uses. */
static uxo_key_row cell_row(strikes_column column, const char *path)
{
    uxo_key_row row = *uxo_schema_find(UXO_DOCUMENT_SCENARIO, path);
    row.path = strikes_column_name(column);
    return row;
}

/* A quantity of one strike cannot be shared by the campaign. */
static uxo_quantity *read_quantity(row_context *self, strikes_column column, const char *path)
{
    uxo_node node;
    uxo_yaml yaml;
    uxo_quantity *quantity = NULL;
    if (self->row->text[column] == NULL) {
        return NULL;
    }
    const uxo_key_row row = cell_row(column, path);
    const uxo_node *const root = cell_node(self, column, &node, &yaml);
    if (root != NULL) {
        quantity = strikes_read_quantity(self->reader, root, &row);
    }
    if (quantity != NULL && quantity->per == UXO_PER_CAMPAIGN) {
        COMPLAIN(
            self, column,
            "%s of one row cannot be drawn `per: campaign`; in strikes.defaults it can, for all strikes that use it",
            strikes_column_name(column));
    }
    uxo_yaml_free(&yaml);
    return quantity;
}

static void read_heading(row_context *self)
{
    uxo_node node;
    uxo_yaml yaml;
    if (self->row->text[COLUMN_HEADING] == NULL) {
        return;
    }
    const uxo_key_row row = cell_row(COLUMN_HEADING, "strikes.events.*.heading_deg");
    const uxo_node *const root = cell_node(self, COLUMN_HEADING, &node, &yaml);
    if (root != NULL) {
        self->out->given.heading = strikes_read_heading(self->reader, root, &row);
    }
    uxo_yaml_free(&yaml);
}

static void read_munition(row_context *self)
{
    uxo_node node;
    uxo_yaml yaml;
    if (self->row->text[COLUMN_MUNITION] == NULL) {
        return;
    }
    const uxo_key_row row = cell_row(COLUMN_MUNITION, "strikes.events.*.munition");
    const uxo_node *const root = cell_node(self, COLUMN_MUNITION, &node, &yaml);
    if (root != NULL) {
        self->out->given.mixture = strikes_read_mixture(self->reader, root, &row);
    }
    uxo_yaml_free(&yaml);
}

static void read_values(row_context *self)
{
    strikes_given *const given = &self->out->given;
    uxo_site *const site = &self->out->site;
    read_munition(self);
    given->carriers = read_quantity(self, COLUMN_CARRIERS, "strikes.events.*.carriers");
    read_heading(self);
    given->heading_sd = read_quantity(self, COLUMN_HEADING_SD, "strikes.events.*.heading_sd_deg");
    given->confidence = read_quantity(self, COLUMN_CONFIDENCE, "strikes.events.*.confidence");
    site->location_kind = self->reader->location_kind;
    site->location_size_m = self->reader->location_size_m;
    uxo_quantity *const size = read_quantity(self, COLUMN_LOCATION, "strikes.defaults.location_error.r95_m");
    if (size != NULL) {
        site->location_kind = UXO_LOCATION_R95;
        site->location_size_m = *size;
        free(size);
    }
}

static bool grow(strikes_reader *self)
{
    if (self->count < self->capacity) {
        return true;
    }
    const uint32_t capacity = self->capacity == 0 ? 64 : 2 * self->capacity;
    strikes_report *const larger = realloc(self->item, capacity * sizeof *larger);
    if (larger == NULL) {
        return false;
    }
    self->item = larger;
    self->capacity = capacity;
    return true;
}

uxo_status strikes_add_row(strikes_reader *self, const strikes_row *row)
{
    if (self->count == STRIKES_MAX_ROWS) {
        self->too_many = true;
        return UXO_OK;
    }
    if (!grow(self)) {
        return uxo_fail(self->report, UXO_ERR_MEMORY, &self->source->place, "out of memory");
    }
    strikes_report *const out = &self->item[self->count];
    row_context context = {self, row, out};
    memset(out, 0, sizeof *out);
    out->site.day = UXO_NO_DATE;
    out->site.row = row->number;
    out->site.source = strdup(row->text[COLUMN_SOURCE] != NULL ? row->text[COLUMN_SOURCE] : "");
    if (row->cell[COLUMN_ID] != NULL) {
        out->line_start = row->cell[COLUMN_ID]->line_start;
        out->id_column = row->cell[COLUMN_ID]->column;
        out->id_width = row->cell[COLUMN_ID]->width;
    }
    self->count++;
    if (row->text[COLUMN_ID] == NULL) {
        const uxo_place place = strikes_cell_place(self, row, COLUMN_ID);
        uxo_report_add(self->report, UXO_ERROR, &place, "the report has no id; every one needs an id of its own");
    } else {
        read_name(&context, COLUMN_ID, out->site.id);
    }
    if (row->text[COLUMN_EVENT] != NULL) {
        read_name(&context, COLUMN_EVENT, out->event);
    }
    strikes_read_place(&context);
    read_date(&context);
    read_words(&context);
    read_values(&context);
    if (self->rows != NULL) {
        strikes_copy_row(self->rows, row, &out->site);
    }
    return out->site.source != NULL ? UXO_OK
                                    : uxo_fail(self->report, UXO_ERR_MEMORY, &self->source->place, "out of memory");
}
