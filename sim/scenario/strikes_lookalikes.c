/* strikes_lookalikes.c - strikes that may be one: same date, same possible munitions, closer than twice the location
 * error.
 *
 * They are only pointed out, with the line to add to the scenario; who knows the reports decides.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strikes_private.h"

typedef struct spot {
    int32_t day;
    double x_m, y_m, radius_m;
    uint32_t strike;
} spot;

typedef struct search {
    const uxo_strikes *strikes;
    spot *spot;
    uint32_t count;
    uint32_t *parent;   /* [strike] of a forest of groups */
    double *farthest_m; /* [strike] widest pair of its group, at the root */
} search;

static int compare_spots(const void *left, const void *right)
{
    const spot *const a = left;
    const spot *const b = right;
    if (a->day != b->day) {
        return a->day < b->day ? -1 : 1;
    }
    return a->x_m != b->x_m ? (a->x_m < b->x_m ? -1 : 1) : a->strike < b->strike ? -1 : a->strike > b->strike;
}

static uint32_t root_of(const search *self, uint32_t strike)
{
    while (self->parent[strike] != strike) {
        self->parent[strike] = self->parent[self->parent[strike]];
        strike = self->parent[strike];
    }
    return strike;
}

/* The smaller index is the root: groups come out in the order of the strikes. */
static void join(search *self, uint32_t a, uint32_t b, double distance_m)
{
    const uint32_t p = root_of(self, a);
    const uint32_t q = root_of(self, b);
    const uint32_t low = p < q ? p : q;
    const double farthest = fmax(self->farthest_m[p], self->farthest_m[q]);
    self->parent[p < q ? q : p] = low;
    self->farthest_m[low] = fmax(farthest, distance_m);
}

static void compare_pair(search *self, const spot *a, const spot *b)
{
    const uxo_strike *const strikes = self->strikes->item;
    const double distance = hypot(a->x_m - b->x_m, a->y_m - b->y_m);
    if (a->strike != b->strike && distance < 2.0 * fmax(a->radius_m, b->radius_m) &&
        strikes_same_mixture(&strikes[a->strike].mixture, &strikes[b->strike].mixture)) {
        join(self, a->strike, b->strike, distance);
    }
}

/* Sweeps each day from west to east. */
static void find_pairs(search *self)
{
    for (uint32_t first = 0, end; first < self->count; first = end) {
        double widest = 0.0;
        for (end = first; end < self->count && self->spot[end].day == self->spot[first].day; end++) {
            widest = fmax(widest, self->spot[end].radius_m);
        }
        for (uint32_t i = first; i < end; i++) {
            for (uint32_t j = i + 1; j < end && self->spot[j].x_m - self->spot[i].x_m < 2.0 * widest; j++) {
                compare_pair(self, &self->spot[i], &self->spot[j]);
            }
        }
    }
}

static void collect_spots(search *self)
{
    for (uint32_t s = 0; s < self->strikes->count; s++) {
        const uxo_strike *const strike = &self->strikes->item[s];
        self->parent[s] = s;
        for (uint32_t i = 0; i < strike->site_count && strike->day != UXO_NO_DATE; i++) {
            const uxo_site *const site = &self->strikes->site[strike->first_site + i];
            self->spot[self->count++] =
                (spot){strike->day, site->x_m, site->y_m, uxo_quantity_mean(&site->location_size_m), s};
        }
    }
    qsort(self->spot, self->count, sizeof *self->spot, compare_spots);
}

/* A growing text. */
typedef struct text {
    char *bytes;
    size_t used, size;
} text;

static void append(text *self, const char *what)
{
    const size_t length = strlen(what);
    if (self->used + length + 1 > self->size) {
        const size_t size = 2 * (self->used + length + 1);
        char *const larger = realloc(self->bytes, size);
        if (larger == NULL) {
            return;
        }
        self->bytes = larger;
        self->size = size;
    }
    memcpy(self->bytes + self->used, what, length + 1);
    self->used += length;
}

/* An id as YAML flow style takes it. */
static void append_id(text *self, const char *id)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    if (strspn(id, plain) == strlen(id) && id[0] != '-' && id[0] != '.') {
        append(self, id);
        return;
    }
    append(self, "\"");
    for (const char *p = id; *p != '\0'; p++) {
        const char one[2] = {*p, '\0'};
        append(self, *p == '"' || *p == '\\' ? "\\" : "");
        append(self, one);
    }
    append(self, "\"");
}

static bool is_event(const uxo_strikes *strikes, const uxo_strike *strike)
{
    return strike->site_count > 1 || strcmp(strike->id, strikes->site[strike->first_site].id) != 0;
}

