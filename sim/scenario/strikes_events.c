/* strikes_events.c - which reports are one strike: the column `event` and strikes.events of the scenario.
 *
 * Not here: what the strike is then (strikes_build.c).
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "strikes_private.h"

uxo_place strikes_report_place(strikes_reader *self, const strikes_report *report)
{
    if (self->csv.file != NULL) {
        return csv_place(&self->csv, report->line_start, report->site.row, report->id_column, report->id_width);
    }
    const size_t size = strlen(self->source->file) + 64;
    free(self->place_text);
    self->place_text = malloc(size);
    if (self->place_text != NULL) {
        snprintf(self->place_text, size, "%s: feature %" PRIu32, self->source->file, report->site.row);
    }
    return (uxo_place){.file = self->place_text};
}

typedef struct sort_item {
    const char *id;
    uint32_t index;
} sort_item;

static int compare_items(const void *left, const void *right)
{
    const sort_item *const a = left;
    const sort_item *const b = right;
    const int order = strcmp(a->id, b->id);
    return order != 0 ? order : a->index < b->index ? -1 : a->index > b->index;
}

static uxo_status sort_reports(strikes_events *self, strikes_reader *reader)
{
    const uint32_t count = reader->count;
    sort_item *const order = malloc((count + 1) * sizeof *order);
    self->by_id = malloc((count + 1) * sizeof *self->by_id);
    if (order == NULL || self->by_id == NULL) {
        free(order);
        return uxo_fail(reader->report, UXO_ERR_MEMORY, &reader->source->place, "out of memory");
    }
    for (uint32_t i = 0; i < count; i++) {
        order[i] = (sort_item){reader->item[i].site.id, i};
    }
    qsort(order, count, sizeof *order, compare_items);
    for (uint32_t i = 0; i < count; i++) {
        self->by_id[i] = order[i].index;
    }
    free(order);
    return UXO_OK;
}

static const char *row_word(const strikes_reader *reader)
{
    return reader->csv.file != NULL ? "line" : "feature";
}

static void check_duplicates(const strikes_events *self, strikes_reader *reader)
{
    for (uint32_t i = 1; i < reader->count; i++) {
        const strikes_report *const before = &reader->item[self->by_id[i - 1]];
        const strikes_report *const report = &reader->item[self->by_id[i]];
        if (report->site.id[0] != '\0' && strcmp(before->site.id, report->site.id) == 0) {
            const uxo_place place = strikes_report_place(reader, report);
            uxo_report_add(reader->report, UXO_ERROR, &place,
                           "the id '%s' is that of %s %u already; every report needs an id of its own", report->site.id,
                           row_word(reader), (unsigned)before->site.row);
        }
    }
}

static strikes_report *find_report(const strikes_events *self, const strikes_reader *reader, const char *id)
{
    uint32_t low = 0;
    uint32_t high = reader->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = strcmp(reader->item[self->by_id[middle]].site.id, id);
        if (order == 0) {
            return &reader->item[self->by_id[middle]];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

static const char *nearest_report(const strikes_reader *reader, const char *id)
{
    const char **const names = malloc((reader->count + 1) * sizeof *names);
    for (uint32_t i = 0; names != NULL && i < reader->count; i++) {
        names[i] = reader->item[i].site.id;
    }
    const char *const nearest = names != NULL ? uxo_schema_nearest(id, names, reader->count) : NULL;
    free(names);
    return nearest;
}

static void claim_report(const strikes_events *self, strikes_reader *reader, const uxo_node *event, const uxo_node *id)
{
    uxo_report *const report = reader->report;
    if (id->kind != UXO_NODE_SCALAR) {
        uxo_report_add(report, UXO_ERROR, &id->place, "an id of a report is wanted here");
        return;
    }
    strikes_report *const item = find_report(self, reader, id->text);
    if (item == NULL) {
        const char *const nearest = nearest_report(reader, id->text);
        uxo_report_add(report, UXO_ERROR, &id->place, "event '%s': the strike list has no report '%s'%s%s%s",
                       event->key, id->text, nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                       nearest != NULL ? "'?" : "");
    } else if (item->event[0] == '\0') {
        snprintf(item->event, sizeof item->event, "%s", event->key);
        item->event_from_scenario = true;
    } else if (strcmp(item->event, event->key) != 0) {
        uxo_report_add(report, UXO_ERROR, &id->place, "report '%s' is in two events, '%s' and '%s' (%s)", id->text,
                       event->key, item->event,
                       item->event_from_scenario ? "both in strikes.events" : "the one its row says");
    } else if (item->event_from_scenario) {
        uxo_report_add(report, UXO_ERROR, &id->place, "report '%s' is twice in event '%s'", id->text, event->key);
    }
}

static void read_event(strikes_events *self, strikes_reader *reader, const uxo_node *node)
{
    const uxo_node *const reports = node->kind == UXO_NODE_SEQUENCE ? node : uxo_node_get(node, "reports");
    strikes_event *const event = &self->item[self->count];
    const size_t length = strlen(node->key);
    if (length == 0 || length >= UXO_ID_SIZE) {
        uxo_report_add(reader->report, UXO_ERROR, &node->key_place,
                       "an event's name has 1 to %d bytes, this one has %zu", UXO_ID_SIZE - 1, length);
        return;
    }
    if (reports == NULL || reports->kind != UXO_NODE_SEQUENCE || reports->count == 0) {
        uxo_report_add(reader->report, UXO_ERROR, &node->place, "event '%s' needs a list of report ids: [id, id, ...]",
                       node->key);
        return;
    }
    *event = (strikes_event){.name = node->key, .node = node};
    self->count++;
    if (node->kind == UXO_NODE_MAPPING) {
        strikes_read_given(reader, node, "strikes.events.*", &event->given);
    }
    for (const uxo_node *id = reports->first; id != NULL; id = id->next) {
        claim_report(self, reader, node, id);
    }
}

static int compare_events(const void *left, const void *right)
{
    return strcmp(((const strikes_event *)left)->name, ((const strikes_event *)right)->name);
}

/* A strike is called by its event or by the id of its only report: the two may not be confused. */
static void check_names(const strikes_events *self, strikes_reader *reader)
{
    for (uint32_t i = 0; i < reader->count; i++) {
        strikes_report *const report = &reader->item[i];
        const strikes_report *const namesake =
            report->event[0] != '\0' ? find_report(self, reader, report->event) : NULL;
        if (namesake != NULL && strcmp(namesake->event, report->event) != 0) {
            const uxo_place place = strikes_report_place(reader, report);
            uxo_report_add(
                reader->report, UXO_ERROR, &place,
                "event '%s' has the name of the report in %s %u, which is not of it; name the event otherwise",
                report->event, row_word(reader), (unsigned)namesake->site.row);
        }
    }
}

