/* strikes_build.c - reports of one event become one strike; what they say about it has to agree.
 *
 * Not here: grouping by name (strikes_events.c), what reaches the grid (strikes_reach.c).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strikes_private.h"

typedef struct group {
    strikes_reader *reader;
    const uint32_t *member; /* reports, ascending by id */
    uint32_t count;
    const char *name;
    const strikes_event *event; /* NULL: not in strikes.events */
} group;

static const strikes_report *member(const group *self, uint32_t i)
{
    return &self->reader->item[self->member[i]];
}

static const char *name_of(const strikes_report *report)
{
    return report->event[0] != '\0' ? report->event : report->site.id;
}

static void conflict(const group *self, const strikes_report *a, const strikes_report *b, const char *what)
{
    const strikes_report *const first = a->site.row < b->site.row ? a : b;
    const strikes_report *const second = first == a ? b : a;
    const uxo_place place = strikes_report_place(self->reader, second);
    uxo_report_add(self->reader->report, UXO_ERROR, &place,
                   "'%s' and '%s' (%s %u) are one strike, '%s', but differ in %s; give it once, or the same",
                   second->site.id, first->site.id, self->reader->csv.file != NULL ? "line" : "feature",
                   (unsigned)first->site.row, self->name, what);
}

/* The strike-level values one by one, so that rows, events and defaults are merged by the same lines. */
typedef enum strike_value {
    VALUE_MIXTURE,
    VALUE_CARRIERS,
    VALUE_HEADING,
    VALUE_HEADING_SD,
    VALUE_CONFIDENCE,
    VALUES
} strike_value;

static const void *get(const strikes_given *given, strike_value which)
{
    switch (which) {
    case VALUE_MIXTURE:
        return given->mixture;
    case VALUE_CARRIERS:
        return given->carriers;
    case VALUE_HEADING:
        return given->heading;
    case VALUE_HEADING_SD:
        return given->heading_sd;
    default:
        return given->confidence;
    }
}

static bool same(const void *a, const void *b, strike_value which)
{
    if (which == VALUE_MIXTURE) {
        return strikes_same_mixture(a, b);
    }
    if (which == VALUE_HEADING) {
        const strikes_heading *const p = a;
        const strikes_heading *const q = b;
        return p->unknown == q->unknown && strikes_same_quantity(&p->deg, &q->deg);
    }
    return strikes_same_quantity(a, b);
}

/* A row's value, else the event's, else the default; NULL: nobody says. */
static const void *choose(const group *self, strike_value which)
{
    static const char *const word[VALUES] = {"munition", "carriers", "heading_deg", "heading_sd_deg", "confidence"};
    const strikes_report *first = NULL;
    for (uint32_t i = 0; i < self->count; i++) {
        const strikes_report *const report = member(self, i);
        const void *const given = get(&report->given, which);
        if (given != NULL && first == NULL) {
            first = report;
        } else if (given != NULL && !same(given, get(&first->given, which), which)) {
            conflict(self, first, report, word[which]);
        }
    }
    if (first != NULL) {
        return get(&first->given, which);
    }
    const void *const by_event = self->event != NULL ? get(&self->event->given, which) : NULL;
    return by_event != NULL ? by_event : get(&self->reader->defaults, which);
}

static int32_t choose_day(const group *self)
{
    const strikes_report *first = NULL;
    for (uint32_t i = 0; i < self->count; i++) {
        const strikes_report *const report = member(self, i);
        if (report->site.day != UXO_NO_DATE && first == NULL) {
            first = report;
        } else if (report->site.day != UXO_NO_DATE && report->site.day != first->site.day) {
            conflict(self, first, report, "date");
        }
    }
    return first != NULL ? first->site.day : UXO_NO_DATE;
}

static void complain_missing(const group *self, const char *what)
{
    const uxo_place place = strikes_report_place(self->reader, member(self, 0));
    uxo_report_add(self->reader->report, UXO_ERROR, &place,
                   "strike '%s' has no %s: neither the list nor strikes.defaults.%s says", self->name, what, what);
}

static void check_sites(const group *self, const uxo_strike *strike)
{
    const uxo_place place = strikes_report_place(self->reader, member(self, 0));
    const double most = uxo_quantity_high(&strike->carriers);
    if (self->count > UXO_MAX_SITES) {
        uxo_report_add(self->reader->report, UXO_ERROR, &place,
                       "event '%s' has %u reports; at most %d can be one strike", self->name, (unsigned)self->count,
                       UXO_MAX_SITES);
    } else if ((double)self->count > most) {
        uxo_report_add(self->reader->report, UXO_WARNING, &place,
                       "event '%s' has %u reported places but at most %.0f carriers, so some places get none in any "
                       "realisation; is it one strike?",
                       self->name, (unsigned)self->count, most);
    }
}

