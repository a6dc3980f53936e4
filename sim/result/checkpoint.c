/* checkpoint.c - see checkpoint.h. Not here: the lock and what is there already (checkpoint_begin.c), parts put together (checkpoint_parts.c), what a
 * run is known by (checkpoint_identity.c). */
#include "uxosim/checkpoint.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "checkpoint_begin.h"
#include "uxosim/file_bytes.h"

/* So much work may be lost for the cost of keeping it [s]. */
static const double MOST_SPARE_S = 10.0;

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static uxo_status out_of_memory(uxo_report *report)
{
    return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a checkpoint");
}

static bool is_open(const uxo_records *records)
{
    return records->path != NULL;
}

static uxo_status give(const uxo_records *records, const uxo_record_place *place, void **bytes, size_t *size,
                       uxo_report *report)
{
    *size = (size_t)place->size;
    return uxo_records_read(records, place, bytes, report);
}

static uxo_status find(void *user, uxo_work_kind kind, uint32_t a, uint32_t b, uint32_t index, void **bytes,
                       size_t *size, uxo_report *report)
{
    const uxo_checkpoint *const self = user;
    const uxo_record_place *const place = uxo_records_find(&self->file, kind, a, b, index);
    *bytes = NULL;
    *size = 0;
    return place != NULL ? give(&self->file, place, bytes, size, report) : UXO_OK;
}

static bool has(void *user, uxo_work_kind kind, uint32_t a, uint32_t b, uint32_t index)
{
    const uxo_checkpoint *const self = user;
    return uxo_records_find(&self->file, kind, a, b, index) != NULL;
}

/* A write that costs this much may be repeated after a hundred times as long. */
static bool due(void *user)
{
    const uxo_checkpoint *const self = user;
    const double least = 100.0 * self->written_s;
    return seconds_now() - self->last_s >= (self->interval_s > least ? self->interval_s : least);
}

static uxo_status begin(void *user, uxo_report *report)
{
    uxo_checkpoint *const self = user;
    const uxo_records_head head = {self->identity, self->notes};
    self->began_s = seconds_now();
    uxo_records_close(&self->next); /* of a state that failed */
    const uxo_status status = uxo_records_create(&self->next, self->fresh, &head, report);
    if (status != UXO_OK) {
        unlink(self->fresh); /* half a head, where the disk is full */
    }
    return status;
}

static uxo_status keep(void *user, uxo_work_kind kind, uint32_t a, uint32_t b, const void *bytes, size_t size,
                       uxo_report *report)
{
    uxo_checkpoint *const self = user;
    if (is_open(&self->next)) {
        return uxo_records_append(&self->next, kind, a, b, bytes, size, report);
    }
    if (!is_open(&self->file)) {
        return UXO_OK; /* before the first state there is nothing to add it to: it will be found out again */
    }
    const double before = seconds_now();
    UXO_TRY(uxo_records_append(&self->file, kind, a, b, bytes, size, report));
    if (due(self)) {
        UXO_TRY(uxo_records_sync(&self->file, report));
        self->last_s = seconds_now();
        self->written_s = self->last_s - before;
    }
    self->all_s += seconds_now() - before;
    return UXO_OK;
}

static uxo_status commit(void *user, uxo_report *report)
{
    uxo_checkpoint *const self = user;
    UXO_TRY(uxo_records_sync(&self->next, report));
    (void)!flock(self->next.file, LOCK_EX | LOCK_NB); /* nobody else has it open */
    if (rename(self->fresh, self->path) != 0) {
        return uxo_fail(report, UXO_ERR_IO, NULL, "cannot replace '%s': %s", self->path, strerror(errno));
    }
    (void)!uxo_file_sync_folder_of(
        self->path); /* where folders cannot be synced there is nothing to be done about it */
    uxo_records_close(&self->file);
    self->file = self->next;
    memset(&self->next, 0, sizeof self->next);
    if (self->lock > 0) { /* of the file that is gone */
        close(self->lock);
    }
    self->lock = 0;
    self->is_ours = false;
    self->last_s = seconds_now();
    self->written_s = self->last_s - self->began_s;
    self->all_s += self->written_s;
    self->states++;
    return uxo_records_renamed(&self->file, self->path) ? UXO_OK : out_of_memory(report);
}

static bool copy_texts(uxo_checkpoint *self, const uxo_checkpoint_plan *plan)
{
    const size_t size = strlen(plan->path) + 16, notes = strlen(plan->notes) + 64;
    self->path = strdup(plan->path);
    self->output = strdup(plan->output);
    self->identity = strdup(plan->identity);
    self->fresh = malloc(size);
    self->notes = malloc(notes);
    if (self->path == NULL || self->output == NULL || self->identity == NULL || self->fresh == NULL ||
        self->notes == NULL) {
        return false;
    }
    snprintf(self->fresh, size, "%s.new", plan->path);
    snprintf(self->notes, notes,
             plan->is_part ? "part\t%" PRIu32 "/%" PRIu32 "\n%s" : "whole\t%" PRIu32 "/%" PRIu32 "\n%s", plan->part + 1,
             plan->parts, plan->notes);
    return true;
}

uxo_status uxo_checkpoint_begin(uxo_checkpoint *self, const uxo_checkpoint_plan *plan, uxo_report *report)
{
    memset(self, 0, sizeof *self);
    self->store = (uxo_work_store){.user = self,
                                   .part = plan->part,
                                   .parts = plan->parts,
                                   .is_part = plan->is_part,
                                   .spare_s = plan->interval_s < MOST_SPARE_S ? plan->interval_s : MOST_SPARE_S,
                                   .find = find,
                                   .has = has,
                                   .keep = keep,
                                   .due = due,
                                   .begin = begin,
                                   .commit = commit};
    self->interval_s = plan->interval_s;
    self->last_s = seconds_now();
    return copy_texts(self, plan) ? uxo_checkpoint_take(self, plan->resume, report) : out_of_memory(report);
}

uxo_status uxo_checkpoint_complete(uxo_checkpoint *self, uxo_report *report)
{
    bool there;
    if (!self->file.complete) {
        UXO_TRY(uxo_records_finish(&self->file, report));
    }
    UXO_TRY(uxo_records_sync(&self->file, report));
    /* Where there are no locks, another part may have got there first. */
    UXO_TRY(uxo_part_look(self->output, self->identity, self->store.part, self->store.parts, &there, report));
    if (rename(self->path, self->output) != 0) {
        return uxo_fail(report, UXO_ERR_IO, NULL, "cannot create '%s': %s", self->output, strerror(errno));
    }
    (void)!uxo_file_sync_folder_of(self->output);
    return UXO_OK;
}

bool uxo_checkpoint_exists(const uxo_checkpoint *self)
{
    return is_open(&self->file);
}

void uxo_checkpoint_remove(uxo_checkpoint *self)
{
    unlink(self->fresh); /* of a run that was killed while it wrote it */
    unlink(self->path);
    self->is_ours = false; /* from now on somebody else may have it */
}

void uxo_checkpoint_free(uxo_checkpoint *self)
{
    const bool half = is_open(&self->next); /* a state that failed: of no use, and in the way where the disk is full */
    uxo_records_close(&self->file);
    uxo_records_close(&self->next);
    if (half) {
        unlink(self->fresh);
    }
    if (self->is_ours) {
        unlink(self->path);
    }
    if (self->lock > 0) {
        close(self->lock);
    }
    free(self->path);
    free(self->fresh);
    free(self->output);
    free(self->identity);
    free(self->notes);
    memset(self, 0, sizeof *self);
}
