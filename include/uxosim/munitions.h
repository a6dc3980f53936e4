/* munitions.h - the catalogue: what is known of each carrier and its submunitions, with the source of every number. */
#ifndef UXOSIM_MUNITIONS_H
#define UXOSIM_MUNITIONS_H

#include "uxosim/quantity.h"
#include "uxosim/yaml.h"

enum { UXO_ID_SIZE = 64, UXO_NAME_SIZE = 160 };

typedef enum uxo_shape { UXO_SHAPE_GAUSSIAN, UXO_SHAPE_UNIFORM_ELLIPSE, UXO_SHAPE_RING } uxo_shape;

/* Where a value came from: left at its default, given in a file, changed by the scenario's `override` or by --set. */
typedef enum uxo_mark { UXO_MARK_DEFAULT, UXO_MARK_GIVEN, UXO_MARK_OVERRIDE } uxo_mark;

/* The numbers of an entry, in the order of the file. Each has a source. */
#define UXO_MUNITION_SOURCES(X)                    \
    X(SUBMUNITIONS, "submunitions_per_carrier")    \
    X(DUD_RATE, "dud_rate")                        \
    X(BETWEEN_STRIKES, "dud_rate_between_strikes") \
    X(CARRIER_FAILURE, "carrier_failure")          \
    X(CARRIER_SPREAD, "carrier_spread_m")          \
    X(PATTERN, "pattern")

typedef enum uxo_munition_source {
#define X(id, key) UXO_SOURCE_##id,
    UXO_MUNITION_SOURCES(X)
#undef X
        UXO_SOURCE_COUNT
} uxo_munition_source;

typedef struct uxo_munition {
    char id[UXO_ID_SIZE];
    char name[UXO_NAME_SIZE];
    uxo_quantity submunitions_per_carrier; /* integer >= 1 */
    uxo_quantity dud_rate;                 /* mean failure rate, [0, 1] */
    double shifted_rate; /* mean of dud_rate after the campaign's shift of log odds, where there is one */
    bool varies_between_strikes;
    uxo_quantity concentration;   /* k > 0 of p_s ~ Beta(m k, (1-m) k); only if varies_between_strikes */
    uxo_quantity carrier_failure; /* P(a carrier does not open), [0, 1] */
    uxo_quantity spread_along_m, spread_across_m; /* sd of release points about the strike centre, >= 0 */
    uxo_shape shape;
    uxo_quantity pattern_along_m, pattern_across_m; /* gaussian: sd; uniform-ellipse, ring: semi-axes; > 0 */
    uxo_quantity pattern_width; /* ring: between 1 - width/2 and 1 + width/2 semi-axes, (0, 2]; other shapes: 0 */
    /* Of each number, owned: */
    char *source[UXO_SOURCE_COUNT]; /* NULL where it was left at its default or set on the command line */
    char *origin[UXO_SOURCE_COUNT]; /* "munitions.yaml:12", "default", "override scenario.yaml:40", "--set" */
    char *text[UXO_SOURCE_COUNT];   /* its value as YAML on one line; NULL: not given and without a default */
    uxo_mark mark[UXO_SOURCE_COUNT];
    bool as_in_catalogue; /* nothing of it was overridden */
} uxo_munition;

typedef struct uxo_catalogue {
    uxo_munition *item; /* in ascending order of id */
    uint32_t count;
    char *text; /* as read, before any override; owned. NULL: it was not read from a text */
} uxo_catalogue;

/* Reads a catalogue and applies `override` (a mapping id -> partial or whole entry that passed the schema, may be
 * NULL). Every number needs a source: in the entry, or in the override that replaces it; what --set changed has the
 * command line as its source. */
UXO_MUST_USE uxo_status uxo_catalogue_read(uxo_catalogue *self, const char *path, const uxo_node *override,
                                           uxo_report *report);
/* The same after another one: where that was the same text, entries without an override are taken out of it rather than read again. NULL:
 * there is none. */
UXO_MUST_USE uxo_status uxo_catalogue_read_next(uxo_catalogue *self, uxo_catalogue *before, const char *path,
                                                const uxo_node *override, uxo_report *report);
/* The same from a text; `name` is what messages call it. */
UXO_MUST_USE uxo_status uxo_catalogue_read_text(uxo_catalogue *self, const char *name, const char *text, size_t length,
                                                const uxo_node *override, uxo_report *report);
/* The same from a tree that was read already; checks it against the schema. */
UXO_MUST_USE uxo_status uxo_catalogue_from_tree(uxo_catalogue *self, const uxo_node *root, const uxo_node *override,
                                                uxo_report *report);
void uxo_catalogue_free(uxo_catalogue *self);

/* Index of an id, -1 when it is not there. */
int32_t uxo_catalogue_find(const uxo_catalogue *self, const char *id);
/* The id nearest to a wrong one, or NULL. */
const char *uxo_catalogue_nearest(const uxo_catalogue *self, const char *id);

#endif