static void build_strike(const group *self, uxo_strike *out)
{
    const uxo_mixture *const mixture = choose(self, VALUE_MIXTURE);
    const uxo_quantity *const carriers = choose(self, VALUE_CARRIERS);
    const strikes_heading *const heading = choose(self, VALUE_HEADING);
    memset(out, 0, sizeof *out);
    snprintf(out->id, sizeof out->id, "%s", self->name);
    out->key = uxo_key_make(self->reader->source->seed, UXO_LEVEL_STRIKE, out->id);
    out->day = choose_day(self);
    out->site_count = self->count;
    out->heading_unknown = heading->unknown;
    out->heading_deg = heading->deg;
    out->heading_sd_deg = *(const uxo_quantity *)choose(self, VALUE_HEADING_SD);
    out->confidence = *(const uxo_quantity *)choose(self, VALUE_CONFIDENCE);
    out->status = UXO_STRIKE_ALLEGED;
    for (uint32_t i = 0; i < self->count; i++) {
        const uxo_strike_status status = member(self, i)->site.status;
        out->status = status < out->status ? status : out->status; /* the words are in order of strength */
    }
    if (mixture == NULL) {
        complain_missing(self, "munition");
    } else {
        out->mixture = *mixture;
    }
    if (carriers == NULL) {
        complain_missing(self, "carriers");
    } else {
        out->carriers = *carriers;
        check_sites(self, out);
    }
}

typedef struct sort_item {
    const char *name;
    uint32_t rank; /* of the report's id */
    uint32_t index;
} sort_item;

static int compare_items(const void *left, const void *right)
{
    const sort_item *const a = left;
    const sort_item *const b = right;
    const int order = strcmp(a->name, b->name);
    return order != 0 ? order : a->rank < b->rank ? -1 : a->rank > b->rank;
}

static uint32_t *sort_by_name(const strikes_reader *reader, const strikes_events *events)
{
    sort_item *const order = malloc((reader->count + 1) * sizeof *order);
    uint32_t *const sorted = malloc((reader->count + 1) * sizeof *sorted);
    if (order == NULL || sorted == NULL) {
        free(order);
        free(sorted);
        return NULL;
    }
    for (uint32_t i = 0; i < reader->count; i++) {
        order[i] = (sort_item){name_of(&reader->item[events->by_id[i]]), i, events->by_id[i]};
    }
    qsort(order, reader->count, sizeof *order, compare_items);
    for (uint32_t i = 0; i < reader->count; i++) {
        sorted[i] = order[i].index;
    }
    free(order);
    return sorted;
}

static void move_sites(uxo_strikes *self, strikes_reader *reader, const uint32_t *sorted)
{
    for (uint32_t i = 0; i < reader->count; i++) {
        self->site[i] = reader->item[sorted[i]].site;
        reader->item[sorted[i]].site.source = NULL; /* handed over */
    }
    self->site_count = reader->count;
}

uxo_status strikes_build(uxo_strikes *self, strikes_reader *reader, const strikes_events *events)
{
    const size_t errors = reader->report->error_count;
    const uint32_t count = reader->count;
    uint32_t *const sorted = sort_by_name(reader, events);
    self->item = calloc(count + 1, sizeof *self->item);
    self->site = calloc(count + 1, sizeof *self->site);
    if (sorted == NULL || self->item == NULL || self->site == NULL) {
        free(sorted);
        return uxo_fail(reader->report, UXO_ERR_MEMORY, &reader->source->place, "out of memory");
    }
    self->newest_day = UXO_NO_DATE;
    for (uint32_t first = 0, end; first < count; first = end) {
        const char *const name = name_of(&reader->item[sorted[first]]);
        for (end = first + 1; end < count && strcmp(name_of(&reader->item[sorted[end]]), name) == 0;) {
            end++;
        }
        const group one = {reader, sorted + first, end - first, name, strikes_events_find(events, name)};
        uxo_strike *const strike = &self->item[self->count];
        build_strike(&one, strike);
        strike->first_site = first;
        self->count++;
        self->newest_day = strike->day > self->newest_day ? strike->day : self->newest_day; /* no date is the least */
        self->undated += strike->day == UXO_NO_DATE ? end - first : 0;
    }
    move_sites(self, reader, sorted);
    free(sorted);
    return uxo_report_status(reader->report, errors);
}
