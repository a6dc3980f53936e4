/* strikes_private.h - what the files of the strikes module hand each other: rows become reports, reports become
 * strikes.
 *
 * Private to sim/scenario/strikes*.c. The contract is include/uxosim/strikes.h.
 */
#ifndef UXOSIM_STRIKES_PRIVATE_H
#define UXOSIM_STRIKES_PRIVATE_H

#include "strikes_csv.h"
#include "uxosim/distribution.h"
#include "uxosim/strikes.h"

#define STRIKES_COLUMN_LIST(X)      \
    X(ID, "id")                     \
    X(LON, "lon")                   \
    X(LAT, "lat")                   \
    X(X_M, "x_m")                   \
    X(Y_M, "y_m")                   \
    X(DATE, "date")                 \
    X(EVENT, "event")               \
    X(EVIDENCE, "evidence")         \
    X(SOURCE, "source")             \
    X(STATUS, "status")             \
    X(MUNITION, "munition")         \
    X(CARRIERS, "carriers")         \
    X(LOCATION, "location_r95_m")   \
    X(HEADING, "heading_deg")       \
    X(HEADING_SD, "heading_sd_deg") \
    X(CONFIDENCE, "confidence")

typedef enum strikes_column {
#define X(id, name) COLUMN_##id,
    STRIKES_COLUMN_LIST(X)
#undef X
        STRIKES_COLUMNS
} strikes_column;

enum { STRIKES_MAX_ROWS = 1000000, STRIKES_MAX_BYTES = 256 * 1024 * 1024 };

/* Strike-level values that a row, an event or the defaults give. Owned; NULL: not given. */
typedef struct strikes_heading {
    bool unknown;
    uxo_quantity deg;
} strikes_heading;

typedef struct strikes_given {
    uxo_mixture *mixture;
    uxo_quantity *carriers;
    strikes_heading *heading;
    uxo_quantity *heading_sd;
    uxo_quantity *confidence;
} strikes_given;

void strikes_given_free(strikes_given *self);

/* One row, read. */
typedef struct strikes_report {
    uxo_site site;
    char event[UXO_ID_SIZE]; /* "": none */
    bool event_from_scenario;
    bool status_given, evidence_given;
    strikes_given given;
    size_t line_start; /* where its id stands, for messages */
    uint32_t id_column, id_width;
} strikes_report;

/* One row as text. */
typedef struct strikes_row {
    const char *text[STRIKES_COLUMNS];     /* NULL: not given */
    const csv_cell *cell[STRIKES_COLUMNS]; /* of a CSV */
    const uxo_point_feature *feature;      /* of another format; else NULL */
    uint32_t number;                       /* line or feature */
} strikes_row;

typedef struct strikes_reader {
    const uxo_strikes_source *source;
    const uxo_crs *crs;
    const uxo_grid *grid;
    const uxo_catalogue *catalogue;
    uxo_report *report;
    csv_reader csv;   /* csv.file NULL: not a CSV */
    char *place_text; /* of the last place in another format */
    strikes_given defaults;
    uxo_location_kind location_kind;
    uxo_quantity location_size_m;
    uxo_evidence evidence;
    uxo_strike_status status;
    strikes_report *item; /* in the order of the file */
    uint32_t count, capacity;
    bool too_many;
    FILE *rows; /* a copy of what was read, see uxo_strikes.rows; NULL: none is made */
} strikes_reader;

const char *strikes_column_name(strikes_column column);
/* Of the known names the nearest to a wrong one, or NULL; letter case does not count. */
const char *strikes_nearest_column(const char *name);

/* Place of a cell, or of the row's id for a report; valid until the next call. */
uxo_place strikes_cell_place(strikes_reader *self, const strikes_row *row, strikes_column column);
uxo_place strikes_report_place(strikes_reader *self, const strikes_report *report);

/* Words of the columns evidence and status, by their enums. */
enum {
#define X(id, word) +1
    STRIKES_EVIDENCE_WORDS = 0 UXO_EVIDENCE_LIST(X),
    STRIKES_STATUS_WORDS = 0 UXO_STRIKE_STATUS_LIST(X)
#undef X
};
extern const char *const strikes_evidence_words[];
extern const char *const strikes_status_words[];

/* Reads strikes.defaults (and built-in defaults) into the reader. */
UXO_MUST_USE uxo_status strikes_read_defaults(strikes_reader *self);
/* Strike-level values from nodes; `at` is "strikes.defaults" or "strikes.events.*". Errors are in the report. */
void strikes_read_given(strikes_reader *self, const uxo_node *map, const char *at, strikes_given *out);
uxo_mixture *strikes_read_mixture(strikes_reader *self, const uxo_node *node, const uxo_key_row *row);
uxo_quantity *strikes_read_quantity(strikes_reader *self, const uxo_node *node, const uxo_key_row *row);
strikes_heading *strikes_read_heading(strikes_reader *self, const uxo_node *node, const uxo_key_row *row);
bool strikes_same_quantity(const uxo_quantity *a, const uxo_quantity *b);
bool strikes_same_mixture(const uxo_mixture *a, const uxo_mixture *b);

/* Adds one row to the reports; everything wrong with it is reported. Only memory fails. */
UXO_MUST_USE uxo_status strikes_add_row(strikes_reader *self, const strikes_row *row);
/* All rows of a CSV text, of another format. */
UXO_MUST_USE uxo_status strikes_read_csv(strikes_reader *self, const char *text, size_t length);
UXO_MUST_USE uxo_status strikes_read_features(strikes_reader *self);

/* The copy of the list: its header, and a row that was read. */
void strikes_copy_header(FILE *out);
void strikes_copy_row(FILE *out, const strikes_row *row, const uxo_site *site);

/* What strikes.events says, per event; and the order of the reports. */
typedef struct strikes_event {
    const char *name;
    const uxo_node *node;
    strikes_given given;
} strikes_event;

typedef struct strikes_events {
    strikes_event *item; /* ascending by name */
    uint32_t count;
    uint32_t *by_id; /* reports, ascending by id */
} strikes_events;

/* Checks ids, applies strikes.events to the reports. */
UXO_MUST_USE uxo_status strikes_events_read(strikes_events *self, strikes_reader *reader);
void strikes_events_free(strikes_events *self);
const strikes_event *strikes_events_find(const strikes_events *self, const char *name);

/* Groups reports to strikes, sorted; conflicts are errors. */
UXO_MUST_USE uxo_status strikes_build(uxo_strikes *self, strikes_reader *reader, const strikes_events *events);
/* Warns about strikes that look like one. */
void strikes_find_lookalikes(const uxo_strikes *self, strikes_reader *reader);
/* Reads strikes.displacement. */
void strikes_read_displacement(uxo_strikes *self, strikes_reader *reader);
/* Farther from any of its sites than this lie less than 1e-4 of its duds. */
double strikes_reach_m(const uxo_strikes *self, const uxo_strike *strike, const uxo_catalogue *catalogue);
/* Sets every reach_m and leaves out what does not reach the grid. */
UXO_MUST_USE uxo_status strikes_keep_reaching(uxo_strikes *self, strikes_reader *reader);

#endif