uxo_status strikes_events_read(strikes_events *self, strikes_reader *reader)
{
    const size_t errors = reader->report->error_count;
    const uxo_node *const map = reader->source->events;
    memset(self, 0, sizeof *self);
    UXO_TRY(sort_reports(self, reader));
    check_duplicates(self, reader);
    if (map != NULL && map->kind == UXO_NODE_MAPPING) {
        self->item = calloc(map->count + 1, sizeof *self->item);
        if (self->item == NULL) {
            return uxo_fail(reader->report, UXO_ERR_MEMORY, &map->place, "out of memory");
        }
        for (const uxo_node *node = map->first; node != NULL; node = node->next) {
            read_event(self, reader, node);
        }
        qsort(self->item, self->count, sizeof *self->item, compare_events);
    }
    check_names(self, reader);
    return uxo_report_status(reader->report, errors);
}

void strikes_events_free(strikes_events *self)
{
    for (uint32_t i = 0; i < self->count; i++) {
        strikes_given_free(&self->item[i].given);
    }
    free(self->item);
    free(self->by_id);
    memset(self, 0, sizeof *self);
}

const strikes_event *strikes_events_find(const strikes_events *self, const char *name)
{
    const strikes_event key = {.name = name};
    return self->count > 0 ? bsearch(&key, self->item, self->count, sizeof *self->item, compare_events) : NULL;
}
