/* strikes.h - the strike list: reports as rows, strikes as what they are about. */
#ifndef UXOSIM_STRIKES_H
#define UXOSIM_STRIKES_H

#include "uxosim/calendar.h"
#include "uxosim/layers.h"
#include "uxosim/munitions.h"

/* Reports that one strike may have. */
enum { UXO_MAX_SITES = 1024 };

/* Which munition a strike used, if not known: weights. */
typedef struct uxo_mixture {
    uint32_t count;
    uint32_t munition[UXO_MAX_CHOICES]; /* index in the catalogue */
    double weight[UXO_MAX_CHOICES];     /* normalised */
} uxo_mixture;

/* r95 of a round normal in its standard deviations: sqrt(-2 ln 0.05). */
#define UXO_R95_PER_SIGMA 2.4477468306808166

typedef enum uxo_location_kind { UXO_LOCATION_R95, UXO_LOCATION_DISC } uxo_location_kind;

#define UXO_EVIDENCE_LIST(X) \
    X(STRIKE, "strike") X(CRATER, "crater") X(MOTOR, "motor") X(CARGO, "cargo") X(DUD, "dud") X(OTHER, "other")
#define UXO_STRIKE_STATUS_LIST(X) X(CONFIRMED, "confirmed") X(PROBABLE, "probable") X(ALLEGED, "alleged")

typedef enum uxo_evidence {
#define X(id, word) UXO_EVIDENCE_##id,
    UXO_EVIDENCE_LIST(X)
#undef X
} uxo_evidence;

typedef enum uxo_strike_status {
#define X(id, word) UXO_STRIKE_##id,
    UXO_STRIKE_STATUS_LIST(X)
#undef X
} uxo_strike_status;

enum {
#define X(id, word) +1
    UXO_EVIDENCE_COUNT = 0 UXO_EVIDENCE_LIST(X),
    UXO_STRIKE_STATUS_COUNT = 0 UXO_STRIKE_STATUS_LIST(X)
#undef X
};

/* How far from the release point lies what was found, along and across the direction of flight (to the right of it). */
typedef struct uxo_displacement {
    bool given;
    uxo_quantity along_m, across_m; /* may be negative */
} uxo_displacement;

/* One report: one row of the list. */
typedef struct uxo_site {
    char id[UXO_ID_SIZE];
    double lon_deg, lat_deg; /* NaN when given in x_m, y_m and not transformable */
    double x_m, y_m;         /* grid's system */
    double north_rad;        /* direction of true north there, clockwise from grid north */
    int32_t day;             /* since 1970-01-01, or UXO_NO_DATE */
    uxo_evidence evidence;
    uxo_strike_status status;
    char *source; /* owned, "" when not given */
    uxo_location_kind location_kind;
    uxo_quantity location_size_m; /* r95 radius or disc radius */
    uint32_t row;                 /* line in the file, or feature number */
} uxo_site;

/* One strike: one event; what the reports of one event share. */
typedef struct uxo_strike {
    char id[UXO_ID_SIZE]; /* the event, or the id of its only report */
    uxo_key key;
    int32_t day;
    uxo_strike_status status;
    uint32_t first_site, site_count; /* in uxo_strikes.site */
    uxo_mixture mixture;
    uxo_quantity carriers; /* integer >= 1 */
    bool heading_unknown;
    uxo_quantity heading_deg;    /* true */
    uxo_quantity heading_sd_deg; /* >= 0, added to it as a normal error */
    uxo_quantity confidence;     /* P(it was a cluster strike) */
    double reach_m;              /* from any of its sites: farther than this lie less than 1e-4 of its duds */
} uxo_strike;

typedef struct uxo_strikes {
    uxo_displacement displacement[UXO_EVIDENCE_COUNT]; /* by evidence */
    uxo_strike *item;                                  /* ascending by id: results do not depend on the order of rows */
    uint32_t count;
    uxo_site *site; /* grouped by strike, ascending by id within it */
    uint32_t site_count;
    char (*out_of_reach)[UXO_ID_SIZE]; /* strikes whose reach does not touch the grid: left out, with a warning */
    uint32_t out_of_reach_count;
    int32_t newest_day; /* UXO_NO_DATE if none is dated */
    uint32_t undated;
    char *
        rows; /* the list as a CSV that gives the same strikes: known columns only (others may name people), places in the
                   grid's metres; owned */
} uxo_strikes;

/* What the scenario says about the list. */
typedef struct uxo_strikes_source {
    const char *file;             /* resolved path */
    uxo_place place;              /* of the file key */
    const uxo_node *defaults;     /* strikes.defaults, may be NULL */
    const uxo_node *displacement; /* strikes.displacement, may be NULL */
    const uxo_node *events;       /* strikes.events: {EVENT: [id, id]}, may be NULL */
    int32_t as_of_day;            /* UXO_NO_DATE: not given */
    int32_t today;                /* a later date is an error */
    uint64_t seed;
} uxo_strikes_source;

/* Is the list a table of text, by the ending of its name? All else is read by GDAL. */
bool uxo_strikes_is_csv(const char *path);

UXO_MUST_USE uxo_status uxo_strikes_read(uxo_strikes *self, const uxo_strikes_source *source, const uxo_crs *crs,
                                         const uxo_grid *grid, const uxo_catalogue *catalogue, uxo_report *report);
/* The same from the text of a CSV; source->file is what messages call it. For tests and the fuzzer. */
UXO_MUST_USE uxo_status uxo_strikes_read_text(uxo_strikes *self, const uxo_strikes_source *source, const char *text,
                                              size_t length, const uxo_crs *crs, const uxo_grid *grid,
                                              const uxo_catalogue *catalogue, uxo_report *report);
void uxo_strikes_free(uxo_strikes *self);

/* How far from the release point it leads, but with a probability of `tail` either way along each axis. 0: not given. */
double uxo_displacement_high_m(const uxo_displacement *self, double tail);

const char *uxo_evidence_word(uxo_evidence evidence);
const char *uxo_strike_status_word(uxo_strike_status status);

#endif
