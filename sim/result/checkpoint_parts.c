/* checkpoint_parts.c - parts of a run, opened to be put together. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "uxosim/checkpoint.h"

static uxo_status find(void *user, uxo_work_kind kind, uint32_t a, uint32_t b, uint32_t index, void **bytes,
                       size_t *size, uxo_report *report)
{
    const uxo_parts *const self = user;
    *bytes = NULL;
    *size = 0;
    for (uint32_t p = 0; p < self->count; p++) {
        const uxo_record_place *const place = uxo_records_find(&self->part[p], kind, a, b, 0);
        if (place != NULL && index-- == 0) {
            *size = (size_t)place->size;
            return uxo_records_read(&self->part[p], place, bytes, report);
        }
    }
    return UXO_OK;
}

/* "i/n" of a part. */
static bool number_of(const uxo_records *part, uint32_t *number, uint32_t *of)
{
    char text[64];
    return uxo_records_value(part->notes, "part", text, sizeof text) &&
           sscanf(text, "%" SCNu32 "/%" SCNu32, number, of) == 2 && *number >= 1 && *number <= *of;
}

/* One file by itself. */
static void open_part(uxo_records *out, const char *path, uxo_report *report)
{
    uint32_t number, of;
    if (uxo_records_open(out, path, false, report) != UXO_OK) {
        return;
    }
    if (!number_of(out, &number, &of)) {
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

static int compare_parts(const void *left, const void *right)
{
    uint32_t a = 0, b = 0, of;
    (void)!number_of(left, &a, &of);
    (void)!number_of(right, &b, &of);
    return a < b ? -1 : a > b;
}

/* Sorted parts: each number once, and all of them of one run. */
static uxo_status check_together(const uxo_parts *self, uxo_report *report)
{
    const size_t errors = report->error_count;
    uint32_t next = 1, number = 0, of = 0, parts = 0;
    for (uint32_t p = 0; p < self->count; p++) {
        const uxo_records *const part = &self->part[p];
        (void)!number_of(part, &number, &of);
        parts = p == 0 ? of : parts;
        if (of != parts) {
            uxo_report_add(report, UXO_ERROR, NULL, "'%s' is part %" PRIu32 " of %" PRIu32 ", '%s' one of %" PRIu32,
                           part->path, number, of, self->part[0].path, parts);
        }
        if (strcmp(part->identity, self->part[0].identity) != 0) {
            (void)!uxo_records_check(part, self->part[0].identity, "part", report);
            uxo_report_add(report, UXO_ERROR, NULL, "part '%s' does not go with '%s'", part->path, self->part[0].path);
        }
        if (number < next) {
            uxo_report_add(report, UXO_ERROR, NULL, "part %" PRIu32 " is there twice: '%s' and '%s'", number,
                           part->path, self->part[p - 1].path);
        }
        for (; next < number; next++) {
            uxo_report_add(report, UXO_ERROR, NULL, "part %" PRIu32 " of %" PRIu32 " is missing", next, of);
        }
        next = number + 1;
    }
    for (; next <= parts; next++) {
        uxo_report_add(report, UXO_ERROR, NULL, "part %" PRIu32 " of %" PRIu32 " is missing", next, parts);
    }
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
    for (uint32_t p = 0; p < count; p++) {
        open_part(&self->part[p], path[p], report);
    }
    UXO_TRY(uxo_report_status(report, errors));
    qsort(self->part, count, sizeof *self->part, compare_parts);
    self->store = (uxo_work_store){.user = self, .parts = 1, .complete = true, .find = find};
    return check_together(self, report);
}

uxo_status uxo_parts_check(const uxo_parts *self, const char *identity, uxo_report *report)
{
    return uxo_records_check(&self->part[0], identity, "part", report);
}

void uxo_parts_free(uxo_parts *self)
{
    for (uint32_t p = 0; self->part != NULL && p < self->count; p++) {
        uxo_records_close(&self->part[p]);
    }
    free(self->part);
    memset(self, 0, sizeof *self);
}