/* Strikes of one group, in their order. */
typedef struct group {
    const uint32_t *member;
    uint32_t count;
    double farthest_m;
} group;

/* Ids of the group's reports. Those that have an event already are among them: the line then replaces the one there is. */
static uint32_t append_reports(const uxo_strikes *strikes, const group *self, text *out)
{
    enum { MOST = 200 };
    uint32_t count = 0;
    for (uint32_t m = 0; m < self->count; m++) {
        const uxo_strike *const strike = &strikes->item[self->member[m]];
        for (uint32_t i = 0; i < strike->site_count; i++) {
            if (count < MOST) {
                append(out, count > 0 ? ", " : "");
                append_id(out, strikes->site[strike->first_site + i].id);
            } else if (count == MOST) {
                append(out, ", ...");
            }
            count++;
        }
    }
    return count;
}

/* "events: {NAME: [id, id]}" with the name of the group's event, or a new one; false where it has two. */
static bool append_line(const uxo_strikes *strikes, const group *self, text *out)
{
    const char *event = NULL;
    for (uint32_t m = 0; m < self->count; m++) {
        const uxo_strike *const strike = &strikes->item[self->member[m]];
        if (is_event(strikes, strike)) {
            if (event != NULL) {
                return false;
            }
            event = strike->id;
        }
    }
    append(out, "events: {");
    if (event != NULL) {
        append_id(out, event);
    } else {
        text name = {0};
        append(&name, "event-");
        append(&name, strikes->item[self->member[0]].id);
        append_id(out, name.bytes != NULL ? name.bytes : "event");
        free(name.bytes);
    }
    append(out, ": [");
    append_reports(strikes, self, out);
    append(out, "]}");
    return true;
}

static void warn_group(const uxo_strikes *strikes, const group *self, strikes_reader *reader)
{
    text ids = {0};
    text line = {0};
    const uint32_t count = append_reports(strikes, self, &ids);
    const bool one_event = append_line(strikes, self, &line);
    const uxo_place place = {.file = reader->source->file};
    uxo_report_add(reader->report, UXO_WARNING, &place,
                   "%u reports look like one strike (same date and munition, at most %.0f m from one to the next): %s. "
                   "If they are, %s%s",
                   (unsigned)count, self->farthest_m, ids.bytes != NULL ? ids.bytes : "",
                   one_event ? "add under strikes: " : "give them one event",
                   one_event && line.bytes != NULL ? line.bytes : "");
    free(ids.bytes);
    free(line.bytes);
}

typedef struct rooted {
    uint32_t root, strike;
} rooted;

static int compare_rooted(const void *left, const void *right)
{
    const rooted *const a = left;
    const rooted *const b = right;
    if (a->root != b->root) {
        return a->root < b->root ? -1 : 1;
    }
    return a->strike < b->strike ? -1 : a->strike > b->strike;
}

static void warn_groups(const search *self, rooted *order, uint32_t *member, strikes_reader *reader)
{
    enum { SHOWN = 100 };
    const uint32_t count = self->strikes->count;
    uint32_t groups = 0;
    for (uint32_t s = 0; s < count; s++) {
        order[s] = (rooted){root_of(self, s), s};
    }
    qsort(order, count, sizeof *order, compare_rooted);
    for (uint32_t first = 0, end; first < count; first = end) {
        for (end = first; end < count && order[end].root == order[first].root; end++) {
            member[end - first] = order[end].strike;
        }
        if (end - first > 1 && ++groups <= SHOWN) {
            const group one = {member, end - first, self->farthest_m[order[first].root]};
            warn_group(self->strikes, &one, reader);
        }
    }
    if (groups > SHOWN) {
        const uxo_place place = {.file = reader->source->file};
        uxo_report_add(reader->report, UXO_WARNING, &place, "%u more groups of reports look like one strike each",
                       (unsigned)(groups - SHOWN));
    }
}

void strikes_find_lookalikes(const uxo_strikes *self, strikes_reader *reader)
{
    search one = {.strikes = self};
    one.spot = malloc((self->site_count + 1) * sizeof *one.spot);
    one.parent = malloc((self->count + 1) * sizeof *one.parent);
    one.farthest_m = calloc(self->count + 1, sizeof *one.farthest_m);
    rooted *const order = malloc((self->count + 1) * sizeof *order);
    uint32_t *const member = malloc((self->count + 1) * sizeof *member);
    if (one.spot != NULL && one.parent != NULL && one.farthest_m != NULL && order != NULL && member != NULL) {
        collect_spots(&one);
        find_pairs(&one);
        warn_groups(&one, order, member, reader);
    }
    free(one.spot);
    free(one.parent);
    free(one.farthest_m);
    free(order);
    free(member);
}
