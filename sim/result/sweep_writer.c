/* sweep_writer.c - one file of a sweep's store, while it is written: see sweep_store.h. */
#include "sweep_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "uxosim/file_bytes.h"

static uxo_status make_folder(const char *path, uxo_report *report)
{
    if (mkdir(path, 0777) == 0) {
        (void)!uxo_file_sync_folder_of(path); /* where folders cannot be synced there is nothing to be done about it */
        return UXO_OK;
    }
    return errno == EEXIST
               ? UXO_OK
               : uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot make the folder '%s': %s", path, strerror(errno));
}

/* Is what was locked still the file of that name? Another process may have put it aside in between. */
static bool is_same_file(int file, const char *path)
{
    struct stat open_one, named;
    return fstat(file, &open_one) == 0 && stat(path, &named) == 0 && open_one.st_dev == named.st_dev &&
           open_one.st_ino == named.st_ino;
}

/* One attempt at the file's own lock; 0, or errno. */
static int try_lock(uxo_sweep_writer *self)
{
    return flock(self->lock, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
}

static void drop_lock(uxo_sweep_writer *self)
{
    if (self->lock >= 0) {
        close(self->lock);
        self->lock = -1;
    }
}

/* The file's own lock. Somebody who only asks whether it is locked holds it for a moment: so it is tried for a second. */
static uxo_status take_lock(uxo_sweep_writer *self, const char *path, uxo_report *report)
{
    enum { TRIES = 10 };
    const struct timespec pause = {.tv_nsec = 100000000};
    int reason = EWOULDBLOCK;
    for (int i = 0; i < TRIES && (reason == EWOULDBLOCK || reason == EINTR); i++) {
        drop_lock(self);
        self->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (self->lock < 0) {
            return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot write '%s': %s", path, strerror(errno));
        }
        reason = try_lock(self);
        if (reason == 0 && is_same_file(self->lock, path)) {
            return UXO_OK;
        }
        reason = reason == 0 ? EWOULDBLOCK : reason;
        nanosleep(&pause, NULL);
    }
    drop_lock(self);
    if (reason == EWOULDBLOCK || reason == EINTR) {
        return uxo_fail(report, UXO_ERR_RESUMABLE, NULL, "'%s' is being written: another process runs these tasks",
                        path);
    }
    return uxo_fail(
        report, UXO_ERR_IO, NULL,
        "cannot lock '%s': %s; on a file system without locks use --no-lock and never run a task twice at the "
        "same time",
        path, strerror(reason));
}

/* Opens the file where it is one, of this plan; *found false: there is none, or nothing can be known of it, and then it is put aside. */
static uxo_status open_present(uxo_sweep_writer *self, const char *path, const char *identity, bool *found,
                               uxo_report *report)
{
    char aside[SWEEP_MOST_PATH + 16];
    struct stat status;
    uxo_report own;
    *found = stat(path, &status) == 0 && sweep_has_head((uint64_t)status.st_size, identity);
    if (!*found) {
        return UXO_OK;
    }
    uxo_report_init(&own);
    uxo_status result = uxo_records_open(&self->records, path, true, &own);
    if (result == UXO_ERR_DATA) {
        snprintf(aside, sizeof aside, "%s" SWEEP_DAMAGED_ENDING, path);
        *found = false;
        result = rename(path, aside) == 0
                     ? UXO_OK
                     : uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot put '%s' aside, whose head is damaged: %s",
                                path, strerror(errno));
    } else if (result != UXO_OK) {
        (void)!uxo_fail(report, result, NULL, "%s", own.count > 0 ? own.item[0].text : "out of memory for a sweep");
    }
    uxo_report_free(&own);
    return result == UXO_OK && *found ? uxo_records_check(&self->records, identity, "file of tasks", NULL, report)
                                      : result;
}

/* A file with a head, which is on the disk before anything follows: after a power failure the rest may be missing, and can be told. */
static uxo_status create_anew(uxo_sweep_writer *self, const char *path, const char *identity, uxo_report *report)
{
    const uxo_records_head head = {identity, ""};
    UXO_TRY(uxo_records_create(&self->records, path, &head, report));
    UXO_TRY(uxo_records_sync(&self->records, report));
    (void)!uxo_file_sync_folder_of(path);
    return UXO_OK;
}

uxo_status uxo_sweep_writer_open(uxo_sweep_writer *self, const char *folder, uint32_t first, uint32_t last,
                                 const char *identity, bool locked, uxo_report *report)
{
    char path[SWEEP_MOST_PATH];
    memset(self, 0, sizeof *self);
    self->lock = -1;
    snprintf(path, sizeof path, "%s/tasks", folder);
    UXO_TRY(make_folder(path, report));
    snprintf(path, sizeof path, SWEEP_SHARD_FORMAT, folder, sweep_shard(first));
    UXO_TRY(make_folder(path, report));
    const size_t length = strlen(path);
    snprintf(path + length, sizeof path - length, "/%07u-%07u" SWEEP_FILE_ENDING, first, last);
    if (locked) {
        UXO_TRY(take_lock(self, path, report));
    }
    bool found;
    uxo_status result = open_present(self, path, identity, &found, report);
    if (result == UXO_OK && locked && !is_same_file(self->lock, path)) {
        result = take_lock(self, path, report); /* the lock is on what has been put aside */
    }
    if (result == UXO_OK && !found) {
        result = create_anew(self, path, identity, report);
    }
    if (result != UXO_OK) {
        (void)!uxo_sweep_writer_close(self, NULL);
    }
    return result;
}

uxo_status uxo_sweep_writer_start(uxo_sweep_writer *self, uint32_t task, uxo_report *report)
{
    return uxo_records_append(&self->records, SWEEP_RECORD_STARTED, task, 0, "", 0, report);
}

uxo_status uxo_sweep_writer_keep(uxo_sweep_writer *self, uint32_t task, const void *bytes, size_t size,
                                 const void *maps, size_t map_size, uxo_report *report)
{
    if (maps != NULL) {
        UXO_TRY(uxo_records_append(&self->records, SWEEP_RECORD_MAPS, task, 0, maps, map_size, report));
    }
    return uxo_records_append(&self->records, SWEEP_RECORD_DONE, task, 0, bytes, size, report);
}

uxo_status uxo_sweep_writer_fail(uxo_sweep_writer *self, uint32_t task, const char *why, uxo_report *report)
{
    return uxo_records_append(&self->records, SWEEP_RECORD_FAILED, task, 0, why, strlen(why), report);
}

uxo_status uxo_sweep_writer_close(uxo_sweep_writer *self, uxo_report *report)
{
    const uxo_status status = report != NULL ? uxo_records_sync(&self->records, report) : UXO_OK;
    uxo_records_close(&self->records);
    drop_lock(self);
    return status;
}
