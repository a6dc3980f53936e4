/* checkpoint_parts.c - parts of a run, opened to be put together. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "uxosim/checkpoint.h"

/* What order the units of all parts are in: equal ones by part. */
static int compare_units(const void *left, const void *right)
{
    const uxo_part_unit *const a = left, *const b = right;
    const uint32_t key[2][4] = {{a->place.kind, a->place.a, a->place.b, a->part},
                                {b->place.kind, b->place.a, b->place.b, b->part}};
    int i = 0;
    while (i < 3 && key[0][i] == key[1][i]) {
        i++;
    }
    return key[0][i] < key[1][i] ? -1 : key[0][i] > key[1][i];
}

static bool is_same_unit(const uxo_record_place *a, const uxo_record_place *b)
{
    return a->kind == b->kind && a->a == b->a && a->b == b->b;
}

/* One list of all parts' units, so that any of them is found at once, however many parts there are. */
static uxo_status list_units(uxo_parts *self, uxo_report *report)
{
    size_t count = 0;
    for (uint32_t p = 0; p < self->count; p++) {
        count += self->part[p].found;
    }
    self->unit = malloc((count + 1) * sizeof *self->unit);
    if (self->unit == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %" PRIu32 " parts", self->count);
    }
    for (uint32_t p = 0; p < self->count; p++) {
        const uxo_records *const part = &self->part[p];
        for (size_t i = 0; i < part->found; i++) {
            if (i == 0 || !is_same_unit(&part->record[i - 1], &part->record[i])) { /* of each part one */
                self->unit[self->unit_count++] = (uxo_part_unit){part->record[i], p};
            }
        }
    }
    qsort(self->unit, self->unit_count, sizeof *self->unit, compare_units);
    return UXO_OK;
}

/* The index-th of these units; NULL: there is none. */
static const uxo_part_unit *unit_of(const uxo_parts *self, uxo_work_kind kind, uint32_t a, uint32_t b, uint32_t index)
{
    const uxo_part_unit wanted = {.place = {.kind = kind, .a = a, .b = b}, .part = 0};
    size_t low = 0, high = self->unit_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare_units(&self->unit[middle], &wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low += index;
    return low < self->unit_count && is_same_unit(&self->unit[low].place, &wanted.place) ? &self->unit[low] : NULL;
}

static bool has(void *user, uxo_work_kind kind, uint32_t a, uint32_t b, uint32_t index)
{
    return unit_of(user, kind, a, b, index) != NULL;
}

static uxo_status find(void *user, uxo_work_kind kind, uint32_t a, uint32_t b, uint32_t index, void **bytes,
                       size_t *size, uxo_report *report)
{
    const uxo_parts *const self = user;
    const uxo_part_unit *const unit = unit_of(self, kind, a, b, index);
    *bytes = NULL;
    *size = unit != NULL ? (size_t)unit->place.size : 0;
    return unit != NULL ? uxo_records_read(&self->part[unit->part], &unit->place, bytes, report) : UXO_OK;
}

bool uxo_part_number(const uxo_records *part, uint32_t *number, uint32_t *of)
{
    char text[64];
    return uxo_records_value(part->notes, "part", text, sizeof text) &&
           sscanf(text, "%" SCNu32 "/%" SCNu32, number, of) == 2 && *number >= 1 && *number <= *of &&
           *of <= UXO_MOST_PARTS;
}

/* Files that stay open: half of what a process may have, the rest is for the scenario's inputs and the result. */
static uint32_t choose_open(void)
{
    struct rlimit limit;
    const rlim_t most = getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur / 2 : 0;
    return most < UXO_MOST_PARTS ? (uint32_t)most : UXO_MOST_PARTS;
}

/* One file by itself. */
static void open_part(uxo_records *out, const char *path, uxo_report *report)
{
    uint32_t number, of;
    if (uxo_records_open(out, path, false, report) != UXO_OK) {
        return;
    }
    if (!uxo_part_number(out, &number, &of)) {
        uxo_report_add(report, UXO_ERROR, NULL, "'%s' is no part of a run", path);
    } else if (out->end < out->size) {
        uxo_report_add(report, UXO_ERROR, NULL, "part %" PRIu32 " of %" PRIu32 ", '%s', is damaged at byte %" PRIu64,
                       number, of, path, out->end);
    } else if (!out->complete) {
        uxo_report_add(report, UXO_ERROR, NULL,
                       "part %" PRIu32 " of %" PRIu32
                       ", '%s', is not complete: its run was interrupted and can be resumed",
                       number, of, path);
    }
}

/* A file of records that is whole in its head, against the part that is to have its name. */
static uxo_status look_at(const uxo_records *file, const char *identity, uint32_t part, uint32_t parts, bool *there,
                          uxo_report *report)
{
    uint32_t number, of;
    if (!uxo_part_number(file, &number, &of)) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL,
                        "'%s' is there already and is no part of a run: it is not overwritten", file->path);
    }
    if (number != part + 1 || of != parts) {
        const bool same_run = strcmp(file->identity, identity) == 0;
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL,
                        "'%s' is part %" PRIu32 "/%" PRIu32 " of %s run: part %" PRIu32 "/%" PRIu32
                        " does not replace it. Give each part a name of its own (-o; by default it has its number), or "
                        "remove that one",
                        file->path, number, of, same_run ? "this" : "another", part + 1, parts);
    }
    if (uxo_records_check(file, identity, "part", NULL, report) != UXO_OK) {
        uxo_report_add(report, UXO_NOTE, NULL,
                       "a part of another run is not replaced: give another name (-o), or remove '%s'", file->path);
        return UXO_ERR_DATA;
    }
    *there = file->complete && file->end == file->size;
    if (!*there) {
        uxo_report_add(report, UXO_WARNING, NULL,
                       "part %" PRIu32 "/%" PRIu32 ", '%s', is damaged at byte %" PRIu64
                       ": it is made anew and replaced",
                       number, of, file->path, file->end);
    }
    return UXO_OK;
}

