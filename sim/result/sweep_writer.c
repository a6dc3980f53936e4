/* sweep_writer.c - one file of a sweep's store, while it is written: see sweep_store.h. */
#include "sweep_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static uxo_status make_folder(const char *path, uxo_report *report)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot make the folder '%s': %s", path, strerror(errno));
    }
    return UXO_OK;
}

/* The file's own lock. Somebody who only asks whether it is locked holds it for a moment: so it is tried for a second. */
static uxo_status take_lock(uxo_sweep_writer *self, const char *path, uxo_report *report)
{
    enum { TRIES = 10 };
    const struct timespec pause = {.tv_nsec = 100000000};
    self->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (self->lock < 0) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot write '%s': %s", path, strerror(errno));
    }
    int reason = 0;
    for (int i = 0; i < TRIES; i++) {
        if (flock(self->lock, LOCK_EX | LOCK_NB) == 0) {
            return UXO_OK;
        }
        reason = errno;
        if (reason != EWOULDBLOCK && reason != EINTR) {
            break;
        }
        nanosleep(&pause, NULL);
    }
    close(self->lock);
    self->lock = -1;
    if (reason == EWOULDBLOCK) {
        return uxo_fail(report, UXO_ERR_RESUMABLE, NULL, "'%s' is being written: another process runs these tasks",
                        path);
    }
    return uxo_fail(
        report, UXO_ERR_IO, NULL,
        "cannot lock '%s': %s; on a file system without locks use --no-lock and never run a task twice at the "
        "same time",
        path, strerror(reason));
}

uxo_status uxo_sweep_writer_open(uxo_sweep_writer *self, const char *folder, uint32_t first, uint32_t last,
                                 const char *identity, bool locked, uxo_report *report)
{
    char path[SWEEP_MOST_PATH];
    struct stat status;
    const uxo_records_head head = {identity, ""};
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
    uxo_status result;
    if (stat(path, &status) == 0 && sweep_has_head((uint64_t)status.st_size, identity)) {
        result = uxo_records_open(&self->records, path, true, report);
        result = result == UXO_OK ? uxo_records_check(&self->records, identity, "file of tasks", NULL, report) : result;
    } else {
        result = uxo_records_create(&self->records, path, &head, report);
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
    if (self->lock >= 0) {
        close(self->lock);
        self->lock = -1;
    }
    return status;
}