uxo_status uxo_part_look(const char *path, const char *identity, uint32_t part, uint32_t parts, bool *there,
                         uxo_report *report)
{
    uxo_records file;
    *there = false;
    if (access(path, F_OK) != 0) {
        return UXO_OK;
    }
    if (uxo_records_open(&file, path, false, report) != UXO_OK) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL,
                        "'%s' is there already and cannot be read as a part: it is not overwritten; remove it", path);
    }
    const uxo_status status = look_at(&file, identity, part, parts, there, report);
    uxo_records_close(&file);
    return status;
}

static int compare_parts(const void *left, const void *right)
{
    uint32_t a = 0, b = 0, of;
    (void)!uxo_part_number(left, &a, &of);
    (void)!uxo_part_number(right, &b, &of);
    return a < b ? -1 : a > b;
}

/* Parts from `first` to the one before `end`: by number where they are few. */
static void add_missing(uint32_t first, uint32_t end, uint32_t of, uxo_report *report)
{
    enum { FEW = 10 };
    const uint32_t named = end > first && end - first > FEW ? first : end;
    for (uint32_t number = first; number < named; number++) {
        uxo_report_add(report, UXO_ERROR, NULL, "part %" PRIu32 " of %" PRIu32 " is missing", number, of);
    }
    if (named < end) {
        uxo_report_add(report, UXO_ERROR, NULL, "parts %" PRIu32 " to %" PRIu32 " of %" PRIu32 " are missing", first,
                       end - 1, of);
    }
}

/* Sorted parts: each number once, and all of them of one run. */
static uxo_status check_together(const uxo_parts *self, uxo_report *report)
{
    const size_t errors = report->error_count;
    uint32_t next = 1, number = 0, of = 0, parts = 0;
    for (uint32_t p = 0; p < self->count; p++) {
        const uxo_records *const part = &self->part[p];
        (void)!uxo_part_number(part, &number, &of);
        parts = p == 0 ? of : parts;
        if (of != parts) {
            uxo_report_add(report, UXO_ERROR, NULL, "'%s' is part %" PRIu32 " of %" PRIu32 ", '%s' one of %" PRIu32,
                           part->path, number, of, self->part[0].path, parts);
        }
        if (strcmp(part->identity, self->part[0].identity) != 0) {
            (void)!uxo_records_check(part, self->part[0].identity, "part", self->part[0].path, report);
            uxo_report_add(report, UXO_ERROR, NULL, "part '%s' does not go with '%s'", part->path, self->part[0].path);
        }
        if (number < next) {
            uxo_report_add(report, UXO_ERROR, NULL, "part %" PRIu32 " is there twice: '%s' and '%s'", number,
                           part->path, self->part[p - 1].path);
        }
        add_missing(next, number, of, report);
        next = number + 1;
    }
    add_missing(next, parts + 1, parts, report);
    return uxo_report_status(report, errors);
}

uxo_status uxo_parts_open(uxo_parts *self, const char *const *path, uint32_t count, uxo_report *report)
{
    const size_t errors = report->error_count;
    memset(self, 0, sizeof *self);
    self->part = calloc((size_t)count + 1, sizeof *self->part);
    if (self->part == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for %" PRIu32 " parts", count);
    }
    self->count = count;
    const uint32_t stay_open = choose_open();
    for (uint32_t p = 0; p < count; p++) {
        open_part(&self->part[p], path[p], report);
        if (p >= stay_open) {
            uxo_records_park(&self->part[p]);
        }
    }
    UXO_TRY(uxo_report_status(report, errors));
    qsort(self->part, count, sizeof *self->part, compare_parts);
    self->store = (uxo_work_store){.user = self, .parts = 1, .complete = true, .find = find, .has = has};
    UXO_TRY(check_together(self, report));
    return list_units(self, report);
}

uxo_status uxo_parts_check(const uxo_parts *self, const char *identity, uxo_report *report)
{
    return uxo_records_check(&self->part[0], identity, "part", NULL, report);
}

void uxo_parts_free(uxo_parts *self)
{
    for (uint32_t p = 0; self->part != NULL && p < self->count; p++) {
        uxo_records_close(&self->part[p]);
    }
    free(self->part);
    free(self->unit);
    memset(self, 0, sizeof *self);
}
